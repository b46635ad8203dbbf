"""Stream batches in, commits out: the ledger's one use-case.

A commit gives its events their positions in the log and adds them to the counters, in one
transaction that can happen once: it is keyed by its first stream record, and it takes the head
only from the size that it has read.
"""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from prooftrail.errors import (
    AlreadyCommittedError,
    CorruptRecordError,
    HeadMovedError,
)
from prooftrail.event import keys
from prooftrail.event.ids import decode_time, highest_id, lowest_id, pack_id
from prooftrail.event.removal import CLEANUP_ACTION, RemovalOrder, split_ids
from prooftrail.event.retention import compute_expiry, payloads_prefix
from prooftrail.event.times import (
    DAY_MS,
    HOUR_MS,
    MAX_CLOCK_SKEW_MS,
    format_day,
    format_hour,
)
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head, check_shard_count
from prooftrail.tlog.merkle import Edge, leaf_hash

# A transaction has 100 items; commit, entries and head are three, and removal orders share these.
MAX_COUNTER_ITEMS: Final = 97
MAX_COUNTERS_PER_ITEM: Final = 150
MAX_ATTEMPTS: Final = 50
QUEUE_KEEPS_MS: Final = 14 * DAY_MS
ORDER_HOLDS_MS: Final = 7 * DAY_MS  # for so long after its time an order is looked for
_FIRST_WAIT_SECONDS: Final = 0.02
_LONGEST_WAIT_SECONDS: Final = 1.0


class ChangeKind(StrEnum):
    """What a stream record says happened to an item."""

    INSERT = "INSERT"
    MODIFY = "MODIFY"
    REMOVE = "REMOVE"


@dataclass(frozen=True, slots=True)
class EventImage:
    """An event's item as a stream record shows it. `content` serves comparison alone.

    `payload_key` is where in S3 the event is, None where the item holds it. Times: `received_at`
    ms, `expires_at` s, both since 1970. `order` is what the event orders, if it is such a one.
    """

    tenant_id: str
    id: str
    digest: bytes
    action: str
    resource_type: str
    success: bool
    received_at: int
    expires_at: int | None
    payload_key: str | None
    content: Mapping[str, object]
    order: RemovalOrder | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One stream record. An image is None where there is none, or none of an event.

    `at_ms` is about when it happened, in milliseconds since 1970.
    """

    kind: ChangeKind
    at_ms: int
    sequence_number: str
    item_id: str
    old: EventImage | None
    new: EventImage | None
    is_expiry: bool = False

    @property
    def may_be_ordered(self) -> bool:
        """Whether this is the removal of an event that an order can name."""
        is_removal = self.kind is ChangeKind.REMOVE and not self.is_expiry
        return is_removal and self.old is not None and self.old.order is None


CounterAddress = tuple[str, str]
_Tallied = tuple[
    str, int, str, str, bool
]  # tenant, hour since 1970, action, resource type, success


@dataclass(frozen=True, slots=True)
class Commit:
    """Consecutive events of one stream shard, and what they add to the counters.

    `first` and `last` are stream sequence numbers; `events` are in log order, `tenants` says whose
    each of them is; `increments` maps a counter item's two keys to its attributes' increments;
    `orders` are the removal orders among the events.
    """

    first: str
    last: str
    events: Sequence[LoggedEvent]
    tenants: Sequence[str]
    increments: Mapping[CounterAddress, Mapping[str, int]]
    orders: Sequence[RemovalOrder] = ()


class LedgerStore(Protocol):
    """The ledger's storage: its one write happens as a whole, once, or not."""

    def head(self) -> Head | None:
        """Where the log stands now, strongly consistent; None before the first commit."""

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """Write the commit, entries, counters, orders and the new head `after`, all or nothing.

        Raises:
            AlreadyCommittedError: a commit with this `first` is there; nothing was written.
            HeadMovedError: the head is not `before` any more, another transaction was under way,
                or the table throttled; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been written or not; to commit
                again is safe.
        """

    def orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        """The tenant's committed orders with ids from `first` to `last`, the newest first.

        Strongly consistent, and lazy: what is not asked for is not read. One that is damaged is
        left out: it orders nothing.

        Raises:
            StoreUnavailableError, StoreRejectedError: they cannot be read now.
        """


@dataclass(frozen=True, slots=True)
class Tampering:
    """A change that the pipeline never makes."""

    kind: ChangeKind
    item_id: str
    reason: str
    old_digest: str | None
    new_digest: str | None


@dataclass(frozen=True, slots=True)
class ClassifiedRemovals:
    """The removals of a stream batch: how many were ordered, by tenant, and those that were not."""

    ordered: Mapping[str, int]
    tampering: Sequence[Tampering]


