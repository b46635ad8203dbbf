"""Another time of the clock."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from prooftrail.event.times import HOUR_MS


@contextmanager
def clock_ahead(hours: int) -> Iterator[None]:
    """Let `now_ms` return a later time, or an earlier one. The clients of AWS keep their clock."""
    read, ahead_ns = time.time_ns, hours * HOUR_MS * 1_000_000
    with patch("time.time_ns", lambda: read() + ahead_ns):
        yield
