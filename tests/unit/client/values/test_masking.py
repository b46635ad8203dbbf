"""Which values are masked, and which are not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr

from prooftrail.client.values.masking import MASK, Masking, SecretKeys
from prooftrail.errors import InvalidEventError
from prooftrail.event.secret_names import describes_secret

HIDDEN = "hunter2-the-secret"
MASKED_NAMES = """
    password Password user_password passwordHash passwd pwd dbPwd passphrase clientSecret secret
    token accessToken refresh_token tokens idToken csrfmiddlewaretoken authorization
    Proxy-Authorization Authorization cookie Set-Cookie credentials AWS_SECRET_ACCESS_KEY apiKey
    api_key X-Api-Key x.api.key APIKEY privateKey private-key otp userOtp totp pin
    cardPin pin_code cvv CVV2 code auth authCode verificationCode security_code recoveryCodes
    sessionId session_key PHPSESSID JSESSIONID jwt jwtPayload bearer connectionString
    dsn pass dbPass seed_phrase X-Amz-Signature X-Amz-Security-Token password1 cardNumber
    contraseña PİN \uff54\uff4f\uff4b\uff45\uff4e
"""
KEPT_NAMES = """
    accessKeyId DATABASE_URL
    statusCode countryCode postcode zipCode errorCode codes pinned spin pinterest hotplate passed
    compass passenger authMethod author authenticated signature digitalSignature tokenCount
    maxTokens prompt_tokens tokenType expiresIn token_expires_at passwordChangedAt passwordPolicy
    tokenizer secretary keyboard monkey key keys keyId sessionIdleMinutes side aside userId
    größe 口令 username assertion description option action state currency accessLevel privateNote
