"""What an event is called: canonical bytes, digest, id, shard.

The canonical bytes are RFC 8785's, the digest is their SHA-256, and the id is a ULID whose time
is the event's and whose random part is the digest's first ten bytes. So anyone can recompute an
event's id from its content, ids sort by time, and an event delivered twice has one id.
"""

import ipaddress
import json
import math
import re
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256

import rfc8785

from auditlog.errors import (
    CanonicalizationError,
    InvalidAddressError,
    InvalidTimestampError,
    Problem,
)

MAX_DEPTH = 100
MAX_SAFE_INTEGER = 2**53 - 1
MAX_TIMESTAMP_MS = 253_402_300_799_999  # the last millisecond of the year 9999
MAX_CLOCK_SKEW_MS = 24 * 60 * 60 * 1000  # of an event's time ahead of its processing
ID_LENGTH = 26

_LAST_BMP_CHARACTER = "\uffff"
_TIME_LENGTH = 10
_RANDOM_BYTES = 10
_PACKED_LENGTH = 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_PYTHON_DIGITS = str.maketrans(_CROCKFORD, "0123456789abcdefghijklmnopqrstuv")
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_PAIR_SHIFTS = range(120, -10, -10)
_ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_encode_sorted = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode


def canonical_bytes(value: object) -> bytes:
    """The RFC 8785 form of a JSON value.

    The standard library's encoder gives the same bytes six times faster where no float occurs
    and every character is within the Basic Multilingual Plane, so it serves those.

    Raises:
        CanonicalizationError: the value has no such form; it names the place.

    >>> canonical_bytes({"b": 1.50, "a": "é"}).decode()
    '{"a":"é","b":1.5}'
    """
    try:
        if _is_plain(value, MAX_DEPTH):
            text = _encode_sorted(value)
            if text.isascii() or max(text) <= _LAST_BMP_CHARACTER:
                return text.encode()
        problem = _problem_in(value)
        if problem is None:
            return rfc8785.dumps(value)  # type: ignore[arg-type]  # the walk above proved it JSON
    except (UnicodeEncodeError, rfc8785.CanonicalizationError) as error:
        problem = _problem_in(value) or Problem("", "must be JSON", type(value).__name__)
        raise CanonicalizationError(problem) from error
    raise CanonicalizationError(problem)


def _is_plain(value: object, depth: int) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is int:
        return -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER  # type: ignore[operator]
    if depth == 0:
        return False
    if kind is dict:
        for key, item in value.items():  # type: ignore[attr-defined]
            if type(key) is not str or not (type(item) is str or _is_plain(item, depth - 1)):
                return False
        return True
    return kind is list and all(_is_plain(item, depth - 1) for item in value)  # type: ignore[attr-defined]


def _problem_in(value: object) -> Problem | None:
    """The first part of the value that has no RFC 8785 form, or None."""
    found = _unrepresentable(value, MAX_DEPTH)
    if found is None:
        return None
    steps, rule, got = found
    return Problem(_shortened("".join(reversed(steps)).removeprefix(".")), rule, got)


def _unrepresentable(value: object, depth: int) -> tuple[list[str], str, str] | None:
    """The way to the first such part, innermost step first, the rule, and what is there.

    The way is put together on the way back, so that a large value costs no texts.
    """
    match value:
        case bool() | None:
            return None
        case str():
            if not _encodable(value):
                return [], "must be Unicode without lone surrogates", _sized(value)
        case int():
            if abs(value) > MAX_SAFE_INTEGER:
                bits = f"integer of {value.bit_length()} bits"
                return [], "must be an integer within ±(2^53-1), or a string", bits
        case float():
            if not math.isfinite(value):
                return [], "must be a finite number", str(value)
        case dict() | list() if depth == 0:
            return [], f"must not nest deeper than {MAX_DEPTH} levels", ""
        case dict():
            for key, item in value.items():
                if not isinstance(key, str) or not _encodable(key):
                    return [], "keys must be Unicode strings", _sized(key)
                if found := _unrepresentable(item, depth - 1):
                    found[0].append(f".{key}")
                    return found
        case list():
            for position, item in enumerate(value):
                if found := _unrepresentable(item, depth - 1):
                    found[0].append(f"[{position}]")
                    return found
        case _:
            return [], "must be JSON", type(value).__name__
    return None


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _sized(value: object) -> str:
    return f"string of length {len(value)}" if isinstance(value, str) else type(value).__name__


def _shortened(path: str) -> str:
    return path if len(path) <= 100 else f"{path[:100]}…"


def digest_of(canonical: bytes) -> bytes:
    """The SHA-256 of an event's canonical bytes: 32 bytes."""
    return sha256(canonical).digest()


