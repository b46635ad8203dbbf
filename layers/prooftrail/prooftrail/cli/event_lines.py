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
# On a narrower terminal an event has two lines.
ONE_LINE_WIDTH: Final = 130
MIN_REASON_WIDTH: Final = 20
_GAP: Final = "  "
_TIME_WIDTH: Final = len("2026-11-24T08:00:00.000Z")
_SECOND_WIDTH: Final = len("2026-11-24 08:00:00")
_OUTCOME_WIDTH: Final = len("outcome")
_ID_WIDTH: Final = 26
_INDENT: Final = "  "  # of an event's second line; the id then ends where the outcome ends

_Part = tuple[str, Mapping[str, Any]]  # a text, and its style as `click.style` takes it
_HEADING: Final[Mapping[str, Any]] = {"bold": True}


@dataclass(frozen=True, slots=True)
class _Row:
    """The cells of an event or of the headings, safe to print, and the styles of some.

    `second` is the time to the second.
    """

    styles: Mapping[str, Mapping[str, Any]]
    time: str
    second: str
    outcome: str
    action: str
    resource: str
    user: str
    event_id: str
    reason: str

    @classmethod
    def from_event(cls, event: StoredEvent) -> Self:
        """Return the cells of an event."""
        fields = json.loads(event.canonical)
        is_success = bool(fields["success"])
        cells = (
            fields["timestamp"],
            fields["timestamp"][:_SECOND_WIDTH].replace("T", " "),
            "ok" if is_success else "failed",
            fields["action"],
            _describe_resource(fields),
            _describe_user(fields),
            event.id,
            "" if is_success else fields.get("errorMessage") or "",
        )
        styles: dict[str, Mapping[str, Any]] = {
            "outcome": {"fg": "green" if is_success else "red"},
            "action": {"bold": True},
            "event_id": {"dim": True},
        }
        return cls(styles, *(escape(str(cell)) for cell in cells))

    def make_part(self, name: str, width: int | None = None, *, is_cut: bool = False) -> _Part:
        """Return a cell in its style, filled up to this width, and cut to it if `is_cut`."""
        text: str = getattr(self, name)
        if width is not None:
            text = pad(cut(text, width) if is_cut else text, width)
        return text, self.styles.get(name, {})


_HEADINGS: Final = _Row(
    dict.fromkeys(_Row.__slots__, _HEADING),
    "time (UTC)",
    "time (UTC)",
    "outcome",
    "action",
    "resource",
    "user",
    "id",
    "reason",
)


def _describe_resource(fields: Mapping[str, Any]) -> str:
    """Return the resource, and the number of further ones."""
    targets = len(fields.get("targets", ()))
    more = f" +{targets}" if targets else ""
    return f"{fields['resourceType']}/{fields['resourceId']}{more}"


def _describe_user(fields: Mapping[str, Any]) -> str:
    """Return who acted, and for whom."""
    user: str = fields.get("userId") or fields.get("username") or "-"
    other = fields.get("onBehalfOf")
    return f"{user} for {other['userId']}" if other else user


