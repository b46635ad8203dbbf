"""AuditLedger on DynamoDB, and stream records as Lambda delivers them."""

import base64
import json
import zlib
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from auditlog import keys
from auditlog.aws import fault_of
from auditlog.entry import pack_rows
from auditlog.errors import (
    AlreadyCommittedError,
    AuditLogError,
    CorruptRecordError,
    HeadMovedError,
    StoreRejectedError,
)
from auditlog.head import Head
from auditlog.head_dynamodb import read_head, read_item
from auditlog.identity import (
    digest_start_of,
    is_id,
    parse_timestamp,
    shard_of_digest,
    time_of,
)
from auditlog.ledger import Change, ChangeKind, Commit, CounterAddress, Image
from auditlog.overflow import is_key_of

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_PASSING = {
    "ConditionalCheckFailed",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
    "TransactionConflict",
}
_TTL_PRINCIPAL = "dynamodb.amazonaws.com"
# What a second put of an event may change; the payload may be kept otherwise, with the same digest.
_NOT_CONTENT = frozenset({keys.RECEIVED_AT, keys.EXPIRES_AT, keys.EVENT, keys.OVERFLOW})
_CONTEXT = {
    "requestId": keys.REQUEST_ID,
    "sessionId": keys.SESSION_ID,
    "ipAddress": keys.IP_ADDRESS,
}
_FOUND_BY = (
    keys.PARTITION,
    keys.USER_KEY,
    keys.RESOURCE_KEY,
    keys.ACTION_KEY,
    keys.FAILURE_KEY,
    *_CONTEXT.values(),
)
_OTHER_WRITES = 3
MAX_PAGES = 64


