"""The network between this process and AWS: each request can fail, as the simulation chooses.

A fault is injected where moto takes the request of botocore: what botocore, the adapters and the
functions then do is what they do in AWS.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import RLock
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest
from botocore.compat import HTTPHeaders
from botocore.exceptions import ReadTimeoutError
from moto.core.botocore_stubber import BotocoreStubber

from soak.clock import Clock, is_main

READ_TIMEOUT_SECONDS = 5.0  # of the functions' clients
SECONDS_PER_CALL = 0.004

HttpResponse = tuple[int, Mapping[str, str], str | bytes]
Serve = Callable[[AWSPreparedRequest], HttpResponse | None]


class Crash(BaseException):
    """The process ends here. No `except Exception` catches this."""


class Fault(StrEnum):
    """How a request fails."""

    THROTTLED = "throttled"
    FAILED = "5xx"
    SILENT = "no response"
    LOST = "done, response lost"
    PARTIAL = "half of a batch done"
    CRASH_BEFORE = "function died before a call"
    CRASH_AFTER = "function died after a call"


CRASHES = frozenset({Fault.CRASH_BEFORE, Fault.CRASH_AFTER})
# What each batch operation calls its requests.
_BATCHES = {
    "SendMessageBatch": "Entries",
    "ChangeMessageVisibilityBatch": "Entries",
    "DeleteMessageBatch": "Entries",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A request to AWS: who makes it, to which service, and the operation."""

    actor: str
    service: str
    operation: str


class Network:
    """Passes requests on to moto, and makes those fail for which `choose` returns a fault.

    `watch` sees each request that was done and its response, also if the caller loses it.
    `before` runs before each request; it may make requests of its own. `faults` counts.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = RLock()
        self.actor = "lambda"
        self.deadline: float | None = None
        self.choose: Callable[[Call], Fault | None] = lambda _: None
        self.watch: Callable[[Call, bytes, bytes], None] = lambda *_: None
        self.before: Callable[[Call], None] = lambda _: None
        self.faults: Counter[Fault] = Counter()
        self.calls = 0

    @contextmanager
    def acting_as(self, actor: str, seconds: float | None = None) -> Iterator[None]:
        """Name the caller of the block's requests. It dies if the block takes more seconds."""
        before = self.actor, self.deadline
        self.actor = actor
        self.deadline = None if seconds is None else self._clock.monotonic() + seconds
        try:
            yield
        finally:
            self.actor, self.deadline = before

    def respond(self, request: AWSPreparedRequest, serve: Serve) -> HttpResponse | None:
        """Return the response to a request, or raise as the network would.

        Raises:
            ReadTimeoutError: no response came.
            Crash: the caller died, or its time is over.
        """
        call = Call(self._name_actor(), *_describe(request))
        if is_main():
            self.before(call)
        with self._lock:
            self.calls += 1
            self._clock.advance(SECONDS_PER_CALL)
            self._check_deadline()
            fault = self.choose(call)
            if fault is not None:
                self.faults[fault] += 1
            try:
                return self._fail(fault, call, request, serve)
            finally:
                self._check_deadline()

    def _name_actor(self) -> str:
        """Return who calls. Commands read in several threads; the library has one of its own."""
        return self.actor if is_main() or self.actor == "operator" else "library"

    def _fail(
        self, fault: Fault | None, call: Call, request: AWSPreparedRequest, serve: Serve
    ) -> HttpResponse | None:
        match fault:
            case None:
                return self._do(call, request, serve)
            case Fault.THROTTLED:
                return _make_error(call, 400, "ThrottlingException")
            case Fault.FAILED:
                return _make_error(call, 500, "InternalServerError")
            case Fault.SILENT:
                self._clock.advance(READ_TIMEOUT_SECONDS)
                raise ReadTimeoutError(endpoint_url=request.url)
            case Fault.LOST:
                self._do(call, request, serve)
                self._clock.advance(READ_TIMEOUT_SECONDS)
                raise ReadTimeoutError(endpoint_url=request.url)
            case Fault.PARTIAL:
                return self._do_half(call, request, serve)
            case Fault.CRASH_BEFORE:
                raise Crash(fault)
            case Fault.CRASH_AFTER:
                self._do(call, request, serve)
                raise Crash(fault)

    def _check_deadline(self) -> None:
        if is_main() and self.deadline is not None and self._clock.monotonic() >= self.deadline:
            raise Crash("timed out")

    def _do(self, call: Call, request: AWSPreparedRequest, serve: Serve) -> HttpResponse | None:
        with self._clock.skewed(0):  # AWS's own clock is right
            response = serve(request)
        if response is not None:
            self.watch(call, _to_bytes(request.body), _to_bytes(response[2]))
        return response

    def _do_half(
        self, call: Call, request: AWSPreparedRequest, serve: Serve
    ) -> HttpResponse | None:
        parameters = json.loads(_to_bytes(request.body) or b"{}") if call.service != "s3" else {}
        if call.operation == "BatchWriteItem":
            [(table, writes)] = parameters["RequestItems"].items()
            half = len(writes) // 2
            done: dict[str, Any] = {}
            if half:
                part = {**parameters, "RequestItems": {table: writes[:half]}}
                response = self._do(call, _with_body(request, part), serve)
                if response is None or response[0] >= 400:
                    return response
                done = json.loads(response[2])
            return _make_response({**done, "UnprocessedItems": {table: writes[half:]}})
        if call.operation in _BATCHES:
            entries = parameters["Entries"]
            half = len(entries) // 2
            done = {"Successful": [], "Failed": []}
            if half:
                part = {**parameters, "Entries": entries[:half]}
                response = self._do(call, _with_body(request, part), serve)
                if response is None or response[0] >= 400:
                    return response
                done |= json.loads(response[2])
            failed = [
                {"Id": entry["Id"], "Code": "InternalError", "SenderFault": False}
                for entry in entries[half:]
            ]
            return _make_response({**done, "Failed": [*done["Failed"], *failed]})
        return _make_error(call, 500, "InternalServerError")


