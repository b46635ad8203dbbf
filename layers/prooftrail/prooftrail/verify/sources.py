"""Sources of the published log for an auditor: a folder with a copy of it, or an address."""

from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from prooftrail.errors import LocalFileError, StoreRejectedError, StoreUnavailableError
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.tiles import Tile

CHECKPOINT: Final = "checkpoint"
MAX_LENGTH: Final = 32 * 1024 * 1024  # of an entry bundle: 256 entries of 64 KB and their lengths


class FolderLog:
    """A copy of the log's bucket (`aws s3 sync s3://… folder`)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, tile: Tile) -> bytes | None:
        """See `TileReader.read`."""
        return self._read(tile.path)

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.read_checkpoint`."""
        return _decode_checkpoint(self._read(CHECKPOINT))

    def _read(self, path: str) -> bytes | None:
        try:
            return (self._folder / path).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LocalFileError.from_os_error(error, path) from error


class HttpLog:
    """A log at an HTTP address, in the layout of C2SP tlog-tiles. Requests are not signed."""

    def __init__(self, prefix: str, timeout_seconds: float = 30) -> None:
        self._prefix = prefix
        self._timeout_seconds = timeout_seconds

    def read(self, tile: Tile) -> bytes | None:
        """See `TileReader.read`."""
        return self._read(tile.path)

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.read_checkpoint`."""
        return _decode_checkpoint(self._read(CHECKPOINT))

    def _read(self, path: str) -> bytes | None:
        request = Request(f"{self._prefix}/{path}")  # noqa: S310  # http or https, by the caller
        try:
            with urlopen(request, timeout=self._timeout_seconds) as response:  # noqa: S310
                content: bytes = response.read(MAX_LENGTH)
                return content
        except HTTPError as error:
            with error:
                if error.code == HTTPStatus.NOT_FOUND:
                    return None
                raise StoreRejectedError(
                    f"{path}: the log responded with status {error.code}"
                ) from error
        except (HTTPException, OSError, ValueError) as error:
            raise StoreUnavailableError(
                f"{path}: the log cannot be read: {getattr(error, 'reason', error)}"
            ) from error


def _decode_checkpoint(content: bytes | None) -> PublishedCheckpoint | None:
    if content is None:
        return None
    return PublishedCheckpoint(content.decode(errors="replace"), "")
