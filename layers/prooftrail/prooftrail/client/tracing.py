"""The trace in which an event is logged: OpenTelemetry's, or that of a request's header."""

import re
import sys
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.errors import InvalidTraceIdError
from prooftrail.event.traces import NO_TRACE, normalize_trace_id

_TRACE_ID: Final = "trace_id"
_TRACEPARENT: Final = re.compile(
    "(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?", re.ASCII
)


def find_trace_id() -> str | None:
    """Return the trace id of OpenTelemetry's current span, or None without a valid span.

    OpenTelemetry is not imported here: an application without its module has no span.
    """
    trace: Any = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    try:
        context = trace.get_current_span().get_span_context()
        return format_trace_id(context.trace_id) if context.is_valid else None
    except Exception:  # noqa: BLE001  # code of others, which must not stop the event
        return None


def format_trace_id(number: int) -> str | None:
    """Return a trace id, as OpenTelemetry has it in Python, as text; None if it is not valid.

    >>> format_trace_id(255), format_trace_id(0)
    ('000000000000000000000000000000ff', None)
    """
    try:
        return normalize_trace_id(format(number, "032x"))
    except InvalidTraceIdError:
        return None


def parse_traceparent(header: str | None) -> str | None:
    """Return the trace id in the header `traceparent` (W3C Trace Context), or None.

    >>> parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    '4bf92f3577b34da6a3ce929d0e0e4736'
    """
    match = _TRACEPARENT.fullmatch(header or "")
    if match is None or match[2] == NO_TRACE or (match[1] == "00" and match[3] is not None):
        return None
    return match[2]


def add_trace_id(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's fields, with the current trace's id if they have none."""
    if fields.get(_TRACE_ID) is not None:
        return fields
    trace_id = find_trace_id()
    return fields if trace_id is None else {**fields, _TRACE_ID: trace_id}
