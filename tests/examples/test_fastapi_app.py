"""The FastAPI example, with Starlette's test client."""

from importlib import import_module

from starlette.testclient import TestClient

from prooftrail.client.values.masking import MASK
from tests.support.queue_of_events import QueueOfEvents


def test_the_events_in_the_queue(queue: QueueOfEvents) -> None:
    app = import_module("examples.fastapi_app").app
    headers = {
        "X-Request-ID": "r-1",
        "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
        "User-Agent": "curl",
    }
    approval = {"amount": 12, "pin": "0000"}
    with TestClient(app, headers=headers) as client:
        assert client.post("/orders/4711/approve", json=approval).status_code == 401
        client.auth = ("ada", "lovelace")
        assert client.post("/orders/4711/approve", json=approval).json() == {"approved": 12}
        assert client.post("/orders/1/approve", json=approval).status_code == 404
        changed = client.patch("/customers/7", json={"city": "Kiel"}).json()
        assert changed == {"name": "Grace", "city": "Kiel"}
    approved, refused, updated = queue.events()
    for event in (approved, refused, updated):
        assert (event.tenant_id, event.user_id, event.username) == ("shop", "ada", None)
        assert (event.ip_address, event.user_agent, event.request_id) == (
            "203.0.113.9",
            "curl",
            "r-1",
        )
    assert (approved.action, approved.resource_type, approved.resource_id, approved.success) == (
        "order.approve",
        "order",
        "4711",
        True,
    )
    assert approved.details == {"approval": {"amount": 12, "pin": MASK}}
    assert approved.metadata is not None
    assert approved.metadata["durationMs"] >= 0
    assert (refused.resource_id, refused.success) == ("1", False)
    assert refused.error_message == "HTTPException: 404: order not found"
    assert updated.changes is not None
    assert updated.changes.to_json() == {
        "before": {"city": "Bonn"},
        "after": {"city": "Kiel"},
        "fields": ["city"],
    }
