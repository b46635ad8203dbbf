"""The clients of functions send requests where botocore's own clients send them."""

import json
from collections.abc import Mapping
from itertools import product
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader

from prooftrail.aws import clients

CALLS: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "cloudwatch": ("describe_alarms", {}),
    "dynamodb": ("get_item", {"TableName": "t", "Key": {"pk": {"S": "a"}}}),
    "kms": ("get_public_key", {"KeyId": "k"}),
    "s3": ("get_object", {"Bucket": "the-bucket", "Key": "checkpoint"}),
    "sqs": ("send_message", {"QueueUrl": "https://queue.example/1/q", "MessageBody": "{}"}),
}
OPTIONS = [
    dict[str, Any](zip(("use_fips_endpoint", "use_dualstack_endpoint"), flags, strict=True))
    for flags in product((False, True), repeat=2)
]
REGIONS = ("us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1", "us-iso-east-1", "xx-new-1")
# `partitions.json` says that these have such endpoints, `endpoints.json` that they have none.
WITHOUT_DUALSTACK = ("eu-isoe-west-1", "us-isof-east-1", "us-isof-south-1")
REMAINING = [
    pytest.param(region, marks=pytest.mark.slow)
    for partition in botocore.session.get_session().get_available_partitions()
    for region in botocore.session.get_session().get_available_regions("dynamodb", partition)
    if region not in REGIONS
]


@pytest.fixture(scope="module")
def sessions() -> list[Any]:
    """A session of botocore, and one of a function."""
    return [
        botocore.session.get_session(),
        clients.make_plain_session(clients._FunctionsLoader()),
    ]


def send(session: Any, service: str, region: str, options: Mapping[str, Any]) -> str:
    """Return where a call would go and how it is signed, or the error."""
    sent: list[Any] = []

    def respond(request: Any, **_: object) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 403, HTTPHeaders(), None)

    session.set_credentials("AKIDEXAMPLE", "secret")
    try:
        client = session.create_client(service, region, config=Config(**options))
        client.meta.events.register("before-send", respond)
        operation, parameters = CALLS[service]
        getattr(client, operation)(**parameters)
    except BotoCoreError as error:
        return repr(error)
    except Exception:
        if not sent:
            raise
    [request] = sent[:1]
    scope = str(request.headers["Authorization"]).partition(",")[0].split("/", 2)[2]
    return f"{request.url} {scope}"


@pytest.mark.parametrize("region", [*REGIONS, *REMAINING])
@pytest.mark.parametrize("service", CALLS)
def test_a_request_goes_where_botocore_sends_it(
    sessions: list[Any], service: str, region: str
) -> None:
    for options in OPTIONS:
        theirs, ours = (send(session, service, region, options) for session in sessions)
        if region in WITHOUT_DUALSTACK and options["use_dualstack_endpoint"]:
            assert "EndpointVariantError" in theirs
        else:
            assert ours == theirs, options


@pytest.mark.parametrize("lost", ["partitions", "outputs", "dnsSuffix", "supportsDualStack"])
def test_a_botocore_that_describes_partitions_otherwise_is_used_as_it_is(
    monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """Functions run with the botocore of AWS's image, which is not the one that is locked here."""
    load = clients._PlainJsonLoader.load_file

    def load_without(loader: Any, path: str) -> Any:
        content = load(loader, path)
        return json.loads(json.dumps(content).replace(f'"{lost}"', '"renamed"'))

    monkeypatch.setattr(clients._PlainJsonLoader, "load_file", load_without)
    endpoints = clients._FunctionsLoader().load_file(f"{Loader.BUILTIN_DATA_PATH}/endpoints")
    assert "xray" in json.dumps(endpoints)  # of botocore's own list
