"""The context of each request of a WSGI application (Flask, Pyramid, Bottle)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from prooftrail.client.context import audit_context
from prooftrail.client.fields import Actor
from prooftrail.client.middleware.request import make_request_fields, make_session_id
from prooftrail.client.middleware.streams import ContextStream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]


def find_user(environ: Environ) -> Actor:
    """Return the user whom the server or a middleware has authenticated. No header can set it."""
    return environ.get("REMOTE_USER") or None


class AuditContextMiddleware:
    """Binds address, user agent, request id, trace, user and more for the events of a request.

    The context holds until the body of the response is consumed. `actor` finds the user when an
    event is logged; with Flask-Login it is `lambda environ: current_user.get_id()`. The user never
    comes from a header. `actor_type`, `on_behalf_of`, `tenant` and `session` are called then too;
    `session` returns the session's key, and the event contains a digest of it. `on_behalf_of`
    returns the user whom the actor impersonates, if any. `trusted_proxies` is the number of proxies
    before the application. Leave it at 0 if another middleware already sets the client's address,
    as Werkzeug's ProxyFix does.
    """

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        trusted_proxies: int = 0,
        actor: Callable[[Environ], Actor] = find_user,
        actor_type: Callable[[Environ], str | None] | None = None,
        on_behalf_of: Callable[[Environ], Actor] | None = None,
        tenant: Callable[[Environ], str | None] | None = None,
        session: Callable[[Environ], str | None] | None = None,
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

    def __call__(self, environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        """Run the application, and the code that makes its body, in the context of the request."""
        with self._context(environ):
            body = self._app(environ, start_response)
            return body if _is_complete(body, environ) else ContextStream(body)

    def _context(self, environ: Environ) -> audit_context:
        actor_type, on_behalf_of = self._actor_type, self._on_behalf_of
        tenant, session = self._tenant, self._session
        fields = make_request_fields(
            peer=environ.get("REMOTE_ADDR"),
            forwarded_for=environ.get("HTTP_X_FORWARDED_FOR"),
            trusted_proxies=self._trusted_proxies,
            user_agent=environ.get("HTTP_USER_AGENT"),
            request_id=environ.get("HTTP_X_REQUEST_ID"),
            traceparent=environ.get("HTTP_TRACEPARENT"),
            new_id=self._new_id,
        )
        fields["actor"] = lambda: self._actor(environ)
        if actor_type is not None:
            fields["actor_type"] = lambda: actor_type(environ)
        if on_behalf_of is not None:
            fields["on_behalf_of"] = lambda: on_behalf_of(environ)
        if tenant is not None:
            fields["tenant_id"] = lambda: tenant(environ)
        if session is not None:
            fields["session_id"] = lambda: make_session_id(session(environ))
        return audit_context(**fields)


def _is_complete(body: Iterable[bytes], environ: Environ) -> bool:
    """Return whether no code of the application makes the body.

    The body then keeps its type, because a server can treat a file in a special way.
    """
    file_wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(body, list | tuple) or (
        isinstance(file_wrapper, type) and isinstance(body, file_wrapper)
    )
