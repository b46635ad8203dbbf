"""Addresses: one form for each, and none for another text."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import is_same_address, normalize_address


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:0DB8:0::0001", "2001:db8::1"),
        ("::ffff:cb00:7107", "203.0.113.7"),
        ("::FFFF:203.0.113.7", "203.0.113.7"),
        ("::", "::"),
        ("203.0.113.9:41234", "203.0.113.9"),
        ("[203.0.113.9]:41234", "203.0.113.9"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[::ffff:203.0.113.77]:443", "203.0.113.77"),
        ("2001:db8::1:443", "2001:db8::1:443"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:443", "fe80::1"),
        ("10.0.0.1%1", "10.0.0.1"),
        ("203.0.113.9:", "203.0.113.9"),
        (" 203.0.113.9 ", "203.0.113.9"),
        ("  [::1]:443 ", "::1"),
        ("[::1]:", "::1"),
    ],
)
def test_an_address_has_one_form(text: str, form: str) -> None:
    assert normalize_address(text) == normalize_address(form) == form


@given(st.ip_addresses())
def test_the_form_of_an_address_is_the_address(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    form = normalize_address(str(address))
    mapped = getattr(address, "ipv4_mapped", None)
    expected = mapped or ipaddress.ip_address(str(address).partition("%")[0])
    assert ipaddress.ip_address(form) == expected
    assert normalize_address(form) == form
    assert normalize_address(f"[{address}]:65535") == form


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2.3",
        "1.2.3.4/24",
        "example.com",
        " ",
        "1.2 .3.4",
        "::1::",
        "unknown",
        "203.0.113.9, 10.0.0.1",
        "203.0.113.9:x",
        "203.0.113.9:123456",
        "203.0.113.9:\u0661",
        "[::1]443",
        "[::1",
        "[]",
        "%eth0",
        "example.com:443",
    ],
)
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidAddressError, match=r"^must be an IPv4 or IPv6 address$"):
        normalize_address(text)


def test_a_text_is_too_long_before_it_is_read() -> None:
    normalize_address("fe80::1%" + "x" * 56)
    with pytest.raises(InvalidAddressError, match=r"^must have at most 64 characters$"):
        normalize_address("fe80::1%" + "x" * 57)


@pytest.mark.parametrize(
    ("stored", "is_same"),
    [
        ("203.0.113.77", True),
        ("::ffff:203.0.113.77", True),
        ("203.0.113.7", False),
        ("::203.0.113.77", False),
        (None, False),
    ],
)
def test_an_address_is_found_in_the_form_of_earlier_versions_too(
    stored: str | None, is_same: bool
) -> None:
    assert is_same_address(stored, "203.0.113.77") is is_same
