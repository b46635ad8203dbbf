"""Events as lines for people. Lines are printed as events come, so no table can align them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import click
from rich.cells import cell_len, set_cell_size

from prooftrail.cli.terminal import escape
from prooftrail.query.ports import StoredEvent, UnreadableEvent

# A wider cell does not widen its column. A pipe gets it whole, a terminal cut.
MAX_COLUMN_WIDTH: Final = 40
# A narrower terminal gets a second line an event, for the id and the reason.
ONE_LINE_WIDTH: Final = 130
MIN_REASON_WIDTH: Final = 20
_GAP: Final = "  "
_TIME_WIDTH: Final = len("2026-11-24T08:00:00.000Z")
_OUTCOME_WIDTH: Final = len("failed")
_ID_WIDTH: Final = 26

_Part = tuple[str, Mapping[str, Any]]  # a text, and its style as `click.style` takes it


@dataclass(frozen=True, slots=True)
class _Row:
    """An event's cells, safe to print. `names` are its action, resource and user."""

    time: str
    is_success: bool
    names: tuple[str, ...]
    event_id: str
    reason: str

    @classmethod
    def from_event(cls, event: StoredEvent) -> Self:
        """Return the cells of an event."""
        fields = json.loads(event.canonical)
        names = (
            fields["action"],
            f"{fields['resourceType']}/{fields['resourceId']}",
            fields.get("userId") or fields.get("username") or "-",
        )
        is_success = bool(fields["success"])
        reason = "" if is_success else fields.get("errorMessage") or ""
        return cls(
            escape(fields["timestamp"]),
            is_success,
            tuple(escape(str(name)) for name in names),
            escape(event.id),
            escape(str(reason)),
        )


class EventLines:
    """Lines of events in columns, which get wider as wider cells come.

    No line is wider than `terminal_width`. If that is None, an event has one line, and nothing is
    cut.
    """

    def __init__(self, terminal_width: int | None = None) -> None:
        self._terminal_width = terminal_width
        self._widths = [0, 0, 0]

    def format(self, events: Sequence[StoredEvent | UnreadableEvent]) -> list[str]:
        """Return the lines: time, outcome, action, resource, user, id, and why it failed."""
        rows = [
            event if isinstance(event, UnreadableEvent) else _Row.from_event(event)
            for event in events
        ]
        for row in rows:
            if isinstance(row, _Row):
                widths = (min(cell_len(name), MAX_COLUMN_WIDTH) for name in row.names)
                self._widths = list(map(max, self._widths, widths))
        return [line for row in rows for line in self._format_row(row)]

    def _format_row(self, row: _Row | UnreadableEvent) -> list[str]:
        width = self._terminal_width
        if isinstance(row, UnreadableEvent):
            text = f"{escape(row.id)} cannot be read: {escape(row.problem)}"
            return [_join([(text, {"fg": "red"})], width)]
        event_id: _Part = (row.event_id, {"dim": True})
        reason: list[_Part] = [(row.reason, {})] if row.reason else []
        if width is None:
            return [_join([*_make_parts(row, self._widths), event_id, *reason])]
        indent: _Part = (" " * _TIME_WIDTH, {})
        fixed = _TIME_WIDTH + _OUTCOME_WIDTH + 4 * len(_GAP)
        if width < ONE_LINE_WIDTH:
            names = _make_parts(row, _shrink(self._widths, width - fixed), is_cut=True)
            return [_join(names, width), _join([indent, event_id, *reason], width)]
        fixed += len(_GAP) + _ID_WIDTH
        widths = _shrink(self._widths, width - fixed)
        parts = [*_make_parts(row, widths, is_cut=True), event_id]
        if width - fixed - sum(widths) - len(_GAP) >= MIN_REASON_WIDTH:
            return [_join([*parts, *reason], width)]
        second = [_join([indent, *reason], width)] if reason else []
        return [_join(parts, width), *second]


def _make_parts(row: _Row, widths: Sequence[int], *, is_cut: bool = False) -> list[_Part]:
    action, resource, user = (
        _pad(_cut(name, width) if is_cut else name, width)
        for name, width in zip(row.names, widths, strict=True)
    )
    outcome = "ok" if row.is_success else "failed"
    return [
        (row.time, {}),
        (_pad(outcome, _OUTCOME_WIDTH), {"fg": "green" if row.is_success else "red"}),
        (action, {"bold": True}),
        (resource, {}),
        (user, {}),
    ]


def _shrink(widths: Sequence[int], room: int) -> list[int]:
    """Return the widths, the widest of them reduced until all fit, but none below 1.

    >>> _shrink([10, 40, 5], 42)
    [10, 27, 5]
    """
    shrunk = list(widths)
    while sum(shrunk) > room and max(shrunk) > 1:
        shrunk[shrunk.index(max(shrunk))] -= 1
    return shrunk


def _join(parts: Iterable[_Part], width: int | None = None) -> str:
    """Return the styled texts with gaps between them, cut to this width."""
    texts: list[str] = []
    for text, style in parts:
        shown = text if width is None else _cut(text, width)
        texts.append(click.style(shown, **style))
        if width is not None:
            width -= cell_len(shown) + len(_GAP)
            if width <= 0:
                break
    return _GAP.join(texts)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _cut(text: str, width: int) -> str:
    """Return the text in at most this many columns. An ellipsis stands for what was cut.

    >>> _cut("abcd", 4), _cut("abcde", 4), _cut("日本語", 4)
    ('abcd', 'abc…', '日…')
    """
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}…"
