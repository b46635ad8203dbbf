"""From filters to the cheapest way through the table.

Every plan is a set of partitions of one index and a range of ids. Whatever the index does not
answer is decided by `Filters.matches` on the rows, not by the store: filtering there is billed for
the same rows, would be written once more for each store, and what a page may read must be counted
in rows anyway.
"""

import json
from dataclasses import astuple, dataclass
from hashlib import sha256

from prooftrail.errors import InvalidQueryError, Problem
from prooftrail.event import keys
from prooftrail.event.ids import make_highest_id, make_lowest_id
from prooftrail.event.keys import NAME_PATTERN, Index
from prooftrail.event.times import MAX_TIMESTAMP_MS, format_timestamp
from prooftrail.query.ports import IdRange, Row

WILDCARD = "*"
ACTION_PATTERN = rf"{NAME_PATTERN}|^[A-Za-z0-9][A-Za-z0-9._:-]{{0,126}}\*$"


@dataclass(frozen=True, slots=True)
class Filters:
    """What the events of a listing have in common; None stands for any.

    `action` is a name, or a prefix as in `user.*`. Times are milliseconds since 1970, both
    included, and mean the event's own timestamp.

    Raises:
        InvalidQueryError: the range ends before it starts.
    """

    tenant_id: str
    user_id: str | None = None
    action: str | None = None
    resource_type: str | None = None
    resource_id: str | None = None
    success: bool | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    request_id: str | None = None
    session_id: str | None = None
    ip_address: str | None = None

    def __post_init__(self) -> None:
        if self.start_ms is not None and self.end_ms is not None and self.start_ms > self.end_ms:
            got = format_timestamp(self.start_ms)
            raise InvalidQueryError([Problem("startDate", "must not be after endDate", got)])

    @property
    def id_range(self) -> IdRange:
        """The ids that the time range allows."""
        start = 0 if self.start_ms is None else self.start_ms
        end = MAX_TIMESTAMP_MS if self.end_ms is None else self.end_ms
        return IdRange(make_lowest_id(start), make_highest_id(end))

    def fingerprint(self, *, descending: bool) -> bytes:
        """16 bytes that differ for other filters, another tenant or the other order."""
        text = json.dumps([*astuple(self), descending], separators=(",", ":"))
        return sha256(text.encode()).digest()[:16]

    def matches(self, row: Row) -> bool:
        """Whether a row has everything asked for, its tenant included; its time is the span's.

        A row with a problem may have had it.
        """
        return row.tenant_id == self.tenant_id and (
            row.problem is not None or self._are_met_by(row)
        )

    def _are_met_by(self, row: Row) -> bool:
        return (
            self.user_id in (None, row.user_id)
            and (self.action is None or matches_action(self.action, row.action))
            and self.resource_type in (None, row.resource_type)
            and self.resource_id in (None, row.resource_id)
            and self.success in (None, row.success)
            and self.request_id in (None, row.request_id)
            and self.session_id in (None, row.session_id)
            and self.ip_address in (None, row.ip_address)
        )


def matches_action(pattern: str, action: str) -> bool:
    """Whether an action is the one named, or begins as `user.*` asks.

    >>> matches_action("user.*", "user.login"), matches_action("user.*", "users.list")
    (True, False)
    """
    if pattern.endswith(WILDCARD):
        return action.startswith(pattern.removesuffix(WILDCARD))
    return action == pattern


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """Which partitions of which index hold the events, and which of their ids.

    `is_exact` when every row there matches, apart from the time: the index answers it all.
    """

    index: Index
    partitions: tuple[str, ...]
    id_range: IdRange
    is_exact: bool


def plan_query(filters: Filters, shard_count: int) -> QueryPlan:
    """The plan for these filters: the index that is likely to hold the fewest rows.

    One resource has fewer events than one user, a user fewer than an action, and failures are
    rarer than successes; without any of these the tenant's whole range is read.
    """
    tenant, action = filters.tenant_id, filters.action
    partitions: tuple[str, ...]
    answered: set[str]
    shards = range(shard_count)
    match filters:
        case Filters(resource_type=str() as kind, resource_id=str() as name):
            index, answered = Index.RESOURCE, {"resource_type", "resource_id"}
            partitions = (keys.make_resource_key(tenant, kind, name),)
        case Filters(user_id=str() as user):
            index, answered = Index.USER, {"user_id"}
            partitions = (keys.make_user_key(tenant, user),)
        case Filters() if action is not None and not action.endswith(WILDCARD):
            index, answered = Index.ACTION, {"action"}
            partitions = tuple(keys.make_action_key(tenant, action, shard) for shard in shards)
        case Filters(success=False):
            index, answered = Index.FAILURE, {"success"}
            partitions = tuple(keys.make_failure_key(tenant, shard) for shard in shards)
        case _:
            index, answered = Index.BASE, set()
            partitions = tuple(keys.make_base_key(tenant, shard) for shard in shards)
    return QueryPlan(index, partitions, filters.id_range, answered == _asked(filters))


def _asked(filters: Filters) -> set[str]:
    beside = {"tenant_id", "start_ms", "end_ms"}
    return {
        name
        for name in Filters.__dataclass_fields__
        if name not in beside and getattr(filters, name) is not None
    }
