"""Removal orders: events that name the events which a clean-up is about to remove.

An order is an audit event like any other: it is stored, logged and published. It is kept for good.
Its action is reserved: the processor refuses it in every message of the queue. This module does not
import `event.model`, because the ledger reads orders and needs no event model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prooftrail.errors import CorruptRecordError
from prooftrail.event.ids import PACKED_LENGTH, is_id, pack_id, unpack_id
from prooftrail.event.reserved import CLEANUP_ACTION

CLEANUP_RESOURCE: Final = "audit-log"
MAX_IDS: Final = 1_000


@dataclass(frozen=True, slots=True)
class RemovalOrder:
    """A removal order: its own tenant and id, and the `ids` that it names (see `pack_ids`)."""

    tenant_id: str
    id: str
    ids: bytes

    @classmethod
    def from_fields(cls, event_id: str, fields: Mapping[str, Any]) -> "RemovalOrder | None":
        """Return the order that a valid event's fields give, or None for any other event."""
        if fields["action"] != CLEANUP_ACTION or fields["resourceType"] != CLEANUP_RESOURCE:
            return None
        match fields:
            case {"tenantId": str(tenant_id), "details": {"ids": [*ids]}}:
                are_ids = all(isinstance(named, str) and is_id(named) for named in ids)
                if are_ids and 1 <= len(ids) <= MAX_IDS:
                    return cls(tenant_id, event_id, pack_ids(ids))
        return None


def pack_ids(ids: Iterable[str]) -> bytes:
    """Return ids one after the other, 16 bytes each.

    >>> len(pack_ids(["01ARYZ6S410000000000000000"] * 3))
    48
    """
    return b"".join(map(pack_id, ids))


def split_ids(packed: bytes) -> Iterator[bytes]:
    """Return an iterator over the ids of `pack_ids`, each still packed.

    Raises:
        CorruptRecordError: there is no id, or part of one.
    """
    if not packed or len(packed) % PACKED_LENGTH:
        raise CorruptRecordError(
            f"the order's ids must have a multiple of {PACKED_LENGTH} bytes (got {len(packed)})"
        )
    return (packed[at : at + PACKED_LENGTH] for at in range(0, len(packed), PACKED_LENGTH))


def unpack_ids(packed: bytes) -> list[str]:
    """Return the ids of `pack_ids`.

    Raises:
        CorruptRecordError: there is no id, or part of one.
    """
    return [unpack_id(event_id) for event_id in split_ids(packed)]