@dataclass(frozen=True, slots=True)
class CommitResult:
    """How many events of a stream batch were committed, and how many were before: a replay."""

    new: int
    replayed: int


def commit_changes(
    changes: Sequence[Change],
    store: LedgerStore,
    *,
    shard_count: int,
    sleep: Callable[[float], None],
) -> CommitResult:
    """Commit the new events of a stream batch exactly once, however often it is delivered.

    Raises:
        ShardCountMismatchError: see `check_shard_count`.
        HeadMovedError: other shards or a throttle came first `MAX_ATTEMPTS` times in a row.
        StoreUnavailableError, StoreRejectedError: some of the batch is not committed; deliver
            the same batch again.
    """
    pending = [change for change in changes if change.kind is ChangeKind.INSERT and change.new]
    total, replayed, lost_races = len(pending), 0, 0
    head = store.head() if pending else None
    check_shard_count(head.shard_count if head else None, shard_count)
    while pending:
        commit = _commit_of(pending)
        leaves = (leaf_hash(one.entry) for one in commit.events)
        after = Head((head.edge if head else Edge()).extended(leaves), shard_count)
        try:
            store.commit(commit, head, after)
        except AlreadyCommittedError as earlier:
            left = [one for one in pending if int(one.sequence_number) > int(earlier.last)]
            if len(left) == len(pending):
                raise CorruptRecordError(
                    f"the commit at {pending[0].sequence_number} ends before it begins"
                ) from earlier
            replayed += len(pending) - len(left)
            pending = left
        except HeadMovedError:
            lost_races += 1
            if lost_races == MAX_ATTEMPTS:
                raise
            sleep(_wait_seconds(lost_races))
            head = store.head()
            check_shard_count(head.shard_count if head else None, shard_count)
        else:
            head = after
            lost_races = 0
            pending = pending[len(commit.events) :]
    return CommitResult(total - replayed, replayed)


def find_tampering(changes: Iterable[Change], *, retention_days: int) -> Sequence[Tampering]:
    """The tampering that a stream batch shows by itself; see `detect_tampering`."""
    return [found for change in changes if (found := detect_tampering(change, retention_days))]


def classify_removals(changes: Iterable[Change], store: LedgerStore) -> ClassifiedRemovals:
    """Tell the removals of events that a committed order names from those that none does.

    Orders are read only where there are such removals, of the tenants concerned, and no further
    back than the removals need.

    Raises:
        StoreUnavailableError, StoreRejectedError: the orders cannot be read now.
    """
    by_tenant: dict[str, dict[bytes, list[Change]]] = {}
    for change in changes:
        if change.may_be_ordered and change.old:
            of_tenant = by_tenant.setdefault(change.old.tenant_id, {})
            of_tenant.setdefault(pack_id(change.old.id), []).append(change)
    ordered: dict[str, int] = {}
    tampering: list[Tampering] = []
    for tenant_id, removals in by_tenant.items():
        named = _named(tenant_id, removals, store)
        if named:
            ordered[tenant_id] = sum(len(removals[one]) for one in named)
        tampering += [
            _tampering(change, "a stored event was removed")
            for packed, of_event in removals.items()
            if packed not in named
            for change in of_event
        ]
    return ClassifiedRemovals(ordered, tampering)


def _named(
    tenant_id: str, removals: Mapping[bytes, Sequence[Change]], store: LedgerStore
) -> set[bytes]:
    """Those of the removed events that orders name."""
    times = [change.at_ms for of_event in removals.values() for change in of_event]
    first = lowest_id(max(0, min(times) - ORDER_HOLDS_MS))
    last = highest_id(max(times) + MAX_CLOCK_SKEW_MS)
    unnamed = set(removals)
    for order in store.orders(tenant_id, first, last):
        unnamed.difference_update(split_ids(order.ids))
        if not unnamed:
            break
    return removals.keys() - unnamed


def detect_tampering(change: Change, retention_days: int) -> Tampering | None:
    """The tampering that a stream record shows by itself, or None.

    A second put of the same event may show as a MODIFY of `receivedAt`, `expiresAt` and how the
    payload is kept; nothing else in a stored event ever changes, and what removes is time to live
    or a clean-up: see `classify_removals`. A removal order is kept for good.
    """
    match change:
        case Change(kind=ChangeKind.INSERT, new=EventImage() as new):
            if new.action != CLEANUP_ACTION or _order_to_keep(new):
                return None
            reason = "an event with the action of removal orders is none"
        case Change(kind=ChangeKind.INSERT):
            reason = "an item that is no event was inserted"
        case Change(kind=ChangeKind.MODIFY, old=EventImage() as old, new=EventImage() as new):
            is_same = old.digest == new.digest and old.content == new.content
            if not is_same or not _is_in_place(old, new, retention_days):
                reason = "a stored event was changed"
            elif _is_earlier(new.expires_at, old.expires_at) and (
                old.order or not _is_due(new, change.at_ms, retention_days)
            ):
                reason = "a stored event's expiry was brought forward"
            else:
                return None
        case Change(kind=ChangeKind.MODIFY):
            reason = "a stored event was changed"
        case Change(kind=ChangeKind.REMOVE, old=EventImage(order=RemovalOrder())):
            reason = "a removal order was removed"
        case Change(kind=ChangeKind.REMOVE, is_expiry=False) if not change.may_be_ordered:
            reason = "a stored event was removed"
        case _:
            return None
    return _tampering(change, reason)


