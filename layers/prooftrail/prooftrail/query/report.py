"""The report on a time: who did what how often, and what failed.

It reads every event of the time once, so it costs what they cost to read. Its memory is bounded:
each ranking counts up to `MAX_NAMES` names exactly; where there are more, the rarest are given up
as they come, and the ranking says by how much a count may fall short.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from prooftrail.errors import InvalidQueryError, Problem
from prooftrail.event.times import format_timestamp
from prooftrail.progress import NoProgress, Progress
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import EventReader, Row, StoredEvent
from prooftrail.query.stats import compute_share

MAX_NAMES: Final = 100_000
TOP: Final = 10
MAX_MESSAGE_LENGTH: Final = 200
NO_MESSAGE: Final = "(no message)"
_ROWS_PER_READ: Final = 1_000

ReportKind = Literal["summary", "full"]


@dataclass(slots=True)
class Ranking:
    """Counts by name, in bounded memory.

    Where `shortfall` is 0 the counts are exact; else each is at most so much too small, and
    `distinct` is a least number.

    >>> ranking = Ranking(limit=2)
    >>> for name in "aaabbc": ranking.add(name)
    >>> ranking.top(1), ranking.distinct, ranking.shortfall
    ([('a', 3)], 3, 0)
    """

    limit: int = MAX_NAMES
    shortfall: int = 0
    _counts: dict[str, int] = field(default_factory=dict)
    _most_distinct: int = 0

    def add(self, name: str) -> None:
        """Count one."""
        self._counts[name] = self._counts.get(name, 0) + 1
        if len(self._counts) > 2 * self.limit:
            self._give_up_the_rarest()

    def _give_up_the_rarest(self) -> None:
        self._most_distinct = max(self._most_distinct, len(self._counts))
        ordered = sorted(self._counts.items(), key=lambda one: -one[1])
        self.shortfall += ordered[self.limit][1]
        self._counts = dict(ordered[: self.limit])

    @property
    def distinct(self) -> int:
        """How many names there are."""
        return max(self._most_distinct, len(self._counts))

    @property
    def is_exact(self) -> bool:
        """Whether no name was given up."""
        return self.shortfall == 0

    def top(self, count: int = TOP) -> Sequence[tuple[str, int]]:
        """The most frequent names, those of one count by name."""
        return sorted(self._counts.items(), key=lambda one: (-one[1], one[0]))[:count]


@dataclass(slots=True)
class ActivityReport:
    """What was counted of a tenant's events from `start_ms` to `end_ms`, both included.

    Resources are named `type/id`. Events without a user count for none. `unreadable` were changed
    or lost from outside and count for nothing else.
    """

    tenant_id: str
    start_ms: int
    end_ms: int
    kind: ReportKind = "full"
    successful: int = 0
    failed: int = 0
    unreadable: int = 0
    users: Ranking = field(default_factory=Ranking)
    actions: Ranking = field(default_factory=Ranking)
    resources: Ranking = field(default_factory=Ranking)
    failed_actions: Ranking = field(default_factory=Ranking)
    failed_users: Ranking = field(default_factory=Ranking)
    errors: Ranking = field(default_factory=Ranking)

    @property
    def total(self) -> int:
        """The events that could be read."""
        return self.successful + self.failed

    def to_json(self) -> str:
        """The JSON object, named as the original's report."""
        answer: dict[str, object] = {
            "tenantId": self.tenant_id,
            "startDate": format_timestamp(self.start_ms),
            "endDate": format_timestamp(self.end_ms),
            "summary": {
                "total": self.total,
                "successful": self.successful,
                "failed": self.failed,
                "successRate": compute_share(self.successful, self.total),
                "uniqueUsers": self.users.distinct,
                "uniqueActions": self.actions.distinct,
                "uniqueResources": self.resources.distinct,
                "unreadable": self.unreadable,
            },
        }
        if self.kind == "full":
            answer |= {
                "topUsers": _named("userId", self.users),
                "topActions": _named("action", self.actions),
                "topResources": [_resource(*one) for one in self.resources.top()],
                "failureAnalysis": {
                    "byAction": _shares("action", self.failed_actions, self.failed),
                    "byUser": _shares("userId", self.failed_users, self.failed),
                    "byError": _shares("errorMessage", self.errors, self.failed),
                },
            }
        answer["shortfalls"] = {
            name: ranking.shortfall
            for name, ranking in self.rankings.items()
            if not ranking.is_exact
        }
        return json.dumps(answer, separators=(",", ":"))

    @property
    def rankings(self) -> Mapping[str, Ranking]:
        """The rankings by what they rank."""
        return {
            "users": self.users,
            "actions": self.actions,
            "resources": self.resources,
            "failedActions": self.failed_actions,
            "failedUsers": self.failed_users,
            "errors": self.errors,
        }

    def count(self, row: Row) -> None:
        """Count one event."""
        if row.user_id is not None:
            self.users.add(row.user_id)
        self.actions.add(row.action)
        self.resources.add(f"{row.resource_type}/{row.resource_id}")
        if row.success:
            self.successful += 1
            return
        self.failed += 1
        self.failed_actions.add(row.action)
        if row.user_id is not None:
            self.failed_users.add(row.user_id)


