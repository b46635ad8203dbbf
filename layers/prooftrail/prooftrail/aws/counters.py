"""`CounterReader` on DynamoDB."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from prooftrail.aws.dynamodb import Item, query_ledger_items
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.keys import CounterSpan

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_LAST_PAGE = f"{keys.PAGE_SEPARATOR}\uffff"


class DynamoCounterReader:
    """`CounterReader` on AuditLedger."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read_counters(
        self, tenant_id: str, span: CounterSpan, first: str, last: str
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """See `CounterReader.read_counters`."""
        for item in query_ledger_items(
            self._client,
            self._table,
            keys.make_counters_key(tenant_id, span),
            "BETWEEN :first AND :last",
            {":first": first, ":last": last + _LAST_PAGE},
        ):
            bucket = item[keys.SORT]["S"].partition(keys.PAGE_SEPARATOR)[0]
            yield bucket, decode_counters(item)


def decode_counters(item: Item) -> Mapping[str, int]:
    """Return the counters in an item, by `keys.make_counter_name`.

    Raises:
        CorruptRecordError: a counter is not an integer.
    """
    try:
        return {
            name: int(value["N"])
            for name, value in item.items()
            if keys.COUNTER_SEPARATOR in name and "N" in value
        }
    except ValueError as error:
        raise CorruptRecordError("a counter of the ledger is not an integer") from error
