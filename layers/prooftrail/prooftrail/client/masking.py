"""What may leave the process: secrets masked by their key, values turned into JSON.

A value is masked when its key looks like a secret's name, at any depth; so is that of a name and
value pair, as a tuple (lists of headers) or as `{"name": ..., "value": ...}` (forms, AWS's tags).
Values are not searched: a password within a text, such as a URL or an exception's, stays. Null,
true and false stay too under any key: they hold no secret, and `{"passwordChanged": true}` is what
a trail is for.
"""

import dataclasses
import ipaddress
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal
from unicodedata import combining, normalize

from prooftrail.client.plain import plain_json
from prooftrail.event.model import find_changed_fields

MASK: Final = "[masked]"
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
    if not key.isascii():  # full-width letters are letters too, and contraseña is contrasena
        key = "".join(one for one in normalize("NFKD", key) if not combining(one))
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
    """Makes an event's JSON ready for the wire: one walk masks and converts (`plain_json`)."""

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
        return plain_json(value, path, self._is_secret, self._replacement)

    def changes(self, changes: object) -> Any:
        """The changes, masked; `fields` are derived first, for two masked values are equal.

        Raises:
            InvalidEventError: see `event`.
        """
        masked = self.value(changes, "changes")
        if isinstance(masked, dict) and masked.get("fields") is None:
            revealed = plain_json(changes, "changes")
            before, after = revealed.get("before"), revealed.get("after")
            if _is_object(before) and _is_object(after):
                masked["fields"] = _derived(before or {}, after or {})
        return masked

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


def _is_object(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _derived(before: Mapping[str, object], after: Mapping[str, object]) -> list[str] | None:
    try:
        return find_changed_fields(before, after)
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
