"""The optional fields of an event and of a context."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypedDict


class EventFields(TypedDict, total=False):
    """The optional fields of an event. `prooftrail.event.model` has their rules.

    `timestamp` is an RFC 3339 text or a datetime with a time zone. An event with the same
    `timestamp` and `event_id` is stored once.
    """

    user_id: str | None
    username: str | None
    tenant_id: str | None
    details: Mapping[str, Any] | None
    metadata: Mapping[str, Any] | None
    changes: Mapping[str, Any] | None
    ip_address: str | None
    user_agent: str | None
    session_id: str | None
    request_id: str | None
    success: bool
    error_message: str | None
    event_id: str | None
    timestamp: str | datetime | None


Actor = str | tuple[str | None, str | None] | None
Text = str | Callable[[], str | None] | None
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
