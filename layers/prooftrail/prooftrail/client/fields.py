"""The optional fields of an event and of a context."""

from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import IPv4Address, IPv6Address
from typing import Any, TypedDict
from uuid import UUID

Identifier = str | int | UUID


class EventFields(TypedDict, total=False):
    """The optional fields of an event. `prooftrail.event.model` has their rules.

    `timestamp` is an RFC 3339 text, a datetime with a time zone, or an integer: milliseconds since
    1970. An event with the same `timestamp` and `event_id` is stored once.
    """

    user_id: Identifier | None
    username: Identifier | None
    tenant_id: Identifier | None
    details: Mapping[str, Any] | None
    metadata: Mapping[str, Any] | None
    changes: Mapping[str, Any] | None
    ip_address: str | IPv4Address | IPv6Address | None
    user_agent: str | None
    session_id: Identifier | None
    request_id: Identifier | None
    success: bool
    error_message: str | None
    event_id: Identifier | None
    timestamp: str | int | datetime | None


Actor = Identifier | tuple[Identifier | None, Identifier | None] | None
Text = Identifier | Callable[[], Identifier | None] | None
Object = Mapping[str, Any] | Callable[[], Mapping[str, Any] | None] | None


class ContextFields(TypedDict, total=False):
    """The fields of a context: each is a value, or a callable that is called for each event.

    `actor` returns the user's id, or id and name.
    """

    actor: Callable[[], Actor] | None
    user_id: Text
    username: Text
    tenant_id: Text
    session_id: Text
    request_id: Text
    ip_address: Text
    user_agent: Text
    metadata: Object
