"""Following a trail: new events as they are stored, including late events with old timestamps.

AuditEvents is ordered by the events' own timestamps, and no index is ordered by arrival. So each
poll reads a stretch of time before the newest event again, the overlap, and skips the events that
it has seen. An event that arrives later than the overlap after its timestamp is missed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from prooftrail.event.ids import decode_time
from prooftrail.query.filters import Filters
from prooftrail.query.pages import list_pages
from prooftrail.query.ports import EventReader, StoredEvent, UnreadableEvent


@dataclass(slots=True)
class Follower:
    """Finds the matching events that it has not returned before.

    `overlap_ms` is how long after its timestamp an event may arrive. A poll costs what it costs to
    read the events of that time.
    """

    reader: EventReader
    filters: Filters
    shard_count: int
    overlap_ms: int
    _seen: set[str] = field(default_factory=set)
    _newest_ms: int | None = None

    def start(self, count: int | None, now_ms: int) -> Sequence[StoredEvent | UnreadableEvent]:
        """Return the newest `count` events, or all, oldest first; take all older ones as seen.

        Raises:
            StoreUnavailableError, StoreRejectedError: the events cannot be read now.
        """
        newest = self._read(None, descending=True, limit=1)
        self._newest_ms = min(now_ms, decode_time(newest[0].id)) if newest else now_ms
        # Poll before reading: an event that arrives in between is returned now or by the next poll.
        self.poll(now_ms)
        shown = [] if count == 0 else self._read(None, descending=True, limit=count)
        self._mark_seen(shown)
        return shown[::-1]

    def poll(self, now_ms: int) -> Sequence[StoredEvent | UnreadableEvent]:
        """Return the events that no earlier call returned, in the order of their timestamps.

        Raises:
            StoreUnavailableError, StoreRejectedError: the events cannot be read now; the next poll
                returns them.
        """
        # An event may have a timestamp in the future, and this clock may be slow or fast. Starting
        # from the earlier of both times misses no event.
        start_ms = max(min(self._newest_ms or 0, now_ms) - self.overlap_ms, 0)
        if self.filters.start_ms is not None:
            start_ms = max(start_ms, self.filters.start_ms)
        found = [
            event
            for event in self._read(start_ms, descending=False, limit=None)
            if event.id not in self._seen
        ]
        self._seen = {event_id for event_id in self._seen if decode_time(event_id) >= start_ms}
        self._mark_seen(found)
        return found

    def _mark_seen(self, events: Sequence[StoredEvent | UnreadableEvent]) -> None:
        self._seen |= {event.id for event in events}
        times = [decode_time(event.id) for event in events]
        self._newest_ms = max([self._newest_ms or 0, *times])

    def _read(
        self, start_ms: int | None, *, descending: bool, limit: int | None
    ) -> list[StoredEvent | UnreadableEvent]:
        filters = self.filters if start_ms is None else replace(self.filters, start_ms=start_ms)
        pages = list_pages(
            self.reader,
            filters,
            shard_count=self.shard_count,
            limit=limit,
            descending=descending,
        )
        return [event for page in pages for event in page.events]
