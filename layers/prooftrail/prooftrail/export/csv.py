"""CSV by RFC 4180, without a cell that a spreadsheet takes for a formula.

A text that a spreadsheet could execute gets an apostrophe in front, and so does a text that begins
with an apostrophe. To read a cell, remove one apostrophe from its start, if there is one.
Source: OWASP, CSV Injection.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, BinaryIO, Final

from prooftrail.errors import MalformedExportError
from prooftrail.event.times import format_timestamp
from prooftrail.export.ports import MAX_RECORD_BYTES, Claim, ExportedEvent, parse_receipt
from prooftrail.export.table import COLUMNS, JSON_COLUMNS, PERSON_COLUMNS, make_row

MARK: Final = "'"
_TRIGGERS: Final = frozenset("=+-@")
_BREAKS: Final = ("\t", "\r", "\n")
_DIGEST, _RECEIVED_AT, _SUCCESS = (
    COLUMNS.index(name) for name in ("digest", "receivedAt", "success")
)
_RECORD: Final = re.compile(
    rb'"(0|[1-9][0-9]{0,18})","([0-9A-Z]{26})","([0-9a-f]{64})","([0-9TZ:.-]{24})",(.*)\r\n',
    re.DOTALL,
)
_SUBMITTER: Final = re.compile(rb'(?:"((?:[^"]|"")*)")?,')


def guard_formula(text: str) -> str:
    """Return the text as a cell can hold it: marked if it could be a formula.

    A character with a compatibility form counts as that form: a full-width sign is a sign, too.

    >>> guard_formula("=1+1"), guard_formula("  @A1"), guard_formula("'tis"), guard_formula("a=b")
    ("'=1+1", "'  @A1", "''tis", 'a=b')
    """
    return MARK + text if _could_be_formula(text) else text


def unguard_formula(cell: str) -> str:
    """Return the text of a cell.

    >>> unguard_formula(guard_formula("'=1")), unguard_formula("a=b")
    ("'=1", 'a=b')
    """
    return cell.removeprefix(MARK)


def _could_be_formula(text: str) -> bool:
    if text.isalnum() and text.isascii():
        return False
    if text.startswith((MARK, *_BREAKS)):
        return True
    for character in text:
        is_invisible = unicodedata.category(character)[0] in "CZ"
        if not is_invisible:
            return not _TRIGGERS.isdisjoint(unicodedata.normalize("NFKC", character))
    return False


def _encode_cell(value: Any) -> str:
    return "" if value is None else '"' + guard_formula(str(value)).replace('"', '""') + '"'


def encode_record(exported: ExportedEvent) -> str:
    """Return the event's record. An absent value is an empty cell, an empty text two quotes."""
    row = make_row(exported)
    row[_DIGEST] = row[_DIGEST].hex()
    row[_RECEIVED_AT] = format_timestamp(row[_RECEIVED_AT])
    row[_SUCCESS] = "true" if row[_SUCCESS] else "false"
    return encode_row(row)


def encode_row(values: Iterable[Any]) -> str:
    """Return a record of these values, with its line break. None is an empty cell.

    >>> encode_row(["a", None, ""])
    '"a",,""\\r\\n'
    """
    return ",".join(map(_encode_cell, values)) + "\r\n"


HEADER: Final = encode_row(COLUMNS).encode()
# Of files that were written before events had targets: their records lack the last four cells.
_NEW_COLUMNS: Final = ("actorType", "traceId", "onBehalfOf", "targets")
_OLD_COLUMNS: Final = COLUMNS[: -len(_NEW_COLUMNS)]
_NEW_CELLS: Final = b"," * len(_NEW_COLUMNS) + b"\r\n"
HEADER_2: Final = encode_row(_OLD_COLUMNS).encode()
# Of files that were written before the submitter was recorded.
HEADER_1: Final = encode_row(name for name in _OLD_COLUMNS if name != "submittedBy").encode()


