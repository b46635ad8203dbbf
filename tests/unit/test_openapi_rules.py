"""The OpenAPI document accepts and refuses what the functions accept and refuse.

Each parameter and each field gets many samples and variants of them. The functions are the real
handlers, on fakes. Rules that no schema can hold are in `is_beyond_schemas` and at the end.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import validators
from openapi_schema_validator import OAS31Validator

import proof.app
import query.app
import stats.app
import submit.app
from local.api import make_proxy_event
from local.template import Route
from prooftrail.errors import AuditLogError
from prooftrail.event.times import MAX_TIMESTAMP_MS
from prooftrail.ledger.prove import Prover
from prooftrail.query.cursor import decode_cursor, encode_cursor
from prooftrail.query.filters import Filters
from prooftrail.query.stats import Statistics
from prooftrail.runtime import reads
from prooftrail.tlog.tiles import Tile
from tests.support.fake_reader import FakeEvents
from tests.support.fakes import MemoryJobQueue
from tests.support.samples import event_json, make_event_record
from tests.support.schema_samples import (
    ADDRESSES,
    DATES,
    TEXTS,
    VALUES,
    draw_variant,
    is_beyond_schemas,
    match_whole,
)
from tools.openapi import TARGET

DOCUMENT = json.loads(TARGET.read_text())
EVENTS = "/audit-logs"
EVENT_ID = make_event_record().id
FUNCTIONS = {
    f"GET /audit-logs{path}": query.app for path in ("", "/{id}", "/unmasked", "/{id}/unmasked")
}
FUNCTIONS |= {"GET /audit-logs/{id}/proof/unmasked": proof.app}
FUNCTIONS |= {"GET /audit-logs/stats": stats.app, "GET /audit-logs/{id}/proof": proof.app}
CONSISTENCY = "GET /audit-logs/log/consistency"
FUNCTIONS |= {CONSISTENCY: proof.app}
ROOT = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
REQUIRED = {CONSISTENCY: {"oldSize": "0", "oldRoot": ROOT, "size": "9" * 15, "root": ROOT}}
CURSOR = encode_cursor(Filters("default"), EVENT_ID, descending=True)


Validator = validators.extend(  # type: ignore[no-untyped-call]  # the library has no types
    OAS31Validator, {"pattern": match_whole}
)


@cache
def make_validator(text: str) -> Any:
    return Validator({**json.loads(text), "components": DOCUMENT["components"]})


def fits(schema: Mapping[str, Any], value: object) -> bool:
    """Return whether the document's schema accepts the value."""
    return bool(make_validator(json.dumps(schema)).is_valid(value))


@pytest.fixture(scope="module", autouse=True)
def _fakes() -> Iterator[None]:
    reader, nothing = FakeEvents(), Statistics(0, 0, 0, 0, (), (), None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query.app, "make_reader", lambda: reader)
        patch.setattr(proof.app, "make_prover", lambda: Prover(reader, None, None))  # type: ignore[arg-type]
        patch.setattr(proof.app, "prove_consistency", lambda *_: ())
        patch.setattr(stats.app, "make_sources", lambda: stats.app.Sources(*[None] * 3))  # type: ignore[arg-type]
        patch.setattr(stats.app, "count_events", lambda *_, **__: nothing)
        patch.setattr(submit.app, "make_queue", MemoryJobQueue)
        patch.setattr(reads, "_make_queue", MemoryJobQueue)
        patch.setattr(submit.app, "now_ms", lambda: MAX_TIMESTAMP_MS)  # nothing is in the future
        yield


def request(route: str, target: str, **parts: Any) -> tuple[int, Any]:
    """Send a request to the route's function. Return the response's status and body."""
    method, _, path = route.partition(" ")
    event = make_proxy_event(Route(method, path, ""), target, **{"path_parameters": {}, **parts})
    app = FUNCTIONS.get(route, submit.app)
    response = app.lambda_handler(event, None)
    return response["statusCode"], json.loads(response["body"])


