"""The form of an event's item in AuditEvents: how it is made, read and checked.

The item holds the event's canonical bytes: as readable text while the item fits one write unit
(1 KB), compressed if that saves write units, and in S3 if an item of 400 KB cannot hold them.
Functions that only read or check items need no event model, so nothing here imports it.
"""

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.dynamodb import Item
from prooftrail.errors import AuditLogError, CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.ids import (
    decode_digest_start,
    decode_time,
    find_shard_by_digest,
    find_shard_by_id,
    is_id,
)
from prooftrail.event.retention import compute_expiry, is_event_payload_key
from prooftrail.event.stored import (
    MAX_CANONICAL_BYTES,
    MAX_STORED_NODES,
    parse_stored_event,
)
from prooftrail.event.submitter import MAX_SUBMITTER_LENGTH, is_submitter
from prooftrail.event.times import MAX_TIMESTAMP_MS, parse_timestamp

if TYPE_CHECKING:
    from prooftrail.event.record import EventRecord
    from prooftrail.intake.ports import PayloadStore

WRITE_UNIT: Final = 1024
MAX_ITEM_SIZE: Final = 400 * 1024
MAX_EXPIRY: Final = (1 << 40) - 1  # the ledger's rows have 5 bytes for it
# The computed sizes are exact for what DynamoDB documents; this is for the rest.
_SIZE_RESERVE: Final = 100
# A second delivery can have other values of these, so they do not decide where the payload is.
# A move from the item to S3 would look like a change of the event.
_VARYING: Final = (keys.EXPIRES_AT, keys.SUBMITTED_BY)
_MAX_VARYING_SIZE: Final = len("".join(_VARYING)) + MAX_SUBMITTER_LENGTH + 10  # of the expiry

_NUMBER: Final = re.compile(r"[0-9]{1,15}", re.ASCII)
# Tenant, action, resource type, resource id, success; user, request, session, address.
KeyFields = tuple[str, str, str, str, bool, str | None, str | None, str | None, str | None]
_KEY_FIELD_NAMES: Final = (
    "tenantId",
    "action",
    "resourceType",
    "resourceId",
    "success",
    "userId",
    "requestId",
    "sessionId",
    "ipAddress",
)
_CONTEXT_ATTRIBUTES: Final = {
    "requestId": keys.REQUEST_ID,
    "sessionId": keys.SESSION_ID,
    "ipAddress": keys.IP_ADDRESS,
}
_CHECKED_ATTRIBUTES: Final = (
    keys.PARTITION,
    keys.USER_KEY,
    keys.RESOURCE_KEY,
    keys.ACTION_KEY,
    keys.FAILURE_KEY,
    *_CONTEXT_ATTRIBUTES.values(),
)


def encode_item(
    record: "EventRecord", shard_count: int, payloads: "PayloadStore", *, stored_at: int
) -> dict[str, Any]:
    """Return a record's item in DynamoDB's JSON. Save a payload that does not fit to S3 first.

    `stored_at` is the time of this write, in milliseconds since 1970. It decides the expiry.

    Raises:
        StoreUnavailableError, StoreRejectedError: the payload could not be saved.
    """
    text: dict[str, str | None] = {
        keys.ID: record.id,
        **keys.make_event_keys(
            tenant_id=record.tenant_id,
            shard=find_shard_by_digest(record.digest, shard_count),
            action=record.action,
            resource_type=record.resource_type,
            resource_id=record.resource_id,
            user_id=record.user_id,
            success=record.success,
        ),
        keys.REQUEST_ID: record.request_id,
        keys.SESSION_ID: record.session_id,
        keys.IP_ADDRESS: record.ip_address,
        keys.SUBMITTED_BY: record.submitted_by,
    }
    item: dict[str, Any] = {name: {"S": value} for name, value in text.items() if value is not None}
    item[keys.DIGEST] = {"B": record.digest}
    item[keys.RECEIVED_AT] = {"N": str(record.received_at)}
    item[keys.STORED_AT] = {"N": str(stored_at)}
    item[keys.VERSION] = {"N": "1"}
    expires_at = compute_expiry(stored_at, record.retention_days)
    if expires_at is not None:
        item[keys.EXPIRES_AT] = {"N": str(expires_at)}
    _add_payload(item, record, payloads)
    return item


