"""Responses and errors of the API, and their descriptions for OpenAPI.

An error is `{"error": {"code", "message", "fields"?}}`. Its type decides its status, in this module
alone.
"""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError

from prooftrail.errors import (
    MAX_SHOWN_PROBLEMS,
    AuditLogError,
    CanonicalizationError,
    CheckpointNotInLogError,
    EventNotFoundError,
    EventTooLargeError,
    GroupMissingError,
    InvalidBodyError,
    InvalidEventError,
    InvalidQueryError,
    NotPublishedError,
    QueueThrottledError,
    RateExceededError,
    TenantForbiddenError,
    TileNotFoundError,
)
from prooftrail.runtime.callers import Right
from prooftrail.runtime.telemetry import get_logger

RETRY_AFTER_SECONDS: Final = 2
PUBLISHED_AFTER_SECONDS: Final = 60
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
BINARY: Final = "application/octet-stream"
_STATUSES: Final[Mapping[type[AuditLogError], HTTPStatus]] = {
    InvalidQueryError: HTTPStatus.BAD_REQUEST,
    InvalidBodyError: HTTPStatus.BAD_REQUEST,
    InvalidEventError: HTTPStatus.BAD_REQUEST,
    CanonicalizationError: HTTPStatus.BAD_REQUEST,
    TenantForbiddenError: HTTPStatus.FORBIDDEN,
    GroupMissingError: HTTPStatus.FORBIDDEN,
    EventNotFoundError: HTTPStatus.NOT_FOUND,
    NotPublishedError: HTTPStatus.NOT_FOUND,
    TileNotFoundError: HTTPStatus.NOT_FOUND,
    CheckpointNotInLogError: HTTPStatus.NOT_FOUND,
    EventTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    QueueThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
    RateExceededError: HTTPStatus.TOO_MANY_REQUESTS,
}
_TEMPORARY: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_ERRORS: Final[Mapping[int, str]] = {
    400: "A parameter is not valid; `fields` names each.",
    401: "The token is missing, has expired, or is not of the stack's user pool.",
    403: "The caller may not read this, or the request is not signed. With the code "
    "`group_missing` the message names the group that the token lacks.",
    404: "It does not exist, or does not exist yet: see `code`.",
    429: "Too many requests at once: try again after `Retry-After` seconds.",
    500: "The service has failed.",
    503: "The store is busy: try again after `Retry-After` seconds.",
}
_SUBMISSION_ERRORS: Final[Mapping[int, str]] = {
    400: "A parameter, the body or an event is not valid; `fields` names each fault.",
    401: _ERRORS[401],
    403: "The caller may not send events, or not of this tenant, or the request is not signed.",
    413: "An event does not fit into a message of the queue (1 MiB), or the request is too large.",
    429: "Too many events of the tenant, or too many requests at once: try again after "
    "`Retry-After` seconds.",
    500: "The service has failed.",
    503: "The queue does not respond: try again after `Retry-After` seconds. An event that it did "
    "not confirm may be on the queue: send it with `Idempotency-Key`, to store it once.",
}


def respond_with_json(body: str) -> Response[str]:
    """Return a 200 response with this JSON text, which no cache may store."""
    return _make_json_response(HTTPStatus.OK, body)


def respond_with_text(body: str) -> Response[str]:
    """Return a 200 response with this text, which no cache may store."""
    return Response(HTTPStatus.OK, TEXT, body, headers={"Cache-Control": "no-store"})


def respond_with_tile(body: bytes) -> Response[str]:
    """Return a 200 response with a tile, which never changes."""
    caching = {"Cache-Control": "private, max-age=31536000, immutable"}
    response = Response(HTTPStatus.OK, BINARY, b64encode(body).decode(), headers=caching)
    response.base64_encoded = True  # Powertools' validation reads bytes as UTF-8
    return response


SubmissionOutcome = Mapping[str, object] | AuditLogError


def respond_to_event(outcome: SubmissionOutcome) -> Response[str]:
    """Return a 202 response with the accepted event, or the response to its error."""
    if isinstance(outcome, AuditLogError):
        return respond_with_error(outcome)
    return _make_json_response(HTTPStatus.ACCEPTED, json.dumps(outcome))


def respond_to_events(outcomes: Sequence[SubmissionOutcome]) -> Response[str]:
    """Return the response to a list of events, each accepted or with an error of its own.

    The status is 202 if all were accepted and 207 if some were. If none was, it is the status that
    all errors share, or 400.
    """
    errors = [outcome for outcome in outcomes if isinstance(outcome, AuditLogError)]
    results = [
        {"status": int(_choose_status(outcome)), "error": _describe_error(outcome)}
        if isinstance(outcome, AuditLogError)
        else {"status": int(HTTPStatus.ACCEPTED), **outcome}
        for outcome in outcomes
    ]
    for error in dict.fromkeys(errors):  # all events of a failed message share one error
        _log(error)
    count = len(outcomes) - len(errors)
    body = {"results": results, "accepted": count, "rejected": len(errors)}
    statuses = {_choose_status(error) for error in errors}
    seconds = max(map(_choose_wait, errors), default=RETRY_AFTER_SECONDS)
    headers = {"Retry-After": str(seconds)} if statuses & _TEMPORARY else {}
    if count:
        status = HTTPStatus.MULTI_STATUS if errors else HTTPStatus.ACCEPTED
        return _make_json_response(status, json.dumps(body), headers)
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.BAD_REQUEST
    nothing = {"code": "nothing_accepted", "message": "no event was accepted; results says why"}
    return _make_json_response(status, json.dumps({"error": nothing, **body}), headers)


