"""Events in a file or on standard input: one JSON object a line, or a JSON list."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from prooftrail.errors import AuditLogError, LocalFileError, MalformedJobError
from prooftrail.intake.jobs import decode_json

MAX_LINE_BYTES: Final = 8 * 1024 * 1024  # an event has at most 1 MiB; its text may be less compact
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class InputEvent:
    """An event of the input, or the error in its place. `place` says where: `line 3`."""

    place: str
    event: object = None
    error: AuditLogError | None = None

    @property
    def number(self) -> str:
        """The number of the line, or of the event in a list."""
        return self.place.rpartition(" ")[2]


def read_events(path: Path) -> Iterator[InputEvent]:
    """Yield the events of a file, or of standard input for `-`, while reading it.

    Raises:
        LocalFileError: the file cannot be read.
        MalformedJobError: it begins as a JSON list, but is not one.
    """
    try:
        if str(path) == "-":
            yield from _parse(sys.stdin.buffer)
        else:
            with path.open("rb") as file:
                yield from _parse(file)
    except OSError as error:
        raise LocalFileError.from_os_error(error, path) from error


def _parse(file: IO[bytes]) -> Iterator[InputEvent]:
    number = 0
    while line := file.readline(MAX_LINE_BYTES):
        number += 1
        if number == 1:
            line = line.removeprefix(_BOM)
        text = line.strip()
        if not text:
            continue
        if number == 1 and text.startswith(b"["):
            yield from _parse_list(line + file.read())
            return
        place = f"line {number}"
        if len(line) == MAX_LINE_BYTES and not line.endswith(b"\n"):
            _skip_line(file)
            error = MalformedJobError(f"must have at most {MAX_LINE_BYTES:,} bytes")
            yield InputEvent(place, error=error)
            continue
        yield _parse_line(place, text)


def _parse_line(place: str, text: bytes) -> InputEvent:
    try:
        return InputEvent(place, decode_json(text.decode()))
    except UnicodeDecodeError:
        return InputEvent(place, error=MalformedJobError("must be UTF-8"))
    except MalformedJobError as error:
        reason = str(error).replace(" at line 1 column ", " at column ")
        return InputEvent(place, error=MalformedJobError(reason))


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(MAX_LINE_BYTES)) and not rest.endswith(b"\n"):
        pass


def _parse_list(content: bytes) -> Iterator[InputEvent]:
    try:
        events = decode_json(content.decode())
    except UnicodeDecodeError as error:
        raise MalformedJobError("must be UTF-8") from error
    if not isinstance(events, list):
        raise MalformedJobError("must be a list of events")
    for number, event in enumerate(events, start=1):
        yield InputEvent(f"event {number}", event)
