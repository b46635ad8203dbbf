"""Events and messages for tests."""

import json
from hashlib import md5
from typing import Any

from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import CLEANUP_RESOURCE
from prooftrail.event.reserved import CLEANUP_ACTION
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ingest import Message

NOW_MS = 1_764_000_000_000  # 2025-11-24T16:00:00Z
SENDER = "AROAEXAMPLEID:i-0abc"  # the SenderId of messages


def event_json(**fields: Any) -> dict[str, Any]:
    """Return a valid event with the required fields and these fields."""
    return {
        "action": "user.login",
        "resourceType": "session",
        "resourceId": "s-1",
        **fields,
    }


def make_audit_event(raw: object) -> AuditEvent:
    """Return the event in this JSON value, received at `NOW_MS`."""
    return AuditEvent.from_json(
        raw, default_event_id="e-1", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
    )


def make_event_record(
    *,
    retention_days: int = 0,
    received_at: int = NOW_MS,
    submitted_by: str | None = None,
    **fields: Any,
) -> EventRecord:
    """Return the record of a valid event with these fields."""
    event = make_audit_event(event_json(**fields))
    return EventRecord.from_event(
        event,
        received_at=received_at,
        retention_days=retention_days,
        submitted_by=submitted_by,
    )


def make_order_record(*ids: str, **fields: Any) -> EventRecord:
    """Return the record of a removal order for these event ids, ordered at `NOW_MS`."""
    event = AuditEvent(
        **{
            "event_id": "run-1:1",
            "timestamp": format_timestamp(NOW_MS),
            "user_id": "arn:aws:iam::123456789012:user/operator",
            "action": CLEANUP_ACTION,
            "resource_type": CLEANUP_RESOURCE,
            "resource_id": "run-1",
            "details": {"ids": list(ids)},
            **fields,
        }
    )
    return EventRecord.from_event(event, received_at=NOW_MS, retention_days=0)


def job(event: object) -> str:
    """Return the body of a log_event job."""
    return json.dumps({"type": "log_event", "data": event})


def bulk_job(*events: object) -> str:
    """Return the body of a bulk_log_events job."""
    return json.dumps({"type": "bulk_log_events", "data": {"events": events}})


def message(
    body: str,
    id: str = "m-1",  # noqa: A002
    *,
    receives: int = 1,
    sender_id: str = SENDER,
) -> Message:
    """Return a message of the queue, sent at `NOW_MS`."""
    return Message(id, body, NOW_MS, receives, sender_id)


def queue_event(*messages: Message) -> dict[str, Any]:
    """Return the Lambda event that delivers these messages to the processor."""
    return {
        "Records": [
            {
                "messageId": queued.id,
                "receiptHandle": f"receipt of {queued.id}",
                "body": queued.body,
                "attributes": {
                    "ApproximateReceiveCount": str(queued.receive_count),
                    "SentTimestamp": str(queued.sent_at),
                    "SenderId": queued.sender_id,
                    "ApproximateFirstReceiveTimestamp": str(queued.sent_at),
                },
                "messageAttributes": {},
                "md5OfBody": md5(queued.body.encode(), usedforsecurity=False).hexdigest(),
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:audit",
                "awsRegion": "us-east-1",
            }
            for queued in messages
        ]
    }
