"""Times: texts and numbers lead to each other, and other texts are refused."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prooftrail.errors import InvalidTimestampError
from prooftrail.event.times import (
    DAY_MS,
    HOUR_MS,
    MAX_TIMESTAMP_MS,
    check_milliseconds,
    describe_duration,
    format_day,
    format_hour,
    format_timestamp,
    now_ms,
    parse_duration,
    parse_hour_or_day,
    parse_timestamp,
)


def test_now_is_the_clock_in_whole_milliseconds() -> None:
    before = time.time()
    now = now_ms()
    assert int(before * 1_000) - 1 <= now <= time.time() * 1_000


@given(st.integers(0, MAX_TIMESTAMP_MS))
def test_an_hour_and_a_day_are_the_start_of_the_timestamp(timestamp_ms: int) -> None:
    hour, day = format_hour(timestamp_ms), format_day(timestamp_ms)
    assert format_timestamp(timestamp_ms).startswith(f"{hour}:")
    assert hour.startswith(f"{day}T")
    assert parse_hour_or_day(hour) == timestamp_ms // HOUR_MS * HOUR_MS
    assert parse_hour_or_day(day) == timestamp_ms // DAY_MS * DAY_MS


@pytest.mark.parametrize("text", ["", "2026-11", "2026-11-24T", "2026-11-24T24", "2026-02-30"])
def test_a_text_that_is_neither_hour_nor_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidTimestampError):
        parse_hour_or_day(text)


@pytest.mark.parametrize("text", ["", "5", "m", "-5m", "5 m", "1.5h", "٣m", "5M", "9999999999s"])
def test_a_text_that_is_not_a_duration(text: str) -> None:
    assert parse_duration(text) is None


@given(st.integers(0, 10**9 - 1))
def test_durations_are_described_in_their_largest_unit(seconds: int) -> None:
    described = parse_duration(describe_duration(1_000 * seconds))
    assert described is not None
    assert 0 <= 1_000 * seconds - described < max(described, 60_000)


@given(st.integers(0, MAX_TIMESTAMP_MS))
def test_a_timestamp_round_trips(timestamp_ms: int) -> None:
    text = format_timestamp(timestamp_ms)
    assert len(text) == len("2025-11-24T16:00:00.000Z")
    assert parse_timestamp(text) == timestamp_ms


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-24 08:00:00Z", "2026-11-24T08:00:00.000Z"),
        ("2026-11-24 08:00:00.5+01:00", "2026-11-24T07:00:00.500Z"),
        ("2026-11-24t08:00:00z", "2026-11-24T08:00:00.000Z"),
        ("2026-11-24T08:00:00+0000", "2026-11-24T08:00:00.000Z"),
        ("2026-11-24T08:00:00.123-0130", "2026-11-24T09:30:00.123Z"),
        ("2026-11-24T08:00:00-00:00", "2026-11-24T08:00:00.000Z"),
        ("2026-11-24T08:00:00.123456789+02:00", "2026-11-24T06:00:00.123Z"),
        ("1990-12-31T23:59:60Z", "1990-12-31T23:59:59.999Z"),
        ("1990-12-31 15:59:60.5-0800", "1990-12-31T23:59:59.999Z"),
        ("2015-07-01T05:29:60+05:30", "2015-06-30T23:59:59.999Z"),
    ],
)
def test_every_form_of_rfc_3339_is_read(text: str, moment: str) -> None:
    assert format_timestamp(parse_timestamp(text)) == moment


@pytest.mark.parametrize("text", ["2026-11-24T08:00:00", "2026-11-24T08:00Z", "1795507200123"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(InvalidTimestampError, match="RFC 3339 date and time with an offset"):
        parse_timestamp(text)


def test_the_zero_time_of_go_is_named() -> None:
    for text in ("0001-01-01T00:00:00Z", "0001-01-01 00:00:00.000+0000"):
        with pytest.raises(InvalidTimestampError, match=r"^is the zero time of Go, "):
            parse_timestamp(text)
    with pytest.raises(InvalidTimestampError, match="years 1970 to 9999"):
        parse_timestamp("0001-01-01T00:00:01Z")


def test_a_long_text_is_refused_before_it_is_read() -> None:
    digits = 64 - len("2026-11-24T08:00:00.Z")
    assert parse_timestamp(f"2026-11-24T08:00:00.{'0' * digits}Z") == 1_795_507_200_000
    for count in (digits + 1, 1_000_000):
        with pytest.raises(InvalidTimestampError, match=r"^must have at most 64 characters$"):
            parse_timestamp(f"2026-11-24T08:00:00.{'0' * count}Z")


@pytest.mark.parametrize("number", [100_000_000_000, MAX_TIMESTAMP_MS])
def test_an_integer_is_a_count_of_milliseconds(number: int) -> None:
    assert check_milliseconds(number) == number


@pytest.mark.parametrize(
    "number", [99_999_999_999, 1_764_000_000, 0, -1, MAX_TIMESTAMP_MS + 1, 1_764_000_000_000_000]
)
def test_a_count_of_seconds_or_microseconds_is_refused(number: int) -> None:
    with pytest.raises(InvalidTimestampError, match=r"^as an integer must be milliseconds"):
        check_milliseconds(number)


@given(st.text(max_size=40))
@example("2025-11-24T24:00:00Z")
@example("2025-11-24T10:00:60Z")
@example("2025-11-24T23:59:60Z")
@example("2025-11-30T23:59:60Z")
@example("1990-12-31T23:59:60+01:00")
@example("1990-12-31T23:59:61Z")
@example("0001-01-01T00:00:60+00:01")
@example("2025-11-24T10:00:00 +0000")
@example("2025-11-24T10:00:00+01")
@example("2025-11-24T10:00:00+24:00")
@example("9999-12-31T23:59:59-00:01")
@example("0001-01-01T00:00:00+23:59")
@example("\uff12025-11-24T10:00:00Z")
def test_a_text_that_is_not_a_timestamp_is_refused(text: str) -> None:
    with pytest.raises(InvalidTimestampError):
        parse_timestamp(text)
