"""AWS clients for Lambda functions, and a stricter base class for the command line's clients."""

import gzip
import json
from contextlib import suppress
from functools import cache
from pathlib import Path
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


# botocore sends requests of us-east-1 to S3's global endpoint.
_S3 = {
    "partitionEndpoint": "aws-global",
    "endpoints": {
        "aws-global": {
            "credentialScope": {"region": "us-east-1"},
            "hostname": "s3.amazonaws.com",
        }
    },
}
_QUICK = Config(
    connect_timeout=0.5, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 1}
)


class _PlainJsonLoader(JSONFileLoader):
    """Decodes into plain dicts. botocore's own loader needs twice the time: 15 ms a client."""

    def load_file(self, file_path: str) -> Any:
        """Return the file's JSON, compressed or not, or None if there is no such file."""
        for suffix, unpack in ((".json", bytes), (".json.gz", gzip.decompress)):
            try:
                content = Path(file_path + suffix).read_bytes()
            except FileNotFoundError:
                continue
            return json.loads(unpack(content))
        return None


class _FunctionsLoader(_PlainJsonLoader):
    """Takes the endpoints of a function's services from the list of partitions (7 KB).

    botocore's own `endpoints.json` (1.2 MB) has every service and takes 13 ms. Of the services of
    functions it says nothing that the rules beside their models do not say: botocore composes each
    request's address by these rules. If a botocore describes partitions otherwise, its own is read.
    """

    def load_file(self, file_path: str) -> Any:
        """Return the file's JSON. See `_PlainJsonLoader.load_file`."""
        path = Path(file_path)
        if path.name == "endpoints" and str(path.parent) == Loader.BUILTIN_DATA_PATH:
            known = super().load_file(str(path.with_name("partitions")))
            with suppress(KeyError, TypeError):
                return {"partitions": [_describe_partition(each) for each in known["partitions"]]}
        return super().load_file(file_path)


def _describe_partition(partition: dict[str, Any]) -> dict[str, Any]:
    """Return a partition as `endpoints.json` describes it: `botocore.regions.EndpointResolver`."""
    outputs = partition["outputs"]
    suffix, dual_stack = outputs["dnsSuffix"], outputs["dualStackDnsSuffix"]
    regular, fips = "{service}.{region}.{dnsSuffix}", "{service}-fips.{region}.{dnsSuffix}"
    variants = [{"tags": ["fips"], "hostname": fips, "dnsSuffix": suffix}]
    if outputs["supportsDualStack"]:
        variants += [
            {"tags": ["dualstack"], "hostname": regular, "dnsSuffix": dual_stack},
            {"tags": ["dualstack", "fips"], "hostname": fips, "dnsSuffix": dual_stack},
        ]
    return {
        "partition": partition["id"],
        "dnsSuffix": suffix,
        "regionRegex": partition["regionRegex"],
        "regions": partition["regions"],
        "defaults": {
            "hostname": regular,
            "protocols": ["https"],
            "signatureVersions": ["v4"],
            "variants": variants,
        },
        "services": {"s3": _S3} if partition["id"] == "aws" else {},
    }


class _FewServicesLoader(Loader):
    """Knows a few services. botocore's own loader first lists 400 folders: 30 ms."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002  # botocore's
        """Return the services of functions and commands, and those that give credentials."""
        return [
            *("cloudformation", "cloudwatch", "dynamodb", "iam", "kms", "lambda", "s3", "sqs"),
            *("signin", "sso", "sso-oidc", "sts"),
        ]


def make_plain_session(file_loader: JSONFileLoader | None = None) -> botocore.session.Session:
    """Return a new session that knows a few services, and loads their models fast.

    `file_loader` reads botocore's data files; without it they are read as they are.
    """
    session = botocore.session.get_session()
    loader = _FewServicesLoader(file_loader=file_loader or _PlainJsonLoader())
    session.register_component("data_loader", loader)
    return session


@cache
def _session() -> botocore.session.Session:
    return make_plain_session(_FunctionsLoader())


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
