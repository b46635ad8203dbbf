"""Files on the operator's machine: temporary ones, and how their errors are reported."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, TextIO

from prooftrail.errors import LocalFileError

TEMPORARY_FILE: Final = "temporary file"


@contextmanager
def convert_file_errors(name: object) -> Iterator[None]:
    """Raise LocalFileError in place of an OSError. `name` is for an error that names no file."""
    try:
        yield
    except OSError as error:
        raise LocalFileError.from_os_error(error, name) from error


@contextmanager
def open_temporary_file() -> Iterator[TextIO]:
    """Yield a text file without a name, which is deleted at the end.

    Raises:
        LocalFileError: the file cannot be made. Writes raise OSError.
    """
    with convert_file_errors(TEMPORARY_FILE):
        file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed below
    try:
        yield file
    finally:
        with suppress(OSError):  # closing writes again what a full disk did not take
            file.close()


@contextmanager
def open_temporary_database() -> Iterator[sqlite3.Connection]:
    """Yield an empty database on disk, which is deleted at the end.

    Commands compare trails in it, which may have millions of events.

    Raises:
        LocalFileError: the database cannot be made or written, for example on a full disk.
    """
    with convert_file_errors(TEMPORARY_FILE):
        folder = tempfile.TemporaryDirectory(prefix="prooftrail-")
    try:
        with folder, closing(sqlite3.connect(Path(folder.name) / "trail.db")) as database:
            yield database
    except sqlite3.OperationalError as error:
        raise LocalFileError(
            f"{tempfile.gettempdir()}: {error}; set TMPDIR to use another folder"
        ) from error
