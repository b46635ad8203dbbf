"""What a verification of the whole trail reads, and whom it tells how far it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.tiles import TileReader

BATCH: Final = 5_000


class PublishedLogReader(TileReader, Protocol):
    """Where the published log is read."""

    def checkpoint(self) -> PublishedCheckpoint | None:
        """The checkpoint as it is published now, or None."""


@dataclass(frozen=True, slots=True)
class LedgerRows:
    """One commit's entries as the ledger keeps them, with the stream's sequence numbers."""

    start: int
    first: str
    last: str
    events: Sequence[LoggedEvent]


@dataclass(frozen=True, slots=True)
class CommitMark:
    """What the ledger keeps so that a stream batch is committed once."""

    first: str
    last: str
    position: int
    count: int


@dataclass(frozen=True, slots=True)
class LoggedPositions:
    """Where the ledger says that events stand: positions, and how their digests begin (4 bytes)."""

    found: Sequence[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class Damaged:
    """An item of the ledger that cannot be read; `key` says which."""

    key: str
    problem: str


@dataclass(frozen=True, slots=True)
class Counts:
    """A page of a tenant's counters of an hour or a day, by `keys.make_counter_name`.

    `sort` is its sort key: the hour or day, and the page's number.
    """

    tenant_id: str
    span: str
    sort: str
    counts: Mapping[str, int]


LedgerItem = LedgerRows | CommitMark | LoggedPositions | Counts | RemovalOrder | Damaged


@dataclass(frozen=True, slots=True)
class EventItem:
    """An item of the events' table. `problem` says why it is none of an event, or None.

    `received_at` is milliseconds, `expires_at` seconds since 1970; 0 and None where there are none.
    `counted_as` is its counter's name, empty where it is none of an event. `removes` are the packed
    ids of the events whose removal it orders, empty where it is no such order.
    """

    id: str
    tenant_id: str
    digest: bytes
    received_at: int
    expires_at: int | None
    problem: str | None
    counted_as: str = ""
    removes: bytes = b""


class TrailReader(Protocol):
    """Reads whole tables, in any order. May raise StoreUnavailableError and StoreRejectedError."""

    def ledger(self) -> Iterator[LedgerItem]:
        """Every item of the ledger but the head and the checkpoint.

        What was committed before the call is among them.
        """

    def events(self) -> Iterator[EventItem]:
        """Every stored event; what was stored before the call, and not removed, is among them."""


def batch_events(events: Iterable[EventItem]) -> Iterator[list[EventItem]]:
    """The events, some thousands at a time."""
    batch: list[EventItem] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
