"""Elastic Common Schema 9.0. Source: https://www.elastic.co/docs/reference/ecs.

What the schema has no place for is under `auditlog`, a name of our own, as it asks for.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.times import format_timestamp
from prooftrail.export.lines import Lines, json_line
from prooftrail.export.ports import Claim, Exported

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


def line_of(exported: Exported, _origin: str) -> str:
    """The event's line."""
    return json_line(event_of(exported))


def event_of(exported: Exported) -> dict[str, Any]:
    """The document; the absent is None or left out."""
    stored, fields = exported.event, exported.fields
    category, kind = _kind_of(fields["action"])
    user = _present(id=fields.get("userId"), name=fields.get("username"))
    address = fields.get("ipAddress")
    own = {
        name: fields[name]
        for name in (
            "eventId",
            "resourceType",
            "resourceId",
            "sessionId",
            "details",
            "metadata",
            "changes",
            "v",
        )
        if name in fields
    }
    return {
        "@timestamp": fields["timestamp"],
        "ecs": {"version": VERSION},
        "event": {
            "id": stored.id,
            "kind": "event",
            **_present(category=[category] if category else None),
            "type": [kind],
            "action": fields["action"],
            "outcome": "success" if fields["success"] else "failure",
            "created": format_timestamp(stored.received_at),
            "sequence": exported.position,
            "hash": stored.digest.hex(),
            "module": "auditlog",
            "dataset": "auditlog.event",
        },
        "organization": {"id": fields["tenantId"]},
        "user": user or None,
        "source": {"ip": address, "address": address} if address else None,
        "user_agent": _object(original=fields.get("userAgent")),
        "http": {"request": {"id": fields["requestId"]}} if "requestId" in fields else None,
        "error": _object(message=fields.get("errorMessage")),
        "related": _object(ip=[address] if address else None, user=list(user.values()) or None),
        "auditlog": own,
    }


def _kind_of(action: str) -> tuple[str | None, str]:
    """The category, if one fits, and the type, of those that the schema expects together."""
    words = action.lower().split(".")
    if words[-1] in LOGONS:
        return _AUTHENTICATION, LOGONS[words[-1]]
    category = next((CATEGORIES[word] for word in reversed(words) if word in CATEGORIES), None)
    if words[-1] in _ACCESSES and category != _IAM:
        return category, "access"
    return category, TYPES.get(words[-1], "info")


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _object(**values: Any) -> dict[str, Any] | None:
    return _present(**values) or None


def claim_in(line: bytes) -> Claim:
    """What a line says.

    Raises:
        KeyError, TypeError, ValueError: it is none of an event.
    """
    event = json.loads(line)["event"]
    return Claim(event["sequence"], event["id"], bytes.fromhex(event["hash"]))


ECS: Final = Lines("ecs.ndjson", line_of, claim_in)
