"""The promises of `RemovableEvents`, tested on the fake and on DynamoDB with S3."""

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

import pytest

from prooftrail.aws.cleanup import DynamoRemovableEvents
from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.references import is_reference
from prooftrail.errors import StoreRejectedError, StoreUnavailableError
from prooftrail.event.record import EventRecord
from prooftrail.event.references import find_reference_keys
from prooftrail.event.times import format_timestamp
from prooftrail.operate.cleanup import RemovableEvents
from prooftrail.operate.removal import RemovableEvent
from prooftrail.query import rows as rows_module
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryStoredEvents, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, Fault, inject_fault
from tests.support.samples import NOW_MS, make_event_record, make_order_record

TOO_LARGE_FOR_AN_ITEM = b64encode(Random(1).randbytes(600_000)).decode()


@dataclass(frozen=True)
class Subject:
    """Stored events, a way to add some, their references, and a way to make the next call fail."""

    stored: RemovableEvents
    add: Callable[..., None]
    references: Callable[[], set[tuple[str, str]]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]

    def ids(self, tenant_id: str = "acme", before_ms: int = NOW_MS) -> list[str]:
        return sorted(event.id for event in self.stored.read_before(tenant_id, before_ms))


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    request.getfixturevalue("aws")
    return Subject(
        on_aws(), _put, _references, lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment])
    )


def _memory() -> Subject:
    on_demand = OnDemand()
    memory = MemoryStoredEvents(on_demand)

    def add(*records: EventRecord) -> None:
        for record in records:
            references = find_reference_keys(json.loads(record.canonical))
            event = RemovableEvent(record.id, record.action, references=references)
            memory.add(record.tenant_id, event)

    return Subject(memory, add, lambda: memory.references, on_demand.fail_next_call)


def on_aws() -> DynamoRemovableEvents:
    conf = get_settings()
    return DynamoRemovableEvents(
        client("dynamodb"),
        conf.events_table,
        conf.shard_count,
        lambda: client("s3"),
        conf.overflow_bucket,
        sleep=lambda _: None,
    )


def _put(*records: EventRecord) -> None:
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads)
    assert not writer.put(records)


def _references() -> set[tuple[str, str]]:
    items = client("dynamodb").scan(TableName=get_settings().events_table)["Items"]
    return {(item["pk"]["S"], item["id"]["S"]) for item in items if is_reference(item)}


def records(count: int, **fields: Any) -> list[EventRecord]:
    """Return `count` events, one for each minute before now."""
    times = [format_timestamp(NOW_MS - 60_000 * (n + 1)) for n in range(count)]
    return [make_event_record(tenantId="acme", timestamp=time, **fields) for time in times]


def ids_of(events: list[EventRecord]) -> list[str]:
    return sorted(event.id for event in events)


