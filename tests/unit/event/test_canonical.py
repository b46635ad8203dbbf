"""Canonical bytes and digests: the vectors of RFC 8785, and properties for arbitrary JSON."""

import hashlib
import json
import math
from collections.abc import Callable
from enum import IntEnum
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from prooftrail.errors import CanonicalizationError
from prooftrail.event.canonical import (
    MAX_DEPTH,
    MAX_SAFE_INTEGER,
    canonicalize,
    compute_digest,
    is_canonical_integer,
)

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


@given(JSON)
@example({"\U00010000": 1, "\uffff": 2, "\ue000": 3})
@example([{"a": "\U00010000", "b": [{"\U00010000": 1, "\ue000": 2}]}])
@example({"\x00": "\x1f\x7f\u2028", '"': "\\"})
@example([1e21, -0.0, 5e-324, 1.0, 0.1, 2**53 - 1])
@example([1e-4, -1e-4, 9.999999999999999e-05, 2.0**53 - 1, 2.0**53, 2.0**52 - 0.5, 2.0**60, 1e20])
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
        ({"a": [0, 2**53 + 1]}, "a[1]", "must be an integer within ±(2^53-1), or a string"),
        ({"a": {"b": -(2**60)}}, "a.b", "must be an integer within ±(2^53-1), or a string"),
        ({"a": math.nan}, "a", "must be a finite number"),
        ({"a": [math.inf]}, "a[0]", "must be a finite number"),
        ({"a": "\ud800"}, "a", "must be Unicode without lone surrogates"),
        ({"a": {"\udfff": 1}}, "a", "keys must be Unicode strings"),
        ({"a": {1: 1}}, "a", "keys must be Unicode strings"),
        ({"a": {1, 2}}, "a", "must be JSON"),
    ],
)
def test_a_value_without_a_canonical_form_is_refused(value: Any, path: str, rule: str) -> None:
    with pytest.raises(CanonicalizationError) as caught:
        canonicalize(value)
    assert (caught.value.problem.path, caught.value.problem.rule) == (path, rule)


# A leaf that the fast path encodes, and leaves that it leaves to rfc8785.
LEAVES = [1, "a", None, {}, [], 1.5, "\U0001f600"]
WRAPPERS: dict[str, Callable[[Any], Any]] = {
    "lists": lambda inner: [inner],
    "objects": lambda inner: {"a": inner},
}


@pytest.mark.parametrize("leaf", LEAVES, ids=repr)
@pytest.mark.parametrize("wrap", WRAPPERS.values(), ids=WRAPPERS)
def test_100_levels_are_encoded_and_101_are_refused(wrap: Callable[[Any], Any], leaf: Any) -> None:
    value, levels = leaf, int(isinstance(leaf, dict | list))
    while levels < MAX_DEPTH:
        value, levels = wrap(value), levels + 1
    assert canonicalize(value) == rfc8785.dumps(value)
    with pytest.raises(CanonicalizationError, match=r"must not nest deeper than 100 levels$"):
        canonicalize(wrap(value))
    with pytest.raises(CanonicalizationError, match=r"must not nest deeper than 100 levels$"):
        canonicalize([value, 1.5])


@pytest.mark.parametrize("leaf", [1, 1.5])
def test_a_value_far_too_deep_is_refused(leaf: float) -> None:
    value: Any = leaf
    for _ in range(10_000):
        value = [value]
    with pytest.raises(CanonicalizationError, match="nest deeper than 100") as caught:
        canonicalize(value)
    assert caught.value.problem.path == "[0]" * 33 + "[…"


@pytest.mark.parametrize("key", [1, 1.5, True, None, b"a", ("a",)])
@pytest.mark.parametrize("item", [1, 1.5])
def test_a_key_that_is_not_text_is_refused(key: object, item: float) -> None:
    """json.dumps would write some of these keys as text, so that two values had one digest."""
    for value in ({key: item}, {"a": item, key: item}):
        with pytest.raises(CanonicalizationError) as caught:
            canonicalize({"outer": value})
        problem = caught.value.problem
        assert (problem.path, problem.rule) == ("outer", "keys must be Unicode strings")


