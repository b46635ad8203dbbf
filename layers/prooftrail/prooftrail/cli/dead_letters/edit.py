"""Changes to the bodies of dead letters before they are sent again: by option or in an editor."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import dropwhile
from tempfile import mkstemp
from typing import Final

import click

from prooftrail.cli.dead_letters.show import indent_body
from prooftrail.cli.files import TEMPORARY_FILE, convert_file_errors
from prooftrail.cli.terminal import escape
from prooftrail.errors import InvalidDeadLetterError, MalformedJobError
from prooftrail.intake.body_path import split_assignment
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.jobs import decode_json
from prooftrail.intake.redrive import encode_redrive

_COMMENT: Final = "# "  # JSON cannot begin with it
# Python's decoder reads these as numbers. JSON does not have them.
_NUMBERS_OF_PYTHON: Final = {"NaN", "Infinity", "-Infinity"}


def parse_change(text: str) -> tuple[str, object]:
    """Return the path and the value of `PATH=VALUE`. A value that is not JSON is text.

    Raises:
        click.UsageError: the path is not valid, or the value begins like JSON and is not JSON.

    >>> parse_change("details.size=5"), parse_change('details.size="5"'), parse_change("userId=u-1")
    (('details.size', 5), ('details.size', '5'), ('userId', 'u-1'))
    """
    assignment = split_assignment(text)
    if assignment is None:
        raise click.UsageError(f"--set: must be PATH=VALUE, such as userId=u-1 (got {text!r})")
    path, value = assignment
    if value in _NUMBERS_OF_PYTHON:
        return path, value
    try:
        return path, decode_json(value)
    except MalformedJobError as error:
        if not value.lstrip().startswith(("{", "[", '"')):
            return path, value
        raise click.UsageError(
            f"--set {path}: the value begins like JSON, but is {error}; "
            "to send it as text, put it in JSON's quotes"
        ) from error


class BodyEditor:
    """Lets the operator edit bodies, and keeps the edits that are not sent."""

    def __init__(self) -> None:
        self._edits: dict[str, str] = {}

    def edit(self, dead_letter: ReceivedDeadLetter, body: str, now_ms: int) -> str:
        """Return the body as the operator saves it in the editor.

        The editor opens again, with the reason, while the body would be refused.

        Raises:
            InvalidDeadLetterError: nothing was saved, or the body would be refused and was left
                unchanged.
        """
        shown, reason = indent_body(body), ""
        while True:
            saved = _run_editor(shown, reason)
            text = _remove_comment(saved) if reason else saved
            is_changed = text.strip() != shown.strip()
            if is_changed:
                self._edits[dead_letter.id] = text
            try:
                encode_redrive(dead_letter, text, now_ms=now_ms)
            except InvalidDeadLetterError as error:
                reason = escape(str(error))
                if not is_changed:
                    raise InvalidDeadLetterError(f"left unchanged: {reason}") from error
                shown = text
            else:
                return text

    def forget(self, message_id: str) -> None:
        """Do not keep the edit of this dead letter: it was sent."""
        self._edits.pop(message_id, None)

    @contextmanager
    def keep_unsent(self) -> Iterator[None]:
        """Write the edits that are left at the end into files, and print the files' names."""
        try:
            yield
        finally:
            for message_id, text in self._edits.items():
                with convert_file_errors(TEMPORARY_FILE):
                    descriptor, path = mkstemp(prefix="prooftrail-dead-letter-", suffix=".json")
                    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # a descriptor
                        file.write(text)
                click.echo(f"{message_id}: not sent; the edited text is in {path}", err=True)
            self._edits.clear()


def _run_editor(body: str, reason: str) -> str:
    try:
        saved = click.edit(_add_comment(body, reason), extension=".json")
    except UnicodeDecodeError as error:
        raise InvalidDeadLetterError("left unchanged: the editor saved no UTF-8") from error
    if saved is None:
        raise InvalidDeadLetterError(f"left unchanged: {reason or 'the editor saved nothing'}")
    return saved


def _add_comment(body: str, reason: str) -> str:
    """Return the body under the reason why it would be refused, if there is one."""
    if not reason:
        return body
    hint = "correct it, or leave it unchanged to skip it; lines count from below this one"
    return f"{_COMMENT}{reason}\n{_COMMENT}{hint}\n{body}"


def _remove_comment(text: str) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(dropwhile(lambda line: line.startswith(_COMMENT.rstrip()), lines))
