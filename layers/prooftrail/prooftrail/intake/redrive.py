"""Redriving dead letters: editing their bodies and sending their events to the queue again."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    EventTooLargeError,
    IdCollisionError,
    InvalidDeadLetterError,
    InvalidEventError,
)
from prooftrail.event.masking import MASKER
from prooftrail.event.model import AuditEvent
from prooftrail.event.nodes import check_event_nodes
from prooftrail.event.record import EventRecord
from prooftrail.intake.dead_letters import DeadLetterScan, ReceivedDeadLetter
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.packing import pack_jobs
from prooftrail.intake.ports import JobMessage, JobQueue
from prooftrail.intake.submit import AcceptedEvent

SHOWN_FAULTS: Final = 3  # reasons in an error text, and positions of each reason


@dataclass(frozen=True, slots=True)
class EncodedRedrive:
    """The messages to send for a dead letter, and its events as they will be stored."""

    messages: Sequence[JobMessage]
    events: Sequence[AcceptedEvent]


def encode_redrive(
    dead_letter: ReceivedDeadLetter, body: str, *, now_ms: int, masks_secrets: bool = True
) -> EncodedRedrive:
    """Return the messages that bring the events of a dead letter to the queue again.

    `body` is the body of the dead letter, or an edited one. Each event gets the defaults that the
    processor would fill in, so that sending these messages repeatedly stores each event once.
    Secrets are masked as the processor would mask them: not in a job that is marked as masked.

    Raises:
        InvalidDeadLetterError: the processor would refuse an event; says which and why.
    """
    try:
        job = parse_job(body)
    except AuditLogError as error:
        raise InvalidDeadLetterError(str(error)) from error
    must_mask = masks_secrets and not job.is_masked
    completed: list[tuple[AcceptedEvent, str]] = []
    faults: dict[str, list[int]] = defaultdict(list)
    digests: dict[tuple[str, str], bytes] = {}
    for position, raw in enumerate(job.events):
        event_id = dead_letter.make_event_id(position if job.is_bulk else None)
        try:
            check_event_nodes(raw)  # before masking reads it
            masked = MASKER.mask_event(raw) if must_mask else raw
            event, record = _complete_event(masked, event_id, dead_letter.sent_at, now_ms)
        except (InvalidEventError, CanonicalizationError) as error:
            faults[str(error)].append(position)
            continue
        if digests.setdefault((record.tenant_id, record.id), record.digest) != record.digest:
            faults[str(IdCollisionError(record.id))].append(position)
        text = json.dumps(event.to_json(), separators=(",", ":"))
        completed.append((AcceptedEvent.from_record(record, event), text))
    if faults:
        raise InvalidDeadLetterError(
            _describe_faults(faults) if job.is_bulk else next(iter(faults))
        )
    messages = _pack(completed, is_masked=masks_secrets or job.is_masked)
    return EncodedRedrive(messages, [accepted for accepted, _ in completed])


def _complete_event(
    raw: object, event_id: str, sent_at: int, now_ms: int
) -> tuple[AuditEvent, EventRecord]:
    """Return the event as the processor would store it.

    Raises:
        InvalidEventError, CanonicalizationError: the processor would refuse it.
    """
    event = AuditEvent.from_json(
        raw, default_event_id=event_id, default_timestamp_ms=sent_at, now_ms=now_ms
    )
    return event, EventRecord.from_event(event, received_at=sent_at, retention_days=0)


def _pack(
    completed: Sequence[tuple[AcceptedEvent, str]], *, is_masked: bool
) -> Sequence[JobMessage]:
    texts = [text for _, text in completed]
    tenant_ids = [accepted.tenant_id for accepted, _ in completed]
    try:
        return [job.message for job in pack_jobs(texts, tenant_ids, is_masked=is_masked)]
    except EventTooLargeError as error:
        raise InvalidDeadLetterError(str(error)) from error


def _describe_faults(faults: Mapping[str, Sequence[int]]) -> str:
    """Return the first reasons, each with the first positions that it applies to.

    >>> _describe_faults({"is bad": [3], "is worse": [1, 2, 4, 5]})
    'events[3]: is bad; events[1], [2], [4] and 1 more: is worse'
    """
    texts: list[str] = []
    for reason, positions in list(faults.items())[:SHOWN_FAULTS]:
        indexes = ", ".join(f"[{position}]" for position in positions[:SHOWN_FAULTS])
        more = len(positions) - SHOWN_FAULTS
        texts.append(f"events{indexes}{f' and {more} more' if more > 0 else ''}: {reason}")
    if len(faults) > SHOWN_FAULTS:
        texts.append(f"and {len(faults) - SHOWN_FAULTS} more reasons")
    return "; ".join(texts)


@dataclass(frozen=True, slots=True)
class RedriveResult:
    """The result for one dead letter: whether its events were sent, and what went wrong.

    `events` are those that were sent.
    """

    dead_letter: ReceivedDeadLetter
    is_sent: bool = False
    error: AuditLogError | None = None
    events: Sequence[AcceptedEvent] = ()

    @property
    def is_done(self) -> bool:
        """Whether its events were sent and it was deleted from the dead-letter queue."""
        return self.is_sent and self.error is None


def redrive(
    dead_letters: Sequence[ReceivedDeadLetter],
    get_body: Callable[[ReceivedDeadLetter], str],
    jobs: JobQueue,
    scan: DeadLetterScan,
    *,
    now_ms: int,
    masks_secrets: bool = True,
) -> Sequence[RedriveResult]:
    """Send the events of the dead letters to the queue, then delete the dead letters.

    Return one result for each dead letter, in order. A dead letter is deleted only after the queue
    has taken all its events. It stays in its queue if the processor would refuse one of them again.
    `get_body` returns the body to send, or raises an `AuditLogError` if the dead letter must stay.
    """
    results: dict[str, RedriveResult] = {}
    messages: list[tuple[ReceivedDeadLetter, JobMessage]] = []
    for dead_letter in dead_letters:
        try:
            encoded = encode_redrive(
                dead_letter, get_body(dead_letter), now_ms=now_ms, masks_secrets=masks_secrets
            )
        except AuditLogError as error:
            results[dead_letter.id] = RedriveResult(dead_letter, error=error)
        else:
            messages += [(dead_letter, message) for message in encoded.messages]
            sent = RedriveResult(dead_letter, is_sent=True, events=encoded.events)
            results[dead_letter.id] = sent
    faults = jobs.send([message for _, message in messages]) if messages else {}
    for position, fault in faults.items():
        dead_letter = messages[position][0]
        results[dead_letter.id] = RedriveResult(dead_letter, error=fault)
    sent_ids = [result.dead_letter.id for result in results.values() if result.is_sent]
    for dead_letter_id, fault in (scan.delete(sent_ids) if sent_ids else {}).items():
        results[dead_letter_id] = replace(results[dead_letter_id], error=fault)
    return [results[dead_letter.id] for dead_letter in dead_letters]
