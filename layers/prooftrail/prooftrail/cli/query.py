"""`prooftrail query`: events as lines or as NDJSON."""

from collections.abc import Callable, Sequence

import click

from prooftrail.cli.errors import handle_errors
from prooftrail.cli.filters import filter_options
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.progress import StatusLine
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import escape_json, get_terminal_width, ndjson_option
from prooftrail.cli.text import format_count
from prooftrail.event.ids import decode_time
from prooftrail.event.times import format_timestamp
from prooftrail.query.cursor import decode_cursor
from prooftrail.query.filters import Filters
from prooftrail.query.pages import DEFAULT_LIMIT, list_pages
from prooftrail.query.ports import StoredEvent, UnreadableEvent

Formatter = Callable[[Sequence[StoredEvent | UnreadableEvent]], Sequence[str]]


@click.command()
@filter_options()
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="The most events to list.",
)
@click.option("--all", "is_unlimited", is_flag=True, help="List every match, while reading.")
@click.option(
    "--order",
    type=click.Choice(["desc", "asc"]),
    default="desc",
    show_default=True,
    help="By time: newest first, or oldest first.",
)
@click.option(
    "--fields",
    metavar="NAME,...",
    help="Only these fields, in this order: timestamp,action,details.role.",
)
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV (RFC 4180), as `export` does.")
@ndjson_option
@installation_options
@handle_errors
def query(
    installation: Installation,
    filters: Filters,
    limit: int,
    is_unlimited: bool,
    order: str,
    fields: str | None,
    as_csv: bool,
    as_json: bool,
) -> None:
    """List the events that match every option: time, outcome, action, resource, user, id.

    A failed event shows its error message too.

    Example: prooftrail query --action 'user.*' --failure --since 7d

    Example: prooftrail query --all --csv --fields timestamp,userId,action,details.role

    Exit codes: 0 listed, even if nothing matches; 2 wrong usage; 3 AWS is not reachable or refuses.
    """
    if as_csv and as_json:
        raise click.UsageError("give --csv or --json")
    format_events = _choose_formatter(fields, as_csv=as_csv, as_json=as_json)
    read = audit_read(installation, filters.tenant_id)
    unreadable = 0
    is_empty = True
    has_more = False
    with StatusLine() as status:
        for page in list_pages(
            installation.reader,
            filters,
            shard_count=installation.shard_count,
            limit=None if is_unlimited else limit,
            descending=order == "desc",
        ):
            status.clear()
            lines = format_events(page.events)
            read.note(len(page.events))  # before: the reader of the output may end with it
            for line in lines:
                click.echo(line)
            unreadable += sum(isinstance(event, UnreadableEvent) for event in page.events)
            is_empty = is_empty and not page.events
            has_more = page.next_cursor is not None
            if not page.events and page.next_cursor is not None:
                last_id = decode_cursor(page.next_cursor, filters, descending=order == "desc")
                status.show(f"searching at {format_timestamp(decode_time(last_id))}")
    if unreadable:
        events = format_count(unreadable, "event")
        click.echo(f"{events} cannot be read: see `prooftrail verify trail`", err=True)
    if is_empty and not as_json:
        click.echo(f"no event of tenant {filters.tenant_id} matches", err=True)
    if has_more and not as_json:
        click.echo(f"there may be more than {limit}: raise --limit, or use --all", err=True)


def _choose_formatter(fields: str | None, *, as_csv: bool, as_json: bool) -> Formatter:
    """Return the function that turns events into the lines to print.

    Raises:
        click.BadParameter: events have no such field.
    """
    if fields is None and not as_csv:
        return make_formatter(as_json=as_json)
    from prooftrail.cli.columns import (
        FieldLines,
        make_csv_formatter,
        make_json_formatter,
        parse_fields,
    )

    names = parse_fields(fields)
    if as_csv:
        return make_csv_formatter(names)
    if as_json:
        return make_json_formatter(names)
    return FieldLines(names, get_terminal_width()).format


def make_formatter(*, as_json: bool) -> Formatter:
    """Return the function that turns events into the lines to print."""
    if as_json:
        return lambda events: [escape_json(event.to_json()) for event in events]
    from prooftrail.cli.event_lines import EventLines  # scripts need no library for it

    return EventLines(get_terminal_width()).format
