"""`prooftrail dead-letters`: what could not be stored is seen, sent again or given up on record."""

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import wraps
from itertools import dropwhile
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any, Final

import click

from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors, open_temporary_file
from prooftrail.cli.filters import Duration
from prooftrail.cli.installation import Installation, on_installation
from prooftrail.cli.lines import counted, cut_to, table
from prooftrail.cli.terminal import (
    Exit,
    answering,
    escaped,
    escaped_json,
    exit_code,
    explained,
    json_option,
    progress,
)
from prooftrail.errors import (
    AuditLogError,
    DeadLettersNotFoundError,
    InvalidDeadLetterError,
)
from prooftrail.event import times
from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.intake.dead_letters import (
    EXTENDED_TIMEOUT_SECONDS,
    DeadLetterFilter,
    DeadLetterScan,
    ReceivedDeadLetter,
    load_body,
)
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.ports import PayloadStore
from prooftrail.intake.redrive import (
    RedriveResult,
    encode_redrive,
    parse_path,
    redrive,
    set_field,
)

DEFAULT_LIMIT: Final = 1_000
MAX_USER_LENGTH: Final = 256
DISCARD_ACTION: Final = "audit.dead-letters.discard"
_COMMENT: Final = "# "  # no JSON begins so
_SHOWN_REASON: Final = 100  # characters of one, before a discard
_SHOWN_REASONS: Final = 10
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
        selection = DeadLetterFilter(tuple(dict.fromkeys(ids)) or None, text, older_than_ms)
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
    installation: Installation, selection: DeadLetterFilter, limit: int, as_json: bool
) -> None:
    """List the letters: id, age, events, reason; with --json one a line, with all they have."""
    now_ms = times.now_ms()
    rows: list[Sequence[object]] = []
    with _walk(installation, selection, limit, has_bar=not as_json) as scan:
        for letters in scan.receive_batches():
            for letter in letters:
                if as_json:
                    content = {**letter.to_json(), "events": letter.event_count}
                    click.echo(escaped_json(json.dumps(content)))
                else:
                    rows.append(_row(letter, now_ms))
        hidden = _hidden_elsewhere(scan)
    if rows:
        lines = table(rows, ["message", "age", "events", "reason"], numbers=[1, 2])
        click.echo("\n".join(_fitting(lines)))
    elif not as_json and not hidden:
        click.echo("no dead letters" + (" that match" if scan.scanned_count else ""))
    if hidden:
        click.echo(_held_text(hidden), err=as_json or bool(rows))
    _require_all(scan)


def _row(letter: ReceivedDeadLetter, now_ms: int) -> Sequence[object]:
    from prooftrail.event.times import describe_duration

    count = letter.event_count
    return (
        letter.id,
        describe_duration(now_ms - letter.sent_at),
        "-" if count is None else count,
        _reason(letter),
    )


def _reason(letter: ReceivedDeadLetter) -> str:
    if letter.error_type is None:
        return "redriven by SQS: the processor's log names the message"
    return f"{letter.error_type}: {letter.error_message or '-'}"


def _fitting(lines: Sequence[str]) -> Sequence[str]:
    """The lines, cut where a terminal would break them; whole for everything else."""
    if not sys.stdout.isatty():
        return lines
    columns = shutil.get_terminal_size().columns
    return [cut_to(line, columns) for line in lines]


def _hidden_elsewhere(scan: DeadLetterScan) -> int:
    """How many letters others hold, as far as that can be told of a walk that met some."""
    if scan.scanned_count >= scan.limit:
        return 0
    try:
        return scan.count_in_flight_elsewhere()
    except AuditLogError:
        if scan.scanned_count:
            return 0
        raise


