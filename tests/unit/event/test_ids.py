"""Canonical bytes, digests, ids: known vectors, and properties for arbitrary JSON."""

import hashlib
import math
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from prooftrail.errors import CanonicalizationError, InvalidTimestampError
from prooftrail.event.canonical import MAX_DEPTH, MAX_SAFE_INTEGER, canonicalize, compute_digest
from prooftrail.event.ids import (
    decode_digest_start,
    decode_time,
    find_shard_by_digest,
    find_shard_by_id,
    is_id,
    make_highest_id,
    make_id,
    make_lowest_id,
)
from prooftrail.event.times import MAX_TIMESTAMP_MS, format_timestamp, parse_timestamp
from tests.support.samples import record_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
TIMES = st.integers(0, MAX_TIMESTAMP_MS)
DIGESTS = st.binary(min_size=32, max_size=32)


@given(JSON)
@example({"\U00010000": 1, "\uffff": 2, "\ue000": 3})
@example({"\x00": "\x1f\x7f\u2028", '"': "\\"})
@example([1e21, -0.0, 5e-324, 1.0, 0.1, 2**53 - 1])
@example({"": {}, "a": []})
def test_canonical_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonicalize(value) == rfc8785.dumps(value)


# RFC 8785, appendix B: IEEE 754 bits and their text.
@pytest.mark.parametrize(
    ("bits", "text"),
    [
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_of_rfc_8785_appendix_b(bits: str, text: str) -> None:
    [number] = memoryview(int(bits, 16).to_bytes(8, "little")).cast("d")
    assert canonicalize(number).decode() == text


def test_the_sample_of_rfc_8785_section_3_2_2() -> None:
    sample = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert canonicalize(sample).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_as_rfc_8785_section_3_2_3_says() -> None:
    keys = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    text = canonicalize(dict.fromkeys(keys, 0)).decode()
    ordered = ["\\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]
    assert text == "{" + ",".join(f'"{key}":0' for key in ordered) + "}"


@pytest.mark.parametrize(
    ("value", "path", "rule"),
    [
        ({"a": [0, 2**53]}, "a[1]", "must be an integer within ±(2^53-1), or a string"),
        ({"a": {"b": -(2**53)}}, "a.b", "must be an integer within ±(2^53-1), or a string"),
        ({"a": math.nan}, "a", "must be a finite number"),
        ({"a": [math.inf]}, "a[0]", "must be a finite number"),
        ({"a": "\ud800"}, "a", "must be Unicode without lone surrogates"),
        ({"a": {"\udfff": 1}}, "a", "keys must be Unicode strings"),
        ({"a": {1: 1}}, "a", "keys must be Unicode strings"),
        ({"a": {1, 2}}, "a", "must be JSON"),
    ],
)
def test_what_has_no_canonical_form_is_refused(value: Any, path: str, rule: str) -> None:
    with pytest.raises(CanonicalizationError) as caught:
        canonicalize(value)
    assert (caught.value.problem.path, caught.value.problem.rule) == (path, rule)


@pytest.mark.parametrize("leaf", [1, 1.5])
def test_nesting_has_a_limit(leaf: float) -> None:
    def nested(depth: int) -> Any:
        value: Any = leaf
        for _ in range(depth):
            value = [value]
        return value

    assert canonicalize(nested(MAX_DEPTH)).count(b"[") == MAX_DEPTH
    for depth in (MAX_DEPTH + 1, 10_000):
        with pytest.raises(CanonicalizationError, match="nest deeper than 100"):
            canonicalize(nested(depth))


def test_an_event_keeps_its_name() -> None:
    """The identity of stored events never changes: this one was computed independently."""
    record = record_of(userId="u-1", details={"amount": 1.50, "note": "é"})
    assert record.canonical.decode() == (
        '{"action":"user.login","details":{"amount":1.5,"note":"é"},"eventId":"e-1",'
        '"resourceId":"s-1","resourceType":"session","success":true,"tenantId":"default",'
        '"timestamp":"2025-11-24T16:00:00.000Z","userId":"u-1","v":1}'
    )
    assert (
        record.digest
        == hashlib.sha256(record.canonical).digest()
        == compute_digest(record.canonical)
    )
    assert record.id == "01KAV9FT00BDB949BVQ4EETRZM"


def test_the_ulid_of_the_specification() -> None:
    assert make_id(1_469_918_176_385, bytes(32)) == "01ARYZ6S410000000000000000"
    assert make_id(0, b"\xff" * 32) == "0" * 10 + "Z" * 16


@given(TIMES, DIGESTS)
def test_an_id_gives_back_its_parts(timestamp_ms: int, digest: bytes) -> None:
    event_id = make_id(timestamp_ms, digest)
    assert is_id(event_id)
    assert decode_time(event_id) == timestamp_ms
    assert decode_digest_start(event_id) == digest[:10]
    assert make_lowest_id(timestamp_ms) <= event_id <= make_highest_id(timestamp_ms)


@given(TIMES, DIGESTS, TIMES, DIGESTS)
def test_ids_sort_by_time_then_digest(one: int, first: bytes, other: int, second: bytes) -> None:
    by_id = make_id(one, first) < make_id(other, second)
    assert by_id == ((one, first[:10]) < (other, second[:10]))


@given(DIGESTS, st.sampled_from([1, 2, 4, 256]))
def test_the_shard_follows_from_the_id(digest: bytes, shard_count: int) -> None:
    shard = find_shard_by_id(make_id(0, digest), shard_count)
    assert shard == find_shard_by_digest(digest, shard_count) == digest[0] % shard_count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01ARYZ6S41000000000000000",
        "01ARYZ6S4100000000000000000",
        "01aryz6s410000000000000000",
        "81ARYZ6S410000000000000000",
        "01ARYZ6S41000000000000000U",
        "01ARYZ6S41000000000000000\n",
        "01ARYZ6S4100000000000000\uff10",
        "7ZZZZZZZZZ0000000000000000",  # the year 10889
    ],
)
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)


@given(TIMES)
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
def test_no_text_makes_the_parser_crash(text: str) -> None:
    with pytest.raises(InvalidTimestampError):
        parse_timestamp(text)
