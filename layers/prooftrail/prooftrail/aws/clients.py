"""AWS clients for Lambda functions, and a stricter base class for the command line's clients."""

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import JSONFileLoader, Loader
from botocore.parsers import ResponseParserError

if TYPE_CHECKING:
    from botocore.client import ClientMeta
    from types_boto3_cloudwatch import CloudWatchClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_kms import KMSClient
    from types_boto3_s3 import S3Client
    from types_boto3_sqs import SQSClient

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=5,
    retries={"mode": "standard", "total_max_attempts": 3},
    # botocore composes its own for each request: a tenth of a request's CPU.
    user_agent=f"prooftrail botocore/{botocore.__version__}",
    # A third of a request's CPU. The adapters build their requests from validated models.
    parameter_validation=False,
)


_QUICK = Config(
    connect_timeout=0.5, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 1}
)


class _PlainJsonLoader(JSONFileLoader):
    """Decodes into plain dicts. botocore's own loader needs twice the time: 15 ms a client."""

    def load_file(self, file_path: str) -> Any:
        """Return the file's JSON, compressed or not, or None if there is no such file."""
        for suffix, open_file in ((".json", open), (".json.gz", gzip.open)):
            try:
                with open_file(file_path + suffix, "rb") as file:
                    return json.loads(file.read())
            except FileNotFoundError:
                continue
        return None


class _FewServicesLoader(Loader):
    """Knows a few services. botocore's own loader first lists 400 folders: 30 ms."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  # botocore's
        """Return the services of functions and commands, and those that give credentials."""
        return [
            *("cloudformation", "cloudwatch", "dynamodb", "iam", "kms", "lambda", "s3", "sqs"),
            *("signin", "sso", "sso-oidc", "sts"),
        ]


def make_plain_session() -> botocore.session.Session:
    """Return a new session that knows a few services, and loads their models fast."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _FewServicesLoader(file_loader=_PlainJsonLoader()))
    return session


@cache
def _session() -> botocore.session.Session:
    return make_plain_session()


@cache
def _client(service: str) -> object:
    return _session().create_client(service, config=_CONFIG)


@cache
def _quick_client(service: str) -> object:
    return _session().create_client(service, config=_CONFIG.merge(_QUICK))


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
    """Return the process's client of a service, made on first use.

    It is botocore's, because boto3's session takes 30 ms more to start. It waits at most 5 s for a
    response and tries three times, so that a request ends before a function's timeout. Region,
    credentials and endpoint come from botocore's usual sources.
    """
    return _client(service)


@overload
def quick_client(service: Literal["dynamodb"]) -> "DynamoDBClient": ...
@overload
def quick_client(service: Literal["sqs"]) -> "SQSClient": ...
def quick_client(service: str) -> object:
    """Return a client that waits for at most a second, once: for what a request can do without."""
    return _quick_client(service)


class NotAwsError(BotoCoreError):
    """Another service than AWS is at the endpoint: another program's port, a proxy's page."""

    fmt = "{endpoint} is not the AWS service {service}: is AWS_ENDPOINT_URL right?"


class NotAwsResponses:
    """A base class for clients that raises `NotAwsError` for a response that is not AWS's.

    botocore raises KeyError, ValueError or a parser's error for it. Add the class in a handler of
    the event `creating-client-class`:
    https://docs.aws.amazon.com/boto3/latest/guide/events.html
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
