"""The optional fields of an event and of a context."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, NotRequired, TypedDict
from uuid import UUID

Identifier = str | int | UUID
Actor = Identifier | tuple[Identifier | None, Identifier | None] | None
Text = Identifier | Callable[[], Identifier | None] | None
Object = Mapping[str, Any] | Callable[[], Mapping[str, Any] | None] | None


class Target(TypedDict):
    """A further resource that an operation concerned. `name` is for readers."""

    type: str
    id: Identifier
    name: NotRequired[Identifier | None]


Targets = Sequence[Target | tuple[str, Identifier] | tuple[str, Identifier, Identifier | None]]


class EventFields(TypedDict, total=False):
    """The optional fields of an event. `prooftrail.event.model` has their rules.

    `timestamp` is an RFC 3339 text, a datetime with a time zone, or an integer: milliseconds since
    1970. An event with the same `timestamp` and `event_id` is stored once. `on_behalf_of` is the id
    of the user for whom the actor acted, or a tuple of id and name. A target can be a tuple of
    type, id and name.
    """

    user_id: Identifier | None
    username: Identifier | None
    actor_type: str | None
    on_behalf_of: Actor | Mapping[str, Any]
    targets: Targets | None
    tenant_id: Identifier | None
    details: Mapping[str, Any] | None
    metadata: Mapping[str, Any] | None
    changes: Mapping[str, Any] | None
    ip_address: str | IPv4Address | IPv6Address | None
    user_agent: str | None
    session_id: Identifier | None
    request_id: Identifier | None
    trace_id: str | int | None
    success: bool
    error_message: str | None
    event_id: Identifier | None
    timestamp: str | int | datetime | None


class ContextFields(TypedDict, total=False):
    """The fields of a context: each is a value, or a callable that is called for each event.

    `actor` returns the user's id, or id and name; so does `on_behalf_of`.
    """

    actor: Callable[[], Actor] | None
    user_id: Text
    username: Text
    actor_type: Text
    on_behalf_of: Actor | Callable[[], Actor]
    tenant_id: Text
    session_id: Text
    request_id: Text
    trace_id: Text
    ip_address: Text
    user_agent: Text
    metadata: Object
