"""Statistics: sums over the ledger's counters, or over one user's rows.

What a sum costs depends on how many hours and days it covers, not on how many events. It covers
whole hours (UTC): whole days are read from the daily counters, the hours at the edges from the
hourly ones.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from prooftrail.errors import InvalidQueryError, Problem, RangeTooLargeError
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
from prooftrail.query.filters import Filters, matches_action, plan_query
from prooftrail.query.ports import CounterReader, RowReader

DEFAULT_RANGE_MS: Final = 30 * DAY_MS
MAX_HOURS: Final = 31 * 24
MAX_DAYS: Final = 3_660
MAX_USER_ROWS: Final = 50_000
MAX_NAMES: Final = 5_000  # of a breakdown: an answer of Lambda's has at most 6 MB
OTHER: Final = "(other)"  # no action and no type has such a name
_ROWS_PER_READ: Final = 1_000
_FORMATS: Final = {"hour": format_hour, "day": format_day}
_DURATIONS: Final[Mapping[CounterSpan, int]] = {"hour": HOUR_MS, "day": DAY_MS}

Interval = Literal["hour", "day"]
# A moment (ms since 1970), action, resource type, success, and how many events.
Counted = tuple[int, str, str, bool, int]


@dataclass(frozen=True, slots=True)
class IntervalCount:
    """How many events of an interval that begins at `start_ms` succeeded and failed."""

    start_ms: int
    successful: int
    failed: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts of the events from `start_ms` to `end_ms`, both included.

    The breakdowns are in descending order, the rarest names together as `(other)` at the end where
    there are more than `MAX_NAMES`; `series` is None unless an interval was asked for, and
    then holds every interval of the range, the empty ones too.
    """

    start_ms: int
    end_ms: int
    successful: int
    failed: int
    by_action: tuple[tuple[str, int], ...]
    by_resource_type: tuple[tuple[str, int], ...]
    series: tuple[IntervalCount, ...] | None

    @property
    def total(self) -> int:
        """The number of events."""
        return self.successful + self.failed

    def to_json(self) -> str:
        """The JSON object of the API."""
        answer: dict[str, object] = {
            "startDate": format_timestamp(self.start_ms),
            "endDate": format_timestamp(self.end_ms),
            "total": self.total,
            "successful": self.successful,
            "failed": self.failed,
            "successRate": compute_share(self.successful, self.total),
            "actionBreakdown": [
                {"action": action, "count": count} for action, count in self.by_action
            ],
            "resourceTypeBreakdown": [
                {"resourceType": kind, "count": count} for kind, count in self.by_resource_type
            ],
        }
        if self.series is not None:
            answer["series"] = [
                {
                    "start": format_timestamp(tally.start_ms),
                    "total": tally.successful + tally.failed,
                    "successful": tally.successful,
                    "failed": tally.failed,
                }
                for tally in self.series
            ]
        return json.dumps(answer, separators=(",", ":"))


def compute_share(count: int, total: int) -> float:
    """Return the count as a percentage of the total, rounded to two digits; 0 of a total of 0.

    >>> compute_share(2, 3), compute_share(0, 0)
    (66.67, 0.0)
    """
    return round(100 * count / total, 2) if total else 0.0


