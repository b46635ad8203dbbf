"""Elasticsearch takes every event of an export that uses its index template in docs/elasticsearch.

Elasticsearch itself is not here: tests/support/elasticsearch.py models what it refuses.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.export.formats import FORMATS
from prooftrail.export.ports import ExportedEvent
from tests.support.elasticsearch import Index, RefusedDocumentError
from tests.support.export_samples import (
    as_exported,
    events,
    make_awkward_records,
    make_exported_event,
    parse_json_lines,
)

FOLDER = Path(__file__).parents[3] / "docs" / "elasticsearch"
LINE_FORMATS = ("ndjson", "ocsf", "ecs", "cloudevents")


def read_mappings(name: str) -> Mapping[str, Any]:
    """Return the mappings in a format's index template."""
    template = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    assert template["index_patterns"] == [f"prooftrail-{name}-*"]
    mappings: Mapping[str, Any] = template["template"]["mappings"]
    return mappings


def make_documents(name: str, *many: ExportedEvent) -> list[dict[str, Any]]:
    """Return the documents of these events."""
    file = BytesIO()
    writer = FORMATS[name].make_writer(file, "example.com/log")
    for event in many:
        writer.write(event)
    writer.finish()
    return parse_json_lines(file.getvalue())


def count_refused(index: Index, documents: list[dict[str, Any]]) -> int:
    """Return how many of the documents the index refuses."""
    refused = 0
    for document in documents:
        try:
            index.add(document)
        except RefusedDocumentError:
            refused += 1
    return refused


def test_there_is_a_template_for_every_format_of_lines() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(LINE_FORMATS)


@pytest.mark.parametrize("name", LINE_FORMATS)
@pytest.mark.parametrize("step", [1, -1])
def test_no_event_is_refused(name: str, step: int) -> None:
    awkward = [as_exported(record, n) for n, record in enumerate(make_awkward_records())]
    documents = make_documents(name, *awkward[::step])
    assert count_refused(Index(read_mappings(name)), documents) == 0
    if step > 0:
        assert count_refused(Index(), documents) > 0  # without the template


@pytest.mark.parametrize("name", LINE_FORMATS)
@given(st.lists(events(), max_size=3))
def test_no_valid_event_is_refused(name: str, many: list[ExportedEvent]) -> None:
    assert count_refused(Index(read_mappings(name)), make_documents(name, *many)) == 0


@pytest.mark.parametrize("name", ["ndjson", "ecs", "cloudevents"])
def test_every_field_is_mapped(name: str) -> None:
    index = Index({**read_mappings(name), "dynamic": True})
    before = set(index.types)
    exported = [as_exported(record) for record in make_awkward_records()]
    exported.append(make_exported_event(submitted_by="AIDAEXAMPLE"))
    assert count_refused(index, make_documents(name, *exported)) == 0
    assert set(index.types) == before


def test_the_free_objects_of_ecs_are_flattened() -> None:
    index = Index(read_mappings("ecs"))
    assert {path for path, mapping in index.types.items() if mapping["type"] == "flattened"} == {
        "auditlog.details",
        "auditlog.metadata",
        "auditlog.changes",
    }


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"a": "x"}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": "x"}),
        ({"a": "2026-11-24"}, {"a": "soon"}),
        ({"a": 1}, {"a": "x"}),
        ({"a": True}, {"a": 2}),
        ({"a": [1]}, {"a": [{"b": 1}]}),
        ({"a.b": 1}, {"a": 2}),
        ({}, {"": 1}),
        ({}, {"a.": 1}),
    ],
)
def test_the_model_refuses_conflicts(first: dict[str, Any], second: dict[str, Any]) -> None:
    index = Index()
    index.add(first)
    with pytest.raises(RefusedDocumentError):
        index.add(second)


@pytest.mark.parametrize(
    "value", ["text", {"a\0": 1}, {"k" * 32_766: 1}, {"a": "x" * 40_000}, {"a": {"b": {"c": 1}}}]
)
def test_the_model_refuses_what_cannot_be_flattened(value: Any) -> None:
    index = Index({"properties": {"details": {"type": "flattened", "depth_limit": 2}}})
    with pytest.raises(RefusedDocumentError):
        index.add({"details": value})
