"""Masks secrets by their keys and converts values to JSON, before an event leaves the process.

A value is masked if its key looks like the name of a secret, at any depth. That includes pairs of
a name and a value: tuples (lists of headers) and `{"name": ..., "value": ...}` (forms, AWS tags).
Values are not searched, so a password inside a URL or an exception's text stays. Null, true and
false stay under every key: they contain no secret, and `{"passwordChanged": true}` belongs in an
audit log.
"""

import dataclasses
import ipaddress
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal
from unicodedata import combining, normalize

from prooftrail.client.plain import to_plain_json
from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.changes import find_changed_fields

MASK: Final = "[masked]"
_CACHED_KEYS: Final = 4_096
_MAX_CACHED_LENGTH: Final = 128

_BOUNDARY: Final = re.compile(
    r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[^\W\d_])(?=\d+$)"
)

# All patterns are matched with the key's words in lower case, without separators.
# Anywhere in the key, even inside a word. Only the words of `_INNOCENT` contain them by chance.
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
# One word of the key: `userOtp`, not `hotplate`.
_SECRET_WORD: Final = re.compile("[th]?otp|cvv|cvc|csc|dsn|pin|pincode|creds")
# The whole key: `code` is a secret in OAuth, `statusCode` and `countryCode` are not.
_SECRET_WHOLE: Final = re.compile("code|auth|(db|user|smtp)?pass|sid")
# The last word of a key about a secret, which is not secret: `tokenCount`, `passwordChangedAt`.
_ABOUT_SECRET: Final = re.compile(
    "age|at|attempts|changed|count|enabled|expiration|expired|expires|expiry|in|length|limit"
    "|policy|required|status|strength|ttl|type"
)
# The tokens of a language model.
_TOKEN_COUNT: Final = re.compile("(completion|input|max|output|prompt|total)tokens|tokensused")


def _split_words(key: str) -> list[str]:
    if not key.isascii():  # full-width letters become ASCII, and contraseña becomes contrasena
        key = "".join(char for char in normalize("NFKD", key) if not combining(char))
    return [word.lower() for word in _BOUNDARY.split(key) if word]


@dataclasses.dataclass(frozen=True, slots=True)
class SecretKeys:
    """The names of keys that contain secrets. Case and separators do not matter.

    A name in `extra` matches the key with that name, and keys that contain it as whole words:
    `iban` matches `customerIban`. A name in `exceptions` matches whole keys and overrides all else.

    >>> keys = SecretKeys(extra=frozenset({"iban"}), exceptions=frozenset({"code"}))
    >>> [key for key in ("API-Key", "customer_iban", "code", "statusCode") if keys.match(key)]
    ['API-Key', 'customer_iban']
    """

    extra: frozenset[str] = frozenset()
    exceptions: frozenset[str] = frozenset()

    def match(self, key: str) -> bool:
        """Return whether the key looks like the name of a secret."""
        words = _split_words(key)
        joined = "".join(words)
        if joined in {"".join(_split_words(name)) for name in self.exceptions}:
            return False
        if self._is_extra(words, joined):
            return True
        if len(words) > 1 and (
            _ABOUT_SECRET.fullmatch(words[-1]) or _TOKEN_COUNT.fullmatch(joined)
        ):
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
            for name in map(_split_words, self.extra)
            if name
        )


Addresses = Literal["keep", "truncate", "drop"]


class Masking:
    """What is masked in an event. One walk masks and converts to JSON (`to_plain_json`)."""

    def __init__(
        self,
        secrets: SecretKeys = SecretKeys(),
        addresses: Addresses = "keep",
        *,
        replacement: str = MASK,
    ) -> None:
        self._addresses = addresses
        self._replacement = replacement
        match_cached = lru_cache(_CACHED_KEYS)(secrets.match)

        def is_secret(key: str) -> bool:
            return match_cached(key) if len(key) <= _MAX_CACHED_LENGTH else secrets.match(key)

        self._is_secret = is_secret

    def mask_event(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return a masked copy of an event, given by its JSON fields (camelCase).

        Raises:
            InvalidEventError: A value contains itself, is too deep or too large, has two keys with
                the same text, or is an object that failed while it was read.
        """
        masked = dict(raw)
        if (details := masked.get("details")) is not None:
            masked["details"] = self.mask_value(details, "details")
        if (metadata := masked.get("metadata")) is not None:
            masked["metadata"] = self.mask_value(metadata, "metadata")
        if (changes := masked.get("changes")) is not None:
            masked["changes"] = self.mask_changes(changes)
        if self._addresses != "keep" and (address := masked.get("ipAddress")) is not None:
            masked["ipAddress"] = self.mask_address(address)
        return masked

    def mask_value(self, value: object, path: str) -> Any:
        """Return a masked copy of one value, as JSON. `path` names the value in errors.

        Raises:
            InvalidEventError: See `mask_event`.
        """
        return to_plain_json(value, path, self._is_secret, self._replacement)

    def mask_changes(self, changes: object) -> Any:
        """Return a masked copy of an event's changes.

        Missing `fields` are found before masking, because two masked values are equal.

        Raises:
            InvalidEventError: See `mask_event`.
        """
        masked = self.mask_value(changes, "changes")
        if isinstance(masked, dict) and masked.get("fields") is None:
            unmasked = to_plain_json(changes, "changes", keeps_decimals=True)
            before, after = unmasked.get("before"), unmasked.get("after")
            if _is_object(before) and _is_object(after):
                masked["fields"] = _find_fields(before or {}, after or {})
        return masked

    def mask_address(self, address: str) -> str | None:
        """Return an address as it is, cut to its network (IPv4 /24, IPv6 /48), or None.

        >>> Masking(addresses="truncate").mask_address("203.0.113.77")
        '203.0.113.0'
        """
        match self._addresses:
            case "keep":
                return address
            case "drop":
                return None
            case "truncate":
                return _truncate_address(address)


def _is_object(value: object) -> bool:
    return value is None or isinstance(value, dict)


def _find_fields(before: Mapping[str, object], after: Mapping[str, object]) -> list[str] | None:
    try:
        return find_changed_fields(before, after)
    except (TypeError, ValueError):  # the model refuses such an object later
        return None


def _truncate_address(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(normalize_address(address))
    except InvalidAddressError:
        return address  # the model refuses it later
    prefix = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network(f"{parsed}/{prefix}", strict=False).network_address)
