"""`prooftrail erase` on a deployed trail: what it finds, removes and leaves, and its orders."""

import json
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result

from local.template import Stack, transform_template
from prooftrail.aws.clients import client
from prooftrail.cli import erase as command
from prooftrail.cli.installation import Caller
from prooftrail.cli.main import main
from prooftrail.errors import LocalFileError
from prooftrail.export.folder import DiskFolder
from prooftrail.intake.jobs import encode_bulk_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.operate import removal
from tests.integration.test_cleanup import (
    PAYLOADS,
    Trail,
)
from tests.support.command_line import process_queue, prooftrail
from tests.support.faults import Crash, Fault, inject_fault
from tests.support.log_samples import make_verifier_key
from tests.support.samples import SENDER, event_json, job
from tests.support.small_items import TOO_LARGE_FOR_AN_ITEM, lower_item_limit
from tests.support.trail import read_events, read_items, read_signing_key
from tests.template.test_managed_policies import Recorded, find_uses, list_grants
from tests.template.test_permissions import to_list

ME = "ada@example.com"
OTHER = "bob@example.com"
OPERATOR = "arn:aws:sts::123456789012:user/moto"
REASON = "Article 17, ticket 4711"
ROOT = Path(__file__).parents[2]
THOUSANDS = ("${OverflowBucket.Arn}/overflow/*", "s3:PutObject")  # ids of that many dead letters


@pytest.fixture
def trail(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> Trail:
    """A trail whose ledger commits while the command waits."""
    lower_item_limit(monkeypatch)
    client("s3").put_bucket_versioning(  # as in the template; moto's CloudFormation leaves it out
        Bucket=aws.resources[PAYLOADS], VersioningConfiguration={"Status": "Enabled"}
    )
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)
    trail = Trail(aws)
    monkeypatch.setattr(command, "time", SimpleNamespace(sleep=trail.wait))
    return trail


def run(trail: Trail, *options: str, answer: str | None = None, user: str = ME) -> Result:
    """Run the command as an operator does."""
    fixed = ["--stack", trail.name, "--tenant", "acme", "--user", user, "--reason", REASON]
    result = CliRunner().invoke(main, ["erase", *fixed, *options], input=answer)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def erase(trail: Trail, *options: str, code: int = 0) -> Any:
    """Run the command without a question, check its exit code, and return its output."""
    result = run(trail, "--yes", "--json", *options)
    assert result.exit_code == code, result.output
    trail.commit()
    return json.loads(result.stdout)


def send_dead_letters(trail: Trail, *bodies: str) -> None:
    """Put messages into the dead-letter queue, as SQS does."""
    for body in bodies:
        client("sqs").send_message(
            QueueUrl=trail.stack.resources["AuditDeadLetterQueue"], MessageBody=body
        )


def read_dead_letters(trail: Trail) -> list[str]:
    """Return the bodies of all dead letters."""
    url = trail.stack.resources["AuditDeadLetterQueue"]
    found: list[str] = []
    while (
        messages := client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        .get("Messages")
    ):
        new = [each["Body"] for each in messages if each["Body"] not in found]
        if not new:
            break
        found += new
    return found


def dump_everything(trail: Trail, *folders: Path) -> str:
    """Return everything that is stored about events, as text."""
    bucket = trail.stack.resources[PAYLOADS]
    versions = client("s3").list_object_versions(Bucket=bucket).get("Versions", [])
    payloads = [
        client("s3").get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])
        for each in versions
    ]
    return "\n".join(
        [
            *map(repr, trail.read_everything().values()),
            *map(repr, read_events(trail.stack).values()),
            *(each["Body"].read().decode() for each in payloads),
            *read_dead_letters(trail),
            *(path.read_text() for folder in folders for path in folder.glob("*.*json")),
        ]
    )


def store_named(trail: Trail) -> list[str]:
    """Store an event for each way to name the person. Return their ids."""
    user = {"type": "user", "id": ME}
    before = set(read_events(trail.stack))
    trail.store(
        trail.event(1, userId=ME),
        trail.event(2, userId=OTHER, onBehalfOf={"userId": ME}),
        trail.event(3, resourceType="user", resourceId=ME),
        trail.event(4, targets=[{"type": "team", "id": "7"}, user]),
        trail.event(5, details={"text": TOO_LARGE_FOR_AN_ITEM}, targets=[user]),
    )
    trail.commit()
    return sorted(set(read_events(trail.stack)) - before)


