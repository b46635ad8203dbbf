"""Creates the stack of `template.yaml` in moto.

aws-sam-translator transforms the template, as CloudFormation does. moto's CloudFormation creates
the tables, buckets and queues. What else a function needs (environment, event sources, routes)
becomes outputs of that stack. So moto resolves every reference and condition, and nothing is
defined twice.
"""

import json
import logging
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from botocore.session import Session

from local.signing_key import create_key_file

ROOT = Path(__file__).parent.parent
REGION = "us-east-1"

_KEY = "AWS::KMS::Key"
_RATE = re.compile(r"rate\((\d+) (second|minute|hour|day)s?\)")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_CREATED = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
_DECLARATIONS = ("Parameters", "Mappings", "Conditions")
_INTEGRATION = re.compile(r"\$\{(\w+)\.Arn\}/invocations")


class NotEmulatedError(Exception):
    """The template has a setting that `local/` does not emulate."""


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function; `name` is its logical id."""

    name: str
    handler: str
    timeout_seconds: int
    memory_mb: int
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class QueueSource:
    """The event source mapping from an SQS queue to a function."""

    function: str
    queue_arn: str
    batch_size: int
    window_seconds: float
    has_partial_responses: bool
    max_concurrency: int | None


@dataclass(frozen=True, slots=True)
class StreamSource:
    """The event source mapping from a DynamoDB stream to a function."""

    function: str
    stream_arn: str
    batch_size: int
    window_seconds: float
    max_retries: int
    failure_queue_arn: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """A function that is invoked at an interval."""

    function: str
    interval_seconds: int


@dataclass(frozen=True, slots=True)
class Route:
    """One method of the REST API; `path` as in the template, such as `/audit-logs/{id}`."""

    method: str
    path: str
    function: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The created stack; `resources` maps logical to physical ids (table names, queue URLs)."""

    resources: Mapping[str, str]
    functions: Mapping[str, Function]
    queue_sources: tuple[QueueSource, ...]
    stream_sources: tuple[StreamSource, ...]
    schedules: tuple[Schedule, ...]
    routes: tuple[Route, ...]
    stage: str


def create_stack(
    parameters: Mapping[str, str] | None = None,
    *,
    name: str | None = None,
    path: Path = ROOT / "template.yaml",
) -> Stack:
    """Create the template's tables, queues and buckets at the configured AWS endpoint.

    A key file takes the place of the KMS key, because moto has no Ed25519 keys.

    Call it within `moto.mock_aws()` or with the URL of a moto server in `AWS_ENDPOINT_URL`, and
    with credentials and the region in the environment. Without `name`, the stack gets a new name.

    Raises:
        NotEmulatedError: an event source has a setting that the pollers do not emulate.
    """
    template = transform_template(path)
    settings = _replace_absent(_collect_settings(template), template)
    outputs = {f"Output{n}": value for n, value in enumerate(_find_references(settings))}
    names = {json.dumps(value, sort_keys=True): name for name, value in outputs.items()}

    client: Any = Session().create_client("cloudformation", region_name=REGION)
    stack_name = name or f"audit-log-{uuid.uuid4().hex[:8]}"
    client.create_stack(
        StackName=stack_name,
        TemplateBody=json.dumps(_select_creatable(template, outputs)),
        Parameters=[
            {"ParameterKey": key, "ParameterValue": value}
            for key, value in (parameters or {}).items()
        ],
    )
    described = client.describe_stacks(StackName=stack_name)["Stacks"][0]
    values = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}
    resources = client.describe_stack_resources(StackName=stack_name)["StackResources"]
    return _make_stack(
        _replace_references(
            settings, {reference: values.get(name) for reference, name in names.items()}
        ),
        {item["LogicalResourceId"]: item["PhysicalResourceId"] for item in resources},
    )


def add_output(stack_name: str, name: str, value: str) -> None:
    """Add an output to a stack that `create_stack` made: what is known only afterwards."""
    client: Any = Session().create_client("cloudformation", region_name=REGION)
    body = client.get_template(StackName=stack_name)["TemplateBody"]
    body["Outputs"][name] = {"Value": value}
    client.update_stack(StackName=stack_name, TemplateBody=json.dumps(body))


def complete_stack(resources: Mapping[str, str], path: Path = ROOT / "template.yaml") -> None:
    """Set the properties of buckets and tables that moto's CloudFormation ignores.

    `resources` maps logical ids to the names of buckets and tables.
    """
    s3: Any = Session().create_client("s3", region_name=REGION)
    dynamodb: Any = Session().create_client("dynamodb", region_name=REGION)
    for logical_id, resource in transform_template(path)["Resources"].items():
        properties, name = resource.get("Properties", {}), resources.get(logical_id)
        if resource["Type"] == "AWS::S3::Bucket":
            s3.put_bucket_versioning(
                Bucket=name, VersioningConfiguration=properties["VersioningConfiguration"]
            )
            s3.put_public_access_block(
                Bucket=name,
                PublicAccessBlockConfiguration=properties["PublicAccessBlockConfiguration"],
            )
        elif resource["Type"] == "AWS::DynamoDB::Table":
            if recovery := properties.get("PointInTimeRecoverySpecification"):
                dynamodb.update_continuous_backups(
                    TableName=name, PointInTimeRecoverySpecification=recovery
                )
            if expiry := properties.get("TimeToLiveSpecification"):
                dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)


