"""One comparison decides what an update changed, on the server and in the library."""

import math
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client import track_changes
from prooftrail.client.values.masking import Masking
from prooftrail.event.canonical import canonicalize
from prooftrail.event.changes import find_changed_fields, is_same
from tests.support.export_samples import LARGE_INTEGER

NUMBERS = (
    LARGE_INTEGER
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-3, 3)
    | st.sampled_from([0.0, -0.0, 1.0, 1e18, 10**18, 2.0**60, 1152921504606847000])
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.sampled_from(["", "0", "1", "a"])
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(JSON, JSON)
def test_json_values_are_the_same_if_their_canonical_bytes_are(old: Any, new: Any) -> None:
    assert is_same(old, new) == (canonicalize(old) == canonicalize(new))
    assert is_same(old, old)


SAME: list[tuple[Any, Any]] = [
    (1, 1.0),
    (0, -0.0),
    (2.0**60, 1152921504606847000),
    (Decimal("10.5"), "10.50"),
    (Decimal("10.5"), Decimal("10.50")),
    (Decimal("10.5"), 10.5),
    (Decimal("0.1"), 0.1),
    (Decimal(1), 1),
    (Decimal(1), 1.0),
    (Decimal("1E+2"), "100"),
    (Decimal("-0"), 0),
    (Decimal("NaN"), Decimal("sNaN")),
    (Decimal("NaN"), math.nan),
    (math.nan, float("nan")),
    (math.inf, math.inf),
    ([Decimal(1), {"a": math.nan}], ["1.0", {"a": float("nan")}]),
    ({"a": 1, "b": 2}, {"b": 2.0, "a": 1.0}),
]
DIFFERENT: list[tuple[Any, Any]] = [
    (1, True),
    (0, False),
    (0, None),
    (1, "1"),
    (True, "true"),
    ("10.5", "10.50"),
    (2**60, 2**60 + 1),
    (2.0**60, 2**60 + 1),
    (math.inf, -math.inf),
    (math.nan, 0),
    (math.nan, None),
    (Decimal(1), True),
    (Decimal(1), None),
    (Decimal(1), "one"),
    (Decimal(1), "\u0661"),
    (Decimal(1), " 1"),
    (Decimal(1), [1]),
    (Decimal("0.1"), "0.10000000000000001"),
    (Decimal("NaN"), 0),
    (Decimal("Infinity"), Decimal("NaN")),
    (10**309, 1),
    (10**309, math.inf),
    (10**309, math.nan),
    ([1, 2], [2, 1]),
    ([1], [1, 1]),
    ([1], {"0": 1}),
    ({"a": None}, {}),
]


@pytest.mark.parametrize(("old", "new"), SAME, ids=str)
def test_values_that_are_written_differently_are_the_same(old: object, new: object) -> None:
    for before, after in ((old, new), (new, old)):
        assert is_same(before, after)
        assert track_changes({"a": before}, {"a": after})["fields"] == []
        assert find_changed_fields({"a": before}, {"a": after}) == []


@pytest.mark.parametrize(("old", "new"), DIFFERENT, ids=str)
def test_other_values_differ(old: object, new: object) -> None:
    for before, after in ((old, new), (new, old)):
        assert not is_same(before, after)
        assert track_changes({"a": before}, {"a": after})["fields"]


def test_the_library_derives_the_fields_before_decimals_become_texts() -> None:
    changes = {
        "before": {"price": Decimal("10.5"), "n": 1, "vat": Decimal(19)},
        "after": {"price": Decimal("10.50"), "n": 1.0, "vat": Decimal(7)},
    }
    assert Masking().mask_event({"changes": changes})["changes"]["fields"] == ["vat"]


@pytest.mark.parametrize("digits", ["9" * 100_000, "1E999999999", "1e-99999"])
def test_an_unusual_text_of_a_number_is_not_read_as_a_number(digits: str) -> None:
    assert not is_same(Decimal(1), digits)
    assert not is_same(Decimal(digits), "1")
