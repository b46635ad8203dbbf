"""The ASGI middleware under Starlette and FastAPI."""

import asyncio
import re
import uuid
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager, nullcontext
from typing import Annotated, Any

import pytest
from fastapi import BackgroundTasks, Depends, FastAPI, Request, Response, WebSocket
from fastapi.responses import StreamingResponse
from starlette.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    BaseUser,
    SimpleUser,
    UnauthenticatedUser,
)
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.base import RequestResponseEndpoint
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient

from prooftrail.client import Limits, audited, bind_context, current_context
from prooftrail.client.fields import EventFields
from prooftrail.client.middleware.asgi import AuditContextMiddleware, find_user
from prooftrail.client.middleware.request import make_session_id
from tests.support.queue_fakes import FlakyQueue, make_logger
from tests.support.recorder import Recording, recording

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PEER = ("10.0.0.5", 50_000)
UUID_OF_USER: Any = uuid.UUID(int=1)


class Member(BaseUser):
    """A user with a name and another identity."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def display_name(self) -> str:
        return self._name

    @property
    def identity(self) -> str:
        return f"id of {self._name}"


class Named(BaseUser):
    """A user without an identity, as in older Starlette."""

    is_authenticated = True
    display_name = "ada"


class Identified(BaseUser):
    """A user without a name, for which Starlette raises."""

    is_authenticated = True
    identity = UUID_OF_USER


class Broken(Identified):
    """A user whose name cannot be read."""

    @property
    def display_name(self) -> str:
        raise LookupError


class Numbered(Named):
    """The user with the number 0."""

    identity: Any = 0


class Bearer(AuthenticationBackend):
    """Accepts every name, for tests only."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser] | None:
        name = conn.headers.get("authorization")
        return (AuthCredentials(), Member(name)) if name else None


def make_app(**options: Any) -> FastAPI:
    """Make an application with routes that return their context."""
    app = FastAPI()

    @app.get("/async")
    async def in_the_loop() -> dict[str, object]:
        return dict(current_context())

    @app.get("/sync")
    def in_the_pool() -> dict[str, object]:
        return dict(current_context())

    app.add_middleware(AuthenticationMiddleware, backend=Bearer())
    app.add_middleware(AuditContextMiddleware, **options)  # wraps the one above
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(make_app(trusted_proxies=1), client=PEER) as client:
        yield client


