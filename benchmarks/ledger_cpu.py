"""The ledger's CPU time per event, in logs of different sizes."""

import json
import os
import random
import statistics
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, make_records
from benchmarks.report import Finding, Report
from benchmarks.stub import run_stub, set_response
from benchmarks.workload import make_events
from local.stream_poller import make_lambda_record
from prooftrail.aws.item import encode_item
from prooftrail.aws.stream import read_changes
from prooftrail.event import times
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.changes import Change
from prooftrail.ledger.commit import Commit, commit_changes
from prooftrail.ledger.entry import LoggedEvent, pack_rows, pack_tenants
from prooftrail.ledger.head import Head
from prooftrail.ledger.tampering import detect_tampering
from prooftrail.tlog.merkle import HASH_LENGTH, Edge, hash_leaf
from tests.support.samples import NOW_MS, job

BATCH = 1_000
ROUNDS = 31
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
BROKEN_DOWN = 1_000_000
LIMIT_MICROS = 80
LIMIT_RATIO = 1.15
_IN_COUNTERS = ("entry and leaf hash", "right edge")


@dataclass(frozen=True, slots=True)
class _EmptyLedger:
    """A `LedgerStore` that stores nothing."""

    at: Head

    def read_head(self) -> Head:
        return self.at

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        pass

    def read_orders(self, *_: str) -> Iterator[RemovalOrder]:
        yield from ()


def run() -> Report:
    """Commit the same batch onto logs of each size, in another order in each round."""
    batch = make_stream_event(make_records(list(map(job, make_events(BATCH)))))
    heads = {size: Head(make_edge(size), SHARDS) for size in SIZES}
    steps = _make_steps(batch, heads[BROKEN_DOWN])
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    step_times: dict[str, list[float]] = {name: [] for name in steps}
    rng = random.Random(7)
    with run_stub() as url, open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        set_response(url, "GetItem", make_head_response(heads[SIZES[0]]))
        handle = _ledger_handler(batch)
        with redirect_stdout(nowhere):
            handle()
            for _ in range(ROUNDS):
                for size in rng.sample(SIZES, len(SIZES)):
                    set_response(url, "GetItem", make_head_response(heads[size]))
                    times[size].append(_measure_cpu(handle))
                for name, step in steps.items():
                    step_times[name].append(_measure_cpu(step))
    pairs = zip(times[SIZES[-1]], times[SIZES[0]], strict=True)
    ratio = statistics.median(large / small for large, small in pairs)
    length = statistics.mean(
        len(json.dumps(one, separators=(",", ":"))) for one in make_events(BATCH)
    )
    findings = []
    for size, each in times.items():
        micros = _compute_micros(each)
        value, limit = f"{micros:.0f} µs", f"at most {LIMIT_MICROS}"
        findings.append(Finding(f"log of {size:,} entries", value, limit, micros <= LIMIT_MICROS))
    name = f"{SIZES[-1]:,} entries against {SIZES[0]:,}, times"
    findings.append(
        Finding(name, f"{ratio:.2f}", f"at most {LIMIT_RATIO}", ratio <= LIMIT_RATIO),
    )
    return Report(
        "Ledger: CPU per event",
        f"stream batches of {BATCH:,} records, events of {length:.0f} bytes, on a synthetic "
        f"right edge; median of {ROUNDS} batches, the ratio within a round",
        [*findings, *_list_steps(step_times, times[BROKEN_DOWN])],
    )


def _compute_micros(times: Sequence[float]) -> float:
    return statistics.median(times) / BATCH * 1e6


def make_edge(size: int) -> Edge:
    """Return a right edge of this size, with arbitrary hashes."""
    rng = random.Random(size)
    return Edge(size, tuple(rng.randbytes(HASH_LENGTH) for _ in range(size.bit_count())))


def make_stream_event(records: Sequence[EventRecord]) -> dict[str, Any]:
    """Return the Lambda event of a stream batch that inserts these records."""
    return {
        "Records": [
            make_lambda_record(
                {
                    "eventID": f"{n:032x}",
                    "eventName": "INSERT",
                    "dynamodb": {
                        "Keys": {"pk": item["pk"], "id": item["id"]},
                        "ApproximateCreationDateTime": NOW_MS / 1000,
                        "SequenceNumber": f"{10**20 + n}",
                        "NewImage": item,
                    },
                },
                "arn:aws:dynamodb:us-east-1:123456789012:table/events/stream/1",
            )
            for n, item in enumerate(
                encode_item(one, SHARDS, NO_PAYLOADS, stored_at=one.received_at) for one in records
            )
        ]
    }


def _ledger_handler(batch: dict[str, Any]) -> Callable[[], object]:
    os.environ |= {
        "EVENTS_TABLE": "events",
        "LEDGER_TABLE": "ledger",
        "SHARD_COUNT": str(SHARDS),
        "POWERTOOLS_SERVICE_NAME": "audit-log-bench",
        "POWERTOOLS_METRICS_NAMESPACE": "AuditLog",
    }
    from ledger.app import lambda_handler

    def handle() -> None:
        times._parse_timestamp.cache_clear()  # real batches do not repeat times
        lambda_handler(batch, None)

    return handle


def make_head_response(head: Head) -> str:
    """Return the response of GetItem for this head of the ledger."""
    return json.dumps(
        {
            "Item": {
                "pk": {"S": "ledger"},
                "sk": {"S": "head"},
                "size": {"N": str(head.size)},
                "edge": {"B": b64encode(head.edge.to_bytes()).decode()},
                "shardCount": {"N": str(head.shard_count)},
            }
        }
    )


def _measure_cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def _make_steps(batch: dict[str, Any], head: Head) -> dict[str, Callable[[], object]]:
    """Return the handler's steps, each alone. "counters" includes the two steps before it."""
    changes: list[Change] = list(read_changes(batch, SHARDS))
    images = [change.new for change in changes if change.new]
    assert len(images) == BATCH
    logged = [LoggedEvent.from_id(one.id, one.digest, one.expires_at) for one in images]
    leaves = [hash_leaf(one.entry) for one in logged]

    def parse() -> object:
        times._parse_timestamp.cache_clear()
        return list(read_changes(batch, SHARDS))

    def commit() -> object:
        store = _EmptyLedger(head)
        return commit_changes(changes, store, shard_count=SHARDS, sleep=lambda _: None)

    return {
        "parse and check the image": parse,
        "look for tampering": lambda: [detect_tampering(one, 0) for one in changes],
        "entry and leaf hash": lambda: [hash_leaf(one.entry) for one in logged],
        "right edge": lambda: head.edge.with_leaves(leaves),
        "counters": commit,
        "rows": lambda: pack_rows(logged),
        "tenants": lambda: pack_tenants([one.tenant_id for one in images]),
    }


def _list_steps(steps: dict[str, list[float]], total: list[float]) -> list[Finding]:
    """Return the time of each step. The rest is mostly botocore's."""
    own = list(
        zip(*(each for name, each in steps.items() if name not in _IN_COUNTERS), strict=True)
    )
    rest = [whole - sum(each) for whole, each in zip(total, own, strict=True)]
    alone = zip(steps["counters"], *(steps[name] for name in _IN_COUNTERS), strict=True)
    counters = [whole - sum(each) for whole, *each in alone]
    parts = {**steps, "counters": counters, "botocore and metrics": rest}
    return [
        Finding(f"  of it: {name}", f"{_compute_micros(each):.1f} µs")
        for name, each in parts.items()
    ]
