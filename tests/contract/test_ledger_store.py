"""What `LedgerStore` promises, kept by the fake and by DynamoDB alike."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from auditlog.aws import client
from auditlog.config import settings
from auditlog.errors import AlreadyCommittedError, HeadMovedError, StoreUnavailableError
from auditlog.head import Head
from auditlog.identity import digest_of, make_id
from auditlog.ledger import Commit, LedgerStore
from auditlog.ledger_dynamodb import DynamoLedger
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
        lambda: [digest for _, digest in ledger.entries],
        lambda: ledger.counters,
        on_demand.spoil,
    )


def _digests(first: int, last: int) -> list[bytes]:
    return [digest_of(str(number).encode()) for number in range(first, last + 1)]


def _commit(first: int, last: int) -> Commit:
    entries = [(make_id(NOW_MS, digest), digest) for digest in _digests(first, last)]
    increments = {"user.login|session|1": len(entries)}
    day = ("counters#acme#day", "2025-11-24")
    return Commit(str(first), str(last), entries, {BUCKET: increments, day: increments})


def test_a_new_ledger_has_no_head(subject: Subject) -> None:
    assert subject.store.head() is None


def test_commits_follow_each_other(subject: Subject) -> None:
    first = subject.store.commit(_commit(1, 3), None, 4)
    assert first == subject.store.head() == Head(3, 4)
    second = subject.store.commit(_commit(4, 4), first, 4)
    assert second == subject.store.head() == Head(4, 4)
    assert subject.log() == _digests(1, 4)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 4}


def test_a_commit_happens_once(subject: Subject) -> None:
    head = subject.store.commit(_commit(1, 3), None, 4)
    for after in (None, head):
        with pytest.raises(AlreadyCommittedError) as caught:
            subject.store.commit(_commit(1, 2), after, 4)
        assert caught.value.last == "3"
    assert subject.log() == _digests(1, 3)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 3}
    assert subject.store.head() == head


@pytest.mark.parametrize("after", [None, Head(2, 4), Head(4, 4)])
def test_a_commit_takes_the_head_only_as_it_read_it(subject: Subject, after: Head | None) -> None:
    head = subject.store.commit(_commit(1, 3), None, 4)
    with pytest.raises(HeadMovedError):
        subject.store.commit(_commit(4, 5), after, 4)
    assert subject.store.head() == head
    assert subject.log() == _digests(1, 3)


@pytest.mark.parametrize("moment", Moment)
def test_a_failed_commit_is_whole_or_not(subject: Subject, moment: Moment) -> None:
    error = HeadMovedError if moment is Moment.DURING else StoreUnavailableError
    with subject.spoil(moment), pytest.raises(error):
        subject.store.commit(_commit(1, 3), None, 4)
    if moment is Moment.AFTER:
        with pytest.raises(AlreadyCommittedError):
            subject.store.commit(_commit(1, 3), None, 4)
    else:
        assert subject.store.head() is None
        subject.store.commit(_commit(1, 3), None, 4)
    assert subject.store.head() == Head(3, 4)
    assert subject.log() == _digests(1, 3)
    assert subject.counters()[BUCKET] == {"user.login|session|1": 3}
