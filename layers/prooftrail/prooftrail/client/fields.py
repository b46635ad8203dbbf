"""What an application may say of an event beyond action and resource."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypedDict


class EventFields(TypedDict, total=False):
    """The optional fields of one event; the model's rules are in `prooftrail.event.model`.

    `timestamp` is an RFC 3339 text or an aware datetime; together with `event_id` it makes an
    event idempotent.
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
    """The fields that a context can hold: a value, or a callable asked when an event is logged.

    `actor` answers the user's id, or id and name at once.
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
