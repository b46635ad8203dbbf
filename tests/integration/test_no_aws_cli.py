"""The commands with a configuration that does not lead to AWS: one line and an exit code."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from click.testing import CliRunner

from local.http_server import serve_http
from local.template import Stack
from prooftrail.cli.main import main
from tests.support.log_samples import make_verifier_key

KEY = str(make_verifier_key())
EVENT = ["--action", "a.b", "--resource-type", "r", "--resource-id", "1"]
COMMANDS = [
    ["cleanup", "--before", "1d"],
    ["dead-letters", "list"],
    ["doctor"],
    ["export", "folder"],
    ["get", "0" * 26],
    ["query"],
    ["reconcile"],
    ["report", "--from", "1d"],
    ["send", *EVENT],
    ["stats"],
    ["tail"],
    ["verify", "trail", "--key", KEY],
]


def run_failing(*arguments: str, stack: bool = True) -> str:
    """Run a command that must end with 3. Return its only line."""
    options = ["--stack", "audit-log"] if stack else []
    result = CliRunner().invoke(main, [*arguments, *options])
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, result.stdout) == (3, "")
    [line] = result.stderr.splitlines()
    return line


@pytest.fixture(autouse=True)
def change_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in an empty folder: an export would write there."""
    monkeypatch.chdir(tmp_path)


class OtherService(BaseHTTPRequestHandler):
    """Returns responses that AWS never returns."""

    status = 404
    content = b'{"message":"Not Found"}'

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    do_GET = do_POST  # noqa: N815  # the name is http.server's

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def other_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Configure the address of another service as the AWS endpoint. Yield the address."""
    with serve_http(OtherService) as port:
        address = f"http://127.0.0.1:{port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield address


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_another_service_is_not_taken_for_aws(other_service: str, command: list[str]) -> None:
    line = run_failing(*command)
    assert line.startswith(f"error: {other_service} is not the AWS service ")
    assert line.endswith(": is AWS_ENDPOINT_URL right? [store_unavailable]")


@pytest.mark.parametrize("content", [b"", b"<html/>", b"<html>", b"\xff"])
def test_another_service_with_status_200_is_not_taken_for_aws(
    other_service: str, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(OtherService, "status", 200)
    monkeypatch.setattr(OtherService, "content", content)
    assert other_service in run_failing("query")
    assert other_service in run_failing("doctor")
    assert "the endpoint is not S3" in run_failing(
        "verify", "log", "--log", "s3://any", "--key", KEY, stack=False
    )


@pytest.mark.parametrize("endpoint", ["foo", "http://", "http://[", "http://a b", "http://.foo"])
def test_an_endpoint_that_is_not_valid(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for command in COMMANDS:
        assert run_failing(*command).startswith("error: check the AWS settings: Invalid ")


def test_a_port_that_is_not_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:99999")
    assert "http://127.0.0.1:99999" in run_failing("query")


def test_a_number_that_is_not_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "soon")
    assert run_failing("query").startswith("error: check the AWS settings: ")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_missing_region_is_reported_with_the_solution(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    line = run_failing(*command)
    assert line.startswith("error: give --region, or set AWS_DEFAULT_REGION: ")
    assert line.endswith(": the AWS region is missing [configuration_error]")


def test_a_stack_of_another_region_is_reported_as_missing_there(aws: Stack) -> None:
    line = run_failing("query", "--region", "eu-west-1")
    text = "check --stack, --region and --profile: the stack audit-log does not exist in eu-west-1"
    assert line == f"error: {text} [configuration_error]"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_stack_that_nobody_named_ends_as_a_missing_region_does(command: list[str]) -> None:
    line = run_failing(*command, stack=False)
    text = "give --stack, or set PROOFTRAIL_STACK: the audit log's stack is missing"
    assert line == f"error: {text} [configuration_error]"


@pytest.mark.parametrize("options", [["--profile", "nobody"], []], ids=["option", "variable"])
def test_a_missing_profile_is_reported_with_the_solution(
    monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    line = run_failing("query", *options)
    text = "check --profile and AWS_PROFILE: the AWS profile nobody does not exist"
    assert line == f"error: {text} [configuration_error]"
