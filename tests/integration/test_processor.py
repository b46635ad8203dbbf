"""The handler of the processor with the sample messages, on the resources of the template."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.app import lambda_handler as commit
from local.sqs_poller import make_lambda_record
from local.template import ROOT, Stack
from processor.app import check_shard_count, lambda_handler
from prooftrail.aws.clients import client
from prooftrail.errors import ShardCountMismatchError
from prooftrail.event import times
from prooftrail.runtime.config import get_settings
from tests.support.faults import Fault, inject_fault
from tests.support.samples import bulk_job, event_json, job, message, queue_event
from tests.support.stack import cool_down, deployed
from tests.support.trail import assert_counted_once, read_events, read_items, stream_records

NOTHING_LEFT: dict[str, Any] = {"batchItemFailures": []}


def load_sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(Path(ROOT, "events", name).read_text(encoding="utf-8"))
    return event


def receive_dead_letters(stack: Stack) -> Sequence[tuple[str, dict[str, str]]]:
    """Return the bodies and attributes of the messages in the dead-letter queue."""
    queue = stack.resources["AuditDeadLetterQueue"]
    dead_letters: list[tuple[str, dict[str, str]]] = []
    while (
        received := client("sqs")
        .receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        for one in received:
            attributes = one["MessageAttributes"].items()
            dead_letters.append(
                (one["Body"], {name: value["StringValue"] for name, value in attributes})
            )
    return dead_letters


def read_log_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def sum_metric(lines: Sequence[dict[str, Any]], name: str) -> float:
    return float(sum(line[name][0] for line in lines if name in line))


@pytest.mark.parametrize(
    ("name", "stored"),
    [("sqs-good.json", 3), ("sqs-bulk.json", 5), ("sqs-unicode.json", 3), ("sqs-oversize.json", 2)],
)
def test_good_messages_are_stored_completely(aws: Stack, name: str, stored: int) -> None:
    event = load_sample(name)
    assert lambda_handler(event, None) == NOTHING_LEFT
    events = read_events(aws)
    assert len(events) == stored
    assert not receive_dead_letters(aws)
    sent = [json.loads(record["body"])["data"] for record in event["Records"]]
    details = [one.get("details") for data in sent for one in data.get("events", [data])]
    for one in events.values():
        details.remove(one.get("details"))
    assert not details


def test_a_payload_over_400_kb_is_in_the_bucket(aws: Stack) -> None:
    lambda_handler(load_sample("sqs-oversize.json"), None)
    items = read_items(aws, "AuditEventsTable")
    assert sorted("overflow" in item for item in items) == [False, True]
    assert "B" in next(item["event"] for item in items if "event" in item)


def test_an_event_that_is_delivered_repeatedly_is_stored_once(aws: Stack) -> None:
    for _ in range(2):
        assert lambda_handler(load_sample("sqs-duplicate.json"), None) == NOTHING_LEFT
    assert len(read_events(aws)) == 1
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)


def test_every_bad_message_is_quarantined_unchanged_with_the_reason(aws: Stack) -> None:
    event = load_sample("sqs-poison.json")
    assert lambda_handler(event, None) == NOTHING_LEFT
    assert not read_events(aws)
    dead_letters = receive_dead_letters(aws)
    sent = {record["messageId"]: record["body"] for record in event["Records"]}
    assert {each["sourceMessageId"]: body for body, each in dead_letters} == sent
    assert len(dead_letters) == len(sent)
    reasons = {each["sourceMessageId"]: each for _, each in dead_letters}
    missing = reasons["461323c6-6029-4f99-89ef-cd112d12c255"]
    assert missing["errorType"] == "InvalidEventError"
    assert missing["errorMessage"] == "Missing required audit fields: action, resourceId"
    types = {each["errorType"] for each in reasons.values()}
    assert types == {
        "MalformedJobError",
        "UnknownJobTypeError",
        "InvalidEventError",
        "CanonicalizationError",
    }


def test_a_mixed_batch_is_stored_and_quarantined(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lambda_handler(load_sample("sqs-mixed.json"), None) == NOTHING_LEFT
    dead_letters = receive_dead_letters(aws)
    stored = len(read_events(aws))
    assert stored >= 3
    assert len(dead_letters) >= 2
    lines = read_log_lines(capsys)
    assert sum_metric(lines, "AuditEventsLogged") == stored
    assert sum_metric(lines, "AuditEventsFailed") == len(dead_letters)
    failed = [one for one in read_events(aws).values() if not one["success"]]
    assert sum_metric(lines, "AuditedOperationsFailed") == len(failed)


def test_logs_contain_no_payload(aws: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    private = {"details": {"key": "hunter2"}, "userId": "hunter2", "ipAddress": "203.0.113.7"}
    bodies = [job(event_json(**private)), job({**private, "action": "hunter2!"}), "hunter2"]
    messages = [message(body, f"m-{at}") for at, body in enumerate(bodies)]
    with inject_fault(1, Fault.REFUSED):
        lambda_handler(queue_event(*messages), None)
    output = capsys.readouterr().out
    assert "hunter2" not in output
    assert "203.0.113.7" not in output
    assert "m-1" in output


def test_without_a_table_events_are_skipped_and_counted(
    aws: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVENTS_TABLE", "")
    get_settings.cache_clear()
    with inject_fault() as calls:
        assert lambda_handler(load_sample("sqs-bulk.json"), None) == NOTHING_LEFT
    assert not calls
    lines = read_log_lines(capsys)
    assert sum_metric(lines, "AuditEventsSkipped") == 5
    assert {line.get("reason") for line in lines} == {"database_not_configured"}
    assert "WARNING" in {line.get("level") for line in lines}


def test_another_shard_count_is_refused(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    lambda_handler(load_sample("sqs-good.json"), None)
    commit({"Records": stream_records(aws)}, None)
    monkeypatch.setenv("SHARD_COUNT", "8")
    cool_down()
    event = load_sample("sqs-bulk.json")
    assert lambda_handler(event, None) == {
        "batchItemFailures": [{"itemIdentifier": each["messageId"]} for each in event["Records"]]
    }
    with pytest.raises(ShardCountMismatchError):
        commit({"Records": stream_records(aws)}, None)
    assert len(read_events(aws)) == 3


def test_retention_comes_from_the_template() -> None:
    with deployed({"RetentionDays": "30"}) as stack:
        before = times.now_ms()
        lambda_handler(queue_event(message(job(event_json()))), None)  # was sent long ago
        [item] = read_items(stack, "AuditEventsTable")
    stored_at = int(item["storedAt"]["N"])
    assert before <= stored_at <= times.now_ms()
    assert item["expiresAt"] == {"N": str(stored_at // 1000 + 30 * 86_400)}


def test_only_failed_messages_are_delivered_again_after_two_seconds(aws: Stack) -> None:
    """The visibility timeout of the queue itself is 360 s."""
    queue = aws.resources["AuditQueue"]
    sqs = client("sqs")
    for number in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=job(event_json(tenantId=f"t{number}")))

    def receive() -> list[dict[str, Any]]:
        response = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return [make_lambda_record(one, "arn") for one in response.get("Messages", [])]

    records = receive()
    check_shard_count()
    with inject_fault(0, Fault.HALF_DONE) as calls:
        response = lambda_handler({"Records": records}, None)
    assert calls == ["BatchWriteItem", "ChangeMessageVisibilityBatch"]
    failed = {one["itemIdentifier"] for one in response["batchItemFailures"]}
    assert len(failed) == 2
    assert not receive()
    time.sleep(2.1)
    again = receive()
    assert {record["messageId"] for record in again} == failed
    assert {record["attributes"]["ApproximateReceiveCount"] for record in again} == {"2"}
    assert lambda_handler({"Records": again}, None) == NOTHING_LEFT
    assert len(read_events(aws)) == 3


def test_ids_that_look_like_keys_stay_in_their_tenant(aws: Stack) -> None:
    ids = ["acme", "acme#", "#0", "x#acme#0", "a/b", "\u00e9\U0001f600", "acme.x", "~1", "|1"]
    events = [
        event_json(tenantId=tenant, userId=one, resourceId=one, resourceType="acme", success=False)
        for tenant in ("acme", "acme.x", "acme-x", "a")
        for one in ids
    ]
    assert lambda_handler(queue_event(message(bulk_job(*events))), None) == NOTHING_LEFT
    assert len(read_events(aws)) == len(events)
    for item in read_items(aws, "AuditEventsTable"):
        tenant = json.loads(item["event"]["S"])["tenantId"]
        for key in ("pk", "userKey", "resourceKey", "actionKey", "failureKey"):
            assert item[key]["S"].split("#")[0] == tenant
    for tenant in ("acme", "acme.x", "acme-x", "a"):
        for one in ids:
            found = client("dynamodb").query(
                TableName=aws.resources["AuditEventsTable"],
                IndexName="byUser",
                KeyConditionExpression="userKey = :key",
                ExpressionAttributeValues={":key": {"S": f"{tenant}#{one}"}},
            )["Items"]
            assert len(found) == 1
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)
