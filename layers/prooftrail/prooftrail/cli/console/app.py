"""The routes of the local server: the page, its assets, and the stack's API behind it."""

import asyncio
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Final, Protocol, TypeVar

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from prooftrail.aws.signed_api import ApiResponse, Parameters
from prooftrail.cli.console.access import Access
from prooftrail.cli.console.forwarding import (
    ROOT,
    clean_response,
    is_forwarded,
    make_error,
    parse_parameters,
)
from prooftrail.cli.errors import describe_error
from prooftrail.console import site
from prooftrail.errors import (
    AuditLogError,
    CredentialsError,
    InvalidQueryError,
    StoreUnavailableError,
)

_Result = TypeVar("_Result")
_START_AGAIN: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Audit trail</title></head>
<body><h1>This address cannot be opened</h1>
<p>The token in it is wrong or was used already, or this is not the browser that used it.
A token that is used twice ends the session: somebody else may have used it.</p>
<p>Start again: end <code>prooftrail console</code> with Ctrl-C, and run it once more.</p>
</body></html>
"""


class Api(Protocol):
    """The stack's API. See `SignedApi.get`."""

    def get(self, path: str, parameters: Parameters) -> ApiResponse:
        """Return the response to a GET."""
        ...


def make_app(api: Api, access: Access, settings: Mapping[str, str]) -> Starlette:
    """Return the application. `settings` are the page's, see console/src/settings.ts."""

    async def respond_with_api(request: Request) -> Response:
        path = get_raw_path(request.scope)
        if not is_forwarded(path):
            return _to_response(make_error(404, "not_found", "there is no such route"))
        try:
            parameters = parse_parameters(request.scope["query_string"])
            received = await _run_in_thread(lambda: api.get(path, parameters))
        except AuditLogError as error:
            return _to_response(_describe_fault(error))
        return _to_response(clean_response(received))

    async def respond_with_site(request: Request) -> Response:
        path = get_raw_path(request.scope).removeprefix("/")
        found = site.respond(path, request.headers.get("accept-encoding", ""), settings)
        return Response(found.body, found.status, found.headers)

    return Starlette(
        routes=[
            Route(ROOT, respond_with_api),
            Route(f"{ROOT}/{{rest:path}}", respond_with_api),
            Route("/{path:path}", respond_with_site),
        ],
        middleware=[Middleware(Guard, access=access, headers=site.make_headers(settings))],
        exception_handlers={Exception: _respond_to_fault},
    )


class Guard:
    """Lets a request pass that is a GET, to this server, from its page, with its session.

    A request with the token gets the session, once.
    """

    def __init__(self, app: ASGIApp, access: Access, headers: Mapping[str, str]) -> None:
        self._app = app
        self._access = access
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Respond to a request, or pass it on."""
        request = Request(scope)
        refusal = self._find_refusal(request)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refusal(scope, receive, send)

    def _find_refusal(self, request: Request) -> Response | None:
        """Return the response to a request that does not pass, or None."""
        if not self._access.is_from_here(request.headers):
            return _to_response(
                make_error(403, "wrong_origin", "the request is not from this server's own page")
            )
        path = get_raw_path(request.scope)
        if request.method != "GET":
            error = make_error(405, "method_not_allowed", "this server only reads")
            return _to_response(error, {"Allow": "GET"})
        if path == "/" and "token" in request.query_params:
            return self._open(request)
        if self._access.has_session(request.cookies):
            return None
        if path == ROOT or path.startswith(f"{ROOT}/"):
            message = "the session has ended: run prooftrail console again"
            return _to_response(make_error(401, "no_session", message))
        return self._refuse()

    def _open(self, request: Request) -> Response:
        response = RedirectResponse("/", 303, {"Cache-Control": "no-store"})
        if self._access.has_session(request.cookies):  # its own browser, by Back or a restart
            return response
        if not self._access.use_token(request.query_params["token"]):
            return self._refuse()
        response.set_cookie(
            self._access.cookie_name, self._access.session, httponly=True, samesite="strict"
        )
        return response

    def _refuse(self) -> Response:
        return HTMLResponse(_START_AGAIN, 403, {**self._headers, "Cache-Control": "no-store"})


def get_raw_path(scope: Scope) -> str:
    """Return the path as it was in the request, not decoded."""
    raw: bytes = scope["raw_path"]
    return raw.decode("ascii", "replace")


def _to_response(response: ApiResponse, added: Mapping[str, str] | None = None) -> Response:
    headers = {
        **response.headers,
        **(added or {}),
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(response.body, response.status, headers)


def _describe_fault(error: AuditLogError) -> ApiResponse:
    match error:
        case InvalidQueryError():
            status = 400
        case CredentialsError():
            text = f"{describe_error(error)}: renew them, then try again"
            return make_error(401, error.code, text)
        case StoreUnavailableError():
            status = 503
        case _:
            status = 502
    return make_error(status, error.code, describe_error(error))


def _respond_to_fault(_request: Request, error: Exception) -> Response:
    sys.stderr.write(f"error: the console failed at a request ({type(error).__name__})\n")
    return _to_response(make_error(500, "internal_error", "prooftrail console failed"))


async def _run_in_thread(function: Callable[[], _Result]) -> _Result:
    """Return the function's result. Its thread does not keep the process from ending."""
    future: Future[_Result] = Future()

    def run() -> None:
        try:
            result = function()
        except Exception as error:  # noqa: BLE001  # the caller raises it
            future.set_exception(error)
        else:
            future.set_result(result)

    Thread(target=run, daemon=True).start()
    return await asyncio.wrap_future(future)
