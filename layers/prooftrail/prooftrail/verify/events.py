"""Compare the stored events with the entries of the log."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.event.retention import is_possible_expiry
from prooftrail.event.times import format_timestamp
from prooftrail.ledger.changes import CLOCK_SLACK_MS, STREAM_MEMORY_MS
from prooftrail.ledger.tampering import QUEUE_RETENTION_MS
from prooftrail.progress import Progress
from prooftrail.verify.comparison import (
    DeviatingItem,
    RepeatedEntry,
    TrailComparison,
    UnstoredEntry,
    WrongReference,
)
from prooftrail.verify.database import TrailDatabase
from prooftrail.verify.findings import EVENTS, LEDGER, Finding, FindingKind
from prooftrail.verify.ports import PAYLOAD_MISSING, EventItem, TrailReader, batch_items
from prooftrail.verify.result import TrailResult

GRACE_MS: Final = 15 * 60_000  # from the table to the ledger
MAX_CLOCK_DIFFERENCE_MS: Final = 60_000  # between the processor's clock and the table's
_END: Final = 1 << 62  # beyond every position


@dataclass(slots=True)
class EventCheck:
    """Reads the stored events and compares them; counts and findings go into `result`.

    `now_ms` returns milliseconds since 1970.
    """

    trail: TrailReader
    database: TrailDatabase
    comparison: TrailComparison
    result: TrailResult
    progress: Progress
    now_ms: Callable[[], int]
    _start_ms: int = 0  # when the reading of events began
    _now_ms: int = 0  # when everything was read

    def read(self) -> None:
        """Read every stored event and every reference into the database."""
        self._start_ms = self.now_ms()
        self.progress.step("events", None)
        for batch in batch_items(self.trail.read_events()):
            self.database.add_events(batch.events)
            self.database.add_references(batch.references)
            self.result.stored += len(batch.events)
            self.result.references += len(batch.references)
            self.progress.advance(len(batch.events))

    def read_late_orders(self, size: int) -> None:
        """Read orders once more if a clean-up or a hold may have been at work meanwhile.

        It may have removed events before they were read, by orders that it stored in a part of the
        table that had been read already.
        """
        is_cleaned_up = any(self.comparison.find_unstored(size, _END)) and any(
            self._find_lost(size)
        )
        is_unexplained = self.comparison.has_unordered_lifts()
        if is_cleaned_up or is_unexplained or any(self._find_missing_references()):
            self.progress.step("orders", None)
            for batch in batch_items(self.trail.read_events()):
                self.database.add_orders(batch.events)
                self.progress.advance(len(batch.events))

    def check(self, size: int) -> None:
        """Compare entries and events, once everything is read."""
        self.progress.step("comparison", None)
        self._now_ms = self.now_ms()
        for repeated in self.comparison.find_repeated():
            self._report_repeated(repeated)
        # Not of the entries from `size` on: their events may be where reading had already passed.
        for lost in self._find_lost(size):
            detail = "the event was removed before its expiry"
            if lost.is_held:
                detail = "the event is gone, though a hold had lifted its expiry"
            self._find(FindingKind.MISSING, EVENTS, detail, lost.event.id, lost.position)
        late: list[EventItem] = []
        for item in self.comparison.find_deviating_items():
            if item.position is None and item.event.problem is None:
                if not self._is_pending(item.event):
                    late.append(item.event)
            else:
                self._report_item(item)
        self._report_references()
        self._report_late(late)

    def _report_references(self) -> None:
        for tenant_id, event_id in self._find_missing_references():
            detail = f"item of tenant {tenant_id}: a reference to it is missing"
            self._find(FindingKind.MISSING, EVENTS, detail, event_id)
        for wrong in self.comparison.find_wrong_references():
            kind, detail = _describe_reference(wrong)
            detail = f"reference of tenant {wrong.tenant_id}: {detail}"
            self._find(kind, EVENTS, detail, wrong.id)
        self.result.dangling = self.comparison.count_dangling_references(self._now_ms)

    def _find_missing_references(self) -> Iterator[tuple[str, str]]:
        return self.comparison.find_missing_references(
            before_ms=self._start_ms - MAX_CLOCK_DIFFERENCE_MS, now_ms=self.now_ms()
        )

    def _is_pending(self, event: EventItem) -> bool:
        """Return whether an event may still be on its way to the ledger, and count it."""
        age_ms = self._now_ms - event.stored_at
        is_pending = -MAX_CLOCK_DIFFERENCE_MS <= age_ms <= GRACE_MS
        self.result.pending += is_pending
        return is_pending

    def _report_late(self, late: Sequence[EventItem]) -> None:
        """Report the valid events that should be in the ledger, and are not.

        If nothing else is wrong, and all of them were stored after everything that is logged, then
        the ledger may be behind. That is no evidence as long as the stream keeps its records.
        """
        if not late:
            return
        newest_ms = self.database.read_newest_logged_ms()
        earliest_ms = max(newest_ms - MAX_CLOCK_DIFFERENCE_MS, self._now_ms - STREAM_MEMORY_MS)
        latest_ms = self._now_ms + MAX_CLOCK_DIFFERENCE_MS
        is_all_else_right = not self.result.findings and not self.result.publication_lags
        is_behind = is_all_else_right and all(
            earliest_ms <= event.stored_at <= latest_ms for event in late
        )
        for event in late:
            if is_behind:
                detail = "it is not in the ledger, which has logged nothing that is later"
                finding = Finding(FindingKind.UNPROVED, EVENTS, detail, event.id)
                self.result.unproved.append(finding)
            else:
                detail = f"item of tenant {event.tenant_id}: the event is not in the ledger"
                self._find(FindingKind.ADDED, EVENTS, detail, event.id)

    def has_settled(self) -> bool:
        """Return whether events were stored so long ago that they should be published."""
        return self.database.has_events_stored_before(self.now_ms() - GRACE_MS)

    def _find_lost(self, size: int) -> Iterator[UnstoredEntry]:
        """Yield the entries whose event is gone without a reason; count those with a reason."""
        self.result.removed = self.result.expired = 0
        now_ms = self.now_ms()
        for entry in self.comparison.find_unstored(0, size):
            if entry.is_ordered:
                self.result.removed += 1
            elif _has_expired(entry.event.expires_at, now_ms) and not entry.is_held:
                self.result.expired += 1
            else:
                yield entry

    def _report_repeated(self, repeated: RepeatedEntry) -> None:
        """Count an event that was sent again after it was gone; report any other repetition."""
        if repeated.is_ordered or _has_expired(repeated.earlier_expires_at, self._now_ms):
            self.result.resent += 1
            return
        detail = f"entry {repeated.earlier} already names this event, which was not gone since"
        self._find(FindingKind.REPEATED, LEDGER, detail, repeated.event.id, repeated.position)

    def _report_item(self, item: DeviatingItem) -> None:
        event, position = item.event, item.position
        if self._is_expired_in_part(item):
            self.result.expired += 1
            return
        owner = f"item of tenant {event.tenant_id}: " if event.tenant_id else ""
        if position is None:
            kind, detail = FindingKind.ADDED, event.problem or "it is not an event"
        elif item.has_valid_twin:
            kind, detail = FindingKind.ADDED, "another item is the event with this id"
        elif event.problem is not None or event.digest != item.logged_digest:
            kind = FindingKind.ALTERED
            detail = event.problem or "it is not the event that was logged under this id"
        elif event.received_at > self._now_ms + MAX_CLOCK_DIFFERENCE_MS:
            received = format_timestamp(event.received_at)
            kind, detail = FindingKind.ALTERED, f"its time of receipt {received} is still to come"
        elif change := _describe_change(item):
            kind, detail = FindingKind.ALTERED, change
        elif event.held_expires_at is not None:
            self.result.held += 1
            return
        else:
            self.result.redelivered += 1
            return
        self._find(kind, EVENTS, owner + detail, event.id, position)

    def _is_expired_in_part(self, item: DeviatingItem) -> bool:
        """Return whether S3 has removed the payload of an expired event.

        DynamoDB removes the item too, but can take days for it.
        """
        event = item.event
        return (
            event.problem == PAYLOAD_MISSING
            and event.digest == item.logged_digest
            and _has_expired(event.expires_at, self._now_ms)
            and _has_expired(item.logged_expires_at, self._now_ms)
        )

    def _find(
        self,
        kind: FindingKind,
        place: str,
        detail: str,
        event_id: str | None = None,
        position: int | None = None,
    ) -> None:
        self.result.findings.append(Finding(kind, place, detail, event_id, position))


def _describe_change(item: DeviatingItem) -> str | None:
    """Return what was changed beside the event itself; None if a later delivery explains it.

    The entry has the receipt of the first delivery. A message can be processed after a later one,
    so the item's time may be earlier by as long as the queue keeps messages. Two senders can send
    one event in the same millisecond. The expiry is counted from the last put, so it is later than
    the entry's, but for the difference between the clocks of two puts.
    """
    event, receipt = item.event, item.receipt
    if receipt is not None:
        logged = format_timestamp(receipt.received_at)
        if event.received_at < receipt.received_at - QUEUE_RETENTION_MS:
            received = format_timestamp(event.received_at)
            return f"its time of receipt {received} is too early: it was logged with {logged}"
        if event.received_at == receipt.received_at and event.submitted_by is None:
            return f"it lacks the submitter of the receipt at {logged} that was logged"
    if event.held_expires_at is not None and not item.is_lifted:
        return "its expiry was lifted, and the log has no hold order that does so"
    logged_expiry = item.logged_expires_at
    expiry = event.expires_at if event.held_expires_at is None else event.held_expires_at
    if expiry is None or (logged_expiry is not None and expiry >= logged_expiry):
        return None
    if (
        logged_expiry is not None
        and (logged_expiry - expiry) * 1000 <= CLOCK_SLACK_MS
        and is_possible_expiry(expiry, event.stored_at)
    ):
        return None
    shown = format_timestamp(1000 * expiry)
    return f"its expiry {shown} is earlier than the one it was committed with"


def _describe_reference(wrong: WrongReference) -> tuple[FindingKind, str]:
    if wrong.problem is not None:
        return FindingKind.ADDED, wrong.problem
    if wrong.is_forged:
        return FindingKind.ADDED, "its event does not name what it refers to"
    if wrong.is_altered:
        return FindingKind.ALTERED, "it differs from its event"
    return FindingKind.ALTERED, "it expires before its event"


def _has_expired(expires_at: int | None, now_ms: int) -> bool:
    return expires_at is not None and expires_at * 1000 <= now_ms
