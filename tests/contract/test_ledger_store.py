"""What `LedgerStore` promises, kept by the fake and by DynamoDB alike."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from auditlog.aws import client
from auditlog.config import settings
from auditlog.entry import LoggedEvent
from auditlog.errors import AlreadyCommittedError, HeadMovedError, StoreUnavailableError
from auditlog.head import Head
from auditlog.identity import digest_of
from auditlog.ledger import Commit, LedgerStore
from auditlog.ledger_dynamodb import DynamoLedger
from auditlog.merkle import Edge, leaf_hash
from local.template import Stack
from tests.fakes import MemoryLedger, Moment, OnDemand
from tests.faults import FAULT_OF, spoiled
from tests.samples import NOW_MS
from tests.trail import ledger_of

BUCKET = ("counters#acme#hour", "2025-11-24T16")


@dataclass(frozen=True)
class Subject:
    """A ledger, its log's digests and counters, and a way to spoil one call."""

    store: LedgerStore
    log: Callable[[], list[bytes]]
    counters: Callable[[], Mapping[tuple[str, str], Counter[str]]]
    spoil: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    stack: Stack = request.getfixturevalue("aws")
    return Subject(
        DynamoLedger(client("dynamodb"), settings().ledger_table),
        lambda: [digest for _, digest in ledger_of(stack).entries],
        lambda: ledger_of(stack).counters,
        lambda moment: spoiled(0, FAULT_OF[moment]),
    )


def _memory() -> Subject:
    on_demand = OnDemand()
    ledger = MemoryLedger(on_demand)
    return Subject(
        ledger,
        lambda: [event.digest for event in ledger.events],
        lambda: ledger.counters,
        on_demand.spoil,
    )


def _digests(first: int, last: int) -> list[bytes]:
    return [digest_of(str(number).encode()) for number in range(first, last + 1)]


def _commit(first: int, last: int) -> Commit:
    events = [LoggedEvent(NOW_MS, digest) for digest in _digests(first, last)]
    increments = {"user.login|session|1": len(events)}
    day = ("counters#acme#day", "2025-11-24")
    tenants = ["acme"] * len(events)
    return Commit(str(first), str(last), events, tenants, {BUCKET: increments, day: increments})


def _head(last: int) -> Head:
    """The head after the commits up to this number."""
    leaves = (leaf_hash(event.entry) for event in _commit(1, last).events)
    return Head(Edge().extended(leaves), 4)


def test_a_new_ledger_has_no_head(subject: Subject) -> None:
    assert subject.store.head() is None


def test_commits_follow_each_other(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    assert subject.store.head() == _head(3)
    subject.store.commit(_commit(4, 4), _head(3), _head(4))
    assert subject.store.head() == _head(4)
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
    assert subject.store.head() == _head(3)


def _after(before: Head | None, first: int, last: int) -> Head:
    edge = before.edge if before else Edge()
    return Head(edge.extended(leaf_hash(one.entry) for one in _commit(first, last).events), 4)


@pytest.mark.parametrize("before", [None, _head(2), _head(4)], ids=["none", "2", "4"])
def test_a_commit_takes_the_head_only_as_it_read_it(subject: Subject, before: Head | None) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    with pytest.raises(HeadMovedError):
        subject.store.commit(_commit(4, 5), before, _after(before, 4, 5))
    assert subject.store.head() == _head(3)
    assert subject.log() == _digests(1, 3)


def test_a_commit_takes_no_head_of_the_same_size_and_other_entries(subject: Subject) -> None:
    subject.store.commit(_commit(1, 3), None, _head(3))
    other = _after(None, 7, 9)
    with pytest.raises(HeadMovedError):
        subject.store.commit(_commit(4, 5), other, _after(other, 4, 5))
    assert subject.store.head() == _head(3)


@pytest.mark.parametrize("moment", Moment)
def test_a_failed_commit_is_whole_or_not(subject: Subject, moment: Moment) -> None:
    error = HeadMovedError if moment is Moment.DURING else StoreUnavailableError
    with subject.spoil(moment), pytest.raises(error):
        subject.store.commit(_commit(1, 3), None, _head(3))
    if moment is Moment.AFTER:
        with pytest.raises(AlreadyCommittedError):
            subject.store.commit(_commit(1, 3), None, _head(3))
    else:
        assert subject.store.head() is None
        subject.store.commit(_commit(1, 3), None, _head(3))
    assert subject.store.head() == _head(3)
    assert subject.log() == _digests(1, 3)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 3}
