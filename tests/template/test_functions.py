"""Functions, the layer and the event sources."""

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from prooftrail.intake.budget import MAX_CALL_SECONDS, Budget, Service
from prooftrail.runtime.config import Settings
from tests.template.conftest import SelectType

ROOT = Path(__file__).parents[2]
COMMON = {
    "SHARD_COUNT",
    "POWERTOOLS_SERVICE_NAME",
    "POWERTOOLS_METRICS_NAMESPACE",
    "POWERTOOLS_LOG_LEVEL",
    "PYDANTIC_DISABLE_PLUGINS",
    "AWS_ENDPOINT_URL",
}
AUDITED_READS = {"AUDIT_READS", "QUEUE_URL"}
ENVIRONMENT = {
    "ProcessorFunction": COMMON
    | {
        "EVENTS_TABLE",
        "LEDGER_TABLE",
        "OVERFLOW_BUCKET",
        "QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
        "SUBMIT_ROLE_ID",
        "SYSTEM_ROLE_IDS",
        "RETENTION_DAYS",
        "DETAILED_METRICS",
        "MASK_SECRETS",
        "MAX_RECEIVES",
    },
    "LedgerFunction": COMMON | {"LEDGER_TABLE", "RETENTION_DAYS"},
    "CheckpointFunction": COMMON
    | {"LEDGER_TABLE", "LOG_BUCKET", "LOG_ORIGIN", "SIGNING_KEY", "WITNESSES"},
    "ProofFunction": COMMON
    | {"EVENTS_TABLE", "LEDGER_TABLE", "OVERFLOW_BUCKET", "LOG_BUCKET", "WITNESSES"}
    | AUDITED_READS,
    "SubmitFunction": COMMON
    | {"QUEUE_URL", "MASK_SECRETS", "USAGE_TABLE", "TENANT_EVENTS_PER_SECOND"},
    "VerifierFunction": COMMON | {"LOG_ORIGIN", "SIGNING_KEY"},
    "ConsoleFunction": COMMON | {"SIGN_IN_URL", "SIGN_IN_CLIENT_ID", "STACK_NAME"},
    "QueryFunction": COMMON
    | {"EVENTS_TABLE", "LEDGER_TABLE", "OVERFLOW_BUCKET", "PERSONAL_KEYS"}
    | AUDITED_READS,
    "StatsFunction": COMMON
    | {"EVENTS_TABLE", "LEDGER_TABLE", "DEAD_LETTER_QUEUE_URL", "STACK_NAME"}
    | AUDITED_READS,
}
FUNCTIONS = sorted(ENVIRONMENT)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_handlers_import(select_type: SelectType, name: str) -> None:
    module, _, function = select_type("AWS::Lambda::Function")[name]["Handler"].rpartition(".")
    assert (ROOT / "functions" / f"{module.replace('.', '/')}.py").is_file()
    assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_have_exactly_the_variables_that_they_need(
    select_type: SelectType, name: str
) -> None:
    function = select_type("AWS::Lambda::Function")[name]
    assert set(function["Environment"]["Variables"]) == ENVIRONMENT[name]


def test_functions_in_aws_use_the_endpoints_of_aws(
    template: Mapping[str, Any], select_type: SelectType
) -> None:
    assert template["Conditions"]["IsSamLocal"] == {
        "Fn::Equals": [{"Ref": "AWS::Region"}, "sam-local"]
    }
    for function in select_type("AWS::Lambda::Function").values():
        endpoint = function["Environment"]["Variables"]["AWS_ENDPOINT_URL"]
        assert endpoint == {"Fn::If": ["IsSamLocal", "", {"Ref": "AWS::NoValue"}]}


