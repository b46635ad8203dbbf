"""Times: their kinds, every conversion between them, and the clock.

- A timestamp is a number of milliseconds since 1970, from 0 to `MAX_TIMESTAMP_MS`. Names end in
  `_ms` or `_at`. Its text is RFC 3339 in UTC with three decimals: `2026-11-24T08:00:00.123Z`.
  `parse_timestamp` reads the other texts that RFC 3339 allows too.
- A day (`2026-11-24`) and an hour (`2026-11-24T08`) are texts in UTC. The ledger's counters and
  positions are stored under them.
- A date in a query is a day or an RFC 3339 text. As a start it means its first millisecond, as an
  end its last.
- A duration is a number of milliseconds. Its text is a number and a unit: `15m`.
- `expires_at` alone counts seconds since 1970, as DynamoDB's time to live does.

Logic gets the time as a parameter. Only the edges (functions, commands, the producer) call
`now_ms`.
"""

import re
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from prooftrail.errors import InvalidTimestampError

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
MAX_TIMESTAMP_MS: Final = 253_402_300_799_999  # the last millisecond of the year 9999
MAX_CLOCK_SKEW_MS: Final = DAY_MS  # how far an event's time may lie ahead of its processing
MAX_TIMESTAMP_LENGTH: Final = 64  # characters of a text
MIN_INTEGER_MS: Final = 100_000_000_000  # in March 1973; as seconds, in the year 5138
_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)",
    re.ASCII,
)
_SECONDS: Final = slice(17, 19)  # where the seconds are in such a text
_LEAP_SECOND: Final = "60"
_LEAP_DAYS: Final = ("06-30", "12-31")  # RFC 3339, 5.7: in UTC, to date
_ZERO_TIME: Final = datetime(1, 1, 1, tzinfo=UTC)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_LENGTH: Final = len("2026-11-24")
_HOUR_LENGTH: Final = len("2026-11-24T08")
_DURATION: Final = re.compile(r"([0-9]{1,9})([smhdw])", re.ASCII)
_UNITS: Final = {"s": 1_000, "m": 60_000, "h": HOUR_MS, "d": DAY_MS, "w": 7 * DAY_MS}


def now_ms() -> int:
    """Return the time of this machine's clock."""
    return time.time_ns() // 1_000_000


def parse_timestamp(text: str) -> int:
    """Return the timestamp of an RFC 3339 date and time; digits below a millisecond are cut.

    As RFC 3339 allows, a space can stand for the `T`, and letters can be in lower case. The offset
    may lack its colon (`+0100`). A leap second becomes the last millisecond before it.

    Raises:
        InvalidTimestampError: the text has another form or no offset, has over
            `MAX_TIMESTAMP_LENGTH` characters, or names no time of the calendar or one outside the
            years 1970 to 9999.

    >>> parse_timestamp("2026-11-24 09:00:00.1239+0100")
    1795507200123
    >>> format_timestamp(parse_timestamp("1990-12-31T15:59:60-08:00"))
    '1990-12-31T23:59:59.999Z'
    """
    if len(text) > MAX_TIMESTAMP_LENGTH:
        raise InvalidTimestampError(f"must have at most {MAX_TIMESTAMP_LENGTH} characters")
    return _parse_timestamp(text)


@lru_cache(maxsize=1024)
def _parse_timestamp(text: str) -> int:
    upper = text.upper()
    if not _RFC_3339.fullmatch(upper):
        raise InvalidTimestampError("must be an RFC 3339 date and time with an offset")
    try:
        is_leap_second = upper[_SECONDS] == _LEAP_SECOND
        moment = _read_leap_second(upper) if is_leap_second else datetime.fromisoformat(upper)
        since_epoch = moment - _EPOCH
    except (ValueError, OverflowError) as error:
        raise InvalidTimestampError("must be a date and time of the calendar") from error
    milliseconds = (
        since_epoch.days * DAY_MS + since_epoch.seconds * 1_000 + since_epoch.microseconds // 1_000
    )
    if not 0 <= milliseconds <= MAX_TIMESTAMP_MS:
        if moment == _ZERO_TIME:
            raise InvalidTimestampError(
                "is the zero time of Go, which means that it was never set: set it or leave it out"
            )
        raise InvalidTimestampError("must lie within the years 1970 to 9999")
    return milliseconds


