"""The snapshot of the pipeline: what it asks, and the shape of its answer."""

import json
from collections.abc import Sequence

import pytest

from prooftrail.errors import StoreUnavailableError
from prooftrail.event.times import DAY_MS
from prooftrail.operate.snapshot import (
    Activity,
    Alarm,
    QueueDepths,
    Snapshot,
    Sources,
    take_snapshot,
)

NOW_MS = 1_795_500_012_345


class Pipeline:
    """All sources; remembers the window."""

    def __init__(self, activity: Activity, depths: QueueDepths) -> None:
        self._activity = activity
        self._depths = depths
        self.window = (0, 0)

    def read_activity(self, start_ms: int, end_ms: int) -> Activity:
        self.window = (start_ms, end_ms)
        return self._activity

    def read_depths(self) -> QueueDepths:
        return self._depths

    def read_size(self) -> int:
        return 9_000

    def read_alarms(self) -> Sequence[Alarm]:
        return [Alarm("audit-log-DeadLettersAlarm-X", "ALARM", NOW_MS)]


def take(source: Pipeline) -> Snapshot:
    return take_snapshot(Sources(source, source, source, source), now_ms=NOW_MS)


def test_a_snapshot_has_the_originals_shape() -> None:
    reasons = {"MalformedJobError": 1, "InvalidEventError": 4, "Other": 1}
    source = Pipeline(Activity(2_880, 120, 12.3456, 42.0, reasons), QueueDepths(7, 2, 1))
    assert json.loads(take(source).to_json()) == {
        "audit": {"eventsLogged": 2_880, "eventsFailed": 120, "successRate": 96.0},
        "jobs": {
            "audit": {
                "queued": 7,
                "active": 2,
                "deadLettered": 1,
                "deadLettersByReason": [
                    {"reason": "InvalidEventError", "count": 4},
                    {"reason": "MalformedJobError", "count": 1},
                    {"reason": "Other", "count": 1},
                ],
                "completed": 2_880,
                "failed": 120,
                "successRate": 96.0,
                "averageDuration": 12.35,
                "throughput": 2.0,
                "oldestMessageSeconds": 42.0,
            }
        },
        "ledger": {"committed": 9_000},
        "alarms": [
            {
                "name": "audit-log-DeadLettersAlarm-X",
                "state": "ALARM",
                "since": "2026-11-24T06:00:12.345Z",
            }
        ],
    }


def test_the_window_is_of_whole_minutes_and_holds_now() -> None:
    source = Pipeline(Activity(0, 0, 0.0), QueueDepths(0, 0, 0))
    take(source)
    start, end = source.window
    assert start % 60_000 == end % 60_000 == 0
    assert end - start == DAY_MS
    assert end - 60_000 <= NOW_MS < end


def test_a_source_that_is_unavailable_is_not_zero() -> None:
    class Broken(Pipeline):
        def read_depths(self) -> QueueDepths:
            raise StoreUnavailableError("injected")

    source = Broken(Activity(1, 0, 0.0), QueueDepths(0, 0, 0))
    with pytest.raises(StoreUnavailableError):
        take(source)
