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

from prooftrail.client import audited, bind_context, current_context, track_changes
from prooftrail.client import context as context_module
from prooftrail.client.middleware.django import AuditContextMiddleware
from prooftrail.client.middleware.request import make_session_id
from prooftrail.client.values.plain import to_plain_json
from tests.support.recorder import recording

MIDDLEWARE = "prooftrail.client.middleware.django.AuditContextMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
AUTHENTICATION = "django.contrib.auth.middleware.AuthenticationMiddleware"


@pytest.fixture(scope="module", autouse=True)
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Django project for all tests: Django supports one for a process."""
    folder: Path = tmp_path_factory.mktemp("django")
    conf.settings.configure(
        SECRET_KEY="secret of a test",  # noqa: S106  # it protects nothing
        ALLOWED_HOSTS=["testserver"],
        ROOT_URLCONF=make_urls(),
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


def get_user(name: str) -> Any:
    """Return a stored user of this name."""
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

    login(request, get_user("grace"))
    return JsonResponse(current_context())


async def log_in_async(request: HttpRequest) -> JsonResponse:
    from django.contrib.auth import alogin

    await request.auser()
    await alogin(request, await sync_to_async(get_user)("grace"))
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


def find_admin(_: HttpRequest) -> str:
    return "admin-1"


def find_actor_type(_: HttpRequest) -> str:
    return "user"


def find_impersonated(_: HttpRequest) -> tuple[str, str]:
    return "u-9", "Bo"


def find_tenant(request: HttpRequest) -> str:
    return str(request.get_host()).partition(".")[0]


def make_urls() -> ModuleType:
    """Make a module with the routes of the project."""
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


TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"X-Request-ID": "r-1", "User-Agent": "curl", "X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
CONTEXT = {"request_id": "r-1", "user_agent": "curl", "ip_address": "127.0.0.1"}


def run(steps: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine, close its database connections, and return its result."""

    async def closing() -> Any:
        try:
            return await steps
        finally:
            await sync_to_async(connections.close_all)()

    return asyncio.run(closing())


async def fetch(client: AsyncClient, route: str) -> Any:
    return (await client.get(route, headers=HEADERS)).json()


def log_in_as(client: Client | AsyncClient, name: str = "ada") -> dict[str, str | None]:
    """Log a user in, and return the fields that the context should have."""
    member = get_user(name)
    client.force_login(member)
    session_key = client.session.session_key
    return {
        "user_id": str(member.pk),
        "username": name,
        "session_id": make_session_id(session_key),
    }


def test_an_anonymous_user_has_an_address_and_no_name() -> None:
    for route in ("/in_sync", "/in_async", "/in_async_with_user"):
        assert Client().get(route, headers=HEADERS).json() == CONTEXT
        assert run(fetch(AsyncClient(), route)) == CONTEXT
    assert current_context() == {}


@pytest.mark.parametrize(
    "order", [[MIDDLEWARE, SESSIONS, AUTHENTICATION], [SESSIONS, AUTHENTICATION, MIDDLEWARE]]
)
def test_the_user_is_found_at_every_position_of_the_middleware(order: list[str]) -> None:
    with override_settings(MIDDLEWARE=order):
        client = Client()
        assert client.get("/in_sync", headers=HEADERS).json() == CONTEXT
        expected = {**CONTEXT, **log_in_as(client)}
        assert client.get("/in_sync", headers=HEADERS).json() == expected
        async_client = AsyncClient()
        expected = {**CONTEXT, **log_in_as(async_client)}
        assert run(fetch(async_client, "/in_sync")) == expected
        assert run(fetch(async_client, "/in_async_with_user")) == expected


def test_a_project_without_users_has_no_user() -> None:
    with override_settings(MIDDLEWARE=[MIDDLEWARE]):
        assert Client().get("/in_sync", headers=HEADERS).json() == CONTEXT


