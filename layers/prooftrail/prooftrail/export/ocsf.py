"""OCSF 1.5.0: Authentication for logging in and out, Entity Management for everything else.

Source: https://schema.ocsf.io/1.5.0. Fields that the schema lacks are in `unmapped`.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.times import parse_timestamp
from prooftrail.export.lines import LineFormat, drop_none
from prooftrail.export.ports import Claim, ExportedEvent

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
_UNMAPPED: Final = ("eventId", "v", "details", "metadata")


def make_document(exported: ExportedEvent) -> dict[str, Any]:
    """Return the OCSF event. Absent fields are None or left out."""
    stored, fields = exported.event, exported.fields
    user = drop_none(uid=fields.get("userId"), name=fields.get("username"))
    session = drop_none(uid=fields.get("sessionId"))
    verb = fields["action"].rpartition(".")[2].lower()
    if verb in LOGONS and user:
        class_uid, activity_id = AUTHENTICATION, LOGONS[verb]
        class_fields = {
            "user": user,
            "session": session or None,
            "service": {"name": fields["tenantId"]},
        }
        unmapped = _select(fields, *_UNMAPPED, "resourceType", "resourceId", "changes")
    else:
        class_uid, activity_id = ENTITY_MANAGEMENT, ACTIVITIES.get(verb, _OTHER)
        class_fields = _make_entity_fields(fields, user, session)
        unmapped = _select(fields, *_UNMAPPED)
        if "changes" in fields:
            unmapped["changedFields"] = fields["changes"].get("fields", [])
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
        "metadata": _make_metadata(exported),
        **class_fields,
        "src_endpoint": drop_none(ip=fields.get("ipAddress")) or None,
        "http_request": drop_none(user_agent=fields.get("userAgent"), uid=fields.get("requestId"))
        or None,
        "unmapped": {"digest": stored.digest.hex(), **unmapped},
    }


def _make_entity_fields(
    fields: Mapping[str, Any], user: dict[str, Any], session: dict[str, Any]
) -> dict[str, Any]:
    changes = fields.get("changes", {})
    entity = {
        "uid": fields["resourceId"],
        "type": fields["resourceType"],
        "type_id": ENTITY_TYPES.get(fields["resourceType"].lower(), _OTHER),
    }
    return {
        "actor": drop_none(user=user or None, session=session or None) or None,
        "entity": entity | drop_none(data=changes.get("before")),
        "entity_result": entity | {"data": changes["after"]} if "after" in changes else None,
    }


def _make_metadata(exported: ExportedEvent) -> dict[str, Any]:
    stored, fields = exported.event, exported.fields
    return {
        "version": VERSION,
        "product": {"name": "auditlog"},
        "uid": stored.id,
        "sequence": exported.position,
        "event_code": fields["action"],
        "tenant_uid": fields["tenantId"],
        "original_time": fields["timestamp"],
        "logged_time": stored.received_at,
        **drop_none(correlation_uid=fields.get("requestId")),
    }


def _select(fields: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: fields[name] for name in names if name in fields}


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        KeyError, TypeError, ValueError: the line is not an event's.
    """
    content = json.loads(line)
    metadata = content["metadata"]
    digest = bytes.fromhex(content["unmapped"]["digest"])
    return Claim(metadata["sequence"], metadata["uid"], digest)


OCSF: Final = LineFormat.from_documents("ocsf.ndjson", make_document, parse_line)
