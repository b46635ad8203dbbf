"""References: items beside an event's own, by which its targets and its represented user find it.

An index has one key for each event. A further resource, or the user on whose behalf something was
done, is therefore an item of its own in AuditEvents: a reference. Its partition says what it is
about, its sort key is the event's id. It repeats the fields that filters compare.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from prooftrail.event import keys


def list_reference_keys(
    tenant_id: str,
    resource: tuple[str, str],
    user_id: str | None,
    targets: Iterable[tuple[str, str]],
    on_behalf_of: str | None,
) -> tuple[str, ...]:
    """Return the partitions of an event's references, each once, in the order of the event.

    A resource is its type and id. What an index finds already needs no reference: a target that is
    the event's own resource, and a represented user who is the actor.

    >>> list_reference_keys("acme", ("team", "7"), "ada", [("team", "7"), ("user", "b")], "bob")
    ('acme#target#user#b', 'acme#behalf#bob')
    """
    found = {
        keys.make_target_key(tenant_id, *target): None for target in targets if target != resource
    }
    if on_behalf_of is not None and on_behalf_of != user_id:
        found[keys.make_behalf_key(tenant_id, on_behalf_of)] = None
    return tuple(found)


def find_reference_keys(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the partitions of the references of a stored event, given its fields by JSON name.

    Those that are too long for a key of DynamoDB are left out: the processor stores no such event.
    """
    if "targets" not in fields and "onBehalfOf" not in fields:
        return ()
    found = list_reference_keys(
        fields["tenantId"],
        (fields["resourceType"], fields["resourceId"]),
        fields.get("userId"),
        list_targets(fields),
        get_represented_user(fields),
    )
    return tuple(key for key in found if len(key.encode()) <= keys.MAX_KEY_BYTES)


def list_targets(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the type and id of each target of a stored event."""
    return [(target["type"], target["id"]) for target in fields.get("targets", ())]


def get_represented_user(fields: Mapping[str, Any]) -> str | None:
    """Return the id of the user on whose behalf a stored event was done, if any."""
    represented = fields.get("onBehalfOf")
    return None if represented is None else represented["userId"]
