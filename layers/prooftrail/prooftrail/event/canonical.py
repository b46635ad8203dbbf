"""The canonical bytes (RFC 8785) of an event, and their digest (SHA-256)."""

import json
import math
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

import rfc8785

from prooftrail.errors import CanonicalizationError, Problem, describe_type, shorten_path

MAX_DEPTH: Final = 100
MAX_SAFE_INTEGER: Final = 2**53 - 1
_FIRST_WITH_EXPONENT: Final = 10**21  # RFC 8785 writes smaller doubles as digits
_LAST_BMP_CHARACTER: Final = "\uffff"
_encode_sorted = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def canonicalize(value: object) -> bytes:
    """Return the RFC 8785 form of a JSON value.

    The standard library's encoder returns the same bytes six times faster, if the value has no
    float and no character beyond the Basic Multilingual Plane. It encodes such values.

    Raises:
        CanonicalizationError: the value has no such form; `problem` names the first such part.

    >>> canonicalize({"b": 1.50, "a": "é"}).decode()
    '{"a":"é","b":1.5}'
    """
    try:
        if _is_plain(value, MAX_DEPTH):
            text = _encode_sorted(value)
            if text.isascii() or max(text) <= _LAST_BMP_CHARACTER:
                return text.encode()
        problem = _find_problem(value)
        if problem is None:
            return _dump_any(value)
    except (UnicodeEncodeError, rfc8785.CanonicalizationError) as error:
        problem = _find_problem(value) or Problem("", "must be JSON", describe_type(value))
        raise CanonicalizationError(problem) from error
    raise CanonicalizationError(problem)


def is_canonical_integer(number: int) -> bool:
    """Return whether RFC 8785 writes a double with the digits of this integer.

    All integers within ±(2^53-1) are canonical. A larger one is canonical if RFC 8785, like
    `JSON.stringify`, writes these digits for the nearest double.

    >>> is_canonical_integer(10**18), is_canonical_integer(2**60)
    (True, False)
    """
    if -MAX_SAFE_INTEGER <= number <= MAX_SAFE_INTEGER:
        return True
    return abs(number) < _FIRST_WITH_EXPONENT and Decimal(repr(float(number))) == number


def _dump_any(value: Any) -> bytes:
    """Return the RFC 8785 form of a JSON value that has one."""
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:  # the package accepts larger numbers as floats only
        return rfc8785.dumps(_convert_large_integers(value))


def _convert_large_integers(value: Any) -> Any:
    match value:
        case bool():
            return value
        case int():
            return value if abs(value) <= MAX_SAFE_INTEGER else float(value)
        case dict():
            return {key: _convert_large_integers(item) for key, item in value.items()}
        case list():
            return [_convert_large_integers(item) for item in value]
    return value


def _is_plain(value: object, depth: int) -> bool:
    """Return whether the value is JSON without floats, of exact types, at most `depth` levels deep.

    A subclass is not plain: the standard library may encode it by methods of its own.
    """
    kind = type(value)
    if kind is dict:
        if depth == 0:
            return False
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) is not str or not (type(item) is str or _is_plain(item, depth - 1)):
                return False
        return True
    if kind is list:
        if depth == 0:
            return False
        for item in value:  # type: ignore[attr-defined]  # noqa: SIM110  # faster than all()
            if not (type(item) is str or _is_plain(item, depth - 1)):
                return False
        return True
    if kind is int:
        return is_canonical_integer(value)  # type: ignore[arg-type]
    return kind is str or kind is bool or value is None


def _find_problem(value: object) -> Problem | None:
    """Return the first part of the value that has no RFC 8785 form, if there is one."""
    found = _find_invalid_part(value, MAX_DEPTH)
    if found is None:
        return None
    steps, rule, got = found
    return Problem(shorten_path("".join(reversed(steps)).removeprefix(".")), rule, got)


def _find_invalid_part(value: object, depth: int) -> tuple[list[str], str, str] | None:
    """Return the path to the first invalid part, the broken rule, and what is there.

    The path is a list of steps, the innermost first. It is built on the way back, so that the
    walk through a large valid value makes no texts.
    """
    match value:
        case bool() | None:
            return None
        case str():
            if not _is_encodable(value):
                return [], "must be Unicode without lone surrogates", describe_type(value)
        case int():
            if not is_canonical_integer(value):
                bits = f"integer of {value.bit_length()} bits"
                return [], "must be an integer within ±(2^53-1), or a string", bits
        case float():
            if not math.isfinite(value):
                return [], "must be a finite number", str(value)
        case dict() | list() if depth == 0:
            return [], f"must not nest deeper than {MAX_DEPTH} levels", ""
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not _is_encodable(key):
                    return [], "keys must be Unicode strings", describe_type(key)
                if found := _find_invalid_part(item, depth - 1):
                    found[0].append(f".{key}")
                    return found
        case list():
            for position, item in enumerate(value):
                if found := _find_invalid_part(item, depth - 1):
                    found[0].append(f"[{position}]")
                    return found
        case _:
            return [], "must be JSON", describe_type(value)
    return None


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def compute_digest(canonical: bytes) -> bytes:
    """Return the SHA-256 of an event's canonical bytes: 32 bytes."""
    return sha256(canonical).digest()
