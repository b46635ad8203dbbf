"""Audited reads: each answered read of the trail becomes an event `audit.trail.read`.

The event belongs to the tenant that was read. It goes to the queue like any other, and storing it
reads nothing. So a read of such events leaves one event more, and no loop.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import AuditLogError
from prooftrail.event.reserved import READ_ACTION
from prooftrail.event.times import format_timestamp
from prooftrail.intake.jobs import encode_single_job
from prooftrail.intake.ports import JobMessage, JobQueue

TRAIL: Final = "audit-trail"
EVENT: Final = "audit-event"
_ATTEMPTS: Final = 2


@dataclass(frozen=True, slots=True)
class TrailRead:
    """One answered read, or several of a follower that count as one.

    - `id`: becomes the event's eventId, so that a read that is sent twice is stored once
    - `reader`: the ARN of an IAM caller, or the subject of a token
    - `route`: method and path of the API, or the command, such as `prooftrail query`
    - `filters`: the parameters as the reader gave them, without the tenant
    - `event_count`: how many events the answers held, or counted
    - `event_id`: the event that was read, if the read names one
    - `sender_id`: what SQS will give as SenderId, for a sender that is not a function of the stack
    """

    id: str
    time_ms: int
    tenant_id: str
    reader: str
    route: str
    filters: Mapping[str, str]
    event_count: int
    is_masked: bool
    event_id: str | None = None
    ip_address: str | None = None
    request_id: str | None = None
    sender_id: str | None = None
    read_count: int = 1

    def to_event(self) -> dict[str, object]:
        """Return the event, as a producer would send it."""
        optional = {
            "ipAddress": self.ip_address,
            "requestId": self.request_id,
            "metadata": self.sender_id and {"senderId": self.sender_id},
        }
        return {
            "eventId": self.id,
            "timestamp": format_timestamp(self.time_ms),
            "tenantId": self.tenant_id,
            "userId": self.reader,
            "action": READ_ACTION,
            "resourceType": EVENT if self.event_id else TRAIL,
            "resourceId": self.event_id or self.tenant_id,
            "details": {
                "route": self.route,
                "filters": dict(self.filters),
                "events": self.event_count,
                "reads": self.read_count,
                "masked": self.is_masked,
            },
            **{name: value for name, value in optional.items() if value},
        }


def is_own_read(event: object, sender_id: str) -> bool:
    """Return whether an event is a read of the trail by the sender of its message.

    The command line sends such events. They name the SenderId, which AWS sets and the sender cannot
    choose.

    >>> event = {"action": "audit.trail.read", "metadata": {"senderId": "AIDA1"}}
    >>> is_own_read(event, "AIDA1"), is_own_read(event, "AIDA2")
    (True, False)
    """
    match event:
        case {"action": action, "metadata": {"senderId": claimed}} if action == READ_ACTION:
            return bool(sender_id) and claimed == sender_id
    return False


def send_reads(
    reads: Sequence[TrailRead], queue: JobQueue
) -> tuple[Sequence[TrailRead], AuditLogError | None]:
    """Send the reads to the queue. Return those that it did not take, and the last fault.

    After a fault that may pass, a read is sent a second time, at once. Faults are not raised.
    """
    waiting, refused = list(reads), list[TrailRead]()
    fault: AuditLogError | None = None
    for attempt in range(1, _ATTEMPTS + 1):
        faults = queue.send([_make_job(read) for read in waiting]) if waiting else {}
        failed = [(waiting[position], error) for position, error in sorted(faults.items())]
        waiting = []
        for read, error in failed:
            fault = error
            is_last = attempt == _ATTEMPTS or not error.retryable
            (refused if is_last else waiting).append(read)
    return refused, fault if refused else None


def _make_job(read: TrailRead) -> JobMessage:
    return JobMessage(encode_single_job(read.to_event()), read.tenant_id)
