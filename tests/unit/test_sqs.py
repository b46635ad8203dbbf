"""Dead letters within SQS's limits, and the waits of what comes again."""

from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hypothesis import given
from hypothesis import strategies as st

from auditlog.errors import QueueUnavailableError, StoreUnavailableError
from auditlog.jobs import parse_job
from auditlog.packing import MAX_MESSAGE_BYTES
from auditlog.sqs import MAX_REASON_LENGTH, SqsDeadLetterBox, SqsRetrySchedule
from auditlog.store import DeadLetter
from tests.fakes import MemoryPayloadStore, Moment

MEGABYTE = b64encode(Random(6).randbytes(800_000)).decode()[: 1024 * 1024]
URL = "https://sqs.example/dead-letters"


class RecordingSqs:
    """SQS's two batch calls: holds requests to SQS's limits and keeps them."""

    def __init__(self, refused: set[str] | None = None, error: Exception | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._refused = refused or set()
        self._error = error

    def send_message_batch(self, **request: Any) -> dict[str, Any]:
        entries = request["Entries"]
        assert sum(_size(entry) for entry in entries) <= MAX_MESSAGE_BYTES
        for entry in entries:
            for value in entry["MessageAttributes"].values():
                assert value["StringValue"]
                assert all(_is_allowed(character) for character in value["StringValue"])
        return self._taken(request)

    def change_message_visibility_batch(self, **request: Any) -> dict[str, Any]:
        assert all(0 <= entry["VisibilityTimeout"] <= 43_200 for entry in request["Entries"])
        return self._taken(request)

    def _taken(self, request: dict[str, Any]) -> dict[str, Any]:
        ids = [entry["Id"] for entry in request["Entries"]]
        assert 1 <= len(ids) == len(set(ids)) <= 10
        self.requests.append(request)
        if self._error:
            raise self._error
        refused = [one for one in ids if one in self._refused]
        return {"Failed": [{"Id": one, "Code": "Busy", "SenderFault": False} for one in refused]}

    @property
    def entries(self) -> list[dict[str, Any]]:
        return [entry for request in self.requests for entry in request["Entries"]]


def _size(entry: dict[str, Any]) -> int:
    attributes = entry["MessageAttributes"].items()
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


def box(sqs: RecordingSqs, payloads: MemoryPayloadStore | None = None) -> SqsDeadLetterBox:
    client = cast("Callable[[], Any]", lambda: sqs)
    return SqsDeadLetterBox(client, URL, payloads or MemoryPayloadStore())


def letter(body: str = "{}", reason: str = "is bad", source: str = "m-1") -> DeadLetter:
    return DeadLetter(body, "InvalidEventError", reason, source)


def test_the_reason_stands_in_the_attributes() -> None:
    sqs = RecordingSqs()
    assert not box(sqs).send([letter("body")])
    [entry] = sqs.entries
    assert entry["MessageBody"] == "body"
    assert entry["MessageAttributes"] == {
        "errorType": {"DataType": "String", "StringValue": "InvalidEventError"},
        "errorMessage": {"DataType": "String", "StringValue": "is bad"},
        "sourceMessageId": {"DataType": "String", "StringValue": "m-1"},
    }


@given(st.lists(st.integers(1, 300_000), max_size=30))
def test_batches_hold_ten_letters_and_a_megabyte_at_most(sizes: list[int]) -> None:
    sqs = RecordingSqs()
    assert not box(sqs).send([letter(MEGABYTE[:size]) for size in sizes])
    assert [len(entry["MessageBody"]) for entry in sqs.entries] == sizes


@pytest.mark.parametrize("spare", [150, 50, 0])
def test_a_body_that_leaves_no_room_for_its_reason_is_kept_beside(spare: int) -> None:
    size = MAX_MESSAGE_BYTES - spare
    sqs, payloads = RecordingSqs(), MemoryPayloadStore()
    body = MEGABYTE[:size]
    assert not box(sqs, payloads).send([letter(body)])
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


def test_a_letter_whose_body_cannot_be_kept_is_named() -> None:
    sqs = RecordingSqs()
    letters = [letter(), letter(MEGABYTE), letter()]
    faults = box(sqs, MemoryPayloadStore([Moment.BEFORE])).send(letters)
    assert list(faults) == [1]
    assert isinstance(faults[1], StoreUnavailableError)
    assert [entry["Id"] for entry in sqs.entries] == ["0", "2"]


@given(st.text(st.characters(), min_size=1, max_size=100))
def test_any_reason_can_be_sent(reason: str) -> None:
    sqs = RecordingSqs()
    assert not box(sqs).send([letter(reason=reason)])
    [entry] = sqs.entries
    assert len(entry["MessageAttributes"]["errorMessage"]["StringValue"]) == len(reason)


def test_a_long_reason_is_cut() -> None:
    sqs = RecordingSqs()
    box(sqs).send([letter(reason="x" * 100_000)])
    assert len(sqs.entries[0]["MessageAttributes"]["errorMessage"]["StringValue"]) == (
        MAX_REASON_LENGTH
    )


def test_refused_letters_are_named_by_their_position() -> None:
    faults = box(RecordingSqs(refused={"3", "11"})).send([letter()] * 15)
    assert {at: str(error) for at, error in faults.items()} == {3: "Busy", 11: "Busy"}


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied"}}, "SendMessageBatch"),
        EndpointConnectionError(endpoint_url=URL),
    ],
)
def test_a_failed_call_names_all_of_its_letters(error: Exception) -> None:
    faults = box(RecordingSqs(error=error)).send([letter()] * 12)
    assert sorted(faults) == list(range(12))
    assert all(isinstance(fault, QueueUnavailableError) for fault in faults.values())


def schedule(sqs: RecordingSqs) -> SqsRetrySchedule:
    return SqsRetrySchedule(cast("Callable[[], Any]", lambda: sqs), URL)


def test_messages_wait_longer_with_each_receive() -> None:
    sqs = RecordingSqs()
    receipts = {f"receipt {receives}": receives for receives in (1, 2, 3, 9, 2_000)}
    assert not schedule(sqs).postpone(receipts)
    waits = {entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in sqs.entries}
    assert list(waits.values()) == [2, 4, 8, 512, 900]


def test_refused_waits_are_named() -> None:
    receipts = {str(at): 1 for at in range(25)}
    assert schedule(RecordingSqs(refused={"1"})).postpone(receipts) == ["1", "11", "21"]
    error = EndpointConnectionError(endpoint_url=URL)
    assert schedule(RecordingSqs(error=error)).postpone(receipts) == list(receipts)
    assert not schedule(RecordingSqs()).postpone({})
