"""What an honest trail does while it is verified, or has done before, is no finding.

`tests/integration/mutations/test_hiding.py` has those who pretend to be honest.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from prooftrail.event.times import DAY_MS, HOUR_MS, format_timestamp
from prooftrail.verify.confirmation import GRACE_SECONDS
from prooftrail.verify.findings import FindingKind
from prooftrail.verify.ports import LedgerItem, TableItem
from prooftrail.verify.result import Outcome, TrailResult
from tests.integration.mutations.test_removal_mutations import clean
from tests.support.faults import Crash, Fault, inject_fault
from tests.support.mutated_trail import (
    CLOCK_MS,
    EVENTS,
    LARGE,
    PAYLOADS,
    Trail,
)
from tests.support.samples import NOW_MS, make_order_record
from tests.support.stack import deployed

MINUTE_MS = 60_000
COUNT = 30
TILES_OF_ONE_ENTRY = 2  # an entry bundle and a tile of hashes


@contextmanager
def published(*, retention_days: int = 0) -> Iterator[Trail]:
    """A small trail that is published as a whole."""
    with deployed() as stack:
        made = Trail(stack)
        made.store(COUNT, retention_days=retention_days)
        made.commit(COUNT)
        made.publish()
        made.note_log()
        yield made


@pytest.fixture(autouse=True)
def _credentials(credentials: None) -> None:
    """Credentials for moto."""


class Reader:
    """Reads the tables, and calls `between` after the ledger has been read, once."""

    def __init__(self, trail: Trail, between: Callable[[], object]) -> None:
        self._trail = trail
        self._actions = [between]

    def read_ledger(self) -> Iterator[LedgerItem]:
        """See `TrailReader.read_ledger`."""
        yield from self._trail.reader().read_ledger()
        if self._actions:
            self._actions.pop()()

    def read_events(self) -> Iterator[TableItem]:
        """See `TrailReader.read_events`."""
        return self._trail.reader().read_events()


def assert_verified(result: TrailResult) -> TrailResult:
    """Check that nothing was found and nothing is left open."""
    assert not result.findings
    assert not result.unproved
    assert result.outcome is Outcome.VERIFIED
    return result


def test_an_event_that_is_stored_after_the_command_began() -> None:
    with published() as trail:
        reader = Reader(trail, lambda: trail.store(1, sent_at=CLOCK_MS + MINUTE_MS))
        # the clock goes on while the tables are read
        result = assert_verified(trail.verify(reader=reader, now_ms=CLOCK_MS + 2 * MINUTE_MS))
        assert result.pending == 1


def test_an_event_that_waited_on_the_queue_before_it_was_stored() -> None:
    for waited in (20 * MINUTE_MS, 13 * DAY_MS):
        with published() as trail:
            trail.deliver([COUNT], sent_at=CLOCK_MS - waited, stored_at=CLOCK_MS - 1_000)
            assert assert_verified(trail.verify(reader=trail.reader())).pending == 1


def test_a_clock_that_is_a_few_seconds_slow() -> None:
    with published() as trail:
        trail.deliver([COUNT], sent_at=CLOCK_MS)
        result = assert_verified(trail.verify(reader=trail.reader(), now_ms=CLOCK_MS - 5_000))
        assert result.pending == 1


def test_the_time_is_that_of_the_table_not_of_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with published() as trail:
        right = trail.reader().read_time()
        for wrong_by in (-30 * DAY_MS, 5 * HOUR_MS):
            monkeypatch.setattr(
                "prooftrail.aws.trail.now_ms", lambda wrong_by=wrong_by: right + wrong_by
            )
            assert 0 <= trail.reader().read_time() - right < MINUTE_MS


def test_an_event_that_is_sent_again_after_a_clean_up() -> None:
    with published() as trail:
        order = make_order_record(trail.ids[0], trail.ids[3], tenant_id="acme")
        clean(trail, order, [0, 3])
        trail.deliver([0], sent_at=CLOCK_MS - MINUTE_MS)
        trail.commit(1)
        trail.publish()
        result = assert_verified(trail.verify(reader=trail.reader()))
        assert (result.resent, result.removed, result.stored) == (1, 1, COUNT)
        second = make_order_record(
            trail.ids[0], tenant_id="acme", timestamp=format_timestamp(NOW_MS + 1)
        )
        clean(trail, second, [0])
        result = assert_verified(trail.verify(reader=trail.reader()))
        assert (result.resent, result.removed) == (1, 3)


def test_an_event_that_is_sent_again_after_a_clean_up_under_a_shorter_retention() -> None:
    with published() as trail:
        clean(trail, make_order_record(trail.ids[0], tenant_id="acme"), [0])
        trail.deliver([0], sent_at=CLOCK_MS - MINUTE_MS, retention_days=1)
        trail.commit(1)
        assert assert_verified(trail.verify(reader=trail.reader())).resent == 1


def test_an_event_that_is_sent_again_after_it_expired() -> None:
    with published(retention_days=30) as trail:
        later = NOW_MS + 31 * DAY_MS
        for position in range(COUNT):
            trail.remove(EVENTS, trail.event(position))
        trail.commit(COUNT)
        trail.deliver([5], sent_at=later, retention_days=30)
        trail.commit(1)
        result = assert_verified(trail.verify(reader=trail.reader(), now_ms=later + HOUR_MS))
        assert (result.resent, result.expired, result.stored) == (1, COUNT - 1, 1)


def test_a_fresh_installation() -> None:
    with deployed() as stack:
        trail = Trail(stack)
        result = trail.verify(reader=trail.reader())
        assert (result.outcome, result.findings, result.unproved) == (Outcome.EMPTY, [], [])
        trail.store(2, sent_at=CLOCK_MS - MINUTE_MS)
        trail.commit(1)
        result = trail.verify(reader=trail.reader())
        assert (result.outcome, result.unpublished, result.pending) == (Outcome.EMPTY, 1, 1)


def test_a_publication_that_does_not_run_is_unproved_and_no_finding() -> None:
    with deployed() as stack:
        trail = Trail(stack)
        trail.store(2)
        trail.commit(2)
        result = trail.verify(reader=trail.reader())
        assert (result.outcome, result.findings) == (Outcome.UNPROVED, [])
        assert "does not publish" in str(result.unproved[0])


def test_a_publication_that_did_not_end_is_unproved_and_no_finding() -> None:
    """The function died after it had written the ledger's checkpoint, before the published one."""
    with published() as trail:
        trail.store(1)
        trail.commit(1)
        with (
            inject_fault(TILES_OF_ONE_ENTRY, Fault.CRASH_BEFORE, "PutObject"),
            pytest.raises(Crash),
        ):
            trail.publish()
        result = trail.verify(reader=trail.reader())
        assert (result.outcome, result.findings) == (Outcome.UNPROVED, [])
        assert result.entries == COUNT + 1
        [unproved] = result.unproved
        assert f"differ: {COUNT} and {COUNT + 1} entries" in str(unproved)

        def publish_meanwhile(seconds: float) -> None:
            if seconds == GRACE_SECONDS:
                trail.publish()

        assert_verified(trail.verify(reader=trail.reader(), sleep=publish_meanwhile))


