"""The REST API on this machine: it turns requests into proxy events, as API Gateway does."""

import base64
import gzip
import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule

from local.http_server import serve_http
from local.runtime import ACCOUNT_ID, FunctionError, Invoke
from local.template import Route
from prooftrail.console import site

CONSOLE_PATH = "/console"
MAX_BODY_BYTES = 10 * 1024 * 1024  # the limit of API Gateway
MINIMUM_COMPRESSION_SIZE = 1024  # as in the template
CALLER = f"arn:aws:iam::{ACCOUNT_ID}:user/local"


@contextmanager
def serve_api(
    host: str,
    port: int,
    routes: Sequence[Route],
    stage: str,
    invoke: Invoke,
    stack_name: str = "",
) -> Iterator[int]:
    """Serve the routes on this address inside the block. Yield the port; 0 selects a free port.

    The console is at `CONSOLE_PATH`. `stack_name` is what its commands name.

    Every caller is the IAM user `local`. This user may read every tenant, and use every route.

    Raises:
        OSError: the port is in use.
    """
    router = Router(routes)
    settings = {"api": "", "stack": stack_name, "log": uuid.uuid4().hex}

    class Handler(_Handler):
        def make_response(self) -> Mapping[str, Any]:
            path = urlsplit(self.path).path
            if self.command in {"GET", "HEAD"} and f"{path}/".startswith(f"{CONSOLE_PATH}/"):
                return _respond_with_console(self, path, settings)
            return _respond_to(self, router, stage, invoke)

    with serve_http(Handler, host, port) as bound_port:
        yield bound_port


