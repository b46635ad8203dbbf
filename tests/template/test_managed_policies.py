"""The ready-made policies allow what routes, producers and commands need, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient

from local.runtime import Runtime
from local.template import Stack, transform_template
from prooftrail.client import AuditLogger
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from tests.integration.test_doctor_cli import make_resource, stub_responses
from tests.support.command_line import process_queue, prooftrail, run_json, run_ndjson
from tests.support.pipeline import Pipeline
from tests.support.samples import job
from tests.support.stack import make_client
from tests.support.trail import read_events
from tests.template.conftest import SelectType
from tests.template.test_least_privilege import Calls, read_sample
from tests.template.test_permissions import format_resource, to_list

Grant = tuple[str, str]
POLICIES = (
    "ProducerPolicy",
    "ReaderPolicy",
    "PersonalDataReaderPolicy",
    "AuditorPolicy",
    "OperatorPolicy",
)
EVENT_ID = "01M8693800S4JW22X9C2F49PPP"
API = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${AuditApi}/${Stage}/"
ROUTES: dict[str, set[str]] = {
    "ProducerPolicy": {"POST/audit-logs"},
    "ReaderPolicy": {
        "GET/audit-logs",
        "GET/audit-logs/{id}",
        "GET/audit-logs/stats",
        "GET/audit-logs/metrics",
    },
    "PersonalDataReaderPolicy": {
        "GET/audit-logs/unmasked",
        "GET/audit-logs/{id}/unmasked",
        "GET/audit-logs/{id}/proof/unmasked",
    },
    "AuditorPolicy": {
        "GET/audit-logs/{id}/proof",
        "GET/audit-logs/log",
        "GET/audit-logs/log/consistency",
        "GET/audit-logs/checkpoint",
        "GET/audit-logs/tile/{path+}",
    },
    "OperatorPolicy": set(),
}
# What a call of this name takes, where the permission has another name.
ACTIONS = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
}
NEEDS_NOTHING = {"sts:GetCallerIdentity", "cloudformation:ListStacks"}  # the latter is the test's
MISSING_KEY = "s3:ListBucket"  # without it S3 answers 403, not 404: no call shows that


def list_statements(policy: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the statements that do not need a customer's key."""
    for statement in policy["PolicyDocument"]["Statement"]:
        if "Fn::If" not in statement:
            assert set(statement) == {"Sid", "Effect", "Action", "Resource"}
            assert statement["Effect"] == "Allow"
            yield statement


def list_grants(policy: Mapping[str, Any]) -> set[Grant]:
    """Return the pairs of resource and action that a policy allows."""
    return {
        (_format(resource), action)
        for statement in list_statements(policy)
        for resource in to_list(statement["Resource"])
        for action in to_list(statement["Action"])
    }


def _format(resource: Any) -> str:
    match resource:
        case {"Ref": str() as name}:
            return name
        case {"Fn::If": ["HasConsole", value, {"Ref": "AWS::NoValue"}]}:
            return format_resource(value)
        case _:
            return format_resource(resource)


