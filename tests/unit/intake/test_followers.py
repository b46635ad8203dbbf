"""Followers: one event a minute, and nothing is merged that was another read."""

from dataclasses import replace

import pytest

from prooftrail.event.times import format_timestamp
from prooftrail.intake.followers import MAX_COUNTED_EVENTS, MAX_FOLLOWERS, Followers
from prooftrail.intake.reads import TrailRead
from tests.unit.intake.test_reads import READ


def read_at(seconds: float, **changes: object) -> TrailRead:
    """Return a read with one event, this many seconds after the first."""
    time_ms = READ.time_ms + int(1000 * seconds)
    return replace(READ, time_ms=time_ms, event_count=1, **changes)  # type: ignore[arg-type]  # by name


def from_second(seconds: int) -> dict[str, str]:
    return {"startDate": format_timestamp(READ.time_ms + 1000 * seconds), "limit": "200"}


def test_a_follower_leaves_one_event_a_minute_with_the_sums() -> None:
    followers = Followers()
    recorded = [
        each
        for second in range(0, 180, 5)
        for each in followers.add(read_at(second, filters=from_second(second - 60)))
    ]
    assert [(each.time_ms - READ.time_ms) // 1000 for each in recorded] == [0, 60, 120]
    assert [(each.read_count, each.event_count) for each in recorded] == [
        (1, 1),
        (12, 12),
        (12, 12),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"tenant_id": "other"},
        {"reader": "somebody else"},
        {"route": "GET /audit-logs/stats"},
        {"filters": {"userId": "u-2"}},
        {"filters": {"userId": "u-1", "cursor": "c"}},
        {"is_masked": False},
        {"event_id": "E1"},
    ],
    ids=str,
)
def test_another_read_is_recorded_at_once(other: dict[str, object]) -> None:
    followers = Followers()
    followers.add(read_at(0))
    assert followers.add(read_at(1, **other)) == [read_at(1, **other)]


def test_pages_are_not_repetitions() -> None:
    followers = Followers()
    pages = [read_at(second, filters={"cursor": "c"}) for second in range(3)]
    assert [followers.add(page) for page in pages] == [[page] for page in pages]


def test_a_read_that_goes_back_further_is_recorded() -> None:
    followers = Followers()
    followers.add(read_at(0, filters=from_second(0)))
    assert followers.add(read_at(1, filters=from_second(-15 * 60))) == []
    earlier = read_at(2, filters=from_second(-2 * 3600))
    [recorded] = followers.add(earlier)
    assert (recorded.filters, recorded.read_count) == (earlier.filters, 2)
    assert followers.add(replace(earlier, filters={}))


def test_the_pages_of_a_reader_who_moves_the_start_forward_are_recorded() -> None:
    """A walk through the whole trail is not a repetition, though no page has a cursor."""
    followers = Followers()
    hours = [
        read_at(hour, filters={"order": "asc", **from_second((hour - 50) * 3601)})
        for hour in range(3)
    ]
    assert [[each.filters for each in followers.add(page)] for page in hours] == [
        [page.filters] for page in hours
    ]


def test_a_start_where_there_was_none_is_another_read() -> None:
    followers = Followers()
    followers.add(read_at(0, filters={"limit": "1"}))
    with_start = read_at(1, filters={"startDate": "1970-01-01", "limit": "1000"})
    assert followers.add(with_start) == [with_start]


def test_many_events_are_not_held_back_for_a_minute_in_which_the_process_can_end() -> None:
    followers = Followers()
    followers.add(read_at(0, filters={"limit": "1"}))
    many = replace(read_at(1, filters={"limit": "1000"}), event_count=MAX_COUNTED_EVENTS)
    assert followers.add(many) == []
    one = read_at(2, filters={"limit": "1000"})
    assert followers.add(one) == [replace(one, read_count=2, event_count=MAX_COUNTED_EVENTS + 1)]
    assert followers.add(read_at(3, filters={"limit": "1000"})) == []


def test_what_a_follower_that_stopped_has_counted_is_recorded_with_the_next_read() -> None:
    followers = Followers()
    followers.add(read_at(0))
    followers.add(read_at(5))
    followers.add(read_at(10))
    other = read_at(61, reader="somebody else")
    assert followers.add(other) == [
        replace(read_at(10), read_count=2, event_count=2),
        other,
    ]
    assert followers.add(read_at(62, reader="a third")) == [read_at(62, reader="a third")]


def test_the_followers_that_are_known_are_limited() -> None:
    followers = Followers()
    for number in range(MAX_FOLLOWERS + 1):
        followers.add(read_at(0, reader=f"r-{number}"))
    assert followers.add(read_at(1, reader="r-0")), "was forgotten"
    assert not followers.add(read_at(1, reader=f"r-{MAX_FOLLOWERS}"))
