"""What readers require of a stored event's bytes: their size, their JSON, and its fields' types.

Stored bytes are as untrusted as sent ones: whoever can write into the table can store anything
under a matching digest. The types are those of `event.model`. It is not imported, because functions
that only read start faster without it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final, Never

from prooftrail.errors import CanonicalizationError, CorruptRecordError
from prooftrail.event.canonical import MAX_DEPTH, canonicalize

# A message has at most 1 MiB. RFC 8785 writes `1e20` with 21 digits, and `changes.fields` repeats
# keys: canonical bytes have at most 4.4 times the size of what was sent.
MAX_CANONICAL_BYTES: Final = 5 * 1024 * 1024
FIELD_TYPES: Final[Mapping[str, type]] = {
    "eventId": str,
    "timestamp": str,
    "tenantId": str,
    "userId": str,
    "username": str,
    "action": str,
    "resourceType": str,
    "resourceId": str,
    "details": dict,
    "metadata": dict,
    "changes": dict,
    "ipAddress": str,
    "userAgent": str,
    "sessionId": str,
    "requestId": str,
    "success": bool,
    "errorMessage": str,
    "v": int,
}
CHANGES_TYPES: Final[Mapping[str, type]] = {"before": dict, "after": dict, "fields": list}
ALWAYS_PRESENT: Final = frozenset(
    {"eventId", "timestamp", "tenantId", "action", "resourceType", "resourceId", "success", "v"}
)
_SURROGATES: Final = (b"\\ud", b"\\uD")  # how JSON can hold a lone one


def parse_stored_event(canonical: bytes) -> dict[str, Any]:
    """Return the fields in a stored event's canonical bytes. Later versions may have added fields.

    Raises:
        CorruptRecordError: the bytes are not an event's: too many, not JSON, with a number that is
            not finite, nested too deeply, or a field is missing or has another type.
    """
    if len(canonical) > MAX_CANONICAL_BYTES:
        raise CorruptRecordError(f"the event has more than {MAX_CANONICAL_BYTES} bytes")
    try:
        fields = _DECODER.decode(canonical.decode())
        if _may_be_unusual(canonical) and canonicalize(fields) != canonical:
            raise CorruptRecordError("the event is not in the form in which events are stored")
    except (CanonicalizationError, RecursionError, ValueError) as error:
        raise CorruptRecordError("the event is not JSON as events are stored") from error
    if not isinstance(fields, dict):
        raise CorruptRecordError("the event is not a JSON object")
    _check_types(fields)
    return fields


def _may_be_unusual(canonical: bytes) -> bool:
    """Return whether the event may nest too deeply, or hold a lone surrogate.

    The canonical form decides, which takes longer than to decode the event.
    """
    depth = canonical.count(b"{") + canonical.count(b"[")  # at most
    return depth > MAX_DEPTH or any(escape in canonical for escape in _SURROGATES)


def _check_types(fields: Mapping[str, Any]) -> None:
    if missing := ALWAYS_PRESENT - fields.keys():
        raise CorruptRecordError(f"the event lacks {', '.join(sorted(missing))}")
    for name, value in fields.items():
        if type(value) is not FIELD_TYPES.get(name, type(value)):
            raise CorruptRecordError(f"the event's {name} has another type than events have")
    changes = fields.get("changes", {})
    for name, value in changes.items():
        if type(value) is not CHANGES_TYPES.get(name, type(value)):
            raise CorruptRecordError("the event's changes have other types than events have")
    if not all(type(name) is str for name in changes.get("fields", ())):
        raise CorruptRecordError("the event's changes have other types than events have")


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _parse_finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is not finite")
    return number


_DECODER: Final = json.JSONDecoder(parse_float=_parse_finite, parse_constant=_refuse_constant)
