"""Receipts: when an event was received, and from whom, as its entry in the log fixes them.

The log is public to its auditors, so an entry has only the SHA-256 of the submitter. The ledger has
the texts, in a dictionary for each commit.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from prooftrail.errors import MalformedTileError
from prooftrail.event.submitter import hash_submitter, is_submitter
from prooftrail.event.times import MAX_TIMESTAMP_MS

MAX_SUBMITTERS: Final = 256  # of a commit: an event's is a byte
MAX_SUBMITTER_BYTES: Final = 32 * 1024  # of a commit; an item of DynamoDB has 400 KB
_TIME_LENGTH: Final = 6
_NOBODY: Final = "\0"  # in place of a submitter: no submitter contains it

_hash_submitter = lru_cache(1_024)(hash_submitter)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The receipt of an event: ms since 1970, and the SHA-256 of who submitted it.

    `submitted_by` is the text, None where only the published log was read.
    """

    received_at: int
    submitter: bytes
    submitted_by: str | None = field(default=None, compare=False)

    @classmethod
    def from_submitter(cls, received_at: int, submitted_by: str) -> "Receipt":
        """Return the receipt with this submitter."""
        return cls(received_at, _hash_submitter(submitted_by), submitted_by)


def pack_receipts(receipts: Sequence[Receipt | None]) -> tuple[bytes, bytes] | None:
    """Return the times and the submitters of a commit's events; None if no event has a receipt.

    The times begin with the earliest (6 bytes) and a length; then comes, for each event, the
    difference from the earliest in so many bytes. The submitters are packed by `pack_names`.
    """
    known = [receipt for receipt in receipts if receipt is not None]
    if not known:
        return None
    first = min(receipt.received_at for receipt in known)
    last = max(receipt.received_at for receipt in known)
    length = -(-(last - first).bit_length() // 8)
    times = b"".join(
        (receipt.received_at - first if receipt else 0).to_bytes(length, "big")
        for receipt in receipts
    )
    names = [(receipt.submitted_by or _NOBODY) if receipt else _NOBODY for receipt in receipts]
    return first.to_bytes(_TIME_LENGTH, "big") + bytes([length]) + times, pack_names(names)


def unpack_receipts(times: bytes, submitters: bytes, count: int) -> list[Receipt | None]:
    """Return the receipts of so many events; None for an event that has none.

    Raises:
        MalformedTileError: the bytes are not the receipts of so many events.
    """
    names = unpack_names(
        submitters, count, "submitters", lambda name: name == _NOBODY or is_submitter(name)
    )
    head = _TIME_LENGTH + 1
    length = times[_TIME_LENGTH] if len(times) >= head else _TIME_LENGTH + 1
    if length > _TIME_LENGTH or len(times) != head + length * count:
        raise MalformedTileError(f"a commit's times of receipt are not those of {count} events")
    first = int.from_bytes(times[:_TIME_LENGTH], "big")
    received = [
        first + int.from_bytes(times[at : at + length], "big")
        for at in (head + length * number for number in range(count))
    ]
    if max(received, default=0) > MAX_TIMESTAMP_MS:
        raise MalformedTileError("a commit's times of receipt are not times")
    return [
        None if name == _NOBODY else Receipt.from_submitter(received_at, name)
        for received_at, name in zip(received, names, strict=True)
    ]


def pack_names(names: Sequence[str]) -> bytes:
    """Return a name for each event of a commit in bytes.

    First come the distinct names, at most 256, a line each, and an empty line. Then comes one byte
    for each event, the number of its name's line; these are left out if there is only one name.

    >>> pack_names(["acme", "acme"]), pack_names(["acme", "globex", "acme"])
    (b'acme\\n\\n', b'acme\\nglobex\\n\\n\\x00\\x01\\x00')
    """
    numbers = {name: at for at, name in enumerate(dict.fromkeys(names))}
    packed = "".join(f"{name}\n" for name in numbers).encode() + b"\n"
    return packed if len(numbers) == 1 else packed + bytes(numbers[name] for name in names)


def unpack_names(
    packed: bytes, count: int, what: str, is_valid: Callable[[str], bool]
) -> list[str]:
    """Return the names of so many events. `what` they are is for the error's text.

    Raises:
        MalformedTileError: the bytes are not the names of so many events.
    """
    head, _, numbers = packed.partition(b"\n\n")
    try:
        names = head.decode("ascii").split("\n")
        if not all(map(is_valid, names)):
            raise MalformedTileError(f"a commit's {what} have names that are not valid")
        found = names * count if len(names) == 1 else [names[number] for number in numbers]
    except (UnicodeDecodeError, IndexError) as error:
        raise MalformedTileError(f"a commit's {what} are damaged") from error
    if len(found) != count or (len(names) == 1 and numbers):
        raise MalformedTileError(f"a commit's {what} are not those of {count} events")
    return found
