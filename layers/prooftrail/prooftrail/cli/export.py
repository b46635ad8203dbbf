"""`prooftrail export`: the trail as files, for archives, spreadsheets and SIEMs."""

import json
import sys
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

import click

from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import counted
from prooftrail.cli.terminal import (
    Exit,
    answering,
    escaped,
    escaped_json,
    json_option,
    progress,
)
from prooftrail.event import keys
from prooftrail.event.times import now_ms
from prooftrail.export.folder import DiskFolder
from prooftrail.export.formats import FORMATS
from prooftrail.export.run import PART_ENTRIES, Exporter, ExportSummary
from prooftrail.progress import NoProgress

_SHOWN: int = 20
_POSITION = click.IntRange(min=0)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "file_format",
    type=click.Choice(list(FORMATS)),
    default="ndjson",
    show_default=True,
    help="How the events are written down.",
)
@click.option(
    "--tenant", "tenants", multiple=True, metavar="T", help="Of this tenant alone; may be repeated."
)
@click.option(
    "--from-position", "first", type=_POSITION, help="Begin here; default: the log's beginning."
)
@click.option(
    "--to-position", "last", type=_POSITION, help="End before this; default: the latest checkpoint."
)
@click.option(
    "--part-entries",
    type=click.IntRange(min=1),
    default=PART_ENTRIES,
    show_default=True,
    help="Log entries of one file.",
)
@json_option
@on_installation
@answering
def export(
    installation: Installation,
    folder: Path,
    file_format: str,
    tenants: tuple[str, ...],
    first: int | None,
    last: int | None,
    part_entries: int,
    as_json: bool,
) -> None:
    """Export the log's events into FOLDER, or go on where the export in it ends.

    Events come in the log's order, up to the latest checkpoint, so that `prooftrail verify export`
    can prove the files. What arrives late is in the next run's files.

    Exit codes: 0 done, 1 an event could not be read, or refused, 2 wrong usage, 3 AWS or FOLDER
    cannot be read or written.
    """
    for tenant in tenants:
        if not keys.are_valid_names(tenant):
            raise click.BadParameter(f"no tenant can have the name {tenant}")
    with progress(as_json=as_json) as shown:
        exporter = Exporter(
            installation.log,
            installation.published_log,
            installation.reader,
            DiskFolder(folder),
            file_format,
            tuple(sorted(set(tenants))) or None,
            now_ms,
            f"prooftrail {version('prooftrail')}",
            part_entries,
            shown or NoProgress(),
        )
        report = exporter.run(first, last)
    _report(report, as_json=as_json)
    if report.totals.unreadable:
        sys.exit(Exit.REFUTED)


def _report(report: ExportSummary, *, as_json: bool) -> None:
    manifest, counts = report.manifest, report.totals
    gone = [span for part in report.parts for span in part.gone]
    unreadable = [one for part in report.parts for one in part.unreadable]
    if as_json:
        content = {
            "start": report.start,
            "end": manifest.end,
            "files": [part.event_file.name for part in report.parts],
            **asdict(counts),
            "gonePositions": gone,
            "unreadablePositions": [asdict(one) for one in unreadable],
            "checkpoint": manifest.checkpoint.text,
        }
        click.echo(escaped_json(json.dumps(content, ensure_ascii=False)))
        return
    for one in unreadable[:_SHOWN]:
        click.echo(f"unreadable: entry {one.position}: {escaped(one.problem)}")
    for start, end in gone[:_SHOWN]:
        click.echo(f"not stored any more: entry {start}" + (f" to {end - 1}" * (end - start > 1)))
    if gone:
        click.echo("`prooftrail verify trail` tells what a clean-up removed from what is missing")
    if more := max(0, len(unreadable) - _SHOWN) + max(0, len(gone) - _SHOWN):
        click.echo(f"and {more} more: see manifest.json")
    if not report.parts:
        click.echo(f"nothing new: the export ends at position {manifest.end}")
        return
    events = counted(counts.events, "event")
    click.echo(
        f"exported {events} of positions {report.start} to {manifest.end - 1}; "
        f"{counts.others} of other tenants, {counts.expired} expired, {counts.gone} gone, "
        f"{counts.unreadable} unreadable"
    )
