"""The clean-up: a tenant's old events go, each by an order that the log keeps for good.

A part's order is written first. Only when the ledger has committed it are the part's events
removed: the ledger knows these removals for what they are, and so does whoever verifies the trail.
Whenever a run ends early, another one finds what is left and orders it anew.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol, TextIO

from prooftrail.errors import CleanupStalledError
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import CLEANUP_ACTION, CLEANUP_RESOURCE, MAX_IDS
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ports import EventWriter
from prooftrail.progress import Progress
from prooftrail.query.filters import matches_action

ORDERS_AHEAD: Final = 8  # written and awaited together: a commit is seconds away
_FIRST_WAIT_SECONDS: Final = 0.25
_LONGEST_WAIT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class CleanupScope:
    """What a clean-up removes: a tenant's events of before a moment (ms since 1970).

    `excluded` names actions, or prefixes as in `user.*`. Removal orders always stay.
    """

    tenant_id: str
    before_ms: int
    excluded: tuple[str, ...] = ()

    def includes(self, action: str) -> bool:
        """Whether events of this action go.

        >>> scope = CleanupScope("acme", 0, ("user.*", "code.report"))
        >>> scope.includes("user.login"), scope.includes("code.verify")
        (False, True)
        """
        return action != CLEANUP_ACTION and not any(
            matches_action(pattern, action) for pattern in self.excluded
        )


@dataclass(frozen=True, slots=True)
class RemovableEvent:
    """A stored event as a clean-up sees it; `payload_key` is where in S3 it is, if it is there.

    `problem` says why the item is none of a sound event, or None.
    """

    id: str
    action: str
    payload_key: str | None = None
    problem: str | None = None


class RemovableEvents(Protocol):
    """Where the events are. May raise StoreUnavailableError and StoreRejectedError."""

    def read_before(self, tenant_id: str, before_ms: int) -> Iterator[RemovableEvent]:
        """The tenant's stored events of before this moment, consistently, some at a time."""

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """Remove the events, and every version of their payloads.

        Idempotent. An event whose payload is left is there too, so that it is found again.
        """


class CommittedOrders(Protocol):
    """What the ledger has committed. May raise StoreUnavailableError and StoreRejectedError."""

    def has_order(self, tenant_id: str, order_id: str) -> bool:
        """Whether the ledger has committed this removal order, strongly consistent."""


class RemovalList:
    """The events that a clean-up removes, kept in a file: there may be millions of them.

    `unsound` counts items of the time that are no sound events; they stay, as evidence.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.by_action: Counter[str] = Counter()
        self.unsound = 0

    @property
    def count(self) -> int:
        """How many events there are."""
        return self.by_action.total()

    @property
    def part_count(self) -> int:
        """How many orders they take."""
        return -(-self.count // MAX_IDS)

    def add(self, event: RemovableEvent) -> None:
        """Select one more event."""
        self.by_action[event.action] += 1
        self._file.write(json.dumps((event.id, event.payload_key)) + "\n")

    def parts(self) -> Iterator[Sequence[RemovableEvent]]:
        """The events, an order's at a time."""
        self._file.seek(0)
        while lines := list(islice(self._file, MAX_IDS)):
            yield [RemovableEvent(event_id, "", key) for event_id, key in map(json.loads, lines)]


@dataclass(frozen=True, slots=True)
class Cleanup:
    """One run of a clean-up, by its id and who makes it."""

    scope: CleanupScope
    events: RemovableEvents
    writer: EventWriter
    orders: CommittedOrders
    run_id: str
    user_id: str
    now_ms: Callable[[], int]
    sleep: Callable[[float], None]

    def select(self, file: TextIO, progress: Progress) -> RemovalList:
        """What is to be removed now; nothing is changed.

        Raises:
            StoreUnavailableError, StoreRejectedError: the events cannot be read.
        """
        selection = RemovalList(file)
        progress.step("events", None)
        for event in self.events.read_before(self.scope.tenant_id, self.scope.before_ms):
            if event.problem is not None:
                selection.unsound += 1
            elif self.scope.includes(event.action):
                selection.add(event)
            progress.advance(1)
        return selection

    def remove(self, selection: RemovalList, progress: Progress, *, timeout_seconds: float) -> None:
        """Order the removal of what was selected, part by part, and remove it.

        Raises:
            CleanupStalledError: the ledger did not commit orders for so long; their events are
                all there.
            StoreUnavailableError, StoreRejectedError: some events are left.
        """
        numbered = enumerate(selection.parts(), 1)
        removed = 0
        progress.step("removal", selection.count)
        while parts := list(islice(numbered, ORDERS_AHEAD)):
            records = [self._order(part, number, selection) for number, part in parts]
            for error in self.writer.put(records).values():
                raise error
            self._await(records, removed, timeout_seconds)
            for _, part in parts:
                self.events.remove(self.scope.tenant_id, part)
                removed += len(part)
                progress.advance(len(part))

    def _order(self, part: Sequence[RemovableEvent], number: int, of: RemovalList) -> EventRecord:
        now_ms = self.now_ms()
        order = AuditEvent(
            event_id=f"{self.run_id}:{number}",
            timestamp=format_timestamp(now_ms),
            tenant_id=self.scope.tenant_id,
            user_id=self.user_id,
            action=CLEANUP_ACTION,
            resource_type=CLEANUP_RESOURCE,
            resource_id=self.run_id,
            details={
                "before": format_timestamp(self.scope.before_ms),
                "excludeActions": list(self.scope.excluded),
                "part": number,
                "parts": of.part_count,
                "ids": [event.id for event in part],
            },
        )
        return EventRecord.from_event(order, received_at=now_ms, retention_days=0)

    def _await(self, records: Sequence[EventRecord], removed: int, timeout_seconds: float) -> None:
        """Return when the ledger has committed the orders."""
        waiting = [record.id for record in records]
        waited, wait = 0.0, _FIRST_WAIT_SECONDS
        while waiting := [
            one for one in waiting if not self.orders.has_order(self.scope.tenant_id, one)
        ]:
            if waited >= timeout_seconds:
                raise CleanupStalledError(self.run_id, removed, timeout_seconds)
            self.sleep(wait)
            waited += wait
            wait = min(2 * wait, _LONGEST_WAIT_SECONDS)