def make_report(
    reader: EventReader,
    tenant_id: str,
    *,
    start_ms: int,
    end_ms: int,
    shard_count: int,
    kind: ReportKind = "full",
    progress: Progress | None = None,
) -> ActivityReport:
    """Read the tenant's events of the time and count them.

    Of failures the payload is looked into, for their error messages; of others none is.

    Raises:
        InvalidQueryError: the time ends before it starts.
        StoreUnavailableError, StoreRejectedError: the events cannot be read now.
    """
    if start_ms > end_ms:
        got = format_timestamp(start_ms)
        raise InvalidQueryError([Problem("startDate", "must not be after endDate", got)])
    shown = progress or NoProgress()
    report = ActivityReport(tenant_id, start_ms, end_ms, kind)
    for rows in _batches(reader, Filters(tenant_id, start_ms=start_ms, end_ms=end_ms), shard_count):
        sound = [row for row in rows if row.problem is None]
        report.unreadable += len(rows) - len(sound)
        for row in sound:
            report.count(row)
        if kind == "full":
            failures = [row for row in sound if not row.success]
            for message in _messages(reader, tenant_id, failures):
                report.errors.add(message)
        shown.advance(len(rows))
    return report


def _batches(reader: EventReader, filters: Filters, shard_count: int) -> Iterator[Sequence[Row]]:
    plan = plan_query(filters, shard_count)
    for partition in plan.partitions:
        span = plan.id_range
        while not span.is_empty:
            batch = reader.read_rows(
                plan.index, partition, span, descending=False, limit=_ROWS_PER_READ
            )
            yield batch.rows
            if batch.is_last:
                break
            span = span.after(batch.rows[-1].id, descending=False)


def _messages(reader: EventReader, tenant_id: str, rows: Sequence[Row]) -> Iterable[str]:
    for event in reader.load(tenant_id, rows):
        if isinstance(event, StoredEvent):
            message = json.loads(event.canonical).get("errorMessage")
            yield message[:MAX_MESSAGE_LENGTH] if message else NO_MESSAGE


def _resource(name: str, count: int) -> dict[str, object]:
    resource_type, _, resource_id = name.partition("/")
    return {"resourceType": resource_type, "resourceId": resource_id, "count": count}


def _named(field_name: str, ranking: Ranking) -> list[dict[str, object]]:
    return [{field_name: name, "count": count} for name, count in ranking.top()]


def _shares(field_name: str, ranking: Ranking, failed: int) -> list[dict[str, object]]:
    return [
        {field_name: name, "count": count, "share": compute_share(count, failed)}
        for name, count in ranking.top()
    ]
