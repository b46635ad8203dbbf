"""The event's rules: what is taken, what is refused, and how the refusal reads."""

from typing import Any

import pytest

from prooftrail.errors import InvalidEventError
from prooftrail.event.model import AuditAction, AuditEvent
from prooftrail.event.times import MAX_CLOCK_SKEW_MS, format_timestamp
from tests.support.samples import NOW_MS, event_json, make_audit_event

HIDDEN = "hunter2"


def problems_of(raw: object) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event(raw)
    assert HIDDEN not in str(caught.value)
    return [(one.path, one.rule, one.got) for one in caught.value.problems]


def test_the_least_event_gets_its_defaults() -> None:
    event = make_audit_event(event_json())
    assert event.to_json() == {
        "eventId": "e-1",
        "timestamp": format_timestamp(NOW_MS),
        "tenantId": "default",
        "action": "user.login",
        "resourceType": "session",
        "resourceId": "s-1",
        "success": True,
        "v": 1,
    }


def test_the_fullest_event_comes_back_as_it_went_in() -> None:
    raw = event_json(
        eventId="x" * 128,
        timestamp="2025-11-24T15:59:59.999Z",
        tenantId="A-z0.9_" * 9,
        userId="u" * 256,
        username="\u00fc\U0001f600",
        action="a" * 128,
        resourceType="0:._-",
        resourceId="#/\n",
        details={"a": [1, 2.5, None, {"b": True}]},
        metadata={},
        changes={"before": {"a": 1}, "after": {"a": 2}, "fields": ["a"]},
        ipAddress="2001:db8::1",
        userAgent="",
        sessionId="s",
        requestId="r",
        success=False,
        errorMessage="e" * 10_000,
        v=1,
    )
    assert make_audit_event(raw).to_json() == raw


def test_nulls_are_absent_fields() -> None:
    nulls = dict.fromkeys(("eventId", "timestamp", "tenantId", "userId", "success", "details"))
    assert make_audit_event(event_json(**nulls)) == make_audit_event(event_json())


def test_an_event_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        make_audit_event(event_json()).user_id = "other"


@pytest.mark.parametrize("action", AuditAction)
def test_well_known_actions_are_plain_names(action: AuditAction) -> None:
    assert make_audit_event(event_json(action=str(action))).action == action


def test_missing_fields_are_named_together() -> None:
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event({"resourceType": "session"})
    assert str(caught.value) == "Missing required audit fields: action, resourceId"


def test_missing_fields_stand_before_other_problems() -> None:
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event({"action": 1, "resourceId": "x"})
    assert str(caught.value) == (
        "Missing required audit fields: resourceType; action: must be a string (got number)"
    )


NAME = r"must match ^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$"
TENANT = r"must match ^[A-Za-z0-9._-]{1,64}$"
STRING = "must be a string"
OBJECT = "must be a JSON object"
TOO_SHORT = "must have at least 1 character"
RFC_3339 = "must be an RFC 3339 date and time with an offset"
ADDRESS = "must be an IPv4 or IPv6 address"
UNICODE = "must be Unicode without lone surrogates"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"action": ""}, ("action", NAME, "string of length 0")),
        ({"action": ".hunter2"}, ("action", NAME, "string of length 8")),
        ({"action": "hunter2#x"}, ("action", NAME, "string of length 9")),
        ({"action": "hunter2|x"}, ("action", NAME, "string of length 9")),
        ({"action": "hunter2\n"}, ("action", NAME, "string of length 8")),
        ({"action": "a" * 129}, ("action", NAME, "string of length 129")),
        ({"resourceType": "hünter2"}, ("resourceType", NAME, "string of length 7")),
        ({"resourceType": ["hunter2"]}, ("resourceType", STRING, "list of length 1")),
        ({"resourceId": ""}, ("resourceId", TOO_SHORT, "string of length 0")),
        (
            {"resourceId": HIDDEN * 40},
            ("resourceId", "must have at most 256 characters", "string of length 280"),
        ),
        (
            {"eventId": HIDDEN * 20},
            ("eventId", "must have at most 128 characters", "string of length 140"),
        ),
        ({"tenantId": "hunter2#"}, ("tenantId", TENANT, "string of length 8")),
        ({"tenantId": "hunter2/"}, ("tenantId", TENANT, "string of length 8")),
        ({"tenantId": "x" * 65}, ("tenantId", TENANT, "string of length 65")),
        ({"tenantId": "x\n"}, ("tenantId", TENANT, "string of length 2")),
        ({"userId": ""}, ("userId", TOO_SHORT, "string of length 0")),
        ({"userId": 7}, ("userId", STRING, "number")),
        ({"userId": "\ud800hunter2"}, ("userId", UNICODE, "string of length 8")),
        ({"username": {}}, ("username", STRING, "object of 0 keys")),
        ({"success": "hunter2"}, ("success", "must be true or false", "string of length 7")),
        ({"success": 1}, ("success", "must be true or false", "number")),
        ({"details": "hunter2"}, ("details", OBJECT, "string of length 7")),
        ({"metadata": [1]}, ("metadata", OBJECT, "list of length 1")),
        ({"changes": "hunter2"}, ("changes", OBJECT, "string of length 7")),
        ({"changes": {"before": 1.5}}, ("changes.before", OBJECT, "number")),
        ({"changes": {"fields": "a"}}, ("changes.fields", "must be a list", "string of length 1")),
        ({"changes": {"fields": ["a", True]}}, ("changes.fields.1", STRING, "boolean")),
        (
            {"changes": {"hunter": HIDDEN}},
            ("changes.hunter", "is not a field of an audit event", "string of length 7"),
        ),
        ({"ipAddress": "hunter2"}, ("ipAddress", ADDRESS, "string of length 7")),
        ({"ipAddress": "1.2.3.4/24"}, ("ipAddress", ADDRESS, "string of length 10")),
        (
            {"ipAddress": "fe80::1%" + HIDDEN * 10},
            ("ipAddress", "must have at most 64 characters", "string of length 78"),
        ),
        ({"timestamp": "hunter2"}, ("timestamp", RFC_3339, "string of length 7")),
        ({"timestamp": "2025-11-24T10:00:00"}, ("timestamp", RFC_3339, "string of length 19")),
        ({"timestamp": "2025-11-24"}, ("timestamp", RFC_3339, "string of length 10")),
        ({"timestamp": 1_764_000_000}, ("timestamp", STRING, "number")),
        (
            {"timestamp": "2025-02-30T10:00:00Z"},
            ("timestamp", "must be a date and time of the calendar", "string of length 20"),
        ),
        (
            {"timestamp": "1969-12-31T23:59:59Z"},
            ("timestamp", "must lie within the years 1970 to 9999", "string of length 20"),
        ),
        ({"hunter": HIDDEN}, ("hunter", "is not a field of an audit event", "string of length 7")),
        ({"user_id": "u"}, ("user_id", "is not a field of an audit event", "string of length 1")),
        ({"v": 2}, ("v", "must be 1", "number")),
        ({"v": True}, ("v", "must be an integer", "boolean")),
    ],
)
def test_a_broken_rule_is_named_with_its_path(
    fields: dict[str, Any], problem: tuple[str, str, str]
) -> None:
    assert problems_of(event_json(**fields)) == [problem]


