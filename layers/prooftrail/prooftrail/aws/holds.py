"""`HoldableEvents` and `ExpiringEvents` on DynamoDB and S3."""

import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.dynamodb import MAX_READS, Item
from prooftrail.aws.errors import translate_aws_errors
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.item import decode_times, load_item, make_event_key
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.versions import remove_versions
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.hold import HoldScope
from prooftrail.event.references import find_reference_keys
from prooftrail.event.retention import find_original_key, make_held_key
from prooftrail.operate.hold import HoldableEvent
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import Row
from prooftrail.query.rows import MergedRows, read_all_rows

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client

SAMPLE: Final = 20  # rows; `apply` lifts every expiry, so a few events show whether it ran
_NAMES = {
    "#expires": keys.EXPIRES_AT,
    "#held": keys.HELD_EXPIRES_AT,
    "#digest": keys.DIGEST,
    "#overflow": keys.OVERFLOW,
}


class DynamoHoldableEvents(DynamoEventReader):
    """`HoldableEvents` on AuditEvents and the bucket of large payloads.

    Every write is a conditional update of two or three attributes, so that it can neither bring
    back an event that was removed nor undo what a second delivery put.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        s3: "Callable[[], S3Client]",
        bucket: str,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(client, table, shard_count, S3PayloadStore(s3, bucket), sleep, now)
        self._s3 = s3
        self._bucket = bucket

    def read(self, tenant_id: str, scope: HoldScope) -> Iterator[HoldableEvent]:
        """See `HoldableEvents.read`."""
        filters = _make_filters(tenant_id, scope)
        for batch in read_all_rows(self, plan_query(filters, self._shard_count)):
            for start in range(0, len(batch), MAX_READS):
                for item in self._load_items(tenant_id, batch[start : start + MAX_READS]):
                    event = self._decode_holdable(item)
                    if event is not None and scope.covers(event.fields):
                        yield event

    def has_expiry(self, tenant_id: str, scope: HoldScope, before_ms: int) -> bool:
        """See `ExpiringEvents.has_expiry`."""
        plan = plan_query(_make_filters(tenant_id, scope, before_ms), self._shard_count)
        rows = MergedRows(self, plan, plan.id_range, descending=True, wanted=SAMPLE)
        newest = {row.id: row for row in islice(rows, SAMPLE)}
        items = self._load_items(tenant_id, list(newest.values()))
        return any(self._expires(item, before_ms) for item in items)

    def _expires(self, item: Item, before_ms: int) -> bool:
        try:
            times = decode_times(item)
            is_gone = self._is_expired(item)
        except CorruptRecordError:
            return False
        return times.expires_at is not None and times.stored_at < before_ms and not is_gone

    def _load_items(self, tenant_id: str, rows: "list[Row] | Any") -> Iterator[Item]:
        found = [row.source for row in rows if isinstance(row.source, dict)]
        missing = [(tenant_id, row.id) for row in rows if row.source is None]
        yield from found
        if missing:
            yield from self.read_items(missing).values()

    def _decode_holdable(self, item: Item) -> HoldableEvent | None:
        try:
            if self._is_expired(item):
                return None
            stored = load_item(item, self._shard_count, self._payloads)
        except CorruptRecordError:
            return None
        return HoldableEvent(
            item[keys.ID]["S"],
            item[keys.DIGEST]["B"],
            stored.times.expires_at,
            stored.times.held_expires_at,
            stored.payload_key,
            stored.fields,
        )

    def lift(self, tenant_id: str, event: HoldableEvent) -> bool:
        """See `HoldableEvents.lift`."""
        key = event.payload_key
        held_key = None if key is None else make_held_key(key)
        if key is not None and held_key is not None:
            self._copy_payload(event, key, held_key)
        for partition in find_reference_keys(event.fields):
            self._update(
                {keys.PARTITION: {"S": partition}, keys.ID: {"S": event.id}},
                "SET #held = #expires REMOVE #expires",
                "#digest = :digest AND attribute_exists(#expires)",
                {":digest": {"B": event.digest}},
            )
        return self._update(
            make_event_key(tenant_id, event.id, self._shard_count),
            f"SET #held = #expires{_set_key(held_key)} REMOVE #expires",
            f"#digest = :digest AND #expires = :old{_require_key(key)}",
            {
                ":digest": {"B": event.digest},
                ":old": {"N": str(event.expires_at)},
                **_encode_keys(key, held_key),
            },
        )

    def give_back(self, tenant_id: str, event: HoldableEvent, expires_at: int) -> bool:
        """See `HoldableEvents.give_back`."""
        held_key = event.payload_key
        key = None if held_key is None else find_original_key(held_key)
        if key is not None and held_key is not None:
            self._copy_payload(event, held_key, key)
        for partition in find_reference_keys(event.fields):
            self._give_back_reference(event, partition, expires_at)
        is_done = self._update(
            make_event_key(tenant_id, event.id, self._shard_count),
            f"SET #expires = :new{_set_key(key)} REMOVE #held",
            f"#digest = :digest AND #held = :old{_require_key(held_key)}",
            {
                ":digest": {"B": event.digest},
                ":old": {"N": str(event.held_expires_at)},
                ":new": {"N": str(expires_at)},
                **_encode_keys(held_key, key),
            },
        )
        if is_done and held_key is not None and held_key != key:
            self._remove(held_key)
        return is_done

    def _give_back_reference(self, event: HoldableEvent, partition: str, expires_at: int) -> None:
        """Give a reference the event's expiry; if the one lifted from it is later, give that."""
        item_key = {keys.PARTITION: {"S": partition}, keys.ID: {"S": event.id}}
        values = {":digest": {"B": event.digest}, ":new": {"N": str(expires_at)}}
        is_same = "#digest = :digest AND #held"
        if not self._update(
            item_key, "SET #expires = :new REMOVE #held", f"{is_same} <= :new", values
        ):
            self._update(item_key, "SET #expires = #held REMOVE #held", f"{is_same} > :new", values)

    def remove_copy(self, event: HoldableEvent) -> None:
        """See `HoldableEvents.remove_copy`."""
        key = event.payload_key
        if key is not None and find_original_key(key) == key:
            self._remove(make_held_key(key))

    def _copy_payload(self, event: HoldableEvent, source: str, target: str) -> None:
        prefix = target.rpartition("/")[0]
        payload = self._payloads.load(source)
        S3PayloadStore(self._s3, self._bucket, prefix).save(event.digest, payload)

    def _remove(self, key: str) -> None:
        remove_versions(self._s3(), self._bucket, key)

    def _update(
        self, item_key: Mapping[str, Any], update: str, condition: str, values: Mapping[str, Any]
    ) -> bool:
        """Update an item; return False if the condition does not hold."""
        text = f"{update} {condition}"
        with translate_aws_errors():
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=item_key,
                    UpdateExpression=update,
                    ConditionExpression=condition,
                    ExpressionAttributeNames={
                        name: value for name, value in _NAMES.items() if name in text
                    },
                    ExpressionAttributeValues=values,
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                return False
        return True


def _make_filters(tenant_id: str, scope: HoldScope, end_ms: int | None = None) -> Filters:
    resource_type, resource_id = scope.resource or (None, None)
    return Filters(
        tenant_id=tenant_id,
        user_id=scope.user_id,
        resource_type=resource_type,
        resource_id=resource_id,
        end_ms=end_ms,
    )


def _set_key(payload_key: str | None) -> str:
    return "" if payload_key is None else ", #overflow = :newKey"


def _require_key(payload_key: str | None) -> str:
    return "" if payload_key is None else " AND #overflow = :oldKey"


def _encode_keys(old: str | None, new: str | None) -> dict[str, Any]:
    if old is None or new is None:
        return {}
    return {":oldKey": {"S": old}, ":newKey": {"S": new}}
