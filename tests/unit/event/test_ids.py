"""Ids and shards: the vector of the ULID specification, and properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.event.ids import (
    decode_digest_start,
    decode_time,
    find_shard_by_digest,
    find_shard_by_id,
    is_id,
    is_ulid,
    make_highest_id,
    make_id,
    make_lowest_id,
    pack_id,
    unpack_id,
)
from prooftrail.event.times import MAX_TIMESTAMP_MS

TIMES = st.integers(0, MAX_TIMESTAMP_MS)
DIGESTS = st.binary(min_size=32, max_size=32)


def test_the_ulid_of_the_specification() -> None:
    assert make_id(1_469_918_176_385, bytes(32)) == "01ARYZ6S410000000000000000"
    assert make_id(0, b"\xff" * 32) == "0" * 10 + "Z" * 16


@given(TIMES, DIGESTS)
def test_an_id_gives_back_its_parts(timestamp_ms: int, digest: bytes) -> None:
    event_id = make_id(timestamp_ms, digest)
    assert is_id(event_id)
    assert decode_time(event_id) == timestamp_ms
    assert decode_digest_start(event_id) == digest[:10]
    assert make_lowest_id(timestamp_ms) <= event_id <= make_highest_id(timestamp_ms)


@given(TIMES, DIGESTS, TIMES, DIGESTS)
def test_ids_sort_by_time_then_digest(one: int, first: bytes, other: int, second: bytes) -> None:
    by_id = make_id(one, first) < make_id(other, second)
    assert by_id == ((one, first[:10]) < (other, second[:10]))


@given(DIGESTS, st.sampled_from([1, 2, 4, 256]))
def test_the_shard_follows_from_the_id(digest: bytes, shard_count: int) -> None:
    shard = find_shard_by_id(make_id(0, digest), shard_count)
    assert shard == find_shard_by_digest(digest, shard_count) == digest[0] % shard_count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "01ARYZ6S41000000000000000",
        "01ARYZ6S4100000000000000000",
        "01aryz6s410000000000000000",
        "81ARYZ6S410000000000000000",
        "01ARYZ6S41000000000000000U",
        "01ARYZ6S41000000000000000\n",
        "01ARYZ6S4100000000000000\uff10",
        "7ZZZZZZZZZ0000000000000000",  # the year 10889
    ],
)
def test_a_text_that_is_not_an_id(text: str) -> None:
    assert not is_id(text)
    assert is_ulid(text) == text.startswith("7")


@given(TIMES, DIGESTS)
def test_an_id_is_packed_as_time_and_digest(timestamp_ms: int, digest: bytes) -> None:
    event_id = make_id(timestamp_ms, digest)
    assert pack_id(event_id) == timestamp_ms.to_bytes(6, "big") + digest[:10]
    assert unpack_id(pack_id(event_id)) == event_id


def test_the_lowest_and_the_highest_id_of_a_millisecond() -> None:
    assert make_lowest_id(7) == make_id(7, bytes(32))
    assert make_highest_id(7) == make_id(7, b"\xff" * 32)
    assert make_highest_id(7) < make_lowest_id(8)


def test_the_last_millisecond_of_9999_is_in_an_id() -> None:
    assert is_id(make_highest_id(MAX_TIMESTAMP_MS))
    assert not is_id(make_lowest_id(MAX_TIMESTAMP_MS + 1))
