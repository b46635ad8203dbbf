"""The events of a sender on disk, and their way back to memory."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Final

from prooftrail.client.sending.buffer import Buffer, BufferedEvent
from prooftrail.client.sending.delivery import DeliveryCounts
from prooftrail.client.sending.notices import Notices
from prooftrail.client.sending.spool import SegmentContent, Spool, SpoolSegment
from prooftrail.client.sending.tenants import find_tenant
from prooftrail.client.sending.transport import Step
from prooftrail.errors import SpoolBusyError, SpoolError

SYNC_SECONDS: Final = 1.0
ABANDONED_SECONDS: Final = 5.0


class Backlog:
    """Keeps events in a spool and reads them back. Not thread-safe: the sender holds a lock.

    While there is room in memory, an event is in memory and on disk, and is never read back. From
    the first event without room, all are on disk only, until half of the memory is free.
    """

    def __init__(
        self,
        spool: Spool,
        buffer: Buffer,
        counts: DeliveryCounts,
        notices: Notices,
        *,
        now: Callable[[], float],
    ) -> None:
        self.spooled = 0  # events on disk only
        self._spool = spool
        self._buffer = buffer
        self._counts = counts
        self._notices = notices
        self._now = now
        self._is_disk_only = False  # new events go to disk only
        self._segments: deque[SpoolSegment] = deque()  # to read back
        self._read_after = 0.0
        self._synced_at = 0.0
        self._searched_at = -ABANDONED_SECONDS

    def append(self, text: str, *, has_room: bool) -> SpoolSegment | None:
        """Write an event; return its segment if the buffer has to hold it too, else None.

        Raises:
            SpoolFullError: The spool has reached its limit.
            SpoolError: The disk does not take the event.
        """
        if has_room and not self._is_disk_only:
            return self.append_buffered(text)
        segment = self._spool.append(text, is_buffered=False)
        self._is_disk_only = True
        if segment.outstanding == 1:
            segment.epoch = self._counts.epoch
        self.spooled += 1
        self._counts.accept(segment.epoch)
        if segment.is_sealed:
            self._segments.append(segment)
        return None

    def append_buffered(self, text: str) -> SpoolSegment:
        """Write an event that the buffer holds too; see `append`."""
        return self._spool.append(text, is_buffered=True)

    def mark_delivered(self, segment: SpoolSegment, count: int) -> None:
        """Forget this many of a segment's events: they are in the queue."""
        self._spool.mark_delivered(segment, count)

    def seal(self) -> None:
        """Make the events that are on disk only ready to be read back."""
        segment = self._spool.seal(is_buffered=False)
        if segment is not None:
            self._segments.append(segment)

    def close(self, *, in_child: bool = False) -> None:
        """Close the files; see `Spool.close`."""
        self._spool.close(in_child=in_child)

    def next_step(self, now: float, *, is_failing: bool) -> Step | None:
        """Return what to do with the files now, or None. `is_failing`: the queue takes nothing."""
        if now - self._searched_at >= ABANDONED_SECONDS:
            self._searched_at = now
            self._segments.extend(self._spool.take_over_abandoned())
        if self._buffer.size <= self._buffer.max_bytes // 2:
            if self._is_disk_only:
                self._is_disk_only = False
                self.seal()
            if self._segments and now >= self._read_after:
                segment = self._segments.popleft()
                self._buffer.reserved = segment.size
                return partial(self._read, segment)
        if self._is_behind(is_failing=is_failing) and now - self._synced_at >= SYNC_SECONDS:
            self._synced_at = now
            return partial(self._sync, self._spool.prepare_sync())
        return None

    def next_due(self, *, is_failing: bool) -> float:
        """Return when `next_step` has something to do, unless an event changes it earlier."""
        due = self._searched_at + ABANDONED_SECONDS
        if self._is_behind(is_failing=is_failing):
            return min(due, self._synced_at + SYNC_SECONDS)
        return due

    def _is_behind(self, *, is_failing: bool) -> bool:
        """Return whether events stay on disk for longer than a call takes."""
        return is_failing or self._is_disk_only or bool(self._segments)

    # `_read` and `_sync` run without the lock; what they return runs with it.

    def _read(self, segment: SpoolSegment) -> Callable[[], bool]:
        try:
            content = self._spool.load(segment)
        except SpoolBusyError as error:
            return partial(self._read_later, segment, error)
        except SpoolError as error:
            return partial(self._set_aside, segment, error)
        return partial(self._add_to_buffer, segment, content)

    def _read_later(self, segment: SpoolSegment, error: SpoolError) -> bool:
        self._buffer.reserved = 0
        self._read_after = self._now() + SYNC_SECONDS
        self._segments.appendleft(segment)
        self._notices.add("busy", f"{error}; it is read again later")
        return False

    def _set_aside(self, segment: SpoolSegment, error: SpoolError) -> bool:
        self._buffer.reserved = 0
        lost = segment.outstanding
        path = self._spool.set_aside(segment)
        self._notices.add(str(path), f"{error}; it is kept as {path}")
        self._forget(lost)
        self._counts.lose(segment.epoch, lost)
        return False

    def _add_to_buffer(self, segment: SpoolSegment, content: SegmentContent) -> bool:
        self._buffer.reserved = 0
        if segment.is_damaged:
            self._notices.add(
                str(segment.path),
                f"{segment.path}: {content.damaged} lines are damaged, the others are sent; "
                f"it is kept as {segment.path.name}.damaged",
            )
        count = len(content.events)
        if segment.outstanding:  # of this process
            self._forget(segment.outstanding)
            self._counts.lose(segment.epoch, segment.outstanding - count)
        else:
            segment.epoch = self._counts.epoch
            self._counts.replayed += count
            self._counts.damaged += content.damaged
            if count:
                self._counts.accept(segment.epoch, count)
        segment.outstanding = count
        if not count:
            self._spool.mark_delivered(segment, 0)
        if not self._buffer.new_count:
            self._buffer.new_since = self._now()
        for text in content.events:
            self._buffer.add(BufferedEvent(text, segment.epoch, segment, find_tenant(text)))
        return False

    def _forget(self, count: int) -> None:
        # Below zero: a signal handler raised before an event was counted.
        self.spooled = max(0, self.spooled - count)

    def _sync(self, sync: Callable[[], None]) -> Callable[[], bool]:
        try:
            sync()
        except SpoolError as error:
            return partial(self._warn, f"the disk does not keep the spool: {error}")
        return lambda: False

    def _warn(self, text: str) -> bool:
        self._notices.add("spool", text)
        return False
