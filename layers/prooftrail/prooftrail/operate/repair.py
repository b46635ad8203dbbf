"""Repair what `reconcile` finds: commit events, set counters, write tiles and positions again."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.errors import CounterMovedError, InconsistentLogError
from prooftrail.event import keys
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
            StoreUnavailableError, StoreRejectedError: it may have been set or not.
        """

    def put_order(self, order: RemovalOrder) -> None:
        """Write the ledger's copy of a removal order. Idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: it may have been written or not.
        """


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What was repaired. `skipped` counters changed meanwhile: reconcile again."""

    events: CommitResult
    counters: int
    skipped: int
    orders: int
    tiles: int
    positions: int


@dataclass(frozen=True, slots=True)
class Repairer:
    """Repairs a trail by the plan of a `RepairPlanner`, whose `database` it shares."""

    log: LogStore
    ledger: LedgerStore
    counters: CounterStore
    published_log: PublishedLog
    database: TrailDatabase

    def repair(
        self, plan: RepairPlan, *, shard_count: int, sleep: Callable[[float], None]
    ) -> RepairResult:
        """Repair what the plan says. A repetition is safe.

        Raises:
            InconsistentLogError: the ledger's entries are not the published ones, so that no tile
                is made of them.
            HeadMovedError, StoreUnavailableError, StoreRejectedError: a part is not done.
        """
        skipped = 0
        for difference in plan.counters:  # before the events: their commits add to the counters
            try:
                self._set_counter(difference)
            except CounterMovedError:
                skipped += 1
        for order in plan.orders:
            self.counters.put_order(order)
        committed = self._commit(plan.unlogged, shard_count, sleep)
        positions = self._record_positions(plan.unrecorded)
        return RepairResult(
            committed,
            len(plan.counters) - skipped,
            skipped,
            len(plan.orders),
            self._put_tiles(plan.tiles),
            positions,
        )

    def _commit(
        self, events: Sequence[EventItem], shard_count: int, sleep: Callable[[float], None]
    ) -> CommitResult:
        changes = sorted(map(_make_change, events), key=lambda change: change.sequence_number)
        parts = [
            commit_changes(
                changes[start : start + _BATCH], self.ledger, shard_count=shard_count, sleep=sleep
            )
            for start in range(0, len(changes), _BATCH)
        ]
        return CommitResult(sum(part.new for part in parts), sum(part.replayed for part in parts))

    def _set_counter(self, difference: CounterDifference) -> None:
        partition = f"counters#{difference.tenant_id}#{difference.span}"
        new = difference.in_page + difference.expected - difference.stored
        self.counters.set_counter(
            (partition, difference.sort), difference.name, difference.in_page, new
        )

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
        order=RemovalOrder(event.tenant_id, event.id, event.removal_ids)
        if event.removal_ids
        else None,
        submitted_by=event.submitted_by,
    )
    return Change(ChangeKind.INSERT, event.received_at, str(number), event.id, None, image)
