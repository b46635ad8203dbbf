"""The Django example, with Django's test client, in its own process: it configures Django."""

import os
import subprocess
import sys
from pathlib import Path

from prooftrail.client.middleware.request import make_session_id
from prooftrail.client.values.masking import MASK
from tests.support.queue_of_events import QueueOfEvents

ROOT = Path(__file__).parent.parent.parent
REQUESTS = """
import django
from examples import django_app
from django.conf import settings
from django.core.management import call_command
from django.test import Client

settings.ALLOWED_HOSTS = ["testserver"]
django.setup()
call_command("migrate", verbosity=0)
from django.contrib.auth import get_user_model
get_user_model().objects.create_user("ada", password="lovelace")

headers = {"X-Request-ID": "r-1", "X-Forwarded-For": "6.6.6.6, 203.0.113.9", "User-Agent": "curl"}
client = Client(headers=headers, raise_request_exception=False)
form = {"pin": "0000", "note": "ok"}
statuses = [
    client.post("/orders/4711/approve", form).status_code,
    client.post("/login", {"username": "ada", "password": "wrong"}).status_code,
    client.post("/login", {"username": "ada", "password": "lovelace"}).status_code,
    client.post("/orders/4711/approve", form).status_code,
]
assert django_app.logger.close(timeout=30)
print(*statuses, client.session.session_key)
"""


def test_the_events_in_the_queue(queue: QueueOfEvents, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", REQUESTS],
        cwd=ROOT,
        env={**os.environ, "DATABASE": os.fspath(tmp_path / "db")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    *statuses, session_key = done.stdout.split()
    assert statuses == ["500", "401", "200", "200"]
    events = queue.events()
    for event in events:
        assert (event.tenant_id, event.ip_address, event.request_id, event.user_agent) == (
            "shop",
            "203.0.113.9",
            "r-1",
            "curl",
        )
    assert [
        (event.action, event.resource_id, event.username, event.success) for event in events
    ] == [
        ("order.approve", "4711", None, False),
        ("user.login", "ada", None, False),
        ("user.login", "ada", "ada", True),
        ("order.approve", "4711", "ada", True),
    ]
    anonymous, wrong, _, approved = events
    assert anonymous.error_message == "PermissionError: log in first"
    assert wrong.error_message == "wrong name or password"
    assert approved.user_id == "1"
    assert approved.session_id == make_session_id(session_key)
    assert approved.details == {"form": {"pin": MASK, "note": "ok"}}
