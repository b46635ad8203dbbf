"""`prooftrail cleanup`: remove a tenant's old events, by orders that the log keeps."""

import json
import time
import uuid
from collections.abc import Iterable

import click

from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors, open_temporary_file
from prooftrail.cli.filters import Action, Moment, tenant_option
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import counted
from prooftrail.cli.terminal import answering, json_option, progress
from prooftrail.errors import ConfigurationError
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.operate.cleanup import Cleanup, CleanupScope, RemovalList
from prooftrail.progress import NoProgress

MAX_EXCLUDED = 100
MAX_USER_ID_LENGTH = 256
SHOWN_ACTIONS = 20


@click.command()
@click.option(
    "--before",
    "before_ms",
    type=Moment(is_end=False),
    required=True,
    help="Remove events older than this: RFC 3339, a date (UTC), or how long ago: 90d.",
)
@tenant_option
@click.option(
    "--exclude-action",
    "excluded",
    type=Action,
    multiple=True,
    help="Keep events of this action, or of those that begin so: user.*. Repeatable.",
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would go, and change nothing.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.option(
    "--timeout",
    "timeout_seconds",
    type=click.FloatRange(min=0),
    default=120,
    show_default=True,
    help="How many seconds to wait for the ledger to commit an order.",
)
@json_option
@on_installation
@answering
def cleanup(
    installation: Installation,
    before_ms: int,
    tenant_id: str,
    excluded: tuple[str, ...],
    is_dry: bool,
    is_agreed: bool,
    timeout_seconds: float,
    as_json: bool,
) -> None:
    """Remove a tenant's old events, for good.

    Each thousand is ordered by an audit event of the action audit.cleanup that names them and who
    ordered it, and that is never removed. Statistics go on counting what was removed. Run it
    again after an error: it finds what is left.

    Exit codes: 0 done, 1 refused or stalled, 2 wrong usage, 3 AWS unreachable or refuses.
    """
    scope = _scope_of(tenant_id, before_ms, excluded)
    if installation.recorded_shard_count is None:
        raise ConfigurationError("the ledger is empty: it has no event to remove")
    run = Cleanup(
        scope,
        installation.stored_events,
        installation.writer,
        installation.ledger,
        str(uuid.uuid4()),
        installation.aws.caller()[-MAX_USER_ID_LENGTH:],  # the end of an ARN names the caller
        now_ms=now_ms,
        sleep=time.sleep,
    )
    with open_temporary_file() as file:
        with progress(as_json=as_json) as shown, convert_file_errors(TEMPORARY_FILE):
            selection = run.select(file, shown or NoProgress())
            file.flush()  # a full disk is noticed before anybody is asked
        if not as_json or not (is_dry or is_agreed):
            _say_found(selection, scope)
        is_removing = bool(selection.count) and not is_dry
        if is_removing and not is_agreed:
            click.confirm("Remove them for good?", abort=True, err=True)
        if is_removing:
            with progress(as_json=as_json) as shown, convert_file_errors(TEMPORARY_FILE):
                run.remove(selection, shown or NoProgress(), timeout_seconds=timeout_seconds)
    _report(run, selection, is_removed=is_removing, as_json=as_json)


def _scope_of(tenant_id: str, before_ms: int, excluded: Iterable[str]) -> CleanupScope:
    patterns = tuple(dict.fromkeys(excluded))
    if len(patterns) > MAX_EXCLUDED:
        raise click.UsageError(f"at most {MAX_EXCLUDED} actions can be excluded")
    if before_ms > now_ms():
        raise click.UsageError("--before lies in the future: events of until then are to come")
    return CleanupScope(tenant_id, before_ms, patterns)


def _say_found(selection: RemovalList, scope: CleanupScope) -> None:
    events, moment = counted(selection.count, "event"), format_timestamp(scope.before_ms)
    click.echo(f"{events} of {scope.tenant_id} before {moment}", err=True)
    for action, count in selection.by_action.most_common(SHOWN_ACTIONS):
        click.echo(f"{count:>12,}  {action}", err=True)
    if len(selection.by_action) > SHOWN_ACTIONS:
        rest = selection.by_action.most_common()[SHOWN_ACTIONS:]
        click.echo(f"{sum(count for _, count in rest):>12,}  of other actions", err=True)
    if selection.unsound:
        items = counted(selection.unsound, "item")
        text = f"kept as evidence: {items} of no sound event; see prooftrail verify trail"
        click.echo(text, err=True)


def _report(run: Cleanup, selection: RemovalList, *, is_removed: bool, as_json: bool) -> None:
    removed = selection.count if is_removed else 0
    parts = selection.part_count if is_removed else 0
    if as_json:
        content = {
            "run": run.run_id if is_removed else None,
            "before": format_timestamp(run.scope.before_ms),
            "found": selection.count,
            "removed": removed,
            "parts": parts,
            "unsound": selection.unsound,
            "byAction": dict(selection.by_action.most_common()),
        }
        click.echo(json.dumps(content, ensure_ascii=False))
    elif is_removed:
        events, orders = counted(removed, "event"), counted(parts, "order")
        click.echo(f"removed {events} by {orders} of the run {run.run_id}")
    else:
        click.echo("nothing was removed")
