"""How fast a published log and a trail are verified, and how much memory that takes."""

import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT
from benchmarks.synthetic_log import (
    SyntheticLog,
    WritableFolder,
    make_verifier_key,
    publish,
)
from prooftrail.event.keys import make_counter_name
from prooftrail.tlog.policy import Policy
from prooftrail.verify.ports import (
    CommitEntries,
    CommitRecord,
    EventItem,
    LedgerItem,
    RecordedPositions,
)
from prooftrail.verify.sources import FolderLog
from prooftrail.verify.trail import TrailCheck

SMALL, LARGE = 50_000, 300_000
TRAIL = 100_000
A_MINUTE = 1_000
ROUNDS = 5
TRAIL_ROUNDS = 3
MIN_RATE = 50_000
LIMIT_GROWTH_MB = 10
_PLACE_START = 4
# It imports only what verification needs: another peak would hide the growth. It does not use
# getrusage, because ru_maxrss includes the parent's peak.
_VERIFICATION = """
import json, re, sys, time
from pathlib import Path
from prooftrail.tlog.note import VerifierKey
from prooftrail.tlog.policy import Policy
from prooftrail.verify.sources import FolderLog
from prooftrail.verify.published import verify_log

def peak_mb():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

start_mb = peak_mb()
policy = Policy.from_key(VerifierKey.from_text(sys.argv[2]))
wall, cpu = time.perf_counter(), time.process_time()
assert verify_log(FolderLog(Path(sys.argv[1])), policy).is_verified
wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
print(json.dumps([wall, cpu, start_mb, peak_mb()]))
"""


@dataclass(frozen=True, slots=True)
class _Measured:
    """One verification in its own process."""

    seconds: float
    cpu_seconds: float
    start_mb: float
    peak_mb: float


class _Trail:
    """A `TrailReader` of a valid trail, made beforehand."""

    def __init__(self, log: SyntheticLog) -> None:
        name = make_counter_name("order.approve", "order", success=True)
        self._ledger: list[LedgerItem] = []
        self._events: list[EventItem] = []
        for segment in log.read_segments(0, log.edge.size):
            first, last = str(segment.start), str(segment.end - 1)
            numbered = enumerate(segment.events, segment.start)
            self._ledger += [
                CommitEntries(segment.start, first, last, segment.events),
                CommitRecord(first, last, segment.start, len(segment.events)),
                RecordedPositions([(at, one.digest[:_PLACE_START]) for at, one in numbered]),
            ]
            self._events += [
                EventItem(one.id, "acme", one.digest, one.time_ms, None, None, name)
                for one in segment.events
            ]

    def read_ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.read_ledger`."""
        return iter(self._ledger)

    def read_events(self) -> Iterator[EventItem]:
        """See `TrailReader.read_events`."""
        return iter(self._events)


def run() -> Report:
    """Publish logs into folders, and verify each several times."""
    with tempfile.TemporaryDirectory() as name:
        folders = {size: Path(name) / str(size) for size in (SMALL, LARGE)}
        for size, folder in folders.items():
            _publish_into(folder, size)
        rounds = [
            {size: _run_in_process(folder) for size, folder in folders.items()}
            for _ in range(ROUNDS)
        ]
        trail_seconds = _measure_trail(Path(name))
    large, small = [one[LARGE] for one in rounds], [one[SMALL] for one in rounds]
    rate = LARGE / statistics.median(one.seconds for one in large)
    cpu_rate = LARGE / statistics.median(one.cpu_seconds for one in large)
    peaks = [statistics.median(one.peak_mb for one in each) for each in (small, large)]
    growth = peaks[1] - peaks[0]
    return Report(
        "Verification",
        f"copies of published logs of {SMALL:,} and {LARGE:,} entries, every entry and tile, each "
        f"in its own process, median of {ROUNDS}; a trail of {TRAIL:,} events in memory",
        [
            Finding(
                "entries per second, published log",
                f"{rate:,.0f}",
                f"at least {MIN_RATE:,}",
                rate >= MIN_RATE,
            ),
            Finding("entries per second of CPU", f"{cpu_rate:,.0f}"),
            Finding(
                "memory at the start", f"{statistics.median(one.start_mb for one in large):.1f} MB"
            ),
            Finding(f"peak memory, {SMALL:,} entries", f"{peaks[0]:.1f} MB"),
            Finding(f"peak memory, {LARGE:,} entries", f"{peaks[1]:.1f} MB"),
            Finding(
                "growth of peak memory",
                f"{growth:.1f} MB",
                f"at most {LIMIT_GROWTH_MB}",
                growth <= LIMIT_GROWTH_MB,
            ),
            Finding("events per second, trail", f"{TRAIL / trail_seconds:,.0f}"),
        ],
    )


def _publish_into(folder: Path, size: int) -> SyntheticLog:
    log = SyntheticLog(A_MINUTE)
    log.grow(size)
    publish(log, WritableFolder(folder))
    return log


def _run_in_process(folder: Path) -> _Measured:
    done = subprocess.run(
        [sys.executable, "-c", _VERIFICATION, str(folder), str(make_verifier_key())],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    return _Measured(*json.loads(done.stdout))


def _measure_trail(folder: Path) -> float:
    copy = folder / "trail"
    log = _publish_into(copy, TRAIL)
    trail = _Trail(log)
    times = []
    for n in range(TRAIL_ROUNDS):
        with closing(sqlite3.connect(folder / f"trail-{n}.db")) as database:
            check = TrailCheck(
                FolderLog(copy),
                log,
                trail,
                Policy.from_key(make_verifier_key()),
                database,
                lambda: log.make_time(TRAIL),
            )
            before = time.perf_counter()
            verdict = check.run()
            times.append(time.perf_counter() - before)
        assert verdict.is_verified, verdict.findings[:3]
        assert verdict.stored == TRAIL
    return statistics.median(times)
