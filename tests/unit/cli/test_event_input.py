"""Events in files of every form: each is found, and each fault costs its own value alone."""

import gzip
import io
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.cli import json_input
from prooftrail.cli.event_input import InputEvent, read_events
from prooftrail.cli.json_input import JsonValue, read_json_values
from prooftrail.errors import MalformedJobError
from prooftrail.intake.ingest import Message, ingest
from prooftrail.intake.jobs import decode_json
from prooftrail.intake.submit import Submission, submit
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter, MemoryJobQueue
from tests.support.samples import NOW_MS, bulk_job, event_json, job, make_event_record, queue_event

ROOT = Path(__file__).parents[3]
A, B, C = (event_json(userId=name) for name in "abc")
ONE, TWO, THREE = map(json.dumps, (A, B, C))


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(text: str | bytes) -> list[InputEvent]:
        file = tmp_path / "events"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return list(read_events(file))

    return read_text


def get_places(found: Sequence[InputEvent]) -> dict[str, object]:
    """Return the events by place. Assert that there is no error."""
    assert [item.error for item in found if item.error] == []
    return {item.place: item.event for item in found}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ONE}\n{TWO}", {"line 1": A, "line 2": B}),
        (f"\n \t\n{ONE}\r\n\n\n{TWO}\n\n", {"line 3": A, "line 6": B}),
        (json.dumps(A, indent=2), {"line 1": A}),
        (f"\n{json.dumps(A, indent=4)}\n{TWO}\n{json.dumps(C, indent=1)}",
         {"line 2": A, f"line {len(A) + 4}": B, f"line {len(A) + 5}": C}),
        (json.dumps(A, indent=2).replace("\n", "\n\n"), {"line 1": A}),
        (f"[{ONE}, {TWO}]", {"event 1": A, "event 2": B}),
        (f"\n[\n{ONE},\n{TWO}\n]\n\n", {"event 1": A, "event 2": B}),
        (f"[{ONE}]\n[{TWO}, {THREE}]",
         {"event 1 of line 1": A, "event 1 of line 2": B, "event 2 of line 2": C}),
        ("[]", {}),
        ("", {}),
        (f'{{"events": [{ONE}, {TWO}]}}', {"event 1": A, "event 2": B}),
        (json.dumps({"events": [A, B]}, indent=2), {"event 1": A, "event 2": B}),
        (f'{ONE}\n{{"events": [{TWO}]}}', {"line 1": A, "event 1 of line 2": B}),
        (job(A), {"line 1": A}),
        (json.dumps(json.loads(job(A)), indent=2), {"line 1": A}),
        (f"{job(A)}\n{job(B)}\n{bulk_job(A, C)}",
         {"line 1": A, "line 2": B, "event 1 of line 3": A, "event 2 of line 3": C}),
        (f"[{job(A)}, {bulk_job(B, C)}]",
         {"event 1": A, "event 1 of event 2": B, "event 2 of event 2": C}),
        # as Firehose joins records, `gh api --paginate` pages, and editors what was copied
        (f"{ONE}\n{TWO}{THREE} {ONE}",
         {"line 1": A, "value 1 of line 2": B, "value 2 of line 2": C, "value 3 of line 2": A}),
        (f"[{ONE},{TWO}][{THREE}]",
         {"event 1 of value 1 of line 1": A, "event 2 of value 1 of line 1": B,
          "event 1 of value 2 of line 1": C}),
        ("".join(json.dumps(event, indent=2) for event in (A, B, C)),
         {"line 1": A, f"line {len(A) + 2}": B, f"line {2 * len(A) + 3}": C}),
        (f"{ONE}{{\n{TWO[1:]}{THREE}\n{ONE}",
         {"value 1 of line 1": A, "value 2 of line 1": B, "line 2": C, "line 3": A}),
        # RFC 7464, as `jq --seq` writes, and files with byte order marks that `cat` has joined
        (f"\x1e{ONE}\n\x1e{json.dumps(B, indent=2)}\n", {"line 1": A, "line 2": B}),
        (f"{ONE}\n\ufeff{TWO}\n\ufeff{json.dumps([C])}",
         {"line 1": A, "line 2": B, "event 1 of line 3": C}),
    ],
)  # fmt: skip
def test_events_are_found_in_every_form(read: Any, text: str, expected: dict[str, object]) -> None:
    assert get_places(read(text)) == expected
    for encoded in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert get_places(read(encoded)) == expected
        assert get_places(read(gzip.compress(encoded))) == expected


