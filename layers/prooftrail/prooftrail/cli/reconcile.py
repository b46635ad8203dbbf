"""`prooftrail reconcile`: make good what the ledger owes the events' table."""

import json
import sys
import time
from dataclasses import asdict

import click

from prooftrail.cli.files import open_temporary_database
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import counted
from prooftrail.cli.terminal import (
    Exit,
    answering,
    escaped,
    escaped_json,
    json_option,
    progress,
)
from prooftrail.errors import ConfigurationError
from prooftrail.event.times import HOUR_MS, now_ms
from prooftrail.operate.reconcile import STREAM_MEMORY_MS, RepairPlan, RepairPlanner
from prooftrail.operate.repair import Repairer, RepairResult
from prooftrail.progress import NoProgress
from prooftrail.verify.database import TrailDatabase


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Repair; without it nothing is changed.")
@click.option(
    "--older-than-hours",
    type=click.FloatRange(min=0),
    default=STREAM_MEMORY_MS / HOUR_MS,
    show_default=True,
    help="Take events as lost by the stream that were received so long ago; a stream keeps 24 h.",
)
@json_option
@on_installation
@answering
def reconcile(
    installation: Installation,
    is_applied: bool,
    older_than_hours: float,
    as_json: bool,
) -> None:
    """Compare the events' table with ledger, counters and published log, and repair.

    Stored events that no commit has are committed, counters set to a recount, missing tiles and
    positions made anew. What was tampered with is left as it is: see `prooftrail verify trail`.

    Exit codes: 0 nothing is left to repair, 1 something is, 2 wrong usage, 3 not readable.
    """
    shard_count = installation.recorded_shard_count
    if shard_count is None:
        raise ConfigurationError("the ledger is empty: it does not know the trail's shard count")
    ledger = installation.ledger
    with (
        open_temporary_database() as database,
        progress(as_json=as_json) as shown,
    ):
        planner = RepairPlanner(
            installation.log,
            installation.trail,
            installation.published_log,
            TrailDatabase(database),
            shown or NoProgress(),
        )
        plan = planner.plan(now_ms=now_ms(), older_than_ms=int(older_than_hours * HOUR_MS))
        repaired = None
        if is_applied and not plan.is_empty:
            repairer = Repairer(
                installation.log, ledger, ledger, installation.published_log, planner.database
            )
            repaired = repairer.repair(plan, shard_count=shard_count, sleep=time.sleep)
    _report(plan, repaired, as_json=as_json)
    is_done = repaired is not None and not repaired.skipped
    if plan.altered_tiles or not (plan.is_empty or is_done):
        sys.exit(Exit.REFUTED)


def _report(plan: RepairPlan, repaired: RepairResult | None, *, as_json: bool) -> None:
    if as_json:
        content = {
            "unlogged": [one.id for one in plan.unlogged],
            "waiting": plan.waiting,
            "counters": [asdict(one) for one in plan.counters],
            "orders": [one.id for one in plan.orders],
            "tiles": [one.path for one in plan.tiles],
            "alteredTiles": [one.path for one in plan.altered_tiles],
            "unplaced": plan.unrecorded,
            "repaired": asdict(repaired) if repaired else None,
        }
        click.echo(escaped_json(json.dumps(content, ensure_ascii=False)))
        return
    for event in plan.unlogged:
        click.echo(escaped(f"unlogged: event {event.id} of {event.tenant_id} is in no commit"))
    for one in plan.counters:
        counter = escaped(f"{one.tenant_id}, {one.bucket}, {one.name}")
        click.echo(f"counter: {counter}: {one.stored}, recounted {one.expected}")
    for order in plan.orders:
        click.echo(f"order: the ledger does not keep the removal order {order.id}")
    for tile in plan.tiles:
        click.echo(f"missing: {tile.path}")
    for tile in plan.altered_tiles:
        click.echo(f"altered: {tile.path}: restore its first version")
    for position in plan.unrecorded:
        click.echo(f"unplaced: entry {position} cannot be found by its event")
    if plan.waiting:
        click.echo(f"{counted(plan.waiting, 'event')} may still come by the stream")
    if repaired:
        click.echo(
            f"repaired: {counted(repaired.events.new, 'event')} committed, "
            f"{counted(repaired.counters, 'counter')}, "
            f"{counted(repaired.orders, 'removal order')}, "
            f"{counted(repaired.tiles, 'tile')}, {counted(repaired.positions, 'position')}; "
            f"{counted(repaired.skipped, 'counter')} moved meanwhile"
        )
    elif plan.is_empty:
        click.echo("nothing to repair")
    else:
        click.echo("nothing was changed; repair with --apply")
