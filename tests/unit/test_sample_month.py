"""The month of events that `make dev` begins with."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from local.sample_month import DAYS, INTRODUCED_DAYS, encode_batches, make_sample_month
from prooftrail.event.model import AuditEvent

NOW = datetime(2025, 11, 24, 16, 5, 7, tzinfo=UTC)


def test_it_is_a_month_of_two_tenants_up_to_now() -> None:
    events = make_sample_month(NOW)
    times = [datetime.fromisoformat(event["timestamp"]) for event in events]
    assert times == sorted(times)
    assert NOW - timedelta(days=DAYS + 1) < times[0] < NOW - timedelta(days=DAYS - 1)
    assert NOW - timedelta(hours=2) < times[-1] < NOW
    tenants = Counter(event["tenantId"] for event in events)
    assert tenants["default"] > 900
    assert tenants["acme"] > 250
    assert len({event["eventId"] for event in events}) == len(events)


def test_each_event_is_valid_as_it_stands() -> None:
    for event in make_sample_month(NOW):
        AuditEvent.model_validate({**event, "v": 1}, by_alias=True, by_name=False)


def test_it_has_targets_traces_and_every_way_to_act() -> None:
    events = make_sample_month(NOW)
    ways = Counter((event.get("actorType"), "onBehalfOf" in event) for event in events)
    assert ways.keys() >= {("user", False), ("user", True), ("service", True), ("agent", True)}
    assert sum("targets" in event for event in events) > 50
    traces = Counter(event["traceId"] for event in events)
    assert max(traces.values()) > 1  # so that there is something to find by a trace


@pytest.mark.parametrize("hour", [0, 12, 23])
def test_a_project_was_deleted_yesterday(hour: int) -> None:
    now = NOW.replace(hour=hour)
    [deletion] = [event for event in make_sample_month(now) if event["action"] == "project.delete"]
    assert datetime.fromisoformat(deletion["timestamp"]).date() == (now - timedelta(days=1)).date()


def test_each_event_is_received_within_the_days_that_the_queue_keeps_messages() -> None:
    [*batches] = encode_batches(make_sample_month(NOW), NOW, 100)
    received = [
        datetime.fromtimestamp(int(record["attributes"]["SentTimestamp"]) / 1000, UTC)
        for batch in batches
        for record in batch["Records"]
    ]
    assert max(len(batch["Records"]) for batch in batches) == 100
    assert min(received) >= NOW - timedelta(days=INTRODUCED_DAYS)
    assert max(received) < NOW
