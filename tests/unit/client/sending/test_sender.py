"""The sender delivers events whatever the queue and the disk do, and blocks no caller."""

import errno
import logging
import os
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import count
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest

from prooftrail.client.sending import processes, spool
from prooftrail.client.sending.drops import Dropped
from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.processes import ProcessLocal
from prooftrail.client.sending.sender import Sender
from prooftrail.client.sending.spool import Spool, encode_line
from prooftrail.errors import SpoolError
from tests.support.queue_fakes import (
    FlakyQueue,
    encode_drops,
    make_sender,
    make_texts,
    start_sender,
)
from tests.unit.client.sending.test_spool import list_files

KILOBYTE = 1024
BUSY_SECONDS = 30  # how late a busy machine may be; what is tested for waits longer


def wait_until(is_reached: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until the callable returns True."""
    end = time.monotonic() + seconds
    while not is_reached():
        assert time.monotonic() < end, f"not reached within {seconds} s"
        time.sleep(0.005)


@pytest.fixture
def queue() -> Iterator[FlakyQueue]:
    """A queue that takes everything."""
    queue = FlakyQueue()
    yield queue
    queue.open.set()


def test_everything_arrives_once_and_packed(queue: FlakyQueue) -> None:
    sender = start_sender(queue, flush_seconds=60)
    assert all(map(sender.accept, make_texts(range(2_000), 500)))
    assert sender.flush(10)
    assert queue.count_by_number() == dict.fromkeys(range(2_000), 1)
    delivery = sender.delivery
    assert (delivery.accepted, delivery.delivered, delivery.waiting) == (2_000, 2_000, 0)
    assert delivery.messages == len(queue.bodies) < 20
    assert sender.close()


def test_without_packing_each_event_is_a_message(queue: FlakyQueue) -> None:
    sender = Sender(lambda: queue, None, Limits(), report=encode_drops, is_packing=False)
    assert all(map(sender.accept, make_texts(range(25))))
    assert sender.flush(10)
    assert sorted(map(len, queue.calls)) == [5, 10, 10]
    sender.close()


@pytest.mark.parametrize(
    ("limits", "count"),
    [
        ({"flush_seconds": 60, "flush_count": 20}, 20),
        ({"flush_seconds": 60, "flush_bytes": 1_000}, 20),
        ({"flush_seconds": 0.02}, 1),
    ],
    ids=["count", "size", "interval"],
)
def test_a_call_starts_at_a_count_a_size_or_after_a_time(
    queue: FlakyQueue, limits: dict[str, Any], count: int
) -> None:
    sender = start_sender(queue, **limits)
    assert all(map(sender.accept, make_texts(range(count), 40)))
    wait_until(lambda: len(queue.events) == count)
    sender.close()


def test_before_that_nothing_is_sent(queue: FlakyQueue) -> None:
    sender = start_sender(queue, flush_seconds=60, flush_count=20)
    assert all(map(sender.accept, make_texts(range(19), 40)))
    time.sleep(0.05)
    assert queue.calls == []
    assert sender.close()
    assert len(queue.events) == 19


def test_large_events_are_sent_alone_and_calls_keep_the_limit(queue: FlakyQueue) -> None:
    sender = start_sender(queue, buffer_bytes=64 * KILOBYTE * KILOBYTE)
    events = make_texts(range(30), 300 * KILOBYTE) + make_texts(range(30, 200), 10)
    assert all(map(sender.accept, events))
    assert sender.flush(20)
    assert queue.count_by_number() == dict.fromkeys(range(200), 1)
    sender.close()


def test_only_the_refused_messages_are_sent_again() -> None:
    queue = FlakyQueue(refuse_every=3)
    sender = start_sender(queue)
    assert all(map(sender.accept, make_texts(range(3_000), 1_000)))
    assert sender.flush(20)
    assert queue.count_by_number() == dict.fromkeys(range(3_000), 1)
    sent = [body for call in queue.calls for body in call]
    assert sender.delivery.retried == len(sent) - len(set(sent)) > 0
    sender.close()


def test_after_a_lost_response_the_same_event_is_sent_again() -> None:
    queue = FlakyQueue(lost_responses=2)
    sender = start_sender(queue)
    assert all(map(sender.accept, make_texts(range(10))))
    assert sender.flush(10)
    assert queue.count_by_number() == dict.fromkeys(range(10), 3)
    assert len({str(event) for event in queue.events}) == 10
    sender.close()


def test_waits_are_random_and_their_limit_doubles() -> None:
    queue, bounds = FlakyQueue(), list[float]()
    queue.outage.set()

    def jitter(low: float, high: float) -> float:
        assert low == 0
        bounds.append(high)
        if len(bounds) == 12:
            queue.outage.clear()
        return 0.0

    sender = Sender(
        lambda: queue, None, Limits(flush_seconds=0), report=encode_drops, jitter=jitter
    )
    sender.accept("{}")
    assert sender.flush(10)
    assert bounds[:9] == [0.2 * 2**n for n in range(6)] + [10.0] * 3
    assert bounds[9:] == [10.0] * 3
    sender.close()


def test_while_the_queue_is_down_no_other_call_is_made() -> None:
    queue = FlakyQueue()
    queue.outage.set()
    sender = Sender(
        lambda: queue,
        None,
        Limits(flush_seconds=0),
        report=encode_drops,
        jitter=lambda *_: 1_000.0,
    )
    for text in make_texts(range(50)):
        sender.accept(text)
        time.sleep(0.001)
    assert len(queue.calls) == 1
    sender.close(0)


def test_memory_is_limited_and_drops_are_reported(queue: FlakyQueue) -> None:
    queue.outage.set()
    sender = start_sender(queue, buffer_bytes=10 * KILOBYTE)
    taken = [sender.accept(text) for text in make_texts(range(100), KILOBYTE)]
    assert taken == [True] * 9 + [False] * 91
    queue.outage.clear()
    wait_until(lambda: len(queue.events) == 10)
    assert queue.events[-1] == {"dropped": {"buffer full": 91}}
    assert queue.count_by_number() == dict.fromkeys(range(9), 1)
    assert sender.delivery.dropped == 91
    sender.close()


def test_blocking_waits_for_room(queue: FlakyQueue) -> None:
    sender = start_sender(queue, is_blocking=True, buffer_bytes=10 * KILOBYTE, block_seconds=20)
    queue.open.clear()
    assert all(map(sender.accept, make_texts(range(9), KILOBYTE)))
    threading.Timer(0.05, queue.open.set).start()
    assert sender.must_wait(KILOBYTE)
    assert sender.accept(make_texts([9], KILOBYTE)[0])
    assert sender.flush(10)
    assert queue.count_by_number() == dict.fromkeys(range(10), 1)
    sender.close()


def test_blocking_ends_in_time(queue: FlakyQueue) -> None:
    queue.outage.set()
    sender = start_sender(queue, is_blocking=True, buffer_bytes=KILOBYTE, block_seconds=0.05)
    started = time.monotonic()
    assert not sender.accept(make_texts([1], KILOBYTE)[0])
    assert 0.05 <= time.monotonic() - started < BUSY_SECONDS
    sender.close(0)


def test_events_without_room_in_memory_wait_on_disk(queue: FlakyQueue, tmp_path: Path) -> None:
    queue.outage.set()
    sender = start_sender(queue, tmp_path, buffer_bytes=20 * KILOBYTE)
    assert all(map(sender.accept, make_texts(range(500), KILOBYTE)))
    assert sender.delivery.spooled > 450
    assert sender._outbox._buffer.size <= 20 * KILOBYTE
    queue.outage.clear()
    assert sender.flush(20)
    assert queue.count_by_number() == dict.fromkeys(range(500), 1)
    assert sender.delivery.spooled == 0
    assert sender.close()
    assert list(tmp_path.iterdir()) == []


def test_memory_is_limited_while_the_disk_is_read(queue: FlakyQueue, tmp_path: Path) -> None:
    sender = start_sender(queue, tmp_path, buffer_bytes=40 * KILOBYTE)
    largest = 0
    for text in make_texts(range(2_000), KILOBYTE):
        assert sender.accept(text)
        largest = max(largest, sender._outbox._buffer.size)
    assert sender.flush(20)
    assert queue.count_by_number() == dict.fromkeys(range(2_000), 1)
    assert largest <= 40 * KILOBYTE
    sender.close()


def test_events_of_an_ended_process_are_sent_by_the_next(queue: FlakyQueue, tmp_path: Path) -> None:
    away = FlakyQueue()
    away.outage.set()
    sender = start_sender(away, tmp_path, buffer_bytes=20 * KILOBYTE)
    assert all(map(sender.accept, make_texts(range(100), KILOBYTE)))
    assert not sender.close(0.05)
    assert list_files(tmp_path)
    following = start_sender(queue, tmp_path)
    wait_until(lambda: len(queue.events) >= 100)
    assert queue.count_by_number() == dict.fromkeys(range(100), 1)
    assert following.delivery.replayed == 100
    assert following.close()
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_kept_and_named(
    queue: FlakyQueue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lock = tmp_path / "1-0123456789ab.lock"
    lock.touch()
    poison = tmp_path / "1-0123456789ab.00000001.events"
    poison.write_bytes(encode_line('{"n":1}') + b"\xff\x00 poison\n" + encode_line('{"n":2}'))
    torn = tmp_path / "1-0123456789ab.00000002.events"
    torn.write_bytes(encode_line('{"n":3}') + encode_line('{"n":4}')[:9])
    strange = tmp_path / "1-0123456789ab.00000003.events"
    strange.mkdir()
    sender = start_sender(queue, tmp_path)
    assert sender.accept('{"n":5}')
    wait_until(lambda: len(queue.events) == 4)
    assert sender.close()
    assert queue.count_by_number() == dict.fromkeys((1, 2, 3, 5), 1)
    kept = [f"1-0123456789ab.0000000{n}.events.damaged" for n in (1, 3)]
    assert sorted(path.name for path in tmp_path.iterdir()) == kept
    assert all(name in caplog.text for name in kept)
    assert sender.delivery.damaged == 1


def test_a_file_damaged_while_the_process_lives_is_counted(
    queue: FlakyQueue, tmp_path: Path
) -> None:
    queue.outage.set()
    sender = start_sender(queue, tmp_path, buffer_bytes=4 * KILOBYTE)
    assert all(map(sender.accept, make_texts(range(20), KILOBYTE)))
    wait_until(lambda: bool(sender._outbox._backlog and sender._outbox._backlog._segments))
    with sender._shared.lock:
        assert sender._outbox._backlog
        damaged = sender._outbox._backlog._segments[0].path
        damaged.write_bytes(damaged.read_bytes().replace(b"x", b"y"))
    queue.outage.clear()
    assert sender.flush(10)
    delivery = sender.delivery
    assert delivery.damaged > 0
    assert delivery.delivered == 20 - delivery.damaged == len(queue.events)
    sender.close()


def test_a_file_lost_while_the_process_lives_is_counted(
    queue: FlakyQueue, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    queue.outage.set()
    sender = start_sender(queue, tmp_path, buffer_bytes=4 * KILOBYTE)
    assert all(map(sender.accept, make_texts(range(20), KILOBYTE)))
    wait_until(lambda: bool(sender._outbox._backlog and sender._outbox._backlog._segments))
    with sender._shared.lock:
        assert sender._outbox._backlog
        lost = sender._outbox._backlog._segments[0].path
        lost.unlink()
        lost.mkdir()
    queue.outage.clear()
    assert sender.flush(10)
    delivery = sender.delivery
    assert delivery.damaged > 0
    assert delivery.delivered == 20 - delivery.damaged == len(queue.events)
    assert (delivery.spooled, delivery.waiting) == (0, 0)
    assert f"it is kept as {lost}.damaged" in caplog.text
    sender.close()


def test_a_full_spool_drops_events_and_reports_them(queue: FlakyQueue, tmp_path: Path) -> None:
    queue.outage.set()
    sender = start_sender(queue, tmp_path, buffer_bytes=4 * KILOBYTE, spool_bytes=20 * KILOBYTE)
    taken = sum(map(sender.accept, make_texts(range(50), KILOBYTE)))
    assert 15 < taken < 20
    queue.outage.clear()
    wait_until(lambda: {"dropped": {"spool full": 50 - taken}} in queue.events)
    assert sender.flush(10)
    assert len(queue.count_by_number()) == taken
    sender.close()


def test_with_a_full_disk_events_are_kept_in_memory(
    queue: FlakyQueue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def full(_file: int, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    sender = start_sender(queue, tmp_path)
    monkeypatch.setattr("prooftrail.client.sending.spool.os.write", full)
    assert sender.accept('{"n":1}')
    assert sender.flush(10)
    assert queue.count_by_number() == {1: 1}
    assert "No space left" in caplog.text
    sender.close()


def test_without_a_spool_events_are_kept_in_memory(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Spool:
        raise SpoolError("/nowhere: Read-only file system")

    sender = Sender(lambda: queue, fail, Limits(flush_seconds=0), report=encode_drops)
    assert sender.accept('{"n":1}')
    assert sender.flush(10)
    assert "Read-only file system" in caplog.text
    sender.close()


def test_any_exception_of_a_client_is_a_failed_call(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    faults = [ZeroDivisionError("no client today")]

    def make() -> FlakyQueue:
        if faults:
            raise faults.pop()
        return queue

    sender = Sender(make, None, Limits(flush_seconds=0), report=encode_drops, jitter=lambda *_: 0.0)
    assert sender.accept('{"n":1}')
    assert sender.flush(10)
    assert queue.count_by_number() == {1: 1}
    assert "the SQS client failed: ZeroDivisionError: no client today" in caplog.text
    sender.close()


def test_after_gevent_patched_ssl_the_client_is_made_again(
    queue: FlakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[type] = []

    def make() -> FlakyQueue:
        made.append(ssl.SSLContext)
        return queue

    sender = Sender(make, None, Limits(flush_seconds=0), report=encode_drops)
    patched = type("SSLContext", (ssl.SSLContext,), {})
    for context in (ssl.SSLContext, ssl.SSLContext, patched, patched):
        monkeypatch.setattr(ssl, "SSLContext", context)
        assert sender.accept('{"n":1}')
        assert sender.flush(10)
    assert made == [patched.__base__, patched]
    sender.close()


def test_flush_waits_for_earlier_events_not_for_later_ones(queue: FlakyQueue) -> None:
    sender = start_sender(queue)
    ended = threading.Event()

    def log_on() -> None:
        number = 0
        while not ended.is_set():
            sender.accept(f'{{"n":{number}}}')
            number += 1

    thread = threading.Thread(target=log_on)
    thread.start()
    try:
        assert all(sender.flush(10) for _ in range(5))
    finally:
        ended.set()
        thread.join()
        sender.close()


def test_flush_ends_in_time_when_the_queue_is_down(queue: FlakyQueue, tmp_path: Path) -> None:
    queue.outage.set()
    sender = start_sender(queue, tmp_path)
    sender.accept("{}")
    started = time.monotonic()
    assert not sender.flush(0.05)
    assert time.monotonic() - started < BUSY_SECONDS
    assert not sender.close(0)


def test_a_slow_call_blocks_neither_accept_nor_close(queue: FlakyQueue) -> None:
    queue.open.clear()
    sender = start_sender(queue)
    sender.accept('{"n":0}')
    wait_until(lambda: bool(queue.calls))
    started = time.monotonic()
    assert all(map(sender.accept, make_texts(range(1, 100))))
    assert not sender.close(0.05)
    assert time.monotonic() - started < BUSY_SECONDS


def test_after_close_events_are_dropped(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    sender = start_sender(queue)
    assert sender.close()
    assert sender.close()
    assert not sender.accept("{}")
    assert sender.delivery.dropped == 1
    assert "dropped: closed" in caplog.text


def test_a_log_handler_can_log_audit_events(queue: FlakyQueue) -> None:
    class Auditing(logging.Handler):
        def emit(self, _: logging.LogRecord) -> None:
            sender.accept('{"n":2}')

    queue.outage.set()
    sender = start_sender(queue, buffer_bytes=KILOBYTE)
    handler = Auditing()
    logging.getLogger("prooftrail.client").addHandler(handler)
    try:
        assert not sender.accept(make_texts([1], KILOBYTE)[0])
        queue.outage.clear()
        assert sender.flush(10)
        assert queue.count_by_number()[2] >= 1
    finally:
        logging.getLogger("prooftrail.client").removeHandler(handler)
        sender.close()


TRACED = {
    import_module(f"prooftrail.client.sending.{name}").__file__
    for name in (
        "backlog",
        "buffer",
        "delivery",
        "drops",
        "notices",
        "outbox",
        "processes",
        "sender",
        "shared",
        "spool",
        "steps",
        "transport",
        "worker",
    )
}


def run_traced(work: Callable[[], object], at_line: Callable[[str, int], None]) -> bool:
    """Work in a thread, and call `at_line` before each line; return whether the thread ended.

    `at_line` stands for a signal handler or a `__del__` that Python runs there.
    """
    lines = count(1)

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if frame.f_code.co_filename not in TRACED:
            return None
        if event == "line":
            at_line(frame.f_code.co_qualname, next(lines))
        return trace

    def run() -> None:
        sys.settrace(trace)
        try:
            with suppress(InterruptedError):
                work()
        finally:
            sys.settrace(None)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(10)
    return not thread.is_alive()


@pytest.mark.parametrize("is_spooled", [True, False])
def test_code_that_interrupts_the_sender_can_log(
    queue: FlakyQueue, tmp_path: Path, is_spooled: bool
) -> None:
    sender = start_sender(queue, tmp_path if is_spooled else None, flush_seconds=60)
    numbers = [0]

    def log_another(_name: str, line: int) -> None:
        assert sender.accept(f'{{"n":{line}}}')
        numbers.append(line)

    assert run_traced(lambda: sender.accept('{"n":0}'), log_another)
    assert len(numbers) > 20
    assert sender.flush(10)
    assert queue.count_by_number() == dict.fromkeys(numbers, 1)
    assert sender.close()
    assert list(tmp_path.iterdir()) == []


def test_code_that_interrupts_the_sender_cannot_wait_for_it(
    queue: FlakyQueue, tmp_path: Path
) -> None:
    sender = start_sender(queue, tmp_path, flush_seconds=60)
    results = set[bool]()

    def wait(name: str, _: int) -> None:
        if name == "Spool.append":
            results.update((sender.flush(), sender.close()))

    assert run_traced(lambda: sender.accept('{"n":0}'), wait)
    assert results == {False}
    assert sender.close(10)
    assert queue.count_by_number() == {0: 1}


@pytest.mark.parametrize("limits", [{}, {"buffer_bytes": KILOBYTE}], ids=["in memory", "on disk"])
def test_an_exception_of_a_signal_handler_costs_at_most_one_event(
    queue: FlakyQueue, tmp_path: Path, limits: dict[str, Any]
) -> None:
    for number in range(1, 100):
        queue.bodies.clear()
        queue.outage.set()
        sender = start_sender(queue, tmp_path, flush_seconds=60, **limits)
        assert all(map(sender.accept, make_texts(range(3), 600)))
        interrupted: list[str] = []

        def interrupt(
            name: str, line: int, number: int = number, interrupted: list[str] = interrupted
        ) -> None:
            # Python runs no signal handler while a `with` block ends.
            if line == number and name != "Sender.accept":
                interrupted.append(name)
                raise InterruptedError

        assert run_traced(partial(sender.accept, '{"n":3}'), interrupt)
        queue.outage.clear()
        assert sender.accept('{"n":4}')
        assert sender.flush(10), interrupted
        assert sender.close(10), interrupted
        assert sender.delivery.waiting == sender.delivery.spooled == 0
        assert sender.delivery.buffered_bytes <= 0
        assert set(queue.count_by_number()) >= {0, 1, 2, 4}
        if number > 40 and not interrupted:
            return


def test_a_log_handler_that_fails_stops_nothing(queue: FlakyQueue) -> None:
    class Failing(logging.Handler):
        def emit(self, _: logging.LogRecord) -> None:
            raise ZeroDivisionError

    queue.outage.set()
    handler = Failing()
    logging.getLogger("prooftrail.client").addHandler(handler)
    try:
        sender = start_sender(queue, buffer_bytes=KILOBYTE)
        assert sender.accept('{"n":1}')
        assert not sender.accept(make_texts([2], KILOBYTE)[0])
        wait_until(lambda: len(queue.calls) > 2)
        queue.outage.clear()
        assert sender.flush(10)
        assert queue.count_by_number() == {1: 1}
        sender.close()
    finally:
        logging.getLogger("prooftrail.client").removeHandler(handler)


def test_drops_are_reported_at_close(queue: FlakyQueue) -> None:
    queue.open.clear()
    sender = start_sender(queue, buffer_bytes=KILOBYTE)
    assert sender.accept('{"n":1}')
    wait_until(lambda: bool(queue.calls))
    assert not sender.accept(make_texts([2], KILOBYTE)[0])
    threading.Timer(0.05, queue.open.set).start()
    assert sender.close(10)
    assert queue.events == [{"n": 1}, {"dropped": {"buffer full": 1}}]


def test_close_ends_the_wait_for_a_retry(queue: FlakyQueue) -> None:
    queue.outage.set()
    sender = Sender(
        lambda: queue, None, Limits(flush_seconds=0), report=encode_drops, jitter=lambda *_: 1_000.0
    )
    assert sender.accept('{"n":1}')
    wait_until(lambda: sender.delivery.calls == 1)
    queue.outage.clear()
    assert sender.close(10)
    assert queue.count_by_number() == {1: 1}


def test_a_thread_that_could_not_start_is_started_by_flush(
    queue: FlakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        sender = start_sender(queue)
        assert sender.accept('{"n":1}')
    assert sender.flush(10)
    assert sender.close()


def test_with_any_fault_of_the_spool_events_are_kept_in_memory(queue: FlakyQueue) -> None:
    def fail() -> Spool:
        raise ZeroDivisionError

    sender = Sender(lambda: queue, fail, Limits(flush_seconds=0), report=encode_drops)
    assert sender.accept('{"n":1}')
    assert sender.close(10)
    assert queue.count_by_number() == {1: 1}


def test_a_fault_in_the_report_of_dropped_events_keeps_no_flush_waiting(queue: FlakyQueue) -> None:
    def fail(_: Dropped) -> str:
        raise ZeroDivisionError

    sender = Sender(lambda: queue, None, Limits(100, flush_seconds=60), report=fail)
    assert sender.accept('{"n":1}')
    assert not sender.accept("x" * 200)
    started = time.monotonic()
    assert sender.flush(60)
    assert time.monotonic() - started < BUSY_SECONDS
    assert sender.close(10)


def test_two_threads_can_fork_at_once(queue: FlakyQueue) -> None:
    local = ProcessLocal(lambda: make_sender(queue))
    reached, following = threading.Event(), threading.Event()

    def fork() -> None:
        processes._before_fork()
        reached.set()
        following.wait(10)
        processes._after_fork_in_parent()

    def fork_too() -> None:
        processes._before_fork()
        processes._after_fork_in_parent()

    threads = [threading.Thread(target=target, daemon=True) for target in (fork, fork_too)]
    threads[0].start()
    assert reached.wait(10)
    threads[1].start()
    threads[1].join(0.05)
    following.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert processes._forks[os.getpid()].resources == []
    assert local.get().accept('{"n":1}')
    assert local.close(10)


def test_a_fork_while_a_second_thread_closes_too_gives_the_child_a_sender(
    queue: FlakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = ProcessLocal(lambda: make_sender(queue))
    queue.open.clear()
    assert local.get().accept('{"n":1}')
    closing = threading.Thread(target=local.get().close, args=(10,), daemon=True)
    closing.start()
    wait_until(lambda: local.get().is_closed)
    assert not local.close(), "the first thread still waits for the queue"
    parents = local.get()
    processes._before_fork()
    with monkeypatch.context() as patched:
        patched.setattr(os, "getpid", lambda: 4_194_305)
        processes._after_fork_in_child()
        assert local.get() is not parents
        assert not local.get().accept('{"n":2}')
    processes._forks.clear()
    parents.after_fork()
    queue.open.set()
    closing.join(10)
    local.close()


def test_many_threads_log_at_once(tmp_path: Path) -> None:
    queue = FlakyQueue(refuse_every=5, lost_responses=2)
    sender = start_sender(queue, tmp_path, buffer_bytes=100 * KILOBYTE)
    threads = [
        threading.Thread(
            target=lambda first=first: [
                sender.accept(text) for text in make_texts(range(first, first + 500))
            ]
        )
        for first in range(0, 4_000, 500)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sender.flush(20)
    assert set(queue.count_by_number()) == set(range(4_000))
    assert sender.close()
    assert list(tmp_path.iterdir()) == []


def test_the_count_of_dropped_events_includes_all_reasons() -> None:
    assert Dropped({"spool full": 2, "closed": 3}, 1, 2).count == 5


def test_a_segment_that_cannot_be_read_now_is_read_later(
    queue: FlakyQueue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    faults = [OSError(errno.EMFILE, os.strerror(errno.EMFILE))]
    opened = spool._open_own

    def scarce(path: Path | str, flags: int) -> int:
        if Path(path).suffix == ".events" and faults:
            raise faults.pop()
        return opened(path, flags)

    monkeypatch.setattr(spool, "_open_own", scarce)
    monkeypatch.setattr("prooftrail.client.sending.backlog.SYNC_SECONDS", 0.01)
    queue.outage.set()
    sender = start_sender(queue, tmp_path, buffer_bytes=4 * KILOBYTE)
    assert all(map(sender.accept, make_texts(range(20), KILOBYTE)))
    queue.outage.clear()
    assert sender.flush(10)
    assert faults == []
    assert queue.count_by_number() == dict.fromkeys(range(20), 1)
    assert "Too many open files; it is read again later" in caplog.text
    assert sender.close()
    assert list_files(tmp_path) == []


def list_sender_threads() -> list[threading.Thread]:
    """Return the threads of all senders in this process."""
    return [thread for thread in threading.enumerate() if thread.name == "prooftrail-sender"]


def test_the_thread_starts_with_the_first_event_and_no_lock_is_held_then(
    queue: FlakyQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender = make_sender(queue)
    start = threading.Thread.start
    is_locked = []

    def start_as_greenlet(thread: threading.Thread) -> None:
        shared = sender._shared
        is_locked.append(shared.changing.locked() or shared.lock._is_owned())
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_as_greenlet)
    assert is_locked == []
    assert sender.accept('{"n":1}')
    assert is_locked == [False]
    assert sender.flush(10)
    assert sender.close()


def test_without_a_thread_flush_and_close_send(
    queue: FlakyQueue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    sender = make_sender(queue, tmp_path)
    assert sender.accept('{"n":1}')
    assert queue.calls == []
    assert sender.flush(10)
    assert sender.accept('{"n":2}')
    assert sender.close(10)
    assert queue.count_by_number() == {1: 1, 2: 1}
    assert list_files(tmp_path) == []


@pytest.fixture
def worker_of_uwsgi(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of the worker of uWSGI that this process is; 0 loads the application."""
    number = [0]
    module = ModuleType("uwsgi")
    vars(module).update(has_threads=1, worker_id=lambda: number[0], mule_id=lambda: 0)
    monkeypatch.setitem(sys.modules, "uwsgi", module)
    return number


@pytest.mark.parametrize("is_spooled", [True, False])
def test_before_uwsgi_forks_log_sends_and_no_thread_starts(
    queue: FlakyQueue, tmp_path: Path, worker_of_uwsgi: list[int], is_spooled: bool
) -> None:
    others = list_sender_threads()  # of tests before, which can end meanwhile
    sender = make_sender(queue, tmp_path if is_spooled else None, flush_seconds=60)
    assert sender.accept('{"n":1}')
    assert queue.count_by_number() == {1: 1}
    queue.outage.set()
    started = time.monotonic()
    assert sender.accept('{"n":2}')
    assert not sender.flush(0.05)
    assert time.monotonic() - started < BUSY_SECONDS
    queue.outage.clear()
    assert sender.flush(10)
    assert set(list_sender_threads()) <= set(others)
    worker_of_uwsgi[0] = 1
    assert sender.accept('{"n":3}')
    assert len(set(list_sender_threads()) - set(others)) == 1
    assert sender.close(10)
    assert queue.count_by_number() == {1: 1, 2: 1, 3: 1}


def test_a_queue_that_fails_is_not_waited_for_while_uwsgi_loads(
    queue: FlakyQueue, worker_of_uwsgi: list[int]
) -> None:
    queue.outage.set()
    sender = Sender(lambda: queue, None, Limits(), report=encode_drops, jitter=lambda *_: 1_000.0)
    started = time.monotonic()
    assert all(map(sender.accept, make_texts(range(100))))
    assert time.monotonic() - started < BUSY_SECONDS
    assert len(queue.calls) == 1
    sender.close(0)


def test_a_call_that_takes_long_is_waited_for_once(queue: FlakyQueue) -> None:
    queue.open.clear()
    sender = start_sender(queue)
    assert sender.accept('{"n":1}')
    wait_until(lambda: bool(queue.calls))
    started = time.monotonic()
    sender.send_now(0.3)
    first = time.monotonic()
    for _ in range(10):
        sender.send_now(60)
    assert 0.3 <= first - started < BUSY_SECONDS
    assert time.monotonic() - first < BUSY_SECONDS
    queue.open.set()
    sender.send_now(10)
    assert sender.flush(10)
    assert sender.close()


def test_what_cannot_be_delivered_at_the_end_is_counted(
    queue: FlakyQueue, caplog: pytest.LogCaptureFixture
) -> None:
    queue.outage.set()
    sender = start_sender(queue)
    assert all(map(sender.accept, make_texts(range(3))))
    assert not sender.close(0.05)
    delivery = sender.delivery
    assert (delivery.accepted, delivery.waiting, delivery.dropped) == (3, 0, 3)
    assert "3 events are lost: the queue did not take them in time" in caplog.text
    assert not sender.close()


def test_a_running_process_sends_what_another_left(
    queue: FlakyQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("prooftrail.client.sending.backlog.ABANDONED_SECONDS", 0.05)
    monkeypatch.setattr("prooftrail.client.sending.outbox.ABANDONED_SECONDS", 0.05)
    sender = start_sender(queue, tmp_path)
    assert sender.accept('{"n":1}')
    assert sender.flush(10)
    (tmp_path / "31390-398fe177d129.lock").touch()
    (tmp_path / "31390-398fe177d129.00000001.events").write_bytes(encode_line('{"n":2}'))
    wait_until(lambda: queue.count_by_number() == {1: 1, 2: 1})
    assert sender.close()


def test_flush_sends_what_a_dead_process_left(queue: FlakyQueue, tmp_path: Path) -> None:
    (tmp_path / "31390-398fe177d129.lock").touch()
    (tmp_path / "31390-398fe177d129.00000001.events").write_bytes(encode_line('{"n":1}'))
    sender = make_sender(queue, tmp_path)
    assert sender.flush(10)
    wait_until(lambda: queue.count_by_number() == {1: 1})
    assert sender.close()
