"""Find what the ledger misses of the events table, and what was derived from it and got lost.

An event can be stored but not logged: its stream batch failed for good, or nothing read the stream
for a day. A counter can be wrong: the stream was read again from an earlier point. Tiles and
positions can be removed. All of it can be made again from what is there (see `repair`); what was
tampered with cannot.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from prooftrail.event.hold import HoldOrder
from prooftrail.event.orders import Order
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.changes import CLOCK_SLACK_MS, STREAM_MEMORY_MS
from prooftrail.ledger.ports import LogReader
from prooftrail.ledger.tampering import is_time_of_receipt
from prooftrail.operate.recount import CounterDifference, find_wrong_counters
from prooftrail.progress import Progress
from prooftrail.tlog.merkle import hash_leaf
from prooftrail.tlog.tile_builder import TileBuilder
from prooftrail.tlog.tiles import WIDTH, Tile, TileReader
from prooftrail.verify.comparison import TrailComparison
from prooftrail.verify.database import TrailDatabase
from prooftrail.verify.events import MAX_CLOCK_DIFFERENCE_MS
from prooftrail.verify.ports import (
    CommitEntries,
    CounterPage,
    EventItem,
    RecordedPositions,
    RecordedTenant,
    TrailReader,
    batch_items,
)


@dataclass(slots=True)
class RepairPlan:
    """What has to be repaired.

    - `unlogged` events are stored and in no commit; `waiting` ones may still come by the stream.
    - `forged` events are in no commit, and no message gives their times of receipt and storing.
      They are not committed: an entry would confirm their time of receipt.
    - `counters` differ from a recount. If events of an hour are gone, only counters that are too
      low can be found.
    - `unreferenced` events lack references, so that queries by a target, or by the user on whose
      behalf they were done, do not find them: tenant and id.
    - `orders` are logged orders of which the ledger has no copy.
    - `tiles` are missing. `altered_tiles` differ and are left as they are.
    - `tenants` have counters, and are not among the recorded tenants. The next checkpoint records
      those of new entries.
    - `unrecorded` are positions of entries that cannot be found by their event.
    """

    unlogged: list[EventItem] = field(default_factory=list)
    waiting: int = 0
    forged: list[EventItem] = field(default_factory=list)
    counters: list[CounterDifference] = field(default_factory=list)
    unreferenced: list[tuple[str, str]] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    tenants: list[str] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    altered_tiles: list[Tile] = field(default_factory=list)
    unrecorded: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to repair."""
        return not (
            self.unlogged
            or self.counters
            or self.unreferenced
            or self.orders
            or self.tenants
            or self.tiles
            or self.unrecorded
        )


@dataclass(frozen=True, slots=True)
class RepairPlanner:
    """Compares the parts of a trail once; `database` is empty before."""

    log: LogReader
    trail: TrailReader
    published_log: TileReader
    database: TrailDatabase
    progress: Progress

    def plan(self, *, now_ms: int, older_than_ms: int = STREAM_MEMORY_MS) -> RepairPlan:
        """Return what has to be repaired; change nothing.

        Events stored since `older_than_ms` ago are left to the stream. When they were sent does not
        matter: after an outage, messages are processed long after they were sent.

        Raises:
            InconsistentLogError: the ledger's own entries do not follow each other.
            CorruptRecordError, InaccessibleError: a part cannot be read.
        """
        plan = RepairPlan()
        head = self.log.read_head()
        publication = self.log.read_publication()
        published = publication.size if publication else 0
        # Counters are read before entries: what is committed meanwhile is then never too many.
        tenants = self._read_ledger()
        tenants -= self._read_entries(published)
        self._read_events()
        tenants -= self._read_entries(published)
        plan.tenants = sorted(tenants)
        comparison = TrailComparison(self.database)
        for item in comparison.find_deviating_items():
            if item.position is None and item.event.problem is None:
                _add_unlogged(plan, item.event, now_ms, older_than_ms)
        plan.unreferenced = list(
            comparison.find_missing_references(
                before_ms=now_ms - MAX_CLOCK_DIFFERENCE_MS, now_ms=now_ms
            )
        )
        plan.counters = list(find_wrong_counters(self.database))
        size = head.size if head else 0
        plan.orders = [order for _, order in comparison.find_missing_orders(size)]
        publication = self.log.read_publication()
        if publication is not None:
            unrecorded = comparison.find_unrecorded_positions(publication.size)
            plan.unrecorded = [position for position, _ in unrecorded]
            self._compare_tiles(plan, publication.size)
        return plan

    def _read_ledger(self) -> set[str]:
        """Return the tenants that have counters and are not recorded."""
        counted, recorded = set[str](), set[str]()
        self.progress.step("counters", None)
        for item in self.trail.read_ledger():
            match item:
                case RecordedTenant():
                    recorded.add(item.tenant_id)
                case CounterPage():
                    counted.add(item.tenant_id)
                    self.database.add_counters(item)
                    self.progress.advance(1)
                case RecordedPositions():
                    self.database.add_positions(item)
                case RemovalOrder() | HoldOrder():
                    self.database.add_ledger_order(item)
        return counted - recorded

    def _read_entries(self, published: int) -> set[str]:
        """Return the tenants of the new entries that are not among the `published` first ones."""
        tenants: set[str] = set()
        head = self.log.read_head()
        size = head.size if head else 0
        start = self.database.read_log_size()
        self.progress.step("entries", size - start)
        for segment in self.log.read_segments(start, size):
            entries = CommitEntries(segment.start, "", "", segment.events)
            self.database.add_commit_entries(entries)
            self.progress.advance(len(segment.events))
            if segment.end > published:
                tenants.update(segment.tenants or ())
        return tenants

    def _read_events(self) -> None:
        self.progress.step("events", None)
        for batch in batch_items(self.trail.read_events()):
            self.database.add_events(batch.events)
            self.database.add_references(batch.references)
            self.progress.advance(len(batch.events))

    def _compare_tiles(self, plan: RepairPlan, size: int) -> None:
        self.progress.step("tiles", size)
        for tile, content in make_tiles(self.database, size):
            found = self.published_log.read(tile)
            if found is None:
                plan.tiles.append(tile)
            elif found != content:
                plan.altered_tiles.append(tile)
            if tile.level is None:
                self.progress.advance(tile.width)


def _add_unlogged(plan: RepairPlan, event: EventItem, now_ms: int, older_than_ms: int) -> None:
    is_possible = is_time_of_receipt(event.received_at, event.stored_at)
    if not is_possible or event.stored_at > now_ms + CLOCK_SLACK_MS:
        plan.forged.append(event)
    elif now_ms - event.stored_at >= older_than_ms:
        plan.unlogged.append(event)
    else:
        plan.waiting += 1


def make_tiles(database: TrailDatabase, size: int) -> Iterator[tuple[Tile, bytes]]:
    """Yield every tile and entry bundle of the log at this size, from the ledger's entries."""
    builder = TileBuilder()
    for start in range(0, size, WIDTH):
        rows = database.read_log(start, min(size, start + WIDTH))
        entries = [event.entry for _, event in rows]
        yield from builder.add(entries, [hash_leaf(entry) for entry in entries])
    yield from builder.finish()
