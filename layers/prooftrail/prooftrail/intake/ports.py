"""The ports of the write side: what the use-cases need from storage and queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from prooftrail.errors import AuditLogError
from prooftrail.intake.budget import Budget

if TYPE_CHECKING:  # the functions that only read start faster without the event's model
    from prooftrail.event.record import EventRecord


class EventWriter(Protocol):
    """Stores events durably."""

    def put(
        self, records: "Sequence[EventRecord]", budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """Store the records, within the budget. Return the failures by position.

        A record that has no failure is durable when this returns. Putting a record again changes
        nothing that readers see of the event. A record that has a failure may have been stored all
        the same, if the response was lost. So the caller puts it again. No two records may have the
        same tenant and id. Faults of the store are returned, not raised. After the store did not
        respond or refused a request, it is not called again in this invocation. A record that is
        refused for its content has a `ContentRejectedError`, and the other records are stored.
        """


class PayloadStore(Protocol):
    """Stores payloads too large for an item or a message, by the SHA-256 of their content."""

    def save(self, digest: bytes, payload: bytes) -> str:
        """Store the payload and return its key. Saving it again changes nothing.

        Raises:
            StoreUnavailableError, StoreRejectedError: the payload may not be stored.
        """

    def load(self, key: str) -> bytes:
        """Return the payload with this key.

        Raises:
            CorruptRecordError: the payload is missing, or does not match the digest in the key.
            StoreUnavailableError, StoreRejectedError: the payload cannot be read now.
        """


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A body that can never be stored, the reason, and the id of the message that contained it.

    `submitted_by` is who submitted it (see `event.submitter`), or None if that is not known.
    """

    body: str
    error_type: str
    error_message: str
    source_message_id: str
    submitted_by: str | None = None


class JobMessage(NamedTuple):
    """The body of a job, and the tenant of its events.

    The queue delivers the messages of its tenants by turns when one of them sends many.
    """

    body: str
    tenant_id: str


class JobQueue(Protocol):
    """The queue that the processor receives its jobs from."""

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:
        """Send jobs to the queue. Return the failures by position.

        A job that has no failure is durable when this returns. A job that has a failure may have
        been sent all the same, if the response was lost. Sending it again may put it in the queue
        twice; an event with eventId and timestamp is stored once even then. A body has at most
        1 MiB. Faults of the queue are returned, not raised.
        """


class UsageCounter(Protocol):
    """Counts what each tenant sends in a window of time, for all instances of a function."""

    def add(self, tenant_id: str, window: int, units: int, limit: int) -> bool:
        """Count units, unless the tenant has reached the limit in this window before.

        Return whether they were counted. Calls of several instances follow one another. After a
        fault the units may have been counted all the same.

        Raises:
            StoreUnavailableError, StoreRejectedError: the counter cannot be reached now.
        """


class DeadLetterSender(Protocol):
    """Quarantines what can never be stored: sends it to the dead-letter queue."""

    def send(
        self, dead_letters: Sequence[DeadLetter], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """Quarantine the dead letters, within the budget. Return the failures by position.

        A dead letter that has no failure is durable when this returns. One that has a failure may
        be sent again, which may quarantine it twice. Faults of the queue are returned, not raised.
        After the queue was unavailable, it is not called again in this invocation.
        """
