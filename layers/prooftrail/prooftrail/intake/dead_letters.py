"""Dead letters: what could not be stored is seen, sent again, or given up on record.

SQS has no random access. Whoever looks receives the letters, which hides them from others for a
while, and gives back at the end what is not dealt with.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Protocol, Self

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    CorruptRecordError,
    EventTooLargeError,
    IdCollisionError,
    InvalidDeadLetterError,
    InvalidEventError,
    MalformedJobError,
    UnknownJobTypeError,
)
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.retention import DEAD_LETTERS
from prooftrail.event.times import format_timestamp
from prooftrail.intake.jobs import OVERFLOW, decode_json, parse_job
from prooftrail.intake.packing import pack_messages
from prooftrail.intake.ports import JobQueue, PayloadStore

HELD_SECONDS: Final = 300  # while a command deals with them
SHOWN_FAULTS: Final = 3
MAX_PLACE_LENGTH: Final = 500  # of a body that only names a key
_STEP: Final = re.compile(r"[^.\[\]]+|\[(?:[0-9]{1,9}|\*)\]")
_PATH: Final = re.compile(r"[^.\[\]]+(\.[^.\[\]]+|\[([0-9]{1,9}|\*)\])*")


@dataclass(frozen=True, slots=True)
class ReceivedDeadLetter:
    """A message of the dead-letter queue. `sent_at` is milliseconds since 1970.

    One that the processor quarantined carries its reason, the id of the message that it was or
    came in, and the time of the quarantine. One that SQS redrove has no reason, and its id and time
    are those of the message itself.
    """

    id: str
    receipt: str
    body: str
    sent_at: int
    error_type: str | None = None
    error_message: str | None = None
    source_message_id: str | None = None

    @property
    def is_quarantined(self) -> bool:
        """Whether the processor put it there."""
        return self.source_message_id is not None

    @property
    def overflow_key(self) -> str | None:
        """Where the processor keeps a body that was too large, or None if this one is whole.

        A producer can write a body that looks so: that the processor quarantines too, and says that
        it knows no such type.
        """
        is_producers = self.error_type == UnknownJobTypeError.__name__ and OVERFLOW in (
            self.error_message or ""
        )
        if not self.is_quarantined or is_producers or len(self.body) > MAX_PLACE_LENGTH:
            return None
        try:
            found = decode_json(self.body)  # strictly: else its reason could be another
        except MalformedJobError:
            return None
        match found:
            case {"type": "overflow", "data": {"key": str() as key}} if key.startswith(
                f"{DEAD_LETTERS}/"
            ):
                return key
            case _:
                return None

    @property
    def event_count(self) -> int | None:
        """How many events it carries, or None where that cannot be told."""
        if self.overflow_key is not None:
            return None
        try:
            return len(parse_job(self.body).events)
        except AuditLogError:
            return None

    def event_id(self, position: int | None) -> str:
        """What an event is called that brought no eventId; in a bulk job it has a position.

        Of a message that SQS redrove it is what the processor called it, so that what was stored
        before is not stored again. The quarantined events of one message lie in several letters,
        so those are told apart by the letter too.
        """
        name = f"{self.source_message_id}/{self.id}" if self.is_quarantined else self.id
        return name if position is None else f"{name}:{position}"

    def to_json(self) -> dict[str, object]:
        """The JSON object, without the body."""
        return {
            "messageId": self.id,
            "sentAt": format_timestamp(self.sent_at),
            "errorType": self.error_type,
            "errorMessage": self.error_message,
            "sourceMessageId": self.source_message_id,
        }


class DeadLetterQueue(Protocol):
    """The dead-letter queue, as an operator handles it."""

    def receive(self) -> Sequence[ReceivedDeadLetter]:
        """Some letters, hidden from other receivers for half a minute; none when none is left.

        A call that is given up may still hide some: the queue goes on with it for a moment.

        Raises:
            StoreUnavailableError, StoreRejectedError: they cannot be read now.
        """

    def hold(self, receipts: Sequence[str]) -> None:
        """Hide letters for `HELD_SECONDS` from now. Never raises: then they show up earlier."""

    def give_back(self, receipts: Sequence[str]) -> None:
        """Show the letters to others again. Never raises: by itself that happens minutes later."""

    def remove(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """Remove letters for good, and answer which may still be there: position → why."""

    def hidden_count(self) -> int:
        """About how many letters are hidden now, whoever received them.

        Raises:
            StoreUnavailableError, StoreRejectedError: the queue does not tell now.
        """


@dataclass(frozen=True, slots=True)
class DeadLetterFilter:
    """Which letters are meant; None stands for any. `text` is in the error's type or message."""

    ids: Collection[str] | None = None
    text: str | None = None
    older_than_ms: int | None = None

    def matches(self, letter: ReceivedDeadLetter, now_ms: int) -> bool:
        """Whether this letter is meant."""
        reason = f"{letter.error_type or ''}\n{letter.error_message or ''}".casefold()
        return (
            (self.ids is None or letter.id in self.ids)
            and (self.text is None or self.text.casefold() in reason)
            and (self.older_than_ms is None or now_ms - letter.sent_at >= self.older_than_ms)
        )


