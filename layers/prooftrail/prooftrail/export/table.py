"""The columns of the formats that are tables."""

from typing import Any, Final

from prooftrail.event.canonical import canonicalize
from prooftrail.export.ports import ExportedEvent

# Text, unless a comment says otherwise. The last three hold JSON in its RFC 8785 form.
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
)
JSON_COLUMNS: Final = ("details", "metadata", "changes")
_LOG_COLUMNS: Final = 5  # of the log, not of the event
_FIELDS: Final = COLUMNS[_LOG_COLUMNS : -len(JSON_COLUMNS)]


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
    row += [fields.get(name) for name in _FIELDS]
    row += [
        canonicalize(fields[name]).decode() if name in fields else None for name in JSON_COLUMNS
    ]
    return row
