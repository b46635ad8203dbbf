"""The process of `prooftrail console`: its socket, its browser, its end."""

import socket
import webbrowser
import zlib
from threading import Thread
from typing import Final

import uvicorn
from starlette.types import ASGIApp

HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 20_000  # below the ports that systems give to clients
PORT_COUNT: Final = 10_000
MAX_CONNECTIONS: Final = 64
MAX_HEADER_BYTES: Final = 32 * 1024
GOODBYE_SECONDS: Final = 1


def open_socket(port: int) -> socket.socket:
    """Return a socket that listens on the loopback; port 0 selects a free port.

    Raises:
        OSError: the port is in use, or may not be used.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener


def open_usual_socket(api_url: str) -> socket.socket:
    """Return a socket that listens on the port that this API has each time, or on a free one.

    Browsers keep a pinned key and the reader's choices by host and port.
    """
    try:
        return open_socket(FIRST_PORT + zlib.crc32(api_url.encode()) % PORT_COUNT)
    except OSError:
        return open_socket(0)


def open_browser(address: str) -> None:
    """Open the address in the operator's browser, if there is one. Do not wait for it."""
    Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def make_server(app: ASGIApp) -> uvicorn.Server:
    """Return the server. Its `run` ends by Ctrl-C, with KeyboardInterrupt."""
    config = uvicorn.Config(
        app,
        http="h11",  # one parser on every machine, and it refuses what is not HTTP
        h11_max_incomplete_event_size=MAX_HEADER_BYTES,
        limit_concurrency=MAX_CONNECTIONS,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        ws="none",
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        log_level="critical",
    )
    return uvicorn.Server(config)
