"""`auditlog cleanup`: remove a tenant's old events, by orders that the log keeps."""

import json
import tempfile
import time
import uuid
from collections.abc import Iterable

import click

from auditlog.cleanup import Cleanup, Scope, Selection
from auditlog.cli.places import Installation, on_installation
from auditlog.cli.terminal import answering, json_option, progress
from auditlog.errors import ConfigurationError, InvalidTimestampError
from auditlog.event import DEFAULT_TENANT
from auditlog.identity import format_timestamp, parse_timestamp
from auditlog.keys import are_names
from auditlog.planner import ANY_SUFFIX
from auditlog.verify.ports import NoProgress

MAX_EXCLUDED = 100
SHOWN_ACTIONS = 20
_DATE_LENGTH = len("2026-11-24")


def _moment(_ctx: click.Context, _param: click.Parameter, text: str) -> int:
    """A date, which is its midnight in UTC, or an RFC 3339 date and time; milliseconds."""
    try:
        return parse_timestamp(f"{text}T00:00:00Z" if len(text) == _DATE_LENGTH else text)
    except InvalidTimestampError as error:
        raise click.BadParameter(str(error)) from error


@click.command()
@click.option(
    "--before",
    "before_ms",
    callback=_moment,
    required=True,
    metavar="DATE",
    help="Remove events of before: a date (its midnight in UTC) or an RFC 3339 date and time.",
)
@click.option("--tenant", "tenant_id", default=DEFAULT_TENANT, show_default=True)
@click.option(
    "--exclude-action",
    "excluded",
    multiple=True,
    metavar="ACTION",
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
    """Remove a tenant's events of before DATE, for good.

    Each thousand is ordered by an audit event of the action audit.cleanup that names them and who
    ordered it, and that is never removed. Statistics go on counting what was removed. Run it
    again after an error: it finds what is left.

    Exit codes: 0 done, 1 refused or stalled, 2 wrong usage, 3 AWS unreachable or refuses.
    """
    scope = _scope_of(tenant_id, before_ms, excluded)
    if installation.recorded_shard_count is None:
        raise ConfigurationError("the ledger is empty: it has no event to remove")
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8", prefix="auditlog-cleanup-") as file,
        progress(as_json=as_json) as shown,
    ):
        run = Cleanup(
            scope,
            installation.stored_events,
            installation.writer,
            installation.ledger,
            str(uuid.uuid4()),
            installation.caller,
            now_ms=lambda: time.time_ns() // 1_000_000,
            sleep=time.sleep,
            progress=shown or NoProgress(),
        )
        selection = run.select(file)
        if shown:
            shown.close()
        if not as_json or not (is_dry or is_agreed):
            _say_found(selection, scope)
        is_removing = bool(selection.count) and not is_dry
        if is_removing and not is_agreed:
            click.confirm("Remove them for good?", abort=True, err=True)
        if is_removing:
            run.remove(selection, timeout_seconds=timeout_seconds)
    _report(run, selection, is_removed=is_removing, as_json=as_json)


def _scope_of(tenant_id: str, before_ms: int, excluded: Iterable[str]) -> Scope:
    patterns = tuple(dict.fromkeys(excluded))
    if not are_names(tenant_id):
        raise click.UsageError(f"{tenant_id} is no tenant's name")
    for pattern in patterns:
        if not are_names(tenant_id, pattern.removesuffix(ANY_SUFFIX)):
            raise click.UsageError(f"{pattern} is no action, and no beginning of one as in user.*")
    if len(patterns) > MAX_EXCLUDED:
        raise click.UsageError(f"at most {MAX_EXCLUDED} actions can be excluded")
    if before_ms > time.time_ns() // 1_000_000:
        raise click.UsageError("--before lies in the future: events of until then are to come")
    return Scope(tenant_id, before_ms, patterns)


def _say_found(selection: Selection, scope: Scope) -> None:
    moment = format_timestamp(scope.before_ms)
    click.echo(f"{selection.count:,} events of {scope.tenant_id} before {moment}", err=True)
    for action, count in selection.by_action.most_common(SHOWN_ACTIONS):
        click.echo(f"{count:>12,}  {action}", err=True)
    if len(selection.by_action) > SHOWN_ACTIONS:
        rest = selection.by_action.most_common()[SHOWN_ACTIONS:]
        click.echo(f"{sum(count for _, count in rest):>12,}  of other actions", err=True)
    if selection.unsound:
        click.echo(
            f"{selection.unsound:,} items that are no sound events stay: see auditlog verify trail",
            err=True,
        )


def _report(run: Cleanup, selection: Selection, *, is_removed: bool, as_json: bool) -> None:
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
        click.echo(f"removed {removed:,} events by {parts:,} orders of the run {run.run_id}")
    else:
        click.echo("nothing was removed")