def mark_repetitions(cases: Sequence[tuple[str, ...]], schemas: Sequence[Any]) -> list[Any]:
    """Mark the cases as slow whose schema an earlier case has: variants are drawn from all."""
    texts = [json.dumps(schema, sort_keys=True) for schema in schemas]
    return [
        pytest.param(*case, marks=[pytest.mark.slow] if text in texts[:at] else [])
        for at, (case, text) in enumerate(zip(cases, texts, strict=True))
    ]


def find_parameters() -> list[tuple[str, str]]:
    """Return route and name of every parameter of the functions, but `path`: see the tiles."""
    return [
        (f"{method.upper()} {path}", parameter["name"])
        for path, operations in DOCUMENT["paths"].items()
        for method, operation in operations.items()
        for parameter in operation.get("parameters", [])
        if parameter["name"] != "path"
    ]


def get_schema(route: str, name: str) -> Mapping[str, Any]:
    """Return the schema of a parameter."""
    method, _, path = route.partition(" ")
    parameters = DOCUMENT["paths"][path][method.lower()]["parameters"]
    [schema] = [each["schema"] for each in parameters if each["name"] == name]
    return dict(schema)


def parse_text(schema: Mapping[str, Any], text: str) -> object:
    """Return the value that the text of a parameter has by the schema's type."""
    is_integer = schema.get("type") == "integer"
    return int(text) if is_integer and re.fullmatch(r"-?(0|[1-9][0-9]*)", text) else text


def is_accepted(route: str, name: str, text: str) -> bool:
    """Return whether the function accepts this text as the value of the parameter."""
    path = route.partition(" ")[2].replace("{id}", quote(text if name == "id" else EVENT_ID))
    given = dict(REQUIRED.get(route, {}))
    if name not in {"id", "Idempotency-Key"}:
        given[name] = text
    if name == "startDate":  # without it the range ends now
        given["endDate"] = "9999-12-31"
    status, body = request(
        route,
        f"{path}?{urlencode(given)}",
        path_parameters={"id": text if name == "id" else EVENT_ID} if "{id}" in route else {},
        headers=[(name, text)] if name == "Idempotency-Key" else [],
        body=json.dumps(event_json(timestamp="2026-11-24T08:00:00Z")).encode(),
    )
    if status == 404:  # there is no event; or Powertools has no route for such an id
        return bool(body["error"]["code"] == "event_not_found")
    assert status in {200, 202, 400}
    return bool(status != 400)


NUMBERS = ["0", "1", "1000", "1001", "-1", "-0", "1_0", "5.0", "1e2", "+1", "0100", "٣", "9" * 40]
IDS = [EVENT_ID, EVENT_ID.lower(), EVENT_ID[1:], f"{EVENT_ID}0", "7" + "Z" * 25, "8" + "0" * 25]
IDS += [EVENT_ID.replace("0", "O"), "0" * 26, "01JN8EY2S87N7CETXM8GW8XKHU"]
CURSORS = [CURSOR, CURSOR[:-1], f"{CURSOR}=", f"B{CURSOR[1:]}", f"{CURSOR[:-1]}B"]
TRACES = ["4bf92f3577b34da6a3ce929d0e0e4736", "4BF9" * 8, "0" * 32, "1" * 31, "1" * 33, "g" * 32]
ROOTS = [ROOT, ROOT[:-1], ROOT.replace("+", "-"), ROOT.replace("U=", "V="), f"{ROOT}\n"]
SAMPLES = [*ROOTS, *DATES, *ADDRESSES, *TRACES, *TEXTS, *NUMBERS, *IDS, *CURSORS]


def check_parameter(route: str, name: str, text: str) -> bool:
    """Check that document and function agree. Return whether the function accepts the text."""
    schema, accepted = get_schema(route, name), is_accepted(route, name, text)
    if name == "id" and not text:  # another route
        return accepted
    if is_beyond_schemas(text):
        assert accepted or not fits(schema, text)
    elif name == "cursor":  # a cursor of another query is refused, whatever it looks like
        assert fits(schema, text) or not accepted
    else:
        assert accepted == fits(schema, parse_text(schema, text)), text
    return accepted


