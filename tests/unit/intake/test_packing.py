"""Events into messages: every event once, in order, within the limits, and in few."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import EventTooLargeError
from prooftrail.intake.jobs import MAX_BULK_EVENTS, parse_job
from prooftrail.intake.packing import MAX_MESSAGE_BYTES, PackedMessage, check_size, pack_messages

ROOM = 200  # of a message that can carry any of these events


def encoded(details: str, *, is_ascii: bool = True) -> str:
    return json.dumps({"details": details}, ensure_ascii=is_ascii)


def events_of(parcel: PackedMessage) -> list[object]:
    job = parse_job(parcel.body)
    assert job.is_bulk == (len(job.events) > 1)
    return list(job.events)


@given(
    st.lists(st.builds(encoded, st.text(max_size=10), is_ascii=st.booleans()), max_size=40),
    st.integers(ROOM, 3 * ROOM),
)
def test_every_event_is_carried_once_in_order_by_few_messages(
    events: list[str], max_bytes: int
) -> None:
    parcels = pack_messages(events, max_bytes)
    assert [position for one in parcels for position in one.positions] == list(range(len(events)))
    for parcel in parcels:
        assert len(parcel.body.encode()) <= max_bytes
        assert events_of(parcel) == [json.loads(events[at]) for at in parcel.positions]
    for one, other in pairwise(parcels):
        [both] = pack_messages(events[one.positions[0] : other.positions[0] + 1], 1_000_000)
        assert len(both.body.encode()) > max_bytes


@pytest.mark.parametrize("letter", ["x", "é"])
def test_the_largest_event_is_one_whose_message_just_fits(letter: str) -> None:
    [small] = pack_messages([encoded("", is_ascii=False)])
    count, left = divmod(MAX_MESSAGE_BYTES - len(small.body), len(letter.encode()))
    largest = encoded(letter * count + "x" * left, is_ascii=False)
    check_size(largest)
    [parcel] = pack_messages([largest])
    assert len(parcel.body.encode()) == MAX_MESSAGE_BYTES
    with pytest.raises(EventTooLargeError, match=r"at most 1048576 bytes \(got 1048577\)"):
        check_size(largest.replace("x", "xx", 1) if left else f"{largest} ")
    with pytest.raises(EventTooLargeError):
        pack_messages(["{}", f"{largest} "])


def test_a_message_has_at_most_as_many_events_as_the_processor_takes() -> None:
    parcels = pack_messages(["{}"] * (2 * MAX_BULK_EVENTS + 1))
    assert [len(events_of(parcel)) for parcel in parcels] == [MAX_BULK_EVENTS, MAX_BULK_EVENTS, 1]


def test_nothing_makes_no_message() -> None:
    assert pack_messages([]) == []
