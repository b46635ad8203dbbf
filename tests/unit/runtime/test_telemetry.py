"""Embedded metrics: names, units, one dimension, properties."""

import json
from typing import Any

import pytest

from prooftrail.event.record import EventRecord
from prooftrail.intake.ingest import EventResult, IngestResult
from prooftrail.intake.ports import DeadLetter
from prooftrail.intake.reasons import REASONS
from prooftrail.runtime.telemetry import (
    MAX_COUNTED_GROUPS,
    MAX_GROUPS,
    IngestCounts,
    emit_committed,
    emit_ingest,
    emit_removed,
    emit_skipped,
    emit_tampering,
)
from tests.support.samples import make_event_record

Line = dict[str, Any]


@pytest.fixture(autouse=True)
def _service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "audit-log-test")


@pytest.fixture
def read_lines(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def read_metrics(line: Line) -> dict[str, tuple[str, float]]:
    """Return each metric's unit and value. The line must be valid EMF with one directive."""
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "AuditLog"
    for dimensions in directive["Dimensions"]:
        assert all(isinstance(line[name], str) for name in dimensions)
    found = {}
    for metric in directive["Metrics"]:
        [value] = line[metric["Name"]]
        found[metric["Name"]] = (metric["Unit"], value)
    return found


def read_dimensions(line: Line) -> list[set[str]]:
    [directive] = line["_aws"]["CloudWatchMetrics"]
    return [set(names) for names in directive["Dimensions"]]


def make_counts(stored: list[EventRecord], failed: int = 0) -> IngestCounts:
    results = {"m": [EventResult(success=False, error="x")] * failed}
    counts = IngestCounts()
    counts.add(IngestResult(results, stored[::2], [], []))
    counts.add(IngestResult({}, stored[1::2], [], []))
    return counts


def test_a_batch_has_its_duration_and_lag(read_lines: Any) -> None:
    emit_ingest(make_counts([]), duration_ms=12.5, lag_ms=2_000)
    [line] = read_lines()
    assert read_dimensions(line) == [{"service"}]
    assert line["service"] == "audit-log-test"
    assert read_metrics(line) == {
        "BatchDuration": ("Milliseconds", 12.5),
        "IngestLag": ("Milliseconds", 2_000.0),
    }


def test_stored_events_have_action_type_and_tenant_as_properties(read_lines: Any) -> None:
    stored = [
        make_event_record(eventId="1"),
        make_event_record(eventId="2", success=False),
        make_event_record(eventId="3", tenantId="acme", action="user.logout"),
    ]
    emit_ingest(make_counts(stored), duration_ms=1, lag_ms=1)
    _, first, second = read_lines()
    assert read_dimensions(first) == read_dimensions(second) == [{"service"}]
    assert read_metrics(first) == {
        "AuditEventsLogged": ("Count", 2.0),
        "AuditedOperationsFailed": ("Count", 1.0),
    }
    assert read_metrics(second) == {"AuditEventsLogged": ("Count", 1.0)}
    assert (first["action"], first["resourceType"], first["tenantId"]) == (
        "user.login",
        "session",
        "default",
    )
    assert second["tenantId"] == "acme"


def test_failed_events_have_the_resource_type_system(read_lines: Any) -> None:
    emit_ingest(make_counts([], failed=3), duration_ms=1, lag_ms=1)
    _, line = read_lines()
    assert read_metrics(line) == {"AuditEventsFailed": ("Count", 3.0)}
    assert read_dimensions(line) == [{"service"}]
    assert (line["action"], line["resourceType"]) == ("audit_log_failure", "system")


def test_dead_letters_have_their_reason_as_a_dimension(read_lines: Any) -> None:
    counts = IngestCounts()
    for types in (["InvalidEventError", "MalformedJobError"], ["InvalidEventError"]):
        letters = [DeadLetter("{}", each, "wrong", "m") for each in types]
        counts.add(IngestResult({}, [], letters, []))
    emit_ingest(counts, duration_ms=1, lag_ms=1)
    _, *lines = read_lines()
    assert all(read_dimensions(line) == [{"service", "reason"}] for line in lines)
    assert {line["reason"]: read_metrics(line) for line in lines} == {
        "InvalidEventError": {"AuditDeadLetters": ("Count", 2.0)},
        "MalformedJobError": {"AuditDeadLetters": ("Count", 1.0)},
    }
    assert counts.quarantined_count == 3


def test_reasons_of_dead_letters_are_a_closed_list(read_lines: Any) -> None:
    letters = [DeadLetter("{}", f"Error{number}", "wrong", "m") for number in range(1_000)]
    counts = IngestCounts()
    counts.add(IngestResult({}, [], letters, []))
    emit_ingest(counts, duration_ms=1, lag_ms=1)
    _, line = read_lines()
    assert line["reason"] == REASONS[-1] == "Other"
    assert read_metrics(line) == {"AuditDeadLetters": ("Count", 1_000.0)}


@pytest.mark.parametrize("count", [MAX_GROUPS + 50, MAX_COUNTED_GROUPS + 50])
def test_many_groups_become_few_lines_that_count_every_event(read_lines: Any, count: int) -> None:
    stored = [make_event_record(action=f"a{n}") for n in range(count)]
    emit_ingest(make_counts(stored), duration_ms=1, lag_ms=1)
    lines = read_lines()[1:]
    assert len(lines) <= MAX_GROUPS + 1
    assert sum(read_metrics(line)["AuditEventsLogged"][1] for line in lines) == len(stored)
    assert [line["action"] for line in lines].count("(other)") == 1


def test_detailed_metrics_are_dimensions(read_lines: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAILED_METRICS", "true")
    emit_ingest(make_counts([make_event_record()]), duration_ms=1, lag_ms=1)
    _, detailed, total = read_lines()
    assert read_dimensions(detailed) == [{"service", "action", "resourceType"}]
    assert read_dimensions(total) == [{"service"}]
    assert read_metrics(detailed) == read_metrics(total) == {"AuditEventsLogged": ("Count", 1.0)}
    assert detailed["tenantId"] == "default"


def test_skipped_events_have_a_reason(read_lines: Any) -> None:
    emit_skipped(7, "database_not_configured")
    [line] = read_lines()
    assert read_metrics(line) == {"AuditEventsSkipped": ("Count", 7.0)}
    assert line["reason"] == "database_not_configured"


def test_the_tampering_metric_is_also_emitted_as_zero(read_lines: Any) -> None:
    emit_tampering(0)
    emit_committed(5)
    emit_tampering(2)
    emit_removed(1_000)
    values = [
        {name: value for name, (_, value) in read_metrics(line).items()} for line in read_lines()
    ]
    assert values == [
        {"AuditTamperDetected": 0},
        {"AuditEventsCommitted": 5},
        {"AuditTamperDetected": 2},
        {"AuditEventsRemoved": 1_000},
    ]