def test_the_key_of_the_session_is_not_in_the_context() -> None:
    client = Client()
    log_in_as(client)
    body = client.get("/in_sync").content.decode()
    assert client.session.session_key not in body


def test_a_user_that_an_async_view_has_not_loaded_is_left_out_and_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    context_module._failed.clear()
    client = AsyncClient()
    expected = {**CONTEXT, "session_id": log_in_as(client)["session_id"]}
    for _ in range(2):
        assert run(fetch(client, "/in_async")) == expected
    [text] = [
        record.getMessage() for record in caplog.records if record.name == "prooftrail.client"
    ]
    assert "SynchronousOnlyOperation" in text


@pytest.mark.parametrize("route", ["/log_in", "/log_in_async"])
def test_events_after_a_login_have_the_user(route: str) -> None:
    with recording() as recorder:
        contexts = [Client().get(route).json(), run(fetch(AsyncClient(), route))]
    for context in contexts:
        assert context["username"] == "grace"
        assert len(context["session_id"]) == 32
    names = [event["username"] for event in recorder.events]
    assert names == (["grace", "grace"] if route == "/log_in" else [])


def test_a_streamed_response_keeps_the_context() -> None:
    client = Client()
    log_in_as(client)
    part = "ada r-1 {'view': 'stream'};"
    assert client.get("/stream", headers=HEADERS).getvalue().decode() == part * 2
    assert current_context() == {}


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators")
def test_a_streamed_response_keeps_the_context_in_asyncio() -> None:
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
        PROOFTRAIL_TENANT=f"{__name__}.find_tenant",
        PROOFTRAIL_ACTOR=f"{__name__}.find_admin",
        PROOFTRAIL_ACTOR_TYPE=f"{__name__}.find_actor_type",
        PROOFTRAIL_ON_BEHALF_OF=f"{__name__}.find_impersonated",
        ALLOWED_HOSTS=["acme.example"],
    ):
        headers = {**HEADERS, "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
        found = Client(headers={"Host": "acme.example"}).get("/in_sync", headers=headers).json()
    assert found == {
        **CONTEXT,
        "ip_address": "203.0.113.9",
        "tenant_id": "acme",
        "user_id": "admin-1",
        "actor_type": "user",
        "on_behalf_of": ["u-9", "Bo"],
        "trace_id": TRACE,
    }


def test_all_values_of_a_repeated_field_of_a_form_are_logged() -> None:
    form = RequestFactory().post("/", {"role": ["admin", "user"], "id": "7"}).POST
    assert to_plain_json(form, "details") == {"role": ["admin", "user"], "id": "7"}


def test_a_file_is_its_name_also_after_it_was_opened() -> None:
    from django.db import models

    fields = {"file": models.FileField(), "__module__": __name__}
    upload = type(
        "Upload", (models.Model,), fields | {"Meta": type("Meta", (), {"app_label": "shop"})}
    )
    loaded, used = upload(id=1), upload(id=1)
    loaded.__dict__["file"] = used.__dict__["file"] = "a.pdf"
    assert used.file.name == "a.pdf"  # Django replaces the text
    assert to_plain_json(used, "details") == {"id": 1, "file": "a.pdf"}
    assert track_changes(loaded, used)["fields"] == []


def test_a_model_gives_its_loaded_columns_without_a_query() -> None:
    from django.contrib.auth.models import Permission
    from django.test.utils import CaptureQueriesContext

    permission = Permission.objects.defer("codename").select_related("content_type").first()
    expected = {
        "id": permission.pk,
        "name": permission.name,
        "content_type_id": permission.content_type_id,
    }
    with CaptureQueriesContext(connections["default"]) as queries:
        assert to_plain_json({"for": permission}, "details") == {"for": expected}
        assert track_changes({**expected, "name": "another"}, permission)["fields"] == ["name"]
        assert to_plain_json([Permission.objects.all()], "details") != []
    assert len(queries) == 0
