"""What readers require of stored bytes is what the model writes, and nothing less."""

import json
import time
from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from prooftrail.errors import CorruptRecordError, TooManyNodesError
from prooftrail.event.model import AuditChanges, AuditEvent, AuditTarget, OnBehalfOf
from prooftrail.event.nodes import count_nodes
from prooftrail.event.stored import (
    ALWAYS_PRESENT,
    CHANGES_TYPES,
    FIELD_TYPES,
    MAX_CANONICAL_BYTES,
    ON_BEHALF_OF_TYPES,
    TARGET_TYPES,
    parse_stored_event,
)
from tests.support.samples import make_event_record


def _list_types(model: type[BaseModel]) -> dict[str, type]:
    """Return the JSON type of each field of a model."""
    types = {}
    for name, field in model.model_fields.items():
        [kind] = [one for one in _split(field.annotation) if one is not type(None)]
        kind = kind.__origin__ if get_origin(kind) is Annotated else kind
        plain = get_origin(kind) or kind
        types[to_camel(name)] = dict if issubclass(plain, BaseModel) else plain
    return types


def _split(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def test_the_types_are_those_of_the_model() -> None:
    assert _list_types(AuditEvent) == FIELD_TYPES
    assert _list_types(AuditChanges) == CHANGES_TYPES
    assert _list_types(AuditTarget) == TARGET_TYPES
    assert _list_types(OnBehalfOf) == ON_BEHALF_OF_TYPES


@pytest.mark.parametrize(
    "fields",
    [
        {"targets": ["u-1"]},
        {"targets": [{"type": "user"}]},
        {"targets": [{"type": "user", "id": 7}]},
        {"targets": {"type": "user", "id": "u-1"}},
        {"targets": [{"type": "user", "id": "u-1"}] * 101},
        {"onBehalfOf": {}},
        {"onBehalfOf": {"userId": "u-1", "username": 7}},
        {"traceId": 7},
        {"actorType": None},
    ],
)
def test_targets_and_actors_of_other_types_are_refused(fields: dict[str, Any]) -> None:
    stored = json.loads(make_event_record().canonical)
    with pytest.raises(CorruptRecordError, match=next(iter(fields))):
        parse_stored_event(json.dumps({**stored, **fields}).encode())


def test_what_is_always_present_is_what_the_model_always_writes() -> None:
    least = AuditEvent.model_validate(
        {
            "eventId": "e",
            "timestamp": "2025-11-24T16:00:00.000Z",
            "action": "a",
            "resourceType": "t",
            "resourceId": "r",
        },
        by_alias=True,
        by_name=False,
    )
    assert least.to_json().keys() == ALWAYS_PRESENT


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=20,
)


@given(details=st.dictionaries(st.text(), json_values, max_size=3))
def test_every_event_that_is_stored_can_be_read(details: dict[str, Any]) -> None:
    record = make_event_record(details=details, changes={"before": details, "after": {"a": 1}})
    assert parse_stored_event(record.canonical)["eventId"] == "e-1"


@pytest.mark.parametrize("depth", [99, 97])
def test_the_deepest_event_can_be_read(depth: int) -> None:
    deep: Any = 1
    for _ in range(depth - 1):
        deep = [deep]
    canonical = make_event_record(details={"a": deep}).canonical
    assert parse_stored_event(canonical)["details"]["a"] == deep


def test_a_field_of_a_later_version_is_no_obstacle() -> None:
    canonical = make_event_record().canonical.replace(b'"v":1', b'"v":1,"x":[1]')
    assert parse_stored_event(canonical)["x"] == [1]


def test_no_event_is_larger_than_the_largest() -> None:
    """A message of 1 MiB of `1e20` grows most in its canonical form."""
    numbers = (1 << 20) // len("1e20,")
    assert numbers * len("100000000000000000000,") + 10_000 < MAX_CANONICAL_BYTES
    with pytest.raises(CorruptRecordError, match="has more than 5242880 bytes"):
        parse_stored_event(b" " * (MAX_CANONICAL_BYTES + 1))


def test_reading_takes_not_much_longer_than_decoding() -> None:
    """A batch of the stream has a thousand events, and the ledger a minute."""
    details = {"x": [{"a": 1.5} for _ in range(4_900)], "y": "\U0001f600"}
    canonical = make_event_record(details=details).canonical

    def measure(read: Callable[[bytes], object]) -> float:
        times = []
        for _ in range(5):
            started = time.process_time()
            read(canonical)
            times.append(time.process_time() - started)
        return min(times)

    assert measure(parse_stored_event) < 8 * measure(json.loads)


@pytest.mark.parametrize(
    ("details", "nodes"),
    [
        ({"x": [[], {}, [1], {"a": [2, 3]}]}, 13),
        ({"x": ['a,[{"', "\\", '\\"', "[]"]}, 9),
        ({"x": [""], "[{,": {}}, 7),
        ({}, 4),
    ],
)
def test_values_are_counted_without_decoding(details: dict[str, Any], nodes: int) -> None:
    fields = {"a": 1, "b": None, "details": details}
    assert count_nodes(fields) == nodes
    canonical = json.dumps(fields, separators=(",", ":")).encode()
    with pytest.raises(TooManyNodesError):
        parse_stored_event(canonical, nodes - 1)
    with pytest.raises(CorruptRecordError, match="lacks"):
        parse_stored_event(canonical, nodes)


def test_an_event_with_as_many_values_as_a_message_could_have_can_be_read() -> None:
    fields = json.loads(make_event_record().canonical)
    canonical = json.dumps({**fields, "details": {"x": [1] * 524_000}}).encode()
    assert len(parse_stored_event(canonical)["details"]["x"]) == 524_000


def test_an_escaped_surrogate_is_refused_and_a_text_of_one_is_not() -> None:
    canonical = make_event_record(details={"a": "\\ud800", "b": "\\\\ud800"}).canonical
    assert parse_stored_event(canonical)["details"] == {"a": "\\ud800", "b": "\\\\ud800"}
    for escape in (rb"\ud800", rb"\uD83D\uDE00", rb"\\\ud800"):
        with pytest.raises(CorruptRecordError, match="escaped surrogate"):
            parse_stored_event(canonical.replace(rb'"\\ud800"', b'"' + escape + b'"'))
