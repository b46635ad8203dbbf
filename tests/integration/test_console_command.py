"""`prooftrail console`: who may use the local server, what it passes on, and how it ends."""

import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import (
    EndpointConnectionError,
    NoCredentialsError,
    UnauthorizedSSOTokenError,
)
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from local.system import System, run_system
from local.template import add_output
from prooftrail.aws import signed_api
from prooftrail.aws.signed_api import SignedApi, check_api_url
from prooftrail.cli.console.server import open_usual_socket
from prooftrail.cli.installation import Aws
from prooftrail.cli.main import main
from prooftrail.errors import ConfigurationError
from tests.support.console_server import (
    OK,
    Console,
    RecordingApi,
    Reply,
    Upstream,
    find_address,
    request,
    run_console,
    run_upstream,
)
from tests.support.samples import event_json, job

PROOFTRAIL = Path(sys.executable).with_name("prooftrail")
TIMEOUT_SECONDS = 300
SECRET_KEY = "a secret key"  # noqa: S105  # nobody's
ROUTES = (
    "/audit-logs",
    "/audit-logs/01M8C4J3PX292VSJZE6XV93VNH",
    "/audit-logs/unmasked",
    "/audit-logs/01M8C4J3PX292VSJZE6XV93VNH/unmasked",
    "/audit-logs/01M8C4J3PX292VSJZE6XV93VNH/proof",
    "/audit-logs/01M8C4J3PX292VSJZE6XV93VNH/proof/unmasked",
    "/audit-logs/stats",
    "/audit-logs/metrics",
    "/audit-logs/log",
    "/audit-logs/log/consistency",
    "/audit-logs/checkpoint",
    "/audit-logs/tile/entries/x001/x234/067.p/7",
)
OTHER_PATHS = (
    "/audit-logs/",
    "/audit-logs//stats",
    "/audit-logs/./stats",
    "/audit-logs/..",
    "/audit-logs/../secret",
    "/audit-logs/%2e%2e/secret",
    "/audit-logs/..%2fsecret",
    "/audit-logs/stats%3fa=b",
    "/audit-logs/%00",
    "/audit-logs/stats;x=y",
    "/audit-logs\\..\\secret",
    "/audit-logs/" + "x" * 300,
    "/audit-logsx",
    "/AUDIT-LOGS",
    "/audit%2dlogs",
    "//audit-logs",
    "/./audit-logs",
    "/x/../audit-logs",
    "/secret",
    "/hashed/../site.py",
    "/hashed/%2e%2e/%2e%2e/site.py",
    "/%2e%2e/site.py",
    "/../site.py",
    "//127.0.0.1/audit-logs",
    "http://127.0.0.1/audit-logs",
    "http://elsewhere.example/audit-logs",
)


@pytest.fixture(scope="module")
def api() -> RecordingApi:
    return RecordingApi()


@pytest.fixture(scope="module")
def console(api: RecordingApi) -> Iterator[Console]:
    with run_console(api) as console:
        yield console


@pytest.fixture(autouse=True)
def _nothing_is_recorded_yet(api: RecordingApi) -> None:
    api.requests.clear()


# Who may use it


def test_the_token_opens_one_browser_and_gives_a_cookie() -> None:
    with run_console(RecordingApi()) as console:
        address = f"/?token={console.access.token}"
        assert console.send("/?token=wrong", Cookie="").status == 403
        opened = console.send(address, Cookie="")
        assert (opened.status, opened.headers["location"]) == (303, "/")
        cookie, *attributes = opened.headers["set-cookie"].split("; ")
        assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=strict"]
        assert console.send("/", Cookie=cookie).status == 200
        for refused in (console.send(address, Cookie=""), console.send("/", Cookie="")):
            assert refused.status == 403
            assert b"Start again" in refused.body
            assert "set-cookie" not in refused.headers


def test_a_token_that_is_used_twice_ends_the_session() -> None:
    with run_console(RecordingApi()) as console:
        address = f"/?token={console.access.token}"
        assert console.send(address, Cookie="").status == 303
        own = console.send(address)  # the same browser
        assert (own.status, own.headers["location"]) == (303, "/")
        assert "set-cookie" not in own.headers
        assert console.send("/?token=wrong", Cookie="").status == 403
        assert console.send("/audit-logs").status == 200
        assert console.send(address, Cookie="").status == 403
        assert console.send("/audit-logs").error_code == "no_session"
        for cookie in ("", console.cookie):
            assert console.send(address, Cookie=cookie).status == 403
            assert console.send("/", Cookie=cookie).status == 403


