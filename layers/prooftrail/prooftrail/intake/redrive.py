"""How dead letters are edited and sent to the queue again."""

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

SHOWN_FAULTS: Final = 3
_STEP: Final = re.compile(r"[^.\[\]]+|\[(?:[0-9]{1,9}|\*)\]")
_PATH: Final = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[([0-9]{1,9}|\*)\])*")


def set_field(body: str, path: str, value: object) -> str:
    """The body with the value at a path such as `data.resourceId` or `data.events[0].userId`.

    `[*]` means every element. Null takes a field away, as everywhere in events.

    Raises:
        InvalidDeadLetterError: the body is no JSON, or has no such place.

    >>> set_field('{"data":{"events":[{},{"a":1}]}}', "data.events[*].a", "x")
    '{"data":{"events":[{"a":"x"},{"a":"x"}]}}'
    """
    steps = parse_path(path)
    try:
        found = decode_json(body)
    except MalformedJobError as error:
        raise InvalidDeadLetterError(str(error)) from error
    if not steps or not _set(found, steps, value):
        raise InvalidDeadLetterError(f"the body has no place {path}")
    return json.dumps(found, separators=(",", ":"))


def parse_path(text: str) -> Sequence[str]:
    """The steps of a path; none where it is no path.

    >>> parse_path("data.events[*].userId"), parse_path("data..x")
    (['data', 'events', '[*]', 'userId'], [])
    """
    return _STEP.findall(text) if _PATH.fullmatch(text) else []


def _set(place: object, steps: Sequence[str], value: object) -> bool:
    step, rest = steps[0], steps[1:]
    match place:
        case dict() if not step.startswith("["):
            if not rest:
                place[step] = value
                return True
            return step in place and _set(place[step], rest, value)
        case list() if step.startswith("["):
            wanted = range(len(place)) if step == "[*]" else [int(step[1:-1])]
            if not wanted or wanted[-1] >= len(place):
                return False
            for at in wanted:
                if not rest:
                    place[at] = value
                elif not _set(place[at], rest, value):
                    return False
            return True
        case _:
            return False


def encode_redrive(letter: ReceivedDeadLetter, body: str, *, now_ms: int) -> Sequence[str]:
    """The messages that bring the letter's events to the queue, as often as they are sent.

    Each event gets what the processor would have filled in, so that a repeated redrive stores it
    once.

    Raises:
        InvalidDeadLetterError: the processor would refuse an event of it; says which and why.
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
                default_event_id=letter.make_event_id(position if job.is_bulk else None),
                default_timestamp_ms=letter.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.from_event(event, received_at=letter.sent_at, retention_days=0)
        except (InvalidEventError, CanonicalizationError) as error:
            faults[str(error)].append(position)
            continue
        if digests.setdefault((record.tenant_id, record.id), record.digest) != record.digest:
            faults[str(IdCollisionError(record.id))].append(position)
        texts.append(json.dumps(event.to_json(), separators=(",", ":")))
    if faults:
        raise InvalidDeadLetterError(_described(faults) if job.is_bulk else next(iter(faults)))
    try:
        return [parcel.body for parcel in pack_messages(texts)]
    except EventTooLargeError as error:
        raise InvalidDeadLetterError(str(error)) from error


def _described(faults: Mapping[str, Sequence[int]]) -> str:
    """The reasons and where they are, the first of each.

    >>> _described({"is bad": [3], "is worse": [1, 2, 4, 5]})
    'events[3]: is bad; events[1], [2], [4] and 1 more: is worse'
    """
    texts: list[str] = []
    for reason, positions in list(faults.items())[:SHOWN_FAULTS]:
        places = ", ".join(f"[{at}]" for at in positions[:SHOWN_FAULTS])
        more = len(positions) - SHOWN_FAULTS
        texts.append(f"events{places}{f' and {more} more' if more > 0 else ''}: {reason}")
    if len(faults) > SHOWN_FAULTS:
        texts.append(f"and {len(faults) - SHOWN_FAULTS} more reasons")
    return "; ".join(texts)


@dataclass(frozen=True, slots=True)
class RedriveResult:
    """What became of a letter: sent and removed, or why not."""

    dead_letter: ReceivedDeadLetter
    is_sent: bool = False
    error: AuditLogError | None = None

    @property
    def is_done(self) -> bool:
        """Whether it is sent, and no longer in the dead-letter queue."""
        return self.is_sent and self.error is None


def redrive(
    letters: Sequence[ReceivedDeadLetter],
    bodies: Callable[[ReceivedDeadLetter], str],
    jobs: JobQueue,
    scan: DeadLetterScan,
    *,
    now_ms: int,
) -> Sequence[RedriveResult]:
    """Send the letters' events to the queue, then remove the letters; answers what became of each.

    A letter is removed only once the queue has taken all of it. One whose events would be refused
    again stays where it is. `bodies` gives a letter's body, or raises why it stays.
    """
    outcomes: dict[str, RedriveResult] = {}
    messages: list[tuple[ReceivedDeadLetter, str]] = []
    for letter in letters:
        try:
            found = encode_redrive(letter, bodies(letter), now_ms=now_ms)
        except AuditLogError as error:
            outcomes[letter.id] = RedriveResult(letter, error=error)
        else:
            messages += [(letter, body) for body in found]
            outcomes[letter.id] = RedriveResult(letter, is_sent=True)
    faults = jobs.send([body for _, body in messages]) if messages else {}
    for position, fault in faults.items():
        letter = messages[position][0]
        outcomes[letter.id] = RedriveResult(letter, error=fault)
    sent = [one.dead_letter.id for one in outcomes.values() if one.is_sent]
    for letter_id, fault in (scan.delete(sent) if sent else {}).items():
        outcomes[letter_id] = RedriveResult(
            outcomes[letter_id].dead_letter, is_sent=True, error=fault
        )
    return [outcomes[letter.id] for letter in letters]
