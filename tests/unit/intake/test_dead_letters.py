"""Dead letters: each is received once and released again, and its whole body is found."""

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
from tests.support.dead_letters import make_dead_letter, make_overflowing, make_quarantined
from tests.support.fakes import MemoryDeadLetterQueue
from tests.support.samples import NOW_MS, bulk_job, event_json, job

LATER_MS = NOW_MS + HOUR_MS


def make_scan(
    queue: MemoryDeadLetterQueue, filters: DeadLetterFilter | None = None, limit: int = 1_000
) -> DeadLetterScan:
    return DeadLetterScan(queue, filters or DeadLetterFilter(), LATER_MS, limit)


def test_each_dead_letter_is_received_once_and_released() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(35))
    with make_scan(queue) as scan:
        received = [each.id for batch in scan.receive_batches() for each in batch]
        assert len(queue.hidden) == 35
    assert sorted(received) == sorted(queue.dead_letters)
    assert queue.hidden == {}
    assert scan.scanned_count == 35


def test_a_limited_scan_releases_all() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(35))
    with make_scan(queue, limit=12) as scan:
        assert sum(len(batch) for batch in scan.receive_batches()) == 12
        assert len(queue.hidden) == 20, "received more than the limit needs"
    assert queue.hidden == {}


def test_a_scan_that_crashes_releases_all() -> None:
    queue = MemoryDeadLetterQueue([make_dead_letter()])

    def crash() -> None:
        with make_scan(queue) as scan:
            next(scan.receive_batches())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert queue.hidden == {}


def test_a_scan_longer_than_the_visibility_timeout_ends() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(10))
    with make_scan(queue) as scan:
        received: list[ReceivedDeadLetter] = []
        for batch in scan.receive_batches():
            received += batch
            queue.hidden.clear()
        assert len(received) == 10


def test_a_scan_that_is_killed_hides_dead_letters_for_half_a_minute() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(20))
    next(make_scan(queue).receive_batches())
    queue.pass_half_a_minute()
    assert queue.hidden == {}
    extending = make_scan(queue)
    extending.extends_timeout = True
    next(extending.receive_batches())
    queue.pass_half_a_minute()
    assert len(queue.hidden) == 10


def test_a_slow_scan_receives_the_last_dead_letters_too() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n:02}") for n in range(35))
    received: list[str] = []
    with make_scan(queue) as scan:
        for batch in scan.receive_batches():
            received += [each.id for each in batch]
            queue.pass_half_a_minute()
    assert received == sorted(queue.dead_letters)
    assert queue.hidden == {}


def test_dead_letters_that_another_receiver_hides_are_counted() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(15))
    queue.receive()
    with make_scan(queue) as scan:
        assert sum(len(batch) for batch in scan.receive_batches()) == 5
        assert scan.count_in_flight_elsewhere() == 10
        queue.pass_half_a_minute()
        assert scan.count_in_flight_elsewhere() == 0


def test_a_scan_for_ids_stops_when_it_has_found_them() -> None:
    queue = MemoryDeadLetterQueue(make_dead_letter(f"l-{n}") for n in range(100))
    with make_scan(queue, DeadLetterFilter(["l-3", "l-12"])) as scan:
        received = [each.id for batch in scan.receive_batches() for each in batch]
    assert (received, scan.scanned_count, scan.missing_ids) == (["l-3", "l-12"], 20, [])
    with make_scan(queue, DeadLetterFilter(["l-3", "gone"])) as scan:
        assert len(list(scan.receive_batches())) == 1
    assert (scan.missing_ids, scan.scanned_count) == (["gone"], 100)


