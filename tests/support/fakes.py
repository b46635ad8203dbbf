"""In-memory fakes of the ports, as strict as the promises of each port.

`moments` says for each call in turn whether and when it fails. A fake raises AssertionError if a
caller breaks a rule of its port.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from enum import Enum, auto
from hashlib import sha256

from prooftrail.errors import (
    AlreadyCommittedError,
    AuditLogError,
    CorruptRecordError,
    HeadMovedError,
    QueueUnavailableError,
    StoreThrottledError,
    StoreUnavailableError,
)
from prooftrail.event.hold import HoldOrder
from prooftrail.event.ids import decode_time
from prooftrail.event.orders import Order
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import MAX_IDS, RemovalOrder, split_ids
from prooftrail.intake.budget import Budget, Service
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.ports import DeadLetter, JobMessage
from prooftrail.ledger.commit import (
    MAX_COUNTER_ITEMS,
    MAX_COUNTERS_PER_ITEM,
    Commit,
    CounterAddress,
)
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.operate.removal import RemovableEvent
from prooftrail.tlog.merkle import Edge, hash_leaf


class Moment(Enum):
    """When a call fails: before anything is stored, after half of it, or after all of it."""

    BEFORE = auto()
    DURING = auto()
    AFTER = auto()


Moments = Iterable[Moment | None]


class OnDemand:
    """Moments for a fake whose next call fails when a test says so."""

    def __init__(self) -> None:
        self._next: list[Moment] = []

    def __iter__(self) -> Iterator[Moment | None]:
        while True:
            yield self._next.pop() if self._next else None

    def fail_next_call(self, moment: Moment) -> AbstractContextManager[None]:
        """Make the next call fail at this moment."""
        self._next = [moment]
        return nullcontext()


def _split_positions(moment: Moment | None, count: int) -> tuple[set[int], set[int]]:
    """Return the positions to store and the positions to report as failed."""
    everything = set(range(count))
    match moment:
        case None:
            return everything, set()
        case Moment.BEFORE:
            return set(), everything
        case Moment.DURING:
            return set(range(0, count, 2)), set(range(1, count, 2))
        case Moment.AFTER:
            return everything, everything


class MemoryEventWriter:
    """`EventWriter` in memory; `records` holds the stored records by tenant and id, oldest first.

    `refusal` returns the error with which a record fails on every call, or None.
    """

    def __init__(
        self,
        moments: Moments = (),
        refusal: Callable[[EventRecord], AuditLogError | None] = lambda _: None,
    ) -> None:
        self.records: dict[tuple[str, str], EventRecord] = {}
        self._moments = iter(moments)
        self._refusal = refusal

    def put(
        self, records: Sequence[EventRecord], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        budget = budget or Budget()
        if fault := budget.check(Service.EVENTS):
            return dict.fromkeys(range(len(records)), fault)
        addresses = [(record.tenant_id, record.id) for record in records]
        assert len(set(addresses)) == len(addresses), (
            "two records of one call have the same address"
        )
        moment = next(self._moments, None) if records else None
        keep, fail = _split_positions(moment, len(records))
        injected = _make_store_fault(moment)
        if moment is Moment.AFTER:
            budget.give_up(Service.EVENTS, injected)
        faults: dict[int, AuditLogError] = {}
        for position, (address, record) in enumerate(zip(addresses, records, strict=True)):
            assert sha256(record.canonical).digest() == record.digest, (
                "the digest does not match the content"
            )
            error = self._refusal(record)
            if error is None and position in keep:
                known = self.records.setdefault(address, record)
                assert known.digest == record.digest, "the call would replace a stored event"
            if error is None and position in fail:
                error = injected
            if error is not None:
                faults[position] = error
        return faults


def _make_store_fault(moment: Moment | None) -> AuditLogError:
    """Return the fault of a writer: a lost response, or throttling."""
    is_lost = moment is Moment.AFTER
    return StoreUnavailableError("injected") if is_lost else StoreThrottledError("injected")


class MemoryJobQueue:
    """`JobQueue` in memory; `jobs` holds the jobs that were sent, `bodies` their bodies."""

    def __init__(self, moments: Moments = ()) -> None:
        self.jobs: list[JobMessage] = []
        self._moments = iter(moments)

    @property
    def bodies(self) -> list[str]:
        """The bodies of the jobs that were sent."""
        return [job.body for job in self.jobs]

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:
        """See `JobQueue.send`."""
        keep, fail = _split_positions(next(self._moments, None), len(jobs))
        for job in jobs:
            assert len(job.body.encode()) <= MAX_MESSAGE_BYTES, "too large for a message"
        self.jobs += [job for position, job in enumerate(jobs) if position in keep]
        return {position: QueueUnavailableError("injected") for position in sorted(fail)}


class MemoryUsageCounter:
    """`UsageCounter` in memory; `units` has what was counted, by tenant and window."""

    def __init__(self, moments: Moments = ()) -> None:
        self.units: Counter[tuple[str, int]] = Counter()
        self._moments = iter(moments)

    def add(self, tenant_id: str, window: int, units: int, limit: int) -> bool:
        """See `UsageCounter.add`."""
        moment = next(self._moments, None)
        if moment is Moment.BEFORE:
            raise StoreUnavailableError("injected")
        is_counted = self.units[tenant_id, window] < limit
        if is_counted:
            self.units[tenant_id, window] += units
        if moment is not None:
            raise StoreUnavailableError("injected")
        return is_counted


class MemoryDeadLetterSender:
    """`DeadLetterSender` in memory; `dead_letters` holds the dead letters that were sent."""

    def __init__(self, moments: Moments = ()) -> None:
        self.dead_letters: list[DeadLetter] = []
        self._moments = iter(moments)

    def send(
        self, letters: Sequence[DeadLetter], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `DeadLetterSender.send`."""
        budget = budget or Budget()
        if fault := budget.check(Service.DEAD_LETTERS):
            return dict.fromkeys(range(len(letters)), fault)
        moment = next(self._moments, None)
        if moment in {Moment.BEFORE, Moment.AFTER}:
            budget.give_up(Service.DEAD_LETTERS, QueueUnavailableError("injected"))
        keep, fail = _split_positions(moment, len(letters))
        for dead_letter in letters:
            assert dead_letter.error_message, "a dead letter needs a reason"
        self.dead_letters += [letter for position, letter in enumerate(letters) if position in keep]
        return {position: QueueUnavailableError("injected") for position in sorted(fail)}


