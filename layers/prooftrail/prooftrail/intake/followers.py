"""Followers of the trail: readers that repeat one read every few seconds.

A read repeats another one if reader, route and filters are the same, and it begins at most an hour
earlier or later. A page with a cursor repeats nothing: it holds other events.

The first read of a follower is recorded at once. Its repetitions of the next minute are counted,
and are in the next event: that of the follower's first read after the minute or, if there is none,
one of their own when anybody reads again. What repetitions hold is recorded at once when it is more
than `MAX_COUNTED_EVENTS` events: a process can end before the minute does.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from prooftrail.event.times import parse_start
from prooftrail.intake.reads import TrailRead

FOLLOWED_MS: Final = 60_000
MAX_FOLLOWERS: Final = 200
MAX_COUNTED_EVENTS: Final = 2_500  # a live view reads 200 at a time, 12 times a minute
_MOVED_MS: Final = 3_600_000  # a live view goes on with new events, and sometimes back some minutes
_START: Final = "startDate"
_CURSOR: Final = "cursor"
_WINDOW: Final = frozenset({_START, "limit"})

_Key = tuple[object, ...]


@dataclass(slots=True)
class _Follower:
    """`until_ms`: when its minute ends. `counted`: its repetitions since then, as one read."""

    start_ms: int
    until_ms: int
    counted: TrailRead | None = None


class Followers:
    """The followers that one process knows. Other processes record the same ones once more.

    What it has counted and not yet recorded is lost when the process ends.
    """

    def __init__(self) -> None:
        self._known: dict[_Key, _Follower] = {}  # the first minute to end comes first

    def add(self, read: TrailRead) -> list[TrailRead]:
        """Add an answered read. Return the reads to record now."""
        if _CURSOR in read.filters:
            return [*self._take_due(read.time_ms), read]
        key, start_ms = _make_key(read), _get_start(read)
        known = self._known.get(key)
        is_near = known and abs(start_ms - known.start_ms) <= _MOVED_MS
        if known and is_near and read.time_ms < known.until_ms:
            counted = _sum_up(known.counted, read)
            is_many = counted.event_count > MAX_COUNTED_EVENTS
            known.counted = None if is_many else counted
            return [*self._take_due(read.time_ms), *([counted] if is_many else [])]
        if known:
            del self._known[key]
            read = _sum_up(known.counted, read)
        self._known[key] = _Follower(start_ms, read.time_ms + FOLLOWED_MS)
        return [*self._take_due(read.time_ms), read]

    def _take_due(self, now_ms: int) -> Iterator[TrailRead]:
        """Forget the followers whose minute is over, and the first ones beyond `MAX_FOLLOWERS`."""
        for key, follower in list(self._known.items()):
            if follower.until_ms > now_ms and len(self._known) <= MAX_FOLLOWERS:
                return
            del self._known[key]
            if follower.counted:
                yield follower.counted


def _make_key(read: TrailRead) -> _Key:
    kept = {name: value for name, value in read.filters.items() if name not in _WINDOW}
    return (
        read.tenant_id,
        read.reader,
        read.route,
        read.event_id,
        read.is_masked,
        _START in read.filters,
        *sorted(kept.items()),
    )


def _get_start(read: TrailRead) -> int:
    start = read.filters.get(_START)
    return parse_start(start) if start else 0


def _sum_up(counted: TrailRead | None, read: TrailRead) -> TrailRead:
    if counted is None:
        return read
    return replace(
        read,
        read_count=counted.read_count + read.read_count,
        event_count=counted.event_count + read.event_count,
    )
