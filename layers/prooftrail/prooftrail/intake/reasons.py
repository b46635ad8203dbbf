"""The reasons why the processor makes a dead letter: a closed list, as each is a metric."""

from typing import Final

from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    ContentRejectedError,
    CorruptRecordError,
    IdCollisionError,
    InvalidEventError,
    MalformedJobError,
    OutOfTimeError,
    ProcessingFailedError,
    ShardCountMismatchError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
    UnknownJobTypeError,
)

_ERRORS: Final[tuple[type[AuditLogError], ...]] = (
    MalformedJobError,
    UnknownJobTypeError,
    InvalidEventError,
    CanonicalizationError,
    IdCollisionError,
    ProcessingFailedError,
    ContentRejectedError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
    OutOfTimeError,
    ShardCountMismatchError,
    CorruptRecordError,
)
OTHER_REASON: Final = "Other"
# As in the attribute `errorType` of a dead letter.
REASONS: Final = (*(error.__name__ for error in _ERRORS), OTHER_REASON)


def find_reason(error_type: str) -> str:
    """Return the reason under which a dead letter with this `errorType` is counted.

    >>> find_reason("InvalidEventError"), find_reason("KeyError")
    ('InvalidEventError', 'Other')
    """
    return error_type if error_type in REASONS else OTHER_REASON
