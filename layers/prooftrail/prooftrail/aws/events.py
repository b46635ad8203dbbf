"""AuditEvents on DynamoDB: the item's form, and the writer.

The item keeps the event's canonical bytes: as readable text while the item fits one write unit
(1 KB), compressed where that saves write units, in S3 where an item's 400 KB would not hold them.
"""

import base64
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.item import decode_canonical
from prooftrail.errors import (
    AuditLogError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.event import keys
from prooftrail.event.ids import find_shard_by_digest
from prooftrail.event.record import EventRecord
from prooftrail.intake.ports import PayloadStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

WRITE_UNIT = 1024
MAX_ITEM_SIZE = 400 * 1024
BATCH_SIZE = 25
# Item, attribute names and key attributes are exact; this is for what DynamoDB does not specify.
_SIZE_RESERVE = 100

Item = dict[str, Any]


def encode_item(record: EventRecord, shard_count: int, payloads: PayloadStore) -> Item:
    """The item of a record, in DynamoDB's JSON; a payload of over 400 KB is saved on the way.

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
    }
    item: Item = {name: {"S": value} for name, value in text.items() if value is not None}
    item[keys.DIGEST] = {"B": record.digest}
    item[keys.RECEIVED_AT] = {"N": str(record.received_at)}
    item[keys.VERSION] = {"N": "1"}
    if record.expires_at is not None:
        item[keys.EXPIRES_AT] = {"N": str(record.expires_at)}
    _add_payload(item, record, payloads)
    return item


def _add_payload(item: Item, record: EventRecord, payloads: PayloadStore) -> None:
    canonical = record.canonical
    around = item_size(item) + len(keys.EVENT)
    readable_units = write_units(around + len(canonical))
    if readable_units == 1:
        item[keys.EVENT] = {"S": canonical.decode()}
        return
    payload: dict[str, str | bytes]
    packed = zlib.compress(canonical)
    if write_units(around + len(packed)) < readable_units:
        payload_size, payload = len(packed), {"B": packed}
    else:
        payload_size, payload = len(canonical), {"S": canonical.decode()}
    if around + payload_size + _SIZE_RESERVE <= MAX_ITEM_SIZE:
        item[keys.EVENT] = payload
    else:
        item[keys.OVERFLOW] = {"S": payloads.save(record.digest, canonical)}


def item_size(item: Item) -> int:
    """An item's size in bytes as DynamoDB bills it: names and values, numbers two digits a byte."""
    size = 0
    for name, value in item.items():
        [(kind, content)] = value.items()
        size += len(name)
        if kind == "N":
            size += len(content) // 2 + 2
        else:
            size += len(content if kind == "B" or content.isascii() else content.encode())
    return size


def write_units(size: int) -> int:
    """The write units of an item of this size: one for each started KB."""
    return -(-size // WRITE_UNIT)


def load_canonical(item: Mapping[str, Any], payloads: PayloadStore) -> bytes:
    """The canonical bytes that an item keeps, wherever they are.

    Raises:
        CorruptRecordError: the item holds none, or not what compression left.
        StoreUnavailableError, StoreRejectedError: an overflowed payload cannot be read now.
    """
    canonical = decode_canonical(item)
    return payloads.load(item[keys.OVERFLOW]["S"]) if canonical is None else canonical


def _encode_batches_at_once(client: "DynamoDBClient") -> None:
    """Let this client's BatchWriteItem encode its items with the standard library's encoder.

    They are in DynamoDB's JSON already; botocore would walk every attribute once more, for a third
    of the processor's CPU. So the request goes round its serializer, by the events that botocore
    has for changing a request's parameters and its body.
    """
    events = client.meta.events
    parameters, request = "provide-client-params.dynamodb", "before-call.dynamodb"
    set_aside: Callable[..., Any] = _set_aside  # the one event whose handler answers something
    events.register_first(f"{parameters}.BatchWriteItem", set_aside, unique_id=parameters)
    events.register_first(f"{request}.BatchWriteItem", _fill_in, unique_id=request)


def _set_aside(params: dict[str, Any], context: dict[str, Any], **_: object) -> dict[str, Any]:
    context["prooftrail_body"] = _encode(params)
    return {**params, "RequestItems": {}}


def _fill_in(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    params["body"] = context.pop("prooftrail_body")


def _encode(params: Mapping[str, Any]) -> bytes:
    return json.dumps(params, separators=(",", ":"), default=_base64).encode()


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class DynamoEventWriter:
    """`EventWriter` on AuditEvents, 25 events a call, without conditions.

    An item's key holds the digest of its content, so that a second put of an event meets only
    itself; a condition would cost a transaction's double price and guard nothing more.
    """

    def __init__(
        self, client: "DynamoDBClient", table: str, shard_count: int, payloads: PayloadStore
    ) -> None:
        self._client = client
        _encode_batches_at_once(client)
        self._table = table
        self._shard_count = shard_count
        self._payloads = payloads

    def put(self, records: Sequence[EventRecord]) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        faults: dict[int, AuditLogError] = {}
        batch: dict[int, Item] = {}
        for position, record in enumerate(records):
            try:
                batch[position] = encode_item(record, self._shard_count, self._payloads)
            except (StoreUnavailableError, StoreRejectedError) as error:
                faults[position] = error
            if len(batch) == BATCH_SIZE:
                faults |= self._put_batch(batch)
                batch = {}
        if batch:
            faults |= self._put_batch(batch)
        return faults

    def _put_batch(self, batch: Mapping[int, Item]) -> Mapping[int, AuditLogError]:
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in batch.values()]
        try:
            answer = self._client.batch_write_item(RequestItems={self._table: requests})
        except (ClientError, BotoCoreError) as error:
            fault = to_store_error(error)
            if fault.retryable or len(batch) == 1:
                return dict.fromkeys(batch, fault)
            return self._put_one_by_one(batch)
        unprocessed = answer.get("UnprocessedItems", {}).get(self._table, [])
        if not unprocessed:
            return {}
        left = {request["PutRequest"]["Item"][keys.ID]["S"] for request in unprocessed}
        return {
            position: StoreUnavailableError("UnprocessedItems")
            for position, item in batch.items()
            if item[keys.ID]["S"] in left
        }

    def _put_one_by_one(self, batch: Mapping[int, Item]) -> Mapping[int, AuditLogError]:
        """One item that breaks a rule refuses its whole batch; the others must not suffer."""
        faults: dict[int, AuditLogError] = {}
        for position, item in batch.items():
            faults |= self._put_batch({position: item})
        return faults