@cache
def transform_template(path: Path = ROOT / "template.yaml") -> dict[str, Any]:
    """Return the template as plain CloudFormation. All callers share it: do not change it."""
    from samtranslator.translator.arn_generator import ArnGenerator
    from samtranslator.translator.transform import transform
    from samtranslator.yaml_helper import yaml_parse

    class NoManagedPolicies:
        def load(self) -> dict[str, str]:
            return {}

    source = yaml_parse(path.read_text(encoding="utf-8"))
    source.get("Globals", {}).get("Function", {})["CodeUri"] = "s3://local/functions"
    for resource in source["Resources"].values():
        if resource["Type"] == "AWS::Serverless::LayerVersion":
            resource["Properties"]["ContentUri"] = "s3://local/layer"
        elif resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"].pop("CodeUri", None)
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    ArnGenerator.BOTO_SESSION_REGION_NAME = REGION
    result: dict[str, Any] = transform(source, {}, NoManagedPolicies())
    return result


def _select_creatable(template: Mapping[str, Any], outputs: Mapping[str, Any]) -> dict[str, Any]:
    resources = {
        name: {key: value for key, value in resource.items() if key != "DependsOn"}
        for name, resource in template["Resources"].items()
        if resource["Type"] in _CREATED
    }
    own = {
        name: {"Value": output["Value"]}
        for name, output in template.get("Outputs", {}).items()
        if _find_referred(output["Value"]) in {*resources, *template.get("Parameters", {})}
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        **{key: template[key] for key in _DECLARATIONS if key in template},
        "Resources": resources,
        "Outputs": own | {name: {"Value": value} for name, value in outputs.items()},
    }


def _find_referred(value: Any) -> str | None:
    """Return the logical id in a reference, or None."""
    match value:
        case {"Ref": str() as name} | {"Fn::GetAtt": [str() as name, _]}:
            return name
        case _:
            return None


