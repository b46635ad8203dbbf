"""The rate of a tenant: how many events it may send over HTTP.

Time is divided into windows. In a window a tenant's requests are accepted until they have reached
its limit. The last one can go beyond the limit, so that no request is too large to be accepted.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import (
    AuditLogError,
    OutOfTimeError,
    RateExceededError,
    StoreRejectedError,
    StoreUnavailableError,
)
from prooftrail.intake.ports import UsageCounter

WINDOW_SECONDS: Final = 10
MAX_SECONDS: Final = 2.0  # for the tenants of one request, of which there can be a hundred
UNIT_BYTES: Final = 64 * 1024  # of a request that count as one event, as SQS bills them


@dataclass(frozen=True, slots=True)
class TenantRate:
    """Limits what each tenant sends, over all instances that share the counter.

    `report_unchecked` is called with the fault if the counter cannot be reached or is too slow. The
    request is accepted then: a limit against noise must not keep events out. `monotonic` returns
    seconds.
    """

    counter: UsageCounter
    events_per_second: int
    report_unchecked: Callable[[AuditLogError], None]
    monotonic: Callable[[], float] = time.monotonic

    def check(
        self, event_counts: Mapping[str, int], size: int, now_ms: int
    ) -> Mapping[str, RateExceededError]:
        """Count a request. Return the errors of the tenants that have to wait.

        `event_counts` has the number of its events by tenant, `size` is the bytes of its body.
        """
        window, elapsed_ms = divmod(now_ms, WINDOW_SECONDS * 1_000)
        wait_seconds = WINDOW_SECONDS - elapsed_ms // 1_000
        limit = self.events_per_second * WINDOW_SECONDS
        refused: dict[str, RateExceededError] = {}
        deadline = self.monotonic() + MAX_SECONDS
        for tenant_id, units in count_units(event_counts, size).items():
            if self.monotonic() > deadline:
                self.report_unchecked(OutOfTimeError())
                break
            try:
                is_accepted = self.counter.add(tenant_id, window, units, limit)
            except (StoreUnavailableError, StoreRejectedError) as error:
                self.report_unchecked(error)
                break
            if not is_accepted:
                refused[tenant_id] = RateExceededError(wait_seconds)
        return refused


def count_units(event_counts: Mapping[str, int], size: int) -> Mapping[str, int]:
    """Return what a request counts by tenant: its events, or each 64 KB of it if these are more.

    >>> count_units({"acme": 3}, 1_000), dict(count_units({"acme": 1, "beta": 3}, 1_000_000))
    ({'acme': 3}, {'acme': 4, 'beta': 12})
    """
    total = sum(event_counts.values())
    blocks = -(-size // UNIT_BYTES)
    if blocks <= total:
        return event_counts
    return Counter({name: -(-blocks * count // total) for name, count in event_counts.items()})
