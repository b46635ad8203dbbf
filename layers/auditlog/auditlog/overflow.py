"""Payloads too large for their place, in S3 under `<prefix>/<SHA-256 in hex>`."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from auditlog.aws import fault_of
from auditlog.errors import CorruptRecordError
from auditlog.retention import PAYLOADS, is_key_of

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


class S3PayloadStore:
    """`PayloadStore` on a bucket; the client is asked for on first use, for few batches need it."""

    def __init__(
        self, client: "Callable[[], S3Client]", bucket: str, prefix: str = PAYLOADS
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
            raise fault_of(error) from error
        return key

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        try:
            payload = self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                raise CorruptRecordError(f"{key} is not in the bucket") from error
            raise fault_of(error) from error
        except BotoCoreError as error:
            raise fault_of(error) from error
        if not is_key_of(key, sha256(payload).digest()):
            raise CorruptRecordError(f"{key} does not hold what its name says")
        return payload
