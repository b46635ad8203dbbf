"""`auditlog dead-letters`: what could not be stored is seen, sent again or given up on record."""

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from auditlog.cli.filters import Duration
from auditlog.cli.lines import counted, cut_to, table
from auditlog.cli.places import Installation, on_installation
from auditlog.cli.terminal import (
    UNREADABLE,
    Exit,
    answering,
    escaped,
    escaped_json,
    explained,
    json_option,
    progress,
)
from auditlog.errors import (
    AuditLogError,
    InvalidLetterError,
    LettersNotFoundError,
    StoreRejectedError,
)
from auditlog.identity import MAX_DEPTH
from auditlog.letters import (
    HELD_SECONDS,
    Letter,
    Redriven,
    Round,
    Selection,
    body_of,
    path_of,
    redrive,
    revived,
    with_field,
)

DEFAULT_LIMIT: Final = 1_000
MAX_USER_LENGTH: Final = 256
DISCARD_ACTION: Final = "audit.dead-letters.discard"
RECORDED_IDS = 10_000  # of one event: 40 bytes each, and a message has at most 1 MiB


@click.group("dead-letters")
def dead_letters() -> None:
    """See, send again or remove what could not be stored.

    SQS gives no way to look at a message in place: these commands receive the letters, which hides
    them from everyone else, and give back at their end those that they did not remove. So run one
    at a time; a letter that another one holds is not seen, only counted. One that is killed leaves
    letters hidden: list and show for half a minute, redrive and discard for five.

    Exit codes: 0 done, 1 a letter was not found, refused or kept, 2 wrong usage, 3 AWS cannot be
    reached or refuses.
    """


def _selecting(command: Callable[..., None]) -> Callable[..., None]:
    """The filters; the command gets `selection` and `limit`."""

    @wraps(command)
    def run(*, text: str | None, older_than_ms: int | None, **options: Any) -> None:
        ids = options.pop("ids", ())
        is_all = options.pop("is_all", None)
        if is_all is not None and bool(ids) == is_all:
            raise click.UsageError("name the letters by their ids, or ask for --all")
        selection = Selection(tuple(dict.fromkeys(ids)) or None, text, older_than_ms)
        command(selection=selection, **options)

    for option in (
        click.option(
            "--limit",
            type=click.IntRange(min=1),
            default=DEFAULT_LIMIT,
            show_default=True,
            help="The most letters to look at.",
        ),
        click.option(
            "--older-than", "older_than_ms", type=Duration(), help="Sent so long ago: 2h, 7d."
        ),
        click.option("--error", "text", help="The error's type or message contains this."),
    ):
        run = option(run)
    return run


@dead_letters.command("list", short_help="List them, with their reasons.")
@_selecting
@json_option
@on_installation
@answering
def list_letters(
    installation: Installation, selection: Selection, limit: int, as_json: bool
) -> None:
    """List the letters: id, age, events, reason; with --json one a line, with all they have."""
    now_ms = _now_ms()
    rows: list[Sequence[object]] = []
    with _walk(installation, selection, limit, has_bar=not as_json) as walk:
        for letters in walk.batches():
            for letter in letters:
                if as_json:
                    content = {**letter.to_json(), "events": letter.event_count}
                    click.echo(escaped_json(json.dumps(content)))
                else:
                    rows.append(_row(letter, now_ms))
        hidden = _hidden_elsewhere(walk)
    if rows:
        lines = table(rows, ["message", "age", "events", "reason"], numbers=[1, 2])
        click.echo("\n".join(_fitting(lines)))
    elif not as_json and not hidden:
        click.echo("no dead letters" + (" that match" if walk.looked_at else ""))
    if hidden:
        click.echo(_held_text(hidden), err=as_json or bool(rows))
    _require_all(walk)


def _row(letter: Letter, now_ms: int) -> Sequence[object]:
    from auditlog.moments import describe_duration

    count = letter.event_count
    return (
        letter.id,
        describe_duration(now_ms - letter.sent_at),
        "-" if count is None else count,
        _reason(letter),
    )