@dataclass(frozen=True, slots=True)
class StatsQuery:
    """What is to be counted, from `start_ms` to `end_ms`, both included.

    Raises:
        InvalidQueryError: the range ends before it starts.
        RangeTooLargeError: it has more intervals than an answer may.
    """

    tenant_id: str
    start_ms: int
    end_ms: int
    user_id: str | None = None
    action: str | None = None
    resource_type: str | None = None
    interval: Interval | None = None

    def __post_init__(self) -> None:
        if self.start_ms > self.end_ms:
            got = format_timestamp(self.start_ms)
            raise InvalidQueryError([Problem("startDate", "must not be after endDate", got)])
        if self.interval is not None:
            duration = _DURATIONS[self.interval]
            intervals = self.end_ms // duration - self.start_ms // duration + 1
            most = MAX_HOURS if self.interval == "hour" else MAX_DAYS
            if intervals > most:
                rule = f"must leave at most {most} intervals between startDate and endDate"
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
        """The question with its range widened to whole hours.

        Without an end it ends now, without a start it begins 30 days before its end.
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
    question: StatsQuery, counters: CounterReader, rows: RowReader, *, shard_count: int
) -> Statistics:
    """Count the events of the question.

    Without a user the counts are the ledger's, seconds behind; with one they are counted over the
    user's rows.

    Raises:
        RangeTooLargeError: the user has more than `MAX_USER_ROWS` events there.
        StoreUnavailableError, StoreRejectedError: the store cannot be read now.
    """
    if question.user_id is None:
        counted = _from_counters(question, counters)
    else:
        counted = _from_rows(question, rows, shard_count)
    return _summed(question, counted)


def _from_counters(question: StatsQuery, counters: CounterReader) -> Iterator[Counted]:
    for span, start, end in _pieces(question):
        first, last = (_FORMATS[span](at) for at in (start, end))
        for bucket, values in counters.read_counters(question.tenant_id, span, first, last):
            moment = parse_hour_or_day(bucket)
            for name, count in values.items():
                action, resource_type, outcome = name.split(keys.COUNTER_SEPARATOR)
                if question.resource_type not in (None, resource_type):
                    continue
                if question.action is None or matches_action(question.action, action):
                    yield moment, action, resource_type, outcome == "1", count


def _pieces(question: StatsQuery) -> Iterator[tuple[CounterSpan, int, int]]:
    """The range in pieces that counters answer: hours to the first midnight, days, hours."""
    start, end = question.start_ms, question.end_ms + 1
    first_midnight = -(-start // DAY_MS) * DAY_MS
    last_midnight = end // DAY_MS * DAY_MS
    if question.interval == "hour" or first_midnight >= last_midnight:
        yield "hour", start, question.end_ms
        return
    if start < first_midnight:
        yield "hour", start, first_midnight - 1
    yield "day", first_midnight, last_midnight - 1
    if last_midnight < end:
        yield "hour", last_midnight, question.end_ms


def _from_rows(question: StatsQuery, rows: RowReader, shard_count: int) -> Iterator[Counted]:
    filters = Filters(
        question.tenant_id,
        user_id=question.user_id,
        action=question.action,
        resource_type=question.resource_type,
        start_ms=question.start_ms,
        end_ms=question.end_ms,
    )
    plan = plan_query(filters, shard_count)
    [partition] = plan.partitions
    span = plan.id_range
    rows_read = 0
    while not span.is_empty:
        batch = rows.read_rows(plan.index, partition, span, descending=False, limit=_ROWS_PER_READ)
        rows_read += len(batch.rows)
        if rows_read > MAX_USER_ROWS:
            rule = f"must leave at most {MAX_USER_ROWS} events of the user in the range"
            raise RangeTooLargeError([Problem("startDate", rule, "more")])
        for row in batch.rows:
            if row.problem is None and filters.matches(row):
                yield decode_time(row.id), row.action, row.resource_type, row.success, 1
        if batch.is_last:
            return
        span = span.after(batch.rows[-1].id, descending=False)


def _summed(question: StatsQuery, counted: Iterable[Counted]) -> Statistics:
    outcomes: Counter[bool] = Counter()
    actions: Counter[str] = Counter()
    resource_types: Counter[str] = Counter()
    by_interval: dict[int, Counter[bool]] = defaultdict(Counter)
    duration = _DURATIONS[question.interval] if question.interval else 0
    for moment, action, resource_type, success, count in counted:
        outcomes[success] += count
        actions[action] += count
        resource_types[resource_type] += count
        if duration:
            by_interval[moment // duration][success] += count
    series = None
    if duration:
        intervals = range(question.start_ms // duration, question.end_ms // duration + 1)
        series = tuple(
            IntervalCount(at * duration, by_interval[at][True], by_interval[at][False])
            for at in intervals
        )
    return Statistics(
        start_ms=question.start_ms,
        end_ms=question.end_ms,
        successful=outcomes[True],
        failed=outcomes[False],
        by_action=_descending(actions),
        by_resource_type=_descending(resource_types),
        series=series,
    )


def _descending(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    if rest := sum(count for _, count in ordered[MAX_NAMES:]):
        return (*ordered[:MAX_NAMES], (OTHER, rest))
    return tuple(ordered)
