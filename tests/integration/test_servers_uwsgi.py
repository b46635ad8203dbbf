"""The producer library in uWSGI, which forks and runs Python in ways of its own."""

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.support.queue_server import QueueServer
from tests.support.servers import APPLICATION, LIBRARIES, ROOT, Server, run_server

pytestmark = pytest.mark.slow

EARLY = 5


# The last version that can run without threads, which then was the default.
OLD_UWSGI = ROOT / ".venv-uwsgi" / "bin" / "uwsgi"
THREADS = "--enable-threads"


def run_uwsgi(
    folder: Path, queue: QueueServer, *options: str, **variables: Any
) -> AbstractContextManager[Server]:
    """Run uWSGI with two workers that are forked after the import; an old one without threads."""
    has_threads = THREADS in options
    if not has_threads and not OLD_UWSGI.exists():
        pytest.skip("uWSGI 2.0.26 has no wheel for this Python; later versions have threads always")
    command = [
        *(["uwsgi"] if has_threads else [str(OLD_UWSGI), "--pythonpath", str(LIBRARIES)]),
        *("--http-socket", "127.0.0.1:{port}"),
        *("--module", "application", "--processes", "2", "--die-on-term", *options),
    ]
    return run_server(folder, command, queue.url, **variables)


def request_from_both(server: Server, count: int) -> None:
    """Request until both workers have responded; then at least `count` times."""
    workers = {server.get_first("/first")}
    requests = 1
    end = time.monotonic() + 20
    while len(workers) < 2 or requests < count:
        workers.add(server.get("/more"))
        requests += 1
        assert time.monotonic() < end, "only one of the workers responds"


@pytest.mark.parametrize(
    ("options", "on_outage", "early"),
    [
        ((), "spool", EARLY),
        ((), "drop", EARLY),
        (("--master",), "spool", EARLY),
        (("--master",), "block", 0),
        ((THREADS,), "spool", EARLY),
        (("--master", THREADS), "spool", EARLY),
        (("--master", "--lazy-apps"), "spool", EARLY),
        (("--master", "--lazy-apps", THREADS), "drop", EARLY),
    ],
)
def test_each_event_is_delivered_once_while_the_server_runs(
    tmp_path: Path, audit_queue: QueueServer, options: tuple[str, ...], on_outage: str, early: int
) -> None:
    with run_uwsgi(tmp_path, audit_queue, *options, early=early, on_outage=on_outage) as server:
        request_from_both(server, 20)
        server.check_delivery(audit_queue)
        is_warned = "set enable-threads" in server.log
        assert is_warned == (THREADS not in options)
        assert server.log.count("set enable-threads") <= 3, "once for each process"


@pytest.mark.parametrize("options", [("--master",), ("--master", THREADS)])
def test_a_queue_that_does_not_respond_holds_no_request_up(
    tmp_path: Path, audit_queue: QueueServer, options: tuple[str, ...]
) -> None:
    with run_uwsgi(tmp_path, audit_queue, *options) as server:
        server.get_first("/first")
        audit_queue.open.clear()
        durations = []
        for _ in range(100):
            started = time.monotonic()
            server.get("/more")
            durations.append(time.monotonic() - started)
        slow = [duration for duration in durations if duration > 0.5]
        assert len(slow) <= 4, "only the first requests after a call find a worker that waits"
        audit_queue.open.set()
        logged, end = set(server.ids), time.monotonic() + 20
        while not logged <= audit_queue.count_ids().keys():
            server.get("/more")
            assert time.monotonic() < end, server.log
            time.sleep(0.05)


def test_the_last_events_are_delivered_at_the_end(tmp_path: Path, audit_queue: QueueServer) -> None:
    options = ("--master", THREADS)
    with run_uwsgi(tmp_path, audit_queue, *options, on_outage="drop", FLUSH_SECONDS="60") as server:
        request_from_both(server, 10)
        assert audit_queue.count_ids().total() == 0
        time.sleep(1)  # a worker that is still busy with a request ends without Python's steps
    server.check_delivery(audit_queue, 1)


HOOKED = (
    """
import uwsgi
uwsgi.after_req_hook = lambda: print("the hook of the application", flush=True)
"""
    + APPLICATION
)


def test_a_hook_of_the_application_is_called_too(tmp_path: Path, audit_queue: QueueServer) -> None:
    with run_uwsgi(tmp_path, audit_queue, "--master", code=HOOKED) as server:
        request_from_both(server, 4)
        server.check_delivery(audit_queue)
        assert server.log.count("the hook of the application") >= 4
