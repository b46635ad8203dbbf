"""Addresses: one form for each, and none for another text."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import normalize_address


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:0DB8:0::0001", "2001:db8::1"),
        ("::ffff:cb00:7107", "::ffff:203.0.113.7"),
        ("::FFFF:203.0.113.7", "::ffff:203.0.113.7"),
        ("::", "::"),
    ],
)
def test_an_address_has_one_form(text: str, form: str) -> None:
    assert normalize_address(text) == normalize_address(form) == form


@given(st.ip_addresses())
def test_the_form_of_an_address_is_the_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    form = normalize_address(str(address))
    assert ipaddress.ip_address(form) == address
    assert normalize_address(form) == form


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4/24", "example.com", "1.2.3.4 ", "::1::"])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddressError, match=r"^must be an IPv4 or IPv6 address$"):
        normalize_address(text)


def test_an_address_with_a_zone_is_refused() -> None:
    with pytest.raises(InvalidAddressError, match="without a zone"):
        normalize_address("fe80::1%eth0")
