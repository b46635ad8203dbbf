"""Compare the three copies of the log: published entries, published hashes, the ledger's entries.

The copy that leads to the checkpoint's root is proved. Where the others differ from it, they are
wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from prooftrail.errors import MalformedTileError
from prooftrail.ledger.entry import LoggedEvent, parse_entry
from prooftrail.progress import Progress
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf
from prooftrail.verify.database import TrailDatabase
from prooftrail.verify.findings import LEDGER, PUBLISHED, Finding, FindingKind
from prooftrail.verify.ports import PublishedLogReader
from prooftrail.verify.tree import Chunk, TreeCheck

BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Difference:
    """A position at which the copies differ; a copy that has nothing there is None."""

    chunk: Chunk
    position: int
    entry: bytes | None
    hash: bytes | None
    logged: LoggedEvent | None

    @property
    def published_leaf(self) -> bytes | None:
        """The hash of the published entry; without an entry, the hash in the tile."""
        return self.hash if self.entry is None else hash_leaf(self.entry)

    @property
    def ledger_leaf(self) -> bytes | None:
        """The hash of the ledger's entry."""
        return hash_leaf(self.logged.entry) if self.logged else None

    @property
    def published_event(self) -> LoggedEvent | None:
        """The event that the published entry names."""
        try:
            return parse_entry(self.entry or b"")
        except MalformedTileError:
            return None

    def find_event(self, leaf: bytes | None) -> LoggedEvent | None:
        """Return the event with this leaf, if one of the copies has it."""
        if self.logged and self.ledger_leaf == leaf:
            return self.logged
        return self.published_event if self.entry and self.published_leaf == leaf else None


_GetLeaf = Callable[[_Difference], bytes | None]


