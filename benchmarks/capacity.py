"""How many events a second an installation takes: a simulation of every stage, second by second.

`python -m benchmarks capacity` prints what limits; `python -m tools.scaling` writes it into
docs/scaling.md. The quotas are those that AWS publishes, the costs of an event are those that the
other benchmarks measure, and the latencies are assumptions: each constant says which.
"""

import heapq
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from statistics import fmean
from typing import Final

from benchmarks.report import Finding, Report
from prooftrail.aws.dynamodb import MAX_WRITES
from prooftrail.ledger.commit import _FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS
from prooftrail.ledger.publish import MAX_ENTRIES

# Quotas of AWS, us-east-1, as published.
PARTITION_WRITES: Final = 1_000  # write units a second of one partition
PARTITION_READS: Final = 3_000
NEW_TABLE_WRITES: Final = 4_000  # a table on demand, and each index, before it has grown
GROWTH_SECONDS: Final = 30 * 60  # in this time it grows to twice its peak, at worst
TABLE_WRITES: Final = 40_000  # of a table or an index; an account can ask for more
POLLER_GROWTH: Final = 300  # more concurrent invocations of a queue's mapping, a minute
FULL_CORE_MB: Final = 1_769  # of memory; less memory gets its share of a core

# The template's settings.
PROCESSOR_MB: Final = 1_024
LEDGER_MB: Final = 512  # of the ledger and of the checkpoint function
LEDGER_BATCH: Final = 1_000
LEDGER_WINDOW_SECONDS: Final = 1.0
CHECKPOINT_USABLE_SECONDS: Final = 40  # of a minute: it starts no run in the last 20 s

# Measured: `python -m benchmarks processor_cpu ledger_cpu write_units checkpoint_writes`.
PROCESSOR_MICROS: Final = 153  # of CPU an event
LEDGER_MICROS: Final = 80  # of CPU an event; the benchmark fails above
EDGE_MICROS: Final = 4  # of it, between reading the head and the transaction
ROW_BYTES: Final = 43 + 4  # of an event in its commit: row, time of receipt, submitter, tenant
CHECKPOINT_MICROS: Final = 20  # of CPU an entry, in a run of `MAX_ENTRIES`

# Assumed: latencies within a region.
BATCH_WRITE_SECONDS: Final = 0.012  # 25 items with their index entries
TRANSACTION_SECONDS: Final = 0.025
READ_SECONDS: Final = 0.005
PUT_SECONDS: Final = 0.04  # an object of S3, on 8 threads
PUT_THREADS: Final = 8
QUEUE_SECONDS: Final = 0.03  # to receive and delete a batch

PROCESSOR_BATCH: Final = 1_000
DELAY_LIMIT_SECONDS: Final = 60  # what waits longer is not kept up with
MAX_CONCURRENCY: Final = 1_000  # of an account, by default, and of a queue's mapping
MAX_SHARDS: Final = 256
SPARE: Final = 1.5  # processors for what is needed, so that they catch up
NOTHING: Final = "nothing"


@dataclass(frozen=True, slots=True)
class Load:
    """Events a second, and the largest share of them that has one key."""

    rate: int
    tenant: float = 0.5
    action: float = 0.1
    user: float = 0.001
    resource: float = 0.001
    failures: float = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can change. `logs` is how many installations share the load, by tenant."""

    shards: int = 4
    concurrency: int = 2
    by_action: bool = True
    logs: int = 1
    table_writes: int = TABLE_WRITES
    is_warm: bool = False  # the tables' warm throughput covers the load from the start
    memory_mb: int = LEDGER_MB


@dataclass(slots=True)
class _Table:
    """A table on demand, or an index: it doubles what it takes at most every 30 minutes."""

    quota: int
    ready: float
    peak: float = 0.0
    seconds: int = 0

    def take(self, wanted: float) -> float:
        """Return how many of this second's writes it takes."""
        taken = min(wanted, self.ready, self.quota)
        self.peak = max(self.peak, taken)
        self.seconds += 1
        if self.seconds % GROWTH_SECONDS == 0:
            self.ready = max(self.ready, 2 * self.peak)
        return taken

    @property
    def stream_shards(self) -> int:
        """The number of partitions, each with a stream shard: a power of two."""
        return 1 << math.ceil(math.log2(min(self.ready, self.quota) / PARTITION_WRITES))


@dataclass(frozen=True, slots=True)
class Outcome:
    """An hour of one installation: the rates at its end, and what waited how long by then."""

    stored: float
    committed: float
    published: float
    delay_seconds: float
    limit: str

    @property
    def keeps_up(self) -> bool:
        """Whether nothing waits for longer than a minute, beside the minute of the checkpoint."""
        return self.delay_seconds <= DELAY_LIMIT_SECONDS


