"""`prooftrail send`: an event of options, or events of a file, onto the queue."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final
from uuid import uuid4

import click

from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.terminal import (
    Exit,
    answering,
    escaped,
    escaped_json,
    explained,
    json_option,
    progress,
)
from prooftrail.errors import (
    AuditLogError,
    InaccessibleError,
    InvalidEventError,
    LocalFileError,
    MalformedJobError,
    Problem,
)
from prooftrail.event.times import now_ms
from prooftrail.intake.jobs import decode_json
from prooftrail.intake.ports import JobQueue
from prooftrail.intake.submit import MAX_KEY_LENGTH, AcceptedEvent, Submission, SubmitResult, submit

CHUNK: Final = 500
MAX_LINE_BYTES: Final = 8 * 1024 * 1024  # an event has at most 1 MiB; its text may be less tight
_BOM: Final = b"\xef\xbb\xbf"

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "action": ("action", "What was done."),
    "resource-type": ("resourceType", "The kind of resource."),
    "resource-id": ("resourceId", "The resource."),
    "user": ("userId", "Who did it."),
    "username": ("username", "The name of who did it."),
    "ip-address": ("ipAddress", "Where it came from."),
    "user-agent": ("userAgent", "The client."),
    "session-id": ("sessionId", "The session."),
    "request-id": ("requestId", "The request."),
    "error-message": ("errorMessage", "Why it failed."),
    "event-id": ("eventId", "The event's own key; default: a new one."),
    "timestamp": ("timestamp", "When, RFC 3339 with an offset; default: now."),
}
_OBJECTS: Final[Mapping[str, str]] = {
    "details": "More about it, a JSON object.",
    "metadata": "Anything else, a JSON object.",
    "changes": "What changed, a JSON object of before and after.",
}


@dataclass(frozen=True, slots=True)
class Found:
    """An event of the input, or why there is none; `place` says where: `line 3`."""

    place: str
    event: object = None
    error: AuditLogError | None = None


class NoQueue:
    """`JobQueue` for a trial: it takes everything and keeps nothing."""

    def send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:  # noqa: ARG002  # the port's
        """See `JobQueue.send`."""
        return {}


class _Optional(click.Argument):
    """An argument whose brackets are the usage's alone, not part of its name."""

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002  # click's
        """See click."""
        return f"'{self.human_readable_name.strip('[]')}'"


def _event_options(command: Any) -> Any:
    for name in reversed(list(_OBJECTS)):
        command = click.option(f"--{name}", metavar="JSON", help=_OBJECTS[name])(command)
    command = click.option("--success/--failure", default=None, help="How it ended.")(command)
    for name in reversed(list(_TEXTS)):
        command = click.option(f"--{name}", help=_TEXTS[name][1])(command)
    return command


