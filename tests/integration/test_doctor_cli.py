"""`prooftrail doctor` on a stack in moto, sound and broken, and with what it may not see."""

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

ANSWERS: dict[str, Any] = {
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
def answering(**answers: Any) -> Iterator[None]:
    """Answer these operations so, and those whose template's properties moto does not keep."""
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(this: BaseClient, operation: str, parameters: Any) -> Any:
        answer = {**ANSWERS, **answers}.get(operation)
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(parameters)
        return original(this, operation, parameters) if answer is None else answer

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


def refused(code: str, operation: str = "Any") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "said so"}}, operation)


def examined(**answers: Any) -> tuple[int, Mapping[str, Mapping[str, str]]]:
    """Exit code, and the checks by name."""
    with answering(**answers):
        code, said = run_json("doctor")
    assert said["healthy"] == (code == 0)
    return code, {one["check"]: one for one in said["checks"]}


def test_a_sound_installation(aws: Stack) -> None:
    log = Log(aws)
    log.commit(5)
    log.publish()
    code, checks = examined()
    assert code == 0
    assert {one["verdict"] for one in checks.values()} == {"ok", "skipped"}
    assert {name for name, one in checks.items() if one["verdict"] == "skipped"} == {
        "signing key",
        "alarms",
        "functions",
    }
    assert checks["ledger"]["finding"].startswith("5 committed, 5 published, ")
    assert checks["shard count"]["finding"] == "4"
    with answering():
        result = prooftrail("doctor")
    lines = result.stdout.splitlines()
    assert (result.exit_code, lines[-1]) == (0, "11 ok, 0 warn, 0 fail, 3 skipped")


def test_an_empty_one_is_sound_too(aws: Stack) -> None:
    assert examined()[0] == 0


def test_what_waits_is_told(aws: Stack) -> None:
    for queue in ("AuditDeadLetterQueue", "LedgerFailureQueue"):
        client("sqs").send_message(QueueUrl=aws.resources[queue], MessageBody="x")
    log = Log(aws)
    log.commit(5)
    code, checks = examined()
    assert code == 1
    assert checks["dead letters"]["verdict"] == "warn"
    assert checks["ledger failures"]["verdict"] == "fail"
    assert "reconcile" in checks["ledger failures"]["advice"]
    assert checks["ledger"]["verdict"] == "warn"
    with answering():
        text = prooftrail("doctor").stdout
    assert "prooftrail dead-letters list" in text


def test_what_is_gone_is_a_failure_of_its_own(aws: Stack) -> None:
    client("sqs").delete_queue(QueueUrl=aws.resources["AuditQueue"])
    client("s3").delete_bucket(Bucket=aws.resources["LogBucket"])
    table = aws.resources["AuditLedgerTable"]
    client("dynamodb").update_table(TableName=table, DeletionProtectionEnabled=False)
    client("dynamodb").delete_table(TableName=table)
    code, checks = examined()
    assert code == 1
    failing = {name for name, one in checks.items() if one["verdict"] == "fail"}
    assert failing == {"queue", "log bucket", "ledger table", "ledger", "shard count"}
    assert checks["events table"]["verdict"] == "ok"


HIDDEN: list[tuple[str, set[str]]] = [
    ("DescribeTable", {"events table", "ledger table"}),
    ("GetQueueAttributes", {"queue", "dead letters", "ledger failures"}),
    ("HeadBucket", {"overflow bucket", "log bucket"}),
    ("GetItem", {"ledger", "shard count"}),
    ("ListStackResources", {"ledger failures", "signing key", "alarms", "functions"}),
    ("DescribeContinuousBackups", set()),
    ("GetBucketEncryption", set()),
]


def test_what_may_not_be_seen_is_skipped(aws: Stack) -> None:
    codes = cycle(["AccessDenied", "AccessDeniedException", "403"])
    for (operation, names), code in zip(HIDDEN, codes, strict=False):
        exit_code, checks = examined(**{operation: refused(code, operation)})
        assert exit_code == 0
        by_us = {"signing key", "alarms", "functions"} - names
        skipped = {name for name, one in checks.items() if one["verdict"] == "skipped"} - by_us
        assert skipped == names
        for name in names:
            assert checks[name]["finding"] == f"{code} at {operation}"


def test_without_the_stack_there_is_little_to_see(aws: Stack) -> None:
    code, checks = examined(DescribeStacks=refused("AccessDenied", "DescribeStacks"))
    assert (code, list(checks)) == (0, ["caller", "stack"])
    result = CliRunner().invoke(main, ["doctor", "--stack", "no-such-stack"])
    assert result.exit_code == 1
    assert "there is no stack no-such-stack in us-east-1" in result.stdout
    assert "another --stack, --region or --profile?" in result.stdout


@pytest.mark.parametrize(
    "error", [EndpointConnectionError(endpoint_url="https://x"), refused("ExpiredToken")]
)
def test_no_way_to_aws_is_3(aws: Stack, error: Exception) -> None:
    with answering(GetCallerIdentity=error):
        result = prooftrail("doctor")
    assert (result.exit_code, result.stdout) == (3, "")
    assert len(result.stderr.splitlines()) == 1


def test_a_part_that_does_not_answer_is_a_warning(aws: Stack) -> None:
    code, checks = examined(DescribeTable=refused("ThrottlingException"))
    assert (code, checks["events table"]["verdict"]) == (0, "warn")


def resource(kind: str, name: str) -> dict[str, str]:
    return {"ResourceType": kind, "LogicalResourceId": name, "PhysicalResourceId": f"{name}-1"}


RESOURCES = {
    "StackResourceSummaries": [
        resource("AWS::Lambda::Function", "Processor"),
        resource("AWS::Lambda::Function", "Ledger"),
        resource("AWS::Lambda::EventSourceMapping", "Stream"),
        resource("AWS::KMS::Key", "SigningKey"),
        resource("AWS::CloudWatch::Alarm", "Tamper"),
    ]
}


def configuration(parameters: Mapping[str, Any]) -> dict[str, Any]:
    state = "Active" if parameters["FunctionName"] == "Processor-1" else "Failed"
    role = "arn:aws:iam::1:role/a/path/role"
    return {"Configuration": {"State": state, "Role": role, "Runtime": "python3.13"}}


def test_functions_and_what_feeds_them(aws: Stack) -> None:
    """What moto cannot have, as AWS answers."""
    answers = {
        "ListStackResources": RESOURCES,
        "GetFunction": configuration,
        "GetRole": {"Role": {}},
        "GetEventSourceMapping": {"State": "Disabled", "EventSourceArn": "arn:aws:dynamodb:x"},
        "DescribeKey": {"KeyMetadata": {"KeyId": "SigningKey-1", "KeyState": "Enabled"}},
        "DescribeAlarms": {"MetricAlarms": [{"AlarmName": "Tamper-1", "StateValue": "ALARM"}]},
    }
    code, checks = examined(**answers)
    assert code == 1
    assert {name: one["verdict"] for name, one in list(checks.items())[-5:]} == {
        "signing key": "ok",
        "alarms": "warn",
        "function Processor": "ok",
        "function Ledger": "fail",
        "source Stream": "fail",
    }
    _, checks = examined(**{**answers, "GetRole": refused("NoSuchEntity")})
    assert "its role does not exist" in checks["function Processor"]["finding"]
    _, checks = examined(**{**answers, "GetFunction": refused("ResourceNotFoundException")})
    assert checks["function Processor"]["verdict"] == "fail"
