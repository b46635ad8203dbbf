"""The columns of the formats that are tables."""

from typing import Any, Final

from prooftrail.event.canonical import canonicalize
from prooftrail.export.ports import ExportedEvent

# Text, unless a comment says otherwise. New columns come at the end.
COLUMNS: Final = (
    "position",  # an integer
    "id",
    "digest",  # 32 bytes
    "receivedAt",  # milliseconds since 1970
    "submittedBy",
    "eventId",
    "timestamp",
    "tenantId",
    "userId",
    "username",
    "action",
    "resourceType",
    "resourceId",
    "success",  # a boolean
    "ipAddress",
    "userAgent",
    "sessionId",
    "requestId",
    "errorMessage",
    "details",
    "metadata",
    "changes",
    "actorType",
    "traceId",
    "onBehalfOf",
    "targets",
)
JSON_COLUMNS: Final = ("details", "metadata", "changes", "onBehalfOf", "targets")  # RFC 8785
PERSON_COLUMNS: Final = (  # of `event.person`
    "tenantId",
    "userId",
    "onBehalfOf",
    "resourceType",
    "resourceId",
    "targets",
    "action",
    "details",
)
_LOG_COLUMNS: Final = 5  # of the log, not of the event


def make_row(exported: ExportedEvent) -> list[Any]:
    """Return the event's values by column; None for a field that is absent."""
    event, fields = exported.event, exported.fields
    row: list[Any] = [
        exported.position,
        event.id,
        event.digest,
        event.received_at,
        event.submitted_by,
    ]
    row += [
        canonicalize(fields[name]).decode()
        if name in JSON_COLUMNS and name in fields
        else fields.get(name)
        for name in COLUMNS[_LOG_COLUMNS:]
    ]
    return row
