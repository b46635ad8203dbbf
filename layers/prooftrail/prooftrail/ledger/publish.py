"""Publishing the log: tiles, then positions, then the checkpoint. The checkpoint's one use-case.

Whatever stops a run, what is published stays true: the checkpoint comes last, it moves only from
the one that was read, and everything before it is written once and the same in every run.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from prooftrail.errors import AuditLogError, InconsistentLogError, SigningError
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogStore, Publication, PublishedCheckpoint, PublishedLog, Signer
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import HASH_LENGTH, Edge, hash_leaf
from prooftrail.tlog.note import Note, Signature, VerifierKey
from prooftrail.tlog.signatures import check_signature, verify_checkpoint
from prooftrail.tlog.tiles import (
    HEIGHT,
    WIDTH,
    Tile,
    TreeReader,
    compute_subtree_root,
    make_tile,
    pack_entry_bundle,
)

MAX_ENTRIES: Final = 1 << 16  # of one run: what a run holds in memory is bounded by it


class Witnesses(Protocol):
    """Those who cosign what they found consistent with all that they have seen."""

    @property
    def keys(self) -> Sequence[VerifierKey]:
        """Their keys."""

    def cosign(
        self, note: Note, old_size: int, consistency_proof: Callable[[int], Sequence[bytes]]
    ) -> Sequence[Signature]:
        """The cosignatures that come within a few seconds, each verified. Never raises.

        `old_size` is what they have probably seen last; the proof is asked for by another size if
        they say so.
        """


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What a run did. `is_behind` when entries are left; `repaired` says what was wrong."""

    size: int
    new_entries: int
    cosigned_by: Sequence[str]
    is_behind: bool
    repaired: str | None = None


