"""Removal of an S3 object with its whole history."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prooftrail.aws.errors import translate_aws_errors
from prooftrail.errors import StoreRejectedError

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client


def remove_versions(client: "S3Client", bucket: str, key: str) -> None:
    """Remove an object with all its versions and delete markers. Idempotent.

    Raises:
        StoreUnavailableError, StoreRejectedError: some are left.
    """
    with translate_aws_errors():
        pages = client.get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=bucket, Prefix=key):
            versions: list[Any] = [
                {"Key": version["Key"], "VersionId": version["VersionId"]}
                for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
                if version["Key"] == key
            ]
            if versions:
                _delete_versions(client, bucket, versions)


def _delete_versions(client: "S3Client", bucket: str, versions: Sequence[Any]) -> None:
    response = client.delete_objects(Bucket=bucket, Delete={"Objects": versions, "Quiet": True})
    for error in response.get("Errors", ()):
        raise StoreRejectedError(f"{error.get('Code', 'an error')} at DeleteObjects")
