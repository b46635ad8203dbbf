"""Ingesting: each event ends in the table or in the dead-letter queue, exactly once."""

import json
import tracemalloc
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import (
    AuditLogError,
    ContentRejectedError,
    StoreRejectedError,
    StoreThrottledError,
    StoreUnavailableError,
)
from prooftrail.event.ids import decode_time
from prooftrail.event.masking import Masker
from prooftrail.event.nodes import MAX_EVENT_NODES
from prooftrail.event.record import EventRecord
from prooftrail.event.times import format_timestamp
from prooftrail.intake import jobs
from prooftrail.intake.budget import Budget
from prooftrail.intake.ingest import (
    IngestResult,
    Message,
    ingest,
    ingest_in_chunks,
    skip_messages,
)
from prooftrail.intake.jobs import encode_single_job
from prooftrail.intake.pending import IngestSettings
from prooftrail.intake.ports import DeadLetter, DeadLetterSender, EventWriter
from prooftrail.intake.senders import OwnRoles
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter, Moment
from tests.support.processor_faults import fail_at_poison
from tests.support.redelivery import drain
from tests.support.samples import NOW_MS, SENDER, bulk_job, event_json, job, message

BAD = {"action": "user.login"}


def run(
    messages: Sequence[Message],
    writer: EventWriter | None = None,
    box: DeadLetterSender | None = None,
    roles: OwnRoles = OwnRoles(),  # noqa: B008  # a frozen value
) -> IngestResult:
    return ingest(
        messages,
        writer or MemoryEventWriter(),
        box or MemoryDeadLetterSender(),
        now_ms=NOW_MS,
        retention_days=0,
        roles=roles,
    )


def test_a_stored_event_has_a_result_with_its_id_and_time() -> None:
    writer = MemoryEventWriter()
    result = run([message(job(event_json()))], writer)
    [event_result] = result.results["m-1"]
    [record] = writer.records.values()
    assert (event_result.success, event_result.audit_log_id) == (True, record.id)
    assert event_result.logged_at == format_timestamp(NOW_MS)
    assert (result.stored, result.quarantined, result.retried) == ([record], [], [])


def test_a_fault_of_the_processor_at_one_message_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fail_at_poison(monkeypatch)
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    poison = bulk_job(event_json(), event_json(resourceId="poison"))
    result = run([message(poison, "m-1"), message(job(event_json()), "m-2")], writer, box)
    assert (result.retried, list(result.failed), box.dead_letters) == (["m-1"], ["m-1"], [])
    assert [each.success for each in result.results["m-2"]] == [True]
    assert result.results["m-1"][-1].error == "the processor failed at this message (OverflowError)"
    assert result.failed_count == 1


def test_missing_ids_and_times_come_from_the_message() -> None:
    sent_ms = NOW_MS - 5_000
    writer = MemoryEventWriter()
    bodies = {"m-1": job(event_json()), "m-2": bulk_job(event_json(), event_json())}
    run([Message(name, body, sent_ms) for name, body in bodies.items()], writer)
    records = list(writer.records.values())
    ids = [json.loads(record.canonical)["eventId"] for record in records]
    assert ids == ["m-1", "m-2:0", "m-2:1"]
    assert {decode_time(record.id) for record in records} == {sent_ms}
    assert {record.received_at for record in records} == {sent_ms}


def test_an_event_of_two_messages_is_stored_once_and_has_two_results() -> None:
    writer = MemoryEventWriter()
    body = job(event_json(eventId="e", timestamp="2025-01-01T00:00:00Z"))
    result = run([message(body, "m-1"), message(body, "m-2")], writer)
    assert len(writer.records) == len(result.stored) == 1
    assert result.results["m-1"] == result.results["m-2"]


@pytest.mark.parametrize(
    ("body", "error_type", "reason"),
    [
        ("{", "MalformedJobError", "not JSON: Expecting property name"),
        ('{"type": "audit_report", "data": {}}', "UnknownJobTypeError", "type: must be"),
        (job(BAD), "InvalidEventError", "Missing required audit fields: resourceType, resourceId"),
        (
            job(event_json(details={"n": 2**53 + 1})),
            "CanonicalizationError",
            "details.n: must be an",
        ),
    ],
)
def test_what_can_never_be_stored_is_quarantined_whole(
    body: str, error_type: str, reason: str
) -> None:
    box = MemoryDeadLetterSender()
    result = run([message(body)], box=box)
    [dead_letter] = box.dead_letters
    assert (dead_letter.body, dead_letter.error_type, dead_letter.source_message_id) == (
        body,
        error_type,
        "m-1",
    )
    assert dead_letter.error_message.startswith(reason)
    assert result.quarantined == [dead_letter]
    assert result.failed_count == 1
    assert not result.retried


