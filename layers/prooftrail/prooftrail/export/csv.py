"""CSV as RFC 4180 has it, which no spreadsheet takes for formulas.

A text that a spreadsheet might run gets an apostrophe in front, and so does one that begins with
an apostrophe: to read a cell, drop the first one, if there is one. Source: OWASP, CSV Injection.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from prooftrail.errors import MalformedExportError
from prooftrail.event.times import format_timestamp
from prooftrail.export.ports import MAX_RECORD_BYTES, Claim, Exported
from prooftrail.export.table import COLUMNS, make_row

MARK: Final = "'"
_TRIGGERS: Final = frozenset("=+-@")
_BREAKS: Final = ("\t", "\r", "\n")
_DIGEST, _RECEIVED_AT, _SUCCESS = (
    COLUMNS.index(one) for one in ("digest", "receivedAt", "success")
)
_ROW: Final = re.compile(
    rb'"(0|[1-9][0-9]{0,18})","([0-9A-Z]{26})","([0-9a-f]{64})",.*\r\n', re.DOTALL
)


def guard_formula(text: str) -> str:
    """The text as a cell may hold it.

    What has a compatibility form is looked at in that form: full-width signs are signs too.

    >>> guard_formula("=1+1"), guard_formula("  @A1"), guard_formula("'tis"), guard_formula("a=b")
    ("'=1+1", "'  @A1", "''tis", 'a=b')
    """
    return MARK + text if _is_risky(text) else text


def unguard_formula(cell: str) -> str:
    """The text in a cell.

    >>> unguard_formula(guard_formula("'=1")), unguard_formula("a=b")
    ("'=1", 'a=b')
    """
    return cell.removeprefix(MARK)


def _is_risky(text: str) -> bool:
    if text.isalnum() and text.isascii():
        return False
    if text.startswith((MARK, *_BREAKS)):
        return True
    for character in text:
        if unicodedata.category(character)[0] not in "CZ":
            return not _TRIGGERS.isdisjoint(unicodedata.normalize("NFKC", character))
    return False


def _cell(value: Any) -> str:
    return "" if value is None else '"' + guard_formula(str(value)).replace('"', '""') + '"'


def encode_record(exported: Exported) -> str:
    """The event's record; an absent value is nothing, an empty one two quotes."""
    row = make_row(exported)
    row[_DIGEST] = row[_DIGEST].hex()
    row[_RECEIVED_AT] = format_timestamp(row[_RECEIVED_AT])
    row[_SUCCESS] = "true" if row[_SUCCESS] else "false"
    return ",".join(map(_cell, row)) + "\r\n"


HEADER: Final = ",".join(map(_cell, COLUMNS)).encode() + b"\r\n"


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """`Writer` of records."""

    file: BinaryIO

    def add(self, event: Exported) -> None:
        """See `Writer.add`."""
        self.file.write(encode_record(event).encode())

    def end(self) -> None:
        """See `Writer.end`."""


@dataclass(frozen=True, slots=True)
class _Csv:
    extension: str = "csv"
    bears_damage: bool = True

    def check(self) -> None:
        """See `Format.check`."""

    def writer(self, file: BinaryIO, origin: str) -> CsvWriter:  # noqa: ARG002  # it has no place here
        """See `Format.writer`."""
        file.write(HEADER)
        return CsvWriter(file)

    def claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `Format.claims`."""
        if file.readline(len(HEADER)) != HEADER:
            raise MalformedExportError("the first record does not name the columns")
        for number, record in enumerate(_records(file), 2):
            try:
                claim = _claim_in(record)
            except ValueError as error:
                raise MalformedExportError(f"record {number} is no exported event") from error
            yield claim


def _claim_in(record: bytes) -> Claim:
    match = _ROW.fullmatch(record)
    if match is None:
        raise ValueError("no exported event")
    position, event_id, digest = (one.decode() for one in match.groups())
    return Claim(int(position), event_id, bytes.fromhex(digest))


def _records(file: BinaryIO) -> Iterator[bytes]:
    """The records: a line that ends within quotes goes on in the next.

    Raises:
        MalformedExportError: one is longer than any.
    """
    record: list[bytes] = []
    size = quotes = 0
    while line := file.readline(MAX_RECORD_BYTES):
        record.append(line)
        size += len(line)
        if size >= MAX_RECORD_BYTES:
            raise MalformedExportError("a record is longer than any")
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield b"".join(record)
            record, size, quotes = [], 0, 0
    if record:
        yield b"".join(record)


CSV: Final = _Csv()
