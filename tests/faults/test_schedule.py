"""How often functions die in a soak."""

import random

import pytest

from soak.clock import simulate_time
from soak.network import Call, Fault
from soak.schedule import CRASHES, FaultSchedule

CALL = Call("ProcessorFunction", "dynamodb", "BatchWriteItem")
INVOCATIONS = 500


@pytest.mark.parametrize("calls", [5, 100])
def test_an_invocation_with_many_requests_dies_no_more_often_than_another(calls: int) -> None:
    """Otherwise no large batch would ever be done."""
    deaths: list[int] = []
    with simulate_time() as clock:
        schedule = FaultSchedule(random.Random(1), clock)
        for _ in range(INVOCATIONS):
            schedule.begin_invocation(CALL.actor)
            for number in range(calls):
                if schedule.choose(CALL) in {Fault.CRASH_BEFORE, Fault.CRASH_AFTER}:
                    deaths.append(number)
                    break
    assert len(deaths) / INVOCATIONS == pytest.approx(sum(CRASHES.values()) / 1000, rel=0.2)
    assert min(deaths) == 0
    assert max(deaths) > calls // 2
