"""What brings events to the queue: a thread, a bounded buffer, a spool, and patience.

Whoever logs an event waits for a lock and a write to an open file at most, never for the queue.
"""

import atexit
import logging
import os
import random
import sys
import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal

from prooftrail.client.buffer import MAX_CALL_BYTES, Buffer, BufferedEvent, InFlightMessage
from prooftrail.client.spool import SEGMENT_BYTES, Spool, SpoolSegment
from prooftrail.errors import (
    AuditLogError,
    QueueUnavailableError,
    SpoolBusyError,
    SpoolError,
    SpoolFullError,
)
from prooftrail.event.times import now_ms
from prooftrail.intake.ports import JobQueue

FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 10.0
SYNC_SECONDS: Final = 1.0
ABANDONED_SECONDS: Final = 60.0
WARNING_SECONDS: Final = 60.0
_MAX_DOUBLINGS: Final = 16

_log = logging.getLogger("prooftrail.client")


@dataclass(frozen=True, slots=True)
class Limits:
    """A sender's bounds. Sizes are in bytes of the events' JSON.

    `flush_bytes`, `flush_count` and `flush_seconds`: whichever comes first begins a call.
    `buffer_bytes` bounds the memory, `spool_bytes` the disk, `block_seconds` the wait of `block`,
    `exit_seconds` what is waited for when the process ends.
    """

    buffer_bytes: int = 8 * 1024 * 1024
    spool_bytes: int = 256 * 1024 * 1024
    flush_bytes: int = MAX_CALL_BYTES * 7 // 8
    flush_count: int = 2_000
    flush_seconds: float = 1.0
    block_seconds: float = 1.0
    exit_seconds: float = 5.0

    @property
    def segment_bytes(self) -> int:
        """How large a spool's file grows: so that the buffer can take several."""
        return min(SEGMENT_BYTES, self.buffer_bytes // 4)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the events so far.

    `accepted` were taken in, `replayed` of them from a process that died; `delivered` are in the
    queue, `waiting` in memory or on disk, `spooled` of them on disk alone; `dropped` were not
    taken in; `damaged` were spoilt on disk; `retried` messages were sent once more; `calls` and
    `messages` count what SQS was asked; `buffered_bytes` are in memory now.
    """

    accepted: int = 0
    replayed: int = 0
    delivered: int = 0
    waiting: int = 0
    spooled: int = 0
    dropped: int = 0
    damaged: int = 0
    retried: int = 0
    calls: int = 0
    messages: int = 0
    buffered_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Dropped:
    """Events that were let go: how many, why, and from when to when (ms since 1970)."""

    reasons: Mapping[str, int]
    first_ms: int
    last_ms: int

    @property
    def count(self) -> int:
        """How many."""
        return sum(self.reasons.values())


class Sender:
    """Sends events, each a JSON text in ASCII, in the background.

    An event that `accept` has taken reaches the queue at least once, unless the process dies
    without a spool, or `close` runs out of time without one. `report` makes the event that tells
    of dropped ones; it is sent when the queue takes messages again.
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
        self._make_queue = make_queue
        self._make_spool = make_spool
        self._limits = limits
        self._report = report
        self._name = name
        self._is_blocking = is_blocking
        self._is_packing = is_packing
        self._now = now
        self._jitter = jitter
        self._is_closed = False
        self._begin()
        with self._lock, self._amid:
            self._open()
        self._tell()
        _senders.add(self)

    def _begin(self) -> None:
        """The state of a process that has no events yet."""
        self._lock = threading.RLock()
        self._amid = threading.Lock()  # taken by whoever changes something under the other one
        self._late: deque[str] = deque()  # logged by what interrupted its own thread amid a change
        self._changed = threading.Condition(self._lock)  # wakes the thread
        self._settled = threading.Condition(self._lock)  # wakes those who wait for it
        self._queue: JobQueue | None = None
        self._thread: threading.Thread | None = None
        self._spool: Spool | None = None
        self._buffer = Buffer(is_packing=self._is_packing)
        self._backlog: deque[SpoolSegment] = deque()
        self._is_diverting = False
        self._eager = 0
        self._close_by = 0.0
        self._oldest_at = 0.0
        self._epoch = 0
        self._outstanding: dict[int, int] = {}
        self._spooled = 0
        self._reserved = 0  # for what is being read back
        self._failures = 0
        self._blocked_until = 0.0
        self._synced_at = 0.0
        self._read_after = 0.0
        self._looked_at = -ABANDONED_SECONDS
        self._drops: Counter[str] = Counter()
        self._dropped_ms = (0, 0)
        self._counts: Counter[str] = Counter()
        self._notes: list[str] = []
        self._noted_at: dict[str, float] = {}

    def _open(self) -> None:
        """Start the thread, and open the spool."""
        if self._make_spool is not None and self._spool is None:
            try:
                self._spool = self._make_spool()
            except Exception as error:  # noqa: BLE001  # whatever it is, memory serves
                self._note("spool", f"no spool, events are kept in memory alone: {error}")
        thread = threading.Thread(target=self._run, name="prooftrail-sender", daemon=True)
        with suppress(RuntimeError):  # the interpreter is ending: the spool keeps what comes
            thread.start()
            self._thread = thread
        _close_with_worker()

    # The application's side

    def accept(self, text: str) -> bool:
        """Take in an event; answers False where it is dropped. Waits only if told to block."""
        with self._lock:
            if self._amid.locked():  # by this thread: a signal's handler, or `__del__`
                self._late.append(text)
                return True
            with self._amid:
                is_taken = self._accept(text)
        if self._notes or self._late:
            self._tell()
        return is_taken

    def _accept(self, text: str) -> bool:
        if self._is_closed:
            return self._drop("closed")
        if self._thread is None:
            self._open()
        size = len(text)
        has_room = self._has_room(size)
        if self._spool is not None:
            return self._accept_spooled(self._spool, text, has_room=has_room)
        if not has_room and self._is_blocking:
            self._changed.notify()
            has_room = self._wait_for(
                lambda: self._is_closed or self._has_room(size), self._limits.block_seconds
            )
        if self._is_closed or not has_room:
            return self._drop("closed" if self._is_closed else "buffer full")
        self._hold(text, None)
        return True

    def _wait_for(self, is_so: Callable[[], bool], seconds: float | None) -> bool:
        self._amid.release()
        try:
            return self._settled.wait_for(is_so, seconds)
        finally:
            self._amid.acquire()

    def would_block(self, size: int) -> bool:
        """Whether `accept` might wait for room for so many bytes."""
        with self._lock:
            return self._is_blocking and not self._has_room(size)

    def _has_room(self, size: int) -> bool:
        return self._buffer.size + self._reserved + size <= self._limits.buffer_bytes

    def _accept_spooled(self, spool: Spool, text: str, *, has_room: bool) -> bool:
        is_held = has_room and not self._is_diverting
        try:
            segment = spool.append(text, is_held=is_held)
        except SpoolError as error:
            if not has_room:
                is_full = isinstance(error, SpoolFullError)
                return self._drop("spool full" if is_full else "spool unusable")
            self._note("spool", f"events are kept in memory alone: {error}")
            self._hold(text, None)
            return True
        if is_held:
            self._hold(text, segment)
            return True
        self._is_diverting = True
        if segment.outstanding == 1:
            segment.epoch = self._epoch
        self._spooled += 1
        self._count_in(segment.epoch, 1)
        if segment.is_sealed:
            self._backlog.append(segment)
        return True

    def _hold(self, text: str, segment: SpoolSegment | None) -> None:
        buffer, limits = self._buffer, self._limits
        if not buffer.ready_count:
            self._oldest_at = self._now()
            self._changed.notify()
        buffer.add(BufferedEvent(text, self._epoch, segment))
        self._count_in(self._epoch, 1)
        if (
            buffer.ready_count == limits.flush_count
            or buffer.ready_size - len(text) < limits.flush_bytes <= buffer.ready_size
        ):
            self._changed.notify()

    def _count_in(self, epoch: int, count: int) -> None:
        self._outstanding[epoch] = self._outstanding.get(epoch, 0) + count
        self._counts["accepted"] += count

    def _count_out(self, epoch: int, count: int) -> None:
        left = self._outstanding.get(epoch, 0) - count
        if left > 0:
            self._outstanding[epoch] = left
        else:  # less than none: a signal's handler raised before an event was counted in
            self._outstanding.pop(epoch, None)
        self._settled.notify_all()

    def _drop(self, reason: str) -> Literal[False]:
        dropped_ms = now_ms()
        self._dropped_ms = (self._dropped_ms[0] or dropped_ms, dropped_ms)
        self._drops[reason] += 1
        self._counts["dropped"] += 1
        self._note(reason, f"events are dropped: {reason}")
        return False

    def flush(self, timeout: float | None = None) -> bool:
        """Send what was accepted before; answers whether the queue has all of it.

        Waits for at most `timeout` seconds, without one for as long as the queue is away. In a
        signal's handler that interrupted the logger itself it does nothing, and answers False.
        """
        with self._lock:
            if self._amid.locked():
                return False
            with self._amid:
                is_flushed = self._flush(timeout)
        self._tell()
        return is_flushed

    def _flush(self, timeout: float | None) -> bool:
        mark = self._epoch
        self._epoch += 1
        self._eager += 1
        try:
            if self._thread is None and self._outstanding:
                self._open()
            self._queue_stored()
            self._changed.notify()
            return self._wait_for(lambda: min(self._outstanding, default=mark + 1) > mark, timeout)
        finally:
            self._eager -= 1

    def close(self, timeout: float | None = None) -> bool:
        """Send what is left and stop; answers whether the queue has all of it.

        After `timeout` seconds (`exit_seconds` unless given) the rest stays in the spool for the
        next process, or is lost and told in the log where there is none. In a signal's handler
        that interrupted the logger itself it does nothing, and answers False.
        """
        seconds = self._limits.exit_seconds if timeout is None else timeout
        with self._lock:
            if self._amid.locked():
                return False
            if self._is_closed:
                return not self._outstanding
            with self._amid:
                left = self._close(seconds)
        self._tell()
        _senders.discard(self)
        return not left

    def _close(self, seconds: float) -> int:
        self._is_closed = True
        self._close_by = self._now() + seconds
        self._blocked_until = 0.0  # a wait may be longer than there is time
        self._buffer.hasten()
        self._queue_stored()
        self._changed.notify()
        self._settled.notify_all()
        self._wait_for(lambda: not self._outstanding, seconds)
        left = sum(self._outstanding.values())
        if self._spool is not None:
            self._spool.close()
        if left and self._spool is None:
            self._note("left", f"{left} events are lost: the queue did not take them in time")
        self._close_by = 0.0
        self._changed.notify()
        return left

    def _queue_stored(self) -> None:
        """Let the thread read back what is on disk alone."""
        segment = self._spool.seal(is_held=False) if self._spool else None
        if segment is not None:
            self._backlog.append(segment)

    @property
    def delivery(self) -> Delivery:
        """What became of the events so far."""
        with self._lock:
            waiting = sum(self._outstanding.values())
            return Delivery(
                waiting=waiting,
                spooled=self._spooled,
                buffered_bytes=self._buffer.size,
                **self._counts,
            )

    # The thread's side

    def _run(self) -> None:
        while True:
            try:
                with self._lock:
                    now = self._now()
                    if self._is_closed and (now >= self._close_by or not self._outstanding):
                        return
                    with self._amid:
                        step = self._next_step(now)
                    if step is None:
                        if not self._late:
                            self._changed.wait(self._seconds_until_next(now))
                        continue
                step()
            except Exception:  # noqa: BLE001  # a fault of ours must not end what sends
                with suppress(Exception):
                    _log.exception("the sender failed, and goes on")
                time.sleep(FIRST_WAIT_SECONDS)
            finally:
                self._tell()

    def _next_step(self, now: float) -> Callable[[], None] | None:
        """What there is to do without the lock, or None."""
        if self._spool is not None and (step := self._next_spool_step(self._spool, now)):
            return step
        if now < self._blocked_until:
            return None
        parcels = self._buffer.take(now, fresh=self._is_due(now))
        if not parcels:
            return None
        return lambda: self._deliver(parcels)

    def _next_spool_step(self, spool: Spool, now: float) -> Callable[[], None] | None:
        if now - self._looked_at >= ABANDONED_SECONDS:
            self._looked_at = now
            self._backlog.extend(spool.abandoned())
        if self._buffer.size <= self._limits.buffer_bytes // 2:
            if self._is_diverting:
                self._is_diverting = False
                self._queue_stored()
            if self._backlog and now >= self._read_after:
                segment = self._backlog.popleft()
                self._reserved = segment.size
                return lambda: self._read_back(spool, segment)
        if self._has_backlog and now - self._synced_at >= SYNC_SECONDS:
            self._synced_at = now
            sync = spool.syncing()
            return lambda: self._sync(sync)
        return None

    @property
    def _has_backlog(self) -> bool:
        """Whether events stay in the spool for longer than a call takes."""
        return self._failures > 0 or self._is_diverting or bool(self._backlog)

    def _is_due(self, now: float) -> bool:
        buffer, limits = self._buffer, self._limits
        return buffer.ready_count > 0 and (
            self._eager > 0
            or self._is_closed
            or buffer.ready_count >= limits.flush_count
            or buffer.ready_size >= limits.flush_bytes
            or now - self._oldest_at >= limits.flush_seconds
        )

    def _seconds_until_next(self, now: float) -> float:
        moments = [now + ABANDONED_SECONDS]
        if self._buffer.next_due is not None:
            moments.append(max(self._buffer.next_due, self._blocked_until))
        if self._buffer.ready_count:
            due = now if self._is_due(now) else self._oldest_at + self._limits.flush_seconds
            moments.append(max(due, self._blocked_until))
        if self._spool is not None:
            moments.append(self._looked_at + ABANDONED_SECONDS)
            if self._has_backlog:
                moments.append(self._synced_at + SYNC_SECONDS)
        if self._is_closed:
            moments.append(self._close_by)
        return max(min(moments) - now, 0.001)

    def _deliver(self, parcels: Sequence[InFlightMessage]) -> None:
        faults = self._send([parcel.body for parcel in parcels])
        with self._lock, self._amid:
            now = self._now()
            self._counts["calls"] += 1
            self._counts["messages"] += len(parcels)
            self._counts["retried"] += sum(parcel.attempts > 0 for parcel in parcels)
            failed = [parcels[position] for position in sorted(faults)]
            for position, parcel in enumerate(parcels):
                if position not in faults:
                    self._settle(parcel)
            if len(failed) == len(parcels):
                self._wait_out(failed, now, next(iter(faults.values())))
                return
            self._failures, self._blocked_until = 0, 0.0
            for parcel in failed:
                self._buffer.postpone([parcel], now + self._wait_seconds(parcel.attempts))
            self._report_drops()

    def _send(self, bodies: Sequence[str]) -> Mapping[int, AuditLogError]:
        try:
            if self._queue is None:
                self._queue = self._make_queue()
            return self._queue.send(bodies)
        except Exception as error:  # noqa: BLE001  # of a client that the application made
            fault = QueueUnavailableError(f"{type(error).__name__}: {error}")
            return dict.fromkeys(range(len(bodies)), fault)

    def _wait_out(
        self, parcels: Sequence[InFlightMessage], now: float, fault: AuditLogError
    ) -> None:
        """The queue took nothing: try nothing else before its time."""
        self._blocked_until = now + self._wait_seconds(self._failures)
        self._failures += 1
        self._buffer.postpone(parcels, self._blocked_until)
        self._note("queue", f"{self._name} takes no events now, they wait: {fault}")

    def _wait_seconds(self, failures: int) -> float:
        """A random part of a wait that doubles (full jitter)."""
        doubled = FIRST_WAIT_SECONDS * 2 ** min(failures, _MAX_DOUBLINGS)
        return self._jitter(0, min(LONGEST_WAIT_SECONDS, doubled))

    def _settle(self, parcel: InFlightMessage) -> None:
        self._buffer.settle(parcel)
        for (epoch, segment), count in parcel.origins.items():
            self._counts["delivered"] += count
            self._count_out(epoch, count)
            if segment is not None and self._spool is not None:
                self._spool.settle(segment, count)

    def _report_drops(self) -> None:
        if not self._drops or (self._is_closed and self._now() >= self._close_by):
            return
        dropped = Dropped(dict(self._drops), *self._dropped_ms)
        self._drops.clear()
        self._dropped_ms = (0, 0)
        text = self._report(dropped)
        segment = None
        if self._spool is not None:
            with suppress(SpoolError):
                segment = self._spool.append(text, is_held=True)
        self._hold(text, segment)

    def _read_back(self, spool: Spool, segment: SpoolSegment) -> None:
        expected = segment.outstanding
        try:
            content = spool.load(segment)
        except SpoolBusyError as error:
            with self._lock, self._amid:
                self._reserved = 0
                self._read_after = self._now() + SYNC_SECONDS
                self._backlog.appendleft(segment)
                self._note("busy", f"{error}; it is read again")
            return
        except SpoolError as error:
            with self._lock, self._amid:
                self._reserved = 0
                place = spool.set_aside(segment)
                self._note(str(place), f"{error}; it is kept as {place}")
                self._lose(segment.epoch, expected)
            return
        with self._lock, self._amid:
            self._reserved = 0
            if segment.is_damaged:
                self._note(
                    str(segment.path),
                    f"{segment.path}: {content.damaged} lines are damaged, the others are sent; "
                    f"it is kept as {segment.path.name}.damaged",
                )
            count = len(content.events)
            if expected:
                self._spooled = max(0, self._spooled - expected)
                self._lose(segment.epoch, expected - count)
            else:
                segment.epoch = self._epoch
                self._counts["replayed"] += count
                self._counts["damaged"] += content.damaged
                if count:
                    self._count_in(segment.epoch, count)
            segment.outstanding = count
            if not count:
                spool.settle(segment, 0)
            if not self._buffer.ready_count:
                self._oldest_at = self._now()
            for text in content.events:
                self._buffer.add(BufferedEvent(text, segment.epoch, segment))

    def _lose(self, epoch: int, count: int) -> None:
        if count > 0:
            self._counts["damaged"] += count
            self._count_out(epoch, count)

    def _sync(self, sync: Callable[[], None]) -> None:
        try:
            sync()
        except SpoolError as error:
            with self._lock, self._amid:
                self._note("spool", f"the disk does not keep the spool: {error}")

    # What is left until the lock is given back: for a log handler, too, may log audit events

    def _note(self, key: str, text: str) -> None:
        now = self._now()
        if now - self._noted_at.get(key, -WARNING_SECONDS) >= WARNING_SECONDS:
            self._noted_at[key] = now
            self._notes.append(text)

    def _tell(self) -> None:
        while self._late:
            with suppress(IndexError):  # another thread takes it
                self.accept(self._late.popleft())
        while self._notes:
            with suppress(Exception):  # another thread tells it; or a log handler fails
                _log.warning("%s", self._notes.pop(0))

    # Forks

    def before_fork(self) -> None:
        """Let no other thread be amid a change."""
        self._lock.acquire()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._lock.release()

    def after_fork_in_child(self) -> None:
        """Leave the parent's events to the parent, and begin anew."""
        if self._spool is not None:
            self._spool.close(in_child=True)
        self._begin()


_senders: "weakref.WeakSet[Sender]" = weakref.WeakSet()
_forking: list[Sender] = []
_fork_lock = threading.Lock()  # two threads may fork at once


def _before_fork() -> None:
    _fork_lock.acquire()
    _forking.extend(_senders)
    for sender in _forking:
        sender.before_fork()


def _after_fork_in_parent() -> None:
    while _forking:
        _forking.pop().after_fork_in_parent()
    _fork_lock.release()


def _after_fork_in_child() -> None:
    global _fork_lock  # whoever forks in C may not have taken it
    _forking.clear()
    _fork_lock = threading.Lock()
    for sender in list(_senders):
        sender.after_fork_in_child()


def _close_all() -> None:
    for sender in list(_senders):
        sender.close()


def _close_with_worker() -> None:
    """Have a process that multiprocessing began close its senders: it ends without atexit."""
    process = sys.modules.get("multiprocessing.process")
    util = sys.modules.get("multiprocessing.util")
    if process is not None and util is not None and process.parent_process() is not None:
        util.Finalize(None, _close_all, exitpriority=0)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
atexit.register(_close_all)
