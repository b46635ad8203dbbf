"""`prooftrail reconcile` repairs what is missing once, and changes nothing else."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from click.testing import CliRunner, Result

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.published_log import S3PublishedLog
from prooftrail.aws.reference_store import DynamoReferenceStore
from prooftrail.aws.references import is_reference
from prooftrail.aws.trail import DynamoTrail
from prooftrail.cli.main import main
from prooftrail.errors import AuditLogError, StoreRejectedError
from prooftrail.event import keys
from prooftrail.event.times import DAY_MS, HOUR_MS, now_ms
from prooftrail.intake.ingest import Message
from prooftrail.ledger.commit import Commit
from prooftrail.operate.reconcile import RepairPlanner
from prooftrail.operate.repair import Repairer
from prooftrail.progress import NoProgress
from prooftrail.verify.database import TrailDatabase
from tests.support.clock import clock_ahead
from tests.support.command_line import get_stack_name
from tests.support.faults import Select, at_calls, inject_fault, reject_transactions
from tests.support.log_samples import make_verifier_key
from tests.support.samples import bulk_job, event_json, queue_event
from tests.support.stack import deployed
from tests.support.trail import (
    assert_counted_once,
    read_items,
    read_ledger,
    read_signing_key,
    stream_records,
)

COUNT = 120


@pytest.fixture
def runtime(aws: Stack) -> Runtime:
    """The functions of the stack."""
    return Runtime(aws.functions, lambda _name, _line: None)


def store_events(runtime: Runtime, first: int, count: int, **fields: Any) -> None:
    """Let the processor store `count` events, of two tenants and five hours."""
    events = [
        event_json(
            eventId=f"e-{n}",
            tenantId=("acme", "initech")[n % 2],
            timestamp=f"2025-11-24T{n % 5 + 10}:00:{n % 60:02d}Z",
            success=n % 3 != 0,
            **fields,
        )
        for n in range(first, first + count)
    ]
    sent_now = Message(f"m-{first}", bulk_job(*events), now_ms(), 1)
    runtime.invoke("ProcessorFunction", queue_event(sent_now))


@pytest.fixture
def trail(aws: Stack, runtime: Runtime) -> Stack:
    """A trail of committed and published events."""
    publish_events(aws, runtime, COUNT)
    return aws


@pytest.fixture
def tiled_trail(aws: Stack, runtime: Runtime) -> Stack:
    """A trail of 300 committed and published events, which have a full tile."""
    publish_events(aws, runtime, 300)
    return aws


def publish_events(stack: Stack, runtime: Runtime, count: int) -> None:
    """Store, commit and publish so many events."""
    store_events(runtime, 0, count)
    runtime.invoke("LedgerFunction", {"Records": stream_records(stack)})
    runtime.invoke("CheckpointFunction", {})


def reconcile(stack: Stack, *options: str) -> tuple[int, Mapping[str, Any]]:
    """Run the command. Return exit code and output."""
    result = run(stack, "--json", *options)
    return result.exit_code, json.loads(result.stdout)


def reconcile_later(stack: Stack, *options: str) -> tuple[int, Mapping[str, Any]]:
    """Run the command when the stream has forgotten what is stored now."""
    with clock_ahead(26):
        return reconcile(stack, *options)


def run(stack: Stack, *options: str, command: Sequence[str] = ("reconcile",)) -> Result:
    """Run the command on this stack."""
    result = CliRunner().invoke(main, [*command, "--stack", get_stack_name(), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def read_everything(stack: Stack) -> Mapping[str, Any]:
    """Return all items of both tables, and all objects of the log's bucket."""
    tables = {
        name: sorted(read_items(stack, name), key=repr)
        for name in ("AuditEventsTable", "AuditLedgerTable")
    }
    objects = client("s3").list_objects_v2(Bucket=stack.resources["LogBucket"])
    return {**tables, "log": [(stored["Key"], stored["ETag"]) for stored in objects["Contents"]]}


NOTHING = {
    "unlogged": [],
    "waiting": 0,
    "forged": [],
    "counters": [],
    "unreferenced": [],
    "orders": [],
    "tenants": [],
    "tiles": [],
    "alteredTiles": [],
    "unplaced": [],
    "repaired": None,
}


def test_an_intact_trail_needs_no_repair(trail: Stack) -> None:
    before = read_everything(trail)
    assert reconcile(trail) == (0, NOTHING)
    assert reconcile(trail, "--apply") == (0, NOTHING)
    assert run(trail).stdout == "nothing to repair\n"
    assert read_everything(trail) == before


