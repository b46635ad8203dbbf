"""The tenants of a trail, with their numbers of events from the ledger's counters."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.query.ports import CounterReader, RowReader
from prooftrail.query.stats import StatsQuery, count_events

READERS: Final = 8


@dataclass(frozen=True, slots=True)
class TenantCount:
    """How many events of a tenant succeeded and failed, as the ledger counted them."""

    tenant_id: str
    successful: int
    failed: int

    @property
    def total(self) -> int:
        """The number of events."""
        return self.successful + self.failed

    def to_json(self) -> dict[str, object]:
        """Return the count for scripts."""
        return {
            "tenantId": self.tenant_id,
            "total": self.total,
            "successful": self.successful,
            "failed": self.failed,
        }


def count_tenants(
    tenants: Iterable[str],
    counters: CounterReader,
    rows: RowReader,
    *,
    start_ms: int = 0,
    end_ms: int = MAX_TIMESTAMP_MS,
) -> Iterator[TenantCount]:
    """Yield the counts of these tenants in whole hours (UTC), by default of all time.

    A tenant costs one to three queries of its counters, and no event is read.

    Raises:
        InvalidQueryError: the range ends before it starts.
        StoreUnavailableError, StoreRejectedError: the counters cannot be read now.
    """

    def count(tenant_id: str) -> TenantCount:
        query = StatsQuery.from_dates(tenant_id, now_ms=end_ms, start_ms=start_ms, end_ms=end_ms)
        statistics = count_events(query, counters, rows, shard_count=1)  # without a user: no rows
        return TenantCount(tenant_id, statistics.successful, statistics.failed)

    with ThreadPoolExecutor(READERS) as pool:
        yield from pool.map(count, tenants)
