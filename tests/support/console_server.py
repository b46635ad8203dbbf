"""The local server of `prooftrail console`, in a thread, and an API that it passes requests to."""

import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from typing import Any

from local.http_server import serve_http
from prooftrail.aws.signed_api import ApiResponse, Parameters
from prooftrail.cli.console.access import Access
from prooftrail.cli.console.app import Api, make_app
from prooftrail.cli.console.server import make_server, open_socket
from prooftrail.errors import AuditLogError

TIMEOUT_SECONDS = 60
OK = (200, {"Content-Type": "application/json"}, b'{"items":[]}')


@dataclass
class RecordingApi:
    """Notes the requests that reach it. Responds as `api` does, or to each with the same.

    With a `fault` it fails with this.
    """

    api: Api | None = None
    fault: AuditLogError | None = None
    requests: list[tuple[str, Parameters]] = field(default_factory=list)

    def get(self, path: str, parameters: Parameters) -> ApiResponse:
        """See `SignedApi.get`."""
        self.requests.append((path, parameters))
        if self.fault is not None:
            raise self.fault
        if self.api is not None:
            return self.api.get(path, parameters)
        return ApiResponse(200, {"content-type": "application/json"}, b"{}")


@dataclass(frozen=True, slots=True)
class Reply:
    """A response. The names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error_code(self) -> str:
        """The code of an error in the form of the API's."""
        return str(json.loads(self.body)["error"]["code"])


@dataclass(frozen=True, slots=True)
class Console:
    """A local server."""

    access: Access

    @property
    def cookie(self) -> str:
        """The header `Cookie` of the browser that was opened with the token."""
        return f"{self.access.cookie_name}={self.access.session}"

    def send(
        self, target: str, *, method: str = "GET", host: str | None = None, **headers: str
    ) -> Reply:
        """Send a request with the session's cookie; `Cookie=""` leaves it out."""
        given = {"Cookie": self.cookie, **headers}
        named = {name.replace("_", "-"): value for name, value in given.items() if value}
        return request(self.access.port, method, target, {"Host": host or "", **named})

    def send_bytes(self, content: bytes) -> bytes:
        """Send bytes, and return what the server sends until it closes the connection."""
        with socket.create_connection(("127.0.0.1", self.access.port), TIMEOUT_SECONDS) as sent:
            sent.sendall(content)
            sent.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sent.recv(65_536), b""))


def request(port: int, method: str, target: str, headers: Mapping[str, str]) -> Reply:
    """Send a request with these headers, to a server of this machine. Follow no redirect."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    try:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        host = headers.get("Host") or f"127.0.0.1:{port}"
        for name, value in {**headers, "Host": host}.items():
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        names = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, names, response.read())
    finally:
        connection.close()


@contextmanager
def run_console(api: Api, stack_name: str = "audit-log") -> Iterator[Console]:
    """Run the local server before this API inside the block."""
    with open_socket(0) as listener:
        access = Access(listener.getsockname()[1])
        server = make_server(make_app(api, access, {"api": "", "stack": stack_name}))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield Console(access)
        finally:
            server.should_exit = True
            thread.join(TIMEOUT_SECONDS)


@dataclass
class Upstream:
    """An HTTP server in place of API Gateway. It responds with `response`, and notes requests."""

    url: str = ""
    response: tuple[int, Mapping[str, str], bytes] = OK
    delay_seconds: float = 0
    requests: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)


@contextmanager
def run_upstream() -> Iterator[Upstream]:
    """Serve on a free port inside the block."""
    upstream = Upstream()
    ended = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            upstream.requests.append((self.command, self.path, headers))
            ended.wait(upstream.delay_seconds)
            status, added, body = upstream.response
            self.send_response(status)
            for name, value in added.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with serve_http(Handler) as port:
        upstream.url = f"http://127.0.0.1:{port}/dev"
        try:
            yield upstream
        finally:
            ended.set()


def find_address(line: str) -> tuple[int, str]:
    """Return port and token in the line that the command prints."""
    match = re.fullmatch(r"console  http://127\.0\.0\.1:(\d+)/\?token=([\w-]{43})\n", line)
    assert match, line
    return int(match[1]), match[2]
