"""The address of an HTTP client behind trusted proxies."""

from collections.abc import Sequence

from prooftrail.errors import InvalidAddressError
from prooftrail.event.addresses import normalize_address


def find_client_address(
    peer: str | None, forwarded_for: str | Sequence[str] | None, trusted_proxies: int
) -> str | None:
    """Return the address that called the outermost trusted proxy, or None if it is not known.

    `peer` is the address that opened the connection. `forwarded_for` is the header
    `X-Forwarded-For` in one or more lines, to which each proxy appends the address that called it.
    `trusted_proxies` is the number of proxies whose entries are trusted, from the right. Entries
    further left come from the client and are ignored. Return the peer if there is no proxy, if
    there are fewer entries than proxies, or if the entry is not an address. The address is in the
    form of `normalize_address`.

    >>> find_client_address("10.0.0.5", "6.6.6.6, 203.0.113.9, 10.0.0.7", 2)
    '203.0.113.9'
    >>> find_client_address("198.51.100.1", "6.6.6.6", 0)
    '198.51.100.1'
    """
    if trusted_proxies > 0 and forwarded_for:
        lines = forwarded_for if isinstance(forwarded_for, str) else ",".join(forwarded_for)
        entries = lines.rsplit(",", trusted_proxies)  # from the right: the left can be very long
        if len(entries) >= trusted_proxies:
            return _parse_address(entries[-trusted_proxies]) or _parse_address(peer)
    return _parse_address(peer)


def _parse_address(text: str | None) -> str | None:
    """Return the address in an entry, or None: it can be a socket's path, `unknown` or empty."""
    try:
        return normalize_address((text or "").strip().strip('"'))
    except InvalidAddressError:
        return None