def make_id(timestamp_ms: int, digest: bytes) -> str:
    """The id of the event with this time (milliseconds since 1970) and digest: a ULID.

    >>> make_id(1_469_918_176_385, bytes(32))
    '01ARYZ6S410000000000000000'
    """
    number = timestamp_ms << 80 | int.from_bytes(digest[:_RANDOM_BYTES], "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in _PAIR_SHIFTS])


def lowest_id(timestamp_ms: int) -> str:
    """The smallest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, bytes(_RANDOM_BYTES))


def highest_id(timestamp_ms: int) -> str:
    """The greatest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, b"\xff" * _RANDOM_BYTES)


def is_id(text: str) -> bool:
    """Whether the text is a ULID as this project writes them: upper-case, up to the year 9999."""
    return _ID.fullmatch(text) is not None and time_of(text) <= MAX_TIMESTAMP_MS


def time_of(event_id: str) -> int:
    """The event's time in an id, in milliseconds since 1970.

    >>> time_of('01ARYZ6S410000000000000000')
    1469918176385
    """
    return int(event_id[:_TIME_LENGTH].translate(_TO_PYTHON_DIGITS), 32)


def pack_id(event_id: str) -> bytes:
    """An id in 16 bytes: its time (ms, 6 bytes) and its digest's first ten.

    >>> pack_id('01ARYZ6S410000000000000000').hex()
    '01563df3648100000000000000000000'
    """
    return int(event_id.translate(_TO_PYTHON_DIGITS), 32).to_bytes(_PACKED_LENGTH, "big")


def unpack_id(packed: bytes) -> str:
    """The id of `pack_id`.

    >>> unpack_id(pack_id('01ARYZ6S410000000000000000'))
    '01ARYZ6S410000000000000000'
    """
    return make_id(int.from_bytes(packed[:-_RANDOM_BYTES], "big"), packed[-_RANDOM_BYTES:])


def digest_start_of(event_id: str) -> bytes:
    """The first ten bytes of the digest in an id."""
    number = int(event_id[_TIME_LENGTH:].translate(_TO_PYTHON_DIGITS), 32)
    return number.to_bytes(_RANDOM_BYTES, "big")


def shard_of_digest(digest: bytes, shard_count: int) -> int:
    """The shard that holds the event with this digest: its first byte modulo the count."""
    return digest[0] % shard_count


def shard_of_id(event_id: str, shard_count: int) -> int:
    """The shard that holds the event with this id."""
    return shard_of_digest(digest_start_of(event_id), shard_count)


@lru_cache(maxsize=4096)
def normal_address(text: str) -> str:
    """An IPv4 or IPv6 address in the one form that every Python writes.

    Raises:
        InvalidAddressError: no address, or one with a zone, which means nothing elsewhere.

    >>> normal_address("2001:DB8:0::1"), normal_address("::ffff:cb00:7107")
    ('2001:db8::1', '::ffff:203.0.113.7')
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise InvalidAddressError("must be an IPv4 or IPv6 address") from error
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise InvalidAddressError("must be an IPv4 or IPv6 address without a zone")
        if address.ipv4_mapped is not None:
            return f"::ffff:{address.ipv4_mapped}"
    return str(address)


@lru_cache(maxsize=1024)
def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 of an RFC 3339 date and time; finer digits are cut.

    Raises:
        InvalidTimestampError: no such time, no offset, or a time before 1970.

    >>> parse_timestamp("2026-11-24T09:00:00.1239+01:00")
    1795507200123
    """
    upper = text.upper()
    if not _RFC_3339.fullmatch(upper):
        raise InvalidTimestampError("must be an RFC 3339 date and time with an offset")
    try:
        moment = datetime.fromisoformat(upper)
        since_epoch = moment - _EPOCH
    except (ValueError, OverflowError) as error:
        raise InvalidTimestampError("must be a date and time of the calendar") from error
    milliseconds = (
        since_epoch.days * 86_400_000
        + since_epoch.seconds * 1_000
        + since_epoch.microseconds // 1_000
    )
    if not 0 <= milliseconds <= MAX_TIMESTAMP_MS:
        raise InvalidTimestampError("must lie within the years 1970 to 9999")
    return milliseconds


def format_timestamp(timestamp_ms: int) -> str:
    """Milliseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.sssZ`.

    >>> format_timestamp(1795507200123)
    '2026-11-24T08:00:00.123Z'
    """
    seconds, milliseconds = divmod(timestamp_ms, 1000)
    return f"{_second(seconds)}.{milliseconds:03d}Z"


@lru_cache(maxsize=1024)
def _second(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"
