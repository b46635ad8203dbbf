"""An event's item in AuditEvents: what it holds, and whether it is all of one event.

It stands apart from the writer, because whoever only checks items needs no event model.
"""

import json
import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

from prooftrail.errors import AuditLogError, CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.ids import decode_digest_start, decode_time, find_shard_by_digest, is_id
from prooftrail.event.retention import is_payload_key
from prooftrail.event.times import parse_timestamp

CONTEXT: Final = {
    "requestId": keys.REQUEST_ID,
    "sessionId": keys.SESSION_ID,
    "ipAddress": keys.IP_ADDRESS,
}
_FOUND_BY: Final = (
    keys.PARTITION,
    keys.USER_KEY,
    keys.RESOURCE_KEY,
    keys.ACTION_KEY,
    keys.FAILURE_KEY,
    *CONTEXT.values(),
)

Item = Mapping[str, Any]


def decode_canonical(item: Item) -> bytes | None:
    """The canonical bytes that the item itself holds, or None where they are in S3.

    Raises:
        CorruptRecordError: it holds none and names no place, or what does not decompress.
    """
    match item:
        case {keys.EVENT: {"S": str() as text}}:
            return text.encode()
        case {keys.EVENT: {"B": bytes() as packed}}:
            try:
                return zlib.decompress(packed)
            except zlib.error as error:
                raise CorruptRecordError(f"the event's bytes do not decompress: {error}") from error
        case {keys.OVERFLOW: {"S": str()}}:
            return None
        case _:
            raise CorruptRecordError("the item holds no event")


def decode_names(item: Item, canonical: bytes | None, shard_count: int) -> Mapping[str, Any]:
    """The fields that the event is found by, once id, digest, keys and content agree.

    Without the canonical bytes, which S3 has, the keys are held to each other alone.

    Raises:
        CorruptRecordError: they do not agree; it says which.
    """
    try:
        return _names_in(item, canonical, shard_count)
    except CorruptRecordError:
        raise
    except (AuditLogError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise CorruptRecordError("the item is none of an event") from error


def _names_in(item: Item, canonical: bytes | None, shard_count: int) -> Mapping[str, Any]:
    event_id, digest = item[keys.ID]["S"], item[keys.DIGEST]["B"]
    if not is_id(event_id) or decode_digest_start(event_id) != digest[:10] or len(digest) != 32:
        raise CorruptRecordError("its digest is not the one in its id")
    if canonical is None:
        if not is_payload_key(item[keys.OVERFLOW]["S"], digest):
            raise CorruptRecordError("its payload's place is not the one of its digest")
        names = _names_by_keys(item)
    else:
        if sha256(canonical).digest() != digest:
            raise CorruptRecordError("its content is not what its digest says")
        names = json.loads(canonical)
        if parse_timestamp(names["timestamp"]) != decode_time(event_id):
            raise CorruptRecordError("its time is not the one in its id")
    expected = _expected_text(names, digest, shard_count)
    if expected != {name: item[name]["S"] for name in _FOUND_BY if name in item}:
        raise CorruptRecordError("its keys are not those of its content")
    return names


def _names_by_keys(item: Item) -> Mapping[str, Any]:
    """The fields that an event is found by, of its keys.

    Raises:
        ValueError, KeyError: they are none of an event.
    """
    tenant_id, action, _ = item[keys.ACTION_KEY]["S"].split("#")
    _, resource_type, resource_id = item[keys.RESOURCE_KEY]["S"].split("#", 2)
    user = item.get(keys.USER_KEY)
    names = {
        "tenantId": tenant_id,
        "action": action,
        "resourceType": resource_type,
        "resourceId": resource_id,
        "success": keys.FAILURE_KEY not in item,
    }
    if user is not None:
        names["userId"] = user["S"].partition("#")[2]
    for name, attribute in CONTEXT.items():
        if attribute in item:
            names[name] = item[attribute]["S"]
    return names


def _expected_text(names: Mapping[str, Any], digest: bytes, shard_count: int) -> Mapping[str, str]:
    if not keys.are_valid_names(names["tenantId"], names["action"], names["resourceType"]):
        raise ValueError("names that no event has")
    attributes = keys.make_event_keys(
        tenant_id=names["tenantId"],
        shard=find_shard_by_digest(digest, shard_count),
        action=names["action"],
        resource_type=names["resourceType"],
        resource_id=names["resourceId"],
        user_id=names.get("userId"),
        success=names["success"],
    )
    for name, attribute in CONTEXT.items():
        if name in names:
            attributes[attribute] = names[name]
    return attributes
