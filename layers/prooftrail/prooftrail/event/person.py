"""Persons, as events name them: what a request for erasure is about."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prooftrail.event.hold import HoldScope
from prooftrail.event.keys import DEFAULT_TENANT
from prooftrail.event.reserved import READ_ACTION


@dataclass(frozen=True, slots=True)
class Person:
    """A person in one tenant: the ids of users, and the types and ids of resources."""

    tenant_id: str
    users: frozenset[str] = frozenset()
    resources: frozenset[tuple[str, str]] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the users and of the resources."""
        return self.users | {resource_id for _, resource_id in self.resources}

    def is_in(self, fields: Mapping[str, Any]) -> bool:
        """Return whether an event names the person, given its fields by JSON name.

        It does as the actor, as the user on whose behalf something was done, as the resource, as a
        target, or in the filters of a recorded read. The event may be one that was refused: its
        fields can be missing and have any type.

        >>> person = Person("acme", frozenset({"u-1"}), frozenset({("user", "u-1")}))
        >>> person.is_in({"tenantId": "acme", "userId": "u-1"})
        True
        >>> person.is_in({"tenantId": "acme", "targets": [{"type": "user", "id": "u-1"}]})
        True
        >>> person.is_in({"tenantId": "other", "userId": "u-1"})
        False
        """
        tenant_id = fields.get("tenantId")
        if (DEFAULT_TENANT if tenant_id is None else tenant_id) != self.tenant_id:
            return False
        return (
            any(_is_id(user_id, self.users) for user_id in _list_users(fields))
            or not self.resources.isdisjoint(_list_resources(fields))
            or self._is_in_filters(fields)
        )

    def is_held(self, scope: HoldScope) -> bool:
        """Return whether a legal hold of the person's tenant covers the person."""
        if scope.user_id is not None:
            return scope.user_id in self.users
        return scope.resource is None or scope.resource in self.resources

    def _is_in_filters(self, fields: Mapping[str, Any]) -> bool:
        """Return whether the event records a read of the trail that asked for the person.

        The names of the filters differ between the API and the commands.
        """
        details = fields.get("details")
        if fields.get("action") != READ_ACTION or not isinstance(details, Mapping):
            return False
        filters = details.get("filters")
        if not isinstance(filters, Mapping):
            return False
        values = {str(value) for value in filters.values()}
        return not self.users.isdisjoint(values) or any(
            values.issuperset(resource) for resource in self.resources
        )


def _is_id(value: object, ids: frozenset[str]) -> bool:
    return isinstance(value, str | int) and str(value) in ids


def _list_users(fields: Mapping[str, Any]) -> Iterator[object]:
    yield fields.get("userId")
    represented = fields.get("onBehalfOf")
    if isinstance(represented, Mapping):
        yield represented.get("userId")


def _list_resources(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    targets = fields.get("targets")
    resources = [(fields.get("resourceType"), fields.get("resourceId"))]
    if isinstance(targets, list | tuple):
        resources += [
            (target.get("type"), target.get("id"))
            for target in targets
            if isinstance(target, Mapping)
        ]
    return ((str(kind), str(name)) for kind, name in resources)
