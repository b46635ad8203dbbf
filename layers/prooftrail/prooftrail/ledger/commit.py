"""Commits: the new events of stream batches become entries of the log, each exactly once.

A commit gives its events their positions in the log and adds them to the counters, in one
transaction. The transaction happens once: its key is its first stream record, and it moves the
head only from the size that was read.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.errors import (
    AlreadyCommittedError,
    CorruptRecordError,
    HeadMovedError,
)
from prooftrail.event import keys
from prooftrail.event.ids import decode_time
from prooftrail.event.orders import Order
from prooftrail.event.times import HOUR_MS, format_day, format_hour
from prooftrail.ledger.changes import Change, ChangeKind, EventImage
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.receipt import MAX_SUBMITTER_BYTES, MAX_SUBMITTERS
from prooftrail.ledger.shard_count import check_shard_count
from prooftrail.tlog.merkle import Edge, hash_leaf

# A transaction has 100 items: commit, entries, head; counters and orders share the rest.
MAX_COUNTER_ITEMS: Final = 97
MAX_COUNTERS_PER_ITEM: Final = 150
MAX_ATTEMPTS: Final = 50
_FIRST_WAIT_SECONDS: Final = 0.02
_LONGEST_WAIT_SECONDS: Final = 1.0

CounterAddress = tuple[str, str]
# Tenant, hours since 1970, action, resource type, success.
_Combination = tuple[str, int, str, str, bool]


@dataclass(frozen=True, slots=True)
class Commit:
    """Consecutive events of one stream shard, and what they add to the counters.

    `first` and `last` are stream sequence numbers. `events` are in log order; `tenants` has the
    tenant of each. `increments` maps a counter item's two keys to the increments of its
    attributes. `orders` are the orders among the events.
    """

    first: str
    last: str
    events: Sequence[LoggedEvent]
    tenants: Sequence[str]
    increments: Mapping[CounterAddress, Mapping[str, int]]
    orders: Sequence[Order] = ()


class LedgerStore(Protocol):
    """The ledger's storage. Its one write happens as a whole and once, or not at all."""

    def read_head(self) -> Head | None:
        """Return the log's current head, strongly consistent; None before the first commit."""

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """Write the commit, entries, counters, orders and the new head `after`, all or nothing.

        Raises:
            AlreadyCommittedError: a commit with this `first` exists; nothing was written.
            HeadMovedError: the head is no longer `before`, another transaction was under way, or
                the table throttled; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been written or not. A retry is
                safe.
        """


@dataclass(frozen=True, slots=True)
class CommitResult:
    """How many events of a stream batch were committed now, and how many before (a replay)."""

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
    pending = [
        change
        for change in changes
        if change.kind is ChangeKind.INSERT and isinstance(change.new, EventImage)
    ]
    if not pending:
        return CommitResult(0, 0)
    total, replayed, lost_races = len(pending), 0, 0
    head = _read_head(store, shard_count)
    while pending:
        commit = _plan_commit(pending)
        leaves = (hash_leaf(event.entry) for event in commit.events)
        after = Head((head.edge if head else Edge()).with_leaves(leaves), shard_count)
        try:
            store.commit(commit, head, after)
        except AlreadyCommittedError as earlier:
            rest = _skip_committed(pending, earlier)
            replayed += len(pending) - len(rest)
            pending = rest
        except HeadMovedError:
            lost_races += 1
            if lost_races == MAX_ATTEMPTS:
                raise
            sleep(_draw_wait_seconds(lost_races))
            head = _read_head(store, shard_count)
        else:
            head = after
            lost_races = 0
            pending = pending[len(commit.events) :]
    return CommitResult(total - replayed, replayed)


def _read_head(store: LedgerStore, shard_count: int) -> Head | None:
    head = store.read_head()
    check_shard_count(head.shard_count if head else None, shard_count)
    return head


def _skip_committed(pending: Sequence[Change], earlier: AlreadyCommittedError) -> list[Change]:
    """Return the changes after the last one of an earlier commit.

    Raises:
        CorruptRecordError: the commit ends before it begins, so that none could be skipped.
    """
    rest = [change for change in pending if int(change.sequence_number) > int(earlier.last)]
    if len(rest) == len(pending):
        raise CorruptRecordError(
            f"the commit at {pending[0].sequence_number} ends before it begins"
        ) from earlier
    return rest