def test_a_damaged_file_of_gzip_costs_what_is_damaged(read: Any) -> None:
    whole = gzip.compress(f"{ONE}\n{TWO}\n".encode())
    damaged = [(whole + gzip.compress(THREE.encode())[:-1], [A, B]), (whole + b"rest", [A, B])]
    damaged += [(whole[:-3], [A, B]), (whole[:12], []), (whole[:20] + b"\xff" * 60, [])]
    for content, events in damaged:
        *found, last = read(content)
        assert [item.event for item in found if not item.error] == events
        assert str(last.error) == "the file was compressed with gzip, and is cut or damaged"


@pytest.mark.parametrize("text", ["[" + " " * 5_000, "[\n" + "1,\n" * 5_000])
def test_a_compressed_file_cannot_fill_the_memory(read: Any, text: str) -> None:
    content = gzip.compress(f"{text}{ONE}\n{TWO}\n".encode())
    limits = patch.multiple(json_input, MAX_LINE_BYTES=1_000, MAX_DECOMPRESSED_BYTES=4_000)
    with limits, patch.object(json_input, "decode_json", wraps=decode_json) as decode:
        *_, last = read(content)
    assert last.event == B
    assert all(len(call.args[0]) < 4_000 for call in decode.call_args_list)


def test_a_compressed_file_in_utf_16_cannot_fill_the_memory(read: Any) -> None:
    content = gzip.compress((ONE + "\n" * 5_000).encode("utf-16"))
    assert [item.event for item in read(content)] == [A]
    limit = patch.object(json_input, "MAX_DECOMPRESSED_BYTES", 4_000)
    with limit, pytest.raises(MalformedJobError, match="at most 4,000 bytes"):
        read(content)


def test_an_event_that_the_api_masked_is_not_the_event(read: Any) -> None:
    stored = {**A, "id": "01A", "digest": "00", "receivedAt": "2025-11-24T08:00:00.000Z"}
    [whole] = read(json.dumps({**stored, "masked": []}))
    assert (whole.event, whole.error) == (A, None)
    [masked] = read(json.dumps({**stored, "username": "[personal]", "masked": ["/username"]}))
    assert masked.event is None
    assert "read it from /audit-logs/unmasked" in str(masked.error)


def test_a_damaged_file_in_utf_16_is_refused_whole(read: Any) -> None:
    for damaged in (ONE.encode("utf-16")[:-1], b"\xff\xfe\x00\xd8"):
        with pytest.raises(MalformedJobError, match="byte order mark of UTF-16"):
            read(damaged)


def test_the_number_of_an_event_is_unique_in_its_file(read: Any) -> None:
    found = read(f"{ONE}\n{bulk_job(A, B)}\n[{job(A)}, {bulk_job(A, B)}]\n{ONE}[{TWO}]")
    numbers = ["1", "2:1", "2:2", "3:1", "3:2:1", "3:2:2", "4:1", "4:2:1"]
    assert [item.number for item in found] == numbers


