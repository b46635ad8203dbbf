"""`schemas/` accepts and refuses what the model of the event and `parse_job` accept and refuse.

`is_beyond_schemas` says what no schema can hold.
"""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, validators

from prooftrail.errors import AuditLogError
from prooftrail.event.model import FIELD_NAMES, AuditEvent
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.intake.jobs import MAX_BULK_EVENTS, parse_job
from tests.support.export_samples import SAMPLES, events
from tests.support.samples import bulk_job, event_json, job
from tests.support.schema_samples import (
    ADDRESSES,
    DATES,
    TEXTS,
    VALUES,
    draw_variant,
    is_beyond_schemas,
    match_whole,
)
from tools.event_schema import DESCRIPTIONS, EXAMPLE, FOLDER, main

SCHEMAS = {
    name: json.loads((FOLDER / f"{name}.schema.json").read_text(encoding="utf-8"))
    for name in ("event", "job")
}
Validator = validators.extend(  # type: ignore[no-untyped-call]  # the library has no types
    Draft202012Validator, {"pattern": match_whole}
)
VALIDATORS = {name: Validator(schema) for name, schema in SCHEMAS.items()}
FIELDS = [*sorted(FIELD_NAMES), "x", "id", ""]


def fits(name: str, value: object) -> bool:
    """Return whether the schema with this name accepts the value."""
    return bool(VALIDATORS[name].is_valid(value))


def is_event(raw: object) -> bool:
    """Return whether the model accepts an event, at a time when nothing is in the future."""
    try:
        AuditEvent.from_json(
            raw, default_event_id="e", default_timestamp_ms=0, now_ms=MAX_TIMESTAMP_MS
        )
    except AuditLogError:
        return False
    return True


def is_job(body: str) -> bool:
    """Return whether the processor accepts a job and each of its events."""
    try:
        return all(map(is_event, parse_job(body).events))
    except AuditLogError:
        return False


def test_the_committed_files_are_up_to_date() -> None:
    assert main(["--check"]) == 0, "run `make schemas`"


@pytest.mark.parametrize("name", SCHEMAS)
def test_they_are_json_schema_2020_12(name: str) -> None:
    assert SCHEMAS[name]["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(SCHEMAS[name])


def test_every_field_is_described() -> None:
    properties: Mapping[str, Any] = SCHEMAS["event"]["properties"]
    assert properties.keys() == FIELD_NAMES
    assert all(rule["description"].endswith((".", "now.")) for rule in properties.values())
    assert DESCRIPTIONS.keys() < FIELD_NAMES


@pytest.mark.parametrize("name", sorted(FIELD_NAMES))
def test_samples_of_a_field(name: str) -> None:
    validator = Validator(SCHEMAS["event"]["properties"][name])  # the others are valid
    accepted = set()
    for value in VALUES:
        if not is_beyond_schemas(value):
            accepted.add(is_valid := is_event(event_json(**{name: value})))
            assert validator.is_valid(value) == is_valid, value
    assert accepted == {True, False}


@pytest.mark.parametrize("name", FIELDS)
def test_fields_that_are_missing_or_unknown(name: str) -> None:
    missing = {key: value for key, value in event_json().items() if key != name}
    for event in (missing, event_json(**{name: None})):
        assert fits("event", event) == is_event(event)


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.sampled_from(VALUES) | draw_variant([*DATES, *ADDRESSES, *TEXTS]),
        max_size=3,
    )
)
def test_variants_of_events(fields: dict[str, Any]) -> None:
    if not any(map(is_beyond_schemas, fields.values())):
        assert fits("event", event_json(**fields)) == is_event(event_json(**fields))


@given(events())
@settings(max_examples=25)
def test_every_stored_event_fits(exported: Any) -> None:
    """An event in its stored form can be sent again."""
    assert fits("event", exported.fields)
    assert is_event(exported.fields)


@pytest.mark.parametrize("value", [None, [], "text", 5, {}, EXAMPLE, *SAMPLES])
def test_events(value: Any) -> None:
    event = {**event_json(), **value} if value and isinstance(value, dict) else value
    assert fits("event", event) == is_event(event)


EVENT = event_json()


@pytest.mark.parametrize(
    "body",
    [
        job(EVENT),
        job(EVENT | {"x": 1}),
        job(None),
        job([EVENT]),
        bulk_job(EVENT),
        bulk_job(*[EVENT] * 20),
        bulk_job(EVENT, {}),
        bulk_job(),
        bulk_job(None),
        *(
            json.dumps({"type": "log_event", "data": EVENT} | more)
            for more in (
                {"masked": True},
                {"masked": False},
                {"masked": None},
                {"masked": 1},
                {"other": 1},
                {"type": "bulk_log_events"},
                {"type": "overflow"},
                {"type": None},
                {"data": {"events": [EVENT]}},
            )
        ),
        json.dumps({"type": "bulk_log_events", "data": {"events": [EVENT], "more": 1}}),
        json.dumps({"type": "bulk_log_events", "data": {"events": {}}}),
        json.dumps({"type": "log_event"}),
        json.dumps({"data": EVENT}),
        json.dumps(EVENT),
        "null",
        "[]",
    ],
)
def test_jobs(body: str) -> None:
    assert fits("job", json.loads(body)) == is_job(body)


def test_a_job_has_a_limit_of_events() -> None:
    assert SCHEMAS["job"]["oneOf"][1]["properties"]["data"]["properties"]["events"] == {
        "type": "array",
        "items": {"$ref": "#/$defs/event"},
        "minItems": 1,
        "maxItems": MAX_BULK_EVENTS,
    }