def _draw_wait_seconds(lost_races: int) -> float:
    longest = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2**lost_races)
    return random.uniform(0, longest)  # noqa: S311  # jitter, not a secret


def _plan_commit(pending: Sequence[Change]) -> Commit:
    """Return a commit of as many changes, from the first on, as one transaction can hold."""
    images = [change.new for change in pending if isinstance(change.new, EventImage)]
    counters, submitters = _CommitCounters(), _CommitSubmitters()
    orders: list[Order] = []
    count = 0
    for image in images:
        if not submitters.add(image.submitted_by):
            break
        order = image.order and image.valid_order
        if order and not counters.leave_item():
            break
        if not counters.add(image):
            break
        if order:
            orders.append(order)
        count += 1
    return Commit(
        first=pending[0].sequence_number,
        last=pending[count - 1].sequence_number,
        events=[
            LoggedEvent.from_id(image.id, image.digest, image.expires_at, image.receipt)
            for image in images[:count]
        ],
        tenants=[image.tenant_id for image in images[:count]],
        increments=counters.increments(),
        orders=orders,
    )


class _CommitSubmitters:
    """The submitters of one commit, within the limits of its item."""

    def __init__(self) -> None:
        self._names: set[str | None] = set()
        self._size = 0

    def add(self, name: str | None) -> bool:
        """Add a submitter; return whether there was room for it."""
        if name not in self._names:
            self._names.add(name)
            self._size += len(name or "") + 1
        return len(self._names) <= MAX_SUBMITTERS and self._size <= MAX_SUBMITTER_BYTES


class _CommitCounters:
    """The counters of one commit, within the limits of a transaction."""

    def __init__(self) -> None:
        self._max_items = MAX_COUNTER_ITEMS
        self._tally: dict[_Combination, int] = {}
        self._increments: dict[CounterAddress, dict[str, int]] = {}

    def leave_item(self) -> bool:
        """Leave one item of the transaction to an order; return whether there was one."""
        self._max_items -= 1
        return len(self._increments) <= self._max_items

    def add(self, image: EventImage) -> bool:
        """Count an event; return False, and do nothing, if its counters do not fit."""
        combination = (
            image.tenant_id,
            decode_time(image.id) // HOUR_MS,
            image.action,
            image.resource_type,
            image.success,
        )
        count = self._tally.get(combination)
        if count is None:
            if not self._add_counters(combination):
                return False
            count = 0
        self._tally[combination] = count + 1
        return True

    def _add_counters(self, combination: _Combination) -> bool:
        """Add counters of 0 for a combination; return False, and do nothing, if they do not fit."""
        name, addresses = _counter_name(combination), _counter_addresses(combination)
        new = [address for address in addresses if address not in self._increments]
        if len(self._increments) + len(new) > self._max_items:
            return False
        for address in addresses:
            names = self._increments.get(address, {})
            if len(names) == MAX_COUNTERS_PER_ITEM and name not in names:
                return False
        for address in addresses:
            self._increments.setdefault(address, {}).setdefault(name, 0)
        return True

    def increments(self) -> Mapping[CounterAddress, Mapping[str, int]]:
        """Return the increments by counter item; call it once, after the last `add`."""
        for combination, count in self._tally.items():
            name = _counter_name(combination)
            for address in _counter_addresses(combination):
                self._increments[address][name] += count
        return self._increments


def _counter_name(combination: _Combination) -> str:
    _, _, action, resource_type, success = combination
    return keys.make_counter_name(action, resource_type, success)


def _counter_addresses(combination: _Combination) -> tuple[CounterAddress, CounterAddress]:
    tenant_id, hour, *_ = combination
    start_ms = hour * HOUR_MS
    return (
        (keys.make_counters_key(tenant_id, "hour"), format_hour(start_ms)),
        (keys.make_counters_key(tenant_id, "day"), format_day(start_ms)),
    )
