"""Redrive: no event is lost, none is removed before it is sent, none is stored twice."""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import AuditLogError, InvalidDeadLetterError, QueueUnavailableError
from prooftrail.event.nodes import MAX_EVENT_NODES
from prooftrail.event.times import HOUR_MS
from prooftrail.intake.dead_letters import DeadLetterFilter, DeadLetterScan, load_body
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.redrive import (
    EncodedRedrive,
    RedriveResult,
    encode_redrive,
    redrive,
)
from tests.support.dead_letters import make_dead_letter, make_quarantined
from tests.support.fakes import (
    MemoryDeadLetterQueue,
    MemoryDeadLetterSender,
    MemoryEventWriter,
    MemoryJobQueue,
    MemoryPayloadStore,
    Moment,
)
from tests.support.samples import NOW_MS, bulk_job, event_json, job

LATER_MS = NOW_MS + HOUR_MS


def redrive_all(queue: MemoryDeadLetterQueue, jobs: MemoryJobQueue) -> list[RedriveResult]:
    with DeadLetterScan(queue, DeadLetterFilter(), LATER_MS, 1_000) as scan:
        return [
            result
            for batch in scan.receive_batches()
            for result in redrive(batch, lambda each: each.body, jobs, scan, now_ms=LATER_MS)
        ]


def list_bodies(encoded: EncodedRedrive) -> list[str]:
    return [message.body for message in encoded.messages]


def process(bodies: Sequence[str], writer: MemoryEventWriter | None = None) -> MemoryEventWriter:
    """Process these bodies and return what is stored. Assert that nothing is quarantined."""
    writer, box = writer or MemoryEventWriter(), MemoryDeadLetterSender()
    messages = [Message(f"new-{n}", body, LATER_MS + n) for n, body in enumerate(bodies)]
    report = ingest(messages, writer, box, now_ms=LATER_MS, retention_days=0)
    assert (report.quarantined, report.retried) == ([], [])
    return writer


def test_what_sqs_moved_is_stored_as_the_processor_would_have_stored_it() -> None:
    bodies = [job(event_json()), bulk_job(event_json(), event_json(userId="u-1"))]
    before = MemoryEventWriter()
    messages = [Message(f"m-{n}", body, NOW_MS) for n, body in enumerate(bodies)]
    ingest(messages, before, MemoryDeadLetterSender(), now_ms=NOW_MS, retention_days=0)
    for n, body in enumerate(bodies):
        again = encode_redrive(make_dead_letter(f"m-{n}", body), body, now_ms=LATER_MS)
        process(list_bodies(again), before)
    assert len(before.records) == 3


def test_a_repeated_redrive_stores_once() -> None:
    body = bulk_job(event_json(), event_json(userId="u-1"), event_json(eventId="own"))
    dead_letter = make_quarantined("l-1", body)
    encoded = encode_redrive(dead_letter, body, now_ms=LATER_MS)
    writer = process(list_bodies(encoded))
    again = encode_redrive(dead_letter, body, now_ms=LATER_MS + 999_999_999)
    process(list_bodies(again), writer)
    assert len(writer.records) == 3
    assert {(each.tenant_id, each.id) for each in encoded.events} == set(writer.records)
    stored = [json.loads(record.canonical) for record in writer.records.values()]
    assert {event["eventId"] for event in stored} == {"m-1/l-1:0", "m-1/l-1:1", "own"}


def test_dead_letters_of_one_message_are_different_events() -> None:
    """Even if they were edited to be equal."""
    body = job(event_json())
    writer = process(
        [
            *list_bodies(encode_redrive(make_quarantined("l-1", body), body, now_ms=LATER_MS)),
            *list_bodies(encode_redrive(make_quarantined("l-2", body), body, now_ms=LATER_MS)),
        ]
    )
    assert len(writer.records) == 2


