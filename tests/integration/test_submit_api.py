"""`POST /audit-logs`: from the request through queue and processor to what the API returns."""

import json
from typing import Any

import pytest
from moto.sqs.models import DEFAULT_SENDER_ID

import submit.app as submit_app
from local.api import CALLER
from local.sqs_poller import SqsPoller
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.event.times import now_ms
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.runtime.config import get_settings
from tests.support.api import Api, ApiResponse, load_sample
from tests.support.faults import Fault, inject_fault
from tests.support.samples import event_json
from tests.support.trail import read_items

ACME = {"custom:tenantId": "acme"}
KEY = {"Idempotency-Key": "k-1"}
TIME = "2025-11-24T08:00:00.000Z"


class Sender:
    """Posts to the API and runs the processor on the queue."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.api = Api(stack)
        [source] = stack.queue_sources
        self._poller = SqsPoller(source, self.api.runtime.invoke, client("sqs"))

    def post(self, body: object, **options: Any) -> ApiResponse:
        """Post this body and return the response; encode as JSON what is not bytes."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.api.post("/audit-logs", sent, **options)

    def process(self) -> int:
        """Process the messages in the queue and return their number."""
        return self._poller.poll()


@pytest.fixture
def sender(aws: Stack) -> Sender:
    return Sender(aws)


def count_waiting() -> int:
    """Return the number of messages in the queue."""
    name: Any = "ApproximateNumberOfMessages"
    response = client("sqs").get_queue_attributes(
        QueueUrl=get_settings().queue_url, AttributeNames=[name]
    )
    return int(response["Attributes"][name])


def get_problem(response: ApiResponse) -> tuple[int, str]:
    return response.status, response.body["error"]["code"]


def test_an_event_is_found_under_the_returned_id(sender: Sender) -> None:
    sent = event_json(userId="ada", tenantId="acme", details={"é": [1.5, None, "\u2028😀"]})
    response = sender.post(sent)
    assert response.status == 202
    assert sender.process() == 1
    status, found = sender.api.get(f"/audit-logs/{response.body['id']}", tenantId="acme")
    assert status == 200
    assert {name: found[name] for name in sent} == sent
    assert {name: found[name] for name in response.body} == response.body
    assert response.headers["Cache-Control"] == "no-store"


def test_the_samples_are_accepted_and_stored(sender: Sender) -> None:
    one = sender.api.respond(load_sample("api-submit.json"))
    several = sender.api.respond(load_sample("api-submit-list.json"))
    assert (one.status, several.status) == (202, 202)
    assert (several.body["accepted"], several.body["rejected"]) == (3, 0)
    assert sender.process() == 2
    returned = [one.body, *several.body["results"]]
    listed = sender.api.list_items(tenantId="acme", order="asc")
    assert {item["id"] for item in listed} == {item["id"] for item in returned}
    assert {item["eventId"] for item in listed} == {
        "order-4711-approved",
        "import-7:0",
        "import-7:1",
        "logout-1",
    }


def test_a_hundred_events_are_one_message(sender: Sender) -> None:
    events = [event_json(eventId=f"e-{at}") for at in range(100)]
    with inject_fault() as calls:
        response = sender.post({"events": events})
    assert response.status == 202
    assert calls == ["UpdateItem", "SendMessageBatch"]
    assert sender.process() == 1
    assert {one["id"] for one in response.body["results"]} == {
        item["id"] for item in sender.api.list_items()
    }


def test_the_good_events_of_a_partly_bad_list_are_stored(sender: Sender) -> None:
    response = sender.post(
        {
            "events": [
                event_json(eventId="good-1"),
                {"resourceType": "user"},
                event_json(tenantId="acme2"),
                event_json(details={"x": "x" * MAX_MESSAGE_BYTES}),
                event_json(eventId="good-2"),
            ]
        },
        claims=ACME,
    )
    assert response.status == 207
    results = response.body["results"]
    assert [one["status"] for one in results] == [202, 400, 403, 413, 202]
    missing = "Missing required audit fields: action, resourceId"
    assert results[1]["error"]["message"] == missing
    assert [one["field"] for one in results[1]["error"]["fields"]] == ["action", "resourceId"]
    assert [one["error"]["code"] for one in results[1:4]] == [
        "invalid_event",
        "tenant_forbidden",
        "event_too_large",
    ]
    assert (response.body["accepted"], response.body["rejected"]) == (2, 3)
    assert "Retry-After" not in response.headers
    sender.process()
    listed = sender.api.list_items(tenantId="acme")
    assert {item["eventId"] for item in listed} == {"good-1", "good-2"}


