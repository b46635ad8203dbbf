"""Hold orders: events that set and release a legal hold, and lift and give back expiries for it.

A hold order is an audit event like any other: it is stored, logged and published. It is kept for
good. Its action is reserved: the processor refuses it in every message of the queue. This module
does not import `event.model`, because the ledger reads orders and needs no event model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from prooftrail.event.ids import is_id
from prooftrail.event.references import get_represented_user, list_targets
from prooftrail.event.removal import CLEANUP_RESOURCE, MAX_IDS, pack_ids

HOLD_RESOURCE: Final = CLEANUP_RESOURCE


class HoldKind(StrEnum):
    """What a hold order does; the value is its action."""

    SET = "audit.hold.set"
    LIFT = "audit.hold.lift"  # names events that no longer expire
    RELEASE = "audit.hold.release"
    RETURN = "audit.hold.return"  # names events that expire again


_ACTIONS: Final = frozenset[str](HoldKind)
_WITH_IDS: Final = (HoldKind.LIFT, HoldKind.RETURN)


@dataclass(frozen=True, slots=True)
class HoldScope:
    """What is held: the events of a user, or of a resource (type, id), or all of the tenant.

    A user's events are those that it did itself and those done on its behalf. A resource's events
    are those about it and those that have it among their targets.
    """

    user_id: str | None = None
    resource: tuple[str, str] | None = None

    @classmethod
    def from_json(cls, value: object) -> "HoldScope | None":
        """Return the scope in an event's details, or None if it is not one."""
        scope = None
        match value:
            case {"userId": str(user_id)}:
                scope = cls(user_id=user_id)
            case {"resourceType": str(kind), "resourceId": str(name)}:
                scope = cls(resource=(kind, name))
            case {}:
                scope = cls()
        return scope if scope is not None and scope.to_json() == value else None

    def to_json(self) -> dict[str, str]:
        """Return the scope as an event's details hold it.

        >>> HoldScope(resource=("team", "7")).to_json()
        {'resourceType': 'team', 'resourceId': '7'}
        """
        if self.user_id is not None:
            return {"userId": self.user_id}
        if self.resource is not None:
            return {"resourceType": self.resource[0], "resourceId": self.resource[1]}
        return {}

    def covers(self, fields: Mapping[str, Any]) -> bool:
        """Return whether an event of the hold's tenant is held, given its fields by JSON name."""
        if self.user_id is not None:
            return self.user_id in (fields.get("userId"), get_represented_user(fields))
        if self.resource is not None:
            own = fields["resourceType"], fields["resourceId"]
            return self.resource in (own, *list_targets(fields))
        return True

    def __str__(self) -> str:
        """Return the scope for people: `user ada`, `team 7`, `the tenant`."""
        if self.user_id is not None:
            return f"user {self.user_id}"
        return "the tenant" if self.resource is None else " ".join(self.resource)


@dataclass(frozen=True, slots=True)
class HoldOrder:
    """A hold order: its own tenant and id, and the hold that it belongs to.

    `hold_id` is the same in all orders of a hold. `scope` is that of a hold that is set, else None.
    `ids` are the events that an order to lift or to give back names, packed (see `pack_ids`).
    """

    kind: HoldKind
    tenant_id: str
    id: str
    hold_id: str
    scope: HoldScope | None = None
    ids: bytes = b""

    @property
    def is_valid(self) -> bool:
        """Whether it has what an order of its kind must have, and nothing else."""
        has_scope = self.kind is HoldKind.SET
        has_ids = self.kind in _WITH_IDS
        return (self.scope is not None) == has_scope and bool(self.ids) == has_ids

    @classmethod
    def from_fields(cls, event_id: str, fields: Mapping[str, Any]) -> "HoldOrder | None":
        """Return the order that a valid event's fields give, or None for any other event."""
        if not is_hold_action(fields["action"]) or fields["resourceType"] != HOLD_RESOURCE:
            return None
        details = fields.get("details", {})
        ids = details.get("ids", [])
        are_ids = type(ids) is list and all(type(each) is str and is_id(each) for each in ids)
        if not are_ids or len(ids) > MAX_IDS:
            return None
        order = cls(
            HoldKind(fields["action"]),
            fields["tenantId"],
            event_id,
            fields["resourceId"],
            HoldScope.from_json(details.get("scope")),
            pack_ids(ids),
        )
        return order if order.is_valid else None


def is_hold_action(action: str) -> bool:
    """Return whether an action is that of a hold order."""
    return action in _ACTIONS
