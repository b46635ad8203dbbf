"""Removals: how events are removed, each by an order that the log keeps for good.

The clean-up and the erasure choose events; `Removal` is the one place that orders and removes them.
A part's order is written first. The part's events are removed only when the ledger has committed
the order, so that the ledger and verifiers recognise the removals. If a run ends early, the next
one finds what is left and orders its removal again.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol, TextIO

from prooftrail.errors import CleanupStalledError, HeldError
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import CLEANUP_RESOURCE, MAX_IDS
from prooftrail.event.reserved import CLEANUP_ACTION
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ports import EventWriter
from prooftrail.operate.commits import await_commits
from prooftrail.operate.holds import ActiveHolds, HoldReader
from prooftrail.progress import Progress

ORDERS_AHEAD: Final = 8  # written and awaited together: a commit takes seconds


@dataclass(frozen=True, slots=True)
class RemovableEvent:
    """A stored event that may be removed; `payload_key` is its S3 key, if its payload is there.

    `references` are the partitions of its references (`event.references`); those of an event whose
    payload is in S3 are found when it is removed. `problem` says why the item is not a valid event,
    or is None. `fields` are the event's, by JSON name, to find what holds it. An event that is not
    stored is only named by the order.
    """

    id: str
    action: str
    payload_key: str | None = None
    problem: str | None = None
    references: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_stored: bool = True


class EventRemover(Protocol):
    """Removes events. May raise StoreUnavailableError and StoreRejectedError."""

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """Remove the events, their references, and every version of their payloads.

        Idempotent. An event stays as long as its payload and its references do, so that it is found
        again.
        """


class CommittedOrders(HoldReader, Protocol):
    """Access to committed orders and holds.

    Every method may raise StoreUnavailableError and StoreRejectedError.
    """

    def has_order(self, tenant_id: str, order_id: str) -> bool:
        """Return whether the ledger has committed this removal order, strongly consistent."""


class RemovalList:
    """The events that a run removes. They are in a file: there may be millions of them.

    `invalid_items` counts the items among them that are not valid events. They stay, as evidence.
    `absent` counts the events that are not stored. Orders name them all the same. `known_holds` are
    the ids of the legal holds that were heeded in the choice, and `by_hold` the numbers of events
    that each of them keeps.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.by_action: Counter[str] = Counter()
        self.invalid_items = 0
        self.known_holds: frozenset[str] = frozenset()
        self.by_hold: Counter[str] = Counter()
        self.absent = 0

    @property
    def stored(self) -> int:
        """The number of events that are stored."""
        return self.by_action.total()

    @property
    def count(self) -> int:
        """The number of events that the orders name."""
        return self.stored + self.absent

    @property
    def part_count(self) -> int:
        """The number of removal orders that they need."""
        return -(-self.count // MAX_IDS)

    def add(self, event: RemovableEvent) -> None:
        """Add an event."""
        if event.is_stored:
            self.by_action[event.action] += 1
        else:
            self.absent += 1
        content = (event.id, event.payload_key, event.references, event.is_stored)
        self._file.write(json.dumps(content) + "\n")

    def parts(self) -> Iterator[Sequence[RemovableEvent]]:
        """Yield the events of each removal order."""
        self._file.seek(0)
        while lines := list(islice(self._file, MAX_IDS)):
            yield [
                RemovableEvent(
                    event_id, "", payload_key, references=tuple(references), is_stored=is_stored
                )
                for event_id, payload_key, references, is_stored in map(json.loads, lines)
            ]


@dataclass(frozen=True, slots=True)
class Removal:
    """How one run removes events of a tenant.

    `run_id` identifies the run, `user_id` and `submitted_by` its operator.
    """

    tenant_id: str
    events: EventRemover
    writer: EventWriter
    orders: CommittedOrders
    run_id: str
    user_id: str
    now_ms: Callable[[], int]
    sleep: Callable[[float], None]
    submitted_by: str | None = None

    def remove(
        self,
        selection: RemovalList,
        details: Mapping[str, Any],
        progress: Progress,
        *,
        timeout_seconds: float,
    ) -> Sequence[str]:
        """Order the removal of the selected events and remove them, part by part.

        Each order has these details, beside the number of its part and the ids of its events.
        Return the ids of the orders.

        Raises:
            HeldError: the tenant has a legal hold that was not heeded when the events were chosen.
                The events of the orders that are not carried out are still stored.
            CleanupStalledError: the ledger did not commit the orders within the timeout; all of
                their events are still stored.
            StoreUnavailableError, StoreRejectedError: some events are left.
        """
        numbered = enumerate(selection.parts(), 1)
        removed, order_ids = 0, list[str]()
        progress.step("removal", selection.count)
        self._check_holds(selection, removed)
        while parts := list(islice(numbered, ORDERS_AHEAD)):
            records = [
                self._make_order(part, {**details, "part": number, "parts": selection.part_count})
                for number, part in parts
            ]
            for error in self.writer.put(records).values():
                raise error
            if not await_commits(
                [record.id for record in records], self._has_order, self.sleep, timeout_seconds
            ):
                raise CleanupStalledError(self.run_id, removed, timeout_seconds)
            # After the commit: a hold that is in the log before the order is seen here.
            self._check_holds(selection, removed)
            order_ids += [record.id for record in records]
            for _, part in parts:
                self.events.remove(self.tenant_id, [event for event in part if event.is_stored])
                removed += len(part)
                progress.advance(len(part))
        return order_ids

    def _make_order(
        self, part: Sequence[RemovableEvent], details: Mapping[str, Any]
    ) -> EventRecord:
        now_ms = self.now_ms()
        order = AuditEvent(
            event_id=f"{self.run_id}:{details['part']}",
            timestamp=format_timestamp(now_ms),
            tenant_id=self.tenant_id,
            user_id=self.user_id,
            action=CLEANUP_ACTION,
            resource_type=CLEANUP_RESOURCE,
            resource_id=self.run_id,
            details={**details, "ids": [event.id for event in part]},
        )
        return EventRecord.from_event(
            order, received_at=now_ms, retention_days=0, submitted_by=self.submitted_by
        )

    def _has_order(self, order_id: str) -> bool:
        return self.orders.has_order(self.tenant_id, order_id)

    def _check_holds(self, selection: RemovalList, removed: int) -> None:
        active = ActiveHolds.read(self.orders, self.tenant_id)
        if unheeded := active.without(selection.known_holds).by_id:
            raise HeldError(list(unheeded), removed)
