"""`EventWriter` on DynamoDB."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prooftrail.aws.dynamodb import MAX_WRITES, UNPROCESSED, Item
from prooftrail.aws.errors import AWS_ERRORS, to_store_error
from prooftrail.aws.item import encode_item, parse_tenant
from prooftrail.aws.payloads import BudgetedPayloads
from prooftrail.errors import (
    AuditLogError,
    ContentRejectedError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
)
from prooftrail.event import keys, times
from prooftrail.event.record import EventRecord
from prooftrail.intake.budget import Budget, Service
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

    def put(
        self, records: Sequence[EventRecord], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        run = _Put(self._client, self._table, budget or Budget())
        payloads = BudgetedPayloads(self._payloads, run.budget)
        for position, record in enumerate(records):
            if fault := run.find_fault(record.tenant_id):
                run.faults[position] = fault
                continue
            try:
                run.batch[position] = encode_item(
                    record, self._shard_count, payloads, stored_at=self._now_ms()
                )
            except (StoreUnavailableError, StoreRejectedError) as error:
                run.faults[position] = error
            if len(run.batch) == MAX_WRITES:
                run.flush()
        run.flush()
        return run.faults


class _Put:
    """One call of `put`: the items of the next request, and the failures so far, by position.

    After the table was unavailable, or refused a request for the installation's fault, no request
    follows. After a request that was throttled as a whole, the records of its tenants are not tried
    again, so that one tenant's load does not stop the others.
    """

    def __init__(self, client: "DynamoDBClient", table: str, budget: Budget) -> None:
        self.budget = budget
        self.batch: dict[int, Item] = {}
        self.faults: dict[int, AuditLogError] = {}
        self._client = client
        self._table = table
        self._throttled: dict[str, AuditLogError] = {}  # by tenant

    def find_fault(self, tenant_id: str) -> AuditLogError | None:
        """Return why a record of this tenant is not tried, or None."""
        return self.budget.get_fault(Service.EVENTS) or self._throttled.get(tenant_id)

    def flush(self) -> None:
        """Put the items of the batch and empty it."""
        batch, self.batch = self.batch, {}
        if batch:
            self._put_batch(batch)

    def _put_batch(self, batch: Mapping[int, Item]) -> None:
        """Put the items once. The queue delivers again what DynamoDB leaves unprocessed."""
        if fault := self.budget.check(Service.EVENTS):
            self.faults |= dict.fromkeys(batch, fault)
            return
        requests: list[Any] = [{"PutRequest": {"Item": item}} for item in batch.values()]
        try:
            response = self._client.batch_write_item(RequestItems={self._table: requests})
        except AWS_ERRORS as error:
            self._note_fault(batch, to_store_error(error))
            return
        if unprocessed := response.get("UnprocessedItems", {}).get(self._table, []):
            ids = {request["PutRequest"]["Item"][keys.ID]["S"] for request in unprocessed}
            left = [at for at, item in batch.items() if item[keys.ID]["S"] in ids]
            self.faults |= dict.fromkeys(left, StoreThrottledError(UNPROCESSED))

    def _note_fault(self, batch: Mapping[int, Item], fault: AuditLogError) -> None:
        if isinstance(fault, ContentRejectedError) and len(batch) > 1:
            for position, item in batch.items():  # find the refused item, and store the others
                self._put_batch({position: item})
            return
        self.faults |= dict.fromkeys(batch, fault)
        if isinstance(fault, StoreThrottledError):
            self._throttled |= {parse_tenant(item): fault for item in batch.values()}
        elif not isinstance(fault, ContentRejectedError):
            self.budget.give_up(Service.EVENTS, fault)


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
