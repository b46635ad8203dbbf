"""The processor: stores audit events from the queue in AuditEvents."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.queue import SqsDeadLetterSender, SqsRetrySchedule
from prooftrail.errors import AuditLogError
from prooftrail.event import times
from prooftrail.event.retention import DEAD_LETTERS_PREFIX, make_payloads_prefix
from prooftrail.intake.budget import Budget, Service
from prooftrail.intake.ingest import (
    DATABASE_NOT_CONFIGURED,
    IngestResult,
    Message,
    ingest_in_chunks,
    skip_messages,
)
from prooftrail.intake.pending import IngestSettings
from prooftrail.intake.ports import DeadLetterSender, EventWriter
from prooftrail.intake.senders import OwnRoles
from prooftrail.runtime.budget import make_budget
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.runtime.telemetry import IngestCounts, emit_ingest, emit_skipped, get_logger

MAX_LOGGED_ERRORS: Final = 20


@dataclass(frozen=True)
class Processor:
    """The adapters that the processor uses."""

    writer: EventWriter
    dead_letters: DeadLetterSender
    retries: SqsRetrySchedule


@cache
def make_processor() -> Processor:
    """Return the adapters, made on first use."""
    conf = get_settings()
    prefix = make_payloads_prefix(conf.retention_days)
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket, prefix)
    quarantined = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket, DEAD_LETTERS_PREFIX)
    return Processor(
        DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads),
        SqsDeadLetterSender(lambda: client("sqs"), conf.dead_letter_queue_url, quarantined),
        SqsRetrySchedule(lambda: client("sqs"), conf.queue_url),
    )


@cache
def check_shard_count() -> None:
    """Check the trail's shard count once. A fault is not cached: the next invocation tries again.

    Raises:
        AuditLogError: see `require_same_shard_count`.
    """
    require_same_shard_count()


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Process a batch of the queue. Return the messages that SQS must deliver again."""
    started = time.monotonic()
    now_ms = times.now_ms()
    messages = [_parse_message(record) for record in event["Records"]]
    if not get_settings().events_table:
        _skip(messages)
        return {"batchItemFailures": []}
    budget = make_budget(context)
    counts = IngestCounts()
    retried = _process(messages, now_ms, budget, counts)
    receipts = {record["messageId"]: record["receiptHandle"] for record in event["Records"]}
    receives = {message.id: message.receive_count for message in messages}
    make_processor().retries.postpone(
        {receipts[message_id]: receives[message_id] for message_id in retried}, budget
    )
    get_logger().info(
        "batch",
        extra={
            "stored": counts.stored_count,
            "quarantined": counts.quarantined_count,
            "retried": len(retried),
        },
    )
    emit_ingest(
        counts,
        duration_ms=(time.monotonic() - started) * 1000,
        lag_ms=max(now_ms - min((message.sent_at for message in messages), default=now_ms), 0),
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in retried]}


def _process(
    messages: Sequence[Message], now_ms: int, budget: Budget, counts: IngestCounts
) -> Sequence[str]:
    """Store and quarantine the events of the messages. Return the ids of those to be retried."""
    conf = get_settings()
    parts = make_processor()
    try:
        check_shard_count()
    except AuditLogError as fault:
        budget.give_up(Service.EVENTS, fault)
    retried: list[str] = []
    settings = IngestSettings(
        now_ms,
        conf.retention_days,
        conf.masks_secrets,
        conf.max_receives,
        OwnRoles(conf.submit_role_id, conf.system_role_ids),
    )
    for result in ingest_in_chunks(
        messages, parts.writer, parts.dead_letters, settings=settings, budget=budget
    ):
        _log(result)
        counts.add(result)
        retried += result.retried
    return retried


def _parse_message(record: dict[str, Any]) -> Message:
    attributes = record["attributes"]
    return Message(
        id=record["messageId"],
        body=record["body"],
        sent_at=int(attributes["SentTimestamp"]),
        receive_count=int(attributes["ApproximateReceiveCount"]),
        sender_id=attributes.get("SenderId", ""),
    )


def _skip(messages: Sequence[Message]) -> None:
    count = sum(len(results) for results in skip_messages(messages).values())
    get_logger().warning("skipped", extra={"reason": DATABASE_NOT_CONFIGURED, "events": count})
    emit_skipped(count, DATABASE_NOT_CONFIGURED)


def _log(result: IngestResult) -> None:
    for dead_letter in result.quarantined:
        get_logger().warning(
            "quarantined",
            extra={
                "sourceMessageId": dead_letter.source_message_id,
                "errorType": dead_letter.error_type,
                "errorMessage": dead_letter.error_message,
            },
        )
    for message_id, failure in result.failed.items():
        get_logger().error(
            "the processor failed",
            extra={
                "messageId": message_id,
                "errorType": failure.fault_type,  # not its text, which can hold values
                "trace": failure.trace,
            },
        )
    for message_id in result.retried:
        errors = {each.error for each in result.results[message_id] if each.error}
        get_logger().error(
            "not stored now",
            extra={"messageId": message_id, "errors": sorted(errors)[:MAX_LOGGED_ERRORS]},
        )
