"""Pages are read to their end, and unprocessed requests are sent again, within limits."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any
from unittest.mock import Mock

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from prooftrail.aws.clients import client
from prooftrail.aws.dynamodb import MAX_IDLE_ATTEMPTS, process_batch, read_pages, write_batches
from prooftrail.errors import StoreRejectedError, StoreUnavailableError
from prooftrail.intake.budget import MAX_CALL_SECONDS

KEYS = [{"id": {"S": str(n)}} for n in range(3)]


class Operation:
    """A Query of three pages, of which one may fail."""

    def __init__(self, failing_page: int | None = None, error: Exception | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._failing_page = failing_page
        self._error = error

    def __call__(self, **request: Any) -> dict[str, Any]:
        number = len(self.requests)
        self.requests.append(request)
        if self._error and number == self._failing_page:
            raise self._error
        page: dict[str, Any] = {"Items": [number]}
        return page if number == 2 else {**page, "LastEvaluatedKey": KEYS[number]}


def test_each_page_begins_after_the_one_before_it() -> None:
    operation = Operation()
    request = {"TableName": "t"}
    assert [page["Items"] for page in read_pages(operation, request)] == [[0], [1], [2]]
    starts = [request.get("ExclusiveStartKey") for request in operation.requests]
    assert starts == [None, KEYS[0], KEYS[1]]
    assert all(request["TableName"] == "t" for request in operation.requests)
    assert request == {"TableName": "t"}


def test_only_pages_that_are_needed_are_read() -> None:
    operation = Operation()
    assert len(list(islice(read_pages(operation, {}), 2))) == 2
    assert len(operation.requests) == 2


@pytest.mark.parametrize("failing_page", range(3))
@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "Query"), StoreRejectedError),
        (ReadTimeoutError(endpoint_url="https://aws.example"), StoreUnavailableError),
    ],
)
def test_an_error_at_any_page_is_translated(
    failing_page: int, error: Exception, expected: type[Exception]
) -> None:
    pages = read_pages(Operation(failing_page, error), {})
    assert len(list(islice(pages, failing_page))) == failing_page
    with pytest.raises(expected) as caught:
        next(pages)
    assert caught.value.__cause__ is error


def test_an_error_of_the_consumer_is_not_translated() -> None:
    error = ClientError({"Error": {"Code": "Other"}}, "PutItem")

    def consume() -> Iterator[None]:
        for _ in read_pages(Operation(), {}):
            raise error
            yield

    with pytest.raises(ClientError) as caught:
        next(consume())
    assert caught.value is error


class Batch:
    """Processes so many requests of each attempt."""

    def __init__(self, *processed: int) -> None:
        self._processed = list(processed)
        self.attempts: list[Sequence[int]] = []

    def __call__(self, requests: Sequence[int]) -> Sequence[int]:
        self.attempts.append(list(requests))
        return requests[self._processed.pop(0) :]


def run(batch: Batch, count: int) -> list[float]:
    waits: list[float] = []
    process_batch(batch, list(range(count)), waits.append)
    return waits


def test_an_empty_batch_is_not_sent() -> None:
    batch = Batch()
    assert run(batch, 0) == []
    assert not batch.attempts


def test_after_progress_the_rest_is_sent_at_once() -> None:
    batch = Batch(2, 1, 2)
    assert run(batch, 5) == []
    assert batch.attempts == [[0, 1, 2, 3, 4], [2, 3, 4], [3, 4]]


def test_writes_wait_after_progress_too() -> None:
    batch = Batch(2, 0, 0, 1, 2)
    waits: list[float] = []
    process_batch(batch, list(range(5)), waits.append, waits_after_progress=True)
    assert waits == [0.05, 0.05, 0.1, 0.05]


def test_batches_of_writes_do_not_hurry_a_table_that_throttles() -> None:
    client, waits = Mock(), list[float]()
    client.batch_write_item.side_effect = [{"UnprocessedItems": {"t": [2]}}, {}]
    write_batches(client, "t", [1, 2], waits.append)
    assert waits == [0.05]
    assert client.batch_write_item.call_args.kwargs == {"RequestItems": {"t": [2]}}


def test_without_progress_the_wait_doubles() -> None:
    assert run(Batch(0, 0, 1, 0, 4), 5) == [0.05, 0.1, 0.2]


def test_the_attempts_without_progress_are_limited() -> None:
    batch = Batch(*[0] * MAX_IDLE_ATTEMPTS)
    waits: list[float] = []
    with pytest.raises(StoreUnavailableError, match="DynamoDB left requests unprocessed"):
        process_batch(batch, [1], waits.append)
    assert len(batch.attempts) == MAX_IDLE_ATTEMPTS
    assert 3 < sum(waits) < 3.2


def test_an_error_of_an_attempt_is_translated() -> None:
    def send(_: Sequence[int]) -> Sequence[int]:
        raise ClientError({"Error": {"Code": "ThrottlingException"}}, "BatchWriteItem")

    with pytest.raises(StoreUnavailableError, match="ThrottlingException"):
        process_batch(send, [1], lambda _: None)


def test_a_call_to_aws_ends_within_the_time_that_the_processor_reserves_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """botocore waits up to 1 s before the second attempt and up to 2 s before the third."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for service in (client("dynamodb"), client("sqs"), client("s3")):
        config: Any = service.meta.config
        attempts = config.retries["total_max_attempts"]
        waits = sum(2**retry for retry in range(attempts - 1))
        longest = attempts * (config.connect_timeout + config.read_timeout) + waits
        assert longest <= MAX_CALL_SECONDS