def test_of_a_bulk_message_only_the_bad_events_are_quarantined() -> None:
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    result = run([message(bulk_job(event_json(), BAD, 7, event_json()))], writer, box)
    assert len(writer.records) == 2
    assert [dead_letter.body for dead_letter in box.dead_letters] == [
        encode_single_job(BAD),
        encode_single_job(7),
    ]
    assert [each.success for each in result.results["m-1"]] == [True, False, False, True]


def test_events_that_are_bad_for_the_same_reason_share_a_dead_letter() -> None:
    box = MemoryDeadLetterSender()
    result = run([message(bulk_job(BAD, 7, BAD, event_json(), BAD))], box=box)
    assert [dead_letter.body for dead_letter in box.dead_letters] == [
        jobs.encode_bulk_job([BAD] * 3),
        encode_single_job(7),
    ]
    assert len({dead_letter.error_message for dead_letter in box.dead_letters}) == 2
    assert result.failed_count == 4


def test_a_message_with_very_many_reasons_makes_few_dead_letters() -> None:
    box = MemoryDeadLetterSender()
    bad = [event_json(**{f"stray-{n}": 1}) for n in range(150)]
    result = run([message(bulk_job(*bad))], box=box)
    assert len(box.dead_letters) == 101
    assert [
        event for dead_letter in box.dead_letters for event in _parse_events(dead_letter)
    ] == bad
    assert box.dead_letters[-1].error_message == (
        "50 events of 50 reasons, the first: "
        "stray-100: is not a field of an audit event (got number)"
    )
    assert result.failed_count == len(bad)


def _parse_events(dead_letter: DeadLetter) -> list[Any]:
    """Return the events in a dead letter, a single or a bulk job."""
    data = json.loads(dead_letter.body)["data"]
    return list(data["events"]) if "events" in data else [data]


def test_bad_events_wait_until_the_good_ones_are_stored() -> None:
    writer, box = MemoryEventWriter([Moment.BEFORE]), MemoryDeadLetterSender()
    messages = [message(bulk_job(event_json(), BAD), "m-1"), message(job(BAD), "m-2")]
    result = run(messages, writer, box)
    assert result.retried == ["m-1"]
    assert [dead_letter.source_message_id for dead_letter in box.dead_letters] == ["m-2"]
    assert run(messages[:1], writer, box).retried == []
    assert [dead_letter.source_message_id for dead_letter in box.dead_letters] == ["m-2", "m-1"]


@pytest.mark.parametrize("error", [StoreUnavailableError("x"), StoreRejectedError("x")])
def test_a_message_with_an_event_that_is_not_stored_is_retried(error: AuditLogError) -> None:
    def refusal(record: EventRecord) -> AuditLogError | None:
        return error if record.tenant_id == "t1" else None

    messages = [message(job(event_json(tenantId=f"t{n}")), f"m-{n}") for n in range(3)]
    result = run(messages, MemoryEventWriter(refusal=refusal))
    assert result.retried == ["m-1"]
    assert result.failed_count == 1
    assert [each.error for each in result.results["m-1"]] == ["x"]


@pytest.mark.parametrize("moment", Moment)
def test_a_message_whose_dead_letter_is_not_taken_is_retried(moment: Moment) -> None:
    box = MemoryDeadLetterSender([moment])
    messages = [message(job(BAD), f"m-{n}") for n in range(4)]
    result = run(messages, box=box)
    taken = {dead_letter.source_message_id for dead_letter in result.quarantined}
    assert taken.isdisjoint(result.retried)
    assert taken | set(result.retried) == {one.id for one in messages}
    assert bool(result.retried)


def test_without_a_table_messages_are_skipped_with_the_reason() -> None:
    results = skip_messages([message(bulk_job({}, {}), "m-1"), message("not JSON", "m-2")])
    assert [len(one) for one in results.values()] == [2, 1]
    reasons = {each.reason for one in results.values() for each in one}
    assert reasons == {"database_not_configured"}


