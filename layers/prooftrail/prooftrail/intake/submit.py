"""Events that come over HTTP: validated, named, and put on the queue.

What goes onto the queue has its eventId, timestamp and tenantId fixed, so that the id in the answer
is the one that the processor stores the event under.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

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
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import decode_json
from prooftrail.intake.packing import check_size, pack_messages
from prooftrail.intake.ports import JobQueue

MAX_EVENTS: Final = 100
MAX_KEY_LENGTH: Final = 100  # an eventId has 128 characters, and a position may follow the key


@dataclass(frozen=True, slots=True)
class Submission:
    """The events of a request, decoded and not yet validated."""

    events: Sequence[object]
    is_list: bool


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event that is on the queue, by the names that it will have in the store."""

    id: str
    event_id: str
    timestamp: str
    tenant_id: str

    def to_json(self) -> dict[str, object]:
        """The JSON object, camelCase."""
        return {
            "id": self.id,
            "eventId": self.event_id,
            "timestamp": self.timestamp,
            "tenantId": self.tenant_id,
        }


SubmitResult = AcceptedEvent | AuditLogError


def parse_submission(body: str) -> Submission:
    """The events in a request's body: one event, or `{"events": [event, …]}`.

    Raises:
        InvalidBodyError: not JSON, a repeated key, or neither of the two; says what and where.

    >>> parse_submission('{"events": [{"action": "user.login"}]}')
    Submission(events=({'action': 'user.login'},), is_list=True)
    """
    try:
        found = decode_json(body)
    except MalformedJobError as error:
        raise InvalidBodyError(str(error)) from error
    match found:
        case {"events": list() as events, **rest} if not rest:
            if not 1 <= len(events) <= MAX_EVENTS:
                raise InvalidBodyError(
                    f"events: must have 1 to {MAX_EVENTS} events (got {len(events)})"
                )
            return Submission(tuple(events), is_list=True)
        case {"events": _}:
            raise InvalidBodyError("events: must be a list of events, and stand alone")
        case dict() as event:
            return Submission((event,), is_list=False)
        case other:
            raise InvalidBodyError(
                f'must be an event, a JSON object, or {{"events": [event, …]}} '
                f"(got {describe_type(other)})"
            )


def submit(
    submission: Submission,
    queue: JobQueue,
    *,
    tenant_id: str | None,
    idempotency_key: str | None,
    now_ms: int,
    make_event_id: Callable[[], str],
) -> list[SubmitResult]:
    """Put the valid events on the queue; answers what became of each, in order.

    `tenant_id` is the only tenant whose events the request may hold, and that of an event which
    names none; without it an event names any, or is the default tenant's. With an idempotency key
    a repeated request holds the same events: the key names those that have no eventId (`key`, in a
    list `key:position`), and each must have a timestamp. An event whose error is a fault of the
    queue may be on it all the same.

    Raises nothing for a bad event or for a fault of the queue.
    """
    outcomes: list[SubmitResult] = []
    texts: dict[int, str] = {}
    for position, raw in enumerate(submission.events):
        if idempotency_key is None:
            event_id = make_event_id()
        elif submission.is_list:
            event_id = f"{idempotency_key}:{position}"
        else:
            event_id = idempotency_key
        try:
            _encoded(raw)  # large ones first: each broken rule of an event takes half a kilobyte
            event = _event_of(
                raw,
                tenant_id=tenant_id,
                event_id=event_id,
                has_key=idempotency_key is not None,
                now_ms=now_ms,
            )
            record = EventRecord.from_event(event, received_at=now_ms, retention_days=0)
            text = _encoded(event.to_json())
        except (
            InvalidEventError,
            CanonicalizationError,
            TenantForbiddenError,
            EventTooLargeError,
        ) as error:
            outcomes.append(error)
        else:
            outcomes.append(
                AcceptedEvent(record.id, event.event_id, event.timestamp, event.tenant_id)
            )
            texts[position] = text
    for position, fault in _send(texts, queue).items():
        outcomes[position] = fault
    return outcomes


def _encoded(event: object) -> str:
    """The event's JSON text, in ASCII, which a message can carry."""
    try:
        text = json.dumps(event, separators=(",", ":"))
    except RecursionError as error:
        raise InvalidEventError([Problem("", "nests too deeply")]) from error
    check_size(text)
    return text


def _event_of(
    raw: object, *, tenant_id: str | None, event_id: str, has_key: bool, now_ms: int
) -> AuditEvent:
    problems: list[Problem] = []
    if isinstance(raw, dict):
        if tenant_id is not None and raw.get("tenantId") is None:
            raw = {**raw, "tenantId": tenant_id}
        if has_key and raw.get("timestamp") is None:
            rule = "required with Idempotency-Key, so that a repeated request is the same event"
            problems.append(Problem("timestamp", rule))
    try:
        event = AuditEvent.from_json(
            raw, default_event_id=event_id, default_timestamp_ms=now_ms, now_ms=now_ms
        )
    except InvalidEventError as error:
        raise InvalidEventError([*error.problems, *problems]) from error
    if problems:
        raise InvalidEventError(problems)
    if tenant_id not in {None, event.tenant_id}:
        raise TenantForbiddenError("tenantId: the request is for another tenant")
    return event


def _send(texts: dict[int, str], queue: JobQueue) -> dict[int, AuditLogError]:
    positions = list(texts)
    parcels = pack_messages(list(texts.values()))
    faults = queue.send([parcel.body for parcel in parcels]) if parcels else {}
    return {
        positions[place]: error for at, error in faults.items() for place in parcels[at].positions
    }
