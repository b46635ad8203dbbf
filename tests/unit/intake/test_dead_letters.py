"""Dead letters: none is lost, none is removed before it is sent, none is stored twice."""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    CorruptRecordError,
    InvalidDeadLetterError,
    QueueUnavailableError,
)
from prooftrail.event.times import HOUR_MS
from prooftrail.intake.dead_letters import (
    DeadLetterFilter,
    DeadLetterScan,
    ReceivedDeadLetter,
    RedriveResult,
    encode_redrive,
    load_body,
    parse_path,
    redrive,
    set_field,
)
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import encode_overflow_job, parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from tests.support.fakes import (
    MemoryDeadLetterBox,
    MemoryEventWriter,
    MemoryJobQueue,
    MemoryLetterQueue,
    MemoryPayloadStore,
    Moment,
)
from tests.support.samples import NOW_MS, bulk_job, event_json, job

LATER_MS = NOW_MS + HOUR_MS


def letter(name: str = "l-1", body: str | None = None, **fields: Any) -> ReceivedDeadLetter:
    """A letter that SQS redrove, unless it has a source."""
    return ReceivedDeadLetter(
        name, "r", job(event_json()) if body is None else body, NOW_MS, **fields
    )


def quarantined(
    name: str,
    body: str,
    source: str | None = "m-1",
    kind: str = "InvalidEventError",
    reason: str = "is bad",
) -> ReceivedDeadLetter:
    return letter(name, body, error_type=kind, error_message=reason, source_message_id=source)


def walk(
    queue: MemoryLetterQueue, selection: DeadLetterFilter | None = None, limit: int = 1_000
) -> DeadLetterScan:
    return DeadLetterScan(queue, selection or DeadLetterFilter(), LATER_MS, limit)


def redriven(
    queue: MemoryLetterQueue, jobs: MemoryJobQueue, selection: DeadLetterFilter | None = None
) -> list[RedriveResult]:
    with walk(queue, selection) as walking:
        return [
            one
            for letters in walking.batches()
            for one in redrive(letters, lambda one: one.body, jobs, walking, now_ms=LATER_MS)
        ]


def processed(bodies: Sequence[str], writer: MemoryEventWriter | None = None) -> MemoryEventWriter:
    """What the processor stores of these bodies; it quarantines nothing."""
    writer, box = writer or MemoryEventWriter(), MemoryDeadLetterBox()
    messages = [Message(f"new-{n}", body, LATER_MS + n) for n, body in enumerate(bodies)]
    report = ingest(messages, writer, box, now_ms=LATER_MS, retention_days=0)
    assert (report.quarantined, report.retried) == ([], [])
    return writer


def test_each_letter_is_met_once_and_given_back() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(35))
    with walk(queue) as walking:
        met = [one.id for letters in walking.batches() for one in letters]
        assert len(queue.hidden) == 35
    assert sorted(met) == sorted(queue.letters)
    assert queue.hidden == {}
    assert walking.looked_at == 35


def test_a_limit_and_a_failure_give_all_back() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(35))
    with walk(queue, limit=12) as walking:
        assert sum(len(letters) for letters in walking.batches()) == 12
    assert queue.hidden == {}


def test_a_crash_gives_all_back() -> None:
    queue = MemoryLetterQueue([letter()])

    def crash() -> None:
        with walk(queue) as walking:
            next(walking.batches())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    assert queue.hidden == {}


def test_a_walk_that_outlasts_the_hiding_ends() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(10))
    with walk(queue) as walking:
        met: list[ReceivedDeadLetter] = []
        for letters in walking.batches():
            met += letters
            queue.hidden.clear()
        assert len(met) == 10


def test_a_walk_that_is_killed_hides_letters_for_half_a_minute() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(20))
    next(walk(queue).batches())
    queue.half_a_minute()
    assert queue.hidden == {}
    lasting = walk(queue)
    lasting.is_lasting = True
    next(lasting.batches())
    queue.half_a_minute()
    assert len(queue.hidden) == 10


