"""The form of a reference in AuditEvents: how it is made, read and checked (`event.references`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.dynamodb import Item
from prooftrail.aws.item import decode_expiry, decode_held_expiry, decode_stored_at
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.ids import decode_digest_start, is_id
from prooftrail.event.references import (
    find_reference_keys,
    get_represented_user,
    list_reference_keys,
)

if TYPE_CHECKING:
    from prooftrail.event.record import EventRecord

_FINGERPRINT_BYTES: Final = 16
_TIMES: Final = frozenset({keys.STORED_AT, keys.EXPIRES_AT, keys.HELD_EXPIRES_AT})
_TEXTS: Final = {
    "userId": keys.USER,
    "requestId": keys.REQUEST_ID,
    "sessionId": keys.SESSION_ID,
    "ipAddress": keys.IP_ADDRESS,
}
_REQUIRED_TEXTS: Final = frozenset({keys.PARTITION, keys.ID, keys.ACTION, keys.RESOURCE})
_OPTIONAL_TEXTS: Final = frozenset({*_TEXTS.values(), keys.ON_BEHALF_OF})
_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(_REQUIRED_TEXTS | _OPTIONAL_TEXTS, "S"),
    keys.FAILED: "BOOL",
    keys.DIGEST: "B",
    keys.STORED_AT: "N",
    keys.EXPIRES_AT: "N",
    keys.HELD_EXPIRES_AT: "N",
    keys.VERSION: "N",
}
_PYTHON_TYPES: Final = {"S": str, "N": str, "B": bytes, "BOOL": bool}
_ALWAYS_PRESENT: Final = _REQUIRED_TEXTS | {keys.DIGEST, keys.STORED_AT, keys.VERSION}


def is_reference(item: Item) -> bool:
    """Return whether an item of AuditEvents is a reference by its key; else it is an event's."""
    return keys.is_reference_key(item[keys.PARTITION]["S"])


def encode_references(record: "EventRecord", event: Item) -> list[dict[str, Any]]:
    """Return the items of a record's references in DynamoDB's JSON; most records have none.

    `event` is the record's own item. Its references have the same times.
    """
    if not record.targets and record.on_behalf_of is None:
        return []
    partitions = list_reference_keys(
        record.tenant_id,
        (record.resource_type, record.resource_id),
        record.user_id,
        record.targets,
        record.on_behalf_of,
    )
    if not partitions:
        return []
    fields: dict[str, object] = {
        "action": record.action,
        "resourceType": record.resource_type,
        "resourceId": record.resource_id,
        "success": record.success,
        "userId": record.user_id,
        "requestId": record.request_id,
        "sessionId": record.session_id,
        "ipAddress": record.ip_address,
    }
    content = _encode_content(record.id, record.digest, fields, record.on_behalf_of)
    times = {name: event[name] for name in _TIMES if name in event}
    return [{keys.PARTITION: {"S": partition}, **content, **times} for partition in partitions]


def make_references(
    event_id: str,
    digest: bytes,
    fields: Mapping[str, Any],
    *,
    stored_at: int,
    expires_at: int | None,
    held_expires_at: int | None = None,
) -> list[dict[str, Any]]:
    """Return the items of the references of a stored event, given its fields by JSON name.

    `stored_at`, `expires_at` and `held_expires_at` are those of the event's item.
    """
    partitions = find_reference_keys(fields)
    if not partitions:
        return []
    content = _encode_content(event_id, digest, fields, get_represented_user(fields))
    times = {keys.STORED_AT: {"N": str(stored_at)}}
    if expires_at is not None:
        times[keys.EXPIRES_AT] = {"N": str(expires_at)}
    if held_expires_at is not None:
        times[keys.HELD_EXPIRES_AT] = {"N": str(held_expires_at)}
    return [{keys.PARTITION: {"S": partition}, **content, **times} for partition in partitions]


def _encode_content(
    event_id: str, digest: bytes, fields: Mapping[str, Any], on_behalf_of: str | None
) -> dict[str, Any]:
    """Return what all references of an event have in common, except the times."""
    resource = f"{fields['resourceType']}#{fields['resourceId']}"
    content: dict[str, Any] = {
        keys.ID: {"S": event_id},
        keys.DIGEST: {"B": digest},
        keys.ACTION: {"S": fields["action"]},
        keys.RESOURCE: {"S": resource},
        keys.VERSION: {"N": "1"},
    }
    for name, attribute in _TEXTS.items():
        if fields.get(name) is not None:
            content[attribute] = {"S": fields[name]}
    if on_behalf_of is not None:
        content[keys.ON_BEHALF_OF] = {"S": on_behalf_of}
    if not fields["success"]:
        content[keys.FAILED] = {"BOOL": True}
    return content


@dataclass(frozen=True, slots=True)
class StoredReference:
    """A reference that was read and has the form of one; its event may not have it.

    `partition` is its partition key, `content` its item without the times. `stored_at` is in
    milliseconds, `expires_at` in seconds since 1970 or None. `held_expires_at` is the expiry that a
    legal hold lifted.
    """

    partition: str
    id: str
    content: Item
    stored_at: int
    expires_at: int | None
    held_expires_at: int | None = None

    @property
    def tenant_id(self) -> str:
        """The tenant in its key."""
        return self.partition.partition("#")[0]

    @property
    def fingerprint(self) -> bytes:
        """Sixteen bytes that two references have in common only if they differ in times alone."""
        return compute_fingerprint(self.content)


def decode_reference(item: Item) -> StoredReference:
    """Return the reference that an item holds.

    Raises:
        CorruptRecordError: it does not have the form of a reference. The text says what is wrong.
    """
    if not item.keys() <= _TYPES.keys() or not item.keys() >= _ALWAYS_PRESENT:
        raise CorruptRecordError("a reference does not have these attributes")
    for name, value in item.items():
        if not _has_type(value, _TYPES[name]):
            raise CorruptRecordError(f"its {name} has another type than references have")
    partition, event_id = item[keys.PARTITION]["S"], item[keys.ID]["S"]
    digest = item[keys.DIGEST]["B"]
    if not keys.is_reference_key(partition):
        raise CorruptRecordError("its key is not that of a reference")
    if not is_id(event_id) or len(digest) != 32 or decode_digest_start(event_id) != digest[:10]:
        raise CorruptRecordError("its digest does not match its id")
    if "#" not in item[keys.RESOURCE]["S"]:
        raise CorruptRecordError("its resource is not one")
    return StoredReference(
        partition,
        event_id,
        {name: value for name, value in item.items() if name not in _TIMES},
        decode_stored_at(item),
        decode_expiry(item),
        decode_held_expiry(item),
    )


def _has_type(value: object, kind: str) -> bool:
    if not isinstance(value, Mapping) or list(value) != [kind]:
        return False
    return isinstance(value[kind], _PYTHON_TYPES[kind])


def compute_fingerprint(item: Item) -> bytes:
    """Return the fingerprint of a reference's item, see `StoredReference.fingerprint`."""
    content = sorted((name, value) for name, value in item.items() if name not in _TIMES)
    text = json.dumps(content, separators=(",", ":"), default=bytes.hex)
    return sha256(text.encode()).digest()[:_FINGERPRINT_BYTES]
