"""The producer library in processes that are killed, that fork and that end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from local.system import System, run_system
from tests.support.queue_fakes import FlakyQueue, compute_stored_ids, start_sender
from tests.support.queue_server import QueueServer

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:9/123456789012/audit"
_BEGIN = """
import os, sys, time
from prooftrail.client import AuditLogger, Limits

def log(logger, name, number):
    event_id = logger.log(
        action="test.run", resource_type="process", resource_id=name, details={"n": number}
    )
    os.write(1, f"{event_id}\\n".encode())

def logger_in(folder, **options):
    return AuditLogger(
        spool_folder=folder,
        limits=Limits(buffer_bytes=40_000, exit_seconds=float(os.environ["EXIT_SECONDS"])),
        **options,
    )
"""


def start(
    script: str, *arguments: object, queue_url: str = NOWHERE, exit_seconds: float = 0.2
) -> "subprocess.Popen[str]":
    """Start the script in a process."""
    variables = {
        **os.environ,
        "PROOFTRAIL_QUEUE_URL": queue_url,
        "AWS_ENDPOINT_URL": queue_url.rpartition("/")[0].rpartition("/")[0],
        "EXIT_SECONDS": str(exit_seconds),
    }
    return subprocess.Popen(
        [sys.executable, "-c", _BEGIN + script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=variables,
    )


def finish(process: "subprocess.Popen[str]") -> list[str]:
    """Wait for the end of the process, and return the ids that it printed."""
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out.split()


def replay(folder: Path, count: int) -> Counter[str]:
    """Send the events in a spool; return their ids and how often each was sent."""
    queue = FlakyQueue()
    sender = start_sender(queue, folder)
    end = time.monotonic() + 20
    while len(queue.events) < count and time.monotonic() < end:
        time.sleep(0.01)
    assert sender.close(10)
    assert list(folder.iterdir()) == []
    return Counter(compute_stored_ids(queue))


_ENDLESS = """
logger = logger_in(sys.argv[1])
for number in range(1_000_000):
    log(logger, "killed", number)
"""


@pytest.mark.parametrize("kill_after", [1, 200, 2_000])
def test_a_killed_process_loses_no_logged_event(tmp_path: Path, kill_after: int) -> None:
    process = start(_ENDLESS, tmp_path)
    assert process.stdout
    ids = [process.stdout.readline().strip() for _ in range(kill_after)]
    process.send_signal(signal.SIGKILL)
    ids += process.stdout.read().split("\n")[:-1]
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    found = replay(tmp_path, len(ids))
    assert set(ids) <= set(found)
    assert len(found) <= len(ids) + 1, "the last event can be written while `log` has not returned"
    assert set(found.values()) == {1}


_LASTING = """
logger = logger_in(sys.argv[1])
for number in range(int(sys.argv[2])):
    log(logger, "chain", number)
print("done", flush=True)
time.sleep(60)
"""


def test_a_process_that_dies_while_it_takes_over_loses_nothing(tmp_path: Path) -> None:
    ids: list[str] = []
    for count in (300, 150, 1):
        process = start(_LASTING, tmp_path, count)
        assert process.stdout
        ids += [line.strip() for line in iter(process.stdout.readline, "done\n")]
        time.sleep(0.3)  # time to read what the process before has left
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert replay(tmp_path, len(ids)) == dict.fromkeys(ids, 1)


_FORKING = """
logger = logger_in(sys.argv[1])
for number in range(150):
    log(logger, "parent", number)
children = []
for name in ("one", "two"):
    pid = os.fork()
    if pid == 0:
        for number in range(150):
            log(logger, name, number)
        logger.close()
        os._exit(0)
    children.append(pid)
for number in range(150, 300):
    log(logger, "parent", number)
assert all(os.waitpid(pid, 0)[1] == 0 for pid in children)
"""


def test_forked_processes_send_their_own_events(tmp_path: Path) -> None:
    ids = finish(start(_FORKING, tmp_path))
    assert len(set(ids)) == 600
    assert replay(tmp_path, 600) == dict.fromkeys(ids, 1)


_FORKING_BUSY = """
import threading
logger = logger_in(sys.argv[1])
is_over = threading.Event()

def log_on(name):
    number = 0
    while not is_over.is_set():
        log(logger, name, number)
        number += 1

threads = [threading.Thread(target=log_on, args=(f"t{n}",)) for n in range(3)]
for thread in threads:
    thread.start()
for turn in range(20):
    pid = os.fork()
    if pid == 0:
        log(logger, "child", turn)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
is_over.set()
for thread in threads:
    thread.join()
"""


def test_a_fork_while_threads_log_neither_hangs_nor_loses_events(tmp_path: Path) -> None:
    ids = finish(start(_FORKING_BUSY, tmp_path))
    assert replay(tmp_path, len(ids)) == dict.fromkeys(ids, 1)


_WORKING = """
import multiprocessing
from prooftrail.client.sending.processes import ProcessLocal
from tests.support.queue_server import QueueServer
from tests.support.queue_fakes import make_sender

