"""Messages within SQS's limits, errors of SQS, and the delays of retries."""

from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.aws.queue import (
    MAX_REASON_LENGTH,
    SqsDeadLetterSender,
    SqsJobQueue,
    SqsRetrySchedule,
)
from prooftrail.errors import (
    QueueRejectedError,
    QueueThrottledError,
    QueueUnavailableError,
    StoreUnavailableError,
)
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.ports import DeadLetter, JobMessage
from tests.support.fakes import MemoryPayloadStore, Moment

MEGABYTE = b64encode(Random(6).randbytes(800_000)).decode()[: 1024 * 1024]
URL = "https://sqs.example/dead-letters"


class RecordingSqs:
    """SQS's two batch calls: checks the limits of SQS and records the requests."""

    def __init__(
        self,
        refused: set[str] | None = None,
        error: Exception | None = None,
        *,
        code: str = "Busy",
        is_final: bool = False,
    ) -> None:
        self.requests: list[dict[str, Any]] = []
        self._failed = {"Code": code, "SenderFault": is_final}
        self._refused = refused or set()
        self._error = error

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        entries = request["Entries"]
        assert sum(_size(entry) for entry in entries) <= MAX_MESSAGE_BYTES
        for entry in entries:
            for value in entry.get("MessageAttributes", {}).values():
                assert value["StringValue"]
                assert all(_is_allowed(character) for character in value["StringValue"])
        return self._respond(request)

    def change_message_visibility_batch(self, **request: Any) -> dict[str, Any]:
        assert all(0 <= entry["VisibilityTimeout"] <= 43_200 for entry in request["Entries"])
        return self._respond(request)

    def _respond(self, request: dict[str, Any]) -> dict[str, Any]:
        ids = [entry["Id"] for entry in request["Entries"]]
        assert 1 <= len(ids) == len(set(ids)) <= 10
        self.requests.append(request)
        if self._error:
            raise self._error
        return {
            "Failed": [
                {"Id": entry_id, **self._failed} for entry_id in ids if entry_id in self._refused
            ]
        }

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [entry for request in self.requests for entry in request["Entries"]]


def _size(entry: dict[str, Any]) -> int:
    attributes = entry.get("MessageAttributes", {}).items()
    return len(entry["MessageBody"].encode()) + sum(
        len((name + value["DataType"] + value["StringValue"]).encode())
        for name, value in attributes
    )


