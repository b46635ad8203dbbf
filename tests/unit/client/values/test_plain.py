"""Values of all types become JSON."""

import json
import uuid
from collections import OrderedDict, UserDict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, IntEnum, IntFlag, StrEnum
from ipaddress import ip_address
from pathlib import Path, PureWindowsPath
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretBytes, SecretStr

from prooftrail.client.values import plain
from prooftrail.client.values.plain import to_plain_json
from prooftrail.errors import InvalidEventError


class Colour(Enum):
    RED = "red"
    BLUE = (0, 0, 255)


class Level(IntEnum):
    HIGH = 3


class Mode(StrEnum):
    FAST = "fast"


class Flags(IntFlag):
    A = 1
    B = 2


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "another"


class Number(int):
    pass


class Point(NamedTuple):
    x: int
    y: int


@dataclass
class Address:
    city: str
    since: date


class Order(BaseModel):
    number: int
    to: Address


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (datetime(2026, 11, 24, 8, tzinfo=UTC), "2026-11-24T08:00:00Z"),
        (
            datetime(2026, 11, 24, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=1))),
            "2026-11-24T07:00:00.000005Z",
        ),
        (datetime(2026, 11, 24, 8), "2026-11-24T08:00:00"),  # noqa: DTZ001  # without a time zone
        (date(2026, 11, 24), "2026-11-24"),
        (time(8, 30), "08:30:00"),
        (timedelta(minutes=1.5), 90.0),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Decimal("1.10"), "1.10"),
        (Path("/var/log"), "/var/log"),
        (PureWindowsPath("C:\\a"), "C:\\a"),
        (ip_address("::1"), "::1"),
        (Colour.RED, "red"),
        (Colour.BLUE, [0, 0, 255]),
        (Level.HIGH, 3),
        (Mode.FAST, "fast"),
        (Flags.A | Flags.B, 3),
        (Text("this"), "this"),
        (Number(7), 7),
        (b"\x00\xff", "AP8="),
        (bytearray(b"a"), "YQ=="),
        (memoryview(b"a"), "YQ=="),
        ((1, (2,)), [1, [2]]),
        (deque([1]), [1]),
        (range(3), [0, 1, 2]),
        ({3, 1, 2}, [1, 2, 3]),
        (frozenset({"b", "a"}), ["a", "b"]),
        ({"b": 1, "a": 2}.keys(), ["a", "b"]),
        (OrderedDict(a=(1,)), {"a": [1]}),
        (UserDict({"a": {1}}), {"a": [1]}),
        (Point(1, 2), {"x": 1, "y": 2}),
        (Address("Bonn", date(2020, 1, 1)), {"city": "Bonn", "since": "2020-01-01"}),
        (
            Order(number=1, to=Address("Bonn", date(2020, 1, 1))),
            {"number": 1, "to": {"city": "Bonn", "since": "2020-01-01"}},
        ),
        ([SecretStr("a"), SecretBytes(b"a")], ["a", "YQ=="]),
    ],
)
def test_forms(value: object, form: object) -> None:
    plain_value = to_plain_json(value, "details")
    assert plain_value == form
    assert json.loads(json.dumps(plain_value)) == form
    assert type(plain_value) is type(form)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        (1, "1"),
        (True, "true"),
        (None, "null"),
        (1.5, "1.5"),
        (Mode.FAST, "fast"),
        (Level.HIGH, "3"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (date(2026, 11, 24), "2026-11-24"),
        (Text("this"), "this"),
        (b"accept", "accept"),
        (b"a\xff", "a\\xff"),
    ],
)
def test_keys_become_text(key: object, name: str) -> None:
    assert to_plain_json({key: 1}, "details") == {name: 1}
    assert type(next(iter(to_plain_json({key: 1}, "details")))) is str


class Opaque:
    pass


@pytest.mark.parametrize("value", [Opaque(), Opaque, 1j, print, Address])
def test_other_objects_are_left_for_the_model(value: object) -> None:
    assert to_plain_json({"a": [value]}, "details") == {"a": [value]}


class Breaking(Mapping[str, int]):
    def __getitem__(self, key: str) -> int:
        raise LookupError(key)

    def __iter__(self) -> Iterator[str]:
        return iter("ab")

    def __len__(self) -> int:
        return 2


class BreakingModel(BaseModel):
    def model_dump(self, **_: Any) -> dict[str, Any]:
        raise OSError("the secret 4711")


def _deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def _cycle(kind: Any) -> Any:
    value = kind()
    if kind is list:
        value.extend([value, value])
    else:
        value.update(a=value, b=value)
    return value


def _doubling(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value, value]
    return value


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (_cycle(list), "must not nest deeper than 100 levels"),
        (_cycle(dict), "must not nest deeper than 100 levels"),
        (_cycle(UserDict), "must not nest deeper than 100 levels"),
        (_deep(100), "must not nest deeper than 100 levels"),
        (_doubling(40), "must have at most 500000 values"),
        ([0] * (plain.MAX_VALUES + 1), "must have at most 500000 values"),
        ({1: "a", "1": "b"}, "must not have two keys with the same text"),
        ({"1": "a", 1: "b"}, "must not have two keys with the same text"),
        ({(1, 2): "a"}, "keys must be text (got tuple)"),
        ({"a": Breaking()}, "could not be read (LookupError)"),
        ({"a": [BreakingModel()]}, "could not be read (OSError)"),
    ],
)
def test_values_that_cannot_be_copied_are_refused(value: object, rule: str) -> None:
    with pytest.raises(InvalidEventError) as caught:
        to_plain_json(value, "details")
    assert str(caught.value) == f"details: {rule}"


def test_the_model_allows_a_hundred_levels_with_the_event() -> None:
    assert to_plain_json(_deep(99), "details") == _deep(99)


def test_a_recursion_error_is_an_error_of_the_event() -> None:
    class Unfolding(BaseModel):
        def model_dump(self, **_: Any) -> Any:
            return Unfolding()

    with pytest.raises(InvalidEventError, match="RecursionError"):
        to_plain_json(Unfolding(), "details")


def test_the_source_is_not_changed() -> None:
    source = {"a": [{"b": (1, {2})}]}
    copied = to_plain_json(source, "details")
    copied["a"][0]["b"].append(3)
    assert source == {"a": [{"b": (1, {2})}]}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_json_is_copied_unchanged(value: object) -> None:
    copied = to_plain_json(value, "details")
    assert json.dumps(copied) == json.dumps(value)
    assert copied is not value or not isinstance(value, dict | list)
