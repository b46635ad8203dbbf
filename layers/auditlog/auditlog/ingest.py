"""Messages in, stored events out: the processor's one use-case.

Every event of a message ends in one of three ways: stored; quarantined with its reason, when it
can never be stored; or left on the queue with its message, when the store or the quarantine did
not take it now. A message's bad events are quarantined only when its good ones are stored, so
that a retried message does not quarantine them twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from auditlog.errors import (
    AuditLogError,
    CanonicalizationError,
    IdCollisionError,
    InvalidEventError,
)
from auditlog.event import AuditEvent
from auditlog.identity import format_timestamp
from auditlog.jobs import Job, parse_job, single_job
from auditlog.record import EventRecord
from auditlog.store import DeadLetter, DeadLetterBox, EventWriter

DATABASE_NOT_CONFIGURED = "database_not_configured"


@dataclass(frozen=True, slots=True)
class Message:
    """A queue's message. `sent_at` is its SentTimestamp, milliseconds since 1970."""

    id: str
    body: str
    sent_at: int
    receive_count: int = 1


@dataclass(frozen=True, slots=True)
class EventResult:
    """What became of one event, in the words of the original's `processLogEvent`."""

    success: bool
    audit_log_id: str | None = None
    logged_at: str | None = None
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a batch.

    `results` holds one entry for each event of each message, in order; `stored` the records that
    are durable, each once, however often the batch held it; `quarantined` the dead letters that
    were taken; `retried` the ids of the messages to be delivered again.
    """

    results: Mapping[str, Sequence[EventResult]]
    stored: Sequence[EventRecord]
    quarantined: Sequence[DeadLetter]
    retried: Sequence[str]

    @property
    def failed_count(self) -> int:
        """How many events were not logged by this attempt."""
        return sum(not one.success for results in self.results.values() for one in results)


@dataclass(slots=True)
class _Draft:
    """A message on its way: each event's record or the error that quarantines it."""

    message: Message
    outcomes: list[EventRecord | AuditLogError] = field(default_factory=list)
    letters: list[DeadLetter] = field(default_factory=list)
    obstacle: AuditLogError | None = None

    def quarantine(self, body: str, error: AuditLogError) -> None:
        self.outcomes.append(error)
        self.letters.append(DeadLetter(body, type(error).__name__, str(error), self.message.id))


def ingest(
    messages: Sequence[Message],
    writer: EventWriter,
    dead_letters: DeadLetterBox,
    *,
    now_ms: int,
    retention_days: int,
) -> IngestReport:
    """Store every valid event of the messages and quarantine every other, exactly one of the two.

    Raises nothing for bad input or for a fault of store or queue: the report says which messages
    to deliver again.
    """
    records: dict[tuple[str, str], EventRecord] = {}
    drafts = [_draft(message, records, now_ms, retention_days) for message in messages]

    unique = list(records.values())
    faults = writer.put(unique)
    unstored = {_address(unique[position]): error for position, error in faults.items()}
    if unstored:
        for draft in drafts:
            draft.obstacle = next(_obstacles(draft, unstored), None)

    letters = [
        (draft, letter) for draft in drafts if not draft.obstacle for letter in draft.letters
    ]
    refused = dead_letters.send([letter for _, letter in letters]) if letters else {}
    for position, error in refused.items():
        letters[position][0].obstacle = error

    logged_at = format_timestamp(now_ms)
    return IngestReport(
        results={
            draft.message.id: [_result(one, unstored, logged_at) for one in draft.outcomes]
            for draft in drafts
        },
        stored=[record for address, record in records.items() if address not in unstored],
        quarantined=[one for at, (_, one) in enumerate(letters) if at not in refused],
        retried=[draft.message.id for draft in drafts if draft.obstacle],
    )


def skip(messages: Iterable[Message]) -> Mapping[str, Sequence[EventResult]]:
    """The results of messages that are let go because no table is configured."""
    skipped = EventResult(success=False, reason=DATABASE_NOT_CONFIGURED)
    return {message.id: [skipped] * _event_count(message) for message in messages}


def _event_count(message: Message) -> int:
    try:
        return len(parse_job(message.body).events)
    except AuditLogError:
        return 1


def _draft(
    message: Message,
    records: dict[tuple[str, str], EventRecord],
    now_ms: int,
    retention_days: int,
) -> _Draft:
    draft = _Draft(message)
    try:
        job = parse_job(message.body)
    except AuditLogError as error:
        draft.quarantine(message.body, error)
        return draft
    for position, raw in enumerate(job.events):
        try:
            event = AuditEvent.from_json(
                raw,
                default_event_id=f"{message.id}:{position}" if job.is_bulk else message.id,
                default_timestamp_ms=message.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.of(
                event, received_at=message.sent_at, retention_days=retention_days
            )
            known = records.setdefault(_address(record), record)
        except (InvalidEventError, CanonicalizationError) as error:
            draft.quarantine(_letter_body(message, job, raw), error)
        else:
            if known.digest == record.digest:
                draft.outcomes.append(known)
            else:
                draft.quarantine(_letter_body(message, job, raw), IdCollisionError(record.id))
    return draft


def _letter_body(message: Message, job: Job, raw: object) -> str:
    return single_job(raw) if job.is_bulk else message.body


def _address(record: EventRecord) -> tuple[str, str]:
    return record.tenant_id, record.id


def _obstacles(
    draft: _Draft, unstored: Mapping[tuple[str, str], AuditLogError]
) -> Iterator[AuditLogError]:
    for outcome in draft.outcomes:
        if isinstance(outcome, EventRecord) and _address(outcome) in unstored:
            yield unstored[_address(outcome)]


def _result(
    outcome: EventRecord | AuditLogError,
    unstored: Mapping[tuple[str, str], AuditLogError],
    logged_at: str,
) -> EventResult:
    if isinstance(outcome, AuditLogError):
        return EventResult(success=False, error=str(outcome))
    if error := unstored.get(_address(outcome)):
        return EventResult(success=False, error=str(error))
    return EventResult(success=True, audit_log_id=outcome.id, logged_at=logged_at)