class Printing:
    def send(self, jobs):
        os.write(1, "".join(f"{job.body}\\n" for job in jobs).encode())
        return {}

local = ProcessLocal(lambda: make_sender(Printing(), flush_seconds=60))
worker = multiprocessing.get_context("fork").Process(target=lambda: local.get().accept("{}"))
worker.start()
worker.join()
"""


def test_a_worker_of_multiprocessing_sends_its_events_at_its_end() -> None:
    assert finish(start(_WORKING)) == ['{"type":"log_event","masked":true,"data":{}}']


_FORKING_IN_C = """
import ctypes
logger = logger_in(sys.argv[1])
log(logger, "parent", 0)
pid = ctypes.PyDLL(None).fork()
if pid == 0:
    ctypes.pythonapi.PyOS_AfterFork_Child()
    log(logger, "child", 1)
    logger.close()
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
"""


def test_a_server_can_fork_in_c(tmp_path: Path) -> None:
    ids = finish(start(_FORKING_IN_C, tmp_path))
    paths = {path.name.partition("-")[0] for path in tmp_path.glob("*.events")}
    assert len(paths) == 2, "the child writes to files of its own"
    assert replay(tmp_path, 2) == dict.fromkeys(ids, 1)


_FORKING_UNSEEN = """
import ctypes, threading
folder, on_outage, library = sys.argv[1:]
logger = AuditLogger(
    spool_folder=folder, on_outage=on_outage, limits=Limits(flush_seconds=60, exit_seconds=5)
)
for number in range(10):
    log(logger, "parent", number)
is_held = threading.Event()

def hold_locks():
    sender = logger._sender.get()
    with sender._shared.lock, sender._shared.changing:
        is_held.set()
        time.sleep(1)

thread = threading.Thread(target=hold_locks)
thread.start()
is_held.wait()
pid = getattr(ctypes, library)(None).fork()
if pid == 0:
    for number in range(10):
        log(logger, "child", number)
    assert logger.delivery.accepted == 10
    assert logger.flush(10)
    log(logger, "child", 10)
    assert logger.close(10)
    os._exit(0)
assert os.waitpid(pid, 0)[1] == 0
thread.join()
log(logger, "parent", 10)
assert logger.flush(10)
assert logger.delivery.accepted == 11
"""


@pytest.mark.parametrize(
    ("on_outage", "library"), [("spool", "CDLL"), ("spool", "PyDLL"), ("drop", "CDLL")]
)
def test_a_fork_that_python_does_not_see(
    tmp_path: Path, audit_queue: QueueServer, on_outage: str, library: str
) -> None:
    process = start(_FORKING_UNSEEN, tmp_path, on_outage, library, queue_url=audit_queue.url)
    ids = finish(process)
    assert len(set(ids)) == 22
    assert audit_queue.count_ids() == dict.fromkeys(ids, 1)
    assert list(tmp_path.iterdir()) == []


_ENDING = """
logger = logger_in(sys.argv[1])
for number in range(100):
    log(logger, "ending", number)
"""


def test_at_the_end_unsent_events_stay_in_the_spool(tmp_path: Path) -> None:
    started = time.monotonic()
    ids = finish(start(_ENDING, tmp_path))
    assert time.monotonic() - started < 30
    assert replay(tmp_path, 100) == dict.fromkeys(ids, 1)


def test_several_processes_share_a_folder(tmp_path: Path) -> None:
    processes = [start(_ENDING, tmp_path) for _ in range(3)]
    ids = [event_id for process in processes for event_id in finish(process)]
    assert replay(tmp_path, 300) == dict.fromkeys(ids, 1)


_INTERRUPTED = """
import asyncio
logger = logger_in(sys.argv[1])

async def main():
    log(logger, "interrupted", 0)
    raise SystemExit(3)

asyncio.run(main())
"""


def test_the_exit_code_is_not_changed(tmp_path: Path) -> None:
    process = start(_INTERRUPTED, tmp_path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 3
    assert replay(tmp_path, 1) == {out.strip(): 1}


@pytest.fixture
def system() -> Iterator[System]:
    """The whole system on this machine."""
    with run_system() as system:
        yield system


def test_at_the_end_all_events_are_sent_and_stored_under_their_ids(
    system: System, tmp_path: Path
) -> None:
    ids = finish(start(_ENDING, tmp_path, queue_url=system.queue_url, exit_seconds=30))
    assert list(tmp_path.iterdir()) == []
    system.settle(30)
    with urlopen(f"{system.api_url}/audit-logs?limit=1000", timeout=30) as response:  # noqa: S310  # of this test
        items = json.load(response)["items"]
    assert sorted(item["id"] for item in items) == sorted(ids)
