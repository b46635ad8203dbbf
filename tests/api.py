"""The API as its callers see it: the template's routes, the real handlers, its document."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from openapi_schema_validator import OAS31Validator

from local.api import proxy_event
from local.metrics import MetricSink, decoded
from local.runtime import Runtime
from local.template import Stack

ROOT = Path(__file__).parent.parent
EVENTS = ROOT / "events"


def sample(name: str) -> dict[str, Any]:
    """An event of `events/`."""
    event: dict[str, Any] = json.loads((EVENTS / name).read_text())
    return event


class Api:
    """Answers requests; each answer is checked against `docs/openapi.json`."""

    def __init__(self, stack: Stack, sink: MetricSink | None = None) -> None:
        self._stack = stack
        self._sink = sink
        self._document = json.loads((ROOT / "docs" / "openapi.json").read_text())
        self.lines: list[Mapping[str, Any]] = []
        self.runtime = Runtime(stack.functions, self._on_line)

    def _on_line(self, _: str, line: str) -> None:
        record = decoded(line)
        self.lines.append(record)
        if self._sink:
            self._sink.put(record)

    def get(self, path: str, *, claims: Any = None, **parameters: object) -> tuple[int, Any]:
        """Status and decoded body of `GET path` with these query parameters.

        With claims the caller has a token of the user pool, else it is an IAM user.
        """
        target = f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path
        known = {route.path: route for route in self._stack.routes}
        route = known.get(urlsplit(path).path, known["/audit-logs/{id}"])
        held = {"id": path.rpartition("/")[2]} if "{id}" in route.path else {}
        event = proxy_event(route, target, path_parameters=held)
        if claims is not None:
            event["requestContext"]["authorizer"] = {"claims": dict(claims)}
        return self.send(event)

    def send(self, event: Mapping[str, Any]) -> tuple[int, Any]:
        """Status and decoded body of the answer to a request as API Gateway sends it."""
        [route] = [one for one in self._stack.routes if one.path == event["resource"]]
        answer = self.runtime.invoke(route.function, event)
        status, body = answer["statusCode"], json.loads(answer["body"])
        operation = self._document["paths"][route.path]["get"]
        schema = operation["responses"][str(status)]["content"]["application/json"]["schema"]
        whole = {**schema, "components": self._document["components"]}
        OAS31Validator(whole).validate(body)
        return status, body

    def pages(self, **parameters: object) -> Iterator[list[dict[str, Any]]]:
        """The items of each page of a listing."""
        cursor: dict[str, str] = {}
        while True:
            status, body = self.get("/audit-logs", **parameters, **cursor)
            assert status == 200, body
            yield body["items"]
            if body["nextCursor"] is None:
                return
            cursor = {"cursor": body["nextCursor"]}

    def listed(self, **parameters: object) -> list[dict[str, Any]]:
        """Every item of a listing."""
        return [item for page in self.pages(**parameters) for item in page]
