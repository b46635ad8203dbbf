"""Events for the tests of exports: realistic samples, and a strategy for any valid event."""

import json
from typing import Any

from hypothesis import strategies as st

from prooftrail.event.canonical import MAX_SAFE_INTEGER
from prooftrail.event.model import AuditAction
from prooftrail.event.record import EventRecord
from prooftrail.export.entries import decode_fields
from prooftrail.export.ports import ExportedEvent
from prooftrail.query.ports import StoredEvent
from tests.support.samples import NOW_MS, make_event_record

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
LABEL = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
NAME = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,20}", fullmatch=True)
ADDRESS = st.ip_addresses().map(str).filter(lambda address: "%" not in address)
VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_SAFE_INTEGER, MAX_SAFE_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
OBJECT = st.dictionaries(TEXT, VALUE, max_size=3)


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
            "success": st.booleans(),
            "errorMessage": TEXT,
        },
    )
    return st.builds(lambda raw, at: make_exported_event(at, **raw), fields, st.integers(0, 2**53))


def make_exported_event(position: int = 0, **fields: Any) -> ExportedEvent:
    """Return an event with these fields in the form that an export writes."""
    record = make_event_record(**fields)
    stored = StoredEvent(record.id, record.digest, NOW_MS + 1, record.canonical)
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
]


def make_records(count: int, **fields: Any) -> list[EventRecord]:
    """Return `count` different events of three tenants."""
    return [
        make_event_record(
            eventId=f"e-{n}",
            tenantId=("acme", "globex", "initech")[n % 3],
            userId=f"u-{n % 7}",
            details={"n": n, "text": "é\u2028"},
            **fields,
        )
        for n in range(count)
    ]


def parse_json_lines(content: bytes) -> list[dict[str, Any]]:
    """Parse each line as a JSON object."""
    return [json.loads(line) for line in content.split(b"\n") if line]
