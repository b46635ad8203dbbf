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
