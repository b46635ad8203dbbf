"""The attribute names of both tables, and the keys that hold an event's fields.

This module is part of `event`, not of `aws`, because it turns an event's fields into the keys that
queries, the ledger and verification name too. It calls no AWS.

Only the last part of a key can hold `#`: tenants, actions and resource types cannot. Therefore no
id can reach the keys of another tenant or type. Names can hold `/`, as those of Azure and
Kubernetes do, but neither `#` nor `|`, which separate the parts of keys and of counters' names.
"""

import re
from enum import StrEnum
from typing import Final, Literal

MAX_KEY_BYTES: Final = 2048  # of a partition key in DynamoDB
DEFAULT_TENANT: Final = "default"
TENANT_PATTERN: Final = r"^[A-Za-z0-9._-]{1,64}$"
NAME_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"
_TENANT: Final = re.compile(TENANT_PATTERN)
_NAME: Final = re.compile(NAME_PATTERN)
_TARGET: Final = "target"
_BEHALF: Final = "behalf"
_REFERENCE: Final = re.compile(rf"[^#]+#(?:{_TARGET}#[^#]+#|{_BEHALF}#)")

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
STORED_AT: Final = "storedAt"  # in no digest and no entry: when the item was written, not the event
EXPIRES_AT: Final = "expiresAt"
HELD_EXPIRES_AT: Final = "heldExpiresAt"  # what a legal hold took away
SUBMITTED_BY: Final = "submittedBy"
VERSION: Final = "v"
# Of references only. No index has them as keys, so references are in no index.
ACTION: Final = "action"
RESOURCE: Final = "resource"
FAILED: Final = "failed"
USER: Final = "user"
ON_BEHALF_OF: Final = "onBehalfOf"

SORT: Final = "sk"
HEAD_PARTITION: Final = "ledger"
HEAD_SORT: Final = "head"
COMMIT_SORT: Final = "commit"
CHECKPOINT_PARTITION: Final = "checkpoint"
CHECKPOINT_SORT: Final = "checkpoint"
FIRST: Final = "first"
LAST: Final = "last"
ROWS: Final = "rows"
IDS: Final = "ids"
KIND: Final = "kind"
HOLD: Final = "hold"
SCOPE: Final = "scope"
TENANTS: Final = "tenants"
RECEIVED: Final = "received"
SUBMITTERS: Final = "submitters"
TENANTS_PARTITION: Final = "tenants"  # the sort keys are the tenants that the log has events of
LOG_PARTITION_ENTRIES: Final = 1 << 20
PAGE_SEPARATOR: Final = "~"
COUNTER_SEPARATOR: Final = "|"
OTHER: Final = "(other)"  # not valid as an action or a resource type
OTHER_PAGE: Final = "other"

CounterSpan = Literal["hour", "day"]


class Index(StrEnum):
    """What a query reads of AuditEvents: its events (the empty text), an index, or references."""

    BASE = ""
    REFERENCES = "references"
    USER = "byUser"
    RESOURCE = "byResource"
    ACTION = "byAction"
    FAILURE = "byFailure"

    @property
    def partition_attribute(self) -> str:
        """The attribute that is the partition key."""
        return _PARTITION_ATTRIBUTES[self]


_PARTITION_ATTRIBUTES: Final = {
    Index.BASE: PARTITION,
    Index.REFERENCES: PARTITION,
    Index.USER: USER_KEY,
    Index.RESOURCE: RESOURCE_KEY,
    Index.ACTION: ACTION_KEY,
    Index.FAILURE: FAILURE_KEY,
}


def make_base_key(tenant_id: str, shard: int) -> str:
    """Return the partition of the table for one shard of a tenant."""
    return f"{tenant_id}#{shard}"


def make_user_key(tenant_id: str, user_id: str) -> str:
    """Return the partition of byUser for one user."""
    return f"{tenant_id}#{user_id}"


def make_resource_key(tenant_id: str, resource_type: str, resource_id: str) -> str:
    """Return the partition of byResource for one resource."""
    return f"{tenant_id}#{resource_type}#{resource_id}"


def make_action_key(tenant_id: str, action: str, shard: int) -> str:
    """Return the partition of byAction for one shard of an action."""
    return f"{tenant_id}#{action}#{shard}"


def make_failure_key(tenant_id: str, shard: int) -> str:
    """Return the partition of byFailure for one shard of a tenant."""
    return make_base_key(tenant_id, shard)


