"""The API does what docs/openapi.json says: all checks of schemathesis, with a fixed seed."""

import json
from collections.abc import Iterator
from hashlib import sha256
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks
from schemathesis.core.failures import AcceptedNegativeData, Failure
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.transport import Response
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import RejectedPositiveData

from local.api import Router
from local.runtime import Runtime
from local.template import Stack
from tests.support.api import ROOT
from tests.support.pipeline import Pipeline
from tests.support.trail import read_events
from tests.support.wsgi import AUTHORIZATION, WsgiApi

# What no schema can say: see `tests/unit/test_openapi_rules.py`, which has the whole list.
BEYOND_SCHEMAS = (
    "startDate: must not be after endDate",
    "interval: must leave at most ",
    "oldSize: must be at most size",
    "cursor: belongs to other filters or another order",
    "timestamp: required with Idempotency-Key",
    "timestamp: must not lie more than 24 hours in the future",
    "tenantId: must be that of the request",
    "integer within ±(2^53-1)",
    "must have at most 128 characters",  # of an id, which an integer can also break
    "must have at most 256 characters",
)
pytestmark = pytest.mark.fuzz
EVENTS = 5
MULTI_STATUS = HTTPStatus.MULTI_STATUS
TILES = ["0/000.p/5", "entries/000.p/5", "0/000"]


class _Api:
    """The API that the test in progress calls, and the ids of its stored events."""

    application: WsgiApi | None = None
    ids: tuple[str, ...] = ()

    def __call__(self, *arguments: Any) -> Any:
        assert self.application is not None
        return self.application(*arguments)


API = _Api()
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text())
schema = schemathesis.openapi.from_dict(DOCUMENT | {"servers": [{"url": "/"}]})
schema.app = API
load_all_checks()


def name_what_exists(case: schemathesis.Case[Any]) -> None:
    """Name events and tiles that there are in half of the requests with a valid path."""
    if case.meta is None or case.meta.is_negative_at(ParameterLocation.PATH):
        return
    for name, existing in (("id", API.ids), ("path", TILES)):
        chosen = sha256(str(case.path_parameters.get(name)).encode()).digest()[0]
        if name in case.path_parameters and existing and chosen % 2:
            case.path_parameters[name] = existing[chosen // 2 % len(existing)]


@schema.hook
def filter_failure(
    _: HookContext, failure: Failure, case: schemathesis.Case[Any], response: Response
) -> bool:
    """Take a refusal for right if its only reasons are rules that no schema can say.

    A list with a valid and an invalid event is refused in part.
    """
    if (
        isinstance(failure, AcceptedNegativeData)
        and response.status_code == HTTPStatus.MULTI_STATUS
    ):
        return all(result["status"] < 400 for result in json.loads(response.content)["results"])
    if not isinstance(failure, RejectedPositiveData):
        return True
    body = json.loads(response.content)
    errors = [result["error"] for result in body.get("results", [body]) if "error" in result]
    reasons = [
        f"{field['field']}: {field['rule']}" for e in errors for field in e.get("fields", [])
    ]
    return not reasons or not all(
        any(rule in reason for rule in BEYOND_SCHEMAS) for reason in reasons
    )


@pytest.fixture(params=["no event", "events"])
def trail(aws: Stack, request: pytest.FixtureRequest) -> Iterator[None]:
    """A trail with and without events, published or not, behind the API."""
    runtime = Runtime(aws.functions, lambda *_: None)
    if request.param == "events":
        Pipeline(aws, runtime).grow(EVENTS)
        API.ids = tuple(sorted(read_events(aws)))
    API.application = WsgiApi(runtime, Router(aws.routes))
    yield
    API.application, API.ids = None, ()


@schema.parametrize()
@settings(
    max_examples=15,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_api_conforms_to_its_document(case: schemathesis.Case[Any], trail: None) -> None:
    name_what_exists(case)
    case.call_and_validate(headers={"Authorization": AUTHORIZATION})
