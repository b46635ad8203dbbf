"""CPU time of the ledger per event, and that it does not grow with the log."""

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

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, records_of
from benchmarks.report import Finding, Report
from benchmarks.stub import answer_with, answering
from benchmarks.workload import SENT_MS, events, single_jobs
from local.stream_poller import make_lambda_record
from prooftrail.aws.item import encode_item
from prooftrail.aws.stream import parse_stream_event
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.times import parse_timestamp
from prooftrail.ledger.changes import Change
from prooftrail.ledger.commit import Commit, commit_changes
from prooftrail.ledger.entry import LoggedEvent, pack_rows, pack_tenants
from prooftrail.ledger.head import Head
from prooftrail.ledger.tampering import find_tampering
from prooftrail.tlog.merkle import HASH_LENGTH, Edge, hash_leaf

BATCH = 1_000
ROUNDS = 31
SIZES = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
BROKEN_DOWN = 1_000_000
LIMIT_MICROS = 80
LIMIT_RATIO = 1.15
_IN_COUNTERS = ("entry and leaf hash", "right edge")


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """A `LedgerStore` that keeps nothing."""

    at: Head

    def read_head(self) -> Head:
        return self.at

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        pass

    def read_orders(self, *_: str) -> Iterator[RemovalOrder]:
        yield from ()


def run() -> Report:
    """Commit the same batch onto logs of each size in turn, in another order each round."""
    batch = stream_event(records_of(single_jobs(events(BATCH))))
    heads = {size: Head(synthetic_edge(size), SHARDS) for size in SIZES}
    steps = _steps(batch, heads[BROKEN_DOWN])
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    step_times: dict[str, list[float]] = {name: [] for name in steps}
    chance = random.Random(7)
    with answering() as url, open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        answer_with(url, "GetItem", head_item(heads[SIZES[0]]))
        handle = _ledger_handler(batch)
        with redirect_stdout(nowhere):
            handle()
            for _ in range(ROUNDS):
                for size in chance.sample(SIZES, len(SIZES)):
                    answer_with(url, "GetItem", head_item(heads[size]))
                    times[size].append(_cpu_seconds(handle))
                for name, step in steps.items():
                    step_times[name].append(_cpu_seconds(step))
    pairs = zip(times[SIZES[-1]], times[SIZES[0]], strict=True)
    ratio = statistics.median(large / small for large, small in pairs)
    length = statistics.mean(len(json.dumps(one, separators=(",", ":"))) for one in events(BATCH))
    findings = []
    for size, each in times.items():
        micros = _micros(each)
        value, limit = f"{micros:.0f} µs", f"at most {LIMIT_MICROS}"
        findings.append(Finding(f"log of {size:,} entries", value, limit, micros <= LIMIT_MICROS))
    name = f"{SIZES[-1]:,} entries against {SIZES[0]:,}, times"
    findings.append(
        Finding(name, f"{ratio:.2f}", f"at most {LIMIT_RATIO}", ratio <= LIMIT_RATIO),
    )
    return Report(
        "Ledger: CPU per event",
        f"stream batches of {BATCH:,} records, events of {length:.0f} bytes, onto a synthetic "
        f"right edge; median of {ROUNDS} batches, the ratio within a round",
        [*findings, *_breakdown(step_times, times[BROKEN_DOWN])],
    )


def _micros(times: Sequence[float]) -> float:
    return statistics.median(times) / BATCH * 1e6


def synthetic_edge(size: int) -> Edge:
    """A right edge of this size, of arbitrary hashes."""
    chance = random.Random(size)
    return Edge(size, tuple(chance.randbytes(HASH_LENGTH) for _ in range(size.bit_count())))


def stream_event(records: Sequence[EventRecord]) -> dict[str, Any]:
    """The inserts of these records as the Lambda event of a stream's batch."""
    return {
        "Records": [
            make_lambda_record(
                {
                    "eventID": f"{n:032x}",
                    "eventName": "INSERT",
                    "dynamodb": {
                        "Keys": {"pk": item["pk"], "id": item["id"]},
                        "ApproximateCreationDateTime": SENT_MS / 1000,
                        "SequenceNumber": f"{10**20 + n}",
                        "NewImage": item,
                    },
                },
                "arn:aws:dynamodb:us-east-1:123456789012:table/events/stream/1",
            )
            for n, item in enumerate(encode_item(one, SHARDS, NO_PAYLOADS) for one in records)
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
        parse_timestamp.cache_clear()  # no two batches have the same times
        lambda_handler(batch, None)

    return handle


def head_item(head: Head) -> str:
    """What GetItem answers where the ledger's head is this."""
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


def _cpu_seconds(way: Callable[[], object]) -> float:
    before = time.process_time()
    way()
    return time.process_time() - before


def _steps(batch: dict[str, Any], head: Head) -> dict[str, Callable[[], object]]:
    """The handler's steps, each alone; "counters" has the two before it too."""
    changes: list[Change] = parse_stream_event(batch, SHARDS)
    images = [change.new for change in changes if change.new]
    assert len(images) == BATCH
    logged = [LoggedEvent.from_id(one.id, one.digest, one.expires_at) for one in images]
    leaves = [hash_leaf(one.entry) for one in logged]

    def parse() -> object:
        parse_timestamp.cache_clear()
        return parse_stream_event(batch, SHARDS)

    def commit() -> object:
        store = _Nowhere(head)
        return commit_changes(changes, store, shard_count=SHARDS, sleep=lambda _: None)

    return {
        "parse and check the image": parse,
        "look for tampering": lambda: find_tampering(changes, retention_days=0),
        "entry and leaf hash": lambda: [hash_leaf(one.entry) for one in logged],
        "right edge": lambda: head.edge.with_leaves(leaves),
        "counters": commit,
        "rows": lambda: pack_rows(logged),
        "tenants": lambda: pack_tenants([one.tenant_id for one in images]),
    }


def _breakdown(steps: dict[str, list[float]], total: list[float]) -> list[Finding]:
    """Where the time goes; the rest is botocore's for the most part."""
    own = list(
        zip(*(each for name, each in steps.items() if name not in _IN_COUNTERS), strict=True)
    )
    rest = [whole - sum(each) for whole, each in zip(total, own, strict=True)]
    alone = zip(steps["counters"], *(steps[name] for name in _IN_COUNTERS), strict=True)
    counters = [whole - sum(each) for whole, *each in alone]
    parts = {**steps, "counters": counters, "botocore and metrics": rest}
    return [Finding(f"  of it: {name}", f"{_micros(each):.1f} µs") for name, each in parts.items()]
