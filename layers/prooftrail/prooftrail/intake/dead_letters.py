"""Dead letters: what could not be stored, and the scan of the queue that holds it.

SQS has no random access. A scan receives the dead letters, which hides them from other receivers
for a while. At its end it releases those that were not deleted.
"""

from collections import defaultdict
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

EXTENDED_TIMEOUT_SECONDS: Final = 300  # while a command works on the dead letters
MAX_REFERENCE_LENGTH: Final = 500  # characters of a body that refers to the payload store


@dataclass(frozen=True, slots=True)
class ReceivedDeadLetter:
    """A message of the dead-letter queue. `sent_at` is milliseconds since 1970.

    If the processor quarantined it, it has an error and the id of the message that its events came
    in; its time is that of the quarantine. If SQS moved it there, it has no error, and its id and
    time are those of the message itself. `submitted_by` is who submitted it, if that is known.
    """

    id: str
    receipt: str
    body: str
    sent_at: int
    error_type: str | None = None
    error_message: str | None = None
    source_message_id: str | None = None
    submitted_by: str | None = None

    @property
    def is_quarantined(self) -> bool:
        """Whether the processor put it in the queue, not SQS."""
        return self.source_message_id is not None

    @property
    def overflow_key(self) -> str | None:
        """The key of the real body in the payload store; None if this is the real body.

        The processor stores a body there if it is too large for a message. A producer can send a
        body that looks like such a reference. The processor quarantines it too, for its type.
        """
        is_of_producer = self.error_type == UnknownJobTypeError.__name__ and OVERFLOW in (
            self.error_message or ""
        )
        if not self.is_quarantined or is_of_producer or len(self.body) > MAX_REFERENCE_LENGTH:
            return None
        try:
            # The processor quarantines a producer's body with a repeated key as malformed, so the
            # reason above does not show it. The strict decoder does.
            decoded = decode_json(self.body)
        except MalformedJobError:
            return None
        match decoded:
            case {"type": "overflow", "data": {"key": str() as key}} if key.startswith(
                f"{DEAD_LETTERS_PREFIX}/"
            ):
                return key
            case _:
                return None

    @property
    def event_count(self) -> int | None:
        """The number of its events; None if the body is in the payload store or is not a job."""
        if self.overflow_key is not None:
            return None
        try:
            return len(parse_job(self.body).events)
        except AuditLogError:
            return None

    def make_event_id(self, position: int | None) -> str:
        """Return the eventId for an event that has none; `position` is its index in a bulk job.

        If SQS moved the message, this is the eventId that the processor uses, so that an event that
        was stored before is not stored again. The quarantined events of one message can be in
        several dead letters, so their eventIds contain the id of the dead letter too.
        """
        name = f"{self.source_message_id}/{self.id}" if self.is_quarantined else self.id
        return name if position is None else f"{name}:{position}"

    def to_json(self) -> dict[str, object]:
        """Return the JSON object, without the body."""
        return {
            "messageId": self.id,
            "sentAt": format_timestamp(self.sent_at),
            "errorType": self.error_type,
            "errorMessage": self.error_message,
            "sourceMessageId": self.source_message_id,
            "submittedBy": self.submitted_by,
        }


