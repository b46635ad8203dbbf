"""Reading events: one event by its id, or a page of the events that match the filters."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from prooftrail.errors import EventNotFoundError, InvalidQueryError, Problem
from prooftrail.event.ids import is_id, is_ulid
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import (
    EventSource,
    ReadableEvent,
    Row,
    SkippedEvent,
    UnreadableEvent,
    accept_event,
)
from prooftrail.query.rows import MergedRows

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
RESPONSE_BUDGET: Final = 5_000_000  # bytes of events; a response of Lambda has at most 6 MB
EXAMINED_BUDGET: Final = 20_000_000  # bytes of skipped events, read for one page
EVENTS_PER_READ: Final = 100  # as many as DynamoDB returns by key at once
Event = TypeVar("Event", bound=ReadableEvent)


@dataclass(frozen=True, slots=True)
class Page(Generic[Event]):
    """A page of events and the cursor of the next page, None if no event follows."""

    events: Sequence[Event | UnreadableEvent]
    next_cursor: str | None

    def to_json(self) -> str:
        """Return the JSON object of the API."""
        items = ",".join(event.to_json() for event in self.events)
        return f'{{"items":[{items}],"nextCursor":{json.dumps(self.next_cursor)}}}'


def get_event(reader: EventSource[Event], tenant_id: str, event_id: str) -> Event:
    """Return the tenant's event with this id, read consistently.

    Raises:
        InvalidQueryError: the text does not have the form of an id.
        EventNotFoundError: the tenant has no event with this id.
        StoreUnavailableError, StoreRejectedError, CorruptRecordError: see `EventSource`.
    """
    if not is_ulid(event_id):
        rule = "must be an event id: 26 characters of Crockford's base 32, upper case"
        raise InvalidQueryError([Problem("id", rule, f"string of length {len(event_id)}")])
    event = reader.get(tenant_id, event_id) if is_id(event_id) else None
    if event is None:
        raise EventNotFoundError(event_id)
    return event


def list_events(
    reader: EventSource[Event],
    filters: Filters,
    *,
    shard_count: int,
    limit: int = DEFAULT_LIMIT,
    descending: bool = True,
    cursor: str | None = None,
) -> Page[Event]:
    """Return one page of the matching events in the order of their ids, which is the order of time.

    The pages of one query, joined by their cursors, contain every matching event that was there
    when the first page was read: once, in order, even if events arrive in between. A page has at
    most `limit` events. If its budget of rows, calls or bytes is spent, it has fewer, even none,
    and a cursor that continues after the last row. The cost of a page does not depend on the size
    of the table. An event that cannot be read any more is an `UnreadableEvent`.

    If the filters need events, the events of the rows are read in batches, until `limit` of them
    match, or the budget of rows or `EXAMINED_BUDGET` is spent.

    Raises:
        InvalidCursorError: see `decode_cursor`.
        StoreUnavailableError, StoreRejectedError: see `EventSource`.
    """
    plan = plan_query(filters, shard_count)
    id_range = plan.id_range
    if cursor is not None:
        last_id = decode_cursor(cursor, filters, descending=descending)
        id_range = id_range.after(last_id, descending=descending)

    rows = MergedRows(reader, plan, id_range, descending=descending, wanted=limit)
    candidates = _find_candidates(filters, rows)
    matches = filters.matches_event if plan.references or filters.needs_events else accept_event
    found = _FoundEvents[Event](limit)
    batch_size = limit
    while batch := _take_batch(candidates, batch_size):
        stopped_at = found.add_until_full(batch, reader.load(filters.tenant_id, batch, matches))
        if stopped_at is not None:
            return Page(found.events, encode_cursor(filters, stopped_at, descending=descending))
        if found.is_full or not filters.needs_events:
            break
        batch_size = max(limit, EVENTS_PER_READ)

    if rows.is_exhausted:
        return Page(found.events, None)
    return Page(found.events, encode_cursor(filters, rows.position, descending=descending))


def list_pages(
    reader: EventSource[Event],
    filters: Filters,
    *,
    shard_count: int,
    limit: int | None = None,
    descending: bool = True,
) -> Iterator[Page[Event]]:
    """Yield pages with all matching events, or with the first `limit` of them.

    Each page is read when it is requested. The last page has a cursor if more events may match.

    Raises:
        StoreUnavailableError, StoreRejectedError: see `EventSource`.
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


def _find_candidates(filters: Filters, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that match, one of each id: an event can have several, from references."""
    last_id = None
    for row in rows:
        if row.id != last_id and filters.matches(row):
            last_id = row.id
            yield row


def _take_batch(candidates: Iterator[Row], count: int) -> Sequence[Row]:
    """Take at most `count` rows, and fewer if their payloads would not fit in one response."""
    batch: list[Row] = []
    size = 0
    for row in candidates:
        batch.append(row)
        size += row.size
        if len(batch) == count or size > RESPONSE_BUDGET:
            break
    return batch


@dataclass(slots=True)
class _FoundEvents(Generic[Event]):
    """The events of one page. It counts their bytes, and those of events that were skipped."""

    limit: int
    events: list[Event | UnreadableEvent] = field(default_factory=list)
    _size: int = 0
    _skipped_size: int = 0
    _position: str | None = None

    @property
    def is_full(self) -> bool:
        """Whether the page has all its events, or has cost enough."""
        return len(self.events) == self.limit or self._skipped_size > EXAMINED_BUDGET

    def add_until_full(
        self, batch: Sequence[Row], loaded: Iterable[Event | UnreadableEvent | SkippedEvent]
    ) -> str | None:
        """Add the events of a batch. Return the id after which the next page begins.

        It is None if every event of the batch was added or skipped.
        """
        for row, event in zip(batch, loaded, strict=True):
            if isinstance(event, SkippedEvent):
                self._skipped_size += event.size
            else:
                self._size += _measure(event)
                if self._size > RESPONSE_BUDGET and self.events:
                    return self._position
                self.events.append(event)
            self._position = row.id
            if self.is_full:
                return None if row is batch[-1] else row.id
        return None


def _measure(event: ReadableEvent) -> int:
    # Lambda's runtime encodes the body again as a JSON string, in the worst case in ASCII.
    return len(json.dumps(event.to_json()))
