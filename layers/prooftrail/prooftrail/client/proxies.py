"""The client's address behind proxies that are trusted to have told it."""

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

_LONGEST: Final = 64
_WITH_PORT: Final = re.compile(r"\[(?P<v6>[^\]]+)\](?::\d*)?|(?P<v4>[0-9.]+):\d*")


def client_address(
    peer: str | None, forwarded_for: str | Sequence[str] | None, trusted_proxies: int
) -> str | None:
    """The address that the outermost of so many proxies saw, None when it is unknown.

    `peer` is the connection's other end, `forwarded_for` the lines of `X-Forwarded-For`, to which
    each proxy appends the address that it was called from: what stands left of what the trusted
    ones wrote is the client's own claim and is never believed. With no proxy, with fewer addresses
    than proxies, or with none where it should stand, the answer is the peer. Ports and brackets
    are taken off, and IPv6's way of writing an IPv4 address.

    >>> client_address("10.0.0.5", "6.6.6.6, 203.0.113.9, 10.0.0.7", 2)
    '203.0.113.9'
    >>> client_address("198.51.100.1", "6.6.6.6", 0)
    '198.51.100.1'
    """
    if trusted_proxies > 0 and forwarded_for:
        lines = forwarded_for if isinstance(forwarded_for, str) else ",".join(forwarded_for)
        hops = lines.rsplit(",", trusted_proxies)  # from the right: the left may be very long
        if len(hops) >= trusted_proxies:
            return _address_of(hops[-trusted_proxies]) or _address_of(peer)
    return _address_of(peer)


def _address_of(text: str | None) -> str | None:
    """The address in a hop, None when it holds none: a socket's path, `unknown`, nothing."""
    stripped = (text or "").strip().strip('"')
    if len(stripped) > _LONGEST:
        return None
    if match := _WITH_PORT.fullmatch(stripped):
        stripped = match["v6"] or match["v4"]
    try:
        address = ipaddress.ip_address(stripped.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)
