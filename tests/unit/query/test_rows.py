"""Reading the rows of a plan: all of them, or merged within a budget."""

import pytest

from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.rows import CALL_BUDGET, ROW_BUDGET, MergedRows, read_all_rows
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS, make_event_record

SHARDS = 4


def make_records(count: int) -> list[EventRecord]:
    return [
        make_event_record(eventId=f"e-{number}", timestamp=format_timestamp(NOW_MS + number))
        for number in range(count)
    ]


def merge(reader: FakeEvents, *, wanted: int, descending: bool = False) -> MergedRows:
    plan = plan_query(Filters("default"), SHARDS)
    return MergedRows(reader, plan, plan.id_range, descending=descending, wanted=wanted)


@pytest.mark.parametrize("max_rows", [1, 3, 1_000])
def test_all_rows_are_read_once_in_ascending_batches(max_rows: int) -> None:
    records = make_records(50)
    reader = FakeEvents(records, SHARDS, max_rows)
    batches = [
        [row.id for row in rows]
        for rows in read_all_rows(reader, plan_query(Filters("default"), SHARDS))
    ]
    assert sorted(event_id for ids in batches for event_id in ids) == [one.id for one in records]
    assert all(ids == sorted(ids) for ids in batches)
    assert all(len(ids) <= max_rows for ids in batches)
    assert reader.calls == len(batches)


def test_only_rows_of_the_range_are_read() -> None:
    records = make_records(50)
    filters = Filters("default", start_ms=NOW_MS + 10, end_ms=NOW_MS + 12)
    reader = FakeEvents(records, SHARDS)
    rows = [row.id for batch in read_all_rows(reader, plan_query(filters, SHARDS)) for row in batch]
    assert sorted(rows) == [one.id for one in records[10:13]]
    assert reader.rows_read == 3


@pytest.mark.parametrize("descending", [True, False])
def test_merged_rows_are_in_order_and_know_their_position(descending: bool) -> None:
    records = make_records(50)
    rows = merge(FakeEvents(records, SHARDS, max_rows=3), wanted=50, descending=descending)
    ids: list[str] = []
    for row in rows:
        assert rows.position == row.id
        assert rows.is_exhausted == (len(ids) == 49)
        ids.append(row.id)
    assert ids == sorted((one.id for one in records), reverse=descending)


def test_merged_rows_end_at_the_budget_of_rows() -> None:
    rows = merge(FakeEvents(make_records(ROW_BUDGET + 100), SHARDS), wanted=ROW_BUDGET + 100)
    assert sum(1 for _ in rows) == ROW_BUDGET
    assert not rows.is_exhausted


def test_merged_rows_end_at_the_budget_of_calls() -> None:
    reader = FakeEvents(make_records(200), SHARDS, max_rows=1)
    rows = merge(reader, wanted=200)
    # The partition whose last row is yielded would need the next call.
    assert sum(1 for _ in rows) == CALL_BUDGET + 1
    assert reader.calls == CALL_BUDGET + SHARDS
    assert not rows.is_exhausted


def test_the_first_reads_are_little_larger_than_their_share() -> None:
    reader = FakeEvents(make_records(1_000), SHARDS)
    next(iter(merge(reader, wanted=100)))
    assert reader.rows_read == SHARDS * 36
