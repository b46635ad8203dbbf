"""The event's rules: what is taken, what is refused, and how the refusal reads."""

from typing import Any

import pytest

from prooftrail.errors import InvalidEventError
from prooftrail.event.model import MAX_LISTED_UNKNOWN, ActorType, AuditAction, AuditEvent
from prooftrail.event.times import MAX_CLOCK_SKEW_MS, MAX_TIMESTAMP_MS, format_timestamp
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
        actorType="AssumedRole",
        onBehalfOf={"userId": "b" * 256, "username": "\u00fc"},
        action="a" * 128,
        resourceType="0:._-/",
        resourceId="#/\n",
        targets=[{"type": "team", "id": "t-1", "name": "Ops"}, {"type": "team", "id": "#"}] * 10,
        details={"a": [1, 2.5, None, {"b": True}]},
        metadata={},
        changes={"before": {"a": 1}, "after": {"a": 2}, "fields": ["a"]},
        ipAddress="2001:db8::1",
        userAgent="curl/8",
        sessionId="s",
        requestId="r",
        traceId="4bf92f3577b34da6a3ce929d0e0e4736",
        success=False,
        errorMessage="e" * 10_000,
        v=1,
    )
    assert make_audit_event(raw).to_json() == raw


OPTIONAL_TEXTS = (
    "eventId",
    "timestamp",
    "tenantId",
    "userId",
    "username",
    "actorType",
    "ipAddress",
    "userAgent",
    "sessionId",
    "requestId",
    "traceId",
    "errorMessage",
)


def test_nulls_are_absent_fields() -> None:
    others = ("success", "details", "metadata", "changes", "targets", "onBehalfOf", "v")
    nulls = dict.fromkeys((*OPTIONAL_TEXTS, *others))
    assert make_audit_event(event_json(**nulls)) == make_audit_event(event_json())


def test_an_empty_list_of_targets_is_an_absent_field() -> None:
    """So that one operation has one canonical form."""
    assert make_audit_event(event_json(targets=[])) == make_audit_event(event_json())


def test_targets_and_on_behalf_of_follow_the_rules_of_the_event_s_own_fields() -> None:
    event = make_audit_event(
        event_json(
            targets=[{"type": "user", "id": 7, "name": ""}, {"type": "t", "id": 8.0, "name": 9}],
            onBehalfOf={"userId": 7.0, "username": None},
        )
    ).to_json()
    assert event["targets"] == [{"type": "user", "id": "7"}, {"type": "t", "id": "8", "name": "9"}]
    assert event["onBehalfOf"] == {"userId": "7"}


def test_a_trace_id_is_kept_in_lower_case() -> None:
    event = make_audit_event(event_json(traceId="4BF92F3577B34DA6A3CE929D0E0E4736"))
    assert event.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("actor_type", ActorType)
def test_well_known_types_of_actors_are_plain_names(actor_type: ActorType) -> None:
    assert make_audit_event(event_json(actorType=str(actor_type))).actor_type == actor_type


def test_an_empty_text_in_an_optional_text_field_is_an_absent_field() -> None:
    empty = dict.fromkeys(OPTIONAL_TEXTS, "")
    assert make_audit_event(event_json(**empty)) == make_audit_event(event_json())
    texts = {"string", "date-time"}
    schema = AuditEvent.model_json_schema(by_alias=True)["properties"]
    others = {"action", "resourceType", "resourceId"}
    fields = {
        name
        for name, rule in schema.items()
        if texts & {each.get("type") for each in rule.get("anyOf", [rule])} and name not in others
    }
    assert fields == set(OPTIONAL_TEXTS)


def test_an_integer_in_an_id_becomes_text() -> None:
    names = ("eventId", "tenantId", "userId", "username", "resourceId", "sessionId", "requestId")
    event = make_audit_event(event_json(**dict.fromkeys(names, 42))).to_json()
    assert {name: event[name] for name in names} == dict.fromkeys(names, "42")
    assert make_audit_event(event_json(userId=-(2**64))).user_id == "-18446744073709551616"
    assert make_audit_event(event_json(userId=10**256 - 1)).user_id == "9" * 256


