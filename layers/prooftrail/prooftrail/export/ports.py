"""What an export is made of: events by position, formats, and the folder that takes the files."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, Protocol

from prooftrail.event.ids import is_id
from prooftrail.query.ports import StoredEvent
from prooftrail.tlog.merkle import HASH_LENGTH, MAX_SIZE

MAX_RECORD_BYTES: Final = 32 * 1024 * 1024  # of an event in a file of lines: far more than any has


@dataclass(frozen=True, slots=True)
class Exported:
    """An event and its position in the log; `fields` is its decoded JSON."""

    position: int
    event: StoredEvent
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a file says of one event; `canonical` is None where the format does not keep it.

    Raises:
        TypeError, ValueError: no event has such a position, id or digest.
    """

    position: int
    id: str
    digest: bytes
    canonical: bytes | None = None

    def __post_init__(self) -> None:
        """Hold the values to what they must be: they come from files that anybody may have made."""
        if type(self.position) is not int or not 0 <= self.position < MAX_SIZE:
            raise ValueError("no position")
        if not is_id(self.id) or len(self.digest) != HASH_LENGTH:
            raise ValueError("no id, or no digest")


class Writer(Protocol):
    """Writes one file's events."""

    def add(self, event: Exported) -> None:
        """Write an event behind those before it."""

    def end(self) -> None:
        """Write what belongs behind the last one."""


class Format(Protocol):
    """A way to write events down."""

    @property
    def extension(self) -> str:
        """What the names of its files end in."""

    @property
    def bears_damage(self) -> bool:
        """Whether `claims` can be asked of a file that is known to be damaged."""

    def check(self) -> None:
        """Whether the format can be written and read here.

        Raises:
            ConfigurationError: a library that it needs is not installed.
        """

    def writer(self, file: BinaryIO, origin: str) -> Writer:
        """Begin a file of events of the log of this name; it is written from its start on."""

    def claims(self, file: BinaryIO) -> Iterator[Claim]:
        """What a file says, in its order.

        Raises:
            MalformedExportError: the file is not as `writer` writes it; it says where.
        """


@dataclass(frozen=True, slots=True)
class FileMark:
    """A file by its name, its size in bytes and its SHA-256 in hex."""

    file: str
    bytes: int
    sha256: str


class Draft(Protocol):
    """A part under way: two files that nobody sees before both are complete."""

    @property
    def events(self) -> BinaryIO:
        """Of the format."""

    @property
    def leaves(self) -> BinaryIO:
        """Of the entries' leaf hashes."""

    def keep(self, start: int, end: int, extension: str) -> tuple[FileMark, FileMark]:
        """Make both files durable under the names of their range."""


class Folder(Protocol):
    """Where an export is kept. Every method may raise LocalFileError."""

    def held(self) -> AbstractContextManager[None]:
        """Be the only one that writes into it; the folder is made if there is none.

        Raises:
            LocalFileError: another export is being written there.
        """

    def manifest(self) -> str | None:
        """The manifest's text, or None where there is none.

        Raises:
            MalformedExportError: it is too long, or no UTF-8.
        """

    def write_manifest(self, text: str) -> None:
        """Put this in the manifest's place, durably, as a whole or not at all."""

    def strays(self) -> Iterator[str]:
        """The names of parts' files, finished or not, in no order."""

    def remove(self, name: str) -> None:
        """Remove a file."""

    def draft(self) -> AbstractContextManager[Draft]:
        """Begin a part. What was not kept is gone with the next one."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A file, to be read.

        Raises:
            MalformedExportError: it is missing.
        """
