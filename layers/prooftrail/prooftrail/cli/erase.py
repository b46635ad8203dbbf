"""`prooftrail erase`: remove every event that names a person, and record the removal in the log."""

import sys
import time
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

import click

from prooftrail.cli.cleanup import SHOWN_ACTIONS
from prooftrail.cli.dead_letters.discard import make_record
from prooftrail.cli.dead_letters.selection import open_scan, warn_of_hidden
from prooftrail.cli.errors import Exit, describe_error, exit_code, handle_errors
from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors, open_temporary_file
from prooftrail.cli.filters import IDENTIFIER, NAME, tenant_option
from prooftrail.cli.installation import Caller, Installation, installation_options
from prooftrail.cli.order_options import removal_dry_run_option, timeout_option, yes_option
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import ConfigurationError
from prooftrail.event.person import Person
from prooftrail.event.times import now_ms
from prooftrail.export.erasure import ExportEraser
from prooftrail.export.folder import DiskFolder
from prooftrail.intake.dead_letters import DeadLetterFilter, DeadLetterScan
from prooftrail.intake.erasure import DeadLetterEraser, DeadLetterErasure
from prooftrail.operate.erase import Erasure
from prooftrail.operate.removal import Removal, RemovalList
from prooftrail.progress import NoProgress

MAX_DEAD_LETTERS: Final = 100_000  # SQS hides at most 120,000 messages
BEYOND_REACH: Final = (
    "messages in the queue, and events that clients have not sent yet (memory, spools): run the "
    "command again when they are stored; a message can wait for 14 days",
    "the newest events, if the table's indexes do not have them yet: run the command again",
    "events that name the person only in other fields, such as username or details",
    "point-in-time recovery of the tables, for 35 days: after a restore, run the command again",
    "backups of the tables and copies of the buckets in other accounts or regions",
    "the stream of AuditEvents, for 24 hours",
    "bodies of dead letters that were redriven or discarded, in the bucket for 28 days, and the "
    "files that `prooftrail dead-letters discard` wrote",
    "exports in other folders and in S3 (docs/privacy.md has the steps for S3)",
    "outputs of commands, bundles of proofs, and what was sent elsewhere",
    "in the log, for good: time, digest, receipt and submitter of each event, in no readable form "
    "of the event itself; removal orders and legal holds, whoever ran them",
)


class _ExportFolder(click.Path):
    """A folder on this machine with an export."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """See click."""
        if str(value).startswith("s3://"):
            self.fail(
                "it cannot be in S3: copy the export to a folder, erase there, and copy it back",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of one run, and the ids of the person's events in each folder of an export."""

    erasure: Erasure
    dead_letters: DeadLetterEraser
    folders: Mapping[Path, ExportEraser]
    exported: dict[Path, Collection[str]] = field(default_factory=dict)

    @property
    def exported_ids(self) -> Collection[str]:
        return {event_id for ids in self.exported.values() for event_id in ids}


