"""Elastic Common Schema 9.0. Source: https://www.elastic.co/docs/reference/ecs.

Fields that the schema lacks are under `auditlog`: it wants custom fields under a name of their own.
The objects there have keys that a producer chooses. Elasticsearch needs the type `flattened` for
them: docs/elasticsearch/ecs.json is an index template with it.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.canonical import canonicalize
from prooftrail.event.times import format_timestamp
from prooftrail.export.lines import LineFormat, drop_none
from prooftrail.export.ports import Claim, ExportedEvent, parse_receipt
from prooftrail.export.verbs import Operation, find_operation, split_words

VERSION: Final = "9.0.0"
MAX_KEY_BYTES: Final = 8_192  # of a path; with it, Elasticsearch allows 24,573 for the value
LOGONS: Final[Mapping[Operation | None, str]] = {Operation.LOGIN: "start", Operation.LOGOUT: "end"}
TYPES: Final[Mapping[Operation | None, str]] = {
    Operation.CREATE: "creation",
    Operation.READ: "access",
    Operation.DELETE: "deletion",
    **dict.fromkeys(
        (
            Operation.UPDATE,
            Operation.MOVE,
            Operation.ENROLL,
            Operation.UNENROLL,
            Operation.ENABLE,
            Operation.DISABLE,
            Operation.ACTIVATE,
            Operation.DEACTIVATE,
            Operation.SUSPEND,
            Operation.RESUME,
        ),
        "change",
    ),
}
_AUTHENTICATION: Final = "authentication"
_CONFIGURATION: Final = "configuration"
_IAM: Final = "iam"
_USER: Final = "user"
CATEGORIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("config", "settings", "flag", "flags", "preferences"), _CONFIGURATION),
    **dict.fromkeys(("iam", "member", "members", "role", "roles", "user", "users"), _IAM),
}
_FREE_OBJECTS: Final = ("details", "metadata", "changes")
_OWN_FIELDS: Final = (
    "eventId",
    "resourceType",
    "resourceId",
    "sessionId",
    "v",
    "actorType",
    "targets",
)


def make_document(exported: ExportedEvent) -> dict[str, Any]:
    """Return the event's ECS document. Absent fields are None or left out."""
    fields = exported.fields
    user = drop_none(id=fields.get("userId"), name=fields.get("username"))
    effective, target = _make_effective_user(fields), _make_target_user(fields)
    address = fields.get("ipAddress")
    return {
        "@timestamp": fields["timestamp"],
        "ecs": {"version": VERSION},
        "event": _make_event_fields(exported),
        "organization": {"id": fields["tenantId"]},
        "user": user | drop_none(effective=effective, target=target) or None,
        "source": {"ip": address, "address": address} if address else None,
        "user_agent": drop_none(original=fields.get("userAgent")) or None,
        "http": {"request": {"id": fields["requestId"]}} if "requestId" in fields else None,
        "error": drop_none(message=fields.get("errorMessage")) or None,
        "trace": {"id": fields["traceId"]} if "traceId" in fields else None,
        "related": drop_none(
            ip=[address] if address else None, user=_list_users(user, effective, fields) or None
        )
        or None,
        "auditlog": _make_own_fields(exported),
    }


def _make_effective_user(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the user for whom the actor acted."""
    user = fields.get("onBehalfOf")
    return drop_none(id=user["userId"], name=user.get("username")) if user else None


def _make_target_user(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the first target that is a user: the schema has room for one."""
    users = _list_target_users(fields)
    return users[0] if users else None


def _list_target_users(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        drop_none(id=target["id"], name=target.get("name"))
        for target in fields.get("targets", ())
        if target["type"].lower() == _USER
    ]


def _list_users(
    user: Mapping[str, Any], effective: Mapping[str, Any] | None, fields: Mapping[str, Any]
) -> list[str]:
    """Return the ids and names of all users of the event."""
    if effective is None and "targets" not in fields:
        return list(user.values())
    related = [user, effective or {}, *_list_target_users(fields)]
    return list(dict.fromkeys(text for each in related for text in each.values()))


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


def _make_own_fields(exported: ExportedEvent) -> dict[str, Any]:
    fields, canonical = exported.fields, exported.event.canonical
    own = {name: fields[name] for name in (*_OWN_FIELDS, *_FREE_OBJECTS) if name in fields}
    own |= drop_none(submittedBy=exported.event.submitted_by)
    if len(canonical) > MAX_KEY_BYTES or b"\\u0000" in canonical:
        for name in own.keys() & _FREE_OBJECTS:
            if not _can_be_flattened(own[name]):
                own[name] = {"json": canonicalize(own[name]).decode()}
    return own


def _can_be_flattened(value: Any, path_bytes: int = 0) -> bool:
    """Return whether Elasticsearch takes the value in a field of the type `flattened`.

    It refuses a document with a key that has a NUL, and with a path of keys that is too long.
    """
    match value:
        case dict():
            return all(
                "\0" not in key
                and (length := path_bytes + len(key.encode()) + 1) <= MAX_KEY_BYTES
                and _can_be_flattened(inner, length)
                for key, inner in value.items()
            )
        case list():
            return all(_can_be_flattened(inner, path_bytes) for inner in value)
    return True


def _classify_action(action: str) -> tuple[str | None, str]:
    """Return the event's category, or None, and a type that the schema allows for it."""
    operation = find_operation(action)
    if operation in LOGONS:
        return _AUTHENTICATION, LOGONS[operation]
    words = reversed(split_words(action))
    category = next((CATEGORIES[word] for word in words if word in CATEGORIES), None)
    event_type = TYPES.get(operation, "info")
    if event_type == "access" and category == _IAM:
        event_type = "info"  # the schema has no access of this category
    return category, event_type


def parse_line(line: bytes) -> Claim:
    """Return what a line says of its event.

    Raises:
        KeyError, TypeError, ValueError: the line is not an event's.
    """
    content = json.loads(line)
    event, submitted_by = content["event"], content["auditlog"].get("submittedBy")
    return Claim(
        event["sequence"],
        event["id"],
        bytes.fromhex(event["hash"]),
        receipt=parse_receipt(event["created"], submitted_by),
        record=line,
        received_at=event["created"],
    )


def find_fields(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields that name persons, from a document."""
    user, own = document.get("user") or {}, document["auditlog"]
    details = own.get("details")
    if isinstance(details, Mapping) and details.keys() == {"json"}:
        details = json.loads(details["json"])
    return {
        **{name: own.get(name) for name in ("resourceType", "resourceId", "targets")},
        "tenantId": document["organization"]["id"],
        "userId": user.get("id"),
        "onBehalfOf": {"userId": user.get("effective", {}).get("id")},
        "action": document["event"]["action"],
        "details": details,
    }


ECS: Final = LineFormat.from_documents("ecs.ndjson", make_document, parse_line, find_fields)