@pytest.mark.parametrize(
    "cookie", ["", "prooftrail-console-1=x", "{name}=x", "{name}=", "{name}=é"]
)
def test_without_the_cookie_nothing_is_served(
    console: Console, api: RecordingApi, cookie: str
) -> None:
    cookie = cookie.format(name=console.access.cookie_name)
    assert console.send("/", Cookie=cookie).status == 403
    assert console.send("/hashed/x.js", Cookie=cookie).status == 403
    refused = console.send("/audit-logs", Cookie=cookie)
    assert (refused.status, refused.error_code) == (401, "no_session")
    assert not api.requests


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.0.0.1:1", "elsewhere.example", "[::1]"]
)
def test_another_host_is_refused(console: Console, api: RecordingApi, host: str) -> None:
    for each in (host, f"{host}.:{console.access.port}", f"x@127.0.0.1:{console.access.port}"):
        assert console.send("/audit-logs", host=each).error_code == "wrong_origin"
        assert console.send(f"/?token={console.access.token}", host=each).status == 403
    assert not api.requests


def test_two_hosts_and_none_are_refused(console: Console, api: RecordingApi) -> None:
    port = console.access.port
    for hosts in ("", f"Host: 127.0.0.1:{port}\r\nHost: elsewhere.example\r\n"):
        text = f"GET /audit-logs HTTP/1.1\r\n{hosts}Cookie: {console.cookie}\r\n\r\n"
        assert console.send_bytes(text.encode()).startswith(b"HTTP/1.1 400")
    assert not api.requests


def test_this_machine_s_names_are_accepted(console: Console) -> None:
    for name in ("127.0.0.1", "localhost"):
        host = f"{name}:{console.access.port}"
        assert console.send("/audit-logs", host=host, Origin=f"http://{host}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},  # another port of this machine
        {"Sec_Fetch_Site": "nonsense"},
    ],
)
def test_another_page_is_refused(
    console: Console, api: RecordingApi, headers: Mapping[str, str]
) -> None:
    for target in ("/", "/audit-logs", f"/?token={console.access.token}"):
        refused = console.send(target, **headers)
        assert (refused.status, refused.error_code) == (403, "wrong_origin")
        assert not [name for name in refused.headers if name.startswith("access-control-")]
    assert not api.requests


# What passes


@pytest.mark.parametrize("path", ROUTES)
def test_reads_pass(console: Console, api: RecordingApi, path: str) -> None:
    reply = console.send(f"{path}?tenantId=a%26b&action=user.*&x=&x=%C3%A9")
    assert (reply.status, reply.body) == (200, b"{}")
    parameters = [("tenantId", "a&b"), ("action", "user.*"), ("x", ""), ("x", "é")]
    assert api.requests == [(path, parameters)]


@pytest.mark.parametrize("path", OTHER_PATHS)
def test_no_other_path_passes(console: Console, api: RecordingApi, path: str) -> None:
    assert console.send(path).status == 404
    assert not api.requests


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
def test_no_other_method_passes(console: Console, api: RecordingApi, method: str) -> None:
    for path in ("/", "/audit-logs"):
        refused = console.send(path, method=method)
        assert (refused.status, refused.headers["allow"]) == (405, "GET")
        assert not [name for name in refused.headers if name.startswith("access-control-")]
    assert not api.requests


def test_a_connect_and_an_upgrade_do_not_pass(console: Console, api: RecordingApi) -> None:
    start = f"Host: 127.0.0.1:{console.access.port}\r\nCookie: {console.cookie}\r\n"
    asked = f"CONNECT example.com:443 HTTP/1.1\r\n{start}\r\n"
    assert b" 405 " in console.send_bytes(asked.encode())
    upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    asked = f"GET /secret HTTP/1.1\r\n{start}{upgrade}\r\n"
    assert b" 404 " in console.send_bytes(asked.encode())
    assert not api.requests


@pytest.mark.parametrize("query", ["a=" + "x" * 8_000, "&".join(["a=b"] * 51), "a=%ff", "a=%c3%28"])
def test_a_query_string_beyond_the_api_s_is_refused(
    console: Console, api: RecordingApi, query: str
) -> None:
    refused = console.send(f"/audit-logs?{query}")
    assert (refused.status, refused.error_code) == (400, "invalid_query")
    assert not api.requests


def test_a_request_with_large_headers_is_refused(console: Console, api: RecordingApi) -> None:
    sent = b"GET /audit-logs HTTP/1.1\r\nX-Large: " + b"x" * 40_000
    assert console.send_bytes(sent).startswith(b"HTTP/1.1 400")
    assert not api.requests