def matches(pattern: str, resource: str) -> bool:
    """Return whether a pattern of IAM matches: a star any text, a question mark one character."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, resource, re.DOTALL) is not None


def list_routes() -> dict[str, str]:
    """Return a request of each route of the API, without those of the console."""
    (api,) = (
        resource["Properties"]["Body"]
        for resource in transform_template()["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::RestApi"
    )
    return {
        f"{method.upper()}{path}": f"{method.upper()}{path}".replace("{id}", EVENT_ID).replace(
            "{path+}", "entries/x001/234.p/12"
        )
        for path, item in api["paths"].items()
        if path.startswith("/audit-logs")
        for method in item
    }


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_allows_its_routes_and_no_other(select_type: SelectType, name: str) -> None:
    grants = list_grants(select_type("AWS::IAM::ManagedPolicy")[name])
    allowed = {
        route
        for route, request in list_routes().items()
        if any(
            matches(pattern, API + request)
            for pattern, action in grants
            if action == "execute-api:Invoke"
        )
    }
    assert allowed == ROUTES[name]


def test_every_route_is_in_exactly_one_policy() -> None:
    granted = [route for routes in ROUTES.values() for route in routes]
    assert sorted(granted) == sorted(list_routes())


def test_policies_have_no_fixed_names_and_are_outputs(
    template: Mapping[str, Any], select_type: SelectType
) -> None:
    policies = select_type("AWS::IAM::ManagedPolicy")
    assert set(policies) == set(POLICIES)
    for name, policy in policies.items():
        assert "ManagedPolicyName" not in policy
        assert template["Outputs"][f"{name}Arn"]["Value"] == {"Ref": name}


def test_nothing_that_the_policies_allow_removes_or_rewrites(select_type: SelectType) -> None:
    for policy in select_type("AWS::IAM::ManagedPolicy").values():
        for resource, action in list_grants(policy):
            assert "*" not in action
            assert not re.search(r":(Put|Update|BatchWrite|Delete|Purge)", action) or (
                (resource, action) == ("AuditDeadLetterQueue.Arn", "sqs:DeleteMessage")
            )


@pytest.mark.parametrize(
    ("parameter", "condition", "principal", "conditions"),
    [
        ("ProducerAccountIds", "HasProducerAccounts", {"AWS": {"Ref": "ProducerAccountIds"}}, {}),
        (
            *("ProducerOrganizationId", "HasProducerOrganization", "*"),
            {
                "Condition": {
                    "StringEquals": {"aws:PrincipalOrgID": {"Ref": "ProducerOrganizationId"}}
                }
            },
        ),
    ],
)
def test_a_parameter_lets_other_accounts_send_and_nothing_else(
    template: Mapping[str, Any],
    select_type: SelectType,
    parameter: str,
    condition: str,
    principal: object,
    conditions: Mapping[str, Any],
) -> None:
    policy = select_type("AWS::SQS::QueuePolicy")["AuditQueuePolicy"]["PolicyDocument"]
    [[statement, otherwise]] = [
        one["Fn::If"][1:] for one in policy["Statement"] if one.get("Fn::If", [""])[0] == condition
    ]
    assert otherwise == {"Ref": "AWS::NoValue"}
    assert statement == {
        "Sid": statement["Sid"],
        "Effect": "Allow",
        "Principal": principal,
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["AuditQueue", "Arn"]},
        **conditions,
    }
    assert template["Parameters"][parameter]["Default"] == ""
    assert parameter in str(template["Conditions"][condition])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ProducerPolicy", {"kms:Decrypt", "kms:GenerateDataKey"}),
        ("AuditorPolicy", {"kms:Decrypt"}),
        ("OperatorPolicy", {"kms:Decrypt", "kms:GenerateDataKey"}),
    ],
)
def test_a_customer_s_key_is_used_through_services_only(
    select_type: SelectType, name: str, expected: set[str]
) -> None:
    document = select_type("AWS::IAM::ManagedPolicy")[name]["PolicyDocument"]
    [[condition, statement, _]] = [
        one["Fn::If"] for one in document["Statement"] if "Fn::If" in one
    ]
    assert condition == "HasCmk"
    assert (set(statement["Action"]), statement["Resource"]) == (expected, {"Ref": "CmkArn"})
    assert "kms:ViaService" in statement["Condition"]["StringEquals"]


class Recorded(Calls):
    """The calls of every client of this process, those of the command line and library too."""

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Record the calls of the block."""
        original = BaseClient._make_api_call  # type: ignore[attr-defined]

        def call(client: Any, operation: str, parameters: dict[str, Any]) -> Any:
            self._record(parameters, client.meta.service_model.operation_model(operation))
            return original(client, operation, parameters)

        self.made.clear()
        with patch.object(BaseClient, "_make_api_call", call):
            yield

    def _find_needed_grants(
        self, model: Any, params: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        match params:
            case {"StackName": _}:
                yield "AWS::StackId", model.name
            case {"Bucket": bucket, "Delete": {"Objects": versions}}:
                for version in versions:
                    assert version["VersionId"]
                    key = f"${{{self._names[bucket]}.Arn}}/{version['Key']}"
                    yield key, "DeleteObjectVersion"
            case {"Bucket": bucket} if "Key" not in params:
                yield f"{self._names[bucket]}.Arn", model.name
            case {"KeyId": "SigningKey-1"}:
                yield "SigningKey.Arn", model.name
            case {"FunctionName": str() as name}:
                yield f"{name.removesuffix('-1')}.Arn", model.name
            case {"RoleName": str() as name}:
                yield f"{name}.Arn", model.name
            case {"UUID": str() as name}:
                yield (
                    (
                        "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:"
                        f"event-source-mapping:${{{name.removesuffix('-1')}}}"
                    ),
                    model.name,
                )
            case _:
                yield from super()._find_needed_grants(model, params)

    def list_needed(self) -> set[Grant]:
        """Return the grants that the recorded calls need."""
        needed = {(resource, ACTIONS.get(action, action)) for resource, action in self.made}
        return {grant for grant in needed if grant[1] not in NEEDS_NOTHING}


def find_uses(needed: set[Grant], grants: set[Grant]) -> set[Grant]:
    """Return the grants that the calls use. Each call must have one."""
    used: set[Grant] = set()
    for resource, action in needed:
        fitting = {grant for grant in grants if grant[1] == action and matches(grant[0], resource)}
        assert fitting, f"{action} on {resource} is not allowed"
        used |= fitting
    return used


@pytest.fixture
def calls(aws: Stack) -> Recorded:
    """Return a recorder of the calls of the test."""
    return Recorded(aws)


@pytest.fixture
def pipeline(aws: Stack) -> Pipeline:
    """Return a pipeline with published events, one of them with a payload in S3."""
    pipeline = Pipeline(aws, Runtime(aws.functions, lambda _name, _line: None))
    for name in ("sqs-good.json", "sqs-oversize.json"):
        pipeline.store(read_sample(name))
    pipeline.commit()
    pipeline.publish()
    return pipeline


def test_the_producer_s_policy_is_what_the_library_needs(
    aws: Stack, calls: Recorded, select_type: SelectType, tmp_path: Path
) -> None:
    grants = list_grants(select_type("AWS::IAM::ManagedPolicy")["ProducerPolicy"])
    with calls.recording(), AuditLogger(aws.resources["AuditQueue"], spool_folder=tmp_path) as log:
        log.log(action="order.approve", resource_type="order", resource_id="1")
    calls_to_sqs = {grant for grant in grants if grant[1] != "execute-api:Invoke"}
    assert find_uses(calls.list_needed(), grants) == calls_to_sqs


def test_the_auditor_s_policy_is_what_verification_of_the_log_needs(
    aws: Stack, pipeline: Pipeline, calls: Recorded, select_type: SelectType
) -> None:
    assert pipeline
    grants = list_grants(select_type("AWS::IAM::ManagedPolicy")["AuditorPolicy"])
    log = f"s3://{aws.resources['LogBucket']}"
    with calls.recording():
        result = prooftrail("verify", "log", "--log", log, "--key", make_key(aws))
    assert result.exit_code == 0, result.output
    in_bucket = {grant for grant in grants if grant[1].startswith("s3:")}
    used = find_uses(calls.list_needed(), grants)
    assert used | {("LogBucket.Arn", MISSING_KEY)} == in_bucket


def make_key(stack: Stack) -> str:
    """Return the verifier key of the stack's log."""
    from prooftrail.aws.signers import open_signer

    variables = stack.functions["CheckpointFunction"].environment
    return str(open_signer(variables["SIGNING_KEY"]).read_verifier_key(variables["LOG_ORIGIN"]))


RESOURCES = [
    *(
        make_resource("AWS::Lambda::Function", f"{name}Function")
        for name in (
            *("Processor", "Ledger", "Query", "Stats", "Checkpoint", "Proof"),
            *("Submit", "Verifier", "Console"),
        )
    ),
    make_resource("AWS::Lambda::EventSourceMapping", "ProcessorFunctionQueue"),
    make_resource("AWS::Lambda::EventSourceMapping", "LedgerFunctionStream"),
    make_resource("AWS::KMS::Key", "SigningKey"),
    make_resource("AWS::CloudWatch::Alarm", "TamperAlarm"),
]
DOCTOR: dict[str, Any] = {
    "GetFunction": lambda parameters: {
        "Configuration": {
            "State": "Active",
            "Role": "arn:aws:iam::1:role/"
            + parameters["FunctionName"].replace("Function-1", "Role"),
            "Runtime": "python3.13",
        }
    },
    "GetRole": {"Role": {}},
    "GetEventSourceMapping": {"State": "Enabled", "EventSourceArn": "arn:aws:sqs:x"},
    "DescribeKey": {"KeyMetadata": {"KeyId": "SigningKey-1", "KeyState": "Enabled"}},
    "DescribeAlarms": {"MetricAlarms": [{"AlarmName": "TamperAlarm-1", "StateValue": "OK"}]},
}


def test_the_operator_s_policy_is_what_the_commands_need(
    aws: Stack, pipeline: Pipeline, calls: Recorded, select_type: SelectType, tmp_path: Path
) -> None:
    grants = list_grants(select_type("AWS::IAM::ManagedPolicy")["OperatorPolicy"])
    large = next(
        key for key, one in read_events(aws).items() if one["action"] == "club.analysis.export"
    )
    sqs, queue = make_client("sqs"), aws.resources["AuditQueue"]
    sqs.send_message(QueueUrl=queue, MessageBody="x" * (MAX_MESSAGE_BYTES - 100))  # goes to S3
    sqs.send_message(QueueUrl=queue, MessageBody=job({"action": "a.b", "resourceType": "t"}))
    process_queue(aws)
    _, letters = run_ndjson("dead-letters", "list")
    ids = {letter["errorType"]: letter["messageId"] for letter in letters}
    commands: list[tuple[object, ...]] = [
        ("query", "--tenant", "acme"),
        ("query", "--tenant", "acme", "--user", "u-100"),
        ("get", large, "--tenant", "acme"),
        ("tail", "--tenant", "acme"),
        ("stats", "--tenant", "acme"),
        ("report", "--tenant", "acme", "--from", "2025-01-01"),
        ("export", tmp_path / "export"),
        ("proof", large, "--tenant", "acme"),
        ("checkpoint",),
        ("tenants",),
        ("verify", "trail", "--key", make_key(aws)),
        ("send", "--action", "a.b", "--resource-type", "t", "--resource-id", "1"),
        ("dead-letters", "list"),
        ("dead-letters", "show", ids["MalformedJobError"]),
        ("dead-letters", "redrive", ids["InvalidEventError"], "--set", "resourceId=1"),
    ]
    with calls.recording():
        for command in commands:
            result = prooftrail(*command, audits_reads=True)
            assert result.exit_code == 0, (command, result.output)
    needed = calls.list_needed()
    failures = make_resource("AWS::SQS::Queue", "LedgerFailureQueue")
    failures["PhysicalResourceId"] = aws.resources["LedgerFailureQueue"]
    listed = {"StackResourceSummaries": [*RESOURCES, failures]}
    with stub_responses(**DOCTOR, ListStackResources=listed), calls.recording():
        code, _ = run_json("doctor")
    assert code in {0, 1}
    needed |= calls.list_needed()
    assert grants - find_uses(needed, grants) == set()
