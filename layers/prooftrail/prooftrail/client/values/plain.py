"""Converts the values that applications log to JSON values."""

import base64
import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from itertools import islice
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from pydantic import Secret, SecretBytes, SecretStr

from prooftrail.client.values.exact import format_integer, name_type
from prooftrail.client.values.objects import (
    find_number,
    read_fields,
    read_mapping,
    resolve_proxy,
)
from prooftrail.errors import InvalidEventError, Problem
from prooftrail.event.canonical import MAX_DEPTH

# A value needs at least two bytes of a message, so more values than this do not fit in 1 MiB.
MAX_VALUES: Final = 500_000
TOO_DEEP: Final = f"must not nest deeper than {MAX_DEPTH} levels"


class NotJsonError(Exception):
    """A value has no JSON form; `rule` says why."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


def _is_never_secret(_: str) -> bool:
    return False


def to_plain_json(
    value: object,
    path: str,
    is_secret: Callable[[str], bool] = _is_never_secret,
    replacement: str | None = None,
    *,
    keeps_decimals: bool = False,
) -> Any:
    """Return a copy of the value as JSON.

    Only what cannot be seen in JSON becomes `replacement` here: `SecretStr`, and the value in a
    tuple of a secret name and its value. `Masker` masks the rest, in the JSON.

    - datetime: ISO 8601 text, in UTC if it has a time zone
    - date, time: ISO 8601 text; timedelta: seconds
    - UUID, Decimal, path, IP address: text
    - a number of numpy and similar: number
    - bytes: base64
    - enumeration: its value
    - set: sorted list; tuple and other sequences: list
    - mapping, dataclass, named tuple, pydantic model: object
    - `SecretStr` and similar: the replacement, or without one the secret

    With `keeps_decimals`, Decimals stay what they are, for a comparison by `is_same`.

    Keys that are not text become what `json.dumps` makes of them; bytes are decoded. Any other
    object stays as it is, and the model refuses it later.

    Raises:
        InvalidEventError: The value contains itself, is too deep or too large, has two keys with
            the same text, or is an object that failed while it was read. The error names `path`.

    >>> to_plain_json({"due": date(2026, 11, 24), "tags": {"b", "a"}, 1: (2, 3)}, "details")
    {'due': '2026-11-24', 'tags': ['a', 'b'], '1': [2, 3]}
    """
    try:
        conversions = COMPARED if keeps_decimals else CONVERSIONS
        return Walk(is_secret, replacement, conversions).copy(value, MAX_DEPTH - 1)
    except NotJsonError as error:
        raise InvalidEventError([Problem(path, error.rule)]) from error
    except Exception as error:  # reading the application's objects runs their code
        rule = f"could not be read ({name_type(error)})"
        raise InvalidEventError([Problem(path, rule)]) from error


class Walk:
    """One walk through one value: `depth` is how deep it can still nest."""

    __slots__ = ("_conversions", "_is_secret", "_left", "_replacement")

    def __init__(
        self,
        is_secret: Callable[[str], bool],
        replacement: str | None,
        conversions: "Conversions",
    ) -> None:
        self._is_secret = is_secret
        self._replacement = replacement
        self._conversions = conversions
        self._left = MAX_VALUES

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in KEPT:
            return value
        if kind is dict:
            return self._copy_object(value, depth)
        if kind is list:
            if len(value) == 2 and type(value[0]) is bytes:  # a header, whose name JSON hides
                return self._copy_pair(value, depth)
            return self._copy_list(value, depth)
        if kind is tuple:
            return self._copy_pair(value, depth)
        convert = self._conversions.get(kind)
        return convert(value) if convert else self._copy_other(value, depth)

    def _copy_object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        self._count(len(value), depth)
        copied: dict[str, Any] = {}
        for key, item in value.items():
            name = key if type(key) is str else convert_key(key)
            copied[name] = item if type(item) in KEPT else self.copy(item, depth - 1)
        if len(copied) < len(value):
            raise NotJsonError("must not have two keys with the same text")
        return copied

    def _copy_list(self, values: Sequence[Any] | Set[Any], depth: int) -> list[Any]:
        self._count(len(values), depth)
        return [item if type(item) in KEPT else self.copy(item, depth - 1) for item in values]

    def _copy_pair(self, values: Sequence[Any], depth: int) -> list[Any]:
        copied = self._copy_list(values, depth)
        if len(values) == 2 and issubclass(type(values[0]), str | bytes | bytearray):
            name, value = values
            if type(value) not in _NEVER_SECRET and self._is_secret(convert_key(name)):
                copied[1] = self._replacement  # a name and a value, as in lists of headers
        return copied

    def _count(self, size: int, depth: int) -> None:
        """Count values and levels against their limits, which also ends cycles."""
        self._left -= size
        if depth <= 0:
            raise NotJsonError(TOO_DEEP)
        if self._left < 0:
            raise NotJsonError(f"must have at most {MAX_VALUES} values")

    def _copy_other(self, value: object, depth: int) -> Any:
        """Copy a value of another type: a subclass, a model, a collection."""
        if isinstance(value, SECRETS):
            return self._replacement or self.copy(value.get_secret_value(), depth)
        simpler = simplify(value, self._conversions)
        if simpler is not value:
            return self.copy(simpler, depth)
        if isinstance(value, Mapping):
            return self.copy(read_mapping(value, MAX_VALUES + 1), depth)
        if isinstance(value, Set):
            parts = self._copy_list(list(islice(value, MAX_VALUES + 1)), depth)
            return sorted(parts, key=_sort_key)  # a set has no order
        if isinstance(value, tuple):
            return self._copy_pair(tuple(islice(value, MAX_VALUES + 1)), depth)
        if isinstance(value, Sequence):
            return self.copy(list(islice(value, MAX_VALUES + 1)), depth)
        return self.copy_unknown(value)

    def copy_unknown(self, value: object) -> Any:
        """Return a value of a type without a form: as it is, and the model refuses it."""
        return value


def simplify(value: Any, conversions: "Conversions | None" = None) -> Any:
    """Return the value as a type that the walk knows, or the value itself if there is none."""
    if isinstance(value, Enum):
        return value.value
    own_kind = type(value)  # what a proxy says of its class does not hold for `str.__str__`
    for kind, convert in (conversions or CONVERSIONS).items():
        if issubclass(own_kind, kind):
            return convert(value)
    to_number = find_number(own_kind)
    if to_number is not None:
        return to_number(value)
    fields = read_fields(value)
    return resolve_proxy(value) if fields is None else fields


def convert_key(key: Any) -> str:
    """Return a key as text.

    Raises:
        NotJsonError: The key is not a text, number, boolean or null.
    """
    if issubclass(type(key), bytes | bytearray):  # the name of a header in ASGI
        return str(key, "utf-8", "backslashreplace")
    simple = key if type(key) in KEPT else simplify(key)
    if issubclass(type(simple), str):
        return str.__str__(simple)
    if type(simple) is int:
        return format_integer(simple)
    if simple is None or type(simple) in _JSON_NUMBERS:
        return json.dumps(simple)
    raise NotJsonError(f"keys must be text (got {name_type(key)})")


def _sort_key(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=name_type)


def _format_datetime(value: datetime) -> str:
    if value.utcoffset() is None:
        return value.isoformat()
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _encode_base64(value: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(value).decode()


SECRETS: Final = (Secret, SecretBytes, SecretStr)
_NEVER_SECRET: Final = frozenset((bool, type(None)))
_JSON_NUMBERS: Final = frozenset((bool, int, float))
KEPT: Final = _NEVER_SECRET | _JSON_NUMBERS | {str}
Conversions = Mapping[type, Callable[[Any], Any]]
# The order matters for subclasses: a datetime is also a date.
CONVERSIONS: Final[Conversions] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    datetime: _format_datetime,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: timedelta.total_seconds,
    UUID: str,
    Decimal: str,
    PurePath: str,
    ipaddress.IPv4Address: str,
    ipaddress.IPv6Address: str,
    bytes: _encode_base64,
    bytearray: _encode_base64,
    memoryview: _encode_base64,
}
COMPARED: Final[Conversions] = {**CONVERSIONS, Decimal: Decimal}
