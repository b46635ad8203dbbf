"""Payloads too large for their place, in S3 under `<prefix>/<SHA-256 in hex>`."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.errors import CorruptRecordError
from prooftrail.event.retention import PAYLOADS_PREFIX, is_payload_key

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3PayloadStore:
    """`PayloadStore` on a bucket; the client is asked for on first use, for few batches need it."""

    def __init__(
        self, client: "Callable[[], S3Client]", bucket: str, prefix: str = PAYLOADS_PREFIX
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def save(self, digest: bytes, payload: bytes) -> str:
        """See `PayloadStore.save`."""
        key = f"{self._prefix}/{digest.hex()}"
        try:
            self._client().put_object(
                Bucket=self._bucket, Key=key, Body=payload, ContentType="application/json"
            )
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        return key

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        try:
            payload = self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                raise CorruptRecordError(f"{key} is not in the bucket") from error
            raise to_store_error(error) from error
        except BotoCoreError as error:
            raise to_store_error(error) from error
        if not is_payload_key(key, sha256(payload).digest()):
            raise CorruptRecordError(f"{key} does not hold what its name says")
        return payload
