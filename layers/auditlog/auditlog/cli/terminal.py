"""How the commands talk: answers on standard output, all else on standard error."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from functools import wraps
from typing import Any, NoReturn, ParamSpec

import click

from auditlog.errors import AuditLogError, StoreRejectedError, StoreUnavailableError

Parameters = ParamSpec("Parameters")


class Exit(IntEnum):
    """The exit codes: of a usage error click itself makes 2."""

    OK = 0
    REFUTED = 1
    USAGE = 2
    UNREADABLE = 3


json_option = click.option("--json", "as_json", is_flag=True, help="Answer JSON, for scripts.")


def answering(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """A command whose errors are one line, or JSON where that was asked for, and an exit code."""

    @wraps(command)
    def run(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            command(*args, **options)
        except AuditLogError as error:
            _fail(error, as_json=bool(options.get("as_json")))

    return run


def _fail(error: AuditLogError, *, as_json: bool) -> NoReturn:
    if as_json:
        content = {"code": error.code, "message": str(error)}
        click.echo(json.dumps({"verified": False, "error": content}, ensure_ascii=False))
    else:
        click.secho(f"error: {error.code}: {error}", fg="red", err=True)
    is_unreadable = isinstance(error, StoreRejectedError | StoreUnavailableError)
    sys.exit(Exit.UNREADABLE if is_unreadable else Exit.REFUTED)


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