@dataclass(slots=True)
class DeadLetterScan:
    """A walk over the dead-letter queue, at most `limit` letters of it.

    As a context it gives back at its end every letter that was not removed. One that is `lasting`
    holds them for minutes, to deal with them; else an interrupted one hides them only shortly.
    """

    queue: DeadLetterQueue
    selection: DeadLetterFilter
    now_ms: int
    limit: int
    on_received: Callable[[int], object] = lambda _: None
    is_lasting: bool = False
    looked_at: int = 0
    _held: dict[str, str] = field(default_factory=dict)
    _found: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give back what is held."""
        self.queue.give_back(list(self._held.values()))
        self._held.clear()

    def batches(self) -> Iterator[Sequence[ReceivedDeadLetter]]:
        """The letters that are meant, as they are received, each once.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.receive`.
        """
        seen: set[str] = set()
        again: set[str] = set()
        while self.looked_at < self.limit and not self._is_complete():
            received = self.queue.receive()
            self._held |= {letter.id: letter.receipt for letter in received}
            new = [letter for letter in received if letter.id not in seen]
            # The walk may take so long that the first show up again, before the last have come.
            old = [letter for letter in received if letter.id in seen]
            to_hold = received if self.is_lasting else old
            if to_hold:
                self.queue.hold([letter.receipt for letter in to_hold])
            if not new and again.issuperset(letter.id for letter in old):
                return
            again |= {letter.id for letter in old}
            if not new:
                continue
            new = new[: self.limit - self.looked_at]
            seen |= {letter.id for letter in new}
            self.looked_at += len(new)
            self.on_received(len(new))
            meant = [one for one in new if self.selection.matches(one, self.now_ms)]
            self._found |= {letter.id for letter in meant}
            if meant:
                yield meant

    def remove(self, ids: Sequence[str]) -> Mapping[str, AuditLogError]:
        """Remove letters that this walk has met; answers which may still be there, and why."""
        faults = self.queue.remove([self._held[one] for one in ids])
        for position, letter_id in enumerate(ids):
            if position not in faults:
                del self._held[letter_id]
        return {ids[position]: error for position, error in faults.items()}

    def hidden_elsewhere(self) -> int:
        """About how many letters this walk could not meet, because someone else holds them.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.hidden_count`.
        """
        return max(0, self.queue.hidden_count() - len(self._held))

    @property
    def missing(self) -> Sequence[str]:
        """The ids that were asked for and not met."""
        return [one for one in self.selection.ids or () if one not in self._found]

    def _is_complete(self) -> bool:
        return self.selection.ids is not None and not self.missing


def load_body(letter: ReceivedDeadLetter, payloads: PayloadStore) -> str:
    """The letter's body, loaded where the processor keeps it apart.

    Raises:
        CorruptRecordError: it is not there any more (it is kept 28 days), or no text.
        StoreUnavailableError, StoreRejectedError: it cannot be read now.
    """
    key = letter.overflow_key
    if key is None:
        return letter.body
    try:
        return payloads.load(key).decode()
    except UnicodeDecodeError as error:
        raise CorruptRecordError(f"{key} is no text") from error


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
                default_event_id=letter.event_id(position if job.is_bulk else None),
                default_timestamp_ms=letter.sent_at,
                now_ms=now_ms,
            )
            record = EventRecord.of(event, received_at=letter.sent_at, retention_days=0)
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

    letter: ReceivedDeadLetter
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
    walk: DeadLetterScan,
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
    sent = [one.letter.id for one in outcomes.values() if one.is_sent]
    for letter_id, fault in (walk.remove(sent) if sent else {}).items():
        outcomes[letter_id] = RedriveResult(outcomes[letter_id].letter, is_sent=True, error=fault)
    return [outcomes[letter.id] for letter in letters]
