"""Legal holds that were not applied for a week: later events under them will expire.

The processor knows no holds. An event that arrives under a hold has an expiry until
`prooftrail hold apply` lifts it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from prooftrail.event.hold import HoldScope
from prooftrail.event.times import DAY_MS
from prooftrail.operate.holds import ActiveHolds, HoldReader

MAX_UNAPPLIED_MS: Final = 8 * DAY_MS  # operators run `apply` once a week


class ExpiringEvents(Protocol):
    """Looks for expiries. May raise StoreUnavailableError and StoreRejectedError."""

    def has_expiry(self, tenant_id: str, scope: HoldScope, before_ms: int) -> bool:
        """Return whether a recent event of the scope that was stored before this time expires.

        It reads only a few events: the newest with a timestamp before this time. `before_ms` is in
        milliseconds since 1970.
        """


@dataclass(frozen=True, slots=True)
class HoldSurvey:
    """The number of active holds, and the tenants in which an event under a hold will expire."""

    hold_count: int
    unapplied: Sequence[str]


def survey_holds(
    holds: HoldReader, events: ExpiringEvents, tenants: Iterable[str], now_ms: int
) -> HoldSurvey:
    """Look at the active holds of these tenants.

    Raises:
        CorruptRecordError: a hold is damaged.
        StoreUnavailableError, StoreRejectedError: the holds or events cannot be read now.
    """
    hold_count = 0
    unapplied: list[str] = []
    for tenant_id in tenants:
        scopes = [hold.scope for hold in ActiveHolds.read(holds, tenant_id).by_id.values()]
        hold_count += len(scopes)
        if any(
            events.has_expiry(tenant_id, scope, now_ms - MAX_UNAPPLIED_MS)
            for scope in scopes
            if scope is not None
        ):
            unapplied.append(tenant_id)
    return HoldSurvey(hold_count, unapplied)
