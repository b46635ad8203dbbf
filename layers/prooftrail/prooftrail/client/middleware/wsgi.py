"""The context of each request of a WSGI application (Flask, Pyramid, Bottle)."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from prooftrail.client.context import audit_context
from prooftrail.client.fields import Actor
from prooftrail.client.middleware.request import request_fields, session_id_of
from prooftrail.client.middleware.streams import HeldStream

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]


def remote_user(environ: Environ) -> Actor:
    """The user whom the server, or a middleware, authenticated; no header can set it."""
    return environ.get("REMOTE_USER") or None


class AuditContextMiddleware:
    """Binds address, user agent, request id, user, tenant and session for the events of a request.

    The context holds until the response's body is consumed. Who it is, is never taken from a
    header: `actor` answers it when an event is logged, with Flask-Login for instance
    `lambda environ: current_user.get_id()`. `tenant` is asked then too, and `session` for the
    session's key, of which the event holds a digest. `trusted_proxies` is how many proxies stand
    before the application; none when another middleware already rewrites the client's address
    (Werkzeug's ProxyFix).
    """

    def __init__(
        self,
        app: "WSGIApplication",
        *,
        trusted_proxies: int = 0,
        actor: Callable[[Environ], Actor] = remote_user,
        tenant: Callable[[Environ], str | None] | None = None,
        session: Callable[[Environ], str | None] | None = None,
        new_id: Callable[[], object] = uuid4,
    ) -> None:
        self._app = app
        self._trusted_proxies = trusted_proxies
        self._actor = actor
        self._tenant = tenant
        self._session = session
        self._new_id = new_id

    def __call__(self, environ: Environ, start_response: "StartResponse") -> Iterable[bytes]:
        """Run the application, and what makes its body, within the request's context."""
        with self._context(environ):
            body = self._app(environ, start_response)
            return body if _is_complete(body, environ) else HeldStream(body)

    def _context(self, environ: Environ) -> audit_context:
        tenant, session = self._tenant, self._session
        fields = request_fields(
            peer=environ.get("REMOTE_ADDR"),
            forwarded_for=environ.get("HTTP_X_FORWARDED_FOR"),
            trusted_proxies=self._trusted_proxies,
            user_agent=environ.get("HTTP_USER_AGENT"),
            request_id=environ.get("HTTP_X_REQUEST_ID"),
            new_id=self._new_id,
        )
        fields["actor"] = lambda: self._actor(environ)
        if tenant is not None:
            fields["tenant_id"] = lambda: tenant(environ)
        if session is not None:
            fields["session_id"] = lambda: session_id_of(session(environ))
        return audit_context(**fields)


def _is_complete(body: Iterable[bytes], environ: Environ) -> bool:
    """Whether no code of the application makes the body; the server may know it by its type."""
    file_wrapper = environ.get("wsgi.file_wrapper")
    return isinstance(body, list | tuple) or (
        isinstance(file_wrapper, type) and isinstance(body, file_wrapper)
    )
