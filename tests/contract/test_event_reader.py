"""The promises of `EventReader` and `EventLookup`, tested on the fake and on DynamoDB."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
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
    EventTest,
    IdRange,
    Row,
    SkippedEvent,
    StoredEvent,
    UnreadableEvent,
    accept_event,
)
from prooftrail.runtime.config import get_settings
from tests.support.fake_reader import FakeEvents
from tests.support.faults import Fault, inject_fault
from tests.support.samples import NOW_MS, make_event_record

SHARDS = 4
EVERYTHING = IdRange(make_lowest_id(0), make_highest_id(MAX_TIMESTAMP_MS))


@dataclass(frozen=True)
class Subject:
    """A reader, a way to store records, and a way to make the next call fail."""

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

    def write(records: Iterable[EventRecord], stored_at: int) -> None:
        table = conf.events_table
        writer = DynamoEventWriter(client("dynamodb"), table, SHARDS, payloads, lambda: stored_at)
        assert not writer.put(list(records))

    def add(*records: EventRecord) -> None:
        """Write each record when it is received."""
        by_time = sorted(records, key=attrgetter("received_at"))
        for received_at, batch in groupby(by_time, attrgetter("received_at")):
            write(batch, received_at)

    reader = DynamoEventReader(
        client("dynamodb"), conf.events_table, SHARDS, payloads, sleep, now=lambda: NOW_MS / 1000
    )
    return Subject(reader, reader, add, lambda: inject_fault(0, Fault.REFUSED))


@pytest.fixture
def moto(aws: object) -> Subject:
    return _moto()


def some_records() -> list[EventRecord]:
    return [
        make_event_record(
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
            targets=[{"type": "team", "id": ["g", "7", "7#"][at % 3]} for at in range(number % 4)],
            onBehalfOf=[None, {"userId": "ada"}, {"userId": "ad"}][number % 3],
        )
        for number in range(40)
    ]


def partitions() -> list[tuple[Index, str]]:
    """Return the partitions of the records, and partitions with similar keys."""
    ways = [
        *(
            (Index.USER, keys.make_user_key("acme", user))
            for user in ("ada", "ada#1", "ad", "é/#", "a")
        ),
        *(
            (Index.RESOURCE, keys.make_resource_key("acme", "session", resource_id))
            for resource_id in ("g", "g#1", "1")
        ),
        (Index.RESOURCE, keys.make_resource_key("acme", "sessio", "n")),
        *(
            (Index.REFERENCES, keys.make_target_key("acme", "team", target))
            for target in ("g", "7", "7#", "")
        ),
        *((Index.REFERENCES, keys.make_behalf_key("acme", user)) for user in ("ada", "ad", "a")),
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


def load_ids(
    reader: EventReader, rows: Sequence[Row], matches: EventTest = accept_event
) -> list[str | None]:
    """Return the ids of the events of these rows, None for one that is skipped."""
    return [
        None if isinstance(event, SkippedEvent) else event.id
        for event in reader.load("default", rows, matches)
    ]


@pytest.mark.parametrize("descending", [True, False])
def test_every_partition_has_exactly_its_rows(subject: Subject, descending: bool) -> None:
    records = some_records()
    subject.add(*records)
    twin = FakeEvents(records, SHARDS)
    for way in partitions():
        rows = list(read(subject.reader, way, EVERYTHING, descending=descending, limit=3))
        expected = twin.read_rows(*way, EVERYTHING, descending=descending, limit=1_000).rows
        assert [replace(row, size=0, source=None) for row in rows] == [
            replace(row, size=0, source=None) for row in expected
        ]


def test_an_id_range_includes_both_ends(subject: Subject) -> None:
    records = [
        make_event_record(eventId=f"e-{n}", timestamp=format_timestamp(NOW_MS + n), userId="ada")
        for n in range(5)
    ]
    subject.add(*records)
    span = IdRange(records[1].id, records[3].id)
    way = (Index.USER, keys.make_user_key("default", "ada"))
    rows = list(read(subject.reader, way, span, descending=False, limit=10))
    assert [row.id for row in rows] == [record.id for record in records[1:4]]


@pytest.mark.parametrize("index", [Index.BASE, Index.FAILURE])
def test_the_events_of_rows_are_loaded_in_order(subject: Subject, index: Index) -> None:
    records = [make_event_record(eventId=f"e-{number}", success=False) for number in range(120)]
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
    by_id = {record.id: record for record in records}
    events = list(subject.reader.load("default", rows))
    assert len(events) == 120
    for row, event in zip(rows, events, strict=True):
        record = by_id[row.id]
        assert isinstance(event, StoredEvent)
        assert event.id == record.id
        assert event.canonical == record.canonical
        assert event.digest == record.digest
        assert event.received_at == record.received_at


@pytest.mark.parametrize("size", [10, 3_000, 1_000_000])
def test_payloads_are_the_same_from_the_table_and_from_s3(subject: Subject, size: int) -> None:
    record = make_event_record(
        details={"text": Random(7).randbytes(size // 2).hex(), "float": 1e-7}
    )
    subject.add(record)
    event = subject.reader.get("default", record.id)
    assert event is not None
    assert event.canonical == record.canonical


def test_a_missing_event_is_skipped(subject: Subject) -> None:
    stored, gone = make_event_record(eventId="e-1"), make_event_record(eventId="e-2")
    subject.add(stored)
    rows = [
        Row(
            record.id,
            "default",
            record.action,
            record.resource_type,
            record.resource_id,
            success=True,
        )
        for record in (gone, stored)
    ]
    assert load_ids(subject.reader, rows) == [None, stored.id]
    assert subject.reader.get("default", gone.id) is None


@pytest.mark.parametrize("index", [Index.BASE, Index.FAILURE])
def test_an_expired_event_is_missing_before_dynamodb_removes_it(
    subject: Subject, index: Index
) -> None:
    expired, kept = (
        make_event_record(
            eventId=f"e-{age}", success=False, received_at=NOW_MS - age, retention_days=1
        )
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
    assert sorted(map(str, load_ids(subject.reader, rows))) == [kept.id, "None"]
    [row] = (row for row in rows if row.id == expired.id)
    assert list(subject.reader.load("default", [row])) == [SkippedEvent(len(expired.canonical))]
    assert subject.reader.get("default", expired.id) is None
    assert subject.reader.get("default", kept.id) is not None


@pytest.mark.parametrize("tenant", ["acme", "Default", "defaul", "default2"])
def test_another_tenant_cannot_read_an_event_by_its_id(subject: Subject, tenant: str) -> None:
    record = make_event_record()
    subject.add(record)
    row = Row(
        record.id, tenant, record.action, record.resource_type, record.resource_id, success=True
    )
    assert subject.reader.get(tenant, record.id) is None
    assert list(subject.reader.load(tenant, [row])) == [SkippedEvent()]


def test_events_are_found_by_tenant_and_id_in_order(subject: Subject) -> None:
    records = [
        make_event_record(
            eventId=f"e-{n}", tenantId=("acme", "globex")[n % 2], details={"x": "y" * n}
        )
        for n in range(230)
    ]
    ended = make_event_record(retention_days=1, received_at=NOW_MS - 2 * DAY_MS, eventId="ended")
    subject.add(*records, ended)
    addresses = [(record.tenant_id, record.id) for record in records]
    addresses.insert(7, ("globex", records[0].id))
    addresses.insert(120, (ended.tenant_id, ended.id))
    addresses += addresses[:3]
    found = subject.lookup.get_many(addresses)
    expected: list[str | None] = [record.id for record in records]
    expected.insert(7, None)
    expected.insert(120, None)
    expected += expected[:3]
    assert [event.id if event else None for event in found] == expected
    contents = {record.id: record.canonical for record in records}
    events = [event for event in found if event]
    assert all(isinstance(event, StoredEvent) for event in events)
    assert all(
        event.canonical == contents[event.id] for event in events if isinstance(event, StoredEvent)
    )
    assert list(subject.lookup.get_many([])) == []


def test_a_fault_is_an_error_and_not_an_empty_result(subject: Subject) -> None:
    record = make_event_record()
    row = Row(
        record.id, "default", record.action, record.resource_type, record.resource_id, success=True
    )
    way = (Index.BASE, keys.make_base_key("default", 0))
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.reader.read_rows(*way, EVERYTHING, descending=True, limit=1)
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.reader.get("default", record.id)
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        list(subject.reader.load("default", [row]))
    with subject.unavailable(), pytest.raises(StoreUnavailableError):
        subject.lookup.get_many([("default", record.id)])


class UnprocessedKeys:
    """Makes BatchGetItem process only the first keys of each call: `share` says how many."""

    def __init__(self, share: Callable[[int], int]) -> None:
        self._share = share
        self.calls = 0

    def __enter__(self) -> "UnprocessedKeys":
        original = BaseClient._make_api_call  # type: ignore[attr-defined]

        def make_api_call(this: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
            if operation != "BatchGetItem":
                return original(this, operation, parameters)
            self.calls += 1
            [(table, request)] = parameters["RequestItems"].items()
            wanted = request["Keys"]
            taken = self._share(len(wanted))
            answer: dict[str, Any] = {"Responses": {table: []}}
            if taken:
                some = {**request, "Keys": wanted[:taken]}
                answer = original(this, operation, {"RequestItems": {table: some}})
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


def test_unprocessed_keys_are_requested_again(moto: Subject) -> None:
    records = [make_event_record(eventId=f"e-{number}", success=False) for number in range(30)]
    moto.add(*records)
    rows = _failures(moto.reader)
    with UnprocessedKeys(lambda count: (count + 1) // 2) as batches:
        events = list(moto.reader.load("default", rows))
        found = moto.lookup.get_many([("default", row.id) for row in rows])
    assert [event.id for event in found if event] == [row.id for row in rows]
    assert list(found) == events
    assert batches.calls > 6


def test_keys_that_stay_unprocessed_are_an_error(aws: object) -> None:
    waits: list[float] = []
    moto = _moto(waits.append)
    moto.add(*[make_event_record(eventId=f"e-{number}", success=False) for number in range(3)])
    rows = _failures(moto.reader)
    with UnprocessedKeys(lambda _: 0) as batches, pytest.raises(StoreUnavailableError):
        list(moto.reader.load("default", rows))
    assert batches.calls == MAX_IDLE_ATTEMPTS
    assert waits == sorted(waits)
    assert sum(waits) < 5


def test_a_refused_read_is_not_retryable(aws: object) -> None:
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    reader = DynamoEventReader(client("dynamodb"), "no-such-table", SHARDS, payloads)
    with pytest.raises(StoreRejectedError):
        reader.get("default", make_event_record().id)


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
def test_an_item_without_a_valid_event_is_corrupt(
    moto: Subject, attribute: str, value: Any
) -> None:
    record = make_event_record()
    moto.add(record)
    table = get_settings().events_table
    [item] = client("dynamodb").scan(TableName=table)["Items"]
    changed = {**item, attribute: value}
    client("dynamodb").put_item(
        TableName=table, Item={name: held for name, held in changed.items() if held is not None}
    )
    with pytest.raises(CorruptRecordError) as caught:
        moto.reader.get("default", record.id)
    [row] = moto.reader.read_rows(
        Index.RESOURCE, item["resourceKey"]["S"], EVERYTHING, descending=True, limit=1
    ).rows
    unreadable = UnreadableEvent(record.id, str(caught.value))
    assert list(moto.reader.load("default", [row])) == [unreadable]
    other = make_event_record(eventId="other")
    moto.add(other)
    found = moto.lookup.get_many([("default", record.id), ("default", other.id)])
    assert found[0] == unreadable
    assert isinstance(found[1], StoredEvent)


@pytest.mark.parametrize("attribute", [keys.ACTION_KEY, keys.RESOURCE_KEY])
def test_an_item_without_its_keys_is_corrupt(moto: Subject, attribute: str) -> None:
    record = make_event_record(userId="ada")
    moto.add(record)
    table = get_settings().events_table
    [item] = client("dynamodb").scan(TableName=table)["Items"]
    del item[attribute]
    client("dynamodb").put_item(TableName=table, Item=item)
    way = (Index.USER, keys.make_user_key("default", "ada"))
    [row] = moto.reader.read_rows(*way, EVERYTHING, descending=True, limit=1).rows
    assert (row.id, row.problem) == (record.id, "the item lacks the keys of an event")
    problem = "the item lacks the keys of an event"
    assert list(moto.reader.load("default", [row])) == [UnreadableEvent(record.id, problem)]


def test_a_damaged_reference_is_a_row_of_its_event(moto: Subject) -> None:
    record = make_event_record(targets=[{"type": "team", "id": "7"}])
    moto.add(record)
    partition = keys.make_target_key("default", "team", "7")
    table = get_settings().events_table
    key = {"pk": {"S": partition}, "id": {"S": record.id}}
    client("dynamodb").put_item(TableName=table, Item={**key, "action": {"N": "1"}})
    way = (Index.REFERENCES, partition)
    [row] = moto.reader.read_rows(*way, EVERYTHING, descending=True, limit=9).rows
    assert (row.id, row.is_reference, row.problem) == (
        record.id,
        True,
        "the item lacks the keys of an event",
    )
    [event] = moto.reader.load("default", [row])
    assert isinstance(event, StoredEvent)
    assert event.canonical == record.canonical


@pytest.mark.parametrize("index", [Index.BASE, Index.FAILURE, Index.REFERENCES])
@pytest.mark.parametrize("size", [10, 900_000])
def test_an_event_that_does_not_match_is_skipped_whatever_found_it(
    subject: Subject, index: Index, size: int
) -> None:
    """The test gets the event's own fields, from the row, by key or from S3."""
    text = Random(7).randbytes(size // 2).hex()
    records = [
        make_event_record(
            eventId=f"e-{n}",
            success=False,
            actorType=["user", "agent", None][n],
            targets=[{"type": "team", "id": "7"}],
            details={"text": text},
        )
        for n in range(3)
    ]
    subject.add(*records)
    partitions = (
        [keys.make_target_key("default", "team", "7")]
        if index is Index.REFERENCES
        else [keys.make_base_key("default", shard) for shard in range(SHARDS)]
    )
    rows = [
        row
        for partition in partitions
        for row in read(
            subject.reader, (index, partition), EVERYTHING, descending=True, limit=1_000
        )
    ]
    events = list(
        subject.reader.load("default", rows, lambda event: event.get("actorType") == "agent")
    )
    by_id = {record.id: record for record in records}
    assert len(rows) == 3
    for row, event in zip(rows, events, strict=True):
        if row.id == records[1].id:
            assert isinstance(event, StoredEvent)
            assert event.canonical == records[1].canonical
        else:
            assert event == SkippedEvent(len(by_id[row.id].canonical))


def test_a_skipped_event_of_an_index_is_read_once_and_one_of_the_table_not_again(
    moto: Subject,
) -> None:
    records = [make_event_record(eventId=f"e-{n}", success=False) for n in range(5)]
    moto.add(*records)
    for index, calls_expected in ((Index.BASE, []), (Index.FAILURE, ["BatchGetItem"])):
        rows = [
            row
            for shard in range(SHARDS)
            for row in read(
                moto.reader,
                (index, keys.make_base_key("default", shard)),
                EVERYTHING,
                descending=True,
                limit=9,
            )
        ]
        with inject_fault() as calls:
            assert load_ids(moto.reader, rows, lambda _: False) == [None] * 5
        assert calls == calls_expected


def test_a_damaged_item_is_reported_whatever_is_asked_for(moto: Subject) -> None:
    records = [make_event_record(eventId=f"e-{n}", success=False) for n in range(3)]
    moto.add(*records)
    table = get_settings().events_table
    items = client("dynamodb").scan(TableName=table)["Items"]
    [payload] = [item for item in items if item[keys.ID]["S"] == records[0].id]
    [key] = [item for item in items if item[keys.ID]["S"] == records[1].id]
    client("dynamodb").put_item(TableName=table, Item={**payload, keys.EVENT: {"B": b"no zlib"}})
    client("dynamodb").put_item(TableName=table, Item={**key, keys.ACTION_KEY: {"S": "x"}})
    rows = _failures(moto.reader)
    loaded = moto.reader.load("default", rows, lambda _: False)
    kinds = {row.id: type(event) for row, event in zip(rows, loaded, strict=True)}
    expected = [UnreadableEvent, UnreadableEvent, SkippedEvent]
    assert [kinds[record.id] for record in records] == expected
