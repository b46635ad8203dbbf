"""What `.log()` costs its caller in each state of the queue, against two usual methods."""

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
from benchmarks.stub import run_stub, set_response
from prooftrail.client import AuditLogger, Limits
from prooftrail.client.logger import OnOutage

CALLS: Final = 20_000
DIRECT_CALLS: Final = 500
WARM_UP: Final = 200
MEDIAN_US: Final = 60.0
P99_US: Final = 1_000.0
SLOW_SECONDS: Final = 2.0
_DEAD_URL: Final = "http://127.0.0.1:9"
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
    """Measure each method in a tight loop, without a pause between two calls."""
    findings: list[Finding] = []
    with run_stub() as url:
        set_response(url, "SendMessage", '{"MessageId":"1","MD5OfMessageBody":""}')
        cases: list[tuple[OnOutage, str, str, float]] = [
            (choice, state, place, seconds)
            for choice in ("spool", "drop")
            for state, place, seconds in (
                ("healthy", url, 0.0),
                (f"slow, {SLOW_SECONDS:.0f} s a call", url, SLOW_SECONDS),
                ("dead", _DEAD_URL, 0.0),
            )
        ]
        for choice, state, place, seconds in cases:
            set_response(url, "SendMessageBatch", _TAKEN, seconds)
            with _make_logger(place, choice) as log:
                findings += _make_findings(
                    f"{choice}, queue {state}", _measure(log, CALLS), has_target=True
                )
        with _make_queue_handler() as log:
            findings += _make_findings("logging to a QueueHandler", _measure(log, CALLS))
        findings += _make_findings(
            "a direct send_message", _measure(_make_direct_call(url), DIRECT_CALLS)
        )
    size = len(_encode_job())
    return Report(
        "Producer: what .log() costs its caller",
        f"{CALLS:,} calls in a tight loop, messages of {size} bytes, botocore to a stub on "
        "loopback; a direct send_message waits for that stub only, not for a network",
        findings,
    )


@contextmanager
def _make_logger(endpoint: str, choice: OnOutage) -> Iterator[Callable[[], object]]:
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
def _make_queue_handler() -> Iterator[Callable[[], object]]:
    """Yield a call that logs the same content to a queue; a thread writes the queue to a file."""
    with tempfile.TemporaryDirectory(prefix="prooftrail-bench-") as folder:
        target = logging.FileHandler(Path(folder) / "audit.log")
        waiting: queue.SimpleQueue[logging.LogRecord] = queue.SimpleQueue()
        listener = logging.handlers.QueueListener(waiting, target)
        logger = logging.Logger("benchmark")  # not registered, so nothing else uses it
        logger.addHandler(logging.handlers.QueueHandler(waiting))
        listener.start()
        try:
            yield lambda: logger.info(json.dumps(_FIELDS))
        finally:
            listener.stop()
            target.close()


def _make_direct_call(endpoint: str) -> Callable[[], object]:
    client = boto3.client("sqs", endpoint_url=endpoint)
    url = f"{endpoint}/123456789012/audit"
    return lambda: client.send_message(QueueUrl=url, MessageBody=_encode_job())


def _encode_job() -> str:
    names = {"resource_type": "resourceType", "resource_id": "resourceId", "user_id": "userId"}
    event = {names.get(name, name): value for name, value in _FIELDS.items()}
    event |= {"eventId": "0" * 32, "timestamp": "2026-11-24T08:00:00.000Z", "tenantId": "default"}
    return json.dumps({"type": "log_event", "data": event})


def _measure(call: Callable[[], object], count: int) -> list[float]:
    """Return the microseconds of each call, sorted."""
    for _ in range(WARM_UP):
        call()
    times = []
    for _ in range(count):
        started = time.perf_counter_ns()
        call()
        times.append((time.perf_counter_ns() - started) / 1_000)
    return sorted(times)


def _make_findings(name: str, times: list[float], *, has_target: bool = False) -> list[Finding]:
    median, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    shown = [
        Finding(f"{name}: median", f"{median:,.0f} µs"),
        Finding(f"{name}: p99", f"{p99:,.0f} µs"),
    ]
    if not has_target:
        return shown
    return [
        Finding(shown[0].name, shown[0].value, f"at most {MEDIAN_US:.0f}", median <= MEDIAN_US),
        Finding(shown[1].name, shown[1].value, f"at most {P99_US:,.0f}", p99 <= P99_US),
    ]
