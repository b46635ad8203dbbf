"""Messages in, stored events out: the processor's one use-case.

Every event of a message ends in one of three ways: stored; quarantined with its reason, when it
can never be stored; or left on the queue with its message, when the store or the quarantine did
not take it now. A message's bad events are quarantined only when its good ones are stored, so
that a retried message does not quarantine them twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    IdCollisionError,
    InvalidEventError,
)
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.intake.jobs import encode_bulk_job, encode_single_job, parse_job
from prooftrail.intake.ports import DeadLetter, DeadLetterSender, EventWriter

MAX_DEAD_LETTERS = 100  # of one message, before what is left shares a last one
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
class IngestResult:
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

    def quarantine(self, error: AuditLogError) -> None:
        """The message is one bad event, or none at all: it goes as it came."""
        self.outcomes.append(error)
        self._send(self.message.body, error, str(error))

    def quarantine_events(self, bad: Sequence[tuple[object, AuditLogError]]) -> None:
        """Events of a bulk message go together where their reason is one.

        So a message of thousands of bad events costs few letters; what is beyond
        `MAX_DEAD_LETTERS` reasons shares a last one, which tells the first of its reasons.
        """
        by_reason: dict[str, list[tuple[object, AuditLogError]]] = defaultdict(list)
        for raw, error in bad:
            by_reason[f"{type(error).__name__}: {error}"].append((raw, error))
        groups = list(by_reason.values())
        for group in groups[:MAX_DEAD_LETTERS]:
            self._send(self._body_of(group), group[0][1], str(group[0][1]))
        if rest := [one for group in groups[MAX_DEAD_LETTERS:] for one in group]:
            count = len(groups) - MAX_DEAD_LETTERS
            reason = f"{len(rest)} events of {count} reasons, the first: {rest[0][1]}"
            self._send(self._body_of(rest), rest[0][1], reason)

    def _body_of(self, bad: Sequence[tuple[object, AuditLogError]]) -> str:
        events = [raw for raw, _ in bad]
        try:
            return encode_single_job(events[0]) if len(events) == 1 else encode_bulk_job(events)
        except RecursionError:  # what could just be decoded may nest too deeply to be encoded
            return self.message.body

    def _send(self, body: str, error: AuditLogError, reason: str) -> None:
        self.letters.append(DeadLetter(body, type(error).__name__, reason, self.message.id))


def ingest(
    messages: Sequence[Message],
    writer: EventWriter,
    dead_letters: DeadLetterSender,
    *,
    now_ms: int,
    retention_days: int,
) -> IngestResult:
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
    return IngestResult(
        results={
            draft.message.id: [_result(one, unstored, logged_at) for one in draft.outcomes]
            for draft in drafts
        },
        stored=[record for address, record in records.items() if address not in unstored],
        quarantined=[one for at, (_, one) in enumerate(letters) if at not in refused],
        retried=[draft.message.id for draft in drafts if draft.obstacle],
    )


def skip_messages(messages: Iterable[Message]) -> Mapping[str, Sequence[EventResult]]:
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
        draft.quarantine(error)
        return draft
    bad: list[tuple[object, AuditLogError]] = []
    for position, raw in enumerate(job.events):
        outcome: EventRecord | AuditLogError
        try:
            event = AuditEvent.from_json(
                raw,
                default_event_id=f"{message.id}:{position}" if job.is_bulk else message.id,
                default_timestamp_ms=message.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.from_event(
                event, received_at=message.sent_at, retention_days=retention_days
            )
            known = records.setdefault(_address(record), record)
        except (InvalidEventError, CanonicalizationError) as error:
            outcome = error
        else:
            is_known = known.digest == record.digest
            outcome = known if is_known else IdCollisionError(record.id)
        if isinstance(outcome, AuditLogError) and not job.is_bulk:
            draft.quarantine(outcome)
            continue
        draft.outcomes.append(outcome)
        if isinstance(outcome, AuditLogError):
            bad.append((raw, outcome))
    draft.quarantine_events(bad)
    return draft


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
