"""The tables of docs/scaling.md, from the simulation in `benchmarks/capacity.py`.

`python -m tools.scaling` writes the tables into the page. `--check` fails if the page differs.
"""

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks import capacity
from benchmarks.capacity import Load, Outcome, Settings, simulate_head
from tools import tables
from tools.cost import MONTH_HOURS, STANDARD, format_dollars, format_table, price_month

PAGE: Final = Path(__file__).parent.parent / "docs" / "scaling.md"
RATES: Final = (100, 10_000, 1_000_000)
WRITERS: Final = (1, 4, 16, 64)
TUNED: Final = Settings(shards=16, concurrency=16, is_warm=True, memory_mb=capacity.FULL_CORE_MB)


def make_limits_table() -> str:
    """Return the table of what each part takes, with the template's settings and tuned ones."""
    columns = [_find_limits(settings) for settings in (Settings(), TUNED)]
    rows = [[name, *(f"{column[name]:,.0f}" for column in columns)] for name in columns[0]]
    return format_table(["part", "the template's settings", "tuned"], rows)


def _find_limits(settings: Settings) -> Mapping[str, float]:
    load = Load(10_000)
    writers = max(capacity.NEW_TABLE_WRITES, load.rate if settings.is_warm else 0) // 1_000
    waiting = capacity.LEDGER_BATCH * writers
    return {
        "the processor's concurrency": settings.concurrency * capacity.compute_processor_rate(),
        **capacity.compute_key_limits(load, settings),
        "a new table or index": load.rate if settings.is_warm else capacity.NEW_TABLE_WRITES,
        **capacity.compute_ledger_limits(waiting, writers, settings),
        "the checkpoint function": capacity.compute_checkpoint_rate(settings),
    }


def make_head_table() -> str:
    """Return the table of events a second through the head, by stream shards and batch."""
    batches = (10, 100, 1_000)
    rows = [
        [f"{writers}", *(f"{simulate_head(writers, each) * each:,.0f}" for each in batches)]
        for writers in WRITERS
    ]
    return format_table(["stream shards", *(f"batches of {each:,}" for each in batches)], rows)


def make_steps_table(rate: int) -> str:
    """Return the table of the steps until an installation keeps up with a rate."""
    steps = capacity.tune(Load(rate))
    header = ["change", "stored a second", "published", "backlog", "limit", "$ a month"]
    before = None
    rows = []
    for settings, outcome in steps:
        rows.append([_describe_turn(before, settings), *_describe_outcome(settings, outcome, rate)])
        before = settings
    return format_table(header, rows)


def _describe_turn(before: Settings | None, after: Settings) -> str:
    if before is None:
        return "the template's settings"
    if after.logs > before.logs:
        return f"split by tenant into {after.logs} logs"
    if after.concurrency != before.concurrency:
        return f"`ProcessorConcurrency` {after.concurrency:,}"
    if after.shards != before.shards:
        return f"`ShardCount` {after.shards}"
    if after.memory_mb != before.memory_mb:
        return f"{after.memory_mb:,} MB for ledger and checkpoint"
    if after.by_action != before.by_action:
        return "without byAction"
    if after.table_writes != before.table_writes:
        return f"quota and warm throughput of {after.table_writes:,} writes a second"
    return "warm throughput of tables and indexes at the rate"


def _describe_outcome(settings: Settings, outcome: Outcome, rate: int) -> list[str]:
    logs = settings.logs
    events = outcome.stored * logs * MONTH_HOURS * 3_600
    price = price_month(round(events), STANDARD, provisioned=False, by_action=settings.by_action)
    backlog = "none" if outcome.keeps_up else f"{outcome.delay_seconds / 60:,.0f} min"
    return [
        f"{outcome.stored * logs:,.0f}",
        f"{min(outcome.committed, outcome.published, rate / logs) * logs:,.0f}",
        backlog,
        outcome.limit,
        format_dollars(sum(price.values())),
    ]


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "limits": make_limits_table,
    "head": make_head_table,
    **{f"{rate:,} a second": partial(make_steps_table, rate) for rate in RATES},
}


fill_page = partial(tables.fill_page, tables=TABLES)
main = partial(tables.update_page, PAGE, TABLES)


if __name__ == "__main__":
    sys.exit("\n".join(main(sys.argv[1:])) or None)
