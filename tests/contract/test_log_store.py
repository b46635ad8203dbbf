"""What `LogStore` promises, kept by the fake and by DynamoDB alike."""

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
from tests.support.faults import FAULT_OF, spoiled
from tests.support.log_fakes import MemoryLog, Writes, logged, publication
from tests.support.samples import NOW_MS

BUCKET = ("counters#acme#hour", "2025-11-24T16")


@dataclass(frozen=True)
class Subject:
    """A log, the ledger's way to write it, and a way to spoil one call."""

    log: LogStore
    commit: Callable[..., object]
    spoil: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "moto":
        found: Subject = request.getfixturevalue("dynamo")
        return found
    on_demand = OnDemand()
    log = MemoryLog(Writes(on_demand))
    return Subject(log, log.append, on_demand.spoil)


@pytest.fixture
def dynamo(aws: Stack) -> Subject:
    return Subject(
        DynamoLog(client("dynamodb"), get_settings().ledger_table, lambda _: None),
        commit,
        lambda moment: spoiled(0, FAULT_OF[moment]),
    )


def commit(events: Sequence[LoggedEvent], tenants: Sequence[str] | None = None) -> None:
    """Commit these events as the ledger does."""
    owners = tenants or ["acme"] * len(events)
    ledger = DynamoLedger(client("dynamodb"), get_settings().ledger_table)
    before = ledger.read_head()
    edge = (before.edge if before else Edge()).with_leaves(hash_leaf(one.entry) for one in events)
    number = str(before.size if before else 0)
    counted = {BUCKET: {"user.login|session|1": len(events)}}
    ledger.commit(Commit(number, number, events, owners, counted), before, Head(edge, 4))


def test_nothing_is_published_at_first(subject: Subject) -> None:
    assert subject.log.read_publication() is None
    assert subject.log.read_head() is None


def test_the_head_is_the_ledger_s(subject: Subject) -> None:
    subject.commit(logged(3))
    subject.commit(logged(2, first=3))
    edge = Edge().with_leaves(hash_leaf(one.entry) for one in logged(5))
    assert subject.log.read_head() == Head(edge, 4)


def test_a_publication_is_read_as_it_was_written(subject: Subject) -> None:
    subject.log.publish(publication(0), None)
    assert subject.log.read_publication() == publication(0)
    subject.log.publish(publication(300), publication(0))
    assert subject.log.read_publication() == publication(300)


def test_a_publication_takes_the_place_of_the_one_that_was_read(subject: Subject) -> None:
    """Not where there is one and none was read, nor where note, size or edge are others."""
    subject.log.publish(publication(5), None)
    for before in (
        None,
        replace(publication(5), note=publication(5, "example.com/other").note),
        replace(publication(5), edge=publication(4).edge),
        replace(publication(5), edge=Edge(5, (bytes(32), bytes(32)))),
        publication(6),
    ):
        with pytest.raises(CheckpointMovedError):
            subject.log.publish(publication(7), before)
        assert subject.log.read_publication() == publication(5)


def test_no_publication_is_the_place_of_none(subject: Subject) -> None:
    with pytest.raises(CheckpointMovedError):
        subject.log.publish(publication(7), publication(5))
    assert subject.log.read_publication() is None


@pytest.mark.parametrize("before", [None, publication(5)], ids=["first", "later"])
@pytest.mark.parametrize("moment", Moment)
def test_a_failed_publish_happened_or_not(
    subject: Subject, moment: Moment, before: Publication | None
) -> None:
    if before:
        subject.log.publish(before, None)
    with subject.spoil(moment), pytest.raises(StoreUnavailableError):
        subject.log.publish(publication(7), before)
    happened = moment is Moment.AFTER
    assert subject.log.read_publication() == (publication(7) if happened else before)
    if happened:
        with pytest.raises(CheckpointMovedError):
            subject.log.publish(publication(7), before)
    else:
        subject.log.publish(publication(7), before)
    assert subject.log.read_publication() == publication(7)


def committed(subject: Subject, *sizes: int) -> list[LoggedEvent]:
    """Commits of these sizes; all their events."""
    for start, size in zip(accumulate(sizes, initial=0), sizes, strict=False):
        subject.commit(logged(size, first=start))
    return logged(sum(sizes))