def test_an_integer_may_be_written_as_a_double() -> None:
    """For JSON Schema and RFC 8785 5.0 is the integer 5, and some languages have only doubles."""
    event = make_audit_event(
        event_json(userId=5.0, timestamp=float(NOW_MS), resourceId=-0.0, v=1.0)
    )
    assert event == make_audit_event(event_json(userId=5, timestamp=NOW_MS, resourceId=0, v=1))
    assert make_audit_event(event_json(userId=1e22)).user_id == "1" + "0" * 22


@pytest.mark.parametrize(
    "fields",
    [
        {"userId": 42, "ipAddress": "[::ffff:203.0.113.77]:443", "timestamp": NOW_MS},
        {"timestamp": "1990-12-31 15:59:60-0800", "userAgent": "", "v": None},
        {"changes": {"before": {"a": 1e18}, "after": None}, "details": {"n": 10**18}},
    ],
)
def test_the_json_of_an_event_is_read_as_the_same_event(fields: dict[str, Any]) -> None:
    event = make_audit_event(event_json(**fields))
    assert make_audit_event(event.to_json()) == event


@pytest.mark.parametrize("name", ["Microsoft.Compute/virtualMachines/write", "pods/exec"])
def test_names_of_azure_and_kubernetes_are_taken(name: str) -> None:
    event = make_audit_event(event_json(action=name, resourceType=name))
    assert (event.action, event.resource_type) == (name, name)


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


