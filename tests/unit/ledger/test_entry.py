"""Log entries, entry bundles and the ledger's rows."""

import contextlib
import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import MalformedTileError
from prooftrail.event.canonical import canonicalize
from prooftrail.event.ids import make_id
from prooftrail.event.keys import TENANT_PATTERN
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.ledger.entry import (
    LoggedEvent,
    encode_entry,
    pack_rows,
    pack_tenants,
    parse_entry,
    unpack_rows,
    unpack_tenants,
)
from prooftrail.ledger.receipt import Receipt, pack_receipts, unpack_receipts
from prooftrail.tlog.tiles import pack_entry_bundle, unpack_entry_bundle
from tests.support.samples import NOW_MS, make_event_record

DIGESTS = st.binary(min_size=32, max_size=32)
TIMES = st.integers(0, MAX_TIMESTAMP_MS)
SUBMITTERS = st.from_regex(r"[ -~]{1,512}", fullmatch=True)
RECEIPTS = st.none() | st.builds(Receipt.from_submitter, TIMES, SUBMITTERS)
EVENTS = st.builds(LoggedEvent, TIMES, DIGESTS, st.none() | st.integers(1, 2**40 - 1))
VERSION_1 = encode_entry("01ARYZ6S410000000000000000", bytes(32))
VERSION_2 = encode_entry(
    "01ARYZ6S410000000000000000", bytes(32), Receipt.from_submitter(NOW_MS, "AIDAEXAMPLE")
)


@given(TIMES, DIGESTS)
def test_an_entry_is_the_canonical_form_of_id_and_digest(time_ms: int, digest: bytes) -> None:
    event_id = make_id(time_ms, digest)
    entry = encode_entry(event_id, digest)
    assert entry == canonicalize({"v": 1, "id": event_id, "digest": digest.hex()})
    assert parse_entry(entry) == LoggedEvent.from_id(event_id, digest)
    assert LoggedEvent.from_id(event_id, digest).entry == entry


@given(TIMES, DIGESTS, TIMES, SUBMITTERS)
def test_an_entry_of_version_2_fixes_the_receipt(
    time_ms: int, digest: bytes, received_at: int, submitted_by: str
) -> None:
    event_id = make_id(time_ms, digest)
    event = LoggedEvent.from_id(
        event_id, digest, receipt=Receipt.from_submitter(received_at, submitted_by)
    )
    assert event.entry == canonicalize(
        {
            "v": 2,
            "id": event_id,
            "digest": digest.hex(),
            "receivedAt": received_at,
            "submitter": sha256(submitted_by.encode()).hexdigest(),
        }
    )
    assert parse_entry(event.entry) == event


def test_an_entry_does_not_say_who_submitted_the_event() -> None:
    assert b"AIDAEXAMPLE" not in VERSION_2
    receipt = parse_entry(VERSION_2).receipt
    assert receipt is not None
    assert receipt.submitted_by is None


def test_an_entry_says_nothing_of_its_event() -> None:
    record = make_event_record(details={"secret": "x"}, userId="someone")
    assert json.loads(encode_entry(record.id, record.digest)).keys() == {"v", "id", "digest"}


@pytest.mark.parametrize(
    "entry",
    [
        b"",
        b"{}",
        b"\xff",
        encode_entry("01ARYZ6S410000000000000000", bytes(32)) + b" ",
        encode_entry("01ARYZ6S410000000000000000", b"\1" + bytes(31)),
        encode_entry("Z1ARYZ6S410000000000000000", bytes(32)),
        VERSION_1.replace(b'"v":1', b'"v":2'),
        VERSION_1.replace(b'"v":1', b'"v":3'),
        VERSION_2.replace(b'"v":2', b'"v":1'),
        VERSION_2.replace(b'"receivedAt":1', b'"receivedAt":01'),
        VERSION_2.replace(b'"receivedAt":1', b'"receivedAt":-1'),
        VERSION_2.replace(b'"receivedAt":1764000000000', b'"receivedAt":999999999999999'),
        VERSION_2.replace(b'"receivedAt":1764000000000', b'"receivedAt":9999999999999999'),
        VERSION_2.replace(b'"submitter":"', b'"submitter":"A'),
    ],
)
def test_what_is_no_entry_is_refused(entry: bytes) -> None:
    with pytest.raises(MalformedTileError, match="a log entry"):
        parse_entry(entry)


