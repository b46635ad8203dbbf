"""Legal holds: set, applied and released, each by orders that the log keeps for good.

A hold lifts the expiry of the events that it covers. An order names up to 1,000 of them and is
committed before any of them changes, so that the ledger and verifiers recognise the change. Events
that arrive later are found by the next `apply`. If a run ends early, the next one finds what is
left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final, Protocol

from prooftrail.errors import HoldMissingError, HoldStalledError
from prooftrail.event.hold import HOLD_RESOURCE, HoldKind, HoldOrder, HoldScope
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import MAX_IDS, pack_ids
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ports import EventWriter
from prooftrail.ledger.held import compute_returned_expiry
from prooftrail.operate.commits import await_commits
from prooftrail.operate.holds import ActiveHolds, HoldReader
from prooftrail.progress import Progress

ORDERS_AHEAD: Final = 8  # written and awaited together: a commit takes seconds


@dataclass(frozen=True, slots=True)
class HoldableEvent:
    """A stored event as a hold sees it.

    `expires_at` and `held_expires_at` (what a hold lifted) are in seconds since 1970, or None.
    `payload_key` is its S3 key, if its payload is there. `fields` are the event's, by JSON name.
    """

    id: str
    digest: bytes
    expires_at: int | None
    held_expires_at: int | None
    payload_key: str | None
    fields: Mapping[str, Any]


class HoldableEvents(Protocol):
    """Access to the events. Every method may raise StoreUnavailableError and StoreRejectedError."""

    def read(self, tenant_id: str, scope: HoldScope) -> Iterator[HoldableEvent]:
        """Yield each stored event that the scope covers and that has not expired, in any order.

        Events that cannot be read are left out. An index may be a moment behind the table.
        """

    def lift(self, tenant_id: str, event: HoldableEvent) -> bool:
        """Lift the expiry of an event and of its references; move its payload out of expiry.

        Return False if the event has changed since it was read. Idempotent, and the event itself
        comes last, so that a run that ended early finds it again.
        """

    def give_back(self, tenant_id: str, event: HoldableEvent, expires_at: int) -> bool:
        """Give an expiry back, likewise; `expires_at` is in seconds since 1970."""

    def remove_copy(self, event: HoldableEvent) -> None:
        """Remove a payload that a hold moved, if the event does not refer to it any more."""


class HoldStore(HoldReader, Protocol):
    """The ledger's copies of hold orders."""

    def has_hold_order(self, order: HoldOrder) -> bool:
        """Return whether the ledger has committed this order, strongly consistent.

        Raises:
            StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
        """


