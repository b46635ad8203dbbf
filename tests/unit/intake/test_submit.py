"""Submitting: what is accepted is what the processor stores, and nothing else is sent."""

import json
import tracemalloc
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    EventTooLargeError,
    InvalidBodyError,
    InvalidEventError,
    QueueUnavailableError,
    TenantForbiddenError,
)
from prooftrail.event.nodes import MAX_EVENT_NODES, MAX_JOB_NODES
from prooftrail.event.times import format_timestamp
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.submit import (
    AcceptedEvent,
    Submission,
    SubmitResult,
    parse_submission,
    submit,
)
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter, MemoryJobQueue, Moment
from tests.support.samples import NOW_MS, event_json

NOW = format_timestamp(NOW_MS)
MISSING = "Missing required audit fields: action, resourceId"


def submit_events(
    *events: object,
    queue: MemoryJobQueue | None = None,
    tenant_id: str | None = None,
    key: str | None = None,
    is_list: bool = True,
    now_ms: int = NOW_MS,
) -> list[SubmitResult]:
    """Submit the events and return their results. Generated eventIds are made-0, made-1, …"""
    numbers = count()
    return submit(
        Submission(events, is_list),
        MemoryJobQueue() if queue is None else queue,
        tenant_id=tenant_id,
        idempotency_key=key,
        now_ms=now_ms,
        make_event_id=lambda: f"made-{next(numbers)}",
    )


def store(queue: MemoryJobQueue, *, later_ms: int = 5_000) -> MemoryEventWriter:
    """Process the queue a while later. Assert that nothing is quarantined."""
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    now_ms = NOW_MS + later_ms
    messages = [Message(f"m-{at}", body, now_ms, 1) for at, body in enumerate(queue.bodies)]
    ingested = ingest(messages, writer, box, now_ms=now_ms, retention_days=0)
    assert not box.dead_letters
    assert not ingested.retried
    return writer


def store_and_list_ids(queue: MemoryJobQueue, *, later_ms: int = 5_000) -> set[str]:
    return {event_id for _, event_id in store(queue, later_ms=later_ms).records}


def get_accepted(result: SubmitResult) -> AcceptedEvent:
    assert isinstance(result, AcceptedEvent), result
    return result


def get_refusal(result: SubmitResult, kind: type[AuditLogError]) -> str:
    """Return the text of an error of exactly this class."""
    assert type(result) is kind
    return str(result)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=5), VALUES, max_size=4
)
EVENTS = st.fixed_dictionaries(
    {
        "action": st.just("user.login"),
        "resourceType": st.just("s"),
        "resourceId": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    },
    optional={
        "eventId": st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
        "timestamp": st.sampled_from(["2025-11-24T08:00:00.123456+01:00", "1970-01-01T00:00:00Z"]),
        "tenantId": st.sampled_from(["acme", "a.b", None]),
        "details": OBJECTS,
        "changes": st.fixed_dictionaries({"before": OBJECTS, "after": OBJECTS}),
        "ipAddress": st.sampled_from(["2001:DB8:0::1", "::ffff:cb00:7107", "203.0.113.9"]),
        "success": st.booleans(),
    },
)


@given(st.lists(EVENTS, min_size=1, max_size=20))
def test_the_returned_ids_are_those_of_the_stored_events(events: list[dict[str, Any]]) -> None:
    queue = MemoryJobQueue()
    results = [get_accepted(one) for one in submit_events(*events, queue=queue)]
    assert len(queue.bodies) == len({result.tenant_id for result in results})
    assert queue.bodies[0].isascii()
    records = store(queue).records
    assert set(records) == {(one.tenant_id, one.id) for one in results}
    for event, one in zip(events, results, strict=True):
        kept = json.loads(records[one.tenant_id, one.id].canonical)
        assert kept["eventId"] == one.event_id == event.get("eventId", one.event_id)
        assert kept["timestamp"] == one.timestamp
        assert kept["tenantId"] == one.tenant_id == (event.get("tenantId") or "default")
        assert kept["resourceId"] == event["resourceId"]


def test_missing_fields_of_an_event_are_filled_in() -> None:
    queue = MemoryJobQueue()
    [one] = submit_events(event_json(), queue=queue, is_list=False)
    assert get_accepted(one).to_json() == {
        "id": get_accepted(one).id,
        "eventId": "made-0",
        "timestamp": NOW,
        "tenantId": "default",
    }
    [body] = queue.bodies
    job = parse_job(body)
    assert not job.is_bulk
    assert job.events[0] == event_json(
        eventId="made-0", timestamp=NOW, tenantId="default", success=True, v=1
    )


