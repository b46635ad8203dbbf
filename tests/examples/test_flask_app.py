"""The Flask example, with Flask's test client."""

from importlib import import_module
from typing import Any

from prooftrail.client.values.masking import MASK
from tests.support.queue_of_events import QueueOfEvents


def test_the_events_in_the_queue(queue: QueueOfEvents) -> None:
    app = import_module("examples.flask_app").create_app()
    client = app.test_client()
    arguments: dict[str, Any] = {
        "auth": ("ada", "lovelace"),
        "headers": {"X-Request-ID": "r-1", "X-Forwarded-For": "6.6.6.6, 203.0.113.9"},
    }
    assert client.post("/orders/4711/approve").status_code == 401
    form = {"pin": "0000", "note": "ok"}
    approval = client.post("/orders/4711/approve", data=form, **arguments)
    assert approval.json == {"approved": 12}
    assert client.post("/orders/1/approve", data=form, **arguments).status_code == 404
    assert client.get("/orders", **arguments).text == "4711,12\n"
    assert app.extensions["audit"].close(timeout=30)
    approved, refused, exported = queue.events()
    for event in (approved, refused, exported):
        assert (event.tenant_id, event.user_id) == ("shop", "ada")
        assert (event.ip_address, event.request_id) == ("203.0.113.9", "r-1")
    assert (approved.action, approved.resource_id, approved.success) == (
        "order.approve",
        "4711",
        True,
    )
    assert approved.details == {"form": {"pin": MASK, "note": "ok"}}
    assert (refused.resource_id, refused.success) == ("1", False)
    assert refused.error_message == "NotFound: 404 Not Found: order not found"
    assert (exported.action, exported.resource_id, exported.success) == (
        "order.export",
        "all",
        True,
    )
