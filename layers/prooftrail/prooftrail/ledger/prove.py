"""Proofs of events for offline verification, made from the published log."""

from collections.abc import Iterator
from dataclasses import dataclass

from prooftrail.errors import MalformedTileError, NotPublishedError, TileNotFoundError
from prooftrail.ledger.bundle import ProofBundle
from prooftrail.ledger.entry import encode_entry
from prooftrail.ledger.ports import LogReader, Publication
from prooftrail.ledger.receipt import Receipt
from prooftrail.query.pages import get_event
from prooftrail.query.ports import EventReader, StoredEvent
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import hash_leaf, verify_inclusion
from prooftrail.tlog.proof import Proof
from prooftrail.tlog.tiles import Tile, TileReader, TreeReader


@dataclass(frozen=True, slots=True)
class Prover:
    """Makes proof bundles from stored events, the ledger's positions and published tiles."""

    events: EventReader
    log: LogReader
    tiles: TileReader

    def prove(self, tenant_id: str, event_id: str) -> ProofBundle:
        """Return a tenant's event with its inclusion proof against the latest checkpoint.

        Raises:
            NotPublishedError: the event is stored, but no checkpoint covers it yet.
            InvalidQueryError, EventNotFoundError: see `get_event`.
            TileMissingError, MalformedTileError, InvalidProofError, CorruptRecordError: what is
                published or stored is damaged.
            StoreUnavailableError, StoreRejectedError: a part cannot be read now.
        """
        event = get_event(self.events, tenant_id, event_id)
        publication = self.log.read_publication()
        if publication is None:
            raise NotPublishedError(f"event {event_id}")
        return self._make_bundle(event, publication)

    def _make_bundle(self, event: StoredEvent, publication: Publication) -> ProofBundle:
        root, size = Checkpoint.from_note(publication.note).root, publication.size
        tree = TreeReader(self.tiles, publication.edge)
        for position in self.log.find_positions(event.id, event.digest):
            if position < size:
                leaf, hashes = tree.read_leaf(position), tuple(tree.make_inclusion_proof(position))
                verify_inclusion(leaf, position, size, hashes, root)
                for receipt in self._read_receipts(event, position):
                    if leaf == hash_leaf(encode_entry(event.id, event.digest, receipt)):
                        proof = Proof(position, hashes, publication.note)
                        return ProofBundle(event.canonical, proof, receipt)
        raise NotPublishedError(f"event {event.id}")

    def _read_receipts(self, event: StoredEvent, position: int) -> Iterator[Receipt | None]:
        """Yield the receipts that the entry at this position may have, the likely ones first.

        The stored event has that of its latest delivery, the ledger that of the first.
        """
        if event.submitted_by is not None:
            yield Receipt.from_submitter(event.received_at, event.submitted_by)
        yield None
        for segment in self.log.read_segments(position, position + 1):
            yield segment.events[position - segment.start].receipt


def read_latest_publication(log: LogReader) -> Publication:
    """Return the latest checkpoint.

    Raises:
        NotPublishedError: there is no checkpoint yet.
        CorruptRecordError, StoreUnavailableError, StoreRejectedError: see `LogReader`.
    """
    publication = log.read_publication()
    if publication is None:
        raise NotPublishedError("the log")
    return publication


def read_tile(tiles: TileReader, path: str) -> bytes:
    """Return the tile or entry bundle at this path (`tile/…`).

    Raises:
        TileNotFoundError: the path is not valid, or there is no tile.
        StoreUnavailableError, StoreRejectedError: it cannot be read now.
    """
    try:
        content = tiles.read(Tile.from_path(path))
    except MalformedTileError as error:
        raise TileNotFoundError(path) from error
    if content is None:
        raise TileNotFoundError(path)
    return content
