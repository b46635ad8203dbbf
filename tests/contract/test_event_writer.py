"""The promises of `EventWriter`, tested on the fake and on DynamoDB."""

from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from random import Random

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.item import load_canonical
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.errors import StoreUnavailableError
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS
from prooftrail.intake.ports import EventWriter
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryEventWriter, MemoryPayloadStore, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault
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
    for item in client("dynamodb").scan(TableName=get_settings().events_table)["Items"]:
        tenant = item["pk"]["S"].rpartition("#")[0]
        yield (tenant, item["id"]["S"]), load_canonical(item, payloads)


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
