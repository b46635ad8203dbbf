"""Records for the tests of the read side, made by the model itself."""

from typing import Any

from auditlog.event import AuditEvent
from auditlog.identity import parse_timestamp
from auditlog.record import EventRecord

NOON_MS = parse_timestamp("2026-11-24T12:00:00Z")


def record(number: int = 0, *, at_ms: int = NOON_MS, **fields: Any) -> EventRecord:
    """The record of an event; `number` tells it from others."""
    raw = {
        "action": "user.login",
        "resourceType": "session",
        "resourceId": "s-1",
        "details": {"number": number},
    } | fields
    event = AuditEvent.from_json(
        raw, default_event_id=f"event-{number}", default_timestamp_ms=at_ms, now_ms=at_ms
    )
    return EventRecord.of(event, received_at=at_ms, retention_days=0)
