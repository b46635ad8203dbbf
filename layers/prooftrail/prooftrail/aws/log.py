"""The ledger's log on DynamoDB: what is committed, what is published, and which event is where.

Positions are kept by the hour of the event's time, of a run's events together: digest starts and
offsets, 8 bytes each. Where a run has many events of one hour they are split by their digests, so
that a look-up reads a part.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.head import read_head, read_item
from prooftrail.errors import (
    CheckpointMovedError,
    CorruptRecordError,
    InconsistentLogError,
    InvalidProofError,
    MalformedNoteError,
    MalformedTileError,
    StoreUnavailableError,
)
from prooftrail.event import keys
from prooftrail.event.ids import decode_time
from prooftrail.event.times import HOUR_MS, format_hour
from prooftrail.ledger.entry import LoggedEvent, unpack_rows, unpack_tenants
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogSegment, Publication
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note, VerifierKey

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

SPLITS: Final = (0, 4, 8)  # bits of the digest that split a run's events of one hour
MAX_UNSPLIT: Final = 2_048  # events of one item, about
BATCH_SIZE: Final = 25
MAX_ATTEMPTS: Final = 8
_FIRST_WAIT_SECONDS: Final = 0.05
_START_LENGTH: Final = 4
_OFFSET_LENGTH: Final = 4
_PLACE_LENGTH: Final = _START_LENGTH + _OFFSET_LENGTH
_POSITION_DIGITS: Final = 20


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

    def head(self) -> Head | None:
        """See `LogReader.head`."""
        return read_head(self._client, self._table)

    def publication(self) -> Publication | None:
        """See `LogReader.publication`."""
        item = read_item(self._client, self._table, keys.CHECKPOINT_PARTITION, keys.CHECKPOINT_SORT)
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

    def segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """See `LogReader.segments`."""
        if start >= end:
            return
        expected = self._start_of_segment_at(start)
        while expected < end:
            found_any = False
            for segment in self._segments_in_partition(expected):
                if segment.start != expected:
                    raise InconsistentLogError(
                        f"the ledger's log goes on at {segment.start}, not at {expected}"
                    )
                found_any = True
                expected = segment.end
                yield segment
                if expected >= end:
                    return
            if not found_any:
                raise InconsistentLogError(f"the ledger's log ends at {expected}, before {end}")

    def _start_of_segment_at(self, position: int) -> int:
        partition, sort = keys.make_log_key(position)
        for candidate in (
            partition,
            keys.make_log_key(max(0, position - keys.LOG_PARTITION_ENTRIES))[0],
        ):
            items = self._query(candidate, "<= :sort", {":sort": sort}, last_first=True, limit=1)
            for item in items:
                try:
                    return int(item[keys.SORT]["S"])
                except ValueError as error:
                    raise CorruptRecordError(f"{candidate} has entries at no position") from error
        raise InconsistentLogError(f"the ledger's log has nothing at {position}")

    def _segments_in_partition(self, start: int) -> Iterator[LogSegment]:
        partition, sort = keys.make_log_key(start)
        for item in self._query(partition, ">= :sort", {":sort": sort}):
            try:
                rows = unpack_rows(item[keys.ROWS]["B"])
                segment = LogSegment(int(item[keys.SORT]["S"]), rows, _tenants_in(item, len(rows)))
            except (MalformedTileError, KeyError, TypeError, ValueError) as error:
                raise CorruptRecordError(
                    f"the ledger's entries at {item[keys.SORT]['S']} are damaged"
                ) from error
            if not segment.events:
                raise CorruptRecordError(f"the ledger's entries at {segment.start} are none")
            yield segment

    def _query(
        self,
        partition: str,
        sort_condition: str,
        values: Mapping[str, str],
        *,
        last_first: bool = False,
        limit: int | None = None,
    ) -> Iterator[Mapping[str, Any]]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "KeyConditionExpression": f"#partition = :partition AND #sort {sort_condition}",
            "ExpressionAttributeNames": {"#partition": keys.PARTITION, "#sort": keys.SORT},
            "ExpressionAttributeValues": {
                ":partition": {"S": partition},
                **{name: {"S": value} for name, value in values.items()},
            },
            "ScanIndexForward": not last_first,
            "ConsistentRead": True,
        }
        if limit:
            request["Limit"] = limit
        while True:
            try:
                answer = self._client.query(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            yield from answer["Items"]
            if limit or "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

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
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error

    def record_positions(self, events: Sequence[LoggedEvent], start: int) -> None:
        """See `LogStore.record_positions`.

        The end is in the key, so that a slow run takes nothing from one that went further.
        """
        end = start + len(events)
        items = [
            {
                keys.PARTITION: {"S": keys.make_positions_key(hour)},
                keys.SORT: {"S": f"{sort}{end:020d}#{start:020d}"},
                keys.ROWS: {"B": rows},
            }
            for (hour, sort), rows in _placed(events).items()
        ]
        for at in range(0, len(items), BATCH_SIZE):
            self._write(items[at : at + BATCH_SIZE])

    def _write(self, items: Sequence[Mapping[str, Any]]) -> None:
        left: Any = [{"PutRequest": {"Item": item}} for item in items]
        for attempt in range(MAX_ATTEMPTS):
            try:
                answer = self._client.batch_write_item(RequestItems={self._table: left})
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            left = answer.get("UnprocessedItems", {}).get(self._table)
            if not left:
                return
            self._sleep(_FIRST_WAIT_SECONDS * 2**attempt)
        raise StoreUnavailableError("UnprocessedItems")

    def positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """See `LogReader.positions`."""
        partition = keys.make_positions_key(format_hour(decode_time(event_id)))
        found: list[int] = []
        for bits in SPLITS:
            sort = _split_key(digest, bits)
            for item in self._query(partition, "BETWEEN :low AND :high", _beginning_with(sort)):
                try:
                    found += _found(
                        item[keys.ROWS]["B"], digest, int(item[keys.SORT]["S"][-_POSITION_DIGITS:])
                    )
                except (KeyError, TypeError, ValueError) as error:
                    raise CorruptRecordError(f"the positions of {partition} are damaged") from error
        return found


def _tenants_in(item: Mapping[str, Any], count: int) -> Sequence[str] | None:
    """A commit's tenants; None where they are missing or damaged, which nothing else depends on."""
    try:
        return unpack_tenants(item[keys.TENANTS]["B"], count)
    except (MalformedTileError, AttributeError, KeyError, TypeError):
        return None