def test_all_functions_are_traced_on_the_chosen_runtime_with_the_layer(
    select_type: SelectType,
) -> None:
    functions = select_type("AWS::Lambda::Function")
    assert set(functions) == set(ENVIRONMENT)
    (layer,) = select_type("AWS::Lambda::LayerVersion")
    for name, function in functions.items():
        assert function["Runtime"] == {"Ref": "Runtime"}
        assert function["Architectures"] == [{"Ref": "Architecture"}]
        assert function["TracingConfig"] == {"Mode": "Active"}
        assert function["Layers"] == [{"Ref": layer}]
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}LogGroup"}}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_sam_builds_each_function_from_its_own_folder(name: str) -> None:
    makefile = (ROOT / "functions" / "Makefile").read_text()
    assert f"build-{name}: folder = {name.removesuffix('Function').lower()}\n" in makefile


def test_the_layer_is_built_for_the_template_s_defaults(template: Mapping[str, Any]) -> None:
    makefile = (ROOT / "layers" / "prooftrail" / "Makefile").read_text()
    root = (ROOT / "Makefile").read_text()
    for parameter in ("Runtime", "Architecture"):
        default = template["Parameters"][parameter]["Default"]
        assert f"PROOFTRAIL_{parameter.upper()} ?= {default}\n" in makefile
        assert f"{parameter.upper()} ?= {default}\n" in root


def test_the_queue_feeds_the_processor_in_whole_batches(select_type: SelectType) -> None:
    source = select_type("AWS::Lambda::EventSourceMapping")["ProcessorFunctionQueue"]
    assert source == {
        "EventSourceArn": {"Fn::GetAtt": ["AuditQueue", "Arn"]},
        "FunctionName": {"Ref": "ProcessorFunction"},
        "BatchSize": 1000,
        "MaximumBatchingWindowInSeconds": 1,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": {"Ref": "ProcessorConcurrency"}},
    }


def test_a_message_stays_invisible_for_six_timeouts_of_the_processor(
    select_type: SelectType,
) -> None:
    timeout = select_type("AWS::Lambda::Function")["ProcessorFunction"]["Timeout"]
    assert select_type("AWS::SQS::Queue")["AuditQueue"]["VisibilityTimeout"] >= 6 * timeout


def test_an_update_brings_the_ledger_before_the_processor_that_writes_new_attributes(
    resources: Mapping[str, Any],
) -> None:
    assert "LedgerFunction" in resources["ProcessorFunction"]["DependsOn"]


def test_the_ledger_has_time_to_decode_a_batch_of_the_largest_events(
    select_type: SelectType,
) -> None:
    """Text of 1 MiB that compresses well takes 16 ms of a whole processor to decode."""
    function = select_type("AWS::Lambda::Function")["LedgerFunction"]
    records = select_type("AWS::Lambda::EventSourceMapping")["LedgerFunctionStream"]["BatchSize"]
    share = function["MemorySize"] / 1_769  # of a processor
    assert 2 * records * 0.016 / share <= function["Timeout"] / 2


def test_the_processor_has_time_to_work_and_for_calls_without_a_response(
    select_type: SelectType,
) -> None:
    timeout = select_type("AWS::Lambda::Function")["ProcessorFunction"]["Timeout"]
    clock = [0.0]
    budget = Budget(lambda: timeout - clock[0])
    clock[0] = timeout / 2
    assert budget.allows_message()
    while not budget.check(Service.EVENTS):
        clock[0] += MAX_CALL_SECONDS
    assert budget.allows_last_call()
    clock[0] += MAX_CALL_SECONDS
    assert clock[0] <= timeout


def test_the_stream_feeds_the_ledger_in_order_and_failed_batches_are_reported(
    select_type: SelectType,
) -> None:
    source = select_type("AWS::Lambda::EventSourceMapping")["LedgerFunctionStream"]
    assert source == {
        "EventSourceArn": {"Fn::GetAtt": ["AuditEventsTable", "StreamArn"]},
        "FunctionName": {"Ref": "LedgerFunction"},
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 1000,
        "MaximumBatchingWindowInSeconds": 1,
        "ParallelizationFactor": 1,
        "BisectBatchOnFunctionError": False,
        "MaximumRetryAttempts": 10,
        "DestinationConfig": {
            "OnFailure": {"Destination": {"Fn::GetAtt": ["LedgerFailureQueue", "Arn"]}}
        },
    }