def _held_text(count: int) -> str:
    verb = "is" if count == 1 else "are"
    return (
        f"{counted(count, 'letter')} {verb} held by another receiver (or an interrupted command), "
        f"back within {counted(EXTENDED_TIMEOUT_SECONDS // 60, 'minute')}"
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
    selection = DeadLetterFilter([letter_id])
    with _walk(installation, selection, limit, has_bar=not as_json) as scan:
        for [letter] in scan.receive_batches():
            body = load_body(letter, installation.letter_payloads)
            if as_json:
                content = {**letter.to_json(), "events": letter.event_count, "body": body}
                click.echo(escaped_json(json.dumps(content)))
                continue
            for name, value in letter.to_json().items():
                click.echo(f"{name:16}  {escaped(str(value)) if value is not None else '-'}")
            click.echo()
            for line in _pretty(body).split("\n"):
                click.echo(escaped(line))
        _tell_hidden(scan)
    _require_all(scan)


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
@click.option(
    "--edit",
    "is_edited",
    is_flag=True,
    help="Edit each body in $EDITOR before: again until it is valid, or left unchanged.",
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what would become of each, and send nothing; with --json its changed body.",
)
@json_option
@on_installation
@answering
def redrive_letters(
    installation: Installation,
    selection: DeadLetterFilter,
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
    now_ms = times.now_ms()
    edits: dict[str, str] = {}

    def body(letter: ReceivedDeadLetter) -> str:
        text = load_body(letter, payloads)
        for path, value in fields:
            text = set_field(text, path, value)
        return _edited(letter, text, edits, now_ms) if is_edited else text

    outcomes: list[RedriveResult | _Rehearsed] = []
    has_bar = not (as_json or is_edited)
    extends_timeout = is_edited or not dry_run
    with _walk(
        installation, selection, limit, has_bar=has_bar, extends_timeout=extends_timeout
    ) as scan:
        for letters in scan.receive_batches():
            done: Sequence[RedriveResult | _Rehearsed]
            with _kept_unless_sent(edits):
                if dry_run:
                    done = [_rehearsed(letter, body, now_ms) for letter in letters]
                else:
                    done = redrive(letters, body, installation.jobs, scan, now_ms=now_ms)
                for one in done:
                    if isinstance(one, RedriveResult) and one.is_sent:
                        edits.pop(one.dead_letter.id, None)
            for one in done:
                if as_json:
                    click.echo(escaped_json(json.dumps(_outcome_json(one))))
                # Bodies have up to a megabyte: only what is told later is kept.
                outcomes.append(_without_body(one))
        _tell_hidden(scan)
    if not as_json:
        _tell(outcomes, dry_run=dry_run)
    _require_all(scan)
    if errors := [one.error for one in outcomes if one.error]:
        sys.exit(exit_code(errors))


@dataclass(frozen=True, slots=True)
class _Rehearsed:
    """What would become of a letter: its events sent, of the body it then had, or why not."""

    dead_letter: ReceivedDeadLetter
    body: str | None = None
    events: int | None = None
    error: AuditLogError | None = None


def _rehearsed(
    letter: ReceivedDeadLetter, body: Callable[[ReceivedDeadLetter], str], now_ms: int
) -> _Rehearsed:
    text: str | None = None
    try:
        text = body(letter)
        encode_redrive(letter, text, now_ms=now_ms)
        return _Rehearsed(letter, text, len(parse_job(text).events))
    except AuditLogError as error:
        return _Rehearsed(letter, text, error=error)


def _without_body(one: RedriveResult | _Rehearsed) -> RedriveResult | _Rehearsed:
    dead_letter = replace(one.dead_letter, body="")
    if isinstance(one, _Rehearsed):
        return replace(one, dead_letter=dead_letter, body=None)
    return replace(one, dead_letter=dead_letter)


def _change_of(text: str) -> tuple[str, object]:
    path, has_value, value = text.partition("=")
    if not has_value or not parse_path(path):
        raise click.UsageError(
            f"--set takes PATH=JSON, such as data.userId='\"u-1\"' (got {text!r})"
        )
    try:
        return path, json.loads(value)
    except (RecursionError, ValueError) as error:
        raise click.UsageError(
            f"--set {path}: the value is no JSON; a string has its own quotes: {path}='\"{value}\"'"
        ) from error


def _edited(letter: ReceivedDeadLetter, body: str, edits: dict[str, str], now_ms: int) -> str:
    """What the editor makes of the body; one that would be refused is opened again, with why.

    `edits` keeps the last text of a letter that was changed.

    Raises:
        InvalidDeadLetterError: the edit is empty, or unchanged and would be refused.
    """
    shown, reason = _pretty(body), ""
    while True:
        try:
            saved = click.edit(_commented(shown, reason), extension=".json")
        except UnicodeDecodeError as error:
            raise InvalidDeadLetterError(
                "left as it is: what the editor saved is no UTF-8"
            ) from error
        if saved is None:
            raise InvalidDeadLetterError(f"left as it is: {reason or 'the editor saved nothing'}")
        text = _uncommented(saved) if reason else saved
        is_changed = text.strip() != shown.strip()
        if is_changed:
            edits[letter.id] = text
        try:
            encode_redrive(letter, text, now_ms=now_ms)
        except InvalidDeadLetterError as error:
            reason = escaped(str(error))
            if not is_changed:
                raise InvalidDeadLetterError(f"left as it is: {reason}") from error
            shown = text
        else:
            return text


def _commented(body: str, reason: str) -> str:
    """The body under the reason why it would be refused."""
    if not reason:
        return body
    hint = "mend it, or leave it unchanged to give up; lines count from below this one"
    return f"{_COMMENT}{reason}\n{_COMMENT}{hint}\n{body}"


def _uncommented(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith(_COMMENT.rstrip()), lines))


@contextmanager
def _kept_unless_sent(edits: dict[str, str]) -> Iterator[None]:
    """Put the edits that are still there at the end into files, and name those."""
    try:
        yield
    finally:
        for letter_id, text in edits.items():
            with convert_file_errors(TEMPORARY_FILE):
                descriptor, path = mkstemp(prefix="prooftrail-letter-", suffix=".json")
                with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor
                    file.write(text)
            click.echo(f"{letter_id}: not sent; its edited text is in {path}", err=True)
        edits.clear()


def _outcome_json(one: RedriveResult | _Rehearsed) -> dict[str, object]:
    error = {"code": one.error.code, "message": explained(one.error)} if one.error else None
    if isinstance(one, _Rehearsed):
        return {
            "messageId": one.dead_letter.id,
            "sent": False,
            "removed": False,
            "events": one.events,
            "body": one.body,
            "error": error,
        }
    return {
        "messageId": one.dead_letter.id,
        "sent": one.is_sent,
        "removed": one.is_done,
        "error": error,
    }


def _tell(outcomes: Sequence[RedriveResult | _Rehearsed], *, dry_run: bool) -> None:
    sent = 0
    for one in outcomes:
        reason = escaped(explained(one.error)) if one.error else ""
        match one:
            case _Rehearsed(events=int() as events):
                sent += 1
                click.echo(f"{one.dead_letter.id}: would be sent: {counted(events, 'event')}")
            case RedriveResult(is_sent=True):
                sent += 1
                if reason:
                    click.echo(
                        f"{one.dead_letter.id}: sent, but still in the dead-letter queue "
                        f"({reason}); redrive it again, it will be stored once"
                    )
            case _:
                click.echo(f"{one.dead_letter.id}: kept: {reason}")
    verb = "would be sent" if dry_run else "sent"
    click.echo(f"{counted(sent, 'letter')} {verb}, {len(outcomes) - sent} kept")


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
    selection: DeadLetterFilter,
    limit: int,
    kept_in: Path,
    is_agreed: bool,
    as_json: bool,
) -> None:
    """Remove letters for good, once they are in a file and the removal is on record.

    Asks first, and says how many there are and why; after a no nothing is written.

    The record is an audit event, action audit.dead-letters.discard, with the letters' ids and
    whoever runs this; of many letters there are several. They go to the queue before the first
    letter is removed.
    """
    if as_json and not is_agreed:
        raise click.UsageError("--json does not ask: say --yes")
    who = installation.aws.caller()
    faults: dict[str, AuditLogError] = {}
    with (
        _walk(installation, selection, limit, has_bar=False, extends_timeout=True) as scan,
        open_temporary_file() as spool,  # bodies have up to a megabyte
    ):
        reasons = _spooled(scan, spool, installation.letter_payloads, faults)
        ids = list(reasons)
        _tell_hidden(scan)
        if ids and not is_agreed:
            _ask(Counter(reasons.values()), kept_in)
        if ids:
            _append(spool, kept_in)
            faults |= _record_and_remove(installation, scan, ids, who)
    removed = [one for one in ids if one not in faults]
    if as_json:
        content = {
            "removed": removed,
            "kept": {one: explained(error) for one, error in faults.items()},
            "missing": list(scan.missing_ids),
            "file": str(kept_in),
        }
        click.echo(escaped_json(json.dumps(content)))
    else:
        for letter_id, fault in faults.items():
            click.echo(f"{letter_id}: kept: {escaped(explained(fault))}")
        click.echo(f"{counted(len(removed), 'letter')} removed, {len(faults)} kept")
    if not as_json or not scan.missing_ids:  # JSON has said it
        _require_all(scan)
    if faults or scan.missing_ids:
        sys.exit(exit_code(faults.values()) or Exit.REFUTED)


