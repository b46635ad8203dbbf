"""The ledger's handler on the template's resources: races, full counter items, tampering."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from ledger.app import lambda_handler
from local.template import ROOT, Stack
from processor.app import lambda_handler as process
from prooftrail.aws.clients import client
from prooftrail.aws.ledger import MAX_PAGES, DynamoLedger
from prooftrail.errors import StoreRejectedError
from prooftrail.event.times import DAY_MS, HOUR_MS, now_ms
from prooftrail.intake.ingest import Message
from prooftrail.runtime.config import get_settings
from tests.support.faults import reject_transactions
from tests.support.samples import bulk_job, event_json, job, message, queue_event
from tests.support.stack import deployed
from tests.support.trail import assert_counted_once, read_items, read_ledger, stream_records

BUCKETS = {"2025-11-24T16", "2025-11-24"}


def store(stack: Stack, *events: dict[str, Any], id: str = "m") -> list[dict[str, Any]]:  # noqa: A002
    """Store the events. Return all records of the stream."""
    assert not process(
        queue_event(replace(message(bulk_job(*events), id), sent_at=now_ms())), None
    )["batchItemFailures"]
    return stream_records(stack)


def read_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_sample_stream_batch(aws: Stack, capsys: pytest.CaptureFixture[str]) -> None:
    event = json.loads(Path(ROOT, "events", "stream-batch.json").read_text(encoding="utf-8"))
    lambda_handler(event, None)
    assert read_ledger(aws).size == 3
    lines = read_lines(capsys)
    tampering = [line for line in lines if line.get("message") == "tampering"]
    assert [(line["level"], line["eventName"]) for line in tampering] == [
        ("ERROR", "MODIFY"),
        ("ERROR", "REMOVE"),
    ]
    assert all(line["eventId"] and line["oldDigest"] for line in tampering)
    assert [line["AuditTamperDetected"] for line in lines if "AuditTamperDetected" in line] == [
        [0.0],
        [1.0],
        [1.0],
    ]
    [committed] = [line for line in lines if "AuditEventsCommitted" in line]
    assert committed["AuditEventsCommitted"] == [3.0]


def test_a_second_put_is_neither_counted_nor_tampering(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    event = event_json(eventId="e", timestamp="2025-11-24T16:00:00Z")
    store(aws, event)
    lambda_handler({"Records": store(aws, event, id="again")}, None)
    assert_counted_once(aws)
    assert not [line for line in read_lines(capsys) if line.get("level") == "ERROR"]


def test_neither_a_long_wait_nor_an_older_message_is_tampering_whatever_the_retention(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Messages that waited for less than the retention, for longer, and for less again."""
    event = event_json(eventId="e", timestamp="2025-11-24T16:00:00Z")
    with deployed({"RetentionDays": "3"}) as stack:
        expiries = []
        for number, days in enumerate((1, 13, 2)):
            sent_at = now_ms() - days * DAY_MS
            process(queue_event(Message(f"m-{number}", job(event), sent_at)), None)
            [item] = read_items(stack, "AuditEventsTable")
            expiries.append(int(item["expiresAt"]["N"]))
        records = stream_records(stack)
        assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "MODIFY"]
        lambda_handler({"Records": records}, None)
    assert expiries == sorted(expiries)
    assert expiries[0] > now_ms() // 1000 + 2 * 86_400
    assert not [line for line in read_lines(capsys) if line.get("level") == "ERROR"]


