"""Statistics: sums of the ledger's counters, or counts of one user's rows.

The cost of a sum depends on how many hours and days it covers, not on how many events. A sum covers
whole hours (UTC). Whole days are read from the daily counters, and the hours at both ends from the
hourly counters.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from prooftrail.errors import Problem, RangeTooLargeError
from prooftrail.event import keys
from prooftrail.event.ids import decode_time
from prooftrail.event.keys import CounterSpan
from prooftrail.event.times import (
    DAY_MS,
    HOUR_MS,
    MAX_TIMESTAMP_MS,
    format_day,
    format_hour,
    format_timestamp,
    parse_hour_or_day,
)
from prooftrail.query.filters import Filters, check_time_range, matches_action, plan_query
from prooftrail.query.ports import CounterReader, RowReader
from prooftrail.query.rows import read_all_rows

DEFAULT_RANGE_MS: Final = 30 * DAY_MS
MAX_HOURS: Final = 31 * 24
MAX_DAYS: Final = 3_660
MAX_USER_ROWS: Final = 50_000
MAX_NAMES: Final = 5_000  # of a breakdown; a response of Lambda has at most 6 MB
OTHER: Final = keys.OTHER
_FORMATS: Final = {"hour": format_hour, "day": format_day}
_DURATIONS: Final[Mapping[CounterSpan, int]] = {"hour": HOUR_MS, "day": DAY_MS}

Interval = Literal["hour", "day"]
# Time (milliseconds since 1970), action, resource type, success, number of events.
_Count = tuple[int, str, str, bool, int]


@dataclass(frozen=True, slots=True)
class IntervalCount:
    """How many events succeeded and failed in the interval that starts at `start_ms`."""

    start_ms: int
    successful: int
    failed: int


@dataclass(frozen=True, slots=True)
class NameCount:
    """How many events of an action or a resource type succeeded and failed."""

    name: str
    successful: int
    failed: int

    @property
    def count(self) -> int:
        """The number of events."""
        return self.successful + self.failed


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the events from `start_ms` to `end_ms`, both included.

    The breakdowns are in descending order. At the end, `(other)` counts together the rarest names
    beyond `MAX_NAMES`, and the events whose names the ledger's counters have no room for. `series`
    contains every interval of the range, the empty ones too; it is None if the query has no
    interval.
    """

    start_ms: int
    end_ms: int
    successful: int
    failed: int
    by_action: tuple[NameCount, ...]
    by_resource_type: tuple[NameCount, ...]
    series: tuple[IntervalCount, ...] | None

    @property
    def total(self) -> int:
        """The number of events."""
        return self.successful + self.failed

    def to_json(self) -> str:
        """Return the JSON object of the API."""
        content: dict[str, object] = {
            "startDate": format_timestamp(self.start_ms),
            "endDate": format_timestamp(self.end_ms),
            "total": self.total,
            "successful": self.successful,
            "failed": self.failed,
            "successRate": compute_share(self.successful, self.total),
            "actionBreakdown": [
                {"action": each.name, "count": each.count, "failed": each.failed}
                for each in self.by_action
            ],
            "resourceTypeBreakdown": [
                {"resourceType": each.name, "count": each.count, "failed": each.failed}
                for each in self.by_resource_type
            ],
        }
        if self.series is not None:
            content["series"] = [
                {
                    "start": format_timestamp(each.start_ms),
                    "total": each.successful + each.failed,
                    "successful": each.successful,
                    "failed": each.failed,
                }
                for each in self.series
            ]
        return json.dumps(content, separators=(",", ":"))


