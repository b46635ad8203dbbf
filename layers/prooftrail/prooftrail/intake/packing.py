"""Encoded events into as few of the queue's messages as hold them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import EventTooLargeError
from prooftrail.intake.jobs import BULK_LOG_EVENTS, LOG_EVENT, MAX_BULK_EVENTS

MAX_MESSAGE_BYTES: Final = 1024 * 1024  # SQS's, of a message and of a batch of them
_SINGLE: Final = (f'{{"type":"{LOG_EVENT}","data":', "}")
_BULK: Final = (f'{{"type":"{BULK_LOG_EVENTS}","data":{{"events":[', "]}}")


@dataclass(frozen=True, slots=True)
class PackedMessage:
    """One message's body, and the positions of the events that it carries."""

    body: str
    positions: range


def check_size(event: str, max_bytes: int = MAX_MESSAGE_BYTES) -> None:
    """Make sure that a message of its own can carry this event, JSON text.

    Raises:
        EventTooLargeError: its body would be larger.
    """
    size = _size_of(event) + _size_of(*_SINGLE)
    if size > max_bytes:
        raise EventTooLargeError(size, max_bytes)


def pack_messages(events: Sequence[str], max_bytes: int = MAX_MESSAGE_BYTES) -> list[PackedMessage]:
    """The bodies that carry these events, each a JSON text, in order and each once.

    A body has at most `max_bytes` bytes and 5,000 events; it is a log_event job where it carries
    one event, else a bulk_log_events job. No two neighbours would fit into one.

    Raises:
        EventTooLargeError: an event fits no message: see `check_size`.

    >>> [parcel.body for parcel in pack_messages(['{"a":1}', '{"b":2}'])]
    ['{"type":"bulk_log_events","data":{"events":[{"a":1},{"b":2}]}}']
    >>> [list(one.positions) for one in pack_messages(['"first"', '"2nd"', '"3rd"'], max_bytes=59)]
    [[0], [1, 2]]
    """
    parcels: list[PackedMessage] = []
    envelope = _size_of(*_BULK)
    start, size = 0, envelope
    for position, event in enumerate(events):
        check_size(event, max_bytes)
        added = _size_of(event) + 1  # and its comma, which the first one lacks
        if position > start and (
            size + added - 1 > max_bytes or position - start == MAX_BULK_EVENTS
        ):
            parcels.append(_parcel(events, range(start, position)))
            start, size = position, envelope
        size += added
    if events:
        parcels.append(_parcel(events, range(start, len(events))))
    return parcels


def _parcel(events: Sequence[str], positions: range) -> PackedMessage:
    before, after = _SINGLE if len(positions) == 1 else _BULK
    joined = ",".join([events[position] for position in positions])
    return PackedMessage(before + joined + after, positions)


def _size_of(*texts: str) -> int:
    return sum(len(text) if text.isascii() else len(text.encode()) for text in texts)
