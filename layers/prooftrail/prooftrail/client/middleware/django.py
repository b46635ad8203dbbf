"""The context of each request of a Django project, under WSGI and ASGI.

    MIDDLEWARE = ["prooftrail.client.middleware.django.AuditContextMiddleware", ...]

The settings are optional. `PROOFTRAIL_TRUSTED_PROXIES` is the number of proxies before the project
(0). The others are dotted paths of callables that take the request: `PROOFTRAIL_TENANT` returns its
tenant, `PROOFTRAIL_ACTOR` the user in place of `request.user`, `PROOFTRAIL_ACTOR_TYPE` the user's
type, and `PROOFTRAIL_ON_BEHALF_OF` the user whom the actor impersonates.
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
from prooftrail.client.middleware.request import make_request_fields, make_session_id
from prooftrail.client.middleware.streams import ContextStream, stream_in_context


class AuditContextMiddleware:
    """Binds address, user agent, request id, trace, user and more for the events of a request.

    It finds the user and the session when an event is logged, so it can be anywhere in MIDDLEWARE;
    put it first. In an async view Django cannot load `request.user`: there the user is known after
    the view has awaited `request.auser()`. The context holds until a streamed response is consumed.
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
        self._actor = _import_setting("PROOFTRAIL_ACTOR") or _find_user
        self._actor_type = _import_setting("PROOFTRAIL_ACTOR_TYPE")
        self._on_behalf_of = _import_setting("PROOFTRAIL_ON_BEHALF_OF")
        self._tenant = _import_setting("PROOFTRAIL_TENANT")

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Respond in the context of the request."""
        if self._is_async:
            return self._respond(request)
        with self._context(request):
            return _keep_context(self._get_response(request))

    async def _respond(self, request: HttpRequest) -> HttpResponseBase:
        with self._context(request):
            return _keep_context(await self._get_response(request))

    def _context(self, request: HttpRequest) -> audit_context:
        fields = make_request_fields(
            peer=request.META.get("REMOTE_ADDR"),
            forwarded_for=request.META.get("HTTP_X_FORWARDED_FOR"),
            trusted_proxies=self._trusted_proxies,
            user_agent=request.META.get("HTTP_USER_AGENT"),
            request_id=request.META.get("HTTP_X_REQUEST_ID"),
            traceparent=request.META.get("HTTP_TRACEPARENT"),
            new_id=self._new_id,
        )
        actor_type, on_behalf_of = self._actor_type, self._on_behalf_of
        fields["actor"] = lambda: self._actor(request)
        if actor_type is not None:
            fields["actor_type"] = lambda: actor_type(request)
        if on_behalf_of is not None:
            fields["on_behalf_of"] = lambda: on_behalf_of(request)
        fields["session_id"] = lambda: _find_session_id(request)
        tenant = self._tenant
        if tenant is not None:
            fields["tenant_id"] = lambda: tenant(request)
        return audit_context(**fields)


def _import_setting(name: str) -> Callable[[HttpRequest], Any] | None:
    """Return the callable whose dotted path is the value of a setting, or None without it."""
    path: str | None = getattr(conf.settings, name, None)
    return import_string(path) if path else None


def _find_user(request: HttpRequest) -> Actor:
    user: Any = getattr(request, "user", None)  # Any: Django has no types
    if user is None:
        return None
    try:
        is_authenticated = user.is_authenticated
    except SynchronousOnlyOperation:  # not loaded, which an event loop prevents
        user = getattr(request, "_acached_user", None)  # the result of `auser()`
        if user is None:
            raise
        is_authenticated = user.is_authenticated
    return (str(user.pk), user.get_username()) if is_authenticated else None


def _find_session_id(request: HttpRequest) -> str | None:
    session = getattr(request, "session", None)
    return make_session_id(getattr(session, "session_key", None))


def _keep_context(response: HttpResponseBase) -> HttpResponseBase:
    """Return the response. If its body is made later, that is done in this context."""
    if response.streaming and getattr(response, "file_to_stream", None) is None:
        make = stream_in_context if response.is_async else ContextStream
        response.streaming_content = make(response.streaming_content)
    return response
