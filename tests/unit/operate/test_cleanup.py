"""The clean-up: what it selects, that each removal is ordered before, and how it ends early."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from prooftrail.errors import AuditLogError, CleanupStalledError, StoreUnavailableError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.record import EventRecord
from prooftrail.event.times import HOUR_MS
from prooftrail.operate import removal
from prooftrail.operate.cleanup import Cleanup, CleanupScope
from prooftrail.operate.removal import RemovableEvent, Removal, RemovalList
from prooftrail.progress import NoProgress
from tests.support.fakes import MemoryEventWriter, MemoryStoredEvents, Moment
from tests.support.samples import NOW_MS

CUT_MS = NOW_MS - HOUR_MS
ME = "arn:aws:iam::123456789012:user/operator"


def stored(number: int, action: str = "user.login", **fields: Any) -> RemovableEvent:
    """An event of a minute a number, the 60th of which is at the cut."""
    time_ms = CUT_MS + (number - 60) * 60_000
    return RemovableEvent(make_id(time_ms, compute_digest(str(number).encode())), action, **fields)


@dataclass
class World:
    """A tenant's events, and a ledger that commits what is ordered after some waits."""

    events: MemoryStoredEvents = field(default_factory=MemoryStoredEvents)
    writer: MemoryEventWriter = field(default_factory=MemoryEventWriter)
    scope: CleanupScope = field(default_factory=lambda: CleanupScope("acme", CUT_MS))
    waits_needed: int = 1
    waits: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) >= self.waits_needed:
            self.events.committed |= self.writer.records.keys()

    def run(self, before: Callable[[RemovalList], object] = lambda _: None) -> RemovalList:
        """Select and remove all of it."""
        how = Removal(
            self.scope.tenant_id,
            self.events,
            self.writer,
            self.events,
            "run-1",
            ME,
            now_ms=lambda: NOW_MS,
            sleep=self.sleep,
        )
        run = Cleanup(self.scope, self.events, how)
        selection = run.select(io.StringIO(), NoProgress())
        before(selection)
        run.remove(selection, NoProgress(), timeout_seconds=10)
        return selection

    @property
    def left(self) -> set[str]:
        return {event_id for _, event_id in self.events.events}

    @property
    def orders(self) -> list[dict[str, Any]]:
        return [json.loads(record.canonical) for record in self.writer.records.values()]


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders of two events each, two of them at a time."""
    monkeypatch.setattr(removal, "MAX_IDS", 2)
    monkeypatch.setattr(removal, "ORDERS_AHEAD", 2)


def test_what_is_older_goes_and_what_is_not_stays(world: World) -> None:
    old, at_the_cut, newer = stored(59), stored(60), stored(61)
    world.events.add("acme", old, at_the_cut, newer)
    world.events.add("other", old)
    selection = world.run()
    assert (selection.count, selection.part_count, selection.by_action) == (1, 1, {"user.login": 1})
    assert set(world.events.events) == {
        ("acme", at_the_cut.id),
        ("acme", newer.id),
        ("other", old.id),
    }


def test_excluded_actions_and_orders_stay(world: World) -> None:
    actions = ["user.login", "user.logout", "users.list", "code.report", "audit.cleanup", "audit.x"]
    events = [stored(n, action) for n, action in enumerate(actions)]
    world.events.add("acme", *events)
    world.scope = CleanupScope("acme", CUT_MS, ("user.*", "code.report"))
    selection = world.run()
    assert selection.by_action == {"users.list": 1, "audit.x": 1}
    assert world.left == {events[n].id for n in (0, 1, 3, 4)}


def test_an_item_that_is_no_sound_event_stays_as_evidence(world: World) -> None:
    odd = RemovableEvent(stored(1).id, "", problem="its content is not what its digest says")
    world.events.add("acme", odd, stored(2))
    selection = world.run()
    assert (selection.count, selection.invalid_items) == (1, 1)
    assert world.left == {odd.id}


def test_an_order_says_who_removes_what(world: World) -> None:
    events = [stored(1), stored(2, "a.b")]
    world.events.add("acme", *events)
    world.scope = CleanupScope("acme", CUT_MS, ("user.logout",))
    world.run()
    [record] = world.writer.records.values()
    assert (record.action, record.user_id, record.retention_days) == ("audit.cleanup", ME, 0)
    [order] = world.orders
    assert order == {
        "v": 1,
        "eventId": "run-1:1",
        "timestamp": "2025-11-24T16:00:00.000Z",
        "tenantId": "acme",
        "userId": ME,
        "action": "audit.cleanup",
        "resourceType": "audit-log",
        "resourceId": "run-1",
        "success": True,
        "details": {
            "before": "2025-11-24T15:00:00.000Z",
            "excludeActions": ["user.logout"],
            "part": 1,
            "parts": 1,
            "ids": [event.id for event in events],
        },
    }


@pytest.mark.usefixtures("_small_parts")
def test_parts_are_ordered_some_at_a_time(world: World) -> None:
    events = [stored(n) for n in range(9)]
    world.events.add("acme", *events)
    selection = world.run()
    assert not world.left
    assert (selection.count, selection.part_count) == (9, 5)
    details = [order["details"] for order in world.orders]
    assert [one["part"] for one in details] == [1, 2, 3, 4, 5]
    assert {one["parts"] for one in details} == {5}
    assert [event_id for one in details for event_id in one["ids"]] == [one.id for one in events]


def test_nothing_is_ordered_where_nothing_is_to_go(world: World) -> None:
    world.events.add("acme", stored(61))
    assert world.run().count == 0
    assert not world.orders
    assert not world.waits


def test_a_payload_goes_with_its_event(world: World) -> None:
    key = 'overflow/7/with "quotes"\nand lines'
    world.events.add("acme", stored(1, payload_key=key), stored(61, payload_key="stays"))
    world.run()
    assert world.events.payloads == {"stays"}


def test_what_is_stored_meanwhile_is_not_removed_unasked(world: World) -> None:
    late = stored(2)
    world.events.add("acme", stored(1))
    selection = world.run(before=lambda _: world.events.add("acme", late))
    assert selection.count == 1
    assert world.left == {late.id}


def test_a_ledger_that_takes_its_time_is_waited_for(world: World) -> None:
    world.waits_needed = 5
    world.events.add("acme", stored(1))
    world.run()
    assert world.waits == [0.25, 0.5, 1.0, 2.0, 2.0]
    assert not world.left


def test_nothing_is_removed_that_the_ledger_has_not_committed(world: World) -> None:
    world.waits_needed = 10**6
    events = [stored(1), stored(2)]
    world.events.add("acme", *events)
    with pytest.raises(CleanupStalledError, match=r"run-1 within 10 s.*0 events were removed"):
        world.run()
    assert world.left == {event.id for event in events}
    assert 10 <= sum(world.waits) < 12


@pytest.mark.usefixtures("_small_parts")
def test_a_ledger_that_stops_midway_stops_the_removal(world: World) -> None:
    world.events.add("acme", *(stored(n) for n in range(9)))
    committed: list[int] = []

    def commit_once(seconds: float) -> None:
        world.waits.append(seconds)
        if not committed:
            committed.append(1)
            world.events.committed |= world.writer.records.keys()

    world.sleep = commit_once  # type: ignore[method-assign]
    with pytest.raises(CleanupStalledError, match="4 events were removed before") as caught:
        world.run()
    assert (caught.value.run_id, caught.value.removed, caught.value.retryable) == ("run-1", 4, True)
    assert len(world.left) == 5
    assert len(world.orders) == 4


def test_an_order_that_is_not_stored_removes_nothing(world: World) -> None:
    world.writer = MemoryEventWriter([Moment.BEFORE])
    world.events.add("acme", stored(1))
    with pytest.raises(StoreUnavailableError):
        world.run()
    assert len(world.left) == 1


@pytest.mark.usefixtures("_small_parts")
@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("nth", range(5))
@pytest.mark.parametrize("part", ["order", "removal"])
def test_another_run_finishes_what_one_left(part: str, nth: int, moment: Moment) -> None:
    moments = [None] * nth + [moment]
    world = World(
        MemoryStoredEvents(moments if part == "removal" else ()),
        MemoryEventWriter(moments if part == "order" else ()),
    )
    world.events.add("acme", *(stored(n) for n in range(12)), stored(61))
    removed_unordered: list[str] = []
    original = world.events.remove

    def checked(tenant_id: str, events: Any) -> None:
        named = {one for order in world.orders for one in order["details"]["ids"]}
        removed_unordered.extend(event.id for event in events if event.id not in named)
        original(tenant_id, events)

    world.events.remove = checked  # type: ignore[method-assign]
    failures = 0
    for _ in range(2):
        try:
            world.run()
        except AuditLogError:
            failures += 1
    assert failures == (part == "removal" or nth < 3)
    assert world.left == {stored(61).id}
    assert not removed_unordered


def test_an_order_of_a_thousand_fits_an_item() -> None:
    world = World()
    many = [make_id(CUT_MS - n, compute_digest(str(n).encode())) for n in range(1, 2_001)]
    world.events.add("acme", *(RemovableEvent(one, "a.b") for one in many))
    assert world.run().part_count == 2
    records: list[EventRecord] = list(world.writer.records.values())
    assert max(len(record.canonical) for record in records) < 30_000
