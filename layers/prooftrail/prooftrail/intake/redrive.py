"""Redriving dead letters: editing their bodies and sending their events to the queue again."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    EventTooLargeError,
    IdCollisionError,
    InvalidDeadLetterError,
    InvalidEventError,
    MalformedJobError,
)
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.dead_letters import DeadLetterScan, ReceivedDeadLetter
from prooftrail.intake.jobs import decode_json, parse_job
from prooftrail.intake.packing import pack_messages
from prooftrail.intake.ports import JobQueue

SHOWN_FAULTS: Final = 3  # reasons in an error text, and positions of each reason
_STEP: Final = re.compile(r"[^.\[\]]+|\[(?:[0-9]{1,9}|\*)\]")
_PATH: Final = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[([0-9]{1,9}|\*)\])*")


def set_field(body: str, path: str, value: object) -> str:
    """Return the body with the value at a path like `data.resourceId` or `data.events[0].userId`.

    `[*]` means every element of a list. Null removes a field, as everywhere in events.

    Raises:
        InvalidDeadLetterError: the body is not JSON, or does not contain the path.

    >>> set_field('{"data":{"events":[{},{"a":1}]}}', "data.events[*].a", "x")
    '{"data":{"events":[{"a":"x"},{"a":"x"}]}}'
    """
    steps = parse_path(path)
    try:
        decoded = decode_json(body)
    except MalformedJobError as error:
        raise InvalidDeadLetterError(str(error)) from error
    if not steps or not _set_value(decoded, steps, value):
        raise InvalidDeadLetterError(f"{path}: is not in the body")
    return json.dumps(decoded, separators=(",", ":"))


def parse_path(text: str) -> Sequence[str]:
    """Return the steps of a path; an empty list if the text is not a path.

    >>> parse_path("data.events[*].userId"), parse_path("data..x")
    (['data', 'events', '[*]', 'userId'], [])
    """
    return _STEP.findall(text) if _PATH.fullmatch(text) else []


def _set_value(target: object, steps: Sequence[str], value: object) -> bool:
    """Set the value within the target, in place. Return whether the path exists."""
    step, rest = steps[0], steps[1:]
    match target:
        case dict() if not step.startswith("["):
            if not rest:
                target[step] = value
                return True
            return step in target and _set_value(target[step], rest, value)
        case list() if step.startswith("["):
            indexes = range(len(target)) if step == "[*]" else [int(step[1:-1])]
            if not indexes or indexes[-1] >= len(target):
                return False
            for index in indexes:
                if not rest:
                    target[index] = value
                elif not _set_value(target[index], rest, value):
                    return False
            return True
        case _:
            return False


def encode_redrive(dead_letter: ReceivedDeadLetter, body: str, *, now_ms: int) -> Sequence[str]:
    """Return the bodies of the messages that bring the events of a dead letter to the queue again.

    `body` is the body of the dead letter, or an edited one. Each event gets the defaults that the
    processor would fill in, so that sending these messages repeatedly stores each event once.

    Raises:
        InvalidDeadLetterError: the processor would refuse an event; says which and why.
    """
    try:
        job = parse_job(body)
    except AuditLogError as error:
        raise InvalidDeadLetterError(str(error)) from error
    texts: list[str] = []
    faults: dict[str, list[int]] = defaultdict(list)
    digests: dict[tuple[str, str], bytes] = {}
    for position, raw in enumerate(job.events):
        try:
            event = AuditEvent.from_json(
                raw,
                default_event_id=dead_letter.make_event_id(position if job.is_bulk else None),
                default_timestamp_ms=dead_letter.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.from_event(
                event, received_at=dead_letter.sent_at, retention_days=0
            )
        except (InvalidEventError, CanonicalizationError) as error:
            faults[str(error)].append(position)
            continue
        if digests.setdefault((record.tenant_id, record.id), record.digest) != record.digest:
            faults[str(IdCollisionError(record.id))].append(position)
        texts.append(json.dumps(event.to_json(), separators=(",", ":")))
    if faults:
        raise InvalidDeadLetterError(
            _describe_faults(faults) if job.is_bulk else next(iter(faults))
        )
    try:
        return [message.body for message in pack_messages(texts)]
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
    """The result for one dead letter: whether its events were sent, and what went wrong."""

    dead_letter: ReceivedDeadLetter
    is_sent: bool = False
    error: AuditLogError | None = None

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
) -> Sequence[RedriveResult]:
    """Send the events of the dead letters to the queue, then delete the dead letters.

    Return one result for each dead letter, in order. A dead letter is deleted only after the queue
    has taken all its events. It stays in its queue if the processor would refuse one of them again.
    `get_body` returns the body to send, or raises an `AuditLogError` if the dead letter must stay.
    """
    results: dict[str, RedriveResult] = {}
    messages: list[tuple[ReceivedDeadLetter, str]] = []
    for dead_letter in dead_letters:
        try:
            bodies = encode_redrive(dead_letter, get_body(dead_letter), now_ms=now_ms)
        except AuditLogError as error:
            results[dead_letter.id] = RedriveResult(dead_letter, error=error)
        else:
            messages += [(dead_letter, body) for body in bodies]
            results[dead_letter.id] = RedriveResult(dead_letter, is_sent=True)
    faults = jobs.send([body for _, body in messages]) if messages else {}
    for position, fault in faults.items():
        dead_letter = messages[position][0]
        results[dead_letter.id] = RedriveResult(dead_letter, error=fault)
    sent_ids = [result.dead_letter.id for result in results.values() if result.is_sent]
    for dead_letter_id, fault in (scan.delete(sent_ids) if sent_ids else {}).items():
        dead_letter = results[dead_letter_id].dead_letter
        results[dead_letter_id] = RedriveResult(dead_letter, is_sent=True, error=fault)
    return [results[dead_letter.id] for dead_letter in dead_letters]
