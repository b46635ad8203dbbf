"""Each example runs unchanged, with its own queue."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from prooftrail.client import install
from tests.support.queue_of_events import QueueOfEvents, queue_of_events

PROXY = "10.0.0.5"


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[QueueOfEvents]:
    """The queue that the environment names. The spool is in a temporary home directory."""
    with queue_of_events() as queue:
        for name, value in {
            "AWS_ENDPOINT_URL": queue.endpoint,
            "PROOFTRAIL_QUEUE_URL": queue.url,
            "TRUSTED_PROXIES": "1",
            "HOME": os.fspath(tmp_path),
        }.items():
            monkeypatch.setenv(name, value)
        yield queue
    install(None)
