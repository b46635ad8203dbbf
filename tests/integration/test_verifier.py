"""The custom resource of the verifier key: CloudFormation always gets a response."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.http_server import serve_http
from local.runtime import FunctionError, Runtime
from local.signing_key import create_key_file
from local.template import Stack

ORIGIN = "audit-log-dev.us-east-1.123456789012"
PATH = "/bucket/key?X-Amz-Signature=0%2Babc"
REQUEST = {
    "StackId": "arn:aws:cloudformation:us-east-1:123456789012:stack/audit-log-dev/1",
    "RequestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
    "LogicalResourceId": "VerifierKey",
    "ResourceType": "AWS::CloudFormation::CustomResource",
}


IDS = ("StackId", "RequestId", "LogicalResourceId")


@dataclass
class CloudFormation:
    """The response URL of CloudFormation. As an S3 signed URL, it refuses a content type."""

    url: str = ""
    status: int = 200
    responses: list[Mapping[str, Any]] = field(default_factory=list)


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    endpoint = CloudFormation()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            assert self.path == PATH
            body = self.rfile.read(int(self.headers["Content-Length"]))
            has_no_content_type = self.headers["Content-Type"] == ""
            endpoint.responses += [json.loads(body)] if has_no_content_type else []
            self.send_response(endpoint.status if has_no_content_type else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Write no log."""

    with serve_http(Handler) as port:
        endpoint.url = f"http://127.0.0.1:{port}{PATH}"
        yield endpoint


@pytest.fixture
def runtime(aws: Stack) -> Runtime:
    return Runtime(aws.functions, lambda _name, _line: None)


@pytest.fixture
def send_request(runtime: Runtime, cloudformation: CloudFormation) -> Any:
    """Return a function that sends a request of this type and returns the response."""

    def send(kind: str, **more: object) -> Mapping[str, Any]:
        url = cloudformation.url
        event = {**REQUEST, "RequestType": kind, "ResponseURL": url, **more}
        runtime.invoke("VerifierFunction", event)
        response = cloudformation.responses.pop()
        assert [response[name] for name in IDS] == [REQUEST[name] for name in IDS]
        return response

    return send


def make_verifier_key() -> str:
    """Return the log's verifier key, made from the key file."""
    key: Any = load_pem_private_key(create_key_file().read_bytes(), password=None)
    encoded = b"\x01" + key.public_key().public_bytes_raw()
    key_id = sha256(ORIGIN.encode() + b"\n" + encoded).hexdigest()[:8]
    return f"{ORIGIN}+{key_id}+{b64encode(encoded).decode()}"


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_verifier_key_is_the_resources_attribute_and_its_id(
    send_request: Any, kind: str
) -> None:
    response = send_request(
        kind, **({"PhysicalResourceId": "an older key"} if kind == "Update" else {})
    )
    assert response["Status"] == "SUCCESS"
    assert response["Data"] == {"VerifierKey": make_verifier_key()}
    assert response["PhysicalResourceId"] == make_verifier_key()


def test_a_resource_is_deleted_without_a_key(send_request: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", "/nowhere/key.pem")
        response = send_request("Delete", PhysicalResourceId="a key")
    assert response["Status"] == "SUCCESS"
    assert response["PhysicalResourceId"] == "a key"
    assert "Data" not in response


@pytest.mark.parametrize(
    ("kind", "physical_id"), [("Create", "VerifierKey"), ("Update", "the key before")]
)
def test_a_failure_is_reported_with_its_reason(
    send_request: Any, tmp_path: Path, kind: str, physical_id: str
) -> None:
    file = tmp_path / "key.pem"
    file.write_text("no key")
    more = {} if kind == "Create" else {"PhysicalResourceId": physical_id}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", str(file))
        response = send_request(kind, **more)
    assert response["Status"] == "FAILED"
    assert response["Reason"].startswith("signing_failed: ")
    assert str(file) in response["Reason"]
    assert response["PhysicalResourceId"] == physical_id
    assert "Data" not in response


def test_a_broken_environment_is_reported_too(send_request: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHARD_COUNT", "three")
        response = send_request("Create")
    assert response["Status"] == "FAILED"
    assert response["Reason"].startswith("configuration_error: SHARD_COUNT")


def test_a_refused_response_fails_so_that_lambda_retries(
    runtime: Runtime, cloudformation: CloudFormation
) -> None:
    cloudformation.status = 503
    event = {**REQUEST, "RequestType": "Create", "ResponseURL": cloudformation.url}
    with pytest.raises(FunctionError, match="503"):
        runtime.invoke("VerifierFunction", event)
    assert len(cloudformation.responses) == 1
