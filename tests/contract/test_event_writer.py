"""The promises of `EventWriter`, tested on the fake and on DynamoDB."""

from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.item import load_canonical
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.references import encode_references, is_reference
from prooftrail.errors import ContentRejectedError, StoreUnavailableError
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS
from prooftrail.intake.ports import EventWriter
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryEventWriter, MemoryPayloadStore, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, Fault, inject_fault
from tests.support.samples import NOW_MS, make_event_record


@dataclass(frozen=True)
class Subject:
    """A writer, the stored canonical bytes by tenant and id, and a way to make one call fail."""

    writer: EventWriter
    stored: Callable[[], Mapping[tuple[str, str], bytes]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    request.getfixturevalue("aws")
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return Subject(
        DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads),
        lambda: dict(_items(payloads)),
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def _memory() -> Subject:
    on_demand = OnDemand()
    writer = MemoryEventWriter(on_demand)
    return Subject(
        writer,
        lambda: {address: record.canonical for address, record in writer.records.items()},
        on_demand.fail_next_call,
    )


def _items(payloads: S3PayloadStore) -> Iterator[tuple[tuple[str, str], bytes]]:
    for item in _scan():
        if not is_reference(item):
            tenant = item["pk"]["S"].rpartition("#")[0]
            yield (tenant, item["id"]["S"]), load_canonical(item, payloads)


def _scan() -> list[dict[str, Any]]:
    return list(client("dynamodb").scan(TableName=get_settings().events_table)["Items"])


def _reference_keys() -> Counter[tuple[str, str]]:
    return Counter((item["id"]["S"], item["pk"]["S"]) for item in _scan() if is_reference(item))


def _records(count: int) -> list[EventRecord]:
    return [make_event_record(eventId=str(n), tenantId=f"t{n % 3}") for n in range(count)]


def _contents(records: Sequence[EventRecord]) -> dict[tuple[str, str], bytes]:
    return {(record.tenant_id, record.id): record.canonical for record in records}


@pytest.mark.parametrize("count", [0, 1, 25, 26, 60])
def test_what_is_not_reported_as_failed_is_stored(subject: Subject, count: int) -> None:
    records = _records(count)
    assert not subject.writer.put(records)
    assert subject.stored() == _contents(records)


def test_a_record_put_again_changes_nothing(subject: Subject) -> None:
    records = _records(30)
    subject.writer.put(records)
    assert not subject.writer.put(records[10:])
    assert subject.stored() == _contents(records)


@pytest.mark.usefixtures("aws")
def test_an_item_says_when_it_was_written_last() -> None:
    conf, clock = get_settings(), iter([NOW_MS + 1, NOW_MS + 2, NOW_MS + 3])
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(
        client("dynamodb"), conf.events_table, conf.shard_count, payloads, lambda: next(clock)
    )
    writer.put([make_event_record(), make_event_record(eventId="e-2")])
    writer.put([make_event_record()])
    items = client("dynamodb").scan(TableName=conf.events_table)["Items"]
    assert {item["receivedAt"]["N"] for item in items} == {str(NOW_MS)}
    assert {int(item["storedAt"]["N"]) - NOW_MS for item in items} == {2, 3}


@pytest.mark.usefixtures("aws")
def test_an_event_is_kept_for_the_retention_since_it_was_written_last() -> None:
    """Also if the message that is processed last is the older one."""
    conf, clock = get_settings(), iter([NOW_MS, NOW_MS + DAY_MS])
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(
        client("dynamodb"), conf.events_table, conf.shard_count, payloads, lambda: next(clock)
    )
    expiries = []
    for received_at in (NOW_MS, NOW_MS - 10 * DAY_MS):
        writer.put([make_event_record(received_at=received_at, retention_days=7)])
        [item] = client("dynamodb").scan(TableName=conf.events_table)["Items"]
        expiries.append(int(item["expiresAt"]["N"]) - NOW_MS // 1000)
    assert expiries == [7 * 86_400, 8 * 86_400]


@pytest.mark.usefixtures("aws")
def test_a_payload_is_uploaded_after_the_time_from_which_its_event_is_kept() -> None:
    """The bucket's rule counts from the upload: the payload must not end before its event."""
    conf, steps = get_settings(), list[str]()

    class Payloads(MemoryPayloadStore):
        def save(self, digest: bytes, payload: bytes) -> str:
            steps.append("upload")
            return super().save(digest, payload)

    def read_clock() -> int:
        steps.append("time")
        return NOW_MS

    writer = DynamoEventWriter(
        client("dynamodb"), conf.events_table, conf.shard_count, Payloads(), read_clock
    )
    large = make_event_record(details={"text": b64encode(Random(1).randbytes(600_000)).decode()})
    for _ in range(2):
        assert not writer.put([large])
    assert steps == ["time", "upload"] * 2


def test_a_record_put_again_later_is_the_same_event(subject: Subject) -> None:
    subject.writer.put([make_event_record()])
    subject.writer.put([make_event_record(received_at=NOW_MS + 5_000, retention_days=7)])
    assert subject.stored() == _contents([make_event_record()])


@pytest.mark.parametrize("moment", Moment)
def test_a_fault_reports_every_record_that_may_not_be_stored(
    subject: Subject, moment: Moment
) -> None:
    records = _records(20)
    with subject.fail_next_call(moment):
        faults = subject.writer.put(records)
    assert faults
    assert all(isinstance(error, StoreUnavailableError) for error in faults.values())
    durable = [record for at, record in enumerate(records) if at not in faults]
    assert _contents(durable).items() <= subject.stored().items()
    kept = {Moment.BEFORE: 0, Moment.DURING: 10, Moment.AFTER: 20}[moment]
    assert len(subject.stored()) == kept
    assert not subject.writer.put([records[at] for at in faults])
    assert subject.stored() == _contents(records)


def test_payloads_of_every_size_are_read_as_they_were_written(subject: Subject) -> None:
    incompressible = b64encode(Random(1).randbytes(600_000)).decode()
    sizes = (0, 500, 2_000, 300_000, 800_000)
    texts = [incompressible[:size] for size in sizes] + ["x" * 500_000, "é\U0001f600" * 9]
    records = [make_event_record(details={"text": text}) for text in texts]
    assert not subject.writer.put(records)
    assert subject.stored() == _contents(records)


# References, only on DynamoDB


def _on_aws() -> DynamoEventWriter:
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    return DynamoEventWriter(client("dynamodb"), conf.events_table, conf.shard_count, payloads)


def _records_with_targets(*target_counts: int) -> list[EventRecord]:
    return [
        make_event_record(
            eventId=f"e-{at}",
            targets=[{"type": "team", "id": str(number)} for number in range(count)],
            onBehalfOf={"userId": "ada"} if at % 2 else None,
        )
        for at, count in enumerate(target_counts)
    ]


def _expected_references(records: Sequence[EventRecord]) -> Counter[tuple[str, str]]:
    return Counter(
        (record.id, item["pk"]["S"])
        for record in records
        for item in encode_references(record, {"storedAt": {"N": "1"}})
    )


@pytest.mark.usefixtures("aws")
def test_an_event_has_a_reference_for_each_target_and_its_represented_user() -> None:
    records = _records_with_targets(0, 20, 3, 0, 1, 20, 20, 0, 20, 7)
    for _ in range(2):  # the second time changes nothing
        assert not _on_aws().put(records)
        assert _reference_keys() == _expected_references(records)
        assert len(_scan()) == len(records) + _expected_references(records).total()


@pytest.mark.usefixtures("aws")
def test_an_event_without_targets_is_written_as_before() -> None:
    with inject_fault() as calls:
        _on_aws().put(_records(26))
    assert calls == ["BatchWriteItem"] * 2
    assert not _reference_keys()


@pytest.mark.usefixtures("aws")
def test_references_fill_requests_across_events() -> None:
    records = _records_with_targets(*[4] * 50)  # 225 references
    with inject_fault() as calls:
        assert not _on_aws().put(records)
    assert calls == ["BatchWriteItem"] * (9 + 2)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.HALF_DONE, Fault.RESPONSE_LOST])
