"""An HTTP server for one block of code. Nothing of it still runs when the block has ended."""

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

_POLL_SECONDS = 0.02


@contextmanager
def serve_http(
    handler: Callable[..., BaseHTTPRequestHandler], host: str = "127.0.0.1", port: int = 0
) -> Iterator[int]:
    """Serve inside the block. Yield the port; 0 selects a free port.

    At the end of the block, the connections are closed and the requests that still run are awaited.

    Raises:
        OSError: the port is in use.
    """
    with _Server((host, port), handler) as server:
        thread = Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name=f"http-{port}")
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()
            server.close_connections()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that `server_close` waits for the threads of the requests

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def close_connections(self) -> None:
        """Close the connections that clients keep open, once no new one is accepted."""
        for connection in self._connections.copy():
            with suppress(OSError):  # the client has closed it
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print the traceback of an error, unless the client has closed the connection."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