def test_every_range_is_read_in_order_and_without_a_gap(
    subject: Subject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of partitions of eight positions: commits within one, up to its end, and into the next."""
    monkeypatch.setattr(keys, "LOG_PARTITION_ENTRIES", 8)
    events = committed(subject, 3, 1, 4, 7, 3, 1, 8, 2)
    starts = set(accumulate((3, 1, 4, 7, 3, 1, 8), initial=0))
    for start in range(len(events)):
        for end in range(start + 1, len(events) + 1, 3):
            segments = list(subject.log.read_segments(start, end))
            assert [one.start for one in segments] == sorted(
                at for at in starts if max(s for s in starts if s <= start) <= at < end
            )
            for one in segments:
                assert list(one.events) == events[one.start : one.end]


def test_a_segment_says_whose_its_events_are(subject: Subject) -> None:
    owners = [["acme", "globex", "acme"], ["globex", "globex"], ["initech"]]
    for start, tenants in zip((0, 3, 5), owners, strict=True):
        subject.commit(logged(len(tenants), first=start), tenants)
    segments = list(subject.log.read_segments(0, 6))
    assert [list(one.tenants or ()) for one in segments] == owners


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


def test_nothing_is_in_an_empty_log(subject: Subject) -> None:
    with pytest.raises(InconsistentLogError):
        list(subject.log.read_segments(0, 1))
    assert list(subject.log.read_segments(0, 0)) == []


def test_commits_of_many_pages_are_read(subject: Subject) -> None:
    events = committed(subject, *[8_000] * 6)
    with spoiled() as calls:
        found = [one for part in subject.log.read_segments(8_001, 48_000) for one in part.events]
    assert found == events[8_000:]
    if isinstance(subject.log, DynamoLog):
        assert calls.count("Query") >= 3


def hours(count: int, per_hour: int, first: int = 0) -> list[LoggedEvent]:
    """Events, so many of an hour, which follow each other in turn."""
    span = -(-count // per_hour)
    return [
        LoggedEvent(NOW_MS + HOUR_MS * (n % span) + n, compute_digest(str(n).encode()))
        for n in range(first, first + count)
    ]


@pytest.mark.parametrize(
    ("count", "per_hour"),
    [(1, 1), (60, 1), (2_048, 2_048), (2_100, 2_100), (6_000, 2_500), (33_000, 33_000)],
)
def test_an_event_is_found_where_it_was_placed(subject: Subject, count: int, per_hour: int) -> None:
    """Of an hour with more than 2,048 or 32,768 events the places are split by the digest."""
    events = hours(count, per_hour)
    for _ in range(2):
        subject.log.record_positions(events, 1_000)
    for at in {*range(0, count, -(-count // 20)), count - 1}:
        assert list(subject.log.find_positions(events[at].id, events[at].digest)) == [1_000 + at]


def test_an_event_is_found_among_those_of_many_runs(subject: Subject) -> None:
    for start in range(0, 300, 30):
        subject.log.record_positions(hours(30, 15, first=start), start)
    for start in range(0, 300, 30):
        for at, event in enumerate(hours(30, 15, first=start), start):
            if at % 7 == 0:
                assert list(subject.log.find_positions(event.id, event.digest)) == [at]


def test_a_run_that_places_more_than_the_one_before_it_places_the_same(subject: Subject) -> None:
    """The first died before it published; by the second's time the hour's places are split."""
    events = hours(2_100, 2_100)
    for part in (events[:2_000], events):
        subject.log.record_positions(part, 7)
    for at in (0, 1_999, 2_000, 2_099):
        assert set(subject.log.find_positions(events[at].id, events[at].digest)) == {7 + at}


def test_a_slow_run_takes_nothing_from_one_that_went_further(subject: Subject) -> None:
    """Both began at the same checkpoint; the slow one read the head first and places last."""
    events = hours(40, 20)
    for part in (events, events[:25]):
        subject.log.record_positions(part, 7)
    for at, event in enumerate(events, 7):
        assert set(subject.log.find_positions(event.id, event.digest)) == {at}


def test_an_event_that_was_never_placed_is_nowhere(subject: Subject) -> None:
    [stranger] = logged(1, first=100)
    assert list(subject.log.find_positions(stranger.id, stranger.digest)) == []
    subject.log.record_positions(logged(100), 0)
    assert list(subject.log.find_positions(stranger.id, stranger.digest)) == []
    subject.log.record_positions([], 100)
    assert list(subject.log.find_positions(stranger.id, stranger.digest)) == []


@pytest.mark.parametrize("moment", Moment)
def test_a_failed_place_may_be_repeated(subject: Subject, moment: Moment) -> None:
    events = hours(60, 2)
    with subject.spoil(moment), suppress(StoreUnavailableError):
        subject.log.record_positions(events, 5)
    subject.log.record_positions(events, 5)
    for at, event in enumerate(events, 5):
        assert list(subject.log.find_positions(event.id, event.digest)) == [at]
