"""What it costs a read of the API that it is recorded in the trail.

The query function runs in three environments: reads not audited, recorded after the response, and
recorded before it. Each is a process of its own that talks to a stand-in for Lambda's Runtime and
Extensions API, as in Lambda. AWS is the stub, with delays as within a region. The environments take
turns, so that they share the machine's noise.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue
from threading import Thread
from typing import Any, cast

from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT, run_stub, set_response
from prooftrail.aws.item import encode_item
from prooftrail.event.times import DAY_MS, format_timestamp
from prooftrail.intake.ports import PayloadStore
from tests.support.samples import NOW_MS, make_event_record

SHARDS = 4
READS = 100
WARM_UP = 10
PAGE = 100
READ_DELAY = 0.004  # DynamoDB, a call
SEND_DELAY = 0.008  # SQS, a call
MAX_ADDED_MS = 5.0
WAIT_SECONDS = 30
NOT_AUDITED, AFTER, BEFORE = "not audited", "recorded after the response", "before the response"
MODES: Mapping[str, Mapping[str, str]] = {
    NOT_AUDITED: {"AUDIT_READS": "false"},
    AFTER: {"AUDIT_READS": "true"},
    BEFORE: {"AUDIT_READS": "true"},
}
_RUNTIME = "/2018-06-01/runtime/invocation/"
_NEXT_EVENT = "/2020-01-01/extension/event/next"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from an event to its response, and until the process takes the next event."""

    response: float
    ready: float


