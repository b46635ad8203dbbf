"""Secrets in events are masked once on every way in, and the returned id is the stored one."""

import json
from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import EventTooLargeError, MalformedJobError
from prooftrail.event.masking import MASK, MASKER
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import encode_bulk_job, encode_single_job, parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from prooftrail.intake.ports import DeadLetter
from prooftrail.intake.quarantine import mask_body
from prooftrail.intake.redrive import encode_redrive
from prooftrail.intake.submit import AcceptedEvent, Submission, SubmitResult, submit
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter, MemoryJobQueue
from tests.support.linear import compute_ratio
from tests.support.samples import NOW_MS, event_json

HIDDEN = "hunter2-the-secret"
FREE = {
    "details": {"password": HIDDEN, "url": "postgres://app:hunter2-the-secret@db/x"},
    "metadata": {"headers": [["Cookie", HIDDEN]]},
    "changes": {"before": {"token": HIDDEN}, "after": {"token": HIDDEN + "2"}},
    "errorMessage": "redis://:hunter2-the-secret@cache refused",
}
EVENT = event_json(eventId="e-1", timestamp="2025-11-24T00:00:00Z", **FREE)


def store(
    bodies: Sequence[str], *, masks_secrets: bool = True
) -> tuple[dict[str, Any], Sequence[DeadLetter]]:
    """Process the bodies. Return the stored events by id, and the dead letters."""
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    messages = [Message(f"m-{at}", body, NOW_MS) for at, body in enumerate(bodies)]
    result = ingest(
        messages, writer, box, now_ms=NOW_MS, retention_days=0, masks_secrets=masks_secrets
    )
    assert not result.retried
    stored = {record.id: json.loads(record.canonical) for record in writer.records.values()}
    return stored, box.dead_letters


def submit_event(
    event: object, *, masks_secrets: bool = True
) -> tuple[SubmitResult, MemoryJobQueue]:
    numbers = count()
    queue = MemoryJobQueue()
    [result] = submit(
        Submission((event,), is_list=False),
        queue,
        tenant_id=None,
        idempotency_key=None,
        now_ms=NOW_MS,
        make_event_id=lambda: f"made-{next(numbers)}",
        masks_secrets=masks_secrets,
    )
    return result, queue


def receive(dead_letter: DeadLetter) -> ReceivedDeadLetter:
    return ReceivedDeadLetter(
        "d-1",
        "receipt",
        dead_letter.body,
        NOW_MS,
        dead_letter.error_type,
        dead_letter.error_message,
        dead_letter.source_message_id,
    )


@pytest.mark.parametrize("body", [encode_single_job(EVENT), encode_bulk_job([EVENT])])
def test_the_processor_masks_what_nobody_has_masked(body: str) -> None:
    stored, _ = store([body])
    [event] = stored.values()
    assert HIDDEN not in json.dumps(event)
    assert event["details"] == {"password": MASK, "url": f"postgres://app:{MASK}@db/x"}
    assert event["metadata"] == {"headers": [["Cookie", MASK]]}
    assert event["changes"] == {
        "before": {"token": MASK},
        "after": {"token": MASK},
        "fields": ["token"],
    }
    assert event["errorMessage"] == f"redis://:{MASK}@cache refused"


@pytest.mark.parametrize(
    ("is_masked", "masks_secrets"), [(True, True), (False, False), (True, False)]
)
@pytest.mark.parametrize("is_bulk", [False, True])
def test_a_masked_job_and_every_job_without_masking_stay(
    is_masked: bool, masks_secrets: bool, is_bulk: bool
) -> None:
    """A library with names of its own keeps what it did not mask, and so its ids."""
    if is_bulk:
        body = encode_bulk_job([EVENT], is_masked=is_masked)
    else:
        body = encode_single_job(EVENT, is_masked=is_masked)
    stored, _ = store([body], masks_secrets=masks_secrets)
    [event] = stored.values()
    assert event["details"] == FREE["details"]


def test_an_event_that_is_sent_raw_and_masked_is_stored_once() -> None:
    masked = MASKER.mask_event(EVENT)
    bodies = [encode_single_job(EVENT), encode_single_job(masked)]
    bodies += [encode_single_job(masked, is_masked=True), encode_bulk_job([EVENT, masked])]
    stored, _ = store(bodies)
    assert len(stored) == 1