PARAMETERS = find_parameters()


@pytest.mark.parametrize(
    ("route", "name"),
    mark_repetitions(PARAMETERS, [(name, get_schema(route, name)) for route, name in PARAMETERS]),
)
def test_samples_of_a_parameter(route: str, name: str) -> None:
    texts = [text.strip() for text in SAMPLES] if name == "Idempotency-Key" else SAMPLES
    accepted = [check_parameter(route, name, text) for text in texts]  # who sends a header strips
    assert True in accepted
    assert False in accepted


@given(st.sampled_from(PARAMETERS), draw_variant(SAMPLES))
def test_variants_of_samples_of_a_parameter(parameter: tuple[str, str], text: str) -> None:
    route, name = parameter
    check_parameter(route, name, text.strip() if name == "Idempotency-Key" else text)


DATE_PARAMETERS = [("GET /audit-logs", "startDate"), ("GET /audit-logs/stats", "endDate")]


@given(st.sampled_from(DATE_PARAMETERS), draw_variant(DATES))
def test_variants_of_dates(parameter: tuple[str, str], text: str) -> None:
    check_parameter(*parameter, text)


@given(draw_variant(ADDRESSES))
def test_variants_of_addresses(text: str) -> None:
    check_parameter("GET /audit-logs", "ipAddress", text)


def test_the_cursors_of_the_api_fit() -> None:
    assert is_accepted("GET /audit-logs", "cursor", CURSOR)
    assert not fits(get_schema("GET /audit-logs", "cursor"), "")


@given(draw_variant(CURSORS))
def test_a_cursor_that_can_be_decoded_fits(text: str) -> None:
    try:
        decode_cursor(text, Filters("default"), descending=True)
    except AuditLogError:
        return
    assert fits(get_schema("GET /audit-logs", "cursor"), text)


TILES = [
    "0/000", "entries/000", "0/x001/067.p/12", "63/999", "64/000", "00/000", "0/x000/001", "0/1",
    "0/000.p/0", "0/000.p/255", "0/000.p/256", "0/000.p/012", "entries/x123/x456/789", "0/001/002",
    "0/x001/x002/x003/x004/x005/x006/007", "0/x001/x002/x003/x004/x005/x006/x007/008", "",
    "checkpoint",
]  # fmt: skip


@given(st.sampled_from(TILES) | draw_variant(TILES))
def test_the_paths_of_tiles(path: str) -> None:
    try:
        Tile.from_path(f"tile/{path}")
    except AuditLogError:
        is_path = False
    else:
        is_path = True
    assert fits(get_schema("GET /audit-logs/tile/{path}", "path"), path) == is_path


BODY_SCHEMA = DOCUMENT["paths"][EVENTS]["post"]["requestBody"]["content"]["application/json"][
    "schema"
]


def check_body(body: object) -> None:
    """Check that document and function agree about a body."""
    status, response = request("POST /audit-logs", EVENTS, body=json.dumps(body).encode())
    assert status in {202, 207, 400}
    assert (status == 202) == fits(BODY_SCHEMA, body), (body, response)


PROPERTIES = DOCUMENT["components"]["schemas"]["NewEvent"]["properties"]
FIELDS = [*PROPERTIES, "x", "id", ""]


@pytest.mark.parametrize(
    "name",
    mark_repetitions(
        [(name,) for name in FIELDS],
        [PROPERTIES.get(name, {"name": name}) for name in FIELDS],
    ),
)
def test_samples_of_a_field(name: str) -> None:
    for value in VALUES:
        if not is_beyond_schemas(value):
            check_body(event_json(**{name: value}))
    if name in event_json():
        fields = event_json()
        del fields[name]
        check_body(fields)


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        st.sampled_from(VALUES) | draw_variant([*DATES, *ADDRESSES, *TEXTS]),
        max_size=3,
    )
)
def test_variants_of_events(fields: dict[str, Any]) -> None:
    if not any(map(is_beyond_schemas, fields.values())):
        check_body(event_json(**fields))


