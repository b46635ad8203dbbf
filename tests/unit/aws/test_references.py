"""A reference's item: what it holds, that it can be checked, and that it is in no index."""

from typing import Any

import pytest

from prooftrail.aws.item import encode_item, load_item
from prooftrail.aws.references import (
    compute_fingerprint,
    decode_reference,
    encode_references,
    make_references,
)
from prooftrail.errors import CorruptRecordError
from prooftrail.event.keys import Index
from tests.support.fakes import MemoryPayloadStore
from tests.support.samples import NOW_MS, make_event_record

RECORD = make_event_record(
    tenantId="acme",
    userId="bob",
    onBehalfOf={"userId": "ada"},
    targets=[{"type": "team", "id": "a#b"}, {"type": "user", "id": "é"}],
    success=False,
    requestId="r-1",
    sessionId="s-9",
    ipAddress="10.0.0.1",
    retention_days=30,
)
EVENT = encode_item(RECORD, 4, MemoryPayloadStore(), stored_at=NOW_MS)
REFERENCES = encode_references(RECORD, EVENT)
MINIMAL = make_event_record(targets=[{"type": "team", "id": "7"}])


def test_a_reference_holds_what_filters_compare() -> None:
    first = REFERENCES[0]
    assert first == {
        "pk": {"S": "acme#target#team#a#b"},
        "id": {"S": RECORD.id},
        "digest": {"B": RECORD.digest},
        "action": {"S": "user.login"},
        "resource": {"S": "session#s-1"},
        "user": {"S": "bob"},
        "onBehalfOf": {"S": "ada"},
        "failed": {"BOOL": True},
        "requestId": {"S": "r-1"},
        "sessionId": {"S": "s-9"},
        "ip": {"S": "10.0.0.1"},
        "storedAt": EVENT["storedAt"],
        "expiresAt": EVENT["expiresAt"],
        "v": {"N": "1"},
    }
    partitions = [item["pk"]["S"] for item in REFERENCES]
    assert partitions == ["acme#target#team#a#b", "acme#target#user#é", "acme#behalf#ada"]
    assert all({**item, "pk": first["pk"]} == first for item in REFERENCES)


def test_no_reference_is_in_an_index() -> None:
    indexes = set(Index) - {Index.BASE, Index.REFERENCES}
    index_keys = {index.partition_attribute for index in indexes}
    assert all(index_keys.isdisjoint(item) for item in REFERENCES)


@pytest.mark.parametrize("record", [RECORD, MINIMAL])
def test_the_stored_event_gives_the_same_references(record: Any) -> None:
    event = encode_item(record, 4, MemoryPayloadStore(), stored_at=NOW_MS)
    stored = load_item(event, 4, MemoryPayloadStore())
    made = make_references(
        record.id,
        record.digest,
        stored.fields,
        stored_at=stored.times.stored_at,
        expires_at=stored.times.expires_at,
    )
    assert made == encode_references(record, event)
    for item in made:
        found = decode_reference(item)
        assert (found.id, found.tenant_id) == (record.id, record.tenant_id)
        assert found.fingerprint == compute_fingerprint(item)
        later = decode_reference({**item, "storedAt": {"N": "5"}, "expiresAt": {"N": "6"}})
        assert later.fingerprint == found.fingerprint


@pytest.mark.parametrize(
    "damage",
    [
        {"pk": {"S": "acme#3"}},
        {"pk": {"S": "acme#target#team"}},
        {"pk": {"S": "#behalf#ada"}},
        {"id": {"S": make_event_record(eventId="other").id}},
        {"id": {"S": "x"}},
        {"digest": {"B": b"short"}},
        {"digest": {"S": "text"}},
        {"action": {"N": "1"}},
        {"resource": {"S": "session"}},
        {"failed": {"S": "true"}},
        {"storedAt": {"N": "-1"}},
        {"expiresAt": {"N": "1.5"}},
        {"userKey": {"S": "acme#victim"}},
        {"user": "bob"},
        {"user": {"S": "bob", "N": "1"}},
        {"action": None},
        {"storedAt": None},
        {"digest": None},
        {"v": None},
    ],
)
def test_an_item_without_the_form_of_a_reference_is_corrupt(damage: dict[str, Any]) -> None:
    item = {name: value for name, value in (REFERENCES[0] | damage).items() if value is not None}
    with pytest.raises(CorruptRecordError):
        decode_reference(item)


@pytest.mark.parametrize("name", ["action", "resource", "user", "onBehalfOf", "requestId", "ip"])
def test_every_field_is_in_the_fingerprint(name: str) -> None:
    item = REFERENCES[0]
    changed = {**item, name: {"S": "x#y"}}
    absent = {key: value for key, value in item.items() if key != name}
    fingerprints = {compute_fingerprint(each) for each in (item, changed, absent)}
    assert len(fingerprints) == 3
