"""What applications hand over, as what JSON knows."""

import base64
import dataclasses
import ipaddress
import json
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from prooftrail.errors import InvalidEventError, Problem
from prooftrail.event.canonical import MAX_DEPTH

# One value takes two bytes of a message at least: what has more does not fit one of 1 MiB.
MAX_VALUES: Final = 500_000


class NotJsonError(Exception):
    """Within the walk: a part has no JSON form; `rule` says why."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


def _never(_: str) -> bool:
    return False


def plain_json(
    value: object,
    path: str,
    is_secret: Callable[[str], bool] = _never,
    replacement: str | None = None,
) -> Any:
    """A copy of the value of what JSON knows, with the replacement under secret keys.

    Datetimes and dates become ISO 8601 (in UTC when they know their zone), time spans seconds,
    UUIDs, decimals, paths and addresses text, enumerations their value, bytes base64, sets sorted
    lists, tuples and other sequences lists, mappings, dataclasses, named tuples and pydantic models
    objects, pydantic's `SecretStr` and its kind the replacement, or what they hide when there is
    none. Keys that are no text become what `json.dumps` makes of them, bytes are decoded. Any other
    object stays as it is, for the model to refuse.

    Raises:
        InvalidEventError: a cycle, too deep, too large, two keys of one text, or an object that
            failed while it was read; it names `path`.

    >>> plain_json({"due": date(2026, 11, 24), "tags": {"b", "a"}, 1: (2, 3)}, "details")
    {'due': '2026-11-24', 'tags': ['a', 'b'], '1': [2, 3]}
    """
    try:
        return _Walk(is_secret, replacement).copy(value, MAX_DEPTH - 1)
    except NotJsonError as error:
        raise InvalidEventError([Problem(path, error.rule)]) from error
    except Exception as error:  # the application's own objects are asked for their parts
        rule = f"could not be read ({type(error).__name__})"
        raise InvalidEventError([Problem(path, rule)]) from error


class _Walk:
    """One walk through one value."""

    __slots__ = ("_is_secret", "_left", "_replacement")

    def __init__(self, is_secret: Callable[[str], bool], replacement: str | None) -> None:
        self._is_secret = is_secret
        self._replacement = replacement
        self._left = MAX_VALUES

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _KEPT:
            return value
        if kind is dict:
            return self._object(value, depth)
        if kind is list:
            return self._list(value, depth)
        if kind is tuple:
            return self._tuple(value, depth)
        convert = _CONVERSIONS.get(kind)
        return convert(value) if convert else self._other(value, depth)

    def _object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        self._enter(len(value), depth)
        is_secret = self._is_secret
        copied: dict[str, Any] = {}
        for key, item in value.items():
            name = key if type(key) is str else key_text(key)
            kind = type(item)
            if kind in _HARMLESS:
                copied[name] = item
            elif is_secret(name):
                copied[name] = self._replacement
            elif kind in _KEPT:
                copied[name] = item
            else:
                copied[name] = self.copy(item, depth - 1)
        if len(copied) < len(value):
            raise NotJsonError("must not have two keys of the same text")
        if "value" in copied:
            self._mask_named(copied, ("name", "key"), "value")
        elif "Value" in copied:
            self._mask_named(copied, ("Name", "Key"), "Value")
        return copied

    def _mask_named(self, pair: dict[str, Any], names: Sequence[str], value: str) -> None:
        """Mask the value of an object that names it, as forms and AWS's tags do."""
        if type(pair[value]) not in _HARMLESS and any(
            type(name := pair.get(part)) is str and self._is_secret(name) for part in names
        ):
            pair[value] = self._replacement

    def _list(self, values: Sequence[Any] | Set[Any], depth: int) -> list[Any]:
        self._enter(len(values), depth)
        return [item if type(item) in _KEPT else self.copy(item, depth - 1) for item in values]

    def _tuple(self, values: tuple[Any, ...], depth: int) -> list[Any]:
        copied = self._list(values, depth)
        if len(values) == 2 and isinstance(values[0], str | bytes):
            name, value = values
            if type(value) not in _HARMLESS and self._is_secret(key_text(name)):
                copied[1] = self._replacement  # a pair, as a list of headers has them
        return copied

    def _enter(self, size: int, depth: int) -> None:
        self._left -= size
        if depth <= 0:
            raise NotJsonError(f"must not nest deeper than {MAX_DEPTH} levels")
        if self._left < 0:
            raise NotJsonError(f"must have at most {MAX_VALUES} values")

    def _other(self, value: object, depth: int) -> Any:
        """The form of what is no JSON type itself: a subclass of one, a model, a collection."""
        if isinstance(value, _SECRETS):
            return self._replacement or self.copy(value.get_secret_value(), depth)
        plain = _plain(value)
        if plain is not value:
            return self.copy(plain, depth)
        if isinstance(value, Mapping):
            return self._object(value, depth)
        if isinstance(value, Set):
            return sorted(self._list(value, depth), key=_order)  # a set's own order is chance
        if isinstance(value, tuple):
            return self._tuple(value, depth)
        if isinstance(value, Sequence):
            return self._list(value, depth)
        return value


def _plain(value: Any) -> Any:
    """The value as one of a type that the walk knows; itself when it has no such form."""
    if isinstance(value, Enum):
        return value.value
    for kind, convert in _CONVERSIONS.items():
        if isinstance(value, kind):
            return convert(value)
    if isinstance(value, BaseModel):
        return value.model_dump()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):  # a named tuple, named for masking
        return value._asdict()
    return value


def key_text(key: object) -> str:
    """What a key is called in JSON.

    Raises:
        NotJsonError: it is no text, number, truth value or null.
    """
    if isinstance(key, bytes):  # a header's, as ASGI has them
        return key.decode(errors="backslashreplace")
    plain = key if type(key) in _KEPT else _plain(key)
    if isinstance(plain, str):
        return plain
    if plain is None or type(plain) in _JSON_NUMBERS:
        return json.dumps(plain)
    raise NotJsonError(f"keys must be text (got {type(key).__name__})")


def _order(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=repr)


def _moment(value: datetime) -> str:
    if value.utcoffset() is None:
        return value.isoformat()
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _base64(value: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(value).decode()


_SECRETS: Final = (Secret, SecretBytes, SecretStr)
_HARMLESS: Final = frozenset((bool, type(None)))
_JSON_NUMBERS: Final = frozenset((bool, int, float))
_KEPT: Final = _HARMLESS | _JSON_NUMBERS | {str}
# In the order in which a subclass is looked for: a datetime is a date too.
_CONVERSIONS: Final[dict[type, Callable[[Any], Any]]] = {
    str: str.__str__,
    int: int.__int__,
    float: float.__float__,
    datetime: _moment,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: timedelta.total_seconds,
    UUID: str,
    Decimal: str,
    PurePath: str,
    ipaddress.IPv4Address: str,
    ipaddress.IPv6Address: str,
    bytes: _base64,
    bytearray: _base64,
    memoryview: _base64,
}
