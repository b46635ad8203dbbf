"""The shard count that the ledger's head records on DynamoDB."""

from typing import TYPE_CHECKING

from prooftrail.aws.dynamodb import read_ledger_item
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def read_shard_count(client: "DynamoDBClient", table: str) -> int | None:
    """Return the trail's shard count; None before the first commit.

    It does not read the rest of the head: events can be stored and read while that is damaged.

    Raises:
        CorruptRecordError: the head has no valid shard count.
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    item = read_ledger_item(client, table, keys.HEAD_PARTITION, keys.HEAD_SORT)
    try:
        return int(item["shardCount"]["N"]) if item else None
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("the ledger's head is damaged") from error
