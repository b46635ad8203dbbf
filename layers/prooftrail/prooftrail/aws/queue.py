"""The queue of jobs, the dead-letter queue, and the wait before a message comes again."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.errors import (
    AuditLogError,
    QueueRejectedError,
    QueueThrottledError,
    QueueUnavailableError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.intake.jobs import encode_overflow_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.ports import DeadLetter, PayloadStore

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_ENTRIES = 10
MAX_REASON_LENGTH = 4096
FIRST_WAIT_SECONDS = 2
_NOT_IN_A_MESSAGE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THROTTLING = re.compile("Throttl|OverLimit|TooManyRequests|RequestLimitExceeded")


class SqsJobQueue:
    """`JobQueue` on SQS: ten bodies and 1 MiB a request."""

    def __init__(self, client: "Callable[[], SQSClient]", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:
        """See `JobQueue.send`."""
        return _send(
            self._client(),
            self._url,
            [{"Id": str(at), "MessageBody": body} for at, body in enumerate(bodies)],
        )


class SqsDeadLetterSender:
    """`DeadLetterBox` on a queue; the reason stands in the message's attributes.

    A body that would not fit its message together with the reason goes to the payload store, and
    the letter holds its key.
    """

    def __init__(self, client: "Callable[[], SQSClient]", url: str, payloads: PayloadStore) -> None:
        self._client = client
        self._url = url
        self._payloads = payloads

    def send(self, letters: Sequence[DeadLetter]) -> Mapping[int, AuditLogError]:
        """See `DeadLetterBox.send`."""
        faults: dict[int, AuditLogError] = {}
        entries: dict[int, SendMessageBatchRequestEntryTypeDef] = {}
        for position, letter in enumerate(letters):
            try:
                entries[position] = self._entry(position, letter)
            except (StoreUnavailableError, StoreRejectedError) as error:
                faults[position] = error
        return faults | _send(self._client(), self._url, list(entries.values()))

    def _entry(self, position: int, letter: DeadLetter) -> "SendMessageBatchRequestEntryTypeDef":
        attributes = {
            "errorType": letter.error_type,
            "errorMessage": _NOT_IN_A_MESSAGE.sub("\ufffd", letter.error_message)[
                :MAX_REASON_LENGTH
            ],
            "sourceMessageId": letter.source_message_id,
        }
        entry: SendMessageBatchRequestEntryTypeDef = {
            "Id": str(position),
            "MessageBody": letter.body,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
            },
        }
        if _size(entry) > MAX_MESSAGE_BYTES:
            body = letter.body.encode()
            entry["MessageBody"] = encode_overflow_job(
                self._payloads.save(sha256(body).digest(), body)
            )
        return entry


def _send(
    client: "SQSClient", url: str, entries: "list[SendMessageBatchRequestEntryTypeDef]"
) -> dict[int, AuditLogError]:
    """Send entries whose ids are their positions; answers which were not taken, and why.

    Once a request finds the queue unavailable, the rest is not tried: each would wait as long.
    """
    faults: dict[int, AuditLogError] = {}
    absent: QueueUnavailableError | None = None
    for batch in _batches(entries):
        if absent:
            faults |= {int(entry["Id"]): absent for entry in batch}
            continue
        try:
            answer = client.send_message_batch(QueueUrl=url, Entries=batch)
        except (ClientError, BotoCoreError) as error:
            fault = _fault_of(error)
            absent = fault if isinstance(fault, QueueUnavailableError) else None
            faults |= {int(entry["Id"]): fault for entry in batch}
        else:
            faults |= {
                int(refused["Id"]): _refusal(refused["Code"], is_final=refused["SenderFault"])
                for refused in answer.get("Failed", [])
            }
    return faults


def _fault_of(error: ClientError | BotoCoreError) -> AuditLogError:
    fault = to_store_error(error)
    return _refusal(str(fault), is_final=not fault.retryable)


def _refusal(code: str, *, is_final: bool) -> AuditLogError:
    if _THROTTLING.search(code):
        return QueueThrottledError(code)
    return QueueRejectedError(code) if is_final else QueueUnavailableError(code)


def _batches(
    entries: "list[SendMessageBatchRequestEntryTypeDef]",
) -> "Iterator[list[SendMessageBatchRequestEntryTypeDef]]":
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        entry_size = _size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + entry_size > MAX_MESSAGE_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry_size
    if batch:
        yield batch


def _size(entry: "SendMessageBatchRequestEntryTypeDef") -> int:
    attributes = entry.get("MessageAttributes", {})
    return len(entry["MessageBody"].encode()) + sum(
        len(name) + len(value["DataType"]) + len(value["StringValue"].encode())
        for name, value in attributes.items()
    )


class SqsRetrySchedule:
    """When a failed message comes again: after 2 s, then 4 s, doubling with each receive."""

    def __init__(self, client: "Callable[[], SQSClient]", url: str) -> None:
        self._client = client
        self._url = url

    def postpone(self, receipts: Mapping[str, int]) -> Sequence[str]:
        """Make the messages visible again after their wait: receipt handle → receives so far.

        Answers the receipts that kept the queue's own visibility timeout because the queue did
        not take the change: those come later, not never.
        """
        waiting = list(receipts.items())
        refused: list[str] = []
        for start in range(0, len(waiting), MAX_ENTRIES):
            batch = waiting[start : start + MAX_ENTRIES]
            try:
                answer = self._client().change_message_visibility_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {
                            "Id": str(position),
                            "ReceiptHandle": receipt,
                            "VisibilityTimeout": wait_seconds(receives),
                        }
                        for position, (receipt, receives) in enumerate(batch)
                    ],
                )
            except (ClientError, BotoCoreError):
                refused += [receipt for receipt, _ in batch]
            else:
                refused += [batch[int(failed["Id"])][0] for failed in answer.get("Failed", [])]
        return refused


def wait_seconds(receives: int) -> int:
    """The wait after this many receives.

    >>> [wait_seconds(receives) for receives in (1, 2, 3)]
    [2, 4, 8]
    """
    return int(min(FIRST_WAIT_SECONDS << (receives - 1), 900))
