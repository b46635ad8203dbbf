"""Following a trail: every event that arrives within the overlap is returned once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import StoreUnavailableError
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.query.filters import Filters
from prooftrail.query.follow import Follower
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS, make_event_record

OVERLAP_MS = 60_000


def make_record(offset_ms: int, name: str = "e", **fields: Any) -> EventRecord:
    """Return the record of an event with its timestamp this far from now."""
    return make_event_record(timestamp=format_timestamp(NOW_MS + offset_ms), eventId=name, **fields)


def make_follower(events: FakeEvents, filters: Filters | None = None) -> Follower:
    return Follower(events, filters or Filters("default"), 4, OVERLAP_MS)


def test_it_starts_with_the_newest_events() -> None:
    records = [make_record(1_000 * n - 100_000, f"e-{n}") for n in range(50)]
    follower = make_follower(FakeEvents(records))
    shown = follower.start(5, NOW_MS)
    assert [one.id for one in shown] == [one.id for one in records[-5:]]
    assert follower.poll(NOW_MS) == []
    assert make_follower(FakeEvents(records)).start(0, NOW_MS) == []
    since = Filters("default", start_ms=NOW_MS - 70_000)
    follower = make_follower(FakeEvents(records), since)
    assert [one.id for one in follower.start(None, NOW_MS)] == [one.id for one in records[30:]]
    assert follower.poll(NOW_MS) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 10), st.integers(0, OVERLAP_MS - 11_000)), min_size=1, max_size=30
    )
)
def test_an_event_within_the_overlap_is_returned_once(arrivals: list[tuple[int, int]]) -> None:
    events = FakeEvents([make_record(-100_000, "first")])
    follower = make_follower(events)
    shown = list(follower.start(10, NOW_MS))
    for second in range(12):
        now_ms = NOW_MS + 1_000 * second
        for n, (arrives, late_ms) in enumerate(arrivals):
            if arrives == second:
                events.add(make_record(1_000 * second - late_ms, f"e-{n}"))
        shown += follower.poll(now_ms)
    ids = [one.id for one in shown]
    assert sorted(ids) == sorted(one.id for one in events.records.values())
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("clock_ms", [-3_600_000, 0, 3_600_000])
def test_a_clock_that_is_wrong_hides_nothing(clock_ms: int) -> None:
    events = FakeEvents([make_record(0, "first")])
    follower = make_follower(events)
    follower.start(1, NOW_MS + clock_ms)
    for n in range(1, 5):
        events.add(make_record(10_000 * n, f"e-{n}"))
        assert len(follower.poll(NOW_MS + clock_ms + 10_000 * n)) == 1


def test_an_event_of_tomorrow_hides_no_event_of_today() -> None:
    events = FakeEvents([make_record(80_000_000, "tomorrow")])
    follower = make_follower(events)
    assert len(follower.start(1, NOW_MS)) == 1
    events.add(make_record(0, "now"))
    assert len(follower.poll(NOW_MS)) == 1
    events.add(make_record(5_000, "later"))
    assert len(follower.poll(NOW_MS + 5_000)) == 1


def test_a_poll_that_fails_loses_nothing() -> None:
    events = FakeEvents([make_record(0, "first")])
    follower = make_follower(events)
    follower.start(1, NOW_MS)
    events.add(make_record(1, "second"))
    events.fault = StoreUnavailableError("throttled")
    with pytest.raises(StoreUnavailableError):
        follower.poll(NOW_MS)
    events.fault = None
    assert len(follower.poll(NOW_MS)) == 1


def test_it_remembers_no_more_than_the_overlap() -> None:
    events = FakeEvents()
    follower = make_follower(events)
    follower.start(0, NOW_MS)
    for n in range(100):
        events.add(make_record(10_000 * n, f"e-{n}"))
        assert len(follower.poll(NOW_MS + 10_000 * n)) == 1
    assert len(follower._seen) <= OVERLAP_MS // 10_000 + 2


def test_only_matching_events_are_returned() -> None:
    events = FakeEvents([make_record(0, "first", userId="u-1")])
    follower = make_follower(events, Filters("default", user_id="u-2"))
    assert follower.start(10, NOW_MS) == []
    events.add(make_record(1, "second", userId="u-1"), make_record(2, "third", userId="u-2"))
    assert len(follower.poll(NOW_MS)) == 1
