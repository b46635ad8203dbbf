"""The one place that makes AWS clients, and that reads what their errors mean."""

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoRegionError
from botocore.loaders import JSONFileLoader, Loader
from botocore.parsers import ResponseParserError

from prooftrail.errors import (
    AuditLogError,
    StoreRejectedError,
    StoreUnavailableError,
    UnconfiguredAwsError,
)

if TYPE_CHECKING:
    from botocore.client import ClientMeta
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
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
    # botocore composes its own longer one anew for each call: a tenth of a call's CPU.
    user_agent=f"prooftrail botocore/{botocore.__version__}",
    # A third of a call's CPU; the adapters build their requests from validated models.
    parameter_validation=False,
)


class _Files(JSONFileLoader):
    """botocore's own decodes into OrderedDicts, which takes twice the time: 15 ms a client."""

    def load_file(self, file_path: str) -> Any:
        """The file's JSON, compressed or not, or None where there is none."""
        for suffix, opened in ((".json", open), (".json.gz", gzip.open)):
            try:
                with opened(file_path + suffix, "rb") as file:
                    return json.loads(file.read())
            except FileNotFoundError:
                continue
        return None


class _Loader(Loader):
    """botocore's own looks into the folders of all 400 services before it loads one: 30 ms."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  # botocore's
        """The services that `client` makes, and those that credentials may come from."""
        return ["cloudwatch", "dynamodb", "kms", "s3", "sqs", "sso", "sso-oidc", "sts"]


@cache
def _session() -> botocore.session.Session:
    session = botocore.session.get_session()
    session.register_component("data_loader", _Loader(file_loader=_Files()))
    return session


@cache
def _client(service: str) -> object:
    return _session().create_client(service, config=_CONFIG)


@overload
def client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def client(service: Literal["sqs"]) -> "SQSClient": ...
@overload
def client(service: Literal["s3"]) -> "S3Client": ...
@overload
def client(service: Literal["cloudwatch"]) -> "CloudWatchClient": ...
@overload
def client(service: Literal["kms"]) -> "KMSClient": ...
def client(service: str) -> object:
    """The process's client of the service, made on first use.

    It comes from botocore's session: boto3's costs 30 ms more to begin. It gives up on an answer
    after 5 s and tries three times, so that a call ends well within a function's time. Region,
    credentials and endpoint come from the usual places.
    """
    return _client(service)


class NotAwsError(BotoCoreError):
    """What answers at the endpoint is not AWS: something else's port, a proxy's page."""

    fmt = "there is no {service} at {endpoint}"


class NotAwsResponses:
    """A client's base that raises botocore's own error where botocore trips over an answer.

    For the event `creating-client-class`: https://docs.aws.amazon.com/boto3/latest/guide/events.html
    """

    meta: "ClientMeta"

    def _make_api_call(self, operation_name: str, api_params: Any) -> Any:
        make_api_call = super()._make_api_call  # type: ignore[misc]  # the client's
        try:
            return make_api_call(operation_name, api_params)
        except (ResponseParserError, KeyError, ValueError) as error:
            if isinstance(error, BotoCoreError):
                raise
            service = self.meta.service_model.service_id
            raise NotAwsError(endpoint=self.meta.endpoint_url, service=service) from error


def to_store_error(error: ClientError | BotoCoreError) -> AuditLogError:
    """What an AWS error means to a caller: to try again, or that it never will.

    An error without an answer (a timeout, a broken connection) is retryable.
    """
    if isinstance(error, NoRegionError):
        return UnconfiguredAwsError(str(error))
    if not isinstance(error, ClientError):
        return StoreUnavailableError(type(error).__name__)
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _RETRYABLE_CODES or status >= 500:
        return StoreUnavailableError(code)
    return StoreRejectedError(f"{code} at {error.operation_name}")


def describe_aws_error(error: AuditLogError) -> str:
    """What AWS or its client said, for an operator's eyes: it names operation or endpoint.

    The error's own text is what functions log and answer, where that has no place.
    """
    match error.__cause__:
        case ClientError(response=response, operation_name=operation):
            said = response.get("Error", {})
            return f"{said.get('Code')} at {operation}: {said.get('Message') or 'no reason given'}"
        case NoRegionError() as cause:
            return f"NoRegionError: {cause} Give --region, or set AWS_DEFAULT_REGION."
        case BotoCoreError() as cause:
            return f"{type(cause).__name__}: {cause}"
        case _:
            return str(error)
