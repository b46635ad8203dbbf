"""The script example, in its own process."""

import getpass
import subprocess
import sys
from pathlib import Path

from tests.support.queue_of_events import QueueOfEvents

SCRIPT = Path(__file__).parent.parent.parent / "examples" / "script.py"


def test_the_events_in_the_queue(queue: QueueOfEvents) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", SCRIPT],
        input="4711,12.50\n4712,free\n",
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    updated, refused = sorted(queue.events(), key=lambda event: event.resource_id)
    for event in (updated, refused):
        assert (event.tenant_id, event.user_id) == ("shop", getpass.getuser())
        assert event.metadata == {"job": "prices"}
        assert event.request_id == updated.request_id
    assert updated.changes is not None
    assert updated.changes.to_json() == {
        "before": {"price": "11.00"},
        "after": {"price": "12.50"},
        "fields": ["price"],
    }
    assert (refused.resource_id, refused.success) == ("4712", False)
    assert refused.error_message == "not a price: 'free'"
