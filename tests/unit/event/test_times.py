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


@given(st.text(max_size=40))
@example("2025-11-24T24:00:00Z")
@example("2025-11-24T10:00:60Z")
@example("2025-11-24T10:00:00+24:00")
@example("9999-12-31T23:59:59-00:01")
@example("0001-01-01T00:00:00+23:59")
@example("\uff12025-11-24T10:00:00Z")
def test_a_text_that_is_not_a_timestamp_is_refused(text: str) -> None:
    with pytest.raises(InvalidTimestampError):
        parse_timestamp(text)
