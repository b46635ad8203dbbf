"""Dead letters: what could not be stored is seen, sent again, or given up on record.

SQS has no random access. Whoever looks receives the letters, which hides them from others for a
while, and gives back at the end what is not dealt with.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Protocol, Self

from prooftrail.errors import (
    AuditLogError,
    CorruptRecordError,
    MalformedJobError,
    UnknownJobTypeError,
)
from prooftrail.event.retention import DEAD_LETTERS_PREFIX
from prooftrail.event.times import format_timestamp
from prooftrail.intake.jobs import OVERFLOW, decode_json, parse_job
from prooftrail.intake.ports import PayloadStore

EXTENDED_TIMEOUT_SECONDS: Final = 300  # while a command deals with them
MAX_PLACE_LENGTH: Final = 500  # of a body that only names a key


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
                f"{DEAD_LETTERS_PREFIX}/"
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

    def make_event_id(self, position: int | None) -> str:
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

    def extend_visibility_timeout(self, receipts: Sequence[str]) -> None:
        """Hide letters for `EXTENDED_TIMEOUT_SECONDS` from now. Never raises."""

    def release(self, receipts: Sequence[str]) -> None:
        """Show the letters to others again. Never raises: by itself that happens minutes later."""

    def delete(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """Remove letters for good, and answer which may still be there: position → why."""

    def count_in_flight(self) -> int:
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
    filters: DeadLetterFilter
    now_ms: int
    limit: int
    on_received: Callable[[int], object] = lambda _: None
    extends_timeout: bool = False
    scanned_count: int = 0
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
        self.queue.release(list(self._held.values()))
        self._held.clear()

    def receive_batches(self) -> Iterator[Sequence[ReceivedDeadLetter]]:
        """The letters that are meant, as they are received, each once.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.receive`.
        """
        seen: set[str] = set()
        again: set[str] = set()
        while self.scanned_count < self.limit and not self._is_complete():
            received = self.queue.receive()
            self._held |= {letter.id: letter.receipt for letter in received}
            new = [letter for letter in received if letter.id not in seen]
            # The walk may take so long that the first show up again, before the last have come.
            old = [letter for letter in received if letter.id in seen]
            to_hold = received if self.extends_timeout else old
            if to_hold:
                self.queue.extend_visibility_timeout([letter.receipt for letter in to_hold])
            if not new and again.issuperset(letter.id for letter in old):
                return
            again |= {letter.id for letter in old}
            if not new:
                continue
            new = new[: self.limit - self.scanned_count]
            seen |= {letter.id for letter in new}
            self.scanned_count += len(new)
            self.on_received(len(new))
            meant = [one for one in new if self.filters.matches(one, self.now_ms)]
            self._found |= {letter.id for letter in meant}
            if meant:
                yield meant

    def delete(self, ids: Sequence[str]) -> Mapping[str, AuditLogError]:
        """Remove letters that this walk has met; answers which may still be there, and why."""
        faults = self.queue.delete([self._held[one] for one in ids])
        for position, letter_id in enumerate(ids):
            if position not in faults:
                del self._held[letter_id]
        return {ids[position]: error for position, error in faults.items()}

    def count_in_flight_elsewhere(self) -> int:
        """About how many letters this walk could not meet, because someone else holds them.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.count_in_flight`.
        """
        return max(0, self.queue.count_in_flight() - len(self._held))

    @property
    def missing_ids(self) -> Sequence[str]:
        """The ids that were asked for and not met."""
        return [one for one in self.filters.ids or () if one not in self._found]

    def _is_complete(self) -> bool:
        return self.filters.ids is not None and not self.missing_ids


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
