"""The promises of `LogStore`, tested on the fake and on DynamoDB."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from itertools import accumulate

import pytest

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.log import DynamoLog
from prooftrail.errors import (
    CheckpointMovedError,
    InconsistentLogError,
    StoreUnavailableError,
)
from prooftrail.event import keys
from prooftrail.event.canonical import compute_digest
from prooftrail.event.times import HOUR_MS
from prooftrail.ledger.commit import Commit
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogStore, Publication
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.merkle import Edge, hash_leaf
from tests.support.fakes import Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault
from tests.support.log_fakes import MemoryLog, Writes, make_logged_events, make_publication
from tests.support.samples import NOW_MS

BUCKET = ("counters#acme#hour", "2025-11-24T16")


@dataclass(frozen=True)
class Subject:
    """A log, a way to commit to it, and a way to make one call fail."""

    log: LogStore
    commit: Callable[..., object]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "moto":
        found: Subject = request.getfixturevalue("dynamo")
        return found
    on_demand = OnDemand()
    log = MemoryLog(Writes(on_demand))
    return Subject(log, log.append, on_demand.fail_next_call)


@pytest.fixture
def dynamo(aws: Stack) -> Subject:
    return Subject(
        DynamoLog(client("dynamodb"), get_settings().ledger_table, lambda _: None),
        commit,
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def commit(events: Sequence[LoggedEvent], tenants: Sequence[str] | None = None) -> None:
    """Commit these events as the ledger does."""
    owners = tenants or ["acme"] * len(events)
    ledger = DynamoLedger(client("dynamodb"), get_settings().ledger_table)
    before = ledger.read_head()
    edge = (before.edge if before else Edge()).with_leaves(
        hash_leaf(event.entry) for event in events
    )
    number = str(before.size if before else 0)
    counted = {BUCKET: {"user.login|session|1": len(events)}}
    ledger.commit(Commit(number, number, events, owners, counted), before, Head(edge, 4))


def test_a_new_log_has_no_publication(subject: Subject) -> None:
    assert subject.log.read_publication() is None
    assert subject.log.read_head() is None


def test_the_head_is_the_head_of_the_ledger(subject: Subject) -> None:
    subject.commit(make_logged_events(3))
    subject.commit(make_logged_events(2, first=3))
    edge = Edge().with_leaves(hash_leaf(event.entry) for event in make_logged_events(5))
    assert subject.log.read_head() == Head(edge, 4)


def test_a_publication_is_read_as_it_was_written(subject: Subject) -> None:
    subject.log.publish(make_publication(0), None)
    assert subject.log.read_publication() == make_publication(0)
    subject.log.publish(make_publication(300), make_publication(0))
    assert subject.log.read_publication() == make_publication(300)


def test_a_publication_replaces_only_the_one_that_was_read(subject: Subject) -> None:
    """It fails if none was read, or one with another note, size or edge."""
    subject.log.publish(make_publication(5), None)
    for before in (
        None,
        replace(make_publication(5), note=make_publication(5, "example.com/other").note),
        replace(make_publication(5), edge=make_publication(4).edge),
        replace(make_publication(5), edge=Edge(5, (bytes(32), bytes(32)))),
        make_publication(6),
    ):
        with pytest.raises(CheckpointMovedError):
            subject.log.publish(make_publication(7), before)
        assert subject.log.read_publication() == make_publication(5)


def test_a_publication_that_was_read_must_exist(subject: Subject) -> None:
    with pytest.raises(CheckpointMovedError):
        subject.log.publish(make_publication(7), make_publication(5))
    assert subject.log.read_publication() is None


@pytest.mark.parametrize("before", [None, make_publication(5)], ids=["first", "later"])
@pytest.mark.parametrize("moment", Moment)
def test_a_failed_publish_happened_or_not(
    subject: Subject, moment: Moment, before: Publication | None
) -> None:
    if before:
        subject.log.publish(before, None)
    with subject.fail_next_call(moment), pytest.raises(StoreUnavailableError):
        subject.log.publish(make_publication(7), before)
    happened = moment is Moment.AFTER
    assert subject.log.read_publication() == (make_publication(7) if happened else before)
    if happened:
        with pytest.raises(CheckpointMovedError):
            subject.log.publish(make_publication(7), before)
    else:
        subject.log.publish(make_publication(7), before)
    assert subject.log.read_publication() == make_publication(7)


def committed(subject: Subject, *sizes: int) -> list[LoggedEvent]:
    """Make commits of these sizes and return all their events."""
    for start, size in zip(accumulate(sizes, initial=0), sizes, strict=False):
        subject.commit(make_logged_events(size, first=start))
    return make_logged_events(sum(sizes))


def test_every_range_is_read_in_order_without_a_gap(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partition has eight positions; commits lie within one, end with it, or cross its end."""
    monkeypatch.setattr(keys, "LOG_PARTITION_ENTRIES", 8)
    events = committed(subject, 3, 1, 4, 7, 3, 1, 8, 2)
    starts = set(accumulate((3, 1, 4, 7, 3, 1, 8), initial=0))
    for start in range(len(events)):
        for end in range(start + 1, len(events) + 1, 3):
            segments = list(subject.log.read_segments(start, end))
            assert [segment.start for segment in segments] == sorted(
                at for at in starts if max(s for s in starts if s <= start) <= at < end
            )
            for segment in segments:
                assert list(segment.events) == events[segment.start : segment.end]


