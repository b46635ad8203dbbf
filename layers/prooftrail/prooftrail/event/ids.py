"""Event ids, and the shard that an id belongs to.

An id is a ULID: its time is the event's, its random part is the first ten bytes of the digest.
So anyone can recompute an event's id from its content, ids sort by time, and an event that is
delivered twice has one id.
"""

import re

from prooftrail.event.times import MAX_TIMESTAMP_MS

ID_LENGTH = 26
_TIME_LENGTH = 10
_RANDOM_BYTES = 10
_PACKED_LENGTH = 16
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TO_PYTHON_DIGITS = str.maketrans(_CROCKFORD, "0123456789abcdefghijklmnopqrstuv")
_PAIRS = [first + second for first in _CROCKFORD for second in _CROCKFORD]
_PAIR_SHIFTS = range(120, -10, -10)
_ID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)


def make_id(timestamp_ms: int, digest: bytes) -> str:
    """The id of the event with this time (milliseconds since 1970) and digest: a ULID.

    >>> make_id(1_469_918_176_385, bytes(32))
    '01ARYZ6S410000000000000000'
    """
    number = timestamp_ms << 80 | int.from_bytes(digest[:_RANDOM_BYTES], "big")
    return "".join([_PAIRS[number >> shift & 1023] for shift in _PAIR_SHIFTS])


def make_lowest_id(timestamp_ms: int) -> str:
    """The smallest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, bytes(_RANDOM_BYTES))


def make_highest_id(timestamp_ms: int) -> str:
    """The greatest id that an event of this millisecond can have."""
    return make_id(timestamp_ms, b"\xff" * _RANDOM_BYTES)


def is_id(text: str) -> bool:
    """Whether the text is a ULID as this project writes them: upper-case, up to the year 9999."""
    return _ID.fullmatch(text) is not None and decode_time(text) <= MAX_TIMESTAMP_MS


def decode_time(event_id: str) -> int:
    """The event's time in an id, in milliseconds since 1970.

    >>> decode_time('01ARYZ6S410000000000000000')
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


def decode_digest_start(event_id: str) -> bytes:
    """The first ten bytes of the digest in an id."""
    number = int(event_id[_TIME_LENGTH:].translate(_TO_PYTHON_DIGITS), 32)
    return number.to_bytes(_RANDOM_BYTES, "big")


def find_shard_by_digest(digest: bytes, shard_count: int) -> int:
    """The shard that holds the event with this digest: its first byte modulo the count."""
    return digest[0] % shard_count


def find_shard_by_id(event_id: str, shard_count: int) -> int:
    """The shard that holds the event with this id."""
    return find_shard_by_digest(decode_digest_start(event_id), shard_count)
