"""Stored bytes are not trusted more than sent ones: each poisoned item goes through every reader.

One bad item is one finding or one unreadable event. It hides no other event and stops nothing.
"""

import json
import tracemalloc
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.query.ports import StoredEvent, UnreadableEvent
from prooftrail.runtime.config import get_settings
from tests.support.api import Api
from tests.support.command_line import make_runtime, prooftrail, run_json, run_ndjson, store_events
from tests.support.log_samples import make_verifier_key
from tests.support.poison import POISONS, SHARDS, TENANT, make_bomb, make_poison
from tests.support.prepared import prepare
from tests.support.trail import read_items, read_ledger, read_signing_key, stream_records

HONEST = 6
IDS = {item["id"]["S"] for item in POISONS.values()}
FIELDS: Mapping[str, Any] = {
    "tenantId": TENANT,
    "timestamp": "2025-11-24T16:00:00Z",
    "success": False,
}


@pytest.fixture
def trail(aws: Stack) -> Stack:
    """A published trail of honest events, in which somebody has put every poisoned item."""
    prepare(aws, poison)
    return aws


def poison(stack: Stack) -> None:
    publish_honest(stack)
    put_items(POISONS.values())


def publish_honest(stack: Stack) -> None:
    store_events(stack, *({**FIELDS, "eventId": f"e-{n}"} for n in range(HONEST)))
    runtime = make_runtime(stack)
    runtime.invoke("LedgerFunction", {"Records": stream_records(stack)})
    runtime.invoke("CheckpointFunction", {})


def put_items(items: Iterable[Mapping[str, Any]]) -> None:
    """Put items into the table of events past every check."""
    for item in items:
        client("dynamodb").put_item(TableName=get_settings().events_table, Item=item)


def list_honest(stack: Stack) -> set[str]:
    return {item["id"]["S"] for item in read_items(stack, "AuditEventsTable")} - IDS