VALUES = st.recursive(
    st.sampled_from([HIDDEN, "a://u:p@h", "x", "", 1, 2.5, None, True]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["token", "name", "value", "code", "a"]), inner)
    ),
    max_leaves=9,
)
OBJECTS = st.dictionaries(st.sampled_from(["password", "secret", "name", "value", "b"]), VALUES)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "details": OBJECTS,
        "metadata": OBJECTS,
        "changes": st.fixed_dictionaries({}, optional={"before": OBJECTS, "after": OBJECTS}),
        "errorMessage": st.sampled_from(["a://u:p@h", "Bearer 0123456789abcdef", "no"]),
    },
).map(lambda fields: event_json(eventId="e", timestamp="2025-11-24T00:00:00Z", **fields))


@given(EVENTS)
def test_the_raw_and_the_masked_event_and_the_submitted_one_have_one_id(event: Any) -> None:
    result, queue = submit_event(event)
    assert isinstance(result, AcceptedEvent)
    bodies = [encode_single_job(event), encode_single_job(MASKER.mask_event(event)), *queue.bodies]
    stored, dead_letters = store(bodies)
    assert list(stored) == [result.id]
    assert not dead_letters
    [body] = queue.bodies
    assert parse_job(body).is_masked


def test_submit_masks_before_it_measures() -> None:
    """A secret can be larger than a message; a mask can be larger than a secret."""
    result, queue = submit_event(event_json(details={"password": "x" * MAX_MESSAGE_BYTES}))
    assert isinstance(result, AcceptedEvent)
    assert queue.bodies
    empty = len(json.dumps(event_json(details={"pin": 1, "a": ""}), separators=(",", ":")))
    padding = "x" * (MAX_MESSAGE_BYTES - empty - 60)
    pins = {f"pin{n}": n for n in range(9)}
    result, queue = submit_event(event_json(details={**pins, "a": padding}))
    assert isinstance(result, EventTooLargeError)
    assert not queue.bodies


def test_submit_without_masking_marks_nothing_as_masked() -> None:
    result, queue = submit_event(EVENT, masks_secrets=False)
    [body] = queue.bodies
    assert not parse_job(body).is_masked
    stored, _ = store([body], masks_secrets=False)
    assert isinstance(result, AcceptedEvent)
    assert list(stored) == [result.id]


@pytest.mark.parametrize(
    "body",
    [
        encode_single_job({**EVENT, "action": ""}),
        encode_single_job({**EVENT, "password": HIDDEN}),
        encode_single_job({**EVENT, "extra": {"pin": HIDDEN}}),
        encode_bulk_job([{**EVENT, "action": ""}, {**EVENT, "action": 1}]),
        json.dumps({"type": "unknown", "data": EVENT}),
        json.dumps(EVENT),
        json.dumps({"type": "log_event", "data": {"nested": [EVENT]}}),
        json.dumps([EVENT]),
        encode_single_job({**EVENT, "metadata": None}) + ",",
        encode_single_job({**EVENT, "metadata": None}).replace('"action"', '"action":"", "action"'),
        encode_single_job({"details": {"a": "https://x:hunter2-the-secret@h"}}),
        encode_single_job({"a://u:hunter2-the-secret@h": 1}),
        encode_bulk_job([[["Cookie", HIDDEN]], {"headers": [{"name": "Cookie", "value": HIDDEN}]}]),
        json.dumps({"type": "log_event", "data": [["Cookie", HIDDEN]]}),
        json.dumps({"Type": "Notification", "Message": encode_single_job(EVENT)}),
        '{"password": ["hunter2-the-secret"], }',
        '{"password"  :\n"hunter2-the-secret", }',
        '{"pass\\"password": "hunter2-the-secret',
        '{"token": "a\\"hunter2-the-secret" x}',
    ],
)
def test_a_dead_letter_holds_no_secret(body: str) -> None:
    stored, dead_letters = store([body])
    assert not stored
    assert dead_letters
    for dead_letter in dead_letters:
        assert HIDDEN not in dead_letter.body + dead_letter.error_message
        assert MASK in dead_letter.body


