"""Events as lines for people, and tables."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

import click

from prooftrail.cli.terminal import escaped
from prooftrail.query.ports import StoredEvent, UnreadableEvent

# Wider cells are shown whole; they only do not push the whole column aside.
MAX_WIDTH: Final = 40
MIN_REASON_WIDTH: Final = 20


class EventLines:
    """Lines of events whose columns stand under each other; a column never gets narrower.

    Of a terminal's `columns`, the reasons of failures take what they can without breaking a row
    more; without a number they are whole.
    """

    def __init__(self, columns: int | None = None) -> None:
        self._columns = columns
        self._widths = [len("2026-11-24T08:00:00.000Z"), len("failed"), 0, 0, 0]

    def of(self, events: Sequence[StoredEvent | UnreadableEvent]) -> list[str]:
        """One line an event: time, outcome, action, resource, who, id, and why it failed."""
        rows = [_cells(event) for event in events]
        for cells in rows:
            if cells is not None:
                for at, cell in enumerate(cells[:-2]):
                    self._widths[at] = max(self._widths[at], min(width_of(cell), MAX_WIDTH))
        return [
            self._line(cells) if cells else _unreadable(event)
            for event, cells in zip(events, rows, strict=True)
        ]

    def _line(self, cells: Sequence[str]) -> str:
        time, outcome, action, resource, who = map(padded_to, cells, self._widths)
        event_id, reason = cells[-2:]
        colour = "green" if outcome.startswith("ok") else "red"
        parts = (
            time,
            click.style(outcome, fg=colour),
            click.style(action, bold=True),
            resource,
            who,
            click.style(event_id, dim=True),
        )
        line = "  ".join(parts)
        return f"{line}  {self._fitting(reason, line)}" if reason else line

    def _fitting(self, reason: str, line: str) -> str:
        if self._columns is None:
            return reason
        room = self._columns - (width_of(click.unstyle(line)) + 2) % self._columns
        return cut_to(reason, room if room >= MIN_REASON_WIDTH else room + self._columns)


def _cells(event: StoredEvent | UnreadableEvent) -> Sequence[str] | None:
    if isinstance(event, UnreadableEvent):
        return None
    fields = json.loads(event.canonical)
    who = fields.get("userId") or fields.get("username") or "-"
    cells = (
        fields["timestamp"],
        "ok" if fields["success"] else "failed",
        fields["action"],
        f"{fields['resourceType']}/{fields['resourceId']}",
        who,
        event.id,
        (not fields["success"] and fields.get("errorMessage")) or "",
    )
    return [escaped(str(cell)) for cell in cells]


def _unreadable(event: StoredEvent | UnreadableEvent) -> str:
    problem = event.problem if isinstance(event, UnreadableEvent) else ""
    return click.style(f"{escaped(event.id)} cannot be read: {escaped(problem)}", fg="red")


def width_of(text: str) -> int:
    """How many columns a text takes on a terminal: wide characters take two, marks none.

    >>> width_of("abc"), width_of("日本"), width_of("e\\u0301")
    (3, 4, 1)
    """
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def counted(count: int, noun: str, plural: str | None = None) -> str:
    """A number and its noun, in the number that it asks for.

    >>> counted(1, "letter"), counted(0, "letter"), counted(1_200, "entry", "entries")
    ('1 letter', '0 letters', '1,200 entries')
    """
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def share(count: int, total: int) -> str:
    """The share in percent, `-` of nothing.

    >>> share(1, 3), share(1, 1), share(0, 0)
    ('33.33 %', '100.00 %', '-')
    """
    return f"{100 * count / total:.2f} %" if total else "-"


def cut_to(text: str, width: int) -> str:
    """The text in at most so many columns of a terminal, its end an ellipsis where it was longer.

    >>> cut_to("abcd", 4), cut_to("abcde", 4), cut_to("日本語", 4)
    ('abcd', 'abc…', '日…')
    """
    if width_of(text) <= width:
        return text
    room = width - 1
    for at, one in enumerate(text):
        room -= width_of(one)
        if room < 0:
            return f"{text[:at]}…"
    return text


def padded_to(text: str, width: int, *, is_number: bool = False) -> str:
    """The text with spaces to this width, a number's before it."""
    spaces = " " * (width - width_of(text))
    return spaces + text if is_number else text + spaces


def table(
    rows: Iterable[Sequence[object]], head: Sequence[str], *, numbers: Iterable[int] = ()
) -> list[str]:
    """The lines of a table: columns under each other, the numbers among them to the right.

    >>> table([["user.login", 12], ["a.b", 3]], ["action", "count"], numbers=[1])
    ['action      count', 'user.login     12', 'a.b             3']
    """
    cells = [list(head), *([escaped(str(cell)) for cell in row] for row in rows)]
    right = set(numbers)
    widths = [max(min(width_of(row[at]), MAX_WIDTH) for row in cells) for at in range(len(head))]
    return [
        "  ".join(
            padded_to(cell, width, is_number=at in right)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
