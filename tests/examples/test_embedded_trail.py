"""The page with `<audit-trail>` passes on the customer's own trail, and nothing else."""

from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from examples import embedded_trail

TOKEN = {"Authorization": "Bearer session-of-a-customer"}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """Record the requests to the audit log."""
    requests: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        content: dict[str, object] = {"items": [], "nextCursor": None}
        return httpx.Response(200, json=content, headers={"Retry-After": "7", "Set-Cookie": "a=b"})

    class Client(httpx.AsyncClient):
        def __init__(self, **options: Any) -> None:
            super().__init__(transport=httpx.MockTransport(respond), **options)

    monkeypatch.setattr(httpx, "AsyncClient", Client)
    return requests


def test_a_customer_reads_their_own_tenant(asked: list[httpx.Request]) -> None:
    client = TestClient(embedded_trail.app)
    query = {"tenantId": "globex", "action": "user.*"}
    response = client.get("/audit-logs", params=query, headers=TOKEN)
    assert response.json() == {"items": [], "nextCursor": None}
    [request] = asked
    assert dict(request.url.params) == {"tenantId": "acme", "action": "user.*"}
    assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=testing/")


def test_a_request_is_sent_as_aws_verifies_its_signature(asked: list[httpx.Request]) -> None:
    query = {"action": "user.*", "resourceId": "4 7+é~/?&"}
    client = TestClient(embedded_trail.app)
    response = client.get("/audit-logs", params=query, headers=TOKEN)
    [request] = asked
    assert request.url.query == (
        b"action=user.%2A&resourceId=4%207%2B%C3%A9~%2F%3F%26&tenantId=acme"
    )
    assert response.headers["Retry-After"] == "7"
    assert "Set-Cookie" not in response.headers


def test_no_other_page_frames_the_trail() -> None:
    policy = TestClient(embedded_trail.app).get("/").headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bearer another"}])
def test_without_a_session_there_is_no_trail(
    asked: list[httpx.Request], token: dict[str, str]
) -> None:
    response = TestClient(embedded_trail.app).get("/audit-logs", headers=token)
    assert response.status_code in {401, 403}
    assert not asked


@pytest.mark.parametrize(
    "path", ["/metrics", "/../other", "/%2e%2e/other", "/tile/../../x", "/a/b/c", "x"]
)
def test_nothing_else_is_passed_on(asked: list[httpx.Request], path: str) -> None:
    response = TestClient(embedded_trail.app).get(f"/audit-logs{path}", headers=TOKEN)
    assert response.status_code == 404
    assert not asked


def test_the_page_and_its_files_are_served() -> None:
    client = TestClient(embedded_trail.app)
    assert "<audit-trail" in client.get("/").text
    for path in ("/page.js", "/page.css", "/audit-trail.js"):
        assert client.get(path).text