def test_a_slow_walk_meets_the_last_letters_too() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n:02}") for n in range(35))
    met: list[str] = []
    with walk(queue) as walking:
        for letters in walking.batches():
            met += [one.id for one in letters]
            queue.half_a_minute()
    assert met == sorted(queue.letters)
    assert queue.hidden == {}


def test_what_another_holds_is_counted() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(15))
    queue.receive()
    with walk(queue) as walking:
        assert sum(len(letters) for letters in walking.batches()) == 5
        assert walking.hidden_elsewhere() == 10
        queue.half_a_minute()
        assert walking.hidden_elsewhere() == 0


def test_a_selection_of_ids_stops_when_it_has_them() -> None:
    queue = MemoryLetterQueue(letter(f"l-{n}") for n in range(100))
    with walk(queue, DeadLetterFilter(["l-3", "l-12"])) as walking:
        met = [one.id for letters in walking.batches() for one in letters]
    assert (met, walking.looked_at, walking.missing) == (["l-3", "l-12"], 20, [])
    with walk(queue, DeadLetterFilter(["l-3", "gone"])) as walking:
        assert len(list(walking.batches())) == 1
    assert (walking.missing, walking.looked_at) == (["gone"], 100)


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


def test_what_sqs_redrove_is_stored_as_the_processor_would_have() -> None:
    bodies = [job(event_json()), bulk_job(event_json(), event_json(userId="u-1"))]
    before = MemoryEventWriter()
    messages = [Message(f"m-{n}", body, NOW_MS) for n, body in enumerate(bodies)]
    ingest(messages, before, MemoryDeadLetterBox(), now_ms=NOW_MS, retention_days=0)
    for n, body in enumerate(bodies):
        again = encode_redrive(letter(f"m-{n}", body), body, now_ms=LATER_MS)
        processed(again, before)
    assert len(before.records) == 3


def test_a_repeated_redrive_stores_once() -> None:
    body = bulk_job(event_json(), event_json(userId="u-1"), event_json(eventId="own"))
    one = quarantined("l-1", body)
    writer = processed(encode_redrive(one, body, now_ms=LATER_MS))
    processed(encode_redrive(one, body, now_ms=LATER_MS + 999_999_999), writer)
    assert len(writer.records) == 3
    stored = [json.loads(record.canonical) for record in writer.records.values()]
    assert {event["eventId"] for event in stored} == {"m-1/l-1:0", "m-1/l-1:1", "own"}


def test_letters_of_one_message_are_different_events() -> None:
    """Even if they were mended to be the same."""
    body = job(event_json())
    writer = processed(
        [
            *encode_redrive(quarantined("l-1", body), body, now_ms=LATER_MS),
            *encode_redrive(quarantined("l-2", body), body, now_ms=LATER_MS),
        ]
    )
    assert len(writer.records) == 2


def test_a_body_that_grows_too_large_is_split() -> None:
    events = [event_json(details={"pad": "x" * 100_000}) for _ in range(6)]
    events += [event_json(userId=f"u-{n}") for n in range(3_500)]
    body = bulk_job(*events)
    assert len(body) < MAX_MESSAGE_BYTES
    parts = encode_redrive(letter(body=body), body, now_ms=LATER_MS)
    assert len(parts) > 1
    assert all(len(part.encode()) <= MAX_MESSAGE_BYTES for part in parts)
    assert len(processed(parts).records) == 3_506
    large = job(event_json(details={"pad": "é" * 900_000}))
    with pytest.raises(InvalidDeadLetterError, match="at most 1048576 bytes"):
        encode_redrive(letter(body=large), large, now_ms=LATER_MS)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("nonsense", "not JSON"),
        ("", "not JSON"),
        ('{"type":"other"}', "type: must be log_event"),
        (job({"action": "a"}), "Missing required audit fields: resourceType, resourceId"),
        (job(event_json(timestamp="2999-01-01T00:00:00Z")), "24 hours in the future"),
        (job(event_json(details={"n": 2**60})), "details.n: must be an integer within"),
        (bulk_job(event_json(), 3, 4, 5, 6), r"events\[1\], \[2\], \[3\] and 1 more: an event"),
        (bulk_job(event_json(), {}, *({f"x{n}": 1} for n in range(9))), "and 7 more reasons"),
    ],
)
def test_what_would_be_refused_again_stays(body: str, reason: str) -> None:
    with pytest.raises(InvalidDeadLetterError, match=reason):
        encode_redrive(letter(body=body), body, now_ms=NOW_MS)
    queue, jobs = MemoryLetterQueue([letter("bad", body), letter("good")]), MemoryJobQueue()
    outcomes = redriven(queue, jobs)
    assert {one.letter.id: one.is_done for one in outcomes} == {"bad": False, "good": True}
    assert list(queue.letters) == ["bad"]
    assert len(jobs.bodies) == 1


