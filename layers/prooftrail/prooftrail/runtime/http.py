"""The API's manners: what a parameter may hold, who may read what, how answers and errors look.

Every error is `{"error": {"code", "message", "fields"?}}`; its status follows from its type, here
and nowhere else.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from prooftrail.errors import (
    SHOWN_PROBLEMS,
    AuditLogError,
    CanonicalizationError,
    EventNotFoundError,
    EventTooLargeError,
    InvalidBodyError,
    InvalidEventError,
    InvalidQueryError,
    InvalidTimestampError,
    NotPublishedError,
    Problem,
    QueueThrottledError,
    TenantForbiddenError,
    TileNotFoundError,
)
from prooftrail.event import model as event
from prooftrail.event import times as moments
from prooftrail.event.keys import NAME_PATTERN, TENANT_PATTERN
from prooftrail.query.filters import ACTION_PATTERN
from prooftrail.runtime.telemetry import logger

RETRY_AFTER_SECONDS: Final = 2
PUBLISHED_AFTER_SECONDS: Final = 60
JSON: Final = "application/json"
TEXT: Final = "text/plain; charset=utf-8"
BINARY: Final = "application/octet-stream"
TENANT_CLAIM: Final = "custom:tenantId"
_STATUSES: Final[Mapping[type[AuditLogError], HTTPStatus]] = {
    InvalidQueryError: HTTPStatus.BAD_REQUEST,
    InvalidBodyError: HTTPStatus.BAD_REQUEST,
    InvalidEventError: HTTPStatus.BAD_REQUEST,
    CanonicalizationError: HTTPStatus.BAD_REQUEST,
    TenantForbiddenError: HTTPStatus.FORBIDDEN,
    EventNotFoundError: HTTPStatus.NOT_FOUND,
    NotPublishedError: HTTPStatus.NOT_FOUND,
    TileNotFoundError: HTTPStatus.NOT_FOUND,
    EventTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    QueueThrottledError: HTTPStatus.TOO_MANY_REQUESTS,
}
_LATER: Final = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_REFUSALS: Final[Mapping[int, str]] = {
    400: "A parameter breaks a rule; `fields` names each.",
    403: "The caller may not read this.",
    404: "There is no such thing, or not yet: `code` tells.",
    500: "A fault of the service.",
    503: "The store is busy; try again after `Retry-After` seconds.",
}
_SUBMISSION_REFUSALS: Final[Mapping[int, str]] = {
    400: "A parameter, the body or the events break a rule; `fields` names each.",
    403: "The caller may not send events of this tenant.",
    413: "An event fits no message of the queue (1 MiB), or the request is too large.",
    429: "Too much at once; try again after `Retry-After` seconds.",
    500: "A fault of the service.",
    503: "The queue does not answer; try again after `Retry-After` seconds. What it did not "
    "confirm may be on it all the same: send it again with `Idempotency-Key`.",
}
_SHOWN_LENGTH: Final = 100
_SHOWN_DIGITS: Final = 10
_PATTERN_RULES: Final = {
    "action": "must be an action such as user.login, or the start of several and a star: user.*",
    "idempotency-key": "must be 1 to 100 printable ASCII characters",
}
_RULES: Final = {
    "int_parsing": "must be a whole number",
    "string_unicode": "must be Unicode without lone surrogates",
}


def start_of(moment: str | None) -> int | None:
    """The first millisecond of a range that begins here, if it was given."""
    return None if moment is None else moments.parse_start(moment)


def end_of(moment: str | None) -> int | None:
    """The last millisecond of a range that ends here, if it was given."""
    return None if moment is None else moments.parse_end(moment)


def _checked_moment(text: str) -> str:
    try:
        moments.parse_start(text)
    except InvalidTimestampError as error:
        rule = (
            "must be a date (2026-11-24) or an RFC 3339 date and time with an offset, "
            "from 1970 on; in a URL write + as %2B"
        )
        raise PydanticCustomError("moment", "{rule}", {"rule": rule}) from error
    return text


def _parameter(alias: str, description: str, **rules: Any) -> Any:
    return Query(alias=alias, description=description, **rules)


_Moment = Annotated[str, AfterValidator(_checked_moment)]
_SIZES: Final = {"min_length": 1, "max_length": 256}

TenantId = Annotated[
    str | None,
    _parameter(
        "tenantId",
        "The tenant to read, `default` when absent. Callers with a token have the tenant of its "
        f"claim `{TENANT_CLAIM}`: naming another is forbidden.",
        pattern=TENANT_PATTERN,
    ),
]
SentTenantId = Annotated[
    str | None,
    _parameter(
        "tenantId",
        "The tenant of the request's events, which need not name it and may name no other. Callers "
        f"with a token have the tenant of its claim `{TENANT_CLAIM}`. An IAM caller who leaves it "
        "out may send events of any tenant; those that name none are of `default`.",
        pattern=TENANT_PATTERN,
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=(
            "Makes a repeated request the same events, with the same ids, stored once: the key "
            "becomes the `eventId` of an event without one (`<key>`, in a list `<key>:<position>` "
            "from 0). Each event must have a `timestamp` then."
        ),
        pattern="^[ -~]{1,100}$",
    ),
]
EventId = Annotated[str, Path(description="The event's id, 26 characters.")]
UserId = Annotated[str | None, _parameter("userId", "Who did it.", **_SIZES)]
Action = Annotated[
    str | None,
    _parameter("action", "An action, or the start of several: `user.*`.", pattern=ACTION_PATTERN),
]
ResourceType = Annotated[
    str | None, _parameter("resourceType", "The kind of resource.", pattern=NAME_PATTERN)
]
ResourceId = Annotated[str | None, _parameter("resourceId", "The resource.", **_SIZES)]
Success = Annotated[
    Literal["true", "false"] | None,
    _parameter("success", "The outcome of the audited operation."),
]
StartDate = Annotated[
    _Moment | None,
    _parameter(
        "startDate",
        "The earliest time of an event, inclusive: RFC 3339 with an offset, or a date (UTC), which "
        "means its beginning.",
    ),
]
EndDate = Annotated[
    _Moment | None,
    _parameter(
        "endDate",
        "The latest time of an event, inclusive: RFC 3339 with an offset, or a date (UTC), which "
        "means its end.",
    ),
]
RequestId = Annotated[str | None, _parameter("requestId", "The audited request.", **_SIZES)]
SessionId = Annotated[str | None, _parameter("sessionId", "The audited session.", **_SIZES)]
IpAddress = Annotated[event.IpAddress | None, _parameter("ipAddress", "Where it came from.")]
Limit = Annotated[int, _parameter("limit", "The most events of a page.", ge=1, le=1000)]
Order = Annotated[Literal["asc", "desc"], _parameter("order", "By time: newest first, or oldest.")]
Cursor = Annotated[
    str | None,
    _parameter(
        "cursor",
        "The `nextCursor` of the page before; all parameters but `limit` must be the same.",
    ),
]
Interval = Annotated[
    Literal["hour", "day"] | None,
    _parameter(
        "interval",
        "Answer a series too, of at most 744 hours (31 days) or 3660 days, in UTC.",
    ),
]
ProofFormat = Annotated[
    Literal["tlog-proof", "json"],
    _parameter("format", "The proof alone, or the bundle of event and proof."),
]


def tenant_of(app: APIGatewayRestResolver, requested: str | None) -> str:
    """The tenant that the caller reads, or sends events of.

    An IAM caller, who has no authorizer's claims, may name any. A token's caller has the tenant of
    its claim; an authorizer without that claim gives access to nothing.

    Raises:
        TenantForbiddenError: no tenant in the claims, or another one than requested.
    """
    authorizer = app.current_event["requestContext"].get("authorizer")
    if not authorizer:
        return requested or event.DEFAULT_TENANT
    own = (authorizer.get("claims") or {}).get(TENANT_CLAIM)
    if not isinstance(own, str) or not re.fullmatch(TENANT_PATTERN, own):
        raise TenantForbiddenError(f"the token has no claim {TENANT_CLAIM} that names a tenant")
    if requested not in (None, own):
        raise TenantForbiddenError("the token's tenant is another one")
    return own


def only_tenant_of(app: APIGatewayRestResolver, requested: str | None) -> str | None:
    """The tenant that everything in the request must be of; None: each part names its own.

    Raises:
        TenantForbiddenError: see `tenant_of`.
    """
    tenant = tenant_of(app, requested)
    return tenant if requested or _has_token(app) else None


def _has_token(app: APIGatewayRestResolver) -> bool:
    return bool(app.current_event["requestContext"].get("authorizer"))


def body_of(app: APIGatewayRestResolver) -> str:
    """The request's body, which API Gateway has encoded in base 64.

    Raises:
        InvalidBodyError: there is none, or it is not UTF-8.
    """
    try:
        body = app.current_event.decoded_body
    except ValueError as error:
        raise InvalidBodyError("must be JSON in UTF-8") from error
    if not body:
        raise InvalidBodyError('a body is required: an event, or {"events": [event, …]}')
    return body


def refuse_tokens(app: APIGatewayRestResolver) -> None:
    """Refuse callers who may read one tenant only.

    Raises:
        TenantForbiddenError: the caller has a token.
    """
    if _has_token(app):
        raise TenantForbiddenError("this shows every tenant's events: ask as an IAM caller")


def ok(body: str) -> Response[str]:
    """The answer 200 with this JSON text; nobody may keep a copy of it."""
    return _answer(HTTPStatus.OK, body)


Outcome = Mapping[str, object] | AuditLogError


def accepted_one(outcome: Outcome) -> Response[str]:
    """The answer 202 with what was accepted, or the answer to the error in its place."""
    if isinstance(outcome, AuditLogError):
        return error_response(outcome)
    return _answer(HTTPStatus.ACCEPTED, json.dumps(outcome))


def accepted_each(outcomes: Sequence[Outcome]) -> Response[str]:
    """The answer to a list, each item of which was accepted or met its own error.

    202 where all were accepted, 207 where some were; where none was, the status that the items
    share, or 400.
    """
    errors = [one for one in outcomes if isinstance(one, AuditLogError)]
    results = [
        {"status": int(_status_of(one)), "error": _told(one)}
        if isinstance(one, AuditLogError)
        else {"status": int(HTTPStatus.ACCEPTED), **one}
        for one in outcomes
    ]
    for error in dict.fromkeys(errors):  # a message that failed is the error of all its events
        _log(error)
    count = len(outcomes) - len(errors)
    body = {"results": results, "accepted": count, "rejected": len(errors)}
    statuses = {_status_of(error) for error in errors}
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if statuses & _LATER else {}
    if count:
        status = HTTPStatus.MULTI_STATUS if errors else HTTPStatus.ACCEPTED
        return _answer(status, json.dumps(body), headers)
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.BAD_REQUEST
    told = {"code": "nothing_accepted", "message": "no event was accepted; results tells why"}
    return _answer(status, json.dumps({"error": told, **body}), headers)


def _answer(
    status: HTTPStatus, body: str, headers: Mapping[str, str | list[str]] | None = None
) -> Response[str]:
    return Response(status, JSON, body, headers={"Cache-Control": "no-store", **(headers or {})})


def text(body: str) -> Response[str]:
    """The answer 200 with this text; nobody may keep a copy of it."""
    return Response(HTTPStatus.OK, TEXT, body, headers={"Cache-Control": "no-store"})


def tile(body: bytes) -> Response[str]:
    """The answer 200 with a tile, which never changes."""
    caching = {"Cache-Control": "private, max-age=31536000, immutable"}
    answer = Response(HTTPStatus.OK, BINARY, b64encode(body).decode(), headers=caching)
    answer.base64_encoded = True  # Powertools' validation takes bytes for UTF-8
    return answer


def responses(
    schema: str | None,
    description: str,
    *errors: int,
    text: str | None = None,
    binary: str | None = None,
) -> dict[int, Any]:
    """A route's answers for OpenAPI: 200, 400, 500, 503 and these; schemas: `tools.openapi`.

    200 is JSON of the schema, a text, or bytes; `text` and `binary` describe what is not JSON.
    """
    content: dict[str, Any] = {}
    if text:
        content[TEXT] = {"schema": {"type": "string", "description": text}}
    if binary:
        content[BINARY] = {"schema": {"type": "string", "format": "binary", "description": binary}}
    if schema:
        content |= _json(schema)
    described = " ".join(filter(None, (text, binary, description)))
    answer = {"description": described, "content": content}
    return {200: answer} | _refusals(_REFUSALS, "Error", *errors)


def submission_responses() -> dict[int, Any]:
    """The answers of the route that takes events, for OpenAPI."""
    accepted = {"description": "The events are on the queue.", "content": _json("Submitted")}
    partly = {
        "description": "Some are; each result has a status of its own.",
        "content": _json("SubmissionResults"),
    }
    refusals = _refusals(_SUBMISSION_REFUSALS, "SubmissionError", 403, 413, 429)
    return {202: accepted, 207: partly} | refusals


def _refusals(texts: Mapping[int, str], schema: str, *errors: int) -> dict[int, Any]:
    return {
        status: {"description": texts[status], "content": _json(schema)}
        for status in sorted({400, 500, 503, *errors})
    }


def _json(schema: str) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def resolver() -> APIGatewayRestResolver:
    """A resolver that validates parameters and turns every exception into an answer."""
    app = APIGatewayRestResolver(enable_validation=True)

    @app.exception_handler(Exception)  # type: ignore[untyped-decorator]
    def _answer_error(error: Exception) -> Response[str]:
        if isinstance(error, RequestValidationError):
            problems = [_problem_of(detail) for detail in error.errors()]
            error = InvalidQueryError([*problems, *_strays(app)])
        return error_response(error)

    return app


def known_parameters_only(
    app: APIGatewayRestResolver, next_middleware: NextMiddleware
) -> Response[Any]:
    """Middleware that refuses parameters which the route does not have: a typo must not widen.

    Raises:
        InvalidQueryError: it names them.
    """
    strays = _strays(app)
    if strays:
        raise InvalidQueryError(strays)
    return next_middleware(app)


def error_response(error: Exception) -> Response[str]:
    """The answer to a request that ended in this error. Internals go to the log, not to clients."""
    _log(error)
    headers: dict[str, str | list[str]] = {}
    status = _status_of(error)
    if status in _LATER:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if isinstance(error, NotPublishedError):
        headers["Retry-After"] = str(PUBLISHED_AFTER_SECONDS)
    return _answer(status, json.dumps({"error": _told(error)}), headers)


def _told(error: Exception) -> dict[str, object]:
    """What a client is told of an error."""
    status = _status_of(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        return {"code": "internal_error", "message": status.phrase}
    if not isinstance(error, AuditLogError):
        return {"code": status.name.lower(), "message": status.phrase}
    if status in _LATER:
        return {"code": error.code, "message": "try again later"}
    told: dict[str, object] = {"code": error.code, "message": str(error)}
    match error:
        case InvalidQueryError() | InvalidEventError():
            problems = error.problems
        case CanonicalizationError():
            problems = (error.problem,)
        case _:
            return told
    told["fields"] = [  # as many as the message tells: an event may break thousands of rules
        {"field": problem.path, "rule": problem.rule, "got": problem.got}
        for problem in problems[:SHOWN_PROBLEMS]
    ]
    return told


def _log(error: Exception) -> None:
    status = _status_of(error)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        logger().error("request failed", exc_info=error)
    elif status in _LATER:
        code = error.code if isinstance(error, AuditLogError) else status.name.lower()
        logger().warning("unavailable", extra={"code": code, "reason": str(error)})


def _status_of(error: Exception) -> HTTPStatus:
    if isinstance(error, NotFoundError):
        return HTTPStatus.NOT_FOUND
    statuses = [_STATUSES[kind] for kind in type(error).__mro__ if kind in _STATUSES]
    if not statuses and isinstance(error, AuditLogError) and error.retryable:
        return HTTPStatus.SERVICE_UNAVAILABLE
    return statuses[0] if statuses else HTTPStatus.INTERNAL_SERVER_ERROR


def _strays(app: APIGatewayRestResolver) -> list[Problem]:
    known = {parameter.alias for parameter in app.context["_route"].dependant.query_params}
    given = app.current_event.resolved_query_string_parameters
    return [
        Problem(name[:_SHOWN_LENGTH], "is not a parameter of this route")
        for name in sorted(given.keys() - known)
    ]


def _problem_of(detail: Mapping[str, Any]) -> Problem:
    value, context = detail.get("input"), detail.get("ctx", {})
    field = str(detail["loc"][-1])
    if isinstance(value, list):
        return Problem(field, "must be given once", f"list of length {len(value)}")
    match detail["type"]:
        case "string_too_long":
            rule = f"must have at most {context['max_length']} characters"
        case "string_too_short":
            rule = f"must have at least {context['min_length']} character"
        case "string_pattern_mismatch":
            rule = _PATTERN_RULES.get(field) or f"must match {context['pattern']}"
        case "greater_than_equal":
            return Problem(field, f"must be at least {context['ge']}", _number(value))
        case "less_than_equal":
            return Problem(field, f"must be at most {context['le']}", _number(value))
        case "literal_error":
            rule = f"must be {context['expected'].replace(chr(39), '')}"
        case kind:
            rule = _RULES.get(kind, detail["msg"])
    return Problem(field, rule, f"string of length {len(str(value))}")


def _number(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_DIGITS else f"number of {len(text)} digits"
