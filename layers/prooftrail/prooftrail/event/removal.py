"""Removal orders: the events that say which events a clean-up removes, before it removes them.

An order is an audit event like any other, stored, logged and published, and is kept for good. Its
action is reserved: no message of the queue can give one. This module stands apart from `event`
because the ledger reads orders and needs no event model.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from prooftrail.event.ids import is_id, pack_id, unpack_id

CLEANUP_ACTION: Final = "audit.cleanup"
CLEANUP_RESOURCE: Final = "audit-log"
MAX_IDS: Final = 1_000
_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class RemovalOrder:
    """The order's own tenant and id, and the `ids` that it names, packed by `pack_ids`."""

    tenant_id: str
    id: str
    ids: bytes

    @classmethod
    def from_fields(cls, event_id: str, names: Mapping[str, Any]) -> "RemovalOrder | None":
        """The order in the fields of a sound event, or None where it is no order."""
        if names["action"] != CLEANUP_ACTION or names["resourceType"] != CLEANUP_RESOURCE:
            return None
        match names:
            case {"tenantId": str(tenant_id), "details": {"ids": [*ids]}}:
                are_ids = all(isinstance(one, str) and is_id(one) for one in ids)
                if are_ids and 1 <= len(ids) <= MAX_IDS:
                    return cls(tenant_id, event_id, pack_ids(ids))
        return None


def pack_ids(ids: Iterable[str]) -> bytes:
    """Ids one after the other, 16 bytes each.

    >>> len(pack_ids(["01ARYZ6S410000000000000000"] * 3))
    48
    """
    return b"".join(map(pack_id, ids))


def split_ids(packed: bytes) -> Iterator[bytes]:
    """The ids of `pack_ids`, each still packed.

    Raises:
        ValueError: the bytes are no whole number of ids, or none.
    """
    if not packed or len(packed) % _LENGTH:
        raise ValueError(f"{len(packed)} bytes are no ids of {_LENGTH} bytes")
    return (packed[at : at + _LENGTH] for at in range(0, len(packed), _LENGTH))


def unpack_ids(packed: bytes) -> list[str]:
    """The ids of `pack_ids`.

    Raises:
        ValueError: the bytes are no whole number of ids, or none.
    """
    return [unpack_id(one) for one in split_ids(packed)]