def test_each_event_of_a_list_is_accepted_or_refused_by_itself() -> None:
    queue = MemoryJobQueue()
    results = submit_events(
        event_json(eventId="e-0"),
        {"resourceType": "s"},
        7,
        event_json(details={"big": 2**53 + 1}),
        event_json(details={"text": "x" * MAX_MESSAGE_BYTES}),
        event_json(eventId="e-5", timestamp="2025-11-26T00:00:00Z"),
        event_json(eventId="e-6"),
        queue=queue,
    )
    assert get_refusal(results[1], InvalidEventError) == MISSING
    assert "an event must be a JSON object" in get_refusal(results[2], InvalidEventError)
    assert get_refusal(results[3], CanonicalizationError).startswith("details.big: must be")
    assert "at most 1048576 bytes" in get_refusal(results[4], EventTooLargeError)
    assert "24 hours in the future" in get_refusal(results[5], InvalidEventError)
    kept = {get_accepted(results[at]).id for at in (0, 6)}
    assert store_and_list_ids(queue) == kept


def nest(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [101, 900, 5_000, 100_000])
def test_what_nests_too_deeply_is_refused(depth: int) -> None:
    results = submit_events(event_json(details={"a": nest(depth)}), event_json())
    assert isinstance(results[0], (InvalidEventError, CanonicalizationError))
    get_accepted(results[1])


def test_a_hostile_event_takes_little_memory() -> None:
    """120,000 broken rules, in an event and within it."""
    keys = {f"k{number}": 0 for number in range(120_000)}
    tracemalloc.start()
    results = submit_events(keys, event_json(changes=keys))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(one) for one in results] == [InvalidEventError] * 2
    assert peak < 20_000_000  # without the limit: 90 MB an event


def test_without_a_valid_event_nothing_is_sent() -> None:
    queue = MemoryJobQueue([Moment.BEFORE])
    [result] = submit_events({}, queue=queue)
    assert isinstance(result, InvalidEventError)
    assert not queue.bodies


def test_large_events_share_messages_as_far_as_they_fit() -> None:
    queue = MemoryJobQueue()
    events = [event_json(eventId=f"e-{at}", details={"x": "x" * 300_000}) for at in range(7)]
    results = submit_events(*events, queue=queue)
    assert len(queue.bodies) == 3
    assert store_and_list_ids(queue) == {get_accepted(one).id for one in results}


@pytest.mark.parametrize("moment", Moment)
def test_an_event_is_accepted_when_its_message_is_on_the_queue(moment: Moment) -> None:
    queue = MemoryJobQueue([moment])
    events = [event_json(eventId=f"e-{at}", details={"x": "x" * 600_000}) for at in range(4)]
    results = submit_events(*events, {}, queue=queue)
    assert isinstance(results.pop(), InvalidEventError)
    kept = store_and_list_ids(queue)
    for result in results:
        if isinstance(result, AcceptedEvent):
            assert result.id in kept
        else:
            assert type(result) is QueueUnavailableError
    count_accepted = sum(isinstance(one, AcceptedEvent) for one in results)
    assert count_accepted == {Moment.BEFORE: 0, Moment.DURING: 2, Moment.AFTER: 0}[moment]


TIMED = event_json(timestamp="2025-11-24T08:00:00Z")


@pytest.mark.parametrize("is_list", [True, False])
def test_a_repeated_key_is_the_same_event(is_list: bool) -> None:
    queue = MemoryJobQueue([Moment.AFTER])
    [first] = submit_events(TIMED, queue=queue, key="k 1", is_list=is_list)
    assert isinstance(first, QueueUnavailableError)
    [again] = submit_events(TIMED, queue=queue, key="k 1", is_list=is_list, now_ms=NOW_MS + 90_000)
    assert get_accepted(again).event_id == ("k 1:0" if is_list else "k 1")
    assert len(queue.bodies) == 2
    assert store_and_list_ids(queue, later_ms=100_000) == {get_accepted(again).id}


def test_a_key_and_the_position_are_the_event_ids_of_a_list() -> None:
    results = submit_events(TIMED, {**TIMED, "eventId": "own"}, {}, TIMED, key="k")
    assert [get_accepted(results[at]).event_id for at in (0, 1, 3)] == ["k:0", "own", "k:3"]
    assert len({get_accepted(results[at]).id for at in (0, 1, 3)}) == 3


@pytest.mark.parametrize("fields", [{}, {"eventId": "own"}, {"timestamp": None}, {"timestamp": ""}])
def test_with_a_key_an_event_needs_a_timestamp(fields: dict[str, Any]) -> None:
    queue = MemoryJobQueue()
    [result] = submit_events(event_json(**fields), key="k", queue=queue)
    assert get_refusal(result, InvalidEventError) == (
        "timestamp: required with Idempotency-Key, so that a repeated request is the same event"
    )
    assert not queue.bodies


