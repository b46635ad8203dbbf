"""What may leave the process: secrets masked by their key, values turned into JSON.

A value is masked when its key looks like a secret's name, at any depth. Values are not searched:
a password within a text, a URL or a list of names and values (`[["Authorization", "..."]]`)
stays. Null, true and false stay too under any key: they hold no secret, and
`{"passwordChanged": true}` is what a trail is for.
"""

import base64
import dataclasses
import ipaddress
import json
import re
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from pathlib import PurePath
from typing import Any, Final, Literal
from uuid import UUID

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from auditlog.errors import InvalidEventError, Problem
from auditlog.event import changed_fields
from auditlog.identity import MAX_DEPTH

MASK: Final = "[masked]"
# One byte of a message is at least one value's: what has more does not fit a message of 1 MiB.
MAX_VALUES: Final = 500_000
_REMEMBERED_KEYS: Final = 4_096
_REMEMBERED_LENGTH: Final = 128

_BOUNDARY: Final = re.compile(
    r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d+$)"
)

# All are matched on the key's words in lower case, without what separates them.
# Anywhere in the key, even within a word: no other word holds them, but for the innocent ones.
_SECRET_ANYWHERE: Final = re.compile(
    """
    password | passwd | pwd | passphrase | passcode | passwort | kennwort | motdepasse | contrasena
    | secret | credential | token | bearer | jwt | authorization | cookie | csrf | xsrf
    | (api|access|private|signing|encryption|master|shared|ssh|hmac)key
    | session(id|key) | sessid | connectsid | connectionstring | connstr | databaseurl
    | (auth|verification|security|recovery|backup|access|reset|confirmation|activation|mfa|2fa)code
    | (seed|recovery)phrase | x(amz|goog)signature | cardnumber
    """,
    re.VERBOSE,
)
_INNOCENT: Final = re.compile("secretar(y|ies|ial|iat)|tokeni[sz]|sessionidle")
# A word of the key: `userOtp`, not `hotplate`.
_SECRET_WORD: Final = re.compile("[th]?otp|cvv|cvc|csc|dsn|pin|pincode|creds")
# The whole key: `code` is OAuth's, `statusCode` and `countryCode` are none.
_SECRET_WHOLE: Final = re.compile("code|auth|(db|user|smtp)?pass|sid")
# The key's last word, when it tells about a secret and is none: `tokenCount`, `passwordChangedAt`.
_ABOUT: Final = re.compile(
    "age|at|attempts|changed|count|enabled|expiration|expired|expires|expiry|in|length|limit"
    "|policy|required|status|strength|ttl|type"
)
# What a language model's use is measured in.
_TOKEN_COUNT: Final = re.compile("(completion|input|max|output|prompt|total)tokens|tokensused")


def _words_of(key: str) -> list[str]:
    return [word.lower() for word in _BOUNDARY.split(key) if word]


@dataclasses.dataclass(frozen=True, slots=True)
class SecretKeys:
    """Which keys hold secrets, whatever their case and separators.

    `extra` names match a key that is one of them or holds one as whole words (`iban` matches
    `customerIban`); `exceptions` match whole keys and win over all else.

    >>> keys = SecretKeys(extra=frozenset({"iban"}), exceptions=frozenset({"code"}))
    >>> [key for key in ("API-Key", "customer_iban", "code", "statusCode") if keys.match(key)]
    ['API-Key', 'customer_iban']
    """

    extra: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()

    def match(self, key: str) -> bool:
        """Whether the key looks like a secret's name."""
        words = _words_of(key)
        joined = "".join(words)
        if joined in {"".join(_words_of(name)) for name in self.exceptions}:
            return False
        if self._is_extra(words, joined):
            return True
        if len(words) > 1 and (_ABOUT.fullmatch(words[-1]) or _TOKEN_COUNT.fullmatch(joined)):
            return False
        return (
            _SECRET_WHOLE.fullmatch(joined) is not None
            or any(map(_SECRET_WORD.fullmatch, words))
            or _SECRET_ANYWHERE.search(_INNOCENT.sub("", joined)) is not None
        )

    def _is_extra(self, words: Sequence[str], joined: str) -> bool:
        spaced = f" {' '.join(words)} "
        return any(
            f" {' '.join(name)} " in spaced or "".join(name) == joined
            for name in map(_words_of, self.extra)
            if name
        )


Addresses = Literal["keep", "truncate", "drop"]


