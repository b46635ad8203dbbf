"""What passes to the stack's API, and what comes back: reads of `/audit-logs…`, in one form.

Nothing of a request is passed on but its path and its parameters, and these are encoded again.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from prooftrail.aws.signed_api import ApiResponse, Parameters
from prooftrail.errors import InvalidQueryError, Problem

ROOT: Final = "/audit-logs"
MAX_PATH_LENGTH: Final = 300
MAX_QUERY_LENGTH: Final = 8_000  # API Gateway takes 10,240 bytes of request line and headers
MAX_PARAMETERS: Final = 50
# The API's ids and tiles have no other characters. So no form of `..`, `%2f` or `//` passes.
_PATH: Final = re.compile(rf"{ROOT}(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*", re.ASCII)
_PASSED_HEADERS: Final = ("content-type", "retry-after")
_MEDIA_TYPES: Final = frozenset({"application/json", "application/octet-stream", "text/plain"})
_CODES: Final[Mapping[int, str]] = {401: "unauthorized", 403: "forbidden", 429: "throttled"}


def is_forwarded(path: str) -> bool:
    """Return whether the API can have this path, as it was in the request.

    >>> [is_forwarded(f"/audit-logs{rest}") for rest in ("", "/log", "/tile/0/x001/234.p/7")]
    [True, True, True]
    >>> [is_forwarded(f"/audit-logs{rest}") for rest in ("/", "/../x", "/%2e%2e/x", "//x", "x")]
    [False, False, False, False, False]
    """
    return len(path) <= MAX_PATH_LENGTH and _PATH.fullmatch(path) is not None


def parse_parameters(query: bytes) -> Parameters:
    """Return the parameters of a query string.

    Raises:
        InvalidQueryError: it is too long, or not URL-encoded UTF-8.
    """
    try:
        if len(query) <= MAX_QUERY_LENGTH:
            return parse_qsl(
                query.decode("ascii"),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_PARAMETERS,
            )
    except ValueError:  # UnicodeDecodeError too
        pass
    rule = (
        f"must have at most {MAX_QUERY_LENGTH:,} bytes and {MAX_PARAMETERS} parameters, "
        "in URL-encoded UTF-8"
    )
    raise InvalidQueryError([Problem("query string", rule, f"{len(query):,} bytes")])


def clean_response(response: ApiResponse) -> ApiResponse:
    """Return the response as the page gets it: few headers, and each error in the API's form.

    What is not a response of the API, such as a redirect or a proxy's page, becomes a 502.
    """
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if 200 <= response.status < 300 and media_type in _MEDIA_TYPES:
        kept = {name: response.headers.get(name, "") for name in _PASSED_HEADERS}
        return ApiResponse(
            response.status, {name: text for name, text in kept.items() if text}, response.body
        )
    if response.status < 400:
        return make_error(502, "bad_gateway", "the address of the API belongs to something else")
    content = _find_error(response.body)
    code = _CODES.get(response.status, "api_failed")
    error = make_error(response.status, code, f"the API responded with {response.status}")
    body = json.dumps({"error": content}).encode() if content else error.body
    retry_after = response.headers.get("retry-after", "")
    added = {"retry-after": retry_after} if re.fullmatch(r"[0-9]{1,6}", retry_after) else {}
    return ApiResponse(response.status, {**error.headers, **added}, body)


def make_error(status: int, code: str, message: str) -> ApiResponse:
    """Return an error in the form of the API's."""
    body = json.dumps({"error": {"code": code, "message": message}}).encode()
    return ApiResponse(status, {"content-type": "application/json"}, body)


def _find_error(body: bytes) -> Mapping[str, Any] | None:
    """Return the error of the API, or of API Gateway in the same form, or None.

    API Gateway's own errors are `{"message": …}`, those of IAM `{"Message": …}`.
    """
    try:
        content = json.loads(body)
    except ValueError:
        return None
    match content:
        case {"error": {"message": str()} as error}:
            return dict(error)
        case {"message": str() as message} | {"Message": str() as message}:
            return {"code": "refused", "message": message[:1_000]}
        case _:
            return None
