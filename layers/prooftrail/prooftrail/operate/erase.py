"""The erasure of a person: remove every event that names them, by removal orders.

The orders give a reason and the ids of the events, and never the person. A run with the same reason
continues one that ended early: its orders say what is left. An event that is no longer
stored, and is still in an export, is named by an order too: the line of the export is removed.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Protocol, TextIO

from prooftrail.errors import ErasureRefusedError, HeldError
from prooftrail.event.orders import ORDER_ACTIONS
from prooftrail.event.person import Person
from prooftrail.event.times import DAY_MS
from prooftrail.operate.holds import ActiveHolds
from prooftrail.operate.removal import EventRemover, RemovableEvent, Removal, RemovalList
from prooftrail.progress import Progress

MAX_REASON_LENGTH: Final = 500
_IDS_PER_LOOKUP: Final = 1_000
_RESUMED_MS: Final = 15 * DAY_MS  # a message can bring an event back for 14 days


class PersonEvents(EventRemover, Protocol):
    """Access to the events of persons. May raise StoreUnavailableError and StoreRejectedError."""

    def find(self, person: Person) -> Iterator[RemovableEvent]:
        """Yield the stored events that name the person, each once, in pages.

        The indexes that find them may be a moment behind. The events themselves are read strongly
        consistent. An item that an index finds and that is not a valid event has a problem.
        """

    def find_ordered(self, tenant_id: str, reason: str, since_ms: int) -> Iterator[RemovableEvent]:
        """Yield what is still stored of the events that removal orders with this reason name.

        Only orders from this time on count. A run that ended early can have left an event without
        what finds it: its references and its payload are removed before it.
        """

    def get_many(self, person: Person, ids: Sequence[str]) -> Iterator[RemovableEvent]:
        """Yield what is stored under these ids in the person's tenant, read strongly consistent.

        An event that does not name the person has a problem.
        """


@dataclass(frozen=True, slots=True)
class Erasure:
    """One run of an erasure: whom it is about, why, and how it removes events.

    Raises:
        ErasureRefusedError: the reason is too long or names the person, or the operator is the
            person: the orders would keep what is to be erased.
    """

    person: Person
    reason: str
    events: PersonEvents
    removal: Removal

    def __post_init__(self) -> None:
        """Check that the orders will not name the person."""
        if not self.reason.strip() or len(self.reason) > MAX_REASON_LENGTH:
            raise ErasureRefusedError(f"the reason must have 1 to {MAX_REASON_LENGTH} characters")
        if any(_names(self.reason, name) for name in self.person.ids):
            raise ErasureRefusedError(
                "the reason must not contain an id of the person: it is kept for good"
            )
        operator = (self.removal.user_id, self.removal.submitted_by or "")
        if any(_names(text, name) for text in operator for name in self.person.ids):
            raise ErasureRefusedError(
                "somebody else must run this: the removal orders would name you as their author"
            )

    def select(
        self, file: TextIO, exported_ids: Collection[str], progress: Progress
    ) -> RemovalList:
        """Return what has to be removed; change nothing.

        `exported_ids` are the ids of the person's events in exports. Those that are not stored any
        more are named by an order all the same.

        Raises:
            HeldError: a legal hold covers the person, or one of the events.
            CorruptRecordError: a hold is damaged.
            StoreUnavailableError, StoreRejectedError: the events cannot be read.
        """
        selection, seen = RemovalList(file), set[str]()
        holds = self._read_holds()
        selection.known_holds = frozenset(holds.by_id)
        progress.step("events", None)
        since_ms = max(self.removal.now_ms() - _RESUMED_MS, 0)
        ordered = self.events.find_ordered(self.person.tenant_id, self.reason, since_ms)
        for event in chain(ordered, self.events.find(self.person)):
            if event.id not in seen:
                seen.add(event.id)
                self._add(selection, event, holds)
            progress.advance(1)
        missing = sorted(set(exported_ids) - seen)
        for start in range(0, len(missing), _IDS_PER_LOOKUP):
            ids = missing[start : start + _IDS_PER_LOOKUP]
            stored = {event.id: event for event in self.events.get_many(self.person, ids)}
            for event_id in ids:
                absent = RemovableEvent(event_id, "", is_stored=False)
                self._add(selection, stored.get(event_id, absent), holds)
        return selection

    def _read_holds(self) -> ActiveHolds:
        holds = ActiveHolds.read(self.removal.orders, self.person.tenant_id)
        for hold in holds.by_id.values():
            if hold.scope is not None and self.person.is_held(hold.scope):
                raise HeldError([hold.hold_id])
        return holds

    @staticmethod
    def _add(selection: RemovalList, event: RemovableEvent, holds: ActiveHolds) -> None:
        if event.problem is not None:
            selection.invalid_items += 1
        elif event.action not in ORDER_ACTIONS:
            if event.is_stored and (hold := holds.find(event.fields)):
                raise HeldError([hold.hold_id])
            selection.add(event)

    def remove(
        self,
        selection: RemovalList,
        exported_ids: Collection[str],
        progress: Progress,
        *,
        timeout_seconds: float,
    ) -> Mapping[str, str]:
        """Order the removal of the selected events and remove them; see `Removal.remove`.

        Return the order of each exported event: id of the event → id of the order.
        """
        details = {"reason": self.reason}
        order_ids = self.removal.remove(
            selection, details, progress, timeout_seconds=timeout_seconds
        )
        return {
            event.id: order_id
            for order_id, part in zip(order_ids, selection.parts(), strict=True)
            for event in part
            if event.id in exported_ids
        }


def _names(text: str, name: str) -> bool:
    """Return whether a text contains this id as a word, in upper or lower case.

    >>> _names("asked for by U-1, ticket 7", "u-1"), _names("ticket 17", "7")
    (True, False)
    """
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) is not None
