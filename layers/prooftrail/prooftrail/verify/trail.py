"""The whole trail: published log, ledger and stored events, each against the others.

The published log is proved by its checkpoint. The ledger's entries have to be the published ones,
and go on from them; the stored events have to be those of the entries, one for one.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from prooftrail.errors import (
    AuditLogError,
    CorruptRecordError,
    InaccessibleError,
    InvalidProofError,
    MalformedTileError,
)
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.times import format_timestamp
from prooftrail.ledger.entry import LoggedEvent, parse_entry
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogReader, Publication, PublishedCheckpoint
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.merkle import Edge, hash_leaf, verify_consistency
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.tlog.tiles import WIDTH, TileReader, TreeReader, make_tile
from prooftrail.verify.findings import Finding, FindingKind
from prooftrail.verify.ports import (
    CommitEntries,
    CommitRecord,
    CounterPage,
    DamagedItem,
    PublishedLogReader,
    RecordedPositions,
    TrailReader,
    batch_events,
)
from prooftrail.verify.rows import Rows, Stored
from prooftrail.verify.tree import PUBLISHED, Chunk, TreeCheck

EVENTS: Final = "events table"
LEDGER: Final = "ledger table"
SAVED: Final = "saved checkpoint"
GRACE_MS: Final = 15 * 60_000  # from the queue's receipt to the ledger
CHECKPOINT_ATTEMPTS: Final = 5
BATCH: Final = 5_000
_END: Final = 1 << 62  # beyond every position


@dataclass(slots=True)
class TrailResult:
    """What was verified, and what was found. `checkpoint` is None where none could be trusted.

    `entries` are published, `unpublished` committed only; `stored` events are in the table,
    `removed` ones went by a clean-up's order, `expired` ones by their retention, `pending` ones are
    not in the ledger yet.
    """

    checkpoint: Checkpoint | None = None
    entries: int = 0
    unpublished: int = 0
    stored: int = 0
    removed: int = 0
    expired: int = 0
    pending: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_verified(self) -> bool:
        """Whether a trusted checkpoint covers the trail, and nothing contradicts it."""
        return self.checkpoint is not None and not self.findings

    def to_json(self) -> dict[str, object]:
        """The verdict for scripts."""
        return {
            "verified": self.is_verified,
            "checkpoint": str(self.checkpoint) if self.checkpoint else None,
            "entries": self.entries,
            "unpublished": self.unpublished,
            "stored": self.stored,
            "removed": self.removed,
            "expired": self.expired,
            "pending": self.pending,
            "findings": [one.to_json() for one in self.findings],
        }


def verify_append_only(old: Note, new: Note, tiles: TileReader, policy: Policy) -> Checkpoint:
    """Check that the log still begins with what an earlier checkpoint covered; answers the later.

    Raises:
        MalformedNoteError, UntrustedNoteError: see `Policy.check`; of the earlier one only the
            log's signature is asked for.
        InvalidProofError: the later one contradicts the earlier.
        TileMissingError, MalformedTileError: a part of the log that shows it is damaged.
    """
    later = policy.check(new)
    _check_growth(Policy(policy.logs, {}, {}).check(old), later, tiles)
    return later


def _check_growth(earlier: Checkpoint, later: Checkpoint, tiles: TileReader) -> None:
    if earlier.origin != later.origin:
        raise InvalidProofError(f"{earlier.origin} and {later.origin} are two logs")
    if earlier.size > later.size:
        raise InvalidProofError(f"the log shrank from {earlier.size} entries to {later.size}")
    proof: Sequence[bytes] = ()
    if earlier.size < later.size:
        proof = TreeReader.from_tiles(tiles, later.size).make_consistency_proof(earlier.size)
    verify_consistency(earlier.size, earlier.root, later.size, later.root, proof)


def verify_log(
    published_log: PublishedLogReader, policy: Policy, progress: Progress | None = None
) -> TrailResult:
    """Check the published log alone: that its entries and tiles are those of its checkpoint.

    Raises:
        MalformedNoteError, UntrustedNoteError, NotPublishedError: there is no checkpoint to trust.
        InaccessibleError: the log cannot be read.
    """
    published = published_log.read_checkpoint()
    if published is None:
        raise InvalidProofError("the log has no checkpoint")
    checkpoint = policy.check(Note.from_text(published.text))
    shown = progress or NoProgress()
    shown.step("log", checkpoint.size)
    verdict = TrailResult(checkpoint, entries=checkpoint.size)
    check = TreeCheck(published_log, checkpoint.size, verdict.findings)
    for chunk in check.chunks():
        verdict.findings += _differences(chunk)
        shown.advance(chunk.width)
    if check.edge is None or check.edge.compute_root() != checkpoint.root:
        detail = "its entries do not lead to the checkpoint's root"
        verdict.findings.append(Finding(FindingKind.CHECKPOINT, PUBLISHED, detail))
    return verdict


def _differences(chunk: Chunk) -> Iterator[Finding]:
    """Where a chunk's entries and hashes do not agree."""
    if chunk.entries is None or chunk.hashes is None or chunk.leaves == chunk.hashes:
        return
    path = chunk.tile.path
    for position, (entry, leaf, held) in enumerate(
        zip(chunk.entries, chunk.leaves or (), chunk.hashes, strict=True), chunk.start
    ):
        if leaf != held:
            event_id = _id_in(entry)
            detail = "the entry and its hash in the tile differ"
            yield Finding(FindingKind.TILE, path, detail, event_id, position)


