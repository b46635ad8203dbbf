"""The ports in memory: as strict as their promises, and able to fail at every moment.

`moments` says when each call in turn goes wrong. A fake that is used against its port's rules, or
made to break one, raises AssertionError.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from enum import Enum, auto
from hashlib import sha256

from auditlog.entry import LoggedEvent
from auditlog.errors import (
    AlreadyCommittedError,
    AuditLogError,
    CorruptRecordError,
    HeadMovedError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from auditlog.head import Head
from auditlog.ledger import (
    MAX_COUNTER_ITEMS,
    MAX_COUNTERS_PER_ITEM,
    Commit,
    CounterAddress,
)
from auditlog.merkle import Edge, leaf_hash
from auditlog.record import EventRecord
from auditlog.store import DeadLetter


class Moment(Enum):
    """When a call fails: before anything is kept, with half of it kept, or with the answer lost."""

    BEFORE = auto()
    DURING = auto()
    AFTER = auto()


Moments = Iterable[Moment | None]


class OnDemand:
    """Moments for a fake whose next call goes wrong when a test says so."""

    def __init__(self) -> None:
        self._next: list[Moment] = []

    def __iter__(self) -> Iterator[Moment | None]:
        while True:
            yield self._next.pop() if self._next else None

    def spoil(self, moment: Moment) -> AbstractContextManager[None]:
        """Let the next call meet this moment."""
        self._next = [moment]
        return nullcontext()


def _kept(moment: Moment | None, count: int) -> tuple[set[int], set[int]]:
    """The positions to keep and those to name as failed."""
    everything = set(range(count))
    match moment:
        case None:
            return everything, set()
        case Moment.BEFORE:
            return set(), everything
        case Moment.DURING:
            return set(range(0, count, 2)), set(range(1, count, 2))
        case Moment.AFTER:
            return everything, everything


class MemoryEventWriter:
    """`EventWriter`; `records` holds what is durable, by tenant and id, in the order of arrival.

    `refusal` may name an error that a record meets every time.
    """

    def __init__(
        self,
        moments: Moments = (),
        refusal: Callable[[EventRecord], AuditLogError | None] = lambda _: None,
    ) -> None:
        self.records: dict[tuple[str, str], EventRecord] = {}
        self._moments = iter(moments)
        self._refusal = refusal

    def put(self, records: Sequence[EventRecord]) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        addresses = [(record.tenant_id, record.id) for record in records]
        assert len(set(addresses)) == len(addresses), "two records of a call share an address"
        keep, fail = _kept(next(self._moments, None), len(records))
        faults: dict[int, AuditLogError] = {}
        for position, (address, record) in enumerate(zip(addresses, records, strict=True)):
            assert sha256(record.canonical).digest() == record.digest, "a digest of other content"
            error = self._refusal(record)
            if error is None and position in keep:
                known = self.records.setdefault(address, record)
                assert known.digest == record.digest, "a stored event would be replaced"
            if error is None and position in fail:
                error = StoreUnavailableError("injected")
            if error is not None:
                faults[position] = error
        return faults


class MemoryDeadLetterBox:
    """`DeadLetterBox`; `letters` holds what was taken."""

    def __init__(self, moments: Moments = ()) -> None:
        self.letters: list[DeadLetter] = []
        self._moments = iter(moments)

    def send(self, letters: Sequence[DeadLetter]) -> Mapping[int, AuditLogError]:
        """See `DeadLetterBox.send`."""
        keep, fail = _kept(next(self._moments, None), len(letters))
        for letter in letters:
            assert letter.error_message, "a letter without a reason"
        self.letters += [letter for position, letter in enumerate(letters) if position in keep]
        return {position: QueueUnavailableError("injected") for position in sorted(fail)}


class MemoryPayloadStore:
    """`PayloadStore`; `payloads` holds what was kept, by key."""

    def __init__(self, moments: Moments = ()) -> None:
        self.payloads: dict[str, bytes] = {}
        self._moments = iter(moments)

    def save(self, digest: bytes, payload: bytes) -> str:
        """See `PayloadStore.save`."""
        assert sha256(payload).digest() == digest, "a digest of other content"
        key = f"overflow/{digest.hex()}"
        moment = next(self._moments, None)
        if moment in {None, Moment.AFTER}:
            self.payloads[key] = payload
        if moment:
            raise StoreUnavailableError("injected")
        return key

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        if next(self._moments, None):
            raise StoreUnavailableError("injected")
        payload = self.payloads.get(key)
        if payload is None or key != f"overflow/{sha256(payload).hexdigest()}":
            raise CorruptRecordError(f"{key} is not here, or not what its name says")
        return payload


class MemoryLedger:
    """`LedgerStore`; `commits`, `counters` and `events` (the log) hold what is durable.

    A transaction is whole or not, so `Moment.DURING` is another one in its way.
    """

    def __init__(self, moments: Moments = ()) -> None:
        self.commits: dict[str, Commit] = {}
        self.counters: dict[CounterAddress, Counter[str]] = {}
        self.events: list[LoggedEvent] = []
        self._head: Head | None = None
        self._moments = iter(moments)

    def head(self) -> Head | None:
        """See `LedgerStore.head`."""
        return self._head

    def commit(self, commit: Commit, before: Head | None, after: Head) -> None:
        """See `LedgerStore.commit`."""
        _check(commit, before, after)
        moment = next(self._moments, None)
        if moment is Moment.BEFORE:
            raise StoreUnavailableError("injected")
        if earlier := self.commits.get(commit.first):
            raise AlreadyCommittedError(earlier.last)
        if before != self._head or moment is Moment.DURING:
            raise HeadMovedError("another transaction came first")
        self.commits[commit.first] = commit
        self.events += commit.events
        for address, increments in commit.increments.items():
            self.counters.setdefault(address, Counter()).update(increments)
        self._head = after
        if moment is Moment.AFTER:
            raise StoreUnavailableError("injected")


def _check(commit: Commit, before: Head | None, after: Head) -> None:
    assert commit.events, "a commit of nothing"
    assert len(commit.tenants) == len(commit.events), "an event of no tenant"
    edge = (before.edge if before else Edge()).extended(leaf_hash(e.entry) for e in commit.events)
    assert after.edge == edge, "a head that the entries do not lead to"
    assert int(commit.first) <= int(commit.last), "a commit that ends before it begins"
    assert len(commit.increments) <= MAX_COUNTER_ITEMS, "too many items for a transaction"
    for counters in commit.increments.values():
        assert 0 < len(counters) <= MAX_COUNTERS_PER_ITEM, "too many counters for an expression"
        assert all(count > 0 for count in counters.values()), "a counter that does not grow"
    counted = sum(sum(counters.values()) for counters in commit.increments.values())
    assert counted == 2 * len(commit.events), "an event counts once an hour and once a day"
