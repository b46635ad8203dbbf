"""The WSGI middleware, alone and under Flask."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from os import fsdecode
from typing import Any
from wsgiref.util import FileWrapper, setup_testing_defaults

import pytest
from flask import Flask, Response, g, request, stream_with_context

from prooftrail.client import audited, bind_context, current_context
from prooftrail.client.middleware.request import make_session_id
from prooftrail.client.middleware.wsgi import AuditContextMiddleware
from tests.support.recorder import recording

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def make_environ(**values: Any) -> dict[str, Any]:
    """Make the environment of a request."""
    environ: dict[str, Any] = {"REMOTE_ADDR": "10.0.0.5", **values}
    setup_testing_defaults(environ)
    return environ


def start_response(*_: object) -> Any:
    """Ignore the status and the headers."""


class Body:
    """A body that records the context of each of its steps."""

    def __init__(self, seen: list[Any]) -> None:
        self._seen = seen
        self._left = 2

    def __iter__(self) -> Iterator[bytes]:
        self._record("iter")
        return self

    def __next__(self) -> bytes:
        self._record("next")
        if not self._left:
            raise StopIteration
        self._left -= 1
        bind_context(metadata={f"left{self._left}": True})
        return b"part"

    def close(self) -> None:
        self._record("close")

    def _record(self, step: str) -> None:
        found = current_context()
        self._seen.append((step, found.get("request_id"), sorted(found.get("metadata") or ())))


def test_the_context_holds_until_the_body_is_closed() -> None:
    seen: list[Any] = []

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        bind_context(metadata={"view": True})
        return Body(seen)

    wrapped = AuditContextMiddleware(app)
    body: Any = wrapped(make_environ(HTTP_X_REQUEST_ID="r-1"), start_response)
    assert current_context() == {}
    assert list(body) == [b"part", b"part"]
    body.close()
    assert current_context() == {}
    assert seen == [
        ("iter", "r-1", ["view"]),
        ("next", "r-1", ["view"]),
        ("next", "r-1", ["left1", "view"]),
        ("next", "r-1", ["left0", "left1", "view"]),
        ("close", "r-1", ["left0", "left1", "view"]),
    ]


def test_bodies_of_interleaved_requests_keep_their_context() -> None:
    seen: list[Any] = []
    wrapped = AuditContextMiddleware(lambda *_: Body(seen))
    first, second = (
        iter(wrapped(make_environ(HTTP_X_REQUEST_ID=name), start_response)) for name in ("a", "b")
    )
    for body in (first, second, first):
        next(body)
    assert [name for step, name, _ in seen if step == "next"] == ["a", "b", "a"]


@pytest.mark.parametrize("body", [[b"a"], (b"a",), FileWrapper(BytesIO(b"a"))])
def test_a_complete_body_keeps_its_type(body: Iterable[bytes]) -> None:
    wrapped = AuditContextMiddleware(lambda *_: body)
    assert wrapped(make_environ(**{"wsgi.file_wrapper": FileWrapper}), start_response) is body


def test_a_body_without_close_can_be_closed() -> None:
    wrapped = AuditContextMiddleware(lambda *_: iter([b"a"]))
    body: Any = wrapped(make_environ(), start_response)
    assert list(body) == [b"a"]
    body.close()


def test_after_an_exception_nothing_is_bound() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise LookupError

    with pytest.raises(LookupError):
        AuditContextMiddleware(app)(make_environ(), start_response)
    assert current_context() == {}


def find_context(environ: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Return the context in an application."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return [json.dumps(current_context()).encode()]

    wrapped = AuditContextMiddleware(app, **options)
    context: dict[str, Any] = json.loads(b"".join(wrapped(environ, start_response)))
    return context


def test_only_the_server_sets_the_user() -> None:
    claims = {"HTTP_REMOTE_USER": "root", "HTTP_X_USER": "root", "HTTP_X_REQUEST_ID": "r"}
    assert find_context(make_environ(**claims)) == {"ip_address": "10.0.0.5", "request_id": "r"}
    known = find_context(make_environ(**claims, REMOTE_USER="ada", HTTP_USER_AGENT="curl"))
    assert (known["user_id"], known["user_agent"]) == ("ada", "curl")


def test_options() -> None:
    variables = {"HTTP_X_FORWARDED_FOR": "6.6.6.6, 203.0.113.9, 10.0.0.7", "REMOTE_ADDR": ""}
    assert find_context(
        make_environ(**variables, HTTP_TRACEPARENT=f"00-{TRACE}-00f067aa0ba902b7-01"),
        trusted_proxies=2,
        actor=lambda _: ("u-1", "Ada"),
        actor_type=lambda _: "user",
        on_behalf_of=lambda _: "u-9",
        tenant=lambda environ: environ["REQUEST_METHOD"],
        session=lambda _: "the key",
        new_id=lambda: "n-1",
    ) == {
        "user_id": "u-1",
        "username": "Ada",
        "actor_type": "user",
        "on_behalf_of": "u-9",
        "trace_id": TRACE,
        "tenant_id": "GET",
        "session_id": make_session_id("the key"),
        "request_id": "n-1",
        "ip_address": "203.0.113.9",
    }


def test_the_session_id_is_a_digest() -> None:
    assert make_session_id("the key") == sha256(b"the key").hexdigest()[:32]
    assert make_session_id("") is make_session_id(None) is None


def test_flask_with_a_user_that_is_known_later_and_a_streamed_response() -> None:
    app = Flask(__name__)
    app.wsgi_app = AuditContextMiddleware(  # type: ignore[method-assign]  # as Flask's docs say
        app.wsgi_app, actor=lambda _: g.get("user")
    )

    @app.before_request
    def authenticate() -> None:
        g.user = request.authorization and request.authorization.username

    @app.post("/orders/<order_id>/approve")
    @audited(action="order.approve", resource="order:{order_id}")
    def approve(order_id: str) -> dict[str, str]:
        return {"approved": order_id}

    @app.get("/export")
    def export() -> Response:
        @audited(action="order.export", resource="order:all")
        def rows() -> Iterator[str]:
            yield "a"
            yield "b"

        return Response(stream_with_context(rows()))

    client = app.test_client()
    with recording() as recorder:
        arguments: dict[str, Any] = {
            "auth": ("ada", "pw"),
            "headers": {"X-Request-ID": "r-1"},
            "environ_base": {"REMOTE_ADDR": "192.0.2.1"},
        }
        assert client.post("/orders/7/approve", **arguments).json == {"approved": "7"}
        assert client.get("/export", **arguments).text == "ab"
    assert [
        tuple(event[name] for name in ("action", "resourceId", "userId", "ipAddress", "requestId"))
        for event in recorder.events
    ] == [
        ("order.approve", "7", "ada", "192.0.2.1", "r-1"),
        ("order.export", "all", "ada", "192.0.2.1", "r-1"),
    ]
    assert current_context() == {}


def test_no_name_file_or_header_keeps_a_request_out_of_the_trail() -> None:
    @audited(action="file.write", resource="file:{name}", details=["form", "headers"])
    def write(name: str, form: object, headers: object) -> None: ...

    app = Flask("test")

    @app.post("/files")
    def handle() -> str:
        write(fsdecode(b"\xff.txt"), request.form, request.headers)
        return "done"

    app.wsgi_app = AuditContextMiddleware(app.wsgi_app)  # type: ignore[method-assign]  # as Flask advises
    with recording() as recorder:
        app.test_client().post(
            "/files",
            data={"role": ["admin", "user"]},
            headers=[("X-Tag", "a"), ("X-Tag", "b")],
            environ_overrides={"REMOTE_USER": "n" * 257, "REMOTE_ADDR": "10.0.0.5:50000"},
        )
    [event] = recorder.events
    assert event["resourceId"] == "\ufffd.txt"
    assert len(event["userId"]) == 256
    assert event["ipAddress"] == "10.0.0.5"
    assert event["details"]["form"] == {"role": ["admin", "user"]}
    assert "X-Tag" in event["details"]["headers"]
    assert sorted(event["metadata"]["fitted"]) == ["resourceId", "userId"]