def _add_payload(item: dict[str, Any], record: "EventRecord", payloads: "PayloadStore") -> None:
    canonical = record.canonical
    other_size = compute_item_size(item) + len(keys.EVENT)
    readable_units = count_write_units(other_size + len(canonical))
    if readable_units == 1:
        item[keys.EVENT] = {"S": canonical.decode()}
        return
    payload: dict[str, str | bytes]
    compressed = zlib.compress(canonical)
    if count_write_units(other_size + len(compressed)) < readable_units:
        payload_size, payload = len(compressed), {"B": compressed}
    else:
        payload_size, payload = len(canonical), {"S": canonical.decode()}
    varying = compute_item_size({name: item[name] for name in _VARYING if name in item})
    if other_size - varying + _MAX_VARYING_SIZE + payload_size + _SIZE_RESERVE <= MAX_ITEM_SIZE:
        item[keys.EVENT] = payload
    else:
        item[keys.OVERFLOW] = {"S": payloads.save(record.digest, canonical)}


def compute_item_size(item: Item) -> int:
    """Return an item's size in bytes as DynamoDB bills it: names and values.

    A number takes a byte for two digits.
    """
    size = sum(map(len, item))
    texts: list[str] = []
    for value in item.values():
        if "S" in value:
            texts.append(value["S"])
        elif "N" in value:
            size += len(value["N"]) // 2 + 2
        elif "B" in value:
            size += len(value["B"])
        else:
            size += 1  # true or false
    text = "".join(texts)
    return size + len(text if text.isascii() else text.encode())


