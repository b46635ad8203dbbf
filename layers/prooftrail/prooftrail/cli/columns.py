"""Chosen fields of events: as CSV, as JSON, or in columns."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import click
from rich.cells import cell_len

from prooftrail.cli.event_lines import cut, pad, shrink
from prooftrail.cli.query import Formatter
from prooftrail.cli.terminal import escape, escape_json, get_terminal_width
from prooftrail.errors import CanonicalizationError
from prooftrail.event.canonical import canonicalize
from prooftrail.export.csv import encode_row
from prooftrail.export.table import COLUMNS
from prooftrail.query.ports import StoredEvent, UnreadableEvent

Event = StoredEvent | UnreadableEvent
ALL_FIELDS: Final = tuple(name for name in COLUMNS if name != "position")
MAX_COLUMN_WIDTH: Final = 40
_GAP: Final = "  "


def parse_fields(text: str | None) -> tuple[str, ...]:
    """Return the names in a text such as `timestamp,action,details.role`; all fields for None.

    Raises:
        click.BadParameter: events have no such field, or it occurs twice.
    """
    if text is None:
        return ALL_FIELDS
    names = tuple(name.strip() for name in text.split(","))
    for name in names:
        if name.partition(".")[0] not in ALL_FIELDS:
            raise click.BadParameter(
                f"events have no field {name!r}, but {', '.join(ALL_FIELDS)}", param_hint="--fields"
            )
    if len(set(names)) < len(names):
        raise click.BadParameter("a field occurs twice", param_hint="--fields")
    return names


def make_csv_formatter(names: Sequence[str]) -> Formatter:
    """Return the function that turns events into records; the names come before the first.

    A terminal gets no character that it would obey.
    """
    is_terminal = get_terminal_width() is not None
    heading = [list[object](names)]

    def format_events(events: Sequence[Event]) -> list[str]:
        rows = [*heading, *(read_fields(event, names) for event in events)]
        heading.clear()
        if is_terminal:
            rows = [[value and escape(_to_text(value)) for value in row] for row in rows]
        # The line feed of each record is that of the line that is printed.
        return [encode_row(map(_to_cell, row)).removesuffix("\n") for row in rows]

    return format_events


def make_json_formatter(names: Sequence[str]) -> Formatter:
    """Return the function that turns events into JSON objects of these fields alone."""

    def format_event(event: Event) -> str:
        values = dict(zip(names, read_fields(event, names), strict=True))
        return escape_json(json.dumps(values, ensure_ascii=False, separators=(",", ":")))

    return lambda events: [format_event(event) for event in events]


class FieldLines:
    """Lines of chosen fields in columns, which get wider as wider cells come; names come first.

    No line is wider than `terminal_width`. If that is None, nothing is cut.
    """

    def __init__(self, names: Sequence[str], terminal_width: int | None) -> None:
        self._names = names
        self._terminal_width = terminal_width
        self._widths = [cell_len(name) for name in names]
        self._has_heading = False

    def format(self, events: Sequence[Event]) -> list[str]:
        """Return the lines of the events."""
        rows = [
            [escape(_to_text(value)) for value in read_fields(event, self._names)]
            for event in events
        ]
        for row in rows:
            shown = (min(cell_len(text), MAX_COLUMN_WIDTH) for text in row)
            self._widths = list(map(max, self._widths, shown))
        lines = [self._format_row(row) for row in rows]
        if lines and not self._has_heading:
            self._has_heading = True
            lines.insert(0, self._format_row(self._names))
        return lines

    def _format_row(self, row: Sequence[str]) -> str:
        width = self._terminal_width
        if width is None:
            return _GAP.join(map(pad, row, self._widths)).rstrip()
        widths = shrink(self._widths, width - len(_GAP) * (len(row) - 1))
        cells = (
            pad(cut(text, at_most), at_most) for text, at_most in zip(row, widths, strict=True)
        )
        return cut(_GAP.join(cells).rstrip(), width)


def read_fields(event: Event, names: Sequence[str]) -> list[object]:
    """Return the event's values of these fields, None for one that is absent."""
    content = json.loads(event.to_json())
    return [_read_field(content, name) for name in names]


def _read_field(content: object, name: str) -> object:
    """Return the value at a path with dots. A key may have dots itself."""
    if not isinstance(content, Mapping):
        return None
    if name in content:
        found: object = content[name]
        return found
    key, _, rest = name.partition(".")
    return _read_field(content.get(key), rest) if rest else None


def _to_cell(value: object) -> str | None:
    return None if value is None else _to_text(value)


def _to_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    try:
        return canonicalize(value).decode()
    except CanonicalizationError:  # stored by somebody else: it must not hide the other events
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
