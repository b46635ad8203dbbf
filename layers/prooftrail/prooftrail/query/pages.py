"""Reading events: one by its id, or a page of those that match."""

import json
import math
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from prooftrail.errors import EventNotFoundError, InvalidQueryError, Problem
from prooftrail.event.ids import is_id
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters, QueryPlan, plan_query
from prooftrail.query.ports import (
    EMPTY_RANGE,
    EventReader,
    IdRange,
    Row,
    StoredEvent,
    UnreadableEvent,
)

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
ROW_BUDGET: Final = 2_000
CALL_BUDGET: Final = 60  # beyond the first call of each partition
RESPONSE_BUDGET: Final = 5_000_000  # bytes of events in Lambda's answer, which may have 6 MB


@dataclass(frozen=True, slots=True)
class Page:
    """A page; `next_cursor` is None when nothing follows."""

    events: Sequence[StoredEvent | UnreadableEvent]
    next_cursor: str | None

    def to_json(self) -> str:
        """The JSON object of the API."""
        items = ",".join(event.to_json() for event in self.events)
        return f'{{"items":[{items}],"nextCursor":{json.dumps(self.next_cursor)}}}'


def get_event(reader: EventReader, tenant_id: str, event_id: str) -> StoredEvent:
    """The tenant's event with this id, consistently.

    Raises:
        InvalidQueryError: the text is no id.
        EventNotFoundError: the tenant has no such event.
        StoreUnavailableError, StoreRejectedError, CorruptRecordError: see `EventReader`.
    """
    if not is_id(event_id):
        rule = "must be an event id: 26 characters of Crockford's base 32, upper case"
        raise InvalidQueryError([Problem("id", rule, f"string of length {len(event_id)}")])
    event = reader.get(tenant_id, event_id)
    if event is None:
        raise EventNotFoundError(event_id)
    return event


def list_events(
    reader: EventReader,
    filters: Filters,
    *,
    shard_count: int,
    limit: int = DEFAULT_LIMIT,
    descending: bool = True,
    cursor: str | None = None,
) -> Page:
    """One page of the matching events in the order of their ids, which is that of time.

    Pages that are joined by their cursors hold every matching event that was there when the first
    was read, once, in order, whatever arrives meanwhile. A page has at most `limit` events; it has
    fewer, even none, with a cursor that goes on behind what was looked at, when the page's budget
    of rows, calls or bytes is spent. What a page costs does not depend on the size of the table.
    An event that cannot be read any more takes its place as an `UnreadableEvent`.

    Raises:
        InvalidCursorError: see `decode_cursor`.
        StoreUnavailableError, StoreRejectedError: see `EventReader`.
    """
    plan = plan_query(filters, shard_count)
    span = plan.id_range
    if cursor is not None:
        last_id = decode_cursor(cursor, filters, descending=descending)
        span = span.after(last_id, descending=descending)

    scan = _Scan(reader, plan, span, descending=descending, wanted=limit)
    matching: list[Row] = []
    size = 0
    for row in scan.rows():
        if filters.matches(row):
            matching.append(row)
            size += row.size
            if len(matching) == limit or size > RESPONSE_BUDGET:
                break

    events, cut_at = _within_budget(reader, filters.tenant_id, matching)
    if cut_at is None and scan.is_exhausted:
        return Page(events, None)
    last_id = cut_at or scan.position
    return Page(events, encode_cursor(filters, last_id, descending=descending))


def list_pages(
    reader: EventReader,
    filters: Filters,
    *,
    shard_count: int,
    limit: int | None = None,
    descending: bool = True,
) -> Iterator[Page]:
    """Yield pages of all matching events, or of the first `limit`; read each page on demand.

    The last page has a cursor if more events may match.

    Raises:
        StoreUnavailableError, StoreRejectedError: see `EventReader`.
    """
    left = limit
    cursor = None
    while True:
        page = list_events(
            reader,
            filters,
            shard_count=shard_count,
            limit=MAX_LIMIT if left is None else min(left, MAX_LIMIT),
            descending=descending,
            cursor=cursor,
        )
        yield page
        cursor = page.next_cursor
        if left is not None:
            left -= len(page.events)
        if cursor is None or left == 0:
            return


