"""The fields that all middleware takes from a request."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from prooftrail.client.fields import ContextFields
from prooftrail.client.middleware.proxies import find_client_address
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
    new_id: Callable[[], object],
) -> ContextFields:
    """Return the client's address, the user agent, and the request id.

    A user agent of over 1,024 characters is cut, with a digest of the whole at its end. The request
    id comes from the client if it is well-formed. So it correlates events, but proves nothing.
    """
    is_well_formed = request_id is not None and _REQUEST_ID.fullmatch(request_id)
    return {
        "ip_address": find_client_address(peer, forwarded_for, trusted_proxies),
        "user_agent": cut_text(user_agent or "", MAX_USER_AGENT_LENGTH) or None,
        "request_id": request_id if is_well_formed else str(new_id()),
    }


def make_session_id(key: str | None) -> str | None:
    """Return 32 hex digits of the SHA-256 of a session's key, or None without a key.

    The key itself is a credential, which must not be logged.
    """
    return compute_short_digest(key) if key else None
