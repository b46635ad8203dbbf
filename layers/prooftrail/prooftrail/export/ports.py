"""The parts of an export: events by position, file formats, and the folder of the files."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol

from prooftrail.errors import InvalidTimestampError
from prooftrail.event.ids import is_id
from prooftrail.event.submitter import is_submitter
from prooftrail.event.times import MAX_TIMESTAMP_MS, parse_timestamp
from prooftrail.ledger.receipt import Receipt
from prooftrail.query.ports import StoredEvent
from prooftrail.tlog.merkle import HASH_LENGTH, MAX_SIZE

MAX_RECORD_BYTES: Final = 32 * 1024 * 1024  # of an event in a text file; an event has at most 1 MiB


@dataclass(frozen=True, slots=True)
class ExportedEvent:
    """An event with its position in the log. `fields` is its decoded JSON."""

    position: int
    event: StoredEvent
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of one event. `canonical` is None if the format does not hold those bytes.

    `receipt` is None if the file names no submitter: the event's entry has version 1 then.
    `record` and `received_at` (a text or milliseconds) are the event's part of the file and the
    time of receipt in it, for a format that does not hold the canonical bytes; None if the file is
    of a version whose records are not compared.

    Raises:
        TypeError, ValueError: an event cannot have this position, id or digest.
    """

    position: int
    id: str
    digest: bytes
    canonical: bytes | None = None
    receipt: Receipt | None = None
    record: bytes | None = None
    received_at: object = None

    def __post_init__(self) -> None:
        """Check the values: anybody may have written the file."""
        if type(self.position) is not int or not 0 <= self.position < MAX_SIZE:
            raise ValueError("the position is not valid")
        if not is_id(self.id) or len(self.digest) != HASH_LENGTH:
            raise ValueError("the id or the digest is not valid")


def parse_receipt(received_at: object, submitted_by: object) -> Receipt | None:
    """Return the receipt that a file claims; None without a submitter.

    The time is an RFC 3339 text, or an integer: milliseconds since 1970.

    Raises:
        TypeError, ValueError: no event can have this time of receipt or this submitter.
    """
    if submitted_by is None:
        return None
    if not isinstance(submitted_by, str) or not is_submitter(submitted_by):
        raise ValueError("the submitter is not valid")
    if isinstance(received_at, str):
        try:
            received_at = parse_timestamp(received_at)
        except InvalidTimestampError as error:
            raise ValueError("the time of receipt is not valid") from error
    if type(received_at) is not int or not 0 <= received_at <= MAX_TIMESTAMP_MS:
        raise ValueError("the time of receipt is not valid")
    return Receipt.from_submitter(received_at, submitted_by)


class FileWriter(Protocol):
    """Writes the events of one file."""

    def write(self, event: ExportedEvent) -> None:
        """Write an event after those before it."""

    def finish(self) -> None:
        """Write what the format needs after the last event."""


class FileFormat(Protocol):
    """A file format for events."""

    @property
    def extension(self) -> str:
        """The ending of the files' names."""

    @property
    def can_read_damaged(self) -> bool:
        """Whether `read_claims` is safe for a file that is known to be damaged."""

    def check_available(self) -> None:
        """Check that the format can be written and read here.

        Raises:
            ConfigurationError: a library that it needs is not installed.
        """

    def make_writer(self, file: BinaryIO, origin: str) -> FileWriter:
        """Start a file, empty so far, of events of the log with this name (`origin`)."""

    def make_record(self, event: ExportedEvent) -> bytes | None:
        """Return the event as `Claim.record` has it; None if the format has none."""

    def read_claims(self, file: BinaryIO) -> Iterator[Claim]:
        """Yield what a file says of its events, in its order.

        Raises:
            MalformedExportError: the file is not as `FileWriter` writes it. The text says where.
        """

    def read_events(self, file: BinaryIO) -> Iterator[tuple[Claim, Mapping[str, Any]]]:
        """Yield each event with the fields that name persons, by JSON name (`event.person`).

        Raises:
            MalformedExportError: the file is not as `FileWriter` writes it. The text says where.
        """

    def copy_events(
        self, source: BinaryIO, target: BinaryIO, is_kept: Callable[[Claim], bool]
    ) -> None:
        """Write the file without the events that are not kept.

        Raises:
            MalformedExportError: the file is not as `FileWriter` writes it. The text says where.
        """


@dataclass(frozen=True, slots=True)
class PartFile:
    """A file of a part: its name, its size in bytes and its SHA-256 in hex."""

    name: str
    size: int
    sha256: str


class UnfinishedPart(Protocol):
    """A part that is being written: two files that are invisible until both are complete."""

    @property
    def events(self) -> BinaryIO:
        """The file of the events, in the export's format."""

    @property
    def leaves(self) -> BinaryIO:
        """The file of the entries' leaf hashes."""

    def finish(self, start: int, end: int, extension: str) -> tuple[PartFile, PartFile]:
        """Make both files durable under the names of their range, and return them."""


class ExportFolder(Protocol):
    """The folder of an export. Every method may raise LocalFileError."""

    def lock(self) -> AbstractContextManager[None]:
        """Prevent other exports into the folder. Create the folder if it does not exist.

        Raises:
            LocalFileError: another export is being written there.
        """

    def read_manifest(self) -> str | None:
        """Return the manifest's text, or None if there is no manifest.

        Raises:
            MalformedExportError: it is too long, or is not UTF-8.
        """

    def write_manifest(self, text: str) -> None:
        """Replace the manifest, durably, completely or not at all."""

    def list_part_files(self) -> Iterator[str]:
        """Yield the names of the parts' files, finished or not, in any order."""

    def remove_file(self, name: str) -> None:
        """Remove a file, if it exists."""

    def begin_part(self) -> AbstractContextManager[UnfinishedPart]:
        """Start a part. It replaces a part that was started before and is not finished."""

    def open_file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Open a file for reading.

        Raises:
            MalformedExportError: it is missing, or is not a regular file.
        """


class ErasableFolder(ExportFolder, Protocol):
    """A folder from which events can be erased. Every method may raise LocalFileError."""

    def read_erasures(self) -> str | None:
        """Return the text of `erasures.json` (`export.erasure`), or None if there is none."""

    def write_erasures(self, text: str) -> None:
        """Replace `erasures.json`, durably, completely or not at all."""

    def replace_file(
        self, name: str, write: Callable[[BinaryIO], None], announce: Callable[[PartFile], None]
    ) -> PartFile:
        """Replace a file, durably, completely or not at all, and return it.

        `write` writes the content. `announce` is called when the new content is durable and the
        file still has the old one.
        """
