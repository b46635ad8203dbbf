"""Calls to the queue, and the waits between them."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final

from prooftrail.client.sending.buffer import Buffer, InFlightMessage
from prooftrail.client.sending.delivery import DeliveryCounts
from prooftrail.client.sending.notices import Notices
from prooftrail.client.sending.spool import SpoolSegment
from prooftrail.errors import AuditLogError, QueueUnavailableError
from prooftrail.intake.ports import JobMessage, JobQueue

FIRST_WAIT_SECONDS: Final = 0.2
LONGEST_WAIT_SECONDS: Final = 10.0
_MAX_DOUBLINGS: Final = 16

# What the thread does next, without the lock. It returns what then needs the lock, which returns
# whether the queue took something.
Step = Callable[[], Callable[[], bool]]


class Transport:
    """Sends the buffer's messages to the queue. Not thread-safe: the sender holds a lock.

    `name` is the queue's name in warnings. `mark_delivered` is called with a segment and the
    number of its events that are in the queue.
    """

    def __init__(
        self,
        make_queue: Callable[[], JobQueue],
        name: str,
        buffer: Buffer,
        counts: DeliveryCounts,
        notices: Notices,
        *,
        mark_delivered: Callable[[SpoolSegment, int], None],
        now: Callable[[], float],
        jitter: Callable[[float, float], float],
    ) -> None:
        self.paused_until = 0.0
        self._make_queue = make_queue
        self._queue: JobQueue | None = None  # the thread uses it, without a lock
        self._ssl_context = ssl.SSLContext  # what the queue was made with
        self._name = name
        self._buffer = buffer
        self._counts = counts
        self._notices = notices
        self._mark_delivered = mark_delivered
        self._now = now
        self._jitter = jitter
        self._failures = 0  # calls in a row of which the queue took nothing

    @property
    def is_failing(self) -> bool:
        """Whether the queue took nothing of the last call."""
        return self._failures > 0

    def retry_now(self) -> None:
        """End all waits."""
        self.paused_until = 0.0
        self._buffer.retry_now()

    def next_step(self, now: float, *, include_new: bool) -> Step | None:
        """Return the next call, or None if there is nothing to send now."""
        if now < self.paused_until:
            return None
        messages = self._buffer.take_messages(now, include_new=include_new)
        if not messages:
            return None
        return lambda: partial(self._finish, messages, self._send(messages))

    def _send(self, messages: Sequence[InFlightMessage]) -> Mapping[int, AuditLogError]:
        """Make a call, without the lock. Return the errors by position."""
        try:
            if self._queue is None or self._ssl_context is not ssl.SSLContext:
                # Contexts that were made before gevent patched `ssl` fail at the next connection.
                self._ssl_context, self._queue = ssl.SSLContext, self._make_queue()
            return self._queue.send(
                [JobMessage(message.body, message.tenant_id) for message in messages]
            )
        except Exception as error:  # noqa: BLE001  # the application made the client
            fault = QueueUnavailableError(f"the SQS client failed: {type(error).__name__}: {error}")
            return dict.fromkeys(range(len(messages)), fault)

    def _finish(
        self, messages: Sequence[InFlightMessage], faults: Mapping[int, AuditLogError]
    ) -> bool:
        now = self._now()
        self._counts.calls += 1
        self._counts.messages += len(messages)
        self._counts.retried += sum(message.attempts > 0 for message in messages)
        failed = [messages[position] for position in sorted(faults)]
        for position, message in enumerate(messages):
            if position not in faults:
                self._remove(message)
        if len(failed) == len(messages):
            self.paused_until = now + self._wait_seconds(self._failures)
            self._failures += 1
            self._buffer.postpone(failed, self.paused_until)
            fault = next(iter(faults.values()))
            self._notices.add(
                "queue", f"{self._name} does not take events now, they are sent later: {fault}"
            )
            return False
        self._failures, self.paused_until = 0, 0.0
        for message in failed:
            self._buffer.postpone([message], now + self._wait_seconds(message.attempts))
        return True

    def _remove(self, message: InFlightMessage) -> None:
        self._buffer.remove(message)
        for (epoch, segment), count in message.origins.items():
            self._counts.deliver(epoch, count)
            if segment is not None:
                self._mark_delivered(segment, count)

    def _wait_seconds(self, failures: int) -> float:
        """Return a random part of a wait that doubles with each failure (full jitter)."""
        doubled = FIRST_WAIT_SECONDS * 2 ** min(failures, _MAX_DOUBLINGS)
        return self._jitter(0, min(LONGEST_WAIT_SECONDS, doubled))
