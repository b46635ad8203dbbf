"""OCSF 1.8.0: Authentication for logging in and out, Entity Management for everything else.

Source: https://schema.ocsf.io/1.8.0. Fields that the schema lacks are in `unmapped`. Objects with
keys that a producer chooses are JSON text, so that every key in the file has one type.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.canonical import canonicalize
from prooftrail.event.times import parse_timestamp
from prooftrail.export.lines import LineFormat, drop_none
from prooftrail.export.ports import Claim, ExportedEvent, parse_receipt
from prooftrail.export.verbs import Operation, find_operation

VERSION: Final = "1.8.0"
AUTHENTICATION: Final = 3002
ENTITY_MANAGEMENT: Final = 3004
_IDENTITY_AND_ACCESS: Final = 3
_OTHER: Final = 99
_INFORMATIONAL: Final = 1
_SUCCESS: Final = 1
_FAILURE: Final = 2
LOGONS: Final[Mapping[Operation | None, int]] = {Operation.LOGIN: 1, Operation.LOGOUT: 2}
ACTIVITIES: Final[Mapping[Operation | None, int]] = {
    Operation.CREATE: 1,
    Operation.READ: 2,
    Operation.UPDATE: 3,
    Operation.DELETE: 4,
    Operation.MOVE: 5,
    Operation.ENROLL: 6,
    Operation.UNENROLL: 7,
    Operation.ENABLE: 8,
    Operation.DISABLE: 9,
    Operation.ACTIVATE: 10,
    Operation.DEACTIVATE: 11,
    Operation.SUSPEND: 12,
    Operation.RESUME: 13,
}
ENTITY_TYPES: Final[Mapping[str, int]] = {
    "device": 1,
    "user": 2,
    "group": 3,
    "organization": 4,
    "policy": 5,
}
USER_TYPES: Final[Mapping[str, int]] = {"user": 1, "system": 3, "service": 4}
_FREE_OBJECTS: Final = ("details", "metadata")
_OWN_FIELDS: Final = ("actorType", "onBehalfOf", "targets", "traceId")


def make_document(exported: ExportedEvent) -> dict[str, Any]:
    """Return the OCSF event. Absent fields are None or left out."""
    fields = exported.fields
    user = _make_user(fields)
    session = drop_none(uid=fields.get("sessionId"))
    operation = find_operation(fields["action"])
    unmapped = _make_unmapped(exported)
    if operation in LOGONS and user:
        class_uid, activity_id = AUTHENTICATION, LOGONS[operation]
        class_fields = {
            "user": user,
            "session": session or None,
            "service": {"name": fields["tenantId"]},
        }
        unmapped |= {"resourceType": fields["resourceType"], "resourceId": fields["resourceId"]}
        if "changes" in fields:
            unmapped["changes"] = _encode_text(fields["changes"])
    else:
        class_uid, activity_id = ENTITY_MANAGEMENT, ACTIVITIES.get(operation, _OTHER)
        class_fields = _make_entity_fields(fields, user, session)
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
        "unmapped": unmapped,
    }


def _make_user(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actor with the type of actor; an empty object if nobody is named."""
    user = drop_none(uid=fields.get("userId"), name=fields.get("username"))
    kind = fields.get("actorType")
    if not user or kind is None:
        return user
    return {**user, "type": kind, "type_id": USER_TYPES.get(kind, _OTHER)}


def _make_entity_fields(
    fields: Mapping[str, Any], user: dict[str, Any], session: dict[str, Any]
) -> dict[str, Any]:
    changes = fields.get("changes", {})
    before, after = (
        _encode_text(changes[name]) if name in changes else None for name in ("before", "after")
    )
    entity = {
        "uid": fields["resourceId"],
        "type": fields["resourceType"],
        "type_id": ENTITY_TYPES.get(fields["resourceType"].lower(), _OTHER),
    }
    return {
        "actor": drop_none(user=user or None, session=session or None) or None,
        "entity": entity | drop_none(data=before),
        "entity_result": None if after is None else entity | {"data": after},
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


def _make_unmapped(exported: ExportedEvent) -> dict[str, Any]:
    fields = exported.fields
    return {
        "digest": exported.event.digest.hex(),
        **drop_none(submittedBy=exported.event.submitted_by),
        "eventId": fields["eventId"],
        "v": fields["v"],
        **{name: _encode_text(fields[name]) for name in _FREE_OBJECTS if name in fields},
        **{name: fields[name] for name in _OWN_FIELDS if name in fields},
    }


def _encode_text(value: Mapping[str, Any]) -> str:
    return canonicalize(value).decode()


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        KeyError, TypeError, ValueError: the line is not an event's.
    """
    content = json.loads(line)
    metadata = content["metadata"]
    unmapped = content["unmapped"]
    return Claim(
        metadata["sequence"],
        metadata["uid"],
        bytes.fromhex(unmapped["digest"]),
        receipt=parse_receipt(metadata["logged_time"], unmapped.get("submittedBy")),
        record=line if metadata["version"] == VERSION else None,
        received_at=metadata["logged_time"],
    )


def find_fields(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields that name persons, from an OCSF event."""
    own, entity = document["unmapped"], document.get("entity") or {}
    user = document.get("user") or (document.get("actor") or {}).get("user") or {}
    return {
        "tenantId": document["metadata"]["tenant_uid"],
        "userId": user.get("uid"),
        "onBehalfOf": own.get("onBehalfOf"),
        "resourceType": own.get("resourceType", entity.get("type")),
        "resourceId": own.get("resourceId", entity.get("uid")),
        "targets": own.get("targets"),
        "action": document["metadata"]["event_code"],
        "details": json.loads(own["details"]) if "details" in own else None,
    }


OCSF: Final = LineFormat.from_documents("ocsf.ndjson", make_document, parse_line, find_fields)
