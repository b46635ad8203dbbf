"""Commits: whole batches in order, within a transaction's limits, and once."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.aws.stream import read_changes
from prooftrail.errors import (
    CorruptRecordError,
    HeadMovedError,
    ShardCountMismatchError,
    StoreUnavailableError,
)
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.ledger.commit import (
    MAX_ATTEMPTS,
    MAX_COUNTER_ITEMS,
    MAX_COUNTERS_PER_ITEM,
    CommitResult,
    commit_changes,
)
from prooftrail.ledger.receipt import Receipt
from tests.support.fakes import MemoryLedger, Moment
from tests.support.samples import NOW_MS, make_event_record
from tests.support.stream_samples import commit_to, make_change, make_inserts, make_item


def test_events_get_their_positions_in_order_and_are_counted() -> None:
    records = [make_event_record(eventId=str(n), success=n > 0) for n in range(3)]
    ledger = MemoryLedger()
    assert commit_to(make_inserts(records), ledger) == CommitResult(new=3, replayed=0)
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]
    counted = Counter({"user.login|session|1": 2, "user.login|session|0": 1})
    assert ledger.counters == {
        ("counters#default#hour", "2025-11-24T16"): counted,
        ("counters#default#day", "2025-11-24"): counted,
    }


def test_a_counter_is_of_the_events_own_hour() -> None:
    ledger = MemoryLedger()
    commit_to(make_inserts([make_event_record(timestamp="2024-02-29T23:59:59.999Z")]), ledger)
    assert {sort for _, sort in ledger.counters} == {"2024-02-29T23", "2024-02-29"}


def test_a_batch_of_nothing_new_commits_nothing() -> None:
    ledger = MemoryLedger()
    same = make_item(make_event_record())
    assert commit_to([], ledger).new == 0
    assert commit_to([make_change("MODIFY", old=same, new=same)], ledger).new == 0
    assert ledger.read_head() is None


def test_a_transaction_takes_no_more_counter_items_than_it_may() -> None:
    """Each event has an hour of its own: the fake checks every commit."""
    hours = [format_timestamp(NOW_MS - n * HOUR_MS) for n in range(300)]
    ledger = MemoryLedger()
    assert (
        commit_to(make_inserts([make_event_record(timestamp=hour) for hour in hours]), ledger).new
        == 300
    )
    sizes = [len(commit.increments) for commit in ledger.commits.values()]
    assert len(sizes) > 3
    assert min(sizes[:-1]) >= MAX_COUNTER_ITEMS - 1


def test_a_transaction_takes_no_more_counters_of_an_item_than_it_may() -> None:
    records = [make_event_record(action=f"a{n}") for n in range(2 * MAX_COUNTERS_PER_ITEM + 1)]
    ledger = MemoryLedger()
    commit_to(make_inserts(records), ledger)
    sizes = [len(commit.events) for commit in ledger.commits.values()]
    assert sizes == [MAX_COUNTERS_PER_ITEM, MAX_COUNTERS_PER_ITEM, 1]


def test_a_replay_is_skipped_and_a_longer_one_goes_on() -> None:
    records = [make_event_record(action=f"a{n}") for n in range(400)]
    changes = make_inserts(records)
    ledger = MemoryLedger()
    assert commit_to(changes[:200], ledger) == CommitResult(200, 0)
    assert commit_to(changes[:200], ledger) == CommitResult(0, 200)
    assert commit_to(changes, ledger) == CommitResult(200, 200)
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]


def test_sequence_numbers_are_compared_as_numbers() -> None:
    records = [make_event_record(eventId=str(n)) for n in range(4)]
    changes = make_inserts(records, first=98)
    ledger = MemoryLedger()
    commit_to(changes[:3], ledger)
    assert commit_to(changes, ledger) == CommitResult(1, 3)
    assert len(ledger.events) == 4


@given(
    st.lists(st.sampled_from([None, *Moment]), max_size=12),
    st.integers(1, 40),
    st.lists(st.integers(1, 40), max_size=3),
)
def test_any_faults_and_deliveries_commit_each_event_once(
    moments: list[Moment | None], count: int, earlier: list[int]
) -> None:
    records = [
        make_event_record(timestamp=format_timestamp(NOW_MS - n * 20 * HOUR_MS), eventId=str(n))
        for n in range(count)
    ]
    changes = make_inserts(records)
    ledger = MemoryLedger(moments)
    # A batch that failed may have grown when it comes again; it does not shrink.
    for size in [*sorted(earlier), *[count] * (len(moments) + 1)]:
        try:
            commit_to(changes[:size], ledger)
        except StoreUnavailableError:
            continue
    assert [(one.id, one.digest) for one in ledger.events] == [
        (record.id, record.digest) for record in records
    ]
    assert ledger.read_head() is not None
    counted = sum(sum(counters.values()) for counters in ledger.counters.values())
    assert counted == 2 * count


def test_a_commit_says_whose_its_events_are() -> None:
    tenants = ["acme", "globex", "acme", "initech"]
    ledger = MemoryLedger()
    commit_to(
        make_inserts(
            [make_event_record(tenantId=one, eventId=str(n)) for n, one in enumerate(tenants)]
        ),
        ledger,
    )
    assert [list(one.tenants) for one in ledger.commits.values()] == [tenants]


def test_two_shards_take_turns() -> None:
    """Another shard commits between this one's read and write, several times."""
    others = make_inserts([make_event_record(eventId=f"other-{n}") for n in range(5)], first=1000)
    mine = make_inserts([make_event_record(eventId=f"mine-{n}") for n in range(3)])
    ledger = MemoryLedger()
    waits: list[float] = []
    committed = count()

    class Raced(MemoryLedger):
        def read_head(self) -> Any:
            before = ledger.read_head()
            at = next(committed)
            if at < len(others):
                commit_to([others[at]], ledger)
            return before

        def commit(self, *arguments: Any) -> Any:
            return ledger.commit(*arguments)

    commit_changes(mine, Raced(), shard_count=4, sleep=waits.append)
    assert len(ledger.events) == len(others) + len(mine)
    assert len(waits) == len(others)
    assert all(0 <= wait <= 1 for wait in waits)


