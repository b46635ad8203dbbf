"""The HTTP server of the local system and of tests: what a client that leaves makes it do."""

import socket
import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest

from local.http_server import serve_http

REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    accepted = threading.Event()
    seen = threading.Event()
    left = threading.Event()

    def setup(self) -> None:
        super().setup()
        self.accepted.set()

    def do_GET(self) -> None:
        self.seen.set()
        self.left.wait(10)
        self.send_response(200)
        self.send_header("Content-Length", "8000000")
        self.end_headers()
        self.wfile.write(b"x" * 8_000_000)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


def test_a_client_that_leaves_prints_nothing_and_leaves_no_thread(
    capsys: pytest.CaptureFixture[str],
) -> None:
    threads = set(threading.enumerate())
    with serve_http(Handler) as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(REQUEST)
            Handler.seen.wait(10)
        Handler.left.set()
    assert set(threading.enumerate()) == threads
    assert capsys.readouterr().err == ""


def test_a_connection_kept_open_does_not_hold_the_end_up() -> None:
    started = time.monotonic()
    Handler.accepted.clear()
    with serve_http(Handler) as port:
        client = socket.create_connection(("127.0.0.1", port))
        Handler.accepted.wait(10)
    with client:
        assert client.recv(1) == b""
    assert time.monotonic() - started < 5


class Broken(Handler):
    def do_GET(self) -> None:
        raise LookupError("the handler is wrong")


def test_a_fault_of_the_handler_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with serve_http(Broken) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(REQUEST)
        assert client.recv(1) == b""
    assert "LookupError: the handler is wrong" in capsys.readouterr().err
