"""Orders: events that the ledger obeys. They are kept for good, and nobody sends them."""

from collections.abc import Mapping
from typing import Any, Final

from prooftrail.event.hold import HoldKind, HoldOrder
from prooftrail.event.removal import RemovalOrder
from prooftrail.event.reserved import CLEANUP_ACTION

Order = RemovalOrder | HoldOrder
ORDER_ACTIONS: Final = frozenset({CLEANUP_ACTION, *HoldKind})


def read_order(event_id: str, fields: Mapping[str, Any]) -> Order | None:
    """Return the order that a valid event's fields give, or None for any other event."""
    return RemovalOrder.from_fields(event_id, fields) or HoldOrder.from_fields(event_id, fields)
