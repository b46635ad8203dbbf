"""Audited reads: the API's real handlers, the template's queue, the real processor."""

from collections.abc import Mapping
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from local.api import CALLER, make_proxy_event
from local.senders import make_sender_id
from local.sqs_poller import make_lambda_record
from local.template import Stack
from tests.support.api import Api, load_sample
from tests.support.pipeline import Pipeline
from tests.support.reference import EMPTY_STATES
from tests.support.samples import event_json, job, message, queue_event
from tests.support.stack import deployed, make_client
from tests.support.trail import read_events, read_items

READ = "audit.trail.read"
CLAIMS = {"sub": "sub-1", "custom:tenantId": "acme", "cognito:groups": "audit-readers"}
ACME = {"tenantId": "acme"}
LIST = "GET /audit-logs"


@pytest.fixture
def api(aws: Stack) -> Api:
    return Api(aws)


@pytest.fixture
def pipeline(aws: Stack, api: Api) -> Pipeline:
    """Return a pipeline with published sample events."""
    pipeline = Pipeline(aws, api.runtime)
    pipeline.store(load_sample("sqs-good.json"))
    pipeline.commit()
    pipeline.publish()
    return pipeline


def take_messages(stack: Stack) -> list[Mapping[str, Any]]:
    """Take all messages from the queue, as Lambda gives them to the processor."""
    sqs, url = make_client("sqs"), stack.resources["AuditQueue"]
    records: list[Mapping[str, Any]] = []
    while found := sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
    ).get("Messages", []):
        for one in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=one["ReceiptHandle"])
            records.append(make_lambda_record(one, "arn:aws:sqs:us-east-1:123456789012:audit"))
    return records


def store_reads(stack: Stack, pipeline: Pipeline) -> list[dict[str, Any]]:
    """Process the queue. Return the reads that are new in the trail."""
    before = read_events(stack).keys()
    if records := take_messages(stack):
        pipeline.store({"Records": records})
    added = [event for key, event in read_events(stack).items() if key not in before]
    assert {event["action"] for event in added} <= {READ}
    return added


