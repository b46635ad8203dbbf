"""`prooftrail doctor` on a stack in moto: healthy, broken, and with denied permissions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import cycle
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, EndpointConnectionError
from click.testing import CliRunner

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import main
from tests.support.command_line import prooftrail, run_json
from tests.support.deployed_log import Log

RESPONSES: dict[str, Any] = {
    "DescribeContinuousBackups": {
        "ContinuousBackupsDescription": {
            "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}
        }
    },
    "DescribeTimeToLive": {
        "TimeToLiveDescription": {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}
    },
    "GetPublicAccessBlock": {
        "PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"),
            True,
        )
    },
    "GetBucketVersioning": {"Status": "Enabled"},
}


@contextmanager
def stub_responses(**responses: Any) -> Iterator[None]:
    """Return fixed responses for operations, also for the properties that moto does not store."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> Any:
        response = {**RESPONSES, **responses}.get(operation)
        if isinstance(response, Exception):
            raise response
        if callable(response):
            return response(parameters)
        return original(this, operation, parameters) if response is None else response

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


def make_error(code: str, operation: str = "Any") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "said so"}}, operation)


def run_doctor(**responses: Any) -> tuple[int, Mapping[str, Mapping[str, str]]]:
    """Run the command. Return its exit code and its checks by name."""
    with stub_responses(**responses):
        code, report = run_json("doctor")
    assert report["healthy"] == (code == 0)
    return code, {check["check"]: check for check in report["checks"]}


def test_a_healthy_installation(aws: Stack) -> None:
    log = Log(aws)
    log.commit(5)
    log.publish()
    code, checks = run_doctor()
    assert code == 0
    assert {check["verdict"] for check in checks.values()} == {"ok", "skipped"}
    assert {name for name, check in checks.items() if check["verdict"] == "skipped"} == {
        "signing key",
        "alarms",
        "functions",
    }
    assert checks["ledger"]["finding"].startswith("5 committed, 5 published, ")
    assert checks["shard count"]["finding"] == "4"
    with stub_responses():
        result = prooftrail("doctor")
    lines = result.stdout.splitlines()
    assert (result.exit_code, lines[-1]) == (0, "12 ok, 0 warn, 0 fail, 3 skipped")


def test_an_empty_installation_is_healthy(aws: Stack) -> None:
    assert run_doctor()[0] == 0


def test_waiting_messages_and_events_are_reported(aws: Stack) -> None:
    for queue in ("AuditDeadLetterQueue", "LedgerFailureQueue"):
        client("sqs").send_message(QueueUrl=aws.resources[queue], MessageBody="x")
    log = Log(aws)
    log.commit(5)
    code, checks = run_doctor()
    assert code == 1
    assert checks["dead letters"]["verdict"] == "warn"
    assert checks["ledger failures"]["verdict"] == "fail"
    assert "reconcile" in checks["ledger failures"]["advice"]
    assert checks["ledger"]["verdict"] == "warn"
    with stub_responses():
        text = prooftrail("doctor").stdout
    assert "prooftrail dead-letters list" in text


def test_each_deleted_resource_is_a_failure(aws: Stack) -> None:
    client("sqs").delete_queue(QueueUrl=aws.resources["AuditQueue"])
    client("s3").delete_bucket(Bucket=aws.resources["LogBucket"])
    table = aws.resources["AuditLedgerTable"]
    client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
    client("dynamodb").delete_table(TableName=table)
    code, checks = run_doctor()
    assert code == 1
    failing = {name for name, check in checks.items() if check["verdict"] == "fail"}
    assert failing == {
        "queue",
        "log bucket",
        "ledger table",
        "ledger",
        "shard count",
        "legal holds",
    }
    assert checks["events table"]["verdict"] == "ok"


HIDDEN: list[tuple[str, set[str]]] = [
    ("DescribeTable", {"events table", "ledger table"}),
    ("GetQueueAttributes", {"queue", "dead letters", "ledger failures"}),
    ("HeadBucket", {"overflow bucket", "log bucket"}),
    ("GetItem", {"ledger", "shard count", "legal holds"}),
    ("ListStackResources", {"ledger failures", "signing key", "alarms", "functions"}),
    ("DescribeContinuousBackups", set()),
    ("GetBucketEncryption", set()),
]


