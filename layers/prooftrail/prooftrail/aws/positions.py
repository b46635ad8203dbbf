"""The ledger's items that say which position an event has in the log.

An item is for one run's events of one UTC hour. It holds 8 bytes an event: the first 4 bytes of the
digest, and the offset from the item's first position. If a run has many events of one hour, their
items are split by the events' digests, so that a look-up reads only a part.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from prooftrail.aws.dynamodb import Item
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.times import HOUR_MS, format_hour
from prooftrail.ledger.entry import LoggedEvent

SPLIT_BITS: Final = (0, 4, 8)  # of the digest: a run's events of one hour are 1, 16 or 256 items
MAX_UNSPLIT_EVENTS: Final = 2_048  # of one item, about
_START_LENGTH: Final = 4
_OFFSET_LENGTH: Final = 4
_ENTRY_LENGTH: Final = _START_LENGTH + _OFFSET_LENGTH
_POSITION_DIGITS: Final = 20


def encode_positions(events: Sequence[LoggedEvent], start: int) -> list[dict[str, Any]]:
    """Return the items for events that have the positions from `start` on.

    The end is in the sort key, so a slow run does not replace the items of a run that got further.
    """
    end = start + len(events)
    return [
        {
            keys.PARTITION: {"S": keys.make_positions_key(hour)},
            keys.SORT: {"S": f"{split}{end:0{_POSITION_DIGITS}d}#{start:0{_POSITION_DIGITS}d}"},
            keys.ROWS: {"B": packed},
        }
        for (hour, split), packed in _pack_by_hour_and_split(events).items()
    ]


def _pack_by_hour_and_split(events: Sequence[LoggedEvent]) -> Mapping[tuple[str, str], bytes]:
    by_hour: dict[int, list[tuple[int, bytes]]] = defaultdict(list)
    for offset, event in enumerate(events):
        by_hour[event.time_ms // HOUR_MS].append((offset, event.digest))
    packed: dict[tuple[str, str], list[bytes]] = defaultdict(list)
    for hour_number, hour_events in by_hour.items():
        hour = format_hour(hour_number * HOUR_MS)
        bits = next(
            bits
            for bits in SPLIT_BITS
            if len(hour_events) <= MAX_UNSPLIT_EVENTS << bits or bits == SPLIT_BITS[-1]
        )
        for offset, digest in hour_events:
            entry = digest[:_START_LENGTH] + offset.to_bytes(_OFFSET_LENGTH, "big")
            packed[hour, _format_split(digest, bits)].append(entry)
    return {address: b"".join(entries) for address, entries in packed.items()}


def list_position_ranges(time_ms: int, digest: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield where the positions of an event may be: partition, lowest and highest sort key."""
    partition = keys.make_positions_key(format_hour(time_ms))
    for bits in SPLIT_BITS:
        split = _format_split(digest, bits)
        yield partition, split, f"{split}~"


def find_positions(item: Item, digest: bytes) -> list[int]:
    """Return the positions in an item for digests that begin like this one.

    Raises:
        CorruptRecordError: the item is damaged.
    """
    try:
        return list(_find_positions(item[keys.SORT]["S"], item[keys.ROWS]["B"], digest))
    except (KeyError, TypeError, ValueError) as error:
        partition = item[keys.PARTITION]["S"]
        raise CorruptRecordError(f"the positions of {partition} are damaged") from error


def _find_positions(sort: str, packed: bytes, digest: bytes) -> Iterator[int]:
    if len(packed) % _ENTRY_LENGTH:
        raise ValueError(len(packed))
    start = int(sort[-_POSITION_DIGITS:])
    digest_start = digest[:_START_LENGTH]
    at = packed.find(digest_start)
    while at >= 0:
        if at % _ENTRY_LENGTH == 0:
            offset = packed[at + _START_LENGTH : at + _ENTRY_LENGTH]
            yield start + int.from_bytes(offset, "big")
        at = packed.find(digest_start, at + 1)


def unpack_positions(sort: str, packed: bytes) -> list[tuple[int, bytes]]:
    """Return every position in an item, with the start of the event's digest (4 bytes).

    Raises:
        CorruptRecordError: an entry is incomplete.
        ValueError: the sort key does not end in a position.
    """
    if len(packed) % _ENTRY_LENGTH:
        raise CorruptRecordError(f"{len(packed)} bytes are not entries of {_ENTRY_LENGTH} bytes")
    start = int(sort[-_POSITION_DIGITS:])
    return [
        (
            start + int.from_bytes(packed[at + _START_LENGTH : at + _ENTRY_LENGTH], "big"),
            packed[at : at + _START_LENGTH],
        )
        for at in range(0, len(packed), _ENTRY_LENGTH)
    ]


def _format_split(digest: bytes, bits: int) -> str:
    return f"{bits}#{digest[0] >> 8 - bits:02x}#"
