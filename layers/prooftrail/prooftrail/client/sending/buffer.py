"""Events in memory until they are in the queue. Not thread-safe: the sender holds a lock."""

import heapq
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final, NamedTuple

from prooftrail.client.sending.spool import SpoolSegment
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.event.nodes import MAX_JOB_NODES, estimate_nodes
from prooftrail.intake.packing import ENVELOPE_NODES, MAX_MESSAGE_BYTES, pack_messages

MAX_ENTRIES: Final = 10  # of one SendMessageBatch call
MAX_CALL_BYTES: Final = MAX_MESSAGE_BYTES
PACKED_BYTES: Final = MAX_CALL_BYTES // MAX_ENTRIES
MAX_PACKED_EVENTS: Final = 1_000
_ENVELOPE_BYTES: Final = 64  # a job has less than this around its events


class BufferedEvent(NamedTuple):
    """An event to send: its JSON in ASCII, its epoch (see `DeliveryCounts`), its file on disk."""

    text: str
    epoch: int
    segment: SpoolSegment | None
    tenant_id: str = DEFAULT_TENANT


@dataclass(slots=True, eq=False)
class InFlightMessage:
    """A message that was tried or is being tried.

    `size` is the bytes of its events' JSON; `origins` counts its events by epoch and segment.
    """

    body: str
    tenant_id: str
    size: int
    origins: Mapping[tuple[int, SpoolSegment | None], int]
    attempts: int = 0

    @property
    def count(self) -> int:
        """The number of events in the message."""
        return sum(self.origins.values())


@dataclass(slots=True)
class Buffer:
    """The events of a sender in memory: new ones, and messages that wait for another attempt.

    `size` is the bytes of their JSON, messages in flight included; `reserved` the bytes that are
    being read from disk. `new_since` is when the oldest new event was added. A message has events
    of one tenant, and the tenants take turns.
    """

    max_bytes: int
    is_packing: bool = True
    size: int = 0
    reserved: int = 0
    new_count: int = 0  # of the events that were not tried yet
    new_size: int = 0
    new_since: float = 0.0
    _new: OrderedDict[str, deque[BufferedEvent]] = field(default_factory=OrderedDict)  # by tenant
    _retries: list[tuple[float, int, InFlightMessage]] = field(default_factory=list)
    _is_large_next: bool = False
    _sequence: "count[int]" = field(default_factory=count)

    @property
    def next_retry(self) -> float | None:
        """The time of the next attempt, or None if no message waits for one."""
        return self._retries[0][0] if self._retries else None

    def has_room(self, size: int) -> bool:
        """Return whether an event of this many bytes fits in."""
        return self.size + self.reserved + size <= self.max_bytes

    def add(self, event: BufferedEvent) -> None:
        """Add an event."""
        waiting = self._new.get(event.tenant_id)
        if waiting is None:
            self._new[event.tenant_id] = waiting = deque()
        waiting.append(event)
        self.new_count += 1
        self.new_size += len(event.text)
        self.size += len(event.text)

    def take_messages(self, now: float, *, include_new: bool) -> list[InFlightMessage]:
        """Return the messages of the next call: due retries, then new ones if they are wanted.

        They are at most `MAX_ENTRIES` and `MAX_CALL_BYTES`. Retries leave room for a new message.
        A retry that needs a whole call gets only every other call, so that a message which is
        always refused blocks nothing.
        """
        taken: list[InFlightMessage] = []
        room = MAX_CALL_BYTES
        is_shared = include_new and bool(self._new)
        while self._retries and len(taken) < MAX_ENTRIES - is_shared:
            due, _, message = self._retries[0]
            if due > now or len(message.body) > room:
                break
            if is_shared and len(message.body) > room - PACKED_BYTES:
                self._is_large_next = not self._is_large_next and not taken
                if self._is_large_next or taken:
                    break
            heapq.heappop(self._retries)
            taken.append(message)
            room -= len(message.body)
        while include_new and self._new and len(taken) < MAX_ENTRIES:
            events = self._take_events(min(room, PACKED_BYTES))
            [packed] = pack_messages([event.text for event in events], is_masked=True)
            tenant_id = events[0].tenant_id
            if len(packed.body) > room:
                self._put_back(tenant_id, events)
                break
            room -= len(packed.body)
            size = sum(len(event.text) for event in events)
            self.new_count -= len(events)
            self.new_size -= size
            origins = Counter((event.epoch, event.segment) for event in events)
            taken.append(InFlightMessage(packed.body, tenant_id, size, origins))
        return taken

    def _take_events(self, max_bytes: int) -> Sequence[BufferedEvent]:
        """Return the events of the next tenant for one message; a large event alone."""
        tenant_id, waiting = self._new.popitem(last=False)
        first = waiting.popleft()
        events, size = [first], len(first.text) + _ENVELOPE_BYTES
        nodes = ENVELOPE_NODES + estimate_nodes(first.text)
        while self.is_packing and waiting and len(events) < MAX_PACKED_EVENTS:
            size += len(waiting[0].text) + 1
            if size > max_bytes:
                break
            nodes += estimate_nodes(waiting[0].text)
            if nodes > MAX_JOB_NODES:
                break
            events.append(waiting.popleft())
        if waiting:
            self._new[tenant_id] = waiting  # behind the other tenants
        return events

    def _put_back(self, tenant_id: str, events: Sequence[BufferedEvent]) -> None:
        self._new.setdefault(tenant_id, deque()).extendleft(reversed(events))
        self._new.move_to_end(tenant_id, last=False)

    def postpone(self, messages: Iterable[InFlightMessage], due: float) -> None:
        """Keep messages that failed, for another attempt at `due`."""
        for message in messages:
            message.attempts += 1
            heapq.heappush(self._retries, (due, next(self._sequence), message))

    def retry_now(self) -> None:
        """Make all retries due."""
        self._retries = [(0.0, sequence, message) for _, sequence, message in self._retries]
        heapq.heapify(self._retries)

    def remove(self, message: InFlightMessage) -> None:
        """Forget a message that is in the queue."""
        self.size -= message.size
