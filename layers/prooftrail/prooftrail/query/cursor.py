"""Cursors: the position where the next page starts, as text that a client sends back.

A cursor contains a version, the fingerprint of the filters and the last id that was read. One id is
enough for all shards: a page merges them in the order of ids, so every shard has been read up to
that id. A cursor contains no keys: they are built from the caller's tenant on each request. A
cursor of another tenant has another fingerprint and is refused.
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
_NOT_VALID: Final = "is not valid; send a nextCursor unchanged, or start again without a cursor"
_OTHER_VERSION: Final = "was made by another version; start again without a cursor"
_OTHER_QUERY: Final = (
    "belongs to other filters or another order; "
    "send those of its first page, or start again without a cursor"
)


def encode_cursor(filters: Filters, last_id: str, *, descending: bool) -> str:
    """Return the cursor of the page after this id: base64url without padding, 58 characters."""
    fingerprint = filters.fingerprint(descending=descending)
    raw = bytes([VERSION]) + fingerprint + last_id.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(text: str, filters: Filters, *, descending: bool) -> str:
    """Return the id after which the page starts.

    Raises:
        InvalidCursorError: the text is not a cursor of this API, or it belongs to another version,
            tenant, filter or order.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise InvalidCursorError(_NOT_VALID) from error
    if len(raw) != _LENGTH:
        raise InvalidCursorError(_NOT_VALID)
    if raw[0] != VERSION:
        raise InvalidCursorError(_OTHER_VERSION)
    if raw[1 : 1 + _FINGERPRINT_LENGTH] != filters.fingerprint(descending=descending):
        raise InvalidCursorError(_OTHER_QUERY)
    last_id = raw[1 + _FINGERPRINT_LENGTH :].decode("ascii", errors="replace")
    id_range = filters.id_range
    if not is_id(last_id) or not id_range.lowest <= last_id <= id_range.highest:
        raise InvalidCursorError(_NOT_VALID)
    if encode_cursor(filters, last_id, descending=descending) != text:
        raise InvalidCursorError(_NOT_VALID)
    return last_id