class Router:
    """Finds the route of a request, as API Gateway does: by its path, then by its method."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = {(route.method, route.path): route for route in routes}
        paths = {route.path for route in routes}
        rules = [Rule(_make_rule(path), endpoint=path) for path in paths]
        self._paths = Map(rules, merge_slashes=False).bind("localhost")

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        """Return the route and its decoded path parameters, or None. `path` is URL-encoded."""
        try:
            template, parameters = self._paths.match(path)
        except NotFound:
            return None
        route = self._routes.get((method, template))
        decoded = {name: unquote(value) for name, value in parameters.items()}
        return (route, decoded) if route else None

    def list_methods(self, path: str) -> Sequence[str]:
        """Return the methods of the routes with this path, sorted. `path` is URL-encoded."""
        try:
            template, _ = self._paths.match(path)
        except NotFound:
            return []
        return sorted(method for method, known in self._routes if known == template)


def _make_rule(path: str) -> str:
    """Convert a path of the template to the syntax of werkzeug.

    >>> _make_rule("/logs/{id}/proof"), _make_rule("/tile/{path+}")
    ('/logs/<id>/proof', '/tile/<path:path>')
    """
    greedy = re.sub(r"\{(\w+)\+\}", r"<path:\1>", path)
    return re.sub(r"\{(\w+)\}", r"<\1>", greedy)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def make_response(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # http.server calls do_GET, do_POST, …
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        with suppress(ConnectionError):  # the client has closed the connection
            self._send(self.make_response())

    def _send(self, response: Mapping[str, Any]) -> None:
        body = response.get("body") or ""
        payload = base64.b64decode(body) if response.get("isBase64Encoded") else body.encode()
        headers = dict(response.get("headers") or {})
        if is_compressible(len(payload), headers, self.headers.get("Accept-Encoding", "")):
            payload = gzip.compress(payload, mtime=0)
            headers["Content-Encoding"] = "gzip"
        self.send_response(int(response["statusCode"]))
        for name, value in headers.items():
            self.send_header(name, str(value))
        for name, values in (response.get("multiValueHeaders") or {}).items():
            for value in values:
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        """Print nothing: the functions log their requests."""


def is_compressible(size: int, headers: Mapping[str, Any], accept_encoding: str) -> bool:
    """Return whether API Gateway compresses a response of so many bytes with these headers.

    >>> is_compressible(2000, {}, "gzip, br"), is_compressible(2000, {}, "identity")
    (True, False)
    """
    is_encoded = any(name.lower() == "content-encoding" for name in headers)
    return size >= MINIMUM_COMPRESSION_SIZE and not is_encoded and "gzip" in accept_encoding


def _respond_with_console(
    request: BaseHTTPRequestHandler, path: str, settings: Mapping[str, str]
) -> Mapping[str, Any]:
    if path == CONSOLE_PATH:  # the page's addresses are relative to a folder
        return {"statusCode": 308, "headers": {"Location": f"{CONSOLE_PATH}/"}}
    accepted = request.headers.get("Accept-Encoding", "")
    response = site.respond(path.removeprefix(f"{CONSOLE_PATH}/"), accepted, settings)
    return {
        "statusCode": response.status,
        "headers": response.headers,
        "body": base64.b64encode(response.body).decode(),
        "isBase64Encoded": True,
    }


def _respond_to(
    request: BaseHTTPRequestHandler, router: Router, stage: str, invoke: Invoke
) -> Mapping[str, Any]:
    declared = request.headers.get("Content-Length") or "0"
    is_sized = re.fullmatch(r"[0-9]{1,12}", declared) and "Transfer-Encoding" not in request.headers
    length = int(declared) if is_sized else MAX_BODY_BYTES + 1
    if length > MAX_BODY_BYTES:
        request.close_connection = True  # else the unread body becomes the next request
        return _make_error(
            413, "request_too_large", f"the body must have at most {MAX_BODY_BYTES} bytes"
        )
    return respond_to(
        request.command,
        request.path,
        router=router,
        invoke=invoke,
        headers=list(request.headers.items()),
        body=request.rfile.read(length) if length else None,
        stage=stage,
        source_ip=str(request.client_address[0]),
    )


def respond_to(
    method: str, target: str, *, router: Router, invoke: Invoke, **parts: Any
) -> Mapping[str, Any]:
    """Return the proxy response to a request. `parts` are those of `make_proxy_event`."""
    path = urlsplit(target).path
    found = router.find(method, path)
    if found is None:
        return _refuse_route(method, path, router.list_methods(path))
    route, parameters = found
    event = make_proxy_event(route, target, path_parameters=parameters, **parts)
    try:
        response = invoke(route.function, event)
    except FunctionError:
        return _make_error(502, "internal_error", "the function failed; its log says why")
    if not isinstance(response, dict) or "statusCode" not in response:
        return _make_error(502, "internal_error", "the function returned no proxy response")
    return response


def _refuse_route(method: str, path: str, allowed: Sequence[str]) -> Mapping[str, Any]:
    if not allowed:
        return _make_error(404, "not_found", f"there is no route {method} {path}")
    error = _make_error(405, "method_not_allowed", f"{path} has no method {method}")
    return {**error, "headers": {**error["headers"], "Allow": ", ".join(allowed)}}


def _make_error(status: int, code: str, message: str) -> Mapping[str, Any]:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"error": {"code": code, "message": message}}),
    }


def make_proxy_event(
    route: Route,
    target: str,
    *,
    path_parameters: Mapping[str, str],
    headers: Sequence[tuple[str, str]] = (),
    body: bytes | None = None,
    stage: str = "local",
    source_ip: str = "127.0.0.1",
) -> dict[str, Any]:
    """Return the event that API Gateway sends for a request of an IAM caller (REST API, 1.0).

    `target` is the path with its query string, as in the first line of the request. The body is
    in base64, because the API treats every media type as binary.
    """
    split = urlsplit(target)
    query: dict[str, list[str]] = {}
    for name, value in parse_qsl(split.query, keep_blank_values=True):
        query.setdefault(name, []).append(value)
    headers_by_name: dict[str, list[str]] = {}
    for name, value in headers:
        headers_by_name.setdefault(name, []).append(value)
    now = time.time()
    return {
        "resource": route.path,
        "path": unquote(split.path),
        "httpMethod": route.method,
        "headers": {name: values[-1] for name, values in headers_by_name.items()} or None,
        "multiValueHeaders": headers_by_name or None,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(path_parameters) or None,
        "stageVariables": None,
        "requestContext": {
            "accountId": ACCOUNT_ID,
            "apiId": "local",
            "domainName": "localhost",
            "extendedRequestId": str(uuid.uuid4()),
            "httpMethod": route.method,
            "identity": {
                "accessKey": "local",
                "accountId": ACCOUNT_ID,
                "caller": "AIDALOCAL",
                "cognitoAuthenticationProvider": None,
                "cognitoAuthenticationType": None,
                "cognitoIdentityId": None,
                "cognitoIdentityPoolId": None,
                "principalOrgId": None,
                "sourceIp": source_ip,
                "user": "AIDALOCAL",
                "userAgent": headers_by_name.get("User-Agent", [None])[-1],
                "userArn": CALLER,
            },
            "path": f"/{stage}{split.path}",
            "protocol": "HTTP/1.1",
            "requestId": str(uuid.uuid4()),
            "requestTime": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "requestTimeEpoch": int(now * 1000),
            "resourceId": "local",
            "resourcePath": route.path,
            "stage": stage,
        },
        "body": base64.b64encode(body).decode() if body else None,
        "isBase64Encoded": bool(body),
    }
