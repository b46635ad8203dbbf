"""The ledger's head on DynamoDB."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import to_store_error
from prooftrail.errors import CorruptRecordError, InvalidProofError
from prooftrail.event import keys
from prooftrail.ledger.head import Head
from prooftrail.tlog.merkle import Edge

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def read_head(client: "DynamoDBClient", table: str) -> Head | None:
    """Where the log stands now, strongly consistent; None before the first commit.

    Raises:
        CorruptRecordError: the head does not hold what it must.
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    item = read_item(client, table, keys.HEAD_PARTITION, keys.HEAD_SORT)
    if item is None:
        return None
    try:
        edge = Edge.from_bytes(int(item["size"]["N"]), item["edge"]["B"])
        return Head(edge, int(item["shardCount"]["N"]))
    except (InvalidProofError, KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("the ledger's head is damaged") from error


def read_shard_count(client: "DynamoDBClient", table: str) -> int | None:
    """The shard count that the trail was begun with; None before the first commit.

    Apart from `read_head`, so that a damage to the tree stops neither storing nor reading.

    Raises:
        CorruptRecordError: the head holds no shard count.
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    item = read_item(client, table, keys.HEAD_PARTITION, keys.HEAD_SORT)
    try:
        return int(item["shardCount"]["N"]) if item else None
    except (KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("the ledger's head is damaged") from error


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
        raise to_store_error(error) from error
