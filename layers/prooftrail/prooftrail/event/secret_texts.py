"""Secrets inside texts: private keys, tokens, AWS keys, credentials, passwords in URLs.

Every pattern takes time in proportion to the text's length, whatever the text is: each begins at a
fixed text or at the beginning of a run, and no part of a text is read again for another beginning.
A pattern does not begin right after `[masked]` nor end right before it, and a masked text is
searched until nothing is found in it, so that masking a masked text changes nothing.
"""

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from prooftrail.event.patterns import LazyPattern
from prooftrail.event.secret_names import Role, SecretKeys, is_harmless, looks_random

MASK: Final = "[masked]"
MIN_LENGTH: Final = len("a://:p@h")  # shorter texts are not searched

_NAMES: Final = SecretKeys()
_MIN_BASIC_LENGTH: Final = len("Basic YTpi")
_MAX_SEARCHES: Final = 4  # a text that is made up to need more is masked as a whole
_MIN_AWS_LENGTH: Final = 20 + 40  # of the id and the secret key

_PRIVATE_KEY: Final = LazyPattern(
    "-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z0-9 ]{0,10}-----"
    "(?:.*?-----END[A-Z0-9 ]{0,40}PRIVATE KEY[A-Z0-9 ]{0,10}-----|.*)",
    re.DOTALL,
)
# Three parts if it is signed, five if it is encrypted. Its header begins with {".
_JWT: Final = LazyPattern(
    r"(?<![\w\]-])eyJ[\w-]{8,}+\."
    r"(?:eyJ[\w-]{8,}+\.[\w-]*+|[\w-]*+\.[\w-]++\.[\w-]++\.[\w-]++)",
    re.ASCII,
)
_AWS_KEY_ID: Final = LazyPattern(r"(?<![A-Za-z0-9])A(?:KIA|SIA)[A-Z0-9]{16}(?![A-Za-z0-9])")
_AWS_SECRET_KEY: Final = LazyPattern(
    r"(?<![A-Za-z0-9/+\]])(?![0-9a-f]{40}|[a-z/]{40}|[A-Z/]{40})[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=\[])"
)
_BEARER: Final = LazyPattern(
    r"\b(bearer[ \t]++)(?!bearer[ \t])([a-z0-9._~+/=-]{8,}+)", re.IGNORECASE | re.ASCII
)
_BASIC: Final = LazyPattern(
    r"\b(basic[ \t]++)(?!basic[ \t])([a-z0-9+/]{4,}+={0,2})", re.IGNORECASE | re.ASCII
)
# What a word of prose does not look like.
_TOKEN: Final = LazyPattern("(?=.*[0-9]).{8,}|(?=.*[a-z][A-Z]).{16,}|[A-Za-z_]{32,}")
# A parameter of a URL or form (`user[password]`), a part of a connection string, a variable, a line
# of a file of settings. In `CREDENTIALS=(TOKEN='…'` the value ends after the inner quotes.
_PARAMETER: Final = LazyPattern(
    r"""((?:(?<![\w.-])(?:(?<=%)5[Bb])?([\w.-]{1,64}+)(?:\]|%5[Dd])?=
            |^([\w.-]{1,64}+)[ \t]{1,8}+=[ \t]{0,8}+)\\?["']?)
        ((?<=\\["'])[^"'\\\r\n]++|(?<=["'])[^"'\r\n]++
            |(?:[^\s?&;#"'<>\\]|\\(?!["'])|(?<=\w=)(?:'[^"'\r\n]++'|"[^"'\r\n]++"))++)""",
    re.ASCII | re.MULTILINE | re.VERBOSE,
)
# An assignment with spaces: `SET PASSWORD = '…'`. Without quotes it could be prose. The empty group
# is in the place of the second name of `_PARAMETER`: `_mask_parameter` reads both.
_QUOTED: Final = LazyPattern(
    r"""((?<![\w.-])([\w.-]{1,64}+)()[ \t]{0,8}+=[ \t]{0,8}+(?:\\["']|["']))
        ((?<=\\["'])[^"'\\\r\n]++|(?<=["'])[^"'\r\n]++)""",
    re.ASCII | re.VERBOSE,
)
_SPACED_QUOTES: Final = ("= '", '= "', '= \\"', " ='", ' ="')
# What is written for a value that is absent, and for a claim.
_NO_VALUE: Final = LazyPattern("(?:none|null|nil|undefined|true|false)[,)]?", re.IGNORECASE)
_SIGNATURES: Final = frozenset({"sig", "signature", "Signature"})  # of a URL that is signed
_COUNT: Final = LazyPattern("[0-9]{1,9}[,)]?")
# The name and the value of a member of a JSON object: a text, a number, or the texts of a list.
_MEMBER: Final = LazyPattern(
    r"""("((?:[^"\\\r\n]|\\.){1,64}+)"\s{0,8}+:\s{0,8}+)
        (?:"((?:[^"\\]|\\.)*+)|-?[0-9][0-9.eE+-]{0,400}+(?=\s{0,8}+[,}\]]|\s{0,8}+$)
        |\[[^\[\]{}]*+\])""",
    re.DOTALL | re.VERBOSE,
)
# The same in a text of this JSON: quotes have a backslash, and escapes have two.
_ESCAPED_MEMBER: Final = LazyPattern(
    r"""(\\"([^"\\\r\n]{1,64}+)\\"\s{0,8}+:\s{0,8}+)
        (?:\\"((?:[^"\\]|\\\\(?:\\["\\]|[^"\\]))*+)|(-?[0-9]{1,400}+(?=\s{0,8}+[,}])))""",
    re.VERBOSE,
)
# A member of an object in the text of Python.
_PYTHON_MEMBER: Final = LazyPattern(
    r"""('((?:[^'\\\r\n]|\\.){1,64}+)':[ ]?+)
        (?:(b?')((?:[^'\\]|\\.)*+)|(b?")((?:[^"\\]|\\.)*+)|(-?[0-9][0-9.]{0,400}+(?=[,}])))""",
    re.DOTALL | re.VERBOSE,
)
# The password ends at the last @ before a slash; a password that contains slashes, at the first @.
# A port is no password.
_URL_PASSWORD: Final = LazyPattern(
    r"""(:\\{0,2}/\\{0,2}/[^\s/?#:@\[\]"'<>]*+:)
        (?![0-9]{1,5}(?:[/?#\s"'<>]|$))
        ((?!\$?\{\w{1,64}\}@)[^\s/?#"'<>]+(?=@[\w\[%{$])|(?![{$<])(?:[^\s@"'<>/]|/(?!\\{0,2}/))++(?=@[\w\[%{$]))""",
    re.VERBOSE,
)

