"""What a verification finds wrong, and what it cannot prove, one thing at a time."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EVENTS: Final = "events table"
LEDGER: Final = "ledger table"
PUBLISHED: Final = "published log"
SAVED: Final = "saved checkpoint"


class FindingKind(StrEnum):
    """The kinds of findings.

    `missing`, `added`, `altered`, `reordered` and `repeated` are about events and the ledger's
    entries. `checkpoint`, `tile` and `ledger` name the part of the log that is wrong. `unproved` is
    no evidence: it says what could not be proved.
    """

    MISSING = "missing"
    ADDED = "added"
    ALTERED = "altered"
    REORDERED = "reordered"
    REPEATED = "repeated"
    CHECKPOINT = "checkpoint"
    TILE = "tile"
    LEDGER = "ledger"
    UNPROVED = "unproved"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its kind, where it is stored (`place`), and what is wrong.

    `event_id` and `position` name the event and the entry, if the finding is about one.
    """

    kind: FindingKind
    place: str
    detail: str
    event_id: str | None = None
    position: int | None = None

    @property
    def subject(self) -> tuple[FindingKind, str, str | None, int | None]:
        """What the finding is about: equal for two readings that find the same thing."""
        return self.kind, self.place, self.event_id, self.position

    def __str__(self) -> str:
        """Return one line for people.

        >>> str(Finding(FindingKind.MISSING, "events table", "removed too early", "01A", 7))
        'missing: event 01A (entry 7), events table: removed too early'
        """
        subject = f"event {self.event_id}, " if self.event_id else ""
        if self.position is not None:
            entry = f"entry {self.position}"
            subject = f"event {self.event_id} ({entry}), " if self.event_id else f"{entry}, "
        return f"{self.kind}: {subject}{self.place}: {self.detail}"

    def to_json(self) -> dict[str, object]:
        """Return the finding for scripts, without the fields that it does not have."""
        content = {
            "kind": self.kind.value,
            "place": self.place,
            "detail": self.detail,
            "eventId": self.event_id,
            "position": self.position,
        }
        return {name: value for name, value in content.items() if value is not None}