class DynamoLedger:
    """`LedgerStore` on a table.

    The counters of one tenant and hour, or day, are the attributes of one item. An item that has
    grown to DynamoDB's 400 KB (some thousand distinct combinations) goes on in pages; readers sum
    every page, so it does not matter which one is taken.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def head(self) -> Head | None:
        """See `LedgerStore.head`."""
        return read_head(self._client, self._table)

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """See `LedgerStore.commit`."""
        position = before.size if before else 0
        increments = commit.increments
        while True:
            addresses = list(increments)
            writes = [
                {"Put": self._commit_put(commit, position)},
                {"Put": self._entries_put(commit, position)},
                {"Update": self._head_update(after, before)},
                *({"Update": self._counter_update(at, increments[at])} for at in addresses),
            ]
            try:
                self._client.transact_write_items(TransactItems=writes)  # type: ignore[arg-type]
            except self._client.exceptions.TransactionCanceledException as error:
                reasons = error.response.get("CancellationReasons", [])
                codes = [reason.get("Code", "None") for reason in reasons]
                full = {
                    at
                    for at, code in zip(addresses, codes[_OTHER_WRITES:], strict=False)
                    if code == "ValidationError"
                }
                if not full or any(_page_of(sort) == MAX_PAGES for _, sort in full):
                    raise self._cancellation(commit, codes) from error
                increments = {
                    _next_page(at) if at in full else at: counters
                    for at, counters in increments.items()
                }
            except (ClientError, BotoCoreError) as error:
                raise fault_of(error) from error
            else:
                return

    def _cancellation(self, commit: Commit, codes: Sequence[str]) -> Exception:
        if codes[:1] == ["ConditionalCheckFailed"]:
            partition = keys.commit_key(commit.first)
            item = read_item(self._client, self._table, partition, keys.COMMIT_SORT)
            if item is not None:
                return AlreadyCommittedError(item["last"]["S"])
        if set(codes) & _PASSING:
            return HeadMovedError("another transaction or a throttle came first")
        return StoreRejectedError(f"the commit was cancelled: {', '.join(sorted(set(codes)))}")

    def _commit_put(self, commit: Commit, position: int) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Item": {
                keys.PARTITION: {"S": keys.commit_key(commit.first)},
                keys.SORT: {"S": keys.COMMIT_SORT},
                "last": {"S": commit.last},
                "position": {"N": str(position)},
                "count": {"N": str(len(commit.events))},
            },
            "ConditionExpression": f"attribute_not_exists({keys.PARTITION})",
        }

    def _entries_put(self, commit: Commit, position: int) -> dict[str, Any]:
        partition, sort = keys.log_key(position)
        return {
            "TableName": self._table,
            "Item": {
                keys.PARTITION: {"S": partition},
                keys.SORT: {"S": sort},
                keys.ROWS: {"B": pack_rows(commit.events)},
            },
            "ConditionExpression": f"attribute_not_exists({keys.PARTITION})",
        }

    def _head_update(self, after: Head, before: Head | None) -> dict[str, Any]:
        values: dict[str, Any] = {
            ":size": {"N": str(after.size)},
            ":edge": {"B": after.edge.to_bytes()},
            ":shards": {"N": str(after.shard_count)},
        }
        condition = f"attribute_not_exists({keys.PARTITION})"
        if before:
            condition = "#size = :before AND edge = :old"
            values[":before"] = {"N": str(before.size)}
            values[":old"] = {"B": before.edge.to_bytes()}
        return {
            "TableName": self._table,
            "Key": {keys.PARTITION: {"S": keys.HEAD_PARTITION}, keys.SORT: {"S": keys.HEAD_SORT}},
            "UpdateExpression": "SET #size = :size, edge = :edge, shardCount = :shards",
            "ConditionExpression": condition,
            "ExpressionAttributeNames": {"#size": "size"},
            "ExpressionAttributeValues": values,
        }

    def _counter_update(
        self, address: CounterAddress, increments: Mapping[str, int]
    ) -> dict[str, Any]:
        partition, sort = address
        numbered = list(enumerate(increments.items()))
        return {
            "TableName": self._table,
            "Key": {keys.PARTITION: {"S": partition}, keys.SORT: {"S": sort}},
            "UpdateExpression": "ADD " + ", ".join(f"#{at} :{at}" for at, _ in numbered),
            "ExpressionAttributeNames": {f"#{at}": name for at, (name, _) in numbered},
            "ExpressionAttributeValues": {f":{at}": {"N": str(n)} for at, (_, n) in numbered},
        }


def _page_of(sort: str) -> int:
    return int(sort.partition(keys.PAGE_SEPARATOR)[2] or 0)


def _next_page(address: CounterAddress) -> CounterAddress:
    partition, sort = address
    bucket = sort.partition(keys.PAGE_SEPARATOR)[0]
    return partition, f"{bucket}{keys.PAGE_SEPARATOR}{_page_of(sort) + 1}"


def changes_of(event: Mapping[str, Any], shard_count: int) -> list[Change]:
    """The changes in a stream event as Lambda delivers it, in its order.

    Raises:
        CorruptRecordError: a record without the fields that every stream record has.
    """
    try:
        return [_change_of(record, shard_count) for record in event["Records"]]
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("not a DynamoDB stream event") from error


def _change_of(record: Mapping[str, Any], shard_count: int) -> Change:
    changed = record["dynamodb"]
    principal = (record.get("userIdentity") or {}).get("principalId")
    return Change(
        kind=ChangeKind(record["eventName"]),
        at_ms=int(float(changed["ApproximateCreationDateTime"]) * 1000),
        sequence_number=changed["SequenceNumber"],
        item_id=changed["Keys"][keys.ID]["S"],
        old=_image_of(changed.get("OldImage"), shard_count),
        new=_image_of(changed.get("NewImage"), shard_count),
        is_expiry=principal == _TTL_PRINCIPAL,
    )


def _image_of(item: Mapping[str, Any] | None, shard_count: int) -> Image | None:
    """The image of an event whose keys and content are what its digest says, or None.

    What S3 holds is not at hand: of such an event the keys are held to each other alone.
    """
    if item is None:
        return None
    try:
        event_id = item[keys.ID]["S"]
        digest = base64.b64decode(item[keys.DIGEST]["B"])
        if not is_id(event_id) or digest_start_of(event_id) != digest[:10]:
            return None
        canonical = _canonical_of(item)
        if canonical is None:
            known, names = is_key_of(item[keys.OVERFLOW]["S"], digest), _names_of(item)
        else:
            known, names = sha256(canonical).digest() == digest, _names_in(canonical, event_id)
        if not known or _text_of(item) != _expected_text(names, digest, shard_count):
            return None
        expires_at = item.get(keys.EXPIRES_AT)
        return Image(
            tenant_id=names["tenantId"],
            id=event_id,
            digest=digest,
            action=names["action"],
            resource_type=names["resourceType"],
            success=names["success"],
            received_at=int(item[keys.RECEIVED_AT]["N"]),
            expires_at=int(expires_at["N"]) if expires_at else None,
            payload_key=item[keys.OVERFLOW]["S"] if canonical is None else None,
            content={name: value for name, value in item.items() if name not in _NOT_CONTENT},
        )
    except (AuditLogError, KeyError, TypeError, ValueError, RecursionError, zlib.error):
        return None


def _canonical_of(item: Mapping[str, Any]) -> bytes | None:
    """The canonical bytes that the item itself holds."""
    match item.get(keys.EVENT):
        case {"S": str() as text}:
            return text.encode()
        case {"B": str() as packed}:
            return zlib.decompress(base64.b64decode(packed))
        case _:
            return None


def _names_in(canonical: bytes, event_id: str) -> Mapping[str, Any]:
    """The fields that an event is found by, of its content.

    Raises:
        ValueError, KeyError, InvalidTimestampError: it is no event, or not one of this id's time.
    """
    event = json.loads(canonical)
    if parse_timestamp(event["timestamp"]) != time_of(event_id):
        raise ValueError("the id tells another time")
    return dict(event)


def _names_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
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
    for name, attribute in _CONTEXT.items():
        if attribute in item:
            names[name] = item[attribute]["S"]
    return names


def _text_of(item: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: item[name]["S"] for name in _FOUND_BY if name in item}


def _expected_text(names: Mapping[str, Any], digest: bytes, shard_count: int) -> Mapping[str, str]:
    if not keys.are_names(names["tenantId"], names["action"], names["resourceType"]):
        raise ValueError("names that no event has")
    attributes = keys.keys_of(
        tenant_id=names["tenantId"],
        shard=shard_of_digest(digest, shard_count),
        action=names["action"],
        resource_type=names["resourceType"],
        resource_id=names["resourceId"],
        user_id=names.get("userId"),
        success=names["success"],
    )
    context = {attribute: names[name] for name, attribute in _CONTEXT.items() if name in names}
    return {**attributes, **context}