def _is_allowed(character: str) -> bool:
    """https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""
    code = ord(character)
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )


def make_sender(
    sqs: RecordingSqs, payloads: MemoryPayloadStore | None = None
) -> SqsDeadLetterSender:
    client = cast("Callable[[], Any]", lambda: sqs)
    return SqsDeadLetterSender(client, URL, payloads or MemoryPayloadStore())


def make_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code}}, "SendMessageBatch")


def make_dead_letter(body: str = "{}", reason: str = "is bad", source: str = "m-1") -> DeadLetter:
    return DeadLetter(body, "InvalidEventError", reason, source)


def test_the_reason_is_in_the_attributes() -> None:
    sqs = RecordingSqs()
    assert not make_sender(sqs).send([make_dead_letter("body")])
    [entry] = sqs.entries
    assert entry["MessageBody"] == "body"
    assert entry["MessageAttributes"] == {
        "errorType": {"DataType": "String", "StringValue": "InvalidEventError"},
        "errorMessage": {"DataType": "String", "StringValue": "is bad"},
        "sourceMessageId": {"DataType": "String", "StringValue": "m-1"},
    }


@given(st.lists(st.integers(1, 300_000), max_size=30))
def test_a_batch_has_at_most_ten_messages_and_a_megabyte(sizes: list[int]) -> None:
    sqs = RecordingSqs()
    assert not make_sender(sqs).send([make_dead_letter(MEGABYTE[:size]) for size in sizes])
    assert [len(entry["MessageBody"]) for entry in sqs.entries] == sizes


@pytest.mark.parametrize("spare", [150, 50, 0])
def test_a_body_that_does_not_fit_with_its_reason_goes_to_the_payload_store(spare: int) -> None:
    size = MAX_MESSAGE_BYTES - spare
    sqs, payloads = RecordingSqs(), MemoryPayloadStore()
    body = MEGABYTE[:size]
    assert not make_sender(sqs, payloads).send([make_dead_letter(body)])
    [entry] = sqs.entries
    if payloads.payloads:
        [(key, kept)] = payloads.payloads.items()
        assert kept.decode() == body
        assert key in entry["MessageBody"]
        with pytest.raises(Exception, match="type: must be log_event or bulk_log_events"):
            parse_job(entry["MessageBody"])
    else:
        assert entry["MessageBody"] == body
    assert bool(payloads.payloads) == (spare < 100)


def test_a_dead_letter_with_a_body_that_cannot_be_saved_is_reported() -> None:
    sqs = RecordingSqs()
    dead_letters = [make_dead_letter(), make_dead_letter(MEGABYTE), make_dead_letter()]
    faults = make_sender(sqs, MemoryPayloadStore([Moment.BEFORE])).send(dead_letters)
    assert list(faults) == [1]
    assert isinstance(faults[1], StoreUnavailableError)
    assert [entry["Id"] for entry in sqs.entries] == ["0", "2"]


@given(st.text(st.characters(), min_size=1, max_size=100))
def test_any_reason_can_be_sent(reason: str) -> None:
    sqs = RecordingSqs()
    assert not make_sender(sqs).send([make_dead_letter(reason=reason)])
    [entry] = sqs.entries
    assert len(entry["MessageAttributes"]["errorMessage"]["StringValue"]) == len(reason)


def test_a_long_reason_is_cut() -> None:
    sqs = RecordingSqs()
    make_sender(sqs).send([make_dead_letter(reason="x" * 100_000)])
    assert len(sqs.entries[0]["MessageAttributes"]["errorMessage"]["StringValue"]) == (
        MAX_REASON_LENGTH
    )


def test_refused_dead_letters_are_reported_by_position() -> None:
    faults = make_sender(RecordingSqs(refused={"3", "11"})).send([make_dead_letter()] * 15)
    assert {at: str(error) for at, error in faults.items()} == {3: "Busy", 11: "Busy"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (make_error("AccessDenied"), QueueRejectedError),
        (make_error("AWS.SimpleQueueService.NonExistentQueue"), QueueRejectedError),
        (make_error("ServiceUnavailable"), QueueUnavailableError),
        (EndpointConnectionError(endpoint_url=URL), QueueUnavailableError),
        (ReadTimeoutError(endpoint_url=URL), QueueUnavailableError),
        (make_error("RequestThrottled"), QueueThrottledError),
        (make_error("ThrottlingException"), QueueThrottledError),
        (make_error("KmsThrottled"), QueueThrottledError),
        (make_error("OverLimit"), QueueThrottledError),
    ],
    ids=str,
)
def test_a_failed_call_reports_all_of_its_messages(error: Exception, kind: type[Exception]) -> None:
    for faults in (
        make_sender(RecordingSqs(error=error)).send([make_dead_letter()] * 12),
        make_job_queue(RecordingSqs(error=error)).send([JobMessage("{}", "acme")] * 12),
    ):
        assert sorted(faults) == list(range(12))
        assert {type(fault) for fault in faults.values()} == {kind}


def make_job_queue(sqs: RecordingSqs) -> SqsJobQueue:
    return SqsJobQueue(cast("Callable[[], Any]", lambda: sqs), URL)


@given(st.lists(st.integers(1, 300_000), max_size=30))
def test_jobs_are_sent_in_requests_of_at_most_a_megabyte(sizes: list[int]) -> None:
    sqs = RecordingSqs()
    assert not make_job_queue(sqs).send([JobMessage(MEGABYTE[:size], "acme") for size in sizes])
    assert [len(entry["MessageBody"]) for entry in sqs.entries] == sizes
    assert all(set(entry) == {"Id", "MessageBody", "MessageGroupId"} for entry in sqs.entries)
    assert {entry["MessageGroupId"] for entry in sqs.entries} <= {"acme"}


def test_after_an_unavailable_queue_no_request_follows() -> None:
    """The caller waits, and each request may take as long as a timeout. A refusal is fast."""
    for code, count in (("ServiceUnavailable", 1), ("RequestThrottled", 1), ("AccessDenied", 3)):
        sqs = RecordingSqs(error=make_error(code))
        assert len(make_job_queue(sqs).send([JobMessage("{}", "acme")] * 25)) == 25
        assert len(sqs.requests) == count


@pytest.mark.parametrize(
    ("code", "is_final", "kind"),
    [
        ("InternalError", False, QueueUnavailableError),
        ("ThrottlingException", True, QueueThrottledError),
        ("InvalidMessageContents", True, QueueRejectedError),
    ],
)
def test_one_message_of_a_request_may_be_refused(
    code: str, is_final: bool, kind: type[Exception]
) -> None:
    faults = make_job_queue(RecordingSqs(refused={"1"}, code=code, is_final=is_final)).send(
        [JobMessage("{}", "acme")] * 3
    )
    assert {at: type(error) for at, error in faults.items()} == {1: kind}


def make_schedule(sqs: RecordingSqs) -> SqsRetrySchedule:
    return SqsRetrySchedule(cast("Callable[[], Any]", lambda: sqs), URL)


def test_the_delay_grows_with_each_receive() -> None:
    sqs = RecordingSqs()
    receipts = {f"receipt {receives}": receives for receives in (1, 2, 3, 9, 2_000)}
    assert not make_schedule(sqs).postpone(receipts)
    waits = {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in sqs.entries}
    assert list(waits.values()) == [2, 4, 8, 512, 900]


def test_refused_delays_are_returned() -> None:
    receipts = {str(at): 1 for at in range(25)}
    assert make_schedule(RecordingSqs(refused={"1"})).postpone(receipts) == ["1", "11", "21"]
    error = EndpointConnectionError(endpoint_url=URL)
    assert make_schedule(RecordingSqs(error=error)).postpone(receipts) == list(receipts)
    assert not make_schedule(RecordingSqs()).postpone({})
