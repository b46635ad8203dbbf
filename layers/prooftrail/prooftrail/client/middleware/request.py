"""What the middlewares take from a request, whatever the framework."""

import re
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final

from prooftrail.client.fields import ContextFields
from prooftrail.client.proxies import client_address

MAX_USER_AGENT_LENGTH: Final = 1_024
_SESSION_ID_LENGTH: Final = 32
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._:/=+-]{1,128}")


def request_fields(
    *,
    peer: str | None,
    forwarded_for: str | Sequence[str] | None,
    trusted_proxies: int,
    user_agent: str | None,
    request_id: str | None,
    new_id: Callable[[], object],
) -> ContextFields:
    """The address, the user agent cut to 1,024 characters, and the request's id.

    The id is the caller's own when it is well-formed, so it is good for correlation and proves
    nothing.
    """
    is_well_formed = request_id is not None and _REQUEST_ID.fullmatch(request_id)
    return {
        "ip_address": client_address(peer, forwarded_for, trusted_proxies),
        "user_agent": (user_agent or "")[:MAX_USER_AGENT_LENGTH] or None,
        "request_id": request_id if is_well_formed else str(new_id()),
    }


def session_id_of(key: str | None) -> str | None:
    """What to call a session in a trail: 32 hexadecimal digits of its key's SHA-256.

    The key itself is a credential, and has no place there.
    """
    return sha256(key.encode()).hexdigest()[:_SESSION_ID_LENGTH] if key else None
