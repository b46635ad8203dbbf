"""Each role allows what its function does, and nothing else."""

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from prooftrail.event import keys
from tests.template.conftest import SelectType

LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
TRACES = {"xray:PutTelemetryRecords", "xray:PutTraceSegments"}
WITHOUT_RESOURCE_LEVEL = TRACES | {"cloudwatch:GetMetricData"}

EVENTS = "AuditEventsTable.Arn"
LEDGER = "AuditLedgerTable.Arn"
ALARMS = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
PAYLOADS = "${OverflowBucket.Arn}/overflow/*"
DEAD_LETTERS = "${OverflowBucket.Arn}/dead-letters/*"
TILES = "${LogBucket.Arn}/tile/*"
SIGNING_KEY = "SigningKey.Arn"

GRANTS: dict[str, dict[str, set[str]]] = {
    "ProcessorRole": {
        "AuditQueue.Arn": {
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:ReceiveMessage",
        },
        "AuditDeadLetterQueue.Arn": {"sqs:SendMessage"},
        EVENTS: {"dynamodb:BatchWriteItem"},
        LEDGER: {"dynamodb:GetItem"},
        PAYLOADS: {"s3:PutObject"},
        DEAD_LETTERS: {"s3:PutObject"},
        "ProcessorFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "LedgerRole": {
        "AuditEventsTable.StreamArn": {
            "dynamodb:DescribeStream",
            "dynamodb:GetRecords",
            "dynamodb:GetShardIterator",
        },
        "${AuditEventsTable.Arn}/stream/*": {"dynamodb:ListStreams"},
        LEDGER: {
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        },
        "LedgerFailureQueue.Arn": {"sqs:SendMessage"},
        "LedgerFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "CheckpointRole": {
        LEDGER: {
            "dynamodb:BatchWriteItem",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
        },
        TILES: {"s3:GetObject", "s3:PutObject"},
        "${LogBucket.Arn}/checkpoint": {"s3:GetObject", "s3:PutObject"},
        "LogBucket.Arn": {"s3:ListBucket"},
        "CheckpointFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "ProofRole": {
        EVENTS: {"dynamodb:GetItem"},
        LEDGER: {"dynamodb:GetItem", "dynamodb:Query"},
        PAYLOADS: {"s3:GetObject"},
        TILES: {"s3:GetObject"},
        "OverflowBucket.Arn": {"s3:ListBucket"},
        "LogBucket.Arn": {"s3:ListBucket"},
        "AuditQueue.Arn": {"sqs:SendMessage"},
        "ProofFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "SubmitRole": {
        "AuditQueue.Arn": {"sqs:SendMessage"},
        "UsageTable.Arn": {"dynamodb:UpdateItem"},
        "SubmitFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "VerifierRole": {
        SIGNING_KEY: {"kms:GetPublicKey"},
        "VerifierFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "ConsoleRole": {"ConsoleFunctionLogGroup.Arn": LOGS, "*": TRACES},
    "QueryRole": {
        EVENTS: {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"},
        "${AuditEventsTable.Arn}/index/*": {"dynamodb:Query"},
        LEDGER: {"dynamodb:GetItem"},
        PAYLOADS: {"s3:GetObject"},
        "OverflowBucket.Arn": {"s3:ListBucket"},
        "AuditQueue.Arn": {"sqs:SendMessage"},
        "QueryFunctionLogGroup.Arn": LOGS,
        "*": TRACES,
    },
    "StatsRole": {
        LEDGER: {"dynamodb:GetItem", "dynamodb:Query"},
        "${AuditEventsTable.Arn}/index/byUser": {"dynamodb:Query"},
        EVENTS: {"dynamodb:Query"},
        "AuditQueue.Arn": {"sqs:GetQueueAttributes", "sqs:SendMessage"},
        "AuditDeadLetterQueue.Arn": {"sqs:GetQueueAttributes"},
        "StatsFunctionLogGroup.Arn": LOGS,
        ALARMS: {"cloudwatch:DescribeAlarms"},
        "*": TRACES | {"cloudwatch:GetMetricData"},
    },
}


CMK_READS = {"kms:Decrypt", "kms:DescribeKey"}
CMK_WRITES = {"kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"}
CMK_GRANTS: dict[str, set[str]] = {
    **dict.fromkeys(("QueryRole", "StatsRole", "ProofRole"), CMK_READS | {"kms:GenerateDataKey"}),
    **dict.fromkeys(("ProcessorRole", "LedgerRole", "CheckpointRole"), CMK_READS | CMK_WRITES),
    "SubmitRole": {"kms:Decrypt", "kms:GenerateDataKey"},
}


def list_cmk_grants(policies: Mapping[str, Mapping[str, Any]], role: str) -> set[str]:
    """Return what a role may do with the customer's own key, through services only."""
    found: set[str] = set()
    for policy in policies.values():
        [statement] = policy["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Resource"]) == ("Allow", {"Ref": "CmkArn"})
        services = statement["Condition"]["StringEquals"]["kms:ViaService"]
        assert [service["Fn::Sub"].partition(".")[0] for service in services] == [
            "dynamodb",
            "s3",
            "sqs",
        ]
        if {"Ref": role} in policy["Roles"]:
            found |= set(statement["Action"])
    return found


def list_key_grants(key: Mapping[str, Any], role: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of resource and action that the signing key's own policy allows a role."""
    for statement in key["KeyPolicy"]["Statement"]:
        if statement["Principal"] == {"AWS": {"Fn::GetAtt": [role, "Arn"]}}:
            for action in statement["Action"]:
                yield SIGNING_KEY, action


def list_grants(role: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of resource and action that a role's statements allow."""
    for policy in role.get("Policies", []):
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            assert set(statement) - {"Condition"} == {"Sid", "Effect", "Action", "Resource"}
            for resource in to_list(statement["Resource"]):
                for action in to_list(statement["Action"]):
                    yield format_resource(resource), action


def to_list(value: Any) -> list[Any]:
    """Return an element of a policy as a list. IAM also accepts a single value."""
    return value if isinstance(value, list) else [value]


def format_resource(resource: Any) -> str:
    """Return the ARN of a resource in the form of the template."""
    match resource:
        case str() | {"Fn::Sub": str()}:
            return resource if isinstance(resource, str) else str(resource["Fn::Sub"])
        case {"Fn::GetAtt": [str() as name, str() as attribute]}:
            return f"{name}.{attribute}"
        case _:
            raise AssertionError(f"unexpected resource: {resource}")


def test_roles_allow_exactly_what_their_function_does(select_type: SelectType) -> None:
    roles = select_type("AWS::IAM::Role")
    assert set(roles) == {*GRANTS, "ApiGatewayLogsRole"}
    for name, expected in GRANTS.items():
        found: dict[str, set[str]] = {}
        for resource, action in list_grants(roles[name]):
            found.setdefault(resource, set()).add(action)
        assert found == expected, name
        assert "ManagedPolicyArns" not in roles[name]


def test_nothing_is_allowed_by_wildcard(select_type: SelectType) -> None:
    for role in select_type("AWS::IAM::Role").values():
        for resource, action in list_grants(role):
            assert "*" not in action
            assert resource != "*" or action in WITHOUT_RESOURCE_LEVEL


@pytest.mark.parametrize(
    ("function", "role"),
    [(name.replace("Role", "Function"), name) for name in GRANTS],
)
def test_functions_have_their_own_role(select_type: SelectType, function: str, role: str) -> None:
    functions = select_type("AWS::Lambda::Function")
    assert functions[function]["Role"] == {"Fn::GetAtt": [role, "Arn"]}
    trusted = select_type("AWS::IAM::Role")[role]["AssumeRolePolicyDocument"]["Statement"]
    assert trusted == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]


def test_nothing_changes_or_deletes_a_stored_event(select_type: SelectType) -> None:
    changing = {"dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:PutItem", "s3:DeleteObject"}
    for role in select_type("AWS::IAM::Role").values():
        for resource, action in list_grants(role):
            assert not (resource in {EVENTS, PAYLOADS} and action in changing)


def test_the_checkpoint_writes_beside_the_ledger_and_never_into_it(select_type: SelectType) -> None:
    [policy] = select_type("AWS::IAM::Role")["CheckpointRole"]["Policies"]
    [statement] = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if "dynamodb:PutItem" in statement["Action"]
    ]
    partitions = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert partitions == [keys.CHECKPOINT_PARTITION, f"{keys.make_positions_key('')}*"]
    ledger_keys = (
        keys.HEAD_PARTITION,
        keys.make_commit_key("1"),
        keys.make_log_key(0)[0],
        keys.make_counters_key("t", "day"),
    )
    assert not any(fnmatchcase(key, pattern) for key in ledger_keys for pattern in partitions)


def test_the_ledger_queries_removal_orders_only(select_type: SelectType) -> None:
    [policy] = select_type("AWS::IAM::Role")["LedgerRole"]["Policies"]
    [statement] = [
        statement
        for statement in policy["PolicyDocument"]["Statement"]
        if "dynamodb:Query" in statement["Action"]
    ]
    partitions = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert partitions == [f"{keys.make_removals_key('')}*"]


def test_the_statistics_query_references_on_behalf_only(select_type: SelectType) -> None:
    [policy] = select_type("AWS::IAM::Role")["StatsRole"]["Policies"]
    [statement] = [
        one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == "CountOnBehalf"
    ]
    [pattern] = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
    assert fnmatchcase(keys.make_behalf_key("acme", "u-1"), pattern)
    assert not fnmatchcase(keys.make_base_key("acme", 3), pattern)
    assert not fnmatchcase(keys.make_target_key("acme", "team", "7"), pattern)


def test_only_the_checkpoint_signs_and_only_by_the_key_s_policy(select_type: SelectType) -> None:
    roles, (key,) = select_type("AWS::IAM::Role"), select_type("AWS::KMS::Key").values()
    for name, role in roles.items():
        assert not any(action == "kms:Sign" for _, action in list_grants(role))
        expected = {"kms:GetPublicKey", "kms:Sign"} if name == "CheckpointRole" else set()
        assert {action for _, action in list_key_grants(key, name)} == expected


def test_roles_use_the_customer_s_key_as_they_use_tables_queues_and_buckets(
    resources: Mapping[str, Any], select_type: SelectType
) -> None:
    policies = select_type("AWS::IAM::Policy")
    assert {resources[name]["Condition"] for name in policies} == {"HasCmk"}
    for name in GRANTS:
        assert list_cmk_grants(policies, name) == CMK_GRANTS.get(name, set()), name


def test_the_api_may_invoke_a_function_on_its_own_routes_only(select_type: SelectType) -> None:
    permissions = [
        permission
        for permission in select_type("AWS::Lambda::Permission").values()
        if permission["Principal"] != "events.amazonaws.com"
    ]
    assert len(permissions) == 17
    for permission in permissions:
        assert permission["Principal"] == "apigateway.amazonaws.com"
        arn, variables = permission["SourceArn"]["Fn::Sub"]
        is_console = permission["FunctionName"] == {"Ref": "ConsoleFunction"}
        route = "(GET|HEAD)/console" if is_console else "(GET|POST)/audit-logs"
        assert re.search(rf"\$\{{__ApiId__\}}/\$\{{__Stage__\}}/{route}", arn)
        assert variables["__ApiId__"] == {"Ref": "AuditApi"}
