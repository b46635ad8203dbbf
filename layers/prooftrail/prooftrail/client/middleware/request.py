"""The fields that all middleware takes from a request."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from prooftrail.client.fields import ContextFields
from prooftrail.client.middleware.proxies import find_client_address
from prooftrail.client.tracing import find_trace_id, parse_traceparent
from prooftrail.client.values.texts import compute_short_digest, cut_text

MAX_USER_AGENT_LENGTH: Final = 1_024
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/=+-]{1,128}")


def make_request_fields(
    *,
    peer: str | None,
    forwarded_for: str | Sequence[str] | None,
    trusted_proxies: int,
    user_agent: str | None,
    request_id: str | None,
    traceparent: str | None,
    new_id: Callable[[], object],
) -> ContextFields:
    """Return the client's address, the user agent, the request id and the trace id.

    A user agent of over 1,024 characters is cut, with a digest of the whole at its end. Request id
    and trace id come from the client if they are well-formed. So they correlate events, but prove
    nothing. OpenTelemetry's current span, if there is one, decides about the trace.
    """
    is_well_formed = request_id is not None and _REQUEST_ID.fullmatch(request_id)
    trace_id = parse_traceparent(traceparent)
    return {
        "ip_address": find_client_address(peer, forwarded_for, trusted_proxies),
        "user_agent": cut_text(user_agent or "", MAX_USER_AGENT_LENGTH) or None,
        "request_id": request_id if is_well_formed else str(new_id()),
        "trace_id": (lambda: find_trace_id() or trace_id) if trace_id else None,
    }


def make_session_id(key: str | None) -> str | None:
    """Return 32 hex digits of the SHA-256 of a session's key, or None without a key.

    The key itself is a credential, which must not be logged.
    """
    return compute_short_digest(key) if key else None
