"""The ledger's head on DynamoDB."""

from typing import TYPE_CHECKING

from prooftrail.aws.dynamodb import read_ledger_item
from prooftrail.errors import CorruptRecordError, InvalidProofError
from prooftrail.event import keys
from prooftrail.ledger.head import Head
from prooftrail.tlog.merkle import Edge

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


def read_head(client: "DynamoDBClient", table: str) -> Head | None:
    """Return the log's current head, strongly consistent; None before the first commit.

    Raises:
        CorruptRecordError: the head is damaged.
        StoreUnavailableError, StoreRejectedError: the ledger cannot be read now.
    """
    item = read_ledger_item(client, table, keys.HEAD_PARTITION, keys.HEAD_SORT)
    if item is None:
        return None
    try:
        edge = Edge.from_bytes(int(item["size"]["N"]), item["edge"]["B"])
        return Head(edge, int(item["shardCount"]["N"]))
    except (InvalidProofError, KeyError, TypeError, ValueError) as error:
        raise CorruptRecordError("the ledger's head is damaged") from error
