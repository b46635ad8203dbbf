"""`prooftrail proof`, `checkpoint` and `tenants` beside the API, and the hint at another tenant."""

import json
import stat
from pathlib import Path
from typing import Any

import pytest

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.errors import StoreRejectedError
from tests.support.api import Api
from tests.support.command_line import prooftrail, run_json, run_ndjson
from tests.support.pipeline import Pipeline
from tests.support.samples import event_json, job, message, queue_event


@pytest.fixture
def api(aws: Stack) -> Api:
    """Publish three events of acme and two of globex."""
    api = Api(aws)
    pipeline = Pipeline(aws, api.runtime)
    pipeline.grow(3, tenantId="acme")
    pipeline.grow(2, tenantId="globex", success=False)
    return api


def find_id(tenant: str = "acme") -> str:
    """Return the id of one of the tenant's events."""
    return str(run_ndjson("query", "--tenant", tenant, "--limit", 1)[1][0]["id"])


def test_a_proof_is_what_the_api_returns(api: Api, tmp_path: Path) -> None:
    event_id, file = find_id(), tmp_path / "bundle.json"
    path = f"/audit-logs/{event_id}/proof"
    bundle = api.get(f"{path}/unmasked", tenantId="acme")[1]
    assert json.loads(prooftrail("proof", event_id, "--tenant", "acme").stdout) == bundle
    result = prooftrail("proof", event_id, "--tenant", "acme", "--output", file)
    assert (result.exit_code, result.output) == (0, "")
    raw = file.read_text()
    assert prooftrail("proof", event_id, "--tenant", "acme").stdout == raw
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key = api.get("/audit-logs/log")[1]["verifierKey"]
    assert prooftrail("verify", "bundle", file, "--key", key).exit_code == 0
    shown = prooftrail("proof", event_id, "--tenant", "acme", "--format", "tlog-proof").stdout
    assert shown == api.get(path, tenantId="acme")[1]


def test_a_checkpoint_is_what_the_api_returns(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "checkpoint"
    assert prooftrail("checkpoint").stdout == api.get("/audit-logs/checkpoint")[1]
    assert prooftrail("checkpoint", "-o", file).output == ""
    assert file.read_text() == prooftrail("checkpoint").stdout
    result = prooftrail("checkpoint", "-o", tmp_path / "missing" / "file")
    assert (result.exit_code, result.stdout) == (3, "")
    assert result.stderr.endswith("No such file or directory [local_file_failed]\n")


def test_before_the_first_checkpoint_nothing_is_written(aws: Stack, tmp_path: Path) -> None:
    pipeline = Pipeline(aws, Api(aws).runtime)
    assert prooftrail("tenants").stderr.startswith("no tenant is recorded yet")
    pipeline.grow(0)
    result = prooftrail("checkpoint", "-o", tmp_path / "file")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.endswith("[not_published]\n")
    assert not (tmp_path / "file").exists()


def test_a_terminal_gets_no_character_that_it_obeys(
    aws: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    Pipeline(aws, Api(aws).runtime).grow(1, userId="a\x9b31m")
    event_id = find_id("default")
    assert "\x9b" in prooftrail("proof", event_id).stdout
    monkeypatch.setattr("prooftrail.cli.output.get_terminal_width", lambda: 80)
    shown = prooftrail("proof", event_id).stdout
    assert shown.endswith("\n")
    assert shown.removesuffix("\n").isprintable()


def test_tenants_are_counted_without_a_scan(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.client.BaseClient._make_api_call", refuse_scans())
    code, found = run_json("tenants")
    assert code == 0
    assert found == {
        "tenants": [
            {"tenantId": "acme", "total": 3, "successful": 3, "failed": 0},
            {"tenantId": "globex", "total": 2, "successful": 0, "failed": 2},
        ]
    }
    result = prooftrail("tenants")
    assert result.stdout.splitlines()[1].split() == ["acme", "3", "3", "0"]
    assert result.stderr == "2 tenants\n"
    assert {each["total"] for each in run_json("tenants", "--since", "1h")[1]["tenants"]} == {0}
    assert prooftrail("tenants", "--since", "1h", "--until", "2h").exit_code == 2


def refuse_scans() -> Any:
    """Return the function that calls AWS, but for scans."""
    from botocore.client import BaseClient

    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> object:
        assert operation != "Scan"
        return original(this, operation, parameters)

    return make_api_call


def test_the_tenant_that_has_the_event_is_named_to_those_who_may_read_it(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = find_id("globex")
    for command in ("get", "proof"):
        text = f"give --tenant globex: tenant acme has no event {event_id}"
        result = prooftrail(command, event_id, "--tenant", "acme")
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"error: {text} [event_not_found]\n"

    def refuse(*_: object) -> object:
        raise StoreRejectedError("AccessDeniedException at BatchGetItem")

    monkeypatch.setattr(DynamoEventReader, "get_many", refuse)
    result = prooftrail("get", event_id, "--tenant", "acme")
    text = f"check --tenant: tenant acme has no event {event_id}"
    assert result.stderr == f"error: {text} [event_not_found]\n"


def test_tenants_that_are_not_recorded_are_found_by_reconcile(aws: Stack, api: Api) -> None:
    client("dynamodb").delete_item(
        TableName=aws.resources["AuditLedgerTable"],
        Key={"pk": {"S": "tenants"}, "sk": {"S": "acme"}},
    )
    assert [each["tenantId"] for each in run_json("tenants")[1]["tenants"]] == ["globex"]
    code, plan = run_json("reconcile")
    assert (code, plan["tenants"]) == (1, ["acme"])
    assert "tenant: acme is not among the recorded tenants" in prooftrail("reconcile").stdout
    code, plan = run_json("reconcile", "--apply")
    assert (code, plan["repaired"]["tenants"]) == (0, 1)
    pipeline = Pipeline(aws, api.runtime)
    pipeline.commit()  # what is committed already is skipped
    pipeline.store(queue_event(message(job(event_json(tenantId="new")))))
    pipeline.commit()
    assert run_json("reconcile") == (0, {**plan, "tenants": [], "repaired": None})
    assert len(run_json("tenants")[1]["tenants"]) == 2
