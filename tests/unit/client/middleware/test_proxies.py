"""Which address is the client's."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client.middleware.proxies import find_client_address
from prooftrail.event.addresses import normalize_address

PEER = "10.0.0.5"


@pytest.mark.parametrize(
    ("forwarded_for", "trusted_proxies", "address"),
    [
        (None, 0, PEER),
        (None, 1, PEER),
        ("", 1, PEER),
        ([], 1, PEER),
        ("203.0.113.9", 0, PEER),
        ("203.0.113.9", -1, PEER),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", 1, "203.0.113.9"),
        ("6.6.6.6,203.0.113.9,10.0.0.7", 2, "203.0.113.9"),
        (["6.6.6.6, 203.0.113.9", "10.0.0.7"], 2, "203.0.113.9"),
        (("6.6.6.6", "203.0.113.9"), 1, "203.0.113.9"),
        ("203.0.113.9", 2, PEER),
        ("6.6.6.6, ", 1, PEER),
        ("6.6.6.6, , 10.0.0.7", 2, PEER),
        ("6.6.6.6, unknown", 1, PEER),
        ("6.6.6.6, _hidden", 1, PEER),
        ("6.6.6.6, evil.example", 1, PEER),
        ("203.0.113.9:4711", 1, "203.0.113.9"),
        ("203.0.113.9:", 1, "203.0.113.9"),
        ("203.0.113.9:x", 1, PEER),
        ("2001:DB8::1", 1, "2001:db8::1"),
        ("[2001:db8::1]", 1, "2001:db8::1"),
        ("[2001:db8::1]:443", 1, "2001:db8::1"),
        ('"[2001:db8::1]:443"', 1, "2001:db8::1"),
        ("::ffff:203.0.113.9", 1, "203.0.113.9"),
        ("fe80::1%eth0", 1, "fe80::1"),
        (" \t203.0.113.9 ", 1, "203.0.113.9"),
        ("203.0.113.09", 1, PEER),
        ("1" * 100_000, 1, PEER),
    ],
)
def test_addresses(
    forwarded_for: str | list[str] | None, trusted_proxies: int, address: str
) -> None:
    assert find_client_address(PEER, forwarded_for, trusted_proxies) == address


@pytest.mark.parametrize(
    ("peer", "address"),
    [
        (None, None),
        ("", None),
        ("/run/app.sock", None),
        ("unix:", None),
        ("testclient", None),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%3", "fe80::1"),
        ("192.0.2.1:80", "192.0.2.1"),
    ],
)
def test_peers(peer: str | None, address: str | None) -> None:
    assert find_client_address(peer, None, 0) == address
    assert find_client_address(peer, "203.0.113.9", 0) == address
    assert find_client_address(peer, "203.0.113.9", 1) == "203.0.113.9"
    assert find_client_address(peer, "junk", 1) == address


addresses = st.ip_addresses().map(lambda address: normalize_address(str(address)))
claims = st.lists(addresses | st.text(max_size=10) | st.just(""), max_size=4)


@given(claims, st.lists(addresses, max_size=4), addresses, st.data())
def test_an_address_that_the_client_sends_is_never_returned(
    claimed: list[str], seen: list[str], peer: str, data: st.DataObject
) -> None:
    """Each trusted proxy appends the address that called it. The client wrote all before."""
    lines = data.draw(st.sampled_from([[", ".join([*claimed, *seen])], [*claimed, *seen]]))
    trusted = len(seen)
    address = find_client_address(peer, lines, trusted)
    expected = ip_address(seen[0] if seen else peer)
    assert address == str(getattr(expected, "ipv4_mapped", None) or expected)


@given(st.text() | st.lists(st.text()), st.text() | st.none(), st.integers(-1, 5))
def test_any_header_gives_an_address_or_none(
    forwarded_for: str | list[str], peer: str | None, trusted: int
) -> None:
    address = find_client_address(peer, forwarded_for, trusted)
    assert address is None or normalize_address(address) == address
