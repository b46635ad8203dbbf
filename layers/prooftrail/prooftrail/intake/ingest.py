"""Ingesting messages: the processor's use-case, from messages of the queue to stored events.

Every event of a message ends in one of three ways. It is stored. It is quarantined with the reason,
if it can never be stored. Or it stays in the queue with its message, if the store or the
dead-letter queue cannot take it now. The bad events of a message are quarantined only after its
good events are stored, so that a retry of the message does not quarantine them twice.

Secrets are masked in the events that their sender has not masked, and in the dead letters of these.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    IdCollisionError,
    InvalidEventError,
    ProcessingFailedError,
)
from prooftrail.event.masking import MASKER, mask_text
from prooftrail.event.model import AuditEvent
from prooftrail.event.nodes import check_event_nodes
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.intake.jobs import encode_bulk_job, encode_single_job, parse_job
from prooftrail.intake.ports import DeadLetter, DeadLetterSender, EventWriter
from prooftrail.intake.quarantine import mask_body, mask_event_to_refuse

MAX_DEAD_LETTERS: Final = 100  # of one message; the events of all further reasons share one more
DATABASE_NOT_CONFIGURED: Final = "database_not_configured"


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the queue. `sent_at` is its SentTimestamp, in milliseconds since 1970."""

    id: str
    body: str
    sent_at: int
    receive_count: int = 1


