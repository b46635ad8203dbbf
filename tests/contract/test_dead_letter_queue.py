"""The promises of `DeadLetterQueue`, tested on the fake and on SQS."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.dead_letters import SqsDeadLetterQueue
from prooftrail.errors import QueueUnavailableError, StoreUnavailableError
from prooftrail.intake.dead_letters import DeadLetterQueue, ReceivedDeadLetter
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryDeadLetterQueue, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault


@dataclass(frozen=True)
class Subject:
    """A queue of fifteen dead letters, and a way to make its next call fail."""

    queue: DeadLetterQueue
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Subject:
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)
    if request.param == "memory":
        on_demand = OnDemand()
        letters = [ReceivedDeadLetter(f"l-{n}", "", f"body {n}", 0) for n in range(15)]
        return Subject(MemoryDeadLetterQueue(letters, on_demand), on_demand.fail_next_call)
    request.getfixturevalue("aws")
    url = get_settings().dead_letter_queue_url
    for n in range(15):
        client("sqs").send_message(QueueUrl=url, MessageBody=f"body {n}")
    queue = SqsDeadLetterQueue(client("sqs"), url)
    return Subject(queue, lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]))


def received(queue: DeadLetterQueue) -> list[ReceivedDeadLetter]:
    """Receive every dead letter that is visible now."""
    letters: list[ReceivedDeadLetter] = []
    while found := queue.receive():
        assert len(found) <= 10
        letters += found
    return letters


def bodies(letters: list[ReceivedDeadLetter]) -> list[str]:
    return sorted(letter.body for letter in letters)


EVERYTHING = sorted(f"body {n}" for n in range(15))


def test_what_is_received_is_hidden_until_it_is_released(subject: Subject) -> None:
    letters = received(subject.queue)
    assert bodies(letters) == EVERYTHING
    assert received(subject.queue) == []
    subject.queue.release([letter.receipt for letter in letters[:12]])
    again = received(subject.queue)
    assert bodies(again) == bodies(letters[:12])
    assert {letter.id for letter in again} == {letter.id for letter in letters[:12]}


def test_what_is_deleted_is_not_received_again(subject: Subject) -> None:
    letters = received(subject.queue)
    assert not subject.queue.delete([letter.receipt for letter in letters[:11]])
    subject.queue.release([letter.receipt for letter in letters[11:]])
    assert bodies(received(subject.queue)) == bodies(letters[11:])
    assert not subject.queue.delete([])
    subject.queue.release([])


def test_an_extended_timeout_hides_messages_until_they_are_released(subject: Subject) -> None:
    letters = received(subject.queue)
    receipts = [letter.receipt for letter in letters]
    subject.queue.extend_visibility_timeout(receipts[:11])
    assert subject.queue.count_in_flight() == 15
    subject.queue.release(receipts)
    assert subject.queue.count_in_flight() == 0
    assert bodies(received(subject.queue)) == EVERYTHING


def test_the_visibility_timeouts_that_sqs_gets(aws: object) -> None:
    url = get_settings().dead_letter_queue_url
    client("sqs").send_message(QueueUrl=url, MessageBody="b")
    queue = SqsDeadLetterQueue(client("sqs"), url)
    asked: list[tuple[str, int]] = []

    def note(params: Any, model: Any, **_: Any) -> None:
        entries = params.get("Entries", [params])
        asked.extend((model.name, entry["VisibilityTimeout"]) for entry in entries)

    for name in ("ReceiveMessage", "ChangeMessageVisibilityBatch"):
        client("sqs").meta.events.register(f"provide-client-params.sqs.{name}", note)
    [letter] = queue.receive()
    queue.extend_visibility_timeout([letter.receipt])
    queue.release([letter.receipt])
    assert asked == [
        ("ReceiveMessage", 30),
        ("ChangeMessageVisibilityBatch", 300),
        ("ChangeMessageVisibilityBatch", 0),
    ]


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a_deletion_that_fails_is_returned(subject: Subject, moment: Moment) -> None:
    letters = list(subject.queue.receive())
    with subject.fail_next_call(moment):
        faults = subject.queue.delete([letter.receipt for letter in letters])
    assert sorted(faults) == list(range(len(letters)))
    assert all(isinstance(error, QueueUnavailableError) for error in faults.values())
    subject.queue.release([letter.receipt for letter in letters])
    left = 15 - len(letters) if moment is Moment.AFTER else 15
    assert len(received(subject.queue)) == left


def test_sqs_does_not_respond(aws: object) -> None:
    queue = SqsDeadLetterQueue(client("sqs"), get_settings().dead_letter_queue_url)
    with inject_fault(0), pytest.raises(StoreUnavailableError):
        queue.receive()
    with inject_fault(0), pytest.raises(StoreUnavailableError):
        queue.count_in_flight()
    with inject_fault(0):
        queue.release(["a receipt"])
    with inject_fault(0):
        queue.extend_visibility_timeout(["a receipt"])


def test_attributes_are_ignored_if_sqs_moved_the_message() -> None:
    """They are the producer's then, who could claim anything."""

    class Answering:
        def __init__(self, **system: str) -> None:
            self._system = {"SentTimestamp": "7", **system}

        def receive_message(self, **_: Any) -> dict[str, Any]:
            attributes = {
                name: {"DataType": "String", "StringValue": f"its {name}"}
                for name in ("errorType", "errorMessage", "sourceMessageId", "submittedBy")
            }
            message = {
                "MessageId": "m-1",
                "ReceiptHandle": "r",
                "Body": "b",
                "Attributes": self._system,
                "MessageAttributes": attributes,
            }
            return {"Messages": [message]}

    def letter(**system: str) -> ReceivedDeadLetter:
        [found] = SqsDeadLetterQueue(cast("Any", Answering(**system)), "url").receive()
        return found

    assert letter() == ReceivedDeadLetter(
        "m-1",
        "r",
        "b",
        7,
        "its errorType",
        "its errorMessage",
        "its sourceMessageId",
        "its submittedBy",
    )
    moved = letter(DeadLetterQueueSourceArn="arn", SenderId="AIDAEXAMPLE")
    assert moved == ReceivedDeadLetter("m-1", "r", "b", 7, submitted_by="AIDAEXAMPLE")
