"""What `EventReader` promises, kept by the fake and by DynamoDB alike."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from prooftrail.aws.clients import client
from prooftrail.aws.dynamodb import MAX_IDLE_ATTEMPTS
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.errors import CorruptRecordError, StoreRejectedError, StoreUnavailableError
from prooftrail.event import keys
from prooftrail.event.ids import make_highest_id, make_lowest_id
from prooftrail.event.keys import Index
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS, MAX_TIMESTAMP_MS, format_timestamp
from prooftrail.query.ports import (
    EventLookup,
    EventReader,
    IdRange,
    Row,
    StoredEvent,
    UnreadableEvent,
)
from prooftrail.runtime.config import get_settings
from tests.support.fake_reader import FakeEvents
from tests.support.faults import Fault, spoiled
from tests.support.samples import NOW_MS, record_of

SHARDS = 4
EVERYTHING = IdRange(make_lowest_id(0), make_highest_id(MAX_TIMESTAMP_MS))


@dataclass(frozen=True)
class Subject:
    """A reader, a way to store records and one to make the next call fail."""

    reader: EventReader
    lookup: EventLookup
    add: Callable[..., None]
    unavailable: Callable[[], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    request.getfixturevalue("aws")
    return _moto()


def _memory() -> Subject:
    reader = FakeEvents(shard_count=SHARDS)

    def unavailable() -> AbstractContextManager[object]:
        return patch.object(reader, "fault", StoreUnavailableError("injected"))

    return Subject(reader, reader, reader.add, unavailable)


def _moto(sleep: Callable[[float], None] = lambda _: None) -> Subject:
    conf = get_settings()
    assert conf.shard_count == SHARDS
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(client("dynamodb"), conf.events_table, SHARDS, payloads)

    def add(*records: EventRecord) -> None:
        assert not writer.put(records)

    reader = DynamoEventReader(
        client("dynamodb"), conf.events_table, SHARDS, payloads, sleep, now=lambda: NOW_MS / 1000
    )
    return Subject(reader, reader, add, lambda: spoiled(0, Fault.REFUSED))


@pytest.fixture
def moto(aws: object) -> Subject:
    return _moto()


def some_records() -> list[EventRecord]:
    return [
        record_of(
            eventId=f"e-{number}",
            timestamp=format_timestamp(NOW_MS + number),
            tenantId=["acme", "acme.2"][number % 2],
            userId=[None, "ada", "ada#1", "ad", "é/#"][number % 5],
            resourceId=["g", "g#1", "1"][number % 3],
            action=["user.login", "user"][number % 2],
            success=number % 3 > 0,
            requestId=[None, "r"][number % 2],
            sessionId=["s", None][number % 2],
            ipAddress=[None, "::1"][number % 2],
        )
        for number in range(40)
    ]


def partitions() -> list[tuple[Index, str]]:
    """Every way into the records, and ways that look alike."""
    ways = [
        *(
            (Index.USER, keys.make_user_key("acme", user))
            for user in ("ada", "ada#1", "ad", "é/#", "a")
        ),
        *(
            (Index.RESOURCE, keys.make_resource_key("acme", "session", one))
            for one in ("g", "g#1", "1")
        ),
        (Index.RESOURCE, keys.make_resource_key("acme", "sessio", "n")),
    ]
    for shard in range(SHARDS):
        for tenant in ("acme", "acme.2", "acm"):
            ways += [
                (Index.BASE, keys.make_base_key(tenant, shard)),
                (Index.FAILURE, keys.make_failure_key(tenant, shard)),
                (Index.ACTION, keys.make_action_key(tenant, "user.login", shard)),
                (Index.ACTION, keys.make_action_key(tenant, "user", shard)),
            ]
    return ways


def read(
    reader: EventReader, way: tuple[Index, str], span: IdRange, *, descending: bool, limit: int
) -> Iterator[Row]:
    while not span.is_empty:
        batch = reader.read_rows(*way, span, descending=descending, limit=limit)
        assert len(batch.rows) <= limit
        yield from batch.rows
        if batch.is_last:
            return
        span = span.after(batch.rows[-1].id, descending=descending)


@pytest.mark.parametrize("descending", [True, False])
def test_every_partition_holds_its_rows_and_no_others(subject: Subject, descending: bool) -> None:
    records = some_records()
    subject.add(*records)
    twin = FakeEvents(records, SHARDS)
    for way in partitions():
        rows = list(read(subject.reader, way, EVERYTHING, descending=descending, limit=3))
        expected = twin.read_rows(*way, EVERYTHING, descending=descending, limit=1_000).rows
        assert [replace(row, size=0, source=None) for row in rows] == [
            replace(row, size=0, source=None) for row in expected
        ]


def test_a_span_includes_both_ends(subject: Subject) -> None:
    records = [
        record_of(eventId=f"e-{n}", timestamp=format_timestamp(NOW_MS + n), userId="ada")
        for n in range(5)
    ]
    subject.add(*records)
    span = IdRange(records[1].id, records[3].id)
    way = (Index.USER, keys.make_user_key("default", "ada"))
    rows = list(read(subject.reader, way, span, descending=False, limit=10))
    assert [row.id for row in rows] == [one.id for one in records[1:4]]


@pytest.mark.parametrize("index", [Index.BASE, Index.FAILURE])
def test_rows_load_as_their_events_in_their_order(subject: Subject, index: Index) -> None:
    records = [record_of(eventId=f"e-{number}", success=False) for number in range(120)]
    subject.add(*records)
    rows = [
        row
        for shard in range(SHARDS)
        for row in read(
            subject.reader,
            (index, keys.make_base_key("default", shard)),
            EVERYTHING,
            descending=False,
            limit=1_000,
        )
    ]
    by_id = {one.id: one for one in records}
    events = list(subject.reader.load("default", rows))
    assert [one.id for one in events] == [row.id for row in rows]
    assert len(events) == 120
    for event in events:
        record = by_id[event.id]
        assert isinstance(event, StoredEvent)
        assert event.canonical == record.canonical
        assert event.digest == record.digest
        assert event.received_at == record.received_at


@pytest.mark.parametrize("size", [10, 3_000, 1_000_000])
def test_payloads_come_back_whole_from_wherever_they_are(subject: Subject, size: int) -> None:
    one = record_of(details={"text": Random(7).randbytes(size // 2).hex(), "float": 1e-7})
    subject.add(one)
    event = subject.reader.get("default", one.id)
    assert event is not None
    assert event.canonical == one.canonical


def test_an_event_that_is_gone_is_left_out(subject: Subject) -> None:
    stored, gone = record_of(eventId="e-1"), record_of(eventId="e-2")
    subject.add(stored)
    rows = [
        Row(one.id, "default", one.action, one.resource_type, one.resource_id, success=True)
        for one in (gone, stored)
    ]
    assert [one.id for one in subject.reader.load("default", rows)] == [stored.id]
    assert subject.reader.get("default", gone.id) is None


@pytest.mark.parametrize("index", [Index.BASE, Index.FAILURE])
def test_an_expired_event_is_gone_before_it_is_removed(subject: Subject, index: Index) -> None:
    expired, kept = (
        record_of(eventId=f"e-{age}", success=False, received_at=NOW_MS - age, retention_days=1)
        for age in (DAY_MS, DAY_MS - 1_000)
    )
    subject.add(expired, kept)
    rows = [
        row
        for shard in range(SHARDS)
        for row in subject.reader.read_rows(
            index, keys.make_base_key("default", shard), EVERYTHING, descending=False, limit=9
        ).rows
    ]
    assert {one.id for one in subject.reader.load("default", rows)} == {kept.id}
    assert subject.reader.get("default", expired.id) is None
    assert subject.reader.get("default", kept.id) is not None


@pytest.mark.parametrize("tenant", ["acme", "Default", "defaul", "default2"])
def test_an_id_is_nothing_to_another_tenant(subject: Subject, tenant: str) -> None:
    one = record_of()
    subject.add(one)
    row = Row(one.id, tenant, one.action, one.resource_type, one.resource_id, success=True)
    assert subject.reader.get(tenant, one.id) is None
    assert list(subject.reader.load(tenant, [row])) == []


def test_events_are_found_by_their_addresses_in_their_order(subject: Subject) -> None:
    records = [
        record_of(eventId=f"e-{n}", tenantId=("acme", "globex")[n % 2], details={"x": "y" * n})
        for n in range(230)
    ]
    ended = record_of(retention_days=1, received_at=NOW_MS - 2 * DAY_MS, eventId="ended")
    subject.add(*records, ended)
    addresses = [(one.tenant_id, one.id) for one in records]
    addresses.insert(7, ("globex", records[0].id))
    addresses.insert(120, (ended.tenant_id, ended.id))
    addresses += addresses[:3]
    found = subject.lookup.get_many(addresses)
    expected: list[str | None] = [one.id for one in records]
    expected.insert(7, None)
    expected.insert(120, None)
    expected += expected[:3]
    assert [one.id if one else None for one in found] == expected
    contents = {one.id: one.canonical for one in records}
    events = [one for one in found if one]
    assert all(isinstance(one, StoredEvent) for one in events)
    assert all(one.canonical == contents[one.id] for one in events if isinstance(one, StoredEvent))
    assert list(subject.lookup.get_many([])) == []


def test_a_fault_is_an_error_and_not_an_empty_answer(subject: Subject) -> None:
    one = record_of()
    row = Row(one.id, "default", one.action, one.resource_type, one.resource_id, success=True)
    way = (Index.BASE, keys.make_base_key("default", 0))
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.reader.read_rows(*way, EVERYTHING, descending=True, limit=1)
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.reader.get("default", one.id)
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        list(subject.reader.load("default", [row]))
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.lookup.get_many([("default", one.id)])


class Leftovers:
    """Lets BatchGetItem process only the first keys of each call, `share` of them."""

    def __init__(self, share: Callable[[int], int]) -> None:
        self._share = share
        self.calls = 0

    def __enter__(self) -> "Leftovers":
        original = BaseClient._make_api_call  # type: ignore[attr-defined]

        def make_api_call(one: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
            if operation != "BatchGetItem":
                return original(one, operation, parameters)
            self.calls += 1
            [(table, request)] = parameters["RequestItems"].items()
            wanted = request["Keys"]
            taken = self._share(len(wanted))
            answer: dict[str, Any] = {"Responses": {table: []}}
            if taken:
                some = {**request, "Keys": wanted[:taken]}
                answer = original(one, operation, {"RequestItems": {table: some}})
            if wanted[taken:]:
                answer["UnprocessedKeys"] = {table: {**request, "Keys": wanted[taken:]}}
            return answer

        self._patch = patch.object(BaseClient, "_make_api_call", make_api_call)
        self._patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._patch.stop()


def _failures(reader: EventReader) -> list[Row]:
    return [
        row
        for shard in range(SHARDS)
        for row in read(
            reader,
            (Index.FAILURE, keys.make_failure_key("default", shard)),
            EVERYTHING,
            descending=True,
            limit=1_000,
        )
    ]


def test_unprocessed_keys_are_asked_for_again(moto: Subject) -> None:
    records = [record_of(eventId=f"e-{number}", success=False) for number in range(30)]
    moto.add(*records)
    rows = _failures(moto.reader)
    with Leftovers(lambda count: (count + 1) // 2) as leftovers:
        events = list(moto.reader.load("default", rows))
        found = moto.lookup.get_many([("default", row.id) for row in rows])
    assert [one.id for one in events] == [row.id for row in rows]
    assert list(found) == events
    assert leftovers.calls > 6


def test_keys_that_stay_unprocessed_are_a_fault_and_not_a_gap(aws: object) -> None:
    waits: list[float] = []
    moto = _moto(waits.append)
    moto.add(*[record_of(eventId=f"e-{number}", success=False) for number in range(3)])
    rows = _failures(moto.reader)
    with Leftovers(lambda _: 0) as leftovers, pytest.raises(StoreUnavailableError):
        list(moto.reader.load("default", rows))
    assert leftovers.calls == MAX_IDLE_ATTEMPTS
    assert waits == sorted(waits)
    assert sum(waits) < 5


def test_a_refusal_is_not_worth_trying_again(aws: object) -> None:
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    reader = DynamoEventReader(client("dynamodb"), "no-such-table", SHARDS, payloads)
    with pytest.raises(StoreRejectedError):
        reader.get("default", record_of().id)


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        (keys.EVENT, {"B": b"no zlib"}),
        (keys.EVENT, None),
        (keys.DIGEST, None),
        (keys.EVENT, {"NULL": True}),
        (keys.EVENT, {"S": "oops"}),
        (keys.EVENT, {"S": "{}"}),
        (keys.EVENT, {"B": zlib.compress(b"\xff")}),
        (keys.RECEIVED_AT, None),
        (keys.RECEIVED_AT, {"N": "9" * 30}),
        (keys.RECEIVED_AT, {"S": "x"}),
        (keys.EXPIRES_AT, {"S": "x"}),
        (keys.EXPIRES_AT, {"N": "1.5"}),
    ],
)
def test_an_item_that_holds_no_event_is_named_corrupt(
    moto: Subject, attribute: str, value: Any
) -> None:
    one = record_of()
    moto.add(one)
    table = get_settings().events_table
    [item] = client("dynamodb").scan(TableName=table)["Items"]
    changed = {**item, attribute: value}
    client("dynamodb").put_item(
        TableName=table, Item={name: held for name, held in changed.items() if held is not None}
    )
    with pytest.raises(CorruptRecordError) as caught:
        moto.reader.get("default", one.id)
    [row] = moto.reader.read_rows(
        Index.RESOURCE, item["resourceKey"]["S"], EVERYTHING, descending=True, limit=1
    ).rows
    unreadable = UnreadableEvent(one.id, str(caught.value))
    assert list(moto.reader.load("default", [row])) == [unreadable]
    other = record_of(eventId="other")
    moto.add(other)
    found = moto.lookup.get_many([("default", one.id), ("default", other.id)])
    assert found[0] == unreadable
    assert isinstance(found[1], StoredEvent)


@pytest.mark.parametrize("attribute", [keys.ACTION_KEY, keys.RESOURCE_KEY])
def test_a_row_without_its_keys_is_named_corrupt(moto: Subject, attribute: str) -> None:
    one = record_of(userId="ada")
    moto.add(one)
    table = get_settings().events_table
    [item] = client("dynamodb").scan(TableName=table)["Items"]
    del item[attribute]
    client("dynamodb").put_item(TableName=table, Item=item)
    way = (Index.USER, keys.make_user_key("default", "ada"))
    [row] = moto.reader.read_rows(*way, EVERYTHING, descending=True, limit=1).rows
    assert (row.id, row.problem) == (one.id, "the item lacks the keys of an event")
    problem = "the item lacks the keys of an event"
    assert list(moto.reader.load("default", [row])) == [UnreadableEvent(one.id, problem)]
