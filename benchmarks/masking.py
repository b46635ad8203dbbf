"""What masking costs: CPU for a page of 100 events, shown as stored and masked."""

import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import Finding, Report
from local.template import transform_template
from prooftrail.event.times import format_timestamp
from prooftrail.query.filters import Filters
from prooftrail.query.pages import list_events
from prooftrail.query.personal import MaskedEvents, PersonalKeys
from tests.support.fake_reader import FakeEvents
from tests.support.samples import NOW_MS, make_event_record

LIMIT = 100
ROUNDS = 30
TARGET_MS = 15.0
PERSONAL: dict[str, Any] = {
    "userId": "u-17",
    "username": "Ada Lovelace",
    "ipAddress": "203.0.113.77",
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/150.0",
    "details": {
        "customer": {"email": "ada@example.com", "plan": "pro", "seats": 5},
        "items": [{"sku": f"s-{number}", "count": number} for number in range(8)],
    },
    "changes": {"before": {"phone": "1", "state": "open"}, "after": {"phone": "2", "state": "new"}},
}


def run() -> Report:
    """Read the same page both ways, in turn."""
    default = transform_template()["Parameters"]["PersonalKeys"]["Default"]
    keys = PersonalKeys(frozenset(default.split(",")))
    records = [
        make_event_record(eventId=f"e-{at}", timestamp=format_timestamp(NOW_MS + at), **PERSONAL)
        for at in range(LIMIT)
    ]
    store = FakeEvents(records)
    masked = MaskedEvents(store, keys)
    clear_ms, masked_ms = (
        statistics.median(times)
        for times in zip(
            *(
                (_measure_ms(lambda: _read(store)), _measure_ms(lambda: _read(masked)))
                for _ in range(ROUNDS)
            ),
            strict=True,
        )
    )
    added = masked_ms - clear_ms
    size = statistics.mean(len(record.canonical) for record in records)
    return Report(
        f"Masking of a page of {LIMIT}",
        f"events of {size:.0f} bytes with 6 personal values, {len(keys.names)} names of keys, "
        f"median of {ROUNDS} rounds",
        [
            Finding("CPU as stored", f"{clear_ms:.1f} ms"),
            Finding("CPU masked", f"{masked_ms:.1f} ms"),
            Finding("added", f"{added:.1f} ms", f"at most {TARGET_MS:.0f} ms", added <= TARGET_MS),
        ],
    )


def _read(source: FakeEvents | MaskedEvents) -> str:
    page = list_events(source, Filters("default"), shard_count=4, limit=LIMIT)
    return page.to_json()


def _measure_ms(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000
