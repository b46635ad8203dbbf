"""`prooftrail export` and `prooftrail verify export` on a deployed trail."""

import errno
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import Result

from local.runtime import Runtime
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.event.times import format_timestamp, now_ms
from prooftrail.export.formats import FORMATS
from prooftrail.intake.ingest import Message
from tests.support.clock import clock_ahead
from tests.support.command_line import get_stack_name, make_runtime, process_queue, prooftrail
from tests.support.export_samples import parse_json_lines
from tests.support.faults import Fault, inject_fault
from tests.support.log_samples import make_verifier_key
from tests.support.prepared import prepare
from tests.support.samples import bulk_job, event_json, queue_event
from tests.support.stack import cool_down
from tests.support.trail import (
    make_ulid,
    read_events,
    read_items,
    read_ledger,
    read_signing_key,
    stream_records,
)

TENANTS = ("acme", "globex")


@dataclass
class Deployed:
    """A deployed trail and the folder of an export."""

    stack: Stack
    runtime: Runtime
    folder: Path
    sent: int = 0
    committed: int = 0

    def store(self, *events: dict[str, Any], sent_ms_ago: int = 0) -> None:
        """Let the processor store these events."""
        sent_at = now_ms() - sent_ms_ago
        sent = Message(f"m-{self.sent}", bulk_job(*events), sent_at, 1)
        assert not self.runtime.invoke("ProcessorFunction", queue_event(sent))["batchItemFailures"]
        self.sent += len(events)

    def store_some(self, count: int, sent_ms_ago: int = 0) -> None:
        """Let the processor store this number of events, of two tenants."""
        self.store(
            *(
                event_json(
                    eventId=f"e-{n}",
                    tenantId=TENANTS[n % 2],
                    timestamp=f"2025-11-24T1{n % 2}:00:{n % 60:02d}Z",
                )
                for n in range(self.sent, self.sent + count)
            ),
            sent_ms_ago=sent_ms_ago,
        )

    def publish(self) -> None:
        """Commit and publish the stored events."""
        records = stream_records(self.stack)[self.committed :]
        self.committed += len(records)
        for start in range(0, len(records), 40):
            self.runtime.invoke("LedgerFunction", {"Records": records[start : start + 40]})
        self.runtime.invoke("CheckpointFunction", {})

    @property
    def key(self) -> str:
        """The log's verifier key."""
        origin = self.stack.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
        return str(make_verifier_key(origin, read_signing_key(self.stack)))

    def run(self, *arguments: object) -> Result:
        """Run a command. It must end with one of its exit codes, without a traceback."""
        return prooftrail(*arguments)

    def export(self, *options: object) -> Result:
        """Run the export."""
        return self.run("export", self.folder, "--stack", get_stack_name(), *options)

    def verify(self, *options: object) -> Result:
        """Verify the export."""
        return self.run("verify", "export", self.folder, "--key", self.key, *options)

    def read_lines(self) -> list[dict[str, Any]]:
        """Return the exported events."""
        files = sorted(self.folder.glob("0*ndjson"))
        return [line for file in files for line in parse_json_lines(file.read_bytes())]

    def list_ids(self) -> list[str]:
        """Return the ids of the log's entries in order."""
        return [make_ulid(*entry) for entry in read_ledger(self.stack).entries]

    def read_item(self, event_id: str) -> Mapping[str, Any]:
        """Return the item of an event."""
        [item] = [
            item
            for item in read_items(self.stack, "AuditEventsTable")
            if item["id"]["S"] == event_id
        ]
        return item

    def replace(self, item: Mapping[str, Any], **attributes: Any) -> None:
        """Change the item of an event, as an attacker does."""
        table = self.stack.resources["AuditEventsTable"]
        client("dynamodb").put_item(TableName=table, Item={**item, **attributes})

    def remove(self, item: Mapping[str, Any]) -> None:
        """Remove an event's item."""
        table = self.stack.resources["AuditEventsTable"]
        client("dynamodb").delete_item(
            TableName=table, Key={name: item[name] for name in ("pk", "id")}
        )


@pytest.fixture
def deployed(aws: Stack, tmp_path: Path) -> Deployed:
    """Return a published trail of 130 events."""
    made = prepare(aws, _publish_some)
    return replace(made, folder=tmp_path / "export")


def _publish_some(stack: Stack) -> Deployed:
    trail = Deployed(stack, make_runtime(stack), Path())
    trail.store_some(130)
    trail.publish()
    return trail


