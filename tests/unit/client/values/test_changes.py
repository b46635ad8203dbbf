"""Changes contain all differences, and lead from before to after."""

import copy
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from prooftrail.client import Masking, track_changes
from prooftrail.client.values.masking import MASK
from tests.support.samples import event_json, make_audit_event


class Address(BaseModel):
    city: str
    code: SecretStr


@dataclass
class Customer:
    name: str
    address: Address


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({}, {"a": 1}, ["a"]),
        ({"a": 1}, {}, ["a"]),
        (None, {"a": 1}, ["a"]),
        ({"a": 1}, None, ["a"]),
        ({"a": None}, {}, ["a"]),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": 0}, {"a": False}, ["a"]),
        ({"a": 0}, {"a": None}, ["a"]),
        ({"a": [0]}, {"a": [False]}, ["a"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": True}]}, ["a"]),
        ({"a": 1}, {"a": 1.0}, []),
        ({"a": 1}, {"a": "1"}, ["a"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["a"]),
        ({"a": (1, 2)}, {"a": [1, 2]}, []),
        ({"a": {1, 2}}, {"a": {2, 1}}, []),
        ({"a": Decimal("1.0")}, {"a": Decimal("1.00")}, []),
        (
            {"a": datetime(2026, 1, 1, tzinfo=UTC)},
            {"a": "2026-01-01T00:00:00Z"},
            [],
        ),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["a.c"]),
        ({"a": {"b": 1}}, {"a": {}}, ["a.b"]),
        ({"a": {}}, {}, ["a"]),
        ({"a": {"b": 1}}, {"a": 1}, ["a"]),
        ({"a.b": 1, "a": {"b": 1}}, {"a.b": 2, "a": {"b": 2}}, ["a.b", r"a\.b"]),
        ({"a\\.b": 1}, {}, [r"a\\\.b"]),
        ({1: "a", None: 1}, {1: "b", None: 2}, ["null", "1"]),
        ({"": {"": 1}}, {"": {"": 2}}, ["."]),
    ],
)
def test_fields(before: Any, after: Any, fields: list[str]) -> None:
    assert sorted(track_changes(before, after)["fields"]) == sorted(fields)


def test_only_what_differs_is_in_before_and_after() -> None:
    before = {
        "state": "open",
        "to": {"city": "Bonn", "zip": "1"},
        "tags": ["a", "b"],
        "old": {"x": 1},
    }
    after = {"state": "open", "to": {"city": "Kiel", "zip": "1"}, "tags": ["a"], "new": {"y": 2}}
    assert track_changes(before, after) == {
        "before": {"to": {"city": "Bonn"}, "tags": ["a", "b"], "old": {"x": 1}},
        "after": {"to": {"city": "Kiel"}, "tags": ["a"], "new": {"y": 2}},
        "fields": ["new", "old", "tags", "to.city"],
    }


def test_models_and_dataclasses_are_compared_by_field_and_their_secrets_are_masked() -> None:
    before = Customer("Ada", Address(city="Bonn", code=SecretStr("old-hidden")))
    after = Customer("Ada", Address(city="Kiel", code=SecretStr("new-hidden")))
    changes = track_changes(before, after)
    assert changes["fields"] == ["address.city", "address.code"]
    masked = Masking().mask_event({"changes": changes})["changes"]
    assert masked == {
        "before": {"address": {"city": "Bonn", "code": MASK}},
        "after": {"address": {"city": "Kiel", "code": MASK}},
        "fields": ["address.city", "address.code"],
    }
    assert track_changes(before, copy.deepcopy(before))["fields"] == []


def test_a_model_that_is_false_is_a_model() -> None:
    class Empty(BaseModel):
        count: int

        def __len__(self) -> int:
            return 0

    assert track_changes(Empty(count=1), Empty(count=2))["fields"] == ["count"]


def test_the_event_model_accepts_changes() -> None:
    changes = track_changes({"a": {"b": 1}}, {"a": {"c": [1]}})
    event = make_audit_event(event_json(changes=changes))
    assert event.to_json()["changes"] == changes