def test_the_code_accepts_every_allowed_shard_count(template: Mapping[str, Any]) -> None:
    counts = template["Parameters"]["ShardCount"]["AllowedValues"]
    assert counts == [1 << power for power in range(9)]
    for count in counts:
        assert Settings.from_environ({"SHARD_COUNT": str(count)}).shard_count == count


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("Stage", ["dev", "prod2"], ["", "Prod", "a-b", "2a", "a" * 21]),
        (
            "UserPoolArn",
            ["", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_aB3"],
            ["pool", "arn:aws:sns:eu-west-1:123456789012:userpool/eu-west-1_aB3"],
        ),
        (
            "LogOrigin",
            ["", "audit.example.com/prod", "log-1"],
            ["https://example.com/log", "a log", "a+b", "/log", "a" * 201],
        ),
        (
            "AlarmTopicArn",
            ["", "arn:aws:sns:eu-west-1:123456789012:on-call"],
            ["on-call", "arn:aws:sqs:eu-west-1:123456789012:on-call"],
        ),
        ("ConsoleClientId", ["", "3n4b5urk1ft4fl3mg5e62d9ado"], ["a b", "a'b", "a;b", "a" * 129]),
        (
            "ConsoleSignInDomain",
            ["", "acme.auth.eu-west-1.amazoncognito.com", "login.example.com"],
            [
                "https://login.example.com",
                "login.example.com/x",
                "login.example.com; script-src *",
                "*.example.com",
                "localhost",
            ],
        ),
    ],
)
def test_parameters_refuse_values_that_cannot_work(
    template: Mapping[str, Any], parameter: str, good: list[str], bad: list[str]
) -> None:
    pattern = template["Parameters"][parameter]["AllowedPattern"]
    assert all(re.search(pattern, value) for value in good)
    assert not any(re.search(pattern, value) for value in bad)


def test_parameters_are_described(template: Mapping[str, Any]) -> None:
    for name, parameter in template["Parameters"].items():
        assert parameter["Description"].endswith("."), name
        assert "Default" in parameter, name


def test_the_processor_knows_the_roles_of_the_other_functions(select_type: SelectType) -> None:
    functions = select_type("AWS::Lambda::Function")
    roles = {function["Role"]["Fn::GetAtt"][0] for function in functions.values()}
    variables = functions["ProcessorFunction"]["Environment"]["Variables"]
    assert variables["SUBMIT_ROLE_ID"] == {"Fn::GetAtt": ["SubmitRole", "RoleId"]}
    separator, system = variables["SYSTEM_ROLE_IDS"]["Fn::Join"]
    assert separator == ","
    writers = roles - {"SubmitRole", "ConsoleRole"}  # the console writes nothing
    assert {reference["Fn::GetAtt"][0] for reference in system} == writers


def test_requests_to_the_api_cannot_take_the_concurrency_of_processor_and_ledger(
    template: Mapping[str, Any], select_type: SelectType
) -> None:
    assert template["Conditions"]["HasReserve"] == {
        "Fn::Equals": [{"Ref": "ReserveConcurrency"}, "true"]
    }
    reserved = {
        name: function["ReservedConcurrentExecutions"]["Fn::If"]
        for name, function in select_type("AWS::Lambda::Function").items()
        if "ReservedConcurrentExecutions" in function
    }
    without = {"Ref": "AWS::NoValue"}
    assert reserved == {
        # Less than the event source's concurrency would be throttled.
        "ProcessorFunction": ["HasReserve", {"Ref": "ProcessorConcurrency"}, without],
        "LedgerFunction": ["HasReserve", 8, without],
        "ConsoleFunction": ["HasReserve", 5, without],
    }


def test_the_concurrency_of_the_processor_is_2_unless_a_parameter_says_more(
    template: Mapping[str, Any],
) -> None:
    parameter = template["Parameters"]["ProcessorConcurrency"]
    assert (parameter["Default"], parameter["MinValue"], parameter["MaxValue"]) == (2, 2, 1_000)