@click.command()
@click.argument(
    "file",
    cls=_Optional,
    metavar="[FILE]",
    required=False,
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
)
@_event_options
@click.option("--tenant", "tenant_id", help="Whose events, where they do not say; else `default`.")
@click.option(
    "--key",
    help="Names events that have no eventId <key>:<line>: to send the file again is harmless then. "
    "Each must have its timestamp.",
)
@click.option("--dry-run", is_flag=True, help="Check the events, and send none.")
@json_option
@on_installation
@answering
def send(
    installation: Installation,
    file: Path | None,
    tenant_id: str | None,
    key: str | None,
    dry_run: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Send the event of the options, or the events in FILE: one JSON object a line, or a JSON list.

    `-` is standard input. Each event is checked first as the processor will: of those that break a
    rule the line and the reason are told, the others are sent. Prints id, timestamp, tenant and
    eventId of each that is on the queue; a few seconds later it is stored. A dry run prints them of
    those alone that have eventId and timestamp: others would get them when sent.

    Exit codes: 0 all sent, 1 some broke a rule, 2 wrong usage, 3 the queue did not take some.
    """
    own = _own_event(fields)
    if (file is None) == (not own):
        raise click.UsageError("give an event by options, or a file of events")
    if key is not None and not (file and 1 <= len(key) <= MAX_KEY_LENGTH):
        raise click.UsageError(f"--key goes with a file, and has 1 to {MAX_KEY_LENGTH} characters")
    queue: JobQueue = NoQueue() if dry_run else installation.jobs
    found = _found_in(file) if file else iter([Found("event", own)])
    accepted = refused = unsent = 0
    with progress(as_json=as_json or sys.stdout.isatty()) as bars:
        if bars and file:
            bars.step("sending", None)
        while chunk := list(islice(found, CHUNK)):
            for one, outcome in zip(chunk, _sent(chunk, queue, tenant_id, key), strict=True):
                if dry_run and isinstance(outcome, AcceptedEvent) and not _is_named(one.event):
                    _show_valid(one.place, as_json=as_json)
                else:
                    _show(one.place, outcome, as_json=as_json)
                if isinstance(outcome, InaccessibleError):
                    unsent += 1
                elif isinstance(outcome, AuditLogError):
                    refused += 1
                else:
                    accepted += 1
            if bars and file:
                bars.advance(len(chunk))
            if unsent:  # each chunk more would wait as long, and fail too
                click.secho(f"stopped after {chunk[-1].place}", fg="red", err=True)
                break
    if not as_json and (file or dry_run):
        verb = "valid" if dry_run else "sent"
        counts = f"{accepted} {verb}, {refused} refused" + (
            f", {unsent} not sent" if unsent else ""
        )
        click.echo(counts, err=True)
    if unsent:
        sys.exit(Exit.INACCESSIBLE)
    if refused:
        sys.exit(Exit.REFUTED)


def _own_event(fields: Mapping[str, Any]) -> dict[str, object]:
    event: dict[str, object] = {}
    for option, (name, _) in _TEXTS.items():
        value = fields[option.replace("-", "_")]
        if value is not None:
            event[name] = value
    for option in _OBJECTS:
        if fields[option] is not None:
            try:
                event[option] = decode_json(fields[option])
            except MalformedJobError as error:
                raise click.UsageError(f"--{option}: {error}") from error
    if fields["success"] is not None:
        event["success"] = fields["success"]
    return event


def _sent(
    chunk: Sequence[Found], queue: JobQueue, tenant_id: str | None, key: str | None
) -> Iterator[SubmitResult]:
    """What became of each event."""
    good: list[object] = []
    errors: dict[int, AuditLogError] = {}
    for at, one in enumerate(chunk):
        event, error = one.event, one.error
        if error is None and isinstance(event, dict):
            if tenant_id is not None and event.get("tenantId") is None:
                event["tenantId"] = tenant_id
            if key is not None:
                error = _named(event, f"{key}:{one.place.rpartition(' ')[2]}")
        if error is None:
            good.append(event)
        else:
            errors[at] = error
    outcomes = iter(
        submit(
            Submission(tuple(good), is_list=True),
            queue,
            tenant_id=None,
            idempotency_key=None,
            now_ms=now_ms(),
            make_event_id=lambda: str(uuid4()),
        )
        if good
        else ()
    )
    return (errors[at] if at in errors else next(outcomes) for at in range(len(chunk)))


def _named(event: dict[str, Any], event_id: str) -> AuditLogError | None:
    if event.get("timestamp") is None:
        rule = "required with --key, so that an event sent again is the same"
        return InvalidEventError([Problem("timestamp", rule)])
    if event.get("eventId") is None:
        event["eventId"] = event_id
    return None


def _is_named(event: object) -> bool:
    """Whether its id is known before it is sent: eventId and timestamp are its own."""
    return isinstance(event, dict) and None not in (event.get("eventId"), event.get("timestamp"))


def _show_valid(place: str, *, as_json: bool) -> None:
    click.echo(json.dumps({"place": place, "valid": True}) if as_json else f"{place}: valid")


def _show(place: str, outcome: SubmitResult, *, as_json: bool) -> None:
    if isinstance(outcome, AcceptedEvent):
        if as_json:
            click.echo(escaped_json(json.dumps({"place": place, **outcome.to_json()})))
        else:
            names = (outcome.id, outcome.timestamp, outcome.tenant_id, outcome.event_id)
            click.echo("  ".join(map(escaped, names)))
        return
    if as_json:
        error = {"code": outcome.code, "message": explained(outcome)}
        click.echo(escaped_json(json.dumps({"place": place, "error": error})))
    else:
        click.secho(f"{place}: {escaped(explained(outcome))}", fg="red", err=True)


def _found_in(path: Path) -> Iterator[Found]:
    """The events of a file or of standard input, read as they are asked for.

    Raises:
        LocalFileError: it cannot be read.
        MalformedJobError: it begins as a list and is none.
    """
    try:
        if str(path) == "-":
            yield from _found(sys.stdin.buffer)
        else:
            with path.open("rb") as file:
                yield from _found(file)
    except OSError as error:
        raise LocalFileError.from_os_error(error, path) from error


def _found(file: IO[bytes]) -> Iterator[Found]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        text = line.strip()
        if not text:
            continue
        if number == 1 and text.startswith(b"["):
            yield from _listed(line + file.read())
            return
        place = f"line {number}"
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(file)
            yield Found(place, error=MalformedJobError(f"longer than {MAX_LINE_BYTES} bytes"))
            continue
        try:
            yield Found(place, decode_json(text.decode()))
        except UnicodeDecodeError:
            yield Found(place, error=MalformedJobError("no UTF-8"))
        except MalformedJobError as error:
            reason = str(error).replace(" at line 1 column ", " at column ")
            yield Found(place, error=MalformedJobError(reason))


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _listed(content: bytes) -> Iterator[Found]:
    try:
        events = decode_json(content.decode())
    except UnicodeDecodeError as error:
        raise MalformedJobError("no UTF-8") from error
    if not isinstance(events, list):
        raise MalformedJobError("not a list of events")
    for at, event in enumerate(events, start=1):
        yield Found(f"event {at}", event)