def _read_leap_second(upper: str) -> datetime:
    """Return the last millisecond before a leap second.

    Raises:
        ValueError, OverflowError: RFC 3339 has no leap second at this time.
    """
    start, end = _SECONDS.start, _SECONDS.stop
    offset = upper[end:].lstrip(".0123456789")
    moment = datetime.fromisoformat(f"{upper[:start]}59.999{offset}").astimezone(UTC)
    if f"{moment:%m-%d %H:%M}" not in {f"{day} 23:59" for day in _LEAP_DAYS}:
        raise ValueError("not the end of June or December in UTC")
    return moment


def check_milliseconds(number: int) -> int:
    """Return the timestamp that a producer sent as an integer: milliseconds since 1970.

    Raises:
        InvalidTimestampError: it lies beyond the year 9999, or before March 1973, as a number of
            seconds would.

    >>> check_milliseconds(1_795_507_200_123)
    1795507200123
    """
    if number < MIN_INTEGER_MS:
        raise InvalidTimestampError(
            "as an integer must be milliseconds since 1970: too small, perhaps it is in seconds"
        )
    if number > MAX_TIMESTAMP_MS:
        raise InvalidTimestampError("as an integer must be milliseconds since 1970: too large")
    return number


def format_timestamp(timestamp_ms: int) -> str:
    """Return a timestamp as `YYYY-MM-DDTHH:MM:SS.sssZ`.

    >>> format_timestamp(1795507200123)
    '2026-11-24T08:00:00.123Z'
    """
    seconds, milliseconds = divmod(timestamp_ms, 1000)
    return f"{_format_seconds(seconds)}.{milliseconds:03d}Z"


def format_hour(timestamp_ms: int) -> str:
    """Return the hour of a timestamp.

    >>> format_hour(1795507200123)
    '2026-11-24T08'
    """
    return _format_seconds(timestamp_ms // 1_000)[:_HOUR_LENGTH]


def format_day(timestamp_ms: int) -> str:
    """Return the day of a timestamp.

    >>> format_day(1795507200123)
    '2026-11-24'
    """
    return _format_seconds(timestamp_ms // 1_000)[:_DAY_LENGTH]


@lru_cache(maxsize=1024)
def _format_seconds(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}"


def parse_hour_or_day(text: str) -> int:
    """Return the first millisecond of an hour or a day.

    Raises:
        InvalidTimestampError: the text is neither.

    >>> parse_hour_or_day("1970-01-02T01"), parse_hour_or_day("1970-01-02")
    (90000000, 86400000)
    """
    return parse_timestamp(f"{text}T00:00:00Z" if len(text) == _DAY_LENGTH else f"{text}:00:00Z")


def parse_start(date: str) -> int:
    """Return the first millisecond that a start date means: the day's first, or the time itself.

    Raises:
        InvalidTimestampError: the text is neither a day nor an RFC 3339 date and time.

    >>> parse_start("1970-01-02"), parse_start("1970-01-02T00:00:00.001Z")
    (86400000, 86400001)
    """
    return parse_timestamp(f"{date}T00:00:00Z" if len(date) == _DAY_LENGTH else date)


def parse_end(date: str) -> int:
    """Return the last millisecond that an end date means: the day's last, or the time itself.

    Raises:
        InvalidTimestampError: see `parse_start`.

    >>> parse_end("1970-01-01"), parse_end("1970-01-02T00:00:00.001Z")
    (86399999, 86400001)
    """
    start = parse_start(date)
    return start + DAY_MS - 1 if len(date) == _DAY_LENGTH else start


def parse_duration(text: str) -> int | None:
    """Return the duration of a number with a unit (s, m, h, d, w), or None for any other text.

    >>> parse_duration("15m"), parse_duration("7d"), parse_duration("soon")
    (900000, 604800000, None)
    """
    match = _DURATION.fullmatch(text)
    return int(match[1]) * _UNITS[match[2]] if match else None


def describe_duration(duration_ms: int) -> str:
    """Return a duration in its largest unit, rounded down; a negative one is `0s`.

    >>> describe_duration(59_999), describe_duration(7_200_001), describe_duration(200 * DAY_MS)
    ('59s', '2h', '200d')
    """
    for unit in ("d", "h", "m"):
        if duration_ms >= _UNITS[unit]:
            return f"{duration_ms // _UNITS[unit]}{unit}"
    return f"{max(duration_ms, 0) // 1_000}s"
