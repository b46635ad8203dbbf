"""docs/scaling.md: its tables are what the simulation says, and its words agree with them."""

from pathlib import Path

import pytest

from benchmarks import capacity
from benchmarks.capacity import Load, Settings
from tools import scaling
from tools.tables import update_page

*QUICK, LARGEST = scaling.RATES  # the largest rate takes as long as a hundred tests
MILLION = pytest.param(f"{LARGEST:,} a second", marks=pytest.mark.slow)
RATES = [*QUICK, pytest.param(LARGEST, marks=pytest.mark.slow)]


@pytest.mark.parametrize(
    "name", ["limits", "head", *(f"{rate:,} a second" for rate in QUICK), MILLION]
)
def test_the_tables_are_what_the_tool_writes(name: str) -> None:
    page = scaling.PAGE.read_text(encoding="utf-8")
    assert f"<!-- table: {name} -->\n{scaling.TABLES[name]()}\n" in page
    assert page.count("<!-- table: ") == len(scaling.TABLES)


@pytest.mark.slow
def test_the_page_is_up_to_date() -> None:
    assert list(scaling.main(["--check"])) == []


def test_a_changed_table_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / scaling.PAGE.name
    page.write_text(f"<!-- table: limits -->\n{scaling.make_limits_table()}\n")
    assert list(update_page(page, scaling.TABLES, ["--check"])) == []
    monkeypatch.setattr(capacity, "PROCESSOR_MICROS", 200)
    changed = ["docs/scaling.md is out of date: run `make scaling`"]
    assert list(update_page(page, scaling.TABLES, ["--check"])) == changed


def test_the_summary_agrees_with_the_tables() -> None:
    by_template = 2 * capacity.compute_processor_rate()
    assert 2_300 < by_template < 2_700
    entries = capacity.compute_ledger_limits(1e6, 16, Settings())
    assert 10_000 < entries["the partition of the log's entries"] < 12_000


def test_one_shard_has_no_races_and_many_lose_them() -> None:
    alone, four, many = (capacity.simulate_head(writers, 1_000) for writers in (1, 4, 64))
    batch_seconds = 1_000 * capacity.LEDGER_MICROS / 1e6 * capacity.FULL_CORE_MB / 512
    latency = capacity.READ_SECONDS + capacity.TRANSACTION_SECONDS
    assert alone == pytest.approx(1 / (batch_seconds + latency), rel=0.05)
    assert 3 * alone < four < 4.1 * alone
    assert many < 1 / capacity.TRANSACTION_SECONDS


def test_a_cold_table_takes_half_an_hour_to_double() -> None:
    load, settings = Load(6_000), Settings(concurrency=100, shards=16)
    assert capacity.simulate(load, settings, 1_500).stored == capacity.NEW_TABLE_WRITES
    assert capacity.simulate(load, settings, 1_900).stored > capacity.NEW_TABLE_WRITES


@pytest.mark.parametrize("rate", RATES)
def test_the_last_step_keeps_up_and_no_step_before_it(rate: int) -> None:
    *before, (_, last) = capacity.tune(Load(rate))
    assert last.keeps_up
    assert not any(outcome.keeps_up for _, outcome in before)


def test_nothing_is_lost_on_the_way() -> None:
    outcome = capacity.simulate(Load(1_000), Settings())
    assert outcome.stored == pytest.approx(1_000)
    assert outcome.published == pytest.approx(1_000, rel=0.01)