class Text(str):
    def __str__(self) -> str:
        return "another text"

    __repr__ = __str__


class Number(IntEnum):
    ONE = 1


class Odd(int):
    def __repr__(self) -> str:
        return "2"

    __str__ = __repr__


class Object(dict[str, Any]):
    pass


class Items(list[Any]):
    pass


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Text("a"), "a"),
        ({Text("b"): 1, "a": 2}, {"b": 1, "a": 2}),
        ([Odd(1)], [1]),
        (Number.ONE, 1),
        (Object(b=1, a=Items([Text("a")])), {"b": 1, "a": ["a"]}),
    ],
)
def test_a_subclass_is_encoded_as_its_json_type(value: Any, plain: Any) -> None:
    assert canonicalize(value) == canonicalize(plain)


@pytest.mark.parametrize("number", [2**53, -(2**53)])
@pytest.mark.parametrize("kind", [int, Odd])
def test_all_integers_up_to_2_to_53_are_taken(kind: type[int], number: int) -> None:
    assert canonicalize(kind(number)) == str(number).encode()
    beyond = number + (1 if number > 0 else -1)
    with pytest.raises(CanonicalizationError, match="integer of 54 bits"):
        canonicalize({"a": kind(beyond)})
    with pytest.raises(CanonicalizationError, match="integer of 54 bits"):
        canonicalize({"a": [1.5, kind(beyond)]})


# JavaScript: JSON.stringify of 1e18, 2**60, 2**63, 1e21 - 2**17, 1e21
@pytest.mark.parametrize(
    "number",
    [
        10**18,
        1152921504606847000,
        9223372036854776000,
        999999999999999900000,
        123456789012345680000,
    ],
)
@pytest.mark.parametrize("kind", [int, Odd])
def test_a_larger_integer_is_taken_if_a_double_has_its_digits(kind: type[int], number: int) -> None:
    for signed in (number, -number):
        assert canonicalize(kind(signed)) == str(signed).encode()
        assert canonicalize(["\U0001f600", {"a": [True, kind(signed)]}]) == (
            f'["\U0001f600",{{"a":[true,{signed}]}}]'.encode()
        )
        for other in (signed - 1, signed + 1):
            with pytest.raises(CanonicalizationError, match="integer of"):
                canonicalize({"a": kind(other)})


@pytest.mark.parametrize("number", [2**60, 2**63, 10**21, 10**22, 10**400])
def test_another_larger_integer_is_refused(number: int) -> None:
    for signed in (number, -number):
        for value in (signed, [1.5, signed]):
            with pytest.raises(CanonicalizationError, match="integer of"):
                canonicalize(value)


@given(st.floats(-1e22, 1e22).map(float.__trunc__) | st.integers(-(10**22), 10**22))
def test_an_integer_is_canonical_if_rfc_8785_writes_a_double_like_it(number: int) -> None:
    assert is_canonical_integer(number) == (
        abs(number) <= MAX_SAFE_INTEGER or rfc8785.dumps(float(number)) == str(number).encode()
    )


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False) | TEXTS))
@example([1e18, 1e21, 2.0**60, -1e20, 1e16, 9007199254740993.0])
def test_canonical_bytes_are_read_as_the_same_canonical_bytes(value: Any) -> None:
    canonical = canonicalize(value)
    assert canonicalize(json.loads(canonical)) == canonical


def test_a_problem_names_a_part_and_what_is_there() -> None:
    with pytest.raises(CanonicalizationError) as caught:
        canonicalize({"a": [0, {"b": {1, 2}}]})
    assert str(caught.value) == "a[1].b: must be JSON (got set)"
    with pytest.raises(CanonicalizationError) as caught:
        canonicalize({"a" * 101: math.nan})
    assert str(caught.value) == f"{'a' * 100}…: must be a finite number (got nan)"
    with pytest.raises(CanonicalizationError) as caught:
        canonicalize({"a" * 100: math.nan})
    assert caught.value.problem.path == "a" * 100


def test_a_digest_is_sha_256() -> None:
    assert compute_digest(b"abc") == hashlib.sha256(b"abc").digest()
