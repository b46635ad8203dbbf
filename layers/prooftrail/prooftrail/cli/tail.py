"""`prooftrail tail`: the newest events, and new ones as they are stored."""

import time
from collections.abc import Sequence
from typing import Final

import click

from prooftrail.cli.errors import describe_error, handle_errors
from prooftrail.cli.filters import DurationType, filter_options
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.query import make_formatter
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import check_reader, escape, ndjson_option
from prooftrail.errors import StoreUnavailableError
from prooftrail.event.times import now_ms
from prooftrail.query.filters import Filters
from prooftrail.query.follow import Follower
from prooftrail.query.ports import StoredEvent, UnreadableEvent

MAX_WAIT_SECONDS: Final = 60.0
DEFAULT_COUNT: Final = 20


@click.command()
@filter_options(has_end=False)
@click.option(
    "-n",
    "--lines",
    "count",
    type=click.IntRange(min=0),
    help=f"How many of the newest events to show. Default: {DEFAULT_COUNT}, or with --since all.",
)
@click.option("-f", "--follow", "is_followed", is_flag=True, help="Go on with new events.")
@click.option(
    "--interval",
    "interval_seconds",
    type=click.FloatRange(min=0.1),
    default=2.0,
    show_default=True,
    help="Seconds between two reads.",
)
@click.option(
    "--overlap",
    "overlap_ms",
    type=DurationType(),
    default="60s",
    show_default=True,
    help="How late after its own time an event may arrive and still be shown. Each read covers "
    "this time again.",
)
@ndjson_option
@installation_options
@handle_errors
def tail(
    installation: Installation,
    filters: Filters,
    count: int | None,
    is_followed: bool,
    interval_seconds: float,
    overlap_ms: int,
    as_json: bool,
) -> None:
    """Show the newest events, oldest first. With -f go on with those that are stored meanwhile.

    Events are found by their own time. An event that arrives later than --overlap after its time
    is not shown here; `prooftrail query` finds it. If DynamoDB throttles, reads become rarer.

    Example: prooftrail tail -f --since 15m --tenant acme --failure

    Exit codes: 0 shown; 2 wrong usage; 3 AWS is not reachable or refuses; 130 ended by Ctrl-C; 141
    the reader of the output has ended.
    """
    if count is None and filters.start_ms is None:
        count = DEFAULT_COUNT
    format_events = make_formatter(as_json=as_json)
    read = audit_read(installation, filters.tenant_id)

    def show(events: Sequence[StoredEvent | UnreadableEvent]) -> None:
        lines = format_events(events)
        read.note(len(events))  # before: the reader of the output may end with it
        for line in lines:
            click.echo(line)

    follower = Follower(installation.reader, filters, installation.shard_count, overlap_ms)
    newest = follower.start(count, now_ms())
    show(newest)
    if not newest and count != 0 and not as_json:
        waiting = "; waiting for new ones" if is_followed else ""
        click.echo(f"no event of tenant {filters.tenant_id} matches{waiting}", err=True)
    wait_seconds = interval_seconds
    while is_followed:
        time.sleep(wait_seconds)
        check_reader()
        try:
            show(follower.poll(now_ms()))
        except StoreUnavailableError as error:
            wait_seconds = min(2 * wait_seconds, max(MAX_WAIT_SECONDS, interval_seconds))
            text = f"{escape(describe_error(error))}; the next read is in {wait_seconds:g} s"
            click.secho(text, fg="yellow", err=True)
        else:
            wait_seconds = interval_seconds
