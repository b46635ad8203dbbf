"""What a verification finds wrong, one thing at a time."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """The kinds of findings.

    `missing`, `added`, `altered`, `reordered` and `repeated` are of events and of the ledger's
    entries. The others name the part of the log that does not hold.
    """

    MISSING = "missing"
    ADDED = "added"
    ALTERED = "altered"
    REORDERED = "reordered"
    REPEATED = "repeated"
    CHECKPOINT = "checkpoint"
    TILE = "tile"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: of which kind, where it is kept, and what is wrong.

    `event_id` and `position` say of which event and entry, where it is of one.
    """

    kind: FindingKind
    place: str
    detail: str
    event_id: str | None = None
    position: int | None = None

    def __str__(self) -> str:
        """One line for people.

        >>> str(Finding(FindingKind.MISSING, "events table", "gone before its time", "01A", 7))
        'missing: event 01A (entry 7), events table: gone before its time'
        """
        subject = f"event {self.event_id}, " if self.event_id else ""
        if self.position is not None:
            entry = f"entry {self.position}"
            subject = f"event {self.event_id} ({entry}), " if self.event_id else f"{entry}, "
        return f"{self.kind}: {subject}{self.place}: {self.detail}"

    def to_json(self) -> dict[str, object]:
        """The finding for scripts; what it is not of is left out."""
        content = {
            "kind": self.kind.value,
            "place": self.place,
            "detail": self.detail,
            "eventId": self.event_id,
            "position": self.position,
        }
        return {name: value for name, value in content.items() if value is not None}
