"""Formats with one JSON object a line."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final

from prooftrail.errors import MalformedExportError
from prooftrail.export.ports import MAX_RECORD_BYTES, Claim, ExportedEvent

_PARSER_ERRORS: Final = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def drop_none(**values: Any) -> dict[str, Any]:
    """Return the values that are not None.

    >>> drop_none(a=1, b=None)
    {'a': 1}
    """
    return {name: value for name, value in values.items() if value is not None}


def encode_json_line(content: dict[str, Any]) -> str:
    """Return compact JSON of the values that are not None."""
    return _encode({name: value for name, value in content.items() if value is not None})


@dataclass(frozen=True, slots=True)
class LineFormat:
    """`FileFormat` of lines.

    `encode` returns the line of an event of the log with this name, without the line's end.
    `parse` reads a line, `find_fields` the fields in it that name persons. A line that is not valid
    may raise any error that parsers raise.
    """

    extension: str
    encode: Callable[[ExportedEvent, str], str]
    parse: Callable[[bytes], Claim]
    find_fields: Callable[[bytes, Claim], Mapping[str, Any]]
    can_read_damaged: bool = True

    @classmethod
    def from_documents(
        cls,
        extension: str,
        make_document: Callable[[ExportedEvent], dict[str, Any]],
        parse: Callable[[bytes], Claim],
        find_fields: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    ) -> "LineFormat":
        """Return the format with lines that are these documents in compact JSON."""

        def encode(exported: ExportedEvent, _origin: str) -> str:
            return encode_json_line(make_document(exported))

        return cls(extension, encode, parse, lambda line, _: find_fields(json.loads(line)))

    def check_available(self) -> None:
        """See `FileFormat.check_available`."""

    def make_writer(self, file: BinaryIO, origin: str) -> "LineWriter":
        """See `FileFormat.make_writer`."""
        return LineWriter(file, origin, self.encode)

    def make_record(self, event: ExportedEvent) -> bytes:
        """See `FileFormat.make_record`."""
        return self.encode(event, "").encode()

    def read_claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `FileFormat.read_claims`."""
        return (claim for claim, _ in self._read_lines(file))

    def read_events(self, file: BinaryIO) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
        """See `FileFormat.read_events`."""
        for claim, line in self._read_lines(file):
            try:
                fields = self.find_fields(line[:-1], claim)
            except _PARSER_ERRORS as error:
                at = claim.position
                raise MalformedExportError(f"the line of position {at} is not valid") from error
            yield claim, fields

    def copy_events(
        self, source: BinaryIO, target: BinaryIO, is_kept: Callable[[Claim], bool]
    ) -> None:
        """See `FileFormat.copy_events`."""
        for claim, line in self._read_lines(source):
            if is_kept(claim):
                target.write(line)

    def _read_lines(self, file: BinaryIO) -> Iterator[tuple[Claim, bytes]]:
        read_line = partial(file.readline, MAX_RECORD_BYTES)
        for number, line in enumerate(iter(read_line, b""), 1):
            if not line.endswith(b"\n"):
                raise MalformedExportError(
                    f"line {number} is incomplete, or longer than any exported event"
                )
            try:
                claim = self.parse(line[:-1])
            except _PARSER_ERRORS as error:
                raise MalformedExportError(f"line {number} is not an exported event") from error
            yield claim, line


def decode_canonical(_line: bytes, claim: Claim) -> Mapping[str, Any]:
    """Return an event's fields, for a format whose lines hold the canonical bytes."""
    fields: Mapping[str, Any] = json.loads(claim.canonical or b"{}")
    return fields


@dataclass(frozen=True, slots=True)
class LineWriter:
    """`FileWriter` of lines."""

    file: BinaryIO
    origin: str
    encode: Callable[[ExportedEvent, str], str]

    def write(self, event: ExportedEvent) -> None:
        """See `FileWriter.write`."""
        self.file.write(f"{self.encode(event, self.origin)}\n".encode())

    def finish(self) -> None:
        """See `FileWriter.finish`."""