@dataclass(frozen=True, slots=True)
class EventResult:
    """The result of one event of a job. docs/adr/0013-event-results.md says why it has this form.

    A stored event has `audit_log_id`, its id, and `logged_at`, the RFC 3339 time of this attempt.
    An event that was not stored has an `error`. An event that was skipped has a `reason`.
    """

    success: bool
    audit_log_id: str | None = None
    logged_at: str | None = None
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The result of a batch of messages.

    - `results`: by message id, one result for each event of the message, in order
    - `stored`: the records that are durable, each once even if the batch contained it repeatedly
    - `quarantined`: the dead letters that the dead-letter queue has taken
    - `retried`: the ids of the messages that must be delivered again
    - `failed`: by message id, the faults of the processor itself; these messages are retried too
    """

    results: Mapping[str, Sequence[EventResult]]
    stored: Sequence[EventRecord]
    quarantined: Sequence[DeadLetter]
    retried: Sequence[str]
    failed: Mapping[str, ProcessingFailedError] = field(default_factory=dict)

    @property
    def failed_count(self) -> int:
        """The number of events that this attempt did not store."""
        return sum(not result.success for results in self.results.values() for result in results)


@dataclass(slots=True)
class _PendingMessage:
    """A message in progress.

    `outcomes` has one entry for each event: its record, or the error for which it is quarantined.
    `retry_error` is why the message must be delivered again, if it must. `is_masked`: its sender
    has masked its secrets.
    """

    message: Message
    masks_secrets: bool
    is_masked: bool = False
    outcomes: list[EventRecord | AuditLogError] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    retry_error: AuditLogError | None = None

    def fail(self, fault: Exception) -> None:
        """Have the message delivered again, because the processor failed at it."""
        self.retry_error = ProcessingFailedError(fault)
        self.outcomes.append(self.retry_error)

    def quarantine_body(self, error: AuditLogError) -> None:
        """Quarantine the whole body, which is not a job. Only its secrets are changed."""
        self.outcomes.append(error)
        self._add_dead_letter(self._mask_body(), error, str(error))

    def quarantine_event(self, raw: object, error: AuditLogError) -> None:
        """Quarantine the only event of the message: the body as it came, unless it has secrets."""
        self.outcomes.append(error)
        masked = self._mask_event(raw)
        body = self.message.body if masked is raw else self._encode_job([masked])
        self._add_dead_letter(body, error, str(error))

    def quarantine_events(self, bad: Sequence[tuple[object, AuditLogError]]) -> None:
        """Quarantine some events of a bulk message, those with the same reason together.

        So a message with thousands of bad events makes few dead letters. If there are more than
        `MAX_DEAD_LETTERS` reasons, the events of all further reasons share one more dead letter,
        which names the first of these reasons.
        """
        by_reason: dict[str, list[tuple[object, AuditLogError]]] = defaultdict(list)
        for raw, error in bad:
            by_reason[f"{type(error).__name__}: {error}"].append((raw, error))
        groups = list(by_reason.values())
        for group in groups[:MAX_DEAD_LETTERS]:
            error = group[0][1]
            self._add_dead_letter(self._encode_events(group), error, str(error))
        if rest := [pair for group in groups[MAX_DEAD_LETTERS:] for pair in group]:
            error = rest[0][1]
            count = len(groups) - MAX_DEAD_LETTERS
            reason = f"{len(rest)} events of {count} reasons, the first: {error}"
            self._add_dead_letter(self._encode_events(rest), error, reason)

    def _encode_events(self, bad: Sequence[tuple[object, AuditLogError]]) -> str:
        return self._encode_job([self._mask_event(raw) for raw, _ in bad])

    def _encode_job(self, events: Sequence[object]) -> str:
        """Return a job of these events, which keeps the mark of the message."""
        try:
            if len(events) == 1:
                return encode_single_job(events[0], is_masked=self.is_masked)
            return encode_bulk_job(events, is_masked=self.is_masked)
        except RecursionError:  # what could be decoded may nest too deeply to be encoded
            return self._mask_body()

    def _mask_event(self, raw: object) -> object:
        return mask_event_to_refuse(raw) if self.must_mask else raw

    def _mask_body(self) -> str:
        return mask_body(self.message.body) if self.must_mask else self.message.body

    @property
    def must_mask(self) -> bool:
        """Whether the secrets of its events are to be masked."""
        return self.masks_secrets and not self.is_masked

    def _add_dead_letter(self, body: str, error: AuditLogError, reason: str) -> None:
        if self.must_mask:  # a path in it can have a key that contains a secret
            reason = mask_text(reason)
        self.dead_letters.append(DeadLetter(body, type(error).__name__, reason, self.message.id))


def ingest(
    messages: Sequence[Message],
    writer: EventWriter,
    dead_letters: DeadLetterSender,
    *,
    now_ms: int,
    retention_days: int,
    masks_secrets: bool = True,
) -> IngestResult:
    """Store the valid events of the messages and quarantine the others.

    With `masks_secrets`, the secrets of events that are not marked as masked are masked first.

    Bad input and faults of the store or the queue are not raised: the result says which messages
    must be delivered again.
    """
    records: dict[tuple[str, str], EventRecord] = {}
    batch = [_PendingMessage(message, masks_secrets) for message in messages]
    for pending in batch:
        try:
            _prepare_message(pending, records, now_ms, retention_days)
        except Exception as fault:  # noqa: BLE001  # must not fail the other messages of the batch
            pending.fail(fault)

    unique = list(records.values())
    faults = writer.put(unique)
    unstored = {_get_address(unique[position]): error for position, error in faults.items()}
    if unstored:
        for pending in batch:
            pending.retry_error = pending.retry_error or _find_store_error(pending, unstored)

    to_quarantine = [
        (pending, dead_letter)
        for pending in batch
        if not pending.retry_error
        for dead_letter in pending.dead_letters
    ]
    refused = dead_letters.send([each for _, each in to_quarantine]) if to_quarantine else {}
    for position, error in refused.items():
        to_quarantine[position][0].retry_error = error

    logged_at = format_timestamp(now_ms)
    return IngestResult(
        results={
            pending.message.id: [
                _make_result(outcome, unstored, logged_at) for outcome in pending.outcomes
            ]
            for pending in batch
        },
        stored=[record for address, record in records.items() if address not in unstored],
        quarantined=[each for at, (_, each) in enumerate(to_quarantine) if at not in refused],
        retried=[pending.message.id for pending in batch if pending.retry_error],
        failed={
            pending.message.id: pending.retry_error
            for pending in batch
            if isinstance(pending.retry_error, ProcessingFailedError)
        },
    )


def skip_messages(messages: Iterable[Message]) -> Mapping[str, Sequence[EventResult]]:
    """Return the results of messages that are dropped because no table is configured."""
    skipped = EventResult(success=False, reason=DATABASE_NOT_CONFIGURED)
    return {message.id: [skipped] * _count_events(message) for message in messages}


def _count_events(message: Message) -> int:
    try:
        return len(parse_job(message.body).events)
    except AuditLogError:
        return 1


def _prepare_message(
    pending: _PendingMessage,
    records: dict[tuple[str, str], EventRecord],
    now_ms: int,
    retention_days: int,
) -> None:
    """Validate the events of a message, and add their records to those of the batch."""
    message = pending.message
    try:
        job = parse_job(message.body)
    except AuditLogError as error:
        pending.quarantine_body(error)
        return
    pending.is_masked = job.is_masked
    must_mask = pending.must_mask
    bad: list[tuple[object, AuditLogError]] = []
    for position, raw in enumerate(job.events):
        outcome: EventRecord | AuditLogError
        try:
            check_event_nodes(raw)  # before masking reads it
            event = AuditEvent.from_json(
                MASKER.mask_event(raw) if must_mask else raw,
                default_event_id=f"{message.id}:{position}" if job.is_bulk else message.id,
                default_timestamp_ms=message.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.from_event(
                event, received_at=message.sent_at, retention_days=retention_days
            )
            known = records.setdefault(_get_address(record), record)
        except (InvalidEventError, CanonicalizationError) as error:
            outcome = error
        else:
            is_same = known.digest == record.digest
            outcome = known if is_same else IdCollisionError(record.id)
        if isinstance(outcome, AuditLogError) and not job.is_bulk:
            pending.quarantine_event(raw, outcome)
            continue
        pending.outcomes.append(outcome)
        if isinstance(outcome, AuditLogError):
            bad.append((raw, outcome))
    pending.quarantine_events(bad)


def _get_address(record: EventRecord) -> tuple[str, str]:
    return record.tenant_id, record.id


def _find_store_error(
    pending: _PendingMessage, unstored: Mapping[tuple[str, str], AuditLogError]
) -> AuditLogError | None:
    for outcome in pending.outcomes:
        if isinstance(outcome, EventRecord) and _get_address(outcome) in unstored:
            return unstored[_get_address(outcome)]
    return None


def _make_result(
    outcome: EventRecord | AuditLogError,
    unstored: Mapping[tuple[str, str], AuditLogError],
    logged_at: str,
) -> EventResult:
    if isinstance(outcome, AuditLogError):
        return EventResult(success=False, error=str(outcome))
    if error := unstored.get(_get_address(outcome)):
        return EventResult(success=False, error=str(error))
    return EventResult(success=True, audit_log_id=outcome.id, logged_at=logged_at)
