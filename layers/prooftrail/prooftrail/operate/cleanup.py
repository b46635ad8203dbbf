"""The clean-up: remove a tenant's old events, by removal orders (see `operate.removal`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TextIO

from prooftrail.event.removal import CLEANUP_ACTION
from prooftrail.event.times import format_timestamp
from prooftrail.operate.removal import EventRemover, RemovableEvent, Removal, RemovalList
from prooftrail.progress import Progress
from prooftrail.query.filters import matches_action


@dataclass(frozen=True, slots=True)
class CleanupScope:
    """What a clean-up removes: a tenant's events from before a time (ms since 1970).

    `excluded` has actions, or prefixes as in `user.*`. Removal orders always stay.
    """

    tenant_id: str
    before_ms: int
    excluded: tuple[str, ...] = ()

    def includes(self, action: str) -> bool:
        """Return whether events with this action are removed.

        >>> scope = CleanupScope("acme", 0, ("user.*", "code.report"))
        >>> scope.includes("user.login"), scope.includes("code.verify")
        (False, True)
        """
        return action != CLEANUP_ACTION and not any(
            matches_action(pattern, action) for pattern in self.excluded
        )


class RemovableEvents(EventRemover, Protocol):
    """Access to the events. May raise StoreUnavailableError and StoreRejectedError."""

    def read_before(self, tenant_id: str, before_ms: int) -> Iterator[RemovableEvent]:
        """Yield the tenant's stored events from before this time, strongly consistent, in pages."""


@dataclass(frozen=True, slots=True)
class Cleanup:
    """One run of a clean-up: what it removes, where it finds it, and how it removes it."""

    scope: CleanupScope
    events: RemovableEvents
    removal: Removal

    def select(self, file: TextIO, progress: Progress) -> RemovalList:
        """Return what has to be removed; change nothing.

        Raises:
            StoreUnavailableError, StoreRejectedError: the events cannot be read.
        """
        selection = RemovalList(file)
        progress.step("events", None)
        for event in self.events.read_before(self.scope.tenant_id, self.scope.before_ms):
            if event.problem is not None:
                selection.invalid_items += 1
            elif self.scope.includes(event.action):
                selection.add(event)
            progress.advance(1)
        return selection

    def remove(self, selection: RemovalList, progress: Progress, *, timeout_seconds: float) -> None:
        """Order the removal of the selected events and remove them; see `Removal.remove`."""
        details = {
            "before": format_timestamp(self.scope.before_ms),
            "excludeActions": list(self.scope.excluded),
        }
        self.removal.remove(selection, details, progress, timeout_seconds=timeout_seconds)
