"""The connection to the queue."""

import os
import ssl
import sys
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from prooftrail.errors import ConfigurationError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

QUEUE_URL_VARIABLE: Final = "PROOFTRAIL_QUEUE_URL"
_HINT: Final = (
    f"set the variable {QUEUE_URL_VARIABLE} or pass the argument queue_url, "
    "each with the stack's output AuditQueueUrl"
)
# The sender retries itself, and only the messages that failed.
_CONFIG: Final[dict[str, Any]] = {
    "connect_timeout": 2,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 1},
    "parameter_validation": False,
}


def find_queue_url(url: str | None) -> str:
    """Return the URL of the queue: this one, or if it is None that of `PROOFTRAIL_QUEUE_URL`.

    Raises:
        ConfigurationError: The URL is missing or not valid.
    """
    if url is not None:
        source = "queue_url"
    else:
        source = QUEUE_URL_VARIABLE
        url = os.environ.get(QUEUE_URL_VARIABLE)
        if not url:
            raise ConfigurationError(
                f"{QUEUE_URL_VARIABLE} is not set, and queue_url is not given: {_HINT}"
            )
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(f"{source} is not the URL of an SQS queue (got {url!r}): {_HINT}")
    return url


def connect(url: str) -> "SQSClient":
    """Make a client for the queue. boto3 finds the credentials and the region.

    If boto3 finds no region, it is the one in the URL.
    """
    _follow_gevent()
    session = boto3.Session()
    region = session.region_name or parse_region(url)
    return session.client("sqs", region_name=region, config=Config(**_CONFIG))


def _follow_gevent() -> None:
    """Let boto3 use gevent's SSL contexts, if gevent has patched `ssl` after boto3 was imported.

    With Python's own, each call ends in a RecursionError: https://github.com/gevent/gevent/issues/1016
    """
    monkey: Any = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("ssl"):
        return
    for name in ("urllib3.util.ssl_", "botocore.httpsession"):
        module = sys.modules.get(name)
        if getattr(module, "SSLContext", None) is monkey.get_original("ssl", "SSLContext"):
            module.SSLContext = ssl.SSLContext  # type: ignore[union-attr]  # it has one


def parse_region(url: str) -> str | None:
    """Return the region in a queue's URL, or None.

    >>> parse_region("https://sqs.eu-central-1.amazonaws.com/123456789012/audit")
    'eu-central-1'
    """
    match (urlsplit(url).hostname or "").split("."):
        case ["sqs", region, "amazonaws", *_] | [region, "queue", "amazonaws", *_]:
            return region
    return None