@dataclass(slots=True)
class EntryCheck:
    """One comparison of the copies; `findings` grow on the way."""

    published_log: PublishedLogReader
    database: TrailDatabase
    findings: list[Finding]
    progress: Progress
    _differences: list[_Difference] = field(default_factory=list)

    def run(self, checkpoint: Checkpoint) -> Edge:
        """Check the log up to the checkpoint; return the right edge of its tree."""
        self.progress.step("log", checkpoint.size)
        check = TreeCheck(self.published_log, checkpoint.size, self.findings)
        for chunk in check.read_chunks():
            self._differences += self._compare(chunk)
            self.progress.advance(chunk.width)
        copies: tuple[tuple[_GetLeaf, Callable[[], Edge | None]], ...] = (
            (lambda difference: difference.published_leaf, lambda: check.edge),
            (lambda difference: difference.hash, lambda: self._build_hashes_edge(checkpoint.size)),
            (
                lambda difference: difference.ledger_leaf,
                lambda: build_ledger_edge(self.database, Edge(), checkpoint.size),
            ),
        )
        for get_leaf, build_edge in copies:
            edge = build_edge()
            if edge is not None and edge.compute_root() == checkpoint.root:
                self._report_differences(get_leaf)
                return edge
        detail = "no copy of its entries leads to the checkpoint's root"
        self._find(FindingKind.CHECKPOINT, PUBLISHED, detail)
        self._report_differences(lambda difference: difference.published_leaf)
        return Edge()

    def _compare(self, chunk: Chunk) -> Iterator[_Difference]:
        rows = self.database.read_log(chunk.start, chunk.start + chunk.width)
        if (
            len(rows) == chunk.width
            and chunk.leaves == chunk.hashes
            and [event.entry for _, event in rows] == chunk.entries
        ):
            return
        logged = dict(rows)
        for offset in range(chunk.width):
            position = chunk.start + offset
            entry = chunk.entries[offset] if chunk.entries is not None else None
            stored = chunk.hashes[offset] if chunk.hashes is not None else None
            difference = _Difference(chunk, position, entry, stored, logged.get(position))
            leaves = {
                stored,
                hash_leaf(entry) if entry is not None else None,
                difference.ledger_leaf,
            }
            if len(leaves) > 1 or None in leaves:
                yield difference

    def _report_differences(self, get_leaf: _GetLeaf) -> None:
        """Report what differs from the proved copy, which `get_leaf` reads."""
        for difference in self._differences:
            leaf = get_leaf(difference)
            proved = difference.find_event(leaf)
            if proved and difference.ledger_leaf != leaf:
                logged = difference.logged
                if logged and logged.digest == proved.digest:  # only the ledger has the expiry
                    proved = replace(proved, expires_at=logged.expires_at)
                self.database.correct_entry(difference.position, proved)
        for difference in self._differences:
            self._report_difference(difference, get_leaf(difference))

    def _report_difference(self, difference: _Difference, leaf: bytes | None) -> None:
        proved = difference.find_event(leaf)
        position = difference.position
        proved_id = proved.id if proved else None
        if difference.entry is not None and difference.published_leaf != leaf:
            place = difference.chunk.bundle.path
            self._report_entry(place, position, difference.published_event, proved)
        if difference.hash is not None and difference.hash != leaf:
            detail = "the hash is not the hash of the entry"
            self._find(FindingKind.TILE, difference.chunk.tile.path, detail, proved_id, position)
        if difference.logged is None:
            detail = "the entry is missing"
            self._find(FindingKind.MISSING, LEDGER, detail, proved_id, position)
        elif difference.ledger_leaf != leaf:
            self._report_entry(LEDGER, position, difference.logged, proved)

    def _report_entry(
        self, place: str, position: int, found: LoggedEvent | None, proved: LoggedEvent | None
    ) -> None:
        if found and proved and found.id == proved.id:
            detail = f"{describe_difference(found, proved)} is not the proved one"
            self._find(FindingKind.ALTERED, place, detail, found.id, position)
            return
        if proved:
            right = f"the proved entry here is of event {proved.id}"
        else:
            right = "it is not the published entry"
        if found is None:
            detail = f"the entry does not name an event; {right}"
            self._find(FindingKind.ALTERED, place, detail, proved.id if proved else None, position)
            return
        others = [other for other in self.database.find_positions(found) if other != position]
        if others:
            detail = f"this entry belongs to position {others[0]}; {right}"
            self._find(FindingKind.REORDERED, place, detail, found.id, position)
        else:
            self._find(FindingKind.ALTERED, place, right, found.id, position)

    def _build_hashes_edge(self, size: int) -> Edge | None:
        """Return the edge of the tree over the hashes in the tiles; None if a tile is missing."""
        edge = Edge()
        for chunk in TreeCheck(self.published_log, size).read_chunks():
            if chunk.hashes is None:
                return None
            edge = edge.with_leaves(chunk.hashes)
        return edge

    def _find(
        self,
        kind: FindingKind,
        place: str,
        detail: str,
        event_id: str | None = None,
        position: int | None = None,
    ) -> None:
        self.findings.append(Finding(kind, place, detail, event_id, position))


def describe_difference(found: LoggedEvent, proved: LoggedEvent) -> str:
    """Return what differs in two entries of one event, as a subject."""
    if found.digest != proved.digest:
        return "its digest"
    if (found.receipt is None) != (proved.receipt is None):
        return "the version of its entry"
    if found.receipt and proved.receipt and found.receipt.submitter != proved.receipt.submitter:
        return "its submitter"
    return "its time of receipt"


def build_ledger_edge(database: TrailDatabase, edge: Edge, size: int) -> Edge | None:
    """Extend an edge by the ledger's entries up to this size; None if one is missing."""
    while edge.size < size:
        end = min(size, edge.size + BATCH)
        rows = database.read_log(edge.size, end)
        if len(rows) < end - edge.size:
            return None
        edge = edge.with_leaves(hash_leaf(event.entry) for _, event in rows)
    return edge
