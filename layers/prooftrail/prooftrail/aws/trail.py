"""The tables, read whole, for a verification."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.aws.events_read import decode_counters
from prooftrail.aws.item import decode_canonical, decode_names
from prooftrail.aws.ledger import decode_removal_order
from prooftrail.aws.log import unpack_positions
from prooftrail.errors import CorruptRecordError, MalformedTileError
from prooftrail.event import keys
from prooftrail.event.removal import RemovalOrder
from prooftrail.intake.ports import PayloadStore
from prooftrail.ledger.entry import unpack_rows
from prooftrail.verify.ports import (
    CommitMark,
    Counts,
    Damaged,
    EventItem,
    LedgerItem,
    LedgerRows,
    LoggedPositions,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LOG: Final = keys.make_log_key(0)[0].rstrip("0")
_COMMIT: Final = keys.make_commit_key("")
_POSITIONS: Final = keys.make_positions_key("")
_COUNTERS: Final = "counters#"
_REMOVALS: Final = keys.make_removals_key("")
_END: Final = 1 << 62  # of positions, counts and times: SQLite's integers hold one bit more


class DynamoTrail:
    """`TrailReader` on the two tables and the bucket of large payloads."""

    def __init__(
        self,
        client: "DynamoDBClient",
        ledger_table: str,
        events_table: str,
        shard_count: Callable[[], int],
        payloads: PayloadStore,
    ) -> None:
        self._client = client
        self._ledger_table = ledger_table
        self._events_table = events_table
        self._shard_count = shard_count
        self._payloads = payloads

    def ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.ledger`."""
        for item in self._scan(self._ledger_table):
            partition, sort = item[keys.PARTITION]["S"], item[keys.SORT]["S"]
            try:
                found = _ledger_item(partition, sort, item)
            except (CorruptRecordError, MalformedTileError, KeyError, TypeError, ValueError) as e:
                yield Damaged(f"{partition} {sort}", str(e) or "it is damaged")
            else:
                if found is not None:
                    yield found

    def events(self) -> Iterator[EventItem]:
        """See `TrailReader.events`."""
        shard_count = self._shard_count()
        for item in self._scan(self._events_table):
            yield self._event_item(item, shard_count)

    def _event_item(self, item: Mapping[str, Any], shard_count: int) -> EventItem:
        problem, counted_as, received_at, expires_at, removes = None, "", 0, None, b""
        try:
            canonical = decode_canonical(item)
            names = decode_names(item, canonical, shard_count)
            if canonical is None:
                decode_names(item, self._payloads.load(item[keys.OVERFLOW]["S"]), shard_count)
            counted_as = keys.make_counter_name(
                names["action"], names["resourceType"], names["success"]
            )
            received_at = _time_in(item, keys.RECEIVED_AT)
            if keys.EXPIRES_AT in item:
                expires_at = _time_in(item, keys.EXPIRES_AT)
            elif order := RemovalOrder.from_fields(item[keys.ID]["S"], names):
                removes = order.ids  # as the ledger takes it: kept for good, and in the item itself
        except CorruptRecordError as error:
            problem = str(error)
        return EventItem(
            id=item[keys.ID]["S"],
            tenant_id=item[keys.PARTITION]["S"].rpartition("#")[0],
            digest=_bytes_in(item, keys.DIGEST),
            received_at=received_at,
            expires_at=expires_at,
            problem=problem,
            counted_as=counted_as,
            removes=removes,
        )

    def _scan(self, table: str) -> Iterator[Mapping[str, Any]]:
        request: dict[str, Any] = {"TableName": table, "ConsistentRead": True}
        while True:
            try:
                answer = self._client.scan(**request)
            except (ClientError, BotoCoreError) as error:
                raise to_store_error(error) from error
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _ledger_item(partition: str, sort: str, item: Mapping[str, Any]) -> LedgerItem | None:
    if partition.startswith(_LOG):
        start = _bounded(int(sort))
        if (partition, sort) != keys.make_log_key(start):
            raise CorruptRecordError("it stands in another partition than it must")
        rows = unpack_rows(item[keys.ROWS]["B"])
        return LedgerRows(start, item[keys.FIRST]["S"], item[keys.LAST]["S"], rows)
    if partition.startswith(_COMMIT):
        return CommitMark(
            partition.removeprefix(_COMMIT),
            item[keys.LAST]["S"],
            _bounded(int(item["position"]["N"])),
            _bounded(int(item["count"]["N"])),
        )
    if partition.startswith(_POSITIONS):
        places = unpack_positions(sort, item[keys.ROWS]["B"])
        for position, _ in places:
            _bounded(position)
        return LoggedPositions(places)
    if partition.startswith(_COUNTERS):
        _, tenant_id, span = partition.split("#")
        counts = {name: _bounded(count) for name, count in decode_counters(item).items()}
        return Counts(tenant_id, span, sort, counts)
    if partition.startswith(_REMOVALS):
        return decode_removal_order(item)
    return None


def _bytes_in(item: Mapping[str, Any], name: str) -> bytes:
    content = item.get(name, {}).get("B")
    return content if isinstance(content, bytes) else b""


def _time_in(item: Mapping[str, Any], name: str) -> int:
    """A time of the item, a whole number.

    Raises:
        CorruptRecordError: there is none.
    """
    try:
        return _bounded(int(item[name]["N"]))
    except (CorruptRecordError, KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError(f"its {name} is no time") from error


def _bounded(number: int) -> int:
    """The number, if it is one that a log can have.

    Raises:
        CorruptRecordError: it is none.
    """
    if not 0 <= number < _END:
        raise CorruptRecordError("it holds a number beyond every log")
    return number