_SIGNS = ["/", "//", ".", "..", "%2e", "%2F", "%00", "%", "\\", ";", "?", "#", "@", "*", "é"]
_FRAGMENTS = st.sampled_from([*_SIGNS, "audit-logs", "stats", "x", "http://", "127.0.0.1"])
_TARGETS = st.one_of(
    st.lists(_FRAGMENTS).map("".join),
    st.lists(_FRAGMENTS, max_size=3).map(lambda parts: "/".join(["/audit-logs", *parts])),
)


@given(target=_TARGETS, method=st.sampled_from(["GET", "get", "POST", "HEAD", "GET "]))
def test_whatever_is_asked_only_reads_of_the_api_reach_it(
    console: Console, api: RecordingApi, target: str, method: str
) -> None:
    api.requests.clear()
    head = f"Host: 127.0.0.1:{console.access.port}\r\nCookie: {console.cookie}\r\n"
    console.send_bytes(f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode())
    for path, _ in api.requests:
        assert method == "GET"
        root, *rest = path.removeprefix("/").split("/")
        assert root == "audit-logs"
        assert all(re.fullmatch("[A-Za-z0-9_-][A-Za-z0-9_.-]*", part, re.ASCII) for part in rest)
        assert target.startswith(path)


# What the API gets, and what comes back


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with run_upstream() as upstream:
        yield upstream


@contextmanager
def run_signed(
    url: str, load: Callable[[], Credentials | None] | None = None
) -> Iterator[Callable[..., Reply]]:
    """Run a local server before the API at this address. Yield what sends it a request."""
    default = Credentials("AKIDEXAMPLE", SECRET_KEY, "a session token")
    with run_console(SignedApi(url, "eu-west-1", load or (lambda: default))) as console:
        yield console.send


def sign(target: str, headers: Mapping[str, str]) -> str:
    """Return the signature of a request, as AWS computes it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
    """
    scope, names = (
        headers["authorization"].split(f"{name}=")[1].split(",")[0]
        for name in ("Credential", "SignedHeaders")
    )
    _, date, region, service, end = scope.split("/")
    parts = urlsplit(target)
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    lines = [
        "GET",
        quote(parts.path, safe="/~"),
        "&".join("=".join(pair) for pair in pairs),
        *(f"{name}:{headers[name]}" for name in names.split(";")),
        "",
        names,
        hashlib.sha256(b"").hexdigest(),
    ]
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(
        ["AWS4-HMAC-SHA256", headers["x-amz-date"], f"{date}/{region}/{service}/{end}", digest]
    )
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (date, region, service, end):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def test_a_request_reaches_the_api_signed_and_with_nothing_of_the_browser_s(
    upstream: Upstream,
) -> None:
    with run_signed(upstream.url) as send:
        reply = send(
            "/audit-logs?z=1&action=user.*&a=%20%26%2B&a=",
            Authorization="Bearer x",
            X_Amz_Security_Token="y",  # noqa: S106  # nobody's
            X_Forwarded_For="203.0.113.7",
            Connection="X-Hop, close",
            X_Hop="z",
            User_Agent="a browser",
        )
    assert (reply.status, reply.body) == (200, OK[2])
    [(method, target, headers)] = upstream.requests
    assert (method, target) == ("GET", "/dev/audit-logs?z=1&action=user.%2A&a=%20%26%2B&a=")
    assert headers.keys() == {
        "accept-encoding",
        "authorization",
        "host",
        "user-agent",
        "x-amz-date",
        "x-amz-security-token",
    }
    assert headers["x-amz-security-token"] == "a session token"
    assert headers["host"] == urlsplit(upstream.url).netloc
    assert headers["user-agent"] == "prooftrail-console"
    scope = "AKIDEXAMPLE/" + headers["x-amz-date"][:8] + "/eu-west-1/execute-api/aws4_request"
    assert f"Credential={scope}, SignedHeaders=host;" in headers["authorization"]
    assert headers["authorization"].endswith(f"Signature={sign(target, headers)}")


