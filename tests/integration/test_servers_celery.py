"""The producer library in Celery, whose processes end without Python's steps at the end."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.queue_server import QueueServer
from tests.support.servers import APPLICATION, Server, run_server

pytestmark = pytest.mark.slow

# A worker that has done its last task first waits until the parent has read the result, for up to
# 30 seconds (billiard.pool.Worker._ensure_messages_consumed), and only then ends.
END_SECONDS = 45

TASKS = """
import signal
from celery import Celery

app = Celery("application", broker="filesystem://")
app.conf.broker_transport_options = {
    name: os.environ["MESSAGES"] for name in ("data_folder_in", "data_folder_out")
} | {"control_folder": os.environ["MESSAGES"] + "-control"}
app.conf.task_ignore_result = True

@app.task(name="work")
def work(number):
    log(f"task {number}")

@app.task(name="work_and_die")
def work_and_die():
    log("killed")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@contextmanager
def run_celery(
    folder: Path, queue: QueueServer, concurrency: int, calls: str, **variables: Any
) -> Iterator[Server]:
    """Run workers that end after each task inside the block; `calls` calls the tasks first."""
    (folder / "messages").mkdir()
    command = [
        *("celery", "--app", "application", "worker", "--loglevel", "INFO"),
        *("--concurrency", str(concurrency), "--max-tasks-per-child", "1"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
    ]
    with run_server(
        folder,
        ["python", "-c", f"from application import *\n{calls}"],
        queue.url,
        code=APPLICATION + TASKS,
        MESSAGES=str(folder / "messages"),
    ) as server:
        assert server.process.wait(30) == 0, server.log
    with run_server(
        folder,
        command,
        queue.url,
        code=APPLICATION + TASKS,
        MESSAGES=str(folder / "messages"),
        stop_signal=signal.SIGKILL,
        **variables,
    ) as server:
        yield server


def wait_for_ids(server: Server, count: int, seconds: float = 30) -> None:
    """Wait until this many events were logged."""
    end = time.monotonic() + seconds
    while len(server.ids) < count:
        assert time.monotonic() < end, server.log
        time.sleep(0.05)


@pytest.mark.parametrize("on_outage", ["spool", "block", "drop"])
def test_each_event_is_delivered_before_its_process_ends(
    tmp_path: Path, audit_queue: QueueServer, on_outage: str
) -> None:
    calls = "for number in range(8): work.delay(number)"
    with run_celery(
        tmp_path, audit_queue, 4, calls, on_outage=on_outage, FLUSH_SECONDS="300"
    ) as server:
        wait_for_ids(server, 8)
        server.check_delivery(audit_queue, END_SECONDS)


def test_a_process_of_billiard_sends_its_events_at_its_end(
    tmp_path: Path, audit_queue: QueueServer
) -> None:
    script = """
from billiard import Process
from application import log

log("parent")
process = Process(target=log, args=("child",))
process.start()
process.join()
"""
    with run_server(
        tmp_path, ["python", "-c", script], audit_queue.url, on_outage="drop", FLUSH_SECONDS="60"
    ) as server:
        assert server.process.wait(30) == 0, server.log
    assert len(server.ids) == 2
    server.check_delivery(audit_queue, 1)


def test_what_a_killed_process_left_is_sent_by_the_next(
    tmp_path: Path, audit_queue: QueueServer
) -> None:
    calls = "work_and_die.delay(); work.delay(1)"
    with run_celery(tmp_path, audit_queue, 1, calls, FLUSH_SECONDS="300") as server:
        wait_for_ids(server, 2)
        server.check_delivery(audit_queue, END_SECONDS)


def test_what_cannot_be_delivered_is_counted_in_the_log(
    tmp_path: Path, audit_queue: QueueServer
) -> None:
    audit_queue.outage.set()
    with run_celery(tmp_path, audit_queue, 1, "work.delay(1)", on_outage="drop") as server:
        wait_for_ids(server, 1)
        end = time.monotonic() + END_SECONDS
        while "1 events are lost: the queue did not take them in time" not in server.log:
            assert time.monotonic() < end, server.log
            time.sleep(0.1)
