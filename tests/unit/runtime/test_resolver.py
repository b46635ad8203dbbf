"""The HTTP edge: parameters, authorization, responses, errors."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import Response

from prooftrail import errors
from prooftrail.errors import AuditLogError, InvalidQueryError, Problem
from prooftrail.event.times import DAY_MS
from prooftrail.runtime import callers, parameters
from prooftrail.runtime.callers import Right, resolve_required_tenant, resolve_tenant
from prooftrail.runtime.config import Settings
from prooftrail.runtime.resolver import make_resolver
from prooftrail.runtime.responses import (
    SubmissionOutcome,
    respond_to_events,
    respond_with_error,
    respond_with_json,
)
from tests.support.reference import EMPTY_STATES

Parameters = Mapping[str, str | Sequence[str]]
IAM_USER = {"userArn": "arn:aws:iam::123456789012:user/auditor", "sourceIp": "203.0.113.7"}


def make_request(
    parameters: Parameters | None = None,
    *,
    authorizer: object = None,
    identity: object = IAM_USER,
    path: str = "/thing",
    resource: str | None = None,
) -> dict[str, Any]:
    """Make a request of API Gateway, with the fields that the resolver reads."""
    many = {
        name: [value] if isinstance(value, str) else list(value)
        for name, value in (parameters or {}).items()
    }
    context: dict[str, Any] = {"stage": "dev", "path": f"/dev{path}", "identity": identity}
    if authorizer is not None:
        context["authorizer"] = authorizer
    return {
        "resource": resource or path,
        "path": path,
        "httpMethod": "GET",
        "headers": None,
        "multiValueHeaders": None,
        "queryStringParameters": {name: values[-1] for name, values in many.items()} or None,
        "multiValueQueryStringParameters": many or None,
        "requestContext": context,
        "body": None,
        "isBase64Encoded": False,
    }


def make_request_to(
    route: Any, parameters: Parameters | None = None, *, identity: object = IAM_USER
) -> dict[str, Any]:
    """Make a request to a route of Powertools, with an id or a tile in its path."""
    path = route.path.replace("<id>", "1").replace(".+", "0/000")
    resource = route.path.replace("<id>", "{id}").replace(".+", "{path+}")
    request = make_request(parameters, path=path, resource=resource, identity=identity)
    return request | {"httpMethod": route.method}


def send(event: dict[str, Any]) -> tuple[int, Any]:
    """Send the request to a route that returns its parameters. Return status and body."""
    app = make_resolver()

    @app.get("/thing")
    def _thing(
        tenant_id: parameters.TenantId = None,
        user_id: parameters.UserId = None,
        action: parameters.Action = None,
        resource_type: parameters.ResourceType = None,
        success: parameters.Success = None,
        start_date: parameters.StartDate = None,
        ip_address: parameters.IpAddress = None,
        actor_type: parameters.ActorType = None,
        trace_id: parameters.TraceId = None,
        limit: parameters.Limit = 100,
        order: parameters.Order = "desc",
        cursor: parameters.Cursor = None,
    ) -> Response[str]:
        tenant = resolve_tenant(app, tenant_id, Right.READ)
        given = [user_id, action, resource_type, success, start_date, ip_address, limit, order]
        return respond_with_json(json.dumps([tenant, *given, cursor, actor_type, trace_id]))

    response = app.resolve(event, None)  # type: ignore[arg-type]
    return response["statusCode"], json.loads(response["body"])


def find_broken_rules(parameters: Parameters) -> dict[str, str]:
    """Return the rules that a refused request breaks, by field."""
    status, body = send(make_request(parameters))
    assert (status, body["error"]["code"]) == (400, "invalid_query")
    return {problem["field"]: problem["rule"] for problem in body["error"]["fields"]}


def test_given_parameters_arrive_and_others_have_defaults() -> None:
    assert send(make_request()) == (
        200,
        ["default", None, None, None, None, None, None, 100, "desc", None, None, None],
    )
    given = {"userId": "a,b#é", "action": "user.*", "ipAddress": "2001:DB8:0::1", "limit": "1000"}
    status, body = send(make_request(given))
    assert status == 200
    assert body[1:8] == ["a,b#é", "user.*", None, None, None, "2001:db8::1", 1000]
    status, body = send(make_request({"actorType": "system:node", "traceId": "4BF9" * 8}))
    assert (status, body[-2:]) == (200, ["system:node", "4bf9" * 8])


def test_all_broken_rules_are_reported_at_once() -> None:
    broken = find_broken_rules(
        {
            "userId": "",
            "action": "user login",
            "resourceType": "a#b",
            "success": "yes",
            "startDate": "yesterday",
            "ipAddress": "10.0.0",
            "actorType": "an agent",
            "traceId": "1" * 31,
            "limit": "0",
            "order": "up",
            "tenantId": "a/b",
            "cursor": ["a", "b"],
            "user": "x",
            "USERID": "x",
        }
    )
    assert broken == {
        "userId": "must have at least 1 character",
        "action": parameters._PATTERN_RULES["action"],
        "resourceType": "must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$",
        "success": "must be true or false",
        "startDate": "must be a date (2026-11-24) or an RFC 3339 date and time with an offset, "
        "from 1970 on; in a URL write + as %2B",
        "ipAddress": "must be an IPv4 or IPv6 address",
        "actorType": "must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$",
        "traceId": "must be a trace id: 32 hexadecimal digits",
        "limit": "must be at least 1",
        "order": "must be asc or desc",
        "tenantId": "must match ^[A-Za-z0-9._-]{1,64}$",
        "cursor": "must be given once",
        "user": "is not a parameter of this route",
        "USERID": "is not a parameter of this route",
    }


def test_an_unknown_parameter_alone_is_refused() -> None:
    assert find_broken_rules({"userid": "ada"}) == {"userid": "is not a parameter of this route"}


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        ("1001", "must be at most 1000"),
        ("-1", "must be at least 1"),
        ("ten", "must be a whole number"),
        ("1.5", "must be a whole number"),
        ("", "must be a whole number"),
        ("1_0", "must be a whole number"),
        ("5.0", "must be a whole number"),
        ("1e2", "must be a whole number"),
        ("+1", "must be a whole number"),
        ("0100", "must be a whole number"),
        (" 1", "must be a whole number"),
        ("1\n", "must be a whole number"),
        ("٣", "must be a whole number"),
        ("9" * 99, "must be at most 1000"),
        ("9" * 5_000, "must be a whole number"),
    ],
)
def test_a_limit_is_a_whole_number_up_to_1000(limit: str, rule: str) -> None:
    assert find_broken_rules({"limit": limit}) == {"limit": rule}


def test_a_refusal_has_the_length_of_a_value_and_not_the_value() -> None:
    secret = "s3cret" * 100
    status, body = send(make_request({"userId": secret, "action": secret + "!"}))
    assert status == 400
    assert secret not in json.dumps(body)
    assert [problem["got"] for problem in body["error"]["fields"]] == [
        "string of length 600",
        "string of length 601",
    ]


@pytest.mark.parametrize(
    "moment",
    [
        "2026-11-24",
        "2026-11-24T09:00:00Z",
        "2026-11-24t09:00:00.123456z",
        "2026-11-24T09:00:00+05:30",
    ],
)
def test_a_moment_is_a_date_or_has_an_offset(moment: str) -> None:
    assert send(make_request({"startDate": moment}))[0] == 200


@pytest.mark.parametrize(
    "moment",
    ["2026-11-31", "2026-11-24T09:00:00", "20261124", "1969-12-31", "2026-11-2٤", "1e3", ""],
)
def test_a_moment_that_is_neither_is_refused(moment: str) -> None:
    assert list(find_broken_rules({"startDate": moment})) == ["startDate"]


def test_a_bare_date_is_the_whole_day() -> None:
    start, end = parameters.parse_start_date("2026-11-24"), parameters.parse_end_date("2026-11-24")
    assert start is not None
    assert end is not None
    assert end - start == DAY_MS - 1
    assert parameters.parse_start_date(None) is parameters.parse_end_date(None) is None


def make_claims(tenant: object) -> dict[str, Any]:
    return {"claims": {"sub": "1", "custom:tenantId": tenant, "cognito:groups": ",".join(Right)}}


def test_a_token_reads_only_the_tenant_of_its_claim() -> None:
    assert send(make_request(authorizer=make_claims("acme")))[1][0] == "acme"
    assert send(make_request({"tenantId": "acme"}, authorizer=make_claims("acme")))[1][0] == "acme"


@pytest.mark.parametrize(
    ("authorizer", "parameters"),
    [
        (make_claims("acme"), {"tenantId": "acme2"}),
        (make_claims("acme"), {"tenantId": "default"}),
        ({"claims": {"sub": "1"}}, {}),
        ({"claims": {"sub": "1"}}, {"tenantId": "acme"}),
        ({"claims": {}}, {}),
        ({"claims": None}, {}),
        ({"principalId": "custom"}, {"tenantId": "acme"}),
        (make_claims(""), {}),
        (make_claims("a#b"), {}),
        (make_claims("acme\n"), {}),
        (make_claims("a" * 65), {}),
        (make_claims(["acme"]), {}),
    ],
)
def test_a_token_reads_no_other_tenant(authorizer: object, parameters: Parameters) -> None:
    status, body = send(make_request(parameters, authorizer=authorizer))
    assert (status, body["error"]["code"]) == (403, "tenant_forbidden")


def test_an_iam_caller_names_a_tenant() -> None:
    assert send(make_request({"tenantId": "acme"}))[1][0] == "acme"


NOBODY = [None, {}, {"userArn": None, "sourceIp": "203.0.113.7"}, {"userArn": ""}]


@pytest.mark.parametrize("identity", NOBODY)
@pytest.mark.parametrize("parameters", [{}, {"tenantId": "acme"}])
def test_a_caller_without_token_and_identity_is_refused(
    identity: object, parameters: Parameters
) -> None:
    status, body = send(make_request(parameters, identity=identity))
    assert (status, body["error"]["code"]) == (403, "tenant_forbidden")
    assert "neither a token nor an IAM identity" in body["error"]["message"]


@pytest.mark.parametrize("identity", NOBODY)
def test_sam_local_authenticates_nobody_and_serves(
    identity: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "get_settings", lambda: Settings(is_sam_local=True))
    assert send(make_request({"tenantId": "acme"}, identity=identity))[1][0] == "acme"


def list_required(route: Any) -> Parameters:
    """Return values of the parameters that a route of Powertools requires."""
    return EMPTY_STATES if route.path.endswith("/consistency") else {}


@pytest.mark.parametrize("function", ["proof", "query", "stats", "submit"])
def test_no_route_serves_a_caller_without_token_and_identity(function: str) -> None:
    app = import_module(f"{function}.app").app
    for route in [*app._static_routes, *app._dynamic_routes]:
        request = make_request_to(route, list_required(route), identity={})
        response = app.resolve(request, None)
        assert response["statusCode"] == 403, route.path


def test_a_path_without_a_route_is_not_found() -> None:
    assert send(make_request({"x": "1"}, path="/nothing"))[0] == 404


def test_a_path_that_ends_with_a_line_feed_is_not_found() -> None:
    assert send(make_request(path="/thing\n"))[0] == 404


@pytest.mark.parametrize("path", ["/audit-logs/unmasked", "/audit-logs/1/unmasked"])
def test_an_encoded_path_reaches_no_route_that_iam_did_not_decide_about(path: str) -> None:
    """As `/audit-logs/unm%61sked` and `/audit-logs/1%2Funmasked` arrive, if decoded."""
    app = import_module("query.app").app
    response = app.resolve(make_request(path=path, resource="/audit-logs/{id}", identity={}), None)
    assert response["statusCode"] == 404


def test_a_method_that_the_path_does_not_have_is_not_found() -> None:
    assert send(make_request({"x": "1"}) | {"httpMethod": "POST"})[0] == 404


@pytest.mark.parametrize(
    ("function", "count"), [("proof", 6), ("query", 4), ("stats", 2), ("submit", 1)]
)
def test_every_route_refuses_an_unknown_parameter(function: str, count: int) -> None:
    app = import_module(f"{function}.app").app
    routes = [*app._static_routes, *app._dynamic_routes]
    assert len(routes) == count
    for route in routes:
        parameters = {**list_required(route), "userid": "ada"}
        response = app.resolve(make_request_to(route, parameters), None)
        error = json.loads(response["body"])["error"]
        assert (response["statusCode"], error["code"]) == (400, "invalid_query")
        assert [problem["field"] for problem in error["fields"]] == ["userid"]


def respond_to_error(error: Exception) -> Mapping[str, Any]:
    app = make_resolver()

    @app.get("/thing")
    def _thing() -> Response[str]:
        raise error

    return app.resolve(make_request(), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (InvalidQueryError([Problem("a", "must be b", "c")]), 400, "invalid_query"),
        (errors.RangeTooLargeError([Problem("a", "b")]), 400, "range_too_large"),
        (errors.InvalidCursorError("no"), 400, "invalid_cursor"),
        (errors.TenantForbiddenError("no"), 403, "tenant_forbidden"),
        (errors.EventNotFoundError("01A"), 404, "event_not_found"),
        (errors.CheckpointNotInLogError("no"), 404, "checkpoint_not_in_log"),
        (errors.InvalidBodyError("not JSON"), 400, "invalid_body"),
        (errors.InvalidEventError([Problem("action", "required")]), 400, "invalid_event"),
        (errors.CanonicalizationError(Problem("details.a", "must be")), 400, "not_canonicalizable"),
        (errors.EventTooLargeError(2, 1), 413, "event_too_large"),
        (errors.QueueThrottledError("RequestThrottled"), 429, "queue_throttled"),
        (errors.QueueUnavailableError("ReadTimeoutError"), 503, "queue_unavailable"),
        (errors.QueueRejectedError("AccessDenied at SendMessageBatch"), 500, "internal_error"),
        (errors.StoreUnavailableError("ThrottlingException"), 503, "store_unavailable"),
        (errors.StoreRejectedError("AccessDenied at Query"), 500, "internal_error"),
        (errors.CorruptRecordError("bytes"), 500, "internal_error"),
        (errors.ShardCountMismatchError(4, 8), 500, "internal_error"),
        (errors.ConfigurationError("SHARD_COUNT"), 500, "internal_error"),
        (ValueError("secret"), 500, "internal_error"),
    ],
)
def test_the_status_follows_from_the_errors_type(error: Exception, status: int, code: str) -> None:
    response = respond_to_error(error)
    body = json.loads(response["body"])["error"]
    assert (response["statusCode"], body["code"]) == (status, code)
    if status in {429, 500, 503}:
        assert str(error) not in response["body"]
        assert type(error).__name__ not in response["body"]
    assert ("Retry-After" in response["multiValueHeaders"]) == (status in {429, 503})
    assert response["multiValueHeaders"]["Cache-Control"] == ["no-store"]


def test_every_error_of_the_project_has_a_status() -> None:
    def leaves(kind: type[AuditLogError]) -> set[type[AuditLogError]]:
        return {kind}.union(*(leaves(subclass) for subclass in kind.__subclasses__()))

    for kind in leaves(AuditLogError):
        error = kind.__new__(kind)
        error.problems = ()  # type: ignore[attr-defined]
        error.problem = Problem("", "")  # type: ignore[attr-defined]
        error.retry_after_seconds = 7  # type: ignore[attr-defined]
        statuses = {400, 403, 404, 413, 429, 500, 503}
        assert respond_with_error(error).status_code in statuses


def test_an_unexpected_error_is_logged_with_its_trace(capsys: pytest.CaptureFixture[str]) -> None:
    respond_to_error(ValueError("the reason"))
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["exception_name"] == "ValueError"


BAD = errors.InvalidEventError([Problem("action", "required")])
FOREIGN = errors.TenantForbiddenError("no")
THROTTLED = errors.QueueThrottledError("RequestThrottled")
TOO_FAST = errors.RateExceededError(7)
UNAVAILABLE = errors.QueueUnavailableError("ReadTimeoutError")
REJECTED = errors.QueueRejectedError("AccessDenied")
GOOD: Mapping[str, object] = {"id": "01A"}


@pytest.mark.parametrize(
    ("outcomes", "status", "retries"),
    [
        ([GOOD], 202, False),
        ([GOOD, GOOD], 202, False),
        ([GOOD, BAD], 207, False),
        ([FOREIGN, GOOD, THROTTLED], 207, True),
        ([BAD], 400, False),
        ([BAD, BAD], 400, False),
        ([BAD, FOREIGN], 400, False),
        ([FOREIGN, FOREIGN], 403, False),
        ([errors.EventTooLargeError(2, 1)], 413, False),
        ([THROTTLED, THROTTLED], 429, True),
        ([TOO_FAST], 429, True),
        ([TOO_FAST, GOOD], 207, True),
        ([UNAVAILABLE], 503, True),
        ([UNAVAILABLE, BAD], 400, True),
        ([REJECTED], 500, False),
    ],
)
def test_a_list_has_the_status_of_its_items(
    outcomes: Sequence[SubmissionOutcome], status: int, retries: bool
) -> None:
    response = respond_to_events(outcomes)
    body = json.loads(str(response.body))
    assert response.status_code == status
    assert ("Retry-After" in response.headers) == retries
    assert len(body["results"]) == len(outcomes)
    for outcome, result in zip(outcomes, body["results"], strict=True):
        if isinstance(outcome, AuditLogError):
            alone = respond_with_error(outcome)
            assert result["status"] == alone.status_code
            assert {"error": result["error"]} == json.loads(str(alone.body))
        else:
            assert result == {"status": 202, **outcome}
    count = sum(outcome is GOOD for outcome in outcomes)
    assert (body["accepted"], body["rejected"]) == (count, len(outcomes) - count)
    assert ("error" in body) == (count == 0)


def test_a_client_waits_until_its_tenant_may_send_again() -> None:
    responses = respond_with_error(TOO_FAST), respond_to_events([THROTTLED, TOO_FAST, GOOD])
    assert [response.headers["Retry-After"] for response in responses] == ["7", "7"]
    assert respond_with_error(THROTTLED).headers["Retry-After"] == "2"


def test_a_fault_of_a_message_is_logged_once_for_all_of_its_events(
    capsys: pytest.CaptureFixture[str],
) -> None:
    respond_to_events([THROTTLED, THROTTLED, BAD, UNAVAILABLE])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["code"] for line in lines] == ["queue_throttled", "queue_unavailable"]


def post(body: str | None, *, is_base64: bool = False) -> tuple[int, Any]:
    """Post a body to a route that returns it. Return status and body."""
    app = make_resolver()

    @app.post("/thing")
    def _thing() -> Response[str]:
        return respond_with_json(json.dumps(parameters.read_body(app)))

    event = make_request() | {"httpMethod": "POST", "body": body, "isBase64Encoded": is_base64}
    response = app.resolve(event, None)  # type: ignore[arg-type]
    return response["statusCode"], json.loads(response["body"])


def test_a_body_arrives_with_or_without_base64() -> None:
    assert post("é{}") == (200, "é{}")
    assert post(b64encode("é{}".encode()).decode(), is_base64=True) == (200, "é{}")


@pytest.mark.parametrize(
    ("body", "is_base64"), [(None, False), ("", False), ("/w==", True), ("a", True)]
)
def test_a_body_that_is_not_text_is_refused(body: str | None, is_base64: bool) -> None:
    status, response = post(body, is_base64=is_base64)
    assert (status, response["error"]["code"]) == (400, "invalid_body")


@pytest.mark.parametrize(
    ("authorizer", "query", "only"),
    [
        (None, {}, None),
        (None, {"tenantId": "acme"}, "acme"),
        (make_claims("acme"), {}, "acme"),
        (make_claims("acme"), {"tenantId": "acme"}, "acme"),
    ],
)
def test_a_sender_is_limited_to_the_tenant_of_its_token_or_parameter(
    authorizer: object, query: Parameters, only: str | None
) -> None:
    app = make_resolver()

    @app.get("/thing")
    def _thing(tenant_id: parameters.SentTenantId = None) -> Response[str]:
        return respond_with_json(json.dumps(resolve_required_tenant(app, tenant_id, Right.SUBMIT)))

    response = app.resolve(make_request(query, authorizer=authorizer), None)  # type: ignore[arg-type]
    assert json.loads(response["body"]) == only
