"""The queue as the sender sees it, and SQS behind it."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from auditlog.errors import AuditLogError, ConfigurationError, QueueUnavailableError

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

CONNECT_SECONDS: Final = 2
READ_SECONDS: Final = 10
# The sender tries again itself, and only what failed.
_CONFIG: Final[dict[str, Any]] = {
    "connect_timeout": CONNECT_SECONDS,
    "read_timeout": READ_SECONDS,
    "retries": {"mode": "standard", "total_max_attempts": 1},
    "parameter_validation": False,
}


class MessageQueue(Protocol):
    """Takes messages."""

    def send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:
        """Send up to ten messages of 1 MiB in all; answers which were not taken: position → why.

        A message that is not named is durable. One that is named may have been taken all the
        same (the answer was lost). Never raises for a fault of the queue.
        """


class SqsQueue:
    """`MessageQueue` on SQS.

    The client is made on first use, in the sender's thread. Unless `make_client` is given, region
    and credentials come from the usual places, and the region otherwise from the queue's address.
    """

    def __init__(self, url: str, make_client: "Callable[[], SQSClient] | None" = None) -> None:
        self._url = url
        self._make_client = make_client or (lambda: _client(url))
        self._client: SQSClient | None = None

    def send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:
        """See `MessageQueue.send`."""
        try:
            if self._client is None:
                self._client = self._make_client()
            answer = self._client.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(position), "MessageBody": body}
                    for position, body in enumerate(bodies)
                ],
            )
        except ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            return dict.fromkeys(range(len(bodies)), QueueUnavailableError(code))
        except BotoCoreError as error:
            fault = QueueUnavailableError(type(error).__name__)
            return dict.fromkeys(range(len(bodies)), fault)
        return {
            int(refused["Id"]): QueueUnavailableError(refused["Code"])
            for refused in answer.get("Failed", [])
        }


def check_queue_url(url: str) -> None:
    """Make sure that this is the address of a queue.

    Raises:
        ConfigurationError: it is not.
    """
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ConfigurationError(f"queue_url must be the address of an SQS queue (got {url!r})")


def _client(url: str) -> "SQSClient":
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
