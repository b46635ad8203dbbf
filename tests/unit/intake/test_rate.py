"""A tenant that sends more than its rate waits; the others do not, and a fault stops nobody."""

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prooftrail.errors import AuditLogError, OutOfTimeError, RateExceededError
from prooftrail.intake.rate import UNIT_BYTES, WINDOW_SECONDS, TenantRate, count_units
from prooftrail.intake.submit import AcceptedEvent, Submission, parse_submission, submit
from tests.support.fakes import MemoryJobQueue, MemoryUsageCounter, Moment
from tests.support.samples import NOW_MS, event_json

WINDOW_MS = WINDOW_SECONDS * 1_000


class Api:
    """Requests to `POST /audit-logs`, at a rate of 2 events a second and tenant."""

    def __init__(self, *moments: Moment) -> None:
        self.faults: list[AuditLogError] = []
        self.queue = MemoryJobQueue()
        self.counter = MemoryUsageCounter(moments)
        self.now_ms = NOW_MS // WINDOW_MS * WINDOW_MS
        self._rate = TenantRate(self.counter, 2, self.faults.append)
        self._numbers = count()

    def send(self, *tenants: str | None, tenant_id: str | None = None, size: int = 0) -> list[Any]:
        """Send an event of each tenant. Return True or the seconds to wait for each."""
        events = [event_json(**({"tenantId": each} if each else {})) for each in tenants]
        results = submit(
            Submission(events, is_list=True, size=size),
            self.queue,
            tenant_id=tenant_id,
            idempotency_key=None,
            now_ms=self.now_ms,
            make_event_id=lambda: f"e-{next(self._numbers)}",
            rate=self._rate,
        )
        return [read_result(result) for result in results]


def read_result(result: object) -> object:
    if isinstance(result, RateExceededError):
        return result.retry_after_seconds
    assert isinstance(result, AcceptedEvent), result
    return True


def test_a_tenant_waits_for_the_next_window() -> None:
    api = Api()
    assert api.send(*["acme"] * 19) == [True] * 19
    assert api.send("acme", "acme") == [True, True]  # the last request may go beyond the limit
    api.now_ms += 3_500
    assert api.send("acme") == [7]
    assert api.send(None, tenant_id="acme") == [7]
    api.now_ms += 6_499
    assert api.send("acme") == [1]
    api.now_ms += 1
    assert api.send("acme") == [True]


def test_targets_count_because_each_is_an_item() -> None:
    api = Api()
    about = event_json(
        tenantId="acme",
        targets=[{"type": "user", "id": str(number)} for number in range(20)],
        onBehalfOf={"userId": "u-1"},
    )
    targets_of_no_event = [event_json(tenantId="beta", targets=value) for value in (7, {"a": 1})]
    submit(
        Submission([about, *targets_of_no_event], is_list=True, size=0),
        api.queue,
        tenant_id=None,
        idempotency_key=None,
        now_ms=api.now_ms,
        make_event_id=lambda: "e-0",
        rate=TenantRate(api.counter, 2, api.faults.append),
    )
    assert {tenant: units for (tenant, _), units in api.counter.units.items()} == {
        "acme": 22,
        "beta": 2,
    }
    assert api.send("acme", "beta") == [10, True]


def test_other_tenants_do_not_wait() -> None:
    api = Api()
    api.send(*["acme"] * 20)
    assert api.send("beta", "acme", None, "acme") == [True, 10, True, 10]
    assert len(api.queue.jobs) == 3
    assert {job.tenant_id for job in api.queue.jobs} == {"acme", "beta", "default"}


def test_a_large_request_counts_for_its_bytes() -> None:
    api = Api()
    assert api.send("acme", size=20 * UNIT_BYTES) == [True]
    assert api.send("acme") == [10]


def test_a_request_larger_than_the_limit_is_accepted_once_a_window() -> None:
    api = Api()
    assert api.send(*["acme"] * 100) == [True] * 100
    assert api.send("acme") == [10]


def test_events_that_are_refused_count_too() -> None:
    api = Api()
    submit_invalid = Submission(
        [{"tenantId": "acme"}, 7, {"tenantId": "a b"}, {"tenantId": 7}], True
    )
    submit(
        submit_invalid,
        api.queue,
        tenant_id=None,
        idempotency_key=None,
        now_ms=api.now_ms,
        make_event_id=str,
        rate=TenantRate(api.counter, 2, api.faults.append),
    )
    assert {name: units for (name, _), units in api.counter.units.items()} == {
        "acme": 1,
        "default": 2,
        "7": 1,
    }


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
def test_without_the_counter_requests_pass_and_are_reported(moment: Moment) -> None:
    api = Api(*[moment] * 3)
    assert api.send(*["acme"] * 50) == [True] * 50
    assert api.send("acme", "beta", "gamma") == [True] * 3
    assert len(api.faults) == 2  # after a fault the counter is not asked for the other tenants
    assert len(api.queue.jobs) == 4


@given(
    st.dictionaries(st.sampled_from("abc"), st.integers(1, 50), min_size=1),
    st.integers(0, 5_000_000),
)
def test_units_cover_events_and_bytes(counts: dict[str, int], size: int) -> None:
    units = count_units(counts, size)
    assert units.keys() == counts.keys()
    assert all(units[name] >= counts[name] for name in counts)
    assert sum(units.values()) * UNIT_BYTES >= size or sum(units.values()) == sum(counts.values())


def test_a_number_as_tenant_counts_for_the_tenant_that_it_is_stored_under() -> None:
    api = Api()
    assert api.send(*[5.0] * 20) == [True] * 20  # type: ignore[arg-type]  # any JSON can be sent
    assert api.send("5", 5.0, "default") == [10, 10, True]  # type: ignore[arg-type]


def test_the_size_of_a_request_is_in_bytes() -> None:
    body = json.dumps({"details": {"a": "\U0001f600" * 1_000}}, ensure_ascii=False)
    assert parse_submission(body).size == len(body.encode())
    assert parse_submission(f'{{"events":[{body}]}}').size > 4_000


def test_a_slow_counter_of_many_tenants_does_not_use_up_the_time_of_a_request() -> None:
    counter, faults, seconds = MemoryUsageCounter(), list[AuditLogError](), count(step=0.9)
    rate = TenantRate(counter, 2, faults.append, lambda: next(seconds))
    assert rate.check({f"t-{number}": 1 for number in range(100)}, 0, NOW_MS) == {}
    assert len(counter.units) == 2
    assert [type(fault) for fault in faults] == [OutOfTimeError]