def store_others(trail: Trail) -> list[str]:
    """Store events that do not name the person. Return their ids."""
    before = set(read_events(trail.stack))
    trail.store(
        trail.event(1, userId=OTHER),
        trail.event(2, resourceType="team", resourceId=ME),
        trail.event(3, userId=f"{ME}2", targets=[{"type": "team", "id": "7"}]),
        event_json(tenantId="other", userId=ME, eventId="other"),
    )
    trail.commit()
    return sorted(set(read_events(trail.stack)) - before)


def store_reads(trail: Trail) -> list[str]:
    """Store recorded reads. Return the ids of those by the person, and of the person."""
    before = set(read_events(trail.stack))
    trail.store(
        *(
            trail.event(
                number,
                userId=reader,
                action="audit.trail.read",
                resourceType="audit-trail",
                resourceId="acme",
                details={"filters": filters},
                metadata={"senderId": SENDER},
            )
            for number, (reader, filters) in enumerate(
                [(ME, {}), (OTHER, {"userId": ME}), (OTHER, {"userId": OTHER})]
            )
        )
    )
    trail.commit()
    stored = read_events(trail.stack)
    assert len(stored) == len(before) + 3
    return sorted(name for name in stored.keys() - before if ME in json.dumps(stored[name]))


def verify_folder(trail: Trail, folder: Path | str) -> tuple[int, Any]:
    """Return exit code and output of `prooftrail verify export` with the trail."""
    origin = trail.stack.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
    key = str(make_verifier_key(origin, read_signing_key(trail.stack)))
    result = prooftrail("verify", "export", folder, "--key", key, "--stack", trail.name, "--json")
    return result.exit_code, json.loads(result.stdout)


def test_a_person_is_erased_from_events_payloads_dead_letters_and_exports(
    trail: Trail, tmp_path: Path
) -> None:
    others = store_others(trail)
    named = [*store_named(trail), *store_reads(trail)]
    trail.publish()
    folder = tmp_path / "export"
    assert prooftrail("export", folder, "--tenant", "acme").exit_code == 0
    mine, theirs = trail.event(7, userId=ME), {**trail.event(8, userId=OTHER), "eventId": None}
    send_dead_letters(trail, job(mine), encode_bulk_job([mine, theirs]), job(theirs))
    assert dump_everything(trail, folder).count(ME) > 10

    output = erase(trail, "--exports", str(folder))
    trail.publish()

    assert (output["found"], output["removed"], output["unsound"]) == (7, 7, 0)
    assert output["byAction"] == {"user.login": 5, "audit.trail.read": 2}
    assert output["deadLetters"] == {
        "found": 2,
        "events": 2,
        "removed": 2,
        "kept": {},
        "unclear": [],
    }
    assert output["exports"] == [{"folder": str(folder), "found": 7, "removed": 7}]
    assert len(output["beyondReach"]) == len(command.BEYOND_REACH)
    stored = read_events(trail.stack)
    assert not set(named) & set(stored)
    assert set(others) < set(stored)
    assert trail.tampering == []
    assert trail.sum_metric("AuditEventsRemoved") == 7
    code, verdict = trail.verify()
    assert (code, verdict["findings"], verdict["removed"]) == (0, [], 7)

    [order] = trail.orders
    assert sorted(order["details"]["ids"]) == sorted(named)
    assert order["details"]["reason"] == REASON
    assert order["userId"] == OPERATOR
    [discard] = [event for event in stored.values() if "messageIds" in event.get("details", {})]
    assert (discard["details"]["count"], discard["details"]["reason"]) == (2, REASON)
    assert not any(name in json.dumps([order, discard]) for name in (ME, OTHER))

    bodies = [json.loads(body)["data"] for body in read_dead_letters(trail)]
    [[rest]] = [body["events"] for body in bodies if "events" in body]
    assert rest["userId"] == OTHER
    assert rest["eventId"].endswith(":1")  # as it would have been stored from its message
    assert sum(body.get("userId") == OTHER for body in bodies) == 1

    code, verdict = verify_folder(trail, folder)
    assert (verdict["outcome"], verdict["findings"], verdict["gone"]) == ("verified", [], 7)
    assert code == 0
    erasures = json.loads((folder / "erasures.json").read_text())
    assert len(erasures["orders"]) == 7
    assert set(erasures["orders"].values()) < set(stored)

    again = erase(trail, "--exports", str(folder))
    assert (again["found"], again["removed"], again["deadLetters"]["found"]) == (0, 0, 0)
    assert again["exports"][0]["found"] == 0
    assert len(trail.orders) == 1
    late = trail.grow(1, userId=ME)
    assert erase(trail)["found"] == 1
    assert late[0] not in read_events(trail.stack)
    assert prooftrail("export", folder, "--tenant", "acme").exit_code == 0
    assert verify_folder(trail, folder)[0] == 0


