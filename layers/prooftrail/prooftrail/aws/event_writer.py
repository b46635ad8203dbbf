"""`EventWriter` on DynamoDB."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prooftrail.aws.dynamodb import MAX_WRITES, UNPROCESSED, Item
from prooftrail.aws.errors import AWS_ERRORS, to_store_error
from prooftrail.aws.item import encode_item
from prooftrail.errors import AuditLogError, StoreRejectedError, StoreUnavailableError
from prooftrail.event import keys, times
from prooftrail.event.record import EventRecord
from prooftrail.intake.ports import PayloadStore

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoEventWriter:
    """`EventWriter` on AuditEvents: 25 events a request, without conditions.

    An item's key holds the digest of its content, so a second put of an event can only replace the
    item with itself. A condition would protect nothing more, and needs transactions, which cost
    twice as much. Each put writes `storedAt`, the time of `now_ms`.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        shard_count: int,
        payloads: PayloadStore,
        now_ms: Callable[[], int] = times.now_ms,
    ) -> None:
        self._client = client
        _encode_batches_with_json(client)
        self._table = table
        self._shard_count = shard_count
        self._payloads = payloads
        self._now_ms = now_ms

    def put(self, records: Sequence[EventRecord]) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        faults: dict[int, AuditLogError] = {}
        batch: dict[int, Item] = {}
        for position, record in enumerate(records):
            try:
                batch[position] = encode_item(
                    record, self._shard_count, self._payloads, stored_at=self._now_ms()
                )
            except (StoreUnavailableError, StoreRejectedError) as error:
                faults[position] = error
            if len(batch) == MAX_WRITES:
                faults |= self._put_batch(batch)
                batch = {}
        if batch:
            faults |= self._put_batch(batch)
        return faults

    def _put_batch(self, batch: Mapping[int, Item]) -> Mapping[int, AuditLogError]:
        """Put the items once. The queue delivers again what DynamoDB leaves unprocessed."""
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in batch.values()]
        try:
            response = self._client.batch_write_item(RequestItems={self._table: requests})
        except AWS_ERRORS as error:
            fault = to_store_error(error)
            if fault.retryable or len(batch) == 1:
                return dict.fromkeys(batch, fault)
            return self._put_one_by_one(batch)
        unprocessed = response.get("UnprocessedItems", {}).get(self._table, [])
        if not unprocessed:
            return {}
        ids = {request["PutRequest"]["Item"][keys.ID]["S"] for request in unprocessed}
        return {
            position: StoreUnavailableError(UNPROCESSED)
            for position, item in batch.items()
            if item[keys.ID]["S"] in ids
        }

    def _put_one_by_one(self, batch: Mapping[int, Item]) -> Mapping[int, AuditLogError]:
        """Find the item for which DynamoDB refuses the batch, and store the others."""
        faults: dict[int, AuditLogError] = {}
        for position, item in batch.items():
            faults |= self._put_batch({position: item})
        return faults


def _encode_batches_with_json(client: "DynamoDBClient") -> None:
    """Make the client encode BatchWriteItem requests with the standard library.

    The items are in DynamoDB's JSON already. botocore's serializer would visit each attribute once
    more, which takes a third of the processor's CPU. botocore's events for changing a request's
    parameters and body let the request bypass the serializer.
    """
    events = client.meta.events
    parameters, request = "provide-client-params.dynamodb", "before-call.dynamodb"
    # botocore's types do not know that a handler of this event returns a value.
    encode_early: Callable[..., Any] = _encode_request
    events.register_first(f"{parameters}.BatchWriteItem", encode_early, unique_id=parameters)
    events.register_first(f"{request}.BatchWriteItem", _insert_body, unique_id=request)


def _encode_request(params: dict[str, Any], context: dict[str, Any], **_: object) -> dict[str, Any]:
    body = json.dumps(params, separators=(",", ":"), default=_encode_base64)
    context["prooftrail_body"] = body.encode()
    return {**params, "RequestItems": {}}


def _insert_body(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    params["body"] = context.pop("prooftrail_body")


def _encode_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
