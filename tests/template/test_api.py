"""The REST API: routes, callers, limits."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.api import MINIMUM_COMPRESSION_SIZE
from tests.template.conftest import SelectType

ROOT = Path(__file__).parents[2]
ROUTES = {
    "/audit-logs": {"get": "QueryFunction", "post": "SubmitFunction"},
    "/audit-logs/{id}": {"get": "QueryFunction"},
    "/audit-logs/stats": {"get": "StatsFunction"},
    "/audit-logs/metrics": {"get": "StatsFunction"},
    "/audit-logs/{id}/proof": {"get": "ProofFunction"},
    "/audit-logs/unmasked": {"get": "QueryFunction"},
    "/audit-logs/{id}/unmasked": {"get": "QueryFunction"},
    "/audit-logs/{id}/proof/unmasked": {"get": "ProofFunction"},
    "/audit-logs/log": {"get": "ProofFunction"},
    "/audit-logs/log/consistency": {"get": "ProofFunction"},
    "/audit-logs/checkpoint": {"get": "ProofFunction"},
    "/audit-logs/tile/{path+}": {"get": "ProofFunction"},
}


CONSOLE = ("/console", "/console/{proxy+}")


@pytest.fixture
def document(select_type: SelectType) -> Mapping[str, Any]:
    """Return the API's OpenAPI document."""
    (api,) = select_type("AWS::ApiGateway::RestApi").values()
    body: Mapping[str, Any] = api["Body"]
    return body


@pytest.fixture
def definition(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document without the console's paths."""
    paths = {path: item for path, item in document["paths"].items() if path not in CONSOLE}
    return {**document, "paths": paths}


def test_each_route_invokes_the_function_that_serves_it(definition: Mapping[str, Any]) -> None:
    assert set(definition["paths"]) == set(ROUTES)
    for path, functions in ROUTES.items():
        assert set(definition["paths"][path]) == set(functions)
        for method, function in functions.items():
            integration = definition["paths"][path][method]["x-amazon-apigateway-integration"]
            assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
            assert f"/functions/${{{function}.Arn}}/invocations" in integration["uri"]["Fn::Sub"]


def test_the_routes_equal_those_of_the_published_document(definition: Mapping[str, Any]) -> None:
    published = json.loads((ROOT / "docs" / "openapi.json").read_text())
    paths = {path.replace("+}", "}"): methods for path, methods in definition["paths"].items()}
    assert set(published["paths"]) == set(paths)
    for path, methods in published["paths"].items():
        assert set(methods) == set(paths[path])


def test_tiles_are_sent_as_bytes(select_type: SelectType) -> None:
    """Without this setting, API Gateway does not decode the base64 responses of functions."""
    (api,) = select_type("AWS::ApiGateway::RestApi").values()
    assert api["BinaryMediaTypes"] == ["*/*"]


def test_long_responses_are_compressed_as_on_the_local_api(select_type: SelectType) -> None:
    (api,) = select_type("AWS::ApiGateway::RestApi").values()
    assert api["MinimumCompressionSize"] == MINIMUM_COMPRESSION_SIZE


def test_every_route_authenticates_its_caller(definition: Mapping[str, Any]) -> None:
    for methods in definition["paths"].values():
        for operation in methods.values():
            assert operation["security"] == [{"caller": []}]


def test_the_console_s_files_alone_are_served_without_a_caller(document: Mapping[str, Any]) -> None:
    """And only if there is a user pool for the page's reader to sign in."""
    for path in CONSOLE:
        condition, methods, otherwise = document["paths"][path]["Fn::If"]
        assert (condition, otherwise) == ("HasConsole", {"Ref": "AWS::NoValue"})
        assert set(methods) == {"get", "head"}
        for operation in methods.values():
            assert "security" not in operation
            uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            assert "/functions/${ConsoleFunction.Arn}/invocations" in uri
    assert "security" not in document


def test_the_console_exists_only_with_a_user_pool_and_its_parameters(
    template: Mapping[str, Any],
) -> None:
    given = [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]}
        for name in ("ConsoleClientId", "ConsoleSignInDomain")
    ]
    has_pool = {"Condition": "HasUserPool"}
    assert template["Conditions"]["HasConsole"] == {"Fn::And": [has_pool, *given]}
    own = {name: each for name, each in template["Resources"].items() if "Console" in name}
    assert {each.get("Condition") for each in own.values()} == {"HasConsole"}
    assert template["Outputs"]["ConsoleUrl"]["Condition"] == "HasConsole"


