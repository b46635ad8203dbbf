"""`RemovableEvents` on DynamoDB and S3."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from prooftrail.aws.dynamodb import Item, write_batches
from prooftrail.aws.event_reader import DynamoRowReader
from prooftrail.aws.item import decode_item, load_item, make_event_key
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.versions import remove_versions
from prooftrail.errors import CorruptRecordError, PayloadMissingError
from prooftrail.event import keys
from prooftrail.event.references import find_reference_keys
from prooftrail.event.retention import list_payload_keys
from prooftrail.event.stored import parse_stored_event
from prooftrail.operate.removal import RemovableEvent
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.rows import read_all_rows

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client


class DynamoRemovableEvents:
    """`RemovableEvents` on AuditEvents and the bucket of large payloads.

    Events are read from the table itself, because an index may be a moment behind it.
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
        self._payloads = S3PayloadStore(s3, bucket)
        self._bucket = bucket
        self._sleep = sleep

    def read_before(
        self, tenant_id: str, before_ms: int, *, with_content: bool = False
    ) -> Iterator[RemovableEvent]:
        """See `RemovableEvents.read_before`."""
        if before_ms <= 0:
            return
        filters = Filters(tenant_id=tenant_id, end_ms=before_ms - 1)
        for batch in read_all_rows(self._rows, plan_query(filters, self._shard_count)):
            for row in batch:
                assert isinstance(row.source, dict)  # noqa: S101  # a typing aid
                yield self.decode(row.source, with_content=with_content)

    def decode(self, item: Item, *, with_content: bool = False) -> RemovableEvent:
        """Return the event in an item, or what is wrong with the item.

        Its `fields` are complete `with_content`, unless its payload is gone: a removal that ended
        early leaves such an item.
        """
        event_id = item[keys.ID]["S"]
        try:
            stored = decode_item(item, self._shard_count)
            if with_content and stored.payload_key is not None:
                with suppress(PayloadMissingError):
                    stored = load_item(item, self._shard_count, self._payloads)
        except CorruptRecordError as error:
            return RemovableEvent(event_id, "", problem=str(error))
        # Without the payload there are only the fields in the item's keys.
        references = () if stored.payload_key else find_reference_keys(stored.fields)
        return RemovableEvent(
            event_id,
            stored.fields["action"],
            stored.payload_key,
            references=references,
            fields=stored.fields,
        )

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """See `RemovableEvents.remove`."""
        # An event is found again while its item exists, and the references of a large one are found
        # while its payload exists.
        self._delete(
            {keys.PARTITION: {"S": partition}, keys.ID: {"S": event.id}}
            for event in events
            for partition in self._find_references(event)
        )
        for event in events:
            if event.payload_key is not None:
                # A legal hold, or a second delivery under it, can have left a copy.
                for key in list_payload_keys(event.payload_key):
                    self.remove_payload(key)
        self._delete(make_event_key(tenant_id, event.id, self._shard_count) for event in events)

    def _find_references(self, event: RemovableEvent) -> Sequence[str]:
        if event.payload_key is None:
            return event.references
        try:
            return find_reference_keys(parse_stored_event(self._payloads.load(event.payload_key)))
        except CorruptRecordError:
            return ()  # the payload is gone or is not the event's

    def _delete(self, item_keys: Iterable[Item]) -> None:
        requests = [{"DeleteRequest": {"Key": key}} for key in item_keys]
        write_batches(self._client, self._table, requests, self._sleep)

    def remove_payload(self, key: str) -> None:
        """Remove an object with all its versions and delete markers. Idempotent."""
        remove_versions(self._s3(), self._bucket, key)
