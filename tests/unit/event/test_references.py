"""References: an event has one for each thing that no index finds it by."""

from typing import Any

import pytest

from prooftrail.event.references import find_reference_keys, list_reference_keys
from tests.support.samples import event_json, make_audit_event, make_event_record

BY_FIELDS: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({}, ()),
    ({"targets": []}, ()),
    ({"targets": [{"type": "session", "id": "s-1"}]}, ()),  # the event's own resource
    (
        {"targets": [{"type": "team", "id": "7"}, {"type": "team", "id": "7", "name": "Seven"}]},
        ("default#target#team#7",),
    ),
    (
        {"targets": [{"type": "user", "id": "a#b"}, {"type": "team", "id": 7}]},
        ("default#target#user#a#b", "default#target#team#7"),
    ),
    ({"onBehalfOf": {"userId": "ada"}}, ("default#behalf#ada",)),
    ({"userId": "ada", "onBehalfOf": {"userId": "ada"}}, ()),
    (
        {"userId": "bob", "onBehalfOf": {"userId": "ada"}, "targets": [{"type": "u", "id": "1"}]},
        ("default#target#u#1", "default#behalf#ada"),
    ),
]


@pytest.mark.parametrize(("fields", "expected"), BY_FIELDS)
def test_references_are_those_that_no_index_covers_each_once(
    fields: dict[str, Any], expected: tuple[str, ...]
) -> None:
    record = make_event_record(**fields)
    of_record = list_reference_keys(
        record.tenant_id,
        (record.resource_type, record.resource_id),
        record.user_id,
        record.targets,
        record.on_behalf_of,
    )
    of_stored = find_reference_keys(make_audit_event(event_json(**fields)).to_json())
    assert of_record == of_stored == expected


def test_a_key_that_dynamodb_cannot_have_is_left_out() -> None:
    fields = event_json(
        tenantId="acme", targets=[{"type": "a", "id": "x" * 2_100}, {"type": "a", "id": "é"}]
    )
    assert find_reference_keys(fields) == ("acme#target#a#é",)