def compute_share(count: int, total: int) -> float:
    """Return the percentage of the count in the total, with two digits; 0 if the total is 0.

    >>> compute_share(2, 3), compute_share(0, 0)
    (66.67, 0.0)
    """
    return round(100 * count / total, 2) if total else 0.0


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """Which events to count, from `start_ms` to `end_ms`, both included, and by which interval.

    Raises:
        InvalidQueryError: the range ends before it starts.
        RangeTooLargeError: the range has more intervals than a response may contain.
    """

    tenant_id: str
    start_ms: int
    end_ms: int
    user_id: str | None = None
    action: str | None = None
    resource_type: str | None = None
    interval: Interval | None = None

    def __post_init__(self) -> None:
        check_time_range(self.start_ms, self.end_ms)
        if self.interval is not None:
            duration = _DURATIONS[self.interval]
            intervals = self.end_ms // duration - self.start_ms // duration + 1
            limit = MAX_HOURS if self.interval == "hour" else MAX_DAYS
            if intervals > limit:
                rule = f"must leave at most {limit} intervals between startDate and endDate"
                raise RangeTooLargeError([Problem("interval", rule, f"{intervals} intervals")])

    @classmethod
    def from_dates(
        cls,
        tenant_id: str,
        *,
        now_ms: int,
        start_ms: int | None = None,
        end_ms: int | None = None,
        user_id: str | None = None,
        action: str | None = None,
        resource_type: str | None = None,
        interval: Interval | None = None,
    ) -> "StatsQuery":
        """Return the query with its range widened to whole hours.

        The default of the end is now, the default of the start is 30 days before the end.
        """
        end = now_ms if end_ms is None else end_ms
        start = max(end - DEFAULT_RANGE_MS, 0) if start_ms is None else start_ms
        return cls(
            tenant_id=tenant_id,
            start_ms=start // HOUR_MS * HOUR_MS,
            end_ms=min((end // HOUR_MS + 1) * HOUR_MS - 1, MAX_TIMESTAMP_MS),
            user_id=user_id,
            action=action,
            resource_type=resource_type,
            interval=interval,
        )


def count_events(
    query: StatsQuery, counters: CounterReader, rows: RowReader, *, shard_count: int
) -> Statistics:
    """Count the events that the query asks for.

    Without a user it sums the ledger's counters, which are seconds behind. With a user it counts
    the user's rows.

    Raises:
        RangeTooLargeError: the user has more than `MAX_USER_ROWS` events in the range.
        StoreUnavailableError, StoreRejectedError: the store cannot be read now.
    """
    if query.user_id is None:
        counts = _read_counters(query, counters)
    else:
        counts = _count_rows(query, rows, shard_count)
    return _sum_counts(query, counts)


def _read_counters(query: StatsQuery, counters: CounterReader) -> Iterator[_Count]:
    for span, start, end in _split_range(query):
        first, last = (_FORMATS[span](at) for at in (start, end))
        for bucket, values in counters.read_counters(query.tenant_id, span, first, last):
            time_ms = parse_hour_or_day(bucket)
            for name, count in values.items():
                action, _, rest = name.partition(keys.COUNTER_SEPARATOR)
                resource_type, _, outcome = rest.partition(keys.COUNTER_SEPARATOR)
                if query.resource_type not in (None, resource_type):
                    continue
                if query.action is None or matches_action(query.action, action):
                    yield time_ms, action, resource_type, outcome == "1", count


def _split_range(query: StatsQuery) -> Iterator[tuple[CounterSpan, int, int]]:
    """Yield the parts that counters cover: hours to the first midnight, days, remaining hours.

    Each part has its first and its last millisecond. A query by hour has one part.
    """
    start, end = query.start_ms, query.end_ms + 1
    first_midnight = -(-start // DAY_MS) * DAY_MS
    last_midnight = end // DAY_MS * DAY_MS
    if query.interval == "hour" or first_midnight >= last_midnight:
        yield "hour", start, query.end_ms
        return
    if start < first_midnight:
        yield "hour", start, first_midnight - 1
    yield "day", first_midnight, last_midnight - 1
    if last_midnight < end:
        yield "hour", last_midnight, query.end_ms


def _count_rows(query: StatsQuery, reader: RowReader, shard_count: int) -> Iterator[_Count]:
    filters = Filters(
        query.tenant_id,
        user_id=query.user_id,
        action=query.action,
        resource_type=query.resource_type,
        start_ms=query.start_ms,
        end_ms=query.end_ms,
    )
    rows_read = 0
    for rows in read_all_rows(reader, plan_query(filters, shard_count)):
        rows_read += len(rows)
        if rows_read > MAX_USER_ROWS:
            rule = f"must leave at most {MAX_USER_ROWS} events of the user in the range"
            raise RangeTooLargeError([Problem("startDate", rule, "more")])
        for row in rows:
            if row.problem is None and filters.matches(row):
                yield decode_time(row.id), row.action, row.resource_type, row.success, 1


def _sum_counts(query: StatsQuery, counts: Iterable[_Count]) -> Statistics:
    outcomes: Counter[bool] = Counter()
    actions: dict[str, Counter[bool]] = defaultdict(Counter)
    resource_types: dict[str, Counter[bool]] = defaultdict(Counter)
    by_interval: dict[int, Counter[bool]] = defaultdict(Counter)
    duration = _DURATIONS[query.interval] if query.interval else 0
    for time_ms, action, resource_type, success, count in counts:
        outcomes[success] += count
        actions[action][success] += count
        resource_types[resource_type][success] += count
        if duration:
            by_interval[time_ms // duration][success] += count
    series = None
    if duration:
        intervals = range(query.start_ms // duration, query.end_ms // duration + 1)
        series = tuple(
            IntervalCount(at * duration, by_interval[at][True], by_interval[at][False])
            for at in intervals
        )
    return Statistics(
        start_ms=query.start_ms,
        end_ms=query.end_ms,
        successful=outcomes[True],
        failed=outcomes[False],
        by_action=_make_breakdown(actions),
        by_resource_type=_make_breakdown(resource_types),
        series=series,
    )


def _make_breakdown(counts: Mapping[str, Counter[bool]]) -> tuple[NameCount, ...]:
    named = [
        NameCount(name, outcomes[True], outcomes[False])
        for name, outcomes in counts.items()
        if name != OTHER
    ]
    ordered = sorted(named, key=lambda each: (-each.count, each.name))
    rest = sum((counts[each.name] for each in ordered[MAX_NAMES:]), counts.get(OTHER, Counter()))
    if not rest.total():
        return tuple(ordered)
    return (*ordered[:MAX_NAMES], NameCount(OTHER, rest[True], rest[False]))
