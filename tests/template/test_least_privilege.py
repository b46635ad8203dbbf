"""What the functions really call is what their roles allow."""

import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from auditlog import aws as adapters
from local.runtime import Runtime
from local.template import Stack
from tests.faults import spoiled
from tests.template.conftest import OfType
from tests.template.test_permissions import EVENTS, LEDGER, allowed
from tests.trail import stream_records

SAMPLES = Path(__file__).parents[2] / "events"
Check = Callable[[str], None]
BATCHED = {"SendMessageBatch", "ChangeMessageVisibilityBatch", "DeleteMessageBatch"}
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "ConditionCheck": "ConditionCheckItem"}


class Calls:
    """The AWS calls of this process's clients, as pairs of resource and action."""

    def __init__(self, stack: Stack) -> None:
        self.made: set[tuple[str, str]] = set()
        self._names = {physical: logical for logical, physical in stack.resources.items()}
        for service in ("dynamodb", "sqs", "s3", "cloudwatch"):
            adapters._client(service).meta.events.register(  # type: ignore[attr-defined]
                f"provide-client-params.{service}", self._note
            )

    def _note(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        service = model.service_model.signing_name.replace("monitoring", "cloudwatch")
        self.made |= {
            (resource, f"{service}:{action}") for resource, action in self._needed(model, params)
        }

    def _needed(self, model: Any, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        operation = model.name.removesuffix("Batch") if model.name in BATCHED else model.name
        match params:
            case {"TransactItems": items}:
                for item in items:
                    for kind, write in item.items():
                        yield self._table(write["TableName"]), TRANSACTED[kind]
            case {"RequestItems": tables}:
                for table in tables:
                    yield self._table(table), operation
            case {"TableName": table, "IndexName": index}:
                arn = self._table(table)
                yield f"${{{arn}}}/index/{index}", operation
            case {"TableName": table}:
                yield self._table(table), operation
            case {"Bucket": bucket, "Key": key}:
                yield f"${{{self._names[bucket]}.Arn}}/{key}", operation
            case {"QueueUrl": url}:
                yield f"{self._names[url]}.Arn", operation
            case _:
                yield "*", operation

    def _table(self, name: str) -> str:
        return f"{self._names[name]}.Arn"


@pytest.fixture
def calls(aws: Stack) -> Calls:
    """The calls from here on."""
    return Calls(aws)


@pytest.fixture
def runtime(aws: Stack) -> Runtime:
    """The functions of the stack."""
    return Runtime(aws.functions, lambda _name, _line: None)


@pytest.fixture
def assert_allowed(of_type: OfType, calls: Calls) -> Check:
    """Asserts that a role allows every call made, and forgets them."""

    def check(role: str) -> None:
        grants = list(allowed(of_type("AWS::IAM::Role")[role]))
        assert calls.made, "the function called nothing"
        for resource, action in calls.made:
            assert any(
                fnmatchcase(resource, pattern) and action == granted for pattern, granted in grants
            ), f"{role} does not allow {action} on {resource}"
        calls.made.clear()

    return check


def sample(name: str) -> dict[str, Any]:
    """An event of `events/`."""
    event: dict[str, Any] = json.loads((SAMPLES / name).read_text())
    return event


def test_the_processor(runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    for path in sorted(SAMPLES.glob("sqs-*.json")):
        runtime.invoke("ProcessorFunction", sample(path.name))
    assert {(EVENTS, "dynamodb:BatchWriteItem"), (LEDGER, "dynamodb:GetItem")} <= calls.made
    assert_allowed("ProcessorRole")


def test_the_processor_postponing(runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    with spoiled(nth=1) as made:
        runtime.invoke("ProcessorFunction", sample("sqs-good.json"))
    assert made[1] == "BatchWriteItem"
    assert ("AuditQueue.Arn", "sqs:ChangeMessageVisibility") in calls.made
    assert_allowed("ProcessorRole")


def test_the_ledger(aws: Stack, runtime: Runtime, calls: Calls, assert_allowed: Check) -> None:
    runtime.invoke("ProcessorFunction", sample("sqs-good.json"))
    calls.made.clear()
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    assert {(LEDGER, "dynamodb:PutItem"), (LEDGER, "dynamodb:UpdateItem")} <= calls.made
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    assert_allowed("LedgerRole")


@pytest.mark.parametrize(
    "path", sorted(SAMPLES.glob("api-*.json")), ids=lambda path: str(path.stem)
)
def test_the_api(
    aws: Stack, runtime: Runtime, calls: Calls, assert_allowed: Check, path: Path
) -> None:
    for name in ("sqs-good.json", "sqs-bulk.json", "sqs-oversize.json"):
        runtime.invoke("ProcessorFunction", sample(name))
    runtime.invoke("LedgerFunction", {"Records": stream_records(aws)})
    calls.made.clear()
    event = sample(path.name)
    [route] = [each for each in aws.routes if each.path == event["resource"]]
    assert runtime.invoke(route.function, event)["statusCode"] in {200, 404}
    assert_allowed(route.function.replace("Function", "Role"))