def test_events_that_the_stream_lost_are_committed_once(trail: Stack, runtime: Runtime) -> None:
    store_events(runtime, 300, 40)
    before = read_everything(trail)
    code, plan = reconcile(trail)
    assert (code, plan["unlogged"], plan["waiting"]) == (0, [], 40)
    code, plan = reconcile_later(trail)
    assert (code, len(plan["unlogged"]), plan["repaired"]) == (1, 40, None)
    assert read_everything(trail) == before

    code, plan = reconcile_later(trail, "--apply")
    assert code == 0
    assert plan["repaired"]["events"] == {"new": 40, "replayed": 0}
    assert_counted_once(trail)
    assert reconcile_later(trail) == (0, NOTHING)
    runtime.invoke("CheckpointFunction", {})
    assert reconcile_later(trail) == (0, NOTHING)


def test_an_event_that_waited_on_the_queue_is_left_to_the_stream(
    trail: Stack, runtime: Runtime
) -> None:
    """After an outage, messages are processed long after they were sent."""
    events = [event_json(eventId=f"late-{n}", tenantId="acme") for n in range(4)]
    sent_long_ago = Message("m-late", bulk_job(*events), now_ms() - 30 * HOUR_MS, 1)
    runtime.invoke("ProcessorFunction", queue_event(sent_long_ago))
    code, plan = reconcile(trail, "--apply")
    assert (code, plan["unlogged"], plan["waiting"], plan["repaired"]) == (0, [], 4, None)
    runtime.invoke("LedgerFunction", {"Records": stream_records(trail)[COUNT:]})
    assert len(read_ledger(trail).entries) == COUNT + 4
    assert reconcile_later(trail, "--apply") == (0, NOTHING)
    assert_counted_once(trail)


@pytest.mark.parametrize(
    ("attribute", "ahead_ms"),
    [
        (keys.RECEIVED_AT, -15 * DAY_MS),
        (keys.RECEIVED_AT, 2 * DAY_MS),
        (keys.STORED_AT, 9 * DAY_MS),
    ],
)
def test_an_event_with_times_that_no_message_gives_is_not_committed(
    trail: Stack, runtime: Runtime, attribute: str, ahead_ms: int
) -> None:
    """An entry would confirm the time of receipt that somebody wrote into the table."""
    store_events(runtime, 300, 2)
    items = read_items(trail, "AuditEventsTable")
    stored = next(item for item in items if "e-300" in str(item["event"]))
    item = {**stored, attribute: {"N": str(int(stored[attribute]["N"]) + ahead_ms)}}
    client("dynamodb").put_item(TableName=trail.resources["AuditEventsTable"], Item=item)
    code, plan = reconcile_later(trail, "--apply")
    assert (code, plan["forged"], len(plan["unlogged"])) == (1, [item["id"]["S"]], 1)
    assert len(read_ledger(trail).entries) == COUNT + 1
    assert "forged: event" in run(trail).stdout


def test_an_item_without_a_time_of_storing_is_as_old_as_its_receipt(
    trail: Stack, runtime: Runtime
) -> None:
    store_events(runtime, 300, 1)
    [item] = [one for one in read_items(trail, "AuditEventsTable") if "e-300" in str(one["event"])]
    old = {name: value for name, value in item.items() if name != keys.STORED_AT}
    old[keys.RECEIVED_AT] = {"N": str(now_ms() - 26 * HOUR_MS)}
    client("dynamodb").put_item(TableName=trail.resources["AuditEventsTable"], Item=old)
    assert reconcile(trail)[1]["unlogged"] == [item["id"]["S"]]


def test_no_option_commits_what_the_stream_may_still_bring(trail: Stack) -> None:
    assert run(trail, "--older-than-hours", "23").exit_code == 2


