"""Masking of decoded events: what is masked, what is kept, and that masking twice is the same."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.event.canonical import canonicalize
from prooftrail.event.masking import MASK, MASKER, Masker, SecretKeys

HIDDEN = "hunter2-the-secret"
KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # noqa: S105  # of AWS's documentation


@pytest.mark.parametrize("field", ["details", "metadata"])
def test_free_fields_are_masked_at_any_depth(field: str) -> None:
    event = {"action": "x", field: {"a": [{"password": HIDDEN, "n": 1}], "url": "a://u:p@h"}}
    assert MASKER.mask_event(event) == {
        "action": "x",
        field: {"a": [{"password": MASK, "n": 1}], "url": f"a://u:{MASK}@h"},
    }


def test_an_error_message_is_searched_and_other_fields_stay() -> None:
    event = {
        "errorMessage": "cannot reach redis://:p4ss@cache:6379",
        "userId": "a://u:p@h",
        "sessionId": HIDDEN,
        "userAgent": "Bearer 0123456789abcdef",
    }
    assert MASKER.mask_event(event) == {
        **event,
        "errorMessage": f"cannot reach redis://:{MASK}@cache:6379",
    }


def test_fields_of_changes_name_a_secret_that_changed() -> None:
    changes = {"before": {"password": "a", "n": 1}, "after": {"password": "b", "n": 1}}
    masked = MASKER.mask_event({"changes": changes})
    assert masked["changes"] == {
        "before": {"password": MASK, "n": 1},
        "after": {"password": MASK, "n": 1},
        "fields": ["password"],
    }
    unchanged = {"before": {"password": "a"}, "after": {"password": "a"}}
    assert MASKER.mask_event({"changes": unchanged})["changes"]["fields"] == []


@pytest.mark.parametrize(
    "event",
    [
        {"details": {"reason": "late", "n": [1, 2.5, None, True], "passwordChanged": True}},
        {"details": {"password": None}, "changes": {"before": {"n": 1}, "after": {"n": 2}}},
        {"details": "text", "metadata": 7, "changes": [{}], "errorMessage": 5},
        {"details": {"password": MASK, "url": f"a://u:{MASK}@h"}},
        {},
        [],
        "password",
        None,
    ],
)
def test_what_holds_no_secret_is_returned_as_it_is(event: object) -> None:
    assert MASKER.mask_event(event) is event


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        (
            {"credentials": {"accessKeyId": KEY_ID, "sessionToken": HIDDEN, "expiration": "x"}},
            {"credentials": {"accessKeyId": KEY_ID, "sessionToken": MASK, "expiration": "x"}},
        ),
        ({"authorization": {"action": "Microsoft.Storage/write", "scope": "/x"}}, None),
        ({"secret": {"secretName": "db", "defaultMode": 420, "items": [{"key": "a"}]}}, None),
        ({"imagePullSecrets": [{"name": "regcred"}], "secrets": [], "tokens": 5}, None),
        ({"credentials": "arn:aws:iam::123456789012:role/r"}, None),
        ({"token": {"name": "ci", "value": HIDDEN}}, {"token": {"name": "ci", "value": MASK}}),
        ({"tokens": {"github": HIDDEN}}, {"tokens": MASK}),
        ({"tokens": [HIDDEN, 7, None]}, {"tokens": [MASK, MASK, None]}),
        ({"secret": [{"name": "a"}, {"b": HIDDEN}]}, {"secret": [{"name": "a"}, MASK]}),
        ({"password": {"name": HIDDEN}}, {"password": MASK}),
        ({"automountServiceAccountToken": True}, None),
        (
            {"credentials": {"type": "basic", "data": [HIDDEN]}},
            {"credentials": {"type": "basic", "data": [MASK]}},
        ),
        (
            {"secret": {"name": "n", "payload": {"blob": HIDDEN}}},
            {"secret": {"name": "n", "payload": MASK}},
        ),
        ({"authorization": {"scope": "/x", "evidence": {"role": "Owner", "roleId": "7"}}}, None),
    ],
)
def test_an_object_that_describes_a_secret_keeps_its_description(
    value: dict[str, Any], masked: dict[str, Any] | None
) -> None:
    assert MASKER.mask_json(value) == (masked or value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("name", "value"), ("key", "value"), ("Key", "Value"), ("displayName", "newValue")),
        *(("field", "old"), ("field", "to"), ("Field", "OldValue"), ("fieldName", "changedFrom")),
        *(("header", "value"), ("name", "default"), ("path", "value"), ("column", "before")),
        *(("parameterKey", "parameterValue"), ("ParameterName", "ParameterValue")),
        *(("optionName", "value"), ("name", "stringValue"), ("field", "oldValue")),
    ],
)
def test_a_value_is_masked_by_the_name_beside_it(name: str, value: str) -> None:
    pair = {name: "DB_PASSWORD", value: HIDDEN}
    assert MASKER.mask_json([pair]) == [{name: "DB_PASSWORD", value: MASK}]
    refused = MASKER.mask_refused({"extra": [pair]})
    assert refused == {"extra": [{name: "DB_PASSWORD", value: MASK}]}
    for kept in ({name: "city", value: HIDDEN}, {name: "DB_PASSWORD", value: None}):
        assert MASKER.mask_json([kept]) == [kept]


def test_a_header_in_a_list_of_headers_is_masked() -> None:
    headers = [["Cookie", HIDDEN], ["Accept", "*"], ["token", None]]
    assert MASKER.mask_json(headers) == [["Cookie", MASK], ["Accept", "*"], ["token", None]]
    assert MASKER.mask_json(["token", "password"]) == ["token", "password"]
    triple = ["Cookie", HIDDEN, {"secure": True}]
    assert MASKER.mask_json([triple]) == [["Cookie", MASK, {"secure": True}]]
    words = [["token", "user", "date"]]
    assert MASKER.mask_json(words) is words


@pytest.mark.parametrize(
    "value",
    [
        {"pass": 10, "fail": 2},
        {"TOKENS": 5},
        {"code": "ORD-2024-0001"},
        {"encryption_key": "alias/x"},
        {"accessKey": KEY_ID},
        {"password": "", "pin": 0, "secret": {}, "h": [["token", ""]]},
        {"token": {"type": "x", "hash": ""}},
    ],
)
def test_what_is_no_secret_stays_under_the_name_of_one(value: object) -> None:
    assert MASKER.mask_json(value) is value
    assert MASKER.mask_refused(value) is value


def test_the_id_of_an_aws_key_under_any_name_reveals_the_secret_beside_it() -> None:
    pair = {"accessKey": KEY_ID, "other": SECRET_KEY}
    assert MASKER.mask_json(pair) == {"accessKey": KEY_ID, "other": MASK}
    assert MASKER.mask_refused(pair) == {"accessKey": KEY_ID, "other": MASK}


def test_secrets_in_names_are_masked() -> None:
    url, masked = "postgres://u:hunter2@h", f"postgres://u:{MASK}@h"
    for mask in (MASKER.mask_json, MASKER.mask_refused):
        assert mask({url: 1, "a": {url: 2}}) == {masked: 1, "a": {masked: 2}}
        assert mask({"secret": {"name": "n", url: 1}}) == {"secret": {"name": "n", masked: 1}}
        two = mask({url: 1, "postgres://u:other@h": 2, masked: 3})
        assert two == {f"{masked}#2": 1, f"{masked}#3": 2, masked: 3}
        assert mask(two) is two
    changes = MASKER.mask_event({"changes": {"before": {url: 1}, "after": {}}})["changes"]
    assert changes == {"before": {masked: 1}, "after": {}, "fields": [masked]}


def test_nested_secrets_take_time_in_proportion_to_their_depth() -> None:
    value: dict[str, Any] = {"blob": HIDDEN}
    for name in ("secret", "payload", "details", "auth", "data") * 18:
        value = {"name": "n", name: value}
    for mask in (MASKER.mask_json, MASKER.mask_refused):
        assert HIDDEN not in json.dumps(mask({"credentials": value}))


def test_a_secret_key_of_aws_beside_its_id_is_masked() -> None:
    digest = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
    pair = {"id": KEY_ID, "value": SECRET_KEY, "commit": digest}
    assert MASKER.mask_json(pair) == {"id": KEY_ID, "value": MASK, "commit": digest}
    assert MASKER.mask_json([KEY_ID, SECRET_KEY]) == [KEY_ID, MASK]
    assert MASKER.mask_json({"id": "x", "value": SECRET_KEY}) == {"id": "x", "value": SECRET_KEY}


def test_names_can_be_added_and_excepted() -> None:
    masker = Masker(SecretKeys(frozenset({"iban"}), frozenset({"cookie"})), "***")
    value = {"customerIban": HIDDEN, "cookie": HIDDEN, "token": HIDDEN, "url": "a://u:p@h"}
    assert masker.mask_json(value) == {
        "customerIban": "***",
        "cookie": HIDDEN,
        "token": "***",
        "url": "a://u:***@h",
    }


def test_a_refused_event_is_masked_under_unknown_names_and_keeps_its_own_fields() -> None:
    job = {
        "type": "unknown",
        "data": {
            "action": "user.login",
            "sessionId": "s-1",
            "password": HIDDEN,
            "extra": {"token": HIDDEN, "db": "a://u:p@h", "code": "4/P7q7W91a-oMs"},
            "headers": [["Cookie", HIDDEN]],
            "auth": {"code": ["4/P7q7W91a-oMs"], "userId": "a://u:p@h"},
            "targets": [{"type": "db", "id": "a://u:p@h", "pin": "1", "name": [HIDDEN]}, "u-1"],
            "onBehalfOf": {"userId": "a://u:p@h", "token": HIDDEN},
            "details": {"sessionId": HIDDEN, "changes": [{"pin": 1}]},
        },
    }
    assert MASKER.mask_refused(job) == {
        "type": "unknown",
        "data": {
            "action": "user.login",
            "sessionId": "s-1",
            "password": MASK,
            "extra": {"token": MASK, "db": f"a://u:{MASK}@h", "code": MASK},
            "headers": [["Cookie", MASK]],
            "auth": {"code": [MASK], "userId": "a://u:p@h"},
            "targets": [{"type": "db", "id": "a://u:p@h", "pin": MASK, "name": [HIDDEN]}, "u-1"],
            "onBehalfOf": {"userId": "a://u:p@h", "token": MASK},
            "details": {"sessionId": MASK, "changes": [{"pin": MASK}]},
        },
    }


def test_very_long_names_and_very_many_names_are_masked() -> None:
    masker = Masker()
    long = "x" * 100_000 + "_password"
    assert masker.mask_json({long: HIDDEN}) == {long: MASK}
    many = {f"password_{n}": HIDDEN for n in range(10_000)}
    assert set(masker.mask_json(many).values()) == {MASK}


NAMES = st.sampled_from(
    [
        "password",
        "tokens",
        "secret",
        "code",
        "name",
        "value",
        "key",
        "credentials",
        "secretName",
        "id",
        "authorization",
        "x",
        *("field", "old", "to", "details", "headers", "items", "payload", "pass", "TOKENS"),
        *("a://u:p@h", "a://u:q@h", f"a://u:{MASK}@h", "password=x y", f"{MASK}#2"),
    ]
)
TEXTS = st.sampled_from(
    [
        HIDDEN,
        "Cookie",
        '{"pin":1,"x":[["token","x"]]}',
        '["a',
        "pin=x pass='y'",
        KEY_ID,
        SECRET_KEY,
        "a://u:p@h",
        "E42",
        "DB_PASSWORD",
        MASK,
        "x",
        "",
        "arn:aws:x",
    ]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner),
    max_leaves=25,
)
FIELDS = st.sampled_from(
    ["details", "metadata", "changes", "before", "after", "fields", "errorMessage", "data"]
)


def test_the_reason_why_a_session_id_was_fitted_is_kept_but_no_session_id() -> None:
    reasons = {"sessionId": "longer than 256 characters: cut", "userId": "not text: converted"}
    event = {"metadata": {"fitted": reasons}}
    assert MASKER.mask_event(event) is event
    assert MASKER.mask_event({"metadata": {"token": HIDDEN, "fitted": reasons}}) == {
        "metadata": {"token": MASK, "fitted": reasons}
    }
    assert MASKER.mask_event({"metadata": {"fitted": {"sessionId": HIDDEN}}}) == {
        "metadata": {"fitted": {"sessionId": MASK}}
    }


def test_a_reason_is_masked_alike_each_time_and_in_a_refused_event() -> None:
    reason = "longer than 256 characters: cut"
    event = {"metadata": {"token": HIDDEN, "fitted": {"sessionId": reason}}}
    assert MASKER.mask_refused(event) == MASKER.mask_event(event)
    key = {"metadata": {"fitted": {"sessionId": f"-----BEGIN PRIVATE KEY-----{HIDDEN}"}}}
    masked = {"metadata": {"fitted": {"sessionId": MASK}}}
    assert MASKER.mask_event(key) == MASKER.mask_refused(key) == masked
    within = {"metadata": {"fitted": {"sessionId": f"cut:-----BEGIN PRIVATE KEY-----{HIDDEN}"}}}
    assert MASKER.mask_event(MASKER.mask_event(within)) == MASKER.mask_event(within) == masked


@given(JSON | st.dictionaries(FIELDS, JSON | st.dictionaries(FIELDS, JSON)))
def test_masking_twice_changes_nothing(raw: Any) -> None:
    before = json.dumps(raw)
    for mask in (MASKER.mask_json, MASKER.mask_event, MASKER.mask_refused):
        masked = mask(raw)
        assert mask(masked) is masked
    assert json.dumps(raw) == before


def nest(value: object, depth: int) -> dict[str, object]:
    """Return an event's JSON with the value below this many lists."""
    for _ in range(depth):
        value = [value]
    return {"details": {"x": value}}


@pytest.mark.parametrize("depth", range(94, 98))
def test_the_deepest_event_that_can_be_stored_is_masked(depth: int) -> None:
    masked = nest({"password": MASK}, depth)
    assert canonicalize(masked)
    for mask in (MASKER.mask_event, MASKER.mask_refused):
        assert mask(nest({"password": HIDDEN}, depth)) == masked


@pytest.mark.parametrize("depth", [98, 99, 200, 900])
def test_an_event_that_is_too_deep_stays_as_it_is(depth: int) -> None:
    event = nest("x", depth)
    assert MASKER.mask_event(event) is event


@pytest.mark.parametrize("depth", [98, 99, 105, 106, 120, 900])
def test_a_refused_event_is_masked_at_any_depth(depth: int) -> None:
    masked = MASKER.mask_refused(nest({"password": HIDDEN}, depth))
    assert HIDDEN not in json.dumps(masked)
    assert MASKER.mask_refused(masked) is masked