EVENT = event_json()


@pytest.mark.parametrize(
    "body",
    [
        EVENT,
        {"events": [EVENT]},
        {"events": [EVENT] * 100},
        {"events": [EVENT] * 101},
        {"events": []},
        {"events": None},
        {"events": {}},
        {"events": [EVENT], "x": 1},
        {"events": [EVENT], "x": None},
        {"events": [EVENT, {}]},
        {"events": [EVENT, None]},
        {"events": [[EVENT]]},
        {"events": [EVENT | {"x": None}]},
        {},
        [],
        [EVENT],
        None,
        3,
        "text",
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_bodies(body: object) -> None:
    check_body(body)


DEEP: Any = 1
for _ in range(101):
    DEEP = [DEEP]
TIME = {"timestamp": "2026-11-24T08:00:00Z"}
BEYOND_SCHEMAS = [
    # times near the ends of the years 1970 to 9999, and leap seconds, with an offset
    (EVENT | {"timestamp": "1969-12-31T23:30:00-01:00"}, ""),
    (EVENT | {"timestamp": "1970-06-01T00:00:00+01:00"}, ""),
    (EVENT | {"timestamp": "2017-01-01T00:59:60+01:00"}, ""),
    # numbers: a schema knows values, not digits
    (EVENT | {"details": {"n": 2**60}}, r"an integer within ±\(2\^53-1\)"),
    (EVENT | {"userId": 10**256}, "userId: "),
    (EVENT | {"tenantId": 10**64}, "tenantId: "),
    # depth, and texts that are no Unicode
    (EVENT | {"details": {"deep": DEEP}}, "nest deeper than 100 levels"),
    (EVENT | {"userAgent": "\ud800"}, "lone surrogates"),
]


@pytest.mark.parametrize(("body", "reason"), BEYOND_SCHEMAS, ids=lambda value: str(value)[-40:])
def test_only_the_function_refuses(body: object, reason: str) -> None:
    """The whole list of what a schema cannot say of an event, but its age and repeated keys."""
    status, response = request("POST /audit-logs", EVENTS, body=json.dumps(body).encode())
    assert (status == 202) == (reason == "")
    assert (status == 202) != fits(BODY_SCHEMA, body), "now the schema knows it too"
    assert re.search(reason, json.dumps(response, ensure_ascii=False))


def test_an_event_may_not_be_too_far_in_the_future(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submit.app, "now_ms", lambda: 0)
    body = json.dumps(EVENT | TIME).encode()
    status, response = request("POST /audit-logs", EVENTS, body=body)
    assert (status, "24 hours in the future" in json.dumps(response)) == (400, True)


def test_no_key_is_repeated() -> None:
    status, response = request("POST /audit-logs", EVENTS, body=b'{"action": "a", "action": "b"}')
    assert (status, "occurs twice" in json.dumps(response)) == (400, True)


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        (f"{EVENTS}?startDate=2026-11-25&endDate=2026-11-24", "must not be after endDate"),
        (f"{EVENTS}?cursor={CURSOR}&userId=u-1", "belongs to other filters"),
        (f"{EVENTS}?cursor=AQ{'0' * 55}A", "belongs to other filters"),
    ],
)
def test_parameters_that_do_not_agree(target: str, reason: str) -> None:
    """No schema compares parameters."""
    status, response = request("GET /audit-logs", target)
    assert (status, reason in json.dumps(response)) == (400, True)


def test_a_key_needs_events_with_a_timestamp() -> None:
    body, headers = json.dumps(EVENT).encode(), [("Idempotency-Key", "k")]
    status, response = request("POST /audit-logs", EVENTS, headers=headers, body=body)
    assert (status, "required with Idempotency-Key" in json.dumps(response)) == (400, True)
