"""The log's ports: the ledger that entries are read from, and the log that is published.

The ledger's commits are the only source. Tiles, checkpoints and positions are derived from them.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.tiles import Tile, TileReader


@dataclass(frozen=True, slots=True)
class LogSegment:
    """The events of one commit; the first has the position `start` in the log.

    `tenants` has the tenant of each event, so that the event can be found. Tenants are not part of
    the log's tree and prove nothing. None if the ledger does not say them.
    """

    start: int
    events: Sequence[LoggedEvent]
    tenants: Sequence[str] | None = None

    @property
    def end(self) -> int:
        """The position after the last event."""
        return self.start + len(self.events)


@dataclass(frozen=True, slots=True)
class Publication:
    """The ledger's latest checkpoint: note with all cosignatures, the log's key, right edge."""

    note: Note
    verifier_key: VerifierKey
    edge: Edge

    @property
    def size(self) -> int:
        """The number of entries."""
        return self.edge.size

    @property
    def signed_ms(self) -> int | None:
        """When the log said that this is its latest checkpoint, in milliseconds since 1970.

        None if it did not say so. The cosignature is not verified.
        """
        cosigner = self.verifier_key.cosigner
        times = [line.claimed_ms for line in self.note.signatures if line.names_key(cosigner)]
        return max((time for time in times if time <= MAX_TIMESTAMP_MS), default=None)


class LogReader(Protocol):
    """Reads the ledger's log, strongly consistent.

    Every method may raise StoreUnavailableError and StoreRejectedError, and CorruptRecordError
    if an item is damaged.
    """

    def read_head(self) -> Head | None:
        """Return the log's current head; None before the first commit."""

    def read_publication(self) -> Publication | None:
        """Return the latest checkpoint; None before the first."""

    def read_segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """Yield the commits of the positions from `start` to before `end`, in order, gapless.

        The first may begin before `start` and the last may end after `end`.

        Raises:
            InconsistentLogError: a position is missing, or in two commits.
        """

    def find_positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """Return the positions that the event may have in the log, published or soon to be.

        Almost all of them are right; compare the tree's leaf. A longer log costs no more.
        """

    def list_tenants(self) -> Iterator[str]:
        """Yield the recorded tenants, in the order of their names."""


class LogStore(LogReader, Protocol):
    """Writes what is derived from the ledger's log, into the same table."""

    def publish(self, after: Publication, before: Publication | None) -> None:
        """Make `after` the latest checkpoint, if `before` still is.

        Raises:
            CheckpointMovedError: another checkpoint is the latest; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been written or not.
        """

    def record_positions(self, events: Sequence[LoggedEvent], start: int) -> None:
        """Record that these events have the positions from `start` on. Idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: some may not be recorded.
        """

    def record_tenants(self, tenants: Collection[str]) -> None:
        """Record that the log has events of these tenants. Idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: some may not be recorded.
        """


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """A checkpoint as the public reads it, with the version of the stored object."""

    text: str
    version: str


class PublishedLog(TileReader, Protocol):
    """The log as the public reads it: tiles, entry bundles and the checkpoint."""

    def put_tiles(self, tiles: Mapping[Tile, bytes]) -> None:
        """Write tiles that never change again. A tile that exists with the same content is left.

        Raises:
            InconsistentLogError: a tile exists with other content; others may have been written.
            StoreUnavailableError, StoreRejectedError: some tiles may be missing. A retry is safe.
        """

    def read_checkpoint(self) -> PublishedCheckpoint | None:
        """Return the checkpoint that is published now, or None."""

    def put_checkpoint(
        self, text: str, previous: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        """Replace the checkpoint that was read (`previous`) and return the new one.

        Raises:
            CheckpointMovedError: another checkpoint has replaced it; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been written or not.
        """


class Signer(Protocol):
    """Access to the log's signing key."""

    def read_verifier_key(self, origin: str) -> VerifierKey:
        """Return the public part of the key, under the log's name (`origin`).

        Raises:
            SigningError: the key cannot be read now, or is not an Ed25519 key.
        """

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of a message of at most 4,096 bytes.

        Raises:
            SigningError: the key cannot be used now.
        """
