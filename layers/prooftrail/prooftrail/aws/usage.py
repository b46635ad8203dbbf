"""DynamoDB: the counter of what each tenant sent in a window of time."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from prooftrail.aws.errors import get_error_code, translate_aws_errors
from prooftrail.event import keys
from prooftrail.intake.rate import WINDOW_SECONDS

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

KEPT_SECONDS: Final = 3_600  # longer than any clock is wrong; operators can look at it meanwhile
UNITS: Final = "units"


class DynamoUsageCounter:
    """`UsageCounter` in a table: one conditional write a call, one item a tenant and window."""

    def __init__(self, client: "Callable[[], DynamoDBClient]", table: str) -> None:
        self._client = client
        self._table = table

    def add(self, tenant_id: str, window: int, units: int, limit: int) -> bool:
        """See `UsageCounter.add`."""
        expires_at = (window + 1) * WINDOW_SECONDS + KEPT_SECONDS
        with translate_aws_errors():
            try:
                self._client().update_item(
                    TableName=self._table,
                    Key={keys.PARTITION: {"S": f"{tenant_id}#{window}"}},
                    UpdateExpression="ADD #units :units SET #expiry = :expiry",
                    ConditionExpression="attribute_not_exists(#units) OR #units < :limit",
                    ExpressionAttributeNames={"#units": UNITS, "#expiry": keys.EXPIRES_AT},
                    ExpressionAttributeValues={
                        ":units": {"N": str(units)},
                        ":limit": {"N": str(limit)},
                        ":expiry": {"N": str(expires_at)},
                    },
                )
            except ClientError as error:
                if get_error_code(error) != "ConditionalCheckFailedException":
                    raise
                return False
        return True