FAULTS = [
    (f"{ONE}\nnonsense\n{TWO}", 2, "not JSON: Expecting value at column 1"),
    (f"{ONE}\n{TWO[:-1]}\n{THREE}", 2, "not JSON: Expecting ',' delimiter at line 3 column 1"),
    (f'{ONE}\n{{"details": {{"tags": ["a",\n{THREE}\n{ONE}', 2, "not JSON: Expecting ',' delim"),
    (f'{ONE}\n{{"userId": "a\n{THREE}', 2, "not JSON: Unterminated string starting at column 12"),
    (f"{ONE}\n{ONE},{TWO}\n{THREE}", 2, "not JSON: Extra data at column"),
    (f"{ONE}\n}}\n{THREE}", 2, "not JSON: Expecting value at column 1"),
    (f'{ONE}\n{{\n  "a": 1\n  "b": 2\n}}\n{THREE}', 2, "not JSON: Expecting ',' delim"),
    (f'{ONE}\n{{\n  "a": [1,\n\n 2}},\n "b": 3\n}}\n{THREE}', 2, "not JSON: Expecting ',' delim"),
    (f'{ONE}\n{{\n  "a": 1,\n  "a": 2\n}}\n{THREE}', 2, "not JSON: the key 'a' occurs twice"),
    (f'{ONE}\n{{\n  "a": 1,\n\n  "b": x\n}}\n{THREE}', 2, "not JSON: Expecting value at line 5"),
    (f"{ONE}\n{{", 2, "not JSON: Expecting property name"),
    (f"{ONE}\n{'[' * 300}\n{THREE}", 2, "not JSON: Expecting value at column 301"),
    (f'{ONE}\n{{"type": "log_event"}}\n{THREE}', 2, "data: a log_event job needs an event"),
    (f'{ONE}\n{{"type": "x", "data": {{}}}}\n{THREE}', 2, "type: must be log_event or bulk_log"),
    (b"%s\n\xff\xfe\n%s" % (ONE.encode(), THREE.encode()), 2, "must be UTF-8"),
    (b'%s\n{"a":\n"\xff"}\n%s' % (ONE.encode(), THREE.encode()), 2, "must be UTF-8"),
]


@pytest.mark.parametrize(("text", "line", "reason"), FAULTS)
def test_a_fault_costs_its_own_value_alone(
    read: Any, text: str | bytes, line: int, reason: str
) -> None:
    found = read(text)
    [wrong] = [item for item in found if item.error]
    assert (wrong.place, str(wrong.error)[: len(reason)]) == (f"line {line}", reason)
    whole = text if isinstance(text, str) else text.decode(errors="replace")
    expected = [json.loads(one) for one in whole.split("\n") if one in {ONE, TWO, THREE}]
    assert [item.event for item in found if not item.error] == expected


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"{ONE}{TWO[:-2]}\n{THREE}", ["value 1 of line 1", "value 2 of line 1", "line 2"]),
        (f"{ONE}{{\n{THREE}", ["value 1 of line 1", "value 2 of line 1", "line 2"]),
        (f'{ONE}{{"a": [\n{THREE}', ["value 1 of line 1", "value 2 of line 1", "line 2"]),
        (f'{ONE}{{"a": 1, "a": 2}}{TWO}\n{THREE}',
         ["value 1 of line 1", "value 2 of line 1", "line 2"]),
    ],
)  # fmt: skip
def test_a_fault_after_a_value_leaves_that_value(
    read: Any, text: str, places: Sequence[str]
) -> None:
    first, wrong, last = read(text)
    assert (first.event, wrong.event, last.event) == (A, None, C)
    assert (str(wrong.error)[:9], [first.place, wrong.place, last.place]) == ("not JSON:", places)


def test_a_long_line_that_begins_with_a_space_is_reported(read: Any) -> None:
    with patch.object(json_input, "MAX_LINE_BYTES", 100):
        [long, event] = read(f' {{"x": "{"x" * 300}"}}\n{ONE}')
    assert (str(long.error), event.event) == ("must have at most 100 bytes", A)


def test_a_long_line_is_skipped_unless_it_can_be_the_whole_file(read: Any) -> None:
    with patch.object(json_input, "MAX_LINE_BYTES", 100):
        found = read(f'{ONE}\n{{"x": "{"x" * 1_000}"}}\n{{"a":\n"{"x" * 300}"}}\n{TWO}')
        errors = {item.place: str(item.error) for item in found if item.error}
        assert list(errors) == ["line 2", "line 3"]
        assert errors["line 2"] == "must have at most 100 bytes"
        assert [item.event for item in found if not item.error] == [A, B]
        assert get_places(read(f"[{ONE}, {TWO}]")) == {"event 1": A, "event 2": B}
        assert len(
            get_places(read(json.dumps({"Records": queue_event(make_message())["Records"]})))
        )


def make_message(body: str | None = None, name: str = "m-1") -> Message:
    return Message(name, bulk_job(A, B) if body is None else body, NOW_MS)