class DeadLetterQueue(Protocol):
    """The dead-letter queue, as an operator uses it. Receipts are those of received messages."""

    def receive(self) -> Sequence[ReceivedDeadLetter]:
        """Return some dead letters and hide them from other receivers for 30 seconds.

        Return none if none is visible. A call that is interrupted may still hide some: the queue
        goes on with the request for a moment.

        Raises:
            StoreUnavailableError, StoreRejectedError: the queue cannot be read now.
        """

    def extend_visibility_timeout(self, receipts: Sequence[str]) -> None:
        """Hide dead letters for `EXTENDED_TIMEOUT_SECONDS` from now.

        Never raises: after a fault they become visible earlier.
        """

    def release(self, receipts: Sequence[str]) -> None:
        """Make dead letters visible to other receivers.

        Never raises: after a fault they become visible when their timeout ends, within minutes.
        """

    def delete(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """Delete dead letters for good. Return the failures by position: these may still exist."""

    def count_in_flight(self) -> int:
        """Return about how many dead letters are hidden now, by any receiver.

        Raises:
            StoreUnavailableError, StoreRejectedError: the queue cannot be asked now.
        """


@dataclass(frozen=True, slots=True)
class DeadLetterFilter:
    """Which dead letters a scan returns; None allows any.

    `ids` are whole ids, or starts of ids that only one dead letter has. `text` must occur in the
    error's type or message, in upper or lower case. `older_than_ms` is the least age.
    """

    ids: Collection[str] | None = None
    text: str | None = None
    older_than_ms: int | None = None

    def matches(self, dead_letter: ReceivedDeadLetter, now_ms: int) -> bool:
        """Return whether the dead letter meets every condition."""
        reason = f"{dead_letter.error_type or ''}\n{dead_letter.error_message or ''}".casefold()
        age_ms = now_ms - dead_letter.sent_at
        return (
            (self.ids is None or any(map(dead_letter.id.startswith, self.ids)))
            and (self.text is None or self.text.casefold() in reason)
            and (self.older_than_ms is None or age_ms >= self.older_than_ms)
        )


@dataclass(slots=True)
class DeadLetterScan:
    """One pass over the dead-letter queue, over `limit` dead letters at most.

    As a context manager it releases at its end every dead letter that was not deleted. Set
    `extends_timeout` to work on the dead letters: it hides them for minutes. Without it, a scan
    that is killed hides them only briefly.
    """

    queue: DeadLetterQueue
    filters: DeadLetterFilter
    now_ms: int
    limit: int
    on_received: Callable[[int], object] = lambda _: None
    extends_timeout: bool = False
    scanned_count: int = 0
    _receipts: dict[str, str] = field(default_factory=dict)  # of what this scan hides, by id
    _found_ids: set[str] = field(default_factory=set)  # of those in the filters
    _first_by_start: dict[str, ReceivedDeadLetter] = field(default_factory=dict)
    _ids_by_start: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def __enter__(self) -> Self:
        """Return the scan."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Release what is still hidden."""
        self.queue.release(list(self._receipts.values()))
        self._receipts.clear()

    def receive_batches(self) -> Iterator[Sequence[ReceivedDeadLetter]]:
        """Yield the dead letters that match the filters, each once, as they are received.

        Those whose ids are given by their start come last: another id may have the same start.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.receive`.
        """
        for matching in self._receive_matching():
            if selected := [each for each in matching if self._select(each)]:
                yield selected
        if unique := self._find_unique():
            yield unique

    def _receive_matching(self) -> Iterator[Sequence[ReceivedDeadLetter]]:
        seen: set[str] = set()
        seen_again: set[str] = set()
        while self.scanned_count < self.limit and not self._is_complete():
            received = self.queue.receive()
            self._receipts |= {each.id: each.receipt for each in received}
            new = [each for each in received if each.id not in seen]
            # A long scan receives its first dead letters again before it has received the last.
            # Those are hidden for longer, so that the queue returns the remaining ones.
            repeated = [each for each in received if each.id in seen]
            to_hide = received if self.extends_timeout else repeated
            if to_hide:
                self.queue.extend_visibility_timeout([each.receipt for each in to_hide])
            if not new and seen_again.issuperset(each.id for each in repeated):
                return
            seen_again |= {each.id for each in repeated}
            if not new:
                continue
            new = new[: self.limit - self.scanned_count]
            seen |= {each.id for each in new}
            self.scanned_count += len(new)
            self.on_received(len(new))
            yield [each for each in new if self.filters.matches(each, self.now_ms)]

    def _select(self, dead_letter: ReceivedDeadLetter) -> bool:
        """Return whether the filters ask for all, or for its whole id. Note given starts of it."""
        if self.filters.ids is None:
            return True
        for start in filter(dead_letter.id.startswith, self.filters.ids):
            if start == dead_letter.id:
                self._found_ids.add(start)
            else:
                self._first_by_start.setdefault(start, dead_letter)
                self._ids_by_start[start].append(dead_letter.id)
        return dead_letter.id in self._found_ids

    def _find_unique(self) -> Sequence[ReceivedDeadLetter]:
        """Return the dead letters that have an id with a given start and are the only ones."""
        starts = {
            start
            for start, ids in self._ids_by_start.items()
            if len(ids) == 1 and start not in self._found_ids
        }
        self._found_ids |= starts
        unique = {each.id: each for each in map(self._first_by_start.__getitem__, starts)}
        return [unique[each] for each in sorted(unique.keys() - self._found_ids)]

    def delete(self, ids: Sequence[str]) -> Mapping[str, AuditLogError]:
        """Delete dead letters that this scan has received. Return the failures by id."""
        faults = self.queue.delete([self._receipts[each] for each in ids])
        for position, dead_letter_id in enumerate(ids):
            if position not in faults:
                del self._receipts[dead_letter_id]
        return {ids[position]: error for position, error in faults.items()}

    def count_in_flight_elsewhere(self) -> int:
        """Return about how many dead letters other receivers hide from this scan.

        Raises:
            StoreUnavailableError, StoreRejectedError: see `DeadLetterQueue.count_in_flight`.
        """
        return max(0, self.queue.count_in_flight() - len(self._receipts))

    @property
    def missing_ids(self) -> Sequence[str]:
        """The ids in the filters that were not received, and that are not ambiguous."""
        return [each for each in self._unfound_ids if each not in self._ids_by_start]

    @property
    def ambiguous_ids(self) -> Mapping[str, Sequence[str]]:
        """The ids in the filters that are the start of several ids, with these ids."""
        return {
            each: sorted(self._ids_by_start[each])
            for each in self._unfound_ids
            if each in self._ids_by_start
        }

    @property
    def _unfound_ids(self) -> Sequence[str]:
        return [each for each in self.filters.ids or () if each not in self._found_ids]

    def _is_complete(self) -> bool:
        return self.filters.ids is not None and not self._unfound_ids


def load_body(dead_letter: ReceivedDeadLetter, payloads: PayloadStore) -> str:
    """Return the body of a dead letter, from the payload store if the processor put it there.

    Raises:
        CorruptRecordError: the payload is missing (it is kept for 28 days), or is not UTF-8.
        StoreUnavailableError, StoreRejectedError: the payload cannot be read now.
    """
    key = dead_letter.overflow_key
    if key is None:
        return dead_letter.body
    try:
        return payloads.load(key).decode()
    except UnicodeDecodeError as error:
        raise CorruptRecordError(f"{key} is not UTF-8 text") from error
