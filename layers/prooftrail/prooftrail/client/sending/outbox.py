"""The events of one process that are not in the queue yet."""

from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from prooftrail.client.sending.backlog import ABANDONED_SECONDS, Backlog
from prooftrail.client.sending.buffer import Buffer, BufferedEvent
from prooftrail.client.sending.delivery import Delivery, DeliveryCounts
from prooftrail.client.sending.drops import DropCounter, Dropped
from prooftrail.client.sending.limits import Limits
from prooftrail.client.sending.notices import Notices
from prooftrail.client.sending.spool import Spool, SpoolSegment
from prooftrail.client.sending.tenants import find_tenant
from prooftrail.client.sending.transport import Step, Transport
from prooftrail.errors import SpoolError, SpoolFullError
from prooftrail.intake.ports import JobQueue


class Outbox:
    """Keeps events in memory and on disk, and decides when they are sent.

    Not thread-safe: the sender holds a lock. Only the steps that `next_step` returns run without
    it. `wake` is called when there may be a next step.
    """

    def __init__(
        self,
        make_queue: Callable[[], JobQueue],
        limits: Limits,
        notices: Notices,
        *,
        name: str,
        report: Callable[[Dropped], str],
        is_packing: bool,
        wake: Callable[[], None],
        now: Callable[[], float],
        jitter: Callable[[float, float], float],
    ) -> None:
        self.counts = DeliveryCounts()
        self._limits = limits
        self._notices = notices
        self._report = report
        self._wake = wake
        self._now = now
        self._drops = DropCounter()
        self._buffer = Buffer(limits.buffer_bytes, is_packing=is_packing)
        self._backlog: Backlog | None = None  # None without a spool
        self._transport = Transport(
            make_queue,
            name,
            self._buffer,
            self.counts,
            notices,
            mark_delivered=self._mark_delivered,
            now=now,
            jitter=jitter,
        )

    def open_spool(self, make_spool: Callable[[], Spool]) -> None:
        """Open the spool, unless it is open. If it cannot be opened, memory has to do."""
        if self._backlog is None:
            try:
                self._backlog = Backlog(
                    make_spool(), self._buffer, self.counts, self._notices, now=self._now
                )
            except Exception as error:  # noqa: BLE001  # no fault of the disk stops the application
                self._notices.add("spool", f"no spool, events are kept in memory only: {error}")

    def abandon(self) -> None:
        """Close the files in a forked child, and leave their content to the parent."""
        if self._backlog is not None:
            self._backlog.close(in_child=True)

    def close(self) -> int:
        """Close the spool, and return how many events were not delivered.

        Without a spool they are lost: they are counted as dropped.
        """
        left = self.counts.waiting
        if self._backlog is not None:
            self._backlog.close()
        elif left:
            self.counts.give_up()
            self._drops.add("not sent in time", left)
            self._notices.add(
                "left", f"{left} events are lost: the queue did not take them in time"
            )
        return left

    def has_room(self, size: int) -> bool:
        """Return whether memory has room for an event of this many bytes."""
        return self._buffer.has_room(size)

    def add(self, text: str, tenant_id: str | None = None) -> bool:
        """Keep an event; return False if it is dropped. See `Sender.accept`."""
        has_room = self._buffer.has_room(len(text))
        segment = None
        if self._backlog is not None:
            try:
                segment = self._backlog.append(text, has_room=has_room)
                if segment is None:  # on disk only
                    return True
            except SpoolError as error:
                if not has_room:
                    is_full = isinstance(error, SpoolFullError)
                    return self.drop("spool full" if is_full else "spool unusable")
                self._notices.add("spool", f"events are kept in memory only: {error}")
        elif not has_room:
            return self.drop("buffer full")
        self._add_to_buffer(text, segment, tenant_id)
        return True

    def _add_to_buffer(
        self, text: str, segment: SpoolSegment | None, tenant_id: str | None = None
    ) -> None:
        buffer, limits = self._buffer, self._limits
        if not buffer.new_count:
            buffer.new_since = self._now()
            self._wake()
        tenant_id = tenant_id or find_tenant(text)
        buffer.add(BufferedEvent(text, self.counts.epoch, segment, tenant_id))
        self.counts.accept(self.counts.epoch)
        if (
            buffer.new_count == limits.flush_count
            or buffer.new_size - len(text) < limits.flush_bytes <= buffer.new_size
        ):
            self._wake()

    def drop(self, reason: str) -> Literal[False]:
        """Count an event as dropped."""
        self._drops.add(reason)
        self._notices.add(reason, f"events are dropped: {reason}")
        return False

    def report_drops(self) -> None:
        """Add an event that reports the dropped ones, if there are any."""
        dropped = self._drops.take()
        if dropped is None:
            return
        text = self._report(dropped)
        segment = None
        if self._backlog is not None:
            with suppress(SpoolError):
                segment = self._backlog.append_buffered(text)
        self._add_to_buffer(text, segment)

    def release(self) -> None:
        """Let the events that are on disk only be read back."""
        if self._backlog is not None:
            self._backlog.seal()
        self._wake()

    def retry_now(self) -> None:
        """End the waits after failed calls."""
        self._transport.retry_now()

    def next_step(self, now: float, *, is_urgent: bool) -> Step | None:
        """Return what to do now, or None. If urgent, new events are sent at once."""
        if self._backlog is not None:
            step = self._backlog.next_step(now, is_failing=self._transport.is_failing)
            if step is not None:
                return step
        return self._transport.next_step(now, include_new=self._is_due(now, is_urgent=is_urgent))

    def next_due(self, now: float, *, is_urgent: bool) -> float:
        """Return when the next step is due, unless a new event changes it."""
        buffer, paused_until = self._buffer, self._transport.paused_until
        times = [now + ABANDONED_SECONDS]
        if buffer.next_retry is not None:
            times.append(max(buffer.next_retry, paused_until))
        if buffer.new_count:
            is_due = self._is_due(now, is_urgent=is_urgent)
            due = now if is_due else buffer.new_since + self._limits.flush_seconds
            times.append(max(due, paused_until))
        if self._backlog is not None:
            times.append(self._backlog.next_due(is_failing=self._transport.is_failing))
        return min(times)

    def _is_due(self, now: float, *, is_urgent: bool) -> bool:
        buffer, limits = self._buffer, self._limits
        return buffer.new_count > 0 and (
            is_urgent
            or buffer.new_count >= limits.flush_count
            or buffer.new_size >= limits.flush_bytes
            or now - buffer.new_since >= limits.flush_seconds
        )

    def _mark_delivered(self, segment: SpoolSegment, count: int) -> None:
        if self._backlog is not None:
            self._backlog.mark_delivered(segment, count)

    @property
    def delivery(self) -> Delivery:
        """The counts of the events so far."""
        counts = self.counts
        return Delivery(
            accepted=counts.accepted,
            replayed=counts.replayed,
            delivered=counts.delivered,
            waiting=counts.waiting,
            spooled=self._backlog.spooled if self._backlog is not None else 0,
            dropped=self._drops.total,
            damaged=counts.damaged,
            retried=counts.retried,
            calls=counts.calls,
            messages=counts.messages,
            buffered_bytes=self._buffer.size,
        )
