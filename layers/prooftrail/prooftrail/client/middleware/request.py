"""The fields that all middleware takes from a request."""

import re
from collections.abc import Callable
from typing import Any, Final

from prooftrail.client.fields import ContextFields
from prooftrail.client.middleware.proxies import find_client_address
from prooftrail.client.tracing import find_trace_id, parse_traceparent
from prooftrail.client.values.exact import exact_text, format_integer, is_text
from prooftrail.client.values.texts import compute_short_digest, convert_to_text, cut_text

MAX_USER_AGENT_LENGTH: Final = 1_024
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/=+-]{1,128}")


def make_request_fields(
    *,
    peer: object,
    forwarded_for: object,
    trusted_proxies: int,
    user_agent: object,
    request_id: object,
    traceparent: object,
    new_id: Callable[[], object],
) -> ContextFields:
    """Return the client's address, the user agent, the request id and the trace id.

    The values are those of the server: texts or bytes, `forwarded_for` also a list of them. Any
    other value is left out, because a fault of a server must not end the request here.

    A user agent of over 1,024 characters is cut, with a digest of the whole at its end. Request id
    and trace id come from the client if they are well-formed. So they correlate events, but prove
    nothing. OpenTelemetry's current span, if there is one, decides about the trace.
    """
    lines = forwarded_for if isinstance(forwarded_for, list) else [forwarded_for]
    claimed_id = _read_text(request_id)
    trace_id = parse_traceparent(_read_text(traceparent))
    return {
        "ip_address": find_client_address(
            _read_text(peer), list(filter(None, map(_read_text, lines))), trusted_proxies
        ),
        "user_agent": cut_text(_read_text(user_agent), MAX_USER_AGENT_LENGTH) or None,
        "request_id": claimed_id if _REQUEST_ID.fullmatch(claimed_id) else str(new_id()),
        "trace_id": (lambda: find_trace_id() or trace_id) if trace_id else None,
    }


def _read_text(value: object) -> str:
    """Return a value of the server as text, empty if it is not one."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return exact_text(value) if is_text(value) else ""


def make_session_id(key: Any) -> str | None:
    """Return 32 hex digits of the SHA-256 of a session's key, or None without a key.

    The key is a text, a UUID, an integer, bytes or another identifier. It is a credential, which
    must not be logged.

    Raises:
        TypeError: The key has no text.
    """
    if not key and type(key) is not int:
        return None
    is_binary = isinstance(key, bytes | bytearray)
    text = str(key, "utf-8", "surrogateescape") if is_binary else convert_to_text(key)
    return compute_short_digest(format_integer(text) if type(text) is int else exact_text(text))