def test_the_start_of_an_id_is_enough_if_it_is_that_of_one_dead_letter() -> None:
    names = ["ab1", "ab2", "b-1", "b-12", "c"]
    queue = MemoryDeadLetterQueue(make_dead_letter(name) for name in names)
    with make_scan(queue, DeadLetterFilter(["ab1", "ab", "b-1", "b-12", "d", ""])) as scan:
        received = [each.id for batch in scan.receive_batches() for each in batch]
    assert received == ["ab1", "b-1", "b-12"]
    assert scan.missing_ids == ["d"]
    assert scan.ambiguous_ids == {"ab": ["ab1", "ab2"], "": names}
    with make_scan(queue, DeadLetterFilter(["c", "b-12", "b-1", "ab2", "ab1"])) as scan:
        assert sum(len(batch) for batch in scan.receive_batches()) == 5
    queue = MemoryDeadLetterQueue([make_dead_letter("ab1")])
    with make_scan(queue, DeadLetterFilter(["ab1", "a", "ab"])) as scan:
        assert sum(len(batch) for batch in scan.receive_batches()) == 1
    assert (scan.missing_ids, scan.ambiguous_ids) == ([], {})


def test_a_start_is_not_unique_before_the_whole_queue_was_scanned() -> None:
    names = [f"l-{n:02}" for n in range(30)]
    queue = MemoryDeadLetterQueue(make_dead_letter(name) for name in names)
    with make_scan(queue, DeadLetterFilter(["l-0", "l-29", "l-1", "l-29"])) as scan:
        assert [each.id for batch in scan.receive_batches() for each in batch] == ["l-29"]
    assert scan.scanned_count == 30
    assert list(scan.ambiguous_ids) == ["l-0", "l-1"]
    with make_scan(queue, DeadLetterFilter(["l-2"], text="none")) as scan:
        assert list(scan.receive_batches()) == []
    assert scan.missing_ids == ["l-2"]


@pytest.mark.parametrize(
    ("filters", "expected"),
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
def test_filters_match_the_error_the_age_and_the_id(
    filters: DeadLetterFilter, expected: bool
) -> None:
    assert filters.matches(make_quarantined("l-1", ""), LATER_MS) is expected
    assert not DeadLetterFilter(text="x").matches(make_dead_letter(), LATER_MS)


def test_the_events_of_a_job_are_counted() -> None:
    assert make_dead_letter().event_count == 1
    assert make_quarantined("l-1", bulk_job({}, 7)).event_count == 2
    assert make_quarantined("l-1", "not JSON").event_count is None


def test_a_body_in_the_payload_store_is_loaded() -> None:
    body = job(event_json(details={"pad": "x" * 2_000})).encode()
    dead_letter, payloads = make_overflowing(body)
    assert dead_letter.event_count is None
    assert load_body(dead_letter, payloads) == body.decode()
    unknown, _ = make_overflowing(body, kind="UnknownJobTypeError", reason="got 'other'")
    assert load_body(unknown, payloads) == body.decode()
    payloads.payloads.clear()
    with pytest.raises(CorruptRecordError):
        load_body(dead_letter, payloads)
    with pytest.raises(CorruptRecordError, match="is not UTF-8"):
        load_body(*make_overflowing(b"\xff"))


@pytest.mark.parametrize(
    "fields",
    [
        {
            "kind": "UnknownJobTypeError",
            "reason": "got 'overflow'",
        },  # a producer sent such a body, and the processor quarantined it
        {"source": None},  # SQS moved it
    ],
)
def test_a_producers_body_that_looks_like_a_reference_is_not_followed(
    fields: dict[str, Any],
) -> None:
    dead_letter, payloads = make_overflowing(b"another's secrets", **fields)
    assert load_body(dead_letter, payloads) == dead_letter.body
    with pytest.raises(InvalidDeadLetterError, match="type: must be"):
        encode_redrive(dead_letter, dead_letter.body, now_ms=NOW_MS)
    [key] = payloads.payloads
    twice = f'{{"type":"overflow","data":1,"data":{{"key":"{key}"}}}}'
    assert load_body(make_quarantined("l-1", twice, kind="MalformedJobError"), payloads) == twice
    elsewhere = make_quarantined("l-1", encode_overflow_job("overflow/abc"))
    assert load_body(elsewhere, payloads) == elsewhere.body
