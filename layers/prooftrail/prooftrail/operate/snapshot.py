"""The state of the pipeline: recent activity, and the depths of the queues."""

import json
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.event.times import HOUR_MS
from prooftrail.query.stats import compute_share

WINDOW_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Activity:
    """What the processor did in a period: events, and the mean duration of its batches (ms)."""

    events_logged: int
    events_failed: int
    average_batch_ms: float


@dataclass(frozen=True, slots=True)
class QueueDepths:
    """The approximate numbers of messages that wait, are being processed, and are dead letters."""

    queued: int
    active: int
    dead_lettered: int


class ActivitySource(Protocol):
    """Access to the functions' metrics."""

    def read_activity(self, start_ms: int, end_ms: int) -> Activity:
        """Return the sums from `start_ms` to before `end_ms`, a minute or two behind.

        Raises:
            StoreUnavailableError, StoreRejectedError: the metrics cannot be read now.
        """


class QueueDepthSource(Protocol):
    """Access to the depths of the queues."""

    def read_depths(self) -> QueueDepths:
        """Return the approximate depths of both queues.

        Raises:
            StoreUnavailableError, StoreRejectedError: the depths cannot be read now.
        """


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pipeline's last 24 hours, for all tenants, and its queues now."""

    activity: Activity
    depths: QueueDepths

    def to_json(self) -> str:
        """Return the JSON of the API; `throughput` is the mean number of events a minute."""
        activity, depths = self.activity, self.depths
        rate = compute_share(
            activity.events_logged, activity.events_logged + activity.events_failed
        )
        audit = {
            "eventsLogged": activity.events_logged,
            "eventsFailed": activity.events_failed,
            "successRate": rate,
        }
        jobs = {
            "queued": depths.queued,
            "active": depths.active,
            "deadLettered": depths.dead_lettered,
            "completed": activity.events_logged,
            "failed": activity.events_failed,
            "successRate": rate,
            "averageDuration": round(activity.average_batch_ms, 2),
            "throughput": round(activity.events_logged / (WINDOW_HOURS * 60), 3),
        }
        return json.dumps({"audit": audit, "jobs": {"audit": jobs}}, separators=(",", ":"))


def take_snapshot(activity: ActivitySource, depths: QueueDepthSource, *, now_ms: int) -> Snapshot:
    """Return the last 24 hours, to the minute, and the queues now.

    Raises:
        StoreUnavailableError, StoreRejectedError: metrics or queues cannot be read now.
    """
    end_ms = (now_ms // 60_000 + 1) * 60_000
    window = activity.read_activity(end_ms - WINDOW_HOURS * HOUR_MS, end_ms)
    return Snapshot(window, depths.read_depths())