@pytest.mark.parametrize("name", FORMATS)
def test_a_trail_is_exported_and_verified(deployed: Deployed, name: str) -> None:
    result = deployed.export("--format", name, "--part-entries", 50)
    assert result.stdout == (
        "exported 130 events of positions 0 to 129; 0 not asked for, 0 expired, 0 gone, "
        "0 unreadable\n"
    )
    assert result.exit_code == 0
    assert len(list(deployed.folder.glob(f"0*.{FORMATS[name].extension}"))) == 3
    log = f"s3://{deployed.stack.resources['LogBucket']}"
    result = deployed.verify("--log", log)
    has_content = name in {"ndjson", "cloudevents"}
    unproved = (
        f"unproved: manifest: the content of 130 events: a file of {name} proves their positions, "
        "ids and digests alone\nnot proved: see above; "
    )
    assert (result.exit_code, result.stdout.partition("as of ")[0]) == (
        0 if has_content else 4,
        f"{'verified: ' if has_content else unproved}130 events of positions 0 to 129, 0 not "
        "asked for, 0 expired, 0 gone, 0 unreadable\n",
    )
    result = deployed.export("--format", name)
    assert (result.exit_code, result.stdout) == (
        0,
        "nothing new: the export ends at position 130\n",
    )


def test_the_lines_equal_the_events_of_the_api(deployed: Deployed) -> None:
    deployed.export()
    stored = read_events(deployed.stack)
    items = {item["id"]["S"]: item for item in read_items(deployed.stack, "AuditEventsTable")}
    for position, (event_id, line) in enumerate(
        zip(deployed.list_ids(), deployed.read_lines(), strict=True)
    ):
        item = items[event_id]
        assert line == {
            "position": position,
            "id": event_id,
            "digest": item["digest"]["B"].hex(),
            "receivedAt": format_timestamp(int(item["receivedAt"]["N"])),
            **stored[event_id],
        }


def _publish_large_numbers(stack: Stack) -> Deployed:
    trail = _publish_some(stack)
    trail.store(
        event_json(details=NUMBERS, tenantId="acme", action="Microsoft.Sql/servers/write"),
        event_json(
            details=NUMBERS, tenantId="acme", resourceType="pods/exec", username="é\U0001f600"
        ),
    )
    trail.publish()
    return trail


NUMBERS = {"wei": 1e18, "digits": 10**18, "large": 2.0**60, "e": 1e21, "tiny": 1e-7, "one": 1.0}


@pytest.mark.parametrize("name", FORMATS)
def test_events_with_large_numbers_are_exported_and_verified(
    aws: Stack, tmp_path: Path, name: str
) -> None:
    deployed = replace(prepare(aws, _publish_large_numbers), folder=tmp_path / "export")
    assert "exported 132 events" in deployed.export("--format", name).stdout
    assert deployed.verify().exit_code == (0 if name in {"ndjson", "cloudevents"} else 4)


def test_an_export_that_is_sent_again_stores_nothing_new(deployed: Deployed) -> None:
    deployed.store(
        event_json(details=NUMBERS, tenantId="acme", ipAddress="::ffff:203.0.113.77", userId=7),
        event_json(changes={"before": NUMBERS, "after": {"wei": 10**18}}, timestamp=now_ms()),
    )
    deployed.publish()
    deployed.export()
    stored = read_events(deployed.stack)
    [file] = deployed.folder.glob("0*ndjson")
    result = deployed.run("send", file, "--stack", get_stack_name(), "--json")
    assert result.exit_code == 0
    sent = [json.loads(line)["id"] for line in result.stdout.splitlines()]
    assert (len(sent), set(sent)) == (132, set(stored))
    process_queue(deployed.stack)
    assert read_events(deployed.stack) == stored


def test_a_run_continues_after_a_fault_and_includes_late_events(deployed: Deployed) -> None:
    with inject_fault() as calls:
        deployed.export("--part-entries", 60)
    nth = [n for n, call in enumerate(calls) if call == "BatchGetItem"][-1]
    for file in deployed.folder.iterdir():
        file.unlink()
    with inject_fault(nth, Fault.REFUSED):
        result = deployed.export("--part-entries", 60)
    assert (result.exit_code, result.stdout) == (3, "")
    assert "error: ThrottlingException" in result.stderr
    assert json.loads(deployed.verify("--json").stdout)["end"] == 120
    deployed.store(event_json(eventId="late", timestamp="2025-01-01T00:00:00Z", tenantId="acme"))
    deployed.publish()
    summary = json.loads(deployed.export("--part-entries", 60, "--json").stdout)
    assert (summary["start"], summary["end"], summary["events"]) == (120, 131, 11)
    assert summary["files"] == [f"{120:020d}-{131:020d}.ndjson"]
    assert [line["id"] for line in deployed.read_lines()] == deployed.list_ids()
    assert deployed.read_lines()[-1]["eventId"] == "late"
    assert deployed.verify().exit_code == 0