def _tampering(change: Change, reason: str) -> Tampering:
    return Tampering(
        change.kind, change.item_id, reason, _hex_digest(change.old), _hex_digest(change.new)
    )


def _order_to_keep(image: EventImage) -> RemovalOrder | None:
    """What the event orders, if it is itself kept for good."""
    return image.order if image.expires_at is None else None


def _is_earlier(new: int | None, old: int | None) -> bool:
    return new is not None and (old is None or new < old)


def _is_in_place(old: EventImage, new: EventImage, retention_days: int) -> bool:
    """Whether a payload is in the item, where it was, or where the processor puts it today."""
    today = f"{payloads_prefix(retention_days)}/{new.digest.hex()}"
    in_bucket = old.payload_key is not None and new.payload_key in (old.payload_key, today)
    return new.payload_key is None or in_bucket


def _is_due(image: EventImage, at_ms: int, retention_days: int) -> bool:
    """Whether the processor could give the event this expiry at this moment.

    A second put, of an event that was sent earlier or under a longer retention, may bring the
    expiry forward; but not before what a message gives that has waited as long as the queue keeps
    one, and never into the past.
    """
    if image.expires_at is None or image.expires_at * 1000 <= at_ms:
        return False
    is_regular = image.expires_at == compute_expiry(image.received_at, retention_days)
    return is_regular and image.received_at >= at_ms - QUEUE_KEEPS_MS


def _hex_digest(image: EventImage | None) -> str | None:
    return image.digest.hex() if image else None


def _commit_of(pending: Sequence[Change]) -> Commit:
    """The longest start of the batch that one transaction can commit."""
    images = [change.new for change in pending if change.new]
    increments: dict[CounterAddress, dict[str, int]] = {}
    tally: dict[_Tallied, int] = {}
    orders: list[RemovalOrder] = []
    count, room = 0, MAX_COUNTER_ITEMS
    for image in images:
        counted = (
            image.tenant_id,
            decode_time(image.id) // HOUR_MS,
            image.action,
            image.resource_type,
            image.success,
        )
        order = image.order and _order_to_keep(image)
        if order:
            room -= 1
            if len(increments) > room:
                break
        seen = tally.get(counted)
        if seen is None:
            if not _has_room(increments, counted, room):
                break
            seen = 0
        if order:
            orders.append(order)
        tally[counted] = seen + 1
        count += 1
    for counted, number in tally.items():
        name = _counter_name(counted)
        for address in _addresses(counted):
            increments[address][name] += number
    return Commit(
        first=pending[0].sequence_number,
        last=pending[count - 1].sequence_number,
        events=[LoggedEvent.of(one.id, one.digest, one.expires_at) for one in images[:count]],
        tenants=[one.tenant_id for one in images[:count]],
        increments=increments,
        orders=orders,
    )


def _has_room(
    increments: dict[CounterAddress, dict[str, int]], counted: _Tallied, room: int
) -> bool:
    """Whether so many items can take one more combination; it is in `increments` then, as 0."""
    name, addresses = _counter_name(counted), _addresses(counted)
    new = [address for address in addresses if address not in increments]
    if len(increments) + len(new) > room:
        return False
    for address in addresses:
        names = increments.get(address, {})
        if len(names) == MAX_COUNTERS_PER_ITEM and name not in names:
            return False
    for address in addresses:
        increments.setdefault(address, {}).setdefault(name, 0)
    return True


def _counter_name(counted: _Tallied) -> str:
    _, _, action, resource_type, success = counted
    return keys.counter_name(action, resource_type, success)


def _addresses(counted: _Tallied) -> tuple[CounterAddress, CounterAddress]:
    tenant_id, hour, *_ = counted
    start_ms = hour * HOUR_MS
    return (
        (keys.counters_key(tenant_id, "hour"), format_hour(start_ms)),
        (keys.counters_key(tenant_id, "day"), format_day(start_ms)),
    )


def _wait_seconds(lost_races: int) -> float:
    longest = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2**lost_races)
    return random.uniform(0, longest)  # noqa: S311  # jitter, not a secret
