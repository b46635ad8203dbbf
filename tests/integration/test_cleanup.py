"""`prooftrail cleanup` on a deployed trail: removals, reports, and recovery from faults."""

import io
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from click.testing import CliRunner, Result

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.cleanup import DynamoRemovableEvents
from prooftrail.aws.clients import client
from prooftrail.aws.event_writer import DynamoEventWriter
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.payloads import S3PayloadStore
from prooftrail.aws.references import is_reference
from prooftrail.aws.stream import read_changes
from prooftrail.cli import cleanup as command
from prooftrail.cli.main import main
from prooftrail.errors import AuditLogError
from prooftrail.event.times import now_ms, parse_timestamp
from prooftrail.operate import removal
from prooftrail.operate.cleanup import Cleanup, CleanupScope
from prooftrail.operate.removal import Removal
from prooftrail.progress import NoProgress
from prooftrail.runtime.config import get_settings
from tests.support.clock import clock_ahead
from tests.support.command_line import get_stack_name
from tests.support.faults import Crash, Fault, Select, at_calls, inject_fault
from tests.support.log_samples import make_verifier_key
from tests.support.samples import bulk_job, event_json, job, make_order_record, message, queue_event
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM, lower_item_limit
from tests.support.trail import (
    count_again,
    read_events,
    read_items,
    read_ledger,
    read_signing_key,
    stream_records,
)

BEFORE = "2025-11-24"
EVENTS, LEDGER, PAYLOADS = "AuditEventsTable", "AuditLedgerTable", "OverflowBucket"
_make_api_call = BaseClient._make_api_call  # type: ignore[attr-defined]


@dataclass
class Trail:
    """A deployed trail and its operator; `lines` holds the lines that the functions printed."""

    stack: Stack
    lines: list[dict[str, Any]] = field(default_factory=list)
    is_ledger_working: bool = True
    committed: str | None = None
    stored: int = 0

    def __post_init__(self) -> None:
        self.runtime = Runtime(self.stack.functions, self._note)
        self.name = get_stack_name()

    def _note(self, _: str, line: str) -> None:
        self.lines.append(json.loads(line))

    def store(self, *events: Mapping[str, Any]) -> None:
        """Let the processor store these events."""
        self.stored += 1
        sent = queue_event(
            replace(message(bulk_job(*events), f"m-{self.stored}"), sent_at=now_ms())
        )
        assert not self.runtime.invoke("ProcessorFunction", sent)["batchItemFailures"]

    def event(self, number: int, day: str = "2025-11-23", **fields: Any) -> dict[str, Any]:
        """Return an event of this day; its id is new after each call of `store`."""
        return event_json(
            tenantId="acme",
            eventId=f"e-{self.stored}-{number}",
            timestamp=f"{day}T{number % 24:02}:00:00Z",
            **fields,
        )

    def grow(self, number: int, day: str = "2025-11-23", **fields: Any) -> list[str]:
        """Store and commit `number` more events of this day. Return their ids."""
        before = set(read_events(self.stack))
        self.store(*(self.event(n, day, **fields) for n in range(number)))
        self.commit()
        return sorted(set(read_events(self.stack)) - before)

    def commit(self) -> None:
        """Invoke the ledger with the new stream records."""
        records = stream_records(self.stack, self.committed)
        if records:
            self.committed = records[-1]["dynamodb"]["SequenceNumber"]
            self.runtime.invoke("LedgerFunction", {"Records": records})

    def wait(self, _seconds: float) -> None:
        """Let the ledger commit while the command sleeps. Inject no fault into its calls."""
        if self.is_ledger_working:
            with patch.object(BaseClient, "_make_api_call", _make_api_call):
                self.commit()

    def publish(self) -> None:
        """Publish a checkpoint."""
        self.runtime.invoke("CheckpointFunction", {})

    def run(self, *options: str, answer: str | None = None) -> Result:
        """Run the command as an operator does."""
        result = CliRunner().invoke(
            main, ["cleanup", "--stack", self.name, "--tenant", "acme", *options], input=answer
        )
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert "Traceback" not in result.output
        return result

    def clean(self, *options: str, before: str = BEFORE) -> Mapping[str, Any]:
        """Run the command, check that it succeeds, and return its output."""
        result = self.run("--before", before, "--yes", "--json", *options)
        assert result.exit_code == 0, result.output
        self.commit()
        output: dict[str, Any] = json.loads(result.stdout)
        return output

    def verify(self) -> tuple[int, Mapping[str, Any]]:
        """Return exit code and output of `prooftrail verify trail`."""
        origin = self.stack.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
        key = str(make_verifier_key(origin, read_signing_key(self.stack)))
        result = CliRunner().invoke(
            main, ["verify", "trail", "--stack", self.name, "--key", key, "--grace", "0", "--json"]
        )
        output: dict[str, Any] = json.loads(result.stdout)
        return result.exit_code, output

    def sum_metric(self, metric: str) -> float:
        """Return the sum of a metric's values so far."""
        return float(sum(value for line in self.lines for value in line.get(metric, [])))

    @property
    def tampering(self) -> list[tuple[str, str]]:
        """The event id and the reason of each tampering report."""
        found = [line for line in self.lines if line.get("message") == "tampering"]
        assert self.sum_metric("AuditTamperDetected") == len(found)
        return [(line["eventId"], line["reason"]) for line in found]

    @property
    def orders(self) -> list[dict[str, Any]]:
        """The stored orders, by time and part."""
        stored = read_events(self.stack).values()
        orders = [event for event in stored if event["action"] == "audit.cleanup"]
        return sorted(orders, key=lambda order: (order["timestamp"], order["details"]["part"]))

    def read_everything(self) -> Mapping[str, Any]:
        """Return everything stored."""
        objects = client("s3").list_objects_v2(Bucket=self.stack.resources[PAYLOADS])
        tables = {
            table: sorted(read_items(self.stack, table), key=repr) for table in (EVENTS, LEDGER)
        }
        return {**tables, "payloads": [stored["Key"] for stored in objects.get("Contents", [])]}

    def remove(self, event_id: str) -> None:
        """Remove an event as an attacker."""
        [item] = [item for item in read_items(self.stack, EVENTS) if item["id"]["S"] == event_id]
        key = {name: item[name] for name in ("pk", "id")}
        client("dynamodb").delete_item(TableName=self.stack.resources[EVENTS], Key=key)


