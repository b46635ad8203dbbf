"""The erasure of a person from dead letters.

A message cannot be changed. A dead letter with events of others too is sent again without those of
the person, and only then deleted. What names the person and is not JSON as jobs are stays, and is
reported: nobody can tell which part of it is about them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from prooftrail.errors import (
    AuditLogError,
    MalformedJobError,
    PayloadMissingError,
    UnknownJobTypeError,
)
from prooftrail.event.person import Person
from prooftrail.event.times import format_timestamp
from prooftrail.intake.dead_letters import DeadLetterScan, ReceivedDeadLetter, load_body
from prooftrail.intake.jobs import decode_json, parse_job
from prooftrail.intake.ports import DeadLetter, DeadLetterSender, PayloadStore

_MOVED: Final = "MovedBySqs"
_MOVED_MESSAGE: Final = "the processor died at this message; other events of it were erased"


@dataclass(frozen=True, slots=True)
class NamingDeadLetter:
    """A dead letter that names the person in `events` of its events.

    `rest` is the body without these, or None if no event is left.
    """

    dead_letter: ReceivedDeadLetter
    events: int
    rest: str | None


@dataclass(slots=True)
class DeadLetterErasure:
    """What a pass over the dead letters found and removed, and the ids of what it left.

    `found` dead letters name the person, in `events` events. `unclear` contain an id of the person
    and are not jobs. `faults` could not be read or removed, by id.
    """

    found: int = 0
    events: int = 0
    removed: int = 0
    unclear: list[str] = field(default_factory=list)
    faults: dict[str, AuditLogError] = field(default_factory=dict)


class RemovablePayloads(Protocol):
    """Removes payloads from the store. May raise StoreUnavailableError and StoreRejectedError."""

    def remove_payload(self, key: str) -> None:
        """Remove a payload with all its versions. Idempotent."""


@dataclass(frozen=True, slots=True)
class DeadLetterEraser:
    """Finds and removes a person's dead letters.

    `record` is called with the ids of some of them before these are removed.
    """

    person: Person
    payloads: PayloadStore
    sender: DeadLetterSender
    remover: RemovablePayloads
    record: Callable[[Sequence[str]], None]

    def count(self, scan: DeadLetterScan) -> DeadLetterErasure:
        """Return what names the person; change nothing.

        Raises:
            StoreUnavailableError, StoreRejectedError: the queue cannot be read now.
        """
        result = DeadLetterErasure()
        for _ in self._find(scan, result):
            pass
        return result

    def erase(self, scan: DeadLetterScan) -> DeadLetterErasure:
        """Remove what names the person, and send again what is left of it.

        Raises:
            StoreUnavailableError, StoreRejectedError: the queue cannot be read, or a removal
                cannot be recorded; what was not recorded stays.
        """
        result = DeadLetterErasure()
        for naming in self._find(scan, result):
            result.removed += self._remove(naming, scan, result)
        return result

    def _find(
        self, scan: DeadLetterScan, result: DeadLetterErasure
    ) -> Iterator[Sequence[NamingDeadLetter]]:
        """Yield the dead letters that name the person, as they are received. Fill the result."""
        for batch in scan.receive_batches():
            found = [each for each in (self._read(one, result) for one in batch) if each]
            result.found += len(found)
            result.events += sum(each.events for each in found)
            if found:
                yield found

    def _read(
        self, dead_letter: ReceivedDeadLetter, result: DeadLetterErasure
    ) -> NamingDeadLetter | None:
        try:
            body = load_body(dead_letter, self.payloads)
        except PayloadMissingError:
            return None  # an earlier run has removed it, or S3 has: 28 days are over
        except AuditLogError as error:
            result.faults[dead_letter.id] = error
            return None
        try:
            return _take_apart(dead_letter, body, self.person)
        except (MalformedJobError, UnknownJobTypeError):
            if any(json.dumps(name) in body for name in self.person.ids):
                result.unclear.append(dead_letter.id)
            return None

    def _remove(
        self, found: Sequence[NamingDeadLetter], scan: DeadLetterScan, result: DeadLetterErasure
    ) -> int:
        """Remove dead letters. Return how many were removed."""
        parts = [each for each in found if each.rest is not None]
        faults = self.sender.send([_make_rest(each) for each in parts]) if parts else {}
        result.faults |= {parts[at].dead_letter.id: error for at, error in faults.items()}
        ready = [each.dead_letter for each in found if each.dead_letter.id not in result.faults]
        if not ready:
            return 0
        self.record([each.id for each in ready])
        for dead_letter in ready:  # first: it is found again while its message exists
            if dead_letter.overflow_key is not None:
                try:
                    self.remover.remove_payload(dead_letter.overflow_key)
                except AuditLogError as error:
                    result.faults[dead_letter.id] = error
        ids = [each.id for each in ready if each.id not in result.faults]
        faults_by_id = scan.delete(ids)
        result.faults |= faults_by_id
        return len(ids) - len(faults_by_id)


def _take_apart(
    dead_letter: ReceivedDeadLetter, body: str, person: Person
) -> NamingDeadLetter | None:
    """Return the dead letter with the rest of its body, or None if it does not name the person.

    Raises:
        MalformedJobError, UnknownJobTypeError: the body is not a job.
    """
    job = parse_job(body)
    rest = [
        _complete(raw, dead_letter, position)
        for position, raw in enumerate(job.events)
        if not (isinstance(raw, dict) and person.is_in(raw))
    ]
    count = len(job.events) - len(rest)
    if not count:
        return None
    if not rest:
        return NamingDeadLetter(dead_letter, count, None)
    decoded: Any = decode_json(body)
    decoded["data"]["events"] = rest
    return NamingDeadLetter(dead_letter, count, json.dumps(decoded, separators=(",", ":")))


def _complete(raw: object, dead_letter: ReceivedDeadLetter, position: int) -> object:
    """Return an event with the event id and the time that it would get from its message."""
    if not isinstance(raw, dict):
        return raw
    defaults = {
        "eventId": dead_letter.make_event_id(position),
        "timestamp": format_timestamp(dead_letter.sent_at),
    }
    return raw | {name: value for name, value in defaults.items() if raw.get(name) is None}


def _make_rest(naming: NamingDeadLetter) -> DeadLetter:
    dead_letter = naming.dead_letter
    return DeadLetter(
        naming.rest or "",
        dead_letter.error_type or _MOVED,
        dead_letter.error_message or _MOVED_MESSAGE,
        dead_letter.source_message_id or dead_letter.id,
        dead_letter.submitted_by,
    )
