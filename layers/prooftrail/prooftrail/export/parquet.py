"""Parquet, by pyarrow: the extra `parquet`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from prooftrail.errors import ConfigurationError, MalformedExportError
from prooftrail.event.times import parse_timestamp
from prooftrail.export.ports import Claim, Exported
from prooftrail.export.table import COLUMNS, make_row

ROWS: Final = 5_000  # of a row group
MAX_GROUP_BYTES: Final = 16 * 1024 * 1024  # of canonical events, about
MAX_COLUMN_BYTES: Final = 1024 * 1024  # uncompressed, of a claimed column in a row group: 200 KB
_READ_ROWS: Final = 250  # at a time: a dictionary lets few bytes be many rows
_CLAIMED: Final = ("position", "id", "digest")
_TIMESTAMP: Final = COLUMNS.index("timestamp")


def _pyarrow() -> Any:
    try:
        import pyarrow.parquet  # takes a while, and the other formats need none
    except ImportError as error:
        raise ConfigurationError(
            "Parquet needs pyarrow, which the package's extra `parquet` brings"
        ) from error
    return pyarrow


def schema() -> Any:
    """The file's schema: times are UTC to the millisecond, what nests is JSON text.

    Raises:
        ConfigurationError: pyarrow is not installed.
    """
    arrow = _pyarrow()
    kinds = {
        "position": arrow.int64(),
        "digest": arrow.binary(32),
        "receivedAt": arrow.timestamp("ms", tz="UTC"),
        "timestamp": arrow.timestamp("ms", tz="UTC"),
        "success": arrow.bool_(),
    }
    always = {*kinds, "id", "eventId", "tenantId", "action", "resourceType", "resourceId"}
    return arrow.schema(
        [
            arrow.field(name, kinds.get(name, arrow.string()), nullable=name not in always)
            for name in COLUMNS
        ]
    )


class ParquetWriter:
    """`Writer` of row groups."""

    def __init__(self, file: BinaryIO) -> None:
        self._arrow = _pyarrow()
        self._schema = schema()
        self._writer = self._arrow.parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._rows: list[list[Any]] = []
        self._bytes = 0

    def add(self, event: Exported) -> None:
        """See `Writer.add`."""
        row = make_row(event)
        row[_TIMESTAMP] = parse_timestamp(row[_TIMESTAMP])
        self._rows.append(row)
        self._bytes += len(event.event.canonical)
        if len(self._rows) == ROWS or self._bytes >= MAX_GROUP_BYTES:
            self._flush()

    def end(self) -> None:
        """See `Writer.end`."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        columns = [
            self._arrow.array(values, type=field.type)
            for values, field in zip(zip(*self._rows, strict=True), self._schema, strict=True)
        ]
        self._writer.write_table(self._arrow.table(columns, schema=self._schema))
        self._rows, self._bytes = [], 0


@dataclass(frozen=True, slots=True)
class _Parquet:
    extension: str = "parquet"
    bears_damage: bool = False  # pyarrow aborts the process on some metadata

    def check(self) -> None:
        """See `Format.check`."""
        _pyarrow()

    def writer(self, file: BinaryIO, origin: str) -> ParquetWriter:  # noqa: ARG002  # it has no place here
        """See `Format.writer`."""
        return ParquetWriter(file)

    def claims(self, file: BinaryIO) -> Iterator[Claim]:
        """See `Format.claims`."""
        arrow = _pyarrow()
        try:
            opened = arrow.parquet.ParquetFile(file)
            if any(size > MAX_COLUMN_BYTES for size in _sizes(opened.metadata)):
                raise MalformedExportError("a row group is larger than any")
            for batch in opened.iter_batches(_READ_ROWS, columns=list(_CLAIMED)):
                for row in batch.to_pylist():
                    yield Claim(row["position"], row["id"], row["digest"])
        except (arrow.ArrowException, KeyError, OSError, TypeError, ValueError) as error:
            raise MalformedExportError("it is no Parquet file of exported events") from error


def _sizes(metadata: Any) -> Iterator[int]:
    """What the claimed columns take in memory, by the file's own word."""
    for at in range(metadata.num_row_groups):
        group = metadata.row_group(at)
        for column in map(group.column, range(group.num_columns)):
            if column.path_in_schema.partition(".")[0] in _CLAIMED:
                yield column.total_uncompressed_size


PARQUET: Final = _Parquet()
