"""The published log on S3: tiles that are written once, and the checkpoint."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
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
FEW: Final = 8  # objects that are not worth threads
THREADS: Final = 8


class S3PublishedLog:
    """`PublishedLog` on a bucket, laid out as C2SP tlog-tiles says."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read(self, tile: Tile) -> bytes | None:
        """See `TileReader.read`."""
        found = self._get(tile.path)
        return found[0] if found else None

    def checkpoint(self) -> PublishedCheckpoint | None:
        """See `PublishedLog.checkpoint`."""
        found = self._get(CHECKPOINT)
        return PublishedCheckpoint(found[0].decode(errors="replace"), found[1]) if found else None

    def _get(self, key: str) -> tuple[bytes, str] | None:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
            return answer["Body"].read(), answer["ETag"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                return None
            raise to_store_error(error) from error
        except KeyError as error:  # another service's answer
            raise StoreUnavailableError(f"an object without {error}: no S3 answers") from error
        except BotoCoreError as error:
            raise to_store_error(error) from error

    def put_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        """See `PublishedLog.put_tiles`."""
        if len(tiles) <= FEW:
            for tile, content in tiles.items():
                self._keep(tile, content)
            return
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(lambda one: self._keep(*one), tiles.items()):
                pass

    def _keep(self, tile: Tile, content: bytes) -> None:
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
            if not _is_precondition(error):
                raise to_store_error(error) from error
            if self.read(tile) != content:
                raise InconsistentLogError(f"{tile.path} is there with other content") from error
        except BotoCoreError as error:
            raise to_store_error(error) from error

    def put_checkpoint(
        self, text: str, previous: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        """See `PublishedLog.put_checkpoint`."""
        condition = {"IfMatch": previous.version} if previous else {"IfNoneMatch": "*"}
        try:
            answer = self._client.put_object(
                Bucket=self._bucket,
                Key=CHECKPOINT,
                Body=text.encode(),
                ContentType=TEXT,
                CacheControl=CHECKPOINT_CACHING,
                **condition,  # type: ignore[arg-type]  # one of two parameters
            )
        except ClientError as error:
            if _is_precondition(error):
                raise CheckpointMovedError("another run published its checkpoint first") from error
            raise to_store_error(error) from error
        except BotoCoreError as error:
            raise to_store_error(error) from error
        return PublishedCheckpoint(text, answer["ETag"])


def _is_precondition(error: ClientError) -> bool:
    """Whether a conditional write found another object; a write under way is to be retried.

    Raises:
        StoreUnavailableError: another conditional write of the same object is under way.
    """
    match error.response.get("Error", {}).get("Code"):
        case "PreconditionFailed" | "NoSuchKey" | "412":
            return True
        case "ConditionalRequestConflict":
            raise StoreUnavailableError("ConditionalRequestConflict") from error
        case _:
            return False
