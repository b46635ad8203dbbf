"""A message in progress: its events' outcomes, and the dead letters that it leads to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    IdCollisionError,
    InvalidEventError,
    ProcessingFailedError,
)
from prooftrail.event.masking import MASKER, mask_text
from prooftrail.event.model import AuditEvent
from prooftrail.event.nodes import MAX_EVENT_NODES, check_event_nodes, estimate_nodes
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import encode_bulk_job, encode_single_job, parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES, pack_messages
from prooftrail.intake.ports import DeadLetter
from prooftrail.intake.quarantine import mask_body, mask_event_to_refuse
from prooftrail.intake.reads import is_own_read
from prooftrail.intake.retries import is_final
from prooftrail.intake.senders import OwnRoles

MAX_DEAD_LETTERS: Final = 100  # of one message; the events of all further reasons share one more
_REFERENCE_BYTES: Final = 2_000  # of a reference's item in memory
_SHORT_BODY: Final = 2_000  # characters
_MAX_PACKED_BYTES: Final = MAX_MESSAGE_BYTES - 16 * 1024  # leaves room for the reason
_ENVELOPE_BYTES: Final = 100

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the queue. `sent_at` is its SentTimestamp, in milliseconds since 1970.

    `sender_id` is its SenderId, empty if it has none.
    """

    id: str
    body: str
    sent_at: int
    receive_count: int = 1
    sender_id: str = ""


class Refusal(NamedTuple):
    """Why an event cannot be stored. All events of a message with one reason share it."""

    error_type: str
    reason: str

    @classmethod
    def from_error(cls, error: AuditLogError, note: str = "") -> "Refusal":
        """Return the refusal for an error, without the error, which keeps values in memory."""
        return cls(type(error).__name__, f"{error}{note}")


@dataclass(frozen=True, slots=True)
class IngestSettings:
    """How messages are processed.

    `max_receives` says when to give up. `roles` are those of the stack's functions, which the
    processor trusts.
    """

    now_ms: int
    retention_days: int
    masks_secrets: bool
    max_receives: int
    roles: OwnRoles = OwnRoles()  # noqa: RUF009  # a frozen value


