"""The erasure of a person: what is selected, what orders name, and who may order it."""

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from prooftrail.errors import ErasureRefusedError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import make_id
from prooftrail.event.person import Person
from prooftrail.event.times import DAY_MS
from prooftrail.operate import removal
from prooftrail.operate.erase import Erasure
from prooftrail.operate.removal import RemovableEvent, Removal
from prooftrail.progress import NoProgress
from tests.support.fakes import MemoryEventWriter, MemoryStoredEvents
from tests.support.samples import NOW_MS

ME = "ada"
PERSON = Person("acme", frozenset({ME}), frozenset({("user", ME)}))


def stored(number: int, action: str = "user.login", **fields: Any) -> RemovableEvent:
    return RemovableEvent(make_id(NOW_MS, compute_digest(str(number).encode())), action, **fields)


@dataclass
class World(MemoryStoredEvents):
    """`PersonEvents` in memory: `named` has the events that name the person."""

    named: list[RemovableEvent] = field(default_factory=list)
    ordered: list[RemovableEvent] = field(default_factory=list)
    others: list[RemovableEvent] = field(default_factory=list)
    writer: MemoryEventWriter = field(default_factory=MemoryEventWriter)
    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def find(self, person: Person) -> Iterator[RemovableEvent]:
        assert person == PERSON
        return iter(self.named)

    def find_ordered(self, tenant_id: str, reason: str, since_ms: int) -> Iterator[RemovableEvent]:
        self.asked.append((tenant_id, reason, since_ms))
        return iter(self.ordered)

    def get_many(self, person: Person, ids: Sequence[str]) -> Iterator[RemovableEvent]:
        assert person == PERSON
        return (event for event in [*self.named, *self.others] if event.id in ids)

    def sleep(self, _seconds: float) -> None:
        self.committed |= self.writer.records.keys()

    def erase(self, *exported_ids: str) -> tuple[list[dict[str, Any]], dict[str, str]]:
        """Erase; return the orders, and the order of each exported event."""
        self.add("acme", *self.named, *self.ordered, *self.others)
        how = Removal(
            "acme",
            self,
            self.writer,
            self,
            "run-1",
            "operator",
            now_ms=lambda: NOW_MS,
            sleep=self.sleep,
        )
        run = Erasure(PERSON, "ticket 7", self, how)
        selection = run.select(io.StringIO(), exported_ids, NoProgress())
        orders = run.remove(selection, exported_ids, NoProgress(), timeout_seconds=5)
        return [json.loads(each.canonical) for each in self.writer.records.values()], dict(orders)

    @property
    def left(self) -> list[str]:
        return [event_id for _, event_id in self.events]


def test_an_order_has_the_reason_and_the_ids_alone() -> None:
    world = World(named=[stored(1), stored(2)])
    [order], _ = world.erase()
    assert order["details"] == {
        "reason": "ticket 7",
        "part": 1,
        "parts": 1,
        "ids": [event.id for event in world.named],
    }
    assert (order["action"], order["resourceType"], order["userId"]) == (
        "audit.cleanup",
        "audit-log",
        "operator",
    )
    assert ME not in json.dumps(order)
    assert world.left == []


def test_orders_and_damaged_items_stay() -> None:
    order, damaged = stored(1, "audit.cleanup"), stored(2, "", problem="is damaged")
    world = World(named=[order, damaged, stored(3)])
    [written], _ = world.erase(order.id, damaged.id)
    assert written["details"]["ids"] == [stored(3).id]
    assert world.left == [order.id, damaged.id]


def test_what_an_earlier_run_left_is_found_by_its_orders() -> None:
    left = stored(1, payload_key="overflow/a")
    world = World(ordered=[left], named=[stored(2)])
    [order], _ = world.erase()
    assert order["details"]["ids"] == [left.id, stored(2).id]
    assert world.asked == [("acme", "ticket 7", NOW_MS - 15 * DAY_MS)]
    assert world.left == []


def test_an_event_that_only_an_export_has_is_named_and_another_s_is_not() -> None:
    gone, others = stored(8), stored(9, problem="the event does not name the person")
    world = World(named=[stored(1)], others=[others])
    [order], orders = world.erase(stored(1).id, gone.id, others.id)
    assert order["details"]["ids"] == [stored(1).id, gone.id]
    assert orders.keys() == {stored(1).id, gone.id}
    assert world.left == [others.id]


def test_an_exported_event_has_the_order_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removal, "MAX_IDS", 2)
    world = World(named=[stored(number) for number in range(5)])
    written, orders = world.erase(*(event.id for event in world.named[1:]))
    ids = list(world.writer.records)
    assert [orders[event.id] for event in world.named[1:]] == [
        ids[0][1],
        ids[1][1],
        ids[1][1],
        ids[2][1],
    ]
    assert [order["details"]["part"] for order in written] == [1, 2, 3]


@pytest.mark.parametrize("reason", ["", " ", "x" * 501, "Ada asked", "for (ADA)", "ada"])
def test_a_reason_must_be_short_and_not_name_the_person(reason: str) -> None:
    with pytest.raises(ErasureRefusedError):
        Erasure(PERSON, reason, World(), make_removal("operator"))


@pytest.mark.parametrize("reason", ["x", "adam", "canada", "x" * 500])
def test_a_reason_may_contain_an_id_within_a_word(reason: str) -> None:
    assert Erasure(PERSON, reason, World(), make_removal("operator")).reason == reason


@pytest.mark.parametrize("operator", ["ada", "arn:aws:iam::123456789012:user/Ada"])
def test_nobody_erases_themselves(operator: str) -> None:
    with pytest.raises(ErasureRefusedError, match="somebody else must run this"):
        Erasure(PERSON, "ticket 7", World(), make_removal(operator))


def make_removal(operator: str) -> Removal:
    world = World()
    return Removal(
        "acme",
        world,
        world.writer,
        world,
        "run-1",
        operator,
        now_ms=lambda: NOW_MS,
        sleep=world.sleep,
    )