NAME = r"must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"
TENANT = r"must match ^[A-Za-z0-9._-]{1,64}$"
STRING = "must be a string"
OBJECT = "must be a JSON object"
EMPTY = "must not be empty"
RFC_3339 = "must be an RFC 3339 date and time with an offset"
TIME = "must be an RFC 3339 text, or an integer: milliseconds since 1970"
SECONDS = "as an integer must be milliseconds since 1970: too small, perhaps it is in seconds"
ADDRESS = "must be an IPv4 or IPv6 address"
UNICODE = "must be Unicode without lone surrogates"
TRACE = "must be a trace id: 32 hexadecimal digits"


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"action": ""}, ("action", EMPTY, "")),
        ({"resourceType": ""}, ("resourceType", EMPTY, "")),
        ({"action": "/hunter2"}, ("action", NAME, "string of length 8")),
        ({"action": ".hunter2"}, ("action", NAME, "string of length 8")),
        ({"action": "hunter2#x"}, ("action", NAME, "string of length 9")),
        ({"action": "hunter2|x"}, ("action", NAME, "string of length 9")),
        ({"action": "hunter2\n"}, ("action", NAME, "string of length 8")),
        ({"action": "a" * 129}, ("action", NAME, "string of length 129")),
        ({"resourceType": "hünter2"}, ("resourceType", NAME, "string of length 7")),
        ({"resourceType": ["hunter2"]}, ("resourceType", STRING, "list of length 1")),
        ({"resourceId": ""}, ("resourceId", EMPTY, "")),
        ({"resourceId": True}, ("resourceId", STRING, "boolean")),
        ({"resourceId": 1.5}, ("resourceId", STRING, "number")),
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
        ({"userId": 7.5}, ("userId", STRING, "number")),
        ({"userId": False}, ("userId", STRING, "boolean")),
        ({"userId": 10**256}, ("userId", STRING, "number")),
        ({"userId": -(10**5_000)}, ("userId", STRING, "number")),
        ({"action": 7}, ("action", STRING, "number")),
        ({"userAgent": 7}, ("userAgent", STRING, "number")),
        ({"tenantId": 10**64}, ("tenantId", TENANT, "string of length 65")),
        ({"details": ""}, ("details", OBJECT, "string of length 0")),
        ({"success": ""}, ("success", "must be true or false", "string of length 0")),
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
        ({"timestamp": 1_764_000_000}, ("timestamp", SECONDS, "number")),
        ({"timestamp": 0}, ("timestamp", SECONDS, "number")),
        ({"timestamp": -1}, ("timestamp", SECONDS, "number")),
        (
            {"timestamp": MAX_TIMESTAMP_MS + 1},
            ("timestamp", "as an integer must be milliseconds since 1970: too large", "number"),
        ),
        ({"timestamp": True}, ("timestamp", TIME, "boolean")),
        ({"timestamp": 1_764_000_000_000.5}, ("timestamp", TIME, "number")),
        ({"timestamp": [HIDDEN]}, ("timestamp", TIME, "list of length 1")),
        (
            {"timestamp": "0001-01-01T00:00:00Z"},
            (
                "timestamp",
                "is the zero time of Go, which means that it was never set: set it or leave it out",
                "string of length 20",
            ),
        ),
        (
            {"timestamp": "2025-11-24T10:00:60Z"},
            ("timestamp", "must be a date and time of the calendar", "string of length 20"),
        ),
        (
            {"timestamp": "2025-02-30T10:00:00Z"},
            ("timestamp", "must be a date and time of the calendar", "string of length 20"),
        ),
        (
            {"timestamp": "1969-12-31T23:59:59Z"},
            ("timestamp", "must lie within the years 1970 to 9999", "string of length 20"),
        ),
        ({"hunter": HIDDEN}, ("hunter", "is not a field of an audit event", "string of length 7")),
        ({"hunter": None}, ("hunter", "is not a field of an audit event", "null")),
        ({"hunter": ""}, ("hunter", "is not a field of an audit event", "string of length 0")),
        ({"user_id": None}, ("user_id", "is not a field of an audit event", "null")),
        (
            {"changes": {"hunter": None}},
            ("changes.hunter", "is not a field of an audit event", "null"),
        ),
        ({"user_id": "u"}, ("user_id", "is not a field of an audit event", "string of length 1")),
        ({"actorType": "hünter2"}, ("actorType", NAME, "string of length 7")),
        ({"actorType": 7}, ("actorType", STRING, "number")),
        ({"traceId": HIDDEN}, ("traceId", TRACE, "string of length 7")),
        ({"traceId": "\uff11" * 32}, ("traceId", TRACE, "string of length 32")),
        ({"traceId": "0" * 31 + "1\n"}, ("traceId", TRACE, "string of length 33")),
        (
            {"traceId": "0" * 32},
            (
                "traceId",
                "is all zeros, which means that there is no trace: leave it out",
                "string of length 32",
            ),
        ),
        ({"traceId": 7}, ("traceId", STRING, "number")),
        ({"targets": {}}, ("targets", "must be a list", "object of 0 keys")),
        ({"targets": ""}, ("targets", "must be a list", "string of length 0")),
        ({"targets": [None]}, ("targets.0", OBJECT, "null")),
        ({"targets": [{"id": "x"}]}, ("targets.0.type", "required", "")),
        ({"targets": [{"type": "t", "id": None}]}, ("targets.0.id", "required", "")),
        ({"targets": [{"type": "t", "id": ""}]}, ("targets.0.id", EMPTY, "")),
        ({"targets": [{"type": "", "id": "x"}]}, ("targets.0.type", EMPTY, "")),
        (
            {"targets": [{"type": "t", "id": "x"}, {"type": "#hunter2", "id": "x"}]},
            ("targets.1.type", NAME, "string of length 8"),
        ),
        (
            {"targets": [{"type": "t", "id": "x"}] * 21},
            ("targets", "must have at most 20 items", "list of length 21"),
        ),
        (
            {"targets": [{"type": "t", "id": "x", "hunter": None}]},
            ("targets.0.hunter", "is not a field of an audit event", "null"),
        ),
        ({"onBehalfOf": HIDDEN}, ("onBehalfOf", OBJECT, "string of length 7")),
        ({"onBehalfOf": {}}, ("onBehalfOf.userId", "required", "")),
        ({"onBehalfOf": {"userId": ""}}, ("onBehalfOf.userId", EMPTY, "")),
        ({"onBehalfOf": {"userId": True}}, ("onBehalfOf.userId", STRING, "boolean")),
        (
            {"onBehalfOf": {"userId": "u", "hunter": HIDDEN}},
            ("onBehalfOf.hunter", "is not a field of an audit event", "string of length 7"),
        ),
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
        ("2025-11-24 12:00:00.5+0100", "2025-11-24T11:00:00.500Z"),
        ("2025-11-24 11:00:00.123Z", "2025-11-24T11:00:00.123Z"),
        ("2016-12-31T23:59:60.250Z", "2016-12-31T23:59:59.999Z"),
        (1_764_000_000_123, "2025-11-24T16:00:00.123Z"),
        (100_000_000_000, "1973-03-03T09:46:40.000Z"),
        ("2024-02-29T23:30:00.5-01:30", "2024-03-01T01:00:00.500Z"),
    ],
)
def test_a_timestamp_is_kept_in_utc_to_the_millisecond(given: str | int, kept: str) -> None:
    assert make_audit_event(event_json(timestamp=given)).timestamp == kept