def test_few_headers_of_a_response_come_back(upstream: Upstream) -> None:
    headers = {
        "Content-Type": "application/json",
        "Set-Cookie": "a=b",
        "Access-Control-Allow-Origin": "*",
        "Location": "http://elsewhere.example",
        "Content-Security-Policy": "default-src *",
        "X-Hop": "x",
    }
    upstream.response = (200, headers, b"{}")
    with run_signed(upstream.url) as send:
        reply = send("/audit-logs")
    assert reply.headers.keys() == {
        "cache-control",
        "content-length",
        "content-security-policy",
        "content-type",
        "cross-origin-resource-policy",
        "date",
        "x-content-type-options",
    }
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("response", "status", "code"),
    [
        ((302, {"Location": "http://127.0.0.1/"}, b""), 502, "bad_gateway"),
        ((200, {"Content-Type": "text/html"}, b"<script>"), 502, "bad_gateway"),
        ((200, {}, b"{}"), 502, "bad_gateway"),
        ((403, {}, b'{"Message":"User: x is not authorized"}'), 403, "refused"),
        ((403, {}, b'{"message":"Forbidden"}'), 403, "refused"),
        ((403, {"Content-Type": "text/html"}, b"<h1>"), 403, "forbidden"),
        ((404, {}, b'{"error":{"code":"event_not_found","message":"x"}}'), 404, "event_not_found"),
        ((429, {"Retry-After": "2"}, b'{"message":"Too Many Requests"}'), 429, "refused"),
        ((502, {}, b'{"message":"Internal server error"}'), 502, "refused"),
        ((503, {}, b"[]"), 503, "api_failed"),
        (
            (403, {"x-amzn-ErrorType": "ExpiredTokenException"}, b'{"message":"expired"}'),
            401,
            "credentials_refused",
        ),
    ],
)
def test_what_is_no_response_of_the_api_becomes_an_error_in_its_form(
    upstream: Upstream, response: tuple[int, Mapping[str, str], bytes], status: int, code: str
) -> None:
    upstream.response = response
    with run_signed(upstream.url) as send:
        reply = send("/audit-logs")
    assert (reply.status, reply.error_code) == (status, code)
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers.get("retry-after") == response[1].get("Retry-After")
    assert len(upstream.requests) == 1  # no redirect is followed


def test_a_response_has_a_limit_of_size_and_time(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signed_api, "MAX_RESPONSE_BYTES", 100)
    monkeypatch.setattr(signed_api, "RESPONSE_SECONDS", 0.3)
    with run_signed(upstream.url) as send:
        upstream.response = (200, {"Content-Type": "application/json"}, b"x" * 101)
        assert send("/audit-logs").error_code == "store_rejected"
        upstream.response, upstream.delay_seconds = OK, 1
        reply = send("/audit-logs")
        assert (reply.status, reply.error_code) == (503, "store_unavailable")


def _fail(error: Exception) -> Callable[[], Credentials]:
    def load() -> Credentials:
        raise error

    return load


@pytest.mark.parametrize(
    ("load", "status", "text"),
    [
        (lambda: None, 401, "AWS credentials are missing"),
        (_fail(NoCredentialsError()), 401, "AWS credentials are missing"),
        (_fail(UnauthorizedSSOTokenError()), 401, "The SSO session"),
        (_fail(EndpointConnectionError(endpoint_url="http://sso")), 503, "cannot reach http://sso"),
    ],
)
def test_credentials_that_cannot_be_loaded_are_told(
    upstream: Upstream, load: Callable[[], Credentials | None], status: int, text: str
) -> None:
    with run_signed(upstream.url, load) as send:
        reply = send("/audit-logs")
    assert reply.status == status
    assert text in json.loads(reply.body)["error"]["message"]
    assert not upstream.requests


def test_credentials_that_were_renewed_are_used(upstream: Upstream) -> None:
    loaded = iter([Credentials("OLD", "x"), Credentials("NEW", "y")])
    with run_signed(upstream.url, lambda: next(loaded)) as send:
        upstream.response = (403, {"x-amzn-ErrorType": "ExpiredTokenException"}, b"{}")
        assert send("/audit-logs").status == 401
        upstream.response = OK
        assert [send("/audit-logs").status for _ in range(2)] == [200, 200]
    keys = [headers["authorization"].split("/")[0][-3:] for _, _, headers in upstream.requests]
    assert keys == ["OLD", "NEW", "NEW"]


def test_an_api_that_cannot_be_reached_is_told() -> None:
    with run_signed("http://127.0.0.1:1/dev") as send:
        reply = send("/audit-logs")
    assert (reply.status, reply.error_code) == (503, "store_unavailable")


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/dev",
        "https://user:password@elsewhere.example",
        "https://",
        "https://x/?a=b",
        "file:///etc/passwd",
        "",
    ],
)
def test_only_an_https_address_is_sent_signed_requests(url: str) -> None:
    with pytest.raises(ConfigurationError, match="ApiUrl"):
        check_api_url(url)


# The command


@pytest.fixture(scope="module")
def running_system() -> Iterator[System]:
    """Run a system with an event."""
    with run_system() as system:
        body = job(event_json(userId="u-17"))
        system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
        system.settle(TIMEOUT_SECONDS)
        yield system


