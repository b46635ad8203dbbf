"""How fast a whole log and a whole trail are verified, and how much memory that takes."""

import json
import os
import resource
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

from auditlog.keys import counter_name
from auditlog.verify.policy import Policy
from auditlog.verify.ports import CommitMark, EventItem, LedgerItem, LedgerRows, Places
from auditlog.verify.sources import FolderBoard
from auditlog.verify.trail import TrailCheck, verify_log
from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT
from benchmarks.synthetic_log import (
    SyntheticLog,
    WritableFolder,
    publish,
    verifier_key,
)

SMALL, LARGE = 50_000, 300_000
TRAIL = 100_000
A_MINUTE = 1_000
ROUNDS = 5
TRAIL_ROUNDS = 3
LIMIT_A_SECOND = 50_000
LIMIT_GROWTH_MB = 10
MEBIBYTE = 1024 * 1024
_PLACE_START = 4


@dataclass(frozen=True, slots=True)
class _Measured:
    """One verification in a process of its own."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class _Trail:
    """`TrailReader` of a trail in which everything is right."""

    log: SyntheticLog

    def ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.ledger`."""
        for segment in self.log.segments(0, self.log.edge.size):
            first, last = str(segment.start), str(segment.end - 1)
            yield LedgerRows(segment.start, first, last, segment.events)
            yield CommitMark(first, last, segment.start, len(segment.events))
            numbered = enumerate(segment.events, segment.start)
            yield Places([(at, one.digest[:_PLACE_START]) for at, one in numbered])

    def events(self) -> Iterator[EventItem]:
        """See `TrailReader.events`."""
        name = counter_name("order.approve", "order", success=True)
        for segment in self.log.segments(0, self.log.edge.size):
            for one in segment.events:
                yield EventItem(one.id, "acme", one.digest, one.time_ms, None, None, name)


def run() -> Report:
    """Publish into folders, and verify each copy several times."""
    with tempfile.TemporaryDirectory() as name:
        folders = {size: Path(name) / str(size) for size in (SMALL, LARGE)}
        for size, folder in folders.items():
            _published(folder, size)
        rounds = [
            {size: _in_a_process(folder) for size, folder in folders.items()} for _ in range(ROUNDS)
        ]
        trail_seconds = _trail_seconds(Path(name))
    large, small = [one[LARGE] for one in rounds], [one[SMALL] for one in rounds]
    rate = LARGE / statistics.median(one.seconds for one in large)
    cpu_rate = LARGE / statistics.median(one.cpu_seconds for one in large)
    peaks = [statistics.median(one.peak_mb for one in each) for each in (small, large)]
    growth = peaks[1] - peaks[0]
    return Report(
        "Verification",
        f"copies of published logs of {SMALL:,} and {LARGE:,} entries, every entry and tile, a "
        f"process each, median of {ROUNDS}; a trail of {TRAIL:,} events in memory",
        [
            Finding(
                "entries a second, published log",
                f"{rate:,.0f}",
                f"at least {LIMIT_A_SECOND:,}",
                rate >= LIMIT_A_SECOND,
            ),
            Finding("entries a second of CPU", f"{cpu_rate:,.0f}"),
            Finding(f"peak memory, {SMALL:,} entries", f"{peaks[0]:.1f} MB"),
            Finding(f"peak memory, {LARGE:,} entries", f"{peaks[1]:.1f} MB"),
            Finding(
                "growth",
                f"{growth:.1f} MB",
                f"at most {LIMIT_GROWTH_MB}",
                growth <= LIMIT_GROWTH_MB,
            ),
            Finding("events a second, whole trail", f"{TRAIL / trail_seconds:,.0f}"),
        ],
    )


def _published(folder: Path, size: int) -> SyntheticLog:
    log = SyntheticLog(A_MINUTE)
    log.grow(size)
    publish(log, WritableFolder(folder))
    return log


def _in_a_process(folder: Path) -> _Measured:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.verification", str(folder)],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": "functions"},
    )
    return _Measured(*json.loads(done.stdout))


def _measure(folder: Path) -> tuple[float, float, float]:
    """Wall and CPU seconds of verifying a copy, and peak resident size in MiB."""
    policy = Policy.of_key(verifier_key())
    wall, cpu = time.perf_counter(), time.process_time()
    assert verify_log(FolderBoard(folder), policy).is_verified
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEBIBYTE


def _trail_seconds(folder: Path) -> float:
    copy = folder / "trail"
    log = _published(copy, TRAIL)
    times = []
    for n in range(TRAIL_ROUNDS):
        with closing(sqlite3.connect(folder / f"trail-{n}.db")) as database:
            check = TrailCheck(
                FolderBoard(copy),
                log,
                _Trail(log),
                Policy.of_key(verifier_key()),
                database,
                now_ms=log.time_at(TRAIL),
            )
            before = time.perf_counter()
            verdict = check.run()
            times.append(time.perf_counter() - before)
        assert verdict.is_verified, verdict.findings[:3]
        assert verdict.stored == TRAIL
    return statistics.median(times)


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]))))
