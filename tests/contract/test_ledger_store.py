"""The promises of `LedgerStore`, tested on the fake and on DynamoDB."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import pytest

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.ledger import ORDERS_PER_PAGE, DynamoLedger
from prooftrail.errors import AlreadyCommittedError, HeadMovedError, StoreUnavailableError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.commit import Commit
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.runtime.config import get_settings
from prooftrail.tlog.merkle import Edge, hash_leaf
from tests.support.fakes import MemoryLedger, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault
from tests.support.samples import NOW_MS
from tests.support.trail import read_ledger

BUCKET = ("counters#acme#hour", "2025-11-24T16")


@dataclass(frozen=True)
class Subject:
    """A ledger, its log's digests and counters, and a way to make one call fail."""

    store: DynamoLedger | MemoryLedger
    log: Callable[[], list[bytes]]
    counters: Callable[[], Mapping[tuple[str, str], Counter[str]]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    stack: Stack = request.getfixturevalue("aws")
    return Subject(
        DynamoLedger(client("dynamodb"), get_settings().ledger_table),
        lambda: [digest for _, digest in read_ledger(stack).entries],
        lambda: read_ledger(stack).counters,
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def _memory() -> Subject:
    on_demand = OnDemand()
    ledger = MemoryLedger(on_demand)
    return Subject(
        ledger,
        lambda: [event.digest for event in ledger.events],
        lambda: ledger.counters,
        on_demand.fail_next_call,
    )


def _digests(first: int, last: int) -> list[bytes]:
    return [compute_digest(str(number).encode()) for number in range(first, last + 1)]


def _commit(first: int, last: int) -> Commit:
    events = [LoggedEvent(NOW_MS, digest) for digest in _digests(first, last)]
    increments = {"user.login|session|1": len(events)}
    day = ("counters#acme#day", "2025-11-24")
    tenants = ["acme"] * len(events)
    return Commit(str(first), str(last), events, tenants, {BUCKET: increments, day: increments})


def _head(last: int) -> Head:
    """Return the head after the commits up to this number."""
    leaves = (hash_leaf(event.entry) for event in _commit(1, last).events)
    return Head(Edge().with_leaves(leaves), 4)


def test_a_new_ledger_has_no_head(subject: Subject) -> None:
    assert subject.store.read_head() is None


def test_commits_follow_each_other(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    assert subject.store.read_head() == _head(3)
    subject.store.commit(_commit(4, 4), _head(3), _head(4))
    assert subject.store.read_head() == _head(4)
    assert subject.log() == _digests(1, 4)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 4}


def test_a_commit_happens_once(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    for before in (None, _head(3)):
        with pytest.raises(AlreadyCommittedError) as caught:
            subject.store.commit(_commit(1, 2), before, _after(before, 1, 2))
        assert caught.value.last == "3"
    assert subject.log() == _digests(1, 3)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 3}
    assert subject.store.read_head() == _head(3)


def _after(before: Head | None, first: int, last: int) -> Head:
    edge = before.edge if before else Edge()
    return Head(
        edge.with_leaves(hash_leaf(event.entry) for event in _commit(first, last).events), 4
    )


@pytest.mark.parametrize("before", [None, _head(2), _head(4)], ids=["none", "2", "4"])
def test_a_commit_needs_the_head_that_it_read(subject: Subject, before: Head | None) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    with pytest.raises(HeadMovedError):
        subject.store.commit(_commit(4, 5), before, _after(before, 4, 5))
    assert subject.store.read_head() == _head(3)
    assert subject.log() == _digests(1, 3)


def test_a_head_of_the_same_size_with_other_entries_is_another_head(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    other = _after(None, 7, 9)
    with pytest.raises(HeadMovedError):
        subject.store.commit(_commit(4, 5), other, _after(other, 4, 5))
    assert subject.store.read_head() == _head(3)


def _ordering(number: int, *orders: RemovalOrder) -> Commit:
    commit = _commit(number, number + len(orders) - 1)
    ids = [
        RemovalOrder(order.tenant_id, event.id, order.ids)
        for order, event in zip(orders, commit.events, strict=True)
    ]
    return replace(commit, orders=ids)


def test_orders_are_written_with_their_commit_and_read_newest_first(subject: Subject) -> None:
    mine, other = RemovalOrder("acme", "", bytes(16)), RemovalOrder("acme.eu", "", bytes(range(32)))
    commit = _ordering(1, mine, other, mine)
    subject.store.commit(commit, None, _head(3))
    first, theirs, last = commit.orders
    ascending = sorted((first, last), key=lambda order: order.id)
    lowest, highest = "0" * 26, "Z" * 26
    assert list(subject.store.read_orders("acme", lowest, highest)) == ascending[::-1]
    assert list(subject.store.read_orders("acme.eu", lowest, highest)) == [theirs]
    assert not list(subject.store.read_orders("acm", lowest, highest))
    last_order = ascending[1]
    assert list(subject.store.read_orders("acme", last_order.id, last_order.id)) == [last_order]
    assert list(subject.store.read_orders("acme", last_order.id, highest)) == [last_order]
    assert list(subject.store.read_orders("acme", lowest, ascending[0].id)) == ascending[:1]


def test_orders_of_many_pages_are_all_read(subject: Subject) -> None:
    orders = [RemovalOrder("acme", "", bytes([n]) * 16) for n in range(2 * ORDERS_PER_PAGE + 3)]
    commit = _ordering(1, *orders)
    subject.store.commit(commit, None, _head(len(orders)))
    found = list(subject.store.read_orders("acme", "0" * 26, "Z" * 26))
    assert found == sorted(commit.orders, key=lambda order: order.id, reverse=True)


def test_the_orders_of_a_failed_commit_are_not_written(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    with pytest.raises(HeadMovedError):
        subject.store.commit(
            _ordering(4, RemovalOrder("acme", "", bytes(16))), None, _after(None, 4, 4)
        )
    assert not list(subject.store.read_orders("acme", "0" * 26, "Z" * 26))


def test_a_failed_read_of_orders_is_not_an_empty_result(subject: Subject) -> None:
    with subject.fail_next_call(Moment.BEFORE), pytest.raises(StoreUnavailableError):
        list(subject.store.read_orders("acme", "0" * 26, "Z" * 26))


@pytest.mark.parametrize("moment", Moment)
def test_a_failed_commit_is_complete_or_absent(subject: Subject, moment: Moment) -> None:
    error = HeadMovedError if moment is Moment.DURING else StoreUnavailableError
    with subject.fail_next_call(moment), pytest.raises(error):
        subject.store.commit(_commit(1, 3), None, _head(3))
    if moment is Moment.AFTER:
        with pytest.raises(AlreadyCommittedError):
            subject.store.commit(_commit(1, 3), None, _head(3))
    else:
        assert subject.store.read_head() is None
        subject.store.commit(_commit(1, 3), None, _head(3))
    assert subject.store.read_head() == _head(3)
    assert subject.log() == _digests(1, 3)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 3}