def test_a_segment_has_the_tenants_of_its_events(subject: Subject) -> None:
    owners = [["acme", "globex", "acme"], ["globex", "globex"], ["initech"]]
    for start, tenants in zip((0, 3, 5), owners, strict=True):
        subject.commit(make_logged_events(len(tenants), first=start), tenants)
    segments = list(subject.log.read_segments(0, 6))
    assert [list(segment.tenants or ()) for segment in segments] == owners


def test_an_empty_range_has_no_segments(subject: Subject) -> None:
    committed(subject, 3, 2)
    for start, end in ((0, 0), (2, 2), (5, 5), (3, 2), (9, 9)):
        assert list(subject.log.read_segments(start, end)) == []


@pytest.mark.parametrize("partition", [5, 8, 1 << 20])
def test_a_range_beyond_the_log_is_inconsistent(
    subject: Subject, monkeypatch: pytest.MonkeyPatch, partition: int
) -> None:
    monkeypatch.setattr(keys, "LOG_PARTITION_ENTRIES", partition)
    committed(subject, 3, 2)
    for start, end in ((0, 6), (4, 6), (5, 6), (8, 9), (20, 21)):
        with pytest.raises(InconsistentLogError):
            list(subject.log.read_segments(start, end))


def test_an_empty_log_has_no_entries(subject: Subject) -> None:
    with pytest.raises(InconsistentLogError):
        list(subject.log.read_segments(0, 1))
    assert list(subject.log.read_segments(0, 0)) == []


def test_commits_of_many_pages_are_read(subject: Subject) -> None:
    events = committed(subject, *[8_000] * 6)
    with inject_fault() as calls:
        found = [
            event
            for segment in subject.log.read_segments(8_001, 48_000)
            for event in segment.events
        ]
    assert found == events[8_000:]
    if isinstance(subject.log, DynamoLog):
        assert calls.count("Query") >= 3


def hours(count: int, per_hour: int, first: int = 0) -> list[LoggedEvent]:
    """Return `count` events, `per_hour` of each hour; consecutive events are of different hours."""
    span = -(-count // per_hour)
    return [
        LoggedEvent(NOW_MS + HOUR_MS * (n % span) + n, compute_digest(str(n).encode()))
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("count", "per_hour"),
    [(1, 1), (60, 1), (2_048, 2_048), (2_100, 2_100), (6_000, 2_500), (33_000, 33_000)],
)
def test_a_recorded_position_is_found(subject: Subject, count: int, per_hour: int) -> None:
    """The positions of an hour with more than 2,048 or 32,768 events are split by the digest."""
    events = hours(count, per_hour)
    for _ in range(2):
        subject.log.record_positions(events, 1_000)
    for at in {*range(0, count, -(-count // 20)), count - 1}:
        assert list(subject.log.find_positions(events[at].id, events[at].digest)) == [1_000 + at]


def test_a_position_is_found_among_those_of_many_runs(subject: Subject) -> None:
    for start in range(0, 300, 30):
        subject.log.record_positions(hours(30, 15, first=start), start)
    for start in range(0, 300, 30):
        for at, event in enumerate(hours(30, 15, first=start), start):
            if at % 7 == 0:
                assert list(subject.log.find_positions(event.id, event.digest)) == [at]


def test_a_run_that_records_more_than_the_last_one_finds_the_same_positions(
    subject: Subject,
) -> None:
    """The first run died before it published. In the second, the hour's positions are split."""
    events = hours(2_100, 2_100)
    for part in (events[:2_000], events):
        subject.log.record_positions(part, 7)
    for at in (0, 1_999, 2_000, 2_099):
        assert set(subject.log.find_positions(events[at].id, events[at].digest)) == {7 + at}


def test_a_slow_run_does_not_replace_the_positions_of_a_longer_run(subject: Subject) -> None:
    """Both start at the same checkpoint. The slow one reads the head first and records last."""
    events = hours(40, 20)
    for part in (events, events[:25]):
        subject.log.record_positions(part, 7)
    for at, event in enumerate(events, 7):
        assert set(subject.log.find_positions(event.id, event.digest)) == {at}


def test_an_event_without_a_recorded_position_has_none(subject: Subject) -> None:
    [unknown] = make_logged_events(1, first=100)
    assert list(subject.log.find_positions(unknown.id, unknown.digest)) == []
    subject.log.record_positions(make_logged_events(100), 0)
    assert list(subject.log.find_positions(unknown.id, unknown.digest)) == []
    subject.log.record_positions([], 100)
    assert list(subject.log.find_positions(unknown.id, unknown.digest)) == []


@pytest.mark.parametrize("moment", Moment)
def test_failed_positions_can_be_recorded_again(subject: Subject, moment: Moment) -> None:
    events = hours(60, 2)
    with subject.fail_next_call(moment), suppress(StoreUnavailableError):
        subject.log.record_positions(events, 5)
    subject.log.record_positions(events, 5)
    for at, event in enumerate(events, 5):
        assert list(subject.log.find_positions(event.id, event.digest)) == [at]


@pytest.mark.parametrize("moment", Moment)
def test_recorded_tenants_are_listed_once_in_order(subject: Subject, moment: Moment) -> None:
    assert list(subject.log.list_tenants()) == []
    with subject.fail_next_call(moment), suppress(StoreUnavailableError):
        subject.log.record_tenants({"b", "a"})
    subject.log.record_tenants({"b", "a"})
    subject.log.record_tenants({"a", "C", "-", "_"})
    subject.log.record_tenants(())
    assert list(subject.log.list_tenants()) == ["-", "C", "_", "a", "b"]
