"""Dead letters: each is received once, becomes visible again, and brings its whole body."""

from typing import Any

import pytest

from prooftrail.errors import CorruptRecordError, InvalidDeadLetterError
from prooftrail.event.times import HOUR_MS
from prooftrail.intake.dead_letters import (
    DeadLetterFilter,
    DeadLetterScan,
    ReceivedDeadLetter,
    load_body,
)
from prooftrail.intake.jobs import encode_overflow_job
from prooftrail.intake.redrive import encode_redrive
from tests.support.dead_letters import letter, overflowing, quarantined
from tests.support.fakes import MemoryLetterQueue
from tests.support.samples import NOW_MS, event_json, job

LATER_MS = NOW_MS + HOUR_MS


def walk(
    queue: MemoryLetterQueue, selection: DeadLetterFilter | None = None, limit: int = 1_000
) -> DeadLetterScan:
    return DeadLetterScan(queue, selection or DeadLetterFilter(), LATER_MS, limit)


def test_each_letter_is_met_once_and_given_back() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(35))
    with walk(queue) as scan:
        met = [one.id for letters in scan.receive_batches() for one in letters]
        assert len(queue.hidden) == 35
    assert sorted(met) == sorted(queue.letters)
    assert queue.hidden == {}
    assert scan.scanned_count == 35


def test_a_limit_and_a_failure_give_all_back() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(35))
    with walk(queue, limit=12) as scan:
        assert sum(len(letters) for letters in scan.receive_batches()) == 12
    assert queue.hidden == {}


def test_a_crash_gives_all_back() -> None:
    queue = MemoryLetterQueue([letter()])

    def crash() -> None:
        with walk(queue) as scan:
            next(scan.receive_batches())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert queue.hidden == {}


def test_a_walk_that_outlasts_the_hiding_ends() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(10))
    with walk(queue) as scan:
        met: list[ReceivedDeadLetter] = []
        for letters in scan.receive_batches():
            met += letters
            queue.hidden.clear()
        assert len(met) == 10


def test_a_walk_that_is_killed_hides_letters_for_half_a_minute() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(20))
    next(walk(queue).receive_batches())
    queue.half_a_minute()
    assert queue.hidden == {}
    lasting = walk(queue)
    lasting.extends_timeout = True
    next(lasting.receive_batches())
    queue.half_a_minute()
    assert len(queue.hidden) == 10


def test_a_slow_walk_meets_the_last_letters_too() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n:02}") for n in range(35))
    met: list[str] = []
    with walk(queue) as scan:
        for letters in scan.receive_batches():
            met += [one.id for one in letters]
            queue.half_a_minute()
    assert met == sorted(queue.letters)
    assert queue.hidden == {}


def test_what_another_holds_is_counted() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(15))
    queue.receive()
    with walk(queue) as scan:
        assert sum(len(letters) for letters in scan.receive_batches()) == 5
        assert scan.count_in_flight_elsewhere() == 10
        queue.half_a_minute()
        assert scan.count_in_flight_elsewhere() == 0


def test_a_selection_of_ids_stops_when_it_has_them() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(100))
    with walk(queue, DeadLetterFilter(["l-3", "l-12"])) as scan:
        met = [one.id for letters in scan.receive_batches() for one in letters]
    assert (met, scan.scanned_count, scan.missing_ids) == (["l-3", "l-12"], 20, [])
    with walk(queue, DeadLetterFilter(["l-3", "gone"])) as scan:
        assert len(list(scan.receive_batches())) == 1
    assert (scan.missing_ids, scan.scanned_count) == (["gone"], 100)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (DeadLetterFilter(), True),
        (DeadLetterFilter(text="IS BAD"), True),
        (DeadLetterFilter(text="invalidevent"), True),
        (DeadLetterFilter(text="good"), False),
        (DeadLetterFilter(older_than_ms=HOUR_MS), True),
        (DeadLetterFilter(older_than_ms=3_600_001), False),
        (DeadLetterFilter(ids=["l-2"]), False),
    ],
)
def test_selections(selection: DeadLetterFilter, expected: bool) -> None:
    assert selection.matches(quarantined("l-1", ""), LATER_MS) is expected
    assert not DeadLetterFilter(text="x").matches(letter(), LATER_MS)


def test_a_body_that_is_kept_apart_is_loaded() -> None:
    body = job(event_json(details={"pad": "x" * 2_000})).encode()
    one, payloads = overflowing(body)
    assert one.event_count is None
    assert load_body(one, payloads) == body.decode()
    unknown, _ = overflowing(body, kind="UnknownJobTypeError", reason="got 'other'")
    assert load_body(unknown, payloads) == body.decode()
    payloads.payloads.clear()
    with pytest.raises(CorruptRecordError):
        load_body(one, payloads)
    with pytest.raises(CorruptRecordError, match="is not UTF-8"):
        load_body(*overflowing(b"\xff"))


@pytest.mark.parametrize(
    "fields",
    [
        {
            "kind": "UnknownJobTypeError",
            "reason": "got 'overflow'",
        },  # the processor quarantined a producer's own such body
        {"source": None},  # SQS redrove it
    ],
)
def test_what_a_producer_made_look_like_a_place_is_no_place(fields: dict[str, Any]) -> None:
    one, payloads = overflowing(b"another's secrets", **fields)
    assert load_body(one, payloads) == one.body
    with pytest.raises(InvalidDeadLetterError, match="type: must be"):
        encode_redrive(one, one.body, now_ms=NOW_MS)
    [key] = payloads.payloads
    twice = f'{{"type":"overflow","data":1,"data":{{"key":"{key}"}}}}'
    assert load_body(quarantined("l-1", twice, kind="MalformedJobError"), payloads) == twice
    elsewhere = quarantined("l-1", encode_overflow_job("overflow/abc"))
    assert load_body(elsewhere, payloads) == elsewhere.body
