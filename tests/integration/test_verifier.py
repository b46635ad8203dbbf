"""The custom resource that shows the verifier key: CloudFormation gets an answer, come what may."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

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
    """Where answers are put, as at S3's signed address: it takes no content type."""

    url: str = ""
    status: int = 200
    answers: list[Mapping[str, Any]] = field(default_factory=list)


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    asking = CloudFormation()

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            assert self.path == PATH
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_signed_so = self.headers["Content-Type"] == ""
            asking.answers += [json.loads(body)] if is_signed_so else []
            self.send_response(asking.status if is_signed_so else 403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        asking.url = f"http://127.0.0.1:{server.server_port}{PATH}"
        yield asking
        server.shutdown()
        thread.join()


@pytest.fixture
def runtime(aws: Stack) -> Runtime:
    return Runtime(aws.functions, lambda _name, _line: None)


@pytest.fixture
def answer(runtime: Runtime, cloudformation: CloudFormation) -> Any:
    """What CloudFormation is told on a request of this type."""

    def ask(kind: str, **more: object) -> Mapping[str, Any]:
        url = cloudformation.url
        event = {**REQUEST, "RequestType": kind, "ResponseURL": url, **more}
        runtime.invoke("VerifierFunction", event)
        told = cloudformation.answers.pop()
        assert [told[name] for name in IDS] == [REQUEST[name] for name in IDS]
        return told

    return ask


def verifier_key() -> str:
    """The key that the log is verified with, from the key's file."""
    key: Any = load_pem_private_key(create_key_file().read_bytes(), password=None)
    typed = b"\x01" + key.public_key().public_bytes_raw()
    key_id = sha256(ORIGIN.encode() + b"\n" + typed).hexdigest()[:8]
    return f"{ORIGIN}+{key_id}+{b64encode(typed).decode()}"


@pytest.mark.parametrize("kind", ["Create", "Update"])
def test_the_verifier_key_is_the_resources_attribute_and_its_id(answer: Any, kind: str) -> None:
    told = answer(kind, **({"PhysicalResourceId": "an older key"} if kind == "Update" else {}))
    assert told["Status"] == "SUCCESS"
    assert told["Data"] == {"VerifierKey": verifier_key()}
    assert told["PhysicalResourceId"] == verifier_key()


def test_a_resource_is_deleted_without_a_key(answer: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", "/nowhere/key.pem")
        told = answer("Delete", PhysicalResourceId="a key")
    assert told["Status"] == "SUCCESS"
    assert told["PhysicalResourceId"] == "a key"
    assert "Data" not in told


@pytest.mark.parametrize(
    ("kind", "physical_id"), [("Create", "VerifierKey"), ("Update", "the key before")]
)
def test_a_failure_is_told_with_its_reason(
    answer: Any, tmp_path: Path, kind: str, physical_id: str
) -> None:
    file = tmp_path / "key.pem"
    file.write_text("no key")
    more = {} if kind == "Create" else {"PhysicalResourceId": physical_id}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SIGNING_KEY", str(file))
        told = answer(kind, **more)
    assert told["Status"] == "FAILED"
    assert told["Reason"].startswith("signing_failed: ")
    assert str(file) in told["Reason"]
    assert told["PhysicalResourceId"] == physical_id
    assert "Data" not in told


def test_a_broken_environment_is_told_too(answer: Any) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHARD_COUNT", "three")
        told = answer("Create")
    assert told["Status"] == "FAILED"
    assert told["Reason"].startswith("configuration_error: SHARD_COUNT")


def test_an_answer_that_is_not_taken_fails_so_that_lambda_tries_again(
    runtime: Runtime, cloudformation: CloudFormation
) -> None:
    cloudformation.status = 503
    event = {**REQUEST, "RequestType": "Create", "ResponseURL": cloudformation.url}
    with pytest.raises(FunctionError, match="503"):
        runtime.invoke("VerifierFunction", event)
    assert len(cloudformation.answers) == 1