def test_checks_without_permission_are_skipped(aws: Stack) -> None:
    codes = cycle(["AccessDenied", "AccessDeniedException", "403"])
    for (operation, names), code in zip(HIDDEN, codes, strict=False):
        exit_code, checks = run_doctor(**{operation: make_error(code, operation)})
        assert exit_code == 0
        always = {"signing key", "alarms", "functions"} - names
        skipped = {name for name, check in checks.items() if check["verdict"] == "skipped"} - always
        assert skipped == names
        for name in names:
            assert checks[name]["finding"] == f"{code} at {operation}"


def test_without_the_stack_only_two_checks_run(aws: Stack) -> None:
    code, checks = run_doctor(DescribeStacks=make_error("AccessDenied", "DescribeStacks"))
    assert (code, list(checks)) == (0, ["caller", "stack"])
    result = CliRunner().invoke(main, ["doctor", "--stack", "no-such-stack"])
    assert result.exit_code == 1
    assert "there is no stack no-such-stack in us-east-1" in result.stdout
    assert "another --stack, --region or --profile?" in result.stdout


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://x"), make_error("ExpiredToken")]
)
def test_an_unreachable_aws_ends_with_3(aws: Stack, error: Exception) -> None:
    with stub_responses(GetCallerIdentity=error):
        result = prooftrail("doctor")
    assert (result.exit_code, result.stdout) == (3, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_throttled_check_is_a_warning(aws: Stack) -> None:
    code, checks = run_doctor(DescribeTable=make_error("ThrottlingException"))
    assert (code, checks["events table"]["verdict"]) == (0, "warn")


def make_resource(kind: str, name: str) -> dict[str, str]:
    return {"ResourceType": kind, "LogicalResourceId": name, "PhysicalResourceId": f"{name}-1"}


RESOURCES = {
    "StackResourceSummaries": [
        make_resource("AWS::Lambda::Function", "Processor"),
        make_resource("AWS::Lambda::Function", "Ledger"),
        make_resource("AWS::Lambda::EventSourceMapping", "Stream"),
        make_resource("AWS::KMS::Key", "SigningKey"),
        make_resource("AWS::CloudWatch::Alarm", "Tamper"),
    ]
}


def make_configuration(parameters: Mapping[str, Any]) -> dict[str, Any]:
    state = "Active" if parameters["FunctionName"] == "Processor-1" else "Failed"
    role = "arn:aws:iam::1:role/a/path/role"
    return {"Configuration": {"State": state, "Role": role, "Runtime": "python3.13"}}


def test_functions_and_their_event_sources(aws: Stack) -> None:
    """moto cannot create these resources: the responses are those of AWS."""
    responses = {
        "ListStackResources": RESOURCES,
        "GetFunction": make_configuration,
        "GetRole": {"Role": {}},
        "GetEventSourceMapping": {"State": "Disabled", "EventSourceArn": "arn:aws:dynamodb:x"},
        "DescribeKey": {"KeyMetadata": {"KeyId": "SigningKey-1", "KeyState": "Enabled"}},
        "DescribeAlarms": {"MetricAlarms": [{"AlarmName": "Tamper-1", "StateValue": "ALARM"}]},
    }
    code, checks = run_doctor(**responses)
    assert code == 1
    assert {name: check["verdict"] for name, check in list(checks.items())[-5:]} == {
        "signing key": "ok",
        "alarms": "warn",
        "function Processor": "ok",
        "function Ledger": "fail",
        "source Stream": "fail",
    }
    _, checks = run_doctor(**{**responses, "GetRole": make_error("NoSuchEntity")})
    assert "its role does not exist" in checks["function Processor"]["finding"]
    _, checks = run_doctor(**{**responses, "GetFunction": make_error("ResourceNotFoundException")})
    assert checks["function Processor"]["verdict"] == "fail"
