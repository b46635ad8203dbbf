"""Fixtures that several modules here use."""

from collections.abc import Iterator

import pytest

from tests.support.queue_server import QueueServer, run_queue


@pytest.fixture
def audit_queue() -> Iterator[QueueServer]:
    """A queue on the loopback interface, for processes that a test starts."""
    with run_queue() as queue:
        yield queue
