"""The report: a recount, in bounded memory."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidQueryError, StoreUnavailableError
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.progress import NoProgress
from prooftrail.query.ports import RowBatch
from prooftrail.query.report import ActivityReport, Ranking, make_report
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS, make_event_record

EVENTS = st.lists(
    st.fixed_dictionaries(
        {
            "userId": st.sampled_from([None, "u-1", "u-2", "u/3"]),
            "action": st.sampled_from(["a.b", "a.c", "d/e"]),
            "resourceType": st.sampled_from(["t", "s", "s/2"]),
            "resourceId": st.sampled_from(["1", "2/x", "#"]),
            "success": st.booleans(),
            "errorMessage": st.sampled_from([None, "timeout", "denied"]),
            "tenantId": st.sampled_from(["default", "acme"]),
            "timestamp": st.integers(0, 3).map(lambda n: format_timestamp(NOW_MS - n * HOUR_MS)),
        }
    ),
    max_size=40,
)


def read_report(events: FakeEvents, **options: Any) -> ActivityReport:
    span = {"start_ms": NOW_MS - 2 * HOUR_MS, "end_ms": NOW_MS}
    return make_report(events, "default", shard_count=4, **{**span, **options})


@given(EVENTS)
def test_its_counts_equal_a_recount(raw: list[dict[str, Any]]) -> None:
    records = [make_event_record(**one, eventId=f"e-{n}") for n, one in enumerate(raw)]
    made = read_report(FakeEvents(records, max_rows=7))
    wanted = [
        one
        for one in raw
        if one["tenantId"] == "default"
        and one["timestamp"] >= format_timestamp(NOW_MS - 2 * HOUR_MS)
    ]
    failures = [one for one in wanted if not one["success"]]
    assert (made.total, made.failed) == (len(wanted), len(failures))
    content = json.loads(made.to_json())
    assert content["summary"]["uniqueUsers"] == len({one["userId"] for one in wanted} - {None})
    assert {
        (one["resourceType"], one["resourceId"]): one["count"] for one in content["topResources"]
    } == Counter((one["resourceType"], one["resourceId"]) for one in wanted)
    analysis = content["failureAnalysis"]
    assert {one["errorMessage"]: one["count"] for one in analysis["byError"]} == Counter(
        one["errorMessage"] or "(no message)" for one in failures
    )
    assert {one["action"]: one["count"] for one in analysis["byAction"]} == Counter(
        one["action"] for one in failures
    )
    for one in analysis["byUser"]:
        assert one["share"] == round(100 * one["count"] / len(failures), 2)
    assert content["shortfalls"] == {}


def test_only_payloads_of_failures_are_read() -> None:
    events = FakeEvents(
        [make_event_record(eventId=f"e-{n}", success=n % 10 != 0) for n in range(100)]
    )
    read_report(events)
    assert events.loaded == 10
    made = read_report(events, kind="summary")
    assert events.loaded == 10
    assert json.loads(made.to_json()).keys() == {
        "tenantId",
        "startDate",
        "endDate",
        "summary",
        "shortfalls",
    }


def test_rankings_have_ten_names_with_equal_counts_in_order_of_name() -> None:
    records = [make_event_record(eventId=f"e-{n}", userId=f"u-{n:02}") for n in range(30)]
    content = json.loads(read_report(FakeEvents(records)).to_json())
    assert [one["userId"] for one in content["topUsers"]] == [f"u-{n:02}" for n in range(10)]
    assert content["summary"]["uniqueUsers"] == 30


@given(st.lists(st.integers(0, 30), max_size=300), st.integers(1, 8))
def test_a_count_is_never_too_large_and_too_small_by_the_shortfall_at_most(
    names: list[int], limit: int
) -> None:
    ranking = Ranking(limit)
    exact = Counter(str(name) for name in names)
    for name in names:
        ranking.add(str(name))
        assert len(ranking._counts) <= 2 * limit
    counted = dict(ranking.top(1_000))
    for text, count in exact.items():
        assert count - ranking.shortfall <= counted.get(text, 0) <= count
    assert ranking.distinct <= len(exact)
    if ranking.is_exact:
        assert counted == exact
        assert ranking.distinct == len(exact)


def test_a_report_with_too_many_names_has_shortfalls() -> None:
    records = [make_event_record(eventId=f"e-{n}", userId=f"u-{n}") for n in range(50)]
    made = make_report(FakeEvents(records), "default", start_ms=0, end_ms=NOW_MS, shard_count=4)
    limited = replace(made, users=Ranking(5))
    for n in range(50):
        limited.users.add(f"u-{n}")
    content = json.loads(limited.to_json())
    assert content["shortfalls"] == {"users": limited.users.shortfall}
    assert content["summary"]["uniqueUsers"] < 50


def test_damaged_items_are_counted_and_wrong_ranges_refused() -> None:
    class Damaged(FakeEvents):
        def read_rows(self, *where: Any, **options: Any) -> RowBatch:
            batch = super().read_rows(*where, **options)
            rows = [replace(batch.rows[0], problem="is damaged"), *batch.rows[1:]]
            return RowBatch(rows, batch.is_last) if batch.rows else batch

    events = Damaged([make_event_record(eventId=f"e-{n}") for n in range(40)])
    made = read_report(events)
    assert (made.total + made.unreadable, made.unreadable) == (40, 4)
    with pytest.raises(InvalidQueryError):
        read_report(events, start_ms=NOW_MS + 1)
    events.fault = StoreUnavailableError("throttled")
    with pytest.raises(StoreUnavailableError):
        read_report(events)


def test_progress_counts_every_row() -> None:
    class Counting(NoProgress):
        rows: Sequence[int] = ()

        def advance(self, count: int) -> None:
            self.rows = [*self.rows, count]

    progress = Counting()
    read_report(
        FakeEvents([make_event_record(eventId=f"e-{n}") for n in range(40)]), progress=progress
    )
    assert sum(progress.rows) == 40
