"""A schedule of the template invokes its function once an interval."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from local.runtime import FunctionError, Runtime
from local.scheduler import Scheduler
from local.template import NotEmulatedError, Schedule, Stack, _parse_schedule

MINUTE = Schedule("CheckpointFunction", 60)


class Function:
    """Records its events, and fails at the first `failures` invocations."""

    def __init__(self, failures: int = 0) -> None:
        self.events: list[tuple[str, Mapping[str, Any]]] = []
        self._failures = failures

    def __call__(self, name: str, event: Mapping[str, Any]) -> Any:
        self.events.append((name, event))
        if len(self.events) <= self._failures:
            raise FunctionError("on purpose")
        return None


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the times of the scheduler's clock. The last one is the current time."""
    times = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: times[-1])
    return times


def test_a_function_is_invoked_once_an_interval_and_not_at_the_start(clock: list[float]) -> None:
    function = Function()
    scheduler = Scheduler(MINUTE, function)
    done = []
    for seconds in (0, 59.9, 60, 60, 119.9, 120, 500, 559.9, 560):
        clock.append(1_000 + seconds)
        done.append(scheduler.poll())
    assert done == [0, 0, 1, 0, 0, 1, 1, 0, 1]
    assert [name for name, _ in function.events] == ["CheckpointFunction"] * 4


def test_the_event_equals_that_of_eventbridge(clock: list[float]) -> None:
    function = Function()
    Scheduler(MINUTE, function).run()
    [(_, event)] = function.events
    assert event["source"] == "aws.events"
    assert event["detail-type"] == "Scheduled Event"
    assert event["region"] == "us-east-1"
    moment = datetime.fromisoformat(event["time"])
    assert abs(moment.timestamp() - time.time()) < 60


def test_the_run_after_a_failure_follows_at_the_next_interval(clock: list[float]) -> None:
    function = Function(failures=1)
    scheduler = Scheduler(MINUTE, function)
    done = []
    for seconds in (60, 61, 120):
        clock.append(1_000 + seconds)
        done.append(scheduler.poll())
    assert done == [0, 0, 1]
    assert len(function.events) == 2
    with pytest.raises(FunctionError):
        Scheduler(MINUTE, Function(failures=1)).run()


def test_the_templates_schedule_makes_a_checkpoint_every_minute(aws: Stack) -> None:
    assert aws.schedules == (MINUTE,)
    lines: list[str] = []
    runtime = Runtime(aws.functions, lambda _, line: lines.append(line))
    Scheduler(aws.schedules[0], runtime.invoke).run()
    assert "AuditEventsPublished" in "".join(lines)


@pytest.mark.parametrize(
    ("expression", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(2 hours)", 7_200)],
)
def test_a_rate_is_an_interval(expression: str, seconds: int) -> None:
    assert _parse_schedule(expression, "F") == Schedule("F", seconds)


@pytest.mark.parametrize("expression", ["cron(0 * * * ? *)", "rate(1 fortnight)", "at(2026)", ""])
def test_an_expression_that_is_not_a_rate_is_not_emulated(expression: str) -> None:
    with pytest.raises(NotEmulatedError):
        _parse_schedule(expression, "F")