@given(st.lists(EVENTS, max_size=5))
def test_rows_survive_packing(events: list[LoggedEvent]) -> None:
    packed = pack_rows(events)
    assert len(packed) == 43 * len(events)
    assert unpack_rows(packed) == events


def test_rows_are_time_digest_and_expiry() -> None:
    record = make_event_record()
    packed = pack_rows([LoggedEvent.from_id(record.id, record.digest, 7)])
    assert packed == NOW_MS.to_bytes(6, "big") + record.digest + (7).to_bytes(5, "big")


def test_half_a_row_is_refused() -> None:
    with pytest.raises(MalformedTileError, match="44 bytes are not rows"):
        unpack_rows(bytes(44))


@given(st.lists(RECEIPTS, min_size=1, max_size=20), st.lists(st.integers(0, 19), max_size=60))
def test_receipts_survive_packing(some: list[Receipt | None], picks: list[int]) -> None:
    receipts = [some[pick % len(some)] for pick in picks]
    packed = pack_receipts(receipts)
    if packed is None:
        assert not any(receipts)
        return
    found = unpack_receipts(*packed, len(receipts))
    assert found == receipts
    assert [one and one.submitted_by for one in found] == [
        one and one.submitted_by for one in receipts
    ]
    for count in (len(receipts) - 1, len(receipts) + 1):
        with contextlib.suppress(MalformedTileError):
            assert len(unpack_receipts(*packed, count)) == count


def test_receipts_take_three_bytes_an_event_of_one_minute() -> None:
    """Of a batch of 1,000 events that two senders sent within a minute."""
    receipts = [Receipt.from_submitter(NOW_MS + 60 * n, f"AROA{n % 2}:i") for n in range(1_000)]
    times, submitters = pack_receipts(receipts) or (b"", b"")
    assert len(times) + len(submitters) == 7 + 2 * 1_000 + len("AROA0:i\nAROA1:i\n\n") + 1_000


@given(st.binary(max_size=30), st.binary(max_size=20), st.integers(1, 5))
def test_any_bytes_are_receipts_or_refused(times: bytes, submitters: bytes, count: int) -> None:
    try:
        found = unpack_receipts(times, submitters, count)
    except MalformedTileError:
        return
    assert len(found) == count


TENANTS = st.from_regex(TENANT_PATTERN, fullmatch=True)


@given(st.lists(TENANTS, min_size=1, max_size=4), st.data())
def test_tenants_survive_packing(names: list[str], data: st.DataObject) -> None:
    tenants = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=300))
    packed = pack_tenants(tenants)
    assert unpack_tenants(packed, len(tenants)) == tenants
    assert len(packed) <= sum(len(name) + 1 for name in set(names)) + 1 + len(tenants)
    for count in (0, len(tenants) - 1, len(tenants) + 1):
        if len(set(tenants)) > 1:
            with pytest.raises(MalformedTileError):
                unpack_tenants(packed, count)


def test_tenants_take_a_byte_an_event_at_most() -> None:
    assert len(pack_tenants(["acme"] * 1_000)) == 6
    assert len(pack_tenants(["acme", "globex"] * 500)) == 1_000 + len("acme\nglobex\n\n")


@given(st.binary(max_size=20), st.integers(1, 5))
def test_any_bytes_are_tenants_or_refused(packed: bytes, count: int) -> None:
    try:
        found = unpack_tenants(packed, count)
    except MalformedTileError:
        return
    assert len(found) == count


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_bundles_survive_packing(entries: list[bytes]) -> None:
    assert unpack_entry_bundle(pack_entry_bundle(entries), len(entries)) == entries


@given(st.binary(max_size=40), st.integers(0, 3))
def test_a_bundle_of_any_bytes_is_read_or_refused(content: bytes, count: int) -> None:
    try:
        entries = unpack_entry_bundle(content, count)
    except MalformedTileError:
        return
    assert len(entries) == count
    assert pack_entry_bundle(entries) == content


@pytest.mark.parametrize("content", [b"\0", b"\0\2a", b"\0\1ab", b"\0\1a", b"\0\1a\0\1b\0\1c"])
def test_a_bundle_cut_short_or_drawn_out_is_refused(content: bytes) -> None:
    with pytest.raises(MalformedTileError, match="entry bundle"):
        unpack_entry_bundle(content, 2)