def read_ids(found: Sequence[InputEvent]) -> set[str]:
    """Submit the events. Return the ids under which they are stored."""
    assert [item.error for item in found if item.error] == []
    masked = {position for position, item in enumerate(found) if item.is_masked}
    results = submit(
        Submission([item.event for item in found], is_list=True, masked=masked),
        MemoryJobQueue(),
        tenant_id=None,
        idempotency_key=None,
        now_ms=NOW_MS + 1,
        make_event_id=lambda: "new",
    )
    return {result.to_json()["id"] for result in results}  # type: ignore[union-attr,misc]


def process(messages: Sequence[Message]) -> set[str]:
    """Process these messages. Return the ids of what is stored."""
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    ingest(messages, writer, box, now_ms=NOW_MS + 1, retention_days=0)
    return {event_id for _, event_id in writer.records}


@pytest.mark.parametrize("name", ["good", "bulk", "unicode", "duplicate", "oversize"])
def test_messages_of_sqs_get_the_ids_that_the_processor_gives_them(read: Any, name: str) -> None:
    text = (ROOT / "events" / f"sqs-{name}.json").read_text()
    records = json.loads(text)["Records"]
    messages = [
        Message(each["messageId"], each["body"], int(each["attributes"]["SentTimestamp"]))
        for each in records
    ]
    ids = process(messages)
    assert ids
    assert read_ids(read(text)) == ids
    assert read_ids(read("\n".join(map(json.dumps, records)))) == ids
    received = [
        {
            "MessageId": each["messageId"],
            "Body": each["body"],
            "Attributes": {"SentTimestamp": each["attributes"]["SentTimestamp"]},
        }
        for each in records
    ]
    assert read_ids(read(json.dumps({"Messages": received}, indent=2))) == ids


def test_a_message_without_its_time_is_read_all_the_same(read: Any) -> None:
    record = {"messageId": "m-1", "body": bulk_job(A, B)}
    found = read(json.dumps({"Records": [record]}))
    assert get_places(found) == {"event 1 of message 1": A, "event 2 of message 1": B}
    for wrong in ({"attributes": {"SentTimestamp": "9" * 5_000}}, {"sentAt": "now"}):
        assert [item.event for item in read(json.dumps({"Records": [record | wrong]}))] == [A, B]


def test_a_faulty_message_costs_itself_alone(read: Any) -> None:
    text = (ROOT / "events" / "sqs-poison.json").read_text()
    places = {item.place: str(item.error) for item in read(text) if item.error}
    assert places["message 1"] == "body: not JSON: Expecting value at line 1 column 1"
    assert places["message 2"].startswith("body: a job must be a JSON object")
    stream = (ROOT / "events" / "stream-batch.json").read_text()
    assert {str(item.error) for item in read(stream)} == {"must be a message of SQS, with a body"}
    assert str(read('{"Records": [3]}')[0].error) == "must be a message of SQS, with a body"


def test_discarded_dead_letters_get_the_ids_that_a_redrive_gives_them(read: Any) -> None:
    line = {
        "messageId": "l-1",
        "sentAt": "2025-11-24T16:00:00.000Z",
        "errorType": "InvalidEventError",
        "errorMessage": "m",
        "sourceMessageId": "m-1",
        "body": bulk_job(A, B),
    }
    [first, second] = read(json.dumps(line))
    assert (first.place, second.place) == ("event 1 of line 1", "event 2 of line 1")
    assert first.event == {**A, "eventId": "m-1/l-1:0", "timestamp": line["sentAt"]}


def test_what_readers_got_is_sent_as_it_was(read: Any) -> None:
    record = make_event_record(details={"a": 1.5})
    canonical = json.loads(record.canonical)
    received = {"id": record.id, "digest": record.digest.hex(), "receivedAt": "2025-11-24T16:00Z"}
    for line in ({**received, **canonical}, {"position": 7, **received, **canonical}):
        [item] = read(json.dumps(line))
        assert item.event == canonical
        assert read_ids([item]) == {record.id}
    page = {"items": [{**received, **canonical}], "nextCursor": None}
    assert get_places(read(json.dumps(page))) == {"event 1": canonical}
    [changed] = read(json.dumps({"id": "x", "digest": "x", **canonical}))
    assert changed.event == {"id": "x", "digest": "x", **canonical}