def test_a_ledger_that_is_behind_is_unproved_and_no_finding() -> None:
    with published() as trail:
        trail.deliver([COUNT, COUNT + 1], sent_at=CLOCK_MS - HOUR_MS // 2)
        trail.deliver([COUNT + 2], sent_at=CLOCK_MS - MINUTE_MS)
        result = trail.verify(reader=trail.reader())
        assert (result.outcome, result.findings) == (Outcome.UNPROVED, [])
        assert (len(result.unproved), result.pending) == (2, 1)
        assert "has logged nothing that is later" in str(result.unproved[0])
        trail.commit(3)
        assert_verified(trail.verify(reader=trail.reader()))


def test_a_second_delivery_meanwhile() -> None:
    with published(retention_days=30) as trail:
        reader = Reader(
            trail,
            lambda: trail.deliver(range(COUNT), sent_at=CLOCK_MS, retention_days=30),
        )
        assert_verified(trail.verify(reader=reader))
        assert_verified(trail.verify(reader=trail.reader()))


def test_an_expiry_meanwhile() -> None:
    with published(retention_days=30) as trail:
        end_ms = NOW_MS + 30 * DAY_MS
        times = iter([end_ms - 1])

        def remove() -> None:
            trail.remove(EVENTS, trail.event(5))
            trail.commit(1)

        result = trail.verify(
            reader=Reader(trail, remove), now_ms=lambda: next(times, end_ms + MINUTE_MS)
        )
        assert assert_verified(result).expired == 1


def test_an_expired_event_whose_payload_s3_removes_before_dynamodb_removes_the_item() -> None:
    """The same before its expiry is evidence, and so is an expiry that was brought forward."""
    end_ms = NOW_MS + 30 * DAY_MS
    with published(retention_days=30) as trail:
        trail.deliver([LARGE], sent_at=NOW_MS, retention_days=30)
        trail.commit(1)
        trail.publish()
        [item] = [each for each in trail.scan(EVENTS) if "overflow" in each]
        trail.erase(PAYLOADS, item["overflow"]["S"])
        for now_ms, kinds in ((end_ms - 1, [FindingKind.ALTERED]), (end_ms, [])):
            result = trail.verify(reader=trail.reader(), now_ms=now_ms)
            assert [finding.kind for finding in result.findings] == kinds
        assert (result.expired, result.stored) == (1, COUNT + 1)
        trail.put(EVENTS, item, expiresAt={"N": str(CLOCK_MS // 1000)})
        [finding] = trail.verify(reader=trail.reader()).findings
        assert finding.kind is FindingKind.ALTERED


class Busy:
    """Something honest happens after each call of AWS that the verification makes."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._is_acting = False
        self.count = 0
        self._next = COUNT
        self._orders = 0

    def __call__(self, **_: Any) -> None:
        """Do the next thing, unless it is what makes the call."""
        if self._is_acting:
            return
        self._is_acting = True
        actions = (self._store, self._trail.publish, self._redeliver, self._clean)
        actions[self.count % len(actions)]()
        self.count += 1
        self._is_acting = False

    def _store(self) -> None:
        self._trail.deliver([self._next], sent_at=CLOCK_MS)
        self._trail.commit(1)
        self._next += 1

    def _redeliver(self) -> None:
        self._trail.deliver([self._next - 1, 1], sent_at=CLOCK_MS)
        self._trail.commit(2)  # two records of modifications

    def _clean(self) -> None:
        at = 3 * self._orders + 2
        self._orders += 1
        if at >= COUNT:
            return
        order = make_order_record(
            self._trail.ids[at], tenant_id="initech", event_id=f"order-{self._orders}"
        )
        clean(self._trail, order, [at])


def test_everything_at_once_meanwhile() -> None:
    with published() as trail:
        busy = Busy(trail)
        for client in (trail.dynamodb, trail.s3):
            client.meta.events.register("after-call", busy)
        for _ in range(3):
            result = trail.verify(reader=trail.reader())
            assert not result.findings
        assert busy.count > 20
        for client in (trail.dynamodb, trail.s3):
            client.meta.events.unregister("after-call", busy)
        assert_verified(trail.verify(reader=trail.reader()))