@pytest.fixture
def system(running_system: System, monkeypatch: pytest.MonkeyPatch) -> System:
    """Return the system. Its stack names its API."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", running_system.endpoint_url)
    add_output("audit-log", "ApiUrl", running_system.api_url)
    return running_system


@contextmanager
def execute(
    system: System, *arguments: str, **environment: str
) -> Iterator["subprocess.Popen[str]"]:
    """Run the executable. It ends with the block. Ctrl-C is not ignored, even in a shell's job."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [PROOFTRAIL, "console", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": system.endpoint_url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PROOFTRAIL_STACK": "audit-log",
            "BROWSER": "true",  # the program that does nothing
            **environment,
        },
    )
    signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_the_command_serves_page_and_trail_and_ends_by_ctrl_c(system: System) -> None:
    with execute(system) as process:
        assert process.stdout is not None
        port, token = find_address(process.stdout.readline())
        opened = request(port, "GET", f"/?token={token}", {})
        cookie = {"Cookie": opened.headers["set-cookie"].partition(";")[0]}
        page = request(port, "GET", "/", cookie)
        assert b"audit-log" in page.body
        assert system.api_url.encode() in page.body  # tells its log apart from another stack's
        [script] = [part for part in page.body.decode().split('"') if part.endswith(".js")]
        asset = request(port, "GET", f"/{script.removeprefix('./')}", cookie)
        assert (asset.status, asset.headers["content-type"][:15]) == (200, "text/javascript")
        trail = request(port, "GET", "/audit-logs?userId=u-17", cookie)
        assert [item["userId"] for item in json.loads(trail.body)["items"]] == ["u-17"]
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, out) == (130, "")
    assert err == "Ctrl-C ends it. The address opens once, in one browser.\n\n"


def test_a_browser_is_opened_unless_there_shall_be_none(system: System, tmp_path: Path) -> None:
    program, opened = tmp_path / "browser", tmp_path / "opened"
    program.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.new; mv {opened}.new {opened}\n')
    program.chmod(0o700)
    for options in (["--no-browser"], []):
        assert not opened.exists()
        with execute(system, *options, BROWSER=str(program)) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            while not (opened.exists() or options):
                time.sleep(0.01)
    assert line == f"console  {opened.read_text()}\n"


def test_ctrl_c_does_not_wait_for_the_api(system: System, upstream: Upstream) -> None:
    upstream.delay_seconds = 20
    add_output("audit-log", "ApiUrl", upstream.url)
    with execute(system) as process:
        assert process.stdout is not None
        port, token = find_address(process.stdout.readline())
        opened = request(port, "GET", f"/?token={token}", {})
        cookie = {"Cookie": opened.headers["set-cookie"].partition(";")[0]}

        def ask() -> None:
            with suppress(OSError):  # the server ends first
                request(port, "GET", "/audit-logs", cookie)

        thread = threading.Thread(target=ask)
        thread.start()
        while not upstream.requests:
            thread.join(0.01)
            assert thread.is_alive() or upstream.requests, "the console did not ask the API"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=15)
        thread.join()
    assert process.returncode == 130
    assert "Traceback" not in err


def test_a_port_in_use_and_a_stack_that_is_missing_are_one_line(
    system: System, console: Console
) -> None:
    with execute(system, "--port", str(console.access.port)) as process:
        _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 2
    assert err.endswith("cannot be used: Address already in use\n")
    with execute(system, "--stack", "other") as process:
        _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 3
    assert "check --stack, --region and --profile: the stack other does not exist" in err


def test_a_stack_with_its_own_console_is_opened_there(monkeypatch: pytest.MonkeyPatch) -> None:
    outputs = {"ConsoleUrl": "https://x.example/dev/console"}
    monkeypatch.setattr(Aws, "get_outputs", lambda *_: outputs)
    result = CliRunner().invoke(main, ["console", "--stack", "x"])
    assert result.exit_code == 1
    assert "users of its user pool: https://x.example/dev/console " in result.output


def test_an_api_has_the_same_port_each_time_if_it_is_free() -> None:
    with open_usual_socket("https://one") as first, open_usual_socket("https://two") as other:
        usual = first.getsockname()
        assert usual != other.getsockname()
        with open_usual_socket("https://one") as second:
            assert second.getsockname() != usual
    with open_usual_socket("https://one") as again:
        assert again.getsockname() == usual


def test_a_missing_extra_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    result = CliRunner().invoke(main, ["console", "--stack", "x"])
    text = "error: run `pip install 'prooftrail[console]'`: the console needs uvicorn"
    assert (result.exit_code, result.output) == (1, f"{text} [configuration_error]\n")
