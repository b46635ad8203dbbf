"""Cursors: where the next page begins, as text that a client hands back.

A cursor holds a version, the filters' fingerprint and one id, the last that was looked at. One is
enough for all shards: a page is merged in the order of ids, so whatever any shard holds up to that
id has been looked at. It holds no keys; those are made of the caller's tenant each time, and a
cursor of another tenant does not fit the fingerprint.
"""

import base64
import binascii
from typing import Final

from prooftrail.errors import InvalidCursorError
from prooftrail.event.ids import ID_LENGTH, is_id
from prooftrail.query.filters import Filters

VERSION: Final = 1
_FINGERPRINT_LENGTH: Final = 16
_LENGTH: Final = 1 + _FINGERPRINT_LENGTH + ID_LENGTH


def encode_cursor(filters: Filters, last_id: str, *, descending: bool) -> str:
    """The cursor of the page after this id: base64url without padding, 58 characters."""
    fingerprint = filters.fingerprint(descending=descending)
    raw = bytes([VERSION]) + fingerprint + last_id.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(text: str, filters: Filters, *, descending: bool) -> str:
    """The id after which the page begins.

    Raises:
        InvalidCursorError: no cursor of this API, or of another version, tenant, filter or order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidCursorError("not a cursor") from error
    if len(raw) != _LENGTH:
        raise InvalidCursorError("not a cursor")
    if raw[0] != VERSION:
        raise InvalidCursorError("the cursor is of another version; begin again without it")
    if raw[1 : 1 + _FINGERPRINT_LENGTH] != filters.fingerprint(descending=descending):
        raise InvalidCursorError("the cursor belongs to other filters or another order")
    last_id = raw[1 + _FINGERPRINT_LENGTH :].decode("ascii", errors="replace")
    span = filters.id_range
    if not is_id(last_id) or not span.lowest <= last_id <= span.highest:
        raise InvalidCursorError("not a cursor")
    if encode_cursor(filters, last_id, descending=descending) != text:
        raise InvalidCursorError("not a cursor")
    return last_id
