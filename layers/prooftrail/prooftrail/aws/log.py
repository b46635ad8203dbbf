"""`LogStore` on DynamoDB: the ledger's entries, the latest checkpoint, the events' positions."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.dynamodb import Item, query_ledger_items, read_ledger_item, write_batches
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.head import read_head
from prooftrail.aws.positions import encode_positions, find_positions, list_position_ranges
from prooftrail.errors import (
    CheckpointMovedError,
    CorruptRecordError,
    InconsistentLogError,
    InvalidProofError,
    MalformedNoteError,
    MalformedTileError,
)
from prooftrail.event import keys
from prooftrail.event.ids import decode_time
from prooftrail.ledger.entry import LoggedEvent, unpack_rows, unpack_tenants
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogSegment, Publication
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note, VerifierKey

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

MAX_RECORDED_TENANTS: Final = 100_000  # that an object remembers


class DynamoLog:
    """`LogStore` on AuditLedger."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._sleep = sleep
        self._recorded_tenants: set[str] = set()

    def read_head(self) -> Head | None:
        """See `LogReader.read_head`."""
        return read_head(self._client, self._table)

    def read_publication(self) -> Publication | None:
        """See `LogReader.read_publication`."""
        item = read_ledger_item(
            self._client, self._table, keys.CHECKPOINT_PARTITION, keys.CHECKPOINT_SORT
        )
        if item is None:
            return None
        try:
            return Publication(
                Note.from_text(item["note"]["S"]),
                VerifierKey.from_text(item["verifierKey"]["S"]),
                Edge.from_bytes(int(item["size"]["N"]), item["edge"]["B"]),
            )
        except (
            InvalidProofError,
            MalformedNoteError,
            KeyError,
            TypeError,
            ValueError,
        ) as error:
            raise CorruptRecordError("the ledger's checkpoint is damaged") from error

    def read_segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """See `LogReader.read_segments`."""
        if start >= end:
            return
        expected = self._find_segment_start(start)
        while expected < end:
            found_any = False
            for segment in self._read_segments(expected):
                if segment.start != expected:
                    raise InconsistentLogError(
                        f"the ledger's log continues at {segment.start}, not at {expected}"
                    )
                found_any = True
                expected = segment.end
                yield segment
                if expected >= end:
                    return
            if not found_any:
                raise InconsistentLogError(f"the ledger's log ends at {expected}, before {end}")

    def _find_segment_start(self, position: int) -> int:
        """Return where the segment begins that holds the position."""
        partition, sort = keys.make_log_key(position)
        previous_partition, _ = keys.make_log_key(max(0, position - keys.LOG_PARTITION_ENTRIES))
        for candidate in (partition, previous_partition):
            items = self._query(
                candidate, "<= :sort", {":sort": sort}, ScanIndexForward=False, Limit=1
            )
            for item in items:
                try:
                    return int(item[keys.SORT]["S"])
                except ValueError as error:
                    raise CorruptRecordError(
                        f"{candidate} has entries without a position"
                    ) from error
        raise InconsistentLogError(f"the ledger's log has no entry {position}")

    def _read_segments(self, start: int) -> Iterator[LogSegment]:
        """Yield the segments from `start` to the end of its partition."""
        partition, sort = keys.make_log_key(start)
        for item in self._query(partition, ">= :sort", {":sort": sort}):
            try:
                rows = decode_rows(item)
                segment = LogSegment(
                    int(item[keys.SORT]["S"]), rows, _unpack_tenants(item, len(rows))
                )
            except (MalformedTileError, KeyError, TypeError, ValueError) as error:
                raise CorruptRecordError(
                    f"the ledger's entries at {item[keys.SORT]['S']} are damaged"
                ) from error
            if not segment.events:
                raise CorruptRecordError(f"the ledger's segment at {segment.start} is empty")
            yield segment

    def _query(
        self, partition: str, sort_condition: str, values: Mapping[str, str], **options: Any
    ) -> Iterator[Item]:
        return query_ledger_items(
            self._client,
            self._table,
            partition,
            sort_condition,
            values,
            ConsistentRead=True,
            **options,
        )

    def publish(self, after: Publication, before: Publication | None) -> None:
        """See `LogStore.publish`."""
        condition = f"attribute_not_exists({keys.PARTITION})"
        values: dict[str, Any] = {}
        if before:
            condition = "note = :before AND #size = :size AND edge = :edge"
            values = {
                "ExpressionAttributeNames": {"#size": "size"},
                "ExpressionAttributeValues": {
                    ":before": {"S": str(before.note)},
                    ":size": {"N": str(before.size)},
                    ":edge": {"B": before.edge.to_bytes()},
                },
            }
        with translate_aws_errors():
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item={
                        keys.PARTITION: {"S": keys.CHECKPOINT_PARTITION},
                        keys.SORT: {"S": keys.CHECKPOINT_SORT},
                        "note": {"S": str(after.note)},
                        "verifierKey": {"S": str(after.verifier_key)},
                        "size": {"N": str(after.size)},
                        "edge": {"B": after.edge.to_bytes()},
                    },
                    ConditionExpression=condition,
                    **values,
                )
            except self._client.exceptions.ConditionalCheckFailedException as error:
                raise CheckpointMovedError("another run published first") from error

    def record_positions(self, events: Sequence[LoggedEvent], start: int) -> None:
        """See `LogStore.record_positions`."""
        requests = [{"PutRequest": {"Item": item}} for item in encode_positions(events, start)]
        write_batches(self._client, self._table, requests, self._sleep)

    def find_positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """See `LogReader.find_positions`."""
        positions: list[int] = []
        for partition, lowest, highest in list_position_ranges(decode_time(event_id), digest):
            for item in self._query(
                partition, "BETWEEN :low AND :high", {":low": lowest, ":high": highest}
            ):
                positions += find_positions(item, digest)
        return positions

    def record_tenants(self, tenants: Collection[str]) -> None:
        """See `LogStore.record_tenants`. A tenant is written once in the life of this object."""
        new = sorted(set(tenants) - self._recorded_tenants)
        requests = [
            {
                "PutRequest": {
                    "Item": {
                        keys.PARTITION: {"S": keys.TENANTS_PARTITION},
                        keys.SORT: {"S": tenant},
                    }
                }
            }
            for tenant in new
        ]
        write_batches(self._client, self._table, requests, self._sleep)
        if len(self._recorded_tenants) < MAX_RECORDED_TENANTS:
            self._recorded_tenants.update(new)

    def list_tenants(self) -> Iterator[str]:
        """See `LogReader.list_tenants`."""
        for item in self._query(keys.TENANTS_PARTITION, ">= :first", {":first": "-"}):
            yield item[keys.SORT]["S"]


def decode_rows(item: Item) -> list[LoggedEvent]:
    """Return the events in an item with the entries of a commit.

    Raises:
        MalformedTileError, KeyError, TypeError: the item is damaged.
    """
    receipts = None
    if keys.RECEIVED in item or keys.SUBMITTERS in item:
        receipts = item[keys.RECEIVED]["B"], item[keys.SUBMITTERS]["B"]
    return unpack_rows(item[keys.ROWS]["B"], receipts)


def _unpack_tenants(item: Item, count: int) -> Sequence[str] | None:
    """Return the tenants of a commit's events, or None if they are damaged.

    Nothing that proves an event depends on them.
    """
    try:
        return unpack_tenants(item[keys.TENANTS]["B"], count)
    except (MalformedTileError, AttributeError, KeyError, TypeError):
        return None
