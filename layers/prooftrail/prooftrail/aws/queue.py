"""SQS: the job queue, the dead-letter queue, and the delay of a retry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from prooftrail.aws.errors import AWS_ERRORS, AwsError, get_error_code, to_store_error
from prooftrail.aws.payloads import BudgetedPayloads
from prooftrail.errors import (
    AuditLogError,
    QueueRejectedError,
    QueueThrottledError,
    QueueUnavailableError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.event.patterns import LazyPattern
from prooftrail.intake.budget import Budget, Service
from prooftrail.intake.jobs import encode_overflow_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.ports import DeadLetter, JobMessage, PayloadStore
from prooftrail.intake.retries import compute_delay

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient
    from types_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

MAX_ENTRIES: Final = 10
MAX_REASON_LENGTH: Final = 4096
_REFUSED_BY_SQS: Final = LazyPattern("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THROTTLING: Final = LazyPattern("Throttl|OverLimit|TooManyRequests|RequestLimitExceeded")


class SqsJobQueue:
    """`JobQueue` on SQS: at most ten bodies and 1 MiB a request.

    The tenant is the message group, by which SQS makes a standard queue fair:
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    """

    def __init__(self, client: "Callable[[], SQSClient]", url: str) -> None:
        self._client = client
        self._url = url

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:
        """See `JobQueue.send`."""
        return _send(
            self._client,
            self._url,
            [
                {"Id": str(at), "MessageBody": job.body, "MessageGroupId": job.tenant_id}
                for at, job in enumerate(jobs)
            ],
            Budget(),
        )


class SqsDeadLetterSender:
    """`DeadLetterSender` on a queue. The reason is in the message's attributes.

    A body that does not fit into a message together with the reason is saved in the payload store,
    and the dead letter holds its key.
    """

    def __init__(self, client: "Callable[[], SQSClient]", url: str, payloads: PayloadStore) -> None:
        self._client = client
        self._url = url
        self._payloads = payloads

    def send(
        self, dead_letters: Sequence[DeadLetter], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `DeadLetterSender.send`."""
        budget = budget or Budget()
        payloads = BudgetedPayloads(self._payloads, budget)
        faults: dict[int, AuditLogError] = {}
        entries: dict[int, SendMessageBatchRequestEntryTypeDef] = {}
        for position, dead_letter in enumerate(dead_letters):
            if fault := budget.get_fault(Service.DEAD_LETTERS):
                faults[position] = fault
                continue
            try:
                entries[position] = self._make_entry(position, dead_letter, payloads)
            except (StoreUnavailableError, StoreRejectedError) as error:
                faults[position] = error
        return faults | _send(self._client, self._url, list(entries.values()), budget)

    def _make_entry(
        self, position: int, dead_letter: DeadLetter, payloads: PayloadStore
    ) -> "SendMessageBatchRequestEntryTypeDef":
        attributes = {
            "errorType": dead_letter.error_type,
            "errorMessage": _REFUSED_BY_SQS.sub("\ufffd", dead_letter.error_message)[
                :MAX_REASON_LENGTH
            ],
            "sourceMessageId": dead_letter.source_message_id,
            "submittedBy": dead_letter.submitted_by,
        }
        entry: SendMessageBatchRequestEntryTypeDef = {
            "Id": str(position),
            "MessageBody": dead_letter.body,
            "MessageAttributes": {
                name: {"DataType": "String", "StringValue": value}
                for name, value in attributes.items()
                if value is not None
            },
        }
        if _compute_size(entry) > MAX_MESSAGE_BYTES:
            body = dead_letter.body.encode()
            entry["MessageBody"] = encode_overflow_job(payloads.save(sha256(body).digest(), body))
        return entry


def _send(
    client: "Callable[[], SQSClient]",
    url: str,
    entries: "list[SendMessageBatchRequestEntryTypeDef]",
    budget: Budget,
) -> dict[int, AuditLogError]:
    """Send entries with their positions as ids. Return the failures by position.

    After a request that finds the queue unavailable the others are not sent: each could wait for
    the same timeout.
    """
    faults: dict[int, AuditLogError] = {}
    for batch in _make_batches(entries):
        if fault := budget.check(Service.DEAD_LETTERS):
            faults |= {int(entry["Id"]): fault for entry in batch}
            continue
        try:
            response = client().send_message_batch(QueueUrl=url, Entries=batch)
        except AWS_ERRORS as error:
            fault = _to_queue_error(error)
            if isinstance(fault, QueueUnavailableError):
                budget.give_up(Service.DEAD_LETTERS, fault)
            faults |= {int(entry["Id"]): fault for entry in batch}
        else:
            faults |= {
                int(failed["Id"]): _make_queue_error(
                    failed["Code"], failed["Code"], is_final=failed["SenderFault"]
                )
                for failed in response.get("Failed", [])
            }
    return faults


def _to_queue_error(error: AwsError) -> AuditLogError:
    fault = to_store_error(error)
    code = get_error_code(error) if isinstance(error, ClientError) else ""
    return _make_queue_error(code, str(fault), is_final=not fault.retryable)


def _make_queue_error(code: str, text: str, *, is_final: bool) -> AuditLogError:
    if _THROTTLING.search(code):
        return QueueThrottledError(text)
    return QueueRejectedError(text) if is_final else QueueUnavailableError(text)


def _make_batches(
    entries: "list[SendMessageBatchRequestEntryTypeDef]",
) -> "Iterator[list[SendMessageBatchRequestEntryTypeDef]]":
    batch: list[SendMessageBatchRequestEntryTypeDef] = []
    size = 0
    for entry in entries:
        entry_size = _compute_size(entry)
        if batch and (len(batch) == MAX_ENTRIES or size + entry_size > MAX_MESSAGE_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(entry)
        size += entry_size
    if batch:
        yield batch


def _compute_size(entry: "SendMessageBatchRequestEntryTypeDef") -> int:
    attributes = entry.get("MessageAttributes", {})
    return len(entry["MessageBody"].encode()) + sum(
        len(name) + len(value["DataType"]) + len(value["StringValue"].encode())
        for name, value in attributes.items()
    )


class SqsRetrySchedule:
    """The delay before SQS delivers a failed message again: see `compute_delay`."""

    def __init__(self, client: "Callable[[], SQSClient]", url: str) -> None:
        self._client = client
        self._url = url

    def postpone(self, receipts: Mapping[str, int], budget: Budget | None = None) -> Sequence[str]:
        """Set the messages' delays: receipt handle → number of receives so far.

        Return the receipt handles that SQS did not accept, or for which there was no time. Those
        messages come again after the queue's own visibility timeout. After the queue did not
        respond, it is not called again.
        """
        budget = budget or Budget()
        pending = list(receipts.items())
        refused: list[str] = []
        is_unavailable = False
        for start in range(0, len(pending), MAX_ENTRIES):
            batch = pending[start : start + MAX_ENTRIES]
            if is_unavailable or not budget.allows_last_call():
                refused += [receipt for receipt, _ in batch]
                continue
            try:
                response = self._client().change_message_visibility_batch(
                    QueueUrl=self._url,
                    Entries=[
                        {
                            "Id": str(position),
                            "ReceiptHandle": receipt,
                            "VisibilityTimeout": compute_delay(receives),
                        }
                        for position, (receipt, receives) in enumerate(batch)
                    ],
                )
            except AWS_ERRORS as error:
                is_unavailable = to_store_error(error).retryable
                refused += [receipt for receipt, _ in batch]
            else:
                refused += [batch[int(failed["Id"])][0] for failed in response.get("Failed", [])]
        return refused
