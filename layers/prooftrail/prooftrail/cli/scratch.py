"""The database that a command compares in, on disk: a trail may have millions of events."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from prooftrail.errors import StoreRejectedError


@contextmanager
def scratch_database() -> Iterator[sqlite3.Connection]:
    """An empty database, gone afterwards.

    Raises:
        StoreRejectedError: the disk is full.
    """
    try:
        with (
            tempfile.TemporaryDirectory(prefix="prooftrail-") as folder,
            closing(sqlite3.connect(Path(folder) / "trail.db")) as database,
        ):
            yield database
    except sqlite3.OperationalError as error:
        place = tempfile.gettempdir()
        raise StoreRejectedError(f"{place}: {error} (TMPDIR names another place)") from error
