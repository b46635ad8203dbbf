"""Values that the schemas of events and parameters accept or refuse, and how to compare."""

import re
import string
from collections.abc import Iterator, Sequence
from typing import Any

from hypothesis import strategies as st
from jsonschema.exceptions import ValidationError

from prooftrail.event.times import MAX_TIMESTAMP_MS

DATES = [
    "2026-11-24", "2026-02-29", "2024-02-29", "2000-02-29", "2100-02-29", "1970-01-01",
    "1969-12-31", "9999-12-31", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "20261124",
    "2026-11-24T", "2026-11-24T08:00:00Z", "2026-11-24t08:00:00.123456789z",
    "2026-11-24 08:00:00+0000", "2026-11-24T08:00:00+05:30", "2026-11-24T08:00:00-2359",
    "2026-11-24T24:00:00Z", "2026-11-24T08:60:00Z", "2026-11-24T08:00:60Z", "1990-12-31T23:59:60Z",
    "2026-06-30 23:59:60.9Z", "2026-06-30T23:58:60Z", "2026-11-24T08:00:00", "2026-11-24T08:00Z",
    "2026-11-24T08:00:00+24:00", "2026-11-24T08:00:00.Z", "0001-01-01T00:00:00Z",
    "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z",
    f"2026-11-24T08:00:00.{'1' * 43}Z", f"2026-11-24T08:00:00.{'1' * 44}Z",
    "2026-11-24T08:00:00 Z", "Tue, 24 Nov 2026 08:00:00 GMT", "1795507200", "now",
]  # fmt: skip
ADDRESSES = [
    "203.0.113.9", "203.0.113.9:41234", "203.0.113.256", "203.0.113.09", "1.2.3", "0" * 63, "::",
    "::1", "2001:DB8:0::1", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "1::2::3", "::ffff:203.0.113.7",
    " 203.0.113.9 ", "\t203.0.113.9", "[::1]", "[2001:db8::1]:443", "[2001:db8::1%eth0]:443",
    "fe80::1%eth0", "[::1]443",
    "203.0.113.9:123456", "12345::", "a, b", "unknown", "[203.0.113.9]:80", "203.0.113.9%",
    "::1:80",
]  # fmt: skip
TEXTS = [
    "", " ", "a", "u-1", "user.login", "user.*", "*", "a*b", "a/b", "pods/exec", ".a", "a#b", "é",
    "日本", "\U0001f600", "a\n", "\n", "a b", "a" * 64, "a" * 65, "a" * 127 + "*", "a" * 128,
    "audit.trail.", "audit.dead-letters.x", "audit.trail", "audit.cleanups",
    "a" * 129, "a" * 256, "a" * 257, "true", "false", "True", "asc", "desc", "hour", "day", "json",
    "tlog-proof", "audit.cleanup", "~", " a", "a ", "a\tb", "\x7f", "\x00",
]  # fmt: skip
TARGET = {"type": "user", "id": "u-1"}
OBJECTS: list[Any] = [
    {"userId": "u-1"}, {"userId": 5, "username": None}, {"userId": "", "username": "x"},
    {"userId": "a" * 257}, {"userId": None}, {"userId": "u-1", "x": None}, {"username": "x"},
    [TARGET], [TARGET] * 20, [TARGET] * 21, [TARGET, None], [{}], [[TARGET]], [TARGET | {"id": 5}],
    [TARGET | {"id": ""}], [TARGET | {"id": 1.5}], [TARGET | {"id": "a" * 257}],
    [TARGET | {"type": ""}], [TARGET | {"type": 5}], [TARGET | {"type": "a b"}],
    [TARGET | {"name": ""}], [TARGET | {"name": None}], [TARGET | {"name": "a" * 257}],
    [TARGET | {"name": 5.0}], [TARGET | {"x": 1}], [{"type": "user"}], TARGET,
    "4bf92f3577b34da6a3ce929d0e0e4736", "4BF92F3577B34DA6A3CE929D0E0E4736", "0" * 32, "0" * 31,
    "g" * 32, "4bf92f3577b34da6a3ce929d0e0e4736\n",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, 1, 2, -5, 5.0, 1.5, 10**62, 10**63, MAX_TIMESTAMP_MS, 1_795_507_200_000,
    1_795_507_200, 1e11, [], [1], ["a"], [None], {}, {"a": None}, {"before": {"a": 1}},
    {"before": None, "after": None, "fields": None}, {"fields": ["a"]}, {"fields": [1]},
    {"fields": [None]}, {"before": []}, {"before": {"a": {"b": [None, 1e300]}}}, {"x": None},
    {"before": {}, "after": {}}, *OBJECTS, *DATES, *ADDRESSES, *TEXTS,
]  # fmt: skip


def is_beyond_schemas(value: object) -> bool:
    """Return whether the function may accept this value although the schema does not.

    An offset can move a time out of the years 1970 to 9999, or to where RFC 3339 has no leap
    second: the document has no offsets there. The text of an integer can be too long for an id:
    numbers of 64 digits would break what reads the document.
    """
    if isinstance(value, int):
        return len(str(value)) >= 64
    return isinstance(value, str) and bool(
        re.search(r"^(1969|1970|9999|0000)-|:60", value) and re.search(r"[+-]\d\d:?\d\d$", value)
    )


CHARACTERS = st.sampled_from(string.printable + "é\U0001f600\x85")


@st.composite
def draw_variant(draw: st.DrawFn, texts: Sequence[str]) -> str:
    """Return one of the texts with a few characters changed."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(CHARACTERS | st.just("")) + text[at + draw(st.integers(0, 1)) :]
    return text


def match_whole(
    _validator: Any, pattern: str, instance: object, _schema: object
) -> Iterator[ValidationError]:
    """Match as ECMAScript does: `$` is the end of the text, not a line feed before it."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield ValidationError(f"{instance!r} does not match")
