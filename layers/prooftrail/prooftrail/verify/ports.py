"""What a verification reads: the published log, the ledger's items and the stored events."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

from prooftrail.event.hold import HoldOrder
from prooftrail.event.orders import Order
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import PublishedCheckpoint
from prooftrail.tlog.tiles import TileReader

BATCH: Final = 5_000


class PublishedLogReader(TileReader, Protocol):
    """Reads the published log: tiles, entry bundles and the checkpoint."""

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """Return the checkpoint that is published now, or None."""


@dataclass(frozen=True, slots=True)
class CommitEntries:
    """The ledger's item with the entries of one commit.

    `start` is the position of the first. `first` and `last` are stream sequence numbers.
    """

    start: int
    first: str
    last: str
    events: Sequence[LoggedEvent]


@dataclass(frozen=True, slots=True)
class CommitRecord:
    """The ledger's item that lets a stream batch be committed only once."""

    first: str
    last: str
    position: int
    count: int


@dataclass(frozen=True, slots=True)
class RecordedPositions:
    """Positions of events as the ledger records them, each with its digest's first 4 bytes."""

    positions: Sequence[tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class DamagedItem:
    """An item of the ledger that cannot be decoded; `key` names it."""

    key: str
    problem: str


@dataclass(frozen=True, slots=True)
class CounterPage:
    """A page of a tenant's counters of an hour or a day (`span`), by `keys.make_counter_name`.

    `sort` is its sort key: the hour or day, and the number of the page.
    """

    tenant_id: str
    span: str
    sort: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RecordedTenant:
    """A tenant of which the ledger says that the log has its events."""

    tenant_id: str


PAYLOAD_MISSING: Final = "its payload is not in the bucket"  # the problem of an `EventItem`

LedgerItem = (
    CommitEntries
    | CommitRecord
    | RecordedPositions
    | RecordedTenant
    | CounterPage
    | Order
    | DamagedItem
)


@dataclass(frozen=True, slots=True)
class ExpectedReference:
    """A reference that an event must have: its partition, and what identifies its content."""

    partition: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class ReferenceItem:
    """A reference (`event.references`) in the events table: its partition and its event's id.

    `problem` says why it does not have the form of a reference, or is None; then `fingerprint` is
    empty. `stored_at` is in milliseconds, `expires_at` in seconds since 1970.
    """

    partition: str
    id: str
    tenant_id: str
    fingerprint: bytes
    stored_at: int
    expires_at: int | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class EventItem:
    """An item of the events table. `problem` says why it is not a valid event, or is None.

    `received_at` and `stored_at` (of the last write) are in milliseconds, `expires_at` in seconds
    since 1970; 0 and None if missing. `stored_at` is `received_at` if the item was written before
    there was a `storedAt`.
    `counter_name` is the name of its counter, empty if it is not a valid event. `removal_ids` are
    the packed ids that it names as a removal order, empty if it is not one. `submitted_by` is None
    for an event that was stored before this was recorded. `references` are those it must have.
    `hold_order` is the hold order in it, if any. `held_expires_at` is the expiry that a legal hold
    lifted.
    """

    id: str
    tenant_id: str
    digest: bytes
    received_at: int
    expires_at: int | None
    problem: str | None
    counter_name: str = ""
    removal_ids: bytes = b""
    stored_at: int = 0
    submitted_by: str | None = None
    references: tuple[ExpectedReference, ...] = ()
    hold_order: HoldOrder | None = None
    held_expires_at: int | None = None


TableItem = EventItem | ReferenceItem


class TrailReader(Protocol):
    """Reads whole tables, in any order. May raise StoreUnavailableError and StoreRejectedError."""

    def read_ledger(self) -> Iterator[LedgerItem]:
        """Yield every item of the ledger except head and checkpoint.

        Everything that was committed before the call is included.
        """

    def read_events(self) -> Iterator[TableItem]:
        """Yield every stored event and every reference.

        Everything that was stored before the call, and is not removed meanwhile, is included.
        """


@dataclass(frozen=True, slots=True)
class ItemBatch:
    """Items of the events table."""

    events: Sequence[EventItem]
    references: Sequence[ReferenceItem]


def batch_items(items: Iterable[TableItem]) -> Iterator[ItemBatch]:
    """Yield the items in batches of up to `BATCH`."""
    left = iter(items)
    while batch := list(islice(left, BATCH)):
        yield ItemBatch(
            [item for item in batch if isinstance(item, EventItem)],
            [item for item in batch if isinstance(item, ReferenceItem)],
        )
