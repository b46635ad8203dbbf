"""The trace of an event: OpenTelemetry's, a header's, or none; logging never fails for it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from opentelemetry.context import attach, detach
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, set_span_in_context

from prooftrail.client import audit_context
from prooftrail.client.middleware.request import make_request_fields
from prooftrail.client.tracing import find_trace_id, parse_traceparent
from tests.support.queue_fakes import FlakyQueue, make_logger

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
OTHER = "0af7651916cd43dd8448eb211c80319c"
PARENT = f"00-{OTHER}-00f067aa0ba902b7-01"


@contextmanager
def span(trace_id: int) -> Iterator[None]:
    """Make a span of this trace the current one."""
    context = SpanContext(trace_id, 1, is_remote=False, trace_flags=TraceFlags(1))
    token = attach(set_span_in_context(NonRecordingSpan(context)))
    try:
        yield
    finally:
        detach(token)


def log_event(**fields: Any) -> dict[str, Any]:
    queue = FlakyQueue()
    with make_logger(queue, strict=True) as logger:
        logger.log(action="a", resource_type="t", resource_id="r", **fields)
    [event] = queue.events
    return dict(event)


def bind_header() -> audit_context:
    return audit_context(
        **make_request_fields(
            peer=None,
            forwarded_for=None,
            trusted_proxies=0,
            user_agent=None,
            request_id=None,
            traceparent=PARENT,
            new_id=lambda: 1,
        )
    )


def test_the_trace_is_that_of_the_current_span() -> None:
    with span(int(TRACE, 16)):
        assert log_event()["traceId"] == TRACE
    assert "traceId" not in log_event()


def test_an_event_s_own_trace_wins() -> None:
    with span(int(TRACE, 16)):
        assert log_event(trace_id=OTHER)["traceId"] == OTHER
        with audit_context(trace_id=OTHER):
            assert log_event()["traceId"] == OTHER


def test_a_span_wins_against_a_request_s_header() -> None:
    with bind_header():
        assert log_event()["traceId"] == OTHER
        with span(int(TRACE, 16)):
            assert log_event()["traceId"] == TRACE


@pytest.mark.parametrize("trace_id", [0, -1, 2**128])
def test_a_span_without_a_valid_trace_has_none(trace_id: int) -> None:
    with span(trace_id):
        assert find_trace_id() is None
        assert "traceId" not in log_event()


@pytest.mark.parametrize(
    "module",
    [
        SimpleNamespace(),
        SimpleNamespace(get_current_span=lambda: None),
        SimpleNamespace(get_current_span=lambda: 1 / 0),
        SimpleNamespace(
            get_current_span=lambda: SimpleNamespace(
                get_span_context=lambda: SimpleNamespace(trace_id="x", is_valid=True)
            )
        ),
        None,
    ],
)
def test_a_module_that_fails_costs_the_trace_alone(
    monkeypatch: pytest.MonkeyPatch, module: object
) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", module)
    assert "traceId" not in log_event()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"00-{OTHER}-00f067aa0ba902b7",
        f"00-{OTHER}-00f067aa0ba902b7-01-more",
        f"00-{OTHER}-{'0' * 16}-01",
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"ff-{OTHER}-00f067aa0ba902b7-01",
        PARENT.upper(),
        f"{PARENT},{PARENT}",
        f"{PARENT}\n",
        f" {PARENT}",
        f"00-{OTHER[:-1]}\u0661-00f067aa0ba902b7-01",
        "00-" + "a" * 1_000_000,
    ],
)
def test_a_header_that_is_not_valid_is_ignored(header: str | None) -> None:
    assert parse_traceparent(header) is None


def test_a_header_of_a_later_version_can_be_longer() -> None:
    assert parse_traceparent(f"01-{OTHER}-00f067aa0ba902b7-01-more") == OTHER
