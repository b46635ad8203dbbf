"""The roles allow the calls that the functions make on the read_sample events."""

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from console import app as console
from local.runtime import FunctionError, Runtime
from local.template import Stack
from prooftrail.aws import clients as adapters
from tests.support.aws_environment import NO_ACCOUNT
from tests.support.faults import inject_fault
from tests.support.kms import KEY_ID, Kms
from tests.support.pipeline import Pipeline
from tests.support.stack import deployed
from tests.support.trail import read_items, stream_records
from tests.template.conftest import SelectType
from tests.template.test_permissions import (
    ALARMS,
    CMK_READS,
    CMK_WRITES,
    EVENTS,
    LEDGER,
    SIGNING_KEY,
    list_cmk_grants,
    list_grants,
    list_key_grants,
)

SAMPLES = Path(__file__).parents[2] / "events"
Check = Callable[[str], None]
BATCHED = {"SendMessageBatch", "ChangeMessageVisibilityBatch", "DeleteMessageBatch"}
USAGE = "UsageTable.Arn"
CHECKPOINT = "${LogBucket.Arn}/checkpoint"
TILE = "${LogBucket.Arn}/tile/0/000.p/8"
KEYLESS = {"GetQueueAttributes", "ListBucket", "ChangeMessageVisibility", "DeleteMessage"}
SENDING = {"SendMessage", "PutObject"}
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


