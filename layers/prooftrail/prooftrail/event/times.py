"""Times: RFC 3339 texts, dates, durations, and milliseconds since 1970."""

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from prooftrail.errors import (
    InvalidTimestampError,
)

MAX_TIMESTAMP_MS = 253_402_300_799_999  # the last millisecond of the year 9999
MAX_CLOCK_SKEW_MS = 24 * 60 * 60 * 1000  # of an event's time ahead of its processing
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MS: Final = 86_400_000
_DATE_LENGTH: Final = len("2026-11-24")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY_MS, "w": 7 * DAY_MS}


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


def parse_start(moment: str) -> int:
    """The first millisecond that a start date means: that of a day, or the time itself.

    Raises:
        InvalidTimestampError: neither a date nor an RFC 3339 date and time with an offset.

    >>> parse_start("1970-01-02"), parse_start("1970-01-02T00:00:00.001Z")
    (86400000, 86400001)
    """
    return parse_timestamp(f"{moment}T00:00:00Z" if len(moment) == _DATE_LENGTH else moment)


def parse_end(moment: str) -> int:
    """The last millisecond that an end date means: that of a day, or the time itself.

    Raises:
        InvalidTimestampError: see `parse_start`.

    >>> parse_end("1970-01-01"), parse_end("1970-01-02T00:00:00.001Z")
    (86399999, 86400001)
    """
    start = parse_start(moment)
    return start + DAY_MS - 1 if len(moment) == _DATE_LENGTH else start


def parse_duration(text: str) -> int | None:
    """Milliseconds of a number with a unit (s, m, h, d, w), or None where the text is none.

    >>> parse_duration("15m"), parse_duration("7d"), parse_duration("soon")
    (900000, 604800000, None)
    """
    match = _DURATION.fullmatch(text)
    return int(match[1]) * _UNITS[match[2]] if match else None


def describe_duration(duration_ms: int) -> str:
    """A duration in its largest unit, cut.

    >>> describe_duration(59_999), describe_duration(7_200_001), describe_duration(200 * DAY_MS)
    ('59s', '2h', '200d')
    """
    for unit in ("d", "h", "m"):
        if duration_ms >= _UNITS[unit]:
            return f"{duration_ms // _UNITS[unit]}{unit}"
    return f"{max(duration_ms, 0) // 1_000}s"
