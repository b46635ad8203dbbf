"""The application's connection to its queue."""

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from prooftrail.errors import ConfigurationError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

# The sender tries again itself, and only what failed.
_CONFIG: Final[dict[str, Any]] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 1},
    "parameter_validation": False,
}


def check_queue_url(url: object) -> None:
    """Make sure that this is the address of a queue.

    Raises:
        ConfigurationError: it is not.
    """
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(f"queue_url must be the address of an SQS queue (got {url!r})")


def connect(url: str) -> "SQSClient":
    """A client for the queue: region and credentials from the usual places.

    Without a region there, it is the one in the queue's address.
    """
    session = boto3.Session()
    region = session.region_name or region_in(url)
    return session.client("sqs", region_name=region, config=Config(**_CONFIG))


def region_in(url: str) -> str | None:
    """The region in a queue's address, or None.

    >>> region_in("https://sqs.eu-central-1.amazonaws.com/123456789012/audit")
    'eu-central-1'
    """
    match (urlsplit(url).hostname or "").split("."):
        case ["sqs", region, "amazonaws", *_] | [region, "queue", "amazonaws", *_]:
            return region
    return None
