"""The promises of `JobQueue`, tested on the fake and on SQS."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from prooftrail.aws.clients import client
from prooftrail.aws.queue import SqsJobQueue
from prooftrail.errors import QueueThrottledError, QueueUnavailableError
from prooftrail.intake.ports import JobMessage, JobQueue
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryJobQueue, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault


@dataclass(frozen=True)
class Subject:
    """A queue, the jobs that it holds, and a way to make one call fail."""

    queue: JobQueue
    sent: Callable[[], Sequence[JobMessage]]
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        on_demand = OnDemand()
        queue = MemoryJobQueue(on_demand)
        return Subject(queue, lambda: queue.jobs, on_demand.fail_next_call)
    request.getfixturevalue("aws")
    return Subject(
        SqsJobQueue(lambda: client("sqs"), get_settings().queue_url),
        _received,
        lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]),
    )


def _received() -> Sequence[JobMessage]:
    jobs: list[JobMessage] = []
    while found := client("sqs").receive_message(
        QueueUrl=get_settings().queue_url,
        MaxNumberOfMessages=10,
        MessageSystemAttributeNames=["MessageGroupId"],
    ):
        if "Messages" not in found:
            break
        jobs += [
            JobMessage(message["Body"], message["Attributes"]["MessageGroupId"])
            for message in found["Messages"]
        ]
    return jobs


@pytest.mark.parametrize("count", [0, 1, 10, 11, 35])
def test_what_is_not_reported_as_failed_is_sent(subject: Subject, count: int) -> None:
    jobs = [JobMessage(f"body {n}", f"tenant-{n % 3}") for n in range(count)]
    assert not subject.queue.send(jobs)
    assert sorted(subject.sent()) == sorted(jobs)


@pytest.mark.parametrize("moment", Moment)
def test_a_fault_reports_every_body_that_may_not_be_sent(subject: Subject, moment: Moment) -> None:
    jobs = [JobMessage(f"body {n}", "acme") for n in range(10)]
    with subject.fail_next_call(moment):
        faults = subject.queue.send(jobs)
    assert faults
    assert all(isinstance(error, QueueUnavailableError) for error in faults.values())
    taken = subject.sent()
    assert all(job in taken for at, job in enumerate(jobs) if at not in faults)
    assert len(taken) == {Moment.BEFORE: 0, Moment.DURING: 5, Moment.AFTER: 10}[moment]


def test_throttling_has_an_error_of_its_own(aws: object) -> None:
    queue = SqsJobQueue(lambda: client("sqs"), get_settings().queue_url)
    with inject_fault(0):
        faults = queue.send([JobMessage("{}", "acme")])
    assert {type(error) for error in faults.values()} == {QueueThrottledError}
