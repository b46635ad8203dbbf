"""What a clean-up removes, on DynamoDB and S3."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.events import BATCH_SIZE, Item
from prooftrail.aws.events_read import MAX_IDLE_ATTEMPTS, DynamoRowReader
from prooftrail.aws.item import decode_canonical, decode_names
from prooftrail.errors import CorruptRecordError, StoreRejectedError, StoreUnavailableError
from prooftrail.event import keys
from prooftrail.event.ids import find_shard_by_id, make_highest_id, make_lowest_id
from prooftrail.event.keys import Index
from prooftrail.operate.cleanup import RemovableEvent
from prooftrail.query.ports import IdRange

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

PAGE: Final = 1_000
_FIRST_WAIT_SECONDS: Final = 0.05


class DynamoRemovableEvents:
    """`StoredEvents` on AuditEvents and the bucket of large payloads.

    They are read from the table itself, never from an index, which may be a moment behind it.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        s3: "Callable[[], S3Client]",
        bucket: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._rows = DynamoRowReader(client, table)
        self._table = table
        self._shard_count = shard_count
        self._s3 = s3
        self._bucket = bucket
        self._sleep = sleep

    def before(self, tenant_id: str, before_ms: int) -> Iterator[RemovableEvent]:
        """See `StoredEvents.before`."""
        if before_ms <= 0:
            return
        for shard in range(self._shard_count):
            partition = keys.make_base_key(tenant_id, shard)
            span, is_last = IdRange(make_lowest_id(0), make_highest_id(before_ms - 1)), False
            while not is_last:
                page = self._rows.read_rows(
                    Index.BASE, partition, span, descending=False, limit=PAGE
                )
                for row in page.rows:
                    assert isinstance(row.source, dict)  # noqa: S101  # a typing aid
                    yield self._event_of(row.source)
                is_last = page.is_last
                if page.rows:
                    span = span.after(page.rows[-1].id, descending=False)

    def _event_of(self, item: Item) -> RemovableEvent:
        event_id = item[keys.ID]["S"]
        try:
            canonical = decode_canonical(item)
            names = decode_names(item, canonical, self._shard_count)
        except CorruptRecordError as error:
            return RemovableEvent(event_id, "", problem=str(error))
        key = item[keys.OVERFLOW]["S"] if canonical is None else None
        return RemovableEvent(event_id, names["action"], key)

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """See `StoredEvents.remove`."""
        for event in events:
            if event.payload_key is not None:
                self._remove_versions(event.payload_key)
        for start in range(0, len(events), BATCH_SIZE):
            self._remove_items(tenant_id, events[start : start + BATCH_SIZE])

    def _remove_items(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """Remove them, with some patience for what DynamoDB left over."""
        pending: list[Any] = [
            {"DeleteRequest": {"Key": self._key(tenant_id, event.id)}} for event in events
        ]
        idle = 0
        while pending:
            try:
                answer = self._client.batch_write_item(RequestItems={self._table: pending})
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            left = list(answer.get("UnprocessedItems", {}).get(self._table, []))
            if len(left) == len(pending):
                idle += 1
                if idle == MAX_IDLE_ATTEMPTS:
                    raise StoreUnavailableError("UnprocessedItems")
            if left:
                self._sleep(_FIRST_WAIT_SECONDS * 2**idle)
            pending = left

    def _key(self, tenant_id: str, event_id: str) -> Item:
        shard = find_shard_by_id(event_id, self._shard_count)
        return {
            keys.PARTITION: {"S": keys.make_base_key(tenant_id, shard)},
            keys.ID: {"S": event_id},
        }

    def _remove_versions(self, key: str) -> None:
        """Remove an object with all its versions and deletion markers."""
        try:
            pages = self._s3().get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=self._bucket, Prefix=key):
                versions: list[Any] = [
                    {"Key": one["Key"], "VersionId": one["VersionId"]}
                    for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                    if one["Key"] == key
                ]
                if versions:
                    self._delete(versions)
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error

    def _delete(self, versions: Sequence[Any]) -> None:
        answer = self._s3().delete_objects(
            Bucket=self._bucket, Delete={"Objects": versions, "Quiet": True}
        )
        for error in answer.get("Errors", ()):
            raise StoreRejectedError(f"{error.get('Code', 'an error')} at DeleteObjects")