class Masking:
    """Makes an event's JSON ready for the wire: one walk masks and converts.

    What JSON does not know becomes: datetimes and dates ISO 8601 (in UTC when they know their
    zone), time spans seconds, UUIDs, decimals, paths and addresses text, enumerations their value,
    bytes base64, sets sorted lists, tuples and other sequences lists, mappings, dataclasses, named
    tuples and pydantic models objects, `SecretStr` and its kind the replacement. Keys that are no
    text become what `json.dumps` makes of them. Any other object stays, for the model to refuse.
    """

    def __init__(
        self,
        secrets: SecretKeys = SecretKeys(),
        addresses: Addresses = "keep",
        *,
        replacement: str = MASK,
    ) -> None:
        self._addresses = addresses
        self._replacement = replacement
        remembered = lru_cache(_REMEMBERED_KEYS)(secrets.match)

        def is_secret(key: str) -> bool:
            return remembered(key) if len(key) <= _REMEMBERED_LENGTH else secrets.match(key)

        self._is_secret = is_secret

    def event(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """The event (its JSON's fields, camelCase) as it may be sent; `raw` stays as it is.

        Raises:
            InvalidEventError: a cycle, too deep, too large, two keys of one text, or an object
                that failed while it was read.
        """
        masked = dict(raw)
        if (details := masked.get("details")) is not None:
            masked["details"] = self.value(details, "details")
        if (metadata := masked.get("metadata")) is not None:
            masked["metadata"] = self.value(metadata, "metadata")
        if (changes := masked.get("changes")) is not None:
            masked["changes"] = self.changes(changes)
        if self._addresses != "keep" and (address := masked.get("ipAddress")) is not None:
            masked["ipAddress"] = self.address(address)
        return masked

    def value(self, value: object, path: str) -> Any:
        """A copy of one value, masked, of what JSON knows; `path` is for the error.

        Raises:
            InvalidEventError: see `event`.
        """
        return self._walked(value, path, self._is_secret)

    def changes(self, changes: object) -> Any:
        """The changes, masked; `fields` are derived first, for two masked values are equal.

        Raises:
            InvalidEventError: see `event`.
        """
        plain = self._walked(changes, "changes", _never)
        if not isinstance(plain, dict):
            return plain
        before, after = plain.get("before"), plain.get("after")
        fields = plain.get("fields")
        if fields is None and _is_object(before) and _is_object(after):
            plain["fields"] = _derived(before or {}, after or {})
        for side in ("before", "after"):
            if plain.get(side) is not None:
                plain[side] = self.value(plain[side], f"changes.{side}")
        return plain

    def address(self, address: str) -> str | None:
        """The event's address: kept, cut to its network (IPv4 /24, IPv6 /48), or None.

        >>> Masking(addresses="truncate").address("203.0.113.77")
        '203.0.113.0'
        """
        match self._addresses:
            case "keep":
                return address
            case "drop":
                return None
            case "truncate":
                return _network_of(address)

    def _walked(self, value: object, path: str, is_secret: Callable[[str], bool]) -> Any:
        walk = _Walk(is_secret, self._replacement)
        try:
            return walk.copy(value, MAX_DEPTH - 1)
        except _NotJsonError as error:
            raise InvalidEventError([Problem(path, error.rule)]) from error
        except Exception as error:  # the application's own objects are asked for their parts
            rule = f"could not be read ({type(error).__name__})"
            raise InvalidEventError([Problem(path, rule)]) from error


def _never(_: str) -> bool:
    return False


def _is_object(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _derived(before: Mapping[str, object], after: Mapping[str, object]) -> list[str] | None:
    try:
        return changed_fields(before, after)
    except (TypeError, ValueError):  # an object that the model is going to refuse
        return None


def _network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address  # for the model to refuse
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)


class _NotJsonError(Exception):
    """Within the walk: the value has no JSON form."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        super().__init__(rule)


class _Walk:
    """One walk through one value."""

    __slots__ = ("_is_secret", "_left", "_replacement")

    def __init__(self, is_secret: Callable[[str], bool], replacement: str) -> None:
        self._is_secret = is_secret
        self._replacement = replacement
        self._left = MAX_VALUES

    def copy(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind in _KEPT:
            return value
        if kind is dict:
            return self._object(value, depth)
        if kind is list or kind is tuple:
            return self._list(value, depth)
        convert = _CONVERSIONS.get(kind)
        return convert(value) if convert else self._other(value, depth)

    def _object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        self._enter(len(value), depth)
        is_secret = self._is_secret
        copied: dict[str, Any] = {}
        for key, item in value.items():
            name = key if type(key) is str else _key_text(key)
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
            raise _NotJsonError("must not have two keys of the same text")
        return copied

    def _list(self, values: Sequence[Any] | Set[Any], depth: int) -> list[Any]:
        self._enter(len(values), depth)
        return [item if type(item) in _KEPT else self.copy(item, depth - 1) for item in values]

    def _enter(self, size: int, depth: int) -> None:
        self._left -= size
        if depth <= 0:
            raise _NotJsonError(f"must not nest deeper than {MAX_DEPTH} levels")
        if self._left < 0:
            raise _NotJsonError(f"must have at most {MAX_VALUES} values")

    def _other(self, value: object, depth: int) -> Any:
        """The form of what is no JSON type itself: a subclass of one, a model, a collection."""
        if isinstance(value, _SECRETS):
            return self._replacement
        plain = _plain(value)
        if plain is not value:
            return self.copy(plain, depth)
        if isinstance(value, Mapping):
            return self._object(value, depth)
        if isinstance(value, Set):
            return sorted(self._list(value, depth), key=_order)  # a set's own order is chance
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


def _key_text(key: object) -> str:
    plain = _plain(key)
    if isinstance(plain, str):
        return plain
    if plain is None or type(plain) in _JSON_NUMBERS:
        return json.dumps(plain)
    raise _NotJsonError(f"keys must be text (got {type(key).__name__})")


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
