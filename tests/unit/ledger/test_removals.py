"""Removal orders: what is one, what the ledger keeps of it, and which removals it covers."""

from collections.abc import Sequence
from typing import Any

import pytest

from prooftrail.errors import CorruptRecordError, InvalidEventError, StoreUnavailableError
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.record import EventRecord
from prooftrail.event.removal import (
    MAX_IDS,
    RemovalOrder,
    pack_ids,
    split_ids,
    unpack_ids,
)
from prooftrail.event.reserved import CLEANUP_ACTION
from prooftrail.event.retention import compute_expiry
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.ledger.changes import Change, EventImage
from prooftrail.ledger.commit import MAX_COUNTER_ITEMS
from prooftrail.ledger.tampering import (
    ORDER_VALIDITY_MS,
    ClassifiedRemovals,
    classify_removals,
    detect_tampering,
)
from tests.support.fakes import MemoryLedger, Moment
from tests.support.samples import (
    NOW_MS,
    event_json,
    make_audit_event,
    make_event_record,
    make_order_record,
)
from tests.support.stream_samples import TTL, commit_to, make_change, make_inserts, make_item

EVENTS = [make_event_record(eventId=f"e-{n}", userId="u") for n in range(5)]
IDS = [event.id for event in EVENTS]


def ids(count: int) -> list[str]:
    return [make_id(NOW_MS + n, compute_digest(str(n).encode())) for n in range(count)]


def removal(event: EventRecord, **options: Any) -> Change:
    return make_change("REMOVE", old=make_item(event), **options)


def ordered(*orders: EventRecord) -> MemoryLedger:
    """A ledger that has committed these orders."""
    ledger = MemoryLedger()
    commit_to(make_inserts(orders), ledger)
    return ledger


def judged(ledger: MemoryLedger, *events: EventRecord) -> ClassifiedRemovals:
    return classify_removals([removal(event) for event in events], ledger)


def refused(removals: ClassifiedRemovals) -> list[str]:
    assert {one.reason for one in removals.tampering} <= {"a stored event was removed"}
    return [one.item_id for one in removals.tampering]


# What is an order


@pytest.mark.parametrize("count", [1, MAX_IDS])
def test_an_order_names_up_to_a_thousand_events(count: int) -> None:
    inserted = make_change("INSERT", new=make_item(make_order_record(*ids(count)))).new
    assert isinstance(inserted, EventImage)
    assert inserted.order is not None
    assert unpack_ids(inserted.order.ids) == ids(count)


NO_ORDERS: list[dict[str, Any]] = [
    {"details": None},
    {"details": {}},
    {"details": {"ids": []}},
    {"details": {"ids": IDS[0]}},
    {"details": {"ids": {"0": IDS[0]}}},
    {"details": {"ids": [IDS[0], None]}},
    {"details": {"ids": [IDS[0], IDS[1][:-1]]}},
    {"details": {"ids": [IDS[0], IDS[1].lower()]}},
    {"details": {"ids": ids(MAX_IDS + 1)}},
    {"resource_type": "session"},
]


@pytest.mark.parametrize("fields", NO_ORDERS, ids=range(len(NO_ORDERS)))
def test_what_is_not_quite_an_order_orders_nothing_and_rings(fields: dict[str, Any]) -> None:
    forged = make_order_record(IDS[0], **fields)
    inserted = make_change("INSERT", new=make_item(forged))
    found = detect_tampering(inserted, 0)
    assert found is not None
    assert found.reason == "an event with the action of removal orders is not a valid removal order"
    ledger = ordered(forged)
    assert [one.id for one in ledger.events] == [forged.id]  # an event all the same: it is stored
    assert not ledger.orders
    assert refused(judged(ledger, EVENTS[0])) == [IDS[0]]


