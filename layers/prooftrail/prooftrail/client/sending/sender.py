"""Sends events to the queue in the background."""

import math
import random
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from prooftrail.client.sending import uwsgi
from prooftrail.client.sending.delivery import Delivery
from prooftrail.client.sending.drops import Dropped
from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.notices import Notices
from prooftrail.client.sending.outbox import Outbox
from prooftrail.client.sending.processes import close_at_worker_end
from prooftrail.client.sending.shared import SharedState
from prooftrail.client.sending.spool import Spool
from prooftrail.client.sending.steps import Steps
from prooftrail.client.sending.worker import Worker
from prooftrail.intake.ports import JobQueue

ALONE_SECONDS: Final = 1.0
STUCK_SECONDS: Final = 0.01
WORKER_CHECK_SECONDS: Final = 1.0


class Sender:
    """Sends the events of one process, each a JSON text in ASCII, in a thread.

    An accepted event reaches the queue at least once, unless there is no spool and the process
    dies or `close` runs out of time. `report` makes the event that reports dropped ones; it is
    sent when the queue takes messages again. `ProcessLocal` gives a forked child its own sender.

    The spool is opened and the thread started with the first event, or with `flush`. In a process
    that must have no thread (see `uwsgi.is_alone`), `accept`, `flush` and `close` do its work.

    `accept` waits at most for the locks of `SharedState` and for a write to an open file.
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
        self._make_spool = make_spool
        self._limits = limits
        self._is_blocking = is_blocking
        self._now = now
        self._shared = SharedState()
        # No lock owns these: each of their operations is atomic.
        # Events logged by code that interrupted a change, with their tenants.
        self._deferred: deque[tuple[str, str | None]] = deque()
        self._notices = Notices(now)  # `add` needs the lock, `log` does not
        # The shared lock owns the outbox. The steps take it themselves.
        self._outbox = Outbox(
            make_queue,
            limits,
            self._notices,
            name=name,
            report=report,
            is_packing=is_packing,
            wake=self._shared.has_work.notify,
            now=now,
            jitter=jitter,
        )
        self._steps = Steps(self._shared, self._outbox, self._deferred, self._end_change, now=now)
        self._worker = Worker(self._steps.run)

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        return self._shared.is_closed

    @property
    def is_finished(self) -> bool:
        """Whether a call of `close` has ended."""
        return self._shared.is_finished

    def start(self) -> None:
        """Open the spool and start the thread. Without this call, the first event does."""
        with self._shared.lock, self._shared.changing:
            self._open()
        self._end_change()
        self._start_thread()

    def _open(self) -> None:
        if self._make_spool is not None:
            self._outbox.open_spool(self._make_spool)
        warning = uwsgi.find_warning()
        if warning is not None:
            self._notices.add("uwsgi", warning)
        close_at_worker_end()
        self._shared.is_open = True

    def _start_thread(self) -> None:
        """Start the thread, unless it runs or this process must have none.

        Call it without the locks.
        """
        if not self._worker.is_running and not uwsgi.is_alone():
            self._worker.start()

    def accept(self, text: str, tenant_id: str | None = None) -> bool:
        """Take an event; return False if it is dropped. Wait for room only if `is_blocking`.

        Without `tenant_id`, the event's tenant is found in its text.
        """
        with self._shared.lock:
            if self._shared.changing.locked():
                self._deferred.append((text, tenant_id))
                return True
            with self._shared.changing:
                is_accepted = self._accept(text, tenant_id)
        if self._notices.pending or self._deferred:
            self._end_change()
        if not self._worker.is_running:
            if uwsgi.is_alone():
                self.send_now(ALONE_SECONDS)
            else:
                self._worker.start()
        return is_accepted

    def _accept(self, text: str, tenant_id: str | None) -> bool:
        outbox, shared = self._outbox, self._shared
        if shared.is_closed:
            return outbox.drop("closed")
        if not shared.is_open:
            self._open()
        if self._is_blocking and not outbox.has_room(len(text)):
            shared.has_work.notify()
            shared.changing.release()
            try:
                shared.has_progress.wait_for(
                    lambda: shared.is_closed or outbox.has_room(len(text)),
                    self._limits.block_seconds,
                )
            finally:
                shared.changing.acquire()
            if shared.is_closed:
                return outbox.drop("closed")
        return outbox.add(text, tenant_id)

    def must_wait(self, size: int) -> bool:
        """Return whether `accept` has to wait for room for an event of this many bytes."""
        with self._shared.lock:
            return self._is_blocking and not self._outbox.has_room(size)

    def flush(self, timeout: float | None = None) -> bool:
        """Send the events accepted before; return whether all of them are in the queue.

        Wait for at most `timeout` seconds, or without it until they are. In a signal handler that
        interrupted the sender itself, do nothing and return False.
        """
        epoch = self._begin_flush()
        if epoch is None:
            return False
        counts = self._outbox.counts
        try:
            if self._make_spool is not None:  # it can have events of a dead process
                self._start_thread()
            return self._wait_for(lambda: counts.is_delivered_through(epoch), timeout)
        finally:
            self._end_flush()

    def send_now(self, seconds: float) -> None:
        """Send what can be sent now, for at most `seconds`: do not wait for the next attempt.

        If a step of another thread took longer already, wait for `STUCK_SECONDS` only.
        """
        if self._outbox.counts.is_all_delivered or self._begin_flush() is None:
            return
        shared = self._shared
        try:
            has_paused = self._wait_for(
                self._steps.has_paused, STUCK_SECONDS if shared.is_stuck else seconds
            )
            shared.is_stuck = shared.is_working and not has_paused
        finally:
            self._end_flush()

    def _begin_flush(self) -> int | None:
        """Make all events urgent, and return their epoch; None if this code interrupted a change.

        `_end_flush` has to follow.
        """
        shared = self._shared
        with shared.lock:
            if shared.changing.locked():
                return None
            with shared.changing:
                if not shared.is_open and not shared.is_closed:
                    self._open()
                shared.flush_calls += 1
                self._outbox.release()
                return self._outbox.counts.start_epoch()

    def _end_flush(self) -> None:
        with self._shared.lock:
            self._shared.flush_calls -= 1
        if not self._outbox.counts.is_all_delivered:  # the flush can have done the thread's work
            self._start_thread()
        self._end_change()

    def close(self, timeout: float | None = None) -> bool:
        """Send what is left and stop; return whether all of it is in the queue.

        After `timeout` seconds (`exit_seconds` by default) the rest stays in the spool for the
        next process. Without a spool it is lost, and the log says so. In a signal handler that
        interrupted the sender itself, do nothing and return False.
        """
        seconds = self._limits.exit_seconds if timeout is None else timeout
        shared, counts = self._shared, self._outbox.counts
        with shared.lock:
            if shared.changing.locked():
                return False
            if shared.is_closed:
                return counts.is_all_delivered and not shared.left
            with shared.changing:
                shared.is_closed = True
                shared.close_by = self._now() + seconds
                self._outbox.retry_now()  # the next attempt may be due after `close_by`
                self._outbox.release()
                shared.has_progress.notify_all()
        self._wait_for(lambda: counts.is_all_delivered, seconds)
        with shared.lock, shared.changing:
            self._finish()
        self._end_change()
        return not shared.left

    def _finish(self) -> None:
        shared = self._shared
        shared.left = self._outbox.close()
        shared.close_by = 0.0
        shared.is_finished = True
        shared.has_work.notify()
        shared.has_progress.notify_all()

    def _wait_for(self, is_reached: Callable[[], bool], seconds: float | None) -> bool:
        """Wait without the locks: other threads can change everything meanwhile.

        If no thread works and none can be started, do its work here.
        """
        shared = self._shared
        end = math.inf if seconds is None else self._now() + seconds
        while True:
            with shared.lock:
                if is_reached():
                    return True
                now = self._now()
                if now >= end or (shared.is_closed and now >= shared.close_by):
                    return False
            self._start_thread()
            with self._worker.claim() as is_claimed:
                if is_claimed:
                    self._steps.run_until(is_reached, end)
                    continue
            with shared.lock:
                left = min(end - self._now(), WORKER_CHECK_SECONDS)
                shared.has_progress.wait_for(lambda: is_reached() or shared.is_finished, left)

    @property
    def delivery(self) -> Delivery:
        """The counts of the events so far."""
        with self._shared.lock:
            return self._outbox.delivery

    def _end_change(self) -> None:
        """Accept the events and log the warnings that had to wait for the end of a change.

        Every thread calls it after it has released the locks.
        """
        while self._deferred:
            with suppress(IndexError):  # another thread was faster
                self.accept(*self._deferred.popleft())
        self._notices.log()

    # Called by `ProcessLocal` at a fork

    def before_fork(self) -> None:
        """Take the lock, so that no other thread is in the middle of a change."""
        self._shared.lock.acquire()

    def after_fork(self) -> None:
        """Release the lock, in the parent."""
        self._shared.lock.release()

    def abandon(self) -> None:
        """Close the parent's files in the child; the events are the parent's."""
        self._outbox.abandon()
