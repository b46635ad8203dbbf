"""Elastic Common Schema 9.0. Source: https://www.elastic.co/docs/reference/ecs.

Fields that the schema lacks are under `auditlog`: it wants custom fields under a name of their own.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.times import format_timestamp
from prooftrail.export.lines import LineFormat, drop_none
from prooftrail.export.ports import Claim, ExportedEvent

VERSION: Final = "9.0.0"
LOGONS: Final[Mapping[str, str]] = {
    "login": "start",
    "logon": "start",
    "logout": "end",
    "logoff": "end",
}
CATEGORIES: Final[Mapping[str, str]] = {
    "config": "configuration",
    "settings": "configuration",
    "flag": "configuration",
    "flags": "configuration",
    "preferences": "configuration",
    "member": "iam",
    "role": "iam",
    "user": "iam",
}
TYPES: Final[Mapping[str, str]] = {
    "create": "creation",
    "add": "creation",
    "update": "change",
    "delete": "deletion",
    "remove": "deletion",
}
_ACCESSES: Final = frozenset({"access", "export", "read", "view"})
_AUTHENTICATION: Final = "authentication"
_IAM: Final = "iam"
_OWN_FIELDS: Final = (
    "eventId",
    "resourceType",
    "resourceId",
    "sessionId",
    "details",
    "metadata",
    "changes",
    "v",
)


def make_document(exported: ExportedEvent) -> dict[str, Any]:
    """Return the event's ECS document. Absent fields are None or left out."""
    fields = exported.fields
    user = drop_none(id=fields.get("userId"), name=fields.get("username"))
    address = fields.get("ipAddress")
    return {
        "@timestamp": fields["timestamp"],
        "ecs": {"version": VERSION},
        "event": _make_event_fields(exported),
        "organization": {"id": fields["tenantId"]},
        "user": user or None,
        "source": {"ip": address, "address": address} if address else None,
        "user_agent": drop_none(original=fields.get("userAgent")) or None,
        "http": {"request": {"id": fields["requestId"]}} if "requestId" in fields else None,
        "error": drop_none(message=fields.get("errorMessage")) or None,
        "related": drop_none(ip=[address] if address else None, user=list(user.values()) or None)
        or None,
        "auditlog": {name: fields[name] for name in _OWN_FIELDS if name in fields},
    }


def _make_event_fields(exported: ExportedEvent) -> dict[str, Any]:
    stored, fields = exported.event, exported.fields
    category, event_type = _classify_action(fields["action"])
    return {
        "id": stored.id,
        "kind": "event",
        **drop_none(category=[category] if category else None),
        "type": [event_type],
        "action": fields["action"],
        "outcome": "success" if fields["success"] else "failure",
        "created": format_timestamp(stored.received_at),
        "sequence": exported.position,
        "hash": stored.digest.hex(),
        "module": "auditlog",
        "dataset": "auditlog.event",
    }


def _classify_action(action: str) -> tuple[str | None, str]:
    """Return the event's category, or None, and a type that the schema allows for it."""
    words = action.lower().split(".")
    if words[-1] in LOGONS:
        return _AUTHENTICATION, LOGONS[words[-1]]
    category = next((CATEGORIES[word] for word in reversed(words) if word in CATEGORIES), None)
    if words[-1] in _ACCESSES and category != _IAM:
        return category, "access"
    return category, TYPES.get(words[-1], "info")


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        KeyError, TypeError, ValueError: the line is not an event's.
    """
    event = json.loads(line)["event"]
    return Claim(event["sequence"], event["id"], bytes.fromhex(event["hash"]))


ECS: Final = LineFormat.from_documents("ecs.ndjson", make_document, parse_line)