def count_write_units(size: int) -> int:
    """Return the write units of an item of `size` bytes: one for each started KB."""
    return -(-size // WRITE_UNIT)


def make_event_key(tenant_id: str, event_id: str, shard_count: int) -> dict[str, Any]:
    """Return the primary key of an event's item."""
    partition = keys.make_base_key(tenant_id, find_shard_by_id(event_id, shard_count))
    return {keys.PARTITION: {"S": partition}, keys.ID: {"S": event_id}}


def parse_tenant(item: Item) -> str:
    """Return the tenant in an item's primary key."""
    tenant_id: str = item[keys.PARTITION]["S"].rpartition("#")[0]
    return tenant_id


def parse_key_fields(item: Item) -> KeyFields:
    """Return the event's fields in the item's keys, in the order of `Row`.

    Raises:
        KeyError, TypeError, ValueError: the item does not have an event's keys.
    """
    tenant_id, action, _ = item[keys.ACTION_KEY]["S"].split("#")
    _, resource_type, resource_id = item[keys.RESOURCE_KEY]["S"].split("#", 2)
    return (
        tenant_id,
        action,
        resource_type,
        resource_id,
        keys.FAILURE_KEY not in item,
        item[keys.USER_KEY]["S"].partition("#")[2] if keys.USER_KEY in item else None,
        item[keys.REQUEST_ID]["S"] if keys.REQUEST_ID in item else None,
        item[keys.SESSION_ID]["S"] if keys.SESSION_ID in item else None,
        item[keys.IP_ADDRESS]["S"] if keys.IP_ADDRESS in item else None,
    )


def load_canonical(item: Item, payloads: "PayloadStore") -> bytes:
    """Return the canonical bytes of the item's event, from S3 if they are there.

    Raises:
        CorruptRecordError: see `decode_canonical`; or S3 does not have them.
        StoreUnavailableError, StoreRejectedError: a payload in S3 cannot be read now.
    """
    canonical = decode_canonical(item)
    return payloads.load(item[keys.OVERFLOW]["S"]) if canonical is None else canonical


def decode_canonical(item: Item) -> bytes | None:
    """Return the canonical bytes that the item itself holds, or None if they are in S3.

    Raises:
        CorruptRecordError: the item holds no event, its bytes do not decompress, or they are more
            than any event has.
    """
    match item:
        case {keys.EVENT: {"S": str() as text}}:
            return text.encode(errors="replace")  # the digest shows what was replaced
        case {keys.EVENT: {"B": bytes() as compressed}}:
            return _decompress(compressed)
        case {keys.OVERFLOW: {"S": str() as key}, keys.DIGEST: {"B": bytes() as digest}}:
            if not is_event_payload_key(key, digest):
                raise CorruptRecordError("its payload's key does not match its digest")
            return None
        case _:
            raise CorruptRecordError("the item holds no event")


def _decompress(compressed: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        canonical = decompressor.decompress(compressed, MAX_CANONICAL_BYTES + 1)
    except zlib.error as error:
        raise CorruptRecordError("the event's bytes do not decompress") from error
    if len(canonical) > MAX_CANONICAL_BYTES:
        raise CorruptRecordError(f"the event has more than {MAX_CANONICAL_BYTES} bytes")
    if not decompressor.eof or decompressor.unused_data:
        raise CorruptRecordError("the event's bytes do not decompress")
    return canonical


@dataclass(frozen=True, slots=True)
class StoredItem:
    """A checked item: the event's fields by JSON name, its canonical bytes, the item's times.

    `submitted_by` is None if the item does not say it. `payload_key` is the payload's key in S3, or
    None. While a payload in S3 is not read, `canonical` is empty, and `fields` are those in the
    item's keys.
    """

    fields: Mapping[str, Any]
    canonical: bytes
    times: "ItemTimes"
    submitted_by: str | None
    payload_key: str | None


def decode_item(item: Item, shard_count: int, max_nodes: int = MAX_STORED_NODES) -> StoredItem:
    """Return what an item holds, without reading a payload in S3.

    Every reader of items uses this function or `load_item`: an item that is not as the processor
    writes it is one `CorruptRecordError`, whatever is wrong with it.

    Raises:
        CorruptRecordError: see `decode_canonical`, `verify_item` and `decode_times`.
    """
    canonical = decode_canonical(item)
    fields = verify_item(item, canonical, shard_count, max_nodes)
    key = item[keys.OVERFLOW]["S"] if canonical is None else None
    return StoredItem(fields, canonical or b"", decode_times(item), decode_submitter(item), key)


def load_item(item: Item, shard_count: int, payloads: "PayloadStore") -> StoredItem:
    """Return what an item holds, with the payload from S3 if it is there.

    Raises:
        CorruptRecordError: see `decode_item`; or the payload is not in S3.
        StoreUnavailableError, StoreRejectedError: a payload in S3 cannot be read now.
    """
    stored = decode_item(item, shard_count)
    if stored.payload_key is None:
        return stored
    canonical = payloads.load(stored.payload_key)
    fields = verify_item(item, canonical, shard_count)
    return replace(stored, fields=fields, canonical=canonical)


@dataclass(frozen=True, slots=True)
class ItemTimes:
    """The times in an item beside the event's own.

    `received_at` and `stored_at` (of the last write) are in milliseconds since 1970, `expires_at`
    is in seconds or None. `held_expires_at` is the expiry that a legal hold lifted. For items that
    were written before there was a `storedAt`, `stored_at` is `received_at`.
    """

    received_at: int
    stored_at: int
    expires_at: int | None
    held_expires_at: int | None = None


def decode_times(item: Item) -> ItemTimes:
    """Return the times in an item.

    Raises:
        CorruptRecordError: one is missing or is not a time.
    """
    received_at = _decode_time(item, keys.RECEIVED_AT, MAX_TIMESTAMP_MS)
    return ItemTimes(
        received_at,
        _decode_time(item, keys.STORED_AT, MAX_TIMESTAMP_MS)
        if keys.STORED_AT in item
        else received_at,
        decode_expiry(item),
        decode_held_expiry(item),
    )


def decode_stored_at(item: Item) -> int:
    """Return when an item was written last, in milliseconds since 1970.

    Raises:
        CorruptRecordError: it does not say so.
    """
    return _decode_time(item, keys.STORED_AT, MAX_TIMESTAMP_MS)


def decode_submitter(item: Item) -> str | None:
    """Return who submitted the event; None if the item was written before this was recorded.

    Raises:
        CorruptRecordError: it does not have the form of a submitter.
    """
    if keys.SUBMITTED_BY not in item:
        return None
    value = item[keys.SUBMITTED_BY]
    text = value.get("S") if isinstance(value, Mapping) else None
    if isinstance(text, str) and is_submitter(text):
        return text
    raise CorruptRecordError(f"its {keys.SUBMITTED_BY} is not a submitter")


def decode_expiry(item: Item) -> int | None:
    """Return when an item expires, in seconds since 1970, or None.

    Raises:
        CorruptRecordError: its expiry is not a time.
    """
    return _decode_time(item, keys.EXPIRES_AT, MAX_EXPIRY) if keys.EXPIRES_AT in item else None


def decode_held_expiry(item: Item) -> int | None:
    """Return the expiry that a legal hold lifted, in seconds since 1970, or None.

    Raises:
        CorruptRecordError: it is not a time, or the item has an expiry as well.
    """
    if keys.HELD_EXPIRES_AT not in item:
        return None
    if keys.EXPIRES_AT in item:
        raise CorruptRecordError(f"it has both {keys.EXPIRES_AT} and {keys.HELD_EXPIRES_AT}")
    return _decode_time(item, keys.HELD_EXPIRES_AT, MAX_EXPIRY)


def _decode_time(item: Item, name: str, highest: int) -> int:
    number = item.get(name)
    text = number.get("N") if isinstance(number, Mapping) else None
    if isinstance(text, str) and _NUMBER.fullmatch(text) and int(text) <= highest:
        return int(text)
    raise CorruptRecordError(f"its {name} is not a time")


def verify_item(
    item: Item, canonical: bytes | None, shard_count: int, max_nodes: int = MAX_STORED_NODES
) -> Mapping[str, Any]:
    """Check that id, digest, keys and content agree; return the event's fields by JSON name.

    Without the canonical bytes (they are in S3) only id, digest and keys are compared, and the
    fields are those in the keys.

    Raises:
        CorruptRecordError: they do not agree. The text says which.
    """
    try:
        return _verify_item(item, canonical, shard_count, max_nodes)
    except CorruptRecordError:
        raise
    except (AuditLogError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise CorruptRecordError("the item is not an event's") from error


def _verify_item(
    item: Item, canonical: bytes | None, shard_count: int, max_nodes: int
) -> Mapping[str, Any]:
    event_id, digest = item[keys.ID]["S"], item[keys.DIGEST]["B"]
    if not is_id(event_id) or decode_digest_start(event_id) != digest[:10] or len(digest) != 32:
        raise CorruptRecordError("its digest does not match its id")
    if canonical is None:
        named = zip(_KEY_FIELD_NAMES, parse_key_fields(item), strict=True)
        fields: dict[str, Any] = {name: value for name, value in named if value is not None}
    else:
        if sha256(canonical).digest() != digest:
            raise CorruptRecordError("its content does not match its digest")
        fields = parse_stored_event(canonical, max_nodes)
        if parse_timestamp(fields["timestamp"]) != decode_time(event_id):
            raise CorruptRecordError("its timestamp does not match its id")
    expected = _make_attributes(fields, digest, shard_count)
    if expected != {name: item[name]["S"] for name in _CHECKED_ATTRIBUTES if name in item}:
        raise CorruptRecordError("its keys do not match its content")
    return fields


def _make_attributes(
    fields: Mapping[str, Any], digest: bytes, shard_count: int
) -> Mapping[str, str]:
    target_types = (target["type"] for target in fields.get("targets", ()))
    names = (fields["action"], fields["resourceType"], *target_types)
    if not keys.are_valid_names(fields["tenantId"], *names):
        raise ValueError("tenant, action or resource type are not valid")
    attributes = keys.make_event_keys(
        tenant_id=fields["tenantId"],
        shard=find_shard_by_digest(digest, shard_count),
        action=fields["action"],
        resource_type=fields["resourceType"],
        resource_id=fields["resourceId"],
        user_id=fields.get("userId"),
        success=fields["success"],
    )
    for name, attribute in _CONTEXT_ATTRIBUTES.items():
        if name in fields:
            attributes[attribute] = fields[name]
    return attributes
