"""A queue for servers in processes of their own: what the library calls of SQS, on HTTP."""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import md5
from http.server import BaseHTTPRequestHandler
from typing import Any

from local.http_server import serve_http
from prooftrail.event import times
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import parse_job


class QueueServer:
    """Keeps the messages that it is sent.

    While `outage` is set, it responds 503; while `open` is not set, it does not respond.
    """

    def __init__(self) -> None:
        self.outage = threading.Event()
        self.open = threading.Event()
        self.open.set()
        self.url = ""
        self._bodies: list[str] = []

    def send(self, entries: list[dict[str, str]]) -> dict[str, Any]:
        """Keep a batch of messages, and return what SQS returns."""
        self._bodies += [entry["MessageBody"] for entry in entries]
        sent = [
            {
                "Id": entry["Id"],
                "MessageId": entry["Id"],
                "MD5OfMessageBody": md5(  # the client compares it
                    entry["MessageBody"].encode(), usedforsecurity=False
                ).hexdigest(),
            }
            for entry in entries
        ]
        return {"Successful": sent, "Failed": []}

    def count_ids(self) -> Counter[str]:
        """Return how often each event arrived, by the id that it is stored under."""
        now_ms = times.now_ms() + times.HOUR_MS
        events = [raw for body in list(self._bodies) for raw in parse_job(body).events]
        return Counter(
            EventRecord.from_event(
                AuditEvent.from_json(
                    raw, default_event_id="another", default_timestamp_ms=now_ms, now_ms=now_ms
                ),
                received_at=now_ms,
                retention_days=0,
            ).id
            for raw in events
        )


@contextmanager
def run_queue() -> Iterator[QueueServer]:
    """Serve a queue on the loopback interface inside the block."""
    queue = QueueServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            queue.open.wait()
            is_down = queue.outage.is_set()
            response = b"{}" if is_down else json.dumps(queue.send(request["Entries"])).encode()
            self.send_response(503 if is_down else 200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(response)))
            self.end_headers()
            self.wfile.write(response)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with serve_http(Handler) as port:
        queue.url = f"http://127.0.0.1:{port}/123456789012/audit"
        try:
            yield queue
        finally:
            queue.open.set()
