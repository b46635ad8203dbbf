"""The ledger's log on DynamoDB when the table fails or holds damaged items."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.dynamodb import MAX_IDLE_ATTEMPTS, MAX_WRITES
from prooftrail.aws.log import DynamoLog
from prooftrail.errors import (
    CorruptRecordError,
    InconsistentLogError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.event import keys
from prooftrail.event.canonical import compute_digest
from prooftrail.event.times import HOUR_MS
from prooftrail.ledger.entry import LoggedEvent, pack_rows
from prooftrail.runtime.config import get_settings
from tests.support.faults import Fault, inject_fault
from tests.support.log_fakes import make_logged_events, make_publication
from tests.support.samples import NOW_MS

EVENTS = make_logged_events(12)
HOUR = "positions#2025-11-24T16"

READS: dict[str, Callable[[DynamoLog], object]] = {
    "head": DynamoLog.read_head,
    "publication": DynamoLog.read_publication,
    "segments": lambda log: list(log.read_segments(0, 12)),
    "positions": lambda log: log.find_positions(EVENTS[0].id, EVENTS[0].digest),
}


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def log(aws: Stack, waits: list[float]) -> DynamoLog:
    """A log of four commits of three events, with their positions."""
    log = DynamoLog(client("dynamodb"), get_settings().ledger_table, waits.append)
    for start in range(0, 12, 3):
        partition, sort = keys.make_log_key(start)
        put(partition, sort, rows={"B": pack_rows(EVENTS[start : start + 3])})
    log.record_positions(EVENTS, 0)
    return log


def put(partition: str, sort: str, **attributes: Any) -> None:
    """Write an item of the ledger directly."""
    item = {"pk": {"S": partition}, "sk": {"S": sort}, **attributes}
    client("dynamodb").put_item(TableName=get_settings().ledger_table, Item=item)


def remove(partition: str, sort: str) -> None:
    """Remove an item of the ledger."""
    client("dynamodb").delete_item(
        TableName=get_settings().ledger_table, Key={"pk": {"S": partition}, "sk": {"S": sort}}
    )


@contextmanager
def requests_seen(
    *, is_nothing_processed: bool = False
) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Yield the requests that are made. Optionally leave every batch unprocessed."""
    seen: list[tuple[str, dict[str, Any]]] = []
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> object:
        seen.append((operation, parameters))
        if is_nothing_processed and operation == "BatchWriteItem":
            return {"UnprocessedItems": parameters["RequestItems"]}
        return original(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield seen


def of_hours(count: int) -> list[LoggedEvent]:
    """Return one event for each of `count` hours, none of them in the log."""
    return [
        LoggedEvent(NOW_MS - HOUR_MS * (1 + n), compute_digest(b"hour %d" % n))
        for n in range(count)
    ]


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_failed_read_can_be_repeated(log: DynamoLog, read: Callable[[DynamoLog], object]) -> None:
    with inject_fault() as calls:
        expected = read(log)
    assert calls
    for nth in range(len(calls)):
        for fault in (Fault.REFUSED, Fault.HALF_DONE, Fault.RESPONSE_LOST):
            with inject_fault(nth, fault), pytest.raises(StoreUnavailableError):
                read(log)
    assert read(log) == expected


def test_a_refused_read_is_an_error(log: DynamoLog) -> None:
    for read in READS.values():
        with pytest.raises(StoreRejectedError):
            read(DynamoLog(client("dynamodb"), "no-such-table"))


def test_every_read_is_strongly_consistent(log: DynamoLog) -> None:
    for read in READS.values():
        with requests_seen() as seen:
            read(log)
        assert seen
        assert all(parameters["ConsistentRead"] is True for _, parameters in seen)


def test_a_look_up_costs_the_same_in_a_longer_log(log: DynamoLog) -> None:
    with inject_fault() as few:
        log.find_positions(EVENTS[0].id, EVENTS[0].digest)
    for start in range(12, 1_000, 100):
        log.record_positions(of_hours(100), start)
    with inject_fault() as many:
        assert list(log.find_positions(EVENTS[0].id, EVENTS[0].digest)) == [0]
    assert few == many == ["Query"] * 3


@pytest.mark.parametrize("fault", Fault)
def test_positions_can_be_recorded_again_after_a_fault_at_any_call(
    log: DynamoLog, fault: Fault
) -> None:
    """60 hours are three batches. The rest of a batch that is half done is sent at once."""
    for nth in range(3):
        events = of_hours(180)[60 * nth :][:60]
        with inject_fault(nth, fault) as calls:
            if fault is Fault.HALF_DONE:
                log.record_positions(events, 12)
                assert len(calls) == 4
            else:
                with pytest.raises(BaseException) as caught:  # noqa: PT011  # or a crash
                    log.record_positions(events, 12)
                assert isinstance(caught.value, StoreUnavailableError) or "CRASH" in fault.name
                log.record_positions(events, 12)
        for at in range(0, 60, 7):
            assert list(log.find_positions(events[at].id, events[at].digest)) == [12 + at]


def test_the_attempts_on_a_table_that_processes_nothing_are_limited(
    log: DynamoLog, waits: list[float]
) -> None:
    with (
        requests_seen(is_nothing_processed=True) as seen,
        pytest.raises(StoreUnavailableError, match="DynamoDB left requests unprocessed"),
    ):
        log.record_positions(of_hours(60), 12)
    assert [len(request["RequestItems"][get_settings().ledger_table]) for _, request in seen] == (
        [MAX_WRITES] * MAX_IDLE_ATTEMPTS
    )
    assert len(waits) >= MAX_IDLE_ATTEMPTS - 1
    assert all(2 * first == second for first, second in pairwise(waits))


@pytest.mark.parametrize("partition", [4, 8, 1 << 20])
def test_a_missing_commit_is_inconsistent(
    log: DynamoLog, monkeypatch: pytest.MonkeyPatch, partition: int
) -> None:
    for start in (0, 3, 6, 9):
        remove(*keys.make_log_key(start))
    monkeypatch.setattr(keys, "LOG_PARTITION_ENTRIES", partition)
    for missing in (0, 3, 6, 9):
        for start in (0, 3, 6, 9):
            put(*keys.make_log_key(start), rows={"B": pack_rows(EVENTS[start : start + 3])})
        remove(*keys.make_log_key(missing))
        for start in range(missing + 3):
            with pytest.raises(InconsistentLogError):
                list(log.read_segments(start, 12))
        found = [segment.start for segment in log.read_segments(0, missing)]
        assert found == list(range(0, missing, 3))


def test_a_commit_within_another_is_inconsistent(log: DynamoLog) -> None:
    for at in (1, 2, 4, 8):
        put(*keys.make_log_key(at), rows={"B": pack_rows(EVENTS[at : at + 3])})
        with pytest.raises(InconsistentLogError):
            list(log.read_segments(0, 12))
        remove(*keys.make_log_key(at))
    assert [segment.start for segment in log.read_segments(0, 12)] == [0, 3, 6, 9]


ROWS = pack_rows(EVENTS[3:6])


@pytest.mark.parametrize(
    "tenants",
    [
        {},
        {"tenants": {"B": b""}},
        {"tenants": {"B": b"acme\nglobex\n\n\0\1\2"}},
        {"tenants": {"B": b"acme\nglobex\n\n\0\1"}},
        {"tenants": {"B": b"ac#me\n\n"}},
        {"tenants": {"B": b"\xff\n\n"}},
        {"tenants": {"S": "acme"}},
        {"tenants": {"N": "1"}},
    ],
    ids=range(8),
)
def test_damaged_tenants_do_not_hide_events(log: DynamoLog, tenants: dict[str, Any]) -> None:
    put(*keys.make_log_key(3), rows={"B": ROWS}, **tenants)
    segments = list(log.read_segments(0, 12))
    assert [event for segment in segments for event in segment.events] == EVENTS
    assert segments[1].tenants is None


@pytest.mark.parametrize(
    "damage",
    [{"rows": {"B": ROWS[:-1]}}, {"rows": {"B": b""}}, {"rows": {"S": "text"}}, {}],
    ids=["cut", "empty", "another-type", "none"],
)
def test_damaged_entries_are_an_error(log: DynamoLog, damage: dict[str, Any]) -> None:
    put(*keys.make_log_key(3), **damage)
    for start in range(6):
        with pytest.raises(CorruptRecordError):
            list(log.read_segments(start, 12))
    assert [segment.start for segment in log.read_segments(6, 12)] == [6, 9]


@pytest.mark.parametrize("sort", ["00000000000000000003x", "0000000000000000000x", "-"])
def test_entries_without_a_position_are_an_error(log: DynamoLog, sort: str) -> None:
    put(keys.make_log_key(3)[0], sort, rows={"B": ROWS})
    for item in (keys.make_log_key(3), keys.make_log_key(0)):
        remove(*item)
    with pytest.raises((CorruptRecordError, InconsistentLogError)):
        list(log.read_segments(4, 12))


DAMAGED_PUBLICATIONS: list[dict[str, Any]] = [
    {"note": {"S": "none"}},
    {"note": {"B": b"none"}},
    {"verifierKey": {"S": "example.com+0+"}},
    {"size": {"N": "2"}},
    {"size": {"N": "1.5"}},
    {"size": {"N": "-1"}},
    {"size": {"S": "x"}},
    {"edge": {"B": bytes(31)}},
    {"edge": {"S": "x"}},
    {"edge": {"NULL": True}},
]


def test_a_damaged_publication_is_an_error(log: DynamoLog) -> None:
    log.publish(make_publication(5), None)
    key = {"pk": {"S": "checkpoint"}, "sk": {"S": "checkpoint"}}
    item = client("dynamodb").get_item(TableName=get_settings().ledger_table, Key=key)["Item"]
    whole: dict[str, Any] = {name: item[name] for name in item if name not in key}
    missing = [{other: whole[other] for other in whole if other != name} for name in whole]
    for attributes in (*missing, *({**whole, **damage} for damage in DAMAGED_PUBLICATIONS)):
        put("checkpoint", "checkpoint", **attributes)
        with pytest.raises(CorruptRecordError):
            log.read_publication()
    put("checkpoint", "checkpoint", **whole)
    assert log.read_publication() == make_publication(5)


@pytest.mark.parametrize(
    "attributes",
    [{}, {"size": {"N": "1"}}, {"size": {"N": "1"}, "edge": {"B": b""}, "shardCount": {"N": "4"}}],
    ids=["nothing", "size", "no-edge"],
)
def test_a_damaged_head_is_an_error(log: DynamoLog, attributes: dict[str, Any]) -> None:
    put(keys.HEAD_PARTITION, keys.HEAD_SORT, **attributes)
    with pytest.raises(CorruptRecordError):
        log.read_head()


@pytest.mark.parametrize("rows", [None, {"S": "text"}, {"N": "1"}], ids=str)
def test_damaged_positions_are_an_error(log: DynamoLog, rows: dict[str, str] | None) -> None:
    put(HOUR, f"0#00#{12:020d}", **({"rows": rows} if rows else {}))
    with pytest.raises(CorruptRecordError):
        log.find_positions(EVENTS[0].id, EVENTS[0].digest)


def test_positions_without_a_start_are_an_error(log: DynamoLog) -> None:
    put(HOUR, "0#00#somewhere", rows={"B": EVENTS[0].digest[:4] + bytes(4)})
    with pytest.raises(CorruptRecordError):
        log.find_positions(EVENTS[0].id, EVENTS[0].digest)


def test_a_digest_s_start_across_two_entries_is_not_found(log: DynamoLog) -> None:
    """Only a match at the start of an entry of 8 bytes is a position."""
    start = EVENTS[0].digest[:4]
    put(HOUR, f"0#00#{100:020d}", rows={"B": bytes(6) + start + bytes(6) + start + bytes(3) + b"7"})
    assert list(log.find_positions(EVENTS[0].id, EVENTS[0].digest)) == [0, 100 + ord("7")]
