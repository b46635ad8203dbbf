"""Log entries, and the rows in which the ledger stores them.

An entry is the RFC 8785 form of `{"v":1,"id":…,"digest":…}`. It names an event and fixes its
content without showing it, so that it can outlive the event.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import MalformedTileError
from prooftrail.event.ids import decode_digest_start, decode_time, is_id, make_id
from prooftrail.event.keys import are_valid_names

TIME_LENGTH: Final = 6
DIGEST_LENGTH: Final = 32
EXPIRY_LENGTH: Final = 5
ROW_LENGTH: Final = TIME_LENGTH + DIGEST_LENGTH + EXPIRY_LENGTH
_ENTRY: Final = re.compile(rb'\{"digest":"([0-9a-f]{64})","id":"([0-9A-Z]{26})","v":1\}')


def encode_entry(event_id: str, digest: bytes) -> bytes:
    """Return the entry of the event with this id and digest.

    >>> encode_entry("01ARYZ6S410000000000000000", bytes(32)).decode()[:20]
    '{"digest":"000000000'
    """
    return f'{{"digest":"{digest.hex()}","id":"{event_id}","v":1}}'.encode()


def parse_entry(entry: bytes) -> tuple[str, bytes]:
    """Return the id and the digest in an entry.

    Raises:
        MalformedTileError: it is not an entry, or id and digest do not belong together.
    """
    match = _ENTRY.fullmatch(entry)
    if match is None:
        raise MalformedTileError("a log entry does not name an event")
    digest, event_id = bytes.fromhex(match[1].decode()), match[2].decode()
    if not is_id(event_id) or decode_digest_start(event_id) != digest[:10]:
        raise MalformedTileError(f"a log entry's digest does not belong to its id {event_id}")
    return event_id, digest


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event in the log. `time_ms` is since 1970, `expires_at` seconds since 1970 or None.

    `expires_at` is the expiry when the event was committed; it is not part of the entry.
    """

    time_ms: int
    digest: bytes
    expires_at: int | None = None

    @property
    def id(self) -> str:
        """The event's id."""
        return make_id(self.time_ms, self.digest)

    @property
    def entry(self) -> bytes:
        """The log's entry."""
        return encode_entry(self.id, self.digest)

    @classmethod
    def from_id(cls, event_id: str, digest: bytes, expires_at: int | None = None) -> "LoggedEvent":
        """Return the event with this id and digest."""
        return cls(decode_time(event_id), digest, expires_at)


def pack_rows(events: Sequence[LoggedEvent]) -> bytes:
    """Return the rows that the ledger stores, in log order, 43 bytes each.

    A row has the time (ms, 6 bytes), the digest (32) and the expiry (s, 5 bytes, 0 for never). The
    rest of an id is the start of the digest.
    """
    return b"".join(
        [
            event.time_ms.to_bytes(TIME_LENGTH, "big")
            + event.digest
            + (event.expires_at or 0).to_bytes(EXPIRY_LENGTH, "big")
            for event in events
        ]
    )


def unpack_rows(packed: bytes) -> list[LoggedEvent]:
    """Return the events in rows.

    Raises:
        MalformedTileError: the length is not a multiple of a row's length.
    """
    if len(packed) % ROW_LENGTH:
        raise MalformedTileError(f"{len(packed)} bytes are not rows of {ROW_LENGTH} bytes")
    return [
        LoggedEvent(
            int.from_bytes(packed[at : at + TIME_LENGTH], "big"),
            packed[at + TIME_LENGTH : at + TIME_LENGTH + DIGEST_LENGTH],
            int.from_bytes(packed[at + TIME_LENGTH + DIGEST_LENGTH : at + ROW_LENGTH], "big")
            or None,
        )
        for at in range(0, len(packed), ROW_LENGTH)
    ]


def pack_tenants(tenants: Sequence[str]) -> bytes:
    """Return the tenants of a commit's events, in log order, in bytes.

    First come the names, at most 256, a line each, and an empty line. Then comes one byte for each
    event, the number of its tenant's line; these are left out if all events are of one tenant.

    >>> pack_tenants(["acme", "acme"]), pack_tenants(["acme", "globex", "acme"])
    (b'acme\\n\\n', b'acme\\nglobex\\n\\n\\x00\\x01\\x00')
    """
    numbers = {name: at for at, name in enumerate(dict.fromkeys(tenants))}
    packed = "".join(f"{name}\n" for name in numbers).encode() + b"\n"
    return packed if len(numbers) == 1 else packed + bytes(numbers[name] for name in tenants)


def unpack_tenants(packed: bytes, count: int) -> list[str]:
    """Return the tenants of so many events.

    Raises:
        MalformedTileError: the bytes are not the tenants of so many events.
    """
    head, _, numbers = packed.partition(b"\n\n")
    try:
        names = head.decode("ascii").split("\n")
        if not all(map(are_valid_names, names)):
            raise MalformedTileError("a commit's tenants have names that are not valid")
        found = names * count if len(names) == 1 else [names[number] for number in numbers]
    except (UnicodeDecodeError, IndexError) as error:
        raise MalformedTileError("a commit's tenants are damaged") from error
    if len(found) != count or (len(names) == 1 and numbers):
        raise MalformedTileError(f"a commit's tenants are not those of {count} events")
    return found
