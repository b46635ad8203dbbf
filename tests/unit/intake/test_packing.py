"""Packing: few messages contain every event once, in order, within the limits."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import EventTooLargeError
from prooftrail.event.nodes import MAX_JOB_NODES, count_nodes
from prooftrail.intake.jobs import MAX_BULK_EVENTS, parse_job
from prooftrail.intake.packing import (
    MAX_MESSAGE_BYTES,
    PackedMessage,
    check_size,
    pack_jobs,
    pack_messages,
)
from tests.support.samples import event_json

MIN_BYTES = 200  # enough for a message with any one of these events


def encode(details: str, *, is_ascii: bool = True) -> str:
    return json.dumps({"details": details}, ensure_ascii=is_ascii)


def parse_events(message: PackedMessage) -> list[object]:
    job = parse_job(message.body)
    assert job.is_bulk == (len(job.events) > 1)
    return list(job.events)


@given(
    st.lists(st.builds(encode, st.text(max_size=10), is_ascii=st.booleans()), max_size=40),
    st.integers(MIN_BYTES, 3 * MIN_BYTES),
)
def test_few_messages_contain_every_event_once_in_order(events: list[str], max_bytes: int) -> None:
    messages = pack_messages(events, max_bytes, is_masked=True)
    assert [position for one in messages for position in one.positions] == list(range(len(events)))
    for message in messages:
        assert len(message.body.encode()) <= max_bytes
        assert parse_events(message) == [json.loads(events[at]) for at in message.positions]
    for one, other in pairwise(messages):
        [both] = pack_messages(
            events[one.positions[0] : other.positions[0] + 1], 1_000_000, is_masked=True
        )
        assert len(both.body.encode()) > max_bytes


@pytest.mark.parametrize("character", ["x", "é"])
def test_the_message_of_the_largest_event_just_fits(character: str) -> None:
    [small] = pack_messages([encode("", is_ascii=False)], is_masked=True)
    count, left = divmod(MAX_MESSAGE_BYTES - len(small.body), len(character.encode()))
    largest = encode(character * count + "x" * left, is_ascii=False)
    check_size(largest)
    [message] = pack_messages([largest], is_masked=True)
    assert len(message.body.encode()) == MAX_MESSAGE_BYTES
    with pytest.raises(EventTooLargeError, match=r"at most 1048576 bytes \(got 1048577\)"):
        check_size(largest.replace("x", "xx", 1) if left else f"{largest} ")
    with pytest.raises(EventTooLargeError):
        pack_messages(["{}", f"{largest} "])


def test_a_message_has_at_most_as_many_events_as_the_processor_takes() -> None:
    messages = pack_messages(["{}"] * (2 * MAX_BULK_EVENTS + 1))
    assert [len(parse_events(message)) for message in messages] == [
        MAX_BULK_EVENTS,
        MAX_BULK_EVENTS,
        1,
    ]


def test_no_events_make_no_message() -> None:
    assert pack_messages([]) == []


def test_a_message_has_a_limited_number_of_values() -> None:
    event = json.dumps(event_json(details={"a": [0] * 9_980}))
    messages = pack_messages([event] * 21, is_masked=True, submitted_by="token:7d1b")
    assert [len(message.positions) for message in messages] == [10, 10, 1]
    for message in messages:
        assert count_nodes(json.loads(message.body)) <= MAX_JOB_NODES
        assert parse_job(message.body)
    commas = json.dumps(event_json(details={"a": "," * (MAX_JOB_NODES - 10)}))
    assert [list(one.positions) for one in pack_messages([commas] * 2)] == [[0], [1]]


@given(st.lists(st.sampled_from(["acme", "beta", "default"]), max_size=30))
def test_a_job_has_events_of_one_tenant(tenant_ids: list[str]) -> None:
    events = [json.dumps({"n": n, "tenantId": each}) for n, each in enumerate(tenant_ids)]
    packed = list(pack_jobs(events, tenant_ids, is_masked=True))
    assert len(packed) == len(set(tenant_ids))
    for one in packed:
        found = [event for event in parse_job(one.message.body).events if isinstance(event, dict)]
        assert [event["n"] for event in found] == list(one.positions)
        assert {event["tenantId"] for event in found} == {one.message.tenant_id}
    assert sorted(at for one in packed for at in one.positions) == list(range(len(tenant_ids)))
