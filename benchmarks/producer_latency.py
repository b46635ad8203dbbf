"""What `.log()` costs whoever calls it, whatever the queue does; beside the ways one knows."""

import json
import logging
import logging.handlers
import queue
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import boto3

from benchmarks.report import Finding, Report
from benchmarks.stub import answer_with, answering
from prooftrail.client import AuditLogger, Limits
from prooftrail.client.logger import OnOutage

CALLS: Final = 20_000
DIRECT_CALLS: Final = 500
WARM_UP: Final = 200
MEDIAN_US: Final = 60.0
P99_US: Final = 1_000.0
SLOW_SECONDS: Final = 2.0
_NOWHERE: Final = "http://127.0.0.1:9"
_TAKEN: Final = '{"Successful":[],"Failed":[]}'
_FIELDS: Final[dict[str, Any]] = {
    "action": "order.approve",
    "resource_type": "order",
    "resource_id": "4711",
    "user_id": "user-17",
    "username": "someone.17",
    "ip_address": "203.0.113.9",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
    "session_id": "s-0123456789abcdef",
    "request_id": "r-0123456789abcdef",
    "details": {"reason": "x" * 120, "attempt": 1, "tags": ["a", "b"]},
}


def run() -> Report:
    """Measure each in turn, in a tight loop: nothing rests between two calls."""
    findings: list[Finding] = []
    with answering() as url:
        answer_with(url, "SendMessage", '{"MessageId":"1","MD5OfMessageBody":""}')
        ways: list[tuple[OnOutage, str, str, float]] = [
            (choice, state, place, seconds)
            for choice in ("spool", "drop")
            for state, place, seconds in (
                ("healthy", url, 0.0),
                (f"slow, {SLOW_SECONDS:.0f} s a call", url, SLOW_SECONDS),
                ("dead", _NOWHERE, 0.0),
            )
        ]
        for choice, state, place, seconds in ways:
            answer_with(url, "SendMessageBatch", _TAKEN, seconds)
            with _logging_to(place, choice) as log:
                findings += _findings(f"{choice}, queue {state}", _times(log, CALLS), is_held=True)
        with _queue_handler() as log:
            findings += _findings("logging to a QueueHandler", _times(log, CALLS))
        findings += _findings("a direct send_message", _times(_direct(url), DIRECT_CALLS))
    size = len(_job())
    return Report(
        "Producer: what .log() costs its caller",
        f"{CALLS:,} calls in a tight loop, messages of {size} bytes, botocore to a stub on "
        "loopback; a direct send_message waits for that stub alone, not for a network",
        findings,
    )


@contextmanager
def _logging_to(endpoint: str, choice: OnOutage) -> Iterator[Callable[[], object]]:
    with tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder:
        logger = AuditLogger(
            f"{endpoint}/123456789012/audit",
            on_outage=choice,
            spool_folder=folder,
            limits=Limits(exit_seconds=0),
            make_client=lambda: boto3.client("sqs", endpoint_url=endpoint),
        )
        try:
            yield lambda: logger.log(**_FIELDS)
        finally:
            logger.close(0)


@contextmanager
def _queue_handler() -> Iterator[Callable[[], object]]:
    """A record with the same content, put on a queue that a thread empties into a file."""
    with tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder:
        target = logging.FileHandler(Path(folder) / "audit.log")
        waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        listener = logging.handlers.QueueListener(waiting, target)
        logger = logging.Logger("benchmark")  # of nobody else
        logger.addHandler(logging.handlers.QueueHandler(waiting))
        listener.start()
        try:
            yield lambda: logger.info(json.dumps(_FIELDS))
        finally:
            listener.stop()
            target.close()


def _direct(endpoint: str) -> Callable[[], object]:
    client = boto3.client("sqs", endpoint_url=endpoint)
    url = f"{endpoint}/123456789012/audit"
    return lambda: client.send_message(QueueUrl=url, MessageBody=_job())


def _job() -> str:
    names = {"resource_type": "resourceType", "resource_id": "resourceId", "user_id": "userId"}
    event = {names.get(name, name): value for name, value in _FIELDS.items()}
    event |= {"eventId": "0" * 32, "timestamp": "2026-11-24T08:00:00.000Z", "tenantId": "default"}
    return json.dumps({"type": "log_event", "data": event})


def _times(call: Callable[[], object], count: int) -> list[float]:
    """The microseconds of each call, sorted."""
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(count):
        started = time.perf_counter_ns()
        call()
        times.append((time.perf_counter_ns() - started) / 1_000)
    return sorted(times)


def _findings(name: str, times: list[float], *, is_held: bool = False) -> list[Finding]:
    median, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    shown = [
        Finding(f"{name}: median", f"{median:,.0f} µs"),
        Finding(f"{name}: p99", f"{p99:,.0f} µs"),
    ]
    if not is_held:
        return shown
    return [
        Finding(shown[0].name, shown[0].value, f"at most {MEDIAN_US:.0f}", median <= MEDIAN_US),
        Finding(shown[1].name, shown[1].value, f"at most {P99_US:,.0f}", p99 <= P99_US),
    ]
