"""An export's folder: files that are there whole, or not."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # as there

from prooftrail.errors import LocalFileError, MalformedExportError
from prooftrail.export.manifest import LEAVES, MAX_LENGTH, part_name
from prooftrail.export.ports import FileMark

MANIFEST: Final = "manifest.json"
UNFINISHED: Final = ".unfinished"
LOCK: Final = ".lock"
_PART: Final = re.compile(r"\d{20}-\d{20}\.[a-z.]+", re.ASCII)


class _Hashed:
    """A file being written, hashed on the way; nobody can go back in it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = sha256()
        self._count = 0
        self.closed = False

    def write(self, content: bytes) -> int:
        """Append; what comes after the end, as pyarrow's clearing up does, goes nowhere."""
        if self._file.closed:
            return len(content)
        self._hash.update(content)
        self._count += len(content)
        return self._file.write(content)

    def tell(self) -> int:
        """How much there is."""
        return self._count

    def flush(self) -> None:
        """Nothing is promised before the file is kept."""

    def seekable(self) -> bool:
        """It is not."""
        return False

    def readable(self) -> bool:
        """It is not."""
        return False

    def writable(self) -> bool:
        """It is."""
        return True

    def close(self) -> None:
        """The folder closes it."""

    def mark(self, name: str) -> FileMark:
        """What has been written, durable from now on."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return FileMark(name, self._count, self._hash.hexdigest())


@dataclass(frozen=True)
class _Draft:
    folder: "DiskFolder"
    events: Any
    leaves: Any

    def keep(self, start: int, end: int, extension: str) -> tuple[FileMark, FileMark]:
        """See `Draft.keep`."""
        marks = [
            file.mark(part_name(start, end, ending))
            for file, ending in ((self.events, extension), (self.leaves, LEAVES))
        ]
        for mark, name in zip(marks, self.folder.unfinished, strict=True):
            self.folder.rename(name, mark.file)
        self.folder.sync()
        return marks[0], marks[1]


def _unled(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for its writer


class DiskFolder:
    """`Folder` on this machine."""

    unfinished: Final = (f"{UNFINISHED}.events", f"{UNFINISHED}.{LEAVES}")

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """See `Folder.held`; where the system has no such locks, nobody is kept out."""
        with self._faults(missing=True):
            self._path.mkdir(parents=True, exist_ok=True)
            with self._own(LOCK, "ab") as file:
                if fcntl is not None:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError as error:
                        raise LocalFileError(
                            f"another export is being written to {self._path}"
                        ) from error
                yield

    def manifest(self) -> str | None:
        """See `Folder.manifest`."""
        try:
            with self._faults(), self._foreign(MANIFEST) as file:
                content = file.read(MAX_LENGTH + 1)
            if len(content) > MAX_LENGTH:
                raise MalformedExportError(f"{MANIFEST} is longer than any")
            return content.decode()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise MalformedExportError(f"{MANIFEST} is damaged: it is no UTF-8") from error

    def write_manifest(self, text: str) -> None:
        """See `Folder.write_manifest`."""
        name = f"{UNFINISHED}.{MANIFEST}"
        with self._faults(missing=True), self._own(name, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        self.rename(name, MANIFEST)
        self.sync()

    def strays(self) -> Iterator[str]:
        """See `Folder.strays`."""
        with self._faults():
            try:
                names = [one.name for one in self._path.iterdir()]
            except FileNotFoundError:
                return
        yield from (one for one in names if _PART.fullmatch(one) or one.startswith(UNFINISHED))

    def remove(self, name: str) -> None:
        """See `Folder.remove`."""
        with self._faults(missing=True):
            (self._path / name).unlink(missing_ok=True)

    @contextmanager
    def draft(self) -> Iterator[_Draft]:
        """See `Folder.draft`."""
        with self._faults(missing=True):
            events, leaves = self.unfinished
            with self._own(events, "wb") as one, self._own(leaves, "wb") as other:
                yield _Draft(self, _Hashed(one), _Hashed(other))

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        """See `Folder.open`."""
        try:
            with self._faults(), self._foreign(name) as file:
                yield file
        except FileNotFoundError as error:
            raise MalformedExportError(f"{name} is missing") from error

    def _own(self, name: str, mode: str) -> BinaryIO:
        """A file to be written, here and not where somebody's link leads."""
        path = self._path / name
        return cast("BinaryIO", open(path, mode, opener=_unled))  # an opener

    def _foreign(self, name: str) -> BinaryIO:
        """A file to be read, whoever made it: one that has an end."""
        file = cast("BinaryIO", open(self._path / name, "rb", opener=_at_once))  # noqa: SIM115  # an opener
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise MalformedExportError(f"{name} is no file")
        return file

    def rename(self, name: str, new: str) -> None:
        """Give a file its name."""
        with self._faults(missing=True):
            (self._path / name).replace(self._path / new)

    def sync(self) -> None:
        """Make the names durable."""
        with self._faults(missing=True):
            handle = os.open(self._path, os.O_RDONLY)
            try:
                with suppress(OSError):  # not every file system can
                    os.fsync(handle)
            finally:
                os.close(handle)

    @contextmanager
    def _faults(self, *, missing: bool = False) -> Iterator[None]:
        """Let the system's errors be the project's; of a missing file only where it is said."""
        try:
            yield
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not missing:
                raise
            raise LocalFileError.from_os_error(error, self._path) from error
