"""`prooftrail cleanup`: remove a tenant's old events, and record the removal in the log."""

import time
import uuid
from collections.abc import Iterable

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors, open_temporary_file
from prooftrail.cli.filters import ACTION, TimeType, tenant_option
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.order_options import removal_dry_run_option, timeout_option, yes_option
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import ConfigurationError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.operate.cleanup import Cleanup, CleanupScope
from prooftrail.operate.removal import Removal, RemovalList
from prooftrail.progress import NoProgress

MAX_EXCLUDED = 100
SHOWN_ACTIONS = 20


@click.command()
@click.option(
    "--before",
    "before_ms",
    type=TimeType(is_end=False),
    required=True,
    help="Remove events older than this: RFC 3339, a date (UTC), or how long ago: 90d.",
)
@tenant_option
@click.option(
    "--exclude-action",
    "excluded",
    type=ACTION,
    multiple=True,
    help="Keep events of this action, or with a prefix and a star: 'user.*'. Repeatable.",
)
@removal_dry_run_option
@yes_option
@timeout_option
@json_option
@installation_options
@handle_errors
def cleanup(
    installation: Installation,
    before_ms: int,
    tenant_id: str,
    excluded: tuple[str, ...],
    is_dry: bool,
    is_confirmed: bool,
    timeout_seconds: float,
    as_json: bool,
) -> None:
    """Remove a tenant's old events, for good.

    A removal order comes first for each thousand of them: an audit event, action audit.cleanup,
    with their ids and the identity that runs this. It is never removed. Statistics still count
    removed events. After an error, run the command again: it continues with what is left.

    Events under a legal hold stay, and are counted: see `prooftrail hold list`.

    Example: prooftrail cleanup --before 365d --tenant acme --dry-run

    Exit codes: 0 done; 1 refused or stalled; 2 wrong usage; 3 AWS or a local file cannot be read or
    written.
    """
    scope = _make_scope(tenant_id, before_ms, excluded)
    if installation.recorded_shard_count is None:
        raise ConfigurationError("the ledger is empty: there is no event to remove")
    caller = installation.aws.get_caller()
    removal = Removal(
        tenant_id,
        installation.removable_events,
        installation.writer,
        installation.ledger,
        str(uuid.uuid4()),
        caller.user_id,
        now_ms=now_ms,
        sleep=time.sleep,
        submitted_by=caller.submitted_by,
    )
    run = Cleanup(scope, installation.removable_events, removal)
    with open_temporary_file() as file:
        with show_progress(as_json=as_json) as bars, convert_file_errors(TEMPORARY_FILE):
            removals = run.select(file, bars or NoProgress())
            file.flush()  # a full disk is noticed before the operator is asked
        if not as_json or not (is_dry or is_confirmed):
            _print_selection(removals, scope)
        is_removing = bool(removals.count) and not is_dry
        if is_removing and not is_confirmed:
            click.confirm("Remove them for good?", abort=True, err=True)
        if is_removing:
            with show_progress(as_json=as_json) as bars, convert_file_errors(TEMPORARY_FILE):
                run.remove(removals, bars or NoProgress(), timeout_seconds=timeout_seconds)
    _print_result(run, removals, is_removed=is_removing, as_json=as_json)


def _make_scope(tenant_id: str, before_ms: int, excluded: Iterable[str]) -> CleanupScope:
    patterns = tuple(dict.fromkeys(excluded))
    if len(patterns) > MAX_EXCLUDED:
        raise click.UsageError(f"--exclude-action: at most {MAX_EXCLUDED} actions")
    if before_ms > now_ms():
        raise click.UsageError("--before: must not be in the future")
    return CleanupScope(tenant_id, before_ms, patterns)


def _print_selection(removals: RemovalList, scope: CleanupScope) -> None:
    events, before = format_count(removals.count, "event"), format_timestamp(scope.before_ms)
    click.echo(f"{events} of {scope.tenant_id} before {before}", err=True)
    actions = removals.by_action.most_common()
    for action, count in actions[:SHOWN_ACTIONS]:
        click.echo(f"{count:>12,}  {escape(action)}", err=True)
    if len(actions) > SHOWN_ACTIONS:
        rest = sum(count for _, count in actions[SHOWN_ACTIONS:])
        click.echo(f"{rest:>12,}  of other actions", err=True)
    if removals.invalid_items:
        items = format_count(removals.invalid_items, "damaged item")
        click.echo(f"{items} kept as evidence: see `prooftrail verify trail`", err=True)
    for hold_id, count in removals.by_hold.items():
        held = format_count(count, "event")
        click.echo(f"{held} kept by the legal hold {escape(hold_id)}", err=True)


def _print_result(run: Cleanup, removals: RemovalList, *, is_removed: bool, as_json: bool) -> None:
    removed = removals.count if is_removed else 0
    parts = removals.part_count if is_removed else 0
    if as_json:
        echo_json(
            {
                "run": run.removal.run_id if is_removed else None,
                "before": format_timestamp(run.scope.before_ms),
                "found": removals.count,
                "removed": removed,
                "parts": parts,
                "unsound": removals.invalid_items,
                "held": dict(removals.by_hold),
                "byAction": dict(removals.by_action.most_common()),
            }
        )
    elif is_removed:
        events, orders = format_count(removed, "event"), format_count(parts, "removal order")
        click.echo(f"removed {events} with {orders} of the run {run.removal.run_id}")
    else:
        click.echo("nothing was removed")
