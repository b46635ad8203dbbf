"""Audited reads of the command line: real commands, the template's queue, the real processor."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError

from local.senders import CALLER_ID
from local.template import Stack
from prooftrail.cli import reads
from prooftrail.cli.reads import CommandRead
from prooftrail.errors import StoreUnavailableError
from prooftrail.export.folder import DiskFolder
from tests.support.command_line import (
    make_runtime,
    process_queue,
    prooftrail,
    run_json,
    store_events,
)
from tests.support.pipeline import Pipeline
from tests.support.stack import deployed, make_client
from tests.support.trail import read_events, read_items

READ = "audit.trail.read"
MOTO_ARN = "arn:aws:sts::123456789012:user/moto"


@pytest.fixture
def trail(aws: Stack) -> Stack:
    """Return a stack with two events of acme and one of the default tenant."""
    store_events(
        aws,
        *({"eventId": f"e-{n}", "tenantId": ("acme", "default")[n // 2]} for n in range(3)),
    )
    return aws


def read_reads(stack: Stack) -> list[dict[str, Any]]:
    """Process the queue. Return all audited reads that are stored."""
    process_queue(stack)
    return [event for event in read_events(stack).values() if event["action"] == READ]


def describe(event: Mapping[str, Any]) -> tuple[object, ...]:
    details = event["details"]
    return (
        *(event["tenantId"], event["resourceType"], event["resourceId"]),
        *(details["route"], details["filters"], details["events"]),
    )


def test_each_reading_command_leaves_an_event(trail: Stack, tmp_path: Path) -> None:
    pipeline = Pipeline(trail, make_runtime(trail))
    pipeline.commit()
    pipeline.publish()
    [event_id, _] = [
        key for key, event in read_events(trail).items() if event["tenantId"] == "acme"
    ]
    for arguments in (
        ("query", "--tenant", "acme", "--ip-address", "203.0.113.7", "--since", "2020-01-01"),
        ("query", "--tenant", "acme", "--success", "--all"),
        ("query", "--tenant", "acme", "--actor-type", "user", "--trace-id", "A1" * 16),
        ("get", event_id, "--tenant", "acme"),
        ("proof", event_id, "--tenant", "acme", "--format", "tlog-proof"),
        ("tail", "--tenant", "acme", "-n", "1"),
        ("stats", "--tenant", "acme", "--since", "2020-01-01"),
        ("report", "--tenant", "acme", "--from", "2020-01-01", "--type", "summary"),
        ("export", tmp_path, "--tenant", "acme"),
    ):
        result = prooftrail(*arguments, audits_reads=True)
        assert result.exit_code == 0, arguments
        assert "warning" not in result.stderr
    whole, since = ("acme", "audit-trail", "acme"), {"startDate": "2020-01-01T00:00:00.000Z"}
    expected: list[tuple[object, ...]] = [
        (*whole, "prooftrail query", {"ipAddress": "203.0.113.7", **since}, 0),
        (*whole, "prooftrail query", {"success": "true", "all": "true"}, 2),
        (*whole, "prooftrail query", {"actorType": "user", "traceId": "a1" * 16}, 0),
        ("acme", "audit-event", event_id, "prooftrail get", {}, 1),
        ("acme", "audit-event", event_id, "prooftrail proof", {"format": "tlog-proof"}, 1),
        (*whole, "prooftrail tail", {"lines": "1"}, 1),
        (*whole, "prooftrail stats", since, 2),
        (*whole, "prooftrail report", {"type": "summary", **since}, 2),
        (*whole, "prooftrail export", {}, 2),
    ]
    found = read_reads(trail)
    for read in map(describe, found):
        assert read in expected
        expected.remove(read)
    assert not expected
    assert {(one["userId"], one["metadata"]["senderId"]) for one in found} == {
        (MOTO_ARN, CALLER_ID)
    }
    items = read_items(trail, "AuditEventsTable")
    senders = {item["submittedBy"]["S"] for item in items if READ in item["actionKey"]["S"]}
    assert senders == {CALLER_ID}


def test_a_dead_letter_that_is_shown_leaves_an_event(aws: Stack) -> None:
    sqs = make_client("sqs")
    sqs.send_message(QueueUrl=aws.resources["AuditQueue"], MessageBody='{"type": "no such"}')
    process_queue(aws)
    _, letter = run_json("dead-letters", "list")
    result = prooftrail("dead-letters", "show", letter["messageId"], audits_reads=True)
    assert (result.exit_code, result.stderr) == (0, "")
    [read] = read_reads(aws)
    assert describe(read)[:4] == (
        *("default", "audit-trail", "default"),
        "prooftrail dead-letters show",
    )


def test_a_read_that_is_not_answered_leaves_nothing(trail: Stack) -> None:
    result = prooftrail("get", "01M8693800S4JW22X9C2F49PPP", audits_reads=True)
    assert result.exit_code == 1
    assert read_reads(trail) == []


@pytest.mark.parametrize("command", ["query", "tail"])
def test_a_read_whose_output_is_cut_leaves_an_event(trail: Stack, command: str) -> None:
    """As `prooftrail query --json | head -1`, which has seen more than nothing."""
    with patch("click.echo", side_effect=BrokenPipeError):
        prooftrail(command, "--tenant", "acme", "--json", audits_reads=True)
    [read] = read_reads(trail)
    assert read["details"]["events"] == 2


def test_an_export_that_fails_later_leaves_an_event_of_its_parts(
    trail: Stack, tmp_path: Path
) -> None:
    pipeline = Pipeline(trail, make_runtime(trail))
    pipeline.commit()
    pipeline.publish()
    write, written = DiskFolder.write_manifest, list[str]()

    def fail_at_the_last(folder: DiskFolder, text: str) -> None:
        if len(written) == 3:  # the first one, and those of two parts
            raise StoreUnavailableError("the disk is gone")
        written.append(text)
        write(folder, text)

    options = ("--tenant", "acme", "--part-entries", "1")
    with patch.object(DiskFolder, "write_manifest", fail_at_the_last):
        result = prooftrail("export", tmp_path, *options, audits_reads=True)
    assert result.exit_code == 3
    assert [read["details"]["events"] for read in read_reads(trail)] == [2]


@contextmanager
def failing(operation: str, fail: Callable[[], Any]) -> Iterator[None]:
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def call(client: Any, name: str, parameters: Any) -> Any:
        return fail() if name == operation else original(client, name, parameters)

    with patch.object(BaseClient, "_make_api_call", call):
        yield


def refuse() -> Any:
    raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SendMessageBatch")


def lose() -> Any:
    raise EndpointConnectionError(endpoint_url="https://sts.example")


@pytest.mark.parametrize(
    ("operation", "fail", "reason"),
    [
        ("SendMessageBatch", refuse, "AccessDenied"),
        ("GetCallerIdentity", lose, "cannot reach"),
    ],
)
def test_a_read_does_not_fail_with_its_record(
    trail: Stack, operation: str, fail: Callable[[], Any], reason: str
) -> None:
    plain = prooftrail("query", "--tenant", "acme", "--json")
    with failing(operation, fail):
        result = prooftrail("query", "--tenant", "acme", "--json", audits_reads=True)
    assert (result.exit_code, result.stdout) == (0, plain.stdout)
    assert "warning: this read is not recorded in the trail" in result.stderr
    assert reason in result.stderr
    assert read_reads(trail) == []


def test_a_command_does_not_wait_for_an_aws_that_does_not_respond(
    trail: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reads, "WAIT_SECONDS", 0.05)
    answered = Event()
    with failing("GetCallerIdentity", lambda: answered.wait() and lose()):
        result = prooftrail("query", "--tenant", "acme", audits_reads=True)
        answered.set()
        for thread in [one for one in threading.enumerate() if one.name == reads.THREAD_NAME]:
            thread.join()
    assert result.exit_code == 0
    assert "AWS did not respond within 0.05 s" in result.stderr


def test_without_audit_reads_nothing_is_asked_or_sent() -> None:
    with deployed({"AuditReads": "false"}) as stack, failing("GetCallerIdentity", refuse):
        store_events(stack, {"eventId": "e-1"})
        result = prooftrail("query", audits_reads=True)
        assert (result.exit_code, result.stderr) == (0, "")
        assert read_reads(stack) == []


def test_a_command_that_goes_on_leaves_an_event_a_minute() -> None:
    counts: list[int] = []

    class Sender:
        def start(self, event_count: int) -> None:
            counts.append(event_count)

        def wait(self) -> None:
            """Nothing is on its way."""

    now = [0.0]
    read = CommandRead(Sender(), lambda: now[0])  # type: ignore[arg-type]  # as the sender
    for second in range(0, 150, 10):
        now[0] = float(second)
        read.note(1)
    read.close()
    assert counts == [7, 6, 2]
