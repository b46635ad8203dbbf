"""Secrets inside texts: private keys, tokens, AWS keys, credentials, passwords in URLs.

Every pattern takes time in proportion to the text's length, whatever the text is: each begins at a
fixed text or at the beginning of a run, and no part of a text is read again for another beginning.
A pattern does not begin right after `[masked]` nor end right before it, so that masking a masked
text changes nothing.
"""

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prooftrail.event.secret_names import Role, SecretKeys, looks_random

MASK: Final = "[masked]"
MIN_LENGTH: Final = len("a://:p@h")  # shorter texts are not searched

_NAMES: Final = SecretKeys()
_MIN_AWS_LENGTH: Final = 20 + 40  # of the id and the secret key

_PRIVATE_KEY: Final = re.compile(
    "-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z0-9 ]{0,10}-----"
    "(?:.*?-----END[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z0-9 ]{0,10}-----|.*)",
    re.DOTALL,
)
# Three parts if it is signed, five if it is encrypted. Its header begins with {".
_JWT: Final = re.compile(
    r"(?<![\w\]-])eyJ[\w-]{8,}+\."
    r"(?:eyJ[\w-]{8,}+\.[\w-]*+|[\w-]*+\.[\w-]++\.[\w-]++\.[\w-]++)",
    re.ASCII,
)
_AWS_KEY_ID: Final = re.compile(r"(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_AWS_SECRET_KEY: Final = re.compile(
    r"(?<![A-Za-z0-9/+=\]])(?![0-9a-f]{40}|[a-z/]{40}|[A-Z/]{40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=\[])"
)
_BEARER: Final = re.compile(r"\b(bearer[ ]++)([a-z0-9._~+/=-]{8,}+)", re.IGNORECASE | re.ASCII)
_BASIC: Final = re.compile(r"\b(basic[ ]++)([a-z0-9+/]{4,}+={0,2})", re.IGNORECASE | re.ASCII)
# What a word of prose does not look like.
_TOKEN: Final = re.compile("(?=.*[0-9]).{8,}|(?=.*[a-z][A-Z]).{16,}|[A-Za-z_]{32,}")
# A parameter of a URL, or a part of a connection string.
_PARAMETER: Final = re.compile(r"""([?&;]([\w.-]{1,64}+)=)([^\s?&;#"'<>]++)""", re.ASCII)
# The name and the text of a member of a JSON object.
_MEMBER: Final = re.compile(
    r'("((?:[^"\\\r\n]|\\.){1,64}+)"\s{0,8}+:\s{0,8}+")((?:[^"\\]|\\.)*+)', re.DOTALL
)
# The password ends at the last @ before a slash; a password that contains slashes, at the first @.
# A port is no password.
_URL_PASSWORD: Final = re.compile(
    r"""(:\\{0,2}/\\{0,2}/[^\s/?#:@\[\]"'<>]*+:)
        (?![0-9]{1,5}(?:[/?#\s"'<>]|$))
        (?:[^\s/?#"'<>]+(?=@[\w\[])|(?![{$<])(?:[^\s@"'<>/]|/(?!\\{0,2}/))++(?=@[\w\[]))""",
    re.VERBOSE,
)


def mask_text(text: str, mask: str = MASK) -> str:
    """Return the text with every secret replaced that a pattern knows.

    >>> mask_text("connect to postgres://app:hunter2@db/orders failed")
    'connect to postgres://app:[masked]@db/orders failed'
    >>> mask_text("Basic plan, Bearer of news")
    'Basic plan, Bearer of news'
    """
    if len(text) < MIN_LENGTH:
        return text
    # Most texts hold nothing, and are done after these few searches for what patterns contain.
    masked = text
    has_space = " " in text
    if has_space and "-----BEGIN" in masked:
        masked = _PRIVATE_KEY.sub(lambda _: mask, masked)
    if "eyJ" in masked:
        masked = _JWT.sub(lambda _: mask, masked)
    if (
        len(masked) > _MIN_AWS_LENGTH
        and ("AKIA" in masked or "ASIA" in masked)
        and _AWS_KEY_ID.search(masked)
    ):
        masked = _AWS_SECRET_KEY.sub(lambda _: mask, masked)
    if has_space and ("earer" in masked or "EARER" in masked):
        masked = _BEARER.sub(_make_replacer(_TOKEN.fullmatch, mask), masked)
    if has_space and ("asic" in masked or "ASIC" in masked):
        masked = _BASIC.sub(_make_replacer(_is_user_and_password, mask), masked)
    if "=" in masked:
        masked = _PARAMETER.sub(lambda found: _mask_named(found, mask), masked)
    if '"' in masked and ":" in masked:
        masked = _MEMBER.sub(lambda found: _mask_named(found, mask), masked)
    if "@" in masked and ":" in masked:
        masked = _URL_PASSWORD.sub(lambda found: found[1] + mask, masked)
    return text if masked == text else masked


def is_aws_key_id(text: str) -> bool:
    """Return whether the whole text is the id of an AWS access key.

    >>> is_aws_key_id("AKIAIOSFODNN7EXAMPLE")
    True
    """
    return text.startswith(("AKIA", "ASIA")) and _AWS_KEY_ID.fullmatch(text) is not None


def is_aws_secret_key(text: str) -> bool:
    """Return whether the whole text looks like a secret access key of AWS."""
    return _AWS_SECRET_KEY.fullmatch(text) is not None


def _make_replacer(is_secret: Callable[[str], object], mask: str) -> Callable[[re.Match[str]], str]:
    return lambda found: found[1] + mask if is_secret(found[2]) else found[0]


def _mask_named(found: re.Match[str], mask: str) -> str:
    role = _find_role(found[2])
    if role in {Role.SECRET, Role.HOLDER} or (role is Role.CODE and looks_random(found[3])):
        return found[1] + mask
    return found[0]


@lru_cache(1_024)
def _find_role(name: str) -> Role:
    return _NAMES.find_role(name)


def _is_user_and_password(token: str) -> bool:
    """Return whether the token is the base64 of `user:password`."""
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except binascii.Error:
        return False
    return b":" in decoded and decoded.decode("latin-1").isprintable()