@dataclass(slots=True)
class PendingMessage:
    """A message in progress.

    `outcomes` has one entry for each event: its record, or why it is refused. `retry_error` is why
    the message must be delivered again, if it must. `is_masked`: its sender has masked its secrets.
    `failure` is the processor's own fault at this message. `submitted_by` is who submitted its
    events. `size` is about how many bytes it keeps in memory besides its body, `item_count` how
    many items are written for it. `node_bound` is an upper bound for the values in it.
    """

    message: Message
    settings: IngestSettings
    is_masked: bool = False
    outcomes: list[EventRecord | Refusal] = field(default_factory=list)
    dead_letters: list[DeadLetter] = field(default_factory=list)
    retry_error: AuditLogError | None = None
    failure: ProcessingFailedError | None = None
    submitted_by: str | None = None
    size: int = 1_000
    item_count: int = 0
    node_bound: int = 0

    def __post_init__(self) -> None:
        """Find out who sent the message, as far as SQS tells, and how much it can contain."""
        self.submitted_by = self.settings.roles.find_submitter(self.message.sender_id, None)
        body = self.message.body  # of n characters has at most n nodes
        self.node_bound = len(body) if len(body) < _SHORT_BODY else estimate_nodes(body)

    def deliver_again(self, error: AuditLogError) -> None:
        """Have the message delivered again, with nothing of it stored."""
        self.retry_error = error
        self.outcomes.append(Refusal.from_error(error))

    def prepare(self, records: dict[Address, EventRecord]) -> None:
        """Validate its events, and add their records to those of the chunk.

        If the processor fails at this message, it is delivered again, or quarantined as a whole.
        """
        known = len(records)
        try:
            self._prepare(records)
        except Exception as fault:  # noqa: BLE001  # must not fail the other messages
            while len(records) > known:
                records.popitem()
            self._fail(ProcessingFailedError(fault))

    def _prepare(self, records: dict[Address, EventRecord]) -> None:
        try:
            job = parse_job(self.message.body)
        except AuditLogError as error:
            self._quarantine_body(error)
            return
        self.is_masked = job.is_masked
        if job.submitted_by is not None:
            self.submitted_by = self.settings.roles.find_submitter(
                self.message.sender_id, job.submitted_by
            )
        refusals: dict[Refusal, Refusal] = {}
        bad: dict[Refusal, list[object]] = defaultdict(list)
        for position, raw in enumerate(job.events):
            event_id = f"{self.message.id}:{position}" if job.is_bulk else self.message.id
            outcome = self._make_outcome(raw, event_id, records)
            if isinstance(outcome, Refusal):
                outcome = refusals.setdefault(outcome, outcome)
                bad[outcome].append(raw)
                self.size += 16
            else:
                reference_count = len(outcome.targets) + (outcome.on_behalf_of is not None)
                self.size += len(outcome.canonical) + 1_000 + reference_count * _REFERENCE_BYTES
                self.item_count += 1 + reference_count
            self.outcomes.append(outcome)
        if bad:
            self.size += sum(len(each.reason) + 500 for each in bad)
            if job.is_bulk:
                self._quarantine_events(bad)
            else:
                [refusal] = bad
                self._quarantine_event(job.events[0], refusal)

    def _make_outcome(
        self, raw: object, event_id: str, records: dict[Address, EventRecord]
    ) -> EventRecord | Refusal:
        message, settings = self.message, self.settings
        try:
            is_small = self.node_bound <= MAX_EVENT_NODES
            node_count = self.node_bound if is_small else check_event_nodes(raw)
            event = AuditEvent.from_json(
                MASKER.mask_event(raw) if self.must_mask else raw,
                default_event_id=event_id,
                default_timestamp_ms=message.sent_at,
                now_ms=settings.now_ms,
                is_of_system=settings.roles.is_system(message.sender_id)
                or is_own_read(raw, message.sender_id),
                node_count=node_count,  # checked before masking reads the event
            )
            record = EventRecord.from_event(
                event,
                received_at=message.sent_at,
                retention_days=settings.retention_days,
                submitted_by=self.submitted_by,
            )
        except (InvalidEventError, CanonicalizationError) as error:
            return Refusal.from_error(error)
        known = records.setdefault(get_address(record), record)
        if known.digest == record.digest:
            return known
        return Refusal.from_error(IdCollisionError(record.id))

    def _fail(self, failure: ProcessingFailedError) -> None:
        self.failure = failure
        self.outcomes.clear()
        self.dead_letters.clear()
        if self._is_final(failure):
            self._quarantine_body(failure)
        else:
            self.deliver_again(failure)

    def settle(self, unstored: Mapping[Address, AuditLogError]) -> None:
        """Note which of its records are not stored: it is delivered again, or they are given up."""
        faults = {
            address: (outcome, unstored[address])
            for outcome in self.outcomes
            if isinstance(outcome, EventRecord) and (address := get_address(outcome)) in unstored
        }
        for _, error in faults.values():
            if not self._is_final(error):
                self.retry_error = error
                return
        given_up: dict[Refusal, list[str]] = defaultdict(list)
        note = f"; given up after {self.message.receive_count} receives"
        for record, error in faults.values():
            given_up[Refusal.from_error(error, note)].append(_encode_for_queue(record))
        for refusal, events in given_up.items():
            self._quarantine_records(events, refusal)

    def _is_final(self, error: AuditLogError) -> bool:
        return is_final(error, self.message.receive_count, self.settings.max_receives)

    def _quarantine_body(self, error: AuditLogError) -> None:
        """Quarantine the whole body, which is not a job. Only its secrets are changed."""
        refusal = Refusal.from_error(error)
        self.outcomes.append(refusal)
        self._add_dead_letter(self._mask_body(), refusal)

    def _quarantine_event(self, raw: object, refusal: Refusal) -> None:
        """Quarantine the only event of the message: the body as it came, unless it has secrets."""
        masked = self._mask_event(raw)
        body = self.message.body if masked is raw else self._encode_job([masked])
        self._add_dead_letter(body, refusal)

    def _quarantine_events(self, bad: Mapping[Refusal, Sequence[object]]) -> None:
        """Quarantine some events of a bulk message, those with the same reason together.

        So a message with thousands of bad events makes few dead letters. If there are more than
        `MAX_DEAD_LETTERS` reasons, the events of all further reasons share one more dead letter,
        which names the first of these reasons.
        """
        groups = list(bad.items())
        for refusal, events in groups[:MAX_DEAD_LETTERS]:
            self._add_dead_letter(self._encode_events(events), refusal)
        if rest := groups[MAX_DEAD_LETTERS:]:
            first = rest[0][0]
            raws = [raw for _, events in rest for raw in events]
            reason = f"{len(raws)} events of {len(rest)} reasons, the first: {first.reason}"
            self._add_dead_letter(self._encode_events(raws), first._replace(reason=reason))

    def _quarantine_records(self, events: Sequence[str], refusal: Refusal) -> None:
        """Quarantine valid events that could not be stored, in their canonical form.

        This form has all defaults. So an event that was stored all the same, because a response was
        lost, is not stored twice when its dead letter is redriven.
        """
        largest = max(len(event.encode()) for event in events) + _ENVELOPE_BYTES
        for packed in pack_messages(
            events, max(largest, _MAX_PACKED_BYTES), is_masked=self.is_masked
        ):
            self._add_dead_letter(packed.body, refusal)

    def _encode_events(self, raws: Sequence[object]) -> str:
        return self._encode_job([self._mask_event(raw) for raw in raws])

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
        if not self.must_mask:
            return self.message.body
        try:
            return mask_body(self.message.body)
        except Exception:  # masking is what the processor fails at; nothing may be lost for that
            if self.failure is None:
                raise
            return self.message.body

    @property
    def must_mask(self) -> bool:
        """Whether the secrets of its events are to be masked."""
        return self.settings.masks_secrets and not self.is_masked

    def _add_dead_letter(self, body: str, refusal: Refusal) -> None:
        reason = refusal.reason
        self.size += len(body) + len(reason)
        if self.must_mask:  # a path in it can have a key that contains a secret
            reason = mask_text(reason)
        self.dead_letters.append(
            DeadLetter(body, refusal.error_type, reason, self.message.id, self.submitted_by)
        )


def _encode_for_queue(record: EventRecord) -> str:
    """Return the event's canonical JSON, with the two characters escaped that SQS refuses."""
    text = record.canonical.decode()
    return text.replace("\ufffe", r"\ufffe").replace("\uffff", r"\uffff")


def get_address(record: EventRecord) -> Address:
    """Return what identifies an event: its tenant and id."""
    return record.tenant_id, record.id
