"""The committed OpenAPI document is valid, and equals the generated one."""

import json

from openapi_spec_validator import validate

from prooftrail.event.model import AuditEvent
from tools.event_schema import EXAMPLE
from tools.openapi import TARGET, main, make_document


def test_the_committed_document_is_up_to_date() -> None:
    assert main(["--check"]) == 0, "run `make openapi`"


def test_the_document_is_valid_openapi() -> None:
    validate(json.loads(TARGET.read_text()))


def test_the_example_is_a_valid_event() -> None:
    event = AuditEvent.from_json(
        EXAMPLE, default_event_id="e", default_timestamp_ms=0, now_ms=2_000_000_000_000
    )
    assert {name: event.to_json()[name] for name in EXAMPLE} == {
        **EXAMPLE,
        "changes": {**EXAMPLE["changes"], "fields": ["state"]},
    }


def test_every_parameter_and_response_is_described() -> None:
    for path in make_document()["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
            assert {"400", "500", "503"} < set(operation["responses"])
            assert {"200", "202"} & set(operation["responses"])
            assert "422" not in operation["responses"]
            for parameter in operation.get("parameters", []):
                assert parameter["description"], parameter["name"]