class Calls:
    """Records the AWS calls of this process's clients, as pairs of resource and action."""

    def __init__(self, stack: Stack) -> None:
        self.made: set[tuple[str, str]] = set()
        self._names = {physical: logical for logical, physical in stack.resources.items()}
        for service in ("dynamodb", "sqs", "s3", "cloudwatch", "kms"):
            adapters._client(service).meta.events.register(  # type: ignore[attr-defined]
                f"provide-client-params.{service}", self._record
            )
        for service in ("dynamodb", "sqs"):
            adapters._quick_client(service).meta.events.register(  # type: ignore[attr-defined]
                f"provide-client-params.{service}", self._record
            )

    def _record(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        service = model.service_model.signing_name.replace("monitoring", "cloudwatch")
        self.made |= {
            (resource, f"{service}:{action}")
            for resource, action in self._find_needed_grants(model, params)
        }

    def _find_needed_grants(
        self, model: Any, params: Mapping[str, Any]
    ) -> Iterator[tuple[str, str]]:
        operation = model.name.removesuffix("Batch") if model.name in BATCHED else model.name
        match params:
            case {"TransactItems": items}:
                for item in items:
                    for kind, write in item.items():
                        yield self._format_table_arn(write["TableName"]), TRANSACTED[kind]
            case {"RequestItems": tables}:
                for table in tables:
                    yield self._format_table_arn(table), operation
            case {"TableName": table, "IndexName": index}:
                arn = self._format_table_arn(table)
                yield f"${{{arn}}}/index/{index}", operation
            case {"TableName": table}:
                yield self._format_table_arn(table), operation
            case {"Bucket": bucket, "Key": key}:
                yield f"${{{self._names[bucket]}.Arn}}/{key}", operation
            case {"QueueUrl": url}:
                yield f"{self._names[url]}.Arn", operation
            case {"KeyId": str()}:
                assert params["KeyId"] == KEY_ID
                yield SIGNING_KEY, operation
            case {"AlarmNamePrefix": _}:
                yield ALARMS, operation
            case _:
                yield "*", operation

    def _format_table_arn(self, name: str) -> str:
        return f"{self._names[name]}.Arn"


def find_cmk_needs(resource: str, action: str) -> set[str]:
    """Return what a call needs on the key that encrypts its table, queue or bucket.

    Sources: the developer guides of DynamoDB (encryption at rest), SQS (key management) and S3
    (protecting data with KMS keys).
    """
    service, _, operation = action.partition(":")
    if resource == USAGE:  # holds no events and is encrypted with AWS's key
        return set()
    if service not in {"dynamodb", "sqs", "s3"} or operation in KEYLESS:
        return set()
    if operation in SENDING:
        return {"kms:Decrypt", "kms:GenerateDataKey"}
    is_write = service == "dynamodb" and not operation.startswith(("Get", "BatchGet", "Query"))
    return CMK_READS | CMK_WRITES if is_write else {"kms:Decrypt"}


@pytest.fixture
def calls(aws: Stack) -> Calls:
    """Return a recorder of the calls of the test."""
    return Calls(aws)


@pytest.fixture
def runtime(aws: Stack) -> Runtime:
    """Return the functions of the stack."""
    return Runtime(aws.functions, lambda _name, _line: None)


@pytest.fixture
def assert_allowed(select_type: SelectType, calls: Calls) -> Check:
    """Return a function that asserts that a role allows every recorded call, and clears them."""
    return partial(check_allowed, select_type, calls)


def check_allowed(select_type: SelectType, calls: Calls, role: str) -> None:
    """Assert that a role allows every recorded call, and clear them."""
    (key,) = select_type("AWS::KMS::Key").values()
    grants = [
        *list_grants(select_type("AWS::IAM::Role")[role]),
        *list_key_grants(key, role),
    ]
    needed = {need for call in calls.made for need in find_cmk_needs(*call)}
    missing = needed - list_cmk_grants(select_type("AWS::IAM::Policy"), role)
    assert not missing, f"{role} lacks {missing} on the customer's own key"
    assert calls.made, "the function called nothing"
    for resource, action in calls.made:
        assert any(
            fnmatchcase(resource, pattern) and action == granted for pattern, granted in grants
        ), f"{role} does not allow {action} on {resource}"
    calls.made.clear()


def read_sample(name: str) -> dict[str, Any]:
    """Read an event of `events/`."""
    event: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return event


def test_the_processor(runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    for path in sorted(SAMPLES.glob("sqs-*.json")):
        runtime.invoke("ProcessorFunction", read_sample(path.name))
    assert {(EVENTS, "dynamodb:BatchWriteItem"), (LEDGER, "dynamodb:GetItem")} <= calls.made
    assert_allowed("ProcessorRole")


def test_the_processor_when_it_postpones_a_message(
    runtime: Runtime, calls: Calls, assert_allowed: Check
) -> None:
    with inject_fault(nth=1) as made:
        runtime.invoke("ProcessorFunction", read_sample("sqs-good.json"))
    assert made[1] == "BatchWriteItem"
    assert ("AuditQueue.Arn", "sqs:ChangeMessageVisibility") in calls.made
    assert_allowed("ProcessorRole")


def test_the_ledger(aws: Stack, runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    runtime.invoke("ProcessorFunction", read_sample("sqs-good.json"))
    calls.made.clear()
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    assert {(LEDGER, "dynamodb:PutItem"), (LEDGER, "dynamodb:UpdateItem")} <= calls.made
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    assert_allowed("LedgerRole")


def test_the_ledger_when_it_checks_a_removal(
    aws: Stack, runtime: Runtime, calls: Calls, assert_allowed: Check
) -> None:
    runtime.invoke("ProcessorFunction", read_sample("sqs-good.json"))
    [item, *_] = read_items(aws, "AuditEventsTable")
    key = {name: item[name] for name in ("pk", "id")}
    table = aws.resources["AuditEventsTable"]
    adapters.client("dynamodb").delete_item(TableName=table, Key=key)
    calls.made.clear()
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    assert (LEDGER, "dynamodb:Query") in calls.made
    assert_allowed("LedgerRole")


@pytest.fixture
def pipeline(aws: Stack, runtime: Runtime) -> Pipeline:
    """Return a pipeline with some committed and no published samples."""
    return make_pipeline(aws, runtime)


def make_pipeline(stack: Stack, runtime: Runtime) -> Pipeline:
    """Return a pipeline with some committed and no published samples."""
    pipeline = Pipeline(stack, runtime)
    pipeline.store(read_sample("sqs-good.json"))
    pipeline.commit()
    return pipeline


@pytest.fixture
def _sign_with_kms(aws: Stack) -> Iterator[None]:
    """Keep the log's key in KMS, as in AWS."""
    Kms().attach(adapters.client("kms"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", KEY_ID)
        yield


@pytest.mark.usefixtures("_sign_with_kms")
def test_the_checkpoint(
    aws: Stack, pipeline: Pipeline, calls: Calls, assert_allowed: Check
) -> None:
    calls.made.clear()
    pipeline.publish()
    assert {(SIGNING_KEY, "kms:GetPublicKey"), (SIGNING_KEY, "kms:Sign")} <= calls.made
    assert {(LEDGER, "dynamodb:PutItem"), (LEDGER, "dynamodb:BatchWriteItem")} <= calls.made
    assert (CHECKPOINT, "s3:PutObject") in calls.made
    assert_allowed("CheckpointRole")
    pipeline.store(read_sample("sqs-bulk.json"))
    pipeline.commit()
    location: Any = {"Bucket": aws.resources["LogBucket"], "Key": "checkpoint"}
    earlier = adapters.client("s3").get_object(**location)["Body"].read()
    pipeline.publish()
    adapters.client("s3").put_object(**location, Body=earlier)
    calls.made.clear()
    pipeline.publish()
    assert {(CHECKPOINT, "s3:GetObject"), (TILE, "s3:GetObject")} <= calls.made
    assert_allowed("CheckpointRole")


@pytest.mark.usefixtures("_sign_with_kms")
def test_the_verifier(runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    request = dict.fromkeys(("StackId", "RequestId", "LogicalResourceId"), "x")
    with pytest.raises(FunctionError, match="unknown url type"):
        runtime.invoke(
            "VerifierFunction", {**request, "RequestType": "Create", "ResponseURL": "nowhere"}
        )
    assert calls.made == {(SIGNING_KEY, "kms:GetPublicKey")}
    assert_allowed("VerifierRole")


def test_the_console_calls_nothing(calls: Calls) -> None:
    response = console.lambda_handler(read_sample("console.json"), None)
    assert response["statusCode"] == 200
    assert not calls.made


@pytest.fixture(scope="module")
def published() -> Iterator[Stack]:
    """A stack with the events that the API's samples ask for."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in NO_ACCOUNT.items():
            patch.setenv(name, value)
        with deployed() as stack:
            pipeline = make_pipeline(stack, Runtime(stack.functions, lambda _name, _line: None))
            pipeline.publish()
            for sample in ("sqs-bulk.json", "sqs-oversize.json"):
                pipeline.store(read_sample(sample))
            pipeline.commit()
            pipeline.publish()
            yield stack


@pytest.mark.aws
@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("api-*.json")), ids=lambda path: str(path.stem)
)
def test_the_api(published: Stack, select_type: SelectType, path: Path) -> None:
    calls = Calls(published)
    event = read_sample(path.name)
    target = (event["httpMethod"], event["resource"])
    [route] = [route for route in published.routes if (route.method, route.path) == target]
    runtime = Runtime(published.functions, lambda _name, _line: None)
    assert runtime.invoke(route.function, event)["statusCode"] in {200, 202}
    is_audited = route.path.startswith(("/audit-logs/{id}", "/audit-logs/stats"))
    if is_audited or target == ("GET", "/audit-logs"):
        assert ("AuditQueue.Arn", "sqs:SendMessage") in calls.made
    check_allowed(select_type, calls, route.function.replace("Function", "Role"))