@dataclass(frozen=True, slots=True)
class CsvWriter:
    """`FileWriter` of records."""

    file: BinaryIO

    def write(self, event: ExportedEvent) -> None:
        """See `FileWriter.write`."""
        self.file.write(encode_record(event).encode())

    def finish(self) -> None:
        """See `FileWriter.finish`."""


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """`FileFormat` of records, after one with the columns' names."""

    extension: str = "csv"
    can_read_damaged: bool = True

    def check_available(self) -> None:
        """See `FileFormat.check_available`."""

    def make_writer(self, file: BinaryIO, origin: str) -> CsvWriter:  # noqa: ARG002  # not in the table
        """See `FileFormat.make_writer`."""
        file.write(HEADER)
        return CsvWriter(file)

    def make_record(self, event: ExportedEvent) -> bytes:
        """See `FileFormat.make_record`."""
        return encode_record(event).encode()

    def read_claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `FileFormat.read_claims`."""
        return (claim for claim, _ in self._parse_records(file, _read_header(file)))

    def read_events(self, file: BinaryIO) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
        """See `FileFormat.read_events`."""
        header = _read_header(file)
        for claim, record in self._parse_records(file, header):
            try:
                fields = _find_fields(record, header)
            except (csv.Error, RecursionError, ValueError) as error:
                at = claim.position
                raise MalformedExportError(f"the record of position {at} is not valid") from error
            yield claim, fields

    def copy_events(
        self, source: BinaryIO, target: BinaryIO, is_kept: Callable[[Claim], bool]
    ) -> None:
        """See `FileFormat.copy_events`."""
        header = _read_header(source)
        target.write(header)
        for claim, record in self._parse_records(source, header):
            if is_kept(claim):
                target.write(record)

    def _parse_records(self, file: BinaryIO, header: bytes) -> Iterator[tuple[Claim, bytes]]:
        for number, record in enumerate(_read_records(file), 2):
            full = record
            try:
                if header == HEADER_2:
                    full = record.removesuffix(b"\r\n") + _NEW_CELLS
                claim = _parse_record(full, has_submitter=header != HEADER_1)
            except ValueError as error:
                raise MalformedExportError(f"record {number} is not an exported event") from error
            yield claim, record


def _read_header(file: BinaryIO) -> bytes:
    header = file.readline(len(HEADER))
    if header not in {HEADER, HEADER_2, HEADER_1}:
        raise MalformedExportError("the first record does not name the columns")
    return header


def _find_fields(record: bytes, header: bytes) -> Mapping[str, Any]:
    """Return the fields that name persons. An empty text and an absent value are the same here."""
    names, cells = (_split_cells(each) for each in (header, record))
    texts = {name: unguard_formula(cell) for name, cell in zip(names, cells, strict=True) if cell}
    return {
        name: json.loads(texts[name]) if name in JSON_COLUMNS else texts[name]
        for name in PERSON_COLUMNS
        if name in texts
    }


def _split_cells(record: bytes) -> list[str]:
    csv.field_size_limit(MAX_RECORD_BYTES)
    return next(csv.reader(StringIO(record.decode(), newline=""), strict=True))


def _parse_record(record: bytes, *, has_submitter: bool) -> Claim:
    match = _RECORD.fullmatch(record)
    if match is None:
        raise ValueError("not an exported event")
    position, event_id, digest, received_at = (group.decode() for group in match.groups()[:4])
    receipt = None
    if has_submitter:
        cell = _SUBMITTER.match(match[5])
        if cell is None:
            raise ValueError("not an exported event")
        if cell[1] is not None:
            submitted_by = unguard_formula(cell[1].decode().replace('""', '"'))
            receipt = parse_receipt(received_at, submitted_by)
    return Claim(
        int(position),
        event_id,
        bytes.fromhex(digest),
        receipt=receipt,
        record=record if has_submitter else None,
        received_at=received_at,
    )


def _read_records(file: BinaryIO) -> Iterator[bytes]:
    """Yield the records. A line that ends within quotes continues in the next line.

    Raises:
        MalformedExportError: a record is longer than any exported event.
    """
    record: list[bytes] = []
    size = quotes = 0
    while line := file.readline(MAX_RECORD_BYTES):
        record.append(line)
        size += len(line)
        if size >= MAX_RECORD_BYTES:
            raise MalformedExportError("a record is longer than any exported event")
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield b"".join(record)
            record, size, quotes = [], 0, 0
    if record:
        yield b"".join(record)


CSV: Final = CsvFormat()