@pytest.mark.parametrize("moment", [None, *Moment])
@pytest.mark.parametrize("of_removal", [None, *Moment])
def test_no_fault_loses_or_doubles_an_event(
    moment: Moment | None, of_removal: Moment | None
) -> None:
    letters = [quarantined(f"l-{n}", job(event_json(userId=f"u-{n}"))) for n in range(25)]
    queue = MemoryLetterQueue(letters, [of_removal])
    jobs = MemoryJobQueue([moment])
    outcomes = redriven(queue, jobs)
    assert len(outcomes) == 25
    for one in outcomes:
        if one.is_done:
            assert one.letter.id not in queue.letters
        else:
            assert isinstance(one.error, QueueUnavailableError)
    sent = {json.loads(body)["data"]["userId"] for body in jobs.bodies}
    gone = {f"u-{n}" for n in range(25) if f"l-{n}" not in queue.letters}
    assert gone <= sent
    redriven(queue, jobs)
    assert queue.letters == {}
    assert len(processed(jobs.bodies).records) == 25


def overflowing(body: bytes, **fields: Any) -> tuple[ReceivedDeadLetter, MemoryPayloadStore]:
    payloads = MemoryPayloadStore()
    payloads.payloads["dead-letters/" + sha256(body).hexdigest()] = body
    [key] = payloads.payloads
    return quarantined("l-1", encode_overflow_job(key), **fields), payloads


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
    with pytest.raises(CorruptRecordError, match="no text"):
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


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data.a", '{"data":{"a":1,"list":[[1],{"b":2}]}}'),
        ("data.list[1].b", '{"data":{"list":[[1],{"b":1}]}}'),
        ("data.list[0][0]", '{"data":{"list":[[1],{"b":2}]}}'),
        ("data.list[*]", '{"data":{"list":[1,1]}}'),
        ("data", '{"data":1}'),
        ("x", '{"data":{"list":[[1],{"b":2}]},"x":1}'),
    ],
)
def test_fields_are_set(path: str, expected: str) -> None:
    found = set_field('{"data":{"list":[[1],{"b":2}]}}', path, 1)
    assert json.loads(found) == json.loads(expected)


@pytest.mark.parametrize(
    "path", ["data.list[2]", "data.list[0].b", "data.list.b", "data[0]", "x.y", "data.list[*].b.c"]
)
def test_a_place_that_is_none(path: str) -> None:
    with pytest.raises(InvalidDeadLetterError, match="no place"):
        set_field('{"data":{"list":[[1],{"b":2}]}}', path, 1)
    with pytest.raises(InvalidDeadLetterError, match="not JSON"):
        set_field("nonsense", path, 1)


@given(st.text(".[]*ab01", max_size=12))
def test_a_path_is_read_whole_or_not_at_all(text: str) -> None:
    steps = parse_path(text)
    if steps:
        joined = steps[0] + "".join(s if s.startswith("[") else f".{s}" for s in steps[1:])
        assert joined == text


@given(st.binary(max_size=60).map(lambda raw: raw.decode(errors="replace")))
def test_any_body_is_revived_or_refused(body: str) -> None:
    one = quarantined("l-1", body)
    assert one.event_count is None or one.event_count >= 1
    try:
        encode_redrive(one, load_body(one, MemoryPayloadStore()), now_ms=NOW_MS)
    except AuditLogError:
        return
    assert parse_job(body)
