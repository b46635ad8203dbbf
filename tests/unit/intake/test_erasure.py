"""The erasure of a person from dead letters: others lose nothing, and removals are recorded."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from prooftrail.errors import AuditLogError, StoreUnavailableError
from prooftrail.event.person import Person
from prooftrail.event.times import HOUR_MS, format_timestamp
from prooftrail.intake.dead_letters import DeadLetterFilter, DeadLetterScan
from prooftrail.intake.erasure import DeadLetterEraser, DeadLetterErasure
from prooftrail.intake.redrive import encode_redrive
from tests.support.dead_letters import make_dead_letter, make_overflowing, make_quarantined
from tests.support.fakes import (
    MemoryDeadLetterQueue,
    MemoryDeadLetterSender,
    MemoryPayloadStore,
    Moment,
)
from tests.support.samples import NOW_MS, bulk_job, event_json, job

ME = "ada@example.com"
PERSON = Person("default", frozenset({ME}), frozenset({("user", ME)}))
MINE, THEIRS = event_json(userId=ME), event_json(userId="u-2")


@dataclass
class World:
    """Dead letters, their payloads, and what was sent, recorded and removed."""

    queue: MemoryDeadLetterQueue
    payloads: MemoryPayloadStore = field(default_factory=MemoryPayloadStore)
    sender: MemoryDeadLetterSender = field(default_factory=MemoryDeadLetterSender)
    records: list[list[str]] = field(default_factory=list)
    fault: AuditLogError | None = None

    def remove_payload(self, key: str) -> None:
        assert self.records, "a removal is recorded first"
        if self.fault:
            raise self.fault
        self.payloads.payloads.pop(key, None)

    def record(self, ids: Sequence[str]) -> None:
        assert set(ids) <= self.queue.dead_letters.keys(), "a record comes before its removals"
        if self.fault and not self.payloads.payloads:
            raise self.fault
        self.records.append(list(ids))

    def run(self, *, is_dry: bool = False) -> DeadLetterErasure:
        eraser = DeadLetterEraser(PERSON, self.payloads, self.sender, self, self.record)
        with DeadLetterScan(self.queue, DeadLetterFilter(), NOW_MS + HOUR_MS, 1_000) as scan:
            return eraser.count(scan) if is_dry else eraser.erase(scan)

    @property
    def left(self) -> set[str]:
        return set(self.queue.dead_letters)


def test_only_what_names_the_person_is_removed() -> None:
    named = {
        "actor": job(MINE),
        "target": job(event_json(targets=[{"type": "user", "id": ME}])),
        "refused": job({"userId": ME, "action": 7}),
        "all": bulk_job(MINE, MINE),
    }
    others = {
        "other": job(THEIRS),
        "tenant": job(event_json(userId=ME, tenantId="acme")),
        "text": "no JSON",
        "odd": bulk_job(7, None, [ME]),
    }
    world = World(
        MemoryDeadLetterQueue(make_quarantined(*each) for each in (named | others).items())
    )
    dry = world.run(is_dry=True)
    assert (dry.found, dry.events, dry.removed, world.records) == (4, 5, 0, [])
    assert world.left == named.keys() | others.keys()
    result = world.run()
    assert (result.found, result.events, result.removed) == (4, 5, 4)
    assert (result.unclear, result.faults, world.sender.dead_letters) == ([], {}, [])
    assert world.left == set(others)
    assert {each for ids in world.records for each in ids} == set(named)
    assert not world.queue.hidden
    assert world.run().found == 0


@pytest.mark.parametrize("is_moved", [True, False])
def test_the_events_of_others_are_sent_again_as_they_were(*, is_moved: bool) -> None:
    body = json.dumps(
        {
            "type": "bulk_log_events",
            "masked": True,
            "submittedBy": "token:u-1",
            "data": {"events": [MINE, THEIRS, {**THEIRS, "eventId": "own"}, 7, "x"]},
        }
    )
    letter = make_dead_letter("l-1", body) if is_moved else make_quarantined("l-1", body)
    world = World(MemoryDeadLetterQueue([letter]))
    assert world.run().removed == 1
    [sent] = world.sender.dead_letters
    rest = json.loads(sent.body)
    assert (rest["masked"], rest["submittedBy"]) == (True, "token:u-1")
    first, second, *odd = rest["data"]["events"]
    assert first == {**THEIRS, "eventId": letter.make_event_id(1)} | {
        "timestamp": THEIRS.get("timestamp", format_timestamp(NOW_MS))
    }
    assert (second["eventId"], odd) == ("own", [7, "x"])
    if not is_moved:
        assert (sent.error_type, sent.source_message_id) == ("InvalidEventError", "m-1")
    assert ME not in sent.body


def test_a_redrive_of_the_rest_stores_what_a_redrive_of_all_would() -> None:
    letter = make_quarantined("l-1", bulk_job(MINE, THEIRS, event_json(userId="u-3")))
    world = World(MemoryDeadLetterQueue([letter]))
    world.run()
    [sent] = world.sender.dead_letters
    again = make_quarantined("l-2", sent.body, sent.source_message_id)
    now_ms = NOW_MS + HOUR_MS
    whole = encode_redrive(letter, letter.body, now_ms=now_ms).events
    assert encode_redrive(again, again.body, now_ms=now_ms).events == whole[1:]


@pytest.mark.parametrize("moment", Moment)
def test_a_rest_that_the_queue_did_not_take_keeps_its_dead_letter(moment: Moment) -> None:
    letters = [make_quarantined(f"l-{n}", bulk_job(MINE, THEIRS)) for n in range(2)]
    world = World(MemoryDeadLetterQueue(letters), sender=MemoryDeadLetterSender([moment]))
    result = world.run()
    assert result.faults.keys() == world.left
    assert len(world.left) + result.removed == 2
    assert len(world.sender.dead_letters) >= result.removed
    world.run()
    assert not world.left


@pytest.mark.parametrize("moment", Moment)
def test_a_dead_letter_that_was_not_deleted_is_reported_and_found_again(moment: Moment) -> None:
    letters = [make_quarantined(f"l-{n}", job(MINE)) for n in range(2)]
    world = World(MemoryDeadLetterQueue(letters, [moment]))
    result = world.run()
    assert world.left <= result.faults.keys()
    assert result.removed == 2 - len(result.faults)
    world.run()
    assert not world.left


def test_a_body_in_the_payload_store_goes_before_its_message() -> None:
    letter, payloads = make_overflowing(bulk_job(MINE, THEIRS).encode())
    world = World(MemoryDeadLetterQueue([letter]), payloads)
    world.fault = StoreUnavailableError("injected")
    result = world.run()
    assert (set(result.faults), world.left, len(payloads.payloads)) == ({"l-1"}, {"l-1"}, 1)
    world.fault = None
    assert world.run().removed == 1
    assert (world.left, payloads.payloads) == (set(), {})
    assert ME not in world.sender.dead_letters[-1].body


def test_nothing_is_removed_without_a_record() -> None:
    world = World(MemoryDeadLetterQueue([make_quarantined("l-1", job(MINE))]))
    world.fault = StoreUnavailableError("injected")
    with pytest.raises(StoreUnavailableError):
        world.run()
    assert world.left == {"l-1"}
    assert not world.queue.hidden


def test_what_cannot_be_read_or_taken_apart_is_reported() -> None:
    letter, payloads = make_overflowing(job(MINE).encode())
    payloads.payloads[next(iter(payloads.payloads))] = b"another"
    broken = make_quarantined("l-2", f'{{"userId": "{ME}"')
    world = World(MemoryDeadLetterQueue([letter, broken]), payloads)
    result = world.run()
    assert (set(result.faults), result.unclear) == ({"l-1"}, ["l-2"])
    assert world.left == {"l-1", "l-2"}
