"""The buffer makes full calls, and no message blocks another for ever."""

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client.sending.buffer import (
    MAX_CALL_BYTES,
    MAX_ENTRIES,
    PACKED_BYTES,
    Buffer,
    BufferedEvent,
)

MAX_EVENT_BYTES = MAX_CALL_BYTES - 43  # a message has 42 bytes around one event


def make_events(*sizes: int) -> list[BufferedEvent]:
    """Make events of these sizes."""
    return [BufferedEvent('"' + "x" * (size - 2) + '"', 0, None) for size in sizes]


def make_buffer(*sizes: int) -> Buffer:
    """Make a buffer with events of these sizes."""
    buffer = Buffer(max_bytes=0)
    for event in make_events(*sizes):
        buffer.add(event)
    return buffer


@given(st.lists(st.integers(2, MAX_EVENT_BYTES), min_size=1, max_size=30))
def test_calls_keep_the_limits_and_take_every_event(sizes: list[int]) -> None:
    buffer = make_buffer(*sizes)
    calls = []
    while messages := buffer.take_messages(0, include_new=True):
        calls.append(messages)
        assert len(messages) <= MAX_ENTRIES
        assert sum(len(message.body) for message in messages) <= MAX_CALL_BYTES
        for message in messages:
            buffer.remove(message)
    assert sum(message.count for messages in calls for message in messages) == len(sizes)
    assert (buffer.size, buffer.new_size, buffer.new_count) == (0, 0, 0)


@given(st.lists(st.integers(2, MAX_EVENT_BYTES), min_size=1, max_size=30))
def test_messages_that_are_always_refused_block_nothing(sizes: list[int]) -> None:
    buffer = make_buffer(*sizes)
    refused = []
    while messages := buffer.take_messages(0, include_new=True):
        refused += messages
    buffer.postpone(refused, 0)
    for event in make_events(100, PACKED_BYTES - 100):
        buffer.add(event)
    size, new_count = buffer.size, 0
    for _ in range(2 * len(refused) + 2):
        messages = buffer.take_messages(1, include_new=True)
        assert len(messages) <= MAX_ENTRIES
        assert sum(len(message.body) for message in messages) <= MAX_CALL_BYTES
        old = [message for message in messages if message.attempts]
        new_count += len(messages) - len(old)
        buffer.postpone(old, 0)
        if new_count == 2:
            break
    assert new_count > 0
    assert buffer.size == size


def test_a_retry_is_taken_when_it_is_due() -> None:
    buffer = make_buffer(100, MAX_EVENT_BYTES)
    buffer.postpone(buffer.take_messages(0, include_new=True), 5.0)
    buffer.postpone(buffer.take_messages(0, include_new=True), 7.0)
    assert buffer.next_retry == 5.0
    assert buffer.take_messages(4.9, include_new=True) == []
    [first] = buffer.take_messages(5.0, include_new=True)
    assert (first.count, first.attempts) == (1, 1)
    buffer.retry_now()
    [second] = buffer.take_messages(5.1, include_new=True)
    assert second.size == MAX_EVENT_BYTES


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(2, 60_000)), min_size=1, max_size=60))
def test_a_message_has_events_of_one_tenant_and_the_tenants_take_turns(
    events: list[tuple[str, int]],
) -> None:
    buffer = Buffer(max_bytes=0)
    for tenant_id, size in events:
        buffer.add(BufferedEvent(f'"{tenant_id * (size - 2)}"', 0, None, tenant_id))
    waiting = Counter(tenant_id for tenant_id, _ in events)
    taken: Counter[str] = Counter()
    last_turn: dict[str, int] = {}
    turn = 0
    while messages := buffer.take_messages(0, include_new=True):
        for message in messages:
            turn += 1
            assert set(message.body.partition('"data":')[2]) & set("bc") <= {message.tenant_id}
            taken[message.tenant_id] += message.count
            last_turn[message.tenant_id] = turn
            for tenant_id in waiting:
                if taken[tenant_id] < waiting[tenant_id]:
                    assert turn - last_turn.get(tenant_id, 0) <= 3
    assert taken == waiting


def test_a_message_has_a_limited_number_of_values() -> None:
    buffer = Buffer(max_bytes=0)
    text = json.dumps({"a": ["," * 1_000] * 30})
    for _ in range(9):
        buffer.add(BufferedEvent(text, 0, None))
    messages = buffer.take_messages(0, include_new=True)
    assert [message.count for message in messages] == [3, 3, 3]
