"""The buffer: full calls, and nothing that is held up for ever."""

from hypothesis import given
from hypothesis import strategies as st

from prooftrail.client.buffer import (
    MAX_CALL_BYTES,
    MAX_ENTRIES,
    PACKED_BYTES,
    Buffer,
    BufferedEvent,
)


def entries(*sizes: int) -> list[BufferedEvent]:
    """Events of these sizes."""
    return [BufferedEvent('"' + "x" * (size - 2) + '"', 0, None) for size in sizes]


def filled(*sizes: int) -> Buffer:
    """A buffer with events of these sizes."""
    buffer = Buffer()
    for entry in entries(*sizes):
        buffer.add(entry)
    return buffer


@given(st.lists(st.integers(2, MAX_CALL_BYTES - 29), min_size=1, max_size=30))
def test_calls_keep_the_limits_and_leave_nothing(sizes: list[int]) -> None:
    buffer = filled(*sizes)
    calls = []
    while parcels := buffer.take(0, fresh=True):
        calls.append(parcels)
        assert len(parcels) <= MAX_ENTRIES
        assert sum(len(parcel.body) for parcel in parcels) <= MAX_CALL_BYTES
        for parcel in parcels:
            buffer.settle(parcel)
    assert sum(parcel.count for parcels in calls for parcel in parcels) == len(sizes)
    assert (buffer.size, buffer.ready_size, buffer.ready_count) == (0, 0, 0)


@given(st.lists(st.integers(2, MAX_CALL_BYTES - 29), min_size=1, max_size=30))
def test_what_is_refused_for_ever_holds_up_nothing(sizes: list[int]) -> None:
    buffer = filled(*sizes)
    refused = []
    while parcels := buffer.take(0, fresh=True):
        refused += parcels
    buffer.postpone(refused, 0)
    for entry in entries(100, PACKED_BYTES - 100):
        buffer.add(entry)
    size, fresh = buffer.size, 0
    for _ in range(2 * len(refused) + 2):
        parcels = buffer.take(1, fresh=True)
        assert len(parcels) <= MAX_ENTRIES
        assert sum(len(parcel.body) for parcel in parcels) <= MAX_CALL_BYTES
        old = [parcel for parcel in parcels if parcel.attempts]
        fresh += len(parcels) - len(old)
        buffer.postpone(old, 0)
        if fresh == 2:
            break
    assert fresh > 0
    assert buffer.size == size


def test_what_waits_is_sent_when_it_is_due() -> None:
    buffer = filled(100, MAX_CALL_BYTES - 29)
    buffer.postpone(buffer.take(0, fresh=True), 5.0)
    buffer.postpone(buffer.take(0, fresh=True), 7.0)
    assert buffer.next_due == 5.0
    assert buffer.take(4.9, fresh=True) == []
    [first] = buffer.take(5.0, fresh=True)
    assert (first.count, first.attempts) == (1, 1)
    buffer.hasten()
    [second] = buffer.take(5.1, fresh=True)
    assert second.size == MAX_CALL_BYTES - 29
