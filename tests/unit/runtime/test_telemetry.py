"""Embedded metrics: names, units, one dimension, properties."""

import json
from typing import Any

import pytest

from prooftrail.event.record import EventRecord
from prooftrail.intake.ingest import EventResult, IngestResult
from prooftrail.runtime.telemetry import (
    MAX_GROUPS,
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
def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def metrics_of(line: Line) -> dict[str, tuple[str, float]]:
    """Each metric's unit and value; the line is valid EMF with one directive."""
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "AuditLog"
    for dimensions in directive["Dimensions"]:
        assert all(isinstance(line[name], str) for name in dimensions)
    found = {}
    for metric in directive["Metrics"]:
        [value] = line[metric["Name"]]
        found[metric["Name"]] = (metric["Unit"], value)
    return found


def dimensions_of(line: Line) -> list[set[str]]:
    [directive] = line["_aws"]["CloudWatchMetrics"]
    return [set(one) for one in directive["Dimensions"]]


def report(stored: list[EventRecord], failed: int = 0) -> IngestResult:
    results = {"m": [EventResult(success=False, error="x")] * failed}
    return IngestResult(results, stored, [], [])


def test_a_batch_tells_its_duration_and_lag(printed: Any) -> None:
    emit_ingest(report([]), duration_ms=12.5, lag_ms=2_000)
    [line] = printed()
    assert dimensions_of(line) == [{"service"}]
    assert line["service"] == "audit-log-test"
    assert metrics_of(line) == {
        "BatchDuration": ("Milliseconds", 12.5),
        "IngestLag": ("Milliseconds", 2_000.0),
    }


def test_stored_events_are_told_by_action_type_and_tenant_as_properties(printed: Any) -> None:
    stored = [
        make_event_record(eventId="1"),
        make_event_record(eventId="2", success=False),
        make_event_record(eventId="3", tenantId="acme", action="user.logout"),
    ]
    emit_ingest(report(stored), duration_ms=1, lag_ms=1)
    _, first, second = printed()
    assert dimensions_of(first) == dimensions_of(second) == [{"service"}]
    assert metrics_of(first) == {
        "AuditEventsLogged": ("Count", 2.0),
        "AuditedOperationsFailed": ("Count", 1.0),
    }
    assert metrics_of(second) == {"AuditEventsLogged": ("Count", 1.0)}
    assert (first["action"], first["resourceType"], first["tenantId"]) == (
        "user.login",
        "session",
        "default",
    )
    assert second["tenantId"] == "acme"


def test_failed_events_are_the_systems(printed: Any) -> None:
    emit_ingest(report([], failed=3), duration_ms=1, lag_ms=1)
    _, line = printed()
    assert metrics_of(line) == {"AuditEventsFailed": ("Count", 3.0)}
    assert dimensions_of(line) == [{"service"}]
    assert (line["action"], line["resourceType"]) == ("audit_log_failure", "system")


def test_many_groups_become_few_lines_and_no_event_is_left_out(printed: Any) -> None:
    stored = [make_event_record(action=f"a{n}") for n in range(MAX_GROUPS + 50)]
    emit_ingest(report(stored), duration_ms=1, lag_ms=1)
    lines = printed()[1:]
    assert len(lines) == MAX_GROUPS + 1
    assert sum(metrics_of(line)["AuditEventsLogged"][1] for line in lines) == len(stored)
    assert [line["action"] for line in lines].count("(other)") == 1


def test_detailed_metrics_are_dimensions(printed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DETAILED_METRICS", "true")
    emit_ingest(report([make_event_record()]), duration_ms=1, lag_ms=1)
    _, detailed, total = printed()
    assert dimensions_of(detailed) == [{"service", "action", "resourceType"}]
    assert dimensions_of(total) == [{"service"}]
    assert metrics_of(detailed) == metrics_of(total) == {"AuditEventsLogged": ("Count", 1.0)}
    assert detailed["tenantId"] == "default"


def test_skipped_events_have_a_reason(printed: Any) -> None:
    emit_skipped(7, "database_not_configured")
    [line] = printed()
    assert metrics_of(line) == {"AuditEventsSkipped": ("Count", 7.0)}
    assert line["reason"] == "database_not_configured"


def test_the_ledger_tells_tampering_even_when_there_is_none(printed: Any) -> None:
    emit_tampering(0)
    emit_committed(5)
    emit_tampering(2)
    emit_removed(1_000)
    values = [{name: value for name, (_, value) in metrics_of(line).items()} for line in printed()]
    assert values == [
        {"AuditTamperDetected": 0},
        {"AuditEventsCommitted": 5},
        {"AuditTamperDetected": 2},
        {"AuditEventsRemoved": 1_000},
    ]