def read_documented_grants() -> set[tuple[str, str]]:
    """Return the resources and actions of the policy in docs/iam.md, by names in the template."""
    text = (ROOT / "docs" / "iam.md").read_text().partition("### What an erasure takes")[2]
    policy = json.loads(text.partition("```json\n")[2].partition("```")[0])
    names = {
        "arn:aws:dynamodb:eu-west-1:123456789012:table/AUDIT-EVENTS": "AuditEventsTable.Arn",
        "arn:aws:sqs:eu-west-1:123456789012:DEAD-LETTER-QUEUE": "AuditDeadLetterQueue.Arn",
        "arn:aws:s3:::OVERFLOW-BUCKET": "OverflowBucket.Arn",
        "arn:aws:s3:::OVERFLOW-BUCKET/overflow/*": "${OverflowBucket.Arn}/overflow/*",
        "arn:aws:s3:::OVERFLOW-BUCKET/dead-letters/*": "${OverflowBucket.Arn}/dead-letters/*",
    }
    return {
        (names[resource], action)
        for statement in policy["Statement"]
        for resource in to_list(statement["Resource"])
        for action in to_list(statement["Action"])
    }


def test_the_documented_policy_is_what_an_erasure_takes_beside_the_operator_s(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events with references and a payload in S3, and dead letters with bodies in S3."""
    store_named(trail)
    theirs = {"action": "a.b", "resourceType": "t", "resourceId": "1", "tenantId": "acme"}
    mine = {"userId": ME, "tenantId": "acme"}  # refused
    fill = {"details": {"x": "x" * (MAX_MESSAGE_BYTES - 300)}}
    send_dead_letters(trail, encode_bulk_job([mine, theirs | fill]))
    queue = trail.stack.resources["AuditQueue"]
    client("sqs").send_message(QueueUrl=queue, MessageBody=job(mine | fill))
    process_queue(trail.stack)
    calls = Recorded(trail.stack)

    def wait(seconds: float) -> None:
        before = set(calls.made)
        trail.wait(seconds)
        calls.made &= before  # without the calls of the ledger

    monkeypatch.setattr(command, "time", SimpleNamespace(sleep=wait))
    with calls.recording():
        output = json.loads(run(trail, "--yes", "--json").stdout)
    assert (output["removed"], output["deadLetters"]["removed"]) == (5, 2)
    policies = transform_template()["Resources"]
    operator = list_grants(policies["OperatorPolicy"]["Properties"])
    documented = read_documented_grants()
    assert find_uses(calls.list_needed() | {THOUSANDS}, operator | documented) >= documented
    assert not documented & operator


def test_what_has_expired_in_the_trail_is_erased_from_an_export(
    trail: Trail, tmp_path: Path
) -> None:
    [event_id] = trail.grow(1, userId=ME)
    trail.publish()
    assert prooftrail("export", tmp_path, "--format", "csv").exit_code == 0
    erase(trail)
    trail.publish()
    output = erase(trail, "--exports", str(tmp_path))
    assert (output["found"], output["removed"], output["parts"]) == (0, 0, 1)
    assert output["exports"][0]["removed"] == 1
    assert [order["details"]["ids"] for order in trail.orders] == [[event_id], [event_id]]
    [file] = tmp_path.glob("*.csv")
    assert ME not in file.read_text()
    assert verify_folder(trail, tmp_path)[0] == 0
    trail.publish()
    assert trail.verify()[0] == 0


def test_an_export_in_s3_is_erased_in_a_copy(trail: Trail, tmp_path: Path) -> None:
    trail.grow(2, userId=ME)
    trail.grow(1, userId=OTHER)
    trail.publish()
    address = "s3://exports/audit"
    s3 = client("s3")
    s3.create_bucket(Bucket="exports")
    assert prooftrail("export", address, "--tenant", "acme").exit_code == 0
    refused = run(trail, "--yes", "--exports", address)
    assert refused.exit_code == 2
    assert "copy the export to a folder, erase there, and copy it back" in refused.stderr
    assert trail.orders == []

    for found in s3.list_objects_v2(Bucket="exports")["Contents"]:
        body = s3.get_object(Bucket="exports", Key=found["Key"])["Body"].read()
        (tmp_path / Path(found["Key"]).name).write_bytes(body)
    assert erase(trail, "--exports", str(tmp_path))["exports"][0]["removed"] == 2
    for path in tmp_path.iterdir():
        s3.put_object(Bucket="exports", Key=f"audit/{path.name}", Body=path.read_bytes())
    trail.publish()
    listed = s3.list_objects_v2(Bucket="exports")["Contents"]
    texts = [s3.get_object(Bucket="exports", Key=one["Key"])["Body"].read() for one in listed]
    assert not any(ME.encode() in text for text in texts)
    code, verdict = verify_folder(trail, address)
    assert (code, verdict["gone"], verdict["findings"]) == (0, 2, [])


WRITES = {
    "BatchWriteItem",
    "DeleteMessageBatch",
    "DeleteObjects",
    "SendMessageBatch",
}


def test_a_second_run_finishes_an_interrupted_one(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever write was the last, there is no alarm, and the second run removes the rest."""
    monkeypatch.setattr(removal, "MAX_IDS", 3)
    monkeypatch.setattr(removal, "ORDERS_AHEAD", 1)
    mine, theirs = trail.event(7, userId=ME), trail.event(8, userId=OTHER)
    target = {"type": "user", "id": ME}

    def grow() -> None:
        large = trail.event(5, details={"text": TOO_LARGE_FOR_AN_ITEM}, targets=[target])
        trail.store(trail.event(1, userId=ME), large)
        trail.commit()
        send_dead_letters(trail, job(mine), encode_bulk_job([mine, theirs]))

    grow()
    with inject_fault() as calls:
        erase(trail)
    writes = [nth for nth, name in enumerate(calls) if name in WRITES]
    assert {calls[nth] for nth in writes} == WRITES
    for nth in writes:
        grow()
        name = calls[nth]
        with inject_fault(calls[:nth].count(name), Fault.CRASH_AFTER, name), suppress(Crash):
            run(trail, "--yes", "--json")
        assert erase(trail)["unsound"] == 0
    stored = read_events(trail.stack).values()
    assert {event["action"] for event in stored} == {"audit.cleanup", "audit.dead-letters.discard"}
    assert ME not in dump_everything(trail)
    assert trail.tampering == []
    trail.publish()
    code, verdict = trail.verify()
    assert (code, verdict["findings"]) == (0, [])


def test_a_dry_run_changes_nothing(trail: Trail, tmp_path: Path) -> None:
    store_named(trail)
    trail.publish()
    prooftrail("export", tmp_path)
    send_dead_letters(trail, job(trail.event(7, userId=ME)))
    before = dump_everything(trail, tmp_path)
    result = run(trail, "--dry-run", "--exports", str(tmp_path))
    assert result.exit_code == 0
    assert "5 events of acme to erase" in result.stderr
    assert "1 dead letter with 1 event" in result.stderr
    assert "nothing was removed\nbeyond the reach of this command:\n- " in result.stdout
    assert dump_everything(trail, tmp_path) == before
    result = run(trail, answer="n\n")
    assert (result.exit_code, "Erase them for good? [y/N]" in result.stderr) == (1, True)
    assert dump_everything(trail, tmp_path) == before
    assert run(trail, "--dry-run", "--as-resource", "robot").stderr.startswith("2 events of acme")


def test_an_answer_of_yes_erases(trail: Trail) -> None:
    store_named(trail)
    result = run(trail, answer="y\n")
    assert result.exit_code == 0
    assert result.stdout.startswith("removed 5 events, 0 dead letters, and 0 events of exports\n")


def test_an_order_never_names_the_person(trail: Trail) -> None:
    trail.grow(1, userId=ME)
    before = trail.read_everything()
    options = ["--stack", trail.name, "--tenant", "acme", "--yes"]
    for user, reason, problem in (
        (ME, f"asked for by {ME.upper()}.", "the reason must not contain an id of the person"),
        (ME, " ", "the reason must have 1 to 500 characters"),
        (ME, "x" * 501, "the reason must have 1 to 500 characters"),
        (OPERATOR, REASON, "somebody else must run this"),
        ("moto", REASON, "somebody else must run this"),
    ):
        result = prooftrail("erase", *options, "--user", user, "--reason", reason)
        assert (result.exit_code, problem in result.stderr) == (1, True), result.output
    result = prooftrail("erase", *options, "--resource", "user", "4711", "--reason", REASON)
    assert "the reason must not contain" in result.stderr
    result = prooftrail("erase", *options, "--reason", REASON)
    assert (result.exit_code, "give --user or --resource" in result.stderr) == (2, True)
    assert prooftrail("erase", *options, "--user", ME).exit_code == 2
    assert trail.read_everything() == before


def test_removal_orders_stay_whoever_ran_them(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail.grow(1, userId=ME)
    erase(trail)
    monkeypatch.setattr(
        "prooftrail.cli.installation.Aws.get_caller", lambda _: Caller("another", "AIDA2")
    )
    result = run(trail, "--yes", "--json", user=OPERATOR)
    assert json.loads(result.stdout)["found"] == 0
    assert [order["userId"] for order in trail.orders] == [OPERATOR]


def test_a_dead_letter_that_cannot_be_taken_apart_is_reported_and_stays(trail: Trail) -> None:
    trail.grow(1)
    body = f'{{"type": "log_event", "data": {{"userId": "{ME}"'
    send_dead_letters(trail, body, "not JSON", job({"userId": ME}))
    trail.grow(1, userId=ME)
    output = erase(trail, code=1)
    assert (output["removed"], len(output["deadLetters"]["unclear"])) == (1, 1)
    assert sorted(read_dead_letters(trail)) == sorted([body, "not JSON", job({"userId": ME})])


def test_an_altered_export_is_refused_before_anything_is_removed(
    trail: Trail, tmp_path: Path
) -> None:
    [event_id] = trail.grow(1, userId=ME)
    trail.publish()
    prooftrail("export", tmp_path)
    [file] = tmp_path.glob("*.ndjson")
    file.write_text(file.read_text().replace("user.login", "user.logoff"))
    result = run(trail, "--yes", "--exports", str(tmp_path))
    assert (result.exit_code, "differs from what the manifest says" in result.stderr) == (1, True)
    assert event_id in read_events(trail.stack)


def test_nothing_is_removed_while_the_ledger_does_not_work(trail: Trail, tmp_path: Path) -> None:
    named = store_named(trail)
    trail.publish()
    prooftrail("export", tmp_path)
    send_dead_letters(trail, job(trail.event(7, userId=ME)))
    trail.is_ledger_working = False
    result = run(trail, "--yes", "--timeout", "1", "--exports", str(tmp_path))
    assert (result.exit_code, "did not commit the next removal orders" in result.stderr) == (
        1,
        True,
    )
    assert set(named) < set(read_events(trail.stack))
    assert ME in "".join(read_dead_letters(trail))
    assert ME in "".join(path.read_text() for path in tmp_path.glob("*.ndjson"))


def test_an_altered_event_is_kept_as_evidence(trail: Trail) -> None:
    first, second = trail.grow(2, userId=ME)
    [item] = [
        item for item in read_items(trail.stack, "AuditEventsTable") if item["id"]["S"] == first
    ]
    altered = {**item, "actionKey": {"S": "acme#a.b#0"}}
    client("dynamodb").put_item(TableName=trail.stack.resources["AuditEventsTable"], Item=altered)
    output = erase(trail)
    assert (output["removed"], output["unsound"]) == (1, 1)
    assert first in [item["id"]["S"] for item in read_items(trail.stack, "AuditEventsTable")]
    assert second not in [item["id"]["S"] for item in read_items(trail.stack, "AuditEventsTable")]


def test_a_manifest_that_was_not_written_is_written_by_the_next_run(
    trail: Trail, tmp_path: Path
) -> None:
    trail.grow(1, userId=ME)
    trail.publish()
    prooftrail("export", tmp_path)
    fault = LocalFileError("no space left")
    with patch.object(DiskFolder, "write_manifest", side_effect=fault):
        assert run(trail, "--yes", "--exports", str(tmp_path)).exit_code == 3
    trail.commit()
    assert verify_folder(trail, tmp_path)[0] == 1
    assert erase(trail, "--exports", str(tmp_path))["found"] == 0
    assert verify_folder(trail, tmp_path)[0] == 0


def test_what_was_removed_without_an_order_is_told_from_what_was_erased(trail: Trail) -> None:
    [kept] = trail.grow(1, userId=OTHER)
    [mine] = trail.grow(1, userId=ME)
    erase(trail)
    [order] = [name for name in read_events(trail.stack) if name != kept]
    for event_id in (kept, order):
        trail.remove(event_id)
    trail.commit()
    trail.publish()
    assert trail.tampering == [
        (order, "a removal order was removed"),
        (kept, "a stored event was removed"),
    ]
    code, verdict = trail.verify()
    missing = [each["eventId"] for each in verdict["findings"] if each["kind"] == "missing"]
    assert (code, verdict["removed"], sorted(missing)) == (1, 0, sorted([kept, mine, order]))
