"""docs/cost.md: its tables are computed from the units that the benchmark counts."""

import pytest

from benchmarks import write_units
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