class EventLines:
    """Lines of events in columns, which get wider as wider cells come.

    On a terminal the headings come first, and no line is wider than `terminal_width`. If that is
    None, an event has one line, nothing is cut, and there are no headings: scripts count the lines.
    """

    def __init__(self, terminal_width: int | None = None) -> None:
        self._terminal_width = terminal_width
        self._widths = [0, 0, 0]  # of action, resource and user
        self._needs_headings = terminal_width is not None
        if self._needs_headings:
            self._widen(_HEADINGS)

    def format(self, events: Sequence[StoredEvent | UnreadableEvent]) -> list[str]:
        """Return the lines: time, outcome, action, resource, user, id, and why it failed."""
        rows = [
            event if isinstance(event, UnreadableEvent) else _Row.from_event(event)
            for event in events
        ]
        for row in rows:
            if isinstance(row, _Row):
                self._widen(row)
        if rows and self._needs_headings:
            rows.insert(0, _HEADINGS)
            self._needs_headings = False
        return [line for row in rows for line in self._format_row(row)]

    def _widen(self, row: _Row) -> None:
        widths = (cell_len(name) for name in (row.action, row.resource, row.user))
        shown = (min(width, MAX_COLUMN_WIDTH) for width in widths)
        self._widths = list(map(max, self._widths, shown))

    def _format_row(self, row: _Row | UnreadableEvent) -> list[str]:
        width = self._terminal_width
        if isinstance(row, UnreadableEvent):
            text = f"{escape(row.id)} cannot be read: {escape(row.problem)}"
            return [_join([(text, {"fg": "red"})], width)]
        if width is None:
            return [self._format_whole(row)]
        if width < ONE_LINE_WIDTH:
            return self._format_on_two_lines(row, width)
        return self._format_on_one_line(row, width)

    def _format_whole(self, row: _Row) -> str:
        action, resource, user = self._widths
        parts = [
            row.make_part("time"),
            row.make_part("outcome", len("failed")),
            row.make_part("action", action),
            row.make_part("resource", resource),
            row.make_part("user", user),
            row.make_part("event_id"),
        ]
        return _join([*parts, row.make_part("reason")] if row.reason else parts)

    def _format_on_one_line(self, row: _Row, width: int) -> list[str]:
        """Return the event's line, and a second one if the first has no room for the reason."""
        fixed = _TIME_WIDTH + _OUTCOME_WIDTH + _ID_WIDTH + 5 * len(_GAP)
        widths = shrink(self._widths, width - fixed)
        parts = [
            row.make_part("time", _TIME_WIDTH),
            row.make_part("outcome", _OUTCOME_WIDTH),
            *(
                row.make_part(name, column, is_cut=True)
                for name, column in zip(("action", "resource", "user"), widths, strict=True)
            ),
            row.make_part("event_id", _ID_WIDTH),
        ]
        reason = row.make_part("reason")
        if not row.reason or width - fixed - sum(widths) - len(_GAP) >= MIN_REASON_WIDTH:
            return [_join([*parts, reason] if row.reason else parts, width)]
        return [_join(parts, width), _join([(" " * _TIME_WIDTH, {}), reason], width)]

    def _format_on_two_lines(self, row: _Row, width: int) -> list[str]:
        """Return two lines in the same columns: the user is below the action.

        The reason is below the resource.
        """
        action, resource, user = self._widths
        fixed = _SECOND_WIDTH + _OUTCOME_WIDTH + 3 * len(_GAP)
        middle, _ = shrink([max(action, user), resource], width - fixed)
        first = [
            row.make_part("second", _SECOND_WIDTH),
            row.make_part("outcome", _OUTCOME_WIDTH),
            row.make_part("action", middle, is_cut=True),
            row.make_part("resource"),
        ]
        event_id, style = row.make_part("event_id", _ID_WIDTH)
        second = [
            (_INDENT + event_id, style),
            row.make_part("user", middle, is_cut=True),
            row.make_part("reason"),
        ]
        return [_join(first, width), _join(second, width)]


def shrink(widths: Sequence[int], room: int) -> list[int]:
    """Return the widths, the widest of them reduced until all fit, but none below 1.

    >>> shrink([10, 40, 5], 42)
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
        shown = text if width is None else cut(text, width)
        texts.append(click.style(shown, **style))
        if width is not None:
            width -= cell_len(shown) + len(_GAP)
            if width <= 0:
                break
    return _GAP.join(texts)


def pad(text: str, width: int) -> str:
    """Return the text, filled up to this many columns."""
    return text + " " * (width - cell_len(text))


def cut(text: str, width: int) -> str:
    """Return the text in at most this many columns. An ellipsis stands for what was cut.

    >>> cut("abcd", 4), cut("abcde", 4), cut("日本語", 4)
    ('abcd', 'abc…', '日…')
    """
    if cell_len(text) <= width:
        return text
    return f"{set_cell_size(text, width - 1).rstrip()}…"
