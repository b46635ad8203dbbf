"""Moments and durations as people write them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.cli.terminal import escaped, escaped_json
from prooftrail.event.times import describe_duration, parse_duration


@pytest.mark.parametrize("text", ["", "5", "m", "-5m", "5 m", "1.5h", "٣m", "5M", "9999999999s"])
def test_what_is_no_duration(text: str) -> None:
    assert parse_duration(text) is None


@given(st.integers(0, 10**9 - 1))
def test_durations_are_described_in_their_largest_unit(seconds: int) -> None:
    described = parse_duration(describe_duration(1_000 * seconds))
    assert described is not None
    assert 0 <= 1_000 * seconds - described < max(described, 60_000)


@given(st.text())
def test_escaped_text_is_printable_and_tells_what_it_was(text: str) -> None:
    shown = escaped(text)
    assert shown.isprintable()
    if text.isprintable():
        assert shown == text


@given(st.recursive(st.text(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_escaped_json_means_the_same(value: object) -> None:
    for layout in (None, 2):
        text = escaped_json(json.dumps(value, ensure_ascii=False, indent=layout))
        assert json.loads(text) == value
        assert text.replace("\n", "").isprintable()
