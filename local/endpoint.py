"""An AWS endpoint on this machine: moto as an HTTP server that any AWS client can use.

moto's backends are not thread-safe. An SQS message that is sent while another is deleted can be
lost, and two DynamoDB stream records can get the same sequence number. So the server handles one
request at a time. A long poll releases the lock while it waits.
"""

import io
import json
import logging
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import BaseWSGIServer, make_server
from werkzeug.wsgi import get_input_stream

from local import kms
from local.patches import patch_moto

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

POLL_SECONDS = 0.1


class Faults:
    """Counts the requests to refuse, as DynamoDB refuses those to a throttled table."""

    def __init__(self) -> None:
        self._remaining: dict[str, int] = {}

    def throttle(self, operation: str, times: int) -> None:
        """Refuse the next requests for this DynamoDB operation, such as `BatchWriteItem`."""
        self._remaining[f"DynamoDB_20120810.{operation}"] = times

    def refuses(self, target: str) -> bool:
        """Return whether to refuse a request for this target, and count it."""
        remaining = self._remaining.get(target, 0)
        self._remaining[target] = max(0, remaining - 1)
        return remaining > 0


class _Application:
    def __init__(self, faults: Faults) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._faults = faults
        self._lock = threading.Lock()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        # Read the whole body before taking the lock: half a body must not block other clients.
        try:
            body = get_input_stream(environ).read()
        except (ClientDisconnected, OSError):
            start_response("400 Bad Request", [("Connection", "close")])
            return [b"the body is not complete"]
        environ["wsgi.input"] = io.BytesIO(body)
        environ["wsgi.input_terminated"] = True
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        with self._lock:
            if self._faults.refuses(target):
                start_response("400 Bad Request", [("Content-Type", "application/x-amz-json-1.0")])
                return [json.dumps(_THROTTLED).encode()]
            if target in kms.TARGETS and (signed := kms.respond(target, json.loads(body))):
                start_response("200 OK", [("Content-Type", "application/x-amz-json-1.1")])
                return [json.dumps(signed).encode()]
            return list(self._moto(environ, start_response))

    def wait(self, timeout_seconds: float) -> None:
        """Let other requests run while a long poll waits. The caller holds the lock."""
        self._lock.release()
        try:
            time.sleep(min(POLL_SECONDS, timeout_seconds))
        finally:
            self._lock.acquire()


_THROTTLED = {
    "__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "message": "The level of configured provisioned throughput for the table was exceeded.",
}


class _RequestHandler(MotoRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_: Any) -> None:
        """Log nothing for a request that succeeded."""


@contextmanager
def serve_aws(host: str, port: int, faults: Faults) -> Iterator[int]:
    """Serve AWS on this address inside the block. Yield the port; 0 selects a free port.

    Everything stored is lost after the block.

    Raises:
        OSError: the port is in use.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = _Application(faults)
    server: BaseWSGIServer = make_server(
        host, port, application, threaded=True, request_handler=_RequestHandler
    )
    thread = threading.Thread(target=server.serve_forever, name="aws-endpoint", daemon=True)
    with patch_moto(application.wait):
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
            moto_api_backend.reset()


@contextmanager
def repeat_names() -> Iterator[None]:
    """Make moto give resources the same names in every run, so that a queue URL stays valid."""
    mock_random.seed(0)
    try:
        yield
    finally:
        mock_random.seed()