def test_one_tenant_that_fails_does_not_stop_the_others(
    trail: Stack, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def commit(self: DynamoLedger, commit: Commit, *heads: Any) -> None:
        if "acme" in commit.tenants:
            raise StoreRejectedError("the commit was cancelled: ValidationError")
        original(self, commit, *heads)

    original = DynamoLedger.commit
    store_events(runtime, 300, 40)
    tamper(trail, counter=("initech", "day", 5))
    with monkeypatch.context() as patched:
        patched.setattr(DynamoLedger, "commit", commit)
        code, plan = reconcile_later(trail, "--apply")
        assert (code, plan["repaired"]["events"]["new"]) == (1, 20)
        assert plan["repaired"]["counters"] == 1
        assert list(plan["repaired"]["failures"]) == ["acme"]
        with clock_ahead(26):
            text = run(trail, "--apply").stdout
        assert "not repaired: tenant acme: the commit was cancelled" in text
    assert reconcile_later(trail, "--apply")[0] == 0
    assert_counted_once(trail)


def is_counter(write: Mapping[str, Any], *pages: str) -> bool:
    key = write.get("Update", write).get("Key", {"pk": {"S": ""}, "sk": {"S": ""}})
    is_page = key["sk"]["S"].partition("~")[2] in pages
    return is_page and key["pk"]["S"].startswith("counters#acme#")


def fill_pages(trail: Stack, runtime: Runtime) -> None:
    """Let the ledger commit 40 events of two tenants while the pages of one are full."""
    store_events(runtime, 300, 40)
    pages = ("", "1", "2", "3")
    with reject_transactions(lambda writes: [is_counter(write, *pages) for write in writes]):
        runtime.invoke("LedgerFunction", {"Records": stream_records(trail)[COUNT:]})
    others = [item for item in read_items(trail, "AuditLedgerTable") if "~other" in str(item)]
    assert len(others) == 6  # a day and five hours


def test_totals_are_compared_where_some_count_as_other(trail: Stack, runtime: Runtime) -> None:
    fill_pages(trail, runtime)
    assert reconcile(trail) == (0, NOTHING)
    [other] = [
        item
        for item in read_items(trail, "AuditLedgerTable")
        if item["sk"]["S"] == "2025-11-24~other"
    ]
    table = trail.resources["AuditLedgerTable"]
    for number in ("1", "999"):
        forged = {**other, "(other)|(other)|1": {"N": number}}
        client("dynamodb").put_item(TableName=table, Item=forged)
        code, plan = reconcile(trail)
        [found] = plan["counters"]
        assert (code, found["tenant_id"], found["name"]) == (1, "acme", "(other)|(other)|1")
        assert reconcile(trail, "--apply")[0] == 0
        assert reconcile(trail) == (0, NOTHING)
    tamper(trail, counter=("acme", "day", 1_000))  # a name cannot have more than all events of it
    assert [found["name"] for found in reconcile(trail)[1]["counters"]] != []
    assert reconcile(trail, "--apply")[0] == 0
    assert reconcile(trail) == (0, NOTHING)


def test_statistics_have_the_total_where_some_count_as_other(
    trail: Stack, runtime: Runtime
) -> None:
    fill_pages(trail, runtime)
    days = ("--since", "2025-11-24", "--until", "2025-11-24")
    result = run(trail, "--json", "--tenant", "acme", *days, command=["stats"])
    statistics = json.loads(result.stdout)
    assert statistics["total"] == 80
    assert statistics["actionBreakdown"] == [
        {"action": "user.login", "count": 60, "failed": 20},
        {"action": "(other)", "count": 20, "failed": 7},
    ]


def test_a_counter_that_its_full_page_refuses_counts_as_other(
    trail: Stack, runtime: Runtime
) -> None:
    """Counters were left out, and when they are set again there is still no room for them."""
    store_events(runtime, 300, 40)
    every = ("", "1", "2", "3", "other")
    with reject_transactions(lambda writes: [is_counter(write, *every) for write in writes]):
        runtime.invoke("LedgerFunction", {"Records": stream_records(trail)[COUNT:]})
    assert len(reconcile(trail)[1]["counters"]) == 12
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def refuse(caller: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        if name == "UpdateItem" and is_counter(parameters, ""):
            raise ClientError({"Error": {"Code": "ValidationException"}}, name)
        return original(caller, name, parameters)

    with patch.object(BaseClient, "_make_api_call", refuse):
        assert reconcile(trail, "--apply")[0] == 0
    assert reconcile(trail) == (0, NOTHING)


@at_calls
def test_a_second_run_finishes_a_repair_that_failed_at_any_call(
    aws: Stack, runtime: Runtime, select: Select
) -> None:
    def damage_and_repair(number: int, nth: int | None = None) -> Sequence[str]:
        store_events(runtime, 3 * number, 3)
        tamper(aws, counter=("acme", "day", 7))
        with inject_fault(nth) as calls, suppress(AuditLogError):
            repair(aws)
        return calls

    publish_events(aws, runtime, 30)
    calls = damage_and_repair(10)
    assert {"Scan", "TransactWriteItems", "UpdateItem"} <= set(calls)
    for number, nth in enumerate(select(calls), 11):
        damage_and_repair(number, nth)
        repair(aws)
        assert_counted_once(aws)


def repair(stack: Stack) -> None:
    """Plan and repair with the cached clients of this process."""
    dynamodb = client("dynamodb")
    ledger_table, events_table = (
        stack.resources[name] for name in ("AuditLedgerTable", "AuditEventsTable")
    )
    ledger = DynamoLedger(dynamodb, ledger_table)
    payloads = S3PayloadStore(lambda: client("s3"), stack.resources["OverflowBucket"])
    with closing(sqlite3.connect(":memory:")) as database:
        log = DynamoLog(dynamodb, ledger_table)
        published_log = S3PublishedLog(client("s3"), stack.resources["LogBucket"])
        planner = RepairPlanner(
            log,
            DynamoTrail(dynamodb, ledger_table, events_table, lambda: 4, payloads),
            published_log,
            TrailDatabase(database),
            NoProgress(),
        )
        plan = planner.plan(now_ms=now_ms(), older_than_ms=0)
        references = DynamoReferenceStore(dynamodb, events_table, 4, payloads)
        repairer = Repairer(log, ledger, ledger, references, published_log, planner.database)
        repairer.repair(plan, shard_count=4, sleep=lambda _: None)


def tamper(stack: Stack, counter: tuple[str, str, int]) -> None:
    """Add to one counter of a tenant's hour or day, without the system."""
    tenant_id, span, by = counter
    partition = keys.make_counters_key(tenant_id, span)  # type: ignore[arg-type]
    [item, *_] = [
        item for item in read_items(stack, "AuditLedgerTable") if item["pk"]["S"] == partition
    ]
    name = next(attribute for attribute in item if keys.COUNTER_SEPARATOR in attribute)
    client("dynamodb").update_item(
        TableName=stack.resources["AuditLedgerTable"],
        Key={"pk": item["pk"], "sk": item["sk"]},
        UpdateExpression="ADD #name :by",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":by": {"N": str(by)}},
    )


@pytest.mark.parametrize("by", [-3, 5])
def test_counters_are_set_to_a_recount(trail: Stack, by: int) -> None:
    tamper(trail, counter=("acme", "hour", by))
    tamper(trail, counter=("initech", "day", by))
    code, plan = reconcile(trail)
    assert code == 1
    assert [counter["stored"] - counter["expected"] for counter in plan["counters"]] == [by, by]
    assert [counter["tenant_id"] for counter in plan["counters"]] == ["acme", "initech"]
    assert reconcile(trail, "--apply")[0] == 0
    assert_counted_once(trail)
    assert reconcile(trail) == (0, NOTHING)


def test_a_lost_counter_is_restored(trail: Stack) -> None:
    [item, *_] = [
        item for item in read_items(trail, "AuditLedgerTable") if item["pk"]["S"].endswith("#hour")
    ]
    client("dynamodb").delete_item(
        TableName=trail.resources["AuditLedgerTable"], Key={"pk": item["pk"], "sk": item["sk"]}
    )
    assert reconcile(trail, "--apply")[0] == 0
    assert_counted_once(trail)


def test_counters_keep_the_counts_of_expired_events(trail: Stack) -> None:
    """A counter may count more events than the table still stores."""
    [gone, *_] = read_items(trail, "AuditEventsTable")
    client("dynamodb").delete_item(
        TableName=trail.resources["AuditEventsTable"],
        Key={"pk": gone["pk"], "id": gone["id"]},
    )
    before = read_everything(trail)
    assert reconcile(trail, "--apply") == (0, NOTHING)
    assert read_everything(trail) == before


def test_an_event_that_came_again_after_its_expiry_counts_twice(
    trail: Stack, runtime: Runtime
) -> None:
    """The log has it twice, and so have the counters: none is too high."""
    gone = read_items(trail, "AuditEventsTable")
    for item in gone:
        client("dynamodb").delete_item(
            TableName=trail.resources["AuditEventsTable"],
            Key={"pk": item["pk"], "id": item["id"]},
        )
    last = stream_records(trail)[-1]["dynamodb"]["SequenceNumber"]
    store_events(runtime, 0, COUNT)
    runtime.invoke("LedgerFunction", {"Records": stream_records(trail, after=last)})
    assert len(read_ledger(trail).logged) == 2 * COUNT
    before = read_everything(trail)
    assert reconcile(trail, "--apply") == (0, NOTHING)
    assert read_everything(trail) == before


def test_missing_references_are_restored(aws: Stack, runtime: Runtime) -> None:
    targets = [{"type": "team", "id": str(number)} for number in range(3)]
    store_events(runtime, 0, 3, targets=targets, onBehalfOf={"userId": "ada"})
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    before = sorted(read_items(aws, "AuditEventsTable"), key=repr)
    references = [{"pk": item["pk"], "id": item["id"]} for item in before if is_reference(item)]
    assert len(references) == 12
    table = aws.resources["AuditEventsTable"]
    lost = [*references[:4], references[-1]]
    for key in lost:
        client("dynamodb").delete_item(TableName=table, Key=key)
    assert reconcile(aws)[1]["unreferenced"] == []  # stored just now: they may not be missing
    code, plan = reconcile_later(aws)
    assert code == 1
    assert plan["unreferenced"] == sorted({key["id"]["S"] for key in lost})
    code, plan = reconcile_later(aws, "--apply")
    assert (code, plan["repaired"]["references"]) == (0, 4 * len(plan["unreferenced"]))
    assert sorted(read_items(aws, "AuditEventsTable"), key=repr) == before
    assert reconcile_later(aws) == (0, NOTHING)


def test_an_event_that_is_gone_or_damaged_gets_no_references(aws: Stack, runtime: Runtime) -> None:
    store_events(runtime, 0, 2, targets=[{"type": "team", "id": "7"}])
    table = aws.resources["AuditEventsTable"]
    gone, damaged = (item for item in read_items(aws, "AuditEventsTable") if "event" in item)
    for item in read_items(aws, "AuditEventsTable"):
        key = {"pk": item["pk"], "id": item["id"]}
        if item != damaged:
            client("dynamodb").delete_item(TableName=table, Key=key)
    client("dynamodb").put_item(TableName=table, Item={**damaged, "event": {"S": "{}"}})
    payloads = S3PayloadStore(lambda: client("s3"), aws.resources["OverflowBucket"])
    store = DynamoReferenceStore(client("dynamodb"), table, 4, payloads)
    addresses = [(item["pk"]["S"].partition("#")[0], item["id"]["S"]) for item in (gone, damaged)]
    assert store.restore_references(addresses) == 0
    assert len(read_items(aws, "AuditEventsTable")) == 1


def test_missing_tiles_and_positions_are_restored(tiled_trail: Stack) -> None:
    before = read_everything(tiled_trail)
    bucket, table = tiled_trail.resources["LogBucket"], tiled_trail.resources["AuditLedgerTable"]
    for path in ("tile/0/000", "tile/entries/001.p/44", "tile/1/000.p/1"):
        client("s3").delete_object(Bucket=bucket, Key=path)
    for item in read_items(tiled_trail, "AuditLedgerTable"):
        if item["pk"]["S"].startswith("positions#2025-11-24T11"):
            client("dynamodb").delete_item(
                TableName=table, Key={"pk": item["pk"], "sk": item["sk"]}
            )
    code, plan = reconcile(tiled_trail)
    assert code == 1
    assert sorted(plan["tiles"]) == ["tile/0/000", "tile/1/000.p/1", "tile/entries/001.p/44"]
    assert len(plan["unplaced"]) == 60
    code, plan = reconcile(tiled_trail, "--apply")
    assert code == 0
    assert (plan["repaired"]["tiles"], plan["repaired"]["positions"]) == (3, 60)
    assert read_everything(tiled_trail) == before


def test_an_altered_tile_is_reported_and_not_changed(tiled_trail: Stack) -> None:
    bucket = tiled_trail.resources["LogBucket"]
    client("s3").put_object(Bucket=bucket, Key="tile/0/000", Body=bytes(8192))
    code, plan = reconcile(tiled_trail, "--apply")
    assert (code, plan["alteredTiles"], plan["repaired"]) == (1, ["tile/0/000"], None)
    assert "restore its first version" in run(tiled_trail).stdout


def test_no_tile_is_made_from_a_rewritten_ledger(tiled_trail: Stack) -> None:
    bucket, table = tiled_trail.resources["LogBucket"], tiled_trail.resources["AuditLedgerTable"]
    [item] = [
        item for item in read_items(tiled_trail, "AuditLedgerTable") if item["pk"]["S"] == "log#0"
    ]
    rows = item["rows"]["B"]
    item["rows"] = {"B": rows[43:86] + rows[:43] + rows[86:]}  # type: ignore[index]
    client("dynamodb").put_item(TableName=table, Item=dict(item))
    client("s3").delete_object(Bucket=bucket, Key="tile/0/000")
    result = run(tiled_trail, "--apply")
    assert result.exit_code == 1
    assert "are not the published ones" in result.output


def test_a_forged_item_is_not_committed(trail: Stack) -> None:
    [item, *_] = read_items(trail, "AuditEventsTable")
    planted = {**item, "id": {"S": "01ARYZ6S410000000000000000"}}
    table = trail.resources["AuditEventsTable"]
    client("dynamodb").put_item(TableName=table, Item=planted)
    assert reconcile_later(trail) == (0, NOTHING)


def test_the_text_output_has_the_same_facts_as_json(tiled_trail: Stack, runtime: Runtime) -> None:
    store_events(runtime, 300, 1)
    tamper(tiled_trail, counter=("acme", "day", 1))
    client("s3").delete_object(Bucket=tiled_trail.resources["LogBucket"], Key="tile/0/000")
    with clock_ahead(26):
        text = run(tiled_trail).stdout
    lines = text.splitlines()
    assert [line.partition(":")[0] for line in lines[:-1]] == ["unlogged", "counter", "missing"]
    assert lines[-1] == "nothing was changed: repair with --apply"
    with clock_ahead(26):
        text = run(tiled_trail, "--apply").stdout
    assert "1 event committed, 1 counter, 0 orders, 0 tenants, 1 tile, " in text


@pytest.fixture
def empty() -> Iterator[Stack]:
    """A stack without any event."""
    with deployed() as stack:
        yield stack


def test_an_empty_ledger_and_a_missing_stack_are_reported(empty: Stack) -> None:
    result = run(empty)
    assert result.exit_code == 1
    assert "the ledger is empty" in result.output
    result = CliRunner().invoke(main, ["reconcile", "--stack", "no-such-stack"])
    assert result.exit_code == 3
    assert "the stack no-such-stack does not exist in us-east-1" in result.output


def test_the_log_grows_only_at_its_end(trail: Stack, runtime: Runtime) -> None:
    before = read_ledger(trail).entries
    store_events(runtime, 300, 5)
    reconcile_later(trail, "--apply")
    assert list(read_ledger(trail).entries[: len(before)]) == list(before)


def test_control_characters_of_an_attacker_are_printed_escaped(trail: Stack) -> None:
    dynamodb, evil = client("dynamodb"), "\x1b[2J\x9b\u202e"
    dynamodb.put_item(
        TableName=trail.resources["AuditEventsTable"],
        Item={keys.PARTITION: {"S": f"{evil}#0"}, keys.ID: {"S": evil}},
    )
    counters = next(
        {name: item[name] for name in (keys.PARTITION, keys.SORT)}
        for item in read_items(trail, "AuditLedgerTable")
        if item[keys.PARTITION]["S"].startswith("counters#acme#")
    )
    dynamodb.update_item(
        TableName=trail.resources["AuditLedgerTable"],
        Key=counters,
        UpdateExpression="SET #name = :one",
        ExpressionAttributeNames={"#name": f"{evil}|x|ok"},
        ExpressionAttributeValues={":one": {"N": "1"}},
    )
    origin = trail.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
    key = str(make_verifier_key(origin, read_signing_key(trail)))
    for command in (["reconcile"], ["verify", "trail", "--key", key, "--grace", "0"]):
        for option in ([], ["--json"]):
            result = run(trail, *option, command=command)
            assert result.exit_code == 1
            assert all(line.isprintable() for line in result.output.splitlines())
            assert "202e" in result.stdout


def test_a_full_disk_is_an_error_and_not_a_finding(
    tiled_trail: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(path: object) -> sqlite3.Connection:
        database = original(str(path))
        database.execute("PRAGMA max_page_count = 20")
        return database

    original = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect)
    origin = tiled_trail.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
    key = str(make_verifier_key(origin, read_signing_key(tiled_trail)))
    for command in (["reconcile"], ["verify", "trail", "--key", key]):
        result = run(tiled_trail, command=command)
        assert result.exit_code == 3
        assert "database or disk is full" in result.stderr
