"""What readers require of a stored event's bytes: their size, their JSON, and its fields' types.

Stored bytes are not trusted more than sent ones: with write access to the table, one can store any
bytes under a matching digest. The types are those of `event.model`. It is not imported, because
functions that only read start faster without it.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final, Never

from prooftrail.errors import CorruptRecordError, TooManyNodesError
from prooftrail.event.canonical import MAX_DEPTH

# A message has at most 1 MiB. RFC 8785 writes `1e20` with 21 digits, and `changes.fields` repeats
# keys: canonical bytes have at most 4.4 times the size of what was sent.
MAX_CANONICAL_BYTES: Final = 5 * 1024 * 1024
# The model allows 20; a later version may allow more. Each is a key that readers make.
MAX_STORED_TARGETS: Final = 100
# Before an event was limited to fewer, a message of 1 MiB could have one for each two bytes.
MAX_STORED_NODES: Final = 512 * 1024
FIELD_TYPES: Final[Mapping[str, type]] = {
    "eventId": str,
    "timestamp": str,
    "tenantId": str,
    "userId": str,
    "username": str,
    "actorType": str,
    "onBehalfOf": dict,
    "action": str,
    "resourceType": str,
    "resourceId": str,
    "targets": list,
    "details": dict,
    "metadata": dict,
    "changes": dict,
    "ipAddress": str,
    "userAgent": str,
    "sessionId": str,
    "requestId": str,
    "traceId": str,
    "success": bool,
    "errorMessage": str,
    "v": int,
}
CHANGES_TYPES: Final[Mapping[str, type]] = {"before": dict, "after": dict, "fields": list}
TARGET_TYPES: Final[Mapping[str, type]] = {"type": str, "id": str, "name": str}
ON_BEHALF_OF_TYPES: Final[Mapping[str, type]] = {"userId": str, "username": str}
ALWAYS_PRESENT: Final = frozenset(
    {"eventId", "timestamp", "tenantId", "action", "resourceType", "resourceId", "success", "v"}
)
_CONTAINERS: Final = (dict, list)
# How JSON can hold a lone surrogate. No canonical form escapes any.
_ESCAPES: Final = (b"\\ud", b"\\uD")


def parse_stored_event(canonical: bytes, max_nodes: int = MAX_STORED_NODES) -> dict[str, Any]:
    """Return the fields in a stored event's canonical bytes. Later versions may have added fields.

    Raises:
        CorruptRecordError: the bytes are not an event's: too many, not JSON, with a number that is
            not finite, nested too deeply, or a field is missing or has another type. A
            `TooManyNodesError` if they may have more than `max_nodes` values.
    """
    if len(canonical) > MAX_CANONICAL_BYTES:
        raise CorruptRecordError(f"the event has more than {MAX_CANONICAL_BYTES} bytes")
    if _has_more_nodes(canonical, max_nodes):
        raise TooManyNodesError(f"the event has more than {max_nodes} values")
    if _has_escaped_surrogate(canonical):
        raise CorruptRecordError("the event's bytes have an escaped surrogate")
    try:
        fields = _DECODER.decode(canonical.decode())
    except (RecursionError, ValueError) as error:
        raise CorruptRecordError("the event is not JSON as events are stored") from error
    if not isinstance(fields, dict):
        raise CorruptRecordError("the event is not a JSON object")
    if _nests_too_deeply(fields):
        raise CorruptRecordError(f"the event nests deeper than {MAX_DEPTH} levels")
    _check_types(fields)
    return fields


def _has_escaped_surrogate(canonical: bytes) -> bool:
    if not any(escape in canonical for escape in _ESCAPES):
        return False
    unpaired = canonical.replace(rb"\\", b"")  # what follows a backslash now is escaped by it
    return any(escape in unpaired for escape in _ESCAPES)


def _has_more_nodes(canonical: bytes, limit: int) -> bool:
    """Return whether JSON in its canonical form has more than `limit` values, without decoding it.

    Each value but the first follows a comma, or is the first one of a list or an object.
    """
    if _count_marks(canonical) < limit:
        return False
    quoted = canonical.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
    plain = b'"'.join(quoted[::2])  # without the texts
    return 1 + _count_marks(plain) - plain.count(b"[]") - plain.count(b"{}") > limit


def _count_marks(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")


def _nests_too_deeply(fields: dict[str, Any]) -> bool:
    """Return whether there are more than `MAX_DEPTH` levels. It reads one level after the other."""
    level: list[Any] = [fields]
    for _ in range(MAX_DEPTH):
        parts = (part.values() if type(part) is dict else part for part in level)
        level = [item for part in parts for item in part if type(item) in _CONTAINERS]
        if not level:
            return False
    return True


def _check_types(fields: Mapping[str, Any]) -> None:
    if missing := ALWAYS_PRESENT - fields.keys():
        raise CorruptRecordError(f"the event lacks {', '.join(sorted(missing))}")
    for name, value in fields.items():
        if type(value) is not FIELD_TYPES.get(name, type(value)):
            raise CorruptRecordError(f"the event's {name} has another type than events have")
    changes = fields.get("changes", {})
    if not _has_types(changes, CHANGES_TYPES):
        raise CorruptRecordError("the event's changes have other types than events have")
    if not all(type(name) is str for name in changes.get("fields", ())):
        raise CorruptRecordError("the event's changes have other types than events have")
    actor = fields.get("onBehalfOf")
    if actor is not None and not ("userId" in actor and _has_types(actor, ON_BEHALF_OF_TYPES)):
        raise CorruptRecordError("the event's onBehalfOf is not a user")
    targets = fields.get("targets", ())
    if len(targets) > MAX_STORED_TARGETS:
        raise CorruptRecordError(f"the event has more than {MAX_STORED_TARGETS} targets")
    for target in targets:
        is_object = type(target) is dict and target.keys() >= {"type", "id"}
        if not (is_object and _has_types(target, TARGET_TYPES)):
            raise CorruptRecordError("the event's targets are not resources")


def _has_types(value: Mapping[str, Any], types: Mapping[str, type]) -> bool:
    return all(type(item) is types.get(name, type(item)) for name, item in value.items())


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not JSON")


def _parse_finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("a number is not finite")
    return number


_DECODER: Final = json.JSONDecoder(parse_float=_parse_finite, parse_constant=_refuse_constant)
