"""The canonical bytes (RFC 8785) of an event, and their digest (SHA-256)."""

import math
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib import import_module
from typing import Any, Final

import rfc8785

from prooftrail.errors import CanonicalizationError, Problem, describe_type, shorten_path

MAX_DEPTH: Final = 100
MAX_SAFE_INTEGER: Final = 2**53 - 1
_FIRST_WITH_EXPONENT: Final = 10**21  # RFC 8785 writes smaller doubles as digits
_LEAST_PLAIN_FRACTION: Final = 1e-4  # every encoder writes smaller ones in a form of its own
_LAST_OF_BMP: Final = "\uffff"  # of the Basic Multilingual Plane
# The bytes of UTF-8 without those that begin a character beyond it.
_BYTES_OF_BMP: Final = bytes(range(0xF0))


class _NotPlainError(Exception):
    """`to_json` may encode the value in another form than RFC 8785."""


def canonicalize(value: object) -> bytes:
    """Return the RFC 8785 form of a JSON value.

    `to_json` writes the same bytes as rfc8785 several times faster, if the keys are sorted, all
    numbers are plain and no key has a character beyond the Basic Multilingual Plane: RFC 8785 sorts
    those in another order.

    Raises:
        CanonicalizationError: the value has no such form; `problem` names the first such part.

    >>> canonicalize({"b": 1.50, "a": "é"}).decode()
    '{"a":"é","b":1.5}'
    """
    pydantic_core = _import_pydantic_core()
    try:
        encoded: bytes = pydantic_core.to_json(_sort_plain(value, MAX_DEPTH))
    except (_NotPlainError, pydantic_core.PydanticSerializationError):
        return _canonicalize_any(value)
    if not encoded.isascii() and encoded.translate(None, _BYTES_OF_BMP) and _sorts_late(value):
        return _canonicalize_any(value)
    return encoded


@cache
def _import_pydantic_core() -> Any:
    """Import it at the first call, so that programs that encode no event start faster."""
    return import_module("pydantic_core")


def _canonicalize_any(value: object) -> bytes:
    try:
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


def _sort_plain(value: Any, depth: int) -> Any:
    """Return a copy of the value that `to_json` encodes as rfc8785 would: sorted by its keys.

    Types are compared exactly, because a subclass may be encoded by methods of its own.

    Raises:
        _NotPlainError: a part is not JSON of these types, is a number that encoders write in
            several forms, or is more than `depth` levels deep.
    """
    kind = type(value)
    if kind is dict:
        if depth == 0:
            raise _NotPlainError
        try:
            keys = sorted(value)
        except TypeError as error:  # keys of several types
            raise _NotPlainError from error
        copy = {}
        for key in keys:
            if type(key) is not str:
                raise _NotPlainError
            item = value[key]
            copy[key] = item if type(item) is str else _sort_plain(item, depth - 1)
        return copy
    if kind is list:
        if depth == 0:
            raise _NotPlainError
        return [item if type(item) is str else _sort_plain(item, depth - 1) for item in value]
    if kind is int and is_canonical_integer(value):
        return value
    if kind is float:
        return _shorten_whole(value)
    if kind is str or kind is bool or value is None:
        return value
    raise _NotPlainError


def _shorten_whole(number: float) -> float:
    """Return the number, as an integer if it is one.

    Raises:
        _NotPlainError: encoders write the number in several forms.
    """
    if -MAX_SAFE_INTEGER <= number <= MAX_SAFE_INTEGER:  # NaN is not
        if number.is_integer():
            return int(number)
        if abs(number) >= _LEAST_PLAIN_FRACTION:
            return number
    raise _NotPlainError


def _sorts_late(value: Any) -> bool:
    """Return whether a key has a character beyond the BMP, which `sorted` puts too late."""
    kind = type(value)
    if kind is dict:
        for key in value:
            if not key.isascii() and max(key) > _LAST_OF_BMP:
                return True
        value = value.values()
    elif kind is not list:
        return False
    return any(_sorts_late(item) for item in value if type(item) is not str)


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