@contextmanager
def run_network(clock: Clock) -> Iterator[Network]:
    """Put a network between botocore and moto inside the block."""
    network = Network(clock)
    original = BotocoreStubber.process_request

    def process_request(stubber: Any, request: AWSPreparedRequest) -> HttpResponse | None:
        return network.respond(request, lambda changed: original(stubber, changed))

    with patch.object(BotocoreStubber, "process_request", process_request):
        yield network


def _describe(request: AWSPreparedRequest) -> tuple[str, str]:
    """Return the service and the operation of a request."""
    target = request.headers.get("X-Amz-Target")
    if target:
        text = target.decode() if isinstance(target, bytes) else str(target)
        name, _, operation = text.partition(".")
        return name.partition("_")[0].lower().removeprefix("amazon"), operation
    labels = (urlsplit(request.url).hostname or "").split(".")
    if "s3" in labels:
        return "s3", f"{str(request.method).title()}Object"
    return labels[0], str(request.method)


def _make_error(call: Call, status: int, code: str) -> HttpResponse:
    if call.service == "s3":
        status, code = (503, "SlowDown") if status == 400 else (status, "InternalError")
        text = f"<Error><Code>{code}</Code><Message>injected</Message></Error>"
        return status, {"Content-Type": "application/xml"}, text
    return status, {}, json.dumps({"__type": code, "message": "injected"})


def _make_response(content: Mapping[str, Any]) -> HttpResponse:
    return 200, {}, json.dumps(content)


def _with_body(request: AWSPreparedRequest, parameters: Mapping[str, Any]) -> AWSPreparedRequest:
    body = json.dumps(parameters).encode()
    headers: Any = HTTPHeaders()
    for name, value in request.headers.items():
        headers[name] = value
    headers.replace_header("Content-Length", str(len(body)))
    return AWSPreparedRequest(request.method, request.url, headers, body, request.stream_output)


def _to_bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if hasattr(body, "read"):
        return b""  # a payload for S3; nobody watches these
    return body.encode() if isinstance(body, str) else bytes(body)