@pytest.mark.parametrize(
    ("raw", "got"),
    [
        (None, "null"),
        ("hunter2", "string of length 7"),
        ([1], "list of length 1"),
        (True, "boolean"),
        (1.5, "number"),
    ],
)
def test_an_event_is_an_object(raw: object, got: str) -> None:
    assert problems_of(raw) == [("", "an event must be a JSON object", got)]


def test_every_problem_is_named_and_the_text_stays_short() -> None:
    many = {f"x{n}": HIDDEN for n in range(100)}
    with pytest.raises(InvalidEventError, match=r"and 80 more$") as caught:
        make_audit_event(event_json(**many))
    assert len(caught.value.problems) == 100
    long = event_json(**{"x" * 5_000: HIDDEN})
    [(path, _, _)] = problems_of(long)
    assert len(path) == 101


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2025-11-24T12:00:00+01:00", "2025-11-24T11:00:00.000Z"),
        ("2025-11-23t23:59:59.9999z", "2025-11-23T23:59:59.999Z"),
        ("2025-11-23T23:59:59.999z", "2025-11-23T23:59:59.999Z"),
        ("2025-11-23t23:59:59.999Z", "2025-11-23T23:59:59.999Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        ("2024-02-29T23:30:00.5-01:30", "2024-03-01T01:00:00.500Z"),
    ],
)
def test_a_timestamp_is_kept_in_utc_to_the_millisecond(given: str, kept: str) -> None:
    assert make_audit_event(event_json(timestamp=given)).timestamp == kept


def test_a_day_ahead_is_the_most() -> None:
    latest = NOW_MS + MAX_CLOCK_SKEW_MS
    assert make_audit_event(event_json(timestamp=format_timestamp(latest)))
    [(path, rule, got)] = problems_of(event_json(timestamp=format_timestamp(latest + 1)))
    assert (path, rule) == ("timestamp", "must not lie more than 24 hours in the future")
    assert got == "86400 s ahead"


def test_one_address_has_one_form() -> None:
    event = make_audit_event(event_json(ipAddress="2001:0DB8:0::0001"))
    assert event.ip_address == "2001:db8::1"


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 1}, {"b": 2, "c": None}, ["a", "b", "c"]),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]}, []),
        ({"a": 1}, None, ["a"]),
        (None, None, []),
    ],
)
def test_changed_fields_are_derived(before: Any, after: Any, fields: list[str]) -> None:
    event = make_audit_event(event_json(changes={"before": before, "after": after}))
    assert event.changes is not None
    assert event.changes.fields == fields


def test_given_changed_fields_are_kept() -> None:
    event = make_audit_event(event_json(changes={"before": {"a": 1}, "fields": ["z"]}))
    assert event.changes is not None
    assert event.changes.fields == ["z"]


@pytest.mark.parametrize("depth", [200, 900, 5_000])
def test_deep_nesting_does_not_crash(depth: int) -> None:
    nested: Any = 1
    for _ in range(depth):
        nested = [nested]
    for fields in ({"details": {"a": nested}}, {"changes": {"before": {"a": nested}}}):
        try:
            assert isinstance(make_audit_event(event_json(**fields)), AuditEvent)
        except InvalidEventError as error:
            assert "nest" in str(error)  # noqa: PT017  # either answer will do
