"""`RowReader`, `EventReader` and `EventLookup` on DynamoDB."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from prooftrail.aws.dynamodb import MAX_READS, Item, process_batch, read_pages
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.item import (
    StoredItem,
    decode_expiry,
    load_item,
    make_event_key,
    parse_key_fields,
    parse_tenant,
)
from prooftrail.aws.references import decode_reference
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.ids import is_ulid
from prooftrail.event.keys import Index
from prooftrail.query.ports import (
    EventTest,
    IdRange,
    Row,
    RowBatch,
    SkippedEvent,
    StoredEvent,
    UnreadableEvent,
    accept_event,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

    from prooftrail.intake.ports import PayloadStore


class DynamoRowReader:
    """`RowReader` on AuditEvents. The table's own rows include the payload, an index's do not."""

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
        elif index is not Index.REFERENCES:
            request["IndexName"] = index.value
        for page in read_pages(self._client.query, request):
            # A key that is not an id was never an event's, and no cursor can continue after it.
            items = [item for item in page["Items"] if is_ulid(item[keys.ID]["S"])]
            if items:
                rows = [_decode_row(item, partition, index) for item in items]
                return RowBatch(rows, is_last="LastEvaluatedKey" not in page)
        return RowBatch([], is_last=True)


class DynamoEventReader(DynamoRowReader):
    """`EventReader` and `EventLookup` on AuditEvents.

    `load` takes the payload from the rows that include it, and reads the others by key, 100 a
    request. DynamoDB may remove an expired item days late. To the reader it is gone once `now`
    (seconds since 1970) reaches its expiry, because S3 removes payloads by a clock of its own.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        payloads: "PayloadStore",
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(client, table)
        self._shard_count = shard_count
        self._payloads = payloads
        self._sleep = sleep
        self._now = now

    def load(
        self, tenant_id: str, rows: Sequence[Row], matches: EventTest = accept_event
    ) -> Iterator[StoredEvent | UnreadableEvent | SkippedEvent]:
        """See `EventReader.load`."""
        for start in range(0, len(rows), MAX_READS):
            chunk = rows[start : start + MAX_READS]
            items = {row.id: row.source for row in chunk if row.source is not None}
            missing = [row.id for row in chunk if row.source is None]
            if missing:
                found = self.read_items([(tenant_id, event_id) for event_id in missing])
                items |= {event_id: item for (_, event_id), item in found.items()}
            for row in chunk:
                item = items.get(row.id)
                if isinstance(item, dict):
                    yield self._decode_row_event(row, item, matches)
                else:
                    yield SkippedEvent()

    def get(self, tenant_id: str, event_id: str) -> StoredEvent | None:
        """See `EventReader.get`."""
        with translate_aws_errors():
            item = self._client.get_item(
                TableName=self._table,
                Key=make_event_key(tenant_id, event_id, self._shard_count),
                ConsistentRead=True,
            ).get("Item")
        return self._decode_event(item) if item and not self._is_expired(item) else None

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """See `EventLookup.get_many`."""
        distinct = list(dict.fromkeys(addresses))  # a request must not name a key twice
        found: dict[tuple[str, str], Item] = {}
        for start in range(0, len(distinct), MAX_READS):
            found |= self.read_items(distinct[start : start + MAX_READS])
        return [
            self._decode_if_readable(event_id, found.get((tenant_id, event_id)))
            for tenant_id, event_id in addresses
        ]

    def _decode_if_readable(
        self, event_id: str, item: Item | None
    ) -> StoredEvent | UnreadableEvent | None:
        try:
            return None if item is None or self._is_expired(item) else self._decode_event(item)
        except CorruptRecordError as error:
            return UnreadableEvent(event_id, str(error))

    def read_items(self, addresses: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Item]:
        """Return the items that exist, read consistently, by tenant and id; at most 100."""
        found: dict[tuple[str, str], Item] = {}

        def get(pending: Sequence[Any]) -> Sequence[Any]:
            response = self._client.batch_get_item(
                RequestItems={self._table: {"Keys": pending, "ConsistentRead": True}}
            )
            for item in response["Responses"][self._table]:
                found[parse_tenant(item), item[keys.ID]["S"]] = item
            unprocessed = response.get("UnprocessedKeys", {}).get(self._table)
            return unprocessed["Keys"] if unprocessed else []

        process_batch(
            get,
            [make_event_key(*address, self._shard_count) for address in addresses],
            self._sleep,
        )
        return found

    def _is_expired(self, item: Item) -> bool:
        expires_at = decode_expiry(item)
        return expires_at is not None and expires_at <= self._now()

    def _decode_row_event(
        self, row: Row, item: Item, matches: EventTest
    ) -> StoredEvent | UnreadableEvent | SkippedEvent:
        try:
            if self._is_expired(item):
                return SkippedEvent(_measure_payload(item))
            if row.problem is None or row.is_reference:
                stored = load_item(item, self._shard_count, self._payloads)
                if matches(stored.fields):
                    return _make_event(item, stored)
                return SkippedEvent(len(stored.canonical))
        except CorruptRecordError as error:
            return UnreadableEvent(row.id, str(error))
        return UnreadableEvent(row.id, row.problem)

    def _decode_event(self, item: Item) -> StoredEvent:
        return _make_event(item, load_item(item, self._shard_count, self._payloads))


def _make_event(item: Item, stored: StoredItem) -> StoredEvent:
    event_id, digest = item[keys.ID]["S"], item[keys.DIGEST]["B"]
    return StoredEvent(
        event_id, digest, stored.times.received_at, stored.canonical, stored.submitted_by
    )


def _measure_payload(item: Item) -> int:
    """Return the size in bytes of the payload in an item, as it is stored; 0 if it is in S3."""
    values = item.get(keys.EVENT, {}).values()
    return sum(len(value) for value in values if isinstance(value, str | bytes))


def _decode_row(item: Item, partition: str, index: Index) -> Row:
    has_payload = index is Index.BASE
    try:
        if index is Index.REFERENCES:
            return _decode_reference_row(item)
        return Row(
            item[keys.ID]["S"],
            *parse_key_fields(item),
            size=_measure_payload(item),
            source=item if has_payload else None,
        )
    except (CorruptRecordError, KeyError, TypeError, ValueError):
        return Row(
            id=item[keys.ID]["S"],
            tenant_id=partition.partition("#")[0],
            action="",
            resource_type="",
            resource_id="",
            success=False,
            source=item if has_payload else None,
            problem="the item lacks the keys of an event",
            is_reference=index is Index.REFERENCES,
        )


def _decode_reference_row(item: Item) -> Row:
    reference = decode_reference(item)
    texts = {name: value["S"] for name, value in reference.content.items() if "S" in value}
    resource_type, _, resource_id = texts[keys.RESOURCE].partition("#")
    is_target = keys.is_target_key(reference.partition)
    return Row(
        reference.id,
        reference.tenant_id,
        texts[keys.ACTION],
        resource_type,
        resource_id,
        success=keys.FAILED not in reference.content,
        user_id=texts.get(keys.USER),
        request_id=texts.get(keys.REQUEST_ID),
        session_id=texts.get(keys.SESSION_ID),
        ip_address=texts.get(keys.IP_ADDRESS),
        is_reference=True,
        on_behalf_of=texts.get(keys.ON_BEHALF_OF),
        target=keys.parse_target(reference.partition) if is_target else None,
    )
