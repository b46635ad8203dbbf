"""Log entries, and the rows in which the ledger stores them.

An entry names an event and fixes its content without showing it, so that it can outlive the event.
It is the RFC 8785 form of a JSON object. Version 1, `{"v":1,"id":…,"digest":…}`, is of events that
were stored without their submitter. Version 2 has `receivedAt` and `submitter` too, see `Receipt`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import MalformedTileError
from prooftrail.event.ids import decode_digest_start, decode_time, is_id, make_id
from prooftrail.event.keys import are_valid_names
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.ledger.receipt import (
    Receipt,
    pack_names,
    pack_receipts,
    unpack_names,
    unpack_receipts,
)

TIME_LENGTH: Final = 6
DIGEST_LENGTH: Final = 32
EXPIRY_LENGTH: Final = 5
ROW_LENGTH: Final = TIME_LENGTH + DIGEST_LENGTH + EXPIRY_LENGTH
_ENTRY: Final = re.compile(
    rb'\{"digest":"([0-9a-f]{64})","id":"([0-9A-Z]{26})",'
    rb'(?:"receivedAt":(0|[1-9][0-9]{0,14}),"submitter":"([0-9a-f]{64})","v":2|"v":1)\}'
)


def encode_entry(event_id: str, digest: bytes, receipt: Receipt | None = None) -> bytes:
    """Return the entry of the event with this id, digest and receipt.

    >>> encode_entry("01ARYZ6S410000000000000000", bytes(32)).decode()[:20]
    '{"digest":"000000000'
    """
    rest = '"v":1'
    if receipt is not None:
        submitter = receipt.submitter.hex()
        rest = f'"receivedAt":{receipt.received_at},"submitter":"{submitter}","v":2'
    return f'{{"digest":"{digest.hex()}","id":"{event_id}",{rest}}}'.encode()


def parse_entry(entry: bytes) -> "LoggedEvent":
    """Return the event in an entry, without its expiry.

    Raises:
        MalformedTileError: it is not an entry, or id and digest do not belong together.
    """
    match = _ENTRY.fullmatch(entry)
    if match is None:
        raise MalformedTileError("a log entry does not name an event")
    digest, event_id = bytes.fromhex(match[1].decode()), match[2].decode()
    if not is_id(event_id) or decode_digest_start(event_id) != digest[:10]:
        raise MalformedTileError(f"a log entry's digest does not belong to its id {event_id}")
    receipt = None
    if match[3] is not None:
        receipt = Receipt(int(match[3]), bytes.fromhex(match[4].decode()))
        if receipt.received_at > MAX_TIMESTAMP_MS:
            raise MalformedTileError("a log entry's time of receipt is not a time")
    return LoggedEvent.from_id(event_id, digest, receipt=receipt)


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in the log. `time_ms` is since 1970, `expires_at` seconds since 1970 or None.

    `expires_at` is the expiry when the event was committed; it is not part of the entry. `receipt`
    is None for an entry of version 1.
    """

    time_ms: int
    digest: bytes
    expires_at: int | None = None
    receipt: Receipt | None = None

    @property
    def id(self) -> str:
        """The event's id."""
        return make_id(self.time_ms, self.digest)

    @property
    def entry(self) -> bytes:
        """The log's entry."""
        return encode_entry(self.id, self.digest, self.receipt)

    @classmethod
    def from_id(
        cls,
        event_id: str,
        digest: bytes,
        expires_at: int | None = None,
        receipt: Receipt | None = None,
    ) -> "LoggedEvent":
        """Return the event with this id and digest."""
        return cls(decode_time(event_id), digest, expires_at, receipt)


def pack_rows(events: Sequence[LoggedEvent]) -> bytes:
    """Return the rows that the ledger stores, in log order, 43 bytes each.

    A row has the time (ms, 6 bytes), the digest (32) and the expiry (s, 5 bytes, 0 for never). The
    rest of an id is the start of the digest. The receipts are apart, see `pack_logged_receipts`.
    """
    return b"".join(
        [
            event.time_ms.to_bytes(TIME_LENGTH, "big")
            + event.digest
            + (event.expires_at or 0).to_bytes(EXPIRY_LENGTH, "big")
            for event in events
        ]
    )


def pack_logged_receipts(events: Sequence[LoggedEvent]) -> tuple[bytes, bytes] | None:
    """Return the receipts of the events, see `pack_receipts`."""
    return pack_receipts([event.receipt for event in events])


def unpack_rows(packed: bytes, receipts: tuple[bytes, bytes] | None = None) -> list[LoggedEvent]:
    """Return the events in rows, with the receipts that `pack_logged_receipts` returned.

    Raises:
        MalformedTileError: the length is not a multiple of a row's length, or the receipts are not
            those of the rows.
    """
    if len(packed) % ROW_LENGTH:
        raise MalformedTileError(f"{len(packed)} bytes are not rows of {ROW_LENGTH} bytes")
    count = len(packed) // ROW_LENGTH
    found = unpack_receipts(*receipts, count) if receipts is not None else [None] * count
    return [
        LoggedEvent(
            int.from_bytes(packed[at : at + TIME_LENGTH], "big"),
            packed[at + TIME_LENGTH : at + TIME_LENGTH + DIGEST_LENGTH],
            int.from_bytes(packed[at + TIME_LENGTH + DIGEST_LENGTH : at + ROW_LENGTH], "big")
            or None,
            receipt,
        )
        for at, receipt in zip(range(0, len(packed), ROW_LENGTH), found, strict=True)
    ]


def pack_tenants(tenants: Sequence[str]) -> bytes:
    """Return the tenants of a commit's events, in log order, in bytes: see `pack_names`."""
    return pack_names(tenants)


def unpack_tenants(packed: bytes, count: int) -> list[str]:
    """Return the tenants of so many events.

    Raises:
        MalformedTileError: the bytes are not the tenants of so many events.
    """
    return unpack_names(packed, count, "tenants", are_valid_names)
