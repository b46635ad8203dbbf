"""`prooftrail tail`: the newest events, and those that come."""

import time
from collections.abc import Sequence
from typing import Final

import click

from prooftrail.cli.filters import Duration, filtered
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import EventLines
from prooftrail.cli.terminal import (
    answering,
    columns,
    escaped,
    escaped_json,
    explained,
    look_for_reader,
)
from prooftrail.errors import StoreUnavailableError
from prooftrail.event.times import now_ms
from prooftrail.query.filters import Filters
from prooftrail.query.follow import Follower
from prooftrail.query.ports import StoredEvent, UnreadableEvent

MAX_WAIT_SECONDS: Final = 60.0


@click.command()
@filtered(has_range=False)
@click.option(
    "-n",
    "--lines",
    "count",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="How many of the newest.",
)
@click.option("-f", "--follow", "is_followed", is_flag=True, help="Go on with those that come.")
@click.option(
    "--interval",
    "interval_seconds",
    type=click.FloatRange(min=0.1),
    default=2.0,
    show_default=True,
    help="Seconds between two looks.",
)
@click.option(
    "--overlap",
    "overlap_ms",
    type=Duration(),
    default="60s",
    show_default=True,
    help="How late after its time an event may arrive to be noticed; each look reads so much.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object an event and line (NDJSON).")
@on_installation
@answering
def tail(
    installation: Installation,
    filters: Filters,
    count: int,
    is_followed: bool,
    interval_seconds: float,
    overlap_ms: int,
    as_json: bool,
) -> None:
    """Show the newest events, oldest first, and with -f those that are stored meanwhile.

    Events are found by their own time: one that arrives more than the overlap after its time is
    not shown here, `prooftrail query` has it. Where DynamoDB throttles, the looks get rarer.

    Exit codes: 0 shown, 2 wrong usage, 3 AWS cannot be reached or refuses, 130 ended by Ctrl-C,
    141 by a reader that went away.
    """
    lines = EventLines(columns())

    def show(events: Sequence[StoredEvent | UnreadableEvent]) -> None:
        as_lines = [escaped_json(one.to_json()) for one in events] if as_json else lines.of(events)
        for line in as_lines:
            click.echo(line)

    follower = Follower(installation.reader, filters, installation.shard_count, overlap_ms)
    show(follower.start(count, now_ms()))
    wait_seconds = interval_seconds
    while is_followed:
        time.sleep(wait_seconds)
        look_for_reader()
        try:
            show(follower.poll(now_ms()))
        except StoreUnavailableError as error:
            wait_seconds = min(2 * wait_seconds, max(MAX_WAIT_SECONDS, interval_seconds))
            text = f"{escaped(explained(error))}; looks again in {wait_seconds:g} s"
            click.secho(text, fg="yellow", err=True)
        else:
            wait_seconds = interval_seconds
