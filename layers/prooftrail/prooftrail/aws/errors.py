"""What an error of AWS, or of its client, means to the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004  # botocore's
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
)

from prooftrail.errors import (
    AuditLogError,
    ContentRejectedError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
    UnconfiguredAwsError,
)

AwsError = ClientError | BotoCoreError
AWS_ERRORS: Final = (ClientError, BotoCoreError)  # for `except`
_RETRYABLE_CODES: Final = frozenset(
    {
        "InternalServerError",
        "InternalFailure",
        "RequestTimeout",
        "ServiceUnavailable",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)
_THROTTLING_CODES: Final = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
    }
)
_CREDENTIAL_CODES: Final = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "RequestExpired",
        "UnrecognizedClientException",
    }
)
_AWS_DOMAINS: Final = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu")
# What the request contains is refused: an item, a payload, an expression.
_CONTENT_CODES: Final = frozenset(
    {
        "EntityTooLarge",
        "ItemCollectionSizeLimitExceededException",
        "KeyTooLongError",
        "RequestEntityTooLarge",
        "SerializationException",
        "ValidationException",
    }
)


@contextmanager
def translate_aws_errors() -> Iterator[None]:
    """Raise the project's error in place of an error of AWS or its client.

    Raises:
        StoreUnavailableError: a retry can help: AWS throttles (`StoreThrottledError`), fails or
            does not respond.
        StoreRejectedError: AWS refuses the request; a `ContentRejectedError` for its content.
        UnconfiguredAwsError: no region is configured.
    """
    try:
        yield
    except AWS_ERRORS as error:
        raise to_store_error(error) from error


def to_store_error(error: AwsError) -> AuditLogError:
    """Return the project's error for an error of AWS or its client.

    An error without a response (a timeout, a broken connection) is retryable. The text has no
    address: functions log it and return it to callers. `describe_aws_error` says more.
    """
    if isinstance(error, NoRegionError):
        return UnconfiguredAwsError(str(error))
    if not isinstance(error, ClientError):
        return StoreUnavailableError(_describe_failed_call(error))
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    code = get_error_code(error) or f"HTTP status {status}"
    if code in _THROTTLING_CODES:
        return StoreThrottledError(code)
    if code in _RETRYABLE_CODES or status >= 500:
        return StoreUnavailableError(code)
    text = f"{code} at {error.operation_name}"
    return ContentRejectedError(text) if code in _CONTENT_CODES else StoreRejectedError(text)


def _describe_failed_call(error: BotoCoreError) -> str:
    match error:
        case ConnectTimeoutError() | ReadTimeoutError():
            return "AWS does not respond in time"
        case ConnectionError() | HTTPClientError():
            return "AWS cannot be reached"
        case NoCredentialsError() | PartialCredentialsError() | CredentialRetrievalError():
            return "AWS credentials are missing"
        case _:
            return "the request to AWS failed"


def _describe_endpoint(url: str) -> str:
    """Return what to check, for an endpoint that cannot be reached.

    >>> _describe_endpoint("http://127.0.0.1:9/")
    'cannot reach http://127.0.0.1:9: is AWS_ENDPOINT_URL right?'
    """
    host = urlsplit(url).hostname or ""
    cause = "are the network and --region right?"
    if not host.endswith(_AWS_DOMAINS):
        cause = "is AWS_ENDPOINT_URL right?"
    return f"cannot reach {url.rstrip('/')}: {cause}"


def get_error_code(error: ClientError) -> str:
    """Return the error code in AWS's response (`ThrottlingException`), or an empty text."""
    return str(error.response.get("Error", {}).get("Code", ""))


def describe_aws_error(error: AuditLogError) -> str:
    """Return what AWS or its client said, for an operator: it names the operation or endpoint.

    An error that AWS did not cause is described by its own text.
    """
    match error.__cause__:
        case ClientError(response=response) as cause:
            code = get_error_code(cause) or "an error"
            message = response.get("Error", {}).get("Message") or "no reason given"
            text = f"{code} at {cause.operation_name}: {message}"
            return f"renew the AWS credentials: {text}" if code in _CREDENTIAL_CODES else text
        case NoRegionError():
            return "give --region, or set AWS_DEFAULT_REGION: the AWS region is missing"
        case NoCredentialsError():
            return "give --profile, or set AWS_PROFILE: AWS credentials are missing"
        case ProfileNotFound(kwargs=values):
            name = values["profile"]
            return f"check --profile and AWS_PROFILE: the AWS profile {name} does not exist"
        case InvalidRegionError(kwargs=values):
            name = values["region_name"]
            return f"check --region and AWS_DEFAULT_REGION: the AWS region {name} is not valid"
        case ConnectTimeoutError(kwargs=values) | EndpointConnectionError(kwargs=values):
            return _describe_endpoint(values["endpoint_url"])
        case BotoCoreError() as cause:
            return str(cause)
        case _:
            return str(error)
