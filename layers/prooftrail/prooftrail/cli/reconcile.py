"""`prooftrail reconcile`: repair what ledger, counters and published log lack."""

import sys
import time
from dataclasses import asdict

import click

from prooftrail.cli.errors import Exit, handle_errors
from prooftrail.cli.files import open_temporary_database
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import ConfigurationError
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.times import HOUR_MS, now_ms
from prooftrail.ledger.changes import STREAM_MEMORY_MS
from prooftrail.operate.reconcile import RepairPlan, RepairPlanner
from prooftrail.operate.repair import Repairer, RepairResult
from prooftrail.progress import NoProgress
from prooftrail.verify.database import TrailDatabase

STREAM_HOURS = 24


@click.command()
@click.option("--apply", "is_applied", is_flag=True, help="Repair. Without it nothing is changed.")
@click.option(
    "--older-than-hours",
    type=click.FloatRange(min=STREAM_HOURS),
    default=STREAM_MEMORY_MS / HOUR_MS,
    show_default=True,
    help="Commit an event only if it was stored longer ago than this: a younger one may still "
    "come through the stream, which keeps 24 hours. It would then be in the log twice.",
)
@json_option
@installation_options
@handle_errors
def reconcile(
    installation: Installation,
    is_applied: bool,
    older_than_hours: float,
    as_json: bool,
) -> None:
    """Compare stored events with ledger, counters and published log, and repair.

    Repairs: commit stored events that are in no commit, set counters to a recount, write missing
    references, tiles and positions again. What was tampered with stays as it is: see
    `prooftrail verify trail`.

    Example: prooftrail reconcile --apply

    Exit codes: 0 nothing is left to repair; 1 something is; 2 wrong usage; 3 AWS or a local file
    cannot be read or written.
    """
    shard_count = installation.recorded_shard_count
    if shard_count is None:
        raise ConfigurationError("the ledger is empty: it does not know the trail's shard count")
    ledger = installation.ledger
    with open_temporary_database() as database, show_progress(as_json=as_json) as bars:
        planner = RepairPlanner(
            installation.log,
            installation.trail,
            installation.published_log,
            TrailDatabase(database),
            bars or NoProgress(),
        )
        plan = planner.plan(now_ms=now_ms(), older_than_ms=int(older_than_hours * HOUR_MS))
        result = None
        if is_applied and not plan.is_empty:
            repairer = Repairer(
                installation.log,
                ledger,
                ledger,
                installation.references,
                installation.published_log,
                planner.database,
            )
            result = repairer.repair(plan, shard_count=shard_count, sleep=time.sleep)
    if as_json:
        echo_json(_to_json(plan, result))
    else:
        _print(plan, result)
    is_repaired = result is not None and not result.skipped and not result.failures
    if plan.forged or plan.altered_tiles or not (plan.is_empty or is_repaired):
        sys.exit(Exit.FAILED)


def _to_json(plan: RepairPlan, result: RepairResult | None) -> dict[str, object]:
    return {
        "unlogged": [event.id for event in plan.unlogged],
        "waiting": plan.waiting,
        "forged": [event.id for event in plan.forged],
        "counters": [asdict(counter) for counter in plan.counters],
        "unreferenced": [event_id for _, event_id in plan.unreferenced],
        "orders": [order.id for order in plan.orders],
        "tenants": plan.tenants,
        "tiles": [tile.path for tile in plan.tiles],
        "alteredTiles": [tile.path for tile in plan.altered_tiles],
        "unplaced": plan.unrecorded,
        "repaired": asdict(result) if result else None,
    }


def _print(plan: RepairPlan, result: RepairResult | None) -> None:
    for event in plan.unlogged:
        click.echo(escape(f"unlogged: event {event.id} of {event.tenant_id} is in no commit"))
    for event in plan.forged:
        click.echo(
            escape(
                f"forged: event {event.id} of {event.tenant_id} is in no commit, and its "
                "receivedAt or storedAt is not that of a message; it is left as it is"
            )
        )
    for counter in plan.counters:
        name = escape(f"{counter.tenant_id}, {counter.bucket}, {counter.name}")
        click.echo(f"counter: {name}: {counter.stored}, recounted {counter.expected}")
    for tenant_id, event_id in plan.unreferenced:
        click.echo(escape(f"unreferenced: event {event_id} of {tenant_id} lacks a reference"))
    for order in plan.orders:
        kind = "removal" if isinstance(order, RemovalOrder) else "hold"
        click.echo(f"order: the ledger lacks the {kind} order {order.id}")
    for tenant_id in plan.tenants:
        click.echo(escape(f"tenant: {tenant_id} is not among the recorded tenants"))
    for tile in plan.tiles:
        click.echo(f"missing: {tile.path}")
    for tile in plan.altered_tiles:
        click.echo(f"altered: {tile.path}: restore its first version")
    for position in plan.unrecorded:
        click.echo(f"unplaced: entry {position} cannot be found by its event")
    if plan.waiting:
        click.echo(f"{format_count(plan.waiting, 'event')} may still come through the stream")
    if result:
        repaired = (
            format_count(result.counters, "counter"),
            format_count(result.orders, "order"),
            format_count(result.tenants, "tenant"),
            format_count(result.tiles, "tile"),
            format_count(result.positions, "position"),
            *([format_count(result.references, "reference")] if result.references else []),
        )
        click.echo(
            f"repaired: {format_count(result.events.new, 'event')} committed, "
            f"{', '.join(repaired)}; {format_count(result.skipped, 'counter')} changed meanwhile"
        )
        for tenant_id, reason in result.failures.items():
            click.echo(escape(f"not repaired: tenant {tenant_id}: {reason}"))
    elif plan.is_empty:
        click.echo("nothing to repair")
    else:
        click.echo("nothing was changed: repair with --apply")
