"""The producer library in gunicorn, whose gevent workers patch threads after the import."""

from pathlib import Path

import pytest

from tests.support.queue_server import QueueServer
from tests.support.servers import run_server

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("worker", "options", "early"),
    [
        ("gevent", ["--preload"], 0),
        ("gevent", ["--preload"], 5),
        ("gevent", [], 5),
        ("gthread", ["--preload"], 5),
        ("sync", [], 0),
    ],
)
def test_each_event_is_delivered_once_while_the_server_runs(
    tmp_path: Path, audit_queue: QueueServer, worker: str, options: list[str], early: int
) -> None:
    command = [
        *("gunicorn", "--bind", "127.0.0.1:{port}", "--worker-class", worker, "--workers", "2"),
        *("--worker-tmp-dir", str(tmp_path), "--no-control-socket", *options, "application"),
    ]
    with run_server(tmp_path, command, audit_queue.url, early=early) as server:
        server.get_first("/first")
        for _ in range(20):
            server.get("/more")
        assert len(server.ids) >= 21 + early
        server.check_delivery(audit_queue)