def _within_budget(
    reader: EventReader, tenant_id: str, rows: Sequence[Row]
) -> tuple[Sequence[StoredEvent | UnreadableEvent], str | None]:
    """The rows' events as far as an answer can hold them, and the last one's id if that cut it."""
    events: list[StoredEvent | UnreadableEvent] = []
    size = 0
    for event in reader.load(tenant_id, rows):
        size += _size_in_answer(event)
        if size > RESPONSE_BUDGET and events:
            return events, events[-1].id
        events.append(event)
    return events, None


def _size_in_answer(event: StoredEvent | UnreadableEvent) -> int:
    """Lambda's runtime encodes the body once more as a JSON string, in ASCII at worst."""
    return len(json.dumps(event.to_json()))


@dataclass(slots=True)
class _Shard:
    """One partition's part of the merge: what is read and not yet taken, and what is left."""

    partition: str
    left: IdRange
    chunk: int
    buffer: deque[Row] = field(default_factory=deque)


class _Scan:
    """Rows of several partitions, merged by id, read little further than they are taken.

    The first read of each partition takes its even share of the page and two standard deviations
    more, so that a page seldom needs a second round. Where rows may be refused, later reads double.
    """

    def __init__(
        self, reader: EventReader, plan: QueryPlan, span: IdRange, *, descending: bool, wanted: int
    ) -> None:
        self._reader = reader
        self._plan = plan
        self._descending = descending
        self._wanted = wanted
        chunk = _share(wanted, len(plan.partitions))
        self._shards = [_Shard(partition, span, chunk) for partition in plan.partitions]
        self._calls_left = CALL_BUDGET + len(self._shards)
        self._taken = 0
        self.position = span.lowest

    @property
    def is_exhausted(self) -> bool:
        """Whether every row was taken."""
        return all(shard.left.is_empty and not shard.buffer for shard in self._shards)

    def rows(self) -> Iterator[Row]:
        """The rows in order, at least one if there is one, until the budget is spent.

        `position` is the id of the last: nothing up to it is left in any partition.
        """
        for shard in self._shards:
            self._fill(shard)
        first = max if self._descending else min
        while heads := [shard for shard in self._shards if shard.buffer]:
            shard = first(heads, key=lambda one: one.buffer[0].id)
            row = shard.buffer.popleft()
            self._taken += 1
            self.position = row.id
            yield row
            if self._taken >= ROW_BUDGET:
                return
            if not shard.buffer and not shard.left.is_empty:
                if self._calls_left <= 0:
                    return
                shard.chunk = self._next_chunk(shard.chunk)
                self._fill(shard)

    def _next_chunk(self, chunk: int) -> int:
        partitions = len(self._shards)
        if self._plan.is_exact:
            return _share(max(self._wanted - self._taken, 1), partitions)
        return max(chunk, min(2 * chunk, ROW_BUDGET // (2 * partitions)))

    def _fill(self, shard: _Shard) -> None:
        if shard.left.is_empty:
            return
        batch = self._reader.read_rows(
            self._plan.index,
            shard.partition,
            shard.left,
            descending=self._descending,
            limit=shard.chunk,
        )
        self._calls_left -= 1
        shard.buffer.extend(batch.rows)
        if batch.is_last:
            shard.left = EMPTY_RANGE
        else:
            shard.left = shard.left.after(batch.rows[-1].id, descending=self._descending)


def _share(wanted: int, partitions: int) -> int:
    """How many rows of each partition make it likely that `wanted` of all are among them.

    >>> _share(50, 1), _share(50, 4)
    (51, 21)
    """
    if partitions == 1:
        return wanted + 1
    mean = wanted / partitions
    return math.ceil(mean + 2 * math.sqrt(mean)) + 1