_SCHEMES_OF_PATHS: Final = ("http", "https", "ssh", "git")
_PORT_IN_LIST: Final = LazyPattern("[0-9]{1,5},")


def mask_text(text: str, mask: str = MASK) -> str:
    """Return the text with every secret replaced that a pattern knows.

    A text without a secret is returned as it is, not copied.

    >>> mask_text("connect to postgres://app:hunter2@db/orders failed")
    'connect to postgres://app:[masked]@db/orders failed'
    >>> mask_text("Basic plan, Bearer of news")
    'Basic plan, Bearer of news'
    """
    if len(text) < MIN_LENGTH:
        return text
    masked = _mask_once(text, mask)
    if masked == text:
        return text
    # A mask can cut a value that a pattern read as a whole, so that another finds the rest of it.
    for _ in range(_MAX_SEARCHES):
        again = _mask_once(masked, mask)
        if again == masked:
            return masked
        masked = again
    return mask


def _mask_once(text: str, mask: str) -> str:
    # Most texts hold nothing, and are done after these few searches for what patterns contain.
    masked = text
    has_space = " " in text or (len(text) > _MIN_BASIC_LENGTH and "\t" in text)
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
        masked = _PARAMETER.sub(lambda found: _mask_parameter(found, mask), masked)
        if has_space and any(quotes in masked for quotes in _SPACED_QUOTES):
            masked = _QUOTED.sub(lambda found: _mask_parameter(found, mask), masked)
    if '"' in masked and ":" in masked:
        masked = _MEMBER.sub(lambda found: _mask_member(found, mask), masked)
    if '\\":' in masked:
        masked = _ESCAPED_MEMBER.sub(lambda found: _mask_escaped_member(found, mask), masked)
    if "':" in masked:
        masked = _PYTHON_MEMBER.sub(lambda found: _mask_python_member(found, mask), masked)
    if "@" in masked and ":" in masked:
        masked = _URL_PASSWORD.sub(lambda found: _mask_password(found, mask), masked)
    return masked


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


