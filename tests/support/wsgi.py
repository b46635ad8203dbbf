"""The API in process, as a WSGI application: the local API's routes in front of the handlers."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from local.api import Router, respond_to
from local.runtime import Runtime

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=local"
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class WsgiApi:
    """Responds as API Gateway does with IAM: a request without `AUTHORIZATION` has no caller."""

    def __init__(self, runtime: Runtime, router: Router) -> None:
        self._runtime = runtime
        self._router = router

    def __call__(
        self, environ: Mapping[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Respond to a request, see PEP 3333."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        headers = [
            (name.removeprefix("HTTP_").replace("_", "-").title(), value)
            for name, value in environ.items()
            if name.startswith("HTTP_") or name in {"CONTENT_TYPE", "CONTENT_LENGTH"}
        ]
        response = respond_to(
            environ["REQUEST_METHOD"],
            f"{environ['REQUEST_URI'].partition('?')[0]}?{environ['QUERY_STRING']}",
            router=self._router,
            invoke=self._invoke,
            headers=headers,
            body=environ["wsgi.input"].read(length) if length else None,
        )
        body = response.get("body") or ""
        payload = b64decode(body) if response.get("isBase64Encoded") else body.encode()
        sent = list((response.get("headers") or {}).items())
        for name, values in (response.get("multiValueHeaders") or {}).items():
            sent += [(name, str(value)) for value in values]
        start_response(f"{response['statusCode']} -", sent)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else payload]

    def _invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        if (event["headers"] or {}).get("Authorization") != AUTHORIZATION:
            error = {"code": "request_refused", "message": "Missing Authentication Token"}
            headers = {"Content-Type": "application/json"}
            return {"statusCode": 403, "headers": headers, "body": json.dumps({"error": error})}
        return self._runtime.invoke(name, event)
