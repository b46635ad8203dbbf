"""Who may use which route, and what personal data it shows: the real handlers, on all routes."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.template import Route, Stack
from prooftrail.runtime.callers import GROUPS_CLAIM, Right
from tests.support.api import Api
from tests.support.pipeline import Pipeline
from tests.support.reference import EMPTY_STATES
from tests.support.samples import bulk_job, event_json, message, queue_event

UNMASKED = "/unmasked"
ACME = {"custom:tenantId": "acme", "sub": "u-1"}
READING = {Right.READ, Right.READ_PERSONAL}
# The groups of which a token needs one, by method and path.
GROUPS = {
    "GET /audit-logs": READING,
    "GET /audit-logs/{id}": READING,
    "GET /audit-logs/stats": READING,
    "GET /audit-logs/metrics": READING,
    "GET /audit-logs/unmasked": {Right.READ_PERSONAL},
    "GET /audit-logs/{id}/unmasked": {Right.READ_PERSONAL},
    "GET /audit-logs/{id}/proof/unmasked": {Right.READ_PERSONAL},
    "GET /audit-logs/{id}/proof": {Right.AUDIT},
    "GET /audit-logs/log": {Right.AUDIT},
    "GET /audit-logs/log/consistency": {Right.AUDIT},
    "GET /audit-logs/checkpoint": {Right.AUDIT},
    "POST /audit-logs": {Right.SUBMIT},
}
TILES = "GET /audit-logs/tile/{path+}"  # for IAM callers only
CLEAR = {
    "ipAddress": "203.0.113.77",
    "userAgent": "curl/8.9 (of Ada)",
    "username": "Ada Lovelace",
    "onBehalfOf": {"userId": "u-8", "username": "Mary Somerville"},
    "targets": [{"type": "user", "id": "u-2", "name": "Charles Babbage"}],
    "details": {"customer": {"contactEmail": "ada@example.com"}, "plan": "pro"},
    "metadata": {"list": [{"phone": "+44 20 7946 0958"}]},
    "changes": {"before": {"lastName": "Byron"}, "after": {"lastName": "King-Noel"}},
}
CLEAR_TEXTS = (
    *("203.0.113.77", "curl/8.9", "Ada Lovelace", "ada@example.com", "7946", "Byron", "King-Noel"),
    *("Somerville", "Babbage"),
)


@pytest.fixture
def api(aws: Stack) -> Api:
    return Api(aws)


@pytest.fixture
def event_id(aws: Stack, api: Api) -> str:
    """Store and publish one event of acme with personal data."""
    pipeline = Pipeline(aws, api.runtime)
    pipeline.store(queue_event(message(bulk_job(event_json(tenantId="acme", **CLEAR)))))
    pipeline.commit()
    pipeline.publish()
    [item] = api.list_items(tenantId="acme")
    return str(item["id"])


def list_routes(stack: Stack) -> Iterator[tuple[str, Route]]:
    for route in stack.routes:
        if route.path.startswith("/audit-logs"):
            yield f"{route.method} {route.path}", route


def send(api: Api, name: str, event_id: str, claims: Any = None) -> tuple[int, Any]:
    """Send a request to a route. Return status and body."""
    method, _, path = name.partition(" ")
    path = path.replace("{id}", event_id).replace("{path+}", "entries/000.p/1")
    if method == "POST":
        response = api.post(path, json.dumps(event_json()).encode(), claims=claims)
        return response.status, response.body
    has_tenant = "{id}" in name or path in {"/audit-logs", "/audit-logs/unmasked"}
    parameters = {"tenantId": "acme"} if has_tenant else {}
    if path.endswith("/consistency"):
        parameters = EMPTY_STATES
    return api.get(path, claims=claims, **parameters)


def test_a_token_needs_the_group_of_each_route(aws: Stack, api: Api, event_id: str) -> None:
    assert {name for name, _ in list_routes(aws)} == {*GROUPS, TILES}
    for name, sufficient in GROUPS.items():
        for group in Right:
            claims = {**ACME, GROUPS_CLAIM: group}
            status, body = send(api, name, event_id, claims)
            if group in sufficient:
                assert status in {200, 202}, (name, group, body)
            else:
                assert (status, body["error"]["code"]) == (403, "group_missing"), (name, group)
                [missing] = sufficient - {Right.READ_PERSONAL} or sufficient
                assert f" {missing}," in body["error"]["message"]
    for group in Right:
        status, body = send(api, TILES, event_id, {**ACME, GROUPS_CLAIM: group})
        assert (status, body["error"]["code"]) == (403, "tenant_forbidden")


def test_a_group_is_found_in_every_form_of_the_claim(api: Api, event_id: str) -> None:
    for claim in (
        "audit-pii",
        "staff,audit-pii",
        "[staff audit-pii]",
        "[audit-pii]",
        "[staff, audit-pii]",
        '["staff","audit-pii"]',
        ["staff", "audit-pii"],
    ):
        claims = {**ACME, GROUPS_CLAIM: claim}
        assert send(api, "GET /audit-logs/{id}/unmasked", event_id, claims)[0] == 200, claim


def test_another_claim_gives_no_right(api: Api, event_id: str) -> None:
    others: list[object] = ["", "[]", None, 7, ["x", 7], {}, "audit-pii.staff", "AUDIT-PII"]
    for claim in (*others, "audit-piis", "audit", "[staff audit-readers]", "audit\u00adpii"):
        claims = {**ACME, GROUPS_CLAIM: claim}
        status, body = send(api, "GET /audit-logs/unmasked", event_id, claims)
        assert (status, body["error"]["code"]) == (403, "group_missing"), claim
    status, body = send(api, "GET /audit-logs", event_id, {**ACME, GROUPS_CLAIM: None})
    assert (status, body["error"]["code"]) == (403, "group_missing")


def test_only_unmasked_routes_show_personal_data(aws: Stack, api: Api, event_id: str) -> None:
    """To an IAM caller, whom no function refuses a route."""
    showing = set()
    for name, route in list_routes(aws):
        if route.method != "GET":
            continue
        status, body = send(api, name, event_id)
        assert status == 200, (name, body)
        shown = str(body)
        found = [text for text in CLEAR_TEXTS if text in shown]
        assert found in ([], list(CLEAR_TEXTS)), name
        if found:
            showing.add(name)
    assert showing == {name for name in GROUPS if name.endswith(UNMASKED)}


def test_a_masked_event_keeps_the_rest(api: Api, event_id: str) -> None:
    query = {"tenantId": "acme"}
    status, masked = api.get(f"/audit-logs/{event_id}", **query)
    assert status == 200
    _, stored = api.get(f"/audit-logs/{event_id}/unmasked", **query)
    assert api.list_items(**query) == [masked]
    assert api.list_items("/audit-logs/unmasked", **query) == [stored]
    assert masked.pop("masked") == [
        "/changes/after/lastName",
        "/changes/before/lastName",
        "/details/customer/contactEmail",
        "/ipAddress",
        "/metadata/list/0/phone",
        "/onBehalfOf/username",
        "/targets/0/name",
        "/userAgent",
        "/username",
    ]
    assert "masked" not in stored
    assert masked["ipAddress"] == "203.0.113.0/24"
    assert masked["details"] == {"customer": {"contactEmail": "[personal]"}, "plan": "pro"}
    assert masked["changes"]["fields"] == ["lastName"]
    assert masked["onBehalfOf"] == {"userId": "u-8", "username": "[personal]"}
    assert masked["targets"] == [{"type": "user", "id": "u-2", "name": "[personal]"}]
    changed = {pointer for pointer in stored if stored[pointer] != masked[pointer]}
    assert changed == set(CLEAR)


def test_an_address_is_shown_as_its_network(aws: Stack, api: Api) -> None:
    stored = ("2001:db8:1:2::3", "203.0.113.77", "::ffff:198.51.100.7")
    events = [event_json(tenantId="acme", eventId=each, ipAddress=each) for each in stored]
    nested = event_json(tenantId="acme", eventId="nested", details={"ipAddress": "2001:db8::1"})
    Pipeline(aws, api.runtime).store(queue_event(message(bulk_job(*events, nested))))
    found = {item["eventId"]: item for item in api.list_items(tenantId="acme")}
    assert [found[each]["ipAddress"] for each in stored] == [
        "2001:db8:1::/48",
        "203.0.113.0/24",
        "198.51.100.0/24",
    ]
    assert found["nested"]["details"] == {"ipAddress": "[personal]"}


def test_every_route_refuses_a_token_of_no_tenant_or_of_another(api: Api, event_id: str) -> None:
    for claims in ({"sub": "u-1"}, {**ACME, "custom:tenantId": ""}, {**ACME, "custom:tenantId": 7}):
        for name in GROUPS:
            status, body = send(api, name, event_id, claims)
            assert (status, body["error"]["code"]) == (403, "tenant_forbidden"), name
    other = {**ACME, "custom:tenantId": "other"}
    for path in (
        "/audit-logs",
        "/audit-logs/unmasked",
        "/audit-logs/stats",
        *(f"/audit-logs/{event_id}{end}" for end in ("", UNMASKED, "/proof", "/proof/unmasked")),
    ):
        status, body = api.get(path, claims=other, tenantId="acme")
        assert (status, body["error"]["code"]) == (403, "tenant_forbidden"), path
    response = api.post(
        "/audit-logs", json.dumps(event_json()).encode(), claims=other, tenantId="acme"
    )
    assert (response.status, response.body["error"]["code"]) == (403, "tenant_forbidden")


def test_readers_search_for_what_they_do_not_see_in_their_tenant(api: Api, event_id: str) -> None:
    readers = {**ACME, GROUPS_CLAIM: "audit-readers"}
    for parameters in ({"ipAddress": "::ffff:203.0.113.77"}, {"userId": "u-9"}):
        found = [item["id"] for item in api.list_items(claims=readers, **parameters)]
        assert found == ([event_id] if "ipAddress" in parameters else [])
    others = {**readers, "custom:tenantId": "other"}
    assert api.list_items(claims=others, ipAddress="203.0.113.77") == []


def test_a_cursor_continues_on_the_other_route(aws: Stack, api: Api) -> None:
    """It holds a position only. The right is checked at each request."""
    events = [event_json(tenantId="acme", eventId=f"e-{n}", **CLEAR) for n in range(4)]
    Pipeline(aws, api.runtime).store(queue_event(message(bulk_job(*events))))
    query = {"tenantId": "acme", "limit": 2}
    _, first = api.get("/audit-logs", **query)
    _, rest = api.get("/audit-logs/unmasked", **query, cursor=first["nextCursor"])
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert ids == [item["id"] for item in api.list_items(tenantId="acme")]
    readers = {**ACME, GROUPS_CLAIM: "audit-readers"}
    cursor = {"cursor": first["nextCursor"]}
    assert api.get("/audit-logs/unmasked", claims=readers, **cursor)[0] == 403


def test_responses_with_events_are_cached_nowhere(api: Api, event_id: str) -> None:
    for path in ("", UNMASKED):
        headers = api.get_response(f"/audit-logs/{event_id}{path}", tenantId="acme").headers
        assert headers["Cache-Control"] == "no-store"
        assert "ETag" not in headers


def test_the_bundle_moved_and_its_old_address_says_so(api: Api, event_id: str) -> None:
    status, body = api.get(f"/audit-logs/{event_id}/proof", tenantId="acme", format="json")
    assert status == 400
    [problem] = body["error"]["fields"]
    assert "/audit-logs/{id}/proof/unmasked" in problem["rule"]