def split_unreadable(events: Sequence[Mapping[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the ids of the readable and of the unreadable events, each of them once."""
    assert len({event["id"] for event in events}) == len(events)
    unreadable = {event["id"] for event in events if "unreadable" in event}
    return {event["id"] for event in events} - unreadable, unreadable


def test_the_ledger_tells_of_each_and_commits_the_rest(trail: Stack) -> None:
    lines: list[dict[str, Any]] = []
    runtime = Runtime(trail.functions, lambda _, line: lines.append(json.loads(line)))
    removed, *_ = list_honest(trail)
    [item] = [one for one in read_items(trail, "AuditEventsTable") if one["id"]["S"] == removed]
    client("dynamodb").delete_item(
        TableName=get_settings().events_table, Key={"pk": item["pk"], "id": item["id"]}
    )
    store_events(trail, {**FIELDS, "eventId": "late"}, {**FIELDS, "tenantId": "globex"})
    runtime.invoke("LedgerFunction", {"Records": stream_records(trail)[HONEST:]})
    found = [line for line in lines if line.get("message") == "tampering"]
    assert {line["eventId"] for line in found} == IDS | {removed}
    assert len(found) == len(IDS) + 1
    assert sum(line.get("AuditTamperDetected", [0.0])[0] for line in lines) == len(found)
    assert read_ledger(trail).size == HONEST + 2


def test_a_page_shows_each_as_unreadable(trail: Stack) -> None:
    api, honest = Api(trail), list_honest(trail)
    for parameters in ({}, {"success": "false"}, {"action": "user.login"}):
        status, page = api.get("/audit-logs", tenantId=TENANT, limit=1_000, **parameters)
        readable, unreadable = split_unreadable(page["items"])
        assert (status, readable, page["nextCursor"]) == (200, honest, None)
        assert unreadable <= IDS
        if not parameters:
            assert unreadable == IDS


def test_small_pages_and_the_command_line_show_the_same(trail: Stack) -> None:
    code, events = run_ndjson("query", "--all", "--tenant", TENANT)
    assert split_unreadable(events) == (list_honest(trail), IDS)
    assert code in {0, 1}
    assert prooftrail("query", "--tenant", TENANT, "--all").exit_code == code
    api, events = Api(trail), []
    cursor: dict[str, Any] = {}
    while cursor != {"cursor": None}:
        _, page = api.get("/audit-logs", tenantId=TENANT, limit=7, **cursor)
        events += page["items"]
        cursor = {"cursor": page["nextCursor"]}
    assert split_unreadable(events) == (list_honest(trail), IDS)


def test_one_event_is_refused_with_an_error(trail: Stack) -> None:
    api = Api(trail)
    for name, item in POISONS.items():
        for path in ("", "/proof"):
            status, body = api.get(f"/audit-logs/{item['id']['S']}{path}", tenantId=TENANT)
            assert (status, body["error"]["code"]) == (500, "internal_error"), name
    for name in ("a list as success", "a bomb", "nested 20,000 deep"):
        result = prooftrail("get", POISONS[name]["id"]["S"], "--tenant", TENANT)
        assert result.exit_code not in {0, 2}


def test_a_verification_names_each_once(trail: Stack) -> None:
    origin = trail.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
    key = str(make_verifier_key(origin, read_signing_key(trail)))
    _, verdict = run_json("verify", "trail", "--key", key)
    assert {finding["eventId"] for finding in verdict["findings"]} == IDS
    assert len(verdict["findings"]) == len(IDS)
    assert verdict["stored"] == HONEST + len(IDS)


def test_reconcile_leaves_each_alone(trail: Stack) -> None:
    for options in ([], ["--apply"]):
        code, plan = run_json("reconcile", *options)
        assert (code, plan["unlogged"], plan["waiting"]) == (0, [], 0)
    assert read_ledger(trail).size == HONEST


def test_an_export_says_what_it_could_not_read(trail: Stack) -> None:
    """The exporter looks events up by the log's entries; each look-up of 100 survives all of it."""
    conf = get_settings()
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    reader = DynamoEventReader(client("dynamodb"), conf.events_table, SHARDS, payloads)
    addresses = [(TENANT, event_id) for event_id in sorted(IDS | list_honest(trail))]
    found = reader.get_many(addresses)
    unreadable = {event.id for event in found if isinstance(event, UnreadableEvent)}
    readable = {event.id for event in found if isinstance(event, StoredEvent)}
    assert (readable, unreadable) == (list_honest(trail), IDS)


def test_a_cleanup_keeps_each_as_evidence(trail: Stack) -> None:
    _, summary = run_json("cleanup", "--tenant", TENANT, "--before", "2025-11-25", "--dry-run")
    assert (summary["found"], summary["unsound"]) == (HONEST, len(IDS))


def test_a_report_counts_each_as_unreadable(trail: Stack) -> None:
    days = ("--tenant", TENANT, "--from", "2025-11-24", "--to", "2025-11-24")
    _, report = run_json("report", *days)
    assert report["summary"]["unreadable"] == len(IDS)
    assert (report["summary"]["total"], report["summary"]["failed"]) == (HONEST, HONEST)


@pytest.mark.usefixtures("aws")
def test_a_page_of_bombs_needs_little_memory() -> None:
    """One item of 388 KB unpacked to 826 MiB, and a page holds many."""
    conf = get_settings()
    bomb = make_bomb(380)
    assert 380_000 < len(bomb) < 400_000
    items = [make_poison(b"%d" % number, {}, bomb) for number in range(8)]
    put_items(items)
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    reader = DynamoEventReader(client("dynamodb"), conf.events_table, SHARDS, payloads)
    addresses = [(TENANT, item["id"]["S"]) for item in items]
    tracemalloc.start()
    try:
        found = reader.get_many(addresses)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found) == 8
    assert all(isinstance(event, UnreadableEvent) for event in found)
    assert peak < 60 * 1024 * 1024


def test_a_key_that_is_no_id_is_in_no_page(aws: Stack) -> None:
    """It sorts among the tenant's events, and no cursor could continue after it."""
    prepare(aws, publish_honest)
    honest = list_honest(aws)
    strange = ["01KAV9FT00!", "01KAV9FT00\ue000", "01KAV9FT00", "01KAV9FT00" + "u" * 16]
    template, *others = [item for name, item in POISONS.items() if name.startswith("a list as")]
    put_items([template, *others])
    put_items(
        {**template, "pk": {"S": f"{TENANT}#{shard}"}, "id": {"S": text}}
        for text in strange
        for shard in range(SHARDS)
    )
    poisoned = {item["id"]["S"] for item in (template, *others)}
    api, cursor = Api(aws), ""
    seen: set[str] = set()
    while True:
        parameters = {"cursor": cursor} if cursor else {}
        status, page = api.get("/audit-logs", tenantId=TENANT, limit=1, **parameters)
        assert status == 200
        seen |= {event["id"] for event in page["items"]}
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == poisoned | honest
    _, report = run_json("report", "--tenant", TENANT, "--from", "2025-11-24", "--to", "2025-11-24")
    assert report["summary"]["unreadable"] == len(poisoned)
