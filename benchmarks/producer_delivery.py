"""Whether each event is stored once if the queue fails, and what packing saves if it does not."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from itertools import count
from typing import Any, Final

from botocore.exceptions import EndpointConnectionError, ReadTimeoutError
from moto import mock_aws

from benchmarks.report import Finding, Report
from benchmarks.stub import ROOT
from local.runtime import Runtime, set_function_environment
from local.template import create_stack
from prooftrail.aws.clients import client
from prooftrail.client import AuditLogger, Limits
from prooftrail.event import times
from prooftrail.event.model import AuditEvent
from prooftrail.event.record import EventRecord
from prooftrail.intake.jobs import parse_job
from tests.support.samples import message, queue_event

EVENTS: Final = 100_000
THREADS: Final = 8
OUTAGE_SECONDS: Final = 10.0
BUFFER_BYTES: Final = 8 * 1024 * 1024
KILLS: Final = 5
BILLED_BYTES: Final = 64 * 1024
PACKED_EVENTS: Final = 1_000
_URL: Final = "https://sqs.eu-central-1.amazonaws.com/123456789012/audit"


class UnreliableQueue:
    """A stand-in for boto3's client.

    If it is bad, it refuses each third entry, all calls fail for some seconds, and the response to
    each tenth call is lost.
    """

    def __init__(self, *, is_bad: bool) -> None:
        self.bodies: list[str] = []
        self.calls: list[int] = []
        self._is_bad = is_bad
        self._entry = count(1)
        self._outage_start = time.monotonic() + 2
        self._outage_end = self._outage_start + OUTAGE_SECONDS

    def send_message_batch(
        self,
        *,
        QueueUrl: str,  # noqa: ARG002, N803  # boto3's
        Entries: Sequence[Mapping[str, str]],  # noqa: N803  # boto3's
    ) -> dict[str, Any]:
        """See boto3."""
        if self._is_bad and self._outage_start <= time.monotonic() < self._outage_end:
            raise EndpointConnectionError(endpoint_url=_URL)
        refused = [one for one in Entries if self._is_bad and next(self._entry) % 3 == 0]
        taken = [one["MessageBody"] for one in Entries if one not in refused]
        self.bodies += taken
        self.calls.append(sum(map(len, taken)))
        if self._is_bad and len(self.calls) % 10 == 0:
            raise ReadTimeoutError(endpoint_url=_URL)
        return {
            "Failed": [
                {"Id": one["Id"], "Code": "InternalError", "SenderFault": False} for one in refused
            ]
        }


def run() -> Report:
    """Deliver, kill the producer, and count."""
    findings = [*_measure_delivery(), *_measure_kills(), *_measure_packing()]
    return Report(
        "Producer: delivery",
        f"{EVENTS:,} events of 600 bytes from {THREADS} threads; the queue refuses each third "
        f"entry, is away for {OUTAGE_SECONDS:.0f} s and loses each tenth response; stored by the "
        "real processor in moto",
        findings,
    )


def _fields(number: int, rng: random.Random) -> dict[str, Any]:
    return {
        "action": "order.approve",
        "resource_type": "order",
        "resource_id": f"order-{number}",
        "user_id": f"user-{rng.randrange(500)}",
        "ip_address": "203.0.113.9",
        "request_id": f"r-{rng.getrandbits(64):016x}",
        "details": {"reason": "x" * 230, "number": number},
    }


def _logger(queue: UnreliableQueue, folder: str, **options: Any) -> AuditLogger:
    make_client: Any = lambda: queue  # noqa: E731  # all of a client that is called
    return AuditLogger(_URL, spool_folder=folder, make_client=make_client, **options)


def _measure_delivery() -> list[Finding]:
    queue = UnreliableQueue(is_bad=True)
    ids: set[str] = set()
    lock = threading.Lock()
    largest = 0
    with tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder:
        logger = _logger(queue, folder, limits=Limits(buffer_bytes=BUFFER_BYTES))

        def log_share(first: int) -> None:
            nonlocal largest
            rng = random.Random(first)
            share = []
            for number in range(first, first + EVENTS // THREADS):
                share.append(logger.log(**_fields(number, rng)))
                if number % 100 == 0:
                    largest = max(largest, logger.delivery.buffered_bytes)
            with lock:
                ids.update(share)

        started = time.monotonic()
        threads = [
            threading.Thread(target=log_share, args=(first,))
            for first in range(0, EVENTS, EVENTS // THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        logged = time.monotonic() - started
        is_delivered = logger.flush(120)
        seconds = time.monotonic() - started
        delivery = logger.delivery
        logger.close()
    sent = len(_list_events(queue.bodies))
    stored = _store(queue.bodies)
    is_once = is_delivered and len(stored) == len(set(stored)) and set(stored) == ids
    return [
        Finding("all events logged after", f"{logged:.1f} s"),
        Finding("all events in the queue after", f"{seconds:.1f} s"),
        Finding("events in the queue, repeats included", f"{sent:,}"),
        Finding("messages sent again", f"{delivery.retried:,}"),
        Finding(
            "events stored under the id that .log() returned",
            f"{len(stored):,}",
            f"{EVENTS:,}, each once",
            is_once and len(stored) == EVENTS,
        ),
        Finding(
            "most JSON in the buffer",
            f"{largest / 1e6:.1f} MB",
            f"at most {BUFFER_BYTES / 1e6:.1f}",
            largest <= BUFFER_BYTES,
        ),
    ]


def _store(bodies: Sequence[str]) -> list[str]:
    """Let the processor store these messages. Return the ids in the table."""
    with mock_aws(), redirect_stdout(sys.stderr):
        stack = create_stack()
        with set_function_environment(stack.functions):
            runtime = Runtime(stack.functions, lambda _name, _line: None)
            for at in range(0, len(bodies), 40):
                batch = [message(body, f"m-{n}") for n, body in enumerate(bodies[at : at + 40])]
                response = runtime.invoke("ProcessorFunction", queue_event(*batch))
                assert response == {"batchItemFailures": []}
            pages = (
                client("dynamodb")
                .get_paginator("scan")
                .paginate(TableName=stack.resources["AuditEventsTable"], ProjectionExpression="id")
            )
            return [item["id"]["S"] for page in pages for item in page["Items"]]


def _compute_id(raw: object) -> str:
    now_ms = times.now_ms()
    event = AuditEvent.from_json(
        raw, default_event_id="", default_timestamp_ms=now_ms, now_ms=now_ms
    )
    return EventRecord.from_event(event, received_at=now_ms, retention_days=0).id


def _list_events(bodies: Sequence[str]) -> list[object]:
    return [event for body in bodies for event in parse_job(body).events]


_ENDLESS: Final = """
import os, sys
from prooftrail.client import AuditLogger
logger = AuditLogger("http://127.0.0.1:9/1/audit", spool_folder=sys.argv[1])
while True:
    event_id = logger.log(
        action="a.b", resource_type="c", resource_id="d", details={"x": "y" * 400}
    )
    os.write(1, f"{event_id}\\n".encode())
