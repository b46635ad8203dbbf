"""How the commands talk: answers on standard output, all else on standard error."""

import json
import os
import select
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from enum import IntEnum
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click

from prooftrail.errors import AuditLogError, InaccessibleError, LocalFileError

Parameters = ParamSpec("Parameters")


class Exit(IntEnum):
    """The exit codes: of a usage error click itself makes 2, the last two are the shell's."""

    OK = 0
    REFUTED = 1
    USAGE = 2
    INACCESSIBLE = 3
    INTERRUPTED = 130
    BROKEN_PIPE = 141


json_option = click.option("--json", "as_json", is_flag=True, help="Answer JSON, for scripts.")


def answering(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose errors are one line, or JSON where that was asked for, and an exit code."""
    return _answering(command, {})


def verifying(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """As `answering`, for a command whose JSON says whether something is verified."""
    return _answering(command, {"verified": False})


def _answering(
    command: Callable[Parameters, None], refusal: Mapping[str, object]
) -> Callable[Parameters, None]:
    @wraps(command)
    def run(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
            sys.stdout.flush()
        except AuditLogError as error:
            _fail(error, refusal, as_json=bool(options.get("as_json")))
        except BrokenPipeError:
            # Whoever read has read enough (`| head`). What Python flushes at its end must go
            # somewhere: https://docs.python.org/3/library/signal.html#note-on-sigpipe
            _abandon_output()
            sys.exit(Exit.BROKEN_PIPE)
        except OSError as error:
            _abandon_output()
            _fail(LocalFileError.from_os_error(error, "standard output"), refusal, as_json=False)
        except KeyboardInterrupt:
            click.echo(err=True)
            sys.exit(Exit.INTERRUPTED)

    return run


def _abandon_output() -> None:
    """Let what is left to be written go nowhere."""
    with suppress(OSError):  # an output without a descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def columns() -> int | None:
    """How wide the terminal is; None where standard output is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def look_for_reader() -> None:
    """See whether anybody still reads standard output, without writing to it.

    Raises:
        BrokenPipeError: nobody does; never of a file, nor where the system cannot tell.
    """
    if not hasattr(select, "poll"):  # Windows
        return
    try:
        descriptor = sys.stdout.fileno()
    except OSError:  # an output without a descriptor
        return
    poll = select.poll()
    poll.register(descriptor, 0)  # unasked it tells of errors and hang-ups alone
    if poll.poll(0):
        raise BrokenPipeError


def _fail(error: AuditLogError, refusal: Mapping[str, object], *, as_json: bool) -> NoReturn:
    text = explained(error)
    if as_json:
        content = {**refusal, "error": {"code": error.code, "message": text}}
        click.echo(escaped_json(json.dumps(content, ensure_ascii=False)))
    else:
        click.secho(f"error: {error.code}: {escaped(text)}", fg="red", err=True)
    sys.exit(exit_code([error]))


def exit_code(errors: Iterable[AuditLogError]) -> Exit:
    """Return the exit code of a command that ends with these errors."""
    codes = {
        Exit.INACCESSIBLE if isinstance(error, InaccessibleError) else Exit.REFUTED
        for error in errors
    }
    return max(codes, default=Exit.OK)


def explained(error: AuditLogError) -> str:
    """The error's text; of a fault of AWS, what AWS or its client said, which names the service."""
    if not isinstance(error, InaccessibleError):
        return str(error)
    from prooftrail.aws.errors import describe_aws_error

    return describe_aws_error(error)


def escaped(text: str) -> str:
    """The text with everything that a terminal might obey instead of show spelled out.

    Events come from whoever uses the applications that log: control characters, directional
    marks and the like stay out of an operator's terminal.

    >>> escaped("a\\x1b[2J\\u202eb\\n")
    'a\\\\x1b[2J\\\\u202eb\\\\n'
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


def escaped_json(text: str) -> str:
    """JSON text of the same meaning without a character that a terminal might obey.

    Newlines of the layout stay; within strings JSON has none.

    >>> escaped_json('{"a":"\\x9b2J"}')
    '{"a":"\\\\u009b2J"}'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one == "\n" else _json_escape(one) for one in text)


def _json_escape(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


class Bars:
    """`Progress` as a bar or a count on standard error, if that is a terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._bar: Any = None
        self._title = ""
        self._count = 0

    def step(self, title: str, total: int | None) -> None:
        """See `Progress.step`."""
        self.close()
        self._title, self._count = title, 0
        if self._is_shown and total is not None:
            self._bar = click.progressbar(length=total, label=f"{title:10}", file=sys.stderr)

    def advance(self, count: int) -> None:
        """See `Progress.advance`."""
        self._count += count
        if self._bar is not None:
            self._bar.update(count)
        elif self._is_shown:
            click.echo(f"\r{self._title:10}  {self._count:,}", nl=False, err=True)

    def close(self) -> None:
        """End the line."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
        elif self._is_shown and self._count:
            click.echo(err=True)


class StatusLine:
    """One line on standard error that says where a long search is, if that is a terminal."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()
        self._length = 0

    def show(self, text: str) -> None:
        """Say so, in place of what was said before."""
        self.clear()
        if self._is_shown:
            click.echo(text, nl=False, err=True)
            self._length = len(text)

    def clear(self) -> None:
        """Leave the line to others."""
        if self._length:
            click.echo(f"\r{'':{self._length}}\r", nl=False, err=True)
            self._length = 0


@contextmanager
def progress(*, as_json: bool) -> Iterator[Bars | None]:
    """What shows how far it is, for people."""
    if as_json:
        yield None
        return
    bars = Bars()
    try:
        yield bars
    finally:
        bars.close()
