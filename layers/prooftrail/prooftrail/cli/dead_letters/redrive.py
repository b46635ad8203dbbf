"""`prooftrail dead-letters redrive`."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import click

from prooftrail.cli.dead_letters.edit import BodyEditor, parse_change
from prooftrail.cli.dead_letters.selection import (
    check_complete,
    open_scan,
    selection_options,
    warn_of_hidden,
)
from prooftrail.cli.errors import describe_error, exit_code, handle_errors
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.cli.text import format_count
from prooftrail.errors import AuditLogError
from prooftrail.event.times import now_ms
from prooftrail.intake.dead_letters import DeadLetterFilter, ReceivedDeadLetter, load_body
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.redrive import RedriveResult, encode_redrive, redrive, set_field

GetBody = Callable[[ReceivedDeadLetter], str]


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """What a redrive would do with a dead letter: send this many events, or keep it for an error.

    `body` is its body after the changes.
    """

    dead_letter: ReceivedDeadLetter
    body: str | None = None
    events: int | None = None
    error: AuditLogError | None = None


@click.command("redrive")
@selection_options
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=JSON",
    help="Set a field first: data.resourceId='\"x\"', data.events[*].userId=null. Repeatable.",
)
@click.option(
    "--edit",
    "is_edited",
    is_flag=True,
    help="Edit each body in $EDITOR first. It opens again until the body is valid or left "
    "unchanged.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Show what would be done with each, and send nothing. With --json show the changed body.",
)
@json_option
@installation_options
@handle_errors
def redrive_dead_letters(
    installation: Installation,
    filters: DeadLetterFilter,
    limit: int,
    changes: Sequence[str],
    is_edited: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send the events of dead letters to the queue again, and remove what the queue has taken.

    Each event is checked first as the processor checks it. A dead letter with an event that would
    be refused stays where it is, and the reason is printed. It is safe to redrive twice: an event
    keeps the eventId and the timestamp of the dead letter, so it is stored once.

    Example: prooftrail dead-letters redrive --all --set 'data.resourceId="unknown"' --dry-run
    """
    fields = [parse_change(text) for text in changes]
    payloads = installation.dead_letter_payloads
    now = now_ms()
    editor = BodyEditor()

    def get_body(dead_letter: ReceivedDeadLetter) -> str:
        body = load_body(dead_letter, payloads)
        for path, value in fields:
            body = set_field(body, path, value)
        return editor.edit(dead_letter, body, now) if is_edited else body

    results: list[RedriveResult | DryRunResult] = []
    with open_scan(
        installation,
        filters,
        limit,
        has_bar=not (as_json or is_edited),
        extends_timeout=is_edited or not dry_run,
    ) as scan:
        for batch in scan.receive_batches():
            batch_results: Sequence[RedriveResult | DryRunResult]
            with editor.keep_unsent():
                if dry_run:
                    batch_results = [_check(dead_letter, get_body, now) for dead_letter in batch]
                else:
                    batch_results = redrive(batch, get_body, installation.jobs, scan, now_ms=now)
                for result in batch_results:
                    if isinstance(result, RedriveResult) and result.is_sent:
                        editor.forget(result.dead_letter.id)
            for result in batch_results:
                if as_json:
                    echo_json(_to_json(result), is_ascii=True)
                results.append(_drop_body(result))  # a body has up to a megabyte
        warn_of_hidden(scan)
    if not as_json:
        _print(results, dry_run=dry_run)
    check_complete(scan)
    if errors := [result.error for result in results if result.error]:
        sys.exit(exit_code(errors))


def _check(dead_letter: ReceivedDeadLetter, get_body: GetBody, now: int) -> DryRunResult:
    body: str | None = None
    try:
        body = get_body(dead_letter)
        encode_redrive(dead_letter, body, now_ms=now)
        return DryRunResult(dead_letter, body, len(parse_job(body).events))
    except AuditLogError as error:
        return DryRunResult(dead_letter, body, error=error)


def _drop_body(result: RedriveResult | DryRunResult) -> RedriveResult | DryRunResult:
    dead_letter = replace(result.dead_letter, body="")
    if isinstance(result, DryRunResult):
        return replace(result, dead_letter=dead_letter, body=None)
    return replace(result, dead_letter=dead_letter)


def _to_json(result: RedriveResult | DryRunResult) -> dict[str, object]:
    error = None
    if result.error:
        error = {"code": result.error.code, "message": describe_error(result.error)}
    if isinstance(result, DryRunResult):
        return {
            "messageId": result.dead_letter.id,
            "sent": False,
            "removed": False,
            "events": result.events,
            "body": result.body,
            "error": error,
        }
    return {
        "messageId": result.dead_letter.id,
        "sent": result.is_sent,
        "removed": result.is_done,
        "error": error,
    }


def _print(results: Sequence[RedriveResult | DryRunResult], *, dry_run: bool) -> None:
    sent = 0
    for result in results:
        message_id = result.dead_letter.id
        reason = escape(describe_error(result.error)) if result.error else ""
        match result:
            case DryRunResult(events=int() as events):
                sent += 1
                click.echo(f"{message_id}: would be sent: {format_count(events, 'event')}")
            case RedriveResult(is_sent=True):
                sent += 1
                if reason:
                    click.echo(
                        f"{message_id}: sent, but still in the dead-letter queue ({reason}); "
                        "redrive it again: it is stored once"
                    )
            case _:
                click.echo(f"{message_id}: kept: {reason}")
    verb = "would be sent" if dry_run else "sent"
    click.echo(f"{format_count(sent, 'dead letter')} {verb}, {len(results) - sent} kept")
