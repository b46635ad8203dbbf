"""AuditLedger on DynamoDB, and stream records as Lambda delivers them."""

from binascii import a2b_base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.head import read_head, read_item
from prooftrail.aws.item import decode_canonical, decode_names
from prooftrail.errors import (
    AlreadyCommittedError,
    CorruptRecordError,
    CounterMovedError,
    HeadMovedError,
    StoreRejectedError,
)
from prooftrail.event import keys
from prooftrail.event.ids import is_id
from prooftrail.event.removal import CLEANUP_ACTION, RemovalOrder, split_ids
from prooftrail.ledger.changes import Change, ChangeKind, EventImage
from prooftrail.ledger.commit import Commit, CounterAddress
from prooftrail.ledger.entry import pack_rows, pack_tenants
from prooftrail.ledger.head import Head

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
_OTHER_WRITES = 3
MAX_PAGES = 64
ORDERS_PER_PAGE = 8  # of 16 KB; those of a batch's removals are the newest


class DynamoLedger:
    """`LedgerStore` and `RemovalOrderReader` on a table.

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
                *({"Put": self._order_put(order)} for order in commit.orders),
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
                raise to_store_error(error) from error
            else:
                return

    def orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        """See `RemovalOrderReader.orders`."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :partition AND #sort BETWEEN :first AND :last",
            "ExpressionAttributeNames": {"#partition": keys.PARTITION, "#sort": keys.SORT},
            "ExpressionAttributeValues": {
                ":partition": {"S": keys.make_removals_key(tenant_id)},
                ":first": {"S": first},
                ":last": {"S": last},
            },
            "ScanIndexForward": False,
            "ConsistentRead": True,
            "Limit": ORDERS_PER_PAGE,
        }
        while True:
            try:
                answer = self._client.query(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            for item in answer["Items"]:
                with suppress(CorruptRecordError):
                    yield decode_removal_order(item)
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def has_order(self, tenant_id: str, order_id: str) -> bool:
        """See `cleanup.OrderBook.has_order`."""
        partition = keys.make_removals_key(tenant_id)
        return read_item(self._client, self._table, partition, order_id) is not None

    def keep_order(self, order: RemovalOrder) -> None:
        """See `CounterStore.keep_order`."""
        try:
            self._client.put_item(**self._order_put(order))
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error

    def set_counter(self, page: tuple[str, str], name: str, old: int, new: int) -> None:
        """See `CounterStore.set_counter`."""
        partition, sort = page
        condition = "#name = :old" if old else "attribute_not_exists(#name)"
        values = {":new": {"N": str(new)}} | ({":old": {"N": str(old)}} if old else {})
        try:
            self._client.update_item(
                TableName=self._table,
                Key={keys.PARTITION: {"S": partition}, keys.SORT: {"S": sort}},
                UpdateExpression="SET #name = :new",
                ConditionExpression=condition,
                ExpressionAttributeNames={"#name": name},
                ExpressionAttributeValues=values,
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise CounterMovedError("events were committed meanwhile") from error
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error

    def _cancellation(self, commit: Commit, codes: Sequence[str]) -> Exception:
        if codes[:1] == ["ConditionalCheckFailed"]:
            partition = keys.make_commit_key(commit.first)
            item = read_item(self._client, self._table, partition, keys.COMMIT_SORT)
            if item is not None:
                return AlreadyCommittedError(item[keys.LAST]["S"])
        if set(codes) & _PASSING:
            return HeadMovedError("another transaction or a throttle came first")
        return StoreRejectedError(f"the commit was cancelled: {', '.join(sorted(set(codes)))}")

    def _commit_put(self, commit: Commit, position: int) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Item": {
                keys.PARTITION: {"S": keys.make_commit_key(commit.first)},
                keys.SORT: {"S": keys.COMMIT_SORT},
                keys.LAST: {"S": commit.last},
                "position": {"N": str(position)},
                "count": {"N": str(len(commit.events))},
            },
            "ConditionExpression": f"attribute_not_exists({keys.PARTITION})",
        }

    def _entries_put(self, commit: Commit, position: int) -> dict[str, Any]:
        partition, sort = keys.make_log_key(position)
        return {
            "TableName": self._table,
            "Item": {
                keys.PARTITION: {"S": partition},
                keys.SORT: {"S": sort},
                keys.FIRST: {"S": commit.first},
                keys.LAST: {"S": commit.last},
                keys.ROWS: {"B": pack_rows(commit.events)},
                keys.TENANTS: {"B": pack_tenants(commit.tenants)},
            },
            "ConditionExpression": f"attribute_not_exists({keys.PARTITION})",
        }

    def _order_put(self, order: RemovalOrder) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "Item": {
                keys.PARTITION: {"S": keys.make_removals_key(order.tenant_id)},
                keys.SORT: {"S": order.id},
                keys.IDS: {"B": order.ids},
            },
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


def decode_removal_order(item: Mapping[str, Any]) -> RemovalOrder:
    """The removal order that an item of the ledger keeps.

    Raises:
        CorruptRecordError: it keeps none.
    """
    try:
        tenant_id = item[keys.PARTITION]["S"].removeprefix(keys.make_removals_key(""))
        order_id, ids = item[keys.SORT]["S"], item[keys.IDS]["B"]
        split_ids(ids)
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("it names no events to remove") from error
    if not is_id(order_id):
        raise CorruptRecordError("its key is no order's")
    return RemovalOrder(tenant_id, order_id, ids)


def _page_of(sort: str) -> int:
    return int(sort.partition(keys.PAGE_SEPARATOR)[2] or 0)


def _next_page(address: CounterAddress) -> CounterAddress:
    partition, sort = address
    bucket = sort.partition(keys.PAGE_SEPARATOR)[0]
    return partition, f"{bucket}{keys.PAGE_SEPARATOR}{_page_of(sort) + 1}"


def parse_stream_event(event: Mapping[str, Any], shard_count: int) -> list[Change]:
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


def _image_of(image: Mapping[str, Any] | None, shard_count: int) -> EventImage | None:
    """The image of an event whose keys and content are what its digest says, or None.

    What S3 holds is not at hand: of such an event the keys are held to each other alone.
    """
    if image is None:
        return None
    try:
        item: dict[str, Any] = {  # as the table's own API gives it: bytes, not base 64
            name: {"B": a2b_base64(value["B"])} if "B" in value else value
            for name, value in image.items()
        }
        canonical = decode_canonical(item)
        names = decode_names(item, canonical, shard_count)
        expires_at = item.get(keys.EXPIRES_AT)
        return EventImage(
            tenant_id=names["tenantId"],
            id=item[keys.ID]["S"],
            digest=item[keys.DIGEST]["B"],
            action=names["action"],
            resource_type=names["resourceType"],
            success=names["success"],
            received_at=int(item[keys.RECEIVED_AT]["N"]),
            expires_at=int(expires_at["N"]) if expires_at else None,
            payload_key=item[keys.OVERFLOW]["S"] if canonical is None else None,
            content={name: value for name, value in item.items() if name not in _NOT_CONTENT},
            order=(
                RemovalOrder.from_fields(item[keys.ID]["S"], names)
                if names["action"] == CLEANUP_ACTION
                else None
            ),
        )
    except (CorruptRecordError, KeyError, TypeError, ValueError):
        return None
