"""The processor's CPU time per event, against a usual handler and against a minimum."""

import json
import os
import statistics
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from types import SimpleNamespace
from typing import Any

import boto3
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from pydantic import BaseModel, ConfigDict

from benchmarks.report import Finding, Report
from benchmarks.stub import run_stub
from benchmarks.workload import make_events
from prooftrail.aws.item import encode_item
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.event.canonical import canonicalize
from prooftrail.event.masking import MASKER
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import parse_job
from tests.support.samples import NOW_MS, job, message, queue_event

BATCH = 1_000
ROUNDS = 9
SHARDS = 4


class UsualEvent(BaseModel):
    """The event model of the usual handler."""

    model_config = ConfigDict(extra="allow")

    eventId: str  # noqa: N815  # as in the JSON
    action: str
    resourceType: str  # noqa: N815
    resourceId: str  # noqa: N815
    success: bool = True


def run() -> Report:
    """Measure all three in turn, so that they share the machine's noise."""
    bodies = list(map(job, make_events(BATCH)))
    batch = queue_event(*(message(body, f"m-{n}") for n, body in enumerate(bodies)))
    with run_stub(), open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        handlers = {
            "processor": make_processor_handler(batch),
            "usual handler": _make_usual_handler(batch),
            "minimum": _make_minimum(bodies),
        }
        times: dict[str, list[float]] = {name: [] for name in handlers}
        with redirect_stdout(nowhere):
            for handler in handlers.values():
                handler()
            for _ in range(ROUNDS):
                for name, handler in handlers.items():
                    times[name].append(_measure_cpu(handler))
    micros = {name: statistics.median(each) / BATCH * 1e6 for name, each in times.items()}
    own = micros["processor"]
    rounds = list(zip(times["processor"], times["usual handler"], times["minimum"], strict=True))
    usual = statistics.median(other / mine for mine, other, _ in rounds)
    floor = statistics.median(mine / other for mine, _, other in rounds)
    size = statistics.mean(
        len(json.dumps(one, separators=(",", ":"))) for one in make_events(BATCH)
    )
    return Report(
        "Processor: CPU per event",
        f"batches of {BATCH:,} messages, events of {size:.0f} bytes, median of {ROUNDS} batches; "
        "ratios within a round",
        [
            Finding("this processor", f"{own:.0f} µs"),
            Finding(
                "(a) usual handler: a conditional put_item per record",
                f"{micros['usual handler']:.0f} µs",
            ),
            Finding("(b) minimum: json.loads and batch_write_item", f"{micros['minimum']:.0f} µs"),
            Finding(
                "(a) against this processor, times", f"{usual:.1f}", "at least 10", usual >= 10
            ),
            Finding(
                "this processor against (b), times", f"{floor:.2f}", "at most 1.5", floor <= 1.5
            ),
            *_list_steps(bodies, own),
        ],
    )


def _measure_cpu(call: Callable[[], object]) -> float:
    before = time.process_time()
    call()
    return time.process_time() - before


def make_processor_handler(batch: dict[str, Any]) -> Callable[[], object]:
    """Return the real handler with this batch. The environment says where AWS is."""

    def handle() -> object:
        response = invoke_processor(batch)
        assert response == {"batchItemFailures": []}
        return response

    return handle


def invoke_processor(batch: dict[str, Any], context: object = None) -> object:
    """Invoke the real handler with this batch. Return its response."""
    os.environ |= {
        "EVENTS_TABLE": "events",
        "LEDGER_TABLE": "ledger",
        "OVERFLOW_BUCKET": "overflow",
        "POWERTOOLS_SERVICE_NAME": "audit-log-bench",
        "POWERTOOLS_METRICS_NAMESPACE": "AuditLog",
    }
    from processor.app import lambda_handler

    return lambda_handler(batch, context)


def _make_usual_handler(batch: dict[str, Any]) -> Callable[[], object]:
    table = boto3.resource("dynamodb").Table("events")
    processor = BatchProcessor(event_type=EventType.SQS)

    def record_handler(record: Any) -> None:
        event = UsualEvent.model_validate(json.loads(record.body)["data"])
        table.put_item(
            Item={"pk": "acme", "id": event.eventId, **event.model_dump()},
            ConditionExpression="attribute_not_exists(id)",
        )

    context: Any = SimpleNamespace()
    return lambda: process_partial_response(batch, record_handler, processor, context)


def _make_minimum(bodies: list[str]) -> Callable[[], object]:
    client = boto3.client("dynamodb")
    items = _encode_items(make_records(bodies))
    requests: list[Any] = [{"PutRequest": {"Item": item}} for item in items]

    def write() -> object:
        for body in bodies:
            json.loads(body)
        for start in range(0, len(requests), 25):
            client.batch_write_item(RequestItems={"events": requests[start : start + 25]})
        return None

    return write


def _no_client() -> Any:
    raise AssertionError("a payload of this size does not go to S3")


NO_PAYLOADS = S3PayloadStore(_no_client, "")


def _encode_items(records: list[EventRecord]) -> list[dict[str, Any]]:
    return [
        encode_item(record, SHARDS, NO_PAYLOADS, stored_at=record.received_at) for record in records
    ]


def make_records(bodies: list[str]) -> list[EventRecord]:
    """Return the records that the processor makes from these messages."""
    return [_make_record(_parse_event(body)) for body in bodies]


def _parse_event(body: str) -> AuditEvent:
    return AuditEvent.from_json(
        parse_job(body).events[0],
        default_event_id="e",
        default_timestamp_ms=NOW_MS,
        now_ms=NOW_MS,
    )


def _make_record(event: AuditEvent) -> EventRecord:
    return EventRecord.from_event(event, received_at=NOW_MS, retention_days=0)


def _list_steps(bodies: list[str], total: float) -> list[Finding]:
    """Return the time of each step alone, and the rest, which is mostly botocore's."""
    parsed = [parse_job(body).events[0] for body in bodies]
    models = [_parse_event(body) for body in bodies]
    jsons = [model.to_json() for model in models]
    records = [_make_record(model) for model in models]
    steps: dict[str, Callable[[], object]] = {
        "parse the job": lambda: [parse_job(body) for body in bodies],
        "mask the secrets": lambda: [MASKER.mask_event(raw) for raw in parsed],
        "validate the event": lambda: [
            AuditEvent.from_json(
                raw, default_event_id="e", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
            )
            for raw in parsed
        ],
        "canonical bytes": lambda: [canonicalize(one) for one in jsons],
        "digest, id, record": lambda: [_make_record(model) for model in models],
        "make the item": lambda: _encode_items(records),
    }
    micros = {
        name: statistics.median(_measure_cpu(step) for _ in range(ROUNDS)) / BATCH * 1e6
        for name, step in steps.items()
    }
    micros["digest, id, record"] -= micros["canonical bytes"]
    micros["botocore, logs and metrics"] = total - sum(micros.values())
    return [Finding(f"  of it: {name}", f"{each:.0f} µs") for name, each in micros.items()]
