"""The API as API Gateway serves it: below its stage, with the authorizer of a user pool."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

from local.api import Router, respond_to
from local.http_server import serve_http
from local.runtime import Invoke
from local.template import Stack

Authorize = Callable[[str | None], Mapping[str, str] | None]
NOBODY = ("accessKey", "caller", "user", "userArn")


@contextmanager
def serve_deployed_api(stack: Stack, invoke: Invoke, authorize: Authorize) -> Iterator[str]:
    """Serve the stack's routes inside the block. Yield the address, which ends with the stage.

    `authorize` returns the claims of a token. The console needs none.
    """
    router = Router(stack.routes)

    def invoke_authorized(name: str, event: Mapping[str, Any]) -> Any:
        context = event["requestContext"]
        identity = {**context["identity"], **dict.fromkeys(NOBODY)}
        changed = {**context, "identity": identity}
        if name != "ConsoleFunction":
            claims = authorize((event["headers"] or {}).get("Authorization"))
            if claims is None:
                return {"statusCode": 401, "body": json.dumps({"message": "Unauthorized"})}
            changed["authorizer"] = {"claims": claims}
        return invoke(name, {**event, "requestContext": changed})

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            stage, _, target = self.path.removeprefix("/").partition("/")
            if stage != stack.stage:
                self.send_error(403)
                return
            response = respond_to(
                self.command,
                f"/{target}",
                router=router,
                invoke=invoke_authorized,
                headers=list(self.headers.items()),
                stage=stage,
            )
            body = (response.get("body") or "").encode()
            content = base64.b64decode(body) if response.get("isBase64Encoded") else body
            self.send_response(response["statusCode"])
            for name, value in (response.get("headers") or {}).items():
                self.send_header(name, value)
            for name, values in (response.get("multiValueHeaders") or {}).items():
                for value in values:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with serve_http(Handler) as port:
        yield f"http://127.0.0.1:{port}/{stack.stage}"
