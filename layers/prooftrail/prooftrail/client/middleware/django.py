"""The context of each request of a Django project, under WSGI and ASGI.

    MIDDLEWARE = ["prooftrail.client.middleware.django.AuditContextMiddleware", ...]

Settings, all optional: `PROOFTRAIL_TRUSTED_PROXIES`, how many proxies stand before the project (0);
`PROOFTRAIL_TENANT`, the dotted path of a callable that is given the request and answers its tenant.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django import conf
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from prooftrail.client.context import audit_context
from prooftrail.client.fields import Actor
from prooftrail.client.middleware.request import request_fields, session_id_of
from prooftrail.client.middleware.streams import HeldStream, held_stream


class AuditContextMiddleware:
    """Binds address, user agent, request id, user, tenant and session for the events of a request.

    The user and the session are looked at when an event is logged, so it may stand anywhere in
    MIDDLEWARE; first is best. In an async view, where Django cannot load `request.user`, the user
    is known once the view has awaited `request.auser()`. The context holds until a streamed
    response is consumed.
    """

    sync_capable = True
    async_capable = True

    def __init__(
        self, get_response: Callable[[HttpRequest], Any], new_id: Callable[[], object] = uuid4
    ) -> None:
        self._get_response = get_response
        self._new_id = new_id
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)
        self._trusted_proxies: int = getattr(conf.settings, "PROOFTRAIL_TRUSTED_PROXIES", 0)
        tenant: str | None = getattr(conf.settings, "PROOFTRAIL_TENANT", None)
        self._tenant = import_string(tenant) if tenant else None

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer within the request's context."""
        if self._is_async:
            return self._answer(request)
        with self._context(request):
            return _held(self._get_response(request))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        with self._context(request):
            return _held(await self._get_response(request))

    def _context(self, request: HttpRequest) -> audit_context:
        fields = request_fields(
            peer=request.META.get("REMOTE_ADDR"),
            forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR"),
            trusted_proxies=self._trusted_proxies,
            user_agent=request.META.get("HTTP_USER_AGENT"),
            request_id=request.META.get("HTTP_X_REQUEST_ID"),
            new_id=self._new_id,
        )
        fields["actor"] = lambda: _user_of(request)
        fields["session_id"] = lambda: _session_of(request)
        tenant = self._tenant
        if tenant is not None:
            fields["tenant_id"] = lambda: tenant(request)
        return audit_context(**fields)


def _user_of(request: HttpRequest) -> Actor:
    user: Any = getattr(request, "user", None)  # Any: Django has no types
    if user is None:
        return None
    try:
        is_known = user.is_authenticated
    except SynchronousOnlyOperation:  # not loaded yet, and it cannot be while an event loop runs
        user = getattr(request, "_acached_user", None)  # where Django keeps `auser()`'s answer
        if user is None:
            raise
        is_known = user.is_authenticated
    return (str(user.pk), user.get_username()) if is_known else None


def _session_of(request: HttpRequest) -> str | None:
    session = getattr(request, "session", None)
    return session_id_of(getattr(session, "session_key", None))


def _held(response: HttpResponseBase) -> HttpResponseBase:
    """The response, its body made in this context when it is made later on."""
    if response.streaming and getattr(response, "file_to_stream", None) is None:
        make = held_stream if response.is_async else HeldStream
        response.streaming_content = make(response.streaming_content)
    return response
