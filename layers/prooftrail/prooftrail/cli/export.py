"""`prooftrail export`: the trail as files, for archives, spreadsheets and SIEMs."""

import sys
from dataclasses import asdict
from importlib.metadata import version
from typing import Final

import click

from prooftrail.cli.errors import Exit, handle_errors
from prooftrail.cli.filters import action_option, since_option, until_option, user_option
from prooftrail.cli.installation import (
    Installation,
    installation_options,
    open_export_folder,
)
from prooftrail.cli.progress import show_progress
from prooftrail.cli.reads import audit_read
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import InvalidQueryError
from prooftrail.event import keys
from prooftrail.event.times import now_ms
from prooftrail.export.filters import EventFilters
from prooftrail.export.formats import FORMATS
from prooftrail.export.run import PART_ENTRIES, Exporter, ExportSummary
from prooftrail.progress import NoProgress

_SHOWN: Final = 20
_POSITION: Final = click.IntRange(min=0)


@click.command()
@click.argument("folder")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(list(FORMATS)),
    default="ndjson",
    show_default=True,
    help="The format of the files.",
)
@click.option(
    "--tenant", "tenants", multiple=True, metavar="T", help="Only this tenant's events. Repeatable."
)
@since_option
@until_option
@user_option
@action_option
@click.option(
    "--from-position",
    "first",
    type=_POSITION,
    help="Begin at this position of the log. Default: its beginning.",
)
@click.option(
    "--to-position",
    "last",
    type=_POSITION,
    help="End before this position. Default: the latest checkpoint.",
)
@click.option(
    "--part-entries",
    type=click.IntRange(min=1),
    default=PART_ENTRIES,
    show_default=True,
    help="How many log entries one file covers.",
)
@json_option
@installation_options
@handle_errors
def export(
    installation: Installation,
    folder: str,
    file_format: str,
    tenants: tuple[str, ...],
    start_ms: int | None,
    end_ms: int | None,
    user_id: str | None,
    action: str | None,
    first: int | None,
    last: int | None,
    part_entries: int,
    as_json: bool,
) -> None:
    """Export the log's events into FOLDER, or continue the export that is in it.

    FOLDER is on this machine, or s3://BUCKET/PREFIX.

    Events come in the log's order, up to the latest checkpoint, so that `prooftrail verify export`
    can prove the files. What is stored later is in the files of the next run. A user's events are
    those that the user did, or that were done on the user's behalf.

    Example: prooftrail export archive --format parquet --tenant acme

    Example: prooftrail export s3://my-bucket/audit/u-1 --user u-1 --since 2026-01-01

    Exit codes: 0 done; 1 an event cannot be read, or the export was refused; 2 wrong usage; 3 AWS
    or FOLDER cannot be read or written.
    """
    for tenant in tenants:
        if not keys.are_valid_names(tenant):
            raise click.BadParameter(f"{tenant} is not a valid name", param_hint="--tenant")
    if last is not None and (first or 0) >= last:
        raise click.UsageError("--from-position must be before --to-position")
    try:
        filters = EventFilters(start_ms, end_ms, user_id, action)
    except InvalidQueryError as error:
        raise click.UsageError("--since must not be after --until") from error
    reads = [audit_read(installation, tenant) for tenant in tenants or (keys.DEFAULT_TENANT,)]

    def note(event_count: int) -> None:
        for read in reads:
            read.note(event_count)

    with show_progress(as_json=as_json) as bars:
        exporter = Exporter(
            installation.log,
            installation.published_log,
            installation.reader,
            open_export_folder(folder, installation.aws),
            file_format,
            tuple(sorted(set(tenants))) or None,
            now_ms,
            f"prooftrail {version('prooftrail')}",
            part_entries,
            bars or NoProgress(),
            filters,
            note,
        )
        summary = exporter.run(first, last)
        note(0)  # a run that found nothing new is a read too
    _print(summary, as_json=as_json)
    if summary.totals.unreadable:
        sys.exit(Exit.FAILED)


def _print(summary: ExportSummary, *, as_json: bool) -> None:
    manifest, counts = summary.manifest, summary.totals
    gone = [span for part in summary.parts for span in part.gone]
    unreadable = [entry for part in summary.parts for entry in part.unreadable]
    if as_json:
        echo_json(
            {
                "start": summary.start,
                "end": manifest.end,
                "files": [part.event_file.name for part in summary.parts],
                **asdict(counts),
                "gonePositions": gone,
                "unreadablePositions": [asdict(entry) for entry in unreadable],
                "checkpoint": manifest.checkpoint.text,
            }
        )
        return
    for entry in unreadable[:_SHOWN]:
        click.echo(f"unreadable: entry {entry.position}: {escape(entry.problem)}")
    for start, end in gone[:_SHOWN]:
        last = f" to {end - 1}" if end - start > 1 else ""
        click.echo(f"no longer stored: entry {start}{last}")
    if gone:
        click.echo("`prooftrail verify trail` shows which of them a clean-up removed")
    if more := max(0, len(unreadable) - _SHOWN) + max(0, len(gone) - _SHOWN):
        click.echo(f"and {more} more: see manifest.json")
    if not summary.parts:
        click.echo(f"nothing new: the export ends at position {manifest.end}")
        return
    click.echo(
        f"exported {format_count(counts.events, 'event')} of positions {summary.start} to "
        f"{manifest.end - 1}; {counts.others} not asked for, {counts.expired} expired, "
        f"{counts.gone} gone, {counts.unreadable} unreadable"
    )
