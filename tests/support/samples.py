"""Events and messages for tests."""

import json
from typing import Any

from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import CLEANUP_ACTION, CLEANUP_RESOURCE
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ingest import Message

NOW_MS = 1_764_000_000_000  # 2025-11-24T16:00:00Z


def event_json(**fields: Any) -> dict[str, Any]:
    """A valid event with only the fields that must be there, and these."""
    return {
        "action": "user.login",
        "resourceType": "session",
        "resourceId": "s-1",
        **fields,
    }


def make_audit_event(raw: object) -> AuditEvent:
    """The event in this JSON, received now."""
    return AuditEvent.from_json(
        raw, default_event_id="e-1", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
    )


def make_event_record(
    *, retention_days: int = 0, received_at: int = NOW_MS, **fields: Any
) -> EventRecord:
    """The record of a valid event with these fields."""
    event = make_audit_event(event_json(**fields))
    return EventRecord.from_event(event, received_at=received_at, retention_days=retention_days)


def make_order_record(*ids: str, **fields: Any) -> EventRecord:
    """The record of a removal order that names these events, given now, with fields changed."""
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
    """A log_event job's body."""
    return json.dumps({"type": "log_event", "data": event})


def bulk_job(*events: object) -> str:
    """A bulk_log_events job's body."""
    return json.dumps({"type": "bulk_log_events", "data": {"events": events}})


def message(body: str, id: str = "m-1", *, receives: int = 1) -> Message:  # noqa: A002
    """A message of the queue, sent now."""
    return Message(id, body, NOW_MS, receives)


def queue_event(*messages: Message) -> dict[str, Any]:
    """The messages as Lambda hands them to the processor."""
    return {
        "Records": [
            {
                "messageId": one.id,
                "receiptHandle": f"receipt of {one.id}",
                "body": one.body,
                "attributes": {
                    "ApproximateReceiveCount": str(one.receive_count),
                    "SentTimestamp": str(one.sent_at),
                },
                "eventSource": "aws:sqs",
            }
            for one in messages
        ]
    }
