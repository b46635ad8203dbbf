"""`EventWriter` on DynamoDB."""

import math
from binascii import b2a_base64
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from prooftrail.aws.dynamodb import MAX_WRITES, UNPROCESSED, Item
from prooftrail.aws.errors import AWS_ERRORS, to_store_error
from prooftrail.aws.item import encode_item
from prooftrail.aws.payloads import BudgetedPayloads
from prooftrail.aws.references import encode_references
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
    """`EventWriter` on AuditEvents: 25 items a request, without conditions.

    An item's key holds the digest of its content, so a second put of an event can only replace the
    item with itself. A condition would protect nothing more, and needs transactions, which cost
    twice as much. Each put writes `storedAt`, the time of `now_ms`.

    An event is put after its references, in a later request: so a stored event has all of them,
    without a transaction. References whose event is not stored yet are found by no query.
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
        _encode_batches_at_once(client)
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
                item = encode_item(record, self._shard_count, payloads, stored_at=self._now_ms())
            except (StoreUnavailableError, StoreRejectedError) as error:
                run.faults[position] = error
            else:
                run.add(position, record, item, encode_references(record, item))
        run.finish()
        return run.faults


class _Write(NamedTuple):
    """One item to put, and the position of the record that it belongs to."""

    position: int
    tenant_id: str
    item: Item

    @property
    def key(self) -> tuple[str, str]:
        """The item's primary key."""
        return _get_key(self.item)


class _Put:
    """One call of `put`: the items of the next requests, and the failures so far, by position.

    After the table was unavailable, or refused a request for the installation's fault, no request
    follows. After a request that was throttled as a whole, the records of its tenants are not tried
    again, so that one tenant's load does not stop the others.
    """

    def __init__(self, client: "DynamoDBClient", table: str, budget: Budget) -> None:
        self.budget = budget
        self.faults: dict[int, AuditLogError] = {}
        self._references: list[_Write] = []
        self._waiting: list[_Write] = []  # events whose references are not all put
        self._events: list[_Write] = []
        self._client = client
        self._table = table
        self._throttled: dict[str, AuditLogError] = {}  # by tenant

    def find_fault(self, tenant_id: str) -> AuditLogError | None:
        """Return why a record of this tenant is not tried, or None."""
        return self.budget.get_fault(Service.EVENTS) or self._throttled.get(tenant_id)

    def add(
        self, position: int, record: EventRecord, event: Item, references: Sequence[Item]
    ) -> None:
        """Put a record's items, as soon as they fill a request."""
        write = _Write(position, record.tenant_id, event)
        if references:
            self._waiting.append(write)
            self._references += [_Write(position, record.tenant_id, item) for item in references]
            while len(self._references) >= MAX_WRITES:
                self._put_references()
        else:
            self._events.append(write)
            self._put_full_requests()

    def finish(self) -> None:
        """Put the items that are left."""
        if self._references:
            self._put_references()
        self._put_batch(self._events)

    def _put_references(self) -> None:
        """Put a request of references; then the events that wait for no more of them."""
        batch, self._references = self._references[:MAX_WRITES], self._references[MAX_WRITES:]
        self._put_batch(batch)
        next_position = self._references[0].position if self._references else math.inf
        ready = [write for write in self._waiting if write.position < next_position]
        self._waiting = [write for write in self._waiting if write.position >= next_position]
        self._events += [write for write in ready if write.position not in self.faults]
        self._put_full_requests()

    def _put_full_requests(self) -> None:
        while len(self._events) >= MAX_WRITES:
            batch, self._events = self._events[:MAX_WRITES], self._events[MAX_WRITES:]
            self._put_batch(batch)

    def _put_batch(self, batch: Sequence[_Write]) -> None:
        """Put the items once. The queue delivers again what DynamoDB leaves unprocessed."""
        batch = [write for write in batch if write.position not in self.faults]
        if not batch:
            return
        if fault := self.budget.check(Service.EVENTS):
            self._fail(batch, fault)
            return
        requests: list[Any] = [{"PutRequest": {"Item": write.item}} for write in batch]
        try:
            response = self._client.batch_write_item(RequestItems={self._table: requests})
        except AWS_ERRORS as error:
            self._note_fault(batch, to_store_error(error))
            return
        if unprocessed := response.get("UnprocessedItems", {}).get(self._table, []):
            left = {_get_key(request["PutRequest"]["Item"]) for request in unprocessed}
            fault = StoreThrottledError(UNPROCESSED)
            self._fail([write for write in batch if write.key in left], fault)

    def _note_fault(self, batch: Sequence[_Write], fault: AuditLogError) -> None:
        if isinstance(fault, ContentRejectedError) and len(batch) > 1:
            for write in batch:  # find the refused item, and store the others
                self._put_batch([write])
            return
        self._fail(batch, fault)
        if isinstance(fault, StoreThrottledError):
            self._throttled |= {write.tenant_id: fault for write in batch}
        elif not isinstance(fault, ContentRejectedError):
            self.budget.give_up(Service.EVENTS, fault)

    def _fail(self, batch: Sequence[_Write], fault: AuditLogError) -> None:
        self.faults |= {write.position: fault for write in batch}


def _get_key(item: Item) -> tuple[str, str]:
    return item[keys.PARTITION]["S"], item[keys.ID]["S"]


def _encode_batches_at_once(client: "DynamoDBClient") -> None:
    """Make the client encode BatchWriteItem requests with pydantic's serializer.

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
    writes = {
        table: [_encode_write(write) for write in each]
        for table, each in params["RequestItems"].items()
    }
    context["prooftrail_body"] = to_json({**params, "RequestItems": writes})
    return {**params, "RequestItems": {}}


def _encode_write(write: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a write with the bytes of its item in Base64; keys have none."""
    put = write.get("PutRequest")
    return {"PutRequest": {"Item": _encode_bytes(put["Item"])}} if put else write


def _encode_bytes(item: Item) -> Item:
    """Return the item as DynamoDB reads it: bytes in Base64."""
    return {
        name: {"B": b2a_base64(value["B"], newline=False).decode()} if "B" in value else value
        for name, value in item.items()
    }


def _insert_body(params: dict[str, Any], context: dict[str, Any], **_: object) -> None:
    params["body"] = context.pop("prooftrail_body")
