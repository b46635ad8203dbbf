"""`LedgerStore` on DynamoDB."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.dynamodb import Item, query_ledger_items, read_ledger_item
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.head import read_head
from prooftrail.aws.hold_orders import decode_hold_order, encode_hold_order
from prooftrail.errors import (
    AlreadyCommittedError,
    ContentRejectedError,
    CorruptRecordError,
    CounterMovedError,
    HeadMovedError,
    StoreRejectedError,
)
from prooftrail.event import keys
from prooftrail.event.hold import HoldOrder
from prooftrail.event.ids import is_id
from prooftrail.event.orders import Order
from prooftrail.event.removal import RemovalOrder, split_ids
from prooftrail.ledger.commit import Commit, CounterAddress
from prooftrail.ledger.entry import (
    LoggedEvent,
    pack_logged_receipts,
    pack_rows,
    pack_tenants,
)
from prooftrail.ledger.head import Head

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_RETRYABLE_REASONS: Final = frozenset(
    {
        "ConditionalCheckFailed",
        "ProvisionedThroughputExceeded",
        "ThrottlingError",
        "TransactionConflict",
    }
)
_WRITES_BEFORE_COUNTERS: Final = 3
MAX_PAGES: Final = 4  # of a tenant's hour or day, beside that of `(other)`; older trails have 64
MAX_KNOWN_FULL: Final = 1_000
ORDERS_PER_PAGE: Final = 8  # of 16 KB; those of a batch's removals are the newest


class DynamoLedger:
    """`LedgerStore`, `HoldStore` and the readers of orders, on AuditLedger.

    The counters of one tenant and hour, or day, are the attributes of one item. When the item has
    400 KB, DynamoDB's limit (some thousand distinct combinations), further counters go to another
    page of it. Readers add all pages, so a counter may be on any page. When `MAX_PAGES` are full,
    what follows counts as `(other)`, on a small page of its own. Statistics never stop the log:
    counters that even this page refuses are left out, and a recount restores them.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._full: set[CounterAddress] = set()  # buckets without a page that has room

    def read_head(self) -> Head | None:
        """See `LedgerStore.read_head`."""
        return read_head(self._client, self._table)

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """See `LedgerStore.commit`."""
        placed = {address: dict(counters) for address, counters in commit.increments.items()}
        placed = _move_counters(placed, self._full & placed.keys(), MAX_PAGES)
        while True:
            try:
                refused = self._write_commit(commit, placed, before, after)
            except ContentRejectedError:  # the transaction as a whole, perhaps for its size
                if not placed:
                    raise
                placed = _move_counters(placed, _find_most_of_a_tenant(placed), MAX_PAGES)
                continue
            if not refused:
                return
            self._note_full(refused)
            placed = _move_counters(placed, refused, 1)

    def _note_full(self, refused: Collection[CounterAddress]) -> None:
        if len(self._full) > MAX_KNOWN_FULL:
            self._full.clear()
        for partition, sort in refused:
            bucket, _, page = sort.partition(keys.PAGE_SEPARATOR)
            if page == str(MAX_PAGES - 1):
                self._full.add((partition, bucket))

    def _write_commit(
        self,
        commit: Commit,
        increments: Mapping[CounterAddress, Mapping[str, int]],
        before: Head | None,
        after: Head,
    ) -> frozenset[CounterAddress]:
        """Write the commit in one transaction, or return the counter pages that are refused."""
        position = before.size if before else 0
        addresses = list(increments)
        writes: list[Any] = [
            {"Put": self._commit_put(commit, position)},
            {"Put": self._entries_put(commit, position)},
            {"Update": self._head_update(after, before)},
            *({"Update": self._counter_update(at, increments[at])} for at in addresses),
            *({"Put": self._order_put(order)} for order in commit.orders),
        ]
        with translate_aws_errors():
            try:
                self._client.transact_write_items(TransactItems=writes)
            except self._client.exceptions.TransactionCanceledException as error:
                reasons = error.response.get("CancellationReasons", [])
                codes = [reason.get("Code", "None") for reason in reasons]
                refused = frozenset(
                    address
                    for address, code in zip(
                        addresses, codes[_WRITES_BEFORE_COUNTERS:], strict=False
                    )
                    if code == "ValidationError"
                )
                if not refused:
                    raise self._explain_cancellation(commit, codes) from error
                return refused
        return frozenset()

    def _explain_cancellation(self, commit: Commit, codes: Sequence[str]) -> Exception:
        if codes[:1] == ["ConditionalCheckFailed"]:
            partition = keys.make_commit_key(commit.first)
            item = read_ledger_item(self._client, self._table, partition, keys.COMMIT_SORT)
            if item is not None:
                return AlreadyCommittedError(item[keys.LAST]["S"])
        if set(codes) & _RETRYABLE_REASONS:
            return HeadMovedError("another transaction came first, or DynamoDB throttled this one")
        return StoreRejectedError(f"the commit was cancelled: {', '.join(sorted(set(codes)))}")

    def read_orders(self, tenant_id: str, first: str, last: str) -> Iterator[RemovalOrder]:
        """See `RemovalOrderReader.read_orders`."""
        for item in self._query_newest(keys.make_removals_key(tenant_id), first, last):
            with suppress(CorruptRecordError):
                yield decode_removal_order(item)

    def read_expiry_orders(self, tenant_id: str, first: str, last: str) -> Iterator[HoldOrder]:
        """See `ExpiryOrderReader.read_expiry_orders`."""
        for item in self._query_newest(keys.make_expiries_key(tenant_id), first, last):
            with suppress(CorruptRecordError):
                yield decode_hold_order(item)

    def _query_newest(self, partition: str, first: str, last: str) -> Iterator[Item]:
        return query_ledger_items(
            self._client,
            self._table,
            partition,
            "BETWEEN :first AND :last",
            {":first": first, ":last": last},
            ScanIndexForward=False,
            ConsistentRead=True,
            Limit=ORDERS_PER_PAGE,
        )

    def read_holds(self, tenant_id: str) -> Sequence[HoldOrder]:
        """See `HoldReader.read_holds`."""
        items = query_ledger_items(
            self._client,
            self._table,
            keys.make_holds_key(tenant_id),
            ">= :first",
            {":first": "0"},
            ConsistentRead=True,
        )
        return [decode_hold_order(item) for item in items]

    def has_order(self, tenant_id: str, order_id: str) -> bool:
        """See `CommittedOrders.has_order`."""
        partition = keys.make_removals_key(tenant_id)
        return read_ledger_item(self._client, self._table, partition, order_id) is not None

    def has_hold_order(self, order: HoldOrder) -> bool:
        """See `HoldStore.has_hold_order`."""
        partition = encode_hold_order(order)[keys.PARTITION]["S"]
        return read_ledger_item(self._client, self._table, partition, order.id) is not None

    def put_order(self, order: Order) -> None:
        """See `CounterStore.put_order`."""
        with translate_aws_errors():
            self._client.put_item(**self._order_put(order))

    def set_counter(self, page: tuple[str, str], name: str, old: int, new: int) -> None:
        """See `CounterStore.set_counter`."""
        partition, sort = page
        condition = "#name = :old" if old else "attribute_not_exists(#name)"
        values = {":new": {"N": str(new)}} | ({":old": {"N": str(old)}} if old else {})
        with translate_aws_errors():
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
                **_encode_receipts(commit.events),
            },
            "ConditionExpression": f"attribute_not_exists({keys.PARTITION})",
        }

    def _order_put(self, order: Order) -> dict[str, Any]:
        if isinstance(order, HoldOrder):
            return {"TableName": self._table, "Item": encode_hold_order(order)}
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


