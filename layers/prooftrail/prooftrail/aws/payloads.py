"""`PayloadStore` on S3."""

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from prooftrail.aws.errors import translate_aws_errors
from prooftrail.errors import (
    ContentRejectedError,
    CorruptRecordError,
    PayloadMissingError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
)
from prooftrail.event.retention import PAYLOADS_PREFIX, is_payload_key
from prooftrail.event.stored import MAX_CANONICAL_BYTES
from prooftrail.intake.budget import Budget, Service

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

    from prooftrail.intake.ports import PayloadStore  # imports the event model


class S3PayloadStore:
    """`PayloadStore` on a bucket, under the keys `<prefix>/<SHA-256 in hex>`.

    The client is made on first use: few batches have a payload that large.
    """

    def __init__(
        self, client: "Callable[[], S3Client]", bucket: str, prefix: str = PAYLOADS_PREFIX
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def save(self, digest: bytes, payload: bytes) -> str:
        """See `PayloadStore.save`."""
        key = f"{self._prefix}/{digest.hex()}"
        with translate_aws_errors():
            self._client().put_object(
                Bucket=self._bucket, Key=key, Body=payload, ContentType="application/json"
            )
        return key

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        with translate_aws_errors():
            client = self._client()
            try:
                body = client.get_object(Bucket=self._bucket, Key=key)["Body"]
                payload = body.read(MAX_CANONICAL_BYTES + 1)  # a longer one has another digest
            except client.exceptions.NoSuchKey as error:
                raise PayloadMissingError(f"{key} is not in the bucket") from error
        if not is_payload_key(key, sha256(payload).digest()):
            raise CorruptRecordError(f"{key} does not hold the content that its name says")
        return payload


class BudgetedPayloads:
    """`PayloadStore` that is called no more after it was unavailable or refused a request."""

    def __init__(self, payloads: "PayloadStore", budget: Budget) -> None:
        self._payloads = payloads
        self._budget = budget

    def save(self, digest: bytes, payload: bytes) -> str:
        """See `PayloadStore.save`."""
        if fault := self._budget.check(Service.PAYLOADS):
            raise fault
        try:
            return self._payloads.save(digest, payload)
        except (StoreThrottledError, ContentRejectedError):
            raise
        except (StoreUnavailableError, StoreRejectedError) as error:
            self._budget.give_up(Service.PAYLOADS, error)
            raise

    def load(self, key: str) -> bytes:
        """See `PayloadStore.load`."""
        return self._payloads.load(key)
