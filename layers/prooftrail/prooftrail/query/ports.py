"""The read side's ports: what the queries ask of storage, and what they are promised.

They stand apart from `store` because the functions that only read start faster without the
writer's models.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.event.keys import CounterSpan, Index
from prooftrail.event.times import format_timestamp


@dataclass(frozen=True, slots=True)
class IdRange:
    """A range of ids, both ends included; empty where the lowest is above the highest."""

    lowest: str
    highest: str

    @property
    def is_empty(self) -> bool:
        """Whether no id lies within."""
        return self.lowest > self.highest

    def after(self, event_id: str, *, descending: bool) -> "IdRange":
        """What is left of the range after this id, in the order of reading.

        Ids have one length and characters from `0` to `Z`, so that a bound can lie between an id
        and its neighbour.

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
    """What every index tells of an event.

    `size` is that of the payload in bytes, where it was read along. `source` is the reader's own:
    hand it back to `load`. `problem` says what is wrong with an item that has no event's keys.
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


@dataclass(frozen=True, slots=True)
class RowBatch:
    """Rows in the order asked for; `is_last` when the range holds no more after them."""

    rows: Sequence[Row]
    is_last: bool


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as it is stored. `received_at` is milliseconds since 1970."""

    id: str
    digest: bytes
    received_at: int
    canonical: bytes

    def to_json(self) -> str:
        """The JSON object for readers: id, digest and time of receipt before the event's fields.

        The canonical bytes are spliced in, not decoded: numbers stay as the digest covers them.

        >>> StoredEvent("01A", b"\\xab", 0, b'{"action":"a.b","v":1}').to_json()
        '{"id":"01A","digest":"ab","receivedAt":"1970-01-01T00:00:00.000Z","action":"a.b","v":1}'
        """
        received = format_timestamp(self.received_at)
        start = f'{{"id":"{self.id}","digest":"{self.digest.hex()}","receivedAt":"{received}",'
        return start + self.canonical[1:].decode()


@dataclass(frozen=True, slots=True)
class UnreadableEvent:
    """What stands at an event's place and is none any more: changed or lost from outside."""

    id: str
    problem: str

    def to_json(self) -> str:
        """The JSON object for readers.

        >>> UnreadableEvent("01A", "the item holds no event").to_json()
        '{"id":"01A","unreadable":"the item holds no event"}'
        """
        return json.dumps({"id": self.id, "unreadable": self.problem}, separators=(",", ":"))


class RowReader(Protocol):
    """Reads AuditEvents' table and indexes."""

    def read_rows(
        self, index: Index, partition: str, span: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """The next rows of one partition within the span, by id, at most `limit`.

        The table itself is read consistently; an index may be a moment behind it. At least one
        row comes back unless the span holds none. An item without an event's keys is a row with
        a `problem`.

        Raises:
            StoreUnavailableError, StoreRejectedError: the store cannot be read now.
        """


class EventReader(RowReader, Protocol):
    """Reads events too. Every method may raise StoreUnavailableError and StoreRejectedError."""

    def load(self, tenant_id: str, rows: Sequence[Row]) -> Iterator[StoredEvent | UnreadableEvent]:
        """The rows' events, in their order, lazily; one that is gone by now (expired) is left out.

        Consistent: an event that an index has shown and that nothing removed is there. One that
        cannot be read does not hide those behind it.
        """

    def get(self, tenant_id: str, event_id: str) -> StoredEvent | None:
        """The event with this id, consistently, or None; an expired one is gone.

        Raises:
            CorruptRecordError: the item does not hold an event.
        """


class EventLookup(Protocol):
    """Finds events by tenant and id. May raise StoreUnavailableError and StoreRejectedError."""

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """The events of these tenants and ids, consistently and in this order.

        None stands for one that is not there, or has expired. One that cannot be read does not
        hide the others. An address may occur twice.
        """


class CounterReader(Protocol):
    """Reads the ledger's counters. May raise StoreUnavailableError and StoreRejectedError."""

    def read_counters(
        self, tenant_id: str, span: CounterSpan, first: str, last: str
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """The tenant's buckets from `first` to `last` (`2026-11-24T08` or `2026-11-24`), ascending.

        Each is a bucket and its counters by name (`keys.make_counter_name`). A bucket without
        events is missing; one of several pages comes several times.
        """