def test_nothing_of_a_bad_list_is_sent(sender: Sender) -> None:
    response = sender.post({"events": [{}, 7]})
    assert get_problem(response) == (400, "nothing_accepted")
    assert [one["error"]["code"] for one in response.body["results"]] == ["invalid_event"] * 2
    assert count_waiting() == 0


@pytest.mark.parametrize("is_list", [True, False])
def test_a_token_sends_only_events_of_its_tenant(sender: Sender, aws: Stack, is_list: bool) -> None:
    def send(event: dict[str, Any], **options: Any) -> int:
        response = sender.post({"events": [event]} if is_list else event, **options)
        return response.status

    assert send(event_json(eventId="absent"), claims=ACME) == 202
    assert send(event_json(eventId="same", tenantId="acme"), claims=ACME) == 202
    assert send(event_json(tenantId="acme2"), claims=ACME) == 403
    assert send(event_json(tenantId="default"), claims=ACME) == 403
    assert send(event_json(), claims=ACME, tenantId="acme2") == 403
    assert send(event_json(), claims={}) == 403
    assert count_waiting() == 2
    sender.process()
    listed = sender.api.list_items(claims=ACME)
    assert {item["eventId"] for item in listed} == {"absent", "same"}
    assert {item["tenantId"] for item in listed} == {"acme"}
    assert len(read_items(aws, "AuditEventsTable")) == 2


def test_an_iam_caller_names_the_tenant_in_the_event_or_the_request(sender: Sender) -> None:
    for body, parameters in (
        (event_json(), {}),
        (event_json(tenantId="acme"), {}),
        (event_json(), {"tenantId": "acme2"}),
        (event_json(tenantId="acme3"), {"tenantId": "acme3"}),
    ):
        assert sender.post(body, **parameters).status == 202
    refused = sender.post(event_json(tenantId="acme"), tenantId="acme2")
    assert get_problem(refused) == (403, "tenant_forbidden")
    assert sender.process() == 4
    for tenant in ("default", "acme", "acme2", "acme3"):
        assert len(sender.api.list_items(tenantId=tenant)) == 1


def test_a_repeated_request_with_a_key_is_stored_once(sender: Sender, aws: Stack) -> None:
    body = {"events": [event_json(timestamp=TIME), event_json(timestamp=TIME, eventId="own")]}
    with inject_fault(1, Fault.RESPONSE_LOST):
        lost = sender.post(body, headers=KEY)
    assert lost.status == 503
    again = [sender.post(body, headers={"idempotency-key": "k-1"}) for _ in range(2)]
    assert again[0].body == again[1].body
    assert [one["eventId"] for one in again[0].body["results"]] == ["k-1:0", "own"]
    assert sender.process() == 3
    assert {item["id"] for item in sender.api.list_items()} == {
        one["id"] for one in again[0].body["results"]
    }
    assert len(read_items(aws, "AuditEventsTable")) == 2
    other = sender.post(body, headers={"Idempotency-Key": "k-2"})
    assert other.body["results"][0]["id"] != again[0].body["results"][0]["id"]
    assert other.body["results"][1]["id"] == again[0].body["results"][1]["id"]


def test_a_key_requires_a_timestamp(sender: Sender) -> None:
    response = sender.post(event_json(), headers=KEY)
    assert get_problem(response) == (400, "invalid_event")
    rule = "required with Idempotency-Key, so that a repeated request is the same event"
    assert response.body["error"]["message"] == f"timestamp: {rule}"
    assert response.body["error"]["fields"] == [{"field": "timestamp", "rule": rule, "got": ""}]


@pytest.mark.parametrize("key", ["", "é", "a\tb", "x" * 101])
def test_a_key_is_printable_ascii(sender: Sender, key: str) -> None:
    response = sender.post(event_json(timestamp=TIME), headers={"Idempotency-Key": key})
    assert get_problem(response) == (400, "invalid_query")
    [field] = response.body["error"]["fields"]
    assert (field["field"], field["rule"]) == (
        "idempotency-key",
        "must be 1 to 100 printable ASCII characters, with no space at its ends",
    )
    assert count_waiting() == 0


