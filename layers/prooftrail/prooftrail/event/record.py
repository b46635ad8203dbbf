"""The form in which an event is stored."""

from typing import NamedTuple

from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.model import AuditEvent
from prooftrail.event.times import parse_timestamp


class EventRecord(NamedTuple):
    """One event as it is stored: its id, its canonical bytes, and the fields that find it.

    `targets` are the types and ids of the further resources, each once, in the event's order.
    `on_behalf_of` is the id of the user for whom the actor acted. `received_at` is in milliseconds
    since 1970. The event is kept for `retention_days` after it was written last, for ever if they
    are 0. `submitted_by` is who submitted it (see `event.submitter`), or None if that is not known.
    """

    tenant_id: str
    id: str
    digest: bytes
    canonical: bytes
    action: str
    resource_type: str
    resource_id: str
    success: bool
    received_at: int
    retention_days: int = 0
    user_id: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    ip_address: str | None = None
    submitted_by: str | None = None
    targets: tuple[tuple[str, str], ...] = ()
    on_behalf_of: str | None = None

    @classmethod
    def from_event(
        cls,
        event: AuditEvent,
        *,
        received_at: int,
        retention_days: int,
        submitted_by: str | None = None,
    ) -> "EventRecord":
        """Return the record of a valid event.

        Raises:
            CanonicalizationError: the event has a value without an RFC 8785 form.
        """
        canonical = canonicalize(event.to_json())
        digest = compute_digest(canonical)
        return cls(
            tenant_id=event.tenant_id,
            id=make_id(parse_timestamp(event.timestamp), digest),
            digest=digest,
            canonical=canonical,
            action=event.action,
            resource_type=event.resource_type,
            resource_id=event.resource_id,
            success=event.success,
            received_at=received_at,
            retention_days=retention_days,
            user_id=event.user_id,
            request_id=event.request_id,
            session_id=event.session_id,
            ip_address=event.ip_address,
            submitted_by=submitted_by,
            targets=tuple({(each.type, each.id): None for each in event.targets})
            if event.targets
            else (),
            on_behalf_of=None if event.on_behalf_of is None else event.on_behalf_of.user_id,
        )