def _id_in(entry: bytes) -> str | None:
    try:
        return parse_entry(entry)[0]
    except MalformedTileError:
        return None


@dataclass(frozen=True, slots=True)
class _Suspect:
    """A position at which the copies of the log differ; None where a copy has nothing."""

    position: int
    entry: bytes | None
    hash: bytes | None
    logged: LoggedEvent | None

    @property
    def published_leaf(self) -> bytes | None:
        """The leaf that the published entry makes, or the tile's hash in its stead."""
        return self.hash if self.entry is None else hash_leaf(self.entry)

    @property
    def ledger_leaf(self) -> bytes | None:
        """The leaf that the ledger's entry makes."""
        return hash_leaf(self.logged.entry) if self.logged else None

    @property
    def published_event(self) -> LoggedEvent | None:
        """The event that the published entry names."""
        try:
            return LoggedEvent.from_id(*parse_entry(self.entry or b""))
        except MalformedTileError:
            return None

    def event_of(self, leaf: bytes | None) -> LoggedEvent | None:
        """The event whose leaf this is, if one of the copies has it."""
        if self.logged and self.ledger_leaf == leaf:
            return self.logged
        return self.published_event if self.entry and self.published_leaf == leaf else None


class TrailCheck:
    """One verification of a whole trail; `database` is a fresh SQLite database, best on disk."""

    def __init__(
        self,
        published_log: PublishedLogReader,
        log: LogReader,
        trail: TrailReader,
        policy: Policy,
        database: sqlite3.Connection,
        *,
        now_ms: int,
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._published_log = published_log
        self._log = log
        self._trail = trail
        self._policy = policy
        self._rows = Rows(database)
        self._now_ms = now_ms
        self._progress = progress or NoProgress()
        self._sleep = sleep
        self._verdict = TrailResult()
        self._damage = "there is no checkpoint"

    def run(self, saved: Note | None = None) -> TrailResult:
        """Verify everything; with a saved checkpoint also that the log still begins with it.

        Raises:
            InaccessibleError: a part cannot be read; nothing is known.
        """
        checkpoint = self._verdict.checkpoint = self._trusted()
        head = self._head()  # after the checkpoint, which cannot be ahead of it
        self._read_ledger()
        edge = self._check_tree(checkpoint) if checkpoint else Edge()
        if saved is not None and checkpoint is not None:
            self._check_saved(saved, checkpoint)
        self._check_head(edge, head)
        size = head.size if head else 0
        self._check_commits(size)
        self._check_places(checkpoint.size if checkpoint else 0)
        self._read_events()
        self._read_newer(size)
        self._read_late_orders(size)
        self._check_orders(size)
        self._check_events(size)
        return self._verdict

    def _find(
        self,
        kind: FindingKind,
        place: str,
        detail: str,
        event_id: str | None = None,
        position: int | None = None,
    ) -> None:
        self._verdict.findings.append(Finding(kind, place, detail, event_id, position))

    # Head and checkpoint

    def _head(self) -> Head | None:
        try:
            return self._log.read_head()
        except AuditLogError as error:
            self._find_or_raise(error, FindingKind.LEDGER)
            return None

    def _find_or_raise(self, error: AuditLogError, kind: FindingKind, place: str = LEDGER) -> None:
        """A damage is a finding; what cannot be read now leaves nothing to say."""
        if isinstance(error, InaccessibleError):
            raise error
        self._find(kind, place, str(error))

    def _trusted(self) -> Checkpoint | None:
        """The checkpoint to verify against: the longest that the policy trusts."""
        publication, published = self._published()
        if publication is None:
            self._find(FindingKind.CHECKPOINT, LEDGER, self._damage)
        found: list[Checkpoint] = []
        if published is None:
            self._find(FindingKind.CHECKPOINT, PUBLISHED, "there is no checkpoint")
        else:
            found += self._checked(PUBLISHED, published.text)
        if publication is not None:
            in_ledger = self._checked(LEDGER, str(publication.note))
            for one in in_ledger:
                if (one.size, one.root) != (publication.size, publication.edge.compute_root()):
                    self._find(
                        FindingKind.CHECKPOINT, LEDGER, "its right edge is not the checkpoint's"
                    )
            found += in_ledger
        if len({one.root for one in found}) > 1:
            sizes = " and ".join(str(one.size) for one in found)
            detail = f"the published checkpoint and the ledger's differ: {sizes} entries"
            self._find(FindingKind.CHECKPOINT, PUBLISHED, detail)
        return max(found, key=lambda one: one.size, default=None)

    def _published(self) -> tuple[Publication | None, PublishedCheckpoint | None]:
        """The ledger's checkpoint and the published one; a run may be between the two."""
        found = self._publication(), self._published_log.read_checkpoint()
        for _ in range(CHECKPOINT_ATTEMPTS):
            publication, published = found
            if publication is None or (published and published.text == str(publication.note)):
                break
            self._sleep(1)
            found = self._publication(), self._published_log.read_checkpoint()
        return found

    def _publication(self) -> Publication | None:
        try:
            return self._log.read_publication()
        except CorruptRecordError as error:
            self._damage = str(error)
            return None

    def _checked(self, place: str, text: str) -> list[Checkpoint]:
        try:
            return [self._policy.check(Note.from_text(text))]
        except AuditLogError as error:
            self._find(FindingKind.CHECKPOINT, place, str(error))
            return []

    def _check_saved(self, saved: Note, checkpoint: Checkpoint) -> None:
        try:
            earlier = Policy(self._policy.logs, {}, {}).check(saved)
            _check_growth(earlier, checkpoint, self._published_log)
        except AuditLogError as error:
            self._find_or_raise(error, FindingKind.CHECKPOINT, SAVED)

    # The log: published, and in the ledger

    def _read_ledger(self) -> None:
        self._progress.step("ledger", None)
        for item in self._trail.read_ledger():
            match item:
                case CommitEntries():
                    if not self._rows.add_segment(item):
                        detail = "entries stand where others stand too"
                        self._find(FindingKind.ADDED, LEDGER, detail, position=item.start)
                    self._progress.advance(len(item.events))
                case CommitRecord():
                    self._rows.add_mark(item)
                case RecordedPositions():
                    self._rows.add_places(item)
                case RemovalOrder():
                    self._rows.add_kept_order(item)
                case CounterPage():
                    pass  # of no event's proof: `reconcile` looks at them
                case DamagedItem():
                    self._find(FindingKind.LEDGER, LEDGER, f"{item.key}: {item.problem}")

    def _check_tree(self, checkpoint: Checkpoint) -> Edge:
        """Check the log up to the checkpoint, and answer the right edge there."""
        self._verdict.entries = checkpoint.size
        self._progress.step("log", checkpoint.size)
        check = TreeCheck(self._published_log, checkpoint.size, self._verdict.findings)
        suspects: list[_Suspect] = []
        for chunk in check.chunks():
            suspects += self._suspects(chunk)
            self._progress.advance(chunk.width)
        copies: tuple[_Copy, ...] = (
            (lambda one: one.published_leaf, lambda: check.edge),
            (lambda one: one.hash, lambda: self._hashes_edge(checkpoint.size)),
            (lambda one: one.ledger_leaf, lambda: self._ledger_edge(Edge(), checkpoint.size)),
        )
        for leaf_of, edge_of in copies:
            edge = edge_of()
            if edge is not None and edge.compute_root() == checkpoint.root:
                self._name(suspects, leaf_of)
                return edge
        detail = "no copy of its entries leads to the checkpoint's root"
        self._find(FindingKind.CHECKPOINT, PUBLISHED, detail)
        self._name(suspects, lambda one: one.published_leaf)
        return Edge()

    def _suspects(self, chunk: Chunk) -> Iterator[_Suspect]:
        rows = self._rows.log(chunk.start, chunk.start + chunk.width)
        if (
            len(rows) == chunk.width
            and chunk.leaves == chunk.hashes
            and [event.entry for _, event in rows] == chunk.entries
        ):
            return
        logged = dict(rows)
        for at in range(chunk.width):
            position = chunk.start + at
            entry = chunk.entries[at] if chunk.entries is not None else None
            held = chunk.hashes[at] if chunk.hashes is not None else None
            event = logged.get(position)
            leaves = {held, hash_leaf(entry) if entry is not None else None}
            leaves.add(hash_leaf(event.entry) if event else None)
            if len(leaves) > 1 or None in leaves:
                yield _Suspect(position, entry, held, event)

    def _name(
        self, suspects: Sequence[_Suspect], leaf_of: Callable[[_Suspect], bytes | None]
    ) -> None:
        """Name what is not as the copy that leads to the root has it."""
        for one in suspects:
            proved = one.event_of(leaf_of(one))
            if proved and one.ledger_leaf != leaf_of(one):
                self._rows.correct(one.position, proved)
        for one in suspects:
            leaf = leaf_of(one)
            proved = one.event_of(leaf)
            index, size = one.position // WIDTH, self._verdict.entries
            if one.entry is not None and one.published_leaf != leaf:
                bundle = make_tile(None, index, size).path
                self._name_wrong(bundle, one.position, one.published_event, proved)
            if one.hash is not None and one.hash != leaf:
                detail = "the hash is not that of the entry"
                event_id = proved.id if proved else None
                path = make_tile(0, index, size).path
                self._find(FindingKind.TILE, path, detail, event_id, one.position)
            if one.logged is None:
                detail = "the entry is missing"
                event_id = proved.id if proved else None
                self._find(FindingKind.MISSING, LEDGER, detail, event_id, one.position)
            elif one.ledger_leaf != leaf:
                self._name_wrong(LEDGER, one.position, one.logged, proved)

    def _name_wrong(
        self, place: str, position: int, found: LoggedEvent | None, proved: LoggedEvent | None
    ) -> None:
        right = f"the published entry is of {proved.id}" if proved else "it is not the published"
        if found is None:
            detail = f"the entry is none of an event; {right}"
            self._find(FindingKind.ALTERED, place, detail, proved.id if proved else None, position)
            return
        others = [one for one in self._rows.positions_of(found) if one != position]
        if others:
            detail = f"the entry's place is {others[0]}; {right}"
            self._find(FindingKind.REORDERED, place, detail, found.id, position)
        else:
            self._find(FindingKind.ALTERED, place, right, found.id, position)

    def _hashes_edge(self, size: int) -> Edge | None:
        edge = Edge()
        for chunk in TreeCheck(self._published_log, size).chunks():
            if chunk.hashes is None:
                return None
            edge = edge.with_leaves(chunk.hashes)
        return edge

    def _ledger_edge(self, edge: Edge, size: int) -> Edge | None:
        """The edge after the ledger's entries up to this size, or None where one is missing."""
        while edge.size < size:
            end = min(size, edge.size + BATCH)
            rows = self._rows.log(edge.size, end)
            if len(rows) < end - edge.size:
                return None
            edge = edge.with_leaves(hash_leaf(event.entry) for _, event in rows)
        return edge

    def _check_head(self, edge: Edge, head: Head | None) -> None:
        """Check that the ledger's entries go on from the published ones, up to its head."""
        if head is None:
            if edge.size or self._rows.log(0, 1):
                self._find(FindingKind.LEDGER, LEDGER, "there is no head to the entries")
            return
        if head.size < edge.size:
            detail = f"its head is of {head.size} entries, {edge.size} are published"
            self._find(FindingKind.LEDGER, LEDGER, detail)
            return
        self._verdict.unpublished = head.size - self._verdict.entries
        grown = self._ledger_edge(edge, head.size)
        if grown is None:
            for position in self._rows.gaps(edge.size, head.size):
                self._find(FindingKind.MISSING, LEDGER, "the entry is missing", position=position)
        elif grown != head.edge:
            detail = f"its entries from {edge.size} on do not lead to its head"
            self._find(FindingKind.LEDGER, LEDGER, detail)

    def _check_commits(self, size: int) -> None:
        for first, position, detail in self._rows.differing_commits(size):
            self._find(FindingKind.LEDGER, LEDGER, f"commit {first}: {detail}", position=position)

    def _check_places(self, size: int) -> None:
        for position, event in self._rows.unplaced(size):
            detail = "its position is not kept, so that it cannot be proved"
            self._find(FindingKind.LEDGER, LEDGER, detail, event.id, position)

    # The events

    def _read_events(self) -> None:
        self._progress.step("events", None)
        for batch in batch_events(self._trail.read_events()):
            self._rows.add_events(batch)
            self._verdict.stored += len(batch)
            self._progress.advance(len(batch))

    def _read_newer(self, size: int) -> None:
        """Take in what was committed while the events were read."""
        head = self._head()
        end = head.size if head else 0
        try:
            for segment in self._log.read_segments(size, end):
                self._rows.add_segment(CommitEntries(segment.start, "", "", segment.events))
        except AuditLogError as error:
            self._find_or_raise(error, FindingKind.LEDGER)
        for start in self._rows.segments_beyond(max(size, end)):
            detail = "entries stand beyond the head"
            self._find(FindingKind.ADDED, LEDGER, detail, position=start)

    def _read_late_orders(self, size: int) -> None:
        """Look once more for orders, where a clean-up may have gone on meanwhile.

        It removes an event that has not been read yet by an order put where reading had passed.
        """
        if any(self._rows.unstored(size, _END)) and any(self._lost(size)):
            self._progress.step("orders", None)
            for batch in batch_events(self._trail.read_events()):
                self._rows.add_orders(batch)
                self._progress.advance(len(batch))

    def _lost(self, size: int) -> Iterator[tuple[int, LoggedEvent]]:
        """Entries whose event is gone without a reason; counts those that have one."""
        self._verdict.removed = self._verdict.expired = 0
        for position, event, is_ordered in self._rows.unstored(0, size):
            if is_ordered:
                self._verdict.removed += 1
            elif event.expires_at is not None and event.expires_at * 1000 <= self._now_ms:
                self._verdict.expired += 1
            else:
                yield position, event

    def _check_orders(self, size: int) -> None:
        for order_id, entry, detail in self._rows.order_differences():
            self._find(FindingKind.LEDGER, LEDGER, detail, order_id, entry)
        for position, order in self._rows.unkept_orders(size):
            detail = "it does not keep the removal order"
            self._find(FindingKind.LEDGER, LEDGER, detail, order.id, position)

    def _check_events(self, size: int) -> None:
        self._progress.step("comparison", None)
        for position, event, earlier in self._rows.repeated():
            detail = f"the event has the entry {earlier} already"
            self._find(FindingKind.REPEATED, LEDGER, detail, event.id, position)
        for position, event in self._lost(size):  # a newer one may stand where reading had passed
            detail = "the event is gone before its time"
            self._find(FindingKind.MISSING, EVENTS, detail, event.id, position)
        for stored in self._rows.suspicious():
            self._name_stored(stored)

    def _name_stored(self, stored: Stored) -> None:
        event, position = stored.event, stored.position
        where = f"{event.tenant_id}'s item: " if event.tenant_id else ""
        if position is None:
            age = self._now_ms - event.received_at
            if event.problem is None and 0 <= age <= GRACE_MS:
                self._verdict.pending += 1
                return
            detail = event.problem or "the ledger knows no such event"
            self._find(FindingKind.ADDED, EVENTS, where + detail, event.id)
        elif stored.has_sound_twin:
            detail = "another item has this event's id"
            self._find(FindingKind.ADDED, EVENTS, where + detail, event.id, position)
        elif event.problem is not None or event.digest != stored.logged_digest:
            detail = event.problem or "it is another event than the one that was logged"
            self._find(FindingKind.ALTERED, EVENTS, where + detail, event.id, position)
        else:
            ends = format_timestamp(1000 * (event.expires_at or 0))
            detail = f"it ends at {ends}, before the end that it was committed with"
            self._find(FindingKind.ALTERED, EVENTS, where + detail, event.id, position)


_Copy = tuple[Callable[[_Suspect], bytes | None], Callable[[], Edge | None]]