def test_the_events_of_one_tenant(deployed: Deployed) -> None:
    summary = json.loads(deployed.export("--tenant", "acme", "--json").stdout)
    assert (summary["events"], summary["others"]) == (65, 65)
    assert {line["tenantId"] for line in deployed.read_lines()} == {"acme"}
    assert deployed.verify().exit_code == 4
    assert deployed.export("--tenant", "a#b").exit_code == 2


def test_events_are_chosen_by_time_user_and_action_into_s3(deployed: Deployed) -> None:
    deployed.store(event_json(eventId="wanted", timestamp="2025-01-01T00:00:00Z", userId="u-9"))
    deployed.publish()
    client("s3").create_bucket(Bucket="exports")
    address = "s3://exports/of/u-9/"
    options = ("--since", "2025-01-01", "--until", "2025-01-01", "--user", "u-9")
    arguments = (address, "--stack", get_stack_name(), *options, "--action", "user.*")
    summary = json.loads(deployed.run("export", *arguments, "--json").stdout)
    assert (summary["events"], summary["others"], summary["end"]) == (1, 130, 131)
    stored = client("s3").get_object(Bucket="exports", Key=f"of/u-9/{summary['files'][0]}")
    [line] = parse_json_lines(stored["Body"].read())
    assert line["eventId"] == "wanted"
    assert "nothing new" in deployed.run("export", *arguments).stdout
    verify = ("verify", "export", address, "--key", deployed.key)
    assert deployed.run(*verify).exit_code == 4  # offline, only the manifest says why
    assert deployed.run(*verify, "--stack", get_stack_name()).exit_code == 0
    for wrong in (("--since", "1h", "--until", "2h"), ("--action", "*")):
        assert deployed.export(*wrong).exit_code == 2
    for location in ("s3://", "s3:///a", __file__):
        result = deployed.run("export", location, "--stack", get_stack_name())
        assert (result.exit_code, location in result.stderr) == (2, True)


def test_gone_and_damaged_events_and_large_ones(deployed: Deployed) -> None:
    large = Random(0).randbytes(450_000).hex()  # neither compresses nor fits an item
    deployed.store(event_json(eventId="large", tenantId="acme", details={"archive": large}))
    deployed.store(event_json(eventId="float", tenantId="acme", details={"a": 1e20}))
    deployed.publish()
    ids = deployed.list_ids()
    deployed.remove(deployed.read_item(ids[3]))
    deployed.replace(deployed.read_item(ids[5]), event={"S": "{}"})
    deployed.replace(deployed.read_item(ids[7]), receivedAt={"S": "x"})
    deployed.replace(deployed.read_item(ids[9]), expiresAt={"N": "1"})
    result = deployed.export("--json")
    summary = json.loads(result.stdout)
    assert (result.exit_code, summary["events"]) == (1, 128)
    assert summary["gonePositions"] == [[3, 4], [9, 10]]
    assert summary["unreadablePositions"] == [
        {"position": 5, "problem": "its content does not match its digest"},
        {"position": 7, "problem": "its receivedAt is not a time"},
    ]
    assert deployed.read_lines()[-2]["details"] == {"archive": large}
    assert deployed.read_lines()[-1]["details"] == {"a": 1e20}
    assert deployed.verify().exit_code == 4
    deployed.folder = deployed.folder / "for people"
    result = deployed.export()
    assert result.exit_code == 1
    assert "unreadable: entry 5: its content does not match its digest\n" in result.stdout
    assert "no longer stored: entry 3\n" in result.stdout
    assert result.stdout.endswith("2 gone, 2 unreadable\n")


def test_expired_events_are_counted_apart_from_missing_events(deployed: Deployed) -> None:
    with patch.dict(os.environ, RETENTION_DAYS="1"):
        cool_down()
        deployed.store_some(4)
    deployed.publish()
    deployed.remove(deployed.read_item(deployed.list_ids()[131]))
    with clock_ahead(26):
        summary = json.loads(deployed.export("--json").stdout)
    assert (summary["events"], summary["expired"], summary["gone"]) == (133, 1, 0)
    assert deployed.verify().exit_code == 4


def test_events_that_reconcile_commits_are_exported(deployed: Deployed) -> None:
    deployed.store_some(10)  # the stream loses them
    with clock_ahead(26):
        repaired = deployed.run("reconcile", "--stack", get_stack_name(), "--apply", "--json")
    assert json.loads(repaired.stdout)["repaired"]["events"]["new"] == 10
    deployed.runtime.invoke("CheckpointFunction", {})
    summary = json.loads(deployed.export("--json").stdout)
    assert (summary["events"], summary["unreadable"]) == (140, 0)
    assert [line["id"] for line in deployed.read_lines()] == deployed.list_ids()


