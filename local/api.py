"""The REST API on this machine: API Gateway's proxy events into the real handlers."""

import base64
import json
import re
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from local.runtime import ACCOUNT_ID, FunctionError, Invoke
from local.template import Route

MAX_BODY_BYTES = 10 * 1024 * 1024  # API Gateway's
CALLER = f"arn:aws:iam::{ACCOUNT_ID}:user/local"


@contextmanager
def serve_api(
    host: str, port: int, routes: Sequence[Route], stage: str, invoke: Invoke
) -> Iterator[int]:
    """Serve the routes on this address for the duration and answer the port; 0 takes a free one.

    Every caller is the IAM user `local`, who may read every tenant.

    Raises:
        OSError: the port is taken.
    """
    table = sorted(routes, key=lambda route: "{" in route.path)

    class Handler(_Handler):
        def answer(self) -> Mapping[str, Any]:
            return _respond_to(self, table, stage, invoke)

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="api", daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> Mapping[str, Any]:
        raise NotImplementedError

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):  # what http.server looks for, by the request's method
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        with suppress(ConnectionError):  # a client that has given up needs no answer
            self._respond(self.answer())

    def _respond(self, answer: Mapping[str, Any]) -> None:
        body = answer.get("body") or ""
        payload = base64.b64decode(body) if answer.get("isBase64Encoded") else body.encode()
        self.send_response(int(answer["statusCode"]))
        for name, value in (answer.get("headers") or {}).items():
            self.send_header(name, str(value))
        for name, values in (answer.get("multiValueHeaders") or {}).items():
            for value in values:
                self.send_header(name, str(value))
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the functions log their requests."""


def _respond_to(
    request: BaseHTTPRequestHandler, routes: Sequence[Route], stage: str, invoke: Invoke
) -> Mapping[str, Any]:
    given = request.headers.get("Content-Length") or "0"
    is_sized = re.fullmatch(r"[0-9]{1,12}", given) and "Transfer-Encoding" not in request.headers
    length = int(given) if is_sized else MAX_BODY_BYTES + 1
    if length > MAX_BODY_BYTES:
        request.close_connection = True  # what is not read must not be taken for a request
        return _make_error(413, "request_too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
    body = request.rfile.read(length) if length else None
    path = urlsplit(request.path).path
    matched = _match_route(request.command, path, routes)
    if matched is None:
        return _make_error(404, "not_found", f"no route {request.command} {path}")
    route, parameters = matched
    event = make_proxy_event(
        route,
        request.path,
        path_parameters=parameters,
        headers=list(request.headers.items()),
        body=body,
        stage=stage,
        source_ip=str(request.client_address[0]),
    )
    try:
        answer = invoke(route.function, event)
    except FunctionError:
        return _make_error(502, "internal_error", "the function failed; its log says why")
    if not isinstance(answer, dict) or "statusCode" not in answer:
        return _make_error(502, "internal_error", "the function's answer is not a proxy response")
    return answer


def _match_route(
    method: str, path: str, routes: Sequence[Route]
) -> tuple[Route, Mapping[str, str]] | None:
    for route in routes:
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(route.path))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
        match = re.fullmatch(pattern, path)
        if match and method == route.method:
            return route, {name: unquote(value) for name, value in match.groupdict().items()}
    return None


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
    """The event that API Gateway sends for a request of an IAM caller (REST API, proxy, 1.0).

    A body comes in base 64, since the API takes every media type for binary. `target`
    is the path with its query string, as in the request's first line.
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
