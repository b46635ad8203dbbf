"""Strategies that break valid input: bytes, and values in JSON."""

import json
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

DEEP = "\x00deep\x00"  # stands for lists in lists, which `json.dumps` cannot write
MAX_LENGTH = 200_000
DEPTHS = (20, 150, 20_000)
BYTES = [
    b"\x00",
    b"\xff",
    b"\n",
    b"\n\n",
    b" ",
    b'"',
    b"\\",
    b"{",
    b"[",
    b"-",
    b"9",
    b"=",
    b"\xed\xa0\x80",
]
TEXTS = [
    "",
    "\x00",
    "\n",
    "#",
    "\ud800",
    "é",
    "\u2028",
    "٣",
    "a" * 300,
    "1",
    "true",
    "../x",
    "9" * 60,
]
NUMBERS = [
    0,
    1,
    -1,
    1.5,
    -0.0,
    5.0,
    2**31,
    2**53,
    2**63,
    2**64,
    10**400,
    1e300,
    float("inf"),
    float("nan"),
]
VALUES: list[Any] = [
    None,
    True,
    False,
    *NUMBERS,
    *TEXTS,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"S": 5},
    {"N": "x"},
]


@st.composite
def mutants(draw: st.DrawFn, examples: Sequence[bytes]) -> bytes:
    """Return one of the examples with a few changes of its values or its bytes."""
    content = draw(st.sampled_from(examples))
    tree = _decode(content)
    if isinstance(tree, dict | list) and draw(st.integers(0, 3)):
        for _ in range(draw(st.integers(1, 3))):
            _change_value(draw, tree)
        content = _encode(tree, draw(st.sampled_from(DEPTHS)))[:MAX_LENGTH]
        if draw(st.booleans()):
            return content
    for _ in range(draw(st.integers(0, 3))):
        content = _change_bytes(draw, content)
    return content


def _decode(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _encode(tree: object, depth: int) -> bytes:
    text = json.dumps(tree, ensure_ascii=False).replace(json.dumps(DEEP), "[" * depth + "]" * depth)
    return text.encode(errors="surrogatepass")


def _change_value(draw: st.DrawFn, tree: Any) -> None:
    places = list(_list_places(tree))
    if not places:
        return
    holder, key = draw(st.sampled_from(places))
    match draw(st.integers(0, 5)):
        case 0:
            del holder[key]
        case 1:
            other, other_key = draw(st.sampled_from(places))
            holder[key] = deepcopy(other[other_key])
        case 2 if isinstance(holder, dict):
            holder[draw(st.sampled_from(TEXTS[1:]))] = holder.pop(key)
        case 3:
            holder[key] = DEEP
        case 4:
            holder[key] = [holder[key]] * draw(st.sampled_from([1, 2, 30]))
        case _:
            value = draw(st.sampled_from(VALUES) | st.text(max_size=20) | st.integers())
            holder[key] = deepcopy(value)


def _list_places(tree: Any) -> Any:
    """Yield the container and the key, or index, of every value in a tree of JSON."""
    if isinstance(tree, dict | list):
        for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
            yield tree, key
            yield from _list_places(tree[key])


def _change_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    at = draw(st.integers(0, len(content)))
    end = draw(st.integers(at, min(len(content), at + 40)))
    match draw(st.integers(0, 5)):
        case 0:
            return content[:at]
        case 1:
            return content[:at] + content[end:]
        case 2:
            return (
                content[:end] + content[at:end] * draw(st.sampled_from([1, 2, 100])) + content[end:]
            )
        case 3:
            return content[:at] + draw(st.binary(max_size=8)) + content[end:]
        case 4 if at < len(content):
            return (
                content[:at]
                + bytes([content[at] ^ 1 << draw(st.integers(0, 7))])
                + content[at + 1 :]
            )
        case _:
            return content[:at] + draw(st.sampled_from(BYTES)) + content[at:]
