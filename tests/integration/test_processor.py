"""The processor's handler with the sample messages, on the template's resources."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger.app import lambda_handler as commit
from local.sqs_poller import make_lambda_record
from local.template import ROOT, Stack
from processor.app import lambda_handler, make_processor
from prooftrail.aws.clients import client
from prooftrail.errors import ShardCountMismatchError
from prooftrail.runtime.config import get_settings
from tests.support.faults import Fault, spoiled
from tests.support.samples import NOW_MS, bulk_job, event_json, job, message, queue_event
from tests.support.stack import cool_down, deployed
from tests.support.trail import assert_counted_once, events_of, items_of, stream_records

NOTHING_LEFT: dict[str, Any] = {"batchItemFailures": []}


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(Path(ROOT, "events", name).read_text(encoding="utf-8"))
    return event


def letters_of(stack: Stack) -> Sequence[tuple[str, dict[str, str]]]:
    """The bodies and attributes in the dead-letter queue."""
    queue = stack.resources["AuditDeadLetterQueue"]
    letters: list[tuple[str, dict[str, str]]] = []
    while (
        received := client("sqs")
        .receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        .get("Messages")
    ):
        for one in received:
            attributes = one["MessageAttributes"].items()
            letters.append(
                (one["Body"], {name: value["StringValue"] for name, value in attributes})
            )
    return letters


def lines_of(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metric(lines: Sequence[dict[str, Any]], name: str) -> float:
    return float(sum(line[name][0] for line in lines if name in line))


@pytest.mark.parametrize(
    ("name", "stored"),
    [("sqs-good.json", 3), ("sqs-bulk.json", 5), ("sqs-unicode.json", 3), ("sqs-oversize.json", 2)],
)
def test_good_messages_are_stored_whole(aws: Stack, name: str, stored: int) -> None:
    event = sample(name)
    assert lambda_handler(event, None) == NOTHING_LEFT
    events = events_of(aws)
    assert len(events) == stored
    assert not letters_of(aws)
    sent = [json.loads(record["body"])["data"] for record in event["Records"]]
    details = [one.get("details") for data in sent for one in data.get("events", [data])]
    for one in events.values():
        details.remove(one.get("details"))
    assert not details


def test_a_payload_over_400_kb_is_in_the_bucket(aws: Stack) -> None:
    lambda_handler(sample("sqs-oversize.json"), None)
    items = items_of(aws, "AuditEventsTable")
    assert sorted("overflow" in item for item in items) == [False, True]
    assert "B" in next(item["event"] for item in items if "event" in item)


def test_an_event_of_many_deliveries_is_stored_once(aws: Stack) -> None:
    for _ in range(2):
        assert lambda_handler(sample("sqs-duplicate.json"), None) == NOTHING_LEFT
    assert len(events_of(aws)) == 1
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)


def test_every_poison_message_is_quarantined_as_it_came_with_its_reason(aws: Stack) -> None:
    event = sample("sqs-poison.json")
    assert lambda_handler(event, None) == NOTHING_LEFT
    assert not events_of(aws)
    letters = letters_of(aws)
    sent = {record["messageId"]: record["body"] for record in event["Records"]}
    assert {letter["sourceMessageId"]: body for body, letter in letters} == sent
    assert len(letters) == len(sent)
    reasons = {letter["sourceMessageId"]: letter for _, letter in letters}
    missing = reasons["461323c6-6029-4f99-89ef-cd112d12c255"]
    assert missing["errorType"] == "InvalidEventError"
    assert missing["errorMessage"] == "Missing required audit fields: action, resourceId"
    types = {letter["errorType"] for letter in reasons.values()}
    assert types == {
        "MalformedJobError",
        "UnknownJobTypeError",
        "InvalidEventError",
        "CanonicalizationError",
    }


def test_of_a_mixed_batch_each_ends_where_it_belongs(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert lambda_handler(sample("sqs-mixed.json"), None) == NOTHING_LEFT
    letters = letters_of(aws)
    stored = len(events_of(aws))
    assert stored >= 3
    assert len(letters) >= 2
    lines = lines_of(capsys)
    assert metric(lines, "AuditEventsLogged") == stored
    assert metric(lines, "AuditEventsFailed") == len(letters)
    failed = [one for one in events_of(aws).values() if not one["success"]]
    assert metric(lines, "AuditedOperationsFailed") == len(failed)


def test_logs_hold_no_payload(aws: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    private = {"details": {"key": "hunter2"}, "userId": "hunter2", "ipAddress": "203.0.113.7"}
    bodies = [job(event_json(**private)), job({**private, "action": "hunter2!"}), "hunter2"]
    messages = [message(body, f"m-{at}") for at, body in enumerate(bodies)]
    with spoiled(1, Fault.REFUSED):
        lambda_handler(queue_event(*messages), None)
    output = capsys.readouterr().out
    assert "hunter2" not in output
    assert "203.0.113.7" not in output
    assert "m-1" in output


def test_without_a_table_events_are_skipped_and_told(
    aws: Stack, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EVENTS_TABLE", "")
    get_settings.cache_clear()
    with spoiled() as calls:
        assert lambda_handler(sample("sqs-bulk.json"), None) == NOTHING_LEFT
    assert not calls
    lines = lines_of(capsys)
    assert metric(lines, "AuditEventsSkipped") == 5
    assert {line.get("reason") for line in lines} == {"database_not_configured"}
    assert "WARNING" in {line.get("level") for line in lines}


def test_another_shard_count_is_refused(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    lambda_handler(sample("sqs-good.json"), None)
    commit({"Records": stream_records(aws)}, None)
    monkeypatch.setenv("SHARD_COUNT", "8")
    cool_down()
    with pytest.raises(ShardCountMismatchError):
        lambda_handler(sample("sqs-bulk.json"), None)
    with pytest.raises(ShardCountMismatchError):
        commit({"Records": stream_records(aws)}, None)
    assert len(events_of(aws)) == 3


def test_retention_is_the_templates() -> None:
    with deployed({"RetentionDays": "30"}) as stack:
        lambda_handler(queue_event(message(job(event_json()))), None)
        [item] = items_of(stack, "AuditEventsTable")
    assert item["expiresAt"] == {"N": str(NOW_MS // 1000 + 30 * 86_400)}


def test_only_what_failed_comes_again_and_after_two_seconds(aws: Stack) -> None:
    """The queue's own visibility timeout is 360 s."""
    queue = aws.resources["AuditQueue"]
    sqs = client("sqs")
    for number in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=job(event_json(tenantId=f"t{number}")))

    def receive() -> list[dict[str, Any]]:
        answer = sqs.receive_message(
            QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]
        )
        return [make_lambda_record(one, "arn") for one in answer.get("Messages", [])]

    records = receive()
    make_processor()
    with spoiled(0, Fault.HALF_DONE) as calls:
        answer = lambda_handler({"Records": records}, None)
    assert calls == ["BatchWriteItem", "ChangeMessageVisibilityBatch"]
    failed = {one["itemIdentifier"] for one in answer["batchItemFailures"]}
    assert len(failed) == 2
    assert not receive()
    time.sleep(2.1)
    again = receive()
    assert {record["messageId"] for record in again} == failed
    assert {record["attributes"]["ApproximateReceiveCount"] for record in again} == {"2"}
    assert lambda_handler({"Records": again}, None) == NOTHING_LEFT
    assert len(events_of(aws)) == 3