def _spooled(
    scan: DeadLetterScan, spool: IO[str], payloads: PayloadStore, faults: dict[str, AuditLogError]
) -> Mapping[str, str]:
    """The reasons, by id, of the letters that are in the spool; `faults` gets the others.

    Raises:
        LocalFileError: the spool cannot be written.
    """
    reasons: dict[str, str] = {}
    for letters in scan.receive_batches():
        for letter in letters:
            try:
                content = {**letter.to_json(), "body": load_body(letter, payloads)}
            except AuditLogError as error:
                faults[letter.id] = error
                continue
            with convert_file_errors(TEMPORARY_FILE):
                spool.write(json.dumps(content) + "\n")
            reasons[letter.id] = _reason(letter)[:_SHOWN_REASON]
    with convert_file_errors(TEMPORARY_FILE):
        spool.flush()
    return reasons


def _ask(reasons: Counter[str], path: Path) -> None:
    """Go on only if whoever is asked agrees.

    Raises:
        click.Abort: they do not.
    """
    for reason, count in reasons.most_common(_SHOWN_REASONS):
        click.echo(f"{counted(count, 'letter')}: {escaped(reason)}", err=True)
    more = len(reasons) - _SHOWN_REASONS
    if more > 0:
        click.echo(f"and {counted(more, 'more reason')}", err=True)
    total = counted(reasons.total(), "letter")
    question = f"Write {total} to {path}, and remove from the queue?"
    click.confirm(question, abort=True, err=True)


