"""Errors of AWS and its client become the project's, with texts for people."""

from collections.abc import Callable

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    InvalidRegionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    ReadTimeoutError,
    UnknownServiceError,
)

from prooftrail.aws.errors import describe_aws_error, get_error_code, translate_aws_errors
from prooftrail.errors import (
    AuditLogError,
    CorruptRecordError,
    StoreRejectedError,
    StoreUnavailableError,
    UnconfiguredAwsError,
)

URL = "https://aws.example"


def make_client_error(code: str, status: int = 400, message: str = "said so") -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item]  # part
        },
        "Query",
    )


def translate(error: Exception) -> AuditLogError:
    with pytest.raises(AuditLogError) as caught, translate_aws_errors():
        raise error
    assert caught.value.__cause__ is error
    return caught.value


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("TransactionInProgressException", 400),
        ("SlowDown", 503),
        ("Unknown", 500),
    ],
)
def test_throttling_and_faults_of_aws_are_retryable(code: str, status: int) -> None:
    error = translate(make_client_error(code, status))
    assert isinstance(error, StoreUnavailableError)
    assert str(error) == code


@pytest.mark.parametrize("code", ["AccessDeniedException", "ValidationException", "NoSuchBucket"])
def test_a_refusal_names_code_and_operation(code: str) -> None:
    error = translate(make_client_error(code))
    assert isinstance(error, StoreRejectedError)
    assert str(error) == f"{code} at Query"
    assert describe_aws_error(error) == f"{code} at Query: said so"


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ReadTimeoutError(endpoint_url=URL), "AWS does not respond in time"),
        (ConnectTimeoutError(endpoint_url=URL), "AWS does not respond in time"),
        (EndpointConnectionError(endpoint_url=URL), "AWS cannot be reached"),
        (HTTPClientError(error="reset"), "AWS cannot be reached"),
        (NoCredentialsError(), "AWS credentials are missing"),
        (PartialCredentialsError(provider="env", cred_var="key"), "AWS credentials are missing"),
        (
            UnknownServiceError(service_name="x", known_service_names="y"),
            "the request to AWS failed",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_without_a_response_it_is_retryable_and_names_no_address(
    error: BotoCoreError, text: str
) -> None:
    found = translate(error)
    assert isinstance(found, StoreUnavailableError)
    assert str(found) == text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            EndpointConnectionError(endpoint_url=URL),
            f"cannot reach {URL}: is AWS_ENDPOINT_URL right?",
        ),
        (
            EndpointConnectionError(endpoint_url="https://sqs.eu-west-9.amazonaws.com/"),
            "cannot reach https://sqs.eu-west-9.amazonaws.com: are the network and --region right?",
        ),
        (
            ConnectTimeoutError(endpoint_url="http://127.0.0.1:9/"),
            "cannot reach http://127.0.0.1:9: is AWS_ENDPOINT_URL right?",
        ),
        (
            NoCredentialsError(),
            "give --profile, or set AWS_PROFILE: AWS credentials are missing",
        ),
        (
            ProfileNotFound(profile="nobody"),
            "check --profile and AWS_PROFILE: the AWS profile nobody does not exist",
        ),
        (
            InvalidRegionError(region_name="x y"),
            "check --region and AWS_DEFAULT_REGION: the AWS region x y is not valid",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_operator_reads_what_to_do(error: BotoCoreError, text: str) -> None:
    assert describe_aws_error(translate(error)) == text


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url=URL),
        HTTPClientError(error="reset"),
        PartialCredentialsError(provider="env", cred_var="key"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_operator_reads_what_the_client_said(error: BotoCoreError) -> None:
    assert describe_aws_error(translate(error)) == str(error)


def test_a_missing_region_is_a_matter_of_configuration() -> None:
    error = translate(NoRegionError())
    assert isinstance(error, UnconfiguredAwsError)
    assert str(error) == "You must specify a region."
    assert describe_aws_error(error) == (
        "give --region, or set AWS_DEFAULT_REGION: the AWS region is missing"
    )


@pytest.mark.parametrize(
    "make_error", [lambda: CorruptRecordError("damaged"), lambda: KeyError("a")]
)
def test_other_errors_stay_as_they_are(make_error: Callable[[], Exception]) -> None:
    error = make_error()
    with pytest.raises(type(error)) as caught, translate_aws_errors():
        raise error
    assert caught.value is error


def test_an_error_that_aws_did_not_cause_is_described_by_its_text() -> None:
    assert describe_aws_error(StoreRejectedError("disk full")) == "disk full"


def test_a_response_may_lack_code_and_message() -> None:
    error = ClientError({}, "Query")
    assert get_error_code(error) == ""
    assert str(translate(make_client_error("", 502))) == "HTTP status 502"
    assert describe_aws_error(translate(error)) == "an error at Query: no reason given"
