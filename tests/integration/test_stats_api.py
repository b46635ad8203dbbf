"""`GET /audit-logs/stats` and `/metrics`: from the queue through the ledger to the response."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from local.metrics import MetricSink
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.intake.ingest import Message
from prooftrail.query import stats
from prooftrail.runtime.config import get_settings
from tests.support.api import Api, load_sample
from tests.support.faults import Fault, inject_fault
from tests.support.samples import bulk_job, event_json, job, message, queue_event
from tests.support.trail import assert_counted_once, stream_records

DAY = {"startDate": "2025-11-24", "endDate": "2025-11-24"}


@pytest.fixture
def api(aws: Stack) -> Api:
    return Api(aws, MetricSink(client("cloudwatch")))


def process(api: Api, stack: Stack, *messages: Message) -> None:
    """Process the messages and commit their events to the ledger."""
    api.runtime.invoke("ProcessorFunction", queue_event(*messages))
    api.runtime.invoke("LedgerFunction", {"Records": stream_records(stack)})
    assert_counted_once(stack)


def make_messages() -> list[Message]:
    """Return messages with 20 events at 2025-11-24T16: 15 of acme, 5 of default, 5 failures."""
    events = [
        event_json(
            eventId=f"e-{number}",
            tenantId="acme" if number % 4 else "default",
            userId=["ada", "ada#", "bob"][number % 3],
            action=["user.login", "user.logout", "Microsoft.Sql/servers/write"][number % 3],
            resourceType="pods/exec",
            success=number % 4 != 1,
        )
        for number in range(20)
    ]
    return [message(bulk_job(*events[:10]), "m-1"), message(bulk_job(*events[10:]), "m-2")]


def test_the_samples_are_counted(aws: Stack, api: Api) -> None:
    api.runtime.invoke("ProcessorFunction", load_sample("sqs-good.json"))
    api.runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    status, counted = api.send(load_sample("api-stats.json"))
    assert status == 200
    assert counted["total"] > 0
    assert len(counted["series"]) == 2
    status, of_user = api.send(load_sample("api-stats-user.json"))
    assert status == 200
    assert 0 < of_user["total"] <= counted["total"]
    assert api.send(load_sample("api-metrics.json"))[0] == 200


def test_the_counts_are_those_of_the_events(aws: Stack, api: Api) -> None:
    process(api, aws, *make_messages())
    status, counted = api.get("/audit-logs/stats", tenantId="acme", **DAY, interval="hour")
    assert status == 200
    series = counted.pop("series")
    assert counted == {
        "startDate": "2025-11-24T00:00:00.000Z",
        "endDate": "2025-11-24T23:59:59.999Z",
        "total": 15,
        "successful": 10,
        "failed": 5,
        "successRate": 66.67,
        "actionBreakdown": [
            {"action": "Microsoft.Sql/servers/write", "count": 5, "failed": 2},
            {"action": "user.login", "count": 5, "failed": 1},
            {"action": "user.logout", "count": 5, "failed": 2},
        ],
        "resourceTypeBreakdown": [{"resourceType": "pods/exec", "count": 15, "failed": 5}],
    }
    assert len(series) == 24
    assert {one["start"]: one["total"] for one in series if one["total"]} == {
        "2025-11-24T16:00:00.000Z": 15
    }


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"action": "user.login"},
        {"action": "user.*"},
        {"action": "Microsoft.Sql/servers/write"},
        {"action": "Microsoft.Sql/*"},
        {"resourceType": "pods/exec"},
        {"resourceType": "none"},
        {"action": "user.*", "resourceType": "pods/exec"},
    ],
    ids=str,
)
def test_counters_and_rows_agree(aws: Stack, api: Api, parameters: dict[str, str]) -> None:
    """The rows of all users add up to the counters."""
    process(api, aws, *make_messages())
    query = {"tenantId": "acme", **DAY, **parameters}
    _, whole = api.get("/audit-logs/stats", **query)
    by_user = [
        api.get("/audit-logs/stats", **query, userId=user)[1] for user in ("ada", "ada#", "bob")
    ]
    for name in ("total", "successful", "failed"):
        assert whole[name] == sum(one[name] for one in by_user)
    listed = {name: text for name, text in query.items() if name != "resourceType"}
    kind = parameters.get("resourceType")
    assert whole["total"] == len(
        [one for one in api.list_items(**listed) if kind in (None, one["resourceType"])]
    )


def test_events_that_are_delivered_twice_are_counted_once(aws: Stack, api: Api) -> None:
    process(api, aws, *make_messages())
    process(api, aws, *make_messages())
    assert api.get("/audit-logs/stats", tenantId="acme", **DAY)[1]["total"] == 15


def test_a_token_counts_only_events_of_its_tenant(aws: Stack, api: Api) -> None:
    process(api, aws, *make_messages())
    claims = {"custom:tenantId": "default"}
    assert api.get("/audit-logs/stats", claims=claims, **DAY)[1]["total"] == 5
    assert api.get("/audit-logs/stats", claims=claims, tenantId="acme", **DAY)[0] == 403
    assert api.get("/audit-logs/stats", claims={"sub": "1"}, **DAY)[0] == 403
    nobody = {"custom:tenantId": "acm"}
    assert api.get("/audit-logs/stats", claims=nobody, **DAY)[1]["total"] == 0
    assert api.get("/audit-logs/stats", claims=nobody, userId="ada", **DAY)[1]["total"] == 0


def test_without_events_all_counts_are_zero(api: Api) -> None:
    status, counted = api.get("/audit-logs/stats")
    assert status == 200
    assert (counted["total"], counted["successRate"], counted["actionBreakdown"]) == (0, 0.0, [])


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"startDate": "2025-03-02", "endDate": "2025-03-01"}, "invalid_query", "startDate"),
        ({"interval": "week"}, "invalid_query", "interval"),
        ({"requestId": "r"}, "invalid_query", "requestId"),
        ({"startDate": "2024-01-01", "interval": "hour"}, "range_too_large", "interval"),
        ({"startDate": "1970-01-01", "interval": "day"}, "range_too_large", "interval"),
    ],
)
def test_a_query_with_a_wrong_or_unbounded_range_is_refused(
    api: Api, parameters: dict[str, str], code: str, field: str
) -> None:
    status, body = api.get("/audit-logs/stats", **parameters)
    assert (status, body["error"]["code"]) == (400, code)
    assert [one["field"] for one in body["error"]["fields"]] == [field]


def test_a_user_with_too_many_events_is_refused(
    aws: Stack, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stats, "MAX_USER_ROWS", 3)
    process(api, aws, *make_messages())
    status, body = api.get("/audit-logs/stats", tenantId="acme", userId="ada", **DAY)
    assert (status, body["error"]["code"]) == (400, "range_too_large")


def test_the_metrics_are_those_that_the_functions_emit(aws: Stack, api: Api) -> None:
    bad: Any = {"action": "user.login"}
    process(api, aws, *make_messages(), message(job(bad), "m-3"))
    for body in ("one", "two"):
        client("sqs").send_message(QueueUrl=get_settings().queue_url, MessageBody=body)
    client("sqs").receive_message(QueueUrl=get_settings().queue_url, MaxNumberOfMessages=1)
    status, snapshot = api.get("/audit-logs/metrics")
    assert status == 200
    assert snapshot["audit"] == {"eventsLogged": 20, "eventsFailed": 1, "successRate": 95.24}
    jobs = snapshot["jobs"]["audit"]
    assert jobs.pop("averageDuration") > 0
    assert jobs == {
        "queued": 1,
        "active": 1,
        "deadLettered": 1,
        "deadLettersByReason": [{"reason": "InvalidEventError", "count": 1}],
        "completed": 20,
        "failed": 1,
        "successRate": 95.24,
        "throughput": 0.014,
        "oldestMessageSeconds": None,
    }
    assert snapshot["ledger"] == {"committed": 20}


def test_dead_letters_are_counted_by_reason(aws: Stack, api: Api) -> None:
    """Those that were sent, once each; not those that SQS moved, and whether still there or not."""
    bad: Any = {"action": "user.login"}
    messages = {
        "m-1": message(bulk_job(event_json(), bad, bad), "m-1"),
        "m-2": message(job(bad), "m-2"),
        "m-3": message("{", "m-3"),
        "m-4": message('{"type": "none"}', "m-4"),
    }
    with inject_fault(2, Fault.HALF_DONE) as calls:
        response = api.runtime.invoke("ProcessorFunction", queue_event(*messages.values()))
    assert calls[2] == "SendMessageBatch"
    left = [messages[each["itemIdentifier"]] for each in response["batchItemFailures"]]
    assert len(left) == 2
    assert read_dead_letters(api) == (2, {"InvalidEventError": 2})
    api.runtime.invoke("ProcessorFunction", queue_event(*left))
    counted = {"InvalidEventError": 2, "MalformedJobError": 1, "UnknownJobTypeError": 1}
    assert read_dead_letters(api) == (4, counted)
    url = get_settings().dead_letter_queue_url
    client("sqs").send_message(QueueUrl=url, MessageBody="{}")  # as SQS moves one
    assert read_dead_letters(api) == (5, counted)
    client("sqs").purge_queue(QueueUrl=url)
    assert read_dead_letters(api) == (0, counted)


def read_dead_letters(api: Api) -> tuple[int, dict[str, int]]:
    """Return how many messages the dead-letter queue has, and how many were sent, by reason."""
    _, snapshot = api.get("/audit-logs/metrics")
    jobs = snapshot["jobs"]["audit"]
    by_reason = {each["reason"]: each["count"] for each in jobs["deadLettersByReason"]}
    return jobs["deadLettered"], by_reason


def test_the_metrics_tell_of_the_oldest_message_and_the_stacks_alarms(api: Api) -> None:
    conf = get_settings()
    watched = client("cloudwatch")
    queue = conf.queue_url.rpartition("/")[2]
    watched.put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
                "Timestamp": datetime.now(UTC) - timedelta(minutes=minutes),
                "Value": value,
            }
            for minutes, value in ((20, 7.0), (1, 90.0))
        ],
    )
    states: dict[str, Literal["ALARM", "OK"]] = {"DeadLetters-1": "ALARM", "Errors-2": "OK"}
    for name, state in states.items():
        alarm = f"{conf.stack_name}-{name}"
        watched.put_metric_alarm(
            AlarmName=alarm, EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold"
        )
        watched.set_alarm_state(AlarmName=alarm, StateValue=state, StateReason="a test")
    for other in ("another-stack-1", f"{conf.stack_name}-another-Errors-1"):
        watched.put_metric_alarm(
            AlarmName=other, EvaluationPeriods=1, ComparisonOperator="GreaterThanThreshold"
        )
    _, snapshot = api.get("/audit-logs/metrics")
    assert snapshot["jobs"]["audit"]["oldestMessageSeconds"] == 90.0
    alarms = {
        each["name"].removeprefix(f"{conf.stack_name}-"): each["state"]
        for each in snapshot["alarms"]
    }
    assert alarms["DeadLetters-1"] == "ALARM"
    assert alarms["Errors-2"] == "OK"
    assert not any("another" in name for name in alarms)


def test_metrics_take_no_parameters(api: Api) -> None:
    status, body = api.get("/audit-logs/metrics", tenantId="acme")
    assert (status, [one["field"] for one in body["error"]["fields"]]) == (400, ["tenantId"])


@pytest.mark.parametrize("path", ["/audit-logs/stats", "/audit-logs/metrics"])
def test_after_a_failed_call_the_response_says_to_retry(api: Api, path: str) -> None:
    api.runtime.invoke("ProcessorFunction", queue_event(message("{")))  # the reasons are read too
    with inject_fault() as calls:
        assert api.get(path)[0] == 200
    needed = [call for call in calls if call != "SendMessageBatch"]  # the read's record
    for nth in range(len(needed) - 1):  # a warm function does not read the ledger's head
        for fault in (Fault.REFUSED, Fault.RESPONSE_LOST):
            with inject_fault(nth, fault):
                status, body = api.get(path)
            assert (status, body["error"]["code"]) == (503, "store_unavailable")
    assert api.get(path)[0] == 200


def test_statistics_create_only_the_clients_that_they_need(api: Api) -> None:
    with inject_fault() as calls:
        assert api.get("/audit-logs/stats")[0] == 200
    assert set(calls) == {"GetItem", "Query", "SendMessageBatch"}