def test_a_day_ahead_is_the_most() -> None:
    latest = NOW_MS + MAX_CLOCK_SKEW_MS
    assert make_audit_event(event_json(timestamp=format_timestamp(latest)))
    [(path, rule, got)] = problems_of(event_json(timestamp=format_timestamp(latest + 1)))
    assert (path, rule) == ("timestamp", "must not lie more than 24 hours in the future")
    assert got == "86400 s ahead"


def test_an_integer_lies_a_day_ahead_at_most_too() -> None:
    [(path, rule, _)] = problems_of(event_json(timestamp=NOW_MS + MAX_CLOCK_SKEW_MS + 1))
    assert (path, rule) == ("timestamp", "must not lie more than 24 hours in the future")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2001:0DB8:0::0001", "2001:db8::1"),
        ("203.0.113.9:41234", "203.0.113.9"),
        ("[fe80::1%eth0]:443", "fe80::1"),
        ("::ffff:203.0.113.77", "203.0.113.77"),
    ],
)
def test_one_address_has_one_form(given: str, kept: str) -> None:
    assert make_audit_event(event_json(ipAddress=given)).ip_address == kept


@pytest.mark.parametrize(
    ("before", "after", "fields"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1, "b": 1}, {"b": 2, "c": None}, ["a", "b", "c"]),
        ({"a": 1}, {"a": True}, ["a"]),
        ({"a": 1, "b": 0}, {"a": 1.0, "b": -0.0}, []),
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


def test_names_that_are_not_fields_are_told_beside_the_other_problems() -> None:
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event({"action": "", "x": 1, "changes": {"y": None}, "resourceType": "t"})
    assert str(caught.value) == (
        "Missing required audit fields: resourceId; action: must not be empty; "
        "changes.y: is not a field of an audit event (got null); "
        "x: is not a field of an audit event (got number)"
    )


@pytest.mark.parametrize("place", ["", "changes", "changes.fields", "targets", "onBehalfOf"])
def test_thousands_of_broken_rules_are_not_listed_one_by_one(place: str) -> None:
    """The model's own list of them takes half a kilobyte for each."""
    strays = {f"stray-{number}": number for number in range(9_000)}
    raw: dict[str, Any] = {
        "": {**event_json(), **strays},
        "changes": event_json(changes=strays),
        "changes.fields": event_json(changes={"fields": list(strays.values())}),
        "targets": event_json(targets=[{"type": "t", "id": "x", "stray": 1}] * 2_000),
        "onBehalfOf": event_json(onBehalfOf={"userId": "u", **strays}),
    }[place]
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event(raw)
    assert len(caught.value.problems) <= MAX_LISTED_UNKNOWN + 1
    if place in {"", "changes", "onBehalfOf"}:
        assert str(caught.value).endswith("; and 8980 more")


@pytest.mark.parametrize("raw", [{}, {"x": 1}, 7, [], "text", None])
def test_what_has_no_field_of_an_event_does_not_reach_the_model(
    raw: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AuditEvent, "model_validate", None)
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event(raw)
    missing = "Missing required audit fields: action, resourceType, resourceId"
    assert str(caught.value).startswith(
        missing if isinstance(raw, dict) else "an event must be a JSON object"
    )
