"""The clean-up: remove a tenant's old events, by removal orders (see `operate.removal`)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TextIO

from prooftrail.event.orders import ORDER_ACTIONS
from prooftrail.event.times import format_timestamp
from prooftrail.operate.holds import ActiveHolds
from prooftrail.operate.removal import EventRemover, RemovableEvent, Removal, RemovalList
from prooftrail.progress import Progress
from prooftrail.query.filters import matches_action


@dataclass(frozen=True, slots=True)
class CleanupScope:
    """What a clean-up removes: a tenant's events from before a time (ms since 1970).

    `excluded` has actions, or prefixes as in `user.*`. Orders always stay.
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
        return action not in ORDER_ACTIONS and not any(
            matches_action(pattern, action) for pattern in self.excluded
        )


class RemovableEvents(EventRemover, Protocol):
    """Access to the events. May raise StoreUnavailableError and StoreRejectedError."""

    def read_before(
        self, tenant_id: str, before_ms: int, *, with_content: bool = False
    ) -> Iterator[RemovableEvent]:
        """Yield the tenant's stored events from before this time, strongly consistent, in pages.

        Their `fields` are complete `with_content`. Otherwise a payload in S3 is not read, and the
        fields of its event are those in the item's keys.
        """


@dataclass(frozen=True, slots=True)
class Cleanup:
    """One run of a clean-up: what it removes, where it finds it, and how it removes it."""

    scope: CleanupScope
    events: RemovableEvents
    removal: Removal

    def select(self, file: TextIO, progress: Progress) -> RemovalList:
        """Return what has to be removed; change nothing. Leave out what a legal hold covers.

        Raises:
            CorruptRecordError: a hold is damaged.
            StoreUnavailableError, StoreRejectedError: the holds or the events cannot be read.
        """
        tenant_id = self.scope.tenant_id
        holds = ActiveHolds.read(self.removal.orders, tenant_id)
        selection = RemovalList(file)
        selection.known_holds = frozenset(holds.by_id)
        progress.step("events", None)
        for event in self.events.read_before(
            tenant_id, self.scope.before_ms, with_content=holds.need_content
        ):
            if event.problem is not None:
                selection.invalid_items += 1
            elif self.scope.includes(event.action):
                if hold := holds.find(event.fields):
                    selection.by_hold[hold.hold_id] += 1
                else:
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
