"""`DeadLetterQueue` on SQS."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.errors import AWS_ERRORS, to_store_error, translate_aws_errors
from prooftrail.errors import AuditLogError, QueueUnavailableError
from prooftrail.intake.dead_letters import EXTENDED_TIMEOUT_SECONDS, ReceivedDeadLetter

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

MAX_ENTRIES: Final = 10
IN_FLIGHT: Final = "ApproximateNumberOfMessagesNotVisible"
VISIBILITY_SECONDS: Final = 30
WAIT_SECONDS = 1  # with short polling SQS asks only some of its servers


class SqsDeadLetterQueue:
    """`DeadLetterQueue` on a queue."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def receive(self) -> Sequence[ReceivedDeadLetter]:
        """See `DeadLetterQueue.receive`."""
        with translate_aws_errors():
            response = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=MAX_ENTRIES,
                VisibilityTimeout=VISIBILITY_SECONDS,
                WaitTimeSeconds=WAIT_SECONDS,
                MessageAttributeNames=["All"],
                MessageSystemAttributeNames=["All"],
            )
        return [_parse_message(message) for message in response.get("Messages", [])]

    def release(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.release`."""
        self._set_visibility_timeout(receipts, 0)

    def extend_visibility_timeout(self, receipts: Sequence[str]) -> None:
        """See `DeadLetterQueue.extend_visibility_timeout`."""
        self._set_visibility_timeout(receipts, EXTENDED_TIMEOUT_SECONDS)

    def _set_visibility_timeout(self, receipts: Sequence[str], seconds: int) -> None:
        for entries in _make_batches(receipts, VisibilityTimeout=seconds):
            with suppress(*AWS_ERRORS):
                self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)

    def delete(self, receipts: Sequence[str]) -> Mapping[int, AuditLogError]:
        """See `DeadLetterQueue.delete`."""
        faults: dict[int, AuditLogError] = {}
        for entries in _make_batches(receipts):
            try:
                response = self._client.delete_message_batch(QueueUrl=self._url, Entries=entries)
            except AWS_ERRORS as error:
                fault = QueueUnavailableError(str(to_store_error(error)))
                faults |= {int(entry["Id"]): fault for entry in entries}
            else:
                faults |= {
                    int(failed["Id"]): QueueUnavailableError(failed["Code"])
                    for failed in response.get("Failed", [])
                }
        return faults

    def count_in_flight(self) -> int:
        """See `DeadLetterQueue.count_in_flight`."""
        with translate_aws_errors():
            response = self._client.get_queue_attributes(
                QueueUrl=self._url, AttributeNames=[IN_FLIGHT]
            )
        return int(response["Attributes"][IN_FLIGHT])


def _make_batches(receipts: Sequence[str], **parameters: int) -> Iterator[list[Any]]:
    entries = [
        {"Id": str(at), "ReceiptHandle": receipt, **parameters}
        for at, receipt in enumerate(receipts)
    ]
    for start in range(0, len(entries), MAX_ENTRIES):
        yield entries[start : start + MAX_ENTRIES]


def _parse_message(message: Mapping[str, Any]) -> ReceivedDeadLetter:
    system = message.get("Attributes", {})
    # If SQS moved the message here, its attributes are its producer's and can claim anything.
    was_moved_by_sqs = "DeadLetterQueueSourceArn" in system
    attributes = {} if was_moved_by_sqs else message.get("MessageAttributes", {})
    texts = {name: value.get("StringValue") for name, value in attributes.items()}
    return ReceivedDeadLetter(
        id=message["MessageId"],
        receipt=message["ReceiptHandle"],
        body=message["Body"],
        sent_at=int(system["SentTimestamp"]),
        error_type=texts.get("errorType"),
        error_message=texts.get("errorMessage"),
        source_message_id=texts.get("sourceMessageId"),
        submitted_by=system.get("SenderId") if was_moved_by_sqs else texts.get("submittedBy"),
    )
