"""The console function: returns the files of the web console.

Nobody is authenticated here. The files are the same for everyone and hold nothing of the trail:
the page signs its reader in at the user pool and asks the API.
"""

import base64
import re
from collections.abc import Mapping
from typing import Any, Final

from prooftrail.console.site import respond
from prooftrail.runtime.config import get_settings

_BASE_PATH: Final = re.compile(r"(?:/[A-Za-z0-9$_.+!*'()~-]+)*")  # what API Gateway allows


def lambda_handler(event: Mapping[str, Any], context: object) -> dict[str, Any]:
    """Return the response to a GET or HEAD request of API Gateway (REST API, proxy integration)."""
    conf = get_settings()
    path = (event.get("pathParameters") or {}).get("proxy") or ""
    base_path = find_base_path(event["requestContext"]["path"], path)
    settings = {
        "api": base_path,
        "signIn": {"domain": conf.sign_in_url, "clientId": conf.sign_in_client_id},
        "stack": conf.stack_name,
    }
    response = respond(path, _find_accepted_encoding(event), settings, f"{base_path}/console/")
    body = b"" if event["httpMethod"] == "HEAD" else response.body
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


def find_base_path(request_path: str, path: str) -> str:
    """Return what stands before `/console`: the stage, or the mapping of a custom domain.

    API Gateway may leave out a slash at the end of a request's path.

    >>> find_base_path("/dev/console", ""), find_base_path("/console/", "")
    ('/dev', '')
    """
    folder = request_path.rstrip("/").removesuffix(path).rstrip("/")
    base_path = folder.removesuffix("/console")
    return base_path if _BASE_PATH.fullmatch(base_path) else ""


def _find_accepted_encoding(event: Mapping[str, Any]) -> str:
    headers: Mapping[str, str] = event.get("headers") or {}
    return next((text for name, text in headers.items() if name.lower() == "accept-encoding"), "")
