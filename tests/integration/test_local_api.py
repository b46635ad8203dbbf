"""The local API responds as API Gateway does, whether or not a function responds."""

import base64
import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any

import pytest

from local import api
from local.runtime import FunctionError
from local.template import Route

ROUTES = [
    Route("GET", "/audit-logs/{id}", "QueryFunction"),
    Route("GET", "/audit-logs/stats", "StatsFunction"),
    Route("GET", "/audit-logs", "QueryFunction"),
    Route("POST", "/audit-logs", "SubmitFunction"),
    Route("GET", "/audit-logs/{id}/proof", "ProofFunction"),
    Route("GET", "/audit-logs/tile/{path+}", "ProofFunction"),
]


class Functions:
    """Answers what it was asked, or what a test wants answered."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Mapping[str, Any]]] = []
        self.answer: Any = {"statusCode": 200, "body": "{}", "multiValueHeaders": {"X": ["1"]}}

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        self.events.append((name, event))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def connection(functions: Functions) -> Iterator[HTTPConnection]:
    with api.serve_api("127.0.0.1", 0, ROUTES, "dev", functions.invoke) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        yield connection
        connection.close()


def asked(connection: HTTPConnection, method: str, path: str, **options: Any) -> tuple[int, Any]:
    """The status and the decoded body."""
    connection.request(method, path, **options)
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def test_a_request_reaches_its_function_as_a_proxy_event(
    connection: HTTPConnection, functions: Functions
) -> None:
    connection.request("GET", "/audit-logs/a%23b?x=1&x=2&y=%2B", headers={"A": "b"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("X"), answer.read()) == (200, "1", b"{}")
    [(name, event)] = functions.events
    assert name == "QueryFunction"
    assert event["pathParameters"] == {"id": "a#b"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": ["+"]}
    assert event["queryStringParameters"] == {"x": "2", "y": "+"}
    assert event["headers"]["A"] == "b"
    assert event["body"] is None


def test_a_body_reaches_the_function_of_its_method_in_base_64(
    connection: HTTPConnection, functions: Functions
) -> None:
    body = '{"é": 1}'.encode() + b"\xff"
    assert asked(connection, "POST", "/audit-logs", body=body)[0] == 200
    [(name, event)] = functions.events
    assert (name, event["httpMethod"]) == ("SubmitFunction", "POST")
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_a_literal_path_wins_over_a_parameter(
    connection: HTTPConnection, functions: Functions
) -> None:
    assert asked(connection, "GET", "/audit-logs/stats")[0] == 200
    assert functions.events[0][0] == "StatsFunction"


@pytest.mark.parametrize(
    ("path", "resource", "parameters"),
    [
        ("/audit-logs/a%2Fb", "/audit-logs/{id}", {"id": "a/b"}),
        ("/audit-logs/a%2Fb/proof", "/audit-logs/{id}/proof", {"id": "a/b"}),
        ("/audit-logs/tile/0/x001/067.p/12", None, {"path": "0/x001/067.p/12"}),
        ("/audit-logs/tile/0%2F000", None, {"path": "0/000"}),
        ("/audit-logs/tile/../checkpoint", None, {"path": "../checkpoint"}),
        ("/audit-logs/tile/0/000/", None, {"path": "0/000/"}),
        ("/audit-logs/tile/proof", None, {"path": "proof"}),
    ],
)
def test_a_parameter_ends_at_a_slash_unless_it_is_greedy(
    connection: HTTPConnection,
    functions: Functions,
    path: str,
    resource: str | None,
    parameters: dict[str, str],
) -> None:
    assert asked(connection, "GET", path)[0] == 200
    [(_, event)] = functions.events
    assert event["resource"] == (resource or "/audit-logs/tile/{path+}")
    assert event["pathParameters"] == parameters


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/audit-logs/stats"),
        ("PUT", "/audit-logs"),
        ("GET", "/"),
        ("GET", "/audit-logs/"),
        ("GET", "/audit-logs//1"),
        ("GET", "/audit-logs/1/2"),
        ("GET", "/audit-logs/tile/"),
        ("GET", "/Audit-logs"),
    ],
)
def test_what_is_no_route_is_not_found(
    connection: HTTPConnection, functions: Functions, method: str, path: str
) -> None:
    status, body = asked(connection, method, path)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert not functions.events


@pytest.mark.parametrize("answer", [FunctionError("KeyError: 1"), None, {"body": "no status"}])
def test_a_function_that_fails_is_a_bad_gateway(
    connection: HTTPConnection, functions: Functions, answer: object
) -> None:
    functions.answer = answer
    status, body = asked(connection, "GET", "/audit-logs/stats")
    assert (status, body["error"]["code"]) == (502, "internal_error")
    assert "KeyError" not in json.dumps(body)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Length": str(api.MAX_BODY_BYTES + 1)},
        {"Content-Length": "-1"},
        {"Content-Length": "much"},
        {"Content-Length": "9" * 5_000},
        {"Transfer-Encoding": "chunked"},
    ],
    ids=lambda headers: str(headers)[:40],
)
def test_a_body_over_the_gateways_limit_or_of_no_size_is_refused_unread(
    connection: HTTPConnection, functions: Functions, headers: dict[str, str]
) -> None:
    status, body = asked(connection, "GET", "/audit-logs/stats", headers=headers)
    assert (status, body["error"]["code"]) == (413, "request_too_large")
    assert not functions.events
