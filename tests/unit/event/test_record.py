"""The record of an event."""

import hashlib

import pytest

from prooftrail.errors import CanonicalizationError
from prooftrail.event.canonical import compute_digest
from prooftrail.event.ids import is_id
from tests.support.samples import make_event_record


def test_the_id_of_a_stored_event_never_changes() -> None:
    """This id was computed independently."""
    record = make_event_record(userId="u-1", details={"amount": 1.50, "note": "é"})
    assert record.canonical.decode() == (
        '{"action":"user.login","details":{"amount":1.5,"note":"é"},"eventId":"e-1",'
        '"resourceId":"s-1","resourceType":"session","success":true,"tenantId":"default",'
        '"timestamp":"2025-11-24T16:00:00.000Z","userId":"u-1","v":1}'
    )
    assert (
        record.digest
        == hashlib.sha256(record.canonical).digest()
        == compute_digest(record.canonical)
    )
    assert record.id == "01KAV9FT00BDB949BVQ4EETRZM"


def test_the_id_of_a_stored_event_with_targets_never_changes() -> None:
    """This id was computed independently."""
    record = make_event_record(
        action="member.add",
        resourceType="team",
        resourceId="t-1",
        userId="support-3",
        actorType="user",
        onBehalfOf={"userId": "u-1", "username": "Zoë"},
        targets=[{"type": "user", "id": 7, "name": "Ada"}, {"type": "role", "id": "admin"}],
        traceId="4BF92F3577B34DA6A3CE929D0E0E4736",
    )
    assert record.canonical.decode() == (
        '{"action":"member.add","actorType":"user","eventId":"e-1",'
        '"onBehalfOf":{"userId":"u-1","username":"Zoë"},"resourceId":"t-1","resourceType":"team",'
        '"success":true,"targets":[{"id":"7","name":"Ada","type":"user"},'
        '{"id":"admin","type":"role"}],"tenantId":"default",'
        '"timestamp":"2025-11-24T16:00:00.000Z","traceId":"4bf92f3577b34da6a3ce929d0e0e4736",'
        '"userId":"support-3","v":1}'
    )
    assert record.id == "01KAV9FT003NV4MX0B4R1A7C0P"
    assert record.on_behalf_of == "u-1"


def test_a_record_names_each_target_once() -> None:
    one, other = {"type": "user", "id": "a"}, {"type": "user", "id": "b", "name": "B"}
    record = make_event_record(targets=[other, one, {**one, "name": "A"}])
    assert record.targets == (("user", "b"), ("user", "a"))
    assert (make_event_record().targets, make_event_record().on_behalf_of) == ((), None)


def test_the_same_event_has_the_same_id() -> None:
    one = make_event_record(timestamp="2025-11-24T16:00:00Z", details={"a": 1, "b": [1.0]})
    other = make_event_record(timestamp="2025-11-24T17:00:00.0+01:00", details={"b": [1], "a": 1})
    assert (one.id, one.digest, one.canonical) == (other.id, other.digest, other.canonical)
    assert is_id(one.id)


def test_another_event_has_another_id() -> None:
    variants = [
        make_event_record(),
        make_event_record(tenantId="other"),
        make_event_record(eventId="e-2"),
        make_event_record(details={}),
        make_event_record(success=False),
    ]
    assert len({record.id for record in variants}) == len(variants)


def test_a_value_without_a_canonical_form_has_no_record() -> None:
    with pytest.raises(CanonicalizationError, match=r"details\.big: must be an integer"):
        make_event_record(details={"big": 2**60})
