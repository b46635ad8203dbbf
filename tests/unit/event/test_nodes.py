"""The values of an event are limited, as it is sent and as it is stored."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidEventError
from prooftrail.event.nodes import MAX_EVENT_NODES, count_nodes, estimate_nodes
from tests.support.samples import event_json, make_audit_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)
OWN_NODES = count_nodes(make_audit_event(event_json()).to_json())  # those of the least event
REFUSED = "an event must have at most 10000 values"


def count_slowly(value: Any) -> int:
    parts = value.values() if isinstance(value, dict) else value
    return 1 + (sum(map(count_slowly, parts)) if isinstance(value, dict | list) else 0)


@given(JSON, st.booleans(), st.integers(0, 30))
def test_every_value_is_a_node_and_the_text_has_no_fewer(
    value: Any, is_ascii: bool, stop: int
) -> None:
    assert count_nodes(value) == count_slowly(value)
    assert (count_nodes(value, stop) > stop) == (count_slowly(value) > stop)
    for indent in (None, 1):
        text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
        assert estimate_nodes(text) >= count_slowly(value)


def test_a_value_that_nests_deeply_is_counted() -> None:
    value: Any = []
    for _ in range(100_000):
        value = [value]
    assert count_nodes(value) == 100_001


@pytest.mark.parametrize("piece", [1.5, [], {}, "a", None, True])
def test_an_event_has_a_limited_number_of_values(piece: object) -> None:
    room = MAX_EVENT_NODES - OWN_NODES - 2  # `details` and its list
    assert make_audit_event(event_json(details={"a": [piece] * room}))
    with pytest.raises(InvalidEventError, match=f"^{REFUSED}$"):
        make_audit_event(event_json(details={"a": [piece] * (room + 1)}))


def test_values_are_counted_before_the_rules_of_the_model() -> None:
    with pytest.raises(InvalidEventError, match=f"^{REFUSED}$"):
        make_audit_event({f"k{number}": 0 for number in range(MAX_EVENT_NODES)})


def test_the_fields_that_the_model_derives_count_too() -> None:
    """What is stored can be sent again."""
    room = (MAX_EVENT_NODES - OWN_NODES - 3) // 2  # `changes`, `before`, `fields`
    stored = make_audit_event(event_json(changes={"before": dict.fromkeys(map(str, range(room)))}))
    assert count_nodes(stored.to_json()) > MAX_EVENT_NODES - 2
    assert make_audit_event(stored.to_json()) == stored
    with pytest.raises(InvalidEventError, match=f"^{REFUSED}$"):
        make_audit_event(event_json(changes={"before": dict.fromkeys(map(str, range(room + 1)))}))
