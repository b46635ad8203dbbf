"""Publishing the log: tiles, then positions, then the checkpoint.

Wherever a run stops, everything published stays true: the checkpoint comes last and only replaces
the one that was read, and everything before it is written once and is the same in every run.

With each checkpoint the log says that it was the latest at a time, see `heartbeat`. That holds
because the ledger takes a checkpoint only in the place of the one that was read before that time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from prooftrail.errors import AuditLogError, InconsistentLogError, MalformedTileError
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.heartbeat import (
    check_new_signature,
    cosign_by_log,
    is_renewal_due,
    list_missing_witnesses,
    without_signatures,
)
from prooftrail.ledger.ports import LogStore, Publication, PublishedCheckpoint, PublishedLog, Signer
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import verify_checkpoint
from prooftrail.tlog.tile_builder import TileBuilder
from prooftrail.tlog.tiles import (
    WIDTH,
    Tile,
    TreeReader,
    compute_partial_edge,
    compute_partial_width,
    split_hashes,
)

MAX_ENTRIES: Final = 1 << 16  # in one run: bounds what a run holds in memory


class Witnesses(Protocol):
    """The witnesses that cosign checkpoints consistent with all that they have seen."""

    @property
    def keys(self) -> Sequence[VerifierKey]:
        """Their keys."""

    def cosign(
        self, note: Note, old_size: int, consistency_proof: Callable[[int], Sequence[bytes]]
    ) -> Sequence[Signature]:
        """Return the cosignatures that arrive within a few seconds, each verified. Never raise.

        `old_size` is what they have probably seen last. If they name another size, they get the
        consistency proof from that size.
        """


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a run did.

    `is_behind`: committed entries are left to publish. `repaired` says what was wrong with the
    published checkpoint that this run replaced. `earlier` is the size of one that was right, but
    earlier than the ledger's: the last run did not end, or somebody put it back.
    """

    size: int
    new_entries: int
    cosigned_by: Sequence[str]
    is_behind: bool
    repaired: str | None = None
    earlier: int | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """The parts that publish one log; `origin` is its name in checkpoints.

    `now_ms` returns the time of the clock.
    """

    log: LogStore
    published_log: PublishedLog
    signer: Signer
    witnesses: Witnesses
    origin: str
    now_ms: Callable[[], int]
    max_entries: int = MAX_ENTRIES

    def run(self) -> PublishResult:
        """Publish what was committed since the last checkpoint, at most `max_entries`.

        If there is nothing new, renew the log's own cosignature when it is due.
        Sign nothing that contradicts what was published before.

        Raises:
            InconsistentLogError: ledger, tiles and checkpoint contradict each other; nothing new
                was published.
            CheckpointMovedError: another run published first, which is fine.
            SigningError, CorruptRecordError, StoreUnavailableError, StoreRejectedError: a part
                failed; the next run goes on from where this one stopped.
        """
        key = self.signer.read_verifier_key(self.origin)
        # The published checkpoint is read before the ledger's, because other runs may publish.
        published = self.published_log.read_checkpoint()
        before = self.log.read_publication()
        repaired, earlier = self._check_published(published, before, key)
        head = self.log.read_head()
        if head is None or (before and head.size <= before.size):
            if before and (head is None or head.edge != before.edge):
                raise InconsistentLogError(
                    f"the ledger has lost some of {before.size} published entries"
                )
            after, size = self._renew(before, key), head.size if head else 0
        else:
            after, size = self._publish_entries(head, before, key), head.size
        if after is None:
            return PublishResult(0, 0, (), is_behind=False)
        published = self._put_checkpoint(after, published)
        cosigned = self._cosign(after, before, key)
        if cosigned is not after:
            self._put_checkpoint(cosigned, published)
        names = tuple(k.name for k in self.witnesses.keys if _has_line(cosigned.note.signatures, k))
        new_entries = after.size - (before.size if before else 0)
        return PublishResult(after.size, new_entries, names, after.size < size, repaired, earlier)

    def _check_published(
        self, published: PublishedCheckpoint | None, before: Publication | None, key: VerifierKey
    ) -> tuple[str | None, int | None]:
        """Return what is wrong with the published checkpoint, and its size if it is earlier.

        Both can be repaired.

        Raises:
            InconsistentLogError: it is signed by this log, but the ledger does not lead to it.
        """
        if before and (before.verifier_key != key or not _is_signed_by(before, key)):
            raise InconsistentLogError(
                "the ledger's checkpoint is not signed by this log with this key"
            )
        if published is None:
            return None, None
        if before and published.text == str(before.note):
            return None, None
        try:
            found = verify_checkpoint(Note.from_text(published.text), key)
        except AuditLogError as error:
            return f"the published checkpoint was not one of this log: {error}", None
        if before is None or found.size > before.size:
            known = f"has {before.size} entries" if before else "is missing"
            raise InconsistentLogError(
                f"a checkpoint of {found.size} entries is published, but the ledger's {known}"
            )
        earlier = TreeReader(self.published_log, before.edge).read_edge(found.size)
        if earlier.compute_root() != found.root:
            raise InconsistentLogError(
                f"two different checkpoints of {found.size} entries are published"
            )
        return None, found.size

    def _publish_entries(
        self, head: Head, before: Publication | None, key: VerifierKey
    ) -> Publication:
        """Write the tiles and positions of the next entries, and make their tree the latest."""
        old = before.edge if before else Edge()
        # `done`: the published entries in the bundle that is not full yet.
        done = compute_partial_width(0, old.size)
        first = old.size - done
        events, tenants = self._read_events(first, min(head.size, old.size + self.max_entries))
        entries = [event.entry for event in events]
        leaves = [hash_leaf(entry) for entry in entries]
        edge = old.with_leaves(leaves[done:])
        if edge.size == head.size and edge != head.edge:
            raise InconsistentLogError("the ledger's entries do not lead to its head")
        if Edge().with_leaves(leaves[:done]) != compute_partial_edge(old, 0):
            raise InconsistentLogError(
                f"the ledger's entries from {first} on are not the published ones"
            )
        self.published_log.put_tiles(dict(self._make_tiles(entries, leaves, old)))
        self.log.record_positions(events[done:], old.size)
        self.log.record_tenants(tenants)
        after = Publication(self._sign(edge, key, before), key, edge)
        self.log.publish(after, before)
        return after

    def _renew(self, before: Publication | None, key: VerifierKey) -> Publication | None:
        """Return the publication, with a new cosignature of the log's own if that is due."""
        if before is None or not is_renewal_due(before.note, key, self.now_ms()):
            return before
        note = cosign_by_log(before.note, key, self.signer.sign, self.now_ms(), before.note)
        after = replace(before, note=note)
        self.log.publish(after, before)
        return after

    def _read_events(self, first: int, end: int) -> tuple[list[LoggedEvent], frozenset[str]]:
        """Return the events of these positions, and the tenants of the commits with them."""
        events: list[LoggedEvent] = []
        tenants: set[str] = set()
        for segment in self.log.read_segments(first, end):
            events += segment.events[max(0, first - segment.start) :]
            tenants.update(segment.tenants or ())
        return events[: end - first], frozenset(tenants)

    def _make_tiles(
        self, entries: Sequence[bytes], leaves: Sequence[bytes], old: Edge
    ) -> Iterator[tuple[Tile, bytes]]:
        """Yield every tile that the entries change; the first one begins a bundle."""
        builder = TileBuilder(old.size, lambda tile: self._read_partial(tile, old))
        for start in range(0, len(entries), WIDTH):
            end = start + WIDTH
            yield from builder.add(entries[start:end], leaves[start:end])
        yield from builder.finish()

    def _read_partial(self, tile: Tile, old: Edge) -> list[bytes]:
        """Return the hashes of a partial tile of the published tree.

        Raises:
            InconsistentLogError: the tile is missing or damaged.
        """
        try:
            hashes = split_hashes(tile, self.published_log.read(tile) or b"")
        except MalformedTileError as error:
            raise InconsistentLogError(f"{tile.path} is not what was published") from error
        if Edge().with_leaves(hashes) != compute_partial_edge(old, tile.level or 0):
            raise InconsistentLogError(f"{tile.path} is not what was published")
        return hashes

    def _sign(self, edge: Edge, key: VerifierKey, before: Publication | None) -> Note:
        text = str(Checkpoint(self.origin, edge.size, edge.compute_root()))
        signature = Signature(key.name, key.id, self.signer.sign(text.encode()))
        check_new_signature(text, signature, key)
        previous = before.note if before else None
        return cosign_by_log(
            Note(text, (signature,)), key, self.signer.sign, self.now_ms(), previous
        )

    def _put_checkpoint(
        self, publication: Publication, published: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        text = str(publication.note)
        if published and published.text == text:
            return published
        return self.published_log.put_checkpoint(text, published)

    def _cosign(
        self, after: Publication, before: Publication | None, key: VerifierKey
    ) -> Publication:
        """Return the publication with the cosignatures of witnesses that arrive now.

        Ask those that have not cosigned since the log cosigned it itself. The older cosignature of
        a witness that does not respond is kept.
        """
        missing = list_missing_witnesses(after.note, key, self.witnesses.keys)
        if not missing:
            return after
        tree = TreeReader(self.published_log, after.edge)
        old_size = before.size if before else 0
        asked = without_signatures(after.note, missing)
        signatures = self.witnesses.cosign(asked, old_size, tree.make_consistency_proof)
        if not signatures:
            return after
        renewed = [witness for witness in missing if _has_line(signatures, witness)]
        note = without_signatures(after.note, renewed).with_signatures(signatures)
        cosigned = replace(after, note=note)
        self.log.publish(cosigned, after)
        return cosigned


def _is_signed_by(publication: Publication, key: VerifierKey) -> bool:
    try:
        found = verify_checkpoint(publication.note, key)
    except AuditLogError:
        return False
    return (found.size, found.root) == (publication.size, publication.edge.compute_root())


def _has_line(lines: Sequence[Signature], key: VerifierKey) -> bool:
    return any(line.names_key(key) for line in lines)
