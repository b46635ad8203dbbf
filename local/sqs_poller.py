"""Feeds a function from an SQS queue, as the event source mapping of Lambda does.

See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html.
"""

import base64
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from local.runtime import FunctionError, Invoke
from local.template import REGION, QueueSource

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import MessageTypeDef

RECEIVE_SIZE = 10
MAX_BATCH_BYTES = 6 * 1024 * 1024
POLL_SECONDS = 0.2


class SqsPoller:
    """Receives batches, invokes the function, deletes the processed messages.

    Messages that the function reports as failed stay in the queue; if it raises, all stay. They are
    received again when their visibility timeout ends, until the redrive policy of the queue moves
    them. `returned` counts the messages that stayed.
    """

    def __init__(self, source: QueueSource, invoke: Invoke, client: "SQSClient") -> None:
        self._source = source
        self._invoke = invoke
        self._client = client
        queue_name = source.queue_arn.rpartition(":")[2]
        self._url = client.get_queue_url(QueueName=queue_name)["QueueUrl"]
        self._received: deque[MessageTypeDef] = deque()
        self.returned = 0

    def poll(self) -> int:
        """Invoke the function once if there are messages. Return the number of messages.

        It waits at most the batching window, counted from the first message.
        """
        batch = self._receive_batch()
        if batch:
            records = [make_lambda_record(message, self._source.queue_arn) for message in batch]
            try:
                result = self._invoke(self._source.function, {"Records": records})
            except FunctionError:
                self.returned += len(batch)
                return len(batch)
            failed = self._find_failed(result, batch)
            self.returned += len(failed)
            self._delete(batch, failed)
        return len(batch)

    def is_empty(self) -> bool:
        """Return whether the queue is empty: no message waits and none is in flight."""
        counts = self._client.get_queue_attributes(
            QueueUrl=self._url,
            AttributeNames=[
                "ApproximateNumberOfMessages",
                "ApproximateNumberOfMessagesNotVisible",
                "ApproximateNumberOfMessagesDelayed",
            ],
        )["Attributes"]
        return not self._received and all(int(count) == 0 for count in counts.values())

    def _receive_batch(self) -> "Sequence[MessageTypeDef]":
        deadline: float | None = None
        while len(self._received) < self._source.batch_size and not self._is_full():
            messages = self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=RECEIVE_SIZE,
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            ).get("Messages", [])
            self._received.extend(messages)
            if not self._received:
                return ()
            deadline = deadline or time.monotonic() + self._source.window_seconds
            if not messages:
                if time.monotonic() >= deadline:
                    break
                time.sleep(POLL_SECONDS)
        return self._take_batch()

    def _is_full(self) -> bool:
        return sum(len(message["Body"]) for message in self._received) >= MAX_BATCH_BYTES

    def _take_batch(self) -> "Sequence[MessageTypeDef]":
        batch: list[MessageTypeDef] = []
        size = 0
        while self._received and len(batch) < self._source.batch_size:
            size += len(self._received[0]["Body"].encode())
            if batch and size > MAX_BATCH_BYTES:
                break
            batch.append(self._received.popleft())
        return batch

    def _find_failed(self, result: Any, batch: "Sequence[MessageTypeDef]") -> set[str]:
        """Return the ids of the messages to keep: all if the response is not valid."""
        if not self._source.has_partial_responses or not result:
            return set()
        message_ids = {message["MessageId"] for message in batch}
        try:
            failed = {failure["itemIdentifier"] for failure in result["batchItemFailures"] or ()}
        except (TypeError, KeyError):
            return message_ids
        return failed if message_ids.issuperset(failed) else message_ids

    def _delete(self, batch: "Sequence[MessageTypeDef]", failed: set[str]) -> None:
        done = [message for message in batch if message["MessageId"] not in failed]
        for start in range(0, len(done), RECEIVE_SIZE):
            self._client.delete_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(position), "ReceiptHandle": message["ReceiptHandle"]}
                    for position, message in enumerate(done[start : start + RECEIVE_SIZE])
                ],
            )


def make_lambda_record(message: "MessageTypeDef", queue_arn: str) -> dict[str, Any]:
    """Return a received message as the record that a function gets."""
    record: dict[str, Any] = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _encode_attribute(value)
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _encode_attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    attribute: dict[str, Any] = {
        "stringListValues": [],
        "binaryListValues": [],
        "dataType": value["DataType"],
    }
    if "StringValue" in value:
        attribute["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        attribute["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode()
    return attribute
