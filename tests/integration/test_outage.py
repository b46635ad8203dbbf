"""Outages: the real processor on a simulated clock, through the real delays of its retries.

What is not the event's fault loses and quarantines nothing. What is given up has a reason.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ledger.app import lambda_handler as commit
from local.template import Stack
from processor.app import lambda_handler as process
from prooftrail.aws.clients import client
from prooftrail.event import times
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.reasons import OTHER_REASON, REASONS
from prooftrail.intake.redrive import encode_redrive
from prooftrail.runtime.config import get_settings
from tests.support.faults import Crash
from tests.support.processor_faults import fail_at_poison
from tests.support.samples import NOW_MS, bulk_job, event_json, job, message
from tests.support.simulated_queue import (
    Clock,
    SimulatedQueue,
    make_silence,
    raise_client_error,
    simulate_aws,
)
from tests.support.stack import cool_down
from tests.support.trail import assert_counted_once, read_events, stream_records

HOUR = 3_600
DYNAMODB = {"BatchWriteItem", "GetItem"}
Fault = Callable[[str], None]
CAUSES: dict[str, Callable[[Clock], Fault]] = {
    "throttling": lambda _: raise_client_error("ThrottlingException"),
    "too little throughput": lambda _: raise_client_error("ProvisionedThroughputExceededException"),
    "5xx": lambda _: raise_client_error("InternalServerError", 500),
    "silence": make_silence,
    "no permission": lambda _: raise_client_error("AccessDeniedException"),
    "no table": lambda _: raise_client_error("ResourceNotFoundException"),
    "a disabled key": lambda _: raise_client_error("KMSInvalidStateException"),
}


LIKE_OTHERS = {"too little throughput", "no table", "a disabled key"}
each_cause = pytest.mark.parametrize(
    "cause",
    [
        pytest.param(cause, marks=pytest.mark.slow if cause in LIKE_OTHERS else ())
        for cause in CAUSES
    ],
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(times, "now_ms", lambda: clock.now_ms)
    return clock


@pytest.fixture
def queue(aws: Stack, clock: Clock) -> SimulatedQueue:
    """The queue with the numbers of the template."""
    attributes = client("sqs").get_queue_attributes(
        QueueUrl=aws.resources["AuditQueue"], AttributeNames=["All"]
    )["Attributes"]
    return SimulatedQueue(
        clock,
        int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"]),
        int(attributes["VisibilityTimeout"]),
        int(aws.functions["ProcessorFunction"].timeout_seconds),
    )


def receive_dead_letters(stack: Stack) -> list[tuple[str, dict[str, str]]]:
    """Return the bodies and attributes of the messages in the dead-letter queue."""
    url = stack.resources["AuditDeadLetterQueue"]
    found: list[tuple[str, dict[str, str]]] = []
    while (
        received := client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        found += [
            (
                each["Body"],
                {
                    name: value["StringValue"]
                    for name, value in each.get("MessageAttributes", {}).items()
                },
            )
            for each in received
        ]
    return found


@each_cause
@pytest.mark.parametrize("seconds", [10, HOUR])
def test_an_outage_loses_and_quarantines_nothing(
    aws: Stack, clock: Clock, queue: SimulatedQueue, cause: str, seconds: int
) -> None:
    fail = CAUSES[cause](clock)

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation in DYNAMODB and clock.seconds < seconds:
            fail(operation)

    for number in range(20):
        queue.send(message(job(event_json()), f"m-{number}"), at=number * seconds / 15)
    queue.send(message(bulk_job(event_json(), event_json()), "bulk"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert not queue.moved
    assert not receive_dead_letters(aws)
    assert len(read_events(aws)) == 22
    assert clock.seconds < seconds + 2 * 900
    assert queue.longest <= queue.timeout_seconds
    assert max(queue.receives.values()) > (3 if seconds == HOUR else 1)
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)


@each_cause
def test_what_is_given_up_is_quarantined_with_the_last_reason(
    aws: Stack, clock: Clock, queue: SimulatedQueue, cause: str
) -> None:
    """Redriven after the outage, each event is stored once, also if a response was lost."""
    fail = CAUSES[cause](clock)

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation in DYNAMODB:
            fail(operation)

    queue.send(message(job(event_json()), "m-1"))
    queue.send(message(bulk_job(event_json(), {"action": "bad"}, event_json()), "m-2"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert not queue.moved
    assert clock.seconds > 40 * HOUR
    dead_letters = receive_dead_letters(aws)
    assert sorted(each["sourceMessageId"] for _, each in dead_letters) == ["m-1", "m-2", "m-2"]
    assert {each["errorType"] for _, each in dead_letters} < {*REASONS} - {OTHER_REASON}
    given_up = [each for each in dead_letters if "given up" in each[1]["errorMessage"]]
    assert len(given_up) == 2
    for number, (body, _) in enumerate(given_up):
        received = ReceivedDeadLetter(f"l-{number}", "r", body, clock.now_ms)
        for redriven in encode_redrive(received, body, now_ms=clock.now_ms).messages:
            queue.send(message(redriven.body, f"again-{number}"), at=clock.seconds)
    for number, body in enumerate(
        [job(event_json()), bulk_job(event_json(), {"action": "bad"}, event_json())]
    ):  # the messages of old, as if SQS delivered them once more
        queue.send(message(body, f"m-{number + 1}"))
    with simulate_aws(queue, lambda *_: None):
        queue.run(process)
    assert len(read_events(aws)) == 3


def test_an_item_that_dynamodb_refuses_is_quarantined_after_three_receives(
    aws: Stack, clock: Clock, queue: SimulatedQueue
) -> None:
    def fault(operation: str, parameters: Mapping[str, Any]) -> None:
        if operation == "BatchWriteItem":
            [requests] = parameters["RequestItems"].values()
            if any(b"refused" in str(request).encode() for request in requests):
                raise_client_error("ValidationException")(operation)

    good, bad = event_json(), event_json(resourceId="refused")
    queue.send(message(bulk_job(good, bad, good), "m-1"))
    queue.send(message(job(good), "m-2"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert queue.receives == {"m-1": 3, "m-2": 1}
    [(body, attributes)] = receive_dead_letters(aws)
    assert json.loads(body)["data"]["resourceId"] == "refused"
    assert json.loads(body)["data"]["eventId"] == "m-1:1"
    assert attributes["errorType"] == "ContentRejectedError"
    assert attributes["errorMessage"] == (
        "ValidationException at BatchWriteItem; given up after 3 receives"
    )
    assert len(read_events(aws)) == 3


def test_a_message_that_the_processor_fails_at_is_quarantined_after_three_receives(
    aws: Stack, queue: SimulatedQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at_poison(monkeypatch)
    secret = event_json(resourceId="poison", details={"password": "hunter2"})
    queue.send(message(bulk_job(event_json(), secret), "m-1"))
    queue.send(message(job(event_json()), "m-2"))
    with simulate_aws(queue, lambda *_: None):
        queue.run(process)
    assert queue.receives == {"m-1": 3, "m-2": 1}
    [(body, attributes)] = receive_dead_letters(aws)
    assert len(json.loads(body)["data"]["events"]) == 2
    assert "hunter2" not in body
    assert attributes["errorType"] == "ProcessingFailedError"
    assert attributes["sourceMessageId"] == "m-1"
    assert len(read_events(aws)) == 1


def test_every_dead_letter_has_a_reason_though_the_dead_letter_queue_fails_now_and_then(
    aws: Stack, clock: Clock, queue: SimulatedQueue
) -> None:
    silence = make_silence(clock)
    sends = iter(range(1_000))

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation in DYNAMODB or (operation == "SendMessageBatch" and next(sends) < 3):
            silence(operation)

    for number in range(5):
        queue.send(message(job(event_json()), f"m-{number}"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert not queue.moved
    dead_letters = receive_dead_letters(aws)
    assert {each["sourceMessageId"] for _, each in dead_letters} == set(queue.receives)
    assert all(each["errorMessage"] for _, each in dead_letters)
    assert queue.longest <= queue.timeout_seconds


def test_a_few_receives_suffice_if_the_operator_says_so(
    aws: Stack, clock: Clock, queue: SimulatedQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_RECEIVES", "4")
    cool_down()
    get_settings.cache_clear()
    queue.max_receives = 4
    queue.send(message(job(event_json()), "m-1"))

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation in DYNAMODB:
            raise_client_error("ThrottlingException")(operation)

    with simulate_aws(queue, fault):
        queue.run(process)
    assert (queue.receives, queue.moved) == ({"m-1": 4}, [])
    assert clock.seconds == 2 + 4 + 8
    [(_, attributes)] = receive_dead_letters(aws)
    assert attributes["errorMessage"] == "ThrottlingException; given up after 4 receives"


def test_only_if_the_function_dies_does_sqs_move_a_message(
    aws: Stack, queue: SimulatedQueue
) -> None:
    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation in DYNAMODB:
            raise Crash

    queue.send(message(job(event_json()), "m-1"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert [each.id for each in queue.moved] == ["m-1"]


def test_one_tenant_that_is_throttled_does_not_stop_the_others(
    aws: Stack, clock: Clock, queue: SimulatedQueue
) -> None:
    """The noisy tenant's events fill whole requests, before and between those of another."""

    def fault(operation: str, parameters: Mapping[str, Any]) -> None:
        if operation == "BatchWriteItem" and clock.seconds < HOUR:
            [requests] = parameters["RequestItems"].values()
            keys = [request["PutRequest"]["Item"]["pk"]["S"] for request in requests]
            if all(key.startswith("noisy#") for key in keys):
                clock.seconds += 3
                raise_client_error("ThrottlingException")(operation)

    noisy = bulk_job(*[event_json(tenantId="noisy") for _ in range(60)])
    for number in range(12):
        queue.send(message(noisy, f"noisy-{number}"))
        queue.send(message(job(event_json(tenantId="quiet")), f"quiet-{number}"))
    with simulate_aws(queue, fault):
        queue.run(process)
    assert {queue.receives[f"quiet-{number}"] for number in range(12)} == {1}
    assert len(read_events(aws)) == 12 + 12 * 60
    assert not receive_dead_letters(aws)


