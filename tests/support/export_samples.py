"""Events for the tests of exports: realistic samples, and a strategy for any valid event."""

import json
import string
from functools import cache
from operator import add
from typing import Any

from hypothesis import strategies as st

from prooftrail.event.canonical import MAX_SAFE_INTEGER, canonicalize
from prooftrail.event.model import ActorType, AuditAction
from prooftrail.event.record import EventRecord
from prooftrail.export.entries import decode_fields
from prooftrail.export.ports import ExportedEvent
from prooftrail.query.ports import StoredEvent
from tests.support.samples import NOW_MS, make_event_record

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
LABEL = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
LETTERS = string.ascii_letters + string.digits  # text of given letters is drawn faster than a regex
NAME = st.builds(add, st.sampled_from(LETTERS), st.text(f"{LETTERS}._:/-", max_size=20))
SUBMITTER = st.text([chr(code) for code in range(0x20, 0x7F)], min_size=1, max_size=40)
ADDRESS = st.ip_addresses().map(str).filter(lambda address: "%" not in address)
# Doubles that RFC 8785 writes as digits, which Python reads as integers.
LARGE_INTEGER = st.floats(-1e20, 1e20).map(
    lambda number: json.loads(canonicalize(float(round(number))))
)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | LARGE_INTEGER
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(TEXT, VALUE, max_size=3)
TARGET = st.fixed_dictionaries(
    {"type": st.sampled_from(["user", "User", "team"]) | NAME, "id": LABEL},
    optional={"name": LABEL},
)


def events() -> st.SearchStrategy[ExportedEvent]:
    """Return a strategy for any valid event at any position."""
    fields = st.fixed_dictionaries(
        {
            "action": st.sampled_from(AuditAction).map(str) | NAME,
            "resourceType": st.sampled_from(["user", "Policy", "order"]) | NAME,
            "resourceId": LABEL,
        },
        optional={
            "tenantId": st.sampled_from(["acme", "a_b.c-d"]),
            "userId": LABEL,
            "username": LABEL,
            "details": OBJECT,
            "metadata": OBJECT,
            "changes": st.fixed_dictionaries({}, optional={"before": OBJECT, "after": OBJECT}),
            "ipAddress": ADDRESS,
            "userAgent": TEXT,
            "sessionId": LABEL,
            "requestId": LABEL,
            "actorType": st.sampled_from(ActorType).map(str) | NAME,
            "onBehalfOf": st.fixed_dictionaries({"userId": LABEL}, optional={"username": LABEL}),
            "targets": st.lists(TARGET, max_size=3),
            "traceId": st.integers(1, 2**128 - 1).map("{:032x}".format),
            "success": st.booleans(),
            "errorMessage": TEXT,
        },
    )
    return st.builds(
        lambda raw, at, who: make_exported_event(at, submitted_by=who, **raw),
        fields,
        st.integers(0, 2**53),
        st.none() | SUBMITTER,
    )


def make_exported_event(position: int = 0, **fields: Any) -> ExportedEvent:
    """Return an event with these fields in the form that an export writes."""
    return as_exported(make_event_record(**fields), position)


def as_exported(record: EventRecord, position: int = 0) -> ExportedEvent:
    """Return a record's event in the form that an export writes."""
    stored = StoredEvent(
        record.id, record.digest, NOW_MS + 1, record.canonical, record.submitted_by
    )
    return ExportedEvent(position, stored, decode_fields(record.canonical))


SAMPLES: list[dict[str, Any]] = [
    {"action": str(action), "userId": "u-1", "resourceType": str(action).partition(".")[0]}
    for action in AuditAction
] + [
    {"action": "user.login"},
    {"action": "user.login", "username": "ada", "success": False, "errorMessage": "no"},
    {"action": "order.approve", "sessionId": "s-1", "requestId": "r-1"},
    {"action": "Group.Suspend", "resourceType": "Group", "changes": {"after": {"a": [1, None]}}},
    {"action": "x", "resourceType": "policy", "changes": {"before": {"a": 1}}},
    {
        "action": "guild.settings.update",
        "ipAddress": "2001:db8::1",
        "userAgent": "curl/8",
        "details": {"a": 1e-7, "=b": "\u2028"},
        "metadata": {"n": None},
        "changes": {"before": {"a": 1}, "after": {"a": 2}},
    },
    {"action": "user.logout", "userId": "u-1", "ipAddress": "::ffff:203.0.113.7", "userAgent": ""},
    {"action": "user.login", "userId": "u-1", "actorType": "system", "onBehalfOf": {"userId": "u"}},
    {
        "action": "member.add",
        "resourceType": "team",
        "userId": "u-1",
        "actorType": "agent",
        "onBehalfOf": {"userId": "u-2", "username": "Ada"},
        "targets": [
            {"type": "role", "id": "r-1", "name": "admin"},
            {"type": "user", "id": "u-3", "name": "Bo"},
            {"type": "user", "id": "u-1"},
        ],
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
    },
]