@pytest.mark.parametrize("depth", range(300, 1_020, 9))
def test_nesting_is_quarantined_at_every_depth(depth: int) -> None:
    """Decoder, model and encoder each have a recursion limit; none of them raises."""
    for opening, closing in (("[", "]"), ('{"a":', "}")):
        nested = opening * depth + "1" + closing * depth
        event = job(event_json(details={"a": "NESTED"})).replace('"NESTED"', nested)
        bulk = bulk_job(event_json(changes={"before": "NESTED"})).replace('"NESTED"', nested)
        box = MemoryDeadLetterSender()
        assert not run([message(event, "m-1"), message(bulk, "m-2")], box=box).retried
        assert len(box.dead_letters) == 2


def test_an_event_that_cannot_be_encoded_again_does_not_fail_the_batch() -> None:
    """Two equal events nest about as deeply as the stack of Python allows."""
    for depth in range(900, 1_020):
        deep = '{"a":' * depth + "1" + "}" * depth
        body = f'{{"type":"bulk_log_events","data":{{"events":[{deep},{deep}]}}}}'
        writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
        result = run([message(body), message(job(event_json()), "m-2")], writer, box)
        assert len(writer.records) == len(box.dead_letters) == 1, depth
        assert not result.retried


# --- any mix of valid, invalid, repeated and failing events ---

FAILING_TENANT = "failing"


@dataclass(frozen=True)
class Sent:
    """A message and the numbers of its events; bad events have negative numbers."""

    message: Message
    numbers: tuple[int, ...]
    never_stored: bool


def _make_event(number: int, fails: bool) -> Any:
    if number < 0:
        return {"eventId": str(number), "action": ""}
    tenant = FAILING_TENANT if fails else "acme"
    return event_json(eventId=str(number), tenantId=tenant, timestamp="2025-01-01T00:00:00Z")


@st.composite
def make_batches(draw: st.DrawFn) -> list[Sent]:
    numbers = st.integers(-9, 9).filter(bool)
    sent: list[Sent] = []
    for at in range(draw(st.integers(1, 12))):
        chosen = tuple(draw(st.lists(numbers, min_size=1, max_size=4, unique=True)))
        # Whether an event fails depends on its number only, not on the message.
        fails = [number % 3 == 0 for number in chosen]
        events = [_make_event(number, fail) for number, fail in zip(chosen, fails, strict=True)]
        is_bulk = len(events) > 1 or draw(st.booleans())
        body = bulk_job(*events) if is_bulk else job(events[0])
        never = any(fail and number > 0 for number, fail in zip(chosen, fails, strict=True))
        sent.append(Sent(message(body, f"m-{at}"), chosen, never))
    return sent


@given(
    make_batches(),
    st.lists(st.sampled_from([None, Moment.BEFORE, Moment.DURING, Moment.AFTER]), max_size=2),
)
def test_each_event_ends_exactly_once_in_the_table_or_the_dead_letter_queue(
    sent: list[Sent], moments: list[Moment | None]
) -> None:
    """The store fails as a whole at most twice, so the third receive can succeed."""

    def refusal(record: EventRecord) -> AuditLogError | None:
        return StoreUnavailableError("x") if record.tenant_id == FAILING_TENANT else None

    writer, box = MemoryEventWriter(moments, refusal), MemoryDeadLetterSender()

    def handler(event: Mapping[str, Any], _: object) -> Mapping[str, Any]:
        messages = [
            Message(
                record["messageId"],
                record["body"],
                int(record["attributes"]["SentTimestamp"]),
                int(record["attributes"]["ApproximateReceiveCount"]),
            )
            for record in event["Records"]
        ]
        result = run(messages, writer, box)
        return {"batchItemFailures": [{"itemIdentifier": one} for one in result.retried]}

    moved = Counter(one.id for one in drain([one.message for one in sent], handler))

    stored = {int(json.loads(record.canonical)["eventId"]) for record in writer.records.values()}
    good = {number for one in sent for number in one.numbers if number > 0 and number % 3}
    assert stored == good
    quarantined = Counter(
        (dead_letter.source_message_id, int(event["eventId"]))
        for dead_letter in box.dead_letters
        for event in _parse_events(dead_letter)
    )
    for one in sent:
        bad = {(one.message.id, number) for number in one.numbers if number < 0}
        if one.never_stored:
            assert moved[one.message.id] == 1
            assert not bad & quarantined.keys()
        else:
            assert moved[one.message.id] == 0
            assert all(quarantined[address] == 1 for address in bad)
    assert quarantined.total() == sum(
        number < 0 for one in sent if not one.never_stored for number in one.numbers
    )