def _encode_receipts(events: Sequence[LoggedEvent]) -> dict[str, Any]:
    packed = pack_logged_receipts(events)
    if packed is None:
        return {}
    return {keys.RECEIVED: {"B": packed[0]}, keys.SUBMITTERS: {"B": packed[1]}}


def decode_removal_order(item: Item) -> RemovalOrder:
    """Return the removal order in an item of the ledger.

    Raises:
        CorruptRecordError: the item is not a removal order.
    """
    try:
        tenant_id = item[keys.PARTITION]["S"].removeprefix(keys.make_removals_key(""))
        order_id, ids = item[keys.SORT]["S"], item[keys.IDS]["B"]
        split_ids(ids)
    except (KeyError, TypeError) as error:
        raise CorruptRecordError("the removal order names no events") from error
    if not is_id(order_id):
        raise CorruptRecordError("the removal order's key is not an event id")
    return RemovalOrder(tenant_id, order_id, ids)


def _find_most_of_a_tenant(placed: Collection[CounterAddress]) -> Collection[CounterAddress]:
    """Return the counter pages of the tenant that has most of them.

    The pages in a transaction have at most 4 MB together. Only a tenant with large pages in many
    hours or days goes beyond that; the counters of others stay where they are.
    """
    by_tenant: dict[str, list[CounterAddress]] = {}
    for partition, sort in placed:
        by_tenant.setdefault(partition.rpartition("#")[0], []).append((partition, sort))
    return max(by_tenant.values(), key=len)


def _move_counters(
    placed: Mapping[CounterAddress, Mapping[str, int]],
    refused: Collection[CounterAddress],
    pages: int,
) -> dict[CounterAddress, dict[str, int]]:
    """Return the counters, those of the refused pages so many pages on.

    After the last page comes that of `(other)`; what it refuses is left out.
    """
    moved: dict[CounterAddress, dict[str, int]] = {}
    for (partition, sort), counters in placed.items():
        bucket, _, page = sort.partition(keys.PAGE_SEPARATOR)
        if (partition, sort) not in refused:
            moved[partition, sort] = dict(counters)
        elif page != keys.OTHER_PAGE:
            number = int(page or 0) + pages
            if number < MAX_PAGES:
                moved[partition, f"{bucket}{keys.PAGE_SEPARATOR}{number}"] = dict(counters)
            else:
                others: Counter[str] = Counter()
                for name, count in counters.items():
                    others[keys.make_other_counter_name(name)] += count
                moved[partition, f"{bucket}{keys.PAGE_SEPARATOR}{keys.OTHER_PAGE}"] = others
    return moved
