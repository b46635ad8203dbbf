"""Verify a whole trail: published log, ledger and stored events, each against the others.

The published log is proved by its checkpoint. The ledger's entries must be the published ones and
continue them. The stored events must be those of the entries, one for one.
"""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from prooftrail.errors import AuditLogError, InaccessibleError
from prooftrail.event.hold import HoldOrder
from prooftrail.event.removal import RemovalOrder
from prooftrail.ledger.head import Head
from prooftrail.ledger.ports import LogReader
from prooftrail.progress import NoProgress, Progress
from prooftrail.tlog.merkle import Edge
from prooftrail.tlog.note import Note
from prooftrail.tlog.policy import Policy
from prooftrail.verify.checkpoints import CheckpointCheck
from prooftrail.verify.comparison import TrailComparison
from prooftrail.verify.confirmation import GRACE_SECONDS, read_until_confirmed
from prooftrail.verify.database import TrailDatabase
from prooftrail.verify.entries import EntryCheck, build_ledger_edge
from prooftrail.verify.events import EventCheck
from prooftrail.verify.findings import LEDGER, PUBLISHED, Finding, FindingKind
from prooftrail.verify.ports import (
    CommitEntries,
    CommitRecord,
    CounterPage,
    DamagedItem,
    PublishedLogReader,
    RecordedPositions,
    RecordedTenant,
    TrailReader,
)
from prooftrail.verify.result import TrailResult


@dataclass(slots=True)
class TrailCheck:
    """One verification of a whole trail.

    `database` is an empty SQLite database, best on disk. `now_ms` returns milliseconds since 1970,
    best by the clock of the store that is read: the clock of an auditor's machine can be wrong.
    """

    published_log: PublishedLogReader
    log: LogReader
    trail: TrailReader
    policy: Policy
    database: sqlite3.Connection
    now_ms: Callable[[], int]
    progress: Progress = field(default_factory=NoProgress)
    sleep: Callable[[float], None] = time.sleep
    grace_seconds: float = GRACE_SECONDS

    def run(self, saved: Note | None = None) -> TrailResult:
        """Verify everything; with a saved checkpoint also that the log still begins with it.

        If anything looks wrong, everything is read again after `grace_seconds`: see
        `read_until_confirmed`.

        Raises:
            InaccessibleError: a part cannot be read, so that nothing can be said.
        """
        return read_until_confirmed(lambda: _Reading(self).run(saved), self._wait)

    def _wait(self) -> None:
        self.progress.step("grace", None)
        self.sleep(self.grace_seconds)