def test_an_expiry_that_is_brought_forward_is_reported_however_short_the_retention(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """As if a message had been processed again that had waited for nearly as long."""
    with deployed({"RetentionDays": "3"}) as stack:
        store(stack, event_json())
        [item] = read_items(stack, "AuditEventsTable")
        sent_at = now_ms() - 3 * DAY_MS + HOUR_MS
        expiry = {"N": str(sent_at // 1000 + 3 * 86_400)}
        forged = {**item, "receivedAt": {"N": str(sent_at)}, "expiresAt": expiry}
        client("dynamodb").put_item(TableName=stack.resources["AuditEventsTable"], Item=forged)
        lambda_handler({"Records": stream_records(stack)}, None)
    [found] = [line for line in read_lines(capsys) if line.get("message") == "tampering"]
    assert found["reason"] == "a stored event's expiry was brought forward"


def test_changes_that_bypass_the_system_are_reported(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    store(aws, *(event_json(userId=f"u{n}") for n in range(3)))
    changed, removed, expired = read_items(aws, "AuditEventsTable")
    table = aws.resources["AuditEventsTable"]
    dynamodb = client("dynamodb")
    key = {name: changed[name] for name in ("pk", "id")}
    dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET userKey = :other",
        ExpressionAttributeValues={":other": {"S": "default#someone"}},
    )
    dynamodb.delete_item(TableName=table, Key={name: removed[name] for name in ("pk", "id")})
    dynamodb.delete_item(TableName=table, Key={name: expired[name] for name in ("pk", "id")})
    records = stream_records(aws)
    records[-1]["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    lambda_handler({"Records": records}, None)
    tampering = [line for line in read_lines(capsys) if line.get("message") == "tampering"]
    assert [(line["eventId"], line["reason"]) for line in tampering] == [
        (changed["id"]["S"], "a stored event was changed"),
        (removed["id"]["S"], "a stored event was removed"),
    ]
    assert read_ledger(aws).size == 3


def test_tampering_is_reported_even_if_its_batch_cannot_be_committed(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    store(aws, event_json(), event_json(userId="u"))
    [item, _] = read_items(aws, "AuditEventsTable")
    client("dynamodb").delete_item(
        TableName=aws.resources["AuditEventsTable"], Key={name: item[name] for name in ("pk", "id")}
    )
    with (
        reject_transactions(lambda writes: [True] + [False] * (len(writes) - 1)),
        pytest.raises(StoreRejectedError),
    ):
        lambda_handler({"Records": stream_records(aws)}, None)
    lines = read_lines(capsys)
    assert [line["eventId"] for line in lines if line.get("message") == "tampering"] == [
        item["id"]["S"]
    ]
    metrics = [line["AuditTamperDetected"] for line in lines if "AuditTamperDetected" in line]
    assert metrics == [[0.0], [1.0]]
    assert read_ledger(aws).size == 0


def test_an_event_copied_to_another_tenant_is_tampering_and_not_counted(
    aws: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    store(aws, event_json())
    [item] = read_items(aws, "AuditEventsTable")
    copy = {**item, "pk": {"S": "victim#0"}, "actionKey": {"S": "victim#a|b#0"}}
    client("dynamodb").put_item(TableName=aws.resources["AuditEventsTable"], Item=copy)
    lambda_handler({"Records": stream_records(aws)}, None)
    [found] = [line for line in read_lines(capsys) if line.get("message") == "tampering"]
    assert found["reason"] == "an inserted item is not a valid event"
    assert read_ledger(aws).size == 1


def test_two_interleaved_shards_make_one_log(aws: Stack) -> None:
    """Another invocation runs completely before each transaction of the first one."""
    records = store(aws, *(event_json(userId=f"u{n}", action=f"a{n}") for n in range(9)))
    mine, others = records[:3], [records[3:5], records[5:8], records[8:]]
    original = DynamoLedger.commit
    races = iter(others)

    def race_and_commit(self: DynamoLedger, *arguments: Any) -> Any:
        if other := next(races, None):
            lambda_handler({"Records": other}, None)
        return original(self, *arguments)

    with patch.object(DynamoLedger, "commit", race_and_commit):
        lambda_handler({"Records": mine}, None)
    assert_counted_once(aws)
    assert read_ledger(aws).size == 9
    for batch in (mine, *others):
        lambda_handler({"Records": batch}, None)
    assert_counted_once(aws)


def _find_full_items(transaction: Sequence[dict[str, Any]], pages: int) -> list[bool]:
    """Tell for each write whether it goes to one of the first `pages` pages, which are full."""
    refused = {"", *map(str, range(pages)), *(["other"] if pages > MAX_PAGES else [])}
    sorts = [
        write.get("Update", {}).get("Key", {}).get("sk", {}).get("S", "") for write in transaction
    ]
    return [
        sort.partition("~")[0] in BUCKETS and sort.partition("~")[2] in refused for sort in sorts
    ]


@pytest.mark.parametrize("pages", [1, 3])
def test_a_full_counter_item_continues_on_new_pages(aws: Stack, pages: int) -> None:
    """A full item holds 150 counters. A transaction must stay within 100 items."""
    settled = store(aws, event_json(timestamp="2025-11-24T16:30:00Z", action="early"))
    lambda_handler({"Records": settled}, None)
    events = [event_json(action=f"a{n}", timestamp="2025-11-24T16:00:00Z") for n in range(200)]
    elsewhere = event_json(timestamp="2025-11-23T16:00:00Z")
    records = store(aws, *events, elsewhere, id="many")
    with reject_transactions(lambda transaction: _find_full_items(transaction, pages)):
        for _ in range(2):
            lambda_handler({"Records": records[len(settled) :]}, None)
    sorts = {item["sk"]["S"] for item in read_items(aws, "AuditLedgerTable")}
    assert sorts >= {f"{bucket}~{pages}" for bucket in BUCKETS}
    assert_counted_once(aws)


def test_what_fits_no_page_counts_as_other(aws: Stack) -> None:
    """From then on the tenant's hour and day cost one transaction a commit, as others do."""
    times = {"timestamp": "2025-11-24T16:00:00Z", "success": False}
    records = store(aws, *(event_json(action=f"a{n}", **times) for n in range(20)))
    transactions = 0

    def find_full(transaction: Sequence[dict[str, Any]]) -> list[bool]:
        nonlocal transactions
        transactions += 1
        return _find_full_items(transaction, MAX_PAGES)

    with reject_transactions(find_full):
        lambda_handler({"Records": records[:12]}, None)
        assert transactions == MAX_PAGES + 1
        lambda_handler({"Records": records[12:]}, None)
        assert transactions == MAX_PAGES + 2
    ledger = read_ledger(aws)
    assert ledger.size == 20
    assert ledger.counters == {
        (f"counters#default#{span}", bucket): {"(other)|(other)|0": 20}
        for span, bucket in zip(("hour", "day"), ("2025-11-24T16", "2025-11-24"), strict=True)
    }


def test_statistics_never_stop_the_log(aws: Stack) -> None:
    """Not even counters that every page refuses: they are left out, and `reconcile` sets them."""
    records = store(aws, event_json(timestamp="2025-11-24T16:00:00Z"), event_json(tenantId="acme"))
    with reject_transactions(lambda transaction: _find_full_items(transaction, MAX_PAGES + 1)):
        lambda_handler({"Records": records}, None)
    ledger = read_ledger(aws)
    assert ledger.size == 2
    assert not any(
        ledger.counters.get((f"counters#default#{span}", bucket))
        for span, bucket in (("hour", "2025-11-24T16"), ("day", "2025-11-24"))
    )


def test_a_transaction_that_is_too_large_for_its_counters_is_made_smaller(aws: Stack) -> None:
    records = store(aws, event_json(timestamp="2025-11-24T16:00:00Z"))
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def refuse_named(caller: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == "TransactWriteItems" and "user.login" in str(parameters):
            raise ClientError({"Error": {"Code": "ValidationException"}}, name)
        return original(caller, name, parameters)

    with patch.object(BaseClient, "_make_api_call", refuse_named):
        lambda_handler({"Records": records}, None)
    assert read_ledger(aws).counters["counters#default#day", "2025-11-24"] == {
        "(other)|(other)|1": 1
    }


def test_a_tenant_with_large_pages_does_not_cost_the_others_their_counters(aws: Stack) -> None:
    hours = [event_json(tenantId="acme", timestamp=f"2025-11-2{day}T16:00:00Z") for day in (2, 3)]
    records = store(aws, event_json(timestamp="2025-11-24T16:00:00Z"), *hours)
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def refuse_large(caller: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == "TransactWriteItems":
            updates = [each.get("Update", {}) for each in parameters["TransactItems"]]
            large = [one for one in updates if "acme" in str(one) and "user.login" in str(one)]
            if len(large) > 1:
                raise ClientError({"Error": {"Code": "ValidationException"}}, name)
        return original(caller, name, parameters)

    with patch.object(BaseClient, "_make_api_call", refuse_large):
        lambda_handler({"Records": records}, None)
    counters = read_ledger(aws).counters
    assert counters["counters#acme#day", "2025-11-22"] == {"(other)|(other)|1": 1}
    assert counters["counters#default#day", "2025-11-24"] == {"user.login|session|1": 1}


def test_a_ledger_has_one_shard_count(aws: Stack) -> None:
    lambda_handler({"Records": store(aws, event_json())}, None)
    [head] = [item for item in read_items(aws, "AuditLedgerTable") if item["pk"]["S"] == "ledger"]
    assert head["shardCount"] == {"N": str(get_settings().shard_count)}
