"""CPU time of the processor per event, against the usual way and against the floor."""

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
from benchmarks.stub import answering
from benchmarks.workload import SENT_MS, events, queue_event, single_jobs
from prooftrail.aws.item import encode_item
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.event.canonical import canonicalize
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import parse_job

BATCH = 1_000
ROUNDS = 9
SHARDS = 4


class UsualEvent(BaseModel):
    """The model that a record handler would have."""

    model_config = ConfigDict(extra="allow")

    eventId: str  # noqa: N815  # as in the JSON
    action: str
    resourceType: str  # noqa: N815
    resourceId: str  # noqa: N815
    success: bool = True


def run() -> Report:
    """Measure all three in turn, so that the machine's mood is shared."""
    bodies = single_jobs(events(BATCH))
    batch = queue_event(bodies)
    with answering(), open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123
        ways = {
            "processor": processor_handler(batch),
            "usual way": _usual_way(batch),
            "floor": _floor(bodies),
        }
        times: dict[str, list[float]] = {name: [] for name in ways}
        with redirect_stdout(nowhere):
            for way in ways.values():
                way()
            for _ in range(ROUNDS):
                for name, way in ways.items():
                    times[name].append(_cpu_seconds(way))
    micros = {name: statistics.median(each) / BATCH * 1e6 for name, each in times.items()}
    own = micros["processor"]
    rounds = list(zip(times["processor"], times["usual way"], times["floor"], strict=True))
    usual = statistics.median(other / mine for mine, other, _ in rounds)
    floor = statistics.median(mine / other for mine, _, other in rounds)
    size = statistics.mean(len(json.dumps(one, separators=(",", ":"))) for one in events(BATCH))
    return Report(
        "Processor: CPU per event",
        f"batches of {BATCH:,} messages, events of {size:.0f} bytes, median of {ROUNDS} batches; "
        "ratios within a round",
        [
            Finding("this processor", f"{own:.0f} µs"),
            Finding("(a) record handler, conditional put_item", f"{micros['usual way']:.0f} µs"),
            Finding("(b) json.loads and batch_write_item", f"{micros['floor']:.0f} µs"),
            Finding("less than (a), times", f"{usual:.1f}", "at least 10", usual >= 10),
            Finding("as much as (b), times", f"{floor:.2f}", "at most 1.5", floor <= 1.5),
            *_breakdown(bodies, own),
        ],
    )


def _cpu_seconds(way: Callable[[], object]) -> float:
    before = time.process_time()
    way()
    return time.process_time() - before


def processor_handler(batch: dict[str, Any]) -> Callable[[], object]:
    """The real handler, on this batch; AWS is wherever the environment says."""
    os.environ |= {
        "EVENTS_TABLE": "events",
        "LEDGER_TABLE": "ledger",
        "OVERFLOW_BUCKET": "overflow",
        "POWERTOOLS_SERVICE_NAME": "audit-log-bench",
        "POWERTOOLS_METRICS_NAMESPACE": "AuditLog",
    }
    from processor.app import lambda_handler

    def handle() -> object:
        answer = lambda_handler(batch, None)
        assert answer == {"batchItemFailures": []}
        return answer

    return handle


def _usual_way(batch: dict[str, Any]) -> Callable[[], object]:
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


def _floor(bodies: list[str]) -> Callable[[], object]:
    client = boto3.client("dynamodb")
    items = [encode_item(record, SHARDS, NO_PAYLOADS) for record in records_of(bodies)]
    requests: list[Any] = [{"PutRequest": {"Item": item}} for item in items]

    def write() -> object:
        for body in bodies:
            json.loads(body)
        for start in range(0, len(requests), 25):
            client.batch_write_item(RequestItems={"events": requests[start : start + 25]})
        return None

    return write


def _no_client() -> Any:
    raise AssertionError("no payload of this size goes to S3")


NO_PAYLOADS = S3PayloadStore(_no_client, "")


def records_of(bodies: list[str]) -> list[EventRecord]:
    """The records that the processor makes of these messages."""
    return [_record(_event(body)) for body in bodies]


def _event(body: str) -> AuditEvent:
    return AuditEvent.from_json(
        parse_job(body).events[0],
        default_event_id="e",
        default_timestamp_ms=SENT_MS,
        now_ms=SENT_MS,
    )


def _record(event: AuditEvent) -> EventRecord:
    return EventRecord.from_event(event, received_at=SENT_MS, retention_days=0)


def _breakdown(bodies: list[str], total: float) -> list[Finding]:
    """Where the time goes: each step alone, and the rest, which is botocore's for the most part."""
    parsed = [parse_job(body).events[0] for body in bodies]
    models = [_event(body) for body in bodies]
    jsons = [model.to_json() for model in models]
    records = [_record(model) for model in models]
    steps: dict[str, Callable[[], object]] = {
        "parse the job": lambda: [parse_job(body) for body in bodies],
        "validate the event": lambda: [
            AuditEvent.from_json(
                raw, default_event_id="e", default_timestamp_ms=SENT_MS, now_ms=SENT_MS
            )
            for raw in parsed
        ],
        "canonical bytes": lambda: [canonicalize(one) for one in jsons],
        "digest, id, record": lambda: [_record(model) for model in models],
        "make the item": lambda: [encode_item(one, SHARDS, NO_PAYLOADS) for one in records],
    }
    micros = {
        name: statistics.median(_cpu_seconds(step) for _ in range(ROUNDS)) / BATCH * 1e6
        for name, step in steps.items()
    }
    micros["digest, id, record"] -= micros["canonical bytes"]
    micros["botocore, logs and metrics"] = total - sum(micros.values())
    return [Finding(f"  of it: {name}", f"{each:.0f} µs") for name, each in micros.items()]
