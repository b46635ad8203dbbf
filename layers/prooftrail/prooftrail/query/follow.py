"""Following a trail: new events as they are stored, late ones with old times among them.

AuditEvents is ordered by the events' own times, and no index by arrival. So each look reads the
time from a while before the newest event, and leaves out what it has seen. An event that arrives
later than that while after its time is not noticed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from prooftrail.event.ids import decode_time
from prooftrail.query.filters import Filters
from prooftrail.query.pages import list_pages
from prooftrail.query.ports import EventReader, StoredEvent, UnreadableEvent


@dataclass(slots=True)
class Follower:
    """What matches and was not seen yet; `overlap_ms` is how late an event may arrive.

    A look costs what the events of the overlap cost to read.
    """

    reader: EventReader
    filters: Filters
    shard_count: int
    overlap_ms: int
    _seen: set[str] = field(default_factory=set)
    _newest_ms: int | None = None

    def start(self, count: int, now_ms: int) -> Sequence[StoredEvent | UnreadableEvent]:
        """The newest so many events, oldest first; what was there before them counts as seen.

        Raises:
            StoreUnavailableError, StoreRejectedError: the events cannot be read now.
        """
        newest = self._read(None, descending=True, limit=1)
        self._newest_ms = min(now_ms, decode_time(newest[0].id)) if newest else now_ms
        # In this order: what arrives in between is shown, now or by the next look.
        self.poll(now_ms)
        shown = self._read(None, descending=True, limit=count) if count else []
        self._note(shown)
        return shown[::-1]

    def poll(self, now_ms: int) -> Sequence[StoredEvent | UnreadableEvent]:
        """The events that no look has answered, by their time.

        Raises:
            StoreUnavailableError, StoreRejectedError: they cannot be read now; the next look
                answers them.
        """
        # An event may be ahead of its time, and this clock behind: what comes next is neither.
        start_ms = max(min(self._newest_ms or 0, now_ms) - self.overlap_ms, 0)
        if self.filters.start_ms is not None:
            start_ms = max(start_ms, self.filters.start_ms)
        found = [
            event
            for event in self._read(start_ms, descending=False, limit=None)
            if event.id not in self._seen
        ]
        self._seen = {one for one in self._seen if decode_time(one) >= start_ms}
        self._note(found)
        return found

    def _note(self, events: Sequence[StoredEvent | UnreadableEvent]) -> None:
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
