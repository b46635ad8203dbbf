"""The one place that makes AWS clients, and that reads what their errors mean."""

from functools import cache
from typing import TYPE_CHECKING, Literal, overload

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from auditlog.errors import AuditLogError, StoreRejectedError, StoreUnavailableError

if TYPE_CHECKING:
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

_RETRYABLE_CODES = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    # A third of a call's CPU; the adapters build their requests from validated models.
    parameter_validation=False,
)


@cache
def _client(service: str) -> object:
    return botocore.session.get_session().create_client(service, config=_CONFIG)


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["cloudwatch"]) -> "CloudWatchClient": ...
def client(service: str) -> object:
    """The process's client of the service, made on first use.

    It comes from botocore's session: boto3's costs 30 ms more to begin. It gives up on an answer
    after 5 s and tries three times, so that a call ends well within a function's time. Region,
    credentials and endpoint come from the usual places.
    """
    return _client(service)


def fault_of(error: ClientError | BotoCoreError) -> AuditLogError:
    """What an AWS error means to a caller: to try again, or that it never will.

    An error without an answer (a timeout, a broken connection) is retryable.
    """
    if not isinstance(error, ClientError):
        return StoreUnavailableError(type(error).__name__)
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _RETRYABLE_CODES or status >= 500:
        return StoreUnavailableError(code)
    return StoreRejectedError(f"{code} at {error.operation_name}")