@pytest.mark.parametrize(
    ("client", "domain", "pool", "is_accepted"),
    [
        ("", "", "", True),
        ("", "", "arn", True),
        ("c", "d", "arn", True),
        ("c", "", "arn", False),
        ("", "d", "arn", False),
        ("c", "d", "", False),
    ],
)
def test_half_a_console_is_refused(
    template: Mapping[str, Any], client: str, domain: str, pool: str, *, is_accepted: bool
) -> None:
    values = {"ConsoleClientId": client, "ConsoleSignInDomain": domain, "UserPoolArn": pool}

    def holds(rule: Any) -> bool:
        [(function, arguments)] = rule.items()
        match function:
            case "Fn::Equals":
                return bool(values[arguments[0]["Ref"]] == arguments[1])
            case "Fn::Not":
                return not holds(arguments[0])
            case _:
                found = [holds(each) for each in arguments]
                return all(found) if function == "Fn::And" else any(found)

    assertions = template["Rules"]["ConsoleIsWholeOrAbsent"]["Assertions"]
    assert all(holds(each["Assert"]) for each in assertions) is is_accepted


def test_callers_sign_with_iam_unless_there_is_a_user_pool(definition: Mapping[str, Any]) -> None:
    schemes = definition["components"]["securitySchemes"]
    condition, token, signature = schemes["caller"]["Fn::If"]
    assert condition == "HasUserPool"
    assert signature["x-amazon-apigateway-authtype"] == "awsSigv4"
    assert token["x-amazon-apigateway-authorizer"] == {
        "type": "cognito_user_pools",
        "providerARNs": [{"Ref": "UserPoolArn"}],
    }


@pytest.mark.parametrize("status", ["401", "403", "429"])
def test_the_document_has_what_the_gateway_refuses_by_itself(status: str) -> None:
    """No valid token, no signature, more requests than the stage takes."""
    published = json.loads((ROOT / "docs" / "openapi.json").read_text())
    for methods in published["paths"].values():
        assert all(status in operation["responses"] for operation in methods.values())


def test_the_gateway_s_own_errors_look_like_the_functions(definition: Mapping[str, Any]) -> None:
    responses = definition["x-amazon-apigateway-gateway-responses"]
    codes = {}
    for kind, response in responses.items():
        template = response["responseTemplates"]["application/json"]
        message = json.dumps("what was wrong")
        body = json.loads(template.replace("$context.error.messageString", message))
        assert set(body["error"]) == {"code", "message"}
        codes[kind] = (response.get("statusCode"), body["error"]["code"])
    assert codes == {
        "DEFAULT_4XX": (None, "request_refused"),
        "DEFAULT_5XX": (None, "internal_error"),
        "REQUEST_TOO_LARGE": (413, "request_too_large"),
        "THROTTLED": (429, "throttled"),
    }


def test_the_stage_is_throttled_traced_and_logged(select_type: SelectType) -> None:
    (stage,) = select_type("AWS::ApiGateway::Stage").values()
    assert stage["StageName"] == {"Ref": "Stage"}
    assert stage["TracingEnabled"] is True
    assert stage["AccessLogSetting"]["DestinationArn"] == {
        "Fn::GetAtt": ["AuditApiLogGroup", "Arn"]
    }
    for private in ("sourceIp", "userAgent", "querystring", "$context.path"):
        assert private not in stage["AccessLogSetting"]["Format"]
    (settings,) = stage["MethodSettings"]
    assert settings["ThrottlingRateLimit"] > 0
    assert settings["ThrottlingBurstLimit"] > 0


def test_the_access_log_names_the_caller(select_type: SelectType) -> None:
    [stage] = select_type("AWS::ApiGateway::Stage").values()
    logged = json.loads(stage["AccessLogSetting"]["Format"])
    assert logged["caller"] == "$context.identity.userArn"
    assert logged["subject"] == "$context.authorizer.claims.sub"
    assert not any("sourceIp" in value or value == "path" for value in logged.values())
