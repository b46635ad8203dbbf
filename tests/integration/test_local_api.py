"""The local API responds as API Gateway does, also if a function fails."""

import base64
import gzip
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
    """Records its events, and returns the response that a test sets."""

    def __init__(self) -> None:
        self.events: list[tuple[str, Mapping[str, Any]]] = []
        self.response: Any = {"statusCode": 200, "body": "{}", "multiValueHeaders": {"X": ["1"]}}

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        self.events.append((name, event))
        if isinstance(self.response, Exception):
            raise self.response
        return self.response


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def connection(functions: Functions) -> Iterator[HTTPConnection]:
    with api.serve_api("127.0.0.1", 0, ROUTES, "dev", functions.invoke) as port:
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        yield connection
        connection.close()


def send_request(
    connection: HTTPConnection, method: str, path: str, **options: Any
) -> tuple[int, Any]:
    """Send a request. Return the status and the decoded body."""
    connection.request(method, path, **options)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def test_a_request_reaches_its_function_as_a_proxy_event(
    connection: HTTPConnection, functions: Functions
) -> None:
    connection.request("GET", "/audit-logs/a%23b?x=1&x=2&y=%2B", headers={"A": "b"})
    response = connection.getresponse()
    assert (response.status, response.getheader("X"), response.read()) == (200, "1", b"{}")
    [(name, event)] = functions.events
    assert name == "QueryFunction"
    assert event["pathParameters"] == {"id": "a#b"}
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"], "y": ["+"]}
    assert event["queryStringParameters"] == {"x": "2", "y": "+"}
    assert event["headers"]["A"] == "b"
    assert event["body"] is None


@pytest.mark.parametrize(
    ("size", "accepted", "own", "encoding"),
    [
        (api.MINIMUM_COMPRESSION_SIZE, "gzip, deflate, br", {}, "gzip"),
        (api.MINIMUM_COMPRESSION_SIZE - 1, "gzip", {}, None),
        (api.MINIMUM_COMPRESSION_SIZE, "identity", {}, None),
        (api.MINIMUM_COMPRESSION_SIZE, "gzip", {"content-encoding": "br"}, "br"),
    ],
)
def test_a_long_response_is_compressed_for_a_client_that_accepts_it(
    connection: HTTPConnection,
    functions: Functions,
    size: int,
    accepted: str,
    own: Mapping[str, str],
    encoding: str | None,
) -> None:
    functions.response = {"statusCode": 200, "body": "x" * size, "headers": own}
    connection.request("GET", "/audit-logs", headers={"Accept-Encoding": accepted})
    response = connection.getresponse()
    body = response.read()
    assert response.getheader("Content-Encoding") == encoding
    assert response.getheader("Content-Length") == str(len(body))
    assert (gzip.decompress(body) if encoding == "gzip" else body) == b"x" * size


def test_a_body_reaches_the_function_of_its_method_in_base64(
    connection: HTTPConnection, functions: Functions
) -> None:
    body = '{"é": 1}'.encode() + b"\xff"
    assert send_request(connection, "POST", "/audit-logs", body=body)[0] == 200
    [(name, event)] = functions.events
    assert (name, event["httpMethod"]) == ("SubmitFunction", "POST")
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == body


def test_a_literal_path_wins_over_a_parameter(
    connection: HTTPConnection, functions: Functions
) -> None:
    assert send_request(connection, "GET", "/audit-logs/stats")[0] == 200
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
    assert send_request(connection, "GET", path)[0] == 200
    [(_, event)] = functions.events
    assert event["resource"] == (resource or "/audit-logs/tile/{path+}")
    assert event["pathParameters"] == parameters


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", "/audit-logs/stats", "GET"), ("PUT", "/audit-logs", "GET, POST")],
)
def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(
    connection: HTTPConnection, functions: Functions, method: str, path: str, allowed: str
) -> None:
    connection.request(method, path)
    response = connection.getresponse()
    assert (response.status, response.getheader("Allow")) == (405, allowed)
    assert json.loads(response.read())["error"]["code"] == "method_not_allowed"
    assert not functions.events


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/audit-logs/"),
        ("GET", "/audit-logs//1"),
        ("GET", "/audit-logs/1/2"),
        ("GET", "/audit-logs/tile/"),
        ("GET", "/Audit-logs"),
    ],
)
def test_a_path_without_a_route_is_not_found(
    connection: HTTPConnection, functions: Functions, method: str, path: str
) -> None:
    status, body = send_request(connection, method, path)
    assert (status, body["error"]["code"]) == (404, "not_found")
    assert not functions.events


@pytest.mark.parametrize("response", [FunctionError("KeyError: 1"), None, {"body": "no status"}])
def test_a_failed_function_is_a_bad_gateway(
    connection: HTTPConnection, functions: Functions, response: object
) -> None:
    functions.response = response
    status, body = send_request(connection, "GET", "/audit-logs/stats")
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
def test_a_body_that_is_too_large_or_has_no_valid_size_is_refused_unread(
    connection: HTTPConnection, functions: Functions, headers: dict[str, str]
) -> None:
    status, body = send_request(connection, "GET", "/audit-logs/stats", headers=headers)
    assert (status, body["error"]["code"]) == (413, "request_too_large")
    assert not functions.events