@pytest.mark.parametrize("nth", range(5))
def test_a_stored_event_has_all_its_references_whatever_fails(nth: int, fault: Fault) -> None:
    records = _records_with_targets(20, 0, 3, 20, 1, 9, 0, 20)  # four requests and one of events
    with inject_fault(nth, fault) as calls:
        faults = _on_aws().put(records)
    assert len(calls) > nth
    assert faults
    stored = {item["id"]["S"] for item in _scan() if not is_reference(item)}
    held = [record for record in records if record.id in stored]
    assert _expected_references(held) <= _reference_keys()
    assert {record.id for at, record in enumerate(records) if at not in faults} <= stored
    assert not _on_aws().put(records)
    assert _reference_keys() == _expected_references(records)


@pytest.mark.usefixtures("aws")
def test_a_refused_reference_keeps_only_its_own_event_out(monkeypatch: pytest.MonkeyPatch) -> None:
    records = _records_with_targets(3, 4, 3)
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        [requests] = parameters["RequestItems"].values()
        if any(each["PutRequest"]["Item"]["pk"]["S"].endswith("#team#3") for each in requests):
            raise ClientError(
                {"Error": {"Code": "ValidationException", "Message": "injected"}}, operation
            )
        return original(this, operation, parameters)

    with monkeypatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", make_api_call)
        faults = _on_aws().put(records)
    assert [(at, type(error)) for at, error in faults.items()] == [(1, ContentRejectedError)]
    stored = {item["id"]["S"] for item in _scan() if not is_reference(item)}
    assert stored == {records[0].id, records[2].id}


@pytest.mark.usefixtures("aws")
def test_a_reference_has_the_times_of_its_event() -> None:
    clock = iter([NOW_MS + 1, NOW_MS + 2])
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    writer = DynamoEventWriter(
        client("dynamodb"), conf.events_table, conf.shard_count, payloads, lambda: next(clock)
    )
    record = make_event_record(targets=[{"type": "team", "id": "7"}], retention_days=30)
    for put in (1, 2):
        writer.put([record])
        event, reference = sorted(_scan(), key=is_reference)
        assert reference["storedAt"] == event["storedAt"] == {"N": str(NOW_MS + put)}
        assert reference["expiresAt"] == event["expiresAt"]