def test_a_race_that_is_lost_for_ever_is_given_up() -> None:
    waits: list[float] = []
    ledger = MemoryLedger([Moment.DURING] * MAX_ATTEMPTS)
    with pytest.raises(HeadMovedError):
        commit_changes(
            make_inserts([make_event_record()]), ledger, shard_count=4, sleep=waits.append
        )
    assert len(waits) == MAX_ATTEMPTS - 1
    assert sum(waits) < 50
    assert commit_to(make_inserts([make_event_record()]), ledger).new == 1


def test_another_shard_count_is_refused() -> None:
    ledger = MemoryLedger()
    commit_to(make_inserts([make_event_record()]), ledger)
    with pytest.raises(ShardCountMismatchError, match=r"SHARD_COUNT is 8, but .* created with 4"):
        commit_to(make_inserts([make_event_record(eventId="e-2")], first=2), ledger, shard_count=8)
    assert len(ledger.events) == 1


def test_a_commit_that_ends_before_it_begins_is_no_endless_loop() -> None:
    ledger = MemoryLedger()
    commit_to(make_inserts([make_event_record()], first=1), ledger)
    ledger.commits["50"] = ledger.commits["1"]
    with pytest.raises(CorruptRecordError):
        commit_to(make_inserts([make_event_record(eventId="e-2")], first=50), ledger)


@pytest.mark.parametrize(
    "event", [{}, {"Records": [{}]}, {"Records": None}, {"Records": [{"eventName": "X"}]}]
)
def test_what_is_no_stream_event_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises(CorruptRecordError):
        list(read_changes(event, 4))


def test_an_event_with_a_submitter_gets_an_entry_of_version_2() -> None:
    ledger = MemoryLedger()
    records = [
        make_event_record(eventId="old"),
        make_event_record(eventId="new", submitted_by="AIDAEXAMPLE", received_at=NOW_MS + 7),
    ]
    commit_to(make_inserts(records), ledger)
    assert [event.receipt for event in ledger.events] == [
        None,
        Receipt.from_submitter(NOW_MS + 7, "AIDAEXAMPLE"),
    ]


@pytest.mark.parametrize(("length", "commits"), [(12, 4), (512, 16)])
def test_a_commit_has_no_more_submitters_than_its_item_can_hold(length: int, commits: int) -> None:
    ledger = MemoryLedger()
    records = [
        make_event_record(eventId=str(n), submitted_by=f"{n:x>{length}}") for n in range(1_000)
    ]
    assert commit_to(make_inserts(records), ledger).new == 1_000
    assert len(ledger.commits) == commits
    assert len(ledger.events) == 1_000
