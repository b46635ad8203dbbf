"""Dead letters as an operator receives them."""

from hashlib import sha256
from typing import Any

from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.jobs import encode_overflow_job
from tests.support.fakes import MemoryPayloadStore
from tests.support.samples import NOW_MS, event_json, job


def make_dead_letter(
    name: str = "l-1", body: str | None = None, **fields: Any
) -> ReceivedDeadLetter:
    """Return a dead letter. Without a source among the fields, SQS moved it."""
    return ReceivedDeadLetter(
        name, "r", job(event_json()) if body is None else body, NOW_MS, **fields
    )


def make_quarantined(
    name: str,
    body: str,
    source: str | None = "m-1",
    kind: str = "InvalidEventError",
    reason: str = "is bad",
) -> ReceivedDeadLetter:
    """Return a dead letter that the processor quarantined."""
    return make_dead_letter(
        name, body, error_type=kind, error_message=reason, source_message_id=source
    )


def make_overflowing(body: bytes, **fields: Any) -> tuple[ReceivedDeadLetter, MemoryPayloadStore]:
    """Return a dead letter that refers to this body, and the payload store that holds it."""
    payloads = MemoryPayloadStore()
    payloads.payloads["dead-letters/" + sha256(body).hexdigest()] = body
    [key] = payloads.payloads
    return make_quarantined("l-1", encode_overflow_job(key), **fields), payloads
