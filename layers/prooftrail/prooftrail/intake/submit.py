"""Submitting events over HTTP: they are validated, completed and sent to the queue.

Events in the queue have their eventId, timestamp and tenantId. So the processor stores each event
under the id that the response contains.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, Self

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    EventTooLargeError,
    InvalidBodyError,
    InvalidEventError,
    MalformedJobError,
    Problem,
    TenantForbiddenError,
    describe_type,
)
from prooftrail.event.keys import DEFAULT_TENANT, are_valid_names
from prooftrail.event.masking import MASKER
from prooftrail.event.model import MAX_TARGETS, AuditEvent, is_absent
from prooftrail.event.nodes import MAX_JOB_NODES, check_event_nodes
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import decode_json, has_too_many_nodes
from prooftrail.intake.packing import (
    MAX_MESSAGE_BYTES,
    check_size,
    count_submitter_bytes,
    pack_jobs,
)
from prooftrail.intake.ports import JobQueue
from prooftrail.intake.rate import TenantRate

MAX_EVENTS: Final = 100
_FIRST_TOO_LONG: Final = 10**64  # as the text of a tenant
_REFUSALS: Final = (
    InvalidEventError,
    CanonicalizationError,
    TenantForbiddenError,
    EventTooLargeError,
)
MAX_KEY_LENGTH: Final = 100  # an eventId has up to 128: the key, and in a list a position


@dataclass(frozen=True, slots=True)
class Submission:
    """The events of a request: decoded, not validated.

    `masked` are the positions of those whose sender has masked their secrets. `size` is the bytes
    of the request's body.
    """

    events: Sequence[object]
    is_list: bool
    masked: Set[int] = frozenset()
    size: int = 0


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event that is in the queue, with the ids and the time that it will be stored with."""

    id: str
    event_id: str
    timestamp: str
    tenant_id: str

    @classmethod
    def from_record(cls, record: EventRecord, event: AuditEvent) -> Self:
        """Return the accepted event for an event and its record."""
        return cls(record.id, event.event_id, event.timestamp, event.tenant_id)

    def to_json(self) -> dict[str, object]:
        """Return the JSON object of the API."""
        return {
            "id": self.id,
            "eventId": self.event_id,
            "timestamp": self.timestamp,
            "tenantId": self.tenant_id,
        }


SubmitResult = AcceptedEvent | AuditLogError


def parse_submission(body: str) -> Submission:
    """Return the events in the body of a request: one event, or `{"events": [event, …]}`.

    Raises:
        InvalidBodyError: the body is not JSON, repeats a key, has more values than a job may
            have, or has another form; says where.

    >>> parse_submission('{"events": [{"action": "user.login"}]}')
    Submission(events=({'action': 'user.login'},), is_list=True, masked=frozenset(), size=38)
    """
    try:
        found = decode_json(body)
    except MalformedJobError as error:
        raise InvalidBodyError(str(error)) from error
    if has_too_many_nodes(body, found):
        raise InvalidBodyError(f"must have at most {MAX_JOB_NODES} values")
    match found:
        case {"events": list() as events, **rest} if not rest:
            if not 1 <= len(events) <= MAX_EVENTS:
                raise InvalidBodyError(
                    f"events: must have 1 to {MAX_EVENTS} events (got {len(events)})"
                )
            return Submission(tuple(events), is_list=True, size=_count_bytes(body))
        case {"events": _}:
            raise InvalidBodyError("events: must be a list of events, and the only field")
        case dict() as event:
            return Submission((event,), is_list=False, size=_count_bytes(body))
        case other:
            raise InvalidBodyError(
                f'must be an event, a JSON object, or {{"events": [event, …]}} '
                f"(got {describe_type(other)})"
            )


def _count_bytes(text: str) -> int:
    return len(text.encode(errors="replace"))


def submit(
    submission: Submission,
    queue: JobQueue,
    *,
    tenant_id: str | None,
    idempotency_key: str | None,
    now_ms: int,
    make_event_id: Callable[[], str],
    masks_secrets: bool = True,
    submitted_by: str | None = None,
    rate: TenantRate | None = None,
) -> list[SubmitResult]:
    """Send the valid events to the queue. Return one result for each event, in order.

    With a `tenant_id`, all events must belong to this tenant, and events without a tenantId get it.
    Without one, an event may have any tenantId, and gets the default tenant if it has none.

    With an idempotency key, a repeated request contains the same events: events without an eventId
    get the key as their eventId (in a list `key:position`), and each event must have a timestamp.

    The secrets in the events are masked first, except in those that are masked already, so that an
    accepted event has the id that it is stored with. `submitted_by` is who sent the request. `rate`
    limits what each tenant sends.

    Invalid events and faults of the queue are returned, not raised. After a fault of the queue the
    event may be in the queue all the same.
    """
    results: list[SubmitResult] = []
    texts: dict[int, str] = {}
    tenant_ids: list[str] = []  # of the texts
    max_bytes = MAX_MESSAGE_BYTES - count_submitter_bytes(submitted_by)
    senders = [tenant_id or _find_tenant(raw) for raw in submission.events]
    waiting = (
        rate.check(_count_items(senders, submission.events), submission.size, now_ms)
        if rate
        else {}
    )
    for position, raw in enumerate(submission.events):
        if error := waiting.get(senders[position]):
            results.append(error)
            continue
        must_mask = masks_secrets and position not in submission.masked
        key = idempotency_key
        if key is not None and submission.is_list:
            key = f"{key}:{position}"
        try:
            event = _make_event(
                _prepare(raw, max_bytes, must_mask=must_mask),
                tenant_id=tenant_id,
                event_id=make_event_id() if key is None else key,
                has_key=key is not None,
                now_ms=now_ms,
            )
            accepted, text = _accept_event(event, max_bytes, now_ms)
        except _REFUSALS as refusal:
            results.append(refusal)
        else:
            results.append(accepted)
            texts[position] = text
            tenant_ids.append(event.tenant_id)
    faults = _send(texts, tenant_ids, queue, is_masked=masks_secrets, submitted_by=submitted_by)
    for position, fault in faults.items():
        results[position] = fault
    return results


