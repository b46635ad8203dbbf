"""The Lambda example, invoked twice in one process, as in Lambda."""

import json
import sys
from importlib import import_module
from typing import Any

import pytest

from prooftrail.client.values.masking import MASK
from tests.support.queue_of_events import QueueOfEvents


def make_event(order_id: str) -> dict[str, Any]:
    """Make an event of API Gateway."""
    return {
        "pathParameters": {"id": order_id},
        "body": json.dumps({"amount": 10, "pin": "0000"}),
        "headers": {"X-Forwarded-For": "6.6.6.6"},
        "requestContext": {
            "requestId": "r-1",
            "identity": {"sourceIp": "203.0.113.9", "userAgent": "curl"},
            "authorizer": {"claims": {"sub": "u-1", "cognito:username": "ada"}},
        },
    }


def test_the_events_in_the_queue_after_an_invocation(
    queue: QueueOfEvents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "examples.lambda_function", raising=False)
    handler = import_module("examples.lambda_function").handler
    response = handler(make_event("4711"), None)
    assert response == {"statusCode": 200, "body": json.dumps({"approved": 10})}
    [approved] = queue.events()
    assert handler(make_event("1"), None) == {"statusCode": 404}
    [refused] = queue.events()
    for event in (approved, refused):
        assert (event.tenant_id, event.user_id, event.username) == ("shop", "u-1", "ada")
        assert (event.ip_address, event.user_agent, event.request_id) == (
            "203.0.113.9",
            "curl",
            "r-1",
        )
        assert event.details == {"approval": {"amount": 10, "pin": MASK}}
    assert (approved.resource_id, approved.success) == ("4711", True)
    assert (refused.resource_id, refused.success) == ("1", False)
    assert refused.error_message == "KeyError: '1'"
