"""`prooftrail dead-letters discard`."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

import click

from prooftrail.cli.dead_letters.selection import (
    check_complete,
    describe_reason,
    open_scan,
    selection_options,
    warn_of_hidden,
)
from prooftrail.cli.errors import Exit, describe_error, exit_code, handle_errors
from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors, open_temporary_file
from prooftrail.cli.installation import Caller, Installation, installation_options
from prooftrail.cli.order_options import yes_option
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import AuditLogError
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.event.reserved import DISCARD_ACTION
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.intake.dead_letters import DeadLetterFilter, DeadLetterScan, load_body
from prooftrail.intake.ports import PayloadStore

RECORDED_IDS = 5_000  # in one event: an event has at most 10,000 JSON values
_SHOWN_REASON_LENGTH: Final = 100
_SHOWN_REASONS: Final = 10


@click.command()
@selection_options
@click.option(
    "--to",
    "file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The file to append the dead letters to first, one JSON object a line.",
)
@yes_option
@json_option
@installation_options
@handle_errors
def discard(
    installation: Installation,
    filters: DeadLetterFilter,
    limit: int,
    file: Path,
    is_confirmed: bool,
    as_json: bool,
) -> None:
    """Remove dead letters for good, after they are in a file and the removal is on record.

    It shows how many there are and why, and asks. If you say no, nothing is written.

    The record is an audit event, action audit.dead-letters.discard, with the message ids and the
    identity that runs this. Many dead letters take several events. They are stored before the first
    dead letter is removed, and kept for good.

    Example: prooftrail dead-letters discard --all --older-than 7d --to discarded.ndjson
    """
    if as_json and not is_confirmed:
        raise click.UsageError("--json cannot ask: give --yes too")
    caller = installation.aws.get_caller()
    errors: dict[str, AuditLogError] = {}
    with (
        open_scan(installation, filters, limit, has_bar=False, extends_timeout=True) as scan,
        open_temporary_file() as copy,  # memory could be short: a body has up to a megabyte
    ):
        reasons = _copy(scan, copy, installation.dead_letter_payloads, errors)
        ids = list(reasons)
        warn_of_hidden(scan)
        if ids and not is_confirmed:
            _confirm(Counter(reasons.values()), file)
        if ids:
            _append(copy, file)
            errors |= _record_and_remove(installation, scan, ids, caller)
    _report([each for each in ids if each not in errors], errors, scan, file, as_json=as_json)


def _report(
    removed: Sequence[str],
    errors: Mapping[str, AuditLogError],
    scan: DeadLetterScan,
    file: Path,
    *,
    as_json: bool,
) -> None:
    """Print what was removed. End the command with its exit code if something was not."""
    if as_json:
        content = {
            "removed": list(removed),
            "kept": {message_id: describe_error(error) for message_id, error in errors.items()},
            "missing": list(scan.missing_ids),
            "ambiguous": scan.ambiguous_ids,
            "file": str(file),
        }
        echo_json(content, is_ascii=True)
    else:
        for message_id, error in errors.items():
            click.echo(f"{message_id}: kept: {escape(describe_error(error))}")
        click.echo(f"{format_count(len(removed), 'dead letter')} removed, {len(errors)} kept")
    has_unfound = bool(scan.missing_ids or scan.ambiguous_ids)
    if not as_json or not has_unfound:  # the JSON names these
        check_complete(scan)
    if errors or has_unfound:
        sys.exit(exit_code(errors.values()) or Exit.FAILED)


def _copy(
    scan: DeadLetterScan,
    copy: IO[str],
    payloads: PayloadStore,
    errors: dict[str, AuditLogError],
) -> Mapping[str, str]:
    """Write the dead letters to a file. Return their reasons by id, and fill `errors`.

    Raises:
        LocalFileError: the file cannot be written.
    """
    reasons: dict[str, str] = {}
    for batch in scan.receive_batches():
        for dead_letter in batch:
            try:
                content = {**dead_letter.to_json(), "body": load_body(dead_letter, payloads)}
            except AuditLogError as error:
                errors[dead_letter.id] = error
                continue
            with convert_file_errors(TEMPORARY_FILE):
                copy.write(json.dumps(content) + "\n")
            reasons[dead_letter.id] = describe_reason(dead_letter)[:_SHOWN_REASON_LENGTH]
    with convert_file_errors(TEMPORARY_FILE):
        copy.flush()
    return reasons


def _confirm(reasons: Counter[str], file: Path) -> None:
    """Ask the operator.

    Raises:
        click.Abort: the operator says no.
    """
    for reason, count in reasons.most_common(_SHOWN_REASONS):
        click.echo(f"{format_count(count, 'dead letter')}: {escape(reason)}", err=True)
    more = len(reasons) - _SHOWN_REASONS
    if more > 0:
        click.echo(f"and {format_count(more, 'more reason')}", err=True)
    total = format_count(reasons.total(), "dead letter")
    question = f"Append {total} to {escape(str(file))}, and remove from the queue?"
    click.confirm(question, abort=True, err=True)


def _append(copy: IO[str], path: Path) -> None:
    """Append the copy to the file, durably.

    Raises:
        LocalFileError: the file cannot be written.
    """
    with convert_file_errors(path):
        copy.seek(0)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor
            if _ends_without_newline(path):  # the disk was full at an earlier run
                file.write("\n")
            shutil.copyfileobj(copy, file)
            file.flush()
            os.fsync(file.fileno())


def _ends_without_newline(path: Path) -> bool:
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _record_and_remove(
    installation: Installation, scan: DeadLetterScan, ids: Sequence[str], caller: Caller
) -> Mapping[str, AuditLogError]:
    """Remove the dead letters once the record is stored. Return the failures by id.

    The record is written to the table directly. In the queue, every producer could forge one.

    Raises:
        InaccessibleError: the record cannot be stored; nothing is removed.
    """
    queue = installation.get_output("AuditDeadLetterQueueUrl").rpartition("/")[2]
    records = [make_record(part, queue, caller) for part in _split(ids, RECORDED_IDS)]
    for error in installation.writer.put(records).values():
        raise error
    return scan.delete(ids)


def make_record(ids: Sequence[str], queue: str, caller: Caller, **details: object) -> EventRecord:
    """Return the event that records the removal of dead letters, with further details."""
    time_ms = now_ms()
    event = AuditEvent(
        event_id=str(uuid4()),
        timestamp=format_timestamp(time_ms),
        user_id=caller.user_id,
        action=DISCARD_ACTION,
        resource_type="dead-letter-queue",
        resource_id=queue,
        details={**details, "count": len(ids), "messageIds": list(ids)},
    )
    return EventRecord.from_event(
        event, received_at=time_ms, retention_days=0, submitted_by=caller.submitted_by
    )


def _split(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))
