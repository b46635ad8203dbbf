"""docs/cost.md: its tables are computed from the units that the benchmark counts."""

import statistics

import pytest

from benchmarks import targets, write_units
from prooftrail.aws.item import compute_item_size, count_write_units
from tests.support.samples import job
from tools import cost


def test_the_tables_are_what_the_tool_writes() -> None:
    page = cost.PAGE.read_text(encoding="utf-8")
    assert cost.fill_page(page) == page
    assert page.count("<!-- table: ") == len(cost.TABLES)


def test_a_changed_table_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(cost.main(["--check"])) == []
    monkeypatch.setattr(cost, "ITEM_BYTES", 851)
    assert list(cost.main(["--check"])) == ["docs/cost.md is out of date: run `make cost`"]


def test_the_units_are_those_that_the_benchmark_counts() -> None:
    found = {finding.name: finding.value for finding in write_units.run().findings}
    assert found["item, median and largest"].startswith(f"{cost.ITEM_BYTES}, ")
    units = {name: float(value.split()[0]) for name, value in found.items() if "units" in value}
    by_index = {
        index: units[f"index {index}, for {share:.0%} of the events"]
        for index, share in cost.INDEXED.items()
    }
    shares = sum(units * cost.INDEXED[index] for index, units in by_index.items())
    assert units["table"] + shares == pytest.approx(cost.count_event_units())
    assert units["ledger"] <= cost.LEDGER_UNITS


def test_a_reference_costs_what_the_table_says() -> None:
    bodies = list(map(job, targets.make_events_with_targets(50, 20)))
    _, references = targets.encode_items(bodies)
    sizes = [compute_item_size(item) for item in references]
    assert len(sizes) == 50 * 20
    assert statistics.mean(sizes) == pytest.approx(cost.REFERENCE_BYTES, abs=2)
    assert {count_write_units(size) for size in sizes} == {cost.REFERENCE_UNITS}
