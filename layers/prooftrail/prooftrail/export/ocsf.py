"""OCSF 1.5.0: Authentication for logging in and out, Entity Management for all else.

Source: https://schema.ocsf.io/1.5.0. What the schema has no place for is in `unmapped`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.times import parse_timestamp
from prooftrail.export.lines import Lines, json_line
from prooftrail.export.ports import Claim, Exported

VERSION: Final = "1.5.0"
AUTHENTICATION: Final = 3002
ENTITY_MANAGEMENT: Final = 3004
_IDENTITY_AND_ACCESS: Final = 3
_OTHER: Final = 99
_INFORMATIONAL: Final = 1
_SUCCESS: Final = 1
_FAILURE: Final = 2
LOGONS: Final[Mapping[str, int]] = {"login": 1, "logon": 1, "logout": 2, "logoff": 2}
ACTIVITIES: Final[Mapping[str, int]] = {
    "create": 1,
    "add": 1,
    "read": 2,
    "view": 2,
    "access": 2,
    "export": 2,
    "update": 3,
    "delete": 4,
    "remove": 4,
    "move": 5,
    "rename": 5,
    "enroll": 6,
    "unenroll": 7,
    "enable": 8,
    "disable": 9,
    "activate": 10,
    "deactivate": 11,
    "suspend": 12,
    "resume": 13,
}
ENTITY_TYPES: Final[Mapping[str, int]] = {
    "device": 1,
    "user": 2,
    "group": 3,
    "organization": 4,
    "policy": 5,
}


def line_of(exported: Exported, _origin: str) -> str:
    """The event's line."""
    return json_line(event_of(exported))


def event_of(exported: Exported) -> dict[str, Any]:
    """The event of OCSF; the absent is None or left out."""
    stored, fields = exported.event, exported.fields
    user = _present(uid=fields.get("userId"), name=fields.get("username"))
    session = _present(uid=fields.get("sessionId"))
    verb = fields["action"].rpartition(".")[2].lower()
    changes = fields.get("changes", {})
    if verb in LOGONS and user:
        class_uid, activity_id = AUTHENTICATION, LOGONS[verb]
        of_class = {
            "user": user,
            "session": session or None,
            "service": {"name": fields["tenantId"]},
        }
        left = ["resourceType", "resourceId", "changes"]
    else:
        class_uid, activity_id = ENTITY_MANAGEMENT, ACTIVITIES.get(verb, _OTHER)
        entity = {
            "uid": fields["resourceId"],
            "type": fields["resourceType"],
            "type_id": ENTITY_TYPES.get(fields["resourceType"].lower(), _OTHER),
        }
        of_class = {
            "actor": _present(user=user or None, session=session or None) or None,
            "entity": entity | _present(data=changes.get("before")),
            "entity_result": entity | {"data": changes["after"]} if "after" in changes else None,
        }
        left = []
    unmapped = {
        name: fields[name]
        for name in ("eventId", "v", "details", "metadata", *left)
        if name in fields
    }
    if "changes" in fields and "changes" not in left:
        unmapped["changedFields"] = changes.get("fields", [])
    return {
        "activity_id": activity_id,
        "activity_name": fields["action"],
        "category_uid": _IDENTITY_AND_ACCESS,
        "class_uid": class_uid,
        "type_uid": class_uid * 100 + activity_id,
        "time": parse_timestamp(fields["timestamp"]),
        "severity_id": _INFORMATIONAL,
        "status_id": _SUCCESS if fields["success"] else _FAILURE,
        "status_detail": fields.get("errorMessage"),
        "metadata": {
            "version": VERSION,
            "product": {"name": "auditlog"},
            "uid": stored.id,
            "sequence": exported.position,
            "event_code": fields["action"],
            "tenant_uid": fields["tenantId"],
            "original_time": fields["timestamp"],
            "logged_time": stored.received_at,
        }
        | _present(correlation_uid=fields.get("requestId")),
        **of_class,
        "src_endpoint": _present(ip=fields.get("ipAddress")) or None,
        "http_request": _present(user_agent=fields.get("userAgent"), uid=fields.get("requestId"))
        or None,
        "unmapped": {"digest": stored.digest.hex(), **unmapped},
    }


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def claim_in(line: bytes) -> Claim:
    """What a line says.

    Raises:
        KeyError, TypeError, ValueError: it is none of an event.
    """
    content = json.loads(line)
    metadata = content["metadata"]
    digest = bytes.fromhex(content["unmapped"]["digest"])
    return Claim(metadata["sequence"], metadata["uid"], digest)


OCSF: Final = Lines("ocsf.ndjson", line_of, claim_in)
