"""Chosen fields of events: CSV, JSON and columns."""

import csv
import io
import json
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from prooftrail.cli import columns
from prooftrail.cli.columns import (
    ALL_FIELDS,
    FieldLines,
    make_csv_formatter,
    make_json_formatter,
    parse_fields,
)
from prooftrail.query.ports import StoredEvent, UnreadableEvent
from tests.support.samples import make_event_record

NAMES = ("id", "userId", "success", "details.role", "details.a.b", "changes.after")
HOSTILE = 'a\x1b[2J"\r\n=1'


def make_event(**fields: Any) -> StoredEvent:
    record = make_event_record(**fields)
    return StoredEvent(record.id, record.digest, record.received_at, record.canonical)


def make_sample() -> StoredEvent:
    details = {"role": HOSTILE, "a.b": [1, {"x": None}], "n": 10**18}
    return make_event(userId="=u", success=True, details=details)


def test_records_are_those_of_a_spreadsheet() -> None:
    event = make_sample()
    format_events = make_csv_formatter(NAMES)
    lines = [*format_events([event]), *format_events([UnreadableEvent("01A", "damaged")])]
    head, first, second = csv.reader(io.StringIO("\n".join(lines) + "\n", newline=""))
    assert head == list(NAMES)
    assert first == [event.id, "'=u", "true", HOSTILE, '[1,{"x":null}]', ""]
    assert second == ["01A", "", "", "", "", ""]
    assert make_csv_formatter(["id"])([]) == ['"id"\r']


def test_an_event_that_the_processor_did_not_store_hides_no_other() -> None:
    forged = StoredEvent("01A", b"", 0, b'{"details":{"n":1152921504606846976}}')
    lines = make_csv_formatter(["details"])([forged, make_event(details={"n": 1})])
    assert lines[1:] == ['"{""n"":1152921504606846976}"\r', '"{""n"":1}"\r']


def test_a_terminal_gets_no_control_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "get_terminal_width", lambda: 80)
    shown = make_csv_formatter(ALL_FIELDS)([make_sample(), make_event(userId="\x9b31m")])
    assert len(shown) == 3
    assert all(line.removesuffix("\r").isprintable() for line in shown)
    for width in (None, 80):
        lines = FieldLines(NAMES, width).format([make_sample()])
        assert all(line.isprintable() for line in lines)
        assert "a\\x1b[2J" in lines[1]


def test_json_has_the_chosen_fields_and_null_for_an_absent_one() -> None:
    [line] = make_json_formatter(NAMES)([make_sample()])
    assert json.loads(line) == {
        "id": make_sample().id,
        "userId": "=u",
        "success": True,
        "details.role": HOSTILE,
        "details.a.b": [1, {"x": None}],
        "changes.after": None,
    }
    assert "\x1b" not in line


def test_columns_are_aligned_below_their_names() -> None:
    lines = FieldLines(("action", "userId"), None)
    head, first = lines.format([make_event(userId="u-1")])
    assert (head, first) == ("action      userId", "user.login  u-1")
    [wider] = lines.format([make_event(action="order.approve", userId="u-2")])
    assert wider == "order.approve  u-2"
    assert lines.format([]) == []


@given(st.integers(1, 200), st.lists(st.sampled_from(ALL_FIELDS), min_size=1, unique=True))
def test_no_line_is_wider_than_the_terminal(width: int, names: list[str]) -> None:
    for line in FieldLines(names, width).format([make_sample()]):
        assert cell_len(line) <= width


@pytest.mark.parametrize("text", ["nope", "", "id,", "id,id", "position", "id,.a", "Action"])
def test_names_that_are_not_fields_are_refused(text: str) -> None:
    with pytest.raises(click.BadParameter):
        parse_fields(text)


def test_names_are_fields_or_paths_in_them() -> None:
    assert parse_fields("id, details.a.b,success") == ("id", "details.a.b", "success")
    assert parse_fields(None) == ALL_FIELDS