@click.command()
@tenant_option
@click.option(
    "--user",
    "users",
    type=IDENTIFIER,
    multiple=True,
    help="The person's id as a user: who acted, or on whose behalf. Repeatable.",
)
@click.option(
    "--as-resource",
    "resource_types",
    type=NAME,
    multiple=True,
    default=("user",),
    show_default=True,
    help="Find each --user as a resource or target of this type too. Repeatable.",
)
@click.option(
    "--resource",
    "resources",
    type=(NAME, IDENTIFIER),
    multiple=True,
    metavar="TYPE ID",
    help="The person as a resource or target. Repeatable.",
)
@click.option(
    "--reason",
    required=True,
    help="Why, for the log, which keeps it for good. It must not name the person.",
)
@click.option(
    "--exports",
    "folders",
    type=_ExportFolder(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Erase the events in the export in this folder too. Repeatable.",
)
@removal_dry_run_option
@yes_option
@timeout_option
@json_option
@installation_options
@handle_errors
def erase(
    installation: Installation,
    tenant_id: str,
    users: tuple[str, ...],
    resource_types: tuple[str, ...],
    resources: tuple[tuple[str, str], ...],
    reason: str,
    folders: tuple[Path, ...],
    is_dry: bool,
    is_confirmed: bool,
    timeout_seconds: float,
    as_json: bool,
) -> None:
    """Remove every event that names a person, for good.

    It looks for the person as the one who acted, on whose behalf, as a resource or target, and in
    the filters of recorded reads. It removes the events with their payloads, from dead letters, and
    from exports in given folders. Removal orders in the log come first, as with `prooftrail
    cleanup`: they have the reason and the ids of the events, and never the person. After an error,
    run the same command again: it continues what orders with this reason began. The output lists
    what is beyond its reach.

    It refuses if a legal hold covers the person or one of the events: see `prooftrail hold list`.

    Example: prooftrail erase --user u-17 --reason "request 4711" --dry-run

    Exit codes: 0 done; 1 refused, stalled, or something is left; 2 wrong usage; 3 AWS or a local
    file cannot be read or written.
    """
    if not users and not resources:
        raise click.UsageError("give --user or --resource")
    typed = {(kind, user_id) for kind in resource_types for user_id in users}
    person = Person(tenant_id, frozenset(users), frozenset({*resources, *typed}))
    parts = _make_parts(installation, person, reason, folders)
    with open_temporary_file() as file:
        removals = _select(parts, file, as_json=as_json)
        with _open_scan(installation) as scan:
            letters = parts.dead_letters.count(scan)
            warn_of_hidden(scan)
        if not as_json or not (is_dry or is_confirmed):
            _print_selection(parts, removals, letters)
        is_unfinished = any(eraser.is_unfinished() for eraser in parts.folders.values())
        is_removing = bool(removals.count or letters.found or is_unfinished) and not is_dry
        if is_removing and not is_confirmed:
            click.confirm("Erase them for good?", abort=True, err=True)
        erased: Mapping[Path, int] = {}
        if is_removing:
            erased = _remove(parts, removals, timeout_seconds, as_json=as_json)
            if letters.found:
                with _open_scan(installation) as scan:
                    letters = parts.dead_letters.erase(scan)
    _print_result(parts, removals, letters, erased, is_removed=is_removing, as_json=as_json)
    if is_removing and (letters.faults or letters.unclear):
        sys.exit(exit_code(letters.faults.values()) or Exit.FAILED)


def _select(parts: _Parts, file: TextIO, *, as_json: bool) -> RemovalList:
    """Find the person's events in the exports and in the trail."""
    with show_progress(as_json=as_json) as bars, convert_file_errors(TEMPORARY_FILE):
        for folder, eraser in parts.folders.items():
            parts.exported[folder] = set(eraser.find())
        removals = parts.erasure.select(file, parts.exported_ids, bars or NoProgress())
        file.flush()  # a full disk is noticed before the operator is asked
    return removals


def _remove(
    parts: _Parts, removals: RemovalList, timeout_seconds: float, *, as_json: bool
) -> Mapping[Path, int]:
    """Remove the events from the trail, then from the exports. Return how many of each export."""
    exported_ids = parts.exported_ids
    with show_progress(as_json=as_json) as bars, convert_file_errors(TEMPORARY_FILE):
        orders = parts.erasure.remove(
            removals, exported_ids, bars or NoProgress(), timeout_seconds=timeout_seconds
        )
    return {folder: eraser.erase(orders) for folder, eraser in parts.folders.items()}


def _make_parts(
    installation: Installation, person: Person, reason: str, folders: Sequence[Path]
) -> _Parts:
    if installation.recorded_shard_count is None:
        raise ConfigurationError("the ledger is empty: there is no event to remove")
    caller = installation.aws.get_caller()
    events = installation.person_events
    removal = Removal(
        person.tenant_id,
        events,
        installation.writer,
        installation.ledger,
        str(uuid.uuid4()),
        caller.user_id,
        now_ms=now_ms,
        sleep=time.sleep,
        submitted_by=caller.submitted_by,
    )
    dead_letters = DeadLetterEraser(
        person,
        installation.dead_letter_payloads,
        installation.dead_letter_sender,
        installation.removable_events,
        lambda ids: _record_dead_letters(installation, ids, caller, reason),
    )
    erasers = {folder: ExportEraser(DiskFolder(folder), person) for folder in folders}
    return _Parts(Erasure(person, reason, events, removal), dead_letters, erasers)


def _record_dead_letters(
    installation: Installation, ids: Sequence[str], caller: Caller, reason: str
) -> None:
    queue = installation.get_output("AuditDeadLetterQueueUrl").rpartition("/")[2]
    record = make_record(ids, queue, caller, reason=reason)
    for error in installation.writer.put([record]).values():
        raise error


@contextmanager
def _open_scan(installation: Installation) -> Iterator[DeadLetterScan]:
    with open_scan(
        installation, DeadLetterFilter(), MAX_DEAD_LETTERS, has_bar=False, extends_timeout=True
    ) as scan:
        yield scan


def _print_selection(parts: _Parts, removals: RemovalList, letters: DeadLetterErasure) -> None:
    events = format_count(removals.stored, "event")
    click.echo(f"{events} of {parts.erasure.person.tenant_id} to erase", err=True)
    for action, count in removals.by_action.most_common(SHOWN_ACTIONS):
        click.echo(f"{count:>12,}  {escape(action)}", err=True)
    for folder, ids in parts.exported.items():
        click.echo(f"{format_count(len(ids), 'event')} in {escape(str(folder))}", err=True)
    if letters.found:
        found = format_count(letters.found, "dead letter")
        click.echo(f"{found} with {format_count(letters.events, 'event')}", err=True)
    if removals.invalid_items:
        items = format_count(removals.invalid_items, "damaged item")
        click.echo(f"{items} kept as evidence: see `prooftrail verify trail`", err=True)


def _print_result(
    parts: _Parts,
    removals: RemovalList,
    letters: DeadLetterErasure,
    erased: Mapping[Path, int],
    *,
    is_removed: bool,
    as_json: bool,
) -> None:
    run_id = parts.erasure.removal.run_id
    removed = removals.stored if is_removed else 0
    orders = removals.part_count if is_removed else 0
    if as_json:
        echo_json(
            {
                "run": run_id if is_removed else None,
                "found": removals.stored,
                "removed": removed,
                "parts": orders,
                "unsound": removals.invalid_items,
                "byAction": dict(removals.by_action.most_common()),
                "deadLetters": _describe_letters(letters),
                "exports": [
                    {"folder": str(folder), "found": len(ids), "removed": erased.get(folder, 0)}
                    for folder, ids in parts.exported.items()
                ],
                "beyondReach": list(BEYOND_REACH),
            }
        )
        return
    if is_removed:
        counts = f"{format_count(removed, 'event')}, {format_count(letters.removed, 'dead letter')}"
        lines = format_count(sum(erased.values()), "event")
        click.echo(f"removed {counts}, and {lines} of exports")
        click.echo(f"{format_count(orders, 'removal order')} of the run {run_id}")
    else:
        click.echo("nothing was removed")
    for message_id, error in letters.faults.items():
        click.echo(f"dead letter {message_id}: kept: {escape(describe_error(error))}")
    for message_id in letters.unclear:
        click.echo(f"dead letter {message_id}: kept: it has an id of the person and is not a job")
    click.echo("beyond the reach of this command:")
    for text in BEYOND_REACH:
        click.echo(f"- {text}")


def _describe_letters(letters: DeadLetterErasure) -> Mapping[str, object]:
    return {
        "found": letters.found,
        "events": letters.events,
        "removed": letters.removed,
        "kept": {each: describe_error(error) for each, error in letters.faults.items()},
        "unclear": letters.unclear,
    }