def _append(spool: IO[str], path: Path) -> None:
    """Have what is in the spool in the file for good.

    Raises:
        LocalFileError: the file cannot be written.
    """
    with convert_file_errors(str(path)):
        spool.seek(0)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:  # noqa: PTH123  # of a descriptor
            if _ends_midway(path):  # an earlier disk was full
                file.write("\n")
            shutil.copyfileobj(spool, file)
            file.flush()
            os.fsync(file.fileno())


def _ends_midway(path: Path) -> bool:
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() != b"\n"


def _record_and_remove(
    installation: Installation, scan: DeadLetterScan, ids: Sequence[str], who: str
) -> dict[str, AuditLogError]:
    from uuid import uuid4

    from prooftrail.event.times import format_timestamp
    from prooftrail.intake.jobs import encode_single_job

    queue = installation.output("AuditDeadLetterQueueUrl").rpartition("/")[2]
    events = [
        {
            "eventId": str(uuid4()),
            "timestamp": format_timestamp(times.now_ms()),
            "tenantId": "default",
            "userId": who[-MAX_USER_LENGTH:],
            "action": DISCARD_ACTION,
            "resourceType": "dead-letter-queue",
            "resourceId": queue,
            "details": {"count": len(some), "messageIds": some},
        }
        for some in _slices(ids, RECORDED_IDS)
    ]
    for fault in installation.jobs.send([encode_single_job(event) for event in events]).values():
        raise fault
    return dict(scan.delete(ids))


def _slices(ids: Sequence[str], size: int) -> Iterator[list[str]]:
    return (list(ids[start : start + size]) for start in range(0, len(ids), size))


@contextmanager
def _walk(
    installation: Installation,
    selection: DeadLetterFilter,
    limit: int,
    *,
    has_bar: bool,
    extends_timeout: bool = False,
) -> Iterator[DeadLetterScan]:
    """A round, with a count on the terminal of what it has looked at."""
    with progress(as_json=not has_bar) as bars:
        if bars:
            bars.step("letters", None)
        on_received = bars.advance if bars else lambda _: None
        letters = installation.letters
        with DeadLetterScan(
            letters, selection, times.now_ms(), limit, on_received, extends_timeout
        ) as scan:
            yield scan


def _tell_hidden(scan: DeadLetterScan) -> None:
    """Say of a walk that lacks letters how many others hold.

    Not of another: SQS counts what was just removed as hidden for a while.
    """
    if scan.scanned_count and not scan.missing_ids:
        return
    with suppress(AuditLogError):  # what is asked of these commands does not hang on it
        hidden = _hidden_elsewhere(scan)
        if hidden:
            click.echo(_held_text(hidden), err=True)


def _require_all(scan: DeadLetterScan) -> None:
    """Say what was not looked at.

    Raises:
        DeadLettersNotFoundError: letters that were asked for were not met.
    """
    if scan.scanned_count >= scan.limit:
        looked_at = counted(scan.limit, "letter")
        click.echo(f"looked at {looked_at}: raise --limit for more", err=True)
    if scan.missing_ids:
        raise DeadLettersNotFoundError(scan.missing_ids, scan.scanned_count)


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