@pytest.fixture
def trail(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> Trail:
    """A trail whose ledger commits while the command waits."""
    lower_item_limit(monkeypatch)
    client("s3").put_bucket_versioning(  # as in the template; moto's CloudFormation leaves it out
        Bucket=aws.resources[PAYLOADS], VersioningConfiguration={"Status": "Enabled"}
    )
    trail = Trail(aws)
    clock = SimpleNamespace(sleep=trail.wait)
    monkeypatch.setattr(command, "time", clock)
    return trail


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three events for each order, and two orders ahead."""
    monkeypatch.setattr(removal, "MAX_IDS", 3)
    monkeypatch.setattr(removal, "ORDERS_AHEAD", 2)


@pytest.mark.usefixtures("_small_parts")
def test_a_clean_up_raises_no_alarm_and_is_recorded_in_the_log(trail: Trail) -> None:
    old = trail.grow(10) + trail.grow(3, action="code.report", success=False)
    old += trail.grow(1, details={"text": TOO_LARGE_FOR_AN_ITEM})
    kept = trail.grow(4, day="2025-11-24") + trail.grow(2, action="user.logout")
    trail.store(event_json(tenantId="other", timestamp="2025-11-23T00:00:00Z"))
    trail.commit()
    trail.publish()
    counters = count_again(read_events(trail.stack))
    assert len(trail.read_everything()["payloads"]) == 1

    output = trail.clean("--exclude-action", "user.logout", "--exclude-action", "admin.*")
    trail.publish()

    run = output["run"]
    assert output == {
        "run": run,
        "before": "2025-11-24T00:00:00.000Z",
        "found": 14,
        "removed": 14,
        "parts": 5,
        "unsound": 0,
        "held": {},
        "byAction": {"user.login": 11, "code.report": 3},
    }
    stored = read_events(trail.stack)
    assert not set(old) & set(stored)
    assert set(kept) < set(stored)
    assert sum(event["tenantId"] == "other" for event in stored.values()) == 1
    bucket = trail.stack.resources[PAYLOADS]
    versions = client("s3").list_object_versions(Bucket=bucket)
    assert not versions.get("Versions")
    assert not versions.get("DeleteMarkers")

    orders = trail.orders
    assert [order["details"]["part"] for order in orders] == [1, 2, 3, 4, 5]
    assert {order["resourceId"] for order in orders} == {run}
    assert {order["userId"] for order in orders} == {"arn:aws:sts::123456789012:user/moto"}
    assert {tuple(order["details"]["excludeActions"]) for order in orders} == {
        ("user.logout", "admin.*")
    }
    named = [event_id for order in orders for event_id in order["details"]["ids"]]
    assert sorted(named) == sorted(old)

    assert trail.tampering == []
    assert trail.sum_metric("AuditEventsRemoved") == 14
    [report, *_] = [line for line in trail.lines if line.get("message") == "removed by order"]
    assert set(report["events"]) == {"acme"}
    code, verdict = trail.verify()
    assert (code, verdict["findings"]) == (0, [])
    assert (verdict["removed"], verdict["expired"], verdict["pending"]) == (14, 0, 0)
    assert verdict["entries"] == 14 + 6 + 1 + 5
    found = read_ledger(trail.stack).counters
    of_orders = count_again({n: event for n, event in stored.items() if event in orders})
    for address, counts in counters.items():  # a removal does not change the counts of the past
        assert found[address] - of_orders.get(address, type(counts)()) == counts


def test_a_removal_without_an_order_is_reported_and_found_missing(trail: Trail) -> None:
    old, newer = trail.grow(5), trail.grow(2, day="2025-11-24")
    trail.clean()
    trail.remove(newer[0])
    trail.commit()
    trail.publish()
    assert trail.tampering == [(newer[0], "a stored event was removed")]
    code, verdict = trail.verify()
    assert (code, verdict["removed"]) == (1, len(old))
    assert [(finding["kind"], finding["eventId"]) for finding in verdict["findings"]] == [
        ("missing", newer[0])
    ]


def test_a_removed_order_is_reported_and_its_events_are_found_missing(trail: Trail) -> None:
    old = trail.grow(3)
    trail.clean()
    [order] = [event_id for event_id in read_events(trail.stack) if event_id not in old]
    trail.remove(order)
    trail.commit()
    trail.publish()
    assert trail.tampering == [(order, "a removal order was removed")]
    code, verdict = trail.verify()
    assert (code, verdict["removed"]) == (1, 0)
    missing = [
        finding["eventId"] for finding in verdict["findings"] if finding["kind"] == "missing"
    ]
    assert sorted(missing) == sorted([*old, order])
    assert [
        finding["eventId"] for finding in verdict["findings"] if finding["kind"] == "ledger"
    ] == [order]


@pytest.mark.parametrize("damage", [{"ids": {"B": b"?"}}, {"ids": {"N": "1"}}])
def test_a_damaged_order_in_the_ledger_allows_no_removal_and_stops_no_commit(
    trail: Trail, damage: dict[str, Any]
) -> None:
    old = trail.grow(1)
    trail.is_ledger_working = False
    assert trail.run("--before", BEFORE, "--yes", "--timeout", "0").exit_code == 1
    trail.commit()
    [item] = [
        item for item in read_items(trail.stack, LEDGER) if item["pk"]["S"] == "removals#acme"
    ]
    table = trail.stack.resources[LEDGER]
    client("dynamodb").put_item(TableName=table, Item={**item, **damage})
    trail.remove(old[0])
    newer = trail.grow(1, day="2025-11-24")
    assert trail.tampering == [(old[0], "a stored event was removed")]
    assert read_ledger(trail.stack).size == len([*old, *newer, "the order"])


def test_a_queue_message_cannot_be_a_removal_order(trail: Trail) -> None:
    [event_id] = trail.grow(1)
    order = json.loads(make_order_record(event_id, tenant_id="acme").canonical)
    for body in (job(order), job({**order, "v": None, "eventId": None})):
        sent = queue_event(replace(message(body, "forged"), sent_at=now_ms()))
        assert not trail.runtime.invoke("ProcessorFunction", sent)["batchItemFailures"]
    assert trail.orders == []
    trail.remove(event_id)
    trail.commit()
    assert trail.tampering == [(event_id, "a stored event was removed")]
    queue = trail.stack.resources["AuditDeadLetterQueue"]
    received = client("sqs").receive_message(
        QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )["Messages"]
    assert {
        dead_letter["MessageAttributes"]["errorMessage"]["StringValue"] for dead_letter in received
    } == {"action: audit.cleanup is reserved for what the audit log records of itself"}


def clean_up(trail: Trail) -> None:
    """Run the clean-up with the cached clients of this process."""
    conf = get_settings()
    dynamodb = client("dynamodb")
    payloads = S3PayloadStore(lambda: client("s3"), conf.overflow_bucket)
    events = DynamoRemovableEvents(
        dynamodb,
        conf.events_table,
        conf.shard_count,
        lambda: client("s3"),
        conf.overflow_bucket,
        sleep=lambda _: None,
    )
    how = Removal(
        "acme",
        events,
        DynamoEventWriter(dynamodb, conf.events_table, conf.shard_count, payloads),
        DynamoLedger(dynamodb, conf.ledger_table),
        str(uuid4()),
        "operator",
        now_ms=now_ms,
        sleep=trail.wait,
    )
    run = Cleanup(CleanupScope("acme", parse_timestamp(f"{BEFORE}T00:00:00Z")), events, how)
    shown = NoProgress()
    run.remove(run.select(io.StringIO(), shown), shown, timeout_seconds=5)


@at_calls
@pytest.mark.parametrize(
    "fault",
    [
        Fault.HALF_DONE,
        pytest.param(Fault.RESPONSE_LOST, marks=pytest.mark.slow),
        Fault.CRASH_AFTER,
    ],
)
def test_a_second_run_finishes_an_interrupted_one(
    trail: Trail, fault: Fault, select: Select, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails, there is no alarm, and the second run removes the rest."""
    monkeypatch.setattr(removal, "MAX_IDS", 2)
    monkeypatch.setattr(removal, "ORDERS_AHEAD", 1)
    kept = trail.grow(1, day="2025-11-24")
    targets = [{"type": "team", "id": "7"}, {"type": "team", "id": "8"}]

    def grow_and_clean_up(nth: int | None = None, operation: str | None = None) -> Sequence[str]:
        large = trail.event(2, targets=targets, details={"text": TOO_LARGE_FOR_AN_ITEM})
        trail.store(*(trail.event(n) for n in range(2)), large)
        trail.commit()
        with inject_fault(nth, fault, operation) as calls, suppress(Crash, AuditLogError):
            clean_up(trail)
        return calls

    calls = grow_and_clean_up()
    assert {"Query", "GetItem", "BatchWriteItem", "DeleteObjects"} <= set(calls)
    selected = select(calls)
    for at in selected:  # by name, as the ids of new events decide which is removed first
        grow_and_clean_up(calls[:at].count(calls[at]), calls[at])
        clean_up(trail)
        trail.commit()
    removed = 3 * (1 + len(selected))
    stored = read_events(trail.stack)
    orders = trail.orders
    assert [event_id for event_id in stored if stored[event_id] not in orders] == kept
    assert trail.read_everything()["payloads"] == []
    assert not any(map(is_reference, read_items(trail.stack, EVENTS)))
    assert trail.tampering == []
    assert trail.sum_metric("AuditEventsRemoved") == removed
    trail.publish()
    code, verdict = trail.verify()
    assert (code, verdict["findings"], verdict["removed"]) == (0, [], removed)


def test_an_aws_error_is_reported_and_a_second_run_finishes(trail: Trail) -> None:
    old = trail.grow(3)
    with inject_fault(3, Fault.REFUSED) as calls:
        result = trail.run("--before", BEFORE, "--yes")
    assert (result.exit_code, calls[3]) == (3, "Query")
    assert "error: ThrottlingException" in result.stderr
    assert set(old) <= set(read_events(trail.stack))
    assert trail.clean()["removed"] == 3


def test_nothing_is_removed_while_the_ledger_does_not_work(trail: Trail) -> None:
    old = trail.grow(3)
    trail.is_ledger_working = False
    result = trail.run("--before", BEFORE, "--yes", "--timeout", "3")
    assert result.exit_code == 1
    assert "error: the ledger did not commit" in result.stderr
    assert "0 events were removed before" in result.stderr
    assert result.stdout == ""
    assert set(old) < set(read_events(trail.stack))
    trail.is_ledger_working = True
    assert trail.clean()["removed"] == 3
    assert len(trail.orders) == 2
    assert trail.tampering == []
    trail.publish()
    assert trail.verify()[0] == 0


def test_a_dry_run_changes_nothing(trail: Trail) -> None:
    trail.grow(3)
    trail.grow(1, action="code.report", details={"text": TOO_LARGE_FOR_AN_ITEM})
    before = trail.read_everything()
    result = trail.run("--before", BEFORE, "--dry-run")
    assert (result.exit_code, result.stdout) == (0, "nothing was removed\n")
    assert [line.split() for line in result.stderr.splitlines()] == [
        ["4", "events", "of", "acme", "before", "2025-11-24T00:00:00.000Z"],
        ["3", "user.login"],
        ["1", "code.report"],
    ]
    output = trail.clean("--dry-run")
    assert (output["run"], output["found"], output["removed"]) == (None, 4, 0)
    assert output["byAction"] == {"user.login": 3, "code.report": 1}
    assert trail.read_everything() == before


@pytest.mark.parametrize("answer", ["n\n", "\n", ""])
def test_it_asks_and_stops_without_a_yes(trail: Trail, answer: str) -> None:
    trail.grow(2)
    before = trail.read_everything()
    result = trail.run("--before", BEFORE, answer=answer)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Remove them for good? [y/N]" in result.stderr
    assert trail.read_everything() == before


def test_it_asks_and_removes_after_a_yes(trail: Trail) -> None:
    trail.grow(2)
    result = trail.run("--before", "2025-11-23T01:00:00Z", answer="y\n")
    assert result.exit_code == 0
    assert result.stdout.startswith("removed 1 event with 1 removal order of the run ")
    result = trail.run("--before", "2025-11-23T01:00:00.001Z", "--json", answer="y\n")
    assert json.loads(result.stdout)["removed"] == 1
    assert "Remove them for good?" in result.stderr


def test_without_events_to_remove_there_is_no_question_and_no_order(trail: Trail) -> None:
    trail.grow(2)
    before = trail.read_everything()
    result = trail.run("--before", "2025-11-23")
    assert (result.exit_code, result.stdout) == (0, "nothing was removed\n")
    assert trail.clean(before="1970-01-01")["found"] == 0
    assert trail.read_everything() == before


def test_an_altered_event_is_kept_as_evidence(trail: Trail) -> None:
    old = trail.grow(3)
    [item] = [item for item in read_items(trail.stack, EVENTS) if item["id"]["S"] == old[0]]
    altered = {**item, "userKey": {"S": "acme#nobody"}}
    client("dynamodb").put_item(TableName=trail.stack.resources[EVENTS], Item=altered)
    trail.commit()
    result = trail.run("--before", BEFORE, "--yes")
    assert "1 damaged item kept as evidence: see " in result.stderr
    assert "removed 2 events" in result.stdout
    assert [item["id"]["S"] for item in read_items(trail.stack, EVENTS)].count(old[0]) == 1
    trail.commit()
    assert trail.tampering == [(old[0], "a stored event was changed")]


def test_a_later_clean_up_keeps_earlier_orders(trail: Trail) -> None:
    trail.grow(3)
    trail.clean()
    orders = trail.orders
    trail.store(event_json(tenantId="acme", timestamp="2025-11-23T00:00:00Z", eventId="late"))
    trail.commit()
    assert trail.clean(before="2026-11-24")["removed"] == 1
    assert [order for order in trail.orders if order in orders] == orders
    assert trail.tampering == []


def reconcile(trail: Trail, *options: str) -> tuple[int, Mapping[str, Any]]:
    """Run `prooftrail reconcile`. Return exit code and output."""
    result = CliRunner().invoke(main, ["reconcile", "--stack", trail.name, "--json", *options])
    output: dict[str, Any] = json.loads(result.stdout)
    return result.exit_code, output


def test_a_recount_keeps_the_counts_of_removed_events(trail: Trail) -> None:
    trail.grow(5)
    trail.publish()
    counters = read_ledger(trail.stack).counters
    trail.clean(before="2025-11-23T03:00:00Z")
    before = trail.read_everything()
    code, plan = reconcile(trail, "--apply")
    assert (code, plan["counters"], plan["repaired"]) == (0, [], None)
    assert trail.read_everything() == before
    after = read_ledger(trail.stack).counters
    assert {address: after[address] for address in counters} == counters


def test_reconcile_restores_an_order_that_the_ledger_lost(trail: Trail) -> None:
    trail.grow(5)
    trail.clean()
    trail.publish()
    before = trail.read_everything()
    [item] = [
        item for item in read_items(trail.stack, LEDGER) if item["pk"]["S"] == "removals#acme"
    ]
    key = {name: item[name] for name in ("pk", "sk")}
    client("dynamodb").delete_item(TableName=trail.stack.resources[LEDGER], Key=key)
    code, plan = reconcile(trail)
    assert (code, plan["orders"], plan["repaired"]) == (1, [item["sk"]["S"]], None)
    code, plan = reconcile(trail, "--apply")
    assert (code, plan["repaired"]["orders"]) == (0, 1)
    assert trail.read_everything() == before
    assert reconcile(trail)[0] == 0


def test_an_order_that_the_stream_lost_is_committed_by_reconcile(trail: Trail) -> None:
    old = trail.grow(2)
    trail.is_ledger_working = False
    assert trail.run("--before", BEFORE, "--yes", "--timeout", "0").exit_code == 1
    lost = stream_records(trail.stack, trail.committed)
    trail.committed = lost[-1]["dynamodb"]["SequenceNumber"]
    with clock_ahead(26):
        code, plan = reconcile(trail, "--apply")
    assert (code, plan["repaired"]["events"]) == (0, {"new": 1, "replayed": 0})
    trail.publish()
    assert trail.verify()[0] == 0
    for event_id in old:
        trail.remove(event_id)
    trail.commit()
    assert trail.tampering == []
    code, verdict = trail.verify()
    assert (code, verdict["removed"]) == (0, 2)


WRONG = {
    "no date": (["--before", "yesterday"], "must be an RFC 3339 date"),
    "no day": (["--before", "2025-02-30"], "of the calendar"),
    "no offset": (["--before", "2025-02-03T00:00:00"], "with an offset"),
    "no before": ([], "Missing option '--before'"),
    "to come": (["--before", "2999-01-01"], "--before: must not be in the future"),
    "tenant": (["--before", BEFORE, "--tenant", "a#b"], "'--tenant': must be 1 to 64"),
    "action": (
        ["--before", BEFORE, "--exclude-action", "us er"],
        "'--exclude-action': must be an action",
    ),
    "all": (
        ["--before", BEFORE, "--exclude-action", "*"],
        "'--exclude-action': must be an action",
    ),
    "many": (
        ["--before", BEFORE, *(f"--exclude-action=a{n}" for n in range(101))],
        "at most 100 actions",
    ),
    "time": (["--before", BEFORE, "--timeout", "-1"], "--timeout"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_reported(trail: Trail, name: str) -> None:
    options, problem = WRONG[name]
    trail.grow(1)
    before = trail.read_everything()
    result = trail.run(*options, "--yes")
    assert result.exit_code == 2
    assert problem in " ".join(result.output.split())
    assert trail.read_everything() == before


def test_an_empty_ledger_is_reported(trail: Trail) -> None:
    result = trail.run("--before", BEFORE, "--yes")
    assert (result.exit_code, "the ledger is empty" in result.output) == (1, True)


def test_the_order_comes_before_its_removals_in_the_stream(trail: Trail) -> None:
    """The ledger relies on it: no stream record of a removal comes before its order."""
    trail.grow(5)
    trail.clean()
    records: Sequence[Any] = list(read_changes({"Records": stream_records(trail.stack)}, 4))
    kinds = [
        "order" if change.new and change.new.order else str(change.kind) for change in records[5:]
    ]
    assert kinds == ["order", *["REMOVE"] * 5]


def test_an_export_counts_removed_events_as_gone_and_contains_the_order(
    trail: Trail, tmp_path: Path
) -> None:
    trail.grow(5)
    kept = trail.grow(2, day="2025-11-24")
    trail.clean()
    trail.publish()
    result = CliRunner().invoke(
        main, ["export", str(tmp_path), "--stack", trail.name, "--format", "ndjson", "--json"]
    )
    output = json.loads(result.stdout)
    assert (result.exit_code, output["events"], output["gonePositions"]) == (0, 3, [[0, 5]])
    [file] = output["files"]
    lines = [json.loads(line) for line in (tmp_path / file).read_text().splitlines()]
    assert sorted(event["id"] for event in lines[:2]) == kept
    assert lines[2]["action"] == "audit.cleanup"