def test_what_is_masked_already_is_not_masked_again(read: Any) -> None:
    """A library with exceptions of its own decides what is a secret, and what is stored stays."""
    event = event_json(details={"password": "none needed"})
    marked = json.loads(job(event)) | {"masked": True}
    several = json.loads(bulk_job(event, A)) | {"masked": True}
    record = make_event_record(details={"password": "none needed"})
    line = {"id": record.id, "digest": record.digest.hex(), "receivedAt": "2025-11-24T16:00Z"}
    stored = {**line, **json.loads(record.canonical)}
    changed = {**stored, "resourceId": "changed"}
    body = {"messageId": "m-1", "body": json.dumps(marked)}
    values = [event, marked, several, stored, changed, body]
    found = read("\n".join(map(json.dumps, values)))
    assert [item.is_masked for item in found] == [False, True, True, True, True, False, True]
    assert read_ids([found[4]]) == {record.id}


def read_values(content: bytes) -> Iterator[JsonValue]:
    return read_json_values(io.BytesIO(content))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
DOCUMENTS = st.lists(JSON, max_size=3) | st.dictionaries(st.text(max_size=3), JSON, max_size=3)


@given(
    st.lists(
        st.tuples(DOCUMENTS, st.sampled_from([None, 0, 1, 2, "\t"]), st.booleans()), max_size=4
    )
)
def test_any_values_in_any_layout_are_read(parts: list[tuple[Any, Any, bool]]) -> None:
    content = "".join(
        json.dumps(value, indent=indent, ensure_ascii=is_ascii) + "\n\n" * is_ascii + "\n"
        for value, indent, is_ascii in parts
    )
    found = list(read_values(content.encode()))
    assert [each.value for each in found] == [value for value, _, _ in parts]
    assert not any(each.error for each in found)
    lines = content.split("\n")
    assert all(lines[each.line - 1].strip() for each in found)


@given(st.lists(st.sampled_from('{}[],:"a1 \n\\'), max_size=40).map("".join))
def test_any_text_is_read_to_its_end(text: str) -> None:
    found = list(read_values(f'{text}\n{{"last": 1}}\n'.encode()))
    assert found
    numbers = [(each.line, each.part) for each in found]
    assert numbers == sorted(set(numbers))


@given(st.lists(DOCUMENTS, min_size=2, max_size=4), st.sampled_from([None, 2]))
def test_values_without_a_break_between_them_are_read(documents: list[Any], indent: Any) -> None:
    content = "".join(json.dumps(value, indent=indent) for value in documents)
    found = list(read_values(content.encode()))
    assert [(each.value, each.error) for each in found] == [(value, None) for value in documents]


@given(st.data())
def test_a_line_that_was_cut_costs_itself_alone(data: st.DataObject) -> None:
    event = event_json(userId="u", details={"a": ["b", {"c": [1, 2]}], "d": {}}, success=True)
    line = json.dumps(event)
    cut = line[: data.draw(st.integers(1, len(line) - 1))]
    found = list(read_values("\n".join([line, cut, line, line]).encode()))
    assert [each.line for each in found if each.error] == [2]
    assert [each.value for each in found if not each.error] == [event] * 3


@pytest.mark.parametrize(
    "line",
    [
        '{"a": "' + '\\"' * 500_000, '{"a": "' + "\\" * 1_000_001, '{"a": "b", ' * 100_000,
        "{}" * 100_000 + '{"a"',
    ],
)  # fmt: skip
def test_a_large_line_that_was_cut_is_reported_soon(line: str) -> None:
    started = time.process_time()
    *_, cut, last = read_values(f"{line}\n{ONE}".encode())
    assert (bool(cut.error), last.value) == (True, A)
    assert time.process_time() - started < 2


def test_lines_are_read_as_the_events_are_taken() -> None:
    file = io.BytesIO(f"{ONE}\n".encode() * 10_000)
    values = read_json_values(file)
    for _ in range(3):
        next(values)
    assert file.tell() <= io.DEFAULT_BUFFER_SIZE