class Odd:
    def __eq__(self, other: object) -> bool:
        raise ArithmeticError("4711")

    __hash__ = None  # type: ignore[assignment]  # like an array of numpy


@pytest.mark.parametrize(("before", "after"), [([1], {}), ({}, "text"), (object(), None)])
def test_what_has_no_fields_is_logged_and_not_raised(
    before: Any, after: Any, caplog: pytest.LogCaptureFixture
) -> None:
    assert track_changes(before, after) == {"before": {}, "after": {}, "fields": []}
    assert "track_changes: the objects cannot be compared: TypeError" in caplog.text


class HostileMapping(dict[str, Any]):
    def items(self) -> Any:
        raise LookupError

    __iter__ = keys = items


def nest(levels: int, end: Any) -> Any:
    value = end
    for _ in range(levels):
        value = {"d": value}
    return value


ODD = Odd()


LEAVES: dict[str, tuple[Any, Any, bool]] = {  # before, after, and whether it has changed
    "two objects": (Odd(), Odd(), True),
    "one object": (ODD, ODD, False),
    "lists of objects": ([Odd()], [Odd()], True),
    "mapping": (HostileMapping(a=1), {"a": 1}, True),
    "NaN": (float("nan"), float("nan"), False),
    "same integers": (2**60, 2**60, False),
    "integers": (2**60, 2**60 + 1, True),
    "surrogates": ("\ud800", "\ud800", False),
    "deep": (nest(150, 1), nest(150, 2), True),
}


@pytest.mark.parametrize("name", LEAVES)
def test_one_bad_leaf_costs_itself_alone(name: str) -> None:
    old, new, is_changed = LEAVES[name]
    changes = track_changes({"leaf": old, "role": "user"}, {"leaf": new, "role": "admin"})
    assert changes["after"]["role"] == "admin"
    assert len(changes["fields"]) == 1 + is_changed


def test_keys_of_other_types_are_named() -> None:
    assert track_changes({(1, "a"): 1}, {(1, "a"): 2})["fields"] == ['[1, "a"]']


def test_a_cycle_is_compared_once() -> None:
    before: dict[str, Any] = {"name": "Ada"}
    after: dict[str, Any] = {"name": "Bo"}
    before["self"], after["self"] = before, after
    assert track_changes(before, after)["fields"] == ["name"]


keys = st.text("ab.\\", max_size=3)
trees = st.dictionaries(
    keys,
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 2) | st.text("x", max_size=1),
        lambda inner: st.dictionaries(keys, inner, max_size=3) | st.lists(inner, max_size=2),
        max_leaves=6,
    ),
    max_size=4,
)


def split_path(path: str) -> list[str]:
    """Split a path into keys, without escapes."""
    steps = [""]
    characters = iter(path)
    for character in characters:
        if character == ".":
            steps.append("")
        else:
            steps[-1] += next(characters) if character == "\\" else character
    return steps


def apply_changes(before: dict[str, Any], changes: Any) -> dict[str, Any]:
    """Return a copy with the changes."""
    result = copy.deepcopy(before)
    for path in changes["fields"]:
        *above, last = split_path(path)
        target, source = result, changes["after"]
        for step in above:
            target, source = target[step], source.get(step, {})
        if last in source:
            target[last] = source[last]
        else:
            del target[last]
    return result


@given(trees, trees)
def test_changes_lead_from_before_to_after_and_back(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    changes = track_changes(before, after)
    back = {"fields": changes["fields"], "after": changes["before"]}
    for start, change, end in ((before, changes, after), (after, back, before)):
        result = json.dumps(apply_changes(start, change), sort_keys=True)
        assert result == json.dumps(end, sort_keys=True)


@given(trees)
def test_equal_objects_have_no_changes(tree: dict[str, Any]) -> None:
    assert track_changes(tree, copy.deepcopy(tree)) == {"before": {}, "after": {}, "fields": []}