@pytest.mark.parametrize("cause", ["silence", "no permission", "5xx"])
def test_after_the_first_unavailable_no_call_follows(
    aws: Stack, clock: Clock, queue: SimulatedQueue, cause: str
) -> None:
    """100 events took 60.4 s, because each of the four requests waited for all its attempts."""
    fail = CAUSES[cause](clock)

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation == "BatchWriteItem":
            fail(operation)

    for number in range(1_000):
        queue.send(message(job(event_json()), f"m-{number}"))
    with simulate_aws(queue, fault) as calls:
        queue.run(process, until=0)
    assert calls.count("BatchWriteItem") == 1
    assert queue.longest <= 24
    assert len(queue.waiting) == 1_000
    assert {visible_at for _, visible_at in queue.waiting.values()} == {queue.longest + 2}


def test_an_invocation_stops_in_time_and_reports_the_rest(
    aws: Stack, clock: Clock, queue: SimulatedQueue
) -> None:
    """Each request takes long, and the last one longest: 6 MB of events took 68 s of 60."""

    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation == "BatchWriteItem":
            clock.seconds += 6
            if clock.seconds > 60:
                make_silence(clock)(operation)

    for number in range(1_500):
        queue.send(message(job(event_json()), f"m-{number:04}"))
    with simulate_aws(queue, fault):
        queue.run(process, until=0)
    assert queue.longest <= queue.timeout_seconds
    stored = len(read_events(aws))
    assert 100 < stored < 500
    assert len(queue.waiting) == 1_500 - stored


def test_dead_letters_too_are_sent_only_in_time(
    aws: Stack, clock: Clock, queue: SimulatedQueue
) -> None:
    def fault(operation: str, _: Mapping[str, Any]) -> None:
        if operation == "SendMessageBatch":
            clock.seconds += 5

    for number in range(400):
        queue.send(message(job({"action": "bad", f"x{number}": 1}), f"m-{number}"))
    with simulate_aws(queue, fault):
        queue.run(process, until=0)
    assert queue.longest <= queue.timeout_seconds
    assert 100 < len(receive_dead_letters(aws)) < 300
    with simulate_aws(queue, lambda *_: None):
        queue.run(process)
    assert clock.now_ms > NOW_MS
    assert not queue.moved
