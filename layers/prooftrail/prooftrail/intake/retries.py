"""When the processor tries a message again, and when it gives up.

What fails by itself is quarantined after three attempts: its own item or payload is refused, or the
processor fails at it. A fault of the store or of the installation is not the event's. The message
is tried again, after 2 s, 4 s and so on to 15 minutes, until it is received as often as the queue
allows.
"""

from typing import Final

from prooftrail.errors import AuditLogError, ContentRejectedError, ProcessingFailedError

OWN_ATTEMPTS: Final = 3
DEFAULT_MAX_RECEIVES: Final = 200  # `MaxReceives` in the template
FIRST_DELAY_SECONDS: Final = 2
MAX_DELAY_SECONDS: Final = 900
# The dead-letter queue may be unavailable when the processor gives up. So it gives up a little
# before the last receive. SQS itself moves what is not deleted after it, without a reason.
_SPARE_SHARE: Final = 50
_OWN_FAULTS: Final = (ContentRejectedError, ProcessingFailedError)


def is_final(error: AuditLogError, receives: int, max_receives: int) -> bool:
    """Return whether the processor gives up what failed with this error at this receive.

    >>> is_final(ContentRejectedError("x"), 3, 200), is_final(AuditLogError("x"), 195, 200)
    (True, False)
    """
    if isinstance(error, _OWN_FAULTS) and receives >= OWN_ATTEMPTS:
        return True
    return is_given_up(receives, max_receives)


def is_given_up(receives: int, max_receives: int) -> bool:
    """Return whether the processor gives up a message at this receive, whatever its error is.

    >>> is_given_up(195, 200), is_given_up(196, 200), is_given_up(3, 3)
    (False, True, True)
    """
    return receives >= max_receives - max_receives // _SPARE_SHARE


def compute_delay(receives: int) -> int:
    """Return the delay in seconds after this number of receives.

    >>> [compute_delay(receives) for receives in (1, 2, 3, 9, 10, 200)]
    [2, 4, 8, 512, 900, 900]
    """
    doublings = min(receives - 1, MAX_DELAY_SECONDS.bit_length())
    return min(FIRST_DELAY_SECONDS << doublings, MAX_DELAY_SECONDS)


def compute_patience(max_receives: int) -> int:
    """Return for how many seconds at least the processor tries a message again.

    >>> compute_patience(3), compute_patience(13), compute_patience(200) // 3600
    (6, 3722, 46)
    """
    receives = (n for n in range(1, max_receives) if not is_given_up(n, max_receives))
    return sum(map(compute_delay, receives))