def compute_processor_rate() -> float:
    """Return the events a second of one concurrent processor."""
    cpu = PROCESSOR_MICROS / 1e6 / (PROCESSOR_MB / FULL_CORE_MB)
    return 1 / (cpu + BATCH_WRITE_SECONDS / MAX_WRITES + QUEUE_SECONDS / PROCESSOR_BATCH)


def compute_key_limits(load: Load, settings: Settings) -> Mapping[str, float]:
    """Return the events a second at which the hottest key of each index fills its partition.

    Ids grow with time, so all writes of a key go to the end of its range: DynamoDB cannot split it.
    """
    shares = {
        "a tenant's shard": load.tenant / settings.shards,
        "byUser, one user": load.user,
        "byResource, one resource": load.resource,
        "byFailure, a tenant's shard": load.tenant * load.failures / settings.shards,
    }
    if settings.by_action:
        shares["byAction, one action's shard"] = load.tenant * load.action / settings.shards
    return {name: PARTITION_WRITES / share for name, share in shares.items()}


@cache
def simulate_head(writers: int, batch: int, memory_mb: int = LEDGER_MB, seconds: int = 60) -> float:
    """Return the commits a second that so many stream shards get through one head.

    Each reads the head, computes the new edge, and writes a transaction that fails if the head has
    moved. It then waits as the ledger does and reads the head again.
    """
    chance = random.Random(writers * 1_000_003 + batch)  # the same each time
    core = memory_mb / FULL_CORE_MB
    prepare = batch * (LEDGER_MICROS - EDGE_MICROS) / 1e6 / core
    window = READ_SECONDS + batch * EDGE_MICROS / 1e6 / core + TRANSACTION_SECONDS
    events = [(chance.uniform(0, prepare + window), number, 0.0, 0) for number in range(writers)]
    heapq.heapify(events)
    moved_at, commits = -1.0, 0
    while True:
        at, number, read_at, losses = events[0]
        if at >= seconds:
            return commits / seconds
        if read_at <= 0:  # it begins to read the head
            heapq.heapreplace(events, (at + window, number, at or 1e-9, losses))
        elif moved_at > read_at:
            wait = min(_LONGEST_WAIT_SECONDS, _FIRST_WAIT_SECONDS * 2 ** min(losses + 1, 10))
            heapq.heapreplace(events, (at + chance.uniform(0, wait), number, 0.0, losses + 1))
        else:
            moved_at, commits = at, commits + 1
            heapq.heapreplace(events, (at + prepare, number, 0.0, 0))


def compute_ledger_limits(
    waiting: float, stream_shards: int, settings: Settings
) -> Mapping[str, float]:
    """Return the events a second of the ledger's parts, when so many events wait."""
    batch = max(1, min(LEDGER_BATCH, round(waiting * LEDGER_WINDOW_SECONDS / stream_shards)))
    batch = 2 ** math.floor(math.log2(batch)) if batch < LEDGER_BATCH else batch
    commits = simulate_head(stream_shards, batch, settings.memory_mb)
    entries = 2 * math.ceil(batch * ROW_BYTES / 1024) / batch  # a transaction costs twice
    return {
        "the head": commits * batch,
        "the partition of the log's entries": PARTITION_WRITES / entries,
    }


def compute_checkpoint_rate(settings: Settings) -> float:
    """Return the entries a second that the checkpoint function publishes, over a whole minute."""
    cpu = MAX_ENTRIES * CHECKPOINT_MICROS / 1e6 / (settings.memory_mb / FULL_CORE_MB)
    puts = 2 * MAX_ENTRIES / 256 * PUT_SECONDS / PUT_THREADS
    positions = MAX_ENTRIES * 8 / 1024 / PARTITION_WRITES
    runs = CHECKPOINT_USABLE_SECONDS / (cpu + puts + positions)
    return math.ceil(runs) * MAX_ENTRIES / 60


