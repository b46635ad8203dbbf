"""Progress on standard error, only on a terminal."""

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from prooftrail.cli import progress
from prooftrail.cli.progress import ProgressBars, StatusLine, show_progress

HIDE_CURSOR = "\x1b[?25l"


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


@contextmanager
def use_as_stderr(stream: io.StringIO) -> Iterator[None]:
    """Use this stream as standard error. A terminal has 80 columns."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setattr(progress, "_UPDATE_SECONDS", 0.0)
        yield
        assert sys.stderr is stream


def get_lines(stream: io.StringIO) -> list[str]:
    """Return the lines without their control sequences."""
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", stream.getvalue())
    return [line.rstrip() for line in re.split(r"[\r\n]+", text) if line.strip()]


def test_a_bar_shows_the_progress_of_a_step() -> None:
    terminal = Terminal()
    with use_as_stderr(terminal), show_progress(as_json=False) as bars:
        assert bars is not None
        bars.step("entries", 4_000)
        bars.advance(1_000)
        bars.advance(500)
        bars.step("events", None)
        bars.advance(70)
    first, second = get_lines(terminal)[-2:]
    assert re.fullmatch(r"entries    [━╺]+ +38% 1,500 0:00:00", first)
    assert re.fullmatch(r"events     ━+ +100% 70 +0:00:00", second)
    assert max(map(len, get_lines(terminal))) <= 80
    assert HIDE_CURSOR not in terminal.getvalue()


def test_a_step_without_work_is_complete() -> None:
    terminal = Terminal()
    with use_as_stderr(terminal), show_progress(as_json=False) as bars:
        assert bars is not None
        bars.step("entries", 0)
        bars.step("events", None)
    first, second = get_lines(terminal)[-2:]
    assert re.fullmatch(r"entries    ━+ +100% 0 +0:00:00", first)
    assert re.fullmatch(r"events     ━+ +100% 0 +0:00:00", second)


def test_an_error_keeps_the_bar_and_the_cursor() -> None:
    terminal = Terminal()

    def interrupt() -> None:
        with show_progress(as_json=False) as bars:
            assert bars is not None
            bars.step("entries", 10)
            raise KeyboardInterrupt

    with use_as_stderr(terminal), pytest.raises(KeyboardInterrupt):
        interrupt()
    assert get_lines(terminal)[-1].startswith("entries")
    assert terminal.getvalue().endswith("\n")
    assert HIDE_CURSOR not in terminal.getvalue()


def test_nothing_is_shown_for_scripts() -> None:
    terminal, pipe = Terminal(), io.StringIO()
    with use_as_stderr(terminal), show_progress(as_json=True) as bars:
        assert bars is None
    with use_as_stderr(pipe), show_progress(as_json=False) as bars, StatusLine() as status:
        assert bars is not None
        bars.step("entries", 10)
        bars.advance(1)
        status.show("searching")
    assert (terminal.getvalue(), pipe.getvalue()) == ("", "")


def test_text_that_is_printed_meanwhile_is_above_the_bar() -> None:
    terminal = Terminal()
    with use_as_stderr(terminal), show_progress(as_json=False) as bars:
        assert bars is not None
        bars.step("sending", None)
        bars.advance(3)
        print("line 2: must be UTF-8", file=sys.stderr)  # noqa: T201
    lines = get_lines(terminal)
    assert "line 2: must be UTF-8" in lines
    assert lines[-1].startswith("sending")


def test_bars_close_twice() -> None:
    bars = ProgressBars()
    bars.step("entries", 1)
    bars.close()
    bars.close()


def test_a_status_line_is_cleared_at_the_end() -> None:
    terminal = Terminal()
    with use_as_stderr(terminal), StatusLine() as status:
        status.show("never drawn: the next text comes at once")
        status.show("searching at [bold]2025-11-23[/bold]")
        status.clear()
        after = len(terminal.getvalue())
        status.clear()
        assert len(terminal.getvalue()) == after
        status.show("searching again")
    assert "searching at [bold]2025-11-23[/bold]" in terminal.getvalue()
    up_and_clear = "\x1b[1A\x1b[2K"
    assert terminal.getvalue().endswith(f"searching again\n\r{up_and_clear}")
    assert HIDE_CURSOR not in terminal.getvalue()
