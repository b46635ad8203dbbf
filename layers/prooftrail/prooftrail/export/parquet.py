"""Parquet, through pyarrow. The extra `parquet` installs it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from prooftrail.errors import ConfigurationError, MalformedExportError
from prooftrail.event.times import parse_timestamp
from prooftrail.export.ports import Claim, ExportedEvent, parse_receipt
from prooftrail.export.table import COLUMNS, JSON_COLUMNS, PERSON_COLUMNS, make_row

ROWS: Final = 5_000  # of a row group
MAX_GROUP_BYTES: Final = 16 * 1024 * 1024  # of canonical events, about
MAX_COLUMN_BYTES: Final = 1024 * 1024  # of a claimed column in a row group, which takes 200 KB
_ROWS_PER_READ: Final = 250  # few: a dictionary can make many large rows of few bytes
_CLAIMED: Final = ("position", "id", "digest", "receivedAt", "submittedBy")
_TIMESTAMP: Final = COLUMNS.index("timestamp")


def _import_pyarrow() -> Any:
    try:
        import pyarrow.parquet  # slow, and the other formats do not need it
    except ImportError as error:
        raise ConfigurationError(
            "run `pip install 'prooftrail[parquet]'`: the format parquet needs pyarrow"
        ) from error
    return pyarrow


def make_schema() -> Any:
    """Return the file's schema: times are UTC in milliseconds, nested values are JSON texts.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    arrow = _import_pyarrow()
    types = {
        "position": arrow.int64(),
        "digest": arrow.binary(32),
        "receivedAt": arrow.timestamp("ms", tz="UTC"),
        "timestamp": arrow.timestamp("ms", tz="UTC"),
        "success": arrow.bool_(),
    }
    required = {*types, "id", "eventId", "tenantId", "action", "resourceType", "resourceId"}
    return arrow.schema(
        [
            arrow.field(name, types.get(name, arrow.string()), nullable=name not in required)
            for name in COLUMNS
        ]
    )


class ParquetWriter:
    """`FileWriter` of row groups."""

    def __init__(self, file: BinaryIO) -> None:
        self._arrow = _import_pyarrow()
        self._schema = make_schema()
        self._writer = self._arrow.parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[list[Any]] = []
        self._bytes = self._submitter_bytes = 0

    def write(self, event: ExportedEvent) -> None:
        """See `FileWriter.write`."""
        row = make_row(event)
        row[_TIMESTAMP] = parse_timestamp(row[_TIMESTAMP])
        self._rows.append(row)
        self._bytes += len(event.event.canonical)
        self._submitter_bytes += len(event.event.submitted_by or "")
        if (
            len(self._rows) == ROWS
            or self._bytes >= MAX_GROUP_BYTES
            or self._submitter_bytes >= MAX_COLUMN_BYTES // 2
        ):
            self._write_group()

    def finish(self) -> None:
        """See `FileWriter.finish`."""
        if self._rows:
            self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        columns = [
            self._arrow.array(values, type=field.type)
            for values, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.table(columns, schema=self._schema))
        self._rows, self._bytes, self._submitter_bytes = [], 0, 0


@dataclass(frozen=True, slots=True)
class ParquetFormat:
    """`FileFormat` of Parquet."""

    extension: str = "parquet"
    can_read_damaged: bool = False  # pyarrow ends the process on some damaged metadata

    def check_available(self) -> None:
        """See `FileFormat.check_available`."""
        _import_pyarrow()

    def make_writer(self, file: BinaryIO, origin: str) -> ParquetWriter:  # noqa: ARG002  # not in the table
        """See `FileFormat.make_writer`."""
        return ParquetWriter(file)

    def make_record(self, event: ExportedEvent) -> None:
        """See `FileFormat.make_record`: rows are not compared."""

    def read_claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `FileFormat.read_claims`."""
        return (claim for claim, _ in self._read_rows(file, _CLAIMED))

    def read_events(self, file: BinaryIO) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
        """See `FileFormat.read_events`."""
        for claim, row in self._read_rows(file, (*_CLAIMED, *PERSON_COLUMNS)):
            with _translate_errors():
                fields = _find_fields(row)
            yield claim, fields

    def copy_events(
        self, source: BinaryIO, target: BinaryIO, is_kept: Callable[[Claim], bool]
    ) -> None:
        """See `FileFormat.copy_events`. A row group of the file stays one."""
        arrow = _import_pyarrow()
        with _translate_errors():
            opened = arrow.parquet.ParquetFile(source)
            writer = arrow.parquet.ParquetWriter(target, opened.schema_arrow, compression="zstd")
            for number in range(opened.num_row_groups):
                table = opened.read_row_group(number)
                rows = table.select([name for name in _CLAIMED if name in table.column_names])
                kept = [is_kept(_make_claim(row)) for row in rows.to_pylist()]
                if any(kept):
                    writer.write_table(table.filter(arrow.array(kept)))
            writer.close()

    def _read_rows(
        self, file: BinaryIO, columns: Iterable[str]
    ) -> Iterator[tuple[Claim, dict[str, Any]]]:
        arrow = _import_pyarrow()
        with _translate_errors():
            opened = arrow.parquet.ParquetFile(file)
            if any(size > MAX_COLUMN_BYTES for size in _list_column_sizes(opened.metadata)):
                raise MalformedExportError("a row group is larger than any of an export")
            for batch in opened.iter_batches(_ROWS_PER_READ, columns=list(columns)):
                for row in batch.to_pylist():
                    yield _make_claim(row), row


@contextmanager
def _translate_errors() -> Iterator[None]:
    try:
        yield
    except (_import_pyarrow().ArrowException, KeyError, OSError, TypeError, ValueError) as error:
        raise MalformedExportError("it is not a Parquet file of exported events") from error


def _find_fields(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the fields that name persons."""
    return {
        name: json.loads(row[name]) if name in JSON_COLUMNS else row[name]
        for name in PERSON_COLUMNS
        if row.get(name) is not None
    }


def _make_claim(row: dict[str, Any]) -> Claim:
    receipt, submitted_by = None, row.get("submittedBy")  # older files lack the column
    if submitted_by is not None:
        received = row["receivedAt"].isoformat(timespec="milliseconds")
        receipt = parse_receipt(received, submitted_by)
    return Claim(row["position"], row["id"], row["digest"], receipt=receipt)


def _list_column_sizes(metadata: Any) -> Iterator[int]:
    """Yield the uncompressed sizes of the claimed columns, as the file's metadata says them."""
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        for column in map(group.column, range(group.num_columns)):
            if column.path_in_schema.partition(".")[0] in _CLAIMED:
                yield column.total_uncompressed_size


PARQUET: Final = ParquetFormat()