class Environment:
    """An execution environment: one process of the function, and the APIs that Lambda gives it."""

    def __init__(self, *, has_extensions: bool) -> None:
        self._has_extensions = has_extensions
        self._events: SimpleQueue[bytes] = SimpleQueue()
        self._invokes: SimpleQueue[None] = SimpleQueue()
        self._responded: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
        self._asked: dict[str, SimpleQueue[float]] = {
            name: SimpleQueue() for name in ("runtime", "extension")
        }
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._make_handler())
        self.server.daemon_threads = True
        Thread(target=self.server.serve_forever, daemon=True).start()

    def wait_until_ready(self) -> float:
        """Wait until function and extension have asked for the next event. Return the time."""
        names = ["runtime", "extension"] if self._has_extensions else ["runtime"]
        return max(self._asked[name].get(timeout=WAIT_SECONDS) for name in names)

    def invoke(self, event: bytes) -> Timing:
        """Invoke the function. The response must have status 200."""
        started = time.perf_counter()
        if self._has_extensions:
            self._invokes.put(None)
        self._events.put(event)
        responded, body = self._responded.get(timeout=WAIT_SECONDS)
        assert json.loads(body)["statusCode"] == 200, body[:500]
        return Timing(responded - started, self.wait_until_ready() - started)

    def _make_handler(self) -> type[BaseHTTPRequestHandler]:
        environment = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                now = time.perf_counter()
                if self.path == _NEXT_EVENT:
                    environment._asked["extension"].put(now)
                    environment._invokes.get()
                    self._respond(200, b"{}", {})
                else:
                    environment._asked["runtime"].put(now)
                    body = environment._events.get()
                    self._respond(200, body, {"Lambda-Runtime-Aws-Request-Id": "r-1"})

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.startswith(_RUNTIME):
                    environment._responded.put((time.perf_counter(), body))
                    self._respond(202, b"{}", {})
                else:
                    status = 200 if environment._has_extensions else 403
                    self._respond(status, b"{}", {"Lambda-Extension-Identifier": "x-1"})

            def _respond(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        return Handler


@contextmanager
def run_environment(mode: str) -> Iterator[Environment]:
    """Start the query function in an environment of its own."""
    environment = Environment(has_extensions=mode == AFTER)
    variables = {
        "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{environment.server.server_port}",
        "EVENTS_TABLE": "events",
        "LEDGER_TABLE": "ledger",
        "OVERFLOW_BUCKET": "bucket",
        "QUEUE_URL": f"{os.environ['AWS_ENDPOINT_URL']}/123456789012/audit",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "PYTHONPATH": f"{ROOT / 'functions'}{os.pathsep}{ROOT}",
        **MODES[mode],
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.audited_reads"],
        cwd=ROOT,
        env=os.environ | variables,
        stdout=subprocess.DEVNULL,
    )
    try:
        environment.wait_until_ready()
        yield environment
    finally:
        process.kill()
        process.wait()
        environment.server.shutdown()
        environment.server.server_close()


def run() -> Report:
    """Read a page of 100 events in each environment in turn."""
    with run_stub() as url, ExitStack() as stack:
        _prepare_stub(url)
        environments = {mode: stack.enter_context(run_environment(mode)) for mode in MODES}
        timings: dict[str, list[Timing]] = {mode: [] for mode in MODES}
        for number in range(WARM_UP + READS):
            event = _make_event(number)
            for mode, environment in environments.items():
                timing = environment.invoke(event)
                if number >= WARM_UP:
                    timings[mode].append(timing)
    base = [timing.response for timing in timings[NOT_AUDITED]]
    findings = [
        Finding(NOT_AUDITED, _describe(base)),
        *(_compare(mode, timings[mode], base) for mode in (AFTER, BEFORE)),
        Finding(
            "the environment is busy for",
            " / ".join(
                f"{_milliseconds([timing.ready for timing in timings[mode]]):.1f} ms"
                for mode in (NOT_AUDITED, AFTER)
            ),
        ),
    ]
    return Report(
        "Audited reads: the time of GET /audit-logs",
        f"{READS} pages of {PAGE} events each, medians; DynamoDB {READ_DELAY * 1000:.0f} ms, "
        f"SQS {SEND_DELAY * 1000:.0f} ms a call",
        findings,
    )


def _compare(mode: str, timings: Sequence[Timing], base: Sequence[float]) -> Finding:
    own = [timing.response for timing in timings]
    added = 1000 * statistics.median(each - other for each, other in zip(own, base, strict=True))
    ratio = statistics.median(each / other for each, other in zip(own, base, strict=True))
    value = f"{_describe(own)}: {added:+.1f} ms, {ratio:.2f} times"
    if mode == BEFORE:
        return Finding(mode, value)
    return Finding(mode, value, f"at most {MAX_ADDED_MS:.0f} ms more", added <= MAX_ADDED_MS)


def _milliseconds(seconds: Sequence[float]) -> float:
    return 1000 * statistics.median(seconds)


def _describe(seconds: Sequence[float]) -> str:
    return f"{_milliseconds(seconds):.1f} ms"


def _prepare_stub(url: str) -> None:
    items = [
        encode_item(record, SHARDS, cast("PayloadStore", None), stored_at=record.received_at)
        for record in (
            make_event_record(eventId=f"e-{number}", tenantId="acme", userId="u-1")
            for number in range(PAGE)
        )
    ]
    items.sort(key=lambda item: str(item["id"]["S"]), reverse=True)
    keys = [
        {name: value for name, value in item.items() if name not in {"event", "digest"}}
        for item in items
    ]
    for operation, response in (
        ("Query", {"Items": keys, "Count": PAGE}),
        ("BatchGetItem", {"Responses": {"events": items}}),
    ):
        set_response(url, operation, json.dumps(response, default=_encode_bytes), READ_DELAY)
    sent = {"Successful": [{"Id": "0", "MessageId": "m-1", "MD5OfMessageBody": "0" * 32}]}
    set_response(url, "SendMessageBatch", json.dumps(sent), SEND_DELAY)


def _encode_bytes(value: bytes) -> str:
    return b64encode(value).decode()


def _make_event(number: int) -> bytes:
    event = json.loads((ROOT / "events" / "api-list.json").read_text())
    # Each read goes back further than the one before. A follower's would leave one event a minute.
    start = format_timestamp(NOW_MS - number * DAY_MS)
    parameters = {"tenantId": "acme", "userId": "u-1", "startDate": start}
    event["queryStringParameters"] = parameters
    event["multiValueQueryStringParameters"] = {name: [value] for name, value in parameters.items()}
    return json.dumps(event).encode()


def _serve_function() -> None:
    """Run the query function as Lambda's runtime client does."""
    from http.client import HTTPConnection

    from query.app import lambda_handler

    connection = HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    while True:
        connection.request("GET", f"{_RUNTIME}next")
        event = json.loads(connection.getresponse().read())
        body = json.dumps(lambda_handler(event, None)).encode()
        connection.request("POST", f"{_RUNTIME}r-1/response", body)
        connection.getresponse().read()


if __name__ == "__main__":
    _serve_function()
