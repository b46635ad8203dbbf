"""Events in memory until the queue has taken them: what is ready, and what waits to be retried.

Not thread-safe: the sender holds a lock.
"""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, NamedTuple

from prooftrail.client.spool import SpoolSegment
from prooftrail.intake.packing import MAX_MESSAGE_BYTES, pack_messages

MAX_ENTRIES: Final = 10  # of a SendMessageBatch
MAX_CALL_BYTES: Final = MAX_MESSAGE_BYTES
PACKED_BYTES: Final = MAX_CALL_BYTES // MAX_ENTRIES
MAX_PACKED_EVENTS: Final = 1_000
_ENVELOPE: Final = 64  # more than a job has around its events


class BufferedEvent(NamedTuple):
    """One event to be sent: its JSON in ASCII, when it was logged, where it is on disk."""

    text: str
    epoch: int
    segment: SpoolSegment | None


@dataclass(slots=True, eq=False)
class InFlightMessage:
    """One message on its way. `origins` counts its events by epoch and segment."""

    body: str
    size: int
    origins: Mapping[tuple[int, SpoolSegment | None], int]
    attempts: int = 0

    @property
    def count(self) -> int:
        """How many events it carries."""
        return sum(self.origins.values())


@dataclass(slots=True)
class Buffer:
    """The events of a sender. `size` is in bytes of their JSON, what is under way included."""

    is_packing: bool = True
    size: int = 0
    ready_size: int = 0
    _ready: deque[BufferedEvent] = field(default_factory=deque)
    _waiting: list[tuple[float, int, InFlightMessage]] = field(default_factory=list)
    _is_large_next: bool = False
    _ticket: "count[int]" = field(default_factory=count)

    @property
    def ready_count(self) -> int:
        """How many events have not been tried yet."""
        return len(self._ready)

    @property
    def next_due(self) -> float | None:
        """When the first of the parcels that wait is due, or None."""
        return self._waiting[0][0] if self._waiting else None

    def add(self, entry: BufferedEvent) -> None:
        """Take in an event."""
        self._ready.append(entry)
        self.ready_size += len(entry.text)
        self.size += len(entry.text)

    def take(self, now: float, *, fresh: bool) -> list[InFlightMessage]:
        """The parcels of the next call: those that are due, then, if wanted, fresh ones.

        At most `MAX_ENTRIES` and `MAX_CALL_BYTES` together. Those that are due leave room for a
        fresh one; one that needs all of a call waits for the next: what is refused for ever holds
        nothing up.
        """
        taken: list[InFlightMessage] = []
        room = MAX_CALL_BYTES
        is_shared = fresh and bool(self._ready)
        while self._waiting and len(taken) < MAX_ENTRIES - is_shared:
            due, _, parcel = self._waiting[0]
            if due > now or len(parcel.body) > room:
                break
            if is_shared and len(parcel.body) > room - PACKED_BYTES:
                self._is_large_next = not self._is_large_next and not taken
                if self._is_large_next or taken:
                    break
            heapq.heappop(self._waiting)
            taken.append(parcel)
            room -= len(parcel.body)
        while fresh and self._ready and len(taken) < MAX_ENTRIES:
            entries = self._next_entries(min(room, PACKED_BYTES))
            [packed] = pack_messages([entry.text for entry in entries])
            if len(packed.body) > room:
                self._ready.extendleft(reversed(entries))
                break
            room -= len(packed.body)
            size = sum(len(entry.text) for entry in entries)
            self.ready_size -= size
            origins = Counter((entry.epoch, entry.segment) for entry in entries)
            taken.append(InFlightMessage(packed.body, size, origins))
        return taken

    def _next_entries(self, max_bytes: int) -> Sequence[BufferedEvent]:
        """The next events that one message carries; a large one alone."""
        first = self._ready.popleft()
        entries, size = [first], len(first.text) + _ENVELOPE
        while self.is_packing and self._ready and len(entries) < MAX_PACKED_EVENTS:
            size += len(self._ready[0].text) + 1
            if size > max_bytes:
                break
            entries.append(self._ready.popleft())
        return entries

    def postpone(self, parcels: Iterable[InFlightMessage], due: float) -> None:
        """Take parcels back, to be tried again at `due`."""
        for parcel in parcels:
            parcel.attempts += 1
            heapq.heappush(self._waiting, (due, next(self._ticket), parcel))

    def hasten(self) -> None:
        """Let all that wait be due now."""
        self._waiting = [(0.0, ticket, parcel) for _, ticket, parcel in self._waiting]
        heapq.heapify(self._waiting)

    def settle(self, parcel: InFlightMessage) -> None:
        """Forget a parcel that the queue has taken."""
        self.size -= parcel.size