def test_a_missing_timestamp_is_reported_with_what_else_is_wrong() -> None:
    [result] = submit_events({"resourceType": "s"}, key="k")
    text = get_refusal(result, InvalidEventError)
    assert text.startswith(f"{MISSING}; timestamp: required with Idempotency-Key")


@pytest.mark.parametrize(
    ("only", "named", "found"),
    [
        (None, None, "default"),
        (None, "acme", "acme"),
        ("acme", None, "acme"),
        ("acme", "acme", "acme"),
        ("acme", "acme2", TenantForbiddenError),
        ("acme", "default", TenantForbiddenError),
        ("acme", "a/b", InvalidEventError),
        ("acme", 7, TenantForbiddenError),
        ("7", 7, "7"),
        (None, 7, "7"),
        ("acme", "", "acme"),
        (None, "", "default"),
    ],
)
def test_an_event_belongs_to_the_tenant_of_the_request_or_to_the_one_it_names(
    only: str | None, named: object, found: str | type[AuditLogError]
) -> None:
    queue = MemoryJobQueue()
    event = event_json() if named is None else event_json(tenantId=named)
    [result] = submit_events(event, tenant_id=only, queue=queue)
    if isinstance(found, str):
        assert get_accepted(result).tenant_id == found
        assert {tenant for tenant, _ in store(queue).records} == {found}
    else:
        assert type(result) is found
        assert not queue.bodies


def test_the_given_event_is_not_changed() -> None:
    event = event_json()
    submit_events(event, tenant_id="acme", key="k")
    assert event == event_json()


def test_a_body_is_an_event_or_a_list_of_them() -> None:
    one = parse_submission('{"action": "a"}')
    assert one == Submission(({"action": "a"},), is_list=False, size=15)
    several = parse_submission('{"events": [1, null]}')
    assert several == Submission((1, None), is_list=True, size=21)


def test_a_list_has_at_most_a_hundred_events() -> None:
    assert len(parse_submission(json.dumps({"events": [{}] * 100})).events) == 100
    with pytest.raises(InvalidBodyError, match=r"^events: must have 1 to 100 events \(got 101\)$"):
        parse_submission(json.dumps({"events": [{}] * 101}))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "not JSON: Expecting value at line 1 column 1"),
        ('{"action": "a", "action": "b"}', "not JSON: the key 'action' occurs twice in one object"),
        ("[" * 100_000, "not JSON: nests too deeply"),
        ("1" * 5_000, "not JSON: a number has too many digits"),
        ("[]", "must be an event, a JSON object, or"),
        ("null", "must be an event, a JSON object, or"),
        ('"x"', "must be an event, a JSON object, or"),
        ('{"events": []}', "events: must have 1 to 100 events (got 0)"),
        (json.dumps({"events": [{}] * 101}), "events: must have 1 to 100 events (got 101)"),
        ('{"events": {}}', "events: must be a list of events, and the only field"),
        ('{"events": [{}], "action": "a"}', "events: must be a list of events, and the only field"),
    ],
    ids=str.__len__,
)
def test_any_other_body_is_refused(body: str, reason: str) -> None:
    with pytest.raises(InvalidBodyError) as caught:
        parse_submission(body)
    assert str(caught.value).startswith(reason)


def test_an_event_with_too_many_values_is_refused_alone() -> None:
    noisy = event_json(details={"a": [0] * MAX_EVENT_NODES})
    results = submit_events(noisy, event_json())
    assert get_refusal(results[0], InvalidEventError) == "an event must have at most 10000 values"
    get_accepted(results[1])


def test_a_request_with_too_many_values_is_refused() -> None:
    values = ",".join(["0"] * MAX_JOB_NODES)
    with pytest.raises(InvalidBodyError, match=r"^must have at most 100000 values$"):
        parse_submission(f'{{"action":"a","details":{{"a":[{values}]}}}}')
    text = ",[{" * MAX_JOB_NODES  # has no values
    assert parse_submission(json.dumps(event_json(details={"a": text})))


def test_each_message_has_the_group_of_its_tenant() -> None:
    queue = MemoryJobQueue([Moment.DURING])
    events = [event_json(tenantId=("acme", "beta")[n % 2], resourceId=str(n)) for n in range(4)]
    results = submit_events(*events, queue=queue)
    assert [job.tenant_id for job in queue.jobs] == ["acme"]
    assert [isinstance(result, AcceptedEvent) for result in results] == [True, False, True, False]
