"""Salts: what keeps the digest of an erased event from being guessed.

An event that is erased leaves its digest and id in the log. With an event id of the library, which
is random, nobody can guess the event and confirm the guess. With an event id of the application,
such as an order number, somebody could. The salt is derived from the event and a secret key, so an
event that is logged again gets the same salt, and the same id.
"""

import hmac
import os
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.errors import ConfigurationError
from prooftrail.event.canonical import canonicalize

SALT: Final = "idSalt"  # in `metadata`
SALT_KEY_VARIABLE: Final = "PROOFTRAIL_SALT_KEY"
MIN_KEY_LENGTH: Final = 32
_SALT_BYTES: Final = 16


def find_salt_key(key: str | None) -> bytes | None:
    """Return the key: this one, or if it is None that of `PROOFTRAIL_SALT_KEY`, or None.

    Raises:
        ConfigurationError: it is shorter than 32 characters. The text does not show it.
    """
    source = SALT_KEY_VARIABLE if key is None else "salt_key"
    found = os.environ.get(SALT_KEY_VARIABLE) if key is None else key
    if not found:
        return None
    if len(found) < MIN_KEY_LENGTH:
        raise ConfigurationError(
            f"{source} must have at least {MIN_KEY_LENGTH} characters: "
            "make one with `openssl rand -hex 32`"
        )
    return found.encode()


def add_salt(fields: Mapping[str, Any], key: bytes) -> Mapping[str, Any]:
    """Return an event's fields, given in their final form, with a salt in its metadata.

    A salt that is there already stays: the event was read from the trail, or the application has
    its own.

    >>> add_salt({"eventId": "order-7"}, b"k" * 32)["metadata"]
    {'idSalt': '57943984c1e2308b4bba5a6b4c8322df'}
    """
    metadata = fields.get("metadata") or {}
    if SALT in metadata:
        return fields
    salt = hmac.digest(key, canonicalize(fields), "sha256")[:_SALT_BYTES]
    return {**fields, "metadata": {**metadata, SALT: salt.hex()}}
