"""How many items a page of 50 reads, in tables of 1,000 to 100,000 events."""

import random
import statistics

from benchmarks.report import Finding, Report
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.record import EventRecord
from prooftrail.event.times import DAY_MS
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.pages import list_events
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS

SIZES = (1_000, 10_000, 100_000)
LIMIT = 50
SHARDS = 4
PAGES = 15
SPAN_MS = 30 * DAY_MS
TENANT = "acme"

FILTERS: dict[str, dict[str, object]] = {
    "userId": {"user_id": "u-1"},
    "resourceType, resourceId": {"resource_type": "order", "resource_id": "o-1"},
    "action": {"action": "order.approve"},
    "success=false": {"success": False},
    "none": {},
    "actorType": {"actor_type": "agent"},
}


def run() -> Report:
    """Read pages that start at random times.

    One event in four matches each filter, and one in two `actorType`.
    """
    reads: dict[str, list[int]] = {name: [] for name in FILTERS}
    for size in SIZES:
        store = FakeEvents(_make_records(size), SHARDS)
        for name, filters in FILTERS.items():
            reads[name].append(_median_reads(store, filters))
    return Report(
        f"Items read for a page of {LIMIT}",
        f"tables of {', '.join(f'{size:,}' for size in SIZES)} events, {SHARDS} shards, "
        f"index entries and items by key, median of {PAGES} pages",
        [
            Finding(name, " ".join(map(str, each)), "the same", len(set(each)) == 1)
            for name, each in reads.items()
        ],
    )


def _median_reads(store: FakeEvents, filters: dict[str, object]) -> int:
    rng = random.Random(7)
    counts = []
    for _ in range(PAGES):
        start = NOW_MS + int(SPAN_MS * rng.uniform(0, 0.3))
        page_filters = Filters(TENANT, start_ms=start, **filters)  # type: ignore[arg-type]
        before, loaded = store.rows_read, store.loaded
        page = list_events(store, page_filters, shard_count=SHARDS, limit=LIMIT, descending=False)
        assert len(page.events) == LIMIT
        by_key = store.loaded - loaded if plan_query(page_filters, SHARDS).index else 0
        counts.append(store.rows_read - before + by_key)
    return round(statistics.median(counts))


def _make_records(count: int) -> list[EventRecord]:
    rng = random.Random(7)
    return [_make_record(n, SPAN_MS * n // count, rng) for n in range(count)]


def _make_record(number: int, after_ms: int, rng: random.Random) -> EventRecord:
    matches = [rng.random() < share for share in (0.25, 0.25, 0.25, 0.25, 0.5)]
    canonical = canonicalize(
        {
            "eventId": f"e-{number}",
            "tenantId": TENANT,
            "action": "order.approve" if matches[0] else "order.view",
            "resourceType": "order",
            "resourceId": "o-1" if matches[1] else f"o-{number}",
            "success": not matches[2],
            "userId": "u-1" if matches[3] else f"u-{number}",
            "actorType": "agent" if matches[4] else "user",
        }
    )
    digest = compute_digest(canonical)
    return EventRecord(
        tenant_id=TENANT,
        id=make_id(NOW_MS + after_ms, digest),
        digest=digest,
        canonical=canonical,
        action="order.approve" if matches[0] else "order.view",
        resource_type="order",
        resource_id="o-1" if matches[1] else f"o-{number}",
        success=not matches[2],
        received_at=NOW_MS,
        user_id="u-1" if matches[3] else f"u-{number}",
    )
