"""The tenant of an event that waits to be sent, found in its JSON text."""

import json
import re
from typing import Final

from prooftrail.event.keys import DEFAULT_TENANT, TENANT_PATTERN, are_valid_names

_MEMBER: Final = '"tenantId":"'
_ENCODED: Final = re.compile(rf'{_MEMBER}({TENANT_PATTERN.strip("^$")})"')


def find_tenant(text: str) -> str:
    """Return the tenant in an event's JSON text, without decoding a text that the library wrote.

    In the canonical form the event's own member is the last of this name: only texts follow it. In
    the model's order it is the first. Within a text the quotes are escaped.

    >>> find_tenant('{"action":"a","details":{"tenantId":"x"},"tenantId":"acme","v":1}')
    'acme'
    """
    if text.startswith('{"action":'):
        found = _ENCODED.match(text, max(text.rfind(_MEMBER), 0))
    elif text.startswith('{"eventId":'):
        found = _ENCODED.match(text, max(text.find(_MEMBER), 0))
    else:
        return _decode_tenant(text)
    return found[1] if found else DEFAULT_TENANT


def _decode_tenant(text: str) -> str:
    try:
        tenant_id = json.loads(text)["tenantId"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return DEFAULT_TENANT
    is_tenant = type(tenant_id) is str and are_valid_names(tenant_id)
    return tenant_id if is_tenant else DEFAULT_TENANT