def _count_items(senders: Sequence[str], events: Sequence[object]) -> Mapping[str, int]:
    """Return how many items the events become, by tenant: each, its targets, and for whom it was.

    Few bytes can name twenty targets, and each is written as an item of its own.
    """
    counts: Counter[str] = Counter()
    for sender, raw in zip(senders, events, strict=True):
        fields = raw if isinstance(raw, dict) else {}
        targets = fields.get("targets")
        target_count = min(len(targets), MAX_TARGETS) if isinstance(targets, list) else 0
        counts[sender] += 1 + target_count + isinstance(fields.get("onBehalfOf"), dict)
    return counts


def _find_tenant(raw: object) -> str:
    """Return the tenant that an event names, or the default one."""
    named = raw.get("tenantId") if isinstance(raw, dict) else None
    if isinstance(named, float) and named.is_integer():
        named = int(named)  # as the model does
    if type(named) is int and abs(named) < _FIRST_TOO_LONG:
        named = str(named)
    return named if isinstance(named, str) and are_valid_names(named) else DEFAULT_TENANT


def _prepare(raw: object, max_bytes: int, *, must_mask: bool) -> object:
    """Return an event for validation, which takes half a kilobyte for each broken rule.

    Raises:
        InvalidEventError: it has too many values, or nests too deeply.
        EventTooLargeError: it fits in no message.
    """
    check_event_nodes(raw)  # before masking reads it
    masked = MASKER.mask_event(raw) if must_mask else raw
    _encode(masked, max_bytes)
    return masked


def _accept_event(event: AuditEvent, max_bytes: int, now_ms: int) -> tuple[AcceptedEvent, str]:
    """Return the event as the response names it, and its JSON text for the queue."""
    record = EventRecord.from_event(event, received_at=now_ms, retention_days=0)
    return AcceptedEvent.from_record(record, event), _encode(event.to_json(), max_bytes)


def _encode(event: object, max_bytes: int) -> str:
    """Return the event as JSON text in ASCII, if it fits in a message."""
    try:
        text = json.dumps(event, separators=(",", ":"))
    except RecursionError as error:
        raise InvalidEventError([Problem("", "nests too deeply")]) from error
    check_size(text, max_bytes)
    return text


def _make_event(
    raw: object, *, tenant_id: str | None, event_id: str, has_key: bool, now_ms: int
) -> AuditEvent:
    problems: list[Problem] = []
    if isinstance(raw, dict):
        if tenant_id is not None and is_absent(raw.get("tenantId")):
            raw = {**raw, "tenantId": tenant_id}
        if has_key and is_absent(raw.get("timestamp")):
            rule = "required with Idempotency-Key, so that a repeated request is the same event"
            problems.append(Problem("timestamp", rule))
    try:
        event = AuditEvent.from_json(
            raw, default_event_id=event_id, default_timestamp_ms=now_ms, now_ms=now_ms
        )
    except InvalidEventError as error:
        raise InvalidEventError([*error.problems, *problems], error.unlisted_count) from error
    if problems:
        raise InvalidEventError(problems)
    if tenant_id not in {None, event.tenant_id}:
        raise TenantForbiddenError("tenantId: is not the tenant of the request")
    return event


def _send(
    texts: Mapping[int, str],
    tenant_ids: Sequence[str],
    queue: JobQueue,
    *,
    is_masked: bool,
    submitted_by: str | None,
) -> Mapping[int, AuditLogError]:
    """Send the events with these texts and tenants. Return the failures by position."""
    positions = list(texts)
    packed = pack_jobs(
        list(texts.values()), tenant_ids, is_masked=is_masked, submitted_by=submitted_by
    )
    jobs = list(packed)
    faults = queue.send([job.message for job in jobs]) if jobs else {}
    return {positions[at]: fault for sent, fault in faults.items() for at in jobs[sent].positions}
