"""The context of each request and websocket of an ASGI application (Starlette, FastAPI)."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from uuid import uuid4

from prooftrail.client.context import audit_context
from prooftrail.client.fields import Actor
from prooftrail.client.flushing import run_in_thread
from prooftrail.client.middleware.request import make_request_fields, make_session_id
from prooftrail.client.sending.processes import send_at_shutdown

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
_ENDS: Final = ("lifespan.shutdown.complete", "lifespan.shutdown.failed")


def find_user(scope: Scope) -> Actor:
    """Return the user whom Starlette's AuthenticationMiddleware has put into the scope, if any."""
    user = scope.get("user")
    if not getattr(user, "is_authenticated", False):
        return None
    try:
        name = getattr(user, "display_name", None) or None
    except Exception:  # noqa: BLE001  # Starlette's `BaseUser` raises what a subclass leaves out
        name = None
    try:
        identity = getattr(user, "identity", None)
    except Exception:
        if name is None:
            raise
        identity = None
    return (name if identity is None or identity == "" else identity), name


class AuditContextMiddleware:
    """Binds address, user agent, request id, trace, user and more for the events of a request.

    `actor` finds the user in the scope when an event is logged, so this middleware can wrap the one
    that authenticates. The user never comes from a header. `actor_type`, `on_behalf_of`, `tenant`
    and `session` are called then too; `session` returns the session's key, and the event contains a
    digest of it. `on_behalf_of` returns the user whom the actor impersonates, if any.
    `trusted_proxies` is the number of proxies before the application. Leave it at 0 if the server
    already sets the client's address, as uvicorn does with `--proxy-headers`.

    At the end of the lifespan it sends the events that wait, because uvicorn then ends the process
    without running Python's exit handlers.
    """

    def __init__(
        self,
        app: App,
        *,
        trusted_proxies: int = 0,
        actor: Callable[[Scope], Actor] = find_user,
        actor_type: Callable[[Scope], str | None] | None = None,
        on_behalf_of: Callable[[Scope], Actor] | None = None,
        tenant: Callable[[Scope], str | None] | None = None,
        session: Callable[[Scope], str | None] | None = None,
        new_id: Callable[[], object] = uuid4,
    ) -> None:
        self._app = app
        self._trusted_proxies = trusted_proxies
        self._actor = actor
        self._actor_type = actor_type
        self._on_behalf_of = on_behalf_of
        self._tenant = tenant
        self._session = session
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application in the context of the request."""
        if scope["type"] not in ("http", "websocket"):
            if scope["type"] == "lifespan":
                return await _run_lifespan(self._app, scope, receive, send)
            return await self._app(scope, receive, send)
        with self._context(scope):
            return await self._app(scope, receive, send)

    def _context(self, scope: Scope) -> audit_context:
        actor_type, on_behalf_of = self._actor_type, self._on_behalf_of
        tenant, session = self._tenant, self._session
        traces = _list_header(scope, b"traceparent")
        fields = make_request_fields(
            peer=_get_first(scope.get("client")),
            forwarded_for=_list_header(scope, b"x-forwarded-for"),
            trusted_proxies=self._trusted_proxies,
            user_agent=_get_first(_list_header(scope, b"user-agent")),
            request_id=_get_first(_list_header(scope, b"x-request-id")),
            traceparent=traces[0] if len(traces) == 1 else None,
            new_id=self._new_id,
        )
        fields["actor"] = lambda: self._actor(scope)
        if actor_type is not None:
            fields["actor_type"] = lambda: actor_type(scope)
        if on_behalf_of is not None:
            fields["on_behalf_of"] = lambda: on_behalf_of(scope)
        if tenant is not None:
            fields["tenant_id"] = lambda: tenant(scope)
        if session is not None:
            fields["session_id"] = lambda: make_session_id(session(scope))
        return audit_context(**fields)


def _list_header(scope: Scope, name: bytes) -> list[object]:
    """Return the values of a header. A server that breaks the rules of ASGI has none."""
    try:
        return [value for key, value in scope.get("headers", ()) if key == name]
    except (TypeError, ValueError):
        return []


def _get_first(values: object) -> object:
    return values[0] if isinstance(values, list | tuple) and values else None


async def _run_lifespan(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    """Run the application, and send the events before the server learns that it has ended."""

    async def send_message(message: MutableMapping[str, Any]) -> None:
        if message["type"] in _ENDS:
            await run_in_thread(send_at_shutdown)
        await send(message)

    try:
        await app(scope, receive, send_message)
    except Exception:  # for the server that is an end too
        await run_in_thread(send_at_shutdown)
        raise
