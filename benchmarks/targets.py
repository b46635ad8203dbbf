"""What targets cost: write units, requests, and the CPU of the processor and of the ledger."""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from typing import Any

from benchmarks.processor_cpu import NO_PAYLOADS, SHARDS, make_processor_handler, make_records
from benchmarks.report import Finding, Report
from benchmarks.stub import run_stub
from benchmarks.workload import make_events
from prooftrail.aws.clients import client
from prooftrail.aws.dynamodb import Item
from prooftrail.aws.item import compute_item_size, count_write_units, encode_item
from prooftrail.aws.references import encode_references
from prooftrail.aws.stream import read_changes
from prooftrail.ledger.tampering import detect_tampering
from tests.support.samples import job, message, queue_event
from tests.support.stream_samples import make_stream_record

BATCH = 200
ROUNDS = 7
TARGET_COUNTS = (0, 1, 5, 20)


def make_events_with_targets(count: int, target_count: int) -> list[dict[str, Any]]:
    """Return the events of the other benchmarks, each with so many targets."""
    return [
        {**event, "targets": [_make_target(number + at) for at in range(target_count)]}
        for number, event in enumerate(make_events(count))
    ]


def _make_target(number: int) -> dict[str, str]:
    return {"type": "document", "id": f"target-{number % 10_000}"}


def run() -> Report:
    """Measure batches of events with no target, with one, five and twenty."""
    findings: list[Finding] = []
    with (
        run_stub(),
        open(os.devnull, "w", encoding="utf-8") as nowhere,  # noqa: PTH123
        redirect_stdout(nowhere),
    ):
        for target_count in TARGET_COUNTS:
            findings += _measure(target_count)
    return Report(
        "Targets: what their references cost an event",
        f"batches of {BATCH} messages of one event, median of {ROUNDS} batches; targets of "
        f"{len(json.dumps(_make_target(9_999)))} bytes",
        findings,
    )


def _measure(target_count: int) -> list[Finding]:
    bodies = [job(event) for event in make_events_with_targets(BATCH, target_count)]
    items, references = encode_items(bodies)
    units = sum(count_write_units(compute_item_size(item)) for item in items) / BATCH
    name = f"{target_count} targets"
    findings = [Finding(f"{name}: the event's own item", f"{units:.2f} units")]
    if references:
        sizes = [compute_item_size(item) for item in references]
        each = sum(map(count_write_units, sizes)) / len(references)
        findings += [
            Finding(f"{name}: references", f"{len(references) / BATCH:.0f}"),
            Finding(f"{name}: a reference", f"{statistics.mean(sizes):.0f} bytes"),
            Finding(f"{name}: a reference", f"{each:.2f} units", "1", each == 1),
        ]
    calls, micros = _measure_processor(bodies)
    ledger = _measure_ledger([*references, *items])
    return [
        *findings,
        Finding(f"{name}: requests for {BATCH} events", str(calls)),
        Finding(f"{name}: processor", f"{micros:.0f} µs an event"),
        Finding(f"{name}: ledger, to read", f"{ledger:.0f} µs an event"),
    ]


def encode_items(bodies: list[str]) -> tuple[list[Item], list[Item]]:
    """Return the items of the events in these messages, and those of their references."""
    items: list[Item] = []
    references: list[Item] = []
    for record in make_records(bodies):
        items.append(encode_item(record, SHARDS, NO_PAYLOADS, stored_at=record.received_at))
        references += encode_references(record, items[-1])
    return items, references


def _measure_processor(bodies: list[str]) -> tuple[int, float]:
    """Return the requests that write a batch, and the CPU time of an event in microseconds."""
    batch = queue_event(*(message(body, f"m-{n}") for n, body in enumerate(bodies)))
    handler = make_processor_handler(batch)
    calls: list[str] = []
    client("dynamodb").meta.events.register(
        "before-send.dynamodb.BatchWriteItem", lambda **_: calls.append("BatchWriteItem")
    )
    handler()
    count = len(calls)
    return count, statistics.median(_measure_cpu(handler) for _ in range(ROUNDS)) / BATCH * 1e6


def _measure_ledger(items: Sequence[Item]) -> float:
    """Return the CPU time to read and check the stream records of an event, in microseconds."""
    event = {
        "Records": [make_stream_record("INSERT", at, new=item) for at, item in enumerate(items)]
    }

    def read() -> None:
        for change in read_changes(event, SHARDS):
            assert detect_tampering(change, 0) is None

    return statistics.median(_measure_cpu(read) for _ in range(ROUNDS)) / BATCH * 1e6


def _measure_cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before