def test_a_body_that_grows_too_large_is_split() -> None:
    events = [event_json(details={"pad": "x" * 100_000}) for _ in range(6)]
    events += [event_json(userId=f"u-{n}") for n in range(3_500)]
    body = bulk_job(*events)
    assert len(body) < MAX_MESSAGE_BYTES
    parts = list_bodies(encode_redrive(make_dead_letter(body=body), body, now_ms=LATER_MS))
    assert len(parts) > 1
    assert all(len(part.encode()) <= MAX_MESSAGE_BYTES for part in parts)
    assert len(process(parts).records) == 3_506
    large = job(event_json(details={"pad": "é" * 900_000}))
    with pytest.raises(InvalidDeadLetterError, match="at most 1048576 bytes"):
        encode_redrive(make_dead_letter(body=large), large, now_ms=LATER_MS)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("nonsense", "not JSON"),
        ("", "not JSON"),
        ('{"type":"other"}', "type: must be log_event"),
        (job({"action": "a"}), "Missing required audit fields: resourceType, resourceId"),
        (job(event_json(timestamp="2999-01-01T00:00:00Z")), "24 hours in the future"),
        (job(event_json(details={"n": 2**60})), "details.n: must be an integer within"),
        (bulk_job(event_json(), 3, 4, 5, 6), r"events\[1\], \[2\], \[3\] and 1 more: an event"),
        (bulk_job(event_json(), {}, *({f"x{n}": 1} for n in range(9))), "and 7 more reasons"),
    ],
)
def test_what_would_be_refused_again_stays(body: str, reason: str) -> None:
    with pytest.raises(InvalidDeadLetterError, match=reason):
        encode_redrive(make_dead_letter(body=body), body, now_ms=NOW_MS)
    queue = MemoryDeadLetterQueue([make_dead_letter("bad", body), make_dead_letter("good")])
    jobs = MemoryJobQueue()
    results = redrive_all(queue, jobs)
    assert {each.dead_letter.id: each.is_done for each in results} == {"bad": False, "good": True}
    assert list(queue.dead_letters) == ["bad"]
    assert len(jobs.bodies) == 1


@pytest.mark.parametrize("send_moment", [None, *Moment])
@pytest.mark.parametrize("deletion_moment", [None, *Moment])
def test_no_fault_loses_or_doubles_an_event(
    send_moment: Moment | None, deletion_moment: Moment | None
) -> None:
    dead_letters = [make_quarantined(f"l-{n}", job(event_json(userId=f"u-{n}"))) for n in range(25)]
    queue = MemoryDeadLetterQueue(dead_letters, [deletion_moment])
    jobs = MemoryJobQueue([send_moment])
    results = redrive_all(queue, jobs)
    assert len(results) == 25
    for result in results:
        if result.is_done:
            assert result.dead_letter.id not in queue.dead_letters
        else:
            assert isinstance(result.error, QueueUnavailableError)
    sent = {json.loads(body)["data"]["userId"] for body in jobs.bodies}
    deleted = {f"u-{n}" for n in range(25) if f"l-{n}" not in queue.dead_letters}
    assert deleted <= sent
    redrive_all(queue, jobs)
    assert queue.dead_letters == {}
    assert len(process(jobs.bodies).records) == 25


@given(st.binary(max_size=60).map(lambda raw: raw.decode(errors="replace")))
def test_any_body_is_encoded_or_refused(body: str) -> None:
    dead_letter = make_quarantined("l-1", body)
    assert dead_letter.event_count is None or dead_letter.event_count >= 1
    try:
        encode_redrive(dead_letter, load_body(dead_letter, MemoryPayloadStore()), now_ms=NOW_MS)
    except AuditLogError:
        return
    assert parse_job(body)


def test_an_event_with_too_many_values_stays_in_its_queue() -> None:
    body = bulk_job(event_json(), event_json(details={"a": [0] * MAX_EVENT_NODES}))
    with pytest.raises(InvalidDeadLetterError, match=r"^events\[1\]: an event must have at most"):
        encode_redrive(make_dead_letter("m-1", body), body, now_ms=LATER_MS)


def test_each_message_has_the_group_of_its_tenant() -> None:
    body = bulk_job(*(event_json(tenantId=each) for each in ("acme", "beta", "acme")), event_json())
    encoded = encode_redrive(make_dead_letter("m-1", body), body, now_ms=LATER_MS)
    counts = {job.tenant_id: len(parse_job(job.body).events) for job in encoded.messages}
    assert counts == {"acme": 2, "beta": 1, "default": 1}
