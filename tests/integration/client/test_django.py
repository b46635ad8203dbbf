"""The Django middleware: synchronous, asynchronous, mixed, and with a session in a database."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import django
import pytest
from asgiref.sync import sync_to_async
from django import conf
from django.db import connections
from django.http import FileResponse, HttpRequest, JsonResponse, StreamingHttpResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings
from django.urls import path

from prooftrail.client import audited, bind_context, current_context
from prooftrail.client import context as context_module
from prooftrail.client.middleware.django import AuditContextMiddleware
from prooftrail.client.middleware.request import session_id_of
from tests.support.recorder import recording

MIDDLEWARE = "prooftrail.client.middleware.django.AuditContextMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


@pytest.fixture(scope="module", autouse=True)
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A project of one process, for Django knows no other."""
    folder: Path = tmp_path_factory.mktemp("django")
    conf.settings.configure(
        SECRET_KEY="of a test",  # noqa: S106  # it protects nothing
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=urls(),
        MIDDLEWARE=[MIDDLEWARE, SESSIONS, AUTHENTICATION],
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "db"}},
    )
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    yield
    connections.close_all()


def user(name: str) -> Any:
    """A stored user of this name."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get_or_create(username=name)[0]


def in_sync(request: HttpRequest) -> JsonResponse:
    return JsonResponse(current_context())


async def in_async(request: HttpRequest) -> JsonResponse:
    return JsonResponse(current_context())


async def in_async_with_user(request: HttpRequest) -> JsonResponse:
    await request.auser()
    return JsonResponse(current_context())


@audited(action="user.login", resource="session:web")
def log_in(request: HttpRequest) -> JsonResponse:
    from django.contrib.auth import login

    login(request, user("grace"))
    return JsonResponse(current_context())


async def log_in_async(request: HttpRequest) -> JsonResponse:
    from django.contrib.auth import alogin

    await request.auser()
    await alogin(request, await sync_to_async(user)("grace"))
    return JsonResponse(current_context())


def stream(request: HttpRequest) -> StreamingHttpResponse:
    bind_context(metadata={"view": "stream"})

    def parts() -> Iterator[str]:
        for _ in range(2):
            found = current_context()
            yield f"{found.get('username')} {found['request_id']} {found['metadata']};"

    return StreamingHttpResponse(parts())


async def stream_async(request: HttpRequest) -> StreamingHttpResponse:
    async def parts() -> AsyncIterator[str]:
        for _ in range(2):
            yield f"{current_context()['request_id']};"

    return StreamingHttpResponse(parts())


def tenant_of(request: HttpRequest) -> str:
    return str(request.get_host()).partition(".")[0]


def urls() -> ModuleType:
    """The project's routes, as a module."""
    module = ModuleType("urls")
    views: list[Callable[..., Any]] = [
        in_sync,
        in_async,
        in_async_with_user,
        log_in,
        log_in_async,
        stream,
        stream_async,
    ]
    module.urlpatterns = [path(view.__name__, view) for view in views]  # type: ignore[attr-defined]  # made here
    return module


HEADERS = {"X-Request-ID": "r-1", "User-Agent": "curl", "X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
WHERE = {"request_id": "r-1", "user_agent": "curl", "ip_address": "127.0.0.1"}


def run(steps: Coroutine[Any, Any, Any]) -> Any:
    """What the coroutine returns; its connections to the database are closed."""

    async def closing() -> Any:
        try:
            return await steps
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(closing())


async def ask(client: AsyncClient, route: str) -> Any:
    return (await client.get(route, headers=HEADERS)).json()


def who(client: Client | AsyncClient, name: str = "ada") -> dict[str, str | None]:
    """Log the user in, and tell what the context should say of it."""
    member = user(name)
    client.force_login(member)
    session_key = client.session.session_key
    return {
        "user_id": str(member.pk),
        "username": name,
        "session_id": session_id_of(session_key),
    }


def test_a_stranger_has_an_address_and_no_name() -> None:
    for route in ("/in_sync", "/in_async", "/in_async_with_user"):
        assert Client().get(route, headers=HEADERS).json() == WHERE
        assert run(ask(AsyncClient(), route)) == WHERE
    assert current_context() == {}


@pytest.mark.parametrize(
    "order", [[MIDDLEWARE, SESSIONS, AUTHENTICATION], [SESSIONS, AUTHENTICATION, MIDDLEWARE]]
)
def test_the_user_is_found_wherever_the_middleware_stands(order: list[str]) -> None:
    with override_settings(MIDDLEWARE=order):
        client = Client()
        assert client.get("/in_sync", headers=HEADERS).json() == WHERE
        expected = {**WHERE, **who(client)}
        assert client.get("/in_sync", headers=HEADERS).json() == expected
        async_client = AsyncClient()
        expected = {**WHERE, **who(async_client)}
        assert run(ask(async_client, "/in_sync")) == expected
        assert run(ask(async_client, "/in_async_with_user")) == expected


def test_a_project_without_users_has_none() -> None:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        assert Client().get("/in_sync", headers=HEADERS).json() == WHERE


def test_the_session_s_key_stays_in_the_session() -> None:
    client = Client()
    who(client)
    answer = client.get("/in_sync").content.decode()
    assert client.session.session_key not in answer


def test_a_user_that_an_async_view_has_not_loaded_is_left_out_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    context_module._failed_places.clear()
    client = AsyncClient()
    expected = {**WHERE, "session_id": who(client)["session_id"]}
    for _ in range(2):
        assert run(ask(client, "/in_async")) == expected
    said = [one.getMessage() for one in caplog.records if one.name == "prooftrail.client"]
    assert len(said) == 1
    assert "SynchronousOnlyOperation" in said[0]


@pytest.mark.parametrize("route", ["/log_in", "/log_in_async"])
def test_a_login_is_seen_by_what_is_logged_after_it(route: str) -> None:
    with recording() as recorder:
        answers = [Client().get(route).json(), run(ask(AsyncClient(), route))]
    for answer in answers:
        assert answer["username"] == "grace"
        assert len(answer["session_id"]) == 32
    names = [one["username"] for one in recorder.events]
    assert names == (["grace", "grace"] if route == "/log_in" else [])


def test_a_streamed_answer_keeps_the_context() -> None:
    client = Client()
    who(client)
    part = "ada r-1 {'view': 'stream'};"
    assert client.get("/stream", headers=HEADERS).getvalue().decode() == part * 2
    assert current_context() == {}


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators")
def test_a_streamed_answer_keeps_the_context_in_asyncio() -> None:
    async def text(route: str) -> str:
        response = await AsyncClient().get(route, headers=HEADERS)
        return b"".join([part async for part in response]).decode()

    assert run(text("/stream_async")) == "r-1;r-1;"
    assert run(text("/stream")) == "None r-1 {'view': 'stream'};" * 2


def test_a_file_is_left_to_the_server() -> None:
    file = BytesIO(b"file")
    middleware = AuditContextMiddleware(lambda _: FileResponse(file))
    response: Any = middleware(RequestFactory().get("/"))
    assert response.file_to_stream is file
    response.close()


def test_settings() -> None:
    with override_settings(
        PROOFTRAIL_TRUSTED_PROXIES=1,
        PROOFTRAIL_TENANT=f"{__name__}.tenant_of",
        ALLOWED_HOSTS=["acme.example"],
    ):
        found = Client(headers={"Host": "acme.example"}).get("/in_sync", headers=HEADERS).json()
    assert found == {**WHERE, "ip_address": "203.0.113.9", "tenant_id": "acme"}
