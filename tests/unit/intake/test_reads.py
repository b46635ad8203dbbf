"""Audited reads: their events, sending them, and who may send them without the stack's role."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from prooftrail.errors import AuditLogError, QueueRejectedError, QueueUnavailableError
from prooftrail.event.model import AuditEvent
from prooftrail.intake.ports import JobMessage
from prooftrail.intake.reads import TrailRead, is_own_read, send_reads
from tests.support.samples import NOW_MS

READ = TrailRead(
    id="r-1",
    time_ms=NOW_MS,
    tenant_id="acme",
    reader="arn:aws:iam::123456789012:user/ann",
    route="GET /audit-logs",
    filters={"userId": "u-1"},
    event_count=3,
    is_masked=True,
)


class Queue:
    """`JobQueue` that returns one of the given faults for each send, then takes everything."""

    def __init__(self, *faults: AuditLogError) -> None:
        self._faults = list(faults)
        self.taken: list[JobMessage] = []
        self.sends = 0

    def send(self, jobs: Sequence[JobMessage]) -> Mapping[int, AuditLogError]:
        self.sends += 1
        if self._faults:
            return dict.fromkeys(range(len(jobs)), self._faults.pop(0))
        self.taken += jobs
        return {}


def test_the_event_says_who_read_what() -> None:
    full = replace(
        READ, event_id="E1", ip_address="203.0.113.9", request_id="q-1", sender_id="AIDA"
    )
    event = AuditEvent.from_json(
        full.to_event(),
        default_event_id="",
        default_timestamp_ms=0,
        now_ms=NOW_MS,
        is_of_system=True,
    )
    assert event.to_json() == {
        "eventId": "r-1",
        "timestamp": event.timestamp,
        "tenantId": "acme",
        "userId": "arn:aws:iam::123456789012:user/ann",
        "action": "audit.trail.read",
        "resourceType": "audit-event",
        "resourceId": "E1",
        "details": {
            "route": "GET /audit-logs",
            "filters": {"userId": "u-1"},
            "events": 3,
            "reads": 1,
            "masked": True,
        },
        "metadata": {"senderId": "AIDA"},
        "ipAddress": "203.0.113.9",
        "requestId": "q-1",
        "success": True,
        "v": 1,
    }


def test_a_read_of_a_list_is_a_read_of_the_tenant_s_trail() -> None:
    event = READ.to_event()
    assert (event["resourceType"], event["resourceId"]) == ("audit-trail", "acme")
    assert not {"ipAddress", "requestId", "metadata"} & event.keys()


def test_reads_are_sent_as_jobs_of_the_tenant_that_was_read() -> None:
    queue = Queue()
    assert send_reads([READ], queue) == ([], None)
    [job] = queue.taken
    assert job.tenant_id == "acme"
    assert json.loads(job.body) == {"type": "log_event", "data": READ.to_event()}


def test_a_fault_that_may_pass_is_tried_once_more() -> None:
    queue = Queue(QueueUnavailableError("busy"))
    assert send_reads([READ], queue) == ([], None)
    assert (queue.sends, len(queue.taken)) == (2, 1)


@pytest.mark.parametrize(
    ("fault", "sends"), [(QueueUnavailableError("busy"), 2), (QueueRejectedError("denied"), 1)]
)
def test_what_the_queue_does_not_take_is_returned(fault: AuditLogError, sends: int) -> None:
    queue = Queue(fault, fault)
    assert send_reads([READ], queue) == ([READ], fault)
    assert queue.sends == sends


@pytest.mark.parametrize(
    ("event", "sender_id", "expected"),
    [
        ({"action": "audit.trail.read", "metadata": {"senderId": "A:x"}}, "A:x", True),
        ({"action": "audit.trail.read", "metadata": {"senderId": "A:x"}}, "A:y", False),
        ({"action": "audit.trail.read", "metadata": {"senderId": ""}}, "", False),
        ({"action": "audit.trail.read", "metadata": {"senderId": ["A:x"]}}, "A:x", False),
        ({"action": "audit.trail.read", "metadata": "A:x"}, "A:x", False),
        ({"action": "audit.trail.read"}, "A:x", False),
        ({"action": "audit.trail.erase", "metadata": {"senderId": "A:x"}}, "A:x", False),
        (["audit.trail.read"], "A:x", False),
    ],
)
def test_a_sender_may_report_its_own_reads_only(
    event: object, sender_id: str, *, expected: bool
) -> None:
    assert is_own_read(event, sender_id) is expected