@pytest.mark.parametrize(
    "body",
    [
        '{ "type": "log_event",  "data": {"action": "x"} }',
        encode_single_job({**EVENT, "action": ""}, is_masked=True),
        '{"type": "log_event", "data": {"sessionId": "s-1"}, "masked": 1}',
        "not JSON: \ud800 \x00",
        '{"sessionId": "s-1"}',
    ],
)
def test_a_refused_body_without_secrets_is_not_changed(body: str) -> None:
    _, [dead_letter] = store([body])
    assert dead_letter.body == body


def test_a_refused_body_stays_without_masking() -> None:
    for body in (encode_single_job({**EVENT, "action": ""}), '{"password": "x"'):
        _, [dead_letter] = store([body], masks_secrets=False)
        assert dead_letter.body == body


def test_an_integer_beyond_every_double_quarantines_its_event_alone() -> None:
    changes = {"before": {"a": 10**309, "pin": 1}, "after": {"a": 1, "pin": 2}}
    bad = {**EVENT, "changes": changes}
    stored, [dead_letter] = store([encode_single_job(bad), encode_single_job(EVENT)])
    assert len(stored) == 1
    assert "changes.before.a: must be an integer" in dead_letter.error_message
    result, _ = submit_event(bad)
    assert not isinstance(result, AcceptedEvent)


@pytest.mark.parametrize("is_masked", [False, True])
@pytest.mark.parametrize("size", [1, 3])
def test_dead_letters_and_their_redrive_keep_the_mark(is_masked: bool, size: int) -> None:
    bad = [{**EVENT, "eventId": f"e-{n}", "userAgent": 7} for n in range(size)]
    _, [dead_letter] = store([encode_bulk_job(bad, is_masked=is_masked)])
    assert parse_job(dead_letter.body).is_masked == is_masked
    corrected = dead_letter.body.replace('"userAgent":7', '"userAgent":"x"')
    redriven = encode_redrive(receive(dead_letter), corrected, now_ms=NOW_MS)
    bodies = [message.body for message in redriven.messages]
    assert all(parse_job(each).is_masked for each in bodies)
    stored, _ = store(bodies)
    assert list(stored) == [event.id for event in redriven.events]
    for event in stored.values():
        assert event["details"]["password"] == (HIDDEN if is_masked else MASK)


def test_a_redrive_masks_what_sqs_moved_and_what_an_operator_adds() -> None:
    body = encode_single_job(EVENT)
    moved = ReceivedDeadLetter("m-1", "receipt", body, NOW_MS)
    redriven = encode_redrive(moved, body, now_ms=NOW_MS)
    stored, _ = store([body, *(message.body for message in redriven.messages)])
    assert list(stored) == [redriven.events[0].id]
    unmasked = encode_redrive(moved, body, now_ms=NOW_MS, masks_secrets=False)
    assert not parse_job(unmasked.messages[0].body).is_masked
    assert HIDDEN in unmasked.messages[0].body


@pytest.mark.parametrize("mark", ["1", "null", '"true"', "[]"])
@pytest.mark.parametrize("kind", ["log_event", "bulk_log_events"])
def test_a_mark_that_is_not_true_or_false_is_refused(kind: str, mark: str) -> None:
    body = f'{{"type":"{kind}","masked":{mark},"data":{{"events":[{{}}]}}}}'
    with pytest.raises(MalformedJobError, match=r"^masked: must be true or false \(got "):
        parse_job(body)


def test_false_is_the_same_as_no_mark() -> None:
    for body in (encode_single_job({}), encode_bulk_job([{}])):
        marked = body.replace('"data"', '"masked":false,"data"')
        assert parse_job(marked) == parse_job(body)


@pytest.mark.parametrize(
    "piece", ['"', '"a', '\\"', '"a":"', '"a":"\\', '"token":"x"', '"token" : ', '{"a":', "\\", " "]
)
def test_the_time_for_a_body_is_in_proportion_to_its_length(piece: str) -> None:
    assert compute_ratio(mask_body, piece, '{"a":"b",') < 80
