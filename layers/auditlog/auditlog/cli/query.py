"""`auditlog query`: the events that match, as lines or as NDJSON."""

import click

from auditlog.cli.filters import filtered
from auditlog.cli.lines import EventLines, counted
from auditlog.cli.places import Installation, on_installation
from auditlog.cli.terminal import Whereabouts, answering, columns, escaped_json
from auditlog.cursor import decode_cursor
from auditlog.identity import format_timestamp, time_of
from auditlog.planner import Filters
from auditlog.query import DEFAULT_LIMIT, list_pages
from auditlog.reader import UnreadableEvent


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
    lines, whereabouts = EventLines(columns()), Whereabouts()
    unreadable = 0
    has_more = False
    for page in list_pages(
        installation.reader,
        filters,
        shard_count=installation.shard_count,
        most=None if is_unlimited else limit,
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
            whereabouts.show(f"looking at {format_timestamp(time_of(last_id))}")
    if unreadable:
        events = counted(unreadable, "event")
        click.echo(f"{events} cannot be read: `auditlog verify trail` tells more", err=True)
    if has_more and not as_json:
        click.echo(f"there may be more than {limit}: raise --limit, or ask for --all", err=True)
