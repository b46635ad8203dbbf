"""The filters of a query, and the plan that reads the fewest rows for them.

A plan is one index, some of its partitions and a range of ids, and partitions of references, which
find events by their targets and by the user on whose behalf something was done. `Filters.matches`
checks on the rows what these do not cover. The store does not filter: it would bill the same rows,
each store would need its own code, and the budget of a page counts the rows that are read anyway.
No row has an event's trace or type of actor: `Filters.matches_event` checks them on the event.
"""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import Any, Final

from prooftrail.errors import InvalidQueryError, Problem
from prooftrail.event import keys
from prooftrail.event.addresses import is_same_address
from prooftrail.event.ids import make_highest_id, make_lowest_id
from prooftrail.event.keys import NAME_PATTERN, Index
from prooftrail.event.references import get_represented_user, list_targets
from prooftrail.event.times import MAX_TIMESTAMP_MS, format_timestamp
from prooftrail.query.ports import IdRange, Row

WILDCARD: Final = "*"
ACTION_PATTERN: Final = rf"{NAME_PATTERN}|^[A-Za-z0-9][A-Za-z0-9._:/-]{{0,126}}\*$"
_COVERED_BY_KEYS: Final = {"tenant_id", "start_ms", "end_ms"}  # in every index
_FIRST_FIELD_COUNT: Final = 11  # the fields that the fingerprints of the first cursors had