class _Installation:
    """One of the logs, and what waits before each of its stages."""

    def __init__(self, load: Load, settings: Settings) -> None:
        self._settings = settings
        self._rate = load.rate / settings.logs
        self._keys = min(compute_key_limits(load, settings).items(), key=lambda limit: limit[1])
        ready = max(NEW_TABLE_WRITES, self._rate if settings.is_warm else 0)
        count = 5 if settings.by_action else 4  # the table and its indexes
        self._tables = [_Table(settings.table_writes, ready) for _ in range(count)]
        self._checkpoint = compute_checkpoint_rate(settings)
        self._processor = compute_processor_rate()
        self._queued = self._uncommitted = self._unpublished = 0.0

    def step(self, second: int) -> Outcome:
        """Go on by one second."""
        running = min(self._settings.concurrency, 5 + POLLER_GROWTH * second // 60)
        key_name, key_limit = self._keys
        processors = running * self._processor
        self._queued += self._rate
        wanted = min(self._queued, processors, key_limit)
        table = min(self._tables[0].ready, self._settings.table_writes)
        stored = min(table.take(wanted) for table in self._tables)
        self._queued -= stored
        self._uncommitted += stored
        shards = self._tables[0].stream_shards
        parts = compute_ledger_limits(max(self._uncommitted, 1), shards, self._settings)
        committed = min(self._uncommitted, *parts.values())
        self._uncommitted -= committed
        self._unpublished += committed
        published = min(self._unpublished, self._checkpoint)
        self._unpublished -= published
        takes = {
            "the processor's concurrency": processors,
            key_name: key_limit,
            "the table's throughput": table,
            **parts,
            "the head": simulate_head(shards, LEDGER_BATCH, self._settings.memory_mb)
            * LEDGER_BATCH,
            "the checkpoint function": self._checkpoint,
        }
        delay = self._queued / max(stored, 1) + self._uncommitted / max(committed, 1)
        delay += self._unpublished / max(published, 1)
        limit = min(takes, key=takes.__getitem__)
        return Outcome(
            stored, committed, published, delay, limit if takes[limit] < self._rate else NOTHING
        )


def simulate(load: Load, settings: Settings, seconds: int = 3_600) -> Outcome:
    """Step through an hour of one of the logs, from no load to the full load at once.

    The rates are those of the last minute.
    """
    installation = _Installation(load, settings)
    *_, last = outcomes = [installation.step(second) for second in range(seconds)][-60:]
    return replace(
        last,
        stored=fmean(outcome.stored for outcome in outcomes),
        committed=fmean(outcome.committed for outcome in outcomes),
        published=fmean(outcome.published for outcome in outcomes),
    )


def turn(limit: str, load: Load, settings: Settings) -> Settings:
    """Return the settings with what moves this limit, or with the log split where nothing does."""
    rate = load.rate / settings.logs
    if limit == "the processor's concurrency" and settings.concurrency < MAX_CONCURRENCY:
        return replace(settings, concurrency=_count_processors(rate))
    if limit == "the table's throughput":
        return replace(settings, is_warm=True, table_writes=max(TABLE_WRITES, math.ceil(rate)))
    if limit == "the checkpoint function" and settings.memory_mb < FULL_CORE_MB:
        return replace(settings, memory_mb=FULL_CORE_MB)
    if limit.endswith(" shard") and settings.shards < MAX_SHARDS:
        needed = math.ceil(math.log2(rate * load.tenant / PARTITION_WRITES))
        return replace(settings, shards=min(2**needed, MAX_SHARDS))
    if limit.startswith("byAction"):
        return replace(settings, by_action=False)
    logs = settings.logs * 2
    processors = _count_processors(load.rate / logs)
    split = replace(settings, logs=logs, table_writes=TABLE_WRITES, concurrency=processors)
    return split if simulate(load, split).keeps_up else turn(NOTHING, load, split)


def _count_processors(rate: float) -> int:
    return min(math.ceil(rate / compute_processor_rate() * SPARE), MAX_CONCURRENCY)


@cache
def tune(load: Load) -> Sequence[tuple[Settings, Outcome]]:
    """Return the steps from the template's settings to those that keep up with the load."""
    settings = Settings()
    steps = [(settings, simulate(load, settings))]
    while not steps[-1][1].keeps_up:
        settings = turn(steps[-1][1].limit, load, settings)
        steps.append((settings, simulate(load, settings)))
    return steps


def run() -> Report:
    """Report what each part takes by itself."""
    load, settings = Load(10_000), Settings(shards=16, concurrency=64)
    limits = {
        "one concurrent processor": compute_processor_rate(),
        **compute_key_limits(load, settings),
        **compute_ledger_limits(16 * LEDGER_BATCH, 16, settings),
        "the checkpoint function": compute_checkpoint_rate(settings),
    }
    findings = [Finding(name, f"{limit:,.0f} a second") for name, limit in limits.items()]
    return Report(
        "Capacity: what each part takes, simulated",
        f"{settings.shards} shards, a tenant with {load.tenant:.0%} of the events, an action with "
        f"{load.action:.0%} of its events",
        findings,
    )
