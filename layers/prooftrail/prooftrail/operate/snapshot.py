"""The state of the pipeline: recent activity, queues, ledger, and alarms."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.query.stats import compute_share

WINDOW_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Activity:
    """What the processor did in a period: events, and the mean duration of its batches (ms).

    `oldest_message_seconds` is how long the queue's oldest message has waited, as SQS measured it
    last; None if SQS did not measure it in the last minutes. `dead_letters` is how many dead
    letters the processor made, by reason (see `intake.reasons`), without messages that SQS moved.
    """

    events_logged: int
    events_failed: int
    average_batch_ms: float
    oldest_message_seconds: float | None = None
    dead_letters: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QueueDepths:
    """The approximate numbers of messages that wait, are being processed, and are dead letters."""

    queued: int
    active: int
    dead_lettered: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the stack. `state` is CloudWatch's: `OK`, `ALARM` or `INSUFFICIENT_DATA`."""

    name: str
    state: str
    since_ms: int


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


class LedgerSizeSource(Protocol):
    """Access to the ledger's head."""

    def read_size(self) -> int:
        """Return the number of committed events.

        Raises:
            CorruptRecordError: the head is damaged.
            StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
        """


class AlarmSource(Protocol):
    """Access to the stack's alarms."""

    def read_alarms(self) -> Sequence[Alarm]:
        """Return the alarms by name.

        Raises:
            StoreUnavailableError, StoreRejectedError: the alarms cannot be read now.
        """


@dataclass(frozen=True, slots=True)
class Sources:
    """What a snapshot is taken of."""

    activity: ActivitySource
    depths: QueueDepthSource
    ledger: LedgerSizeSource
    alarms: AlarmSource


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pipeline's last 24 hours, for all tenants; its queues, ledger and alarms now."""

    activity: Activity
    depths: QueueDepths
    committed: int
    alarms: Sequence[Alarm]

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
            "deadLettersByReason": [
                {"reason": reason, "count": count}
                for reason, count in sorted(
                    activity.dead_letters.items(), key=lambda item: (-item[1], item[0])
                )
            ],
            "completed": activity.events_logged,
            "failed": activity.events_failed,
            "successRate": rate,
            "averageDuration": round(activity.average_batch_ms, 2),
            "throughput": round(activity.events_logged / (WINDOW_HOURS * 60), 3),
            "oldestMessageSeconds": activity.oldest_message_seconds,
        }
        alarms = [
            {"name": each.name, "state": each.state, "since": format_timestamp(each.since_ms)}
            for each in self.alarms
        ]
        content = {
            "audit": audit,
            "jobs": {"audit": jobs},
            "ledger": {"committed": self.committed},
            "alarms": alarms,
        }
        return json.dumps(content, separators=(",", ":"))


def take_snapshot(sources: Sources, *, now_ms: int) -> Snapshot:
    """Return the last 24 hours, to the minute, and the rest as it is now.

    Raises:
        CorruptRecordError: the ledger's head is damaged.
        StoreUnavailableError, StoreRejectedError: one of the sources cannot be read now.
    """
    end_ms = (now_ms // 60_000 + 1) * 60_000
    return Snapshot(
        sources.activity.read_activity(end_ms - WINDOW_HOURS * HOUR_MS, end_ms),
        sources.depths.read_depths(),
        sources.ledger.read_size(),
        sources.alarms.read_alarms(),
    )
