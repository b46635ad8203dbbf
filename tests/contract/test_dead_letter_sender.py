"""The promises of `DeadLetterSender`, tested on the fake and on SQS."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.queue import SqsDeadLetterSender
from prooftrail.errors import QueueUnavailableError
from prooftrail.event.retention import DEAD_LETTERS_PREFIX
from prooftrail.intake.ports import DeadLetter, DeadLetterSender
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryDeadLetterSender, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault


@dataclass(frozen=True)
class Subject:
    """A sender, the dead letters that the queue holds, and a way to make one call fail."""

    sender: DeadLetterSender
    sent: Callable[[], Sequence[DeadLetter]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        return _memory()
    request.getfixturevalue("aws")
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket, DEAD_LETTERS_PREFIX)
    return Subject(
        SqsDeadLetterSender(lambda: client("sqs"), conf.dead_letter_queue_url, payloads),
        _received,
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def _memory() -> Subject:
    on_demand = OnDemand()
    box = MemoryDeadLetterSender(on_demand)
    return Subject(box, lambda: box.dead_letters, on_demand.fail_next_call)


def _received() -> Sequence[DeadLetter]:
    url = get_settings().dead_letter_queue_url
    letters: list[DeadLetter] = []
    while (
        found := client("sqs")
        .receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=0
        )
        .get("Messages")
    ):
        for message in found:
            reason = {
                name: value["StringValue"] for name, value in message["MessageAttributes"].items()
            }
            letters.append(
                DeadLetter(
                    message["Body"],
                    reason["errorType"],
                    reason["errorMessage"],
                    reason["sourceMessageId"],
                    reason.get("submittedBy"),
                )
            )
            client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return letters


def _letters(count: int) -> list[DeadLetter]:
    return [DeadLetter(f"body {n}", "SomeError", f"is {n}", f"m-{n}") for n in range(count)]


def _sorted(letters: Sequence[DeadLetter]) -> list[DeadLetter]:
    return sorted(letters, key=lambda letter: letter.source_message_id)


@pytest.mark.parametrize("count", [0, 1, 10, 11, 35])
def test_what_is_not_reported_as_failed_is_sent(subject: Subject, count: int) -> None:
    letters = _letters(count)
    assert not subject.sender.send(letters)
    assert _sorted(subject.sent()) == _sorted(letters)


@pytest.mark.parametrize("moment", Moment)
def test_a_fault_reports_every_dead_letter_that_may_not_be_sent(
    subject: Subject, moment: Moment
) -> None:
    letters = _letters(10)
    with subject.fail_next_call(moment):
        faults = subject.sender.send(letters)
    assert faults
    assert all(isinstance(error, QueueUnavailableError) for error in faults.values())
    taken = subject.sent()
    assert all(letter in taken for at, letter in enumerate(letters) if at not in faults)
    assert len(taken) == {Moment.BEFORE: 0, Moment.DURING: 5, Moment.AFTER: 10}[moment]