@pytest.mark.parametrize("route", ["/async", "/sync"])
def test_the_context_of_a_request(client: TestClient, route: str) -> None:
    headers = {
        "Authorization": "ada",
        "User-Agent": "curl/8",
        "X-Request-ID": "req-1",
        "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    }
    assert client.get(route, headers=headers).json() == {
        "user_id": "id of ada",
        "username": "ada",
        "user_agent": "curl/8",
        "request_id": "req-1",
        "ip_address": "203.0.113.9",
    }
    assert current_context() == {}


def test_no_header_sets_the_user(client: TestClient) -> None:
    claims = {"X-User-Id": "root", "X-Forwarded-User": "root", "Remote-User": "root"}
    found = client.get("/async", headers={**claims, "User-Agent": ""}).json()
    assert UUID.fullmatch(found.pop("request_id"))
    assert found == {"ip_address": "10.0.0.5"}


@pytest.mark.parametrize("claimed", ["", "a b", "x" * 129, 'a"b', "a\tb", "ü"])
def test_a_malformed_request_id_is_replaced(client: TestClient, claimed: str) -> None:
    ids = [
        client.get("/async", headers={"X-Request-ID": claimed.encode()}).json()["request_id"]
        for _ in range(2)
    ]
    assert all(map(UUID.fullmatch, ids))
    assert ids[0] != ids[1]


def test_the_user_agent_is_cut(client: TestClient) -> None:
    found = client.get("/async", headers={"User-Agent": "é".encode() + b"x" * 5_000}).json()
    assert len(found["user_agent"]) == 1_024


def test_several_header_lines_are_one_list(client: TestClient) -> None:
    lines = [("X-Forwarded-For", "6.6.6.6"), ("X-Forwarded-For", "203.0.113.9")]
    found = client.get("/async", headers=lines).json()
    assert found["ip_address"] == "203.0.113.9"


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def test_actor_tenant_and_session_are_called_late_and_can_fail() -> None:
    def tenant(scope: MutableMapping[str, Any]) -> str:
        raise LookupError

    app = make_app(
        actor=lambda scope: ("u-1", scope["user"].display_name),
        actor_type=lambda _: "user",
        on_behalf_of=lambda scope: ("u-9", scope["user"].display_name),
        tenant=tenant,
        session=lambda _: "the key",
        new_id=lambda: "n-1",
    )
    headers = {"Authorization": "ada", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    found = TestClient(app, client=PEER).get("/sync", headers=headers).json()
    assert found == {
        "user_id": "u-1",
        "username": "ada",
        "actor_type": "user",
        "on_behalf_of": ["u-9", "ada"],
        "trace_id": TRACE,
        "session_id": make_session_id("the key"),
        "request_id": "n-1",
        "ip_address": "10.0.0.5",
        "user_agent": "testclient",
    }


@pytest.mark.parametrize(
    ("user", "actor"),
    [
        (Member("ada"), ("id of ada", "ada")),
        (SimpleUser("ada"), ("ada", "ada")),
        (Named(), ("ada", "ada")),
        (Identified(), (UUID_OF_USER, None)),
        (Broken(), (UUID_OF_USER, None)),
        (Numbered(), (0, "ada")),
        (UnauthenticatedUser(), None),
        (None, None),
        (object(), None),
    ],
)
def test_users_of_starlette(user: object, actor: object) -> None:
    assert find_user({"type": "http", "user": user}) == actor
    assert find_user({"type": "http"}) is None


def test_a_login_in_the_request_is_seen_later() -> None:
    app = FastAPI()

    async def login() -> None:
        bind_context(user_id="u-7", tenant_id="acme")

    @app.get("/", dependencies=[Depends(login)])
    def found() -> dict[str, object]:
        return dict(current_context())

    app.add_middleware(AuditContextMiddleware)
    context = TestClient(app).get("/").json()
    assert (context["user_id"], context["tenant_id"]) == ("u-7", "acme")
    assert current_context() == {}


def test_the_context_holds_in_background_tasks_and_under_other_middleware() -> None:
    seen: list[EventFields] = []
    app = FastAPI()

    @app.get("/stream")
    async def stream(tasks: BackgroundTasks) -> StreamingResponse:
        async def parts() -> AsyncIterator[str]:
            yield "part"
            seen.append(current_context())

        tasks.add_task(lambda: seen.append(current_context()))
        return StreamingResponse(parts())

    @app.middleware("http")
    async def passing(request: Request, call_next: RequestResponseEndpoint) -> Response:
        return await call_next(request)

    app.add_middleware(AuditContextMiddleware)
    assert TestClient(app).get("/stream", headers={"X-Request-ID": "r-1"}).text == "part"
    assert [context["request_id"] for context in seen] == ["r-1", "r-1"]


def test_websockets_have_a_context() -> None:
    app = FastAPI()

    @app.websocket("/socket")
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json(current_context())
        await socket.close()

    app.add_middleware(AuditContextMiddleware)
    client = TestClient(app, client=PEER)
    with client.websocket_connect("/socket", headers={"X-Request-ID": "r-1"}) as socket:
        found = socket.receive_json()
    assert (found["request_id"], found["ip_address"]) == ("r-1", "10.0.0.5")


def test_an_audited_route_keeps_its_parameters_and_records_the_user() -> None:
    app = FastAPI()

    @app.post("/orders/{order_id}/approve")
    @audited(action="order.approve", resource="order:{order_id}", details=["amount"])
    async def approve(order_id: int, amount: Annotated[int, Depends(lambda: 12)]) -> dict[str, int]:
        return {"order": order_id + amount}

    @app.post("/fail")
    @audited(action="order.fail", resource="order:none")
    def fail() -> None:
        raise LookupError("not found")

    app.add_middleware(AuthenticationMiddleware, backend=Bearer())
    app.add_middleware(AuditContextMiddleware)
    client = TestClient(app, client=PEER, raise_server_exceptions=False)
    with recording() as recorder:
        headers = {"Authorization": "ada", "X-Request-ID": "r-1"}
        approved = client.post("/orders/7/approve", headers=headers)
        failed = client.post("/fail", headers=headers)
    assert (approved.json(), failed.status_code) == ({"order": 19}, 500)
    assert [summarize(recorder, number) for number in (0, 1)] == [
        ("order.approve", "7", "id of ada", "10.0.0.5", "r-1", True, None),
        (
            "order.fail",
            "none",
            "id of ada",
            "10.0.0.5",
            "r-1",
            False,
            "LookupError: not found",
        ),
    ]
    assert recorder.events[0]["details"] == {"amount": 12}


def test_no_name_path_or_form_keeps_a_request_out_of_the_trail() -> None:
    async def get_query(request: Request) -> Any:
        return request.query_params

    async def get_headers(request: Request) -> Any:
        return request.headers

    app = FastAPI()

    @app.post("/files/{path:path}")
    @audited(action="file.write", resource="file:{path}", details=["query", "headers"])
    async def write_file(
        path: str,
        query: Annotated[Any, Depends(get_query)],
        headers: Annotated[Any, Depends(get_headers)],
    ) -> None: ...

    app.add_middleware(AuthenticationMiddleware, backend=Bearer())
    app.add_middleware(AuditContextMiddleware)
    client = TestClient(app, client=("[::ffff:10.0.0.5]", 50_000))
    with recording() as recorder:
        client.post(
            f"/files/{'x' * 3_000}?role=admin&role=user",
            headers=[("Authorization", "n" * 257), ("X-Tag", "a"), ("X-Tag", "b")],
        )
    [event] = recorder.events
    assert event["userId"].startswith("id of nnn")
    assert [len(event[name]) for name in ("userId", "username", "resourceId")] == [256] * 3
    assert event["ipAddress"] == "10.0.0.5"
    assert event["details"]["query"] == {"role": ["admin", "user"]}
    assert event["details"]["headers"]["x-tag"] == ["a", "b"]
    assert sorted(event["metadata"]["fitted"]) == ["resourceId", "userId", "username"]


@pytest.mark.parametrize("fault", [None, RuntimeError("no database")])
def test_at_the_end_of_the_lifespan_the_events_are_sent(fault: Exception | None) -> None:
    queue = FlakyQueue()
    logger = make_logger(queue, limits=Limits(flush_seconds=60))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        logger.log(action="server.stop", resource_type="server", resource_id="1")
        if fault is not None:
            raise fault

    app = FastAPI(lifespan=lifespan)
    app.add_middleware(AuditContextMiddleware)
    with pytest.raises(RuntimeError) if fault else nullcontext(), TestClient(app):
        assert queue.events == []
    assert [event["action"] for event in queue.events] == ["server.stop"]
    assert logger.log(action="server.exit", resource_type="server", resource_id="1")
    logger.close()
    assert len(queue.events) == 2


def test_a_lifespan_that_raises_is_an_end_too() -> None:
    queue = FlakyQueue()
    logger = make_logger(queue, limits=Limits(flush_seconds=60))

    async def application(scope: Any, receive: Any, send: Any) -> None:
        logger.log(action="server.stop", resource_type="server", resource_id="1")
        raise RuntimeError("no lifespan")

    middleware: Any = AuditContextMiddleware(application)
    with pytest.raises(RuntimeError, match="no lifespan"):
        asyncio.run(middleware({"type": "lifespan"}, None, None))
    assert [event["action"] for event in queue.events] == ["server.stop"]
    logger.close()


def test_a_message_of_another_protocol_is_passed_on() -> None:
    sent: list[object] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"kind": "lifespan.shutdown.complete"})

    async def send(message: Any) -> None:
        sent.append(message)

    middleware: Any = AuditContextMiddleware(application)
    asyncio.run(middleware({"type": "mqtt"}, None, send))
    assert sent == [{"kind": "lifespan.shutdown.complete"}]


def summarize(recorder: Recording, number: int) -> tuple[object, ...]:
    """Return the fields of an event that come from the request and the route."""
    names = ("action", "resourceId", "userId", "ipAddress", "requestId", "success", "errorMessage")
    return tuple(recorder.events[number].get(name) for name in names)
