"""Trace ids, as W3C Trace Context defines them."""

import re
from typing import Final

from prooftrail.errors import InvalidTraceIdError

TRACE_ID_LENGTH: Final = 32
NO_TRACE: Final = "0" * TRACE_ID_LENGTH
_TRACE_ID: Final = re.compile("[0-9A-Fa-f]{32}", re.ASCII)


def normalize_trace_id(text: str) -> str:
    """Return a trace id in its one form: 32 hexadecimal digits in lower case.

    Raises:
        InvalidTraceIdError: the text is not a trace id, or it is all zeros, which tracing libraries
            return while there is no trace.

    >>> normalize_trace_id("4BF92F3577B34DA6A3CE929D0E0E4736")
    '4bf92f3577b34da6a3ce929d0e0e4736'
    """
    if _TRACE_ID.fullmatch(text) is None:
        raise InvalidTraceIdError(f"must be a trace id: {TRACE_ID_LENGTH} hexadecimal digits")
    if text == NO_TRACE:
        raise InvalidTraceIdError("is all zeros, which means that there is no trace: leave it out")
    return text.lower()