"""


def _measure_kills() -> list[Finding]:
    logged, lost, extra = 0, 0, 0
    for turn in range(KILLS):
        with tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder:
            process = subprocess.Popen(
                [sys.executable, "-c", _ENDLESS, folder],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                cwd=ROOT,
                env={**os.environ, "AWS_DEFAULT_REGION": "us-east-1"},
            )
            assert process.stdout
            ids = {process.stdout.readline().strip() for _ in range(1_000 * (turn + 1))}
            process.send_signal(signal.SIGKILL)
            ids.update(process.stdout.read().split("\n")[:-1])
            process.wait()
            queue = UnreliableQueue(is_bad=False)
            logger = _logger(queue, folder)
            logger.flush()
            end = time.monotonic() + 30
            while logger.delivery.delivered < len(ids) and time.monotonic() < end:
                time.sleep(0.01)
            logger.close()
            found = set(_store(queue.bodies))
            logged, lost, extra = (
                logged + len(ids),
                lost + len(ids - found),
                extra + len(found - ids),
            )
    return [
        Finding(
            f"kill -9, {KILLS} times: events lost, of {logged:,} that .log() had returned",
            f"{lost}",
            "0",
            lost == 0,
        ),
        Finding("kill -9: events stored that .log() had not returned", f"{extra}"),
    ]


def _measure_packing() -> list[Finding]:
    findings = []
    for name, is_packing in (("packed", True), ("one message per event", False)):
        queue = UnreliableQueue(is_bad=False)
        rng = random.Random(7)
        with (
            tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder,
            _logger(
                queue, folder, is_packing=is_packing, limits=Limits(flush_seconds=60)
            ) as logger,
        ):
            for number in range(PACKED_EVENTS):
                logger.log(**_fields(number, rng))
            assert logger.flush(30)
        billed = sum(-(-size // BILLED_BYTES) for size in queue.calls)
        received = _count_billed_receives(queue.bodies)
        findings.append(
            Finding(
                f"{PACKED_EVENTS:,} events, {name}",
                f"{len(queue.bodies):,} messages, {len(queue.calls)} calls",
                f"{billed} requests billed to send, {received} to receive, "
                f"{-(-len(queue.bodies) // 10)} to delete",
            )
        )
    return findings


def _count_billed_receives(bodies: Sequence[str]) -> int:
    """Return the requests billed for receiving the messages ten at a time."""
    return sum(
        -(-sum(map(len, bodies[at : at + 10])) // BILLED_BYTES) for at in range(0, len(bodies), 10)
    )
