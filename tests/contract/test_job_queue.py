"""The promises of `JobQueue`, tested on the fake and on SQS."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.queue import SqsJobQueue
from prooftrail.errors import QueueThrottledError, QueueUnavailableError
from prooftrail.intake.ports import JobQueue
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryJobQueue, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault


@dataclass(frozen=True)
class Subject:
    """A queue, the bodies that it holds, and a way to make one call fail."""

    queue: JobQueue
    sent: Callable[[], Sequence[str]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        on_demand = OnDemand()
        queue = MemoryJobQueue(on_demand)
        return Subject(queue, lambda: queue.bodies, on_demand.fail_next_call)
    request.getfixturevalue("aws")
    return Subject(
        SqsJobQueue(lambda: client("sqs"), get_settings().queue_url),
        _received,
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def _received() -> Sequence[str]:
    url = get_settings().queue_url
    bodies: list[str] = []
    while found := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10):
        if "Messages" not in found:
            break
        bodies += [message["Body"] for message in found["Messages"]]
    return bodies


@pytest.mark.parametrize("count", [0, 1, 10, 11, 35])
def test_what_is_not_reported_as_failed_is_sent(subject: Subject, count: int) -> None:
    bodies = [f"body {n}" for n in range(count)]
    assert not subject.queue.send(bodies)
    assert sorted(subject.sent()) == sorted(bodies)


@pytest.mark.parametrize("moment", Moment)
def test_a_fault_reports_every_body_that_may_not_be_sent(subject: Subject, moment: Moment) -> None:
    bodies = [f"body {n}" for n in range(10)]
    with subject.fail_next_call(moment):
        faults = subject.queue.send(bodies)
    assert faults
    assert all(isinstance(error, QueueUnavailableError) for error in faults.values())
    taken = subject.sent()
    assert all(body in taken for at, body in enumerate(bodies) if at not in faults)
    assert len(taken) == {Moment.BEFORE: 0, Moment.DURING: 5, Moment.AFTER: 10}[moment]


def test_throttling_has_an_error_of_its_own(aws: object) -> None:
    queue = SqsJobQueue(lambda: client("sqs"), get_settings().queue_url)
    with inject_fault(0):
        faults = queue.send(["{}"])
    assert {type(error) for error in faults.values()} == {QueueThrottledError}
