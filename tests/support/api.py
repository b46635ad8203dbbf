"""The API as its callers see it: the template's routes and the real handlers."""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from openapi_schema_validator import OAS31Validator

from local.api import Router, make_proxy_event
from local.metrics import MetricSink, decode_line
from local.runtime import Runtime
from local.template import Route, Stack
from prooftrail.runtime.callers import GROUPS_CLAIM, Right

ROOT = Path(__file__).parents[2]
EVENTS = ROOT / "events"
JSON = "application/json"
TEXT = "text/plain; charset=utf-8"


_make_router = cache(Router)


@cache
def _read_document() -> Any:
    return json.loads((ROOT / "docs" / "openapi.json").read_text())


def load_sample(name: str) -> dict[str, Any]:
    """Return the sample event with this file name in `events/`."""
    event: dict[str, Any] = json.loads((EVENTS / name).read_text())
    return event


@dataclass(frozen=True, slots=True)
class ApiResponse:
    """A response; its body is decoded JSON, text or bytes, depending on the content type."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Api:
    """Sends requests to the handlers and checks each response against `docs/openapi.json`."""

    def __init__(self, stack: Stack, sink: MetricSink | None = None) -> None:
        self._stack = stack
        self._sink = sink
        self._router = _make_router(tuple(stack.routes))
        self._document = _read_document()
        self.lines: list[Mapping[str, Any]] = []
        self.runtime = Runtime(stack.functions, self._on_line)

    def _on_line(self, _: str, line: str) -> None:
        record = decode_line(line)
        self.lines.append(record)
        if self._sink:
            self._sink.put(record)

    def get(self, path: str, *, claims: Any = None, **parameters: object) -> tuple[int, Any]:
        """Return status and decoded body of `GET path` with these query parameters.

        With claims, the caller has a token of the user pool, by default in every group. Without,
        it is an IAM user.
        """
        response = self.get_response(path, claims=claims, **parameters)
        return response.status, response.body

    def post(
        self,
        path: str,
        body: bytes,
        *,
        claims: Any = None,
        headers: Mapping[str, str] | None = None,
        **parameters: object,
    ) -> ApiResponse:
        """Return the response to `POST path` with this body; `claims` are as in `get`."""
        target = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
        route, held = self._find_route("POST", path)
        sent = list((headers or {}).items())
        event = make_proxy_event(route, target, path_parameters=held, headers=sent, body=body)
        response = self.respond(_add_claims(claims, event))
        if response.status == 202:  # the schema describes what is accepted completely
            described = self._document["paths"][path]["post"]["requestBody"]["content"][JSON]
            self._validate(json.loads(body), described["schema"])
        return response

    def _validate(self, value: object, schema: Mapping[str, Any]) -> None:
        whole = {**schema, "components": self._document["components"]}
        OAS31Validator(whole).validate(value)

    def get_response(self, path: str, *, claims: Any = None, **parameters: object) -> ApiResponse:
        """Return the response to `GET path`; the parameters are as in `get`."""
        target = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
        route, held = self._find_route("GET", path)
        event = make_proxy_event(route, target, path_parameters=held)
        return self.respond(_add_claims(claims, event))

    def _find_route(self, method: str, path: str) -> tuple[Route, Mapping[str, str]]:
        found = self._router.find(method, path)
        if found is None:
            raise LookupError(f"no route {method} {path}")
        return found

    def send(self, event: Mapping[str, Any]) -> tuple[int, Any]:
        """Return status and decoded body of the response to an event of API Gateway."""
        response = self.respond(event)
        return response.status, response.body

    def respond(self, event: Mapping[str, Any]) -> ApiResponse:
        """Return the response to an event of API Gateway."""
        target = (event["httpMethod"], event["resource"])
        [route] = [route for route in self._stack.routes if (route.method, route.path) == target]
        given = self.runtime.invoke(route.function, event)
        headers = {name: values[-1] for name, values in given["multiValueHeaders"].items()}
        content_type, body = headers["Content-Type"], given["body"]
        operations = self._document["paths"][route.path.replace("+}", "}")]
        operation = operations[route.method.lower()]
        schema = operation["responses"][str(given["statusCode"])]["content"][content_type]["schema"]
        is_binary = schema.get("format") == "binary"
        assert given["isBase64Encoded"] == is_binary
        if is_binary:
            assert schema["type"] == "string"
            return ApiResponse(given["statusCode"], headers, b64decode(body, validate=True))
        decoded_body = json.loads(body) if content_type == JSON else body
        self._validate(decoded_body, schema)
        return ApiResponse(given["statusCode"], headers, decoded_body)

    def list_pages(
        self, path: str = "/audit-logs", **parameters: object
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield the items of each page of a listing."""
        cursor: dict[str, str] = {}
        while True:
            status, body = self.get(path, **parameters, **cursor)
            assert status == 200, body
            yield body["items"]
            if body["nextCursor"] is None:
                return
            cursor = {"cursor": body["nextCursor"]}

    def list_items(self, path: str = "/audit-logs", **parameters: object) -> list[dict[str, Any]]:
        """Return every item of a listing."""
        return [item for page in self.list_pages(path, **parameters) for item in page]


def _add_claims(claims: Any, event: dict[str, Any]) -> dict[str, Any]:
    if claims is not None:
        claims = {GROUPS_CLAIM: ",".join(Right), **claims}
        event["requestContext"]["authorizer"] = {"claims": claims}
    return event
