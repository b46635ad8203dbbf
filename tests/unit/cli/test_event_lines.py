"""Events as lines, for pipes and for terminals of every width."""

import json
from typing import Any

import pytest
from click import unstyle
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from prooftrail.cli.event_lines import MIN_REASON_WIDTH, ONE_LINE_WIDTH, EventLines
from prooftrail.query.ports import StoredEvent, UnreadableEvent
from tests.support.samples import event_json, make_event_record

HOSTILE = "a\x1b[2J\x9b31m\u202eb\u2028c\x7f[bold]x[/bold]:smile:"
ID = "0" * 26


def make_event(**fields: Any) -> StoredEvent:
    record = make_event_record(**fields)
    return StoredEvent(record.id, record.digest, record.received_at, record.canonical)


def format_lines(event: StoredEvent | UnreadableEvent, width: int | None = None) -> list[str]:
    """Return the lines without headings."""
    lines = [unstyle(line) for line in EventLines(width).format([event])]
    headings = [line for line in lines if line.split()[:1] in (["time"], ["id"], ["reason"])]
    assert bool(headings) == (width is not None)
    return lines[len(headings) :]


def test_a_pipe_gets_one_whole_line() -> None:
    event = make_event(userId="u" * 200, success=False, errorMessage="\u65e5" * 400)
    [line] = format_lines(event)
    assert line.endswith(f"  {event.id}  {'日' * 400}")
    assert f"  {'u' * 200}  " in line


def test_targets_are_counted_and_the_other_user_is_named() -> None:
    targets = [{"type": "user", "id": "u-17"}, {"type": "user", "id": "u-18"}]
    event = make_event(userId="support-3", onBehalfOf={"userId": "u-17"}, targets=targets)
    [line] = format_lines(event)
    assert "  session/s-1 +2  support-3 for u-17  " in line


@pytest.mark.parametrize("width", [80, 100, ONE_LINE_WIDTH - 1])
def test_a_narrow_terminal_gets_the_id_and_the_reason_on_a_second_line(width: int) -> None:
    event = make_event(userId="u-1", success=False, errorMessage="\u65e5" * 400)
    first, second = format_lines(event, width)
    assert first.split() == ["2025-11-24", "16:00:00", "failed", "user.login", "session/s-1"]
    event_id, user, reason = second.split()
    assert (event_id, user) == (event.id, "u-1")
    assert first.index("user.login") == second.index("u-1")
    assert first.index("session/") == second.index("日")
    assert reason == f"{'日' * ((width - cell_len(second.partition('日')[0]) - 1) // 2)}…"
    assert len(format_lines(make_event(success=True), width)) == 2


def test_a_terminal_gets_the_headings_once() -> None:
    event = make_event(success=True)
    lines = EventLines(80)
    assert lines.format([]) == []
    first, second, *rest = map(unstyle, lines.format([event]))
    assert first.split() == ["time", "(UTC)", "outcome", "action", "resource"]
    assert second.split() == ["id", "user", "reason"]
    assert first.index("action") == second.index("user") == rest[0].index("user.login")
    assert len(rest) == len(lines.format([event])) == 2
    [heading, _] = map(unstyle, EventLines(200).format([event]))
    names = ["time", "(UTC)", "outcome", "action", "resource", "user", "id", "reason"]
    assert heading.split() == names


def test_eighty_columns_show_usual_names_whole() -> None:
    """The id, the user and the end of a resource are what people copy."""
    event = make_event(
        action="billing.invoice.approve",
        resourceType="invoice",
        resourceId="inv-2026-000017",
        userId="agnes.okonkwo@example.com",
    )
    shown = "\n".join(format_lines(event, 80))
    for name in ("billing.invoice.approve", "invoice/inv-2026-000017", "agnes.okonkwo@exam"):
        assert name in shown


def test_a_wide_terminal_gets_one_line() -> None:
    event = make_event(success=False, errorMessage="no luck")
    [line] = format_lines(event, 200)
    assert line.endswith(f"{event.id}  no luck")
    long = make_event(userId="u" * 200, success=False, errorMessage="no luck")
    first, second = format_lines(long, ONE_LINE_WIDTH)
    assert first.endswith(f"u…  {long.id}")
    assert second.split() == ["no", "luck"]
    event = make_event(success=True)
    [line] = format_lines(event, ONE_LINE_WIDTH)
    assert line.endswith(f"  {event.id}")


def test_columns_get_wider_and_never_narrower() -> None:
    lines = EventLines()
    [short] = lines.format([make_event(userId="u")])
    [long] = lines.format([make_event(userId="user")])
    [again] = lines.format([make_event(userId="u")])
    assert len(short) < len(long) == len(again)


def test_a_wide_cell_moves_no_column() -> None:
    wide, narrow = EventLines().format([make_event(userId="日" * 30), make_event(userId="u-1")])
    assert cell_len(unstyle(wide)) == cell_len(unstyle(narrow)) + 20


@given(
    st.integers(1, 300),
    st.lists(st.tuples(st.text(min_size=1, max_size=60), st.text(max_size=300)), min_size=1),
)
def test_no_line_is_wider_than_the_terminal(width: int, names: list[tuple[str, str]]) -> None:
    lines = EventLines(width)
    for user, reason in names:
        fields = event_json(userId=user, resourceId=user, success=False, errorMessage=reason)
        fields["timestamp"] = "2025-11-24T10:00:00.000Z"
        event = StoredEvent(ID, b"", 0, json.dumps(fields).encode())
        for line in lines.format([event, UnreadableEvent(ID, reason)]):
            assert cell_len(unstyle(line)) <= width
            assert unstyle(line).isprintable()


@pytest.mark.parametrize("width", [None, 80, 200])
def test_control_characters_in_an_event_are_escaped(width: int | None) -> None:
    event = make_event(userId=HOSTILE, success=False, errorMessage=HOSTILE)
    shown = "".join(format_lines(event, width))
    assert shown.isprintable()
    assert r"a\x1b[2J\x9b31m\u202eb" in shown
    if width != 80:
        assert "[bold]x[/bold]:smile:" in shown
    [line] = format_lines(UnreadableEvent(ID, HOSTILE), width)
    assert line.isprintable()


def test_a_reason_has_enough_width_or_its_own_line() -> None:
    event = make_event(success=False, errorMessage="x" * 300)
    bare = len(format_lines(make_event(success=True), 200)[0])
    for width in range(ONE_LINE_WIDTH, 200):
        available = width - bare - 2
        shown = format_lines(event, width)
        assert len(shown) == 1 + (available < MIN_REASON_WIDTH)
        assert len(shown[-1]) == width