def make_records(count: int) -> list[EventRecord]:
    """Return `count` different events of three tenants."""
    return [_make_record(number) for number in range(count)]


@cache
def _make_record(number: int) -> EventRecord:
    return make_event_record(
        eventId=f"e-{number}",
        tenantId=("acme", "globex", "initech")[number % 3],
        userId=f"u-{number % 7}",
        details={"n": number, "text": "é\u2028"},
    )


def parse_json_lines(content: bytes) -> list[dict[str, Any]]:
    """Parse each line as a JSON object."""
    return [json.loads(line) for line in content.split(b"\n") if line]


def nest(depth: int) -> Any:
    """Return an object in an object, this many times."""
    value: Any = "leaf"
    for _ in range(depth):
        value = {"a": value}
    return value


# Objects that break a store that derives its types from the events: the same key in two cases,
# the same path with another type, keys with dots, and keys that a store does not take.
FREE_OBJECTS: list[dict[str, Any]] = [
    {"accessKeyId": "AKIA", "accesskeyid": "akia", "ACCESSKEYID": 1},
    {"request": "GET /", "role": "admin", "size": 1, "at": "2026-11-24", "flag": True},
    {"request": {"method": "GET"}, "role": ["a", "b"], "size": "large", "at": "soon", "flag": "no"},
    {"request": None, "role": {"name": "admin"}, "size": 1.5, "at": {"day": 1}, "flag": [1, "a"]},
    {"request": ["GET", {"method": 1}], "size": 1e300, "at": 1, "flag": {}},
    {"a.b": 1, "a": {"b": {"c": 2}}},
    {"a.b": {"c": 1}, "a": "text"},
    {"a": [{"b": 1}, {"b": "x"}, {"b": {"c": []}}, [[1], "x"]]},
    {"": 1, " ": {"": 2}, ".": 3, "a.": {"..": 4}},
    {"\0": 1, "a\0b": {"c": "\0"}, "value": "\0"},
    {"k" * 20_000: {"k" * 20_000: 1}},
    {"text": "x" * 40_000, "emoji": "\U0001f600" * 9_000},
    {"wei": 1e18, "huge": 1e21, "small": 5e-324, "negative": -0.0, "max": 1.7976931348623157e308},
    {"big": 100000000000000000000.0, "safe": MAX_SAFE_INTEGER, "text": "\u2028\r\n\t\"'\\"},
    nest(90),
    {},
]


def make_awkward_records() -> list[EventRecord]:
    """Return events with objects, ids and texts that break a store which derives types."""
    texts = ["2026-11-24", "12", "true", "2001:db8::1", "a\nb", "=1", "'", '"', "{}", "null", "é"]
    raw: list[dict[str, Any]] = []
    for free in FREE_OBJECTS:
        raw += [
            {"details": free},
            {"metadata": free, "changes": {"before": free, "after": {"x": 1}}},
            {"changes": {"before": {"x": free}, "after": free}, "details": {"x": free}},
            {"action": "ConsoleLogin", "userId": "u", "changes": {"after": free}},
        ]
    for text in texts:
        names = ("eventId", "userId", "username", "resourceId", "sessionId", "requestId")
        raw.append(dict.fromkeys((*names, "userAgent", "errorMessage"), text) | {"success": False})
        raw.append({"action": "user.login", "username": text, "ipAddress": "203.0.113.7"})
        targets = [{"type": "user", "id": text, "name": text}]
        behalf = {"userId": text, "username": text}
        raw.append(
            {"targets": targets, "onBehalfOf": behalf, "actorType": "x", "traceId": "a" * 32}
        )
    raw.append({"userAgent": "", "errorMessage": "x" * 100_000, "ipAddress": "2001:db8::1"})
    return [
        make_event_record(**{"eventId": f"e-{n}", "action": "order.update", **fields})
        for n, fields in enumerate(raw)
    ]
