"""An export's folder on this machine. A file has its final name only when it is complete.

The files, and the folder if it is new, are for their user only, whatever the umask is.
"""

import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]  # elsewhere it is a module

from prooftrail.errors import LocalFileError, MalformedExportError
from prooftrail.export.manifest import LEAVES, MAX_LENGTH, make_part_name
from prooftrail.export.ports import PartFile

MANIFEST: Final = "manifest.json"
ERASURES: Final = "erasures.json"
UNFINISHED: Final = ".unfinished"
LOCK: Final = ".lock"
_FILE_MODE: Final = 0o600
_FOLDER_MODE: Final = 0o700
PART_NAME: Final = re.compile(r"\d{20}-\d{20}\.[a-z.]+", re.ASCII)


class HashingFile:
    """A file that is being written. It computes the digest as it goes, so it cannot seek."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = sha256()
        self._count = 0
        self.closed = False

    def write(self, content: bytes) -> int:
        """Append. Ignore what is written after the file is closed: pyarrow does so on errors."""
        if self._file.closed:
            return len(content)
        self._hash.update(content)
        self._count += len(content)
        return self._file.write(content)

    def tell(self) -> int:
        """Return the number of bytes so far."""
        return self._count

    def flush(self) -> None:
        """Do nothing: the file is durable only when it is finished."""

    def seekable(self) -> bool:
        """Return False."""
        return False

    def readable(self) -> bool:
        """Return False."""
        return False

    def writable(self) -> bool:
        """Return True."""
        return True

    def close(self) -> None:
        """Do nothing: the folder closes the file."""

    def describe(self, name: str) -> PartFile:
        """Return the file under its final name."""
        return PartFile(name, self._count, self._hash.hexdigest())

    def finish(self, name: str) -> PartFile:
        """Make the content durable, and return the file under its final name."""
        self._file.flush()
        os.fsync(self._file.fileno())
        return self.describe(name)


@dataclass(frozen=True)
class _DiskPart:
    """`UnfinishedPart` on this machine."""

    folder: "DiskFolder"
    events: Any
    leaves: Any

    def finish(self, start: int, end: int, extension: str) -> tuple[PartFile, PartFile]:
        """See `UnfinishedPart.finish`."""
        files = (
            self.events.finish(make_part_name(start, end, extension)),
            self.leaves.finish(make_part_name(start, end, LEAVES)),
        )
        for file, unfinished_name in zip(files, self.folder.unfinished, strict=True):
            self.folder.rename(unfinished_name, file.name)
        self.folder.sync()
        return files


def _open_privately(path: str, flags: int) -> int:
    """Open a file that only its user may read, also if it exists with another mode."""
    file = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), _FILE_MODE)
    try:
        if hasattr(os, "fchmod"):  # Windows lacks it before Python 3.13
            os.fchmod(file, _FILE_MODE)
    except OSError:
        os.close(file)
        raise
    return file


def _write_all(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for its writer


class DiskFolder:
    """`ExportFolder` on this machine."""

    unfinished: Final = (f"{UNFINISHED}.events", f"{UNFINISHED}.{LEAVES}")

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def lock(self) -> Iterator[None]:
        """See `ExportFolder.lock`. On Windows, which lacks such locks, it prevents nothing."""
        with self._translate_errors(including_missing=True):
            self._make()
            with self._open_for_writing(LOCK, "ab") as file:
                if fcntl is not None:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError as error:
                        raise LocalFileError(
                            f"{self._path}: another export is being written there"
                        ) from error
                yield

    def _make(self) -> None:
        """Make the folder. One that exists keeps its mode."""
        try:
            self._path.mkdir(mode=_FOLDER_MODE, parents=True)
        except FileExistsError:
            if not self._path.is_dir():
                raise
        else:
            self._path.chmod(_FOLDER_MODE)

    def read_manifest(self) -> str | None:
        """See `ExportFolder.read_manifest`."""
        return self._read_text(MANIFEST)

    def write_manifest(self, text: str) -> None:
        """See `ExportFolder.write_manifest`."""
        self._write_text(MANIFEST, text)

    def read_erasures(self) -> str | None:
        """See `ErasableFolder.read_erasures`."""
        return self._read_text(ERASURES)

    def write_erasures(self, text: str) -> None:
        """See `ErasableFolder.write_erasures`."""
        self._write_text(ERASURES, text)

    def _read_text(self, name: str) -> str | None:
        try:
            with self._translate_errors(), self._open_for_reading(name) as file:
                content = file.read(MAX_LENGTH + 1)
            if len(content) > MAX_LENGTH:
                raise MalformedExportError(f"{name} has more than {MAX_LENGTH:,} bytes")
            return content.decode()
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise MalformedExportError(f"{name} is damaged: it is not UTF-8") from error

    def _write_text(self, name: str, text: str) -> None:
        self.replace_file(name, lambda file: _write_all(file, text.encode()), lambda _: None)

    def replace_file(
        self, name: str, write: Callable[[BinaryIO], None], announce: Callable[[PartFile], None]
    ) -> PartFile:
        """See `ErasableFolder.replace_file`."""
        unfinished_name = f"{UNFINISHED}.{name}"
        with (
            self._translate_errors(including_missing=True),
            self._open_for_writing(unfinished_name, "wb") as file,
        ):
            content = HashingFile(file)
            write(cast("BinaryIO", content))
            finished = content.finish(name)
        announce(finished)
        self.rename(unfinished_name, name)
        self.sync()
        return finished

    def list_part_files(self) -> Iterator[str]:
        """See `ExportFolder.list_part_files`."""
        with self._translate_errors():
            try:
                names = [path.name for path in self._path.iterdir()]
            except FileNotFoundError:
                return
        for name in names:
            if PART_NAME.fullmatch(name) or name.startswith(UNFINISHED):
                yield name

    def remove_file(self, name: str) -> None:
        """See `ExportFolder.remove_file`."""
        with self._translate_errors(including_missing=True):
            (self._path / name).unlink(missing_ok=True)

    @contextmanager
    def begin_part(self) -> Iterator[_DiskPart]:
        """See `ExportFolder.begin_part`."""
        events_name, leaves_name = self.unfinished
        with (
            self._translate_errors(including_missing=True),
            self._open_for_writing(events_name, "wb") as events,
            self._open_for_writing(leaves_name, "wb") as leaves,
        ):
            yield _DiskPart(self, HashingFile(events), HashingFile(leaves))

    @contextmanager
    def open_file(self, name: str) -> Iterator[BinaryIO]:
        """See `ExportFolder.open_file`."""
        try:
            with self._translate_errors(), self._open_for_reading(name) as file:
                yield file
        except FileNotFoundError as error:
            raise MalformedExportError(f"{name} is missing") from error

    def _open_for_writing(self, name: str, mode: str) -> BinaryIO:
        """Open a file of this folder. A link is refused: it could lead to any file."""
        path = self._path / name
        return cast("BinaryIO", open(path, mode, opener=_open_privately))

    def _open_for_reading(self, name: str) -> BinaryIO:
        """Open a file that may be forged. Refuse devices and pipes, which may never end."""
        path = self._path / name
        file = cast("BinaryIO", open(path, "rb", opener=_open_without_waiting))  # noqa: SIM115  # the caller closes it
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise MalformedExportError(f"{name} is not a regular file")
        return file

    def rename(self, name: str, new_name: str) -> None:
        """Rename a file, which replaces a file with the new name."""
        with self._translate_errors(including_missing=True):
            (self._path / name).replace(self._path / new_name)

    def sync(self) -> None:
        """Make the files' names durable."""
        with self._translate_errors(including_missing=True):
            descriptor = os.open(self._path, os.O_RDONLY)
            try:
                with suppress(OSError):  # some file systems cannot
                    os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @contextmanager
    def _translate_errors(self, *, including_missing: bool = False) -> Iterator[None]:
        """Raise LocalFileError for an error of the system.

        FileNotFoundError is raised as it is, unless `including_missing` is set.
        """
        try:
            yield
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not including_missing:
                raise
            raise LocalFileError.from_os_error(error, self._path) from error