class MemoryDeadLetterQueue:
    """`DeadLetterQueue` in memory; `dead_letters` holds its messages by id.

    A receipt is valid until the message is received again. `hidden` maps the id of each hidden
    message to its receipt. `pass_half_a_minute` shows all messages again except those whose
    visibility timeout was extended.
    """

    def __init__(
        self, dead_letters: Iterable[ReceivedDeadLetter] = (), moments: Moments = ()
    ) -> None:
        self.dead_letters = {dead_letter.id: dead_letter for dead_letter in dead_letters}
        self.hidden: dict[str, str] = {}
        self._extended: set[str] = set()
        self._moments = iter(moments)
        self._receives = 0

    def pass_half_a_minute(self) -> None:
        """Show every message whose visibility timeout was not extended."""
        self.hidden = {
            message_id: receipt
            for message_id, receipt in self.hidden.items()
            if receipt in self._extended
        }

    def receive(self) -> Sequence[ReceivedDeadLetter]:
        """See `DeadLetterQueue.receive`."""
        visible = [
            dead_letter
            for dead_letter in self.dead_letters.values()
            if dead_letter.id not in self.hidden
        ][:10]
        self._receives += 1
        received = [
            replace(dead_letter, receipt=f"{dead_letter.id} {self._receives}")
            for dead_letter in visible
        ]
        self.hidden |= {dead_letter.id: dead_letter.receipt for dead_letter in received}
        return received

    def extend_visibility_timeout(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.extend_visibility_timeout`."""
        assert set(receipts) <= set(self.hidden.values()), "the dead letter is not hidden"
        self._extended |= set(receipts)

    def count_in_flight(self) -> int:
        """See `DeadLetterQueue.count_in_flight`."""
        return len(self.hidden)

    def release(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.release`."""
        released = set(receipts)
        self.hidden = {
            message_id: receipt
            for message_id, receipt in self.hidden.items()
            if receipt not in released
        }

    def delete(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """See `DeadLetterQueue.delete`."""
        keep, fail = _split_positions(next(self._moments, None), len(receipts))
        for position, receipt in enumerate(receipts):
            assert receipt in self.hidden.values(), "the dead letter is not hidden"
            if position in keep:
                message_id = receipt.partition(" ")[0]
                del self.dead_letters[message_id], self.hidden[message_id]
        return {position: QueueUnavailableError("injected") for position in sorted(fail)}


class MemoryPayloadStore:
    """`PayloadStore` in memory; `payloads` holds the stored payloads by key."""

    def __init__(self, moments: Moments = ()) -> None:
        self.payloads: dict[str, bytes] = {}
        self._moments = iter(moments)

    def save(self, digest: bytes, payload: bytes) -> str:
        """See `PayloadStore.save`."""
        assert sha256(payload).digest() == digest, "the digest does not match the content"
        key = f"overflow/{digest.hex()}"
        moment = next(self._moments, None)
        if moment in {None, Moment.AFTER}:
            self.payloads[key] = payload
        if moment:
            raise StoreUnavailableError("injected")
        return key

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        if next(self._moments, None):
            raise StoreUnavailableError("injected")
        payload = self.payloads.get(key)
        if payload is None or not key.endswith(f"/{sha256(payload).hexdigest()}"):
            raise CorruptRecordError(f"{key} is missing, or its content does not match its name")
        return payload


class MemoryLedger:
    """`LedgerStore` and the readers of orders, in memory.

    `commits`, `counters`, `events` (the log) and `orders` are stored. A transaction is stored
    completely or not at all, so `Moment.DURING` means a conflict with another transaction.
    """

    def __init__(self, moments: Moments = ()) -> None:
        self.commits: dict[str, Commit] = {}
        self.counters: dict[CounterAddress, Counter[str]] = {}
        self.events: list[LoggedEvent] = []
        self.orders: dict[tuple[str, str], Order] = {}
        self.orders_read = 0
        self._head: Head | None = None
        self._moments = iter(moments)

    def read_head(self) -> Head | None:
        """See `LedgerStore.read_head`."""
        return self._head

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """See `LedgerStore.commit`."""
        _check_commit(commit, before, after)
        moment = next(self._moments, None)
        if moment is Moment.BEFORE:
            raise StoreUnavailableError("injected")
        if earlier := self.commits.get(commit.first):
            raise AlreadyCommittedError(earlier.last)
        if before != self._head or moment is Moment.DURING:
            raise HeadMovedError("another transaction came first")
        self.commits[commit.first] = commit
        self.events += commit.events
        for address, increments in commit.increments.items():
            self.counters.setdefault(address, Counter()).update(increments)
        self.orders |= {(order.tenant_id, order.id): order for order in commit.orders}
        self._head = after
        if moment is Moment.AFTER:
            raise StoreUnavailableError("injected")

    def read_orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        """See `RemovalOrderReader.read_orders`."""
        for order in self._read(tenant_id, first, last):
            if isinstance(order, RemovalOrder):
                yield order

    def read_expiry_orders(self, tenant_id: str, first: str, last: str) -> Iterator[HoldOrder]:
        """See `ExpiryOrderReader.read_expiry_orders`."""
        for order in self._read(tenant_id, first, last):
            if isinstance(order, HoldOrder) and order.ids:
                yield order

    def _read(self, tenant_id: str, first: str, last: str) -> Iterator[Order]:
        if next(self._moments, None):
            raise StoreUnavailableError("injected")
        by_id = sorted(self.orders, reverse=True)
        for tenant, order_id in by_id:
            if tenant == tenant_id and first <= order_id <= last:
                self.orders_read += 1
                yield self.orders[tenant, order_id]


def _check_commit(commit: Commit, before: Head | None, after: Head) -> None:
    assert commit.events, "a commit needs an event"
    assert len(commit.tenants) == len(commit.events), "each event needs a tenant"
    edge = (before.edge if before else Edge()).with_leaves(
        hash_leaf(e.entry) for e in commit.events
    )
    assert after.edge == edge, "the new head does not match the entries"
    assert int(commit.first) <= int(commit.last), "the commit ends before it begins"
    items = len(commit.increments) + len(commit.orders)
    assert items <= MAX_COUNTER_ITEMS, "too many items for one transaction"
    for order in commit.orders:
        assert order.id in {event.id for event in commit.events}, (
            "an order is not among the committed events"
        )
        if isinstance(order, HoldOrder):
            assert order.is_valid, "a hold order is not as its kind says"
        if order.ids or isinstance(order, RemovalOrder):
            count = len(list(split_ids(order.ids)))
            assert 1 <= count <= MAX_IDS, "an order names no id, or too many"
    for counters in commit.increments.values():
        assert 0 < len(counters) <= MAX_COUNTERS_PER_ITEM, (
            "no counter, or too many for one expression"
        )
        assert all(count > 0 for count in counters.values()), "a counter must grow"
    counted = sum(sum(counters.values()) for counters in commit.increments.values())
    assert counted == 2 * len(commit.events), (
        "each event counts once for its hour and once for its day"
    )


class MemoryStoredEvents:
    """`RemovableEvents` and `CommittedOrders` in memory; `events` holds events by tenant and id.

    `references` holds the partitions and ids of references. A removal that fails at `Moment.DURING`
    removes half. `committed` holds the ledger's orders, `holds` its holds and releases.
    """

    def __init__(self, moments: Moments = ()) -> None:
        self.events: dict[tuple[str, str], RemovableEvent] = {}
        self.payloads: set[str] = set()
        self.references: set[tuple[str, str]] = set()
        self.committed: set[tuple[str, str]] = set()
        self.holds: list[HoldOrder] = []
        self._moments = iter(moments)

    def add(self, tenant_id: str, *events: RemovableEvent) -> None:
        """Store these events."""
        self.events |= {(tenant_id, event.id): event for event in events}
        self.payloads |= {event.payload_key for event in events if event.payload_key}
        self.references |= {
            (partition, event.id) for event in events for partition in event.references
        }

    def read_before(
        self, tenant_id: str, before_ms: int, *, with_content: bool = False
    ) -> Iterator[RemovableEvent]:
        """See `RemovableEvents.read_before`."""
        del with_content  # the fields are complete either way
        for (tenant, event_id), event in sorted(self.events.items()):
            if tenant == tenant_id and decode_time(event_id) < before_ms:
                yield event

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """See `RemovableEvents.remove`."""
        moment = next(self._moments, None)
        keep, _ = _split_positions(moment, len(events))
        for position, event in enumerate(events):
            if position in keep:
                self.references -= {(partition, event.id) for partition in event.references}
                self.payloads.discard(event.payload_key or "")
                self.events.pop((tenant_id, event.id), None)
        if moment:
            raise StoreUnavailableError("injected")

    def has_order(self, tenant_id: str, order_id: str) -> bool:
        """See `CommittedOrders.has_order`."""
        return (tenant_id, order_id) in self.committed

    def read_holds(self, tenant_id: str) -> Sequence[HoldOrder]:
        """See `HoldReader.read_holds`."""
        return [order for order in self.holds if order.tenant_id == tenant_id]
