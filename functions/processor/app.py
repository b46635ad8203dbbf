"""The processor: stores audit events from the queue in AuditEvents."""

import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.queue import SqsDeadLetterSender, SqsRetrySchedule
from prooftrail.event import times
from prooftrail.event.retention import DEAD_LETTERS_PREFIX, make_payloads_prefix
from prooftrail.intake.ingest import (
    DATABASE_NOT_CONFIGURED,
    IngestResult,
    Message,
    ingest,
    skip_messages,
)
from prooftrail.intake.ports import DeadLetterSender, EventWriter
from prooftrail.intake.senders import OwnRoles
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.runtime.telemetry import emit_ingest, emit_skipped, get_logger


@dataclass(frozen=True)
class Processor:
    """The adapters that the processor uses."""

    writer: EventWriter
    dead_letters: DeadLetterSender
    retries: SqsRetrySchedule


@cache
def make_processor() -> Processor:
    """Return the adapters, made on first use. Refuse a trail with another shard count."""
    conf = get_settings()
    require_same_shard_count()
    prefix = make_payloads_prefix(conf.retention_days)
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket, prefix)
    quarantined = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket, DEAD_LETTERS_PREFIX)
    return Processor(
        DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads),
        SqsDeadLetterSender(lambda: client("sqs"), conf.dead_letter_queue_url, quarantined),
        SqsRetrySchedule(lambda: client("sqs"), conf.queue_url),
    )


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Process a batch of the queue. Return the messages that SQS must deliver again."""
    started = time.monotonic()
    now_ms = times.now_ms()
    messages = [_parse_message(record) for record in event["Records"]]
    if not get_settings().events_table:
        _skip(messages)
        return {"batchItemFailures": []}
    parts = make_processor()
    report = ingest(
        messages,
        parts.writer,
        parts.dead_letters,
        now_ms=now_ms,
        retention_days=get_settings().retention_days,
        masks_secrets=get_settings().masks_secrets,
        roles=OwnRoles(get_settings().submit_role_id, get_settings().system_role_ids),
    )
    receipts = {record["messageId"]: record["receiptHandle"] for record in event["Records"]}
    receives = {message.id: message.receive_count for message in messages}
    parts.retries.postpone(
        {receipts[message_id]: receives[message_id] for message_id in report.retried}
    )
    _log(report)
    emit_ingest(
        report,
        duration_ms=(time.monotonic() - started) * 1000,
        lag_ms=max(now_ms - min((message.sent_at for message in messages), default=now_ms), 0),
    )
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in report.retried]}


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


def _log(report: IngestResult) -> None:
    for dead_letter in report.quarantined:
        get_logger().warning(
            "quarantined",
            extra={
                "sourceMessageId": dead_letter.source_message_id,
                "errorType": dead_letter.error_type,
                "errorMessage": dead_letter.error_message,
            },
        )
    for message_id, failure in report.failed.items():
        get_logger().error(
            "the processor failed",
            extra={
                "messageId": message_id,
                "errorType": type(failure.fault).__name__,  # not its text, which can hold values
                "trace": traceback.format_tb(failure.fault.__traceback__),
            },
        )
    for message_id in report.retried:
        errors = {result.error for result in report.results[message_id] if result.error}
        get_logger().error(
            "not stored now", extra={"messageId": message_id, "errors": sorted(errors)}
        )
    get_logger().info(
        "batch",
        extra={
            "stored": len(report.stored),
            "quarantined": len(report.quarantined),
            "retried": len(report.retried),
        },
    )
