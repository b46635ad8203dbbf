"""The snapshot of the pipeline: what it asks, and the shape of its answer."""

import json

import pytest

from prooftrail.errors import StoreUnavailableError
from prooftrail.event.times import DAY_MS
from prooftrail.operate.snapshot import Activity, QueueDepths, take_snapshot

NOW_MS = 1_795_500_012_345


class Pipeline:
    """Both sources; remembers the window."""

    def __init__(self, activity: Activity, depths: QueueDepths) -> None:
        self._activity = activity
        self._depths = depths
        self.window = (0, 0)

    def read_activity(self, start_ms: int, end_ms: int) -> Activity:
        self.window = (start_ms, end_ms)
        return self._activity

    def read_depths(self) -> QueueDepths:
        return self._depths


def test_a_snapshot_has_the_originals_shape() -> None:
    source = Pipeline(Activity(2_880, 120, 12.3456), QueueDepths(7, 2, 1))
    assert json.loads(take_snapshot(source, source, now_ms=NOW_MS).to_json()) == {
        "audit": {"eventsLogged": 2_880, "eventsFailed": 120, "successRate": 96.0},
        "jobs": {
            "audit": {
                "queued": 7,
                "active": 2,
                "deadLettered": 1,
                "completed": 2_880,
                "failed": 120,
                "successRate": 96.0,
                "averageDuration": 12.35,
                "throughput": 2.0,
            }
        },
    }


def test_the_window_is_of_whole_minutes_and_holds_now() -> None:
    source = Pipeline(Activity(0, 0, 0.0), QueueDepths(0, 0, 0))
    take_snapshot(source, source, now_ms=NOW_MS)
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
        take_snapshot(source, source, now_ms=NOW_MS)
