"""Ingesting messages: the processor's use-case, from messages of the queue to stored events.

Every event of a message ends in one of three ways. It is stored. It is quarantined with the reason,
if it can never be stored. Or it stays in the queue with its message, if the store or the
dead-letter queue cannot take it now. `intake.retries` says for how long. The bad events of a
message are quarantined only after its good events are stored, so that a retry of the message does
not quarantine them twice.

Messages are processed in chunks that are written and forgotten, so the memory that is used does not
depend on the number of events. What there is no time for is delivered again.

Secrets are masked in the events that their sender has not masked, and in the dead letters of these.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from prooftrail.errors import (
    AuditLogError,
    OutOfTimeError,
    ProcessingFailedError,
    StoreThrottledError,
)
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.intake.budget import Budget, Service
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.pending import (
    Address,
    IngestSettings,
    Message,
    PendingMessage,
    Refusal,
    get_address,
)
from prooftrail.intake.ports import DeadLetter, DeadLetterSender, EventWriter
from prooftrail.intake.retries import DEFAULT_MAX_RECEIVES, is_given_up
from prooftrail.intake.senders import OwnRoles

__all__ = ["EventResult", "IngestResult", "Message", "ingest", "ingest_in_chunks", "skip_messages"]

DATABASE_NOT_CONFIGURED: Final = "database_not_configured"
_CHUNK_ITEMS: Final = 500  # events and their references: full requests of 25
_CHUNK_BYTES: Final = 2 * 1024 * 1024


class EventResult(NamedTuple):
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
    """The result of a chunk of messages.

    - `results`: by message id, one result for each event of the message, in order
    - `stored`: the records that are durable, each once even if the chunk contained it repeatedly
    - `quarantined`: the dead letters that the dead-letter queue has taken
    - `retried`: the ids of the messages that must be delivered again
    - `failed`: by message id, the faults of the processor itself
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


def ingest(
    messages: Sequence[Message],
    writer: EventWriter,
    dead_letters: DeadLetterSender,
    *,
    now_ms: int,
    retention_days: int,
    masks_secrets: bool = True,
    max_receives: int = DEFAULT_MAX_RECEIVES,
    roles: OwnRoles = OwnRoles(),  # noqa: B008  # a frozen value
    budget: Budget | None = None,
) -> IngestResult:
    """Do what `ingest_in_chunks` does. Return one result for all messages."""
    settings = IngestSettings(now_ms, retention_days, masks_secrets, max_receives, roles)
    chunks = list(
        ingest_in_chunks(messages, writer, dead_letters, settings=settings, budget=budget)
    )
    results = {key: value for chunk in chunks for key, value in chunk.results.items()}
    stored = {get_address(record): record for chunk in chunks for record in chunk.stored}
    return IngestResult(
        results={message.id: results[message.id] for message in messages},
        stored=list(stored.values()),
        quarantined=[each for chunk in chunks for each in chunk.quarantined],
        retried=[each for chunk in chunks for each in chunk.retried],
        failed={key: value for chunk in chunks for key, value in chunk.failed.items()},
    )


def ingest_in_chunks(
    messages: Sequence[Message],
    writer: EventWriter,
    dead_letters: DeadLetterSender,
    *,
    settings: IngestSettings,
    budget: Budget | None = None,
) -> Iterator[IngestResult]:
    """Store the valid events of the messages and quarantine the others. Yield each chunk's result.

    With `masks_secrets`, the secrets of events that are not marked as masked are masked first.
    Messages that were received most often come first. A chunk is done when its result is yielded;
    the results of all chunks have each message once.

    Bad input and faults of the store or the queue are not raised: the results say which messages
    must be delivered again.
    """
    run = _Ingestion(writer, dead_letters, settings, budget or Budget())
    for message in sorted(messages, key=lambda each: -each.receive_count):
        if run.is_chunk_full():
            yield run.finish_chunk()
        run.add(message)
    yield run.finish_chunk()


