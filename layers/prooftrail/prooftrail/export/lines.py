"""Formats of one JSON object a line."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final

from prooftrail.errors import MalformedExportError
from prooftrail.export.ports import MAX_RECORD_BYTES, Claim, Exported

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def json_line(content: dict[str, Any]) -> str:
    """The content as compact JSON, without what is None."""
    return _encode({name: value for name, value in content.items() if value is not None})


@dataclass(frozen=True, slots=True)
class Lines:
    """`Format` of lines: `encode` makes one, without its end, of an event and the log's name.

    `parse` reads one; it may raise what a wrong one makes a parser raise.
    """

    extension: str
    encode: Callable[[Exported, str], str]
    parse: Callable[[bytes], Claim]
    bears_damage: bool = True

    def check(self) -> None:
        """See `Format.check`."""

    def writer(self, file: BinaryIO, origin: str) -> "LineWriter":
        """See `Format.writer`."""
        return LineWriter(file, origin, self.encode)

    def claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `Format.claims`."""
        read = partial(file.readline, MAX_RECORD_BYTES)
        for number, line in enumerate(iter(read, b""), 1):
            if not line.endswith(b"\n"):
                raise MalformedExportError(f"line {number} is cut off, or longer than any")
            try:
                claim = self.parse(line[:-1])
            except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
                raise MalformedExportError(f"line {number} is no exported event") from error
            yield claim


@dataclass(frozen=True, slots=True)
class LineWriter:
    """`Writer` of lines."""

    file: BinaryIO
    origin: str
    encode: Callable[[Exported, str], str]

    def add(self, event: Exported) -> None:
        """See `Writer.add`."""
        self.file.write(f"{self.encode(event, self.origin)}\n".encode())

    def end(self) -> None:
        """See `Writer.end`."""