class _Reading:
    """One reading of everything."""

    def __init__(self, check: TrailCheck) -> None:
        self._log = check.log
        self._trail = check.trail
        self._progress = check.progress
        self._result = TrailResult()
        findings = self._result.findings
        self._database = TrailDatabase(check.database)
        self._comparison = TrailComparison(self._database)
        self._checkpoints = CheckpointCheck(
            check.published_log, check.log, check.policy, self._result, check.sleep
        )
        self._entries = EntryCheck(check.published_log, self._database, findings, self._progress)
        self._events = EventCheck(
            check.trail,
            self._database,
            self._comparison,
            self._result,
            self._progress,
            check.now_ms,
        )

    def run(self, saved: Note | None) -> TrailResult:
        """Read and compare everything once."""
        checkpoint = self._result.checkpoint = self._checkpoints.find_trusted()
        # The head is read after the checkpoint, so that the checkpoint cannot be ahead of it.
        head = self._read_head()
        size = head.size if head else 0
        self._read_ledger()
        edge = Edge()
        if checkpoint is not None:
            self._result.entries = checkpoint.size
            edge = self._entries.run(checkpoint)
        if saved is not None:
            self._checkpoints.check_saved(saved, checkpoint)
        self._check_head(edge, head)
        self._check_commits(size)
        self._check_positions(self._result.entries)
        self._events.read()
        self._read_newer_entries(size)
        self._events.read_late_orders(size)
        self._check_orders(size)
        self._events.check(size)
        if self._checkpoints.is_unpublished:
            self._check_unpublished(size)
        return self._result

    def _find(
        self,
        kind: FindingKind,
        detail: str,
        event_id: str | None = None,
        position: int | None = None,
    ) -> None:
        self._result.findings.append(Finding(kind, LEDGER, detail, event_id, position))

    def _find_damage(self, error: AuditLogError) -> None:
        """Report a damaged part; raise the error if the part cannot be read now."""
        if isinstance(error, InaccessibleError):
            raise error
        self._find(FindingKind.LEDGER, str(error))

    def _read_head(self) -> Head | None:
        try:
            return self._log.read_head()
        except AuditLogError as error:
            self._find_damage(error)
            return None

    def _read_ledger(self) -> None:
        self._progress.step("ledger", None)
        for item in self._trail.read_ledger():
            match item:
                case CommitEntries():
                    if not self._database.add_commit_entries(item):
                        detail = "entries of two commits have the same positions"
                        self._find(FindingKind.ADDED, detail, position=item.start)
                    self._progress.advance(len(item.events))
                case CommitRecord():
                    self._database.add_commit_record(item)
                case RecordedPositions():
                    self._database.add_positions(item)
                case RemovalOrder() | HoldOrder():
                    self._database.add_ledger_order(item)
                case CounterPage() | RecordedTenant():
                    pass  # they prove no event; `prooftrail reconcile` checks them
                case DamagedItem():
                    self._find(FindingKind.LEDGER, f"{item.key}: {item.problem}")

    def _check_head(self, edge: Edge, head: Head | None) -> None:
        """Check that the ledger's entries continue the published ones, up to its head."""
        if head is None:
            if edge.size or self._database.read_log(0, 1):
                self._find(FindingKind.LEDGER, "the head is missing, but there are entries")
            return
        if head.size < edge.size:
            detail = f"its head has {head.size} entries, but {edge.size} are published"
            self._find(FindingKind.LEDGER, detail)
            return
        self._result.unpublished = head.size - self._result.entries
        grown = build_ledger_edge(self._database, edge, head.size)
        if grown is None:
            for position in self._database.find_gaps(edge.size, head.size):
                self._find(FindingKind.MISSING, "the entry is missing", position=position)
        elif grown != head.edge:
            detail = f"its entries from {edge.size} on do not lead to its head"
            self._find(FindingKind.LEDGER, detail)

    def _check_commits(self, size: int) -> None:
        for first, position, problem in self._comparison.find_differing_commits(size):
            self._find(FindingKind.LEDGER, f"commit {first}: {problem}", position=position)

    def _check_positions(self, size: int) -> None:
        for position, event in self._comparison.find_unrecorded_positions(size):
            detail = "its position is not recorded, so that the event cannot be proved"
            self._find(FindingKind.LEDGER, detail, event.id, position)

    def _read_newer_entries(self, size: int) -> None:
        """Add what was committed while the events were read."""
        head = self._read_head()
        end = head.size if head else 0
        try:
            for segment in self._log.read_segments(size, end):
                entries = CommitEntries(segment.start, "", "", segment.events)
                self._database.add_commit_entries(entries)
        except AuditLogError as error:
            self._find_damage(error)
        for start in self._database.find_commits_beyond(max(size, end)):
            detail = "there are entries beyond the head"
            self._find(FindingKind.ADDED, detail, position=start)

    def _check_orders(self, size: int) -> None:
        for order_id, position, problem in self._comparison.find_differing_orders():
            self._find(FindingKind.LEDGER, problem, order_id, position)
        for position, order in self._comparison.find_missing_orders(size):
            what = "removal" if isinstance(order, RemovalOrder) else "hold"
            detail = f"its copy of the {what} order is missing"
            self._find(FindingKind.LEDGER, detail, order.id, position)

    def _check_unpublished(self, size: int) -> None:
        """Say what is not proved while there is no checkpoint; a new log has nothing yet."""
        if self._checkpoints.has_tiles() or self._database.has_positions():
            detail = (
                "parts of it exist, but no checkpoint: the first publication did not end, or "
                "the checkpoint was removed"
            )
            self._leave_unproved(detail)
        elif self._events.has_settled() or (size and not self._result.stored):
            detail = (
                "nothing is published, though events were stored more than 15 minutes ago: the "
                "checkpoint function does not publish"
            )
            self._leave_unproved(detail)

    def _leave_unproved(self, detail: str) -> None:
        self._result.unproved.append(Finding(FindingKind.UNPROVED, PUBLISHED, detail))