@dataclass(frozen=True, slots=True)
class Publisher:
    """The parts that publish one log; `origin` is its name in checkpoints."""

    log: LogStore
    published_log: PublishedLog
    signer: Signer
    witnesses: Witnesses
    origin: str
    max_entries: int = MAX_ENTRIES

    def run(self) -> PublishResult:
        """Publish what was committed since the last checkpoint, at most `max_entries`.

        Nothing is signed that contradicts what was published before.

        Raises:
            InconsistentLogError: ledger, tiles and checkpoint contradict each other; nothing new
                was published.
            CheckpointMovedError: another run published first, which is fine.
            SigningError, CorruptRecordError, StoreUnavailableError, StoreRejectedError: a part
                failed; the next run goes on from where this one stopped.
        """
        key = self.signer.verifier_key(self.origin)
        published = (
            self.published_log.checkpoint()
        )  # before the ledger's: another run may publish meanwhile
        before = self.log.publication()
        repaired = self._check_published_checkpoint(before, published, key)
        head = self.log.head()
        if head is None or (before and head.size <= before.size):
            after, size = before, head.size if head else 0
            if before and (head is None or head.edge != before.edge):
                raise InconsistentLogError(f"the ledger lost some of {before.size} entries")
        else:
            after, size = self._published(head, before, key), head.size
        if after is None:
            return PublishResult(0, 0, (), is_behind=False)
        published = self._put_checkpoint(after, published)
        cosigned = self._cosigned(after, before)
        if cosigned is not after:
            self._put_checkpoint(cosigned, published)
        names = tuple(k.name for k in self.witnesses.keys if _is_signed(cosigned.note, k))
        new_entries = after.size - (before.size if before else 0)
        return PublishResult(after.size, new_entries, names, after.size < size, repaired)

    def _check_published_checkpoint(
        self, before: Publication | None, published: PublishedCheckpoint | None, key: VerifierKey
    ) -> str | None:
        """What is wrong with the published checkpoint and can be mended, or None.

        Raises:
            InconsistentLogError: one of ours is published that the ledger does not lead to.
        """
        if before and (before.verifier_key != key or not _is_of(before, key)):
            raise InconsistentLogError("the ledger's checkpoint is not one of this log and key")
        if published is None:
            return None
        if before and published.text == str(before.note):
            return None
        try:
            found = verify_checkpoint(Note.from_text(published.text), key)
        except AuditLogError as error:
            return f"the checkpoint was no checkpoint of this log: {error}"
        if before is None or found.size > before.size:
            raise InconsistentLogError(
                f"a checkpoint of {found.size} entries is published, the ledger knows of "
                f"{before.size if before else 'none'}"
            )
        earlier = TreeReader(self.published_log, before.edge).read_edge(found.size)
        if earlier.compute_root() != found.root:
            raise InconsistentLogError(f"two checkpoints of {found.size} entries are published")
        return None

    def _published(self, head: Head, before: Publication | None, key: VerifierKey) -> Publication:
        old = before.edge if before else Edge()
        first = old.size // WIDTH * WIDTH
        done = old.size - first
        events = self._new_events(first, min(head.size, old.size + self.max_entries))
        entries = [one.entry for one in events]
        leaves = [hash_leaf(entry) for entry in entries]
        edge = old.with_leaves(leaves[done:])
        if edge.size == head.size and edge != head.edge:
            raise InconsistentLogError("the ledger's entries do not lead to its head")
        if Edge().with_leaves(leaves[:done]) != _edge_within(old, 0):
            raise InconsistentLogError(
                f"the ledger's entries from {first} on are not the published"
            )
        self.published_log.put_tiles(dict(self._tiles(entries, leaves, old, edge.size)))
        self.log.record_positions(events[done:], old.size)
        after = Publication(self._signed(edge, key), key, edge)
        self.log.publish(after, before)
        return after

    def _new_events(self, first: int, end: int) -> list[LoggedEvent]:
        events: list[LoggedEvent] = []
        for segment in self.log.segments(first, end):
            events += segment.events[max(0, first - segment.start) :]
        return events[: end - first]

    def _tiles(
        self, entries: Sequence[bytes], leaves: Sequence[bytes], old: Edge, size: int
    ) -> Iterator[tuple[Tile, bytes]]:
        """Every tile that the new entries touch, from the leaves up."""
        first = old.size // WIDTH
        for at in range(0, len(entries), WIDTH):
            bundle = make_tile(None, first + at // WIDTH, size)
            yield bundle, pack_entry_bundle(entries[at : at + WIDTH])
        hashes, level = list(leaves), 0
        while True:
            full: list[bytes] = []
            for at in range(0, len(hashes), WIDTH):
                chunk = hashes[at : at + WIDTH]
                yield make_tile(level, first + at // WIDTH, size), b"".join(chunk)
                if len(chunk) == WIDTH:
                    full.append(compute_subtree_root(chunk))
            if not full:
                return
            level += 1
            first, hashes = (old.size >> HEIGHT * level) // WIDTH, self._partial(old, level) + full

    def _partial(self, old: Edge, level: int) -> list[bytes]:
        """The hashes of the partial tile that the published tree has at this level.

        Raises:
            InconsistentLogError: the tile is not what was published.
        """
        width = (old.size >> HEIGHT * level) % WIDTH
        if not width:
            return []
        tile = Tile(level, (old.size >> HEIGHT * level) // WIDTH, width)
        content = self.published_log.read(tile) or b""
        hashes = [content[at : at + HASH_LENGTH] for at in range(0, len(content), HASH_LENGTH)]
        if Edge().with_leaves(hashes) != _edge_within(old, level):
            raise InconsistentLogError(f"{tile.path} is not what was published")
        return hashes

    def _signed(self, edge: Edge, key: VerifierKey) -> Note:
        text = str(Checkpoint(self.origin, edge.size, edge.compute_root()))
        signature = Signature(key.name, key.id, self.signer.sign(text.encode()))
        try:
            check_signature(text, signature, key)
        except AuditLogError as error:
            raise SigningError("the key's keeper signed with another key") from error
        return Note(text, (signature,))

    def _put_checkpoint(
        self, publication: Publication, published: PublishedCheckpoint | None
    ) -> PublishedCheckpoint:
        """What the published log shows once the checkpoint is there."""
        text = str(publication.note)
        return (
            published
            if published and published.text == text
            else self.published_log.put_checkpoint(text, published)
        )

    def _cosigned(self, after: Publication, before: Publication | None) -> Publication:
        """The publication with the cosignatures that it lacked and that come now."""
        if all(_is_signed(after.note, key) for key in self.witnesses.keys):
            return after
        tree = TreeReader(self.published_log, after.edge)
        old_size = before.size if before else 0
        signatures = self.witnesses.cosign(after.note, old_size, tree.make_consistency_proof)
        if not signatures:
            return after
        cosigned = replace(after, note=after.note.with_signatures(signatures))
        self.log.publish(cosigned, after)
        return cosigned


def _is_of(publication: Publication, key: VerifierKey) -> bool:
    try:
        found = verify_checkpoint(publication.note, key)
    except AuditLogError:
        return False
    return (found.size, found.root) == (publication.size, publication.edge.compute_root())


def _is_signed(note: Note, key: VerifierKey) -> bool:
    return any(one.names_key(key) for one in note.signatures)


def _edge_within(edge: Edge, level: int) -> Edge:
    """The edge of the partial tile at this level, as a tree of its own."""
    width = (edge.size >> HEIGHT * level) % WIDTH
    above = (edge.size >> HEIGHT * (level + 1)).bit_count()
    return Edge(width, edge.hashes[above : above + width.bit_count()])
