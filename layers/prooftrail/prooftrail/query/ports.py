"""The ports of the read side: what the queries need from storage.

They are separate from the ports of the write side, so that functions that only read do not load the
writer's models and start faster.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from prooftrail.event.keys import CounterSpan, Index
from prooftrail.event.times import format_timestamp


@dataclass(frozen=True, slots=True)
class IdRange:
    """A range of event ids, both ends included; empty if the lowest is above the highest."""

    lowest: str
    highest: str

    @property
    def is_empty(self) -> bool:
        """Whether the range contains no id."""
        return self.lowest > self.highest

    def after(self, event_id: str, *, descending: bool) -> "IdRange":
        """Return the rest of the range: the ids that follow this one in the order of reading.

        All ids have the same length and contain characters from `0` to `Z` only. So a bound can lie
        between an id and its neighbour.

        >>> IdRange("A0", "A9").after("A5", descending=True)
        IdRange(lowest='A0', highest='A4~')
        >>> IdRange("A0", "A9").after("A5", descending=False)
        IdRange(lowest='A50', highest='A9')
        """
        if descending:
            below = f"{event_id[:-1]}{chr(ord(event_id[-1]) - 1)}~"
            return IdRange(self.lowest, min(self.highest, below))
        return IdRange(max(self.lowest, f"{event_id}0"), self.highest)


EMPTY_RANGE: Final = IdRange("1", "0")


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of an event that every index contains.

    `size` is the payload's size in bytes, or 0 if the payload was not read. `source` belongs to the
    reader, which needs it in `load`. `problem` says what is wrong with an item that does not have
    the keys of an event.

    A row `is_reference` if it was read from a reference (`event.references`). Only such a row has
    `on_behalf_of`, and `target`, the resource that the reference is about, if it is about one.
    """

    id: str
    tenant_id: str
    action: str
    resource_type: str
    resource_id: str
    success: bool
    user_id: str | None = None
    request_id: str | None = None
    session_id: str | None = None
    ip_address: str | None = None
    size: int = 0
    source: object = None
    problem: str | None = None
    is_reference: bool = False
    on_behalf_of: str | None = None
    target: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows in the requested order; `is_last` if no more rows follow in the range."""

    rows: Sequence[Row]
    is_last: bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored. `received_at` is milliseconds since 1970.

    `submitted_by` is who submitted it; None for events that were stored before this was recorded.
    """

    id: str
    digest: bytes
    received_at: int
    canonical: bytes
    submitted_by: str | None = None

    def to_json(self) -> str:
        """Return the JSON object for readers: id, digest, receipt, then the event's fields.

        The canonical bytes are inserted as they are: decoding could change a number.

        >>> StoredEvent("01A", b"\\xab", 0, b'{"action":"a.b","v":1}').to_json()
        '{"id":"01A","digest":"ab","receivedAt":"1970-01-01T00:00:00.000Z","action":"a.b","v":1}'
        """
        received = format_timestamp(self.received_at)
        start = f'{{"id":"{self.id}","digest":"{self.digest.hex()}","receivedAt":"{received}",'
        if self.submitted_by is not None:
            start += f'"submittedBy":{json.dumps(self.submitted_by)},'
        return start + self.canonical[1:].decode()


@dataclass(frozen=True, slots=True)
class UnreadableEvent:
    """An event whose item or payload was changed or removed from outside; says what is wrong."""

    id: str
    problem: str

    def to_json(self) -> str:
        """Return the JSON object for readers.

        >>> UnreadableEvent("01A", "the item holds no event").to_json()
        '{"id":"01A","unreadable":"the item holds no event"}'
        """
        return json.dumps({"id": self.id, "unreadable": self.problem}, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class SkippedEvent:
    """The event of a row that is not returned: it has expired, is not stored or does not match.

    `size` is how many bytes of the event were read.
    """

    size: int = 0


class RowReader(Protocol):
    """Reads rows from AuditEvents and its indexes."""

    def read_rows(
        self, index: Index, partition: str, id_range: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """Return the first rows of one partition within the range, in id order, at most `limit`.

        The table itself is read consistently; an index and references may be a moment behind it.
        The batch has at least one row unless the range contains none. An item without the keys of
        an event becomes a row with a `problem`.

        Raises:
            StoreUnavailableError, StoreRejectedError: the store cannot be read now.
        """


EventTest = Callable[[Mapping[str, Any]], bool]


def accept_event(_fields: Mapping[str, Any]) -> bool:
    """Return True: every event matches."""
    return True


class ReadableEvent(Protocol):
    """An event as a reader gets it."""

    @property
    def id(self) -> str:
        """The event's id."""
        ...

    def to_json(self) -> str:
        """Return the JSON object for readers."""
        ...


Event_co = TypeVar("Event_co", bound=ReadableEvent, covariant=True)


class EventSource(RowReader, Protocol[Event_co]):
    """Reads events too. Every method may raise StoreUnavailableError and StoreRejectedError."""

    def load(
        self, tenant_id: str, rows: Sequence[Row], matches: EventTest = accept_event
    ) -> Iterator[Event_co | UnreadableEvent | SkippedEvent]:
        """Yield the event of each row, in the order of the rows.

        Consistent: an event that an index showed is there unless it was removed. An event that
        cannot be read does not hide the events after it. The events are read on demand. No two rows
        have one id.

        An event is skipped if it has expired or was removed since the row was read, if it was never
        stored (a reference can be forged), or if it does not match, given its fields by JSON name.
        """

    def get(self, tenant_id: str, event_id: str) -> Event_co | None:
        """Return the event with this id, read consistently; None if it is missing or has expired.

        Raises:
            CorruptRecordError: the item does not contain a valid event.
        """


class EventReader(EventSource[StoredEvent], Protocol):
    """Reads events as they are stored."""


class EventLookup(Protocol):
    """Finds events by tenant and id. May raise StoreUnavailableError and StoreRejectedError."""

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """Return the events with these tenants and ids, read consistently, in this order.

        An event that is missing or has expired is None. An event that cannot be read does not hide
        the others. An address may occur twice.
        """


class CounterReader(Protocol):
    """Reads the ledger's counters. May raise StoreUnavailableError and StoreRejectedError."""

    def read_counters(
        self, tenant_id: str, span: CounterSpan, first: str, last: str
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield the tenant's buckets from `first` to `last`, ascending, each with its counters.

        A bucket is an hour (`2026-11-24T08`) or a day (`2026-11-24`). Its counters are numbers of
        events by name, see `keys.make_counter_name`. A bucket without events is left out. A bucket
        that is stored in several pages is yielded once for each page.
        """
