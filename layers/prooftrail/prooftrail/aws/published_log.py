"""`PublishedLog` on S3."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from prooftrail.aws.errors import get_error_code, translate_aws_errors
from prooftrail.errors import CheckpointMovedError, InconsistentLogError, StoreUnavailableError
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.tiles import Tile

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

CHECKPOINT: Final = "checkpoint"
TEXT: Final = "text/plain; charset=utf-8"
BINARY: Final = "application/octet-stream"
TILE_CACHING: Final = "public, max-age=31536000, immutable"
CHECKPOINT_CACHING: Final = "no-cache"
MAX_WITHOUT_THREADS: Final = 8  # tiles: for so few, threads cost more than they save
THREADS: Final = 8


class S3PublishedLog:
    """`PublishedLog` on a bucket, with the paths of C2SP tlog-tiles.

    Tiles are written once, and the checkpoint is replaced, both under conditions that S3 checks.
    """

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, tile: Tile) -> bytes | None:
        """See `TileReader.read`."""
        found = self._read_object(tile.path)
        return found[0] if found else None

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.read_checkpoint`."""
        found = self._read_object(CHECKPOINT)
        return PublishedCheckpoint(found[0].decode(errors="replace"), found[1]) if found else None

    def _read_object(self, key: str) -> tuple[bytes, str] | None:
        """Return an object's content and ETag, or None."""
        with translate_aws_errors():
            try:
                response = self._client.get_object(Bucket=self._bucket, Key=key)
                return response["Body"].read(), response["ETag"]
            except self._client.exceptions.NoSuchKey:
                return None
            except KeyError as error:  # the response of another service
                raise StoreUnavailableError(
                    f"the endpoint is not S3: its response has no {error}"
                ) from error

    def put_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        """See `PublishedLog.put_tiles`."""
        if len(tiles) <= MAX_WITHOUT_THREADS:
            for tile, content in tiles.items():
                self._put_tile(tile, content)
            return
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(self._put_tile, tiles.keys(), tiles.values()):
                pass

    def _put_tile(self, tile: Tile, content: bytes) -> None:
        with translate_aws_errors():
            try:
                self._client.put_object(
                    Bucket=self._bucket,
                    Key=tile.path,
                    Body=content,
                    ContentType=BINARY,
                    CacheControl=TILE_CACHING,
                    IfNoneMatch="*",
                )
            except ClientError as error:
                if not _is_failed_condition(error):
                    raise
                if self.read(tile) != content:
                    raise InconsistentLogError(f"{tile.path} exists with other content") from error

    def put_checkpoint(
        self, text: str, previous: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        """See `PublishedLog.put_checkpoint`."""
        condition = {"IfMatch": previous.version} if previous else {"IfNoneMatch": "*"}
        with translate_aws_errors():
            try:
                response = self._client.put_object(
                    Bucket=self._bucket,
                    Key=CHECKPOINT,
                    Body=text.encode(),
                    ContentType=TEXT,
                    CacheControl=CHECKPOINT_CACHING,
                    **condition,  # type: ignore[arg-type]  # one of two parameters
                )
            except ClientError as error:
                if not _is_failed_condition(error):
                    raise
                raise CheckpointMovedError("another run published its checkpoint first") from error
        return PublishedCheckpoint(text, response["ETag"])


def _is_failed_condition(error: ClientError) -> bool:
    """Return whether a conditional write found another object than it expects.

    Raises:
        StoreUnavailableError: another conditional write of the object is under way.
    """
    match get_error_code(error):
        case "PreconditionFailed" | "NoSuchKey" | "412":
            return True
        case "ConditionalRequestConflict":
            raise StoreUnavailableError("ConditionalRequestConflict") from error
        case _:
            return False
