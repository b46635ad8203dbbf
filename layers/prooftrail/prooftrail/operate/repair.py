"""Repair what `reconcile` finds: commit events, set counters, write tiles and positions again."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from prooftrail.errors import (
    AuditLogError,
    ContentRejectedError,
    CounterMovedError,
    InconsistentLogError,
)
from prooftrail.event import keys
from prooftrail.event.orders import Order
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.changes import Change, ChangeKind, EventImage
from prooftrail.ledger.commit import CommitResult, LedgerStore, commit_changes
from prooftrail.ledger.ports import LogStore, PublishedLog
from prooftrail.ledger.publish import MAX_ENTRIES
from prooftrail.operate.reconcile import RepairPlan, make_tiles
from prooftrail.operate.recount import CounterDifference
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.tiles import Tile
from prooftrail.verify.database import TrailDatabase, pack_id_or_text
from prooftrail.verify.ports import EventItem

# Above every sequence number of a stream, so that no stream batch has the same.
_SEQUENCE_START: Final = 10**60
_BATCH: Final = 1_000


class CounterStore(Protocol):
    """Corrects what the ledger stores in addition to its log."""

    def set_counter(self, page: tuple[str, str], name: str, old: int, new: int) -> None:
        """Set one counter of a page, given by its two keys, if it still has the old value.

        Raises:
            CounterMovedError: it has another value, because events were committed meanwhile.
            ContentRejectedError: the page has no room for it.
            StoreUnavailableError, StoreRejectedError: it may have been set or not.
        """

    def put_order(self, order: Order) -> None:
        """Write the ledger's copy of an order. Idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: it may have been written or not.
        """


class ReferenceStore(Protocol):
    """Writes references of stored events again."""

    def restore_references(self, addresses: Sequence[tuple[str, str]]) -> int:
        """Write all references of the events with these tenants and ids. Return their number.

        An event that is no longer stored, or is not valid, is left out. Idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: some may not be written.
        """


@dataclass(slots=True)
class RepairResult:
    """What was repaired. `skipped` counters changed meanwhile: reconcile again.

    `failures` says by tenant why its part, or the rest of it, was not repaired.
    """

    events: CommitResult = field(default_factory=lambda: CommitResult(0, 0))
    counters: int = 0
    skipped: int = 0
    references: int = 0
    orders: int = 0
    tenants: int = 0
    tiles: int = 0
    positions: int = 0
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Repairer:
    """Repairs a trail by the plan of a `RepairPlanner`, whose `database` it shares."""

    log: LogStore
    ledger: LedgerStore
    counters: CounterStore
    references: ReferenceStore
    published_log: PublishedLog
    database: TrailDatabase

    def repair(
        self, plan: RepairPlan, *, shard_count: int, sleep: Callable[[float], None]
    ) -> RepairResult:
        """Repair what the plan says, tenant by tenant. A repetition is safe.

        What fails for one tenant does not stop the others.

        Raises:
            InconsistentLogError: the ledger's entries are not the published ones, so that no tile
                is made of them.
            StoreUnavailableError, StoreRejectedError: positions or tiles are not written.
        """
        result = RepairResult()
        parts = (plan.counters, plan.orders, plan.unlogged)
        tenants = {each.tenant_id for part in parts for each in part}
        for tenant_id in sorted(tenants | {tenant_id for tenant_id, _ in plan.unreferenced}):
            try:
                self._repair_tenant(tenant_id, plan, result, shard_count, sleep)
            except AuditLogError as error:
                result.failures[tenant_id] = str(error)
        self.log.record_tenants(plan.tenants)
        result.tenants = len(plan.tenants)
        result.positions = self._record_positions(plan.unrecorded)
        result.tiles = self._put_tiles(plan.tiles)
        return result

    def _repair_tenant(
        self,
        tenant_id: str,
        plan: RepairPlan,
        result: RepairResult,
        shard_count: int,
        sleep: Callable[[float], None],
    ) -> None:
        # Counters come before events, whose commits add to the counters.
        counters = [counter for counter in plan.counters if counter.tenant_id == tenant_id]
        self._set_counters(counters, result)
        for order in plan.orders:
            if order.tenant_id == tenant_id:
                self.counters.put_order(order)
                result.orders += 1
        unreferenced = [address for address in plan.unreferenced if address[0] == tenant_id]
        result.references += self.references.restore_references(unreferenced)
        changes = [_make_change(event) for event in plan.unlogged if event.tenant_id == tenant_id]
        changes.sort(key=lambda change: change.sequence_number)
        for start in range(0, len(changes), _BATCH):
            batch = changes[start : start + _BATCH]
            done = commit_changes(batch, self.ledger, shard_count=shard_count, sleep=sleep)
            result.events = CommitResult(
                result.events.new + done.new, result.events.replayed + done.replayed
            )

    def _set_counters(self, differences: Sequence[CounterDifference], result: RepairResult) -> None:
        """Set the counters. What a full page refuses counts as `(other)`."""
        others: Counter[tuple[tuple[str, str], str]] = Counter()
        for difference in differences:
            partition = keys.make_counters_key(difference.tenant_id, difference.span)
            missing = difference.expected - difference.stored
            try:
                self.counters.set_counter(
                    (partition, difference.sort),
                    difference.name,
                    difference.in_page,
                    difference.in_page + missing,
                )
            except CounterMovedError:
                result.skipped += 1
                continue
            except ContentRejectedError:
                page = f"{difference.bucket}{keys.PAGE_SEPARATOR}{keys.OTHER_PAGE}"
                others[(partition, page), keys.make_other_counter_name(difference.name)] += missing
            result.counters += 1
        for (page_keys, name), count in others.items():
            self.counters.set_counter(page_keys, name, 0, count)

    def _record_positions(self, positions: Sequence[int]) -> int:
        for window in sorted({position // MAX_ENTRIES for position in positions}):
            start = window * MAX_ENTRIES
            events = [event for _, event in self.database.read_log(start, start + MAX_ENTRIES)]
            self.log.record_positions(events, start)
        return len(positions)

    def _put_tiles(self, missing: Sequence[Tile]) -> int:
        publication = self.log.read_publication()
        if not missing or publication is None:
            return 0
        edge = Edge()
        for start in range(0, publication.size, MAX_ENTRIES):
            rows = self.database.read_log(start, min(publication.size, start + MAX_ENTRIES))
            edge = edge.with_leaves(hash_leaf(event.entry) for _, event in rows)
        if edge != publication.edge:
            raise InconsistentLogError("the ledger's entries are not the published ones")
        wanted = set(missing)
        for tile, content in make_tiles(self.database, publication.size):
            if tile in wanted:
                self.published_log.put_tiles({tile: content})
        return len(missing)


def _make_change(event: EventItem) -> Change:
    """Return the stream record of the event's insertion, with a sequence number of its own."""
    number = _SEQUENCE_START + int.from_bytes(pack_id_or_text(event.id), "big")
    action, resource_type, success = event.counter_name.split(keys.COUNTER_SEPARATOR)
    image = EventImage(
        tenant_id=event.tenant_id,
        id=event.id,
        digest=event.digest,
        action=action,
        resource_type=resource_type,
        success=success == "1",
        received_at=event.received_at,
        expires_at=event.expires_at,
        payload_key=None,
        content={},
        order=_make_order(event),
        submitted_by=event.submitted_by,
        stored_at=event.stored_at,
    )
    return Change(ChangeKind.INSERT, event.received_at, str(number), event.id, None, image)


def _make_order(event: EventItem) -> Order | None:
    if event.removal_ids:
        return RemovalOrder(event.tenant_id, event.id, event.removal_ids)
    return event.hold_order
