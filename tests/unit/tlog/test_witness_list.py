"""The list of witnesses that a log is configured with."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from prooftrail.errors import ConfigurationError
from prooftrail.tlog.witness_list import Witness, parse_witnesses
from tests.support.log_samples import make_verifier_key, make_witness_key

ONE = make_witness_key("one.example/w", Ed25519PrivateKey.from_private_bytes(bytes(32)))
TWO = make_witness_key("two.example/w", MLDSA44PrivateKey.from_seed_bytes(bytes(32)))


@pytest.mark.parametrize("text", ["", " ", ",", " , \n,"])
def test_no_witness_is_a_list_too(text: str) -> None:
    assert parse_witnesses(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} https://one.example/a,{TWO} http://127.0.0.1:1",
        f"{ONE} https://one.example/a/,{TWO} http://127.0.0.1:1/",
        f"\n  {ONE}\thttps://one.example/a ,\n  {TWO}  http://127.0.0.1:1//\n,",
    ],
)
def test_witnesses_are_keys_with_addresses_separated_by_commas(text: str) -> None:
    assert parse_witnesses(text) == (
        Witness(ONE, "https://one.example/a"),
        Witness(TWO, "http://127.0.0.1:1"),
    )


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (str(ONE), "must be a verifier key, a space and a URL"),
        ("https://one.example", "must be a verifier key, a space and a URL"),
        (f"{ONE} https://one.example https://two.example", "must be a verifier key, a space"),
        (f"{ONE} {TWO} https://one.example", "must be a verifier key, a space and a URL"),
        ("one.example https://one.example", "a verifier key must have the form"),
        (f"{str(ONE)[:-1]} https://one.example", "not base64"),
        (f"x{ONE} https://one.example", "wrong id"),
        (
            f"{make_verifier_key('one.example')} https://one.example",
            "the key of a log, not of a witness",
        ),
        (f"{ONE} one.example", "a URL of http or https"),
        (f"{ONE} file:///etc/passwd", "a URL of http or https"),
        (f"{ONE} ftp://one.example", "a URL of http or https"),
        (f"https://one.example {ONE}", "a verifier key must have the form"),
    ],
    ids=lambda text: text[-40:],
)
def test_an_entry_that_is_not_a_witness_is_refused_by_its_number(entry: str, reason: str) -> None:
    for number, before in enumerate(("", f"{TWO} https://two.example,"), 1):
        with pytest.raises(ConfigurationError, match=rf"^witness {number}\b.*{reason}"):
            parse_witnesses(before + entry)


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "https://", "http:///w", "https://a:99999", "https://a:b", "http://:1"],
)
def test_an_address_that_leads_nowhere_is_refused(address: str) -> None:
    with pytest.raises(ConfigurationError, match="witness 1 must have a URL"):
        parse_witnesses(f"{ONE} {address}")
