"""The fields of stored events: the processor wrote them, in this version or an earlier one."""

import json
from typing import Any

import pytest

from prooftrail.errors import CorruptRecordError
from prooftrail.export.entries import decode_fields
from tests.support.samples import make_event_record

STORED = json.loads(make_event_record(details={"wei": 1e18, "n": 1e21, "x": 0.5}).canonical)


def encode(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def test_numbers_keep_their_value() -> None:
    canonical = make_event_record(details={"wei": 1e18, "n": 1e21, "x": 0.5}).canonical
    assert b"1000000000000000000" in canonical
    assert decode_fields(canonical)["details"] == {"wei": 10**18, "n": 1e21, "x": 0.5}


@pytest.mark.parametrize(
    "fields",
    [
        {"ipAddress": "::ffff:203.0.113.77"},
        {"ipAddress": "2001:db8::1"},
        {"userAgent": ""},
        {"errorMessage": ""},
    ],
)
def test_an_event_of_an_earlier_version_stays_as_it_is(fields: dict[str, Any]) -> None:
    stored = {**STORED, "details": {}, **fields}
    assert decode_fields(encode(stored)) == stored


@pytest.mark.parametrize(
    "fields",
    [
        {"ipAddress": "unknown"},
        {"timestamp": "2025-11-24 16:00:00Z"},
        {"userId": 7},
        {"userId": ""},
        {"userId": None},
        {"misspelt": None},
        {"details": {"n": 2**60}},
    ],
)
def test_what_the_processor_did_not_write_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(CorruptRecordError):
        decode_fields(encode({**STORED, "details": {}, **fields}))
