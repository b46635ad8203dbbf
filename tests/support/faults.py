"""Make the AWS calls of this process fail: any call, before, during or after it.

Tests of a long run take `select`: `make test` lets typical calls fail, `make test-slow` every call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any
from unittest.mock import patch

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from tests.support.fakes import Moment

MAX_TRANSACTION_ITEMS = 100


class Crash(BaseException):
    """The process ends. No `except Exception` catches this."""


class Fault(Enum):
    """How a call fails."""

    REFUSED = auto()  # throttled, nothing done
    HALF_DONE = auto()  # half of a batch is done; a transaction has a conflict
    RESPONSE_LOST = auto()  # done, but the caller sees a timeout
    CRASH_BEFORE = auto()
    CRASH_AFTER = auto()


# For a caller that only passes an error on, a crash is the same fault.
OF_PASSED_ON = [
    Fault.REFUSED,
    Fault.CRASH_AFTER,
    pytest.param(Fault.RESPONSE_LOST, marks=pytest.mark.slow),
    pytest.param(Fault.CRASH_BEFORE, marks=pytest.mark.slow),
]

FAULTS_BY_MOMENT = {
    Moment.BEFORE: Fault.REFUSED,
    Moment.DURING: Fault.HALF_DONE,
    Moment.AFTER: Fault.RESPONSE_LOST,
}


READS = ("BatchGet", "Get", "List", "Query", "Scan")

Select = Callable[[Sequence[str]], Sequence[int]]
"""A function that returns which calls of a run are to fail, by position."""


def select_typical(calls: Sequence[str]) -> Sequence[int]:
    """Return the first call, the first call of each operation that writes, a middle one, the last.

    A read that fails later leaves what a crash after the write before it leaves.
    """
    writes = {calls.index(name) for name in calls if not name.startswith(READS)}
    return sorted({0, *writes, len(calls) // 2, len(calls) - 1})


def select_every(calls: Sequence[str]) -> Sequence[int]:
    """Return all calls."""
    return range(len(calls))


at_calls = pytest.mark.parametrize(
    "select",
    [
        pytest.param(select_typical, id="typical calls"),
        pytest.param(select_every, id="every call", marks=pytest.mark.slow),
    ],
)


@contextmanager
def inject_fault(
    nth: int | None = None, fault: Fault = Fault.REFUSED, operation: str | None = None
) -> Iterator[list[str]]:
    """Make the n-th AWS call (of an operation) fail, from 0. Yield the operations called so far."""
    calls: list[str] = []
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(client: BaseClient, name: str, parameters: dict[str, Any]) -> object:
        counted = sum(operation in {None, earlier} for earlier in calls)
        calls.append(name)

        def call(changed: Mapping[str, Any] = parameters) -> Any:
            return original(client, name, changed)

        if counted != nth or operation not in {None, name}:
            return call()
        match fault:
            case Fault.REFUSED:
                raise _make_error(name, "ThrottlingException")
            case Fault.HALF_DONE:
                return _do_half(client, name, parameters, call)
            case Fault.RESPONSE_LOST:
                call()
                raise ReadTimeoutError(endpoint_url="https://aws.example")
            case Fault.CRASH_BEFORE:
                raise Crash
            case Fault.CRASH_AFTER:
                call()
                raise Crash

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield calls


@contextmanager
def reject_transactions(
    fails: Callable[[Sequence[dict[str, Any]]], Sequence[bool]],
) -> Iterator[None]:
    """Cancel each transaction for which `fails` reports a failed write.

    DynamoDB does this for a full item. Refuse a transaction of more than 100 writes, which moto
    accepts.
    """
    original = BaseClient._make_api_call  # type: ignore[attr-defined]

    def make_api_call(client: Any, operation: str, parameters: dict[str, Any]) -> object:
        if operation == "TransactWriteItems":
            writes = parameters["TransactItems"]
            if len(writes) > MAX_TRANSACTION_ITEMS:
                raise _make_error(operation, "ValidationException")
            codes = ["ValidationError" if failed else "None" for failed in fails(writes)]
            if "ValidationError" in codes:
                raise _make_cancellation(client, codes)
        return original(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield


def _do_half(client: Any, operation: str, parameters: dict[str, Any], call: Any) -> object:
    match operation:
        case "BatchWriteItem":
            [(table, requests)] = parameters["RequestItems"].items()
            done, left = requests[: len(requests) // 2], requests[len(requests) // 2 :]
            if done:
                call({"RequestItems": {table: done}})
            return {"UnprocessedItems": {table: left}}
        case "SendMessageBatch" | "ChangeMessageVisibilityBatch":
            entries = parameters["Entries"]
            done, left = entries[: len(entries) // 2], entries[len(entries) // 2 :]
            if done:
                call({**parameters, "Entries": done})
            failed = [
                {"Id": entry["Id"], "Code": "Throttled", "SenderFault": False} for entry in left
            ]
            return {"Failed": failed}
        case "TransactWriteItems":
            raise _make_cancellation(
                client, ["TransactionConflict"] * len(parameters["TransactItems"])
            )
        case _:
            raise _make_error(operation, "InternalServerError")


def _make_error(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "injected"}}, operation)


def _make_cancellation(client: Any, codes: Sequence[str]) -> Exception:
    response = {
        "Error": {"Code": "TransactionCanceledException", "Message": "injected"},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    error: Exception = client.exceptions.TransactionCanceledException(
        response, "TransactWriteItems"
    )
    return error