def respond_with_error(error: Exception) -> Response[str]:
    """Return the response to a request that failed. Log what clients must not see."""
    _log(error)
    headers: dict[str, str | list[str]] = {}
    status = _choose_status(error)
    if status in _TEMPORARY:
        headers["Retry-After"] = str(_choose_wait(error))
    if isinstance(error, NotPublishedError):
        headers["Retry-After"] = str(PUBLISHED_AFTER_SECONDS)
    return _make_json_response(status, json.dumps({"error": _describe_error(error)}), headers)


def _make_json_response(
    status: HTTPStatus, body: str, headers: Mapping[str, str | list[str]] | None = None
) -> Response[str]:
    return Response(status, JSON, body, headers={"Cache-Control": "no-store", **(headers or {})})


def _describe_error(error: Exception) -> dict[str, object]:
    """Return what a client sees of an error."""
    status = _choose_status(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return {"code": "internal_error", "message": status.phrase}
    if not isinstance(error, AuditLogError):
        return {"code": status.name.lower(), "message": status.phrase}
    if status in _TEMPORARY:
        return {"code": error.code, "message": "try again later"}
    described: dict[str, object] = {"code": error.code, "message": str(error)}
    match error:
        case InvalidQueryError() | InvalidEventError():
            problems = error.problems
        case CanonicalizationError():
            problems = (error.problem,)
        case _:
            return described
    described["fields"] = [  # as many as in the message: an event may break thousands of rules
        {"field": problem.path, "rule": problem.rule, "got": problem.got}
        for problem in problems[:MAX_SHOWN_PROBLEMS]
    ]
    return described


def _log(error: Exception) -> None:
    status = _choose_status(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        get_logger().error("request failed", exc_info=error)
    elif status in _TEMPORARY:
        code = error.code if isinstance(error, AuditLogError) else status.name.lower()
        get_logger().warning("unavailable", extra={"code": code, "reason": str(error)})


def _choose_wait(error: Exception) -> int:
    """Return the seconds after which a client may try again."""
    return (
        error.retry_after_seconds if isinstance(error, RateExceededError) else RETRY_AFTER_SECONDS
    )


def _choose_status(error: Exception) -> HTTPStatus:
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    statuses = [_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES]
    if not statuses and isinstance(error, AuditLogError) and error.retryable:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return statuses[0] if statuses else HTTPStatus.INTERNAL_SERVER_ERROR


def describe_responses(
    schema: str | None,
    description: str,
    *errors: int,
    text: str | None = None,
    binary: str | None = None,
) -> dict[int, Any]:
    """Return the responses of a route for OpenAPI: 200, `errors`, and those that
    every route has: 400, 401, 429, 500, 503.

    The 200 response is JSON of this schema (`tools.openapi` has the schemas), a text, or bytes.
    `description` describes the JSON, `text` the text, `binary` the bytes.
    """
    content: dict[str, Any] = {}
    if text:
        content[TEXT] = {"schema": {"type": "string", "description": text}}
    if binary:
        content[BINARY] = {"schema": {"type": "string", "format": "binary", "description": binary}}
    if schema:
        content |= _describe_json(schema)
    described = " ".join(filter(None, (text, binary, description)))
    response = {"description": described, "content": content}
    return {200: response} | _describe_errors(_ERRORS, "Error", *errors)


def describe_right(right: Right) -> str:
    """Return which group the token of a route's caller names, for OpenAPI."""
    return f"A caller with a token needs the group `{right}`."


def describe_submission_responses() -> dict[int, Any]:
    """Return the responses of the route that accepts events, for OpenAPI."""
    accepted = {
        "description": "All events are on the queue.",
        "content": _describe_json("Submitted"),
    }
    partly = {
        "description": "Some events are on the queue; each result has its own status.",
        "content": _describe_json("SubmissionResults"),
    }
    errors = _describe_errors(_SUBMISSION_ERRORS, "SubmissionError", 403, 413)
    return {202: accepted, 207: partly} | errors


def _describe_errors(texts: Mapping[int, str], schema: str, *errors: int) -> dict[int, Any]:
    return {
        status: {"description": texts[status], "content": _describe_json(schema)}
        for status in sorted({400, 401, 429, 500, 503, *errors})
    }


def _describe_json(schema: str) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