def _reason(letter: Letter) -> str:
    if letter.error_type is None:
        return "redriven by SQS: the processor's log names the message"
    return f"{letter.error_type}: {letter.error_message or '-'}"


def _fitting(lines: Sequence[str]) -> Sequence[str]:
    """The lines, cut where a terminal would break them; whole for everything else."""
    if not sys.stdout.isatty():
        return lines
    columns = shutil.get_terminal_size().columns
    return [cut_to(line, columns) for line in lines]


def _hidden_elsewhere(walk: Round) -> int:
    """How many letters others hold, as far as that can be told of a walk that met some."""
    if walk.looked_at >= walk.limit:
        return 0
    try:
        return walk.hidden_elsewhere()
    except AuditLogError:
        if walk.looked_at:
            return 0
        raise


def _held_text(count: int) -> str:
    verb = "is" if count == 1 else "are"
    return (
        f"{counted(count, 'letter')} {verb} held by another receiver (or an interrupted command), "
        f"back within {counted(HELD_SECONDS // 60, 'minute')}"
    )


@dead_letters.command(short_help="Show one, body and all.")
@click.argument("letter_id", metavar="ID")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=DEFAULT_LIMIT,
    show_default=True,
    help="The most letters to look at.",
)
@json_option
@on_installation
@answering
def show(installation: Installation, letter_id: str, limit: int, as_json: bool) -> None:
    """Show the letter with this message id: its attributes, and its body, pretty if it is JSON."""
    selection = Selection([letter_id])
    with _walk(installation, selection, limit, has_bar=not as_json) as walk:
        for [letter] in walk.batches():
            body = body_of(letter, installation.letter_payloads)
            if as_json:
                content = {**letter.to_json(), "events": letter.event_count, "body": body}
                click.echo(escaped_json(json.dumps(content)))
                continue
            for name, value in letter.to_json().items():
                click.echo(f"{name:16}  {escaped(str(value)) if value is not None else '-'}")
            click.echo()
            for line in _pretty(body).split("\n"):
                click.echo(escaped(line))
        _tell_hidden(walk)
    _require_all(walk)


