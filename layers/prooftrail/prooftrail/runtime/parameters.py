"""The request: what each parameter may hold, and the body.

The descriptions are those of `docs/openapi.json`.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from aws_lambda_powertools.event_handler import APIGatewayRestResolver
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from prooftrail.errors import MISSING, InvalidBodyError, InvalidTimestampError, Problem
from prooftrail.event import fields, times
from prooftrail.event.canonical import MAX_SAFE_INTEGER
from prooftrail.event.keys import NAME_PATTERN, TENANT_PATTERN
from prooftrail.query.filters import ACTION_PATTERN
from prooftrail.runtime.callers import TENANT_CLAIM

_WHOLE_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,99})")
_SHOWN_DIGITS: Final = 10
_ROOT_RULE: Final = "must be a root hash in base64, as in a checkpoint; in a URL write + as %2B"
_PATTERN_RULES: Final = {
    "oldRoot": _ROOT_RULE,
    "root": _ROOT_RULE,
    "action": "must be an action such as user.login, or a prefix and a star: user.*",
    "idempotency-key": "must be 1 to 100 printable ASCII characters, with no space at its ends",
}
_RULES: Final = {
    "whole_number": "must be a whole number",
    "string_unicode": "must be Unicode without lone surrogates",
}


def _check_moment(text: str) -> str:
    try:
        times.parse_start(text)
    except InvalidTimestampError as error:
        rule = (
            "must be a date (2026-11-24) or an RFC 3339 date and time with an offset, "
            "from 1970 on; in a URL write + as %2B"
        )
        raise PydanticCustomError("moment", "{rule}", {"rule": rule}) from error
    return text


def _check_whole_number(text: object) -> object:
    """Refuse texts that pydantic would accept as an integer: `1_0`, `+1`, `5.0`, `010`, spaces."""
    if isinstance(text, str) and not _WHOLE_NUMBER.fullmatch(text):
        raise PydanticCustomError("whole_number", "must be a whole number")
    return text


def _parameter(alias: str, description: str, **rules: Any) -> Any:
    return Query(alias=alias, description=description, **rules)


_Moment = Annotated[str, AfterValidator(_check_moment)]
_SIZES: Final = {"min_length": 1, "max_length": 256}

TenantId = Annotated[
    str | None,
    _parameter(
        "tenantId",
        "The tenant to read; `default` if absent. A caller with a token reads the tenant in its "
        f"claim `{TENANT_CLAIM}`; another tenant is forbidden.",
        pattern=TENANT_PATTERN,
    ),
]
SentTenantId = Annotated[
    str | None,
    _parameter(
        "tenantId",
        "The tenant of every event in the request. An event may leave its `tenantId` out, and may "
        "not name another tenant. A caller with a token sends events of the tenant in its claim "
        f"`{TENANT_CLAIM}`. An IAM caller without this parameter may send events of any tenant; "
        "an event without `tenantId` then belongs to `default`.",
        pattern=TENANT_PATTERN,
    ),
]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description=(
            "Makes a repeated request send the same events, with the same ids, stored once. An "
            "event without `eventId` gets one from the key: `<key>`, or in a list "
            "`<key>:<position>`, counted from 0. With a key, each event must have a `timestamp`."
        ),
        pattern="^[!-~]([ -~]{0,98}[!-~])?$",
    ),
]
EventId = Annotated[str, Path(description="The id of the event, 26 characters.")]
UserId = Annotated[
    str | None, _parameter("userId", "The user who acted, or on whose behalf.", **_SIZES)
]
Action = Annotated[
    str | None,
    _parameter(
        "action", "An action, or all actions with a prefix: `user.*`.", pattern=ACTION_PATTERN
    ),
]
ResourceType = Annotated[
    str | None,
    _parameter(
        "resourceType",
        "The type of the resource. With `resourceId`, targets count too.",
        pattern=NAME_PATTERN,
    ),
]
ResourceId = Annotated[
    str | None,
    _parameter(
        "resourceId",
        "The id of the resource. With `resourceType`, targets count too.",
        **_SIZES,
    ),
]
Success = Annotated[
    Literal["true", "false"] | None,
    _parameter("success", "Whether the audited operation succeeded."),
]
StartDate = Annotated[
    _Moment | None,
    _parameter(
        "startDate",
        "The earliest time of an event, inclusive: RFC 3339 with an offset, or a date, which "
        "means its first millisecond in UTC.",
    ),
]
EndDate = Annotated[
    _Moment | None,
    _parameter(
        "endDate",
        "The latest time of an event, inclusive: RFC 3339 with an offset, or a date, which means "
        "its last millisecond in UTC.",
    ),
]
RequestId = Annotated[
    str | None, _parameter("requestId", "The request that the event was part of.", **_SIZES)
]
SessionId = Annotated[
    str | None, _parameter("sessionId", "The session that the event was part of.", **_SIZES)
]
IpAddress = Annotated[
    fields.IpAddress | None, _parameter("ipAddress", "The address that the request came from.")
]
ActorType = Annotated[
    fields.Name | None,
    _parameter("actorType", "What acted: `user`, `service`, or another type that producers name."),
]
TraceId = Annotated[
    fields.TraceId | None, _parameter("traceId", "The W3C trace that the event was part of.")
]
Limit = Annotated[
    Annotated[int, Field(ge=1, le=1000), BeforeValidator(_check_whole_number)],
    _parameter("limit", "The most events of a page."),
]
Order = Annotated[
    Literal["asc", "desc"],
    _parameter("order", "The order by time: `desc`, newest first, or `asc`, oldest first."),
]
Cursor = Annotated[
    str | None,
    _parameter(
        "cursor",
        "The `nextCursor` of the page before. All parameters except `limit` must be the same.",
    ),
]
Interval = Annotated[
    Literal["hour", "day"] | None,
    _parameter(
        "interval",
        "Return a series too: at most 744 hours (31 days) or 3660 days, in UTC.",
    ),
]
ProofFormat = Annotated[
    Literal["tlog-proof"],
    _parameter("format", "The proof alone. The bundle of event and proof has a route of its own."),
]
_Size = Annotated[int, Field(ge=0, le=MAX_SAFE_INTEGER), BeforeValidator(_check_whole_number)]
_ROOT: Final = {"pattern": "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$"}
OldSize = Annotated[_Size, _parameter("oldSize", "The number of entries in the older checkpoint.")]
OldRoot = Annotated[
    str,
    _parameter(
        "oldRoot",
        "The root hash in the older checkpoint, in base64. In a URL write + as %2B.",
        **_ROOT,
    ),
]
Size = Annotated[_Size, _parameter("size", "The number of entries in the newer checkpoint.")]
Root = Annotated[
    str, _parameter("root", "The root hash in the newer checkpoint, in base64.", **_ROOT)
]


def parse_start_date(moment: str | None) -> int | None:
    """Return the first millisecond of a range with this `StartDate`, or None."""
    return None if moment is None else times.parse_start(moment)


def parse_end_date(moment: str | None) -> int | None:
    """Return the last millisecond of a range with this `EndDate`, or None."""
    return None if moment is None else times.parse_end(moment)


def read_body(app: APIGatewayRestResolver) -> str:
    """Return the body of the current request as text. API Gateway sends it in base64.

    Raises:
        InvalidBodyError: the body is missing or is not UTF-8.
    """
    try:
        body = app.current_event.decoded_body
    except ValueError as error:
        raise InvalidBodyError("the body must be JSON in UTF-8") from error
    if not body:
        raise InvalidBodyError('a body is required: an event, or {"events": [event, …]}')
    return body


def describe_problem(detail: Mapping[str, Any]) -> Problem:
    """Return a validation error of pydantic as the API reports it, without the value."""
    value, context = detail.get("input"), detail.get("ctx", {})
    field = str(detail["loc"][-1])
    if isinstance(value, list):
        return Problem(field, "must be given once", f"list of length {len(value)}")
    match detail["type"]:
        case "missing":
            return Problem(field, MISSING)
        case "literal_error" if field == "format":
            rule = "must be tlog-proof; the bundle is at /audit-logs/{id}/proof/unmasked"
        case "string_too_long":
            rule = f"must have at most {context['max_length']} characters"
        case "string_too_short":
            rule = f"must have at least {context['min_length']} character"
        case "string_pattern_mismatch":
            rule = _PATTERN_RULES.get(field) or f"must match {context['pattern']}"
        case "greater_than_equal":
            return Problem(field, f"must be at least {context['ge']}", _describe_number(value))
        case "less_than_equal":
            return Problem(field, f"must be at most {context['le']}", _describe_number(value))
        case "literal_error":
            rule = f"must be {context['expected'].replace(chr(39), '')}"
        case kind:
            rule = _RULES.get(kind, detail["msg"])
    return Problem(field, rule, f"string of length {len(str(value))}")


def _describe_number(value: object) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN_DIGITS else f"number of {len(text)} digits"
