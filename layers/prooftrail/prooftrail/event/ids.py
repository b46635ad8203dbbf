"""Event ids, and the shard that an id belongs to.

An id is a ULID. Its time is the event's time; its random part is the first ten bytes of the
event's digest. Therefore anyone can recompute an id from the event, ids sort by time, and an event
that is delivered twice has one id.
"""

import re
from typing import Final

from prooftrail.event.times import MAX_TIMESTAMP_MS

ID_LENGTH: Final = 26
_TIME_LENGTH: Final = 10
_RANDOM_BYTES: Final = 10
PACKED_LENGTH: Final = 16
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_PYTHON_DIGITS: Final = str.maketrans(_CROCKFORD, "0123456789abcdefghijklmnopqrstuv")
_PAIRS: Final = [first + second for first in _CROCKFORD for second in _CROCKFORD]
ID_PATTERN: Final = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"  # a ULID in upper case
_ID: Final = re.compile(ID_PATTERN)


def make_id(timestamp_ms: int, digest: bytes) -> str:
    """Return the id of the event with this time (milliseconds since 1970) and digest.

    >>> make_id(1_469_918_176_385, bytes(32))
    '01ARYZ6S410000000000000000'
    """
    number = timestamp_ms << 80 | int.from_bytes(digest[:_RANDOM_BYTES], "big")
    pairs = _PAIRS
    return (  # written out, because a loop takes half as long again
        f"{pairs[number >> 120]}{pairs[number >> 110 & 1023]}{pairs[number >> 100 & 1023]}"
        f"{pairs[number >> 90 & 1023]}{pairs[number >> 80 & 1023]}{pairs[number >> 70 & 1023]}"
        f"{pairs[number >> 60 & 1023]}{pairs[number >> 50 & 1023]}{pairs[number >> 40 & 1023]}"
        f"{pairs[number >> 30 & 1023]}{pairs[number >> 20 & 1023]}{pairs[number >> 10 & 1023]}"
        f"{pairs[number & 1023]}"
    )


def make_lowest_id(timestamp_ms: int) -> str:
    """Return the smallest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, bytes(_RANDOM_BYTES))


def make_highest_id(timestamp_ms: int) -> str:
    """Return the greatest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, b"\xff" * _RANDOM_BYTES)


def is_ulid(text: str) -> bool:
    """Return whether the text has the form of an id: a ULID in upper case."""
    return _ID.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """Return whether an event can have this id: a ULID with a time up to the year 9999."""
    return is_ulid(text) and decode_time(text) <= MAX_TIMESTAMP_MS


def decode_time(event_id: str) -> int:
    """Return the event's time in an id, in milliseconds since 1970.

    >>> decode_time('01ARYZ6S410000000000000000')
    1469918176385
    """
    return int(event_id[:_TIME_LENGTH].translate(_TO_PYTHON_DIGITS), 32)


def pack_id(event_id: str) -> bytes:
    """Return an id in 16 bytes: the time (milliseconds since 1970, 6 bytes) and 10 of the digest.

    >>> pack_id('01ARYZ6S410000000000000000').hex()
    '01563df3648100000000000000000000'
    """
    return int(event_id.translate(_TO_PYTHON_DIGITS), 32).to_bytes(PACKED_LENGTH, "big")


def unpack_id(packed: bytes) -> str:
    """Return the id that `pack_id` packed.

    >>> unpack_id(pack_id('01ARYZ6S410000000000000000'))
    '01ARYZ6S410000000000000000'
    """
    return make_id(int.from_bytes(packed[:-_RANDOM_BYTES], "big"), packed[-_RANDOM_BYTES:])


def decode_digest_start(event_id: str) -> bytes:
    """Return the first ten bytes of the event's digest in an id."""
    number = int(event_id[_TIME_LENGTH:].translate(_TO_PYTHON_DIGITS), 32)
    return number.to_bytes(_RANDOM_BYTES, "big")


def find_shard_by_digest(digest: bytes, shard_count: int) -> int:
    """Return the shard of the event with this digest: its first byte modulo the count."""
    return digest[0] % shard_count


def find_shard_by_id(event_id: str, shard_count: int) -> int:
    """Return the shard of the event with this id."""
    return find_shard_by_digest(decode_digest_start(event_id), shard_count)
