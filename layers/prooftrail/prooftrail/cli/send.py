"""`prooftrail send`: put an event, or the events of a file, on the queue."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click

from prooftrail.cli.accepted import print_accepted
from prooftrail.cli.errors import Exit, describe_error, handle_errors
from prooftrail.cli.event_input import InputEvent, read_events
from prooftrail.cli.installation import Installation, installation_options
from prooftrail.cli.progress import show_progress
from prooftrail.cli.terminal import echo_json, escape, json_option
from prooftrail.errors import (
    AuditLogError,
    InaccessibleError,
    InvalidEventError,
    MalformedJobError,
    Problem,
)
from prooftrail.event.model import is_absent
from prooftrail.event.times import now_ms
from prooftrail.intake.jobs import decode_json
from prooftrail.intake.ports import JobMessage, JobQueue
from prooftrail.intake.submit import MAX_KEY_LENGTH, AcceptedEvent, Submission, SubmitResult, submit

CHUNK_SIZE: Final = 500

# The option's name, the event's field, and the help text.
_TEXT_FIELDS: Final[Mapping[str, tuple[str, str]]] = {
    "action": ("action", "What was done."),
    "resource-type": ("resourceType", "The type of the resource."),
    "resource-id": ("resourceId", "The resource's id."),
    "user": ("userId", "The id of the user who did it."),
    "username": ("username", "The name of the user."),
    "actor-type": (
        "actorType",
        "The type of who did it: user, service, apiKey, system, agent, or a name of yours.",
    ),
    "ip-address": ("ipAddress", "The client's IP address."),
    "user-agent": ("userAgent", "The client's user agent."),
    "session-id": ("sessionId", "The session's id."),
    "request-id": ("requestId", "The request's id."),
    "trace-id": ("traceId", "The trace's id: 32 hexadecimal digits."),
    "error-message": ("errorMessage", "Why it failed."),
    "event-id": ("eventId", "The event's own id. Default: a new one."),
    "timestamp": ("timestamp", "When it was done: RFC 3339 with an offset. Default: now."),
}
_JSON_FIELDS: Final[Mapping[str, str]] = {
    "details": "Details, a JSON object.",
    "metadata": "Metadata, a JSON object.",
    "changes": "What changed: a JSON object of before and after.",
}


class DryRunQueue:
    """A `JobQueue` that takes every message and keeps none."""

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:  # noqa: ARG002  # the port's signature
        """See `JobQueue.send`."""
        return {}


@dataclass(slots=True)
class _Counts:
    accepted: int = 0
    refused: int = 0
    unsent: int = 0

    def add(self, result: SubmitResult) -> None:
        if isinstance(result, InaccessibleError):
            self.unsent += 1
        elif isinstance(result, AuditLogError):
            self.refused += 1
        else:
            self.accepted += 1

    def print(self, verb: str) -> None:
        """Print the counts on standard error."""
        unsent = f", {self.unsent} not sent" if self.unsent else ""
        click.echo(f"{self.accepted} {verb}, {self.refused} refused{unsent}", err=True)


class _FileArgument(click.Argument):
    """An argument with brackets in the usage line, but not in its name in error messages."""

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002  # click's signature
        """See click."""
        return f"'{self.human_readable_name.strip('[]')}'"


def _event_options(command: Any) -> Any:
    for name in reversed(list(_JSON_FIELDS)):
        command = click.option(f"--{name}", metavar="JSON", help=_JSON_FIELDS[name])(command)
    command = click.option(
        "--success/--failure", default=None, help="Whether it succeeded or failed."
    )(command)
    command = click.option(
        "--target",
        "targets",
        nargs=2,
        multiple=True,
        metavar="TYPE ID",
        help="A further resource that it concerned; up to 20 times.",
    )(command)
    command = click.option(
        "--on-behalf-of",
        metavar="USER",
        help="The id of the user for whom it was done.",
    )(command)
    for name in reversed(list(_TEXT_FIELDS)):
        command = click.option(f"--{name}", help=_TEXT_FIELDS[name][1])(command)
    return command


@click.command()
@click.argument(
    "file",
    cls=_FileArgument,
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@_event_options
@click.option(
    "--tenant",
    "tenant_id",
    help="The tenant of events that name none. Default: the tenant `default`.",
)
@click.option(
    "--key",
    help="Give events of FILE without an eventId the eventId KEY:LINE, in a list KEY:POSITION, so "
    "that it is safe to send FILE again. Each event must have a timestamp.",
)
@click.option("--dry-run", is_flag=True, help="Check the events, and send none.")
@json_option
@installation_options
@handle_errors
def send(
    installation: Installation,
    file: Path | None,
    tenant_id: str | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Send the event that the options describe, or the events in FILE.

    FILE has JSON objects, one a line or spread over lines, a JSON list, or {"events": [...]};
    - is standard input. Jobs, messages of SQS as Lambda gets them, and the NDJSON that `export` and
    `query` write are read too. FILE can be compressed with gzip.

    Each event is checked first as the processor checks it. The place and the reason are printed for
    an event that breaks a rule; the others are sent.

    Prints id, timestamp, tenant and eventId of each event that is on the queue. It is stored some
    seconds later. A dry run prints them only for events with eventId and timestamp, because others
    get them when they are sent.

    Example: prooftrail send --action user.login --resource-type session --resource-id s-1

    Exit codes: 0 all were sent; 1 some break a rule; 2 wrong usage; 3 the queue did not take some.
    """
    inputs = _open_inputs(file, fields, key)
    queue: JobQueue = DryRunQueue() if dry_run else installation.jobs
    masks_secrets = dry_run or installation.masks_secrets  # a dry run asks no stack
    run = _Run(queue, masks_secrets, tenant_id, key, dry_run, as_json)
    with show_progress(as_json=as_json or file is None or sys.stdout.isatty()) as bars:
        if bars:
            bars.step("sending", None)
        run.send_all(inputs, bars.advance if bars else lambda _: None)
    if not as_json and (file or dry_run):
        run.counts.print(verb="valid" if dry_run else "sent")
    if run.counts.unsent:
        sys.exit(Exit.INACCESSIBLE)
    if run.counts.refused:
        sys.exit(Exit.FAILED)


