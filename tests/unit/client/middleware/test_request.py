"""What a server or an application passes in another type does not end a request."""

from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from prooftrail.client import current_context
from prooftrail.client.fields import EventFields
from prooftrail.client.middleware.asgi import AuditContextMiddleware as AsgiMiddleware
from prooftrail.client.middleware.request import make_session_id
from prooftrail.client.middleware.wsgi import AuditContextMiddleware as WsgiMiddleware

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"
FROM_BYTES = {
    "ip_address": "203.0.113.9",
    "user_agent": "curl/\xff",
    "request_id": "r-1",
    "trace_id": TRACE,
}


def call_asgi(scope: Mapping[str, Any]) -> EventFields:
    """Return the context of a request with this scope."""
    found: list[EventFields] = []

    async def app(*_: object) -> None:
        found.append(current_context())

    wrapped: Any = AsgiMiddleware(app, trusted_proxies=1, new_id=lambda: "new")
    with suppress(StopIteration):  # the coroutine waits for nothing
        wrapped({"type": "http", **scope}, None, None).send(None)
    return found[0]


def call_wsgi(environ: Mapping[str, Any]) -> EventFields:
    """Return the context of a request with this environment."""
    found: list[EventFields] = []

    def app(*_: object) -> list[bytes]:
        found.append(current_context())
        return []

    wrapped: Any = WsgiMiddleware(app, trusted_proxies=1, new_id=lambda: "new")
    wrapped(dict(environ), None)
    return found[0]


@pytest.mark.parametrize("value", [5, None, object(), ["x"], {}, "\ud800"])
def test_a_value_of_the_server_that_is_not_text_is_left_out(value: Any) -> None:
    names = ("USER_AGENT", "X_FORWARDED_FOR", "X_REQUEST_ID", "TRACEPARENT")
    environ = {f"HTTP_{name}": value for name in names} | {"REMOTE_ADDR": value}
    headers = [(name.replace("_", "-").lower().encode(), value) for name in names]
    for found in (
        call_wsgi(environ),
        call_asgi({"client": (value, 1), "headers": headers}),
        call_asgi({"client": value, "headers": value}),
    ):
        found.pop("user_agent", None)
        assert found == {"request_id": "new"}


def test_bytes_of_the_server_are_read_as_latin_1() -> None:
    environ = {
        "REMOTE_ADDR": b"10.0.0.7",
        "HTTP_X_FORWARDED_FOR": b"6.6.6.6, 203.0.113.9",
        "HTTP_USER_AGENT": b"curl/\xff",
        "HTTP_X_REQUEST_ID": b"r-1",
        "HTTP_TRACEPARENT": PARENT.encode(),
    }
    assert call_wsgi(environ) == FROM_BYTES
    headers = [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode(), value)
        for name, value in environ.items()
    ]
    assert call_asgi({"client": (b"10.0.0.7", 1), "headers": headers}) == FROM_BYTES


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (UUID(int=1), b"00000000-0000-0000-0000-000000000001"),
        (0, b"0"),
        (2**70, b"1180591620717411303424"),
        (b"the key", b"the key"),
        (b"\xff", b"\xed\xb3\xbf"),
    ],
)
def test_the_key_of_a_session_can_be_any_identifier(key: object, text: bytes) -> None:
    assert make_session_id(key) == sha256(text).hexdigest()[:32]


@pytest.mark.parametrize("key", [None, "", b"", False, {}])
def test_without_a_key_there_is_no_session_id(key: object) -> None:
    assert make_session_id(key) is None
