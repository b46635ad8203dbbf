"""DynamoDB requests that several adapters make: an item, pages of items, a batch."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from prooftrail.aws.errors import translate_aws_errors
from prooftrail.errors import StoreThrottledError
from prooftrail.event import keys

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Item = Mapping[str, Any]

MAX_WRITES: Final = 25  # of BatchWriteItem
MAX_READS: Final = 100  # of BatchGetItem
MAX_IDLE_ATTEMPTS: Final = 7
UNPROCESSED: Final = "DynamoDB left requests unprocessed"
_FIRST_WAIT_SECONDS: Final = 0.05


def read_ledger_item(
    client: "DynamoDBClient", table: str, partition: str, sort: str
) -> Item | None:
    """Return the ledger's item with these keys, strongly consistent, or None.

    Raises:
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    with translate_aws_errors():
        return client.get_item(
            TableName=table,
            Key={keys.PARTITION: {"S": partition}, keys.SORT: {"S": sort}},
            ConsistentRead=True,
        ).get("Item")


def query_ledger_items(
    client: "DynamoDBClient",
    table: str,
    partition: str,
    sort_condition: str,
    values: Mapping[str, str],
    **options: Any,
) -> Iterator[Item]:
    """Yield the ledger's items of a partition, in the order of their sort keys.

    `sort_condition` is what follows the sort key (`"<= :last"`), and `values` are its texts.
    `options` are further parameters of DynamoDB's Query.

    Raises:
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    request: dict[str, Any] = {
        "TableName": table,
        "KeyConditionExpression": f"#partition = :partition AND #sort {sort_condition}",
        "ExpressionAttributeNames": {"#partition": keys.PARTITION, "#sort": keys.SORT},
        "ExpressionAttributeValues": {
            ":partition": {"S": partition},
            **{name: {"S": value} for name, value in values.items()},
        },
        **options,
    }
    for page in read_pages(client.query, request):
        yield from page["Items"]


def read_pages(
    operation: Callable[..., Any], request: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield every page of a Query or Scan.

    boto3's paginators do the same, and first read a file: 0.6 ms of a function's cold start.

    Raises:
        StoreUnavailableError, StoreRejectedError: a page cannot be read now.
    """
    while True:
        with translate_aws_errors():
            page: Mapping[str, Any] = operation(**request)
        yield page
        if "LastEvaluatedKey" not in page:
            return
        request = {**request, "ExclusiveStartKey": page["LastEvaluatedKey"]}


def write_batches(
    client: "DynamoDBClient",
    table: str,
    requests: Sequence[Any],
    sleep: Callable[[float], None],
) -> None:
    """Send put and delete requests by BatchWriteItem, 25 at a time.

    Raises:
        StoreUnavailableError, StoreRejectedError: see `process_batch`; some may not be done.
    """

    def send(batch: Sequence[Any]) -> Sequence[Any]:
        response = client.batch_write_item(RequestItems={table: batch})
        return response.get("UnprocessedItems", {}).get(table, [])

    for start in range(0, len(requests), MAX_WRITES):
        batch = requests[start : start + MAX_WRITES]
        process_batch(send, batch, sleep, waits_after_progress=True)


def process_batch(
    send: Callable[[Sequence[Any]], Sequence[Any]],
    requests: Sequence[Any],
    sleep: Callable[[float], None],
    *,
    waits_after_progress: bool = False,
) -> None:
    """Send a batch of requests, and again those that DynamoDB leaves unprocessed.

    `send` returns the unprocessed ones. If none was processed, the table throttles: the wait before
    the next attempt is 50 ms, and doubles each time, to 3 s in all. If some were processed, the
    others are sent at once, because BatchGetItem also stops at 16 MB. With `waits_after_progress`
    they wait 50 ms: only throttling leaves writes unprocessed.

    Raises:
        StoreUnavailableError: seven attempts processed nothing (`StoreThrottledError`), or the
            table cannot be reached.
        StoreRejectedError: DynamoDB refuses the batch.
    """
    idle_attempts = 0
    while requests:
        with translate_aws_errors():
            unprocessed = send(requests)
        if len(unprocessed) == len(requests):
            idle_attempts += 1
            if idle_attempts == MAX_IDLE_ATTEMPTS:
                raise StoreThrottledError(UNPROCESSED)
            sleep(_FIRST_WAIT_SECONDS * 2 ** (idle_attempts - 1))
        elif unprocessed and waits_after_progress:
            sleep(_FIRST_WAIT_SECONDS)
        requests = unprocessed
