"""An event's item: readable, compressed, or with its payload in the payload store."""

from base64 import b64encode
from bisect import bisect_left
from random import Random
from typing import Any

import pytest

from prooftrail.aws.item import (
    MAX_ITEM_SIZE,
    WRITE_UNIT,
    compute_item_size,
    count_write_units,
    encode_item,
    load_canonical,
)
from prooftrail.errors import CorruptRecordError, StoreUnavailableError
from prooftrail.event.record import EventRecord
from tests.support.fakes import MemoryPayloadStore, Moment
from tests.support.samples import NOW_MS, make_event_record

INCOMPRESSIBLE = b64encode(Random(2).randbytes(700_000)).decode()


def _record(size: int, text: str = INCOMPRESSIBLE) -> EventRecord:
    return make_event_record(details={"text": text[:size]})


def _real_size(item: dict[str, Any]) -> int:
    """Return the item's size by DynamoDB's published rules, with the least for a number."""
    size = 0
    for name, value in item.items():
        [(kind, content)] = value.items()
        size += len(name.encode())
        match kind:
            case "S":
                size += len(content.encode())
            case "B":
                size += len(content)
            case "N":
                size += (len(content.strip("0")) + 1) // 2 + 1
    return size


def test_an_item_has_the_keys_and_the_fields_of_filters() -> None:
    record = make_event_record(
        retention_days=1,
        userId="u",
        success=False,
        requestId="r",
        sessionId="s",
        ipAddress="::1",
        username="ada",
    )
    item = encode_item(record, 1, MemoryPayloadStore(), stored_at=NOW_MS)
    assert item == {
        "pk": {"S": "default#0"},
        "id": {"S": record.id},
        "userKey": {"S": "default#u"},
        "resourceKey": {"S": "default#session#s-1"},
        "actionKey": {"S": "default#user.login#0"},
        "failureKey": {"S": "default#0"},
        "requestId": {"S": "r"},
        "sessionId": {"S": "s"},
        "ip": {"S": "::1"},
        "event": {"S": record.canonical.decode()},
        "digest": {"B": record.digest},
        "receivedAt": {"N": str(NOW_MS)},
        "storedAt": {"N": str(NOW_MS)},
        "expiresAt": {"N": str(NOW_MS // 1000 + 86_400)},
        "v": {"N": "1"},
    }


def test_absent_fields_leave_no_attribute() -> None:
    item = encode_item(make_event_record(), 4, MemoryPayloadStore(), stored_at=NOW_MS)
    absent = {"userKey", "failureKey", "requestId", "sessionId", "ip", "expiresAt", "overflow"}
    assert not absent & item.keys()


def test_an_event_is_readable_while_it_fits_one_write_unit() -> None:
    forms = []
    for size in range(300, 900):
        record = _record(size, "x" * size)
        item = encode_item(record, 4, MemoryPayloadStore(), stored_at=NOW_MS)
        [form] = item["event"]
        forms.append(form)
        readable_size = _real_size({**item, "event": {"S": record.canonical.decode()}})
        assert count_write_units(_real_size(item)) == 1
        if form == "B":
            assert readable_size > WRITE_UNIT - 10
    assert forms == sorted(forms, reverse=True)
    assert set(forms) == {"S", "B"}


def test_an_event_is_compressed_if_that_saves_write_units() -> None:
    random = Random(3)
    varied = "".join(chr(random.randrange(0x4E00, 0x9000)) for _ in range(300))
    for text, form in (("x" * 2_000, "B"), (INCOMPRESSIBLE[:2_000], "B"), (varied, "S")):
        item = encode_item(
            make_event_record(details={"text": text}), 4, MemoryPayloadStore(), stored_at=NOW_MS
        )
        assert [*item["event"]] == [form]


def test_an_event_that_does_not_fit_an_item_goes_to_the_payload_store() -> None:
    overflowed = []
    for size in (400_000, *range(535_000, 546_000, 500), 900_000):
        payloads = MemoryPayloadStore()
        record = _record(size)
        item = encode_item(record, 4, payloads, stored_at=NOW_MS)
        assert _real_size(item) <= MAX_ITEM_SIZE
        assert load_canonical(item, payloads) == record.canonical
        overflowed.append("overflow" in item)
        if "overflow" in item:
            assert item["overflow"] == {"S": f"overflow/{record.digest.hex()}"}
            assert "event" not in item
            assert list(payloads.payloads.values()) == [record.canonical]
        else:
            assert not payloads.payloads
    assert overflowed == sorted(overflowed)
    assert set(overflowed) == {False, True}


def _is_in_store(size: int, submitter: str | None = None, retention_days: int = 0) -> bool:
    record = make_event_record(
        retention_days=retention_days,
        submitted_by=submitter,
        details={"text": INCOMPRESSIBLE[:size]},
    )
    item = encode_item(record, 4, MemoryPayloadStore(), stored_at=NOW_MS)
    assert _real_size(item) <= MAX_ITEM_SIZE
    return "overflow" in item


def test_where_a_payload_is_stored_does_not_depend_on_its_delivery() -> None:
    """Otherwise a second sender, with a longer name, could make a false alarm."""
    first = bisect_left(range(700_000), True, lo=500_000, key=_is_in_store)
    for size in (first - 1, first):
        places = [_is_in_store(size, *delivery) for delivery in (("x", 0), ("x" * 512, 30))]
        assert places == [size == first] * 2


def test_the_computed_size_is_at_least_the_real_one() -> None:
    plenty: dict[str, Any] = {"userId": "\u00e9" * 9, "success": False, "ipAddress": "::1"}
    for size in (0, 100, 1_000, 10_000):
        for fields in (plenty, dict[str, Any]()):
            record = make_event_record(
                retention_days=1, details={"t": INCOMPRESSIBLE[:size]}, **fields
            )
            item = encode_item(record, 256, MemoryPayloadStore(), stored_at=NOW_MS)
            assert 0 <= compute_item_size(item) - _real_size(item) < 16


def test_a_payload_that_cannot_be_saved_is_an_error() -> None:
    with pytest.raises(StoreUnavailableError):
        encode_item(_record(900_000), 4, MemoryPayloadStore([Moment.AFTER]), stored_at=NOW_MS)


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"event": {"N": "1"}},
        {"event": {"B": b"not zlib"}},
        {"overflow": {"S": "overflow/" + "0" * 64}},
    ],
)
def test_a_damaged_item_is_corrupt(item: dict[str, Any]) -> None:
    with pytest.raises(CorruptRecordError):
        load_canonical(item, MemoryPayloadStore())
