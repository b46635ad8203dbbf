"""A queue for the tests of the producer library: it keeps its messages and fails on request."""

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from prooftrail.client.logger import AuditLogger
from prooftrail.client.sending.drops import Dropped
from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.sender import Sender
from prooftrail.client.sending.spool import Spool
from prooftrail.errors import AuditLogError, QueueUnavailableError
from prooftrail.event import times
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.ports import JobMessage

QUEUE_URL = "https://sqs.eu-central-1.amazonaws.com/123456789012/audit"
FAULT = QueueUnavailableError("RequestThrottled")


class FlakyQueue:
    """`JobQueue` in memory.

    While `outage` is set, the queue refuses every entry. `refuse_every=n` refuses each n-th entry.
    The next `lost_responses` calls store their messages but report all of them as failed.
    """

    def __init__(self, *, refuse_every: int = 0, lost_responses: int = 0) -> None:
        self.outage = threading.Event()
        self.open = threading.Event()  # no call returns before it is set
        self.open.set()
        self.calls: list[list[str]] = []
        self.jobs: list[JobMessage] = []
        self._refuse_every = refuse_every
        self._lost_responses = lost_responses
        self._entry = count(1)

    @property
    def bodies(self) -> list[str]:
        """The bodies of the jobs that arrived."""
        return [job.body for job in self.jobs]

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:
        """See `JobQueue.send`."""
        bodies = [job.body for job in jobs]
        self.calls.append(bodies)
        assert len(bodies) <= 10
        assert sum(len(body.encode()) for body in bodies) <= 1024 * 1024
        assert self.open.wait(30)
        everything = dict.fromkeys(range(len(bodies)), FAULT)
        if self.outage.is_set():
            return everything
        refused = {
            position: FAULT
            for position in range(len(bodies))
            if self._refuse_every and next(self._entry) % self._refuse_every == 0
        }
        self.jobs += [job for position, job in enumerate(jobs) if position not in refused]
        if self._lost_responses:
            self._lost_responses -= 1
            return everything
        return refused

    @property
    def events(self) -> list[Any]:
        """The events that arrived, in order; an event that arrived twice is in the list twice."""
        return [event for job in self.jobs for event in self.read_events(job)]

    @staticmethod
    def read_events(job: JobMessage) -> list[Any]:
        """Return the events of a job."""
        return list(parse_job(job.body).events)

    def count_by_number(self) -> Counter[int]:
        """Return how often each event of `make_texts` arrived, by its number."""
        return Counter(event["n"] for event in self.events if "n" in event)


class SqsStub:
    """The sending part of boto3's SQS client, on a `FlakyQueue`."""

    def __init__(self, queue: FlakyQueue, fault: Exception | None = None) -> None:
        self._queue = queue
        self.fault = fault

    def send_message_batch(
        self,
        *,
        QueueUrl: str,  # noqa: N803  # boto3's
        Entries: Sequence[Mapping[str, str]],  # noqa: N803  # boto3's
    ) -> dict[str, Any]:
        """See boto3."""
        assert QueueUrl == QUEUE_URL
        if self.fault:
            raise self.fault
        refused = self._queue.send(
            [JobMessage(entry["MessageBody"], entry["MessageGroupId"]) for entry in Entries]
        )
        sent = [entry for at, entry in enumerate(Entries) if at not in refused]
        return {
            "Successful": [{"Id": entry["Id"]} for entry in sent],
            "Failed": [
                {"Id": Entries[at]["Id"], "Code": "InternalError", "SenderFault": False}
                for at in refused
            ],
        }


def make_logger(queue: FlakyQueue, **options: Any) -> AuditLogger:
    """Return a logger with a stub client on the queue; by default it has no spool."""
    options = {"on_outage": "drop", "limits": Limits(flush_seconds=0.01), **options}
    return AuditLogger(QUEUE_URL, make_client=lambda: SqsStub(queue), **options)  # type: ignore[arg-type, return-value]  # the stub has every method that is called


def compute_stored_ids(queue: FlakyQueue) -> list[str]:
    """Return the ids of the queued events if the service stores them one hour from now."""
    now_ms = times.now_ms() + times.HOUR_MS
    events = [
        AuditEvent.from_json(
            raw, default_event_id="another", default_timestamp_ms=now_ms, now_ms=now_ms
        )
        for raw in queue.events
    ]
    return [
        EventRecord.from_event(event, received_at=now_ms, retention_days=0).id for event in events
    ]


def make_texts(numbers: Iterable[int], size: int = 0) -> list[str]:
    """Return JSON events that differ by their number; each has about `size` bytes."""
    return [json.dumps({"n": number, "x": "x" * size}) for number in numbers]


def encode_drops(dropped: Dropped) -> str:
    """Return the JSON event that reports dropped events."""
    return json.dumps({"dropped": dict(dropped.reasons)})


def make_sender(
    queue: FlakyQueue, folder: Path | None = None, *, is_blocking: bool = False, **limits: Any
) -> Sender:
    """Return a sender on the queue that retries at once; it has a spool if `folder` is given."""
    bounds = Limits(**{"flush_seconds": 0.01, **limits})

    def make_spool() -> Spool:
        assert folder is not None
        return Spool(folder, max_bytes=bounds.spool_bytes, segment_bytes=bounds.segment_bytes)

    return Sender(
        lambda: queue,
        make_spool if folder else None,
        bounds,
        report=encode_drops,
        is_blocking=is_blocking,
        jitter=lambda _low, _high: 0.0,
    )


def start_sender(queue: FlakyQueue, folder: Path | None = None, **options: Any) -> Sender:
    """Return a started sender; the parameters are those of `make_sender`."""
    sender = make_sender(queue, folder, **options)
    sender.start()
    return sender
