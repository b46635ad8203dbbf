"""Reading events: one event by its id, or a page of the events that match the filters."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from prooftrail.errors import EventNotFoundError, InvalidQueryError, Problem
from prooftrail.event.ids import is_id, is_ulid
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import EventSource, ReadableEvent, Row, UnreadableEvent
from prooftrail.query.rows import MergedRows

DEFAULT_LIMIT: Final = 100
MAX_LIMIT: Final = 1_000
RESPONSE_BUDGET: Final = 5_000_000  # bytes of events; a response of Lambda has at most 6 MB
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
    matching: list[Row] = []
    size = 0
    for row in rows:
        is_repeated = matching and matching[-1].id == row.id
        if filters.matches(row) and not is_repeated:
            matching.append(row)
            size += row.size
            if len(matching) == limit or size > RESPONSE_BUDGET:
                break

    events, cut_at = _load_within_budget(reader, filters, matching)
    if cut_at is None and rows.is_exhausted:
        return Page(events, None)
    last_id = cut_at or rows.position
    return Page(events, encode_cursor(filters, last_id, descending=descending))


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


def _load_within_budget(
    reader: EventSource[Event], filters: Filters, rows: Sequence[Row]
) -> tuple[Sequence[Event | UnreadableEvent], str | None]:
    """Return the events that fit in a response, and the id of the last one if others do not fit."""
    events: list[Event | UnreadableEvent] = []
    size = 0
    for event in reader.load(filters.tenant_id, rows, filters.matches_event):
        size += _measure(event)
        if size > RESPONSE_BUDGET and events:
            return events, events[-1].id
        events.append(event)
    return events, None


def _measure(event: ReadableEvent) -> int:
    # Lambda's runtime encodes the body again as a JSON string, in the worst case in ASCII.
    return len(json.dumps(event.to_json()))