def _mask_parameter(found: re.Match[str], mask: str) -> str:
    name, value = found[2] or found[3], found[4]
    if not _is_secret(name, value) and not (name in _SIGNATURES and _is_signature(found)):
        return found[0]
    if _NO_VALUE.fullmatch(value):
        return found[0]
    if is_harmless(name, value.removesuffix(",").removesuffix(")")) and not (
        name == "PWD" and _is_in_connection_string(found)
    ):
        return found[0]
    if _COUNT.fullmatch(value) and (name[-1] in "sS"):  # `tokens=5`, `pass=10`
        return found[0]
    return found[1] + mask


def _is_in_connection_string(found: re.Match[str]) -> bool:
    """Return whether a semicolon touches a parameter, as in `UID=app;PWD=…` of ODBC."""
    text, start, end = found.string, found.start(), found.end()
    return text[max(start - 1, 0) : start] == ";" or text[end : end + 2].lstrip("\"'")[:1] == ";"


def _is_signature(found: re.Match[str]) -> bool:
    """Return whether a parameter is one in the query of a URL, with a value that looks random."""
    start = found.start()
    return start > 0 and found.string[start - 1] in "?&;" and looks_random(found[4])


def _mask_member(found: re.Match[str], mask: str) -> str:
    name, text = found[2], found[3]
    if text is not None:
        is_masked = _is_secret(name, text) and not is_harmless(name, text)
        return f'{found[1]}"{mask}' if is_masked else found[0]
    value = found[0][len(found[1]) :]
    if is_harmless(name, value):
        return found[0]
    is_list = value[0] == "["
    if not _is_secret(name, value) or value in {"0", "[]"} or (not is_list and name[-1] in "sS"):
        return found[0]
    return f'{found[1]}["{mask}"]' if is_list else f'{found[1]}"{mask}"'


def _mask_escaped_member(found: re.Match[str], mask: str) -> str:
    name, text, number = found[2], found[3], found[4]
    if not _holds_secret(name, text, number):
        return found[0]
    return f'{found[1]}\\"{mask}' if text else f'{found[1]}\\"{mask}\\"'


def _mask_python_member(found: re.Match[str], mask: str) -> str:
    name, quote, text, number = found[2], found[3] or found[5], found[4] or found[6], found[7]
    if not _holds_secret(name, text, number):
        return found[0]
    return f"{found[1]}{quote}{mask}" if text else f"{found[1]}'{mask}'"


def _holds_secret(name: str, text: str | None, number: str | None) -> bool:
    """Return whether a member's text, or its number if it has no text, is a secret.

    0 and the number of several things (`"tokens": 5`) are not.
    """
    value = text or number
    if not value or (not text and (number == "0" or name[-1] in "sS")):
        return False
    return _is_secret(name, value) and not is_harmless(name, value)


def _mask_password(found: re.Match[str], mask: str) -> str:
    if found.string.endswith(_SCHEMES_OF_PATHS, max(0, found.start() - 5), found.start()):
        is_path = "." in found[1] and "/" in found[2]  # git's https://host:owner/repository@tag
        if is_path or _PORT_IN_LIST.match(found[2]):
            return found[0]
    return found[1] + mask


def _is_secret(name: str, value: str) -> bool:
    role = _find_role(name)
    return role in {Role.SECRET, Role.HOLDER} or (role is Role.CODE and looks_random(value))


@lru_cache(1_024)
def _find_role(name: str) -> Role:
    return _NAMES.find_role(name)


def _is_user_and_password(token: str) -> bool:
    """Return whether the token is the base64 of `user:password`."""
    try:
        decoded = base64.b64decode(token + "=" * (-len(token) % 4), validate=True)
    except binascii.Error:
        return False
    if b":" not in decoded:
        return False
    try:
        return decoded.decode().isprintable()
    except UnicodeDecodeError:
        return decoded.decode("latin-1").isprintable()