"""


class Pair(tuple[str, str]):
    """A pair with a type of a library."""


MASKED_KEYS = MASKED_NAMES.split()
KEPT_KEYS = KEPT_NAMES.split()


@pytest.mark.parametrize("key", MASKED_KEYS)
def test_the_name_of_a_secret_masks_its_value(key: str) -> None:
    masked = Masking().mask_event({"details": {key: HIDDEN}})
    assert masked == {"details": {key: MASK}}


@pytest.mark.parametrize("key", KEPT_KEYS)
def test_a_similar_name_masks_nothing(key: str) -> None:
    assert Masking().mask_event({"details": {key: "x"}}) == {"details": {key: "x"}}


@pytest.mark.parametrize("value", [None, True, False, "", 0])
def test_a_value_that_contains_no_secret_stays(value: object) -> None:
    assert Masking().mask_event({"details": {"password": value}}) == {
        "details": {"password": value}
    }


@pytest.mark.parametrize("value", [1.5, 123456, ["a"], {"a": "b"}, object(), b"x"])
def test_every_other_value_is_masked_as_a_whole(value: object) -> None:
    assert Masking().mask_event({"metadata": {"pin": value}}) == {"metadata": {"pin": MASK}}


def test_lists_and_nested_values_of_all_free_fields_are_masked() -> None:
    event = {
        "userId": "password",
        "sessionId": "kept",
        "details": {"users": [{"a": ({"token": HIDDEN},)}], "text": "a password"},
        "metadata": {"headers": {"Cookie": HIDDEN}},
        "changes": {"before": {"a": {"pwd": HIDDEN}}, "after": {"a": {"pwd": HIDDEN + "!"}}},
    }
    before = json.dumps(event)
    assert Masking().mask_event(event) == {
        "userId": "password",
        "sessionId": "kept",
        "details": {"users": [{"a": [{"token": MASK}]}], "text": "a password"},
        "metadata": {"headers": {"Cookie": MASK}},
        "changes": {
            "before": {"a": {"pwd": MASK}},
            "after": {"a": {"pwd": MASK}},
            "fields": ["a"],
        },
    }
    assert json.dumps(event) == before


def test_a_changed_secret_is_in_fields_though_both_sides_are_masked() -> None:
    changes = {"before": {"password": "a", "n": 1}, "after": {"password": "b", "n": 1}}
    assert Masking().mask_changes(changes) == {
        "before": {"password": MASK, "n": 1},
        "after": {"password": MASK, "n": 1},
        "fields": ["password"],
    }


def test_a_changed_secret_str_is_in_fields() -> None:
    changes = {"before": {"card": SecretStr("4111")}, "after": {"card": SecretStr("4222")}}
    assert Masking().mask_changes(changes) == {
        "before": {"card": MASK},
        "after": {"card": MASK},
        "fields": ["card"],
    }


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"after": {"a": 1}}, ["a"]),
        ({"before": {"a": 1}, "after": None}, ["a"]),
        ({"before": {}, "after": {"a": 1}, "fields": ("b",)}, ["b"]),
        ({"before": {"a": 1}, "after": {"a": True}, "fields": None}, ["a"]),
    ],
)
def test_missing_fields_are_found(changes: object, fields: list[str]) -> None:
    assert Masking().mask_changes(changes)["fields"] == fields


@pytest.mark.parametrize("changes", ["text", 7, [1], [[]], object()])
def test_changes_of_another_type_are_left_for_the_model(changes: object) -> None:
    assert Masking().mask_changes(changes) == changes


def test_objects_that_are_not_json_are_compared_by_identity() -> None:
    one, other = object(), object()
    changes = {"before": {"a": one, "b": one}, "after": {"a": other, "b": one}}
    assert Masking().mask_changes(changes)["fields"] == ["a"]


def test_secret_fields_of_a_model_are_masked() -> None:
    class Login(BaseModel):
        name: str
        password: str
        card: SecretStr

    login = Login(name="ada", password=HIDDEN, card=SecretStr(HIDDEN))
    masked = Masking().mask_event({"details": {"login": login, "cards": [SecretStr(HIDDEN)]}})
    assert masked["details"] == {
        "login": {"name": "ada", "password": MASK, "card": MASK},
        "cards": [MASK],
    }


def test_headers_are_masked_in_the_forms_of_frameworks() -> None:
    raw = [(b"authorization", HIDDEN.encode()), (b"accept", b"*")]
    pairs = [("cookie", HIDDEN), ("x", "y", "z")]
    masked = Masking().mask_event({"details": {"raw": raw, "pairs": pairs, "by_name": dict(raw)}})
    assert masked["details"] == {
        "raw": [["YXV0aG9yaXphdGlvbg==", MASK], ["YWNjZXB0", "Kg=="]],
        "pairs": [["cookie", MASK], ["x", "y", "z"]],
        "by_name": {"authorization": MASK, "accept": "Kg=="},
    }
    assert Masking().mask_event({"details": {"a": Pair(("password", HIDDEN))}}) == {
        "details": {"a": ["password", MASK]}
    }
    assert Masking().mask_event({"details": {"a": ("password", True)}}) == {
        "details": {"a": ["password", True]}
    }


@pytest.mark.parametrize(
    ("pair", "masked"),
    [
        ({"name": "DB_PASSWORD", "value": HIDDEN}, {"name": "DB_PASSWORD", "value": MASK}),
        ({"key": "token", "value": [HIDDEN]}, {"key": "token", "value": [MASK]}),
        ({"Key": "ApiKey", "Value": HIDDEN}, {"Key": "ApiKey", "Value": MASK}),
        ({"name": "password", "value": None}, {"name": "password", "value": None}),
        ({"name": "city", "value": "Bonn"}, {"name": "city", "value": "Bonn"}),
        ({"name": 7, "value": "Bonn"}, {"name": 7, "value": "Bonn"}),
        ({"value": "Bonn"}, {"value": "Bonn"}),
    ],
)
def test_an_object_of_name_and_value_is_masked_by_its_name(pair: object, masked: object) -> None:
    assert Masking().mask_event({"details": {"pairs": [pair]}}) == {"details": {"pairs": [masked]}}


def test_names_can_be_added_and_excluded() -> None:
    keys = SecretKeys(extra=frozenset({"iban", "taxNumber"}), exceptions=frozenset({"Code", "otp"}))
    masking = Masking(keys, replacement="***")
    open_values = {"code": "E42", "ibanish": "b", "otp": "c", "tax": "d"}
    secret_values = {"customer_iban": HIDDEN, "TAXNUMBER": HIDDEN, "old_tax_number": HIDDEN}
    masked = masking.mask_event({"details": {**open_values, **secret_values, "userOtp": HIDDEN}})
    assert masked["details"] == {
        **open_values,
        **dict.fromkeys([*secret_values, "userOtp"], "***"),
    }


def test_very_long_keys_are_masked() -> None:
    key = "x" * 100_000 + "password"
    assert Masking().mask_event({"details": {key: HIDDEN}}) == {"details": {key: MASK}}


@pytest.mark.parametrize(
    ("address", "truncated"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3::4", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("203.0.113.77:41234", "203.0.113.0"),
        ("[2001:db8:1:2::77%eth0]:443", "2001:db8:1::"),
        ("not an address", "not an address"),
    ],
)
def test_addresses_are_kept_cut_or_dropped(address: str, truncated: str) -> None:
    event = {"ipAddress": address, "details": {"ip": address}}
    assert Masking().mask_address(address) == address
    assert Masking().mask_event(event) == event
    cut = Masking(addresses="truncate").mask_event(event)
    assert cut == {"ipAddress": truncated, "details": {"ip": address}}
    assert Masking(addresses="drop").mask_event(event)["ipAddress"] is None
    assert Masking(addresses="drop").mask_event({"ipAddress": None}) == {"ipAddress": None}


def test_an_error_names_the_field() -> None:
    cycle: dict[str, Any] = {}
    cycle["again"] = cycle
    for field in ("details", "metadata", "changes"):
        with pytest.raises(InvalidEventError, match=f"^{field}: must not nest deeper"):
            Masking().mask_event({field: cycle})


keys = st.sampled_from(MASKED_KEYS) | st.text(max_size=12).filter(
    lambda name: not describes_secret(name)
)
scalars = st.none() | st.booleans() | st.integers() | st.text("abc :@", max_size=8)


@st.composite
def leaky(draw: st.DrawFn) -> dict[str, Any]:
    """Make nested objects with a secret, alone or inside a value, under each secret key."""
    secret_values: st.SearchStrategy[Any] = st.recursive(
        st.just(HIDDEN), lambda inner: st.lists(inner, min_size=1) | st.dictionaries(keys, inner)
    )
    names = sorted(set(MASKED_KEYS) - {"code", "auth"})  # these mask texts only
    leaves = scalars | st.dictionaries(st.sampled_from(names), secret_values, max_size=3)
    tree = st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.lists(inner, max_size=3).map(tuple)
            | st.dictionaries(keys, inner, max_size=3)
        ),
        max_leaves=12,
    )
    return draw(st.dictionaries(keys, tree, max_size=4))


@given(leaky(), leaky())
def test_no_secret_under_a_secret_key_leaks(first: dict[str, Any], second: dict[str, Any]) -> None:
    event = {"details": first, "metadata": second, "changes": {"before": first, "after": second}}
    assert HIDDEN not in json.dumps(Masking().mask_event(event))


@given(st.dictionaries(st.text("abc"), st.recursive(scalars, st.lists), max_size=5))
def test_values_without_secrets_stay(value: dict[str, Any]) -> None:
    assert Masking().mask_event({"details": value}) == {"details": value}
