"""`prooftrail query`: the events that match, as lines or as NDJSON."""

import click

from prooftrail.cli.filters import filtered
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import EventLines, counted
from prooftrail.cli.terminal import StatusLine, answering, columns, escaped_json
from prooftrail.event.ids import decode_time
from prooftrail.event.times import format_timestamp
from prooftrail.query.cursor import decode_cursor
from prooftrail.query.filters import Filters
from prooftrail.query.pages import DEFAULT_LIMIT, list_pages
from prooftrail.query.ports import UnreadableEvent


@click.command()
@filtered()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="The most events.",
)
@click.option("--all", "is_unlimited", is_flag=True, help="Every match, as it is read.")
@click.option(
    "--order",
    type=click.Choice(["desc", "asc"]),
    default="desc",
    show_default=True,
    help="By time: newest first, or oldest.",
)
@click.option("--json", "as_json", is_flag=True, help="A JSON object an event and line (NDJSON).")
@on_installation
@answering
def query(
    installation: Installation,
    filters: Filters,
    limit: int,
    is_unlimited: bool,
    order: str,
    as_json: bool,
) -> None:
    """List the events that match every option: time, outcome, action, resource, who, id.

    Of a failed one the error message too.

    Exit codes: 0 listed, also none, 2 wrong usage, 3 AWS cannot be reached or refuses.
    """
    lines, whereabouts = EventLines(columns()), StatusLine()
    unreadable = 0
    has_more = False
    for page in list_pages(
        installation.reader,
        filters,
        shard_count=installation.shard_count,
        limit=None if is_unlimited else limit,
        descending=order == "desc",
    ):
        whereabouts.clear()
        if as_json:
            shown = [escaped_json(event.to_json()) for event in page.events]
        else:
            shown = lines.of(page.events)
        for line in shown:
            click.echo(line)
        unreadable += sum(isinstance(event, UnreadableEvent) for event in page.events)
        has_more = page.next_cursor is not None
        if not page.events and page.next_cursor is not None:
            last_id = decode_cursor(page.next_cursor, filters, descending=order == "desc")
            whereabouts.show(f"looking at {format_timestamp(decode_time(last_id))}")
    if unreadable:
        events = counted(unreadable, "event")
        click.echo(f"{events} cannot be read: `prooftrail verify trail` tells more", err=True)
    if has_more and not as_json:
        click.echo(f"there may be more than {limit}: raise --limit, or ask for --all", err=True)
