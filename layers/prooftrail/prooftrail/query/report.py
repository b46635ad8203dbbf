"""The activity report: who did what how often in a time range, and what failed.

It reads every event of the range once, so it costs what these events cost to read. Its memory is
bounded: each ranking counts up to `MAX_NAMES` names exactly. If there are more, it drops the rarest
names from time to time, and says by how much a count may be too small.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from prooftrail.event.times import format_timestamp
from prooftrail.progress import NoProgress, Progress
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import EventReader, Row, StoredEvent, UnreadableEvent
from prooftrail.query.rows import read_all_rows
from prooftrail.query.stats import compute_share

MAX_NAMES: Final = 100_000
TOP: Final = 10
MAX_MESSAGE_LENGTH: Final = 200
NO_MESSAGE: Final = "(no message)"
_RESOURCE_SEPARATOR: Final = "#"  # in no resource type

ReportKind = Literal["summary", "full"]


@dataclass(slots=True)
class Ranking:
    """Counts by name, in bounded memory: at most twice `limit` names at a time.

    If `shortfall` is 0, the counts are exact. Otherwise each count is too small by `shortfall` at
    most, and `distinct` is a lower bound.

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
        """Count one occurrence of a name."""
        self._counts[name] = self._counts.get(name, 0) + 1
        if len(self._counts) > 2 * self.limit:
            self._drop_rarest()

    def _drop_rarest(self) -> None:
        self._most_distinct = max(self._most_distinct, len(self._counts))
        ordered = sorted(self._counts.items(), key=lambda item: -item[1])
        self.shortfall += ordered[self.limit][1]
        self._counts = dict(ordered[: self.limit])

    @property
    def distinct(self) -> int:
        """The number of different names."""
        return max(self._most_distinct, len(self._counts))

    @property
    def is_exact(self) -> bool:
        """Whether no name was dropped."""
        return self.shortfall == 0

    def top(self, count: int = TOP) -> Sequence[tuple[str, int]]:
        """Return the most frequent names with their counts, equal counts in the order of names."""
        return sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))[:count]


def make_resource_name(resource_type: str, resource_id: str) -> str:
    """Return the name of a resource in a ranking."""
    return f"{resource_type}{_RESOURCE_SEPARATOR}{resource_id}"


def split_resource_name(name: str) -> tuple[str, str]:
    """Return the type and the id in a name of `make_resource_name`.

    >>> split_resource_name(make_resource_name("pods/exec", "a#b/c"))
    ('pods/exec', 'a#b/c')
    """
    resource_type, _, resource_id = name.partition(_RESOURCE_SEPARATOR)
    return resource_type, resource_id


@dataclass(slots=True)
class ActivityReport:
    """Counts of a tenant's events from `start_ms` to `end_ms`, both included.

    Resources are named by `make_resource_name`. Events without a user are in no ranking of users.
    `unreadable` is the number of events that were changed or removed from outside; no other number
    contains them.
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
        """The number of events that could be read."""
        return self.successful + self.failed

    def to_json(self) -> str:
        """Return the report as a JSON object."""
        content: dict[str, object] = {
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
            content |= {
                "topUsers": _encode_counts("userId", self.users),
                "topActions": _encode_counts("action", self.actions),
                "topResources": _encode_resources(self.resources),
                "failureAnalysis": {
                    "byAction": _encode_shares("action", self.failed_actions, self.failed),
                    "byUser": _encode_shares("userId", self.failed_users, self.failed),
                    "byError": _encode_shares("errorMessage", self.errors, self.failed),
                },
            }
        content["shortfalls"] = {
            name: ranking.shortfall
            for name, ranking in self.rankings.items()
            if not ranking.is_exact
        }
        return json.dumps(content, separators=(",", ":"))

    @property
    def rankings(self) -> Mapping[str, Ranking]:
        """The rankings by the name of what they rank."""
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
        self.resources.add(make_resource_name(row.resource_type, row.resource_id))
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
    """Read the tenant's events from `start_ms` to `end_ms`, both included, and count them.

    A full report reads the payloads of failures for their error messages. Other payloads are not
    read.

    Raises:
        InvalidQueryError: the range ends before it starts.
        StoreUnavailableError, StoreRejectedError: the events cannot be read now.
    """
    plan = plan_query(Filters(tenant_id, start_ms=start_ms, end_ms=end_ms), shard_count)
    shown = progress or NoProgress()
    report = ActivityReport(tenant_id, start_ms, end_ms, kind)
    for rows in read_all_rows(reader, plan):
        readable = {row.id: row for row in rows if row.problem is None}
        if kind == "full":
            failures = [row for row in readable.values() if not row.success]
            for event in reader.load(tenant_id, failures):
                if isinstance(event, StoredEvent):
                    report.errors.add(_get_error_message(event))
                elif isinstance(event, UnreadableEvent):
                    del readable[event.id]
        report.unreadable += len(rows) - len(readable)
        for row in readable.values():
            report.count(row)
        shown.advance(len(rows))
    return report


def _get_error_message(event: StoredEvent) -> str:
    message: str | None = json.loads(event.canonical).get("errorMessage")
    return message[:MAX_MESSAGE_LENGTH] if message else NO_MESSAGE


def _encode_counts(field_name: str, ranking: Ranking) -> list[dict[str, object]]:
    return [{field_name: name, "count": count} for name, count in ranking.top()]


def _encode_resources(ranking: Ranking) -> list[dict[str, object]]:
    encoded: list[dict[str, object]] = []
    for name, count in ranking.top():
        resource_type, resource_id = split_resource_name(name)
        encoded.append({"resourceType": resource_type, "resourceId": resource_id, "count": count})
    return encoded


def _encode_shares(field_name: str, ranking: Ranking, failed: int) -> list[dict[str, object]]:
    return [
        {field_name: name, "count": count, "share": compute_share(count, failed)}
        for name, count in ranking.top()
    ]