def _open_inputs(
    file: Path | None, fields: Mapping[str, Any], key: str | None
) -> Iterator[InputEvent]:
    """Return the events to send.

    Raises:
        click.UsageError: there is an event by options and a file too, or neither, or the key does
            not fit.
    """
    event = _make_event(fields)
    if (file is None) == (not event):
        raise click.UsageError("give an event by options, or a FILE of events")
    if key is not None and not (file and 1 <= len(key) <= MAX_KEY_LENGTH):
        raise click.UsageError(f"--key: needs a FILE, and has 1 to {MAX_KEY_LENGTH} characters")
    return read_events(file) if file else iter([InputEvent("event", event)])


def _make_event(fields: Mapping[str, Any]) -> dict[str, object]:
    event: dict[str, object] = {}
    for option, (name, _) in _TEXT_FIELDS.items():
        value = fields[option.replace("-", "_")]
        if value is not None:
            event[name] = value
    for option in _JSON_FIELDS:
        if fields[option] is not None:
            try:
                event[option] = decode_json(fields[option])
            except MalformedJobError as error:
                raise click.UsageError(f"--{option}: {error}") from error
    if fields["success"] is not None:
        event["success"] = fields["success"]
    if fields["on_behalf_of"] is not None:
        event["onBehalfOf"] = {"userId": fields["on_behalf_of"]}
    if fields["targets"]:
        event["targets"] = [{"type": kind, "id": name} for kind, name in fields["targets"]]
    return event


@dataclass(slots=True)
class _Run:
    """Sends events in chunks, and prints the result of each."""

    queue: JobQueue
    masks_secrets: bool
    tenant_id: str | None
    key: str | None
    dry_run: bool
    as_json: bool
    counts: _Counts = field(default_factory=_Counts)

    def send_all(self, inputs: Iterator[InputEvent], on_sent: Callable[[int], object]) -> None:
        """Send all events, or those before the queue fails."""
        while chunk := list(islice(inputs, CHUNK_SIZE)):
            for item, result in zip(chunk, self._submit(chunk), strict=True):
                if self.dry_run and isinstance(result, AcceptedEvent) and not _has_id(item.event):
                    _print_valid(item.place, as_json=self.as_json)
                else:
                    _print_result(item.place, result, as_json=self.as_json)
                self.counts.add(result)
            on_sent(len(chunk))
            if self.counts.unsent:  # every further chunk would wait as long, and fail too
                click.secho(f"stopped after {chunk[-1].place}", fg="red", err=True)
                return

    def _submit(self, chunk: Sequence[InputEvent]) -> Iterator[SubmitResult]:
        """Put the valid events on the queue. Return the result of each event, in order."""
        errors = {
            position: error
            for position, item in enumerate(chunk)
            if (error := item.error or self._complete(item))
        }
        items = [item for position, item in enumerate(chunk) if position not in errors]
        masked = {position for position, item in enumerate(items) if item.is_masked}
        results = iter(
            submit(
                Submission([item.event for item in items], is_list=True, masked=masked),
                self.queue,
                tenant_id=None,
                idempotency_key=None,
                now_ms=now_ms(),
                make_event_id=lambda: str(uuid4()),
                masks_secrets=self.masks_secrets,
            )
            if items
            else ()
        )
        return (
            errors[position] if position in errors else next(results)
            for position in range(len(chunk))
        )

    def _complete(self, item: InputEvent) -> AuditLogError | None:
        """Set the tenant and the eventId that the options give. Return an error if they cannot."""
        if not isinstance(item.event, dict):
            return None
        if self.tenant_id is not None and is_absent(item.event.get("tenantId")):
            item.event["tenantId"] = self.tenant_id
        return None if self.key is None else _set_event_id(item.event, f"{self.key}:{item.number}")


def _set_event_id(event: dict[str, Any], event_id: str) -> AuditLogError | None:
    """Set the eventId of an event that has none. Return an error if it has no timestamp."""
    if is_absent(event.get("timestamp")):
        rule = "required with --key: an event that is sent again must be the same"
        return InvalidEventError([Problem("timestamp", rule)])
    if is_absent(event.get("eventId")):
        event["eventId"] = event_id
    return None


def _has_id(event: object) -> bool:
    """Return whether the event's id is known before it is sent, by its eventId and timestamp."""
    return isinstance(event, dict) and not any(
        is_absent(event.get(name)) for name in ("eventId", "timestamp")
    )


def _print_valid(place: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"place": place, "valid": True}) if as_json else f"{place}: valid")


def _print_result(place: str, result: SubmitResult, *, as_json: bool) -> None:
    if isinstance(result, AcceptedEvent):
        if as_json:
            echo_json({"place": place, **result.to_json()}, is_ascii=True)
        else:
            print_accepted(result)
        return
    text = describe_error(result)
    if as_json:
        error = {"code": result.code, "message": text}
        echo_json({"place": place, "error": error}, is_ascii=True)
    else:
        click.secho(f"{place}: {escape(text)}", fg="red", err=True)