def test_ids_that_reach_for_other_keys_stay_in_their_tenant(aws: Stack) -> None:
    reaching = ["acme", "acme#", "#0", "x#acme#0", "a/b", "\u00e9\U0001f600", "acme.x", "~1", "|1"]
    events = [
        event_json(tenantId=tenant, userId=one, resourceId=one, resourceType="acme", success=False)
        for tenant in ("acme", "acme.x", "acme-x", "a")
        for one in reaching
    ]
    assert lambda_handler(queue_event(message(bulk_job(*events))), None) == NOTHING_LEFT
    assert len(events_of(aws)) == len(events)
    for item in items_of(aws, "AuditEventsTable"):
        tenant = json.loads(item["event"]["S"])["tenantId"]
        for key in ("pk", "userKey", "resourceKey", "actionKey", "failureKey"):
            assert item[key]["S"].split("#")[0] == tenant
    for tenant in ("acme", "acme.x", "acme-x", "a"):
        for one in reaching:
            found = client("dynamodb").query(
                TableName=aws.resources["AuditEventsTable"],
                IndexName="byUser",
                KeyConditionExpression="userKey = :key",
                ExpressionAttributeValues={":key": {"S": f"{tenant}#{one}"}},
            )["Items"]
            assert len(found) == 1
    commit({"Records": stream_records(aws)}, None)
    assert_counted_once(aws)
