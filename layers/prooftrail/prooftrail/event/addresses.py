"""IP addresses in one form."""

import ipaddress
import re
from functools import lru_cache
from typing import Final

from prooftrail.errors import InvalidAddressError

MAX_ADDRESS_LENGTH: Final = 64
# `[address]`, `[address]:port` or `address:port`; a colon after an IPv6 address needs the brackets.
_WRAPPED: Final = re.compile(r"\[([^\]]+)\](?::[0-9]{0,5})?|([0-9.]+):[0-9]{0,5}", re.ASCII)


def normalize_address(text: str) -> str:
    """Return an IPv4 or IPv6 address in one form, the same in every version of Python.

    Spaces around it, a port, the brackets around an IPv6 address and a zone (`%eth0`, which has a
    meaning on one machine only) are left out. An IPv4 address that is mapped into IPv6 becomes the
    IPv4 address.

    Raises:
        InvalidAddressError: the text is not an address, or has over `MAX_ADDRESS_LENGTH`
            characters.

    >>> normalize_address("[2001:DB8:0::1%eth0]:443"), normalize_address("::ffff:203.0.113.7")
    ('2001:db8::1', '203.0.113.7')
    """
    if len(text) > MAX_ADDRESS_LENGTH:
        raise InvalidAddressError(f"must have at most {MAX_ADDRESS_LENGTH} characters")
    return _normalize(text.strip(" "))


@lru_cache(maxsize=4096)
def _normalize(text: str) -> str:
    wrapped = _WRAPPED.fullmatch(text)
    host = (wrapped[1] or wrapped[2]) if wrapped else text
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError as error:
        raise InvalidAddressError("must be an IPv4 or IPv6 address") from error
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(address)


def is_same_address(stored: str | None, address: str) -> bool:
    """Return whether a stored address is this one, which is in the form of `normalize_address`.

    Versions up to 0.2 stored mapped IPv4 addresses as `::ffff:203.0.113.7`.
    """
    return stored == address or stored == f"::ffff:{address}"
