"""The ports: what the use-cases ask of storage and queues, and what they are promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prooftrail.errors import AuditLogError
from prooftrail.event.record import EventRecord


class EventWriter(Protocol):
    """Where events are kept for good."""

    def put(self, records: Sequence[EventRecord]) -> Mapping[int, AuditLogError]:
        """Store the records, and answer which were not: position → why.

        A record that is not named is durable when this returns. Idempotent: to put a record
        again changes nothing that can be read of the event. A record that is named may have been
        stored all the same (the answer was lost), so the caller puts it again. No two records may
        share tenant and id. Never raises for a fault of the store.
        """


class PayloadStore(Protocol):
    """Where payloads go that do not fit their place, by the SHA-256 of their content."""

    def save(self, digest: bytes, payload: bytes) -> str:
        """Keep the payload, idempotently, and answer its key.

        Raises:
            StoreUnavailableError, StoreRejectedError: it is not known to be kept.
        """

    def load(self, key: str) -> bytes:
        """The payload under a key.

        Raises:
            CorruptRecordError: nothing is there, or it is not what the key's digest says.
            StoreUnavailableError, StoreRejectedError: it cannot be read now.
        """


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A body that can never be stored, and why. `source_message_id` names where it came from."""

    body: str
    error_type: str
    error_message: str
    source_message_id: str


class JobQueue(Protocol):
    """The queue that the processor takes its jobs from."""

    def send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:
        """Put jobs on the queue, and answer which were not taken: position → why.

        A body that is not named is durable when this returns. One that is named may have been
        taken all the same (the answer was lost), so that sending it again may put it there twice:
        an event that carries its eventId and timestamp is stored once even so. A body has at most
        1 MiB. Never raises for a fault of the queue.
        """


class DeadLetterSender(Protocol):
    """The quarantine of what can never be stored."""

    def send(self, letters: Sequence[DeadLetter]) -> Mapping[int, AuditLogError]:
        """Quarantine the letters, and answer which were not taken: position → why.

        A letter that is not named is durable when this returns. One that is named may be sent
        again, at the price of a second copy. Never raises for a fault of the queue.
        """
