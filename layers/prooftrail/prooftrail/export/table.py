"""The columns of the formats that are tables."""

from typing import Any, Final

from prooftrail.event.canonical import canonicalize
from prooftrail.export.ports import Exported

# Text, where nothing else is said. The last three hold JSON in its RFC 8785 form.
COLUMNS: Final = (
    "position",  # a whole number
    "id",
    "digest",  # 32 bytes
    "receivedAt",  # milliseconds since 1970
    "eventId",
    "timestamp",
    "tenantId",
    "userId",
    "username",
    "action",
    "resourceType",
    "resourceId",
    "success",  # a truth value
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
_OWN: Final = 4
_FIELDS: Final = COLUMNS[_OWN : -len(JSON_COLUMNS)]


def make_row(exported: Exported) -> list[Any]:
    """The event's values, by column; None for what is absent."""
    event, fields = exported.event, exported.fields
    row: list[Any] = [exported.position, event.id, event.digest, event.received_at]
    row += [fields.get(name) for name in _FIELDS]
    row += [
        canonicalize(fields[name]).decode() if name in fields else None for name in JSON_COLUMNS
    ]
    return row