def test_an_order_that_ends_orders_nothing_and_rings() -> None:
    ending = {**make_item(make_order_record(IDS[0])), "expiresAt": {"N": str(NOW_MS // 1000 + 60)}}
    assert detect_tampering(make_change("INSERT", new=ending), 0) is not None
    ledger = MemoryLedger()
    commit_to([make_change("INSERT", new=ending)], ledger)
    assert not ledger.orders


def test_an_order_in_s3_is_none() -> None:
    stored = make_item(make_order_record(*IDS))
    stored = {name: value for name, value in stored.items() if name != "event"}
    digest = make_order_record(*IDS).digest
    inserted = make_change("INSERT", new=stored | {"overflow": {"S": f"overflow/{digest.hex()}"}})
    assert inserted.new is not None
    assert detect_tampering(inserted, 0) is not None
    ledger = MemoryLedger()
    commit_to([inserted], ledger)
    assert not ledger.orders


def test_nobody_sends_an_order() -> None:
    raw = event_json(action=CLEANUP_ACTION, resourceType="audit-log", details={"ids": IDS})
    with pytest.raises(InvalidEventError) as caught:
        make_audit_event(raw)
    assert str(caught.value) == (
        "action: audit.cleanup is reserved for what the audit log records of itself"
    )


@pytest.mark.parametrize("packed", [b"", bytes(15), bytes(33)])
def test_bytes_that_are_no_ids(packed: bytes) -> None:
    with pytest.raises(CorruptRecordError, match="a multiple of 16 bytes"):
        split_ids(packed)


# What the ledger keeps


def test_an_order_is_kept_with_the_commit_of_its_event() -> None:
    order = make_order_record(*IDS[:2], tenant_id="acme")
    ledger = ordered(make_event_record(), order, make_event_record(eventId="other"))
    assert ledger.orders == {("acme", order.id): RemovalOrder("acme", order.id, pack_ids(IDS[:2]))}
    assert order.id in {event.id for event in ledger.events}
    assert ledger.counters["counters#acme#day", "2025-11-24"] == {"audit.cleanup|audit-log|1": 1}


def test_a_replay_keeps_an_order_once_and_a_longer_one_the_next() -> None:
    first, second = make_order_record(IDS[0]), make_order_record(IDS[1], event_id="run-1:2")
    changes = make_inserts([first, second])
    ledger = MemoryLedger()
    commit_to(changes[:1], ledger)
    commit_to(changes, ledger)
    assert [order_id for _, order_id in sorted(ledger.orders)] == sorted([first.id, second.id])


@pytest.mark.parametrize("hours", [1, 40, 300])
def test_orders_share_a_transaction_with_the_counters(hours: int) -> None:
    """The fake checks that no commit has more items than it may."""
    records: list[EventRecord] = []
    for n in range(300):
        records.append(make_order_record(IDS[0], event_id=f"run-1:{n}"))
        records.append(make_event_record(timestamp=format_timestamp(NOW_MS - n % hours * HOUR_MS)))
    ledger = ordered(*{record.id: record for record in records}.values())
    assert len(ledger.orders) == 300
    sizes = [len(one.increments) + len(one.orders) for one in ledger.commits.values()]
    assert min(sizes[:-1]) >= MAX_COUNTER_ITEMS - 2


# Which removals an order covers


def test_the_removals_that_an_order_names_ring_no_alarm() -> None:
    ledger = ordered(make_order_record(*IDS[:3]))
    found = judged(ledger, *EVENTS)
    assert found.ordered == {"default": 3}
    assert refused(found) == IDS[3:]


def test_a_removal_by_itself_is_not_judged() -> None:
    assert detect_tampering(removal(EVENTS[0]), 0) is None
    assert removal(EVENTS[0]).needs_order


def test_no_order_is_read_for_what_time_to_live_removes() -> None:
    assert not removal(EVENTS[0], principal=TTL).needs_order
    ledger = MemoryLedger([Moment.BEFORE])
    assert classify_removals([removal(EVENTS[0], principal=TTL)], ledger) == ClassifiedRemovals(
        {}, []
    )


def test_an_order_covers_its_own_tenant_only() -> None:
    theirs = make_event_record(tenantId="victim")
    ledger = ordered(make_order_record(theirs.id, IDS[0]))
    found = judged(ledger, theirs, EVENTS[0])
    assert (found.ordered, refused(found)) == ({"default": 1}, [theirs.id])
    foreign = ordered(make_order_record(*IDS, tenant_id="victim"))
    assert refused(judged(foreign, EVENTS[0])) == [IDS[0]]


def test_an_order_that_is_not_committed_covers_nothing() -> None:
    assert refused(judged(MemoryLedger(), EVENTS[0])) == [IDS[0]]


@pytest.mark.parametrize(
    ("offset_ms", "is_covered"),
    [
        (-ORDER_VALIDITY_MS - 1, False),
        (-ORDER_VALIDITY_MS, True),
        (0, True),
        (24 * HOUR_MS, True),
        (24 * HOUR_MS + 1, False),
    ],
)
def test_an_order_holds_for_a_week(offset_ms: int, is_covered: bool) -> None:
    order = make_order_record(IDS[0], timestamp=format_timestamp(NOW_MS + offset_ms))
    assert (judged(ordered(order), EVENTS[0]).ordered == {"default": 1}) is is_covered


def test_no_more_orders_are_read_than_the_removals_need() -> None:
    orders = [
        make_order_record(IDS[n % 5], event_id=str(n), timestamp=format_timestamp(NOW_MS + n))
        for n in range(50)
    ]
    ledger = ordered(*orders)
    assert judged(ledger, *EVENTS[3:]).ordered == {"default": 2}
    assert ledger.orders_read == 2


def test_an_event_removed_twice_is_ordered_twice() -> None:
    """Somebody sent it again in between."""
    assert judged(ordered(make_order_record(IDS[0])), EVENTS[0], EVENTS[0]).ordered == {
        "default": 2
    }


def test_orders_that_cannot_be_read_judge_nothing() -> None:
    classified = judged(MemoryLedger([Moment.BEFORE]), EVENTS[0])
    assert (classified.ordered, classified.tampering) == ({}, [])
    assert isinstance(classified.failure, StoreUnavailableError)


def test_orders_of_one_tenant_that_cannot_be_read_hide_nothing_of_another() -> None:
    removed = [make_event_record(tenantId=tenant) for tenant in ("acme", "globex", "initech")]
    classified = judged(MemoryLedger([None, Moment.BEFORE]), *removed)
    assert [found.item_id for found in classified.tampering] == [removed[0].id, removed[2].id]
    assert isinstance(classified.failure, StoreUnavailableError)


@pytest.mark.parametrize("principal", ["", TTL])
def test_an_order_is_never_removed_itself(principal: str) -> None:
    order = make_order_record(*IDS)
    change_of_order = removal(order, principal=principal)
    found = detect_tampering(change_of_order, 30)
    assert found is not None
    assert found.reason == "a removal order was removed"
    assert not change_of_order.needs_order
    another = make_order_record(order.id, event_id="run-2:1")
    assert classify_removals([change_of_order], ordered(order, another)) == ClassifiedRemovals(
        {}, []
    )


def test_an_order_gets_no_end() -> None:
    """Not even one that any other event could get."""
    stored = make_item(make_order_record(*IDS))
    ending = stored | {"expiresAt": {"N": str(compute_expiry(NOW_MS, 30))}}
    found = detect_tampering(make_change("MODIFY", old=stored, new=ending), 30)
    assert found is not None
    assert found.reason == "a stored event's expiry was brought forward"


@pytest.mark.parametrize("damage", [{"event": {"S": "{}"}}, {"userKey": {"S": "default#x"}}])
def test_an_altered_item_is_no_event_that_an_order_names(damage: dict[str, Any]) -> None:
    altered = make_change("REMOVE", old={**make_item(EVENTS[0]), **damage})
    assert not altered.needs_order
    found = detect_tampering(altered, 0)
    assert found is not None
    assert found.reason == "a stored event was removed"


def test_an_altered_order_is_none() -> None:
    stored = make_item(make_order_record(IDS[0]))
    content = canonicalize({"details": {"ids": IDS}, "action": CLEANUP_ACTION})
    altered: Sequence[Change] = [make_change("INSERT", new={**stored, "event": {"B": content}})]
    ledger = MemoryLedger()
    commit_to(altered, ledger)
    assert not ledger.orders