@dataclass(slots=True)
class HoldResult:
    """What a run found and did. `changed` events have a lifted expiry, or got it back.

    `found` are covered by the hold. `expiring` ones of them had an expiry to lift. `skipped` ones
    changed meanwhile: run it again. `kept` ones stay held by another hold.
    """

    found: int = 0
    expiring: int = 0
    changed: int = 0
    skipped: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class HoldKeeper:
    """Sets, applies and releases the holds of a tenant; `user_id` and `submitted_by` say for whom.

    `now_ms` returns milliseconds since 1970. Every method that writes may raise HoldStalledError,
    StoreUnavailableError and StoreRejectedError; a repetition continues.
    """

    tenant_id: str
    events: HoldableEvents
    writer: EventWriter
    store: HoldStore
    user_id: str
    now_ms: Callable[[], int]
    sleep: Callable[[float], None]
    timeout_seconds: float
    submitted_by: str | None = None
    progress: Progress = field(kw_only=True)

    def find(self, hold_id: str) -> tuple[HoldOrder, bool]:
        """Return a hold, and whether it is active.

        Raises:
            HoldMissingError: the tenant has no such hold.
            CorruptRecordError: a hold is damaged.
        """
        orders = self.store.read_holds(self.tenant_id)
        for order in orders:
            if order.kind is HoldKind.SET and order.hold_id == hold_id:
                return order, not any(
                    other.kind is HoldKind.RELEASE and other.hold_id == hold_id for other in orders
                )
        raise HoldMissingError(self.tenant_id, hold_id)

    def count(self, scope: HoldScope) -> HoldResult:
        """Return how many events a hold of this scope would cover; change nothing."""
        result = HoldResult()
        for event in self.events.read(self.tenant_id, scope):
            result.found += 1
            result.expiring += event.expires_at is not None
        return result

    def set(self, hold_id: str, scope: HoldScope, reason: str) -> HoldOrder:
        """Record a hold, wait until the ledger has committed it, and return it."""
        details = {"reason": reason, "scope": scope.to_json()}
        return self._record([(HoldKind.SET, hold_id, details)])[0]

    def apply(self, hold: HoldOrder) -> HoldResult:
        """Lift the expiry of every event that an active hold covers."""
        result = HoldResult()
        for events in self._read_groups(hold, result):
            expiring = [event for event in events if event.expires_at is not None]
            result.expiring += len(expiring)
            self._order(HoldKind.LIFT, hold.hold_id, expiring)
            for event in expiring:
                self._note(result, is_done=self.events.lift(self.tenant_id, event))
        return result

    def release(self, hold: HoldOrder, reason: str) -> None:
        """Record that a hold is released, and wait until the ledger has committed it."""
        self._record([(HoldKind.RELEASE, hold.hold_id, {"reason": reason})])

    def give_back(self, hold: HoldOrder) -> HoldResult:
        """Give the expiry back to the events of a released hold that no other hold covers.

        Those that another hold covers are named by an order of that hold.
        """
        result = HoldResult()
        active = ActiveHolds.read(self.store, self.tenant_id)
        for events in self._read_groups(hold, result):
            held: dict[str, list[HoldableEvent]] = {}
            free: list[HoldableEvent] = []
            for event in events:
                if other := active.find(event.fields):
                    held.setdefault(other.hold_id, []).append(event)
                elif event.held_expires_at is not None:
                    free.append(event)
                elif event.payload_key is not None:
                    self.events.remove_copy(event)
            for hold_id, of_hold in held.items():
                lifted = [event for event in of_hold if event.held_expires_at is not None]
                self._order(HoldKind.LIFT, hold_id, lifted)
                result.kept += len(lifted)
            self._order(HoldKind.RETURN, hold.hold_id, free)
            for event in free:
                assert event.held_expires_at is not None  # noqa: S101  # a typing aid
                expires_at = compute_returned_expiry(event.held_expires_at, self.now_ms())
                is_done = self.events.give_back(self.tenant_id, event, expires_at)
                self._note(result, is_done=is_done)
        return result

    def _read_groups(self, hold: HoldOrder, result: HoldResult) -> Iterator[list[HoldableEvent]]:
        """Yield the events of a hold in groups, and count them."""
        assert hold.scope is not None  # noqa: S101  # a typing aid
        self.progress.step("hold", None)
        events = self.events.read(self.tenant_id, hold.scope)
        while group := list(islice(events, MAX_IDS * ORDERS_AHEAD)):
            result.found += len(group)
            yield group

    def _note(self, result: HoldResult, *, is_done: bool) -> None:
        result.changed += is_done
        result.skipped += not is_done
        self.progress.advance(1)

    def _order(self, kind: HoldKind, hold_id: str, events: Sequence[HoldableEvent]) -> None:
        """Record the orders that name the events, and wait until the ledger has committed them."""
        parts = [events[start : start + MAX_IDS] for start in range(0, len(events), MAX_IDS)]
        self._record([(kind, hold_id, {"ids": [event.id for event in part]}) for part in parts])

    def _record(
        self, contents: Sequence[tuple[HoldKind, str, Mapping[str, Any]]]
    ) -> Sequence[HoldOrder]:
        """Write orders of these kinds, holds and details; return them once they are committed."""
        records, orders = [], []
        for kind, hold_id, details in contents:
            record = self._make_record(kind, hold_id, details)
            scope = HoldScope.from_json(details.get("scope"))
            ids = pack_ids(details.get("ids", ()))
            orders.append(HoldOrder(kind, self.tenant_id, record.id, hold_id, scope, ids))
            records.append(record)
        for error in self.writer.put(records).values():
            raise error
        if not await_commits(orders, self.store.has_hold_order, self.sleep, self.timeout_seconds):
            raise HoldStalledError(contents[0][1], self.timeout_seconds)
        return orders

    def _make_record(self, kind: HoldKind, hold_id: str, details: Mapping[str, Any]) -> EventRecord:
        now_ms = self.now_ms()
        order = AuditEvent(
            event_id=f"{hold_id}:{kind.name.lower()}",
            timestamp=format_timestamp(now_ms),
            tenant_id=self.tenant_id,
            user_id=self.user_id,
            action=kind.value,
            resource_type=HOLD_RESOURCE,
            resource_id=hold_id,
            details=dict(details),
        )
        return EventRecord.from_event(
            order, received_at=now_ms, retention_days=0, submitted_by=self.submitted_by
        )
