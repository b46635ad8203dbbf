"""Hold orders: what is one, and what a hold covers."""

from typing import Any

import pytest

from prooftrail.event.hold import HoldKind, HoldOrder, HoldScope
from prooftrail.event.ids import make_id
from prooftrail.event.removal import MAX_IDS, unpack_ids

ID = make_id(0, bytes(32))
TARGETS = [{"type": "team", "id": "7"}, {"type": "user", "id": "eve"}]


def order(action: str, details: Any, **fields: Any) -> HoldOrder | None:
    event = {
        "action": action,
        "tenantId": "acme",
        "resourceType": "audit-log",
        "resourceId": "h-1",
        "details": details,
        **fields,
    }
    return HoldOrder.from_fields(ID, event)


@pytest.mark.parametrize(
    ("action", "details", "scope", "ids"),
    [
        ("audit.hold.set", {"scope": {}, "reason": "x"}, HoldScope(), []),
        ("audit.hold.set", {"scope": {"userId": "ada"}}, HoldScope("ada"), []),
        ("audit.hold.release", {"reason": "x"}, None, []),
        ("audit.hold.lift", {"ids": [ID]}, None, [ID]),
        ("audit.hold.return", {"ids": [ID] * MAX_IDS}, None, [ID] * MAX_IDS),
    ],
)
def test_what_is_an_order(
    action: str, details: Any, scope: HoldScope | None, ids: list[str]
) -> None:
    found = order(action, details)
    assert found is not None
    assert (found.kind, found.tenant_id, found.hold_id) == (HoldKind(action), "acme", "h-1")
    assert found.scope == scope
    assert (unpack_ids(found.ids) if found.ids else []) == ids


@pytest.mark.parametrize(
    ("action", "details"),
    [
        ("audit.hold.set", {}),
        ("audit.hold.set", {"scope": {"userId": 1}}),
        ("audit.hold.set", {"scope": {"userId": "ada", "resourceType": "team"}}),
        ("audit.hold.set", {"scope": {"resourceType": "team"}}),
        ("audit.hold.set", {"scope": {}, "ids": [ID]}),
        ("audit.hold.release", {"scope": {}}),
        ("audit.hold.lift", {}),
        ("audit.hold.lift", {"ids": []}),
        ("audit.hold.lift", {"ids": ID}),
        ("audit.hold.lift", {"ids": [ID, None]}),
        ("audit.hold.lift", {"ids": ["x" * 26]}),
        ("audit.hold.lift", {"ids": [ID] * (MAX_IDS + 1)}),
        ("audit.hold.lift", {"ids": [ID], "scope": {}}),
        ("audit.hold.other", {"ids": [ID]}),
    ],
)
def test_what_is_not_quite_an_order(action: str, details: Any) -> None:
    assert order(action, details) is None


def test_an_order_is_of_the_audit_log() -> None:
    assert order("audit.hold.set", {"scope": {}}, resourceType="team") is None


@pytest.mark.parametrize(
    ("scope", "is_held"),
    [
        (HoldScope(), True),
        (HoldScope("ada"), True),
        (HoldScope("bob"), True),
        (HoldScope("eve"), False),
        (HoldScope(resource=("repo", "1")), True),
        (HoldScope(resource=("team", "7")), True),
        (HoldScope(resource=("team", "8")), False),
    ],
)
def test_a_hold_covers_actor_represented_user_resource_and_targets(
    scope: HoldScope, is_held: bool
) -> None:
    fields = {
        "userId": "ada",
        "onBehalfOf": {"userId": "bob"},
        "resourceType": "repo",
        "resourceId": "1",
        "targets": TARGETS,
    }
    assert scope.covers(fields) is is_held
    assert HoldScope.from_json(scope.to_json()) == scope
