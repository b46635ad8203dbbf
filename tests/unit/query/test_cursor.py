"""Cursors: valid ones are decoded, all others are refused."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidCursorError
from prooftrail.event.ids import make_id, make_lowest_id
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters

FILTERS = Filters("acme", user_id="ada", start_ms=1_000, end_ms=2_000)
ID = make_id(1_500, b"\x07" * 32)
CURSOR = encode_cursor(FILTERS, ID, descending=True)


def encode_raw(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_raw(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))


def test_a_cursor_is_decoded_to_its_id() -> None:
    assert decode_cursor(CURSOR, FILTERS, descending=True) == ID
    assert len(CURSOR) == 58


def test_a_cursor_contains_no_tenant_and_no_filter() -> None:
    raw = decode_raw(CURSOR)
    assert b"acme" not in raw
    assert b"ada" not in raw


@pytest.mark.parametrize(
    "other",
    [
        replace(FILTERS, tenant_id="acme2"),
        replace(FILTERS, user_id=None),
        replace(FILTERS, user_id="adam"),
        replace(FILTERS, user_id=None, session_id="ada"),
        replace(FILTERS, success=False),
        replace(FILTERS, end_ms=2_001),
        replace(FILTERS, action="user.*"),
        replace(FILTERS, actor_type="agent"),
        replace(FILTERS, actor_type=""),
        replace(FILTERS, trace_id="1" * 32),
    ],
)
def test_a_cursor_of_other_filters_is_refused(other: Filters) -> None:
    with pytest.raises(InvalidCursorError, match="other filters"):
        decode_cursor(CURSOR, other, descending=True)


def test_cursors_are_those_of_versions_that_knew_fewer_filters() -> None:
    fingerprint = Filters("acme", user_id="ada").fingerprint(descending=True)
    assert fingerprint.hex() == "54a67502c9b29b69d673c242e2c89e26"


def test_filters_on_what_only_events_have_are_told_apart() -> None:
    given = [
        FILTERS,
        replace(FILTERS, actor_type="x"),
        replace(FILTERS, trace_id="x"),
        replace(FILTERS, ip_address="x"),
    ]
    assert len({filters.fingerprint(descending=True) for filters in given}) == 4


def test_a_cursor_of_the_other_order_is_refused() -> None:
    with pytest.raises(InvalidCursorError, match="order"):
        decode_cursor(CURSOR, FILTERS, descending=False)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_a_cursor_of_another_version_is_refused(version: int) -> None:
    with pytest.raises(InvalidCursorError, match="version"):
        decode_cursor(
            encode_raw(bytes([version]) + decode_raw(CURSOR)[1:]), FILTERS, descending=True
        )


@pytest.mark.parametrize("length", range(len(CURSOR)))
def test_a_truncated_cursor_is_refused(length: int) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(CURSOR[:length], FILTERS, descending=True)


@pytest.mark.parametrize(
    "position",
    [
        make_lowest_id(999),
        make_lowest_id(2_001),
        ID.lower(),
        "acme#0".ljust(26),
        "\x00" * 26,
        "8" + "Z" * 25,
    ],
    ids=["before", "after", "lower", "a key", "zeros", "too large"],
)
def test_a_forged_position_outside_the_range_is_refused(position: str) -> None:
    raw = decode_raw(CURSOR)[:17] + position.encode()
    with pytest.raises(InvalidCursorError):
        decode_cursor(encode_raw(raw), FILTERS, descending=True)


@pytest.mark.parametrize("decoration", ["=", "==", "\n", " ", "A", "+/", "%3D"])
def test_a_decorated_cursor_is_refused(decoration: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(CURSOR + decoration, FILTERS, descending=True)


@given(st.one_of(st.text(max_size=80), st.binary(max_size=60).map(encode_raw)))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, FILTERS, descending=True)


@given(st.integers(0, len(CURSOR) - 1), st.sampled_from("AQgw_-059z"))
def test_a_changed_character_never_gives_another_tenants_position(at: int, other: str) -> None:
    changed = CURSOR[:at] + other + CURSOR[at + 1 :]
    try:
        position = decode_cursor(changed, FILTERS, descending=True)
    except InvalidCursorError:
        return
    assert FILTERS.id_range.lowest <= position <= FILTERS.id_range.highest
