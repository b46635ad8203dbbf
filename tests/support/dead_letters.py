"""Dead letters as an operator receives them."""

from hashlib import sha256
from typing import Any

from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.jobs import encode_overflow_job
from tests.support.fakes import MemoryPayloadStore
from tests.support.samples import NOW_MS, event_json, job


def letter(name: str = "l-1", body: str | None = None, **fields: Any) -> ReceivedDeadLetter:
    """A letter that SQS redrove, unless it has a source."""
    return ReceivedDeadLetter(
        name, "r", job(event_json()) if body is None else body, NOW_MS, **fields
    )


def quarantined(
    name: str,
    body: str,
    source: str | None = "m-1",
    kind: str = "InvalidEventError",
    reason: str = "is bad",
) -> ReceivedDeadLetter:
    return letter(name, body, error_type=kind, error_message=reason, source_message_id=source)


def overflowing(body: bytes, **fields: Any) -> tuple[ReceivedDeadLetter, MemoryPayloadStore]:
    payloads = MemoryPayloadStore()
    payloads.payloads["dead-letters/" + sha256(body).hexdigest()] = body
    [key] = payloads.payloads
    return quarantined("l-1", encode_overflow_job(key), **fields), payloads
