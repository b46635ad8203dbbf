"""What `JobQueue` promises, kept by the fake and by SQS alike."""

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
from tests.support.faults import FAULT_OF, spoiled


@dataclass(frozen=True)
class Subject:
    """A queue, the bodies that it took, and a way to spoil one call."""

    queue: JobQueue
    taken: Callable[[], Sequence[str]]
    spoil: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        on_demand = OnDemand()
        queue = MemoryJobQueue(on_demand)
        return Subject(queue, lambda: queue.bodies, on_demand.spoil)
    request.getfixturevalue("aws")
    return Subject(
        SqsJobQueue(lambda: client("sqs"), get_settings().queue_url),
        _received,
        lambda moment: spoiled(0, FAULT_OF[moment]),
    )


def _received() -> Sequence[str]:
    url = get_settings().queue_url
    bodies: list[str] = []
    while found := client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10):
        if "Messages" not in found:
            break
        bodies += [one["Body"] for one in found["Messages"]]
    return bodies


@pytest.mark.parametrize("count", [0, 1, 10, 11, 35])
def test_what_is_not_named_is_taken(subject: Subject, count: int) -> None:
    bodies = [f"body {one}" for one in range(count)]
    assert not subject.queue.send(bodies)
    assert sorted(subject.taken()) == sorted(bodies)


@pytest.mark.parametrize("moment", Moment)
def test_a_fault_names_whatever_may_not_be_taken(subject: Subject, moment: Moment) -> None:
    bodies = [f"body {one}" for one in range(10)]
    with subject.spoil(moment):
        faults = subject.queue.send(bodies)
    assert faults
    assert all(isinstance(error, QueueUnavailableError) for error in faults.values())
    taken = subject.taken()
    assert all(body in taken for at, body in enumerate(bodies) if at not in faults)
    assert len(taken) == {Moment.BEFORE: 0, Moment.DURING: 5, Moment.AFTER: 10}[moment]


def test_a_throttled_queue_says_so(aws: object) -> None:
    queue = SqsJobQueue(lambda: client("sqs"), get_settings().queue_url)
    with spoiled(0):
        faults = queue.send(["{}"])
    assert {type(error) for error in faults.values()} == {QueueThrottledError}
