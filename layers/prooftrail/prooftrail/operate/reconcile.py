"""What the ledger owes the events' table, and what was derived from the ledger and got lost.

An event can be stored and not logged: its stream batch failed for good, or nobody read the stream
for a day. A counter can be wrong: a stream was read anew. Tiles and positions can be removed.
All of it follows from what is there, so it can be made good; what was tampered with cannot.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from prooftrail.errors import CounterMovedError, InconsistentLogError
from prooftrail.event import keys
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.times import HOUR_MS
from prooftrail.ledger.changes import Change, ChangeKind, EventImage
from prooftrail.ledger.commit import CommitResult, LedgerStore, commit_changes
from prooftrail.ledger.ports import LogStore, PublishedLog
from prooftrail.ledger.publish import MAX_ENTRIES
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.tile_builder import TileBuilder
from prooftrail.tlog.tiles import WIDTH, Tile
from prooftrail.verify.ports import (
    CommitEntries,
    CounterPage,
    EventItem,
    RecordedPositions,
    TrailReader,
    batch_events,
)
from prooftrail.verify.rows import CounterDifference, Rows, key_of_id

STREAM_MEMORY_MS: Final = 25 * HOUR_MS  # a stream keeps its records for 24 hours
# Above every sequence number of a stream, so that no batch of one has the same.
_SEQUENCE_START: Final = 10**60
_BATCH: Final = 1_000


class CounterStore(Protocol):
    """Sets right what the ledger keeps beside its log."""

    def set_counter(self, page: tuple[str, str], name: str, old: int, new: int) -> None:
        """Set one counter of a page, given by its two keys, if it still has the old value.

        Raises:
            CounterMovedError: it has another by now: events were committed meanwhile.
            StoreUnavailableError, StoreRejectedError: it may have been set or not.
        """

    def put_order(self, order: RemovalOrder) -> None:
        """Keep a removal order, idempotently.

        Raises:
            StoreUnavailableError, StoreRejectedError: it may be kept or not.
        """


@dataclass(slots=True)
class RepairPlan:
    """What is to be made good.

    `unlogged` events are stored and in no commit; `waiting` ones may still come by the stream.
    `counters` differ from a recount; those of hours from which events have gone can only be found
    too low. `orders` of removals are logged and not kept beside the log. `tiles` are missing,
    `altered_tiles` differ and stay as they are. `unplaced` are positions of entries that cannot be
    found.
    """

    unlogged: list[EventItem] = field(default_factory=list)
    waiting: int = 0
    counters: list[CounterDifference] = field(default_factory=list)
    orders: list[RemovalOrder] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    altered_tiles: list[Tile] = field(default_factory=list)
    unplaced: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to make good."""
        return not (self.unlogged or self.counters or self.orders or self.tiles or self.unplaced)


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What was made good; `skipped` counters changed meanwhile: reconcile again."""

    events: CommitResult
    counters: int
    skipped: int
    orders: int
    tiles: int
    positions: int


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """One comparison; `database` is a fresh SQLite database that outlives it."""

    log: LogStore
    ledger: LedgerStore
    counters: CounterStore
    trail: TrailReader
    published_log: PublishedLog
    rows: Rows
    progress: Progress

    @classmethod
    def of(
        cls,
        log: LogStore,
        ledger: LedgerStore,
        counters: CounterStore,
        trail: TrailReader,
        published_log: PublishedLog,
        database: sqlite3.Connection,
        progress: Progress | None = None,
    ) -> "Reconciliation":
        """The comparison of these parts."""
        shown = progress or NoProgress()
        return cls(log, ledger, counters, trail, published_log, Rows(database), shown)

    def plan(self, *, now_ms: int, older_than_ms: int = STREAM_MEMORY_MS) -> RepairPlan:
        """Compare, and change nothing.

        Events received since `older_than_ms` ago are left to the stream.

        Raises:
            InconsistentLogError: the ledger's own entries do not follow each other.
            CorruptRecordError, StoreUnavailableError, StoreRejectedError: a part cannot be read.
        """
        plan = RepairPlan()
        head = self.log.read_head()
        self._read_counters()  # before the entries: what is committed meanwhile is none too many
        self._read_entries()
        self._read_events()
        self._read_entries()
        for stored in self.rows.suspicious():
            if stored.position is None and stored.event.problem is None:
                if now_ms - stored.event.received_at >= older_than_ms:
                    plan.unlogged.append(stored.event)
                else:
                    plan.waiting += 1
        plan.counters = list(self.rows.counter_differences())
        size = head.size if head else 0
        plan.orders = [order for _, order in self.rows.unkept_orders(size)]
        published = self.log.read_publication()
        if published is not None:
            plan.unplaced = [position for position, _ in self.rows.unplaced(published.size)]
            self._compare_tiles(plan, published.edge)
        return plan

    def _read_counters(self) -> None:
        self.progress.step("counters", None)
        for item in self.trail.read_ledger():
            match item:
                case CounterPage():
                    self.rows.add_counts(item)
                    self.progress.advance(1)
                case RecordedPositions():
                    self.rows.add_places(item)
                case RemovalOrder():
                    self.rows.add_kept_order(item)

    def _read_entries(self) -> None:
        head = self.log.read_head()
        size = head.size if head else 0
        start = self.rows.log_size()
        self.progress.step("entries", size - start)
        for segment in self.log.read_segments(start, size):
            self.rows.add_segment(CommitEntries(segment.start, "", "", segment.events))
            self.progress.advance(len(segment.events))

    def _read_events(self) -> None:
        self.progress.step("events", None)
        for batch in batch_events(self.trail.read_events()):
            self.rows.add_events(batch)
            self.progress.advance(len(batch))

    def _compare_tiles(self, plan: RepairPlan, edge: Edge) -> None:
        self.progress.step("tiles", edge.size)
        for tile, content in self._tiles(edge.size):
            found = self.published_log.read(tile)
            if found is None:
                plan.tiles.append(tile)
            elif found != content:
                plan.altered_tiles.append(tile)
            if tile.level is None:
                self.progress.advance(tile.width)

    def _tiles(self, size: int) -> Iterator[tuple[Tile, bytes]]:
        """Every tile and bundle of the log at this size, as the ledger's entries give them."""
        builder = TileBuilder()
        for start in range(0, size, WIDTH):
            rows = self.rows.log(start, min(size, start + WIDTH))
            entries = [event.entry for _, event in rows]
            yield from builder.add(entries, [hash_leaf(entry) for entry in entries])
        yield from builder.finish()

    def repair(
        self, plan: RepairPlan, *, shard_count: int, sleep: Callable[[float], None]
    ) -> RepairResult:
        """Make good what the plan says; to do it again is safe.

        Raises:
            InconsistentLogError: the ledger's entries are not those that were published, so that
                no tile is made of them.
            HeadMovedError, StoreUnavailableError, StoreRejectedError: a part is left undone.
        """
        skipped = 0
        for difference in plan.counters:  # before the events, whose commits count on
            try:
                self._set(difference)
            except CounterMovedError:
                skipped += 1
        for order in plan.orders:
            self.counters.put_order(order)
        committed = self._commit(plan.unlogged, shard_count, sleep)
        positions = self._place(plan.unplaced)
        return RepairResult(
            committed,
            len(plan.counters) - skipped,
            skipped,
            len(plan.orders),
            self._keep(plan.tiles),
            positions,
        )

    def _commit(
        self, events: Sequence[EventItem], shard_count: int, sleep: Callable[[float], None]
    ) -> CommitResult:
        changes = sorted(map(_change_of, events), key=lambda one: one.sequence_number)
        parts = [
            commit_changes(
                changes[at : at + _BATCH], self.ledger, shard_count=shard_count, sleep=sleep
            )
            for at in range(0, len(changes), _BATCH)
        ]
        return CommitResult(sum(one.new for one in parts), sum(one.replayed for one in parts))

    def _set(self, difference: CounterDifference) -> None:
        partition = f"counters#{difference.tenant_id}#{difference.span}"
        new = difference.in_page + difference.expected - difference.stored
        self.counters.set_counter(
            (partition, difference.sort), difference.name, difference.in_page, new
        )

    def _place(self, positions: Sequence[int]) -> int:
        for window in sorted({position // MAX_ENTRIES for position in positions}):
            start = window * MAX_ENTRIES
            events = [event for _, event in self.rows.log(start, start + MAX_ENTRIES)]
            self.log.record_positions(events, start)
        return len(positions)

    def _keep(self, missing: Sequence[Tile]) -> int:
        published = self.log.read_publication()
        if not missing or published is None:
            return 0
        edge = Edge()
        for start in range(0, published.size, MAX_ENTRIES):
            rows = self.rows.log(start, min(published.size, start + MAX_ENTRIES))
            edge = edge.with_leaves(hash_leaf(event.entry) for _, event in rows)
        if edge != published.edge:
            raise InconsistentLogError("the ledger's entries are not those that were published")
        wanted = set(missing)
        for tile, content in self._tiles(published.size):
            if tile in wanted:
                self.published_log.put_tiles({tile: content})
        return len(missing)


def _change_of(event: EventItem) -> Change:
    """The stream record that the event's insertion made, under a number of its own."""
    number = _SEQUENCE_START + int.from_bytes(key_of_id(event.id), "big")
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
    )
    return Change(ChangeKind.INSERT, event.received_at, str(number), event.id, None, image)