@dead_letters.command("redrive", short_help="Send them to the queue again.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every letter that the filters leave.")
@_selecting
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PATH=JSON",
    help="Set a field before: data.resourceId='\"x\"', data.events[*].userId=null.",
)
@click.option("--edit", "is_edited", is_flag=True, help="Edit each body in $EDITOR before.")
@click.option("--dry-run", is_flag=True, help="Say what would become of each, and send nothing.")
@json_option
@on_installation
@answering
def redrive_letters(
    installation: Installation,
    selection: Selection,
    limit: int,
    changes: Sequence[str],
    is_edited: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Send letters' events to the queue again, and remove the letters it has taken.

    Each event is checked first, as the processor will: a letter with one that it would refuse stays
    where it is, and the reason is told. To redrive twice is harmless: events get the eventId and
    timestamp that the letter gives them, so they are stored once.
    """
    fields = [_change_of(text) for text in changes]
    payloads = installation.letter_payloads

    def body(letter: Letter) -> str:
        text = body_of(letter, payloads)
        for path, value in fields:
            text = with_field(text, path, value)
        return _edited(text) if is_edited else text

    now_ms = _now_ms()
    outcomes: list[Redriven] = []
    has_bar = not (as_json or is_edited)
    with _walk(installation, selection, limit, has_bar=has_bar, is_lasting=not dry_run) as walk:
        for letters in walk.batches():
            if dry_run:
                done = [_checked(letter, body, now_ms) for letter in letters]
            else:
                done = list(redrive(letters, body, installation.jobs, walk, now_ms=now_ms))
            for one in done:
                if as_json:
                    click.echo(escaped_json(json.dumps(_outcome_json(one, dry_run=dry_run))))
                # Bodies have up to a megabyte: only what is told later is kept.
                outcomes.append(Redriven(_without_body(one.letter), one.is_sent, one.error))
        _tell_hidden(walk)
    if not as_json:
        _tell(outcomes, dry_run=dry_run)
    _require_all(walk)
    errors = [one.error for one in outcomes if one.error]
    if errors:
        is_unreadable = any(isinstance(error, UNREADABLE) for error in errors)
        sys.exit(Exit.UNREADABLE if is_unreadable else Exit.REFUTED)


def _checked(letter: Letter, body: Callable[[Letter], str], now_ms: int) -> Redriven:
    try:
        revived(letter, body(letter), now_ms=now_ms)
    except AuditLogError as error:
        return Redriven(letter, error=error)
    return Redriven(letter, is_sent=True)


def _without_body(letter: Letter) -> Letter:
    return Letter(letter.id, letter.receipt, "", letter.sent_at)


def _change_of(text: str) -> tuple[str, object]:
    path, has_value, value = text.partition("=")
    if not has_value or not path_of(path):
        raise click.UsageError(
            f"--set takes PATH=JSON, such as data.userId='\"u-1\"' (got {text!r})"
        )
    try:
        return path, json.loads(value)
    except (RecursionError, ValueError) as error:
        raise click.UsageError(
            f"--set {path}: the value is no JSON; a string has its own quotes: {path}='\"{value}\"'"
        ) from error


def _edited(body: str) -> str:
    try:
        edited = click.edit(_pretty(body), extension=".json")
    except UnicodeDecodeError as error:
        raise InvalidLetterError("left as it is: what the editor saved is no UTF-8") from error
    if edited is None:
        raise InvalidLetterError("left as it is: the editor saved nothing")
    return edited


def _outcome_json(one: Redriven, *, dry_run: bool) -> dict[str, object]:
    return {
        "messageId": one.letter.id,
        "sent": one.is_sent and not dry_run,
        "removed": one.is_done and not dry_run,
        "error": {"code": one.error.code, "message": explained(one.error)} if one.error else None,
    }


def _tell(outcomes: Sequence[Redriven], *, dry_run: bool) -> None:
    for one in outcomes:
        if one.error is None:
            continue
        reason = escaped(explained(one.error))
        if one.is_sent:
            click.echo(
                f"{one.letter.id}: sent, but still in the dead-letter queue ({reason}); "
                "redrive it again, it will be stored once"
            )
        else:
            click.echo(f"{one.letter.id}: kept: {reason}")
    done = sum(one.is_done for one in outcomes)
    kept = sum(not one.is_sent for one in outcomes)
    if dry_run:
        click.echo(f"{counted(done, 'letter')} would be sent, {kept} kept")
    else:
        sent = sum(one.is_sent for one in outcomes)
        click.echo(f"{counted(sent, 'letter')} sent, {kept} kept")


@dead_letters.command(short_help="Remove them for good, on record.")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every letter that the filters leave.")
@_selecting
@click.option(
    "--to",
    "kept_in",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="File that each letter is appended to before, a JSON object a line.",
)
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@json_option
@on_installation
@answering
def discard(
    installation: Installation,
    selection: Selection,
    limit: int,
    kept_in: Path,
    is_agreed: bool,
    as_json: bool,
) -> None:
    """Remove letters for good, once they are in a file and the removal is on record.

    The record is an audit event, action audit.dead-letters.discard, with the letters' ids and
    whoever runs this; of many letters there are several. They go to the queue before the first
    letter is removed.
    """
    if as_json and not is_agreed:
        raise click.UsageError("--json does not ask: say --yes")
    who = installation.aws.caller()
    faults: dict[str, AuditLogError] = {}
    with _walk(installation, selection, limit, has_bar=False, is_lasting=True) as walk:
        ids = _kept(walk, kept_in, lambda one: body_of(one, installation.letter_payloads), faults)
        _tell_hidden(walk)
        if ids and not is_agreed:
            click.confirm(
                f"{len(ids)} letters are in {kept_in}. Remove them from the queue?",
                abort=True,
                err=True,
            )
        if ids:
            faults |= _record_and_remove(installation, walk, ids, who)
    removed = [one for one in ids if one not in faults]
    if as_json:
        content = {
            "removed": removed,
            "kept": {one: explained(error) for one, error in faults.items()},
            "missing": list(walk.missing),
            "file": str(kept_in),
        }
        click.echo(escaped_json(json.dumps(content)))
    else:
        for letter_id, fault in faults.items():
            click.echo(f"{letter_id}: kept: {escaped(explained(fault))}")
        click.echo(f"{counted(len(removed), 'letter')} removed, {len(faults)} kept")
    if not as_json or not walk.missing:  # JSON has said it
        _require_all(walk)
    if faults or walk.missing:
        is_unreadable = any(isinstance(error, UNREADABLE) for error in faults.values())
        sys.exit(Exit.UNREADABLE if is_unreadable else Exit.REFUTED)


def _kept(
    walk: Round,
    path: Path,
    body: Callable[[Letter], str],
    faults: dict[str, AuditLogError],
) -> list[str]:
    """The ids of the letters that are in the file for good; `faults` gets the others.

    Raises:
        StoreRejectedError: the file cannot be written.
    """
    ids: list[str] = []
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor
            if _ends_midway(path):  # an earlier disk was full
                file.write("\n")
            for letters in walk.batches():
                for letter in letters:
                    try:
                        content = {**letter.to_json(), "body": body(letter)}
                    except AuditLogError as error:
                        faults[letter.id] = error
                        continue
                    file.write(json.dumps(content) + "\n")
                    ids.append(letter.id)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreRejectedError(f"{path}: {error.strerror}") from error
    return ids


def _ends_midway(path: Path) -> bool:
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _record_and_remove(
    installation: Installation, walk: Round, ids: Sequence[str], who: str
) -> dict[str, AuditLogError]:
    from uuid import uuid4

    from auditlog.identity import format_timestamp
    from auditlog.jobs import single_job

    queue = installation.output("AuditDeadLetterQueueUrl").rpartition("/")[2]
    events = [
        {
            "eventId": str(uuid4()),
            "timestamp": format_timestamp(_now_ms()),
            "tenantId": "default",
            "userId": who[-MAX_USER_LENGTH:],
            "action": DISCARD_ACTION,
            "resourceType": "dead-letter-queue",
            "resourceId": queue,
            "details": {"count": len(some), "messageIds": some},
        }
        for some in _slices(ids, RECORDED_IDS)
    ]
    for fault in installation.jobs.send([single_job(event) for event in events]).values():
        raise fault
    return dict(walk.remove(ids))


def _slices(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


@contextmanager
def _walk(
    installation: Installation,
    selection: Selection,
    limit: int,
    *,
    has_bar: bool,
    is_lasting: bool = False,
) -> Iterator[Round]:
    """A round, with a count on the terminal of what it has looked at."""
    with progress(as_json=not has_bar) as bars:
        if bars:
            bars.step("letters", None)
        on_received = bars.advance if bars else lambda _: None
        letters = installation.letters
        with Round(letters, selection, _now_ms(), limit, on_received, is_lasting) as walk:
            yield walk


def _tell_hidden(walk: Round) -> None:
    """Say of a walk that lacks letters how many others hold.

    Not of another: SQS counts what was just removed as hidden for a while.
    """
    if walk.missing or not walk.looked_at:
        hidden = _hidden_elsewhere(walk)
        if hidden:
            click.echo(_held_text(hidden), err=True)


def _require_all(walk: Round) -> None:
    """Say what was not looked at.

    Raises:
        LettersNotFoundError: letters that were asked for were not met.
    """
    if walk.looked_at >= walk.limit:
        looked_at = counted(walk.limit, "letter")
        click.echo(f"looked at {looked_at}: raise --limit for more", err=True)
    if walk.missing:
        raise LettersNotFoundError(walk.missing, walk.looked_at)


def _pretty(body: str) -> str:
    """The body, laid out where it is JSON and no deeper than events may be."""
    try:
        decoded = json.loads(body)
        if not _is_flat(decoded, MAX_DEPTH):  # a line of each level's indentation takes megabytes
            return body
        return escaped_json(json.dumps(decoded, indent=2, ensure_ascii=False))
    except (ValueError, RecursionError):
        return body


def _is_flat(value: object, depth: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_flat(part, depth - 1) for part in parts)
