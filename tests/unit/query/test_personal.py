"""Personal data in responses: what is masked, what is kept, and that nothing is forgotten."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prooftrail.errors import CorruptRecordError
from prooftrail.event.canonical import canonicalize
from prooftrail.query import pages
from prooftrail.query.filters import Filters
from prooftrail.query.pages import get_event, list_events
from prooftrail.query.personal import (
    MASK,
    MAX_POINTER_LENGTH,
    MAX_POINTERS,
    MaskedEvents,
    PersonalKeys,
    cut_address,
    mask_event,
    mask_fields,
)
from prooftrail.query.ports import StoredEvent, UnreadableEvent
from tests.support.fake_reader import FakeEvents
from tests.support.samples import make_event_record

KEYS = PersonalKeys(frozenset({"email", "firstName"}))
CLEAR = "ada@example.com"


def mask(**fields: Any) -> tuple[Mapping[str, Any], list[str]]:
    return mask_fields(fields, KEYS)


def make_stored(canonical: bytes) -> StoredEvent:
    return StoredEvent("01A", b"\xab", 0, canonical)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),  # as version 0.2 stored it
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::1", "::/48"),
        ("fe80::1", "fe80::/48"),
        ("64:ff9b::cb00:714d", "64:ff9b::/48"),
        ("2002:cb00:714d::1", "2002:cb00:7100::/40"),  # 6to4: it contains 203.0.113.77
        ("not an address", MASK),
        ("203.0.113.0/24", MASK),
    ],
)
def test_an_address_becomes_its_network(address: str, network: str) -> None:
    assert cut_address(address) == network
    assert mask(ipAddress=address) == ({"ipAddress": network}, ["/ipAddress"])


def test_the_fields_of_persons_are_masked_and_the_ids_stay() -> None:
    fields = {
        "username": "ada",
        "userAgent": "Mozilla/5.0",
        "onBehalfOf": {"userId": "u-2", "username": "bob"},
        "targets": [{"type": "team", "id": "t"}, {"type": "user", "id": "u-3", "name": "Eve"}],
        "userId": "u-1",
        "resourceId": "r-1",
        "sessionId": "s-1",
        "errorMessage": "ada@example.com is unknown",
        "success": False,
    }
    assert mask(**fields) == (
        {
            **fields,
            "username": MASK,
            "userAgent": MASK,
            "onBehalfOf": {"userId": "u-2", "username": MASK},
            "targets": [{"type": "team", "id": "t"}, {"type": "user", "id": "u-3", "name": MASK}],
        },
        ["/username", "/userAgent", "/onBehalfOf/username", "/targets/1/name"],
    )


@pytest.mark.parametrize("key", ["emails", "femail", "firstNamed", "nameFirst", "e", ""])
def test_a_part_of_a_word_is_no_personal_key(key: str) -> None:
    assert mask(details={key: "x"}) == ({"details": {key: "x"}}, [])


@pytest.mark.parametrize("field", ["details", "metadata", "changes"])
@pytest.mark.parametrize(
    ("value", "masked", "pointer"),
    [
        ({"email": CLEAR}, {"email": MASK}, "/email"),
        ({"customerEmail": CLEAR}, {"customerEmail": MASK}, "/customerEmail"),
        ({"a": [{"FIRST_NAME": "Ada"}]}, {"a": [{"FIRST_NAME": MASK}]}, "/a/0/FIRST_NAME"),
        ({"customerFirstname": "Ada"}, {"customerFirstname": MASK}, "/customerFirstname"),
        ({"user_e-mail": CLEAR}, {"user_e-mail": MASK}, "/user_e-mail"),
        ({"ownerUserName": "ada"}, {"ownerUserName": MASK}, "/ownerUserName"),
        ({"email": {"home": CLEAR}}, {"email": MASK}, "/email"),
        ({"email": [CLEAR]}, {"email": MASK}, "/email"),
        ({"email": 7}, {"email": MASK}, "/email"),
        ({"email": False}, {"email": MASK}, "/email"),
        ({"email": 0}, {"email": MASK}, "/email"),
        ({"filters": {"ipAddress": "::1"}}, {"filters": {"ipAddress": MASK}}, "/filters/ipAddress"),
        ({"a~b/c": {"email": CLEAR}}, {"a~b/c": {"email": MASK}}, "/a~0b~1c/email"),
        ({"name": "email", "value": "x"}, {"name": "email", "value": MASK}, "/value"),
        ({"field": "email", "new": "x"}, {"field": "email", "new": MASK}, "/new"),
        ({"type": "email", "value": "x"}, {"type": "email", "value": MASK}, "/value"),
        ({"system": "email", "value": "x"}, {"system": "email", "value": MASK}, "/value"),
        ({"path": "/email", "value": "x"}, {"path": "/email", "value": MASK}, "/value"),
        ({"h": [["email", CLEAR]]}, {"h": [["email", MASK]]}, "/h/0/1"),
    ],
)
def test_the_values_of_personal_keys_are_masked_at_any_depth(
    field: str, value: Any, masked: Any, pointer: str
) -> None:
    assert mask(**{field: value}) == ({field: masked}, [f"/{field}{pointer}"])


def test_a_change_says_that_a_personal_key_changed_and_not_how() -> None:
    changes = {"before": {"email": "a", "n": 1}, "after": {"email": "b", "n": 2}}
    masked, pointers = mask(changes={**changes, "fields": ["email", "n"]})
    assert masked["changes"] == {
        "before": {"email": MASK, "n": 1},
        "after": {"email": MASK, "n": 2},
        "fields": ["email", "n"],
    }
    assert pointers == ["/changes/before/email", "/changes/after/email"]


@pytest.mark.parametrize("empty", [None, "", [], {}])
def test_what_is_empty_stays(empty: Any) -> None:
    fields = {"username": empty, "ipAddress": empty, "details": {"email": empty}}
    assert mask(**fields) == (fields, [])


@pytest.mark.parametrize("value", [7, ["a"], {"a": "b"}, True])
def test_a_field_of_another_type_is_masked_as_a_whole(value: Any) -> None:
    names = ("ipAddress", "username", "userAgent")
    assert mask(**dict.fromkeys(names, value))[0] == dict.fromkeys(names, MASK)
    if not isinstance(value, dict | list):
        assert mask(targets=value, onBehalfOf=value)[0] == {"targets": MASK, "onBehalfOf": MASK}


def test_a_secret_s_mask_differs_from_one_of_personal_data() -> None:
    masked, pointers = mask(username="[masked]", details={"password": "[masked]"})
    assert masked == {"username": MASK, "details": {"password": "[masked]"}}
    assert pointers == ["/username"]


@pytest.mark.parametrize(
    "details",
    [
        {"list": [{"email": CLEAR}] * (MAX_POINTERS + 1)},
        {"k" * MAX_POINTER_LENGTH: {"email": CLEAR}},
        {"k" * 1_000_000: [{"email": CLEAR}] * 10_000},
    ],
    ids=["many", "long", "both"],
)
def test_many_or_long_pointers_become_one_to_the_field(details: Any) -> None:
    masked, pointers = mask(details=details, username="ada")
    assert pointers == ["/details", "/username"]
    assert CLEAR not in json.dumps(masked)


def test_as_many_pointers_as_are_allowed_are_all_there() -> None:
    _, pointers = mask(details={"list": [{"email": CLEAR}] * MAX_POINTERS})
    assert pointers == [f"/details/list/{at}/email" for at in range(MAX_POINTERS)]


def test_a_masked_event_says_what_is_masked_and_keeps_the_rest_to_the_byte() -> None:
    event = make_stored(canonicalize({"details": {"n": [1e-7, 10.5, 2**53 - 1]}, "username": "a"}))
    assert mask_event(event, KEYS).to_json() == (
        '{"id":"01A","digest":"ab","receivedAt":"1970-01-01T00:00:00.000Z",'
        '"details":{"n":[1e-7,10.5,9007199254740991]},"masked":["/username"],'
        f'"username":"{MASK}"}}'
    )


def test_an_event_without_personal_data_says_that_nothing_is_masked() -> None:
    text = mask_event(make_stored(b'{"action":"a.b"}'), KEYS).to_json()
    assert json.loads(text)["masked"] == []


@pytest.mark.parametrize(
    "canonical", [b"", b"[]", b"7", b'{"a":', b'{"n":NaN}', b'{"a":1152921504606846976}']
)
def test_bytes_of_no_event_are_corrupt(canonical: bytes) -> None:
    with pytest.raises(CorruptRecordError):
        mask_event(make_stored(canonical), KEYS)


def test_a_repeated_key_shows_nothing() -> None:
    """Somebody with write access to the table can store such bytes."""
    text = mask_event(make_stored(b'{"username":"ada","username":null}'), KEYS).to_json()
    assert "ada" not in text


def test_an_event_that_cannot_be_masked_does_not_hide_others() -> None:
    records = [make_event_record(eventId=f"e-{n}", username="ada") for n in range(3)]
    broken = records[1] = records[1]._replace(canonical=b'{"username":"ada"')
    reader = FakeEvents(records)
    page = list_events(MaskedEvents(reader, KEYS), Filters("default"), shard_count=4)
    unreadable = [event.id for event in page.events if isinstance(event, UnreadableEvent)]
    assert unreadable == [broken.id]
    assert len(page.events) == 3
    assert '"ada"' not in page.to_json()
    with pytest.raises(CorruptRecordError):
        get_event(MaskedEvents(reader, KEYS), "default", broken.id)


def test_a_page_keeps_its_budget_after_masking(monkeypatch: pytest.MonkeyPatch) -> None:
    """Masks and pointers can be longer than what they replace."""
    details = {"a": [{"email": 1}] * 40}
    records = [make_event_record(eventId=f"e-{n}", details=details) for n in range(9)]
    clear = len(list_events(FakeEvents(records), Filters("default"), shard_count=4).to_json())
    monkeypatch.setattr(pages, "RESPONSE_BUDGET", clear)
    page = list_events(MaskedEvents(FakeEvents(records), KEYS), Filters("default"), shard_count=4)
    assert page.next_cursor is not None
    assert len(page.to_json()) <= clear + 200


SECRET_TEXTS = st.text("abcxyz", min_size=1, max_size=5).map(lambda text: f"<{text}>")
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("klm", max_size=3))
PERSONAL = st.one_of(
    SECRET_TEXTS, st.lists(SECRET_TEXTS, min_size=1, max_size=3), st.just({"x": "<a>"})
)
FREE = st.recursive(
    st.dictionaries(st.sampled_from(["email", "userEmail", "First-Name"]), PERSONAL, max_size=2),
    lambda inner: st.one_of(
        st.lists(st.one_of(inner, PLAIN), max_size=4),
        st.dictionaries(st.sampled_from(["k", "/", "~", "value", "n"]), inner, max_size=4),
    ),
    max_leaves=12,
)
EVENTS = st.fixed_dictionaries(
    {"action": st.just("a.b")},
    optional={
        "username": SECRET_TEXTS,
        "userAgent": SECRET_TEXTS,
        "ipAddress": SECRET_TEXTS,
        "onBehalfOf": st.fixed_dictionaries({"userId": st.just("u"), "username": SECRET_TEXTS}),
        "targets": st.lists(st.fixed_dictionaries({"id": st.just("t"), "name": SECRET_TEXTS})),
        "details": FREE,
        "metadata": FREE,
        "changes": st.fixed_dictionaries({"before": FREE, "after": FREE}),
    },
)


@settings(max_examples=40)
@given(EVENTS)
def test_no_masked_response_contains_a_clear_value(event: dict[str, Any]) -> None:
    """Only personal values have angle brackets. What the pointers name is masked, and no more."""
    text = mask_event(make_stored(canonicalize(event)), KEYS).to_json()
    assert "<" not in text
    masked = json.loads(text)
    pointers = masked["masked"]
    assert bool(pointers) == ("<" in json.dumps(event))
    for pointer in pointers:
        stored, shown = resolve(event, pointer), resolve(masked, pointer)
        assert shown == MASK
        assert "<" in json.dumps(stored)
        put(event, pointer, MASK)
    assert {name: masked[name] for name in event} == event


def resolve(value: Any, pointer: str) -> Any:
    """Return the value that a JSON Pointer leads to."""
    for step in split(pointer):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def put(value: Any, pointer: str, new: object) -> None:
    """Set the value that a JSON Pointer leads to."""
    *steps, last = split(pointer)
    for step in steps:
        value = value[int(step)] if isinstance(value, list) else value[step]
    value[int(last) if isinstance(value, list) else last] = new


def split(pointer: str) -> list[str]:
    """Return the steps of a JSON Pointer."""
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
