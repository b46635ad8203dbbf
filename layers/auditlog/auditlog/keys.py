"""The tables' attribute names, and the keys made of them.

Only the last part of a key may hold `#` (tenants, actions and types cannot), so no id reaches
into another tenant's or type's keys.
"""

from enum import StrEnum
from typing import Final, Literal

PARTITION: Final = "pk"
ID: Final = "id"
USER_KEY: Final = "userKey"
RESOURCE_KEY: Final = "resourceKey"
ACTION_KEY: Final = "actionKey"
FAILURE_KEY: Final = "failureKey"
EVENT: Final = "event"
OVERFLOW: Final = "overflow"
DIGEST: Final = "digest"
REQUEST_ID: Final = "requestId"
SESSION_ID: Final = "sessionId"
IP_ADDRESS: Final = "ip"
RECEIVED_AT: Final = "receivedAt"
EXPIRES_AT: Final = "expiresAt"
VERSION: Final = "v"

SORT: Final = "sk"
HEAD_PARTITION: Final = "ledger"
HEAD_SORT: Final = "head"
COMMIT_SORT: Final = "commit"
PAGE_SEPARATOR: Final = "~"
COUNTER_SEPARATOR: Final = "|"

CounterSpan = Literal["hour", "day"]


class Index(StrEnum):
    """The ways into AuditEvents; the value is the index's name, empty for the table itself."""

    BASE = ""
    USER = "byUser"
    RESOURCE = "byResource"
    ACTION = "byAction"
    FAILURE = "byFailure"

    @property
    def partition_attribute(self) -> str:
        """The attribute that is the partition key here."""
        return _PARTITION_ATTRIBUTES[self]


_PARTITION_ATTRIBUTES: Final = {
    Index.BASE: PARTITION,
    Index.USER: USER_KEY,
    Index.RESOURCE: RESOURCE_KEY,
    Index.ACTION: ACTION_KEY,
    Index.FAILURE: FAILURE_KEY,
}


def base_key(tenant_id: str, shard: int) -> str:
    """The table's partition of a tenant's shard."""
    return f"{tenant_id}#{shard}"


def user_key(tenant_id: str, user_id: str) -> str:
    """The byUser partition of one user."""
    return f"{tenant_id}#{user_id}"


def resource_key(tenant_id: str, resource_type: str, resource_id: str) -> str:
    """The byResource partition of one resource."""
    return f"{tenant_id}#{resource_type}#{resource_id}"


def action_key(tenant_id: str, action: str, shard: int) -> str:
    """The byAction partition of one action's shard."""
    return f"{tenant_id}#{action}#{shard}"


def failure_key(tenant_id: str, shard: int) -> str:
    """The byFailure partition of a tenant's shard."""
    return base_key(tenant_id, shard)


def commit_key(first_sequence_number: str) -> str:
    """The partition of the commit that begins with this stream record."""
    return f"commit#{first_sequence_number}"


def counters_key(tenant_id: str, span: CounterSpan) -> str:
    """The partition of a tenant's hourly or daily counters; the sort key is the UTC hour or day."""
    return f"counters#{tenant_id}#{span}"


def counter_name(action: str, resource_type: str, success: bool) -> str:
    """The attribute that counts one combination.

    >>> counter_name("user.login", "session", True)
    'user.login|session|1'
    """
    return COUNTER_SEPARATOR.join((action, resource_type, "1" if success else "0"))
