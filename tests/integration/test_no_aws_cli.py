"""The commands where the configuration leads to no AWS: one line that says so, and an exit code."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from local.template import Stack
from prooftrail.cli.main import main
from tests.support.command_line import prooftrail
from tests.support.log_samples import verifier_key

KEY = str(verifier_key())
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


def told(*arguments: str, stack: bool = True) -> str:
    """The one line that the command says before it ends with 3."""
    options = ["--stack", "audit-log"] if stack else []
    result = CliRunner().invoke(main, [*arguments, *options])
    assert isinstance(result.exception, SystemExit), result.exception
    assert (result.exit_code, result.stdout) == (3, "")
    [line] = result.stderr.splitlines()
    return line


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an export would be."""
    monkeypatch.chdir(tmp_path)


class Foreign(BaseHTTPRequestHandler):
    """Answers as no AWS does."""

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
        """Nothing."""


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of another service, where AWS's is said to be."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Foreign) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        yield address
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_another_service_is_not_taken_for_aws(foreign: str, command: list[str]) -> None:
    line = told(*command)
    assert line.startswith(f"error: store_unavailable: {foreign} is not the AWS service ")


@pytest.mark.parametrize("content", [b"", b"<html/>", b"<html>", b"\xff"])
def test_nor_is_one_that_says_all_is_well(
    foreign: str, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    monkeypatch.setattr(Foreign, "status", 200)
    monkeypatch.setattr(Foreign, "content", content)
    assert foreign in told("query")
    assert foreign in told("doctor")
    assert "the endpoint is not S3" in told(
        "verify", "log", "--log", "s3://any", "--key", KEY, stack=False
    )


@pytest.mark.parametrize("endpoint", ["foo", "http://", "http://[", "http://a b", "http://.foo"])
def test_an_endpoint_that_is_none(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    for command in COMMANDS:
        assert told(*command).startswith("error: configuration_error: Invalid ")


def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:99999")
    assert "http://127.0.0.1:99999" in told("query")


def test_a_number_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_METADATA_SERVICE_TIMEOUT", "soon")
    assert told("query").startswith("error: configuration_error: ")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_region_is_named_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    line = told(*command)
    assert line.startswith("error: configuration_error: AWS region is missing: ")
    assert line.endswith("give --region, or set AWS_DEFAULT_REGION")


def test_a_stack_of_another_region_is_said_to_be_missing_there(aws: Stack) -> None:
    result = prooftrail("query", "--region", "eu-west-1")
    assert (result.exit_code, result.stdout) == (1, "")
    assert " does not exist in eu-west-1; check --stack, --region and --profile\n" in result.stderr
