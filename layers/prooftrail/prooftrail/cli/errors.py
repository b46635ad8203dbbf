"""How a command ends: its exit code, and its error as one line or as JSON."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from enum import IntEnum
from functools import wraps
from typing import NoReturn, ParamSpec

import click

from prooftrail.cli.terminal import echo_json, escape
from prooftrail.errors import (
    AuditLogError,
    InaccessibleError,
    LocalFileError,
    StackNotFoundError,
    UnprovedError,
)

Parameters = ParamSpec("Parameters")


class Exit(IntEnum):
    """The exit codes. click sets USAGE itself. The last two follow the shell's convention."""

    OK = 0
    FAILED = 1
    USAGE = 2
    INACCESSIBLE = 3
    UNPROVED = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def exit_code(errors: Iterable[AuditLogError]) -> Exit:
    """Return the exit code of a command that ends with these errors."""
    return max(map(_exit_code, errors), default=Exit.OK)


def _exit_code(error: AuditLogError) -> Exit:
    if isinstance(error, UnprovedError):
        return Exit.UNPROVED
    return Exit.INACCESSIBLE if isinstance(error, InaccessibleError) else Exit.FAILED


def handle_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Let a command end with an exit code, and its error be one line, or JSON with `--json`."""
    return _handle_errors(command, {})


def handle_verification_errors(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Do as `handle_errors`, and add `"verified": false` to the JSON."""
    return _handle_errors(command, {"verified": False})


def _handle_errors(
    command: Callable[Parameters, None], fields: Mapping[str, object]
) -> Callable[Parameters, None]:
    @wraps(command)
    def run(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
            sys.stdout.flush()
        except AuditLogError as error:
            _fail(error, fields, as_json=bool(options.get("as_json")))
        except BrokenPipeError:
            # The reader has ended (`| head`). Python flushes at its end, which must not fail:
            # https://docs.python.org/3/library/signal.html#note-on-sigpipe
            _discard_output()
            sys.exit(Exit.BROKEN_PIPE)
        except OSError as error:
            end_without_output(error)
        except KeyboardInterrupt:
            click.echo(err=True)
            sys.exit(Exit.INTERRUPTED)

    return run


def end_without_output(error: OSError) -> NoReturn:
    """End the command, which could not write to standard output, with its exit code."""
    _discard_output()
    _fail(LocalFileError.from_os_error(error, "standard output"), {}, as_json=False)


def _discard_output() -> None:
    """Let what is still buffered for standard output be written to nowhere."""
    with suppress(OSError):  # standard output has no descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(error: AuditLogError, fields: Mapping[str, object], *, as_json: bool) -> NoReturn:
    text = describe_error(error)
    if as_json:
        echo_json({**fields, "error": {"code": error.code, "message": text}})
    else:
        click.secho(f"error: {escape(text)} [{error.code}]", fg="red", err=True)
    sys.exit(exit_code([error]))


def describe_error(error: AuditLogError) -> str:
    """Return the error's text. For an error of AWS it is what AWS said, with the operation."""
    has_own_text = isinstance(error, LocalFileError | StackNotFoundError)
    if has_own_text or not isinstance(error, InaccessibleError):
        return str(error)
    from prooftrail.aws.errors import describe_aws_error

    return describe_aws_error(error)
