"""Salts: who gets one, that a retry is the same event, and that nobody guesses the digest."""

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest

from prooftrail.client.values.encoding import EncodedEvent, EventEncoder
from prooftrail.client.values.masking import Masking
from prooftrail.client.values.report import FittingReport
from prooftrail.client.values.salting import find_salt_key
from prooftrail.errors import ConfigurationError
from prooftrail.event.model import AuditEvent
from prooftrail.event.nodes import MAX_EVENT_NODES
from prooftrail.event.record import EventRecord
from tests.support.samples import NOW_MS

KEY = b"k" * 32
FIELDS: Mapping[str, Any] = {
    "action": "order.pay",
    "resource_type": "order",
    "resource_id": "7",
    "event_id": "order-7",
    "timestamp": NOW_MS,
}


def encode(fields: Mapping[str, Any], key: bytes | None = KEY) -> EncodedEvent:
    numbers = count()
    encoder = EventEncoder(
        "acme", Masking(), lambda: NOW_MS, lambda: f"random-{next(numbers)}", key
    )
    return encoder.encode(fields)


def read_salt(encoded: EncodedEvent) -> str | None:
    salt: str | None = json.loads(encoded.text).get("metadata", {}).get("idSalt")
    return salt


def test_the_same_event_gets_the_same_salt_and_the_same_id() -> None:
    first, again = encode(FIELDS), encode({**FIELDS})
    assert first == again
    assert len(read_salt(first) or "") == 32


def test_a_salt_changes_the_digest_and_another_key_or_event_another_salt() -> None:
    others = [
        encode(FIELDS, None),
        encode(FIELDS, b"j" * 32),
        encode({**FIELDS, "event_id": "order-8"}),
        encode({**FIELDS, "timestamp": NOW_MS + 1}),
        encode({**FIELDS, "details": {"a": 1}}),
    ]
    assert len({encode(FIELDS).id, *(other.id for other in others)}) == 6
    assert len({read_salt(other) for other in others}) == 5
    assert read_salt(others[0]) is None


def test_the_processor_stores_it_under_the_id_that_log_returned() -> None:
    encoded = encode({**FIELDS, "metadata": {"shop": "é"}})
    event = AuditEvent.from_json(
        json.loads(encoded.text),
        default_event_id="m-1",
        default_timestamp_ms=NOW_MS,
        now_ms=NOW_MS,
    )
    record = EventRecord.from_event(event, received_at=NOW_MS, retention_days=0)
    assert record.id == encoded.id
    assert json.loads(encoded.text)["metadata"]["shop"] == "é"


@pytest.mark.parametrize("event_id", [None, ""])
def test_an_event_id_of_the_library_needs_no_salt(event_id: str | None) -> None:
    fields = {name: value for name, value in FIELDS.items() if name != "event_id"}
    assert read_salt(encode(fields)) is None
    encoder = EventEncoder("acme", Masking(), lambda: NOW_MS, lambda: "random", KEY)
    report = FittingReport()
    assert read_salt(encoder.encode_fitted({**fields, "event_id": event_id}, report)) is None


def test_a_salt_that_is_there_stays() -> None:
    first = encode(FIELDS)
    again = encode({**FIELDS, "metadata": json.loads(first.text)["metadata"]})
    assert again == first


def test_a_fitted_event_gets_a_salt_and_is_not_refused() -> None:
    encoder = EventEncoder("acme", Masking(), lambda: NOW_MS, lambda: "random", KEY)
    report = FittingReport()
    many = {"details": {"values": list(range(2 * MAX_EVENT_NODES))}}
    encoded = encoder.encode_fitted({**FIELDS, **many}, report)
    assert report
    assert len(read_salt(encoded) or "") == 32


def test_the_key_is_an_argument_or_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROOFTRAIL_SALT_KEY", raising=False)
    assert find_salt_key(None) is None
    monkeypatch.setenv("PROOFTRAIL_SALT_KEY", "v" * 32)
    assert find_salt_key(None) == b"v" * 32
    assert find_salt_key("a" * 40) == b"a" * 40
    for key, source in ((None, "PROOFTRAIL_SALT_KEY"), ("short", "salt_key")):
        monkeypatch.setenv("PROOFTRAIL_SALT_KEY", "short")
        with pytest.raises(ConfigurationError, match=f"^{source} must have") as caught:
            find_salt_key(key)
        assert "short" not in str(caught.value)