def test_a_damaged_tenant_attribute_is_reported(deployed: Deployed) -> None:
    table = deployed.stack.resources["AuditLedgerTable"]
    [first, *_] = sorted(
        (
            item
            for item in read_items(deployed.stack, "AuditLedgerTable")
            if item["pk"]["S"] == "log#0"
        ),
        key=lambda item: str(item["sk"]["S"]),
    )
    client("dynamodb").put_item(TableName=table, Item={**first, "tenants": {"B": b"\n\n"}})
    result = deployed.export()
    assert result.exit_code == 1
    assert "entry 0: the ledger does not have the event's tenant" in result.stdout
    assert "and 20 more: see manifest.json" in result.stdout
    assert deployed.verify().exit_code == 4


def test_errors_are_one_line(deployed: Deployed, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    deployed.export("--to-position", 10)
    manifest = deployed.folder / "manifest.json"
    text = manifest.read_text()
    cases: list[tuple[Mapping[str, object], int, str]] = [
        ({"--format": "csv"}, 1, "error: the folder has another export"),
        ({"--from-position": 5}, 1, "error: the folder has another export"),
        ({"--from-position": -1}, 2, "--from-position"),
        ({"--from-position": 5, "--to-position": 2}, 2, "must be before --to-position"),
        ({"--from-position": 5, "--to-position": 5}, 2, "must be before --to-position"),
        ({"--to-position": 0}, 2, "must be before --to-position"),
        ({"--format": "xml"}, 2, "--format"),
        ({"--part-entries": 0}, 2, "--part-entries"),
    ]
    for options, code, expected in cases:
        result = deployed.export(*[argument for pair in options.items() for argument in pair])
        assert (result.exit_code, result.stdout) == (code, "")
        assert expected in result.stderr
        assert manifest.read_text() == text
    manifest.write_text(text[:-2])
    for run in (deployed.export, deployed.verify):
        result = run()
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("error: the manifest is damaged")
    deployed.folder = tmp_path / "new"
    assert deployed.export("--from-position", 5, "--to-position", 2).exit_code == 2
    assert not deployed.folder.exists()
    deployed.folder = tmp_path / "file" / "inside"
    result = deployed.export()
    assert (result.exit_code, "Not a directory" in result.stderr) == (3, True)
    deployed.folder = tmp_path / "nowhere"
    assert deployed.verify().exit_code == 2


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_is_compared_with_the_trail(deployed: Deployed, name: str) -> None:
    deployed.export("--format", name)
    result = deployed.verify("--stack", get_stack_name())
    assert result.exit_code == (4 if name == "parquet" else 0), result.output
    deployed.remove(deployed.read_item(deployed.list_ids()[3]))
    result = deployed.verify("--stack", get_stack_name())
    assert result.exit_code == (0 if name in {"ndjson", "cloudevents"} else 4), result.output


def test_a_changed_export_is_refuted(deployed: Deployed) -> None:
    deployed.export()
    [path] = deployed.folder.glob("0*ndjson")
    path.write_bytes(path.read_bytes().replace(b"user.login", b"user.logon", 1))
    result = deployed.verify()
    assert result.exit_code == 1
    first = f"altered: {path.name}: the file differs from what the manifest says\n"
    assert result.stdout.startswith(first)
    assert "its content does not have its digest" in result.stdout
    assert "not verified: 2 findings" in result.stdout
    summary = json.loads(deployed.verify("--json").stdout)
    assert (summary["verified"], len(summary["findings"])) == (False, 2)


def test_a_folder_that_cannot_be_written_is_named(deployed: Deployed) -> None:
    deployed.folder.mkdir()
    original = os.open

    def fail(path: Any, flags: int, *arguments: Any, **options: Any) -> int:
        if flags & os.O_WRONLY and Path(str(path)).parent == deployed.folder:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return original(path, flags, *arguments, **options)

    with patch("os.open", fail):
        result = deployed.export()
    expected = f"error: {deployed.folder}/.lock: Read-only file system [local_file_failed]\n"
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", expected)
    assert deployed.export().exit_code == 0


def test_before_the_first_checkpoint(aws: Stack, tmp_path: Path) -> None:
    trail = Deployed(aws, make_runtime(aws), tmp_path / "export")
    result = trail.export()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "error: the log is not published yet" in result.stderr
    assert json.loads(trail.export("--json").stdout)["error"]["code"] == "not_published"
