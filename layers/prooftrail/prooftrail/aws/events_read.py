"""The read side's ports on DynamoDB."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.events import Item, load_canonical
from prooftrail.errors import CorruptRecordError, StoreUnavailableError
from prooftrail.event import keys
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import find_shard_by_id
from prooftrail.event.keys import CounterSpan, Index
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.intake.ports import PayloadStore
from prooftrail.query.ports import IdRange, Row, RowBatch, StoredEvent, UnreadableEvent

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

BATCH_GET_SIZE = 100
MAX_IDLE_ATTEMPTS = 5
_FIRST_WAIT_SECONDS = 0.05
_LAST_PAGE = f"{keys.PAGE_SEPARATOR}\uffff"


class DynamoRowReader:
    """`RowReader` on AuditEvents. The table's own rows bring their payload, an index's do not."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_rows(
        self, index: Index, partition: str, id_range: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """See `RowReader.read_rows`."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :partition AND #id BETWEEN :low AND :high",
            "ExpressionAttributeNames": {
                "#partition": index.partition_attribute,
                "#id": keys.ID,
            },
            "ExpressionAttributeValues": {
                ":partition": {"S": partition},
                ":low": {"S": id_range.lowest},
                ":high": {"S": id_range.highest},
            },
            "ScanIndexForward": not descending,
            "Limit": limit,
        }
        if index is Index.BASE:
            request["ConsistentRead"] = True
        else:
            request["IndexName"] = index.value
        while True:
            try:
                answer = self._client.query(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            after = answer.get("LastEvaluatedKey")
            if answer["Items"] or not after:
                has_payload = index is Index.BASE
                rows = [_row_of(item, partition, has_payload) for item in answer["Items"]]
                return RowBatch(rows, is_last=not after)
            request["ExclusiveStartKey"] = after


class DynamoEventReader(DynamoRowReader):
    """`EventReader` and `EventLookup` on AuditEvents.

    `load` takes the payload from rows that brought it, and reads others by key, 100 a call. Time to
    live removes an item up to days late: from its end on, `now` (seconds since 1970) says when, it
    counts as gone, for a payload in S3 goes by its own clock.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        payloads: PayloadStore,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(client, table)
        self._shard_count = shard_count
        self._payloads = payloads
        self._sleep = sleep
        self._now = now

    def load(self, tenant_id: str, rows: Sequence[Row]) -> Iterator[StoredEvent | UnreadableEvent]:
        """See `EventReader.load`."""
        for start in range(0, len(rows), BATCH_GET_SIZE):
            chunk = rows[start : start + BATCH_GET_SIZE]
            items = {row.id: row.source for row in chunk if row.source is not None}
            missing = [row.id for row in chunk if row.source is None]
            if missing:
                found = self._batch_get([(tenant_id, event_id) for event_id in missing])
                items |= {event_id: item for (_, event_id), item in found.items()}
            for row in chunk:
                item = items.get(row.id)
                if isinstance(item, dict) and (event := self._event_of(row, item)):
                    yield event

    def get(self, tenant_id: str, event_id: str) -> StoredEvent | None:
        """See `EventReader.get`."""
        try:
            answer = self._client.get_item(
                TableName=self._table, Key=self._key(tenant_id, event_id), ConsistentRead=True
            )
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        item = answer.get("Item")
        return self._stored(item) if item and not self._is_expired(item) else None

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """See `EventLookup.get_many`."""
        different = list(dict.fromkeys(addresses))  # one request may not name a key twice
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(different), BATCH_GET_SIZE):
            found |= self._batch_get(different[start : start + BATCH_GET_SIZE])
        return [
            self._readable(event_id, found.get((tenant_id, event_id)))
            for tenant_id, event_id in addresses
        ]

    def _readable(self, event_id: str, item: Item | None) -> StoredEvent | UnreadableEvent | None:
        try:
            return None if item is None or self._is_expired(item) else self._stored(item)
        except CorruptRecordError as error:
            return UnreadableEvent(event_id, str(error))

    def _batch_get(self, addresses: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """The items by tenant and id. Waits and tries again, within bounds, for what was left."""
        found: dict[tuple[str, str], Item] = {}
        pending = [self._key(tenant_id, event_id) for tenant_id, event_id in addresses]
        idle = 0
        while pending:
            try:
                answer = self._client.batch_get_item(
                    RequestItems={self._table: {"Keys": pending, "ConsistentRead": True}}
                )
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            for item in answer["Responses"][self._table]:
                tenant_id = item[keys.PARTITION]["S"].rpartition("#")[0]
                found[tenant_id, item[keys.ID]["S"]] = item
            unprocessed = answer.get("UnprocessedKeys", {}).get(self._table)
            left = [dict(key) for key in unprocessed["Keys"]] if unprocessed else []
            if len(left) == len(pending):
                idle += 1
                if idle == MAX_IDLE_ATTEMPTS:
                    raise StoreUnavailableError("UnprocessedKeys")
                self._sleep(_FIRST_WAIT_SECONDS * 2**idle)
            pending = left
        return found

    def _key(self, tenant_id: str, event_id: str) -> Item:
        shard = find_shard_by_id(event_id, self._shard_count)
        return {
            keys.PARTITION: {"S": keys.make_base_key(tenant_id, shard)},
            keys.ID: {"S": event_id},
        }

    def _is_expired(self, item: Mapping[str, Any]) -> bool:
        expires_at = item.get(keys.EXPIRES_AT)
        try:
            return expires_at is not None and int(expires_at["N"]) <= self._now()
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptRecordError("the item's expiry is no time") from error

    def _event_of(self, row: Row, item: Mapping[str, Any]) -> StoredEvent | UnreadableEvent | None:
        try:
            if self._is_expired(item):
                return None
            if row.problem is None:
                return self._stored(item)
        except CorruptRecordError as error:
            return UnreadableEvent(row.id, str(error))
        return UnreadableEvent(row.id, row.problem)

    def _stored(self, item: Mapping[str, Any]) -> StoredEvent:
        canonical = load_canonical(item, self._payloads)
        try:
            stored = StoredEvent(
                id=item[keys.ID]["S"],
                digest=item[keys.DIGEST]["B"],
                received_at=int(item[keys.RECEIVED_AT]["N"]),
                canonical=canonical,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CorruptRecordError("the item lacks what every event has") from error
        if compute_digest(canonical) != stored.digest:
            raise CorruptRecordError("the event is not what its digest says")
        if not 0 <= stored.received_at <= MAX_TIMESTAMP_MS:
            raise CorruptRecordError("the item's time of receipt is no time")
        return stored


def _row_of(item: Mapping[str, Any], partition: str, has_payload: bool) -> Row:
    try:
        tenant_id, action, _ = item[keys.ACTION_KEY]["S"].split("#")
        _, resource_type, resource_id = item[keys.RESOURCE_KEY]["S"].split("#", 2)
        user = item.get(keys.USER_KEY)
        return Row(
            id=item[keys.ID]["S"],
            tenant_id=tenant_id,
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            success=keys.FAILURE_KEY not in item,
            user_id=user["S"].partition("#")[2] if user else None,
            request_id=_text(item, keys.REQUEST_ID),
            session_id=_text(item, keys.SESSION_ID),
            ip_address=_text(item, keys.IP_ADDRESS),
            size=_payload_size(item),
            source=item if has_payload else None,
        )
    except (KeyError, TypeError, ValueError):
        return Row(
            id=item[keys.ID]["S"],
            tenant_id=partition.partition("#")[0],
            action="",
            resource_type="",
            resource_id="",
            success=False,
            source=item if has_payload else None,
            problem="the item lacks the keys of an event",
        )


def _text(item: Mapping[str, Any], name: str) -> str | None:
    return item[name]["S"] if name in item else None


def _payload_size(item: Mapping[str, Any]) -> int:
    return sum(len(content) for content in item.get(keys.EVENT, {}).values())


class DynamoCounterReader:
    """`CounterReader` on AuditLedger."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_counters(
        self, tenant_id: str, span: CounterSpan, first: str, last: str
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """See `CounterReader.read_counters`."""
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": "#partition = :partition AND #sort BETWEEN :first AND :last",
            "ExpressionAttributeNames": {"#partition": keys.PARTITION, "#sort": keys.SORT},
            "ExpressionAttributeValues": {
                ":partition": {"S": keys.make_counters_key(tenant_id, span)},
                ":first": {"S": first},
                ":last": {"S": last + _LAST_PAGE},
            },
        }
        while True:
            try:
                answer = self._client.query(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            for item in answer["Items"]:
                bucket = item[keys.SORT]["S"].partition(keys.PAGE_SEPARATOR)[0]
                yield bucket, decode_counters(item)
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def decode_counters(item: Mapping[str, Any]) -> Mapping[str, int]:
    """The counters of a counters item, by name."""
    return {
        name: int(value["N"])
        for name, value in item.items()
        if keys.COUNTER_SEPARATOR in name and "N" in value
    }
