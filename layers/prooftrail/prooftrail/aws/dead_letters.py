"""The dead-letter queue on SQS, as an operator handles it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.errors import AuditLogError, QueueUnavailableError
from prooftrail.intake.dead_letters import EXTENDED_TIMEOUT_SECONDS, ReceivedDeadLetter

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

MAX_ENTRIES: Final = 10
HIDDEN: Final = "ApproximateNumberOfMessagesNotVisible"
VISIBILITY_SECONDS: Final = 30
WAIT_SECONDS = 1  # without waiting SQS asks a part of its servers only


class SqsDeadLetterQueue:
    """`LetterQueue` on a queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> Sequence[ReceivedDeadLetter]:
        """See `DeadLetterQueue.receive`."""
        try:
            answer = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=MAX_ENTRIES,
                VisibilityTimeout=VISIBILITY_SECONDS,
                WaitTimeSeconds=WAIT_SECONDS,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        return [_letter_of(message) for message in answer.get("Messages", [])]

    def release(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.release`."""
        self._hide(receipts, 0)

    def extend_visibility_timeout(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.extend_visibility_timeout`."""
        self._hide(receipts, EXTENDED_TIMEOUT_SECONDS)

    def _hide(self, receipts: Sequence[str], seconds: int) -> None:
        for entries in _batches(receipts, VisibilityTimeout=seconds):
            with suppress(ClientError, BotoCoreError):
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def delete(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """See `DeadLetterQueue.delete`."""
        faults: dict[int, AuditLogError] = {}
        for entries in _batches(receipts):
            try:
                answer = self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)
            except (ClientError, BotoCoreError) as error:
                fault = QueueUnavailableError(str(to_store_error(error)))
                faults |= {int(entry["Id"]): fault for entry in entries}
            else:
                faults |= {
                    int(failed["Id"]): QueueUnavailableError(failed["Code"])
                    for failed in answer.get("Failed", [])
                }
        return faults

    def count_in_flight(self) -> int:
        """See `DeadLetterQueue.count_in_flight`."""
        try:
            answer = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=[HIDDEN])
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        return int(answer["Attributes"][HIDDEN])


def _batches(receipts: Sequence[str], **beside: int) -> Iterator[list[Any]]:
    entries = [
        {"Id": str(at), "ReceiptHandle": receipt, **beside} for at, receipt in enumerate(receipts)
    ]
    for start in range(0, len(entries), MAX_ENTRIES):
        yield entries[start : start + MAX_ENTRIES]


def _letter_of(message: Mapping[str, Any]) -> ReceivedDeadLetter:
    system = message.get("Attributes", {})
    # Of a message that SQS moved here the attributes are its producer's, whatever they claim.
    is_redriven = "DeadLetterQueueSourceArn" in system
    told = {} if is_redriven else message.get("MessageAttributes", {})
    texts = {name: value.get("StringValue") for name, value in told.items()}
    return ReceivedDeadLetter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        sent_at=int(system["SentTimestamp"]),
        error_type=texts.get("errorType"),
        error_message=texts.get("errorMessage"),
        source_message_id=texts.get("sourceMessageId"),
    )