@dataclass(slots=True)
class _Ingestion:
    """One invocation: the messages and records of the present chunk, and the throttled tenants."""

    writer: EventWriter
    dead_letters: DeadLetterSender
    settings: IngestSettings
    budget: Budget
    pending: list[PendingMessage] = field(default_factory=list)
    records: dict[Address, EventRecord] = field(default_factory=dict)
    size: int = 0
    item_count: int = 0  # to write
    throttled: dict[str, AuditLogError] = field(default_factory=dict)

    def is_chunk_full(self) -> bool:
        """Return whether the chunk must be written before another message is added."""
        return self.item_count >= _CHUNK_ITEMS or self.size >= _CHUNK_BYTES

    def add(self, message: Message) -> None:
        """Prepare a message, or have it delivered again if it cannot be stored now.

        At its last receive a message is prepared in any case, so that its events are quarantined.
        """
        pending = PendingMessage(message, self.settings)
        self.pending.append(pending)
        fault = self.budget.get_fault(Service.EVENTS)
        if not self.budget.allows_message():
            pending.deliver_again(OutOfTimeError())
        elif fault and not is_given_up(message.receive_count, self.settings.max_receives):
            pending.deliver_again(fault)
        else:
            pending.prepare(self.records)
        self.size += pending.size
        self.item_count += pending.item_count

    def finish_chunk(self) -> IngestResult:
        """Store and quarantine what the chunk contains, return its result and begin another."""
        chunk, records = self.pending, self.records
        self.pending, self.records, self.size, self.item_count = [], {}, 0, 0
        unstored = self._store(records)
        for pending in chunk:
            if unstored and pending.retry_error is None:
                pending.settle(unstored)
        quarantined = self._quarantine(chunk)
        logged_at = format_timestamp(self.settings.now_ms)
        return IngestResult(
            results={
                pending.message.id: _make_results(pending.outcomes, unstored, logged_at)
                for pending in chunk
            },
            stored=[record for address, record in records.items() if address not in unstored],
            quarantined=quarantined,
            retried=[pending.message.id for pending in chunk if pending.retry_error],
            failed={each.message.id: each.failure for each in chunk if each.failure},
        )

    def _store(self, records: Mapping[Address, EventRecord]) -> Mapping[Address, AuditLogError]:
        """Put the records, but not those of throttled tenants. Return the failures."""
        unstored = {
            address: self.throttled[address[0]]
            for address in records
            if address[0] in self.throttled
        }
        to_put = [record for address, record in records.items() if address not in unstored]
        faults = self.writer.put(to_put, self.budget)
        failed = {get_address(to_put[position]): error for position, error in faults.items()}
        self._note_throttled(to_put, failed)
        return unstored | failed

    def _note_throttled(
        self, records: Sequence[EventRecord], failed: Mapping[Address, AuditLogError]
    ) -> None:
        """Try no more of a tenant in this invocation if nothing of it could be stored."""
        throttled = {
            address[0]: error
            for address, error in failed.items()
            if isinstance(error, StoreThrottledError)
        }
        if throttled:
            stored = {record.tenant_id for record in records if get_address(record) not in failed}
            self.throttled |= {
                tenant: error for tenant, error in throttled.items() if tenant not in stored
            }

    def _quarantine(self, chunk: Sequence[PendingMessage]) -> Sequence[DeadLetter]:
        """Send the dead letters of the messages that are otherwise done. Return those sent."""
        to_send = [
            (pending, dead_letter)
            for pending in chunk
            if not pending.retry_error
            for dead_letter in pending.dead_letters
        ]
        if not to_send:
            return []
        refused = self.dead_letters.send([each for _, each in to_send], self.budget)
        for position, error in refused.items():
            to_send[position][0].retry_error = error
        return [each for at, (_, each) in enumerate(to_send) if at not in refused]


def skip_messages(messages: Iterable[Message]) -> Mapping[str, Sequence[EventResult]]:
    """Return the results of messages that are dropped because no table is configured."""
    skipped = EventResult(success=False, reason=DATABASE_NOT_CONFIGURED)
    return {message.id: [skipped] * _count_events(message) for message in messages}


def _count_events(message: Message) -> int:
    try:
        return len(parse_job(message.body).events)
    except AuditLogError:
        return 1


def _make_results(
    outcomes: Sequence[EventRecord | Refusal],
    unstored: Mapping[Address, AuditLogError],
    logged_at: str,
) -> list[EventResult]:
    refused: dict[str, EventResult] = {}
    results: list[EventResult] = []
    for outcome in outcomes:
        if isinstance(outcome, Refusal):
            error = outcome.reason
        elif fault := unstored.get(get_address(outcome)):
            error = str(fault)
        else:
            results.append(EventResult(True, outcome.id, logged_at))
            continue
        results.append(refused.setdefault(error, EventResult(success=False, error=error)))
    return results