def _collect_settings(template: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of functions, sources and routes, with unresolved references."""
    by_type: dict[str, dict[str, dict[str, Any]]] = {}
    conditions = {}
    for name, resource in template["Resources"].items():
        by_type.setdefault(resource["Type"], {})[name] = resource.get("Properties", {})
        conditions[name] = resource.get("Condition")
    stages = list(by_type.get("AWS::ApiGateway::Stage", {}).values())
    return {
        "functions": {
            name: {
                "handler": properties["Handler"],
                "timeout_seconds": properties.get("Timeout", 3),
                "memory_mb": properties.get("MemorySize", 128),
                "environment": properties.get("Environment", {}).get("Variables", {}),
                **_make_existence(conditions[name]),
            }
            for name, properties in by_type.get("AWS::Lambda::Function", {}).items()
        },
        "sources": [
            {**properties, "FunctionName": properties["FunctionName"]["Ref"]}
            for properties in by_type.get("AWS::Lambda::EventSourceMapping", {}).values()
        ],
        "schedules": [
            {
                "expression": properties["ScheduleExpression"],
                "function": properties["Targets"][0]["Arn"]["Fn::GetAtt"][0],
            }
            for properties in by_type.get("AWS::Events::Rule", {}).values()
        ],
        "routes": [
            {
                "method": method.upper(),
                "path": path,
                "function": function,
                **_make_existence(condition),
            }
            for api in by_type.get("AWS::ApiGateway::RestApi", {}).values()
            for path, item in api["Body"]["paths"].items()
            for condition, methods in [_split_condition(item)]
            for method, operation in methods.items()
            if (function := _find_integrated_function(operation))
        ],
        "stage": stages[0]["StageName"] if stages else "local",
    }


def _make_existence(condition: str | None) -> dict[str, Any]:
    """Return the setting that says whether something with this condition exists."""
    return {"exists": {"Fn::If": [condition, "true", "false"]} if condition else "true"}


def _split_condition(item: Mapping[str, Any]) -> tuple[str | None, Mapping[str, Any]]:
    """Return the condition of a path's methods, if any, and the methods."""
    match item:
        case {"Fn::If": [condition, methods, {"Ref": "AWS::NoValue"}]}:
            return condition, methods
        case _:
            return None, item


def make_role_id(role: str) -> str:
    """Return the unique id that stands for the role with this logical id.

    >>> make_role_id("SubmitRole")
    'AROASUBMITROLE'
    """
    return f"AROA{role.upper()}"


def _replace_absent(settings: Any, template: Mapping[str, Any]) -> Any:
    """Return the settings with the path of the key file, and ids of roles, instead of references.

    Keys and roles are not created.
    """
    keys = {name for name, resource in template["Resources"].items() if resource["Type"] == _KEY}

    def replace(tree: Any) -> Any:
        match tree:
            case {"Fn::GetAtt": [name, "Arn"]} | {"Ref": name} if name in keys:
                return str(create_key_file())
            case {"Fn::GetAtt": [str() as name, "RoleId"]}:
                return make_role_id(name)
            case dict():
                return {key: replace(value) for key, value in tree.items()}
            case list():
                return [replace(value) for value in tree]
            case _:
                return tree

    return replace(settings)


def _find_integrated_function(operation: Any) -> str | None:
    if not isinstance(operation, dict):
        return None
    integration = operation.get("x-amazon-apigateway-integration", {})
    match = _INTEGRATION.search(json.dumps(integration.get("uri", "")))
    return match[1] if match else None


def _is_reference(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) != 1:
        return False
    key = next(iter(value))
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def _find_references(tree: Any) -> Iterator[Any]:
    if _is_reference(tree):
        yield tree
    elif isinstance(tree, dict | list):
        for value in tree.values() if isinstance(tree, dict) else tree:
            yield from _find_references(value)


def _replace_references(tree: Any, values: Mapping[str, str | None]) -> Any:
    """Return the tree with every reference resolved, without the values `AWS::NoValue`."""
    if _is_reference(tree):
        return values[json.dumps(tree, sort_keys=True)]
    if isinstance(tree, dict):
        replaced = {key: _replace_references(value, values) for key, value in tree.items()}
        return {key: value for key, value in replaced.items() if value is not None}
    if isinstance(tree, list):
        return [_replace_references(value, values) for value in tree]
    return tree


def _make_stack(settings: dict[str, Any], resources: dict[str, str]) -> Stack:
    sources = settings["sources"]
    return Stack(
        resources=resources,
        functions={
            name: Function(
                name,
                function["handler"],
                int(function["timeout_seconds"]),
                int(function["memory_mb"]),
                {
                    key: _to_environment_text(value)
                    for key, value in function["environment"].items()
                },
            )
            for name, function in _select_existing(settings["functions"]).items()
        },
        queue_sources=tuple(
            _parse_queue_source(source) for source in sources if ":sqs:" in _get_arn(source)
        ),
        stream_sources=tuple(
            _parse_stream_source(source) for source in sources if "/stream/" in _get_arn(source)
        ),
        schedules=tuple(_parse_schedule(**schedule) for schedule in settings["schedules"]),
        routes=tuple(
            Route(route["method"], route["path"], route["function"])
            for route in settings["routes"]
            if route["exists"] == "true"
        ),
        stage=settings["stage"],
    )


def _select_existing(functions: Mapping[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in functions.items() if each["exists"] == "true"}


def _to_environment_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _get_arn(source: Mapping[str, Any]) -> str:
    return str(source["EventSourceArn"])


def _parse_queue_source(source: dict[str, Any]) -> QueueSource:
    settings = dict(source)
    max_concurrency = settings.pop("ScalingConfig", {}).get("MaximumConcurrency")
    result = QueueSource(
        function=settings.pop("FunctionName"),
        queue_arn=settings.pop("EventSourceArn"),
        batch_size=int(settings.pop("BatchSize", 10)),
        window_seconds=float(settings.pop("MaximumBatchingWindowInSeconds", 0)),
        has_partial_responses="ReportBatchItemFailures"
        in settings.pop("FunctionResponseTypes", ()),
        max_concurrency=None if max_concurrency is None else int(max_concurrency),
    )
    _refuse_leftovers(settings)
    return result


def _parse_stream_source(source: dict[str, Any]) -> StreamSource:
    settings = dict(source)
    if settings.pop("StartingPosition") != "TRIM_HORIZON":
        raise NotEmulatedError("StartingPosition must be TRIM_HORIZON")
    if int(settings.pop("ParallelizationFactor", 1)) != 1:
        raise NotEmulatedError("ParallelizationFactor must be 1: a shard has one reader")
    if _to_environment_text(settings.pop("BisectBatchOnFunctionError", False)) != "false":
        raise NotEmulatedError(
            "BisectBatchOnFunctionError must be false: a failed batch is retried whole"
        )
    destination = settings.pop("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    result = StreamSource(
        function=settings.pop("FunctionName"),
        stream_arn=settings.pop("EventSourceArn"),
        batch_size=int(settings.pop("BatchSize", 100)),
        window_seconds=float(settings.pop("MaximumBatchingWindowInSeconds", 0)),
        max_retries=int(settings.pop("MaximumRetryAttempts", -1)),
        failure_queue_arn=destination,
    )
    _refuse_leftovers(settings)
    return result


def _parse_schedule(expression: str, function: str) -> Schedule:
    match = _RATE.fullmatch(expression)
    if match is None:
        raise NotEmulatedError(f"ScheduleExpression must be a rate (got {expression})")
    return Schedule(function, int(match[1]) * _SECONDS[match[2]])


def _refuse_leftovers(settings: Mapping[str, Any]) -> None:
    unknown = sorted(set(settings) - {"Enabled", "MetricsConfig", "Tags"})
    if unknown:
        raise NotEmulatedError(f"event source settings that are not emulated: {', '.join(unknown)}")