def test_each_answered_read_becomes_an_event_of_the_tenant_that_was_read(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    [login] = api.list_items(**ACME, userId="u-100", action="user.*")
    path = f"/audit-logs/{login['id']}"
    requests: list[tuple[str, dict[str, str], Any]] = [
        ("/audit-logs", {"limit": "1", "order": "asc"}, CLAIMS),
        ("/audit-logs", {"ipAddress": "203.0.113.7", "success": "false", **ACME}, None),
        ("/audit-logs", {"actorType": "user", "traceId": "A1" * 16, **ACME}, None),
        (path, ACME, None),
        (f"{path}/proof", ACME, None),
        (f"{path}/proof/unmasked", ACME, None),
        ("/audit-logs/unmasked", {"limit": "2", **ACME}, None),
        (f"{path}/unmasked", ACME, None),
        ("/audit-logs/stats", {"startDate": "2025-03-01", "endDate": "2025-03-02", **ACME}, None),
    ]
    for read, parameters, claims in requests:
        assert api.get_response(read, claims=claims, **parameters).status == 200
    one, proof = "GET /audit-logs/{id}", "GET /audit-logs/{id}/proof"
    by_id = ("audit-event", login["id"])
    whole = ("audit-trail", "acme")
    first = {"userId": "u-100", "action": "user.*"}
    expected: list[tuple[object, ...]] = [
        (CALLER, *whole, LIST, first, 1, True),
        ("sub-1", *whole, LIST, {"limit": "1", "order": "asc"}, 1, True),
        (CALLER, *whole, LIST, {"ipAddress": "203.0.113.7", "success": "false"}, 0, True),
        (CALLER, *whole, LIST, {"actorType": "user", "traceId": "A1" * 16}, 0, True),
        (CALLER, *by_id, one, {}, 1, True),
        (CALLER, *by_id, proof, {}, 1, True),
        (CALLER, *by_id, f"{proof}/unmasked", {}, 1, False),
        (CALLER, *whole, f"{LIST}/unmasked", {"limit": "2"}, 2, False),
        (CALLER, *by_id, f"{one}/unmasked", {}, 1, False),
        (
            *(CALLER, *whole, f"{LIST}/stats"),
            *({"startDate": "2025-03-01", "endDate": "2025-03-02"}, 3, True),
        ),
    ]
    reads = store_reads(aws, pipeline)
    found = [
        (
            *(event["userId"], event["resourceType"], event["resourceId"]),
            *(event["details"][name] for name in ("route", "filters", "events", "masked")),
        )
        for event in reads
    ]
    for one_found in found:
        assert one_found in expected
        expected.remove(one_found)
    assert not expected
    assert {event["tenantId"] for event in reads} == {"acme"}
    assert {event["details"]["reads"] for event in reads} == {1}
    assert all(event["requestId"] and event["ipAddress"] for event in reads)


def test_a_read_of_api_gateway_s_own_test_is_stored(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    """Its request has this text as the address: no event has such a one."""
    path = "/audit-logs/unmasked"
    [route] = [one for one in aws.routes if (one.method, one.path) == ("GET", path)]
    source_ip = "test-invoke-source-ip"
    event = make_proxy_event(
        route, f"{path}?tenantId=acme", path_parameters={}, source_ip=source_ip
    )
    assert api.send(event)[0] == 200
    [read] = store_reads(aws, pipeline)
    assert (read["userId"], "ipAddress" in read) == (CALLER, False)


def test_a_read_is_submitted_by_the_function_that_answered_it(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    api.get("/audit-logs", **ACME)
    [read] = store_reads(aws, pipeline)
    [item] = [
        item
        for item in read_items(aws, "AuditEventsTable")
        if item["actionKey"]["S"].startswith(f"acme#{READ}#")
    ]
    assert item["submittedBy"]["S"] == make_sender_id("QueryFunction")
    assert read["userId"] == CALLER


def test_an_address_that_was_searched_for_is_shown_with_the_unmasked_right_only(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    api.get("/audit-logs", ipAddress="203.0.113.7", **ACME)
    store_reads(aws, pipeline)
    for suffix, shown in (("", "[personal]"), ("/unmasked", "203.0.113.7")):
        _, page = api.get(f"/audit-logs{suffix}", action=READ, **ACME)
        [read] = page["items"]
        assert read["details"]["filters"] == {"ipAddress": shown}


UNAUDITED: list[tuple[str, dict[str, str], int]] = [
    ("/audit-logs", {"limit": "0"}, 400),
    ("/audit-logs/01M8693800S4JW22X9C2F49PPP", ACME, 404),
    ("/audit-logs/metrics", {}, 200),
    ("/audit-logs/log", {}, 200),
    ("/audit-logs/checkpoint", {}, 200),
    ("/audit-logs/log/consistency", EMPTY_STATES, 200),
    ("/audit-logs/tile/0/000.p/3", {}, 200),
]


def test_a_refused_read_and_the_published_log_leave_no_event(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    for path, parameters, status in UNAUDITED:
        assert api.get_response(path, **parameters).status == status
        assert store_reads(aws, pipeline) == [], path


def test_a_read_of_another_tenant_leaves_nothing_there(
    aws: Stack, api: Api, pipeline: Pipeline
) -> None:
    assert api.get("/audit-logs", claims=CLAIMS, tenantId="other")[0] == 403
    assert store_reads(aws, pipeline) == []


def test_reads_of_reads_do_not_loop(aws: Stack, api: Api, pipeline: Pipeline) -> None:
    for number in range(3):
        assert len(api.list_items(action=READ, limit=10 + number, **ACME)) == number
        assert len(store_reads(aws, pipeline)) == 1
        api.runtime.restart()  # a cold start knows no followers
    assert take_messages(aws) == []


def test_a_follower_leaves_one_event(aws: Stack, api: Api, pipeline: Pipeline) -> None:
    for second in range(5):
        api.get("/audit-logs", startDate=f"2025-03-01T08:59:0{second}Z", **ACME)
    [read] = store_reads(aws, pipeline)
    assert read["details"]["filters"] == {"startDate": "2025-03-01T08:59:00Z"}


def make_fault(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "injected"}}, operation)


FAULTS: list[tuple[Exception, int]] = [
    (EndpointConnectionError(endpoint_url="https://sqs.example"), 2),
    (ReadTimeoutError(endpoint_url="https://sqs.example"), 2),
    (make_fault("SendMessageBatch", "ThrottlingException"), 2),
    (make_fault("SendMessageBatch", "AccessDenied"), 1),
    (RuntimeError("a bug in the client"), 1),
]


@pytest.mark.usefixtures("pipeline")
def test_a_read_does_not_fail_with_the_queue_and_is_counted(api: Api) -> None:
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    for fault, sends in FAULTS:
        sent: list[str] = []

        def fail(
            client: Any,
            operation: str,
            parameters: Any,
            sent: list[str] = sent,
            fault: Exception = fault,
        ) -> Any:
            if operation == "SendMessageBatch":
                sent.append(operation)
                raise fault
            return original(client, operation, parameters)

        api.lines.clear()
        with patch.object(BaseClient, "_make_api_call", fail):
            status, page = api.get("/audit-logs", endDate="2026-01-05", **ACME)
        assert (status, len(page["items"])) == (200, 3)
        assert len(sent) == sends, fault
        [line] = [line for line in api.lines if "AuditReadsUnrecorded" in line]
        assert line["AuditReadsUnrecorded"] == [1.0]
        assert all("2026-01-05" not in str(line) for line in api.lines), "filters are not logged"
        api.runtime.restart()  # a cold start knows no followers


def test_a_throttle_that_passes_loses_nothing(aws: Stack, api: Api, pipeline: Pipeline) -> None:
    original = BaseClient._make_api_call  # type: ignore[attr-defined]
    faults = [make_fault("SendMessageBatch", "ThrottlingException")]

    def fail_once(client: Any, operation: str, parameters: Any) -> Any:
        if operation == "SendMessageBatch" and faults:
            raise faults.pop()
        return original(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", fail_once):
        api.get("/audit-logs", **ACME)
    assert len(store_reads(aws, pipeline)) == 1
    assert not any("AuditReadsUnrecorded" in line for line in api.lines)


def test_without_audit_reads_nothing_is_sent() -> None:
    with deployed({"AuditReads": "false"}) as stack:
        api = Api(stack)
        Pipeline(stack, api.runtime).store(load_sample("sqs-good.json"))
        assert len(api.list_items(**ACME)) == 3
        assert take_messages(stack) == []


@pytest.mark.parametrize(
    ("metadata", "sender_id", "is_stored"),
    [
        ({"senderId": "AROAREADER:ann"}, "AROAREADER:ann", True),
        ({"senderId": make_sender_id("QueryFunction")}, "AROAPRODUCER:app", False),
        ({}, "AROAPRODUCER:app", False),
    ],
    ids=["its own", "as the API", "as nobody"],
)
def test_a_producer_can_report_its_own_reads_only(
    aws: Stack, pipeline: Pipeline, metadata: dict[str, str], sender_id: str, *, is_stored: bool
) -> None:
    event = event_json(eventId="forged", action=READ, userId=CALLER, metadata=metadata)
    pipeline.store(queue_event(message(job(event), sender_id=sender_id)))
    stored = [
        item["submittedBy"]["S"]
        for item in read_items(aws, "AuditEventsTable")
        if READ in item["actionKey"]["S"]
    ]
    assert stored == ([sender_id] if is_stored else [])
    sqs, url = make_client("sqs"), aws.resources["AuditDeadLetterQueue"]
    letters = sqs.receive_message(QueueUrl=url, MessageAttributeNames=["All"]).get("Messages", [])
    reasons = [one["MessageAttributes"]["errorMessage"]["StringValue"] for one in letters]
    assert ["audit.trail.* is reserved" in reason for reason in reasons] == [True] * (not is_stored)


def test_nobody_sends_a_read_through_the_api(api: Api) -> None:
    body = b'{"action": "audit.trail.read", "resourceType": "audit-trail", "resourceId": "acme"}'
    response = api.post("/audit-logs", body)
    assert (response.status, "reserved" in str(response.body)) == (400, True)
