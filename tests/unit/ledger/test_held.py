"""Lifted and returned expiries in the stream: which change is one, and which order allows it."""

from typing import Any

import pytest

from prooftrail.event.hold import HoldKind, HoldOrder, HoldScope
from prooftrail.event.ids import make_id, make_lowest_id
from prooftrail.event.removal import pack_ids
from prooftrail.event.times import DAY_MS, HOUR_MS
from prooftrail.ledger.changes import Change
from prooftrail.ledger.held import find_hold_change
from prooftrail.ledger.tampering import (
    ORDER_VALIDITY_MS,
    classify_expiries,
    detect_tampering,
)
from tests.support.fakes import MemoryLedger, Moment
from tests.support.samples import NOW_MS, make_event_record, make_order_record
from tests.support.stream_samples import commit_to, make_change, make_item

DAYS = 30
EVENT = make_event_record(retention_days=DAYS, submitted_by="AROAEXAMPLE:sender")
BEFORE = make_item(EVENT, stored_at=NOW_MS - 40 * DAY_MS)
EXPIRY = int(BEFORE["expiresAt"]["N"])


def held(item: dict[str, Any]) -> dict[str, Any]:
    """Return an item whose expiry is lifted."""
    rest = {name: value for name, value in item.items() if name != "expiresAt"}
    return {**rest, "heldExpiresAt": item["expiresAt"]}


HELD = held(BEFORE)


def returned(expires_at: int, **changes: Any) -> dict[str, Any]:
    """Return an item that has an expiry again."""
    rest = {name: value for name, value in HELD.items() if name != "heldExpiresAt"}
    return {**rest, "expiresAt": {"N": str(expires_at)}, **changes}


def modify(old: dict[str, Any], new: dict[str, Any]) -> Change:
    return make_change("MODIFY", old=old, new=new)


def ledger(kind: HoldKind, at_ms: int = NOW_MS, event_id: str = EVENT.id) -> MemoryLedger:
    """A ledger with an order of this kind and time that names the event."""
    made = MemoryLedger()
    order = HoldOrder(kind, "default", make_lowest_id(at_ms), "h", ids=pack_ids([event_id]))
    made.orders[order.tenant_id, order.id] = order
    return made


SOON = NOW_MS // 1000 + 86_400
LIFT = modify(BEFORE, HELD)
RETURN = modify(HELD, returned(SOON))


def test_the_expiry_has_passed() -> None:
    assert EXPIRY * 1000 < NOW_MS


@pytest.mark.parametrize(("change", "kind"), [(LIFT, HoldKind.LIFT), (RETURN, HoldKind.RETURN)])
def test_an_order_of_its_kind_from_the_last_seven_days_allows_a_change(
    change: Change, kind: HoldKind
) -> None:
    assert find_hold_change(change) is kind
    assert detect_tampering(change, DAYS) is None
    other = HoldKind.RETURN if kind is HoldKind.LIFT else HoldKind.LIFT
    assert not classify_expiries([change], ledger(kind)).tampering
    assert not classify_expiries([change], ledger(kind, NOW_MS - ORDER_VALIDITY_MS)).tampering
    for refused in (
        ledger(other),
        ledger(kind, NOW_MS - ORDER_VALIDITY_MS - 1),
        ledger(kind, event_id=make_id(1, bytes(32))),
        MemoryLedger(),
    ):
        [found] = classify_expiries([change], refused).tampering
        assert "without a hold order" in found.reason


def test_orders_that_cannot_be_read_are_no_tampering() -> None:
    made = MemoryLedger([Moment.BEFORE])
    found = classify_expiries([LIFT], made)
    assert not found.tampering
    assert found.failure is not None


def test_nothing_is_read_without_such_a_change() -> None:
    made = MemoryLedger([Moment.BEFORE])
    assert classify_expiries([make_change("INSERT", new=BEFORE)], made).failure is None


@pytest.mark.parametrize(
    "change",
    [
        modify(BEFORE, {**HELD, "heldExpiresAt": {"N": str(EXPIRY + 1)}}),
        modify(BEFORE, {**HELD, "storedAt": {"N": str(NOW_MS - HOUR_MS)}}),
        modify(BEFORE, {**HELD, "submittedBy": {"S": "AROAEXAMPLE:another"}}),
        modify(BEFORE, {**HELD, "requestId": {"S": "another"}}),
        modify(BEFORE, {name: value for name, value in HELD.items() if name != "heldExpiresAt"}),
        modify(HELD, {name: value for name, value in HELD.items() if name != "heldExpiresAt"}),
        modify(HELD, {**HELD, "heldExpiresAt": {"N": "1"}}),
        modify(HELD, returned(EXPIRY - 1)),
        modify(HELD, returned(EXPIRY + 1)),
        modify(HELD, returned(SOON - 2 * 3_600)),
        modify(HELD, returned(SOON + 2 * 3_600)),
        modify(HELD, returned(SOON, storedAt={"N": str(NOW_MS - HOUR_MS)})),
        make_change("INSERT", new=HELD),
    ],
    ids=range(13),
)
def test_any_other_change_of_a_held_event_is_tampering_whatever_is_ordered(change: Change) -> None:
    assert find_hold_change(change) is None
    assert detect_tampering(change, DAYS) is not None


def test_the_lifted_expiry_itself_can_be_given_back() -> None:
    assert find_hold_change(modify(HELD, returned(EXPIRY))) is HoldKind.RETURN


def test_a_second_delivery_of_a_held_event_is_none() -> None:
    """The processor knows no hold: it puts the event with an expiry again."""
    again = modify(HELD, make_item(EVENT, stored_at=NOW_MS))
    assert detect_tampering(again, DAYS) is None
    assert find_hold_change(again) is None


HOLD = make_item(
    make_order_record(
        action="audit.hold.set", resource_id="h", details={"scope": {}, "reason": "x"}
    )
)


def test_a_hold_is_kept_for_good() -> None:
    assert detect_tampering(make_change("INSERT", new=HOLD), DAYS) is None
    ending = {**HOLD, "expiresAt": {"N": str(SOON)}}
    for change, reason in (
        (make_change("REMOVE", old=HOLD), "a hold order was removed"),
        (modify(HOLD, ending), "a stored event's expiry was brought forward"),
        (
            make_change("INSERT", new=ending),
            "an event with the action of hold orders is not a valid",
        ),
    ):
        found = detect_tampering(change, DAYS)
        assert found is not None
        assert found.reason.startswith(reason)
    assert not make_change("REMOVE", old=HOLD).needs_order


def test_the_ledger_keeps_a_copy_of_a_hold() -> None:
    made = MemoryLedger()
    commit_to([make_change("INSERT", new=HOLD)], made)
    [order] = made.orders.values()
    assert isinstance(order, HoldOrder)
    assert (order.kind, order.hold_id, order.scope) == (HoldKind.SET, "h", HoldScope())
