"""What people write for a moment: a date, a date and time, or how long ago."""

import re
from typing import Final

from auditlog.identity import parse_timestamp

DAY_MS: Final = 86_400_000
_DATE_LENGTH: Final = len("2026-11-24")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_UNITS: Final = {"s": 1_000, "m": 60_000, "h": 3_600_000, "d": DAY_MS, "w": 7 * DAY_MS}


def start_of(moment: str) -> int:
    """The first millisecond that a start date means: that of a day, or the time itself.

    Raises:
        InvalidTimestampError: neither a date nor an RFC 3339 date and time with an offset.

    >>> start_of("1970-01-02"), start_of("1970-01-02T00:00:00.001Z")
    (86400000, 86400001)
    """
    return parse_timestamp(f"{moment}T00:00:00Z" if len(moment) == _DATE_LENGTH else moment)


def end_of(moment: str) -> int:
    """The last millisecond that an end date means: that of a day, or the time itself.

    Raises:
        InvalidTimestampError: see `start_of`.

    >>> end_of("1970-01-01"), end_of("1970-01-02T00:00:00.001Z")
    (86399999, 86400001)
    """
    start = start_of(moment)
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