@dataclass(frozen=True, slots=True)
class Filters:
    """The conditions that every event of a result meets; None allows any value.

    `user_id` is who acted, or on whose behalf. `resource_type` and `resource_id` together are the
    event's own resource or one of its targets. Only one of them, without the other, compares the
    event's own resource alone: no key finds targets by their type or id only. `action` is a name,
    or a prefix such as `user.*`. `start_ms` and `end_ms` are milliseconds since 1970, both
    included, and refer to the event's own timestamp. `trace_id` is in lower case, as in events.

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
    actor_type: str | None = None
    trace_id: str | None = None

    def __post_init__(self) -> None:
        if self.start_ms is not None and self.end_ms is not None:
            check_time_range(self.start_ms, self.end_ms)

    @property
    def id_range(self) -> IdRange:
        """The ids that events of the time range can have."""
        start = 0 if self.start_ms is None else self.start_ms
        end = MAX_TIMESTAMP_MS if self.end_ms is None else self.end_ms
        return IdRange(make_lowest_id(start), make_highest_id(end))

    def fingerprint(self, *, descending: bool) -> bytes:
        """Return 16 bytes that differ for other filters, another tenant and the other order.

        A filter that was added later counts only if it is set: cursors from before stay valid.
        """
        values = astuple(self)
        if all(value is None for value in values[_FIRST_FIELD_COUNT:]):
            values = values[:_FIRST_FIELD_COUNT]
        text = json.dumps([*values, descending], separators=(",", ":"))
        return sha256(text.encode()).digest()[:16]

    @property
    def needs_events(self) -> bool:
        """Whether a filter compares values that only the event itself has, and no row."""
        return self.actor_type is not None or self.trace_id is not None

    def matches(self, row: Row) -> bool:
        """Return whether the row has the tenant and all the values that the filters require.

        The time is not checked, because `id_range` covers it. The type of the actor and the trace
        are not checked: no row has them. A row with a problem matches whatever its values are: the
        event may have matched before it was damaged.
        """
        return row.tenant_id == self.tenant_id and (
            row.problem is not None or self._match_values(row)
        )

    def _match_values(self, row: Row) -> bool:
        return (
            self.user_id in (None, row.user_id, row.on_behalf_of)
            and (self.action is None or matches_action(self.action, row.action))
            and self._match_resource(row)
            and self.success in (None, row.success)
            and self.request_id in (None, row.request_id)
            and self.session_id in (None, row.session_id)
            and (self.ip_address is None or is_same_address(row.ip_address, self.ip_address))
        )

    def _match_resource(self, row: Row) -> bool:
        if row.target is not None and row.target == (self.resource_type, self.resource_id):
            return True
        return self.resource_type in (None, row.resource_type) and self.resource_id in (
            None,
            row.resource_id,
        )

    def matches_event(self, fields: Mapping[str, Any]) -> bool:
        """Return whether an event meets all filters itself, given its fields by JSON name.

        A reference can be forged, and be found where its event would not be. So an event that a
        reference found is checked itself. The time is not checked: it is in the id.
        """
        if self.actor_type not in (None, fields.get("actorType")):
            return False
        if self.trace_id not in (None, fields.get("traceId")):
            return False
        resource = fields["resourceType"], fields["resourceId"]
        wanted = (self.resource_type, self.resource_id)
        row = Row(
            "",
            fields["tenantId"],
            fields["action"],
            *resource,
            success=fields["success"],
            user_id=fields.get("userId"),
            request_id=fields.get("requestId"),
            session_id=fields.get("sessionId"),
            ip_address=fields.get("ipAddress"),
            on_behalf_of=get_represented_user(fields),
            target=next((target for target in list_targets(fields) if target == wanted), None),
        )
        return self.matches(row)


def check_time_range(start_ms: int, end_ms: int) -> None:
    """Check that a time range does not end before it starts.

    Raises:
        InvalidQueryError: it does.
    """
    if start_ms > end_ms:
        got = format_timestamp(start_ms)
        raise InvalidQueryError([Problem("startDate", "must not be after endDate", got)])


def matches_action(pattern: str, action: str) -> bool:
    """Return whether an action equals the pattern, or starts with it if it ends with `*`.

    >>> matches_action("user.*", "user.login"), matches_action("user.*", "users.list")
    (True, False)
    """
    if pattern.endswith(WILDCARD):
        return action.startswith(pattern.removesuffix(WILDCARD))
    return action == pattern


@dataclass(frozen=True, slots=True)
class QueryPlan:
    """The partitions that contain all matching events, each once, and the range of their ids.

    `partitions` are those of the index, `references` those of references. `is_exact` if every row
    within them matches the filters.
    """

    index: Index
    partitions: tuple[str, ...]
    id_range: IdRange
    is_exact: bool
    references: tuple[str, ...] = ()


def plan_query(filters: Filters, shard_count: int) -> QueryPlan:
    """Return the plan for these filters: the index that is likely to hold the fewest rows.

    One resource has fewer events than one user, a user fewer than an action, and failures are rarer
    than successes. Without any of these the plan reads the tenant's whole range.
    """
    tenant, action = filters.tenant_id, filters.action
    partitions: tuple[str, ...]
    references: tuple[str, ...] = ()
    covered: set[str]
    shards = range(shard_count)
    match filters:
        case Filters(resource_type=str() as kind, resource_id=str() as name):
            index, covered = Index.RESOURCE, {"resource_type", "resource_id"}
            partitions = (keys.make_resource_key(tenant, kind, name),)
            references = (keys.make_target_key(tenant, kind, name),)
            if filters.user_id is not None:
                # A row of the index does not say on whose behalf something was done.
                references += (keys.make_behalf_key(tenant, filters.user_id),)
        case Filters(user_id=str() as user):
            index, covered = Index.USER, {"user_id"}
            partitions = (keys.make_user_key(tenant, user),)
            references = (keys.make_behalf_key(tenant, user),)
        case Filters() if action is not None and not action.endswith(WILDCARD):
            index, covered = Index.ACTION, {"action"}
            partitions = tuple(keys.make_action_key(tenant, action, shard) for shard in shards)
        case Filters(success=False):
            index, covered = Index.FAILURE, {"success"}
            partitions = tuple(keys.make_failure_key(tenant, shard) for shard in shards)
        case _:
            index, covered = Index.BASE, set()
            partitions = tuple(keys.make_base_key(tenant, shard) for shard in shards)
    is_exact = covered == _find_set_fields(filters)
    return QueryPlan(index, partitions, filters.id_range, is_exact, references)


def _find_set_fields(filters: Filters) -> set[str]:
    return {
        name
        for name in Filters.__dataclass_fields__
        if name not in _COVERED_BY_KEYS and getattr(filters, name) is not None
    }
