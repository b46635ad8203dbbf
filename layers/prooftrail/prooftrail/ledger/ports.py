"""The log's ports: the ledger as it is published and proved from, and where it is published.

The ledger's commits are the only truth. Tiles, checkpoints and positions follow from them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.tiles import Tile, TileReader


@dataclass(frozen=True, slots=True)
class LogSegment:
    """One commit's events: from `start` in the log on.

    `tenants` says whose each of them is, so that it can be found. It is no part of the log's tree
    and proves nothing; None where the ledger does not tell.
    """

    start: int
    events: Sequence[LoggedEvent]
    tenants: Sequence[str] | None = None

    @property
    def end(self) -> int:
        """The position after the last."""
        return self.start + len(self.events)


@dataclass(frozen=True, slots=True)
class Publication:
    """The latest checkpoint: its note with all cosignatures so far, the log's key, the edge."""

    note: Note
    verifier_key: VerifierKey
    edge: Edge

    @property
    def size(self) -> int:
        """How many entries are published."""
        return self.edge.size


class LogReader(Protocol):
    """Reads the ledger's log, strongly consistent.

    Every method may raise StoreUnavailableError and StoreRejectedError, and CorruptRecordError
    where an item is not what it must be.
    """

    def head(self) -> Head | None:
        """Where the log stands now; None before the first commit."""

    def publication(self) -> Publication | None:
        """The latest checkpoint; None before the first."""

    def segments(self, start: int, end: int) -> Iterator[LogSegment]:
        """The commits that hold the positions from `start` to `end`, in order, without a gap.

        The first may begin before `start` and the last may end after `end`.

        Raises:
            InconsistentLogError: a position is in no commit, or in two.
        """

    def positions(self, event_id: str, digest: bytes) -> Sequence[int]:
        """Where the event may stand in the log, of what is published or about to be.

        All but very few of them do; compare the tree's leaf. Costs no more for a longer log.
        """


class LogStore(LogReader, Protocol):
    """Writes what is derived from the ledger's log, beside it."""

    def publish(self, after: Publication, before: Publication | None) -> None:
        """Make `after` the latest checkpoint, if `before` still is.

        Raises:
            CheckpointMovedError: another one is; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been written or not.
        """

    def place(self, events: Sequence[LoggedEvent], start: int) -> None:
        """Remember that these events stand from `start` on; idempotent.

        Raises:
            StoreUnavailableError, StoreRejectedError: not all may be remembered.
        """


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """The checkpoint where the public reads it, and which version of it that is."""

    text: str
    version: str


class PublishedLog(TileReader, Protocol):
    """Where the public reads the log: tiles, entry bundles and the checkpoint."""

    def keep(self, tiles: Mapping[Tile, bytes]) -> None:
        """Post the tiles for good; one that is there with the same content is fine.

        Raises:
            InconsistentLogError: one is there with other content; others may have been posted.
            StoreUnavailableError, StoreRejectedError: not all may be posted; to repeat it is safe.
        """

    def checkpoint(self) -> PublishedCheckpoint | None:
        """The checkpoint as it is posted now, or None."""

    def post(self, text: str, instead_of: PublishedCheckpoint | None) -> PublishedCheckpoint:
        """Post a checkpoint in place of the one that was read, and answer it.

        Raises:
            CheckpointMovedError: another one is posted by now; nothing was written.
            StoreUnavailableError, StoreRejectedError: it may have been posted or not.
        """


class Signer(Protocol):
    """Holds the log's key, or knows who does."""

    def verifier_key(self, origin: str) -> VerifierKey:
        """The key's public part, under the log's name.

        Raises:
            SigningError: it cannot be had now, or is no Ed25519 key.
        """

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature (64 bytes) of at most 4,096 bytes.

        Raises:
            SigningError: it cannot be had now.
        """
