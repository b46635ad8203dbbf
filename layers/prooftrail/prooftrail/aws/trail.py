"""`TrailReader` on DynamoDB and S3."""

from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from prooftrail.aws.counters import decode_counters
from prooftrail.aws.dynamodb import Item, read_pages
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.hold_orders import EXPIRIES, HOLDS, decode_hold_order
from prooftrail.aws.item import ItemTimes, StoredItem, decode_times, load_item, parse_tenant
from prooftrail.aws.ledger import decode_removal_order
from prooftrail.aws.log import decode_rows
from prooftrail.aws.positions import unpack_positions
from prooftrail.aws.references import (
    compute_fingerprint,
    decode_reference,
    is_reference,
    make_references,
)
from prooftrail.errors import CorruptRecordError, MalformedTileError, PayloadMissingError
from prooftrail.event import keys
from prooftrail.event.hold import HoldOrder
from prooftrail.event.orders import Order, read_order
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.times import now_ms
from prooftrail.intake.ports import PayloadStore
from prooftrail.verify.ports import (
    PAYLOAD_MISSING,
    CommitEntries,
    CommitRecord,
    CounterPage,
    DamagedItem,
    EventItem,
    ExpectedReference,
    LedgerItem,
    RecordedPositions,
    RecordedTenant,
    ReferenceItem,
    TableItem,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LOG: Final = keys.make_log_key(0)[0].rstrip("0")
_COMMIT: Final = keys.make_commit_key("")
_POSITIONS: Final = keys.make_positions_key("")
_COUNTERS: Final = "counters#"
_REMOVALS: Final = keys.make_removals_key("")
_LIMIT: Final = 1 << 62  # of positions, counts and times; SQLite holds integers below 2^63


class DynamoTrail:
    """`TrailReader` on both tables and the bucket of large payloads."""

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

    def read_time(self) -> int:
        """Return the time in milliseconds since 1970, to the second, by DynamoDB's clock.

        This machine's clock can be wrong; it is only asked if the response has no date.

        Raises:
            StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
        """
        with translate_aws_errors():
            response = self._client.get_item(
                TableName=self._ledger_table,
                Key={
                    keys.PARTITION: {"S": keys.HEAD_PARTITION},
                    keys.SORT: {"S": keys.HEAD_SORT},
                },
                ProjectionExpression=keys.SORT,
            )
        date = response["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        try:
            return int(parsedate_to_datetime(date).timestamp() * 1000)
        except ValueError:
            return now_ms()

    def read_ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.read_ledger`."""
        for item in self._scan(self._ledger_table):
            partition, sort = item[keys.PARTITION]["S"], item[keys.SORT]["S"]
            try:
                decoded = _decode_ledger_item(partition, sort, item)
            except (CorruptRecordError, MalformedTileError, KeyError, TypeError, ValueError) as e:
                yield DamagedItem(f"{partition} {sort}", str(e) or "it is damaged")
            else:
                if decoded is not None:
                    yield decoded

    def read_events(self) -> Iterator[TableItem]:
        """See `TrailReader.read_events`."""
        shard_count = self._shard_count()
        for item in self._scan(self._events_table):
            if is_reference(item):
                yield _decode_reference_item(item)
            else:
                yield self._decode_event_item(item, shard_count)

    def _decode_event_item(self, item: Item, shard_count: int) -> EventItem:
        problem, counter_name, times = None, "", ItemTimes(0, 0, None)
        order: Order | None = None
        submitted_by: str | None = None
        references: tuple[ExpectedReference, ...] = ()
        try:
            stored = load_item(item, shard_count, self._payloads)
            fields, times, submitted_by = stored.fields, stored.times, stored.submitted_by
            counter_name = keys.make_counter_name(
                fields["action"], fields["resourceType"], fields["success"]
            )
            if times.expires_at is None and stored.payload_key is None:  # as the ledger requires
                order = read_order(item[keys.ID]["S"], fields)
            references = _list_expected_references(item, stored)
        except PayloadMissingError:  # all else of the item is as it should be
            problem, times = PAYLOAD_MISSING, decode_times(item)
        except CorruptRecordError as error:
            problem = str(error)
        return EventItem(
            id=item[keys.ID]["S"],
            tenant_id=parse_tenant(item),
            digest=_decode_bytes(item, keys.DIGEST),
            received_at=times.received_at,
            expires_at=times.expires_at,
            problem=problem,
            counter_name=counter_name,
            removal_ids=order.ids if isinstance(order, RemovalOrder) else b"",
            stored_at=times.stored_at,
            submitted_by=submitted_by,
            references=references,
            hold_order=order if isinstance(order, HoldOrder) else None,
            held_expires_at=times.held_expires_at,
        )

    def _scan(self, table: str) -> Iterator[Item]:
        for page in read_pages(self._client.scan, {"TableName": table, "ConsistentRead": True}):
            yield from page["Items"]


def _list_expected_references(item: Item, stored: StoredItem) -> tuple[ExpectedReference, ...]:
    references = make_references(
        item[keys.ID]["S"],
        item[keys.DIGEST]["B"],
        stored.fields,
        stored_at=stored.times.stored_at,
        expires_at=stored.times.expires_at,
    )
    return tuple(
        ExpectedReference(reference[keys.PARTITION]["S"], compute_fingerprint(reference))
        for reference in references
    )


def _decode_reference_item(item: Item) -> ReferenceItem:
    partition, event_id = item[keys.PARTITION]["S"], item[keys.ID]["S"]
    tenant_id = partition.partition("#")[0]
    try:
        found = decode_reference(item)
    except CorruptRecordError as error:
        return ReferenceItem(partition, event_id, tenant_id, b"", 0, None, problem=str(error))
    return ReferenceItem(
        partition, event_id, tenant_id, found.fingerprint, found.stored_at, found.expires_at
    )


def _decode_ledger_item(partition: str, sort: str, item: Item) -> LedgerItem | None:
    if partition.startswith(_LOG):
        start = _check_number(int(sort))
        if (partition, sort) != keys.make_log_key(start):
            raise CorruptRecordError("it is in the wrong partition")
        rows = decode_rows(item)
        return CommitEntries(start, item[keys.FIRST]["S"], item[keys.LAST]["S"], rows)
    if partition.startswith(_COMMIT):
        return CommitRecord(
            partition.removeprefix(_COMMIT),
            item[keys.LAST]["S"],
            _check_number(int(item["position"]["N"])),
            _check_number(int(item["count"]["N"])),
        )
    if partition.startswith(_POSITIONS):
        positions = unpack_positions(sort, item[keys.ROWS]["B"])
        for position, _ in positions:
            _check_number(position)
        return RecordedPositions(positions)
    if partition.startswith(_COUNTERS):
        _, tenant_id, span = partition.split("#")
        counts = {name: _check_number(count) for name, count in decode_counters(item).items()}
        return CounterPage(tenant_id, span, sort, counts)
    if partition == keys.TENANTS_PARTITION:
        return RecordedTenant(sort)
    if partition.startswith(_REMOVALS):
        return decode_removal_order(item)
    if partition.startswith((HOLDS, EXPIRIES)):
        return decode_hold_order(item)
    return None


def _decode_bytes(item: Item, name: str) -> bytes:
    content = item.get(name, {}).get("B")
    return content if isinstance(content, bytes) else b""


def _check_number(number: int) -> int:
    """Return a position, count or time if a log can have it.

    Raises:
        CorruptRecordError: it is negative or too large.
    """
    if not 0 <= number < _LIMIT:
        raise CorruptRecordError(f"it holds the number {number}, which no log can have")
    return number
