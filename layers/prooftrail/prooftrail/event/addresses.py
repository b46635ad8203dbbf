"""IP addresses in one form."""

import ipaddress
from functools import lru_cache

from prooftrail.errors import InvalidAddressError


@lru_cache(maxsize=4096)
def normalize_address(text: str) -> str:
    """Return an IPv4 or IPv6 address in one form, the same in every version of Python.

    Raises:
        InvalidAddressError: the text is not an address, or the address has a zone, which has a
            meaning on one machine only.

    >>> normalize_address("2001:DB8:0::1"), normalize_address("::ffff:cb00:7107")
    ('2001:db8::1', '::ffff:203.0.113.7')
    """
    try:
        address = ipaddress.ip_address(text)
    except ValueError as error:
        raise InvalidAddressError("must be an IPv4 or IPv6 address") from error
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id is not None:
            raise InvalidAddressError("must be an IPv4 or IPv6 address without a zone")
        if address.ipv4_mapped is not None:
            return f"::ffff:{address.ipv4_mapped}"
    return str(address)