@given(make_batches(), st.lists(st.sampled_from([None, *Moment]), max_size=6))
def test_a_failing_dead_letter_queue_loses_no_message(
    sent: list[Sent], moments: list[Moment | None]
) -> None:
    """A bad event is quarantined, perhaps twice, or SQS moves its message."""
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender(moments)

    def handler(event: Mapping[str, Any], _: object) -> Mapping[str, Any]:
        messages = [message(one["body"], one["messageId"]) for one in event["Records"]]
        result = run(messages, writer, box)
        return {"batchItemFailures": [{"itemIdentifier": one} for one in result.retried]}

    moved = {one.id for one in drain([one.message for one in sent], handler)}
    stored = {int(json.loads(record.canonical)["eventId"]) for record in writer.records.values()}
    assert stored == {number for one in sent for number in one.numbers if number > 0}
    quarantined = {
        (dead_letter.source_message_id, int(event["eventId"]))
        for dead_letter in box.dead_letters
        for event in _parse_events(dead_letter)
    }
    for one in sent:
        bad = {(one.message.id, number) for number in one.numbers if number < 0}
        assert bad <= quarantined or one.message.id in moved


SUBMIT = OwnRoles(submit="AROASUBMIT", system=frozenset({"AROASYSTEM"}))


@pytest.mark.parametrize(
    ("sender_id", "claimed", "submitted_by"),
    [
        ("AIDAEXAMPLE", None, "AIDAEXAMPLE"),
        ("AROAEXAMPLE:i-0abc", "token:somebody else", "AROAEXAMPLE:i-0abc"),
        ("AROASUBMIT:submit", "token:7d1b", "token:7d1b"),
        ("AROASUBMIT:submit", None, "AROASUBMIT:submit"),
        ("AROASUBMITTER:submit", "token:7d1b", "AROASUBMITTER:submit"),
        ("AROASYSTEM:processor", "token:7d1b", "AROASYSTEM:processor"),
        ("AROASUBMIT:submit", 7, "AROASUBMIT:submit"),
        ("AROASUBMIT:submit", "x\n" + "y" * 600, "x?" + "y" * 510),
        ("", "token:7d1b", None),
    ],
)
def test_only_the_function_submit_is_believed_about_the_submitter(
    sender_id: str, claimed: object, submitted_by: str | None
) -> None:
    body = json.loads(job(event_json())) | ({"submittedBy": claimed} if claimed else {})
    bad = json.loads(job(BAD)) | ({"submittedBy": claimed} if claimed else {})
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    messages = [
        message(json.dumps(each), f"m-{at}", sender_id=sender_id)
        for at, each in enumerate((body, bad))
    ]
    ingest(messages, writer, box, now_ms=NOW_MS, retention_days=0, roles=SUBMIT)
    assert [record.submitted_by for record in writer.records.values()] == [submitted_by]
    assert [letter.submitted_by for letter in box.dead_letters] == [submitted_by]


def test_without_the_role_of_submit_no_claim_is_believed() -> None:
    body = json.dumps({**json.loads(job(event_json())), "submittedBy": "token:7d1b"})
    writer = MemoryEventWriter()
    run([message(body, sender_id=":submit")], writer)
    assert [record.submitted_by for record in writer.records.values()] == [":submit"]


def test_an_event_with_too_many_values_is_quarantined_alone_with_its_secrets_masked() -> None:
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    noisy = event_json(details={"a": [1.5] * MAX_EVENT_NODES, "password": "hunter2"})
    run([message(bulk_job(noisy, event_json()))], writer, box)
    [dead_letter] = box.dead_letters
    assert len(writer.records) == 1
    assert dead_letter.error_type == "InvalidEventError"
    assert dead_letter.error_message == "an event must have at most 10000 values"
    [kept] = jobs.parse_job(dead_letter.body).events
    assert kept == {**noisy, "details": {**noisy["details"], "password": "[masked]"}}


@pytest.mark.parametrize("piece", ["1.5", "[]", "{}", '{"a":1}', '"a"'])
def test_a_job_with_too_many_values_is_quarantined_with_its_reason(piece: str) -> None:
    event = json.dumps(event_json()).rstrip("}")
    values = ",".join([piece] * (MAX_EVENT_NODES - 10 if ":" not in piece else 4_990))
    events = ",".join([f'{event},"details":{{"a":[{values}]}}}}'] * 11)
    body = f'{{"type":"bulk_log_events","data":{{"events":[{events}]}}}}'
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    run([message(body)], writer, box)
    [dead_letter] = box.dead_letters
    assert (dead_letter.body, writer.records) == (body, {})
    assert dead_letter.error_message == "a job must have at most 100000 values"


