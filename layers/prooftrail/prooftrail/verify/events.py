"""Compare the stored events with the entries of the log."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from prooftrail.event.times import format_timestamp
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.progress import Progress
from prooftrail.verify.comparison import DeviatingItem, TrailComparison
from prooftrail.verify.database import TrailDatabase
from prooftrail.verify.findings import EVENTS, LEDGER, Finding, FindingKind
from prooftrail.verify.ports import TrailReader, batch_events
from prooftrail.verify.result import TrailResult

GRACE_MS: Final = 15 * 60_000  # from the queue's receipt to the ledger
_END: Final = 1 << 62  # beyond every position


@dataclass(slots=True)
class EventCheck:
    """Reads the stored events and compares them; counts and findings go into `result`."""

    trail: TrailReader
    database: TrailDatabase
    comparison: TrailComparison
    result: TrailResult
    progress: Progress
    now_ms: int

    def read(self) -> None:
        """Read every stored event into the database."""
        self.progress.step("events", None)
        for batch in batch_events(self.trail.read_events()):
            self.database.add_events(batch)
            self.result.stored += len(batch)
            self.progress.advance(len(batch))

    def read_late_orders(self, size: int) -> None:
        """Read removal orders once more if a clean-up may have run meanwhile.

        It may have removed events before they were read, by orders that it stored in a part of the
        table that had been read already.
        """
        if any(self.comparison.find_unstored(size, _END)) and any(self._find_lost(size)):
            self.progress.step("orders", None)
            for batch in batch_events(self.trail.read_events()):
                self.database.add_orders(batch)
                self.progress.advance(len(batch))

    def check(self, size: int) -> None:
        """Compare entries and events, once everything is read."""
        self.progress.step("comparison", None)
        for position, event, earlier in self.comparison.find_repeated():
            detail = f"entry {earlier} already names this event"
            self._find(FindingKind.REPEATED, LEDGER, detail, event.id, position)
        # Not of the entries from `size` on: their events may be where reading had already passed.
        for position, event in self._find_lost(size):
            detail = "the event was removed before its expiry"
            self._find(FindingKind.MISSING, EVENTS, detail, event.id, position)
        for item in self.comparison.find_deviating_items():
            self._report_item(item)

    def _find_lost(self, size: int) -> Iterator[tuple[int, LoggedEvent]]:
        """Yield the entries whose event is gone without a reason; count those with a reason."""
        self.result.removed = self.result.expired = 0
        for position, event, is_ordered in self.comparison.find_unstored(0, size):
            if is_ordered:
                self.result.removed += 1
            elif event.expires_at is not None and event.expires_at * 1000 <= self.now_ms:
                self.result.expired += 1
            else:
                yield position, event

    def _report_item(self, item: DeviatingItem) -> None:
        event, position = item.event, item.position
        owner = f"item of tenant {event.tenant_id}: " if event.tenant_id else ""
        if position is None:
            age_ms = self.now_ms - event.received_at
            if event.problem is None and 0 <= age_ms <= GRACE_MS:
                self.result.pending += 1
                return
            kind, detail = FindingKind.ADDED, event.problem or "the event is not in the ledger"
        elif item.has_valid_twin:
            kind, detail = FindingKind.ADDED, "another item is the event with this id"
        elif event.problem is not None or event.digest != item.logged_digest:
            kind = FindingKind.ALTERED
            detail = event.problem or "it is not the event that was logged under this id"
        else:
            expiry = format_timestamp(1000 * (event.expires_at or 0))
            kind = FindingKind.ALTERED
            detail = f"its expiry {expiry} is earlier than the one it was committed with"
        self._find(kind, EVENTS, owner + detail, event.id, position)

    def _find(
        self,
        kind: FindingKind,
        place: str,
        detail: str,
        event_id: str | None = None,
        position: int | None = None,
    ) -> None:
        self.result.findings.append(Finding(kind, place, detail, event_id, position))
