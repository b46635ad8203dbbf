"""`prooftrail dead-letters redrive`."""

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field

import click

from prooftrail.cli.accepted import print_accepted
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
from prooftrail.intake.body_path import set_field
from prooftrail.intake.dead_letters import (
    DeadLetterFilter,
    DeadLetterScan,
    ReceivedDeadLetter,
    load_body,
)
from prooftrail.intake.redrive import RedriveResult, encode_redrive, redrive


@dataclass(frozen=True, slots=True)
class DryRunResult:
    """What a redrive would do with a dead letter: send this many events, or keep it for an error.

    `body` is its body after the changes.
    """

    dead_letter: ReceivedDeadLetter
    body: str | None = None
    events: int | None = None
    error: AuditLogError | None = None


Result = RedriveResult | DryRunResult


@click.command("redrive")
@selection_options
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=VALUE",
    help="Set a field of each event first. VALUE is JSON; otherwise it is text: userId=u-1, "
    'details.size=5, details.size=\'"5"\', details."a.b"=null. PATH may begin at the body too: '
    "data.events[0].userId=u-1. Repeatable.",
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

    Prints id, timestamp, tenant and eventId of each event that is on the queue.

    Example: prooftrail dead-letters redrive --all --set userId=u-1 --dry-run
    """
    fields = [parse_change(text) for text in changes]
    run = _Run(installation, fields, BodyEditor() if is_edited else None, dry_run, now_ms())
    report = _Report(as_json, dry_run)
    with open_scan(
        installation,
        filters,
        limit,
        has_bar=not (as_json or is_edited or sys.stdout.isatty()),
        extends_timeout=is_edited or not dry_run,
    ) as scan:
        for batch in scan.receive_batches():
            report.add(run.process(batch, scan))
        warn_of_hidden(scan)
    report.finish()
    check_complete(scan)
    if report.errors:
        sys.exit(exit_code(report.errors))


@dataclass(frozen=True, slots=True)
class _Run:
    """Redrives dead letters, with the changes that the options ask for."""

    installation: Installation
    fields: Sequence[tuple[str, object]]
    editor: BodyEditor | None
    dry_run: bool
    now_ms: int

    def process(
        self, batch: Sequence[ReceivedDeadLetter], scan: DeadLetterScan
    ) -> Sequence[Result]:
        """Redrive the dead letters, or only check them. Return one result for each, in order."""
        with self.editor.keep_unsent() if self.editor else nullcontext():
            if self.dry_run:
                return [self._check(dead_letter) for dead_letter in batch]
            jobs = self.installation.jobs
            results = redrive(
                batch,
                self._get_body,
                jobs,
                scan,
                now_ms=self.now_ms,
                masks_secrets=self.installation.masks_secrets,
            )
            for result in results:
                if self.editor and result.is_sent:
                    self.editor.forget(result.dead_letter.id)
            return results

    def _get_body(self, dead_letter: ReceivedDeadLetter) -> str:
        body = load_body(dead_letter, self.installation.dead_letter_payloads)
        for path, value in self.fields:
            body = set_field(body, path, value)
        return self.editor.edit(dead_letter, body, self.now_ms) if self.editor else body

    def _check(self, dead_letter: ReceivedDeadLetter) -> DryRunResult:
        body: str | None = None
        try:
            body = self._get_body(dead_letter)
            encoded = encode_redrive(
                dead_letter,
                body,
                now_ms=self.now_ms,
                masks_secrets=self.installation.masks_secrets,
            )
        except AuditLogError as error:
            return DryRunResult(dead_letter, body, error=error)
        return DryRunResult(dead_letter, body, len(encoded.events))


@dataclass(slots=True)
class _Report:
    """Prints the results as they come, and keeps counts and errors for the end of the command."""

    as_json: bool
    dry_run: bool
    errors: list[AuditLogError] = field(default_factory=list)
    _sent: int = 0
    _kept: int = 0

    def add(self, results: Sequence[Result]) -> None:
        """Print these results."""
        for result in results:
            if self.as_json:
                echo_json(_to_json(result), is_ascii=True)
            else:
                _print(result)
            if result.error:
                self.errors.append(result.error)
            if result.is_sent if isinstance(result, RedriveResult) else result.events is not None:
                self._sent += 1
            else:
                self._kept += 1

    def finish(self) -> None:
        """Print how many there were."""
        if not self.as_json:
            verb = "would be sent" if self.dry_run else "sent"
            click.echo(f"{format_count(self._sent, 'dead letter')} {verb}, {self._kept} kept")


def _to_json(result: Result) -> dict[str, object]:
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
        "sentEvents": [event.to_json() for event in result.events],
        "error": error,
    }


def _print(result: Result) -> None:
    message_id = escape(result.dead_letter.id)
    reason = escape(describe_error(result.error)) if result.error else ""
    match result:
        case DryRunResult(events=int() as events):
            click.echo(f"{message_id}: would be sent: {format_count(events, 'event')}")
        case RedriveResult(is_sent=True):
            for event in result.events:
                print_accepted(event)
            if reason:
                click.echo(
                    f"{message_id}: sent, but still in the dead-letter queue ({reason}); "
                    "redrive it again: it is stored once"
                )
        case _:
            click.echo(f"{message_id}: kept: {reason}")
