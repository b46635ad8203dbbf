"""How long an event is kept: counted from its receipt, by the retention that is in force then."""

from typing import Final

PAYLOADS_PREFIX: Final = "overflow"
DEAD_LETTERS_PREFIX: Final = (
    "dead-letters"  # in the same bucket; they outlive the queue that names them
)
_SECONDS_PER_DAY = 86_400


def compute_expiry(received_at: int, retention_days: int) -> int | None:
    """When an event ends, in seconds since 1970, that was received at this millisecond.

    None with a retention of 0 days, which keeps it.

    >>> compute_expiry(1_000, 1), compute_expiry(1_000, 0)
    (86401, None)
    """
    if not retention_days:
        return None
    return received_at // 1000 + retention_days * _SECONDS_PER_DAY


def make_payloads_prefix(retention_days: int) -> str:
    """Where in the bucket the payloads of events go that are kept so many days.

    S3 ends objects by the age that a rule gives their prefix: the rule of today's retention must
    not end what was stored under another one.

    >>> make_payloads_prefix(0), make_payloads_prefix(30)
    ('overflow', 'overflow/30')
    """
    return f"{PAYLOADS_PREFIX}/{retention_days}" if retention_days else PAYLOADS_PREFIX


def is_payload_key(key: str, digest: bytes) -> bool:
    """Whether the payload with this SHA-256 can have the key, under whatever retention."""
    return key.rpartition("/")[2] == digest.hex()
