"""Statistics: exact for any range of hours; the cost depends on its hours and days only."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidQueryError, RangeTooLargeError
from prooftrail.event import keys
from prooftrail.event.ids import decode_time
from prooftrail.event.record import EventRecord
from prooftrail.event.times import (
    DAY_MS,
    HOUR_MS,
    MAX_TIMESTAMP_MS,
    format_timestamp,
    parse_timestamp,
)
from prooftrail.query import stats
from prooftrail.query.stats import NameCount, Statistics, StatsQuery, count_events
from tests.support.fake_reader import FakeCounters, FakeEvents
from tests.support.samples import NOW_MS, make_event_record

SHARDS = 4
MIDNIGHT = NOW_MS // DAY_MS * DAY_MS - 5 * DAY_MS


def make_counters(records: list[EventRecord]) -> FakeCounters:
    """Return the counters that the ledger has for these records, some in pages."""
    counters = FakeCounters()
    for number, one in enumerate(records):
        moment = format_timestamp(decode_time(one.id))
        name = keys.make_counter_name(one.action, one.resource_type, one.success)
        page = "~07" if number % 3 == 0 else ""
        for address in (
            (one.tenant_id, "hour", moment[:13] + page),
            (one.tenant_id, "day", moment[:10] + page),
        ):
            item = counters.items.setdefault(address, {})
            item[name] = item.get(name, 0) + 1
    return counters


def count_records(records: list[EventRecord], **options: Any) -> Statistics:
    query = StatsQuery.from_dates("default", **{"now_ms": NOW_MS, **options})
    return count_events(query, make_counters(records), FakeEvents(records), shard_count=SHARDS)


EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.integers(-3 * 24 * 4, 3 * 24 * 4).map(lambda quarter: quarter * HOUR_MS // 4),
            "userId": st.sampled_from(["ada", "ada#", "bob"]),
            "action": st.sampled_from(["user.login", "user.logout", "guild.update"]),
            "resourceType": st.sampled_from(["guild", "user"]),
            "success": st.booleans(),
            "tenantId": st.sampled_from(["default", "default", "default2"]),
        }
    ),
    max_size=40,
)
MOMENTS = st.integers(-80, 80).map(lambda hours: MIDNIGHT + hours * HOUR_MS + 1_234)


@given(
    events=EVENTS,
    moments=st.tuples(MOMENTS, MOMENTS),
    user=st.sampled_from([None, "ada"]),
    action=st.sampled_from([None, "user.login", "user.*"]),
    resource_type=st.sampled_from([None, "guild"]),
    interval=st.sampled_from([None, "hour", "day"]),
)
def test_the_counts_equal_a_recount_of_the_hours(
    events: list[dict[str, Any]],
    moments: tuple[int, int],
    user: str | None,
    action: str | None,
    resource_type: str | None,
    interval: Any,
) -> None:
    records = []
    for number, fields in enumerate(events):
        at = MIDNIGHT + fields.pop("at")
        fields |= {"eventId": f"e-{number}", "timestamp": format_timestamp(at)}
        records.append(make_event_record(**fields))
    start, end = sorted(moments)
    statistics = count_records(
        records,
        start_ms=start,
        end_ms=end,
        user_id=user,
        action=action,
        resource_type=resource_type,
        interval=interval,
    )
    matching = [
        one
        for one in records
        if one.tenant_id == "default"
        and start // HOUR_MS <= decode_time(one.id) // HOUR_MS <= end // HOUR_MS
        and user in (None, one.user_id)
        and (action is None or one.action.startswith(action.rstrip("*")))
        and resource_type in (None, one.resource_type)
    ]
    assert statistics.successful == sum(one.success for one in matching)
    assert statistics.failed == sum(not one.success for one in matching)
    assert sum(each.count for each in statistics.by_action) == len(matching)
    assert sum(each.failed for each in statistics.by_resource_type) == statistics.failed
    assert sum(each.count for each in statistics.by_resource_type) == len(matching)
    numbers = [each.count for each in statistics.by_action]
    assert numbers == sorted(numbers, reverse=True)
    if interval is None:
        assert statistics.series is None
        return
    assert statistics.series is not None
    assert sum(one.successful for one in statistics.series) == statistics.successful
    assert sum(one.failed for one in statistics.series) == statistics.failed
    duration = HOUR_MS if interval == "hour" else DAY_MS
    starts = [one.start_ms for one in statistics.series]
    assert starts == list(range(start // duration * duration, end + 1, duration))


def test_the_range_is_widened_to_whole_hours() -> None:
    query = StatsQuery.from_dates(
        "default",
        now_ms=NOW_MS,
        start_ms=parse_timestamp("2026-11-24T08:15:00Z"),
        end_ms=parse_timestamp("2026-11-24T09:00:00Z"),
    )
    assert format_timestamp(query.start_ms) == "2026-11-24T08:00:00.000Z"
    assert format_timestamp(query.end_ms) == "2026-11-24T09:59:59.999Z"


def test_without_dates_it_is_the_last_thirty_days() -> None:
    query = StatsQuery.from_dates("default", now_ms=NOW_MS)
    assert query.end_ms == NOW_MS // HOUR_MS * HOUR_MS + HOUR_MS - 1
    assert query.start_ms == (NOW_MS - 30 * DAY_MS) // HOUR_MS * HOUR_MS


@pytest.mark.parametrize(("start", "end"), [(0, 0), (MAX_TIMESTAMP_MS, MAX_TIMESTAMP_MS)])
def test_the_first_and_the_last_hour_can_be_counted(start: int, end: int) -> None:
    assert count_records([], start_ms=start, end_ms=end).failed == 0


def test_a_range_of_days_reads_days_and_the_hours_at_its_edges() -> None:
    counters = FakeCounters()
    for hour in range(24 * 10):
        moment = format_timestamp(MIDNIGHT + hour * HOUR_MS)
        counters.items["default", "hour", moment[:13]] = {"a.b|c|1": 1}
        counters.items["default", "day", moment[:10]] = {"a.b|c|1": 24}
    query = StatsQuery.from_dates(
        "default",
        now_ms=NOW_MS,
        start_ms=MIDNIGHT + 22 * HOUR_MS,
        end_ms=MIDNIGHT + 8 * DAY_MS + 2 * HOUR_MS,
    )
    statistics = count_events(query, counters, FakeEvents(), shard_count=SHARDS)
    assert statistics.successful == 2 + 7 * 24 + 3
    assert [span for span, _ in counters.read] == ["hour"] * 2 + ["day"] * 7 + ["hour"] * 3


def test_a_whole_day_is_one_item() -> None:
    counters = FakeCounters()
    counters.items["default", "day", format_timestamp(MIDNIGHT)[:10]] = {"a.b|c|0": 5}
    query = StatsQuery.from_dates(
        "default", now_ms=NOW_MS, start_ms=MIDNIGHT, end_ms=MIDNIGHT + DAY_MS - 1
    )
    assert count_events(query, counters, FakeEvents(), shard_count=SHARDS).failed == 5
    assert len(counters.read) == 1


def test_a_range_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(InvalidQueryError) as caught:
        StatsQuery.from_dates("default", now_ms=NOW_MS, start_ms=NOW_MS, end_ms=NOW_MS - DAY_MS)
    assert [problem.path for problem in caught.value.problems] == ["startDate"]


@pytest.mark.parametrize(("interval", "days"), [("hour", 31), ("day", 3_660)])
def test_a_series_has_a_maximum_length(interval: Any, days: int) -> None:
    end = MIDNIGHT + DAY_MS - 1
    longest = {"start_ms": MIDNIGHT - (days - 1) * DAY_MS, "end_ms": end, "interval": interval}
    assert count_records([], **longest).series is not None
    with pytest.raises(RangeTooLargeError):
        count_records([], **{**longest, "end_ms": end + 1})


def test_a_user_with_too_many_events_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stats, "MAX_USER_ROWS", 10)
    records = [make_event_record(eventId=f"e-{number}", userId="ada") for number in range(11)]
    assert count_records(records[:10], user_id="ada").successful == 10
    with pytest.raises(RangeTooLargeError) as caught:
        count_records(records, user_id="ada")
    assert caught.value.code == "range_too_large"


def test_the_statistics_of_a_user_count_what_was_done_on_their_behalf_once() -> None:
    for_ada: dict[str, Any] = {
        "onBehalfOf": {"userId": "ada"},
        "targets": [{"type": "user", "id": "ada"}],
    }
    records = [
        make_event_record(eventId="e-1", userId="ada", **for_ada),
        make_event_record(eventId="e-2", userId="bob", **for_ada),
        make_event_record(eventId="e-3", userId="bob"),
    ]
    assert count_records(records, user_id="ada").total == 2
    assert count_records(records, user_id="bob").total == 2


def test_the_json_has_the_documented_form() -> None:
    records = [
        make_event_record(eventId="e-1"),
        make_event_record(eventId="e-2"),
        make_event_record(
            eventId="e-3", action="guild.update", resourceType="guild", success=False
        ),
    ]
    hour = format_timestamp(NOW_MS // HOUR_MS * HOUR_MS)
    content = json.loads(
        count_records(records, start_ms=NOW_MS, end_ms=NOW_MS, interval="hour").to_json()
    )
    assert content == {
        "startDate": hour,
        "endDate": hour.replace("00:00.000", "59:59.999"),
        "total": 3,
        "successful": 2,
        "failed": 1,
        "successRate": 66.67,
        "actionBreakdown": [
            {"action": "user.login", "count": 2, "failed": 0},
            {"action": "guild.update", "count": 1, "failed": 1},
        ],
        "resourceTypeBreakdown": [
            {"resourceType": "session", "count": 2, "failed": 0},
            {"resourceType": "guild", "count": 1, "failed": 1},
        ],
        "series": [{"start": hour, "total": 3, "successful": 2, "failed": 1}],
    }
    assert "series" not in json.loads(count_records(records).to_json())


def test_the_rarest_of_very_many_names_are_counted_together() -> None:
    names = {f"a{n:04}|t|1": 2 for n in range(stats.MAX_NAMES)} | {"z1|t|1": 1, "z2|u|0": 1}
    counters = FakeCounters()
    counters.items[("default", "hour", format_timestamp(MIDNIGHT)[:13])] = names
    query = StatsQuery.from_dates("default", now_ms=NOW_MS, start_ms=MIDNIGHT, end_ms=MIDNIGHT)
    statistics = count_events(query, counters, FakeEvents([]), shard_count=SHARDS)
    assert statistics.by_action[-1] == NameCount("(other)", 1, 1)
    assert len(statistics.by_action) == stats.MAX_NAMES + 1
    assert (
        sum(each.count for each in statistics.by_action)
        == statistics.successful + statistics.failed
    )
    assert statistics.by_resource_type == (
        NameCount("t", 2 * stats.MAX_NAMES + 1, 0),
        NameCount("u", 0, 1),
    )
