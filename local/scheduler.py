"""Invokes a function on a schedule, as EventBridge does."""

import time
from datetime import UTC, datetime

from local.runtime import FunctionError, Invoke
from local.template import REGION, Schedule


class Scheduler:
    """Invokes a function at an interval. The first run is one interval after the start."""

    def __init__(self, schedule: Schedule, invoke: Invoke) -> None:
        self._schedule = schedule
        self._invoke = invoke
        self._next = time.monotonic() + schedule.interval_seconds

    def poll(self) -> int:
        """Invoke the function if it is due. Return how often it succeeded: 0 or 1."""
        if time.monotonic() < self._next:
            return 0
        self._next = time.monotonic() + self._schedule.interval_seconds
        try:
            self.run()
        except FunctionError:
            return 0  # the runtime has logged it; the next run follows after the interval
        return 1

    def run(self) -> None:
        """Invoke the function now.

        Raises:
            FunctionError: the function failed.
        """
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        event = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}
        self._invoke(self._schedule.function, {**event, "time": now, "region": REGION})
