"""What the commands of holds share: the keeper, its options, and how results are shown."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict

import click

from prooftrail.cli.errors import Exit
from prooftrail.cli.filters import IdentifierType
from prooftrail.cli.installation import Installation
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json
from prooftrail.cli.text import format_count
from prooftrail.errors import ConfigurationError
from prooftrail.event.times import now_ms
from prooftrail.operate.hold import HoldKeeper, HoldResult
from prooftrail.progress import NoProgress

MAX_REASON = 1_000

reason_option = click.option(
    "--reason", required=True, help="Why, for the record: a file number, for example."
)
hold_argument = click.argument("hold_id", metavar="HOLD", type=IdentifierType())


@contextmanager
def open_keeper(
    installation: Installation, tenant_id: str, timeout_seconds: float, *, as_json: bool
) -> Iterator[HoldKeeper]:
    """Return the keeper of a tenant's holds, with progress bars.

    Raises:
        ConfigurationError: the ledger is empty.
        InaccessibleError: AWS cannot be reached.
    """
    if installation.recorded_shard_count is None:
        raise ConfigurationError("the ledger is empty: there is no event to hold")
    caller = installation.aws.get_caller()
    with show_progress(as_json=as_json) as bars:
        yield HoldKeeper(
            tenant_id,
            installation.holdable_events,
            installation.writer,
            installation.ledger,
            caller.user_id,
            now_ms=now_ms,
            sleep=time.sleep,
            timeout_seconds=timeout_seconds,
            submitted_by=caller.submitted_by,
            progress=bars or NoProgress(),
        )


def check_reason(reason: str) -> None:
    """Check the text of a reason.

    Raises:
        click.BadParameter: it is empty or too long.
    """
    if not 1 <= len(reason.strip()) <= MAX_REASON:
        raise click.BadParameter(f"must have 1 to {MAX_REASON:,} characters", param_hint="--reason")


def confirm(question: str, *, is_confirmed: bool, as_json: bool) -> None:
    """Ask, unless the operator has said yes before; abort the command on no.

    Raises:
        click.UsageError: the command cannot ask, because its output is JSON.
    """
    if is_confirmed:
        return
    if as_json:
        raise click.UsageError("--json cannot ask: give --yes or --dry-run too")
    click.confirm(question, abort=True, err=True)


def report(
    hold_id: str | None, result: HoldResult, describe: Callable[[str], str], *, as_json: bool
) -> None:
    """Print what was done; end the command with 1 if something changed meanwhile.

    `describe` gets the number of changed events and returns the sentence for people.
    """
    if as_json:
        echo_json({"hold": hold_id, **asdict(result)})
    else:
        click.echo(describe(format_count(result.changed, "event")))
        if result.kept:
            click.echo(f"{format_count(result.kept, 'event')} stay held by another hold")
        if result.skipped:
            click.echo(f"{format_count(result.skipped, 'event')} changed meanwhile: run it again")
    if result.skipped:
        sys.exit(Exit.FAILED)
