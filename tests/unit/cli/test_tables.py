"""Tables, in pipes and on terminals of every width."""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from prooftrail.cli.tables import print_row, print_table

HOSTILE = "a\x1b[2J\x9b31m\u202eb\u2028c\x7f[bold]x[/bold]:smile:"
MESSAGE_ID = "3ea1b6a5-4e2b-4c09-9b57-8ad7c9f1ab1c"
ROW = (MESSAGE_ID, "3m", 12, "InvalidEventError: resourceId: must have 1 to 256 characters")


class Terminal(io.StringIO):
    """A standard output that is a terminal."""

    def isatty(self) -> bool:
        return True


@contextmanager
def capture(monkeypatch: pytest.MonkeyPatch, width: int | None) -> Iterator[io.StringIO]:
    """Capture the output: on a terminal of this width, or in a pipe if it is None."""
    stream = io.StringIO() if width is None else Terminal()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", stream)
        patched.setenv("COLUMNS", str(width))
        patched.setenv("TERM", "xterm-256color")
        yield stream


def print_dead_letters(monkeypatch: pytest.MonkeyPatch, width: int | None) -> list[str]:
    with capture(monkeypatch, width) as stream:
        print_table(("message", "age", "events", "reason"), [ROW], numbers=(1, 2), identifiers=(0,))
    return stream.getvalue().splitlines()


def test_a_pipe_gets_whole_rows_without_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    head, row = print_dead_letters(monkeypatch, None)
    assert head == "message                               age  events  reason"
    assert row == f"{MESSAGE_ID}   3m      12  {ROW[3]}"


def test_a_terminal_gets_rows_that_fit_and_whole_identifiers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines = print_dead_letters(monkeypatch, 80)
    assert lines[0].startswith("\x1b[1mmessage")
    head, row = map(click.unstyle, lines)
    assert head.split() == ["message", "age", "events", "reason"]
    assert row == f"{MESSAGE_ID}   3m      12  {ROW[3][:28]}…"
    assert len(row) == 80


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 79, 120])
def test_no_row_is_wider_than_a_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    lines = print_dead_letters(monkeypatch, width)
    assert len(lines) == 2
    assert max(cell_len(click.unstyle(line)) for line in lines) <= max(width, 4)


def test_a_terminal_breaks_a_text_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    for width, count in ((None, 1), (80, 2), (60, 3)):
        with capture(monkeypatch, width) as stream:
            print_table(("message", "reason"), [ROW[::3]], identifiers=(0,), texts=(1,))
        _, *lines = click.unstyle(stream.getvalue()).splitlines()
        assert len(lines) == count
        assert " ".join(line[38:] for line in lines) == ROW[3]
        assert width is None or max(map(len, lines)) <= width


def test_no_colours_in_pipes_or_if_they_are_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with click.Context(click.Command("any"), color=None) as context:
        context.color = False
        assert "\x1b" not in "".join(print_dead_letters(monkeypatch, 80))
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in "".join(print_dead_letters(monkeypatch, None))


def test_wide_characters_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    with capture(monkeypatch, None) as stream:
        print_table(("name", "events"), [("日本", 1), ("नमस्ते", 2), ("e\u0301", 3)], numbers=(1,))
    widths = {cell_len(line) for line in stream.getvalue().splitlines()}
    assert widths == {len("name  events")}
    with capture(monkeypatch, 14) as stream:
        print_table(("name", "events"), [("日本語日本語", 1)], numbers=(1,))
    assert click.unstyle(stream.getvalue().splitlines()[1]) == "日本 …       1"


@given(st.lists(st.tuples(st.text(max_size=50), st.integers(), st.text(max_size=50)), min_size=1))
def test_any_text_is_one_printable_line(rows: list[tuple[str, int, str]]) -> None:
    for width in (None, 30, 80):
        with pytest.MonkeyPatch.context() as monkeypatch, capture(monkeypatch, width) as stream:
            print_table(("name", "number", "text"), rows, numbers=(1,))
        lines = click.unstyle(stream.getvalue()).removesuffix("\n").split("\n")
        assert len(lines) == 1 + len(rows)
        assert all(line.isprintable() for line in lines)
        assert width is None or max(map(cell_len, lines)) <= width


@pytest.mark.parametrize("width", [None, 80])
def test_control_characters_in_a_cell_are_escaped(
    monkeypatch: pytest.MonkeyPatch, width: int | None
) -> None:
    with capture(monkeypatch, width) as stream:
        print_table(("user", "events"), [(HOSTILE, 1)], numbers=(1,))
        print_row(("ok", "a part", HOSTILE), (7, 16))
    shown = click.unstyle(stream.getvalue())
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert shown.count(r"a\x1b[2J\x9b31m\u202eb\u2028c\x7f[bold]x[/bold]:smile:") == (
        2 if width is None else 1
    )


def test_a_row_breaks_between_words_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = ("fail", "events table", "deletion protection is off: " + "turn it on " * 5)
    with capture(monkeypatch, None) as stream:
        print_row(cells, (7, 16), "red")
    assert stream.getvalue() == f"fail     events table      {cells[2].rstrip()}\n"
    with capture(monkeypatch, 60) as stream:
        print_row(cells, (7, 16), "red")
    first, *others = stream.getvalue().splitlines()
    assert first.startswith("\x1b[31mfail")
    assert len(others) == 2
    assert all(line.startswith(" " * 27) and line[27] != " " for line in others)
    assert max(map(len, others)) <= 60
