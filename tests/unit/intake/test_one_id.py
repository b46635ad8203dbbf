"""An event has the same id on every way in, and however often it is sent."""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from prooftrail.cli.event_input import read_events
from prooftrail.event.canonical import canonicalize
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.export.entries import decode_fields
from prooftrail.export.ndjson import NDJSON
from prooftrail.export.ports import ExportedEvent
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.ingest import ingest
from prooftrail.intake.redrive import encode_redrive
from prooftrail.intake.submit import AcceptedEvent, Submission, submit
from prooftrail.query.ports import StoredEvent
from tests.support.export_samples import LARGE_INTEGER
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter, MemoryJobQueue
from tests.support.queue_fakes import FlakyQueue, make_logger
from tests.support.samples import NOW_MS, bulk_job, event_json, job, message

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
LABEL = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
INTEGERS = st.integers(-(10**18), 10**18)
NUMBERS = (
    LARGE_INTEGER
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(1e15, 1e22)
    | st.sampled_from(
        [10**18, 1e18, -1e18, 2.0**60, 1152921504606847000, 1e21, -0.0, 2**53, 5e-324]
    )
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(TEXT, JSON, max_size=3)
TIMES = st.sampled_from(
    [
        "2025-11-24T08:00:00.123456+01:00",
        "2025-11-24 08:00:00+0000",
        "1990-12-31t23:59:60z",
        "1970-01-01T00:00:00Z",
        NOW_MS,
        NOW_MS - 1,
    ]
)
ADDRESSES = st.sampled_from(
    ["203.0.113.9:41234", "[2001:DB8::1]:443", "fe80::1%eth0", "::ffff:203.0.113.77", ""]
)
ACTIONS = st.sampled_from(["user.login", "Microsoft.Compute/virtualMachines/write"])
TYPES = st.sampled_from(["session", "pods/exec"])
EVENTS = st.fixed_dictionaries(
    {
        "action": ACTIONS,
        "resourceType": TYPES,
        "resourceId": LABEL | INTEGERS,
        "eventId": LABEL | INTEGERS,
        "timestamp": TIMES,
    },
    optional={
        "tenantId": st.sampled_from(["acme", "a.b", 7, "", None]),
        "userId": TEXT | INTEGERS,
        "username": TEXT,
        "details": OBJECTS,
        "metadata": OBJECTS,
        "changes": st.fixed_dictionaries(
            {}, optional={"before": OBJECTS, "after": OBJECTS, "fields": st.none()}
        ),
        "ipAddress": ADDRESSES,
        "userAgent": TEXT,
        "sessionId": TEXT | INTEGERS,
        "requestId": TEXT | st.none(),
        "success": st.booleans() | st.none(),
        "errorMessage": TEXT,
        "v": st.sampled_from([1, None]),
    },
)
WEI = event_json(eventId="e", timestamp=NOW_MS, details={"wei": 1e18})


def store(*bodies: str) -> list[EventRecord]:
    """Return what the processor stores of these messages. Assert that it stores everything."""
    writer, dead_letters = MemoryEventWriter(), MemoryDeadLetterSender()
    messages = [message(body, f"m-{at}") for at, body in enumerate(bodies)]
    result = ingest(messages, writer, dead_letters, now_ms=NOW_MS, retention_days=0)
    assert not dead_letters.dead_letters
    assert not result.retried
    return list(writer.records.values())


def send(*events: object) -> tuple[list[str], list[str]]:
    """Return the ids that `submit` returns, and the bodies of the messages that it sends."""
    queue = MemoryJobQueue()
    results = submit(
        Submission(events, is_list=True),
        queue,
        tenant_id=None,
        idempotency_key=None,
        now_ms=NOW_MS,
        make_event_id=lambda: "made",
    )
    accepted = [result for result in results if isinstance(result, AcceptedEvent)]
    assert len(accepted) == len(results), results
    return [one.id for one in accepted], queue.bodies


def send_file(content: str) -> tuple[list[str], list[str]]:
    """Send the events of a file as `prooftrail send` does; see `send`."""
    with NamedTemporaryFile(suffix=".ndjson") as file:
        path = Path(file.name)
        path.write_text(content, encoding="utf-8")
        return send(*(item.event for item in read_events(path)))


def write_for_readers(record: EventRecord) -> Iterator[str]:
    """Yield a stored event as the export and the API write it, and as other tools rewrite it."""
    stored = StoredEvent(record.id, record.digest, NOW_MS, record.canonical)
    exported = ExportedEvent(7, stored, decode_fields(record.canonical))
    line = NDJSON.encode(exported, "example.com/log")
    yield line
    yield stored.to_json()
    yield json.dumps(json.loads(line), indent=2)
    yield record.canonical.decode()


@given(EVENTS)
@example(WEI)
def test_a_stored_event_that_is_exported_and_sent_again_is_the_same_event(
    raw: dict[str, Any],
) -> None:
    [record] = store(job(raw))
    for content in write_for_readers(record):
        ids, bodies = send_file(content)
        assert ids == [record.id]
        assert [each.canonical for each in store(*bodies)] == [record.canonical]


@pytest.mark.parametrize(
    "fields",
    [
        {"session_id": 1.5},
        {"session_id": "s" * 300, "metadata": {"sessionId": "b7e2", "n": 2**60}},
        {"session_id": "\ud800", "details": {"token": float("nan"), "n": object()}},
    ],
)
def test_what_log_fitted_is_the_same_event_when_it_is_sent_again(fields: dict[str, Any]) -> None:
    queue = FlakyQueue()
    with make_logger(queue, clock_ms=lambda: NOW_MS) as logger:
        event_id = logger.log(action="a.b", resource_type="t", resource_id="1", **fields)
    [record] = store(*queue.bodies)
    report = json.loads(record.canonical)["metadata"]["fitted"]
    assert "[masked]" not in report.values()
    for content in write_for_readers(record):
        assert send_file(content)[0] == [event_id]


@given(EVENTS)
@example(WEI)
def test_submit_and_redrive_and_the_processor_give_an_event_one_id(raw: dict[str, Any]) -> None:
    [record] = store(job(raw))
    ids, bodies = send(raw)
    assert ids == [record.id]
    dead_letter = ReceivedDeadLetter("m-0", "r", job(raw), NOW_MS)
    encoded = encode_redrive(dead_letter, job(raw), now_ms=NOW_MS)
    redriven = [message.body for message in encoded.messages]
    for messages in (bodies, redriven, [bulk_job(raw, raw)]):
        assert [each.canonical for each in store(*messages)] == [record.canonical]


PYTHON_NAMES = {
    "action": "action",
    "resourceType": "resource_type",
    "resourceId": "resource_id",
    "eventId": "event_id",
    "timestamp": "timestamp",
    "tenantId": "tenant_id",
    "userId": "user_id",
    "username": "username",
    "details": "details",
    "metadata": "metadata",
    "changes": "changes",
    "ipAddress": "ip_address",
    "userAgent": "user_agent",
    "sessionId": "session_id",
    "requestId": "request_id",
    "success": "success",
    "errorMessage": "error_message",
}


@given(EVENTS)
@example(WEI)
def test_log_returns_the_id_of_the_same_event(raw: dict[str, Any]) -> None:
    raw.pop("v", None)
    queue = FlakyQueue()
    with make_logger(queue, strict=True, clock_ms=lambda: NOW_MS) as logger:
        event_id = logger.log(**{PYTHON_NAMES[name]: value for name, value in raw.items()})
    assert [each.id for each in store(*queue.bodies)] == [event_id]
    assert [each.id for each in store(job(raw))] == [event_id]


VALUES = JSON | st.integers() | st.floats() | st.text(max_size=8) | st.decimals()


@given(
    details=st.dictionaries(TEXT, VALUES | st.lists(VALUES, max_size=3), max_size=4),
    user=st.text(max_size=300) | st.integers() | st.uuids(),
    text=st.text(max_size=8),
)
@example(details={"wei": 1e18, "é": 10**18}, user="u-1", text="")
def test_the_processor_stores_what_log_accepts_under_its_id(
    details: dict[str, Any], user: Any, text: str
) -> None:
    queue = FlakyQueue()
    with make_logger(queue, clock_ms=lambda: NOW_MS) as logger:
        event_id = logger.log(
            action="order.approve",
            resource_type="order",
            resource_id="4711",
            user_id=user,
            user_agent=text,
            details=details,
            changes={"before": details, "after": {}},
        )
    assume(event_id)
    assert [each.id for each in store(*queue.bodies)] == [event_id]


@given(EVENTS)
def test_an_event_is_normalised_once(raw: dict[str, Any]) -> None:
    event = AuditEvent.from_json(
        raw, default_event_id="e", default_timestamp_ms=NOW_MS, now_ms=NOW_MS
    )
    fields = event.to_json()
    for again in (fields, json.loads(canonicalize(fields))):
        repeated = AuditEvent.from_json(
            again, default_event_id="-", default_timestamp_ms=0, now_ms=NOW_MS
        )
        assert canonicalize(repeated.to_json()) == canonicalize(fields)


@pytest.mark.parametrize("number", ["1000000000000000000", "1e18", "1152921504606847000", "1e21"])
def test_what_javascript_writes_is_stored(number: str) -> None:
    """`JSON.stringify({wei: 1e18})` is digits, which Python reads as an integer."""
    body = '{"type":"log_event","data":{"action":"a","resourceType":"t","resourceId":"1",%s}}'
    [record] = store(body % f'"details":{{"wei":{number}}}')
    assert float(json.loads(record.canonical)["details"]["wei"]) == float(number)
    [other] = store(body % f'"details":{{"wei":{number},"text":"\\ud83d\\ude00"}}')
    assert f'"wei":{canonicalize(float(number)).decode()}'.encode() in other.canonical