def make_target_key(tenant_id: str, resource_type: str, resource_id: str) -> str:
    """Return the partition of the references to events that have this resource as a target.

    The second part of the key is not a number, so it is never a partition of events.
    """
    return f"{tenant_id}#{_TARGET}#{resource_type}#{resource_id}"


def make_behalf_key(tenant_id: str, user_id: str) -> str:
    """Return the partition of the references to events that were done on behalf of this user."""
    return f"{tenant_id}#{_BEHALF}#{user_id}"


def is_reference_key(partition: str) -> bool:
    """Return whether a partition of AuditEvents contains references.

    >>> is_reference_key("acme#target#team#7"), is_reference_key("acme#3")
    (True, False)
    """
    return _REFERENCE.match(partition) is not None


def is_target_key(partition: str) -> bool:
    """Return whether a partition contains references of targets."""
    return partition.split("#", 2)[1:2] == [_TARGET]


def parse_target(partition: str) -> tuple[str, str]:
    """Return the type and id of the target in a partition of `make_target_key`.

    >>> parse_target("acme#target#team#a#b")
    ('team', 'a#b')
    """
    _, _, resource_type, resource_id = partition.split("#", 3)
    return resource_type, resource_id


def make_event_keys(
    *,
    tenant_id: str,
    shard: int,
    action: str,
    resource_type: str,
    resource_id: str,
    user_id: str | None,
    success: bool,
) -> dict[str, str]:
    """Return the partition keys of an event, by attribute.

    An event without a user has no key of byUser, a successful one has no key of byFailure.
    """
    attributes = {
        PARTITION: make_base_key(tenant_id, shard),
        RESOURCE_KEY: make_resource_key(tenant_id, resource_type, resource_id),
        ACTION_KEY: make_action_key(tenant_id, action, shard),
    }
    if user_id is not None:
        attributes[USER_KEY] = make_user_key(tenant_id, user_id)
    if not success:
        attributes[FAILURE_KEY] = make_failure_key(tenant_id, shard)
    return attributes


def are_valid_names(tenant_id: str, *names: str) -> bool:
    """Return whether an event can have this tenant, and these actions or resource types."""
    return _TENANT.fullmatch(tenant_id) is not None and all(map(_NAME.fullmatch, names))


def make_commit_key(first_sequence_number: str) -> str:
    """Return the partition of the commit that begins with this stream record."""
    return f"commit#{first_sequence_number}"


def make_log_key(position: int) -> tuple[str, str]:
    """Return partition and sort key of the entries that begin at this position of the log.

    A partition holds 2^20 positions, so that the throughput of one does not limit reading the log.

    >>> make_log_key(1_048_577)
    ('log#1', '00000000000001048577')
    """
    return f"log#{position // LOG_PARTITION_ENTRIES}", f"{position:020d}"


def make_positions_key(hour: str) -> str:
    """Return the partition with the positions in the log of the events of a UTC hour.

    >>> make_positions_key("2026-11-24T08")
    'positions#2026-11-24T08'
    """
    return f"positions#{hour}"


def make_removals_key(tenant_id: str) -> str:
    """Return the partition of a tenant's removal orders. The sort key is the order's id."""
    return f"removals#{tenant_id}"


def make_holds_key(tenant_id: str) -> str:
    """Return the partition of a tenant's holds and releases. The sort key is the order's id."""
    return f"holds#{tenant_id}"


def make_expiries_key(tenant_id: str) -> str:
    """Return the partition of the orders that lift or give back expiries, likewise."""
    return f"expiries#{tenant_id}"


def make_counters_key(tenant_id: str, span: CounterSpan) -> str:
    """Return the partition of a tenant's counters. The sort key is the UTC hour or day."""
    return f"counters#{tenant_id}#{span}"


def make_counter_name(action: str, resource_type: str, success: bool) -> str:
    """Return the attribute that counts the events of one combination.

    >>> make_counter_name("user.login", "session", True)
    'user.login|session|1'
    """
    return COUNTER_SEPARATOR.join((action, resource_type, "1" if success else "0"))


def make_other_counter_name(name: str) -> str:
    """Return the attribute that counts what no page has room for, by outcome.

    >>> make_other_counter_name("user.login|session|1")
    '(other)|(other)|1'
    """
    outcome = name.rpartition(COUNTER_SEPARATOR)[2]
    return COUNTER_SEPARATOR.join((OTHER, OTHER, outcome))