@pytest.mark.parametrize("key", ["x", "~" * 100, "a b", "a,b", "0"])
def test_a_key_is_the_event_id(sender: Sender, key: str) -> None:
    response = sender.post(event_json(timestamp=TIME), headers={"Idempotency-Key": key})
    assert (response.status, response.body["eventId"]) == (202, key)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", "a body is required: an event"),
        (b"{", "not JSON: Expecting property name"),
        (b'{"action": "a", "action": "b"}', "not JSON: the key 'action' occurs twice"),
        (b"[" * 100_000, "not JSON: nests too deeply"),
        (b'{"a": "\xff"}', "the body must be JSON in UTF-8"),
        (b"[]", "must be an event, a JSON object, or"),
        (
            json.dumps({"events": [event_json()] * 101}).encode(),
            "events: must have 1 to 100 events (got 101)",
        ),
        (b'{"events": []}', "events: must have 1 to 100"),
        (b'{"events": "x"}', "events: must be a list"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_malformed_body_is_refused_with_the_reason(
    sender: Sender, body: bytes, text: str
) -> None:
    response = sender.post(body)
    assert get_problem(response) == (400, "invalid_body")
    assert response.body["error"]["message"].startswith(text)
    assert count_waiting() == 0


def test_wrong_types_are_named_and_never_shown(sender: Sender) -> None:
    response = sender.post(
        event_json(
            action=7,
            success="secret",
            details=["secret"],
            surplus="secret",
            userId="",
            resourceId="",
        )
    )
    assert get_problem(response) == (400, "invalid_event")
    fields = {one["field"]: (one["rule"], one["got"]) for one in response.body["error"]["fields"]}
    assert fields == {
        "action": ("must be a string", "number"),
        "success": ("must be true or false", "string of length 6"),
        "details": ("must be a JSON object", "list of length 1"),
        "surplus": ("is not a field of an audit event", "string of length 6"),
        "resourceId": ("must not be empty", ""),
    }
    assert "secret" not in json.dumps(response.body)


def test_an_event_that_fits_in_no_message_is_too_large(sender: Sender) -> None:
    response = sender.post(event_json(details={"x": "x" * MAX_MESSAGE_BYTES}))
    assert get_problem(response) == (413, "event_too_large")
    largest = event_json(eventId="e", details={"x": "x" * (MAX_MESSAGE_BYTES - 300)})
    assert sender.post(largest).status == 202
    sender.process()
    [item] = sender.api.list_items()
    assert item["details"] == largest["details"]


def test_a_response_with_many_errors_fits_in_an_invocation(sender: Sender) -> None:
    """The limit of Lambda is 6 MB, for the response encoded once more."""
    wrong = {f"{number:02}" + "😀" * 98: 1 for number in range(25)}
    response = sender.post({"events": [wrong] * 100})
    assert response.status == 400
    assert {len(one["error"]["fields"]) for one in response.body["results"]} == {20}
    assert len(json.dumps(json.dumps(response.body))) < 6_000_000


def test_an_unknown_parameter_is_refused(sender: Sender) -> None:
    response = sender.post(event_json(), tenant="acme")
    assert get_problem(response) == (400, "invalid_query")
    assert [one["field"] for one in response.body["error"]["fields"]] == ["tenant"]
    assert count_waiting() == 0


@pytest.mark.parametrize(
    ("fault", "expected", "on_the_queue"),
    [
        (Fault.REFUSED, (429, "queue_throttled"), 0),
        (Fault.RESPONSE_LOST, (503, "queue_unavailable"), 1),
    ],
)
def test_a_busy_queue_is_reported_as_retryable(
    sender: Sender, fault: Fault, expected: tuple[int, str], on_the_queue: int
) -> None:
    with inject_fault(1, fault):
        response = sender.post(event_json())
    assert get_problem(response) == expected
    assert int(response.headers["Retry-After"]) > 0
    with inject_fault(1, fault):
        responses = sender.post({"events": [event_json(), {}]})
    assert responses.status == 400
    assert [one["status"] for one in responses.body["results"]] == [expected[0], 400]
    assert int(responses.headers["Retry-After"]) > 0
    assert count_waiting() == 2 * on_the_queue


def test_the_events_that_the_queue_took_are_accepted(sender: Sender) -> None:
    """Three events are three messages, of which SQS takes one: a batch has 1 MiB."""
    events = [event_json(eventId=f"e-{at}", details={"x": "x" * 600_000}) for at in range(3)]
    with inject_fault(2, Fault.REFUSED) as calls:
        response = sender.post({"events": events})
    assert calls == ["UpdateItem", "SendMessageBatch", "SendMessageBatch"]
    assert response.status == 207
    assert [one["status"] for one in response.body["results"]] == [202, 429, 429]
    assert int(response.headers["Retry-After"]) > 0
    sender.process()
    [item] = sender.api.list_items()
    assert item["id"] == response.body["results"][0]["id"]


def test_a_missing_queue_is_an_internal_error(sender: Sender) -> None:
    client("sqs").delete_queue(QueueUrl=get_settings().queue_url)
    response = sender.post(event_json())
    assert get_problem(response) == (500, "internal_error")
    assert "Queue" not in json.dumps(response.body)
    [line] = [one for one in sender.api.lines if one.get("exception_name")]
    assert line["exception_name"] == "QueueRejectedError"


@pytest.mark.parametrize("masks_secrets", ["true", "false"])
def test_secrets_are_masked_before_the_id_is_computed(
    sender: Sender, masks_secrets: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MASK_SECRETS", masks_secrets)
    get_settings.cache_clear()
    details = {"password": "hunter2", "url": "postgres://app:hunter2@db/x"}
    response = sender.post(event_json(tenantId="acme", details=details))
    assert sender.process() == 1
    _, stored = sender.api.get(f"/audit-logs/{response.body['id']}", tenantId="acme")
    if masks_secrets == "true":
        details = {"password": "[masked]", "url": "postgres://app:[masked]@db/x"}
    assert stored["details"] == details


@pytest.mark.parametrize(
    ("claims", "submitted_by"),
    [(None, CALLER), ({**ACME, "sub": "7d1b-42"}, "token:7d1b-42")],
)
def test_the_stored_event_names_the_caller(
    sender: Sender, claims: dict[str, str] | None, submitted_by: str
) -> None:
    forged = {"submittedBy": "arn:aws:iam::123456789012:user/victim"}
    event = event_json(tenantId="acme")
    response = sender.post(event, claims=claims)
    assert sender.post({**event, **forged}, claims=claims).status == 400
    assert sender.process() == 1
    found = sender.api.get(f"/audit-logs/{response.body['id']}", tenantId="acme")[1]
    assert found["submittedBy"] == submitted_by
    [item] = read_items(sender.stack, "AuditEventsTable")
    assert item["submittedBy"] == {"S": submitted_by}


def test_only_the_functions_own_role_may_name_another_submitter(sender: Sender) -> None:
    body = {"type": "log_event", "submittedBy": CALLER, "data": event_json()}
    client("sqs").send_message(QueueUrl=get_settings().queue_url, MessageBody=json.dumps(body))
    assert sender.process() == 1
    [found] = sender.api.list_items()
    assert found["submittedBy"] == DEFAULT_SENDER_ID


def test_a_caller_with_a_long_name_still_fits_in_a_message(sender: Sender) -> None:
    event = event_json(details={"text": ""}, eventId="e", timestamp=TIME)
    claims = {**ACME, "sub": "s" * 600}
    for size in (MAX_MESSAGE_BYTES - 950, MAX_MESSAGE_BYTES - 100):
        event["details"]["text"] = "x" * size
        response = sender.post(event, claims=claims)
        if response.status == 202:
            assert sender.process() == 1
        else:
            assert get_problem(response) == (413, "event_too_large")
    [found] = sender.api.list_items(tenantId="acme")
    assert found["submittedBy"] == "token:" + "s" * 506


@pytest.fixture
def slow_sender(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> Sender:
    """Return a sender to a stack with TenantEventsPerSecond=1, three seconds into a window."""
    sender = Sender(aws)
    time_ms = now_ms() // 10_000 * 10_000 + 3_000
    monkeypatch.setattr(submit_app, "now_ms", lambda: time_ms)
    monkeypatch.setenv("TENANT_EVENTS_PER_SECOND", "1")
    get_settings.cache_clear()
    submit_app.make_rate.cache_clear()
    return sender


def test_a_tenant_has_a_rate_and_the_others_do_not_wait(slow_sender: Sender) -> None:
    events = [event_json(eventId=f"e-{at}") for at in range(100)]
    assert slow_sender.post({"events": events}, claims=ACME).status == 202
    refused = slow_sender.post(event_json(), claims=ACME)
    assert get_problem(refused) == (429, "rate_exceeded")
    assert refused.headers["Retry-After"] == "7"
    several = slow_sender.post(
        {"events": [event_json(tenantId="acme"), event_json(tenantId="beta")]}
    )
    assert [one["status"] for one in several.body["results"]] == [429, 202]
    assert slow_sender.post(event_json(tenantId="gamma")).status == 202


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.RESPONSE_LOST])
def test_without_the_counter_a_request_passes_and_is_counted(
    slow_sender: Sender, fault: Fault
) -> None:
    with inject_fault(0, fault) as calls:
        response = slow_sender.post(event_json())
    assert (response.status, calls) == (202, ["UpdateItem", "SendMessageBatch"])
    [line] = [one for one in slow_sender.api.lines if "AuditRateUnchecked" in one]
    assert line["AuditRateUnchecked"] == [1.0]


def test_without_a_rate_nothing_is_counted(
    slow_sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENANT_EVENTS_PER_SECOND", "0")
    get_settings.cache_clear()
    submit_app.make_rate.cache_clear()
    with inject_fault() as calls:
        assert slow_sender.post(event_json()).status == 202
    assert calls == ["SendMessageBatch"]