@pytest.mark.parametrize("page", [1, 7, 1_000])
def test_every_older_event_of_the_tenant_is_listed_once(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    monkeypatch.setattr(rows_module, "ROWS_PER_READ", page)
    events = records(30)
    subject.add(*events, make_event_record(tenantId="acme.eu"), make_event_record(tenantId="other"))
    assert subject.ids() == ids_of(events)
    assert subject.ids(before_ms=NOW_MS - 10 * 60_000) == ids_of(events[10:])
    assert subject.ids(before_ms=NOW_MS - 10 * 60_000 + 1) == ids_of(events[9:])
    assert subject.ids(before_ms=0) == []
    assert subject.ids("nobody") == []


def test_an_event_has_its_action(subject: Subject) -> None:
    login, report = records(1)[0], records(1, action="code.report")[0]
    subject.add(login, report)
    found = {event.id: event.action for event in subject.stored.read_before("acme", NOW_MS)}
    assert found == {login.id: "user.login", report.id: "code.report"}


def test_only_the_given_events_are_removed(subject: Subject) -> None:
    events = records(60)
    subject.add(*events, make_event_record(tenantId="other"))
    found = {event.id: event for event in subject.stored.read_before("acme", NOW_MS)}
    going = [found[event.id] for event in events[:55]]
    for _ in range(2):  # the second time changes nothing
        subject.stored.remove("acme", going)
        assert subject.ids() == ids_of(events[55:])
    subject.stored.remove("other", going)
    assert len(subject.ids("other", NOW_MS + 1)) == 1
    subject.stored.remove("acme", [])


TARGETS = [{"type": "team", "id": str(number)} for number in range(20)]


def test_references_are_removed_with_their_event(subject: Subject) -> None:
    events = records(3, targets=TARGETS, onBehalfOf={"userId": "ada"})
    subject.add(*events)
    assert len(subject.references()) == 3 * 21
    assert subject.ids() == ids_of(events)
    going = [
        event for event in subject.stored.read_before("acme", NOW_MS) if event.id != events[0].id
    ]
    for _ in range(2):
        subject.stored.remove("acme", going)
        assert subject.ids() == [events[0].id]
        assert {event_id for _, event_id in subject.references()} == {events[0].id}
        assert len(subject.references()) == 21


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a_failed_removal_can_be_repeated(subject: Subject, moment: Moment) -> None:
    events = records(10)
    subject.add(*events)
    found = list(subject.stored.read_before("acme", NOW_MS))
    with subject.fail_next_call(moment), pytest.raises(StoreUnavailableError):
        subject.stored.remove("acme", found)
    assert subject.ids() == ([] if moment is Moment.AFTER else ids_of(events))
    subject.stored.remove("acme", found)
    assert subject.ids() == []


# Only on DynamoDB and S3


@pytest.mark.usefixtures("aws")
def test_unprocessed_requests_are_sent_again() -> None:
    _put(*records(10))
    stored = on_aws()
    found = list(stored.read_before("acme", NOW_MS))
    with inject_fault(0, Fault.HALF_DONE) as calls:
        stored.remove("acme", found)
    assert calls == ["BatchWriteItem", "BatchWriteItem"]
    assert not list(stored.read_before("acme", NOW_MS))


@pytest.mark.usefixtures("aws")
def test_the_attempts_are_limited() -> None:
    _put(*records(3))
    stored = on_aws()
    found = list(stored.read_before("acme", NOW_MS))
    left = [{"DeleteRequest": {"Key": {"id": {"S": event.id}}}} for event in found]
    answer = {"UnprocessedItems": {get_settings().events_table: left}}
    _answer("dynamodb", "BatchWriteItem", answer)
    with pytest.raises(StoreUnavailableError, match="DynamoDB left requests unprocessed"):
        stored.remove("acme", found)


class _Answered:
    status_code = 200


def _answer(service: Literal["dynamodb", "s3"], operation: str, content: object) -> None:
    """Return this content for the operation from now on, without a request."""
    answer: Any = lambda **_: (_Answered(), content)  # noqa: E731  # of a type that botocore hides
    client(service).meta.events.register(f"before-call.{service}.{operation}", answer)


def _versions(key: str) -> int:
    answer = client("s3").list_object_versions(Bucket=get_settings().overflow_bucket, Prefix=key)
    return len([*answer.get("Versions", []), *answer.get("DeleteMarkers", [])])


@pytest.mark.usefixtures("aws")
def test_every_version_of_a_payload_is_removed() -> None:
    bucket = get_settings().overflow_bucket
    client("s3").put_bucket_versioning(  # as in the template; moto's CloudFormation leaves it out
        Bucket=bucket, VersioningConfiguration={"Status": "Enabled"}
    )
    large = make_event_record(tenantId="acme", details={"text": TOO_LARGE_FOR_AN_ITEM})
    _put(large)
    _put(large)
    [event] = on_aws().read_before("acme", NOW_MS + 1)
    assert (event.action, event.problem) == ("user.login", None)
    assert event.payload_key is not None
    client("s3").delete_object(Bucket=bucket, Key=event.payload_key)
    longer = f"{event.payload_key}0"
    client("s3").put_object(Bucket=bucket, Key=longer, Body=b"another")
    assert _versions(event.payload_key) == 4
    on_aws().remove("acme", [event])
    assert _versions(event.payload_key) == _versions(longer) == 1
    assert not list(on_aws().read_before("acme", NOW_MS + 1))


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("nth", range(5))
@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.RESPONSE_LOST])
def test_an_event_stays_if_its_payload_or_a_reference_stays(nth: int, fault: Fault) -> None:
    large = {"text": TOO_LARGE_FOR_AN_ITEM}
    _put(make_event_record(tenantId="acme", details=large, targets=TARGETS))
    stored = on_aws()
    [event] = stored.read_before("acme", NOW_MS + 1)
    with inject_fault(nth, fault) as calls, pytest.raises(StoreUnavailableError):
        stored.remove("acme", [event])
    expected = ["GetObject", "BatchWriteItem", "ListObjectVersions", "DeleteObjects"]
    assert calls == [*expected, "BatchWriteItem"][: nth + 1]
    assert event.payload_key is not None
    has_item = bool(list(stored.read_before("acme", NOW_MS + 1)))
    assert has_item or not _versions(event.payload_key)
    assert _versions(event.payload_key) or not _references()
    stored.remove("acme", [event])
    assert not _versions(event.payload_key)
    assert not _references()
    assert not list(stored.read_before("acme", NOW_MS + 1))


@pytest.mark.usefixtures("aws")
def test_a_version_that_s3_does_not_delete_is_an_error() -> None:
    _put(make_event_record(tenantId="acme", details={"text": TOO_LARGE_FOR_AN_ITEM}))
    stored = on_aws()
    [event] = stored.read_before("acme", NOW_MS + 1)
    assert event.payload_key is not None
    refusal = {"Errors": [{"Key": event.payload_key, "Code": "AccessDenied", "Message": "no"}]}
    _answer("s3", "DeleteObjects", refusal)
    with pytest.raises(StoreRejectedError, match="AccessDenied at DeleteObjects"):
        stored.remove("acme", [event])
    assert list(stored.read_before("acme", NOW_MS + 1)) == [event]


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(
    "damage",
    [
        {"userKey": {"S": "acme#someone"}},
        {"event": {"S": "{}"}},
        {"event": {"B": b"no zlib"}},
        {"actionKey": {"S": "no keys"}},
    ],
)
def test_a_damaged_item_is_listed_with_its_problem(damage: dict[str, Any]) -> None:
    sound, broken = records(2)
    _put(sound, broken)
    table = client("dynamodb").scan(TableName=get_settings().events_table)["Items"]
    [item] = [item for item in table if item["id"]["S"] == broken.id]
    client("dynamodb").put_item(TableName=get_settings().events_table, Item={**item, **damage})
    found = {event.id: event.problem for event in on_aws().read_before("acme", NOW_MS)}
    assert found[sound.id] is None
    assert found[broken.id]


@pytest.mark.usefixtures("aws")
def test_a_removal_order_has_its_action() -> None:
    _put(make_order_record(*ids_of(records(3)), tenant_id="acme"))
    [event] = on_aws().read_before("acme", NOW_MS + 1)
    assert event.action == "audit.cleanup"
