"""How long an event is kept, and where its payload is kept meanwhile.

The time is counted from the last write of the event, by the retention that is configured then.
A message can wait for days before its event is written, and can be processed after a later one.
"""

import re
from typing import Final

PAYLOADS_PREFIX: Final = "overflow"
DEAD_LETTERS_PREFIX: Final = "dead-letters"  # objects here outlive the queue that refers to them
_HELD: Final = "held"
_SECONDS_PER_DAY: Final = 86_400
_EVENT_PAYLOAD: Final = re.compile(
    rf"{PAYLOADS_PREFIX}(/({_HELD}/)?[0-9]{{1,6}})?/[0-9a-f]{{64}}", re.ASCII
)


def compute_expiry(stored_at: int, retention_days: int) -> int | None:
    """Return when an event ends, in seconds since 1970.

    `stored_at` is when it is written, in milliseconds since 1970. A retention of 0 days keeps the
    event for good; the result is None.

    >>> compute_expiry(1_000, 1), compute_expiry(1_000, 0)
    (86401, None)
    """
    if not retention_days:
        return None
    return stored_at // 1000 + retention_days * _SECONDS_PER_DAY


def is_possible_expiry(expires_at: int, stored_at: int) -> bool:
    """Return whether an event that is written at `stored_at` (ms) can end at `expires_at` (s).

    Some retention in whole days must give it.

    >>> is_possible_expiry(86_401, 1_999), is_possible_expiry(86_400, 1_999)
    (True, False)
    """
    kept_seconds = expires_at - stored_at // 1000
    return kept_seconds > 0 and kept_seconds % _SECONDS_PER_DAY == 0


def make_payloads_prefix(retention_days: int) -> str:
    """Return the bucket's prefix for the payloads of events with this retention.

    S3 removes objects by their age, with one lifecycle rule for each prefix. Each retention has a
    prefix of its own, so that a changed retention does not end payloads stored under another one.

    >>> make_payloads_prefix(0), make_payloads_prefix(30)
    ('overflow', 'overflow/30')
    """
    return f"{PAYLOADS_PREFIX}/{retention_days}" if retention_days else PAYLOADS_PREFIX


def make_held_key(key: str) -> str:
    """Return where the payload with this key is kept while its event's expiry is lifted.

    No lifecycle rule is for these keys.

    >>> make_held_key("overflow/30/abc")
    'overflow/held/30/abc'
    """
    return f"{PAYLOADS_PREFIX}/{_HELD}/{key.removeprefix(f'{PAYLOADS_PREFIX}/')}"


def find_original_key(key: str) -> str:
    """Return the key for which `make_held_key` gives this one; a key of another form as it is.

    >>> find_original_key("overflow/held/30/abc"), find_original_key("overflow/30/abc")
    ('overflow/30/abc', 'overflow/30/abc')
    """
    return key.replace(f"/{_HELD}/", "/", 1)


def list_payload_keys(key: str) -> tuple[str, ...]:
    """Return every key that the payload with this key can have had under the same retention.

    >>> list_payload_keys("overflow/30/abc"), list_payload_keys("overflow/abc")
    (('overflow/held/30/abc', 'overflow/30/abc'), ('overflow/abc',))
    """
    original = find_original_key(key)
    is_for_good = original.count("/") == 1  # a hold moves only what expires
    return (original,) if is_for_good else (make_held_key(original), original)


def is_payload_key(key: str, digest: bytes) -> bool:
    """Return whether the key can be that of the payload with this SHA-256, under any retention."""
    return key.rpartition("/")[2] == digest.hex()


def is_event_payload_key(key: str, digest: bytes) -> bool:
    """Return whether the processor can have saved the event with this digest under the key.

    >>> is_event_payload_key(f"overflow/30/{bytes(32).hex()}", bytes(32))
    True
    >>> is_event_payload_key(f"dead-letters/{bytes(32).hex()}", bytes(32))
    False
    """
    return _EVENT_PAYLOAD.fullmatch(key) is not None and is_payload_key(key, digest)
