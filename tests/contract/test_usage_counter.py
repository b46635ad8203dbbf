"""The promises of `UsageCounter`, tested on the fake and on DynamoDB."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.usage import KEPT_SECONDS, DynamoUsageCounter
from prooftrail.errors import StoreUnavailableError
from prooftrail.intake.ports import UsageCounter
from prooftrail.intake.rate import WINDOW_SECONDS
from prooftrail.runtime.config import get_settings
from tests.support.fakes import MemoryUsageCounter, Moment, OnDemand
from tests.support.faults import FAULTS_BY_MOMENT, inject_fault


@dataclass(frozen=True)
class Subject:
    """A counter, and a way to make one call fail."""

    counter: UsageCounter
    fail_next_call: Callable[[Moment], AbstractContextManager[object]]


@pytest.fixture(params=["memory", "moto"])
def subject(request: pytest.FixtureRequest) -> Subject:
    if request.param == "memory":
        on_demand = OnDemand()
        return Subject(MemoryUsageCounter(on_demand), on_demand.fail_next_call)
    stack = request.getfixturevalue("aws")
    counter = DynamoUsageCounter(lambda: client("dynamodb"), stack.resources["UsageTable"])
    return Subject(counter, lambda moment: inject_fault(0, FAULTS_BY_MOMENT[moment]))


def test_units_are_counted_until_the_limit_is_reached(subject: Subject) -> None:
    assert [subject.counter.add("acme", 7, units, 10) for units in (4, 5, 30, 1)] == [
        True,
        True,
        True,
        False,
    ]


def test_each_tenant_and_window_has_a_count_of_its_own(subject: Subject) -> None:
    assert subject.counter.add("acme", 7, 10, 10)
    assert not subject.counter.add("acme", 7, 1, 10)
    assert subject.counter.add("acme", 8, 1, 10)
    assert subject.counter.add("beta", 7, 1, 10)


def test_instances_share_a_count(aws: Stack) -> None:
    table = aws.resources["UsageTable"]
    instances = [DynamoUsageCounter(lambda: client("dynamodb"), table) for _ in range(3)]
    taken = [instances[at % 3].add("acme", 7, 1, 10) for at in range(30)]
    assert taken == [True] * 10 + [False] * 20


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_a_fault_is_an_error(subject: Subject, moment: Moment) -> None:
    with subject.fail_next_call(moment), pytest.raises(StoreUnavailableError):
        subject.counter.add("acme", 7, 1, 10)


def test_a_count_expires(aws: object) -> None:
    table = get_settings().usage_table
    DynamoUsageCounter(lambda: client("dynamodb"), table).add("acme", 7, 1, 10)
    [item] = client("dynamodb").scan(TableName=table)["Items"]
    assert item["expiresAt"] == {"N": str(8 * WINDOW_SECONDS + KEPT_SECONDS)}