def test_commas_and_brackets_in_texts_are_not_values() -> None:
    writer = MemoryEventWriter()
    run([message(job(event_json(details={"csv": ",[{" * 50_000})))], writer)
    assert len(writer.records) == 1


# --- the budget of an invocation ---


def ingest_chunks(messages: Sequence[Message], writer: EventWriter, budget: Budget) -> list[int]:
    """Ingest and forget each result. Return the numbers of messages of the chunks."""
    settings = IngestSettings(NOW_MS, 0, masks_secrets=True, max_receives=200)
    chunks = ingest_in_chunks(
        messages, writer, MemoryDeadLetterSender(), settings=settings, budget=budget
    )
    return [len(chunk.results) for chunk in chunks]


class ForgetfulWriter(MemoryEventWriter):
    """Stores nothing, so that only the memory of ingesting is measured."""

    def put(
        self, records: Sequence[EventRecord], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `EventWriter.put`."""
        faults = super().put(records, budget)
        self.records.clear()
        return faults


class ForgetfulSender(MemoryDeadLetterSender):
    """Keeps no dead letter."""

    def send(
        self, letters: Sequence[DeadLetter], budget: Budget | None = None
    ) -> Mapping[int, AuditLogError]:
        """See `DeadLetterSender.send`."""
        faults = super().send(letters, budget)
        self.dead_letters.clear()
        return faults


def measure_peak_bytes(bodies: Sequence[str]) -> int:
    messages = [message(body, f"m-{at}") for at, body in enumerate(bodies)]
    settings = IngestSettings(NOW_MS, 0, masks_secrets=True, max_receives=200)
    tracemalloc.start()
    try:
        for _ in ingest_in_chunks(
            messages, ForgetfulWriter(), ForgetfulSender(), settings=settings
        ):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "make_event",
    [
        lambda _: "{}",
        lambda number: f'{{"stray-{number}":1}}',
        lambda number: json.dumps(event_json(resourceId=str(number))),
        lambda _: json.dumps(event_json(eventId="e", timestamp="2025-01-01T00:00:00Z")),
    ],
    ids=["empty", "bad in their own ways", "valid", "equal"],
)
def test_the_memory_does_not_depend_on_the_number_of_events(
    make_event: Callable[[int], str],
) -> None:
    """70 messages of 15 KB with 5,000 empty objects each needed more than 1,024 MB."""
    events = ",".join(make_event(number) for number in range(300))
    body = f'{{"type":"bulk_log_events","data":{{"events":[{events}]}}}}'
    assert measure_peak_bytes([body] * 10) < 2_000_000


def test_what_there_is_no_time_for_is_retried() -> None:
    left = iter([120.0] * 3 + [1.0] * 100)
    writer = MemoryEventWriter()
    result = ingest(
        [message(job(event_json()), f"m-{number}") for number in range(5)],
        writer,
        MemoryDeadLetterSender(),
        now_ms=NOW_MS,
        retention_days=0,
        budget=Budget(lambda: next(left)),
    )
    assert result.retried == [f"m-{number}" for number in range(5)], "there was no time to write"
    assert not writer.records
    assert {each.error for results in result.results.values() for each in results} == {
        "the time of the invocation was used up"
    }


def test_what_was_received_most_often_comes_first() -> None:
    writer = MemoryEventWriter()
    receives = [1, 7, 3, 7]
    run(
        [
            message(job(event_json()), f"m-{at}", receives=count)
            for at, count in enumerate(receives)
        ],
        writer,
    )
    ids = [json.loads(record.canonical)["eventId"] for record in writer.records.values()]
    assert ids == ["m-1", "m-3", "m-2", "m-0"]


def test_references_count_for_a_chunk() -> None:
    """Their requests take time, and their items take memory."""
    targets = [{"type": "team", "id": str(number)} for number in range(20)]
    event = event_json(targets=targets, onBehalfOf={"userId": "ada"})
    messages = [message(job(event | {"resourceId": str(n)}), f"m-{n}") for n in range(50)]
    assert ingest_chunks(messages, MemoryEventWriter(), Budget()) == [23, 23, 4]


def test_chunks_are_full_requests() -> None:
    counts = ingest_chunks(
        [message(job(event_json()), f"m-{number}") for number in range(1_200)],
        MemoryEventWriter(),
        Budget(),
    )
    assert counts == [500, 500, 200]


@pytest.mark.parametrize(
    ("error", "receives", "quarantined"),
    [
        (ContentRejectedError("x"), 2, False),
        (ContentRejectedError("x"), 3, True),
        (StoreRejectedError("x"), 3, False),
        (StoreUnavailableError("x"), 195, False),
        (StoreUnavailableError("x"), 196, True),
        (StoreThrottledError("x"), 200, True),
    ],
    ids=str,
)
def test_when_an_event_that_is_not_stored_is_given_up(
    error: AuditLogError, receives: int, quarantined: bool
) -> None:
    """The others of its message are stored. Its dead letter has all that the message knew."""

    def refusal(record: EventRecord) -> AuditLogError | None:
        return error if record.resource_id == "bad" else None

    box = MemoryDeadLetterSender()
    writer = MemoryEventWriter(refusal=refusal)
    body = bulk_job(event_json(), event_json(resourceId="bad"))
    result = run([message(body, receives=receives)], writer, box)
    assert len(writer.records) == 1
    assert result.retried == ([] if quarantined else ["m-1"])
    assert [each.success for each in result.results["m-1"]] == [True, False]
    if quarantined:
        [letter] = box.dead_letters
        [event] = _parse_events(letter)
        assert (event["eventId"], event["timestamp"]) == ("m-1:1", format_timestamp(NOW_MS))
        assert letter.error_type == type(error).__name__
        assert letter.error_message == f"x; given up after {receives} receives"


def test_a_dead_letter_of_a_given_up_event_has_no_character_that_sqs_refuses() -> None:
    box = MemoryDeadLetterSender()
    writer = MemoryEventWriter(refusal=lambda _: ContentRejectedError("x"))
    text = "a\ufffe\uffff\x01\\ufffe\U0001f600"
    run([message(job(event_json(details={"a": text})), receives=3)], writer, box)
    [letter] = box.dead_letters
    assert not {"\ufffe", "\uffff", "\x01"} & set(letter.body)
    [event] = _parse_events(letter)
    assert event["details"] == {"a": text}


def test_a_body_that_cannot_be_masked_is_quarantined_as_it_came(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> object:
        raise OverflowError

    monkeypatch.setattr(Masker, "mask_event", fail)
    monkeypatch.setattr(Masker, "mask_refused", fail)
    box = MemoryDeadLetterSender()
    body = job(event_json())
    result = run([message(body, receives=3)], box=box)
    assert [letter.body for letter in box.dead_letters] == [body]
    assert (result.retried, list(result.failed)) == ([], ["m-1"])


RESERVED = ["audit.dead-letters.discard", "audit.trail.read", "audit.cleanup"]


@pytest.mark.parametrize("action", RESERVED)
@pytest.mark.parametrize(
    "sender_id", [SENDER, "AROASUBMIT:submit", "AIDASYSTEM", "", ":AROASYSTEM"]
)
def test_no_producer_can_send_what_the_system_records_of_itself(
    action: str, sender_id: str
) -> None:
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    bodies = [
        job(event_json(action=action)),
        bulk_job(event_json(), event_json(action=action)),
        json.dumps({**json.loads(job(event_json(action=action))), "submittedBy": "AROASYSTEM:x"}),
    ]
    messages = [message(body, f"m-{at}", sender_id=sender_id) for at, body in enumerate(bodies)]
    run(messages, writer, box, roles=SUBMIT)
    assert [record.action for record in writer.records.values()] == ["user.login"]
    assert len(box.dead_letters) == 3
    for letter in box.dead_letters:
        assert "is reserved for what the audit log records of itself" in letter.error_message


@pytest.mark.parametrize("action", RESERVED)
def test_a_function_of_the_system_records_what_it_does(action: str) -> None:
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    sent = message(job(event_json(action=action)), sender_id="AROASYSTEM:query")
    run([sent], writer, box, roles=SUBMIT)
    is_order = action == "audit.cleanup"  # a clean-up stores its orders without the queue
    assert (len(writer.records), len(box.dead_letters)) == (not is_order, is_order)


def test_a_producer_may_say_that_events_were_dropped() -> None:
    writer = MemoryEventWriter()
    run([message(job(event_json(action="audit.events.dropped")))], writer)
    [record] = writer.records.values()
    assert record.submitted_by == SENDER
