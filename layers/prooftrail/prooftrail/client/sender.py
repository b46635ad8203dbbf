"""Sends events to the queue in the background."""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from prooftrail.client.delivery import Delivery
from prooftrail.client.drops import Dropped
from prooftrail.client.limits import Limits
from prooftrail.client.notices import Notices
from prooftrail.client.outbox import Outbox
from prooftrail.client.processes import close_at_worker_end
from prooftrail.client.spool import Spool
from prooftrail.intake.ports import JobQueue

FAULT_SECONDS: Final = 0.2

_log = logging.getLogger("prooftrail.client")


class Sender:
    """Sends the events of one process, each a JSON text in ASCII, in a thread.

    An accepted event reaches the queue at least once, unless there is no spool and the process
    dies or `close` runs out of time. `report` makes the event that reports dropped ones; it is
    sent when the queue takes messages again. `ProcessLocal` gives a forked child its own sender.

    There are two locks, taken in this order:

    - `_lock` owns all that changes. It is reentrant, because a signal handler or `__del__` that
      logs an event can interrupt its own thread at any line, also where that holds the lock.
    - `_changing` is held while something changes. Code that has `_lock` and finds `_changing`
      locked has interrupted a change of its own thread, and must not touch what is half changed.

    Neither is held during a call to the queue, a read or fsync of the spool, or a log call. So
    `accept` waits at most for a lock and for a write to an open file.
    """

    def __init__(
        self,
        make_queue: Callable[[], JobQueue],
        make_spool: Callable[[], Spool] | None,
        limits: Limits,
        *,
        report: Callable[[Dropped], str],
        name: str = "the queue",
        is_blocking: bool = False,
        is_packing: bool = True,
        now: Callable[[], float] = time.monotonic,
        jitter: Callable[[float, float], float] = random.uniform,
    ) -> None:
        # These do not change.
        self._make_spool = make_spool
        self._limits = limits
        self._is_blocking = is_blocking
        self._now = now
        self._lock = threading.RLock()
        self._changing = threading.Lock()
        self._has_work = threading.Condition(self._lock)  # the thread waits for it
        self._has_progress = threading.Condition(self._lock)  # accept, flush and close wait for it
        # No lock owns these: each of their operations is atomic.
        self._deferred: deque[str] = deque()  # events logged by code that interrupted a change
        self._notices = Notices(now)  # `add` needs the lock, `log` does not
        # `_lock` owns these.
        self._outbox = Outbox(
            make_queue,
            limits,
            self._notices,
            name=name,
            report=report,
            is_packing=is_packing,
            wake=self._has_work.notify,
            now=now,
            jitter=jitter,
        )
        self._thread: threading.Thread | None = None
        self._flush_calls = 0  # that wait now
        self._is_closed = False
        self._is_finished = False
        self._close_by = 0.0  # when `close` stops waiting

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._is_closed

    @property
    def is_finished(self) -> bool:
        """Whether a call of `close` has ended."""
        return self._is_finished

    def start(self) -> None:
        """Open the spool and start the thread. Without this call, the first event does."""
        with self._lock, self._changing:
            self._start()
        self._handle_deferred()

    def _start(self) -> None:
        if self._make_spool is not None:
            self._outbox.open_spool(self._make_spool)
        thread = threading.Thread(target=self._run, name="prooftrail-sender", daemon=True)
        with suppress(RuntimeError):  # the interpreter is shutting down: the spool keeps the events
            thread.start()
            self._thread = thread
        close_at_worker_end()

    # Called by the threads of the application

    def accept(self, text: str) -> bool:
        """Take an event; return False if it is dropped. Wait for room only if `is_blocking`."""
        with self._lock:
            if self._changing.locked():
                self._deferred.append(text)
                return True
            with self._changing:
                is_accepted = self._accept(text)
        if self._notices.pending or self._deferred:
            self._handle_deferred()
        return is_accepted

    def _accept(self, text: str) -> bool:
        outbox = self._outbox
        if self._is_closed:
            return outbox.drop("closed")
        if self._thread is None:
            self._start()
        if self._is_blocking and not outbox.has_room(len(text)):
            self._has_work.notify()
            self._wait_for(
                lambda: self._is_closed or outbox.has_room(len(text)), self._limits.block_seconds
            )
            if self._is_closed:
                return outbox.drop("closed")
        return outbox.add(text)

    def must_wait(self, size: int) -> bool:
        """Return whether `accept` has to wait for room for an event of this many bytes."""
        with self._lock:
            return self._is_blocking and not self._outbox.has_room(size)

    def flush(self, timeout: float | None = None) -> bool:
        """Send the events accepted before; return whether all of them are in the queue.

        Wait for at most `timeout` seconds, or without it until they are. In a signal handler that
        interrupted the sender itself, do nothing and return False.
        """
        with self._lock:
            if self._changing.locked():
                return False
            with self._changing:
                is_delivered = self._flush(timeout)
        self._handle_deferred()
        return is_delivered

    def _flush(self, timeout: float | None) -> bool:
        counts = self._outbox.counts
        epoch = counts.start_epoch()
        self._flush_calls += 1
        try:
            if self._thread is None and not counts.is_all_delivered:
                self._start()
            self._outbox.release()
            return self._wait_for(lambda: counts.is_delivered_through(epoch), timeout)
        finally:
            self._flush_calls -= 1

    def close(self, timeout: float | None = None) -> bool:
        """Send what is left and stop; return whether all of it is in the queue.

        After `timeout` seconds (`exit_seconds` by default) the rest stays in the spool for the
        next process. Without a spool it is lost, and the log says so. In a signal handler that
        interrupted the sender itself, do nothing and return False.
        """
        seconds = self._limits.exit_seconds if timeout is None else timeout
        with self._lock:
            if self._changing.locked():
                return False
            if self._is_closed:
                return self._outbox.counts.is_all_delivered
            with self._changing:
                left = self._close(seconds)
        self._handle_deferred()
        return not left

    def _close(self, seconds: float) -> int:
        counts = self._outbox.counts
        self._is_closed = True
        self._close_by = self._now() + seconds
        self._outbox.retry_now()  # the next attempt may be due after `_close_by`
        self._outbox.release()
        self._has_progress.notify_all()
        self._wait_for(lambda: counts.is_all_delivered, seconds)
        left = counts.waiting
        if not self._outbox.close_spool() and left:
            self._notices.add(
                "left", f"{left} events are lost: the queue did not take them in time"
            )
        self._close_by = 0.0
        self._is_finished = True
        self._has_work.notify()
        return left

    def _wait_for(self, is_reached: Callable[[], bool], seconds: float | None) -> bool:
        """Wait without the locks: other threads can change everything meanwhile."""
        self._changing.release()
        try:
            return self._has_progress.wait_for(is_reached, seconds)
        finally:
            self._changing.acquire()

    @property
    def delivery(self) -> Delivery:
        """The counts of the events so far."""
        with self._lock:
            return self._outbox.delivery

    # Called by the sender's own thread

    def _run(self) -> None:
        while True:
            try:
                with self._lock:
                    now = self._now()
                    if self._is_closed and self._is_over(now):
                        return
                    is_urgent = self._is_closed or self._flush_calls > 0
                    with self._changing:
                        step = self._outbox.next_step(now, is_urgent=is_urgent)
                    if step is None:
                        if not self._deferred:
                            self._sleep(now, is_urgent=is_urgent)
                        continue
                finish = step()
                with self._lock, self._changing:
                    try:
                        has_sent = finish()
                        if has_sent and not (self._is_closed and self._now() >= self._close_by):
                            self._outbox.report_drops()
                    finally:  # a fault must not leave `flush` waiting for what was delivered
                        self._has_progress.notify_all()
            except Exception:  # noqa: BLE001  # a fault of ours must not end the thread
                with suppress(Exception):
                    _log.exception("the sender failed, and continues")
                time.sleep(FAULT_SECONDS)
            finally:
                self._handle_deferred()

    def _is_over(self, now: float) -> bool:
        return now >= self._close_by or self._outbox.counts.is_all_delivered

    def _sleep(self, now: float, *, is_urgent: bool) -> None:
        until = self._outbox.next_due(now, is_urgent=is_urgent)
        if self._is_closed:
            until = min(until, self._close_by)
        self._has_work.wait(max(until - now, 0.001))

    # Called by every thread after it has released the locks

    def _handle_deferred(self) -> None:
        """Accept the events and log the warnings that had to wait for the end of a change."""
        while self._deferred:
            with suppress(IndexError):  # another thread was faster
                self.accept(self._deferred.popleft())
        self._notices.log()

    # Called by `ProcessLocal` at a fork

    def before_fork(self) -> None:
        """Take the lock, so that no other thread is in the middle of a change."""
        self._lock.acquire()

    def after_fork(self) -> None:
        """Release the lock, in the parent."""
        self._lock.release()

    def abandon(self) -> None:
        """Close the parent's files in the child; the events are the parent's."""
        self._outbox.close_spool(in_child=True)