def unpack_positions(sort: str, packed: bytes) -> list[tuple[int, bytes]]:
    """Positions and digest starts in a positions item.

    Raises:
        CorruptRecordError: its bytes are no whole number of them.
        ValueError: its sort key does not say where they begin.
    """
    if len(packed) % _PLACE_LENGTH:
        raise CorruptRecordError(f"{len(packed)} bytes are no positions")
    start = int(sort[-_POSITION_DIGITS:])
    return [
        (
            start + int.from_bytes(packed[at + _START_LENGTH : at + _PLACE_LENGTH], "big"),
            packed[at : at + _START_LENGTH],
        )
        for at in range(0, len(packed), _PLACE_LENGTH)
    ]


def _beginning_with(sort: str) -> Mapping[str, str]:
    return {":low": sort, ":high": f"{sort}~"}


def _placed(events: Sequence[LoggedEvent]) -> Mapping[tuple[str, str], bytes]:
    """Digest starts and offsets, by hour and split."""
    hours: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for offset, event in enumerate(events):
        hours[event.time_ms // HOUR_MS].append((offset, event.digest))
    placed: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for number, of_hour in hours.items():
        hour = format_hour(number * HOUR_MS)
        bits = next(b for b in SPLITS if len(of_hour) <= MAX_UNSPLIT << b or b == SPLITS[-1])
        for offset, digest in of_hour:
            place = digest[:_START_LENGTH] + offset.to_bytes(_OFFSET_LENGTH, "big")
            placed[hour, _split_key(digest, bits)].append(place)
    return {address: b"".join(places) for address, places in placed.items()}


def _split_key(digest: bytes, bits: int) -> str:
    return f"{bits}#{digest[0] >> 8 - bits:02x}#"


def _found(packed: bytes, digest: bytes, start: int) -> Iterator[int]:
    if len(packed) % _PLACE_LENGTH:
        raise ValueError(len(packed))
    wanted = digest[:_START_LENGTH]
    at = packed.find(wanted)
    while at >= 0:
        if at % _PLACE_LENGTH == 0:
            offset = packed[at + _START_LENGTH : at + _PLACE_LENGTH]
            yield start + int.from_bytes(offset, "big")
        at = packed.find(wanted, at + 1)
