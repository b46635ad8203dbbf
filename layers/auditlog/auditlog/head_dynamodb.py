"""The ledger's head on DynamoDB."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from auditlog import keys
from auditlog.aws import fault_of
from auditlog.head import Head

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def read_head(client: "DynamoDBClient", table: str) -> Head | None:
    """Where the log stands now, strongly consistent; None before the first commit.

    Raises:
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    item = read_item(client, table, keys.HEAD_PARTITION, keys.HEAD_SORT)
    if item is None:
        return None
    return Head(size=int(item["size"]["N"]), shard_count=int(item["shardCount"]["N"]))


def read_item(
    client: "DynamoDBClient", table: str, partition: str, sort: str
) -> Mapping[str, Any] | None:
    """The ledger's item with these keys, strongly consistent, or None.

    Raises:
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    try:
        return client.get_item(
            TableName=table,
            Key={keys.PARTITION: {"S": partition}, keys.SORT: {"S": sort}},
            ConsistentRead=True,
        ).get("Item")
    except (ClientError, BotoCoreError) as error:
        raise fault_of(error) from error
