"""The form in which the ledger keeps its copies of hold orders."""

import json
from typing import Any, Final

from prooftrail.aws.dynamodb import Item
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.hold import HoldKind, HoldOrder, HoldScope
from prooftrail.event.ids import is_id
from prooftrail.event.removal import split_ids

HOLDS: Final = keys.make_holds_key("")
EXPIRIES: Final = keys.make_expiries_key("")
_OF_HOLDS: Final = (HoldKind.SET, HoldKind.RELEASE)


def encode_hold_order(order: HoldOrder) -> dict[str, Any]:
    """Return the ledger's item of an order in DynamoDB's JSON."""
    prefix = HOLDS if order.kind in _OF_HOLDS else EXPIRIES
    item: dict[str, Any] = {
        keys.PARTITION: {"S": f"{prefix}{order.tenant_id}"},
        keys.SORT: {"S": order.id},
        keys.KIND: {"S": order.kind.value},
        keys.HOLD: {"S": order.hold_id},
    }
    if order.scope is not None:
        item[keys.SCOPE] = {"S": json.dumps(order.scope.to_json())}
    if order.ids:
        item[keys.IDS] = {"B": order.ids}
    return item


def decode_hold_order(item: Item) -> HoldOrder:
    """Return the hold order in an item of the ledger.

    Raises:
        CorruptRecordError: the item is not a hold order.
    """
    prefix, separator, tenant_id = item[keys.PARTITION]["S"].partition("#")
    event_id = item[keys.SORT]["S"]
    try:
        kind = HoldKind(item[keys.KIND]["S"])
        scope = json.loads(item[keys.SCOPE]["S"]) if keys.SCOPE in item else None
        ids = item[keys.IDS]["B"] if keys.IDS in item else b""
        hold_id = item[keys.HOLD]["S"]
        order = HoldOrder(kind, tenant_id, event_id, hold_id, HoldScope.from_json(scope), ids)
        if ids:
            split_ids(ids)
    except (KeyError, RecursionError, TypeError, ValueError) as error:
        raise CorruptRecordError(
            "the hold order lacks a part, or has one of another type"
        ) from error
    is_in_place = f"{prefix}{separator}" == (HOLDS if kind in _OF_HOLDS else EXPIRIES)
    if not (order.is_valid and is_in_place and is_id(event_id) and isinstance(hold_id, str)):
        raise CorruptRecordError("the hold order is not as its kind and key say")
    return order
