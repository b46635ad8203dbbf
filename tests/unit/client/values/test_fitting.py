"""Nobody's input keeps an event out of the trail: `log` fits it, and the processor stores it so."""

import inspect
import json
import logging
import os
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import IntEnum
from hashlib import sha256
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, SecretStr
from starlette.datastructures import Secret

from prooftrail.client import ActorType, AuditLogger, Masking, audit_context, audited, track_changes
from prooftrail.client.values.report import MAX_PATHS
from prooftrail.errors import AuditLogError
from prooftrail.event.nodes import MAX_EVENT_NODES, count_nodes
from prooftrail.event.times import now_ms
from prooftrail.intake.ingest import ingest
from prooftrail.intake.packing import MAX_MESSAGE_BYTES
from tests.support.fakes import MemoryDeadLetterSender, MemoryEventWriter
from tests.support.queue_fakes import FlakyQueue, make_logger
from tests.support.samples import message

NAMES: dict[str, Any] = {
    "action": "order.approve",
    "resource_type": "order",
    "resource_id": "4711",
}
NOT_UTF_8 = os.fsdecode(b"/srv/\xff.txt")
LONG = "x" * 300
CUT = 256 * "x"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
X_DIGEST = "0d4e2ca9e9cbced7a7a5380eb29e1a37"  # printf 'x%.0s' {1..300} | sha256sum


class Level(IntEnum):
    HIGH = 3


class ObjectId:
    """An id of a database: its text is that of `str`."""

    def __str__(self) -> str:
        return "507f1f77"


class Target(NamedTuple):
    type: str
    id: str


TARGET = Target("user", "u-1")


class Hostile:
    """An object of the application whose every use fails."""

    def _fail(self, *_: object) -> Any:
        raise ArithmeticError("hunter2")

    __str__ = __eq__ = __iter__ = __len__ = __bool__ = astimezone = _fail
    __hash__ = None  # type: ignore[assignment]  # like an array of numpy


class HostileMapping(dict[str, Any]):
    def items(self) -> Any:
        raise LookupError("hunter2")


class HostileModel(BaseModel):
    def model_dump(self, **_: Any) -> Any:
        raise OSError("hunter2")


@dataclass
class User:
    id: int
    password: str


def nest(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels):
        value = {"d": value}
    return value


def make_cycle() -> dict[str, Any]:
    value: dict[str, Any] = {"name": "Ada"}
    value["friends"] = [value]
    return value


def send(fields: dict[str, Any], **options: Any) -> tuple[dict[str, Any], AuditLogger]:
    """Log one event, and return it as the processor stores it, and the logger."""
    queue, writer, dead_letters = FlakyQueue(), MemoryEventWriter(), MemoryDeadLetterSender()
    with make_logger(queue, **options) as logger:
        event_id = logger.log(**{**NAMES, **fields})
    assert event_id
    messages = [message(body) for body in queue.bodies]
    ingest(messages, writer, dead_letters, now_ms=now_ms(), retention_days=0)
    assert not dead_letters.dead_letters
    [record] = writer.records.values()
    assert record.id == event_id
    return json.loads(record.canonical), logger


def replaced(text: str) -> str:
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"surrogates replaced (sha256 of the whole {digest})"


# What loses nothing: an argument, its value, and its value in the event.
LOSSLESS: dict[str, tuple[str, Any, Any]] = {
    "integer": ("user_id", 42, "42"),
    "large integer": ("user_id", 2**60, str(2**60)),
    "UUID": ("resource_id", uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "enumeration": ("session_id", Level.HIGH, "3"),
    "path": ("resource_id", Path("/srv/a"), "/srv/a"),
    "decimal": ("resource_id", Decimal("1.50"), "1.50"),
    "date": ("resource_id", date(2026, 11, 24), "2026-11-24"),
    "bytes": ("username", b"Ad\xc3\xa4", "Adä"),
    "an id with a text": ("resource_id", ObjectId(), "507f1f77"),
    "event id": ("event_id", 7, "7"),
    "tenant": ("tenant_id", uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    "empty user": ("user_id", "", None),
    "empty name": ("username", "", None),
    "empty address": ("ip_address", "", None),
    "empty tenant": ("tenant_id", "", "default"),
    "port": ("ip_address", "203.0.113.9:41234", "203.0.113.9"),
    "zone": ("ip_address", "[fe80::1%eth0]:443", "fe80::1"),
    "mapped": ("ip_address", "::ffff:203.0.113.77", "203.0.113.77"),
    "address": ("ip_address", ip_address("2001:db8::1"), "2001:db8::1"),
    "exception": ("error_message", ValueError("no"), "no"),
    "type of actor": ("actor_type", ActorType.SERVICE, "service"),
    "empty type of actor": ("actor_type", "", None),
    "user": ("on_behalf_of", "u-1", {"userId": "u-1"}),
    "user by number": ("on_behalf_of", 7, {"userId": "7"}),
    "user and name": ("on_behalf_of", (7, "Ada"), {"userId": "7", "username": "Ada"}),
    "user as object": (
        "on_behalf_of",
        {"userId": uuid.UUID(int=1)},
        {"userId": str(uuid.UUID(int=1))},
    ),
    "user as arguments": ("on_behalf_of", {"user_id": 7}, {"userId": "7"}),
    "no user": ("on_behalf_of", (None, ""), None),
    "empty user in an object": ("on_behalf_of", {"userId": None}, None),
    "targets": (
        "targets",
        [{"type": "team", "id": 7}, ("user", 8), ("user", ObjectId(), "Ada"), TARGET],
        [
            {"type": "team", "id": "7"},
            {"type": "user", "id": "8"},
            {"type": "user", "id": "507f1f77", "name": "Ada"},
            {"type": "user", "id": "u-1"},
        ],
    ),
    "no targets": ("targets", (), None),
    "trace": ("trace_id", TRACE.upper(), TRACE),
    "trace of OpenTelemetry": ("trace_id", int(TRACE, 16), TRACE),
    "no trace": ("trace_id", 0, None),
    "milliseconds": ("timestamp", 1_764_000_000_123, "2025-11-24T16:00:00.123Z"),
}


def to_json_name(argument: str) -> str:
    first, *rest = argument.split("_")
    return first + "".join(part.title() for part in rest)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", LOSSLESS)
def test_what_loses_nothing_is_converted_silently(
    caplog: pytest.LogCaptureFixture, name: str, strict: bool
) -> None:
    argument, value, stored = LOSSLESS[name]
    event, logger = send({argument: value}, strict=strict)
    assert event.get(to_json_name(argument)) == stored
    assert "metadata" not in event
    assert (logger.fitted, logger.invalid) == (0, 0)
    assert caplog.records == []


def make_target(**fields: Any) -> dict[str, Any]:
    return {"targets": [{"type": "user", "id": "u-1", **fields}, TARGET]}


KEPT = {"type": "user", "id": "u-1"}
# What loses something: the arguments, what the event has then, and `metadata.fitted`.
FITTED: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, str]]] = {
    "empty resource": (
        {"resource_id": ""},
        {"resourceId": "(empty)"},
        {"resourceId": "empty"},
    ),
    "no resource": (
        {"resource_id": None},
        {"resourceId": "(empty)"},
        {"resourceId": "empty"},
    ),
    "long name": (
        {"username": LONG},
        {"username": f"{'x' * 216}…sha256:{X_DIGEST}"},
        {"username": "longer than 256 characters: cut"},
    ),
    "long event id": (
        {"event_id": LONG},
        {"eventId": f"{'x' * 88}…sha256:{X_DIGEST}"},
        {"eventId": "longer than 128 characters: cut"},
    ),
    "surrogate": (
        {"user_id": "a\ud800"},
        {"userId": "a\ufffd"},
        {"userId": replaced("a\ud800")},
    ),
    "file name": (
        {"resource_id": NOT_UTF_8},
        {"resourceId": "/srv/\ufffd.txt"},
        {"resourceId": replaced(NOT_UTF_8)},
    ),
    "two addresses": (
        {"ip_address": "203.0.113.9, 10.0.0.1"},
        {"ipAddress": None},
        {"ipAddress": "not an address: left out"},
    ),
    "unknown address": (
        {"ip_address": "unknown"},
        {"ipAddress": None},
        {"ipAddress": "not an address: left out"},
    ),
    "number for an address": (
        {"ip_address": 16843009},
        {"ipAddress": None},
        {"ipAddress": "not an address: left out"},
    ),
    "boolean": ({"user_id": True}, {"userId": "true"}, {"userId": "not text: converted"}),
    "float": ({"user_id": 1.5}, {"userId": "1.5"}, {"userId": "not text: converted"}),
    "NaN": (
        {"session_id": float("nan")},
        {"sessionId": "NaN"},
        {"sessionId": "not text: converted"},
    ),
    "object": ({"user_id": object()}, {"userId": "(object)"}, {"userId": "not text: converted"}),
    "hostile": ({"user_id": Hostile()}, {"userId": "(Hostile)"}, {"userId": "not text: converted"}),
    "model": (
        {"user_id": User(7, "hunter2")},
        {"userId": '{"id":7,"password":"[masked]"}'},
        {"userId": "not text: converted"},
    ),
    "list": ({"request_id": ["a"]}, {"requestId": '["a"]'}, {"requestId": "not text: converted"}),
    "secret": (
        {"resource_id": Secret("hunter2")},
        {"resourceId": "[masked]"},
        {"resourceId": "not text: converted"},
    ),
    "agent": (
        {"user_agent": "\ud800"},
        {"userAgent": "\ufffd"},
        {"userAgent": replaced("\ud800")},
    ),
    "error": (
        {"error_message": "no \udcff"},
        {"errorMessage": "no \ufffd"},
        {"errorMessage": replaced("no \udcff")},
    ),
    "integer": (
        {"details": {"n": 2**60, "ok": 1}},
        {"details": {"n": str(2**60), "ok": 1}},
        {"details.n": "integer beyond 2^53: kept as text"},
    ),
    "not a number": (
        {"details": {"all": [float("nan"), float("inf"), float("-inf")], "ok": 1}},
        {"details": {"all": ["NaN", "Infinity", "-Infinity"], "ok": 1}},
        {f"details.all[{at}]": "not a finite number: kept as text" for at in range(3)},
    ),
    "keys": (
        {"details": {1: "a", "1": "b", (1, 2): "c", "k\ud800": "d"}},
        {"details": {"1": "a", "1 (2)": "b", "[1, 2]": "c", "k\ufffd": "d"}},
        {
            "details": "keys with the same text: numbered",
            "details.k\ufffd": replaced("k\ud800"),
        },
    ),
    "objects": (
        {"details": {"o": object(), "e": LookupError("gone"), "f": len, "i": ObjectId()}},
        {
            "details": {
                "o": "(object)",
                "e": "LookupError: gone",
                "f": "(builtin_function_or_method)",
                "i": "ObjectId: 507f1f77",
            }
        },
        {f"details.{name}": "has no JSON form: described" for name in "oefi"},
    ),
    "hostile objects": (
        {"details": {"h": Hostile(), "m": HostileMapping(a=1), "p": HostileModel(), "ok": 1}},
        {"details": {"h": "(Hostile)", "m": "(HostileMapping)", "p": "(HostileModel)", "ok": 1}},
        {
            "details.h": "has no JSON form: described",
            "details.m": "could not be read (LookupError)",
            "details.p": "could not be read (OSError)",
        },
    ),
    "hostile details": (
        {"details": HostileMapping(a=1)},
        {"details": {"value": "(HostileMapping)"}},
        {"details": "could not be read (LookupError)"},
    ),
    "cycle": (
        {"details": make_cycle()},
        {"details": {"name": "Ada", "friends": ["(dict)"]}},
        {"details.friends[0]": "contains itself"},
    ),
    "text": (
        {"details": "text"},
        {"details": {"value": "text"}},
        {"details": "not an object: kept under `value`"},
    ),
    "role change": (
        {"changes": {"before": {"role": "user"}, "after": {"role": "admin", "note": "\ud800"}}},
        {
            "changes": {
                "before": {"role": "user"},
                "after": {"role": "admin", "note": "\ufffd"},
                "fields": ["note", "role"],
            }
        },
        {"changes.after.note": replaced("\ud800")},
    ),
    "other changes": (
        {"changes": {"role": ["user", "admin"]}},
        {"changes": {"after": {"role": ["user", "admin"]}, "fields": ["role"]}},
        {"changes": "not `before` and `after`: kept under `after`"},
    ),
    "changes that are no objects": (
        {"changes": {"before": 1, "after": None, "fields": "role"}},
        {"changes": {"before": {"value": 1}, "fields": ["role"]}},
        {
            "changes.before": "not an object: kept under `value`",
            "changes.fields": "not a list of texts: converted",
        },
    ),
    "naive": (
        {"timestamp": datetime(2025, 1, 1).astimezone().replace(tzinfo=None)},
        {"timestamp": "2025-01-01T00:00:00.000Z"},
        {"timestamp": "without a time zone: read as local time"},
    ),
    "outcome": (
        {"success": "False"},
        {"success": False},
        {"success": "not true or false: converted"},
    ),
    "hostile outcome": (
        {"success": Hostile()},
        {"success": False},
        {"success": "says neither true nor false: kept as false"},
    ),
    "failed": (
        {"success": "Failed"},
        {"success": False},
        {"success": "not true or false: converted"},
    ),
    "outcome of an error": (
        {"success": "error"},
        {"success": False},
        {"success": "not true or false: converted"},
    ),
    "passed": (
        {"success": " OK "},
        {"success": True},
        {"success": "not true or false: converted"},
    ),
    "outcome that is no number": (
        {"success": float("nan")},
        {"success": False},
        {"success": "says neither true nor false: kept as false"},
    ),
    "unknown outcome": (
        {"success": "perhaps"},
        {"success": False},
        {"success": "says neither true nor false: kept as false"},
    ),
    "type of actor": (
        {"actor_type": "a b"},
        {"actorType": None},
        {"actorType": "left out: must match ^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$"},
    ),
    "trace": ({"trace_id": "1-2"}, {"traceId": None}, {"traceId": "not a trace id: left out"}),
    "trace of zeros": (
        {"trace_id": "0" * 32},
        {"traceId": None},
        {"traceId": "not a trace id: left out"},
    ),
    "negative trace": (
        {"trace_id": -5},
        {"traceId": None},
        {"traceId": "not a trace id: left out"},
    ),
    "hostile trace": (
        {"trace_id": Hostile()},
        {"traceId": None},
        {"traceId": "could not be read (ArithmeticError): left out"},
    ),
    "long user": (
        {"on_behalf_of": (LONG, True)},
        {"onBehalfOf": {"userId": f"{'x' * 216}…sha256:{X_DIGEST}", "username": "true"}},
        {
            "onBehalfOf.userId": "longer than 256 characters: cut",
            "onBehalfOf.username": "not text: converted",
        },
    ),
    "user with other fields": (
        {"on_behalf_of": {"userId": "u-1", "password": "hunter2"}},
        {"onBehalfOf": {"userId": "u-1"}},
        {"onBehalfOf": "other fields than userId and username are left out"},
    ),
    "user without id": (
        {"on_behalf_of": {"username": "Ada"}},
        {"onBehalfOf": None},
        {"onBehalfOf.userId": "missing: the user is left out"},
    ),
    "hostile user": (
        {"on_behalf_of": Hostile()},
        {"onBehalfOf": None},
        {"onBehalfOf": "could not be read (ArithmeticError): left out"},
    ),
    "long target": (
        make_target(id=LONG, name="a\ud800"),
        {
            "targets": [
                {"type": "user", "id": f"{'x' * 216}…sha256:{X_DIGEST}", "name": "a\ufffd"},
                KEPT,
            ]
        },
        {
            "targets[0].id": "longer than 256 characters: cut",
            "targets[0].name": replaced("a\ud800"),
        },
    ),
    "target without id": (
        make_target(id=""),
        {"targets": [{"type": "user", "id": "(empty)"}, KEPT]},
        {"targets[0].id": "empty"},
    ),
    "target of a wrong type": (
        make_target(type="hunter2#"),
        {"targets": [KEPT]},
        {"targets[0]": "its type is not valid: left out"},
    ),
    "target with other fields": (
        make_target(password="hunter2"),  # noqa: S106  # not a password
        {"targets": [KEPT, KEPT]},
        {"targets[0]": "other fields than type, id and name are left out"},
    ),
    "targets that are none": (
        {"targets": ["u-1", None, ("a", "b", "c", "d"), Hostile(), HostileMapping(), TARGET]},
        {"targets": [KEPT]},
        {
            **{f"targets[{at}]": "not a target: left out" for at in range(4)},
            "targets[4]": "could not be read (LookupError): left out",
        },
    ),
    "too many targets": (
        {"targets": [TARGET] * 5_000},
        {"targets": [KEPT] * 20},
        {"targets": "more than 20: the others are left out"},
    ),
    "one target": (
        {"targets": {"type": "user", "id": "u-1"}},
        {"targets": [KEPT]},
        {"targets": "not a list: read as one target"},
    ),
    "targets that are a text": (
        {"targets": "u-1"},
        {"targets": None},
        {"targets": "not a list: read as one target", "targets[0]": "not a target: left out"},
    ),
    "unknown field": (
        {"colour": "red"},
        {"colour": None},
        {"colour": "not a field of an event: left out"},
    ),
    "its own key": (
        {"metadata": {"fitted": 1, "fitted_": 2}},
        {},
        {"metadata.fitted": "reserved for this report: kept as `fitted__`"},
    ),
}


@pytest.mark.parametrize("name", FITTED)
def test_what_loses_something_is_fitted_told_and_counted(
    caplog: pytest.LogCaptureFixture, name: str
) -> None:
    fields, stored, told = FITTED[name]
    event, logger = send(fields)
    assert {name: event.get(name) for name in stored} == stored
    assert event["metadata"]["fitted"] == told
    assert (logger.fitted, logger.invalid) == (1, 0)
    assert {record.levelno for record in caplog.records} == {logging.WARNING}
    assert "hunter2" not in json.dumps(event) + caplog.text


@pytest.mark.parametrize("name", sorted(FITTED.keys() - {"its own key"}))
def test_strict_raises_for_what_would_lose_something(name: str) -> None:
    queue = FlakyQueue()
    with make_logger(queue, strict=True) as strict, pytest.raises(AuditLogError):
        strict.log(**{**NAMES, **FITTED[name][0]})
    assert queue.events == []


TIMES = {
    "text": "soon",
    "surrogate": "\ud800",
    "float": 1_764_000_000.5,
    "date": date(2025, 11, 24),
    "long integer": 10**5000,
    "far": datetime.max.replace(tzinfo=UTC),
    "first": datetime.min.replace(tzinfo=UTC),
    "future": datetime.now(UTC) + timedelta(days=9),
    "object": Hostile(),
}


@pytest.mark.parametrize("name", TIMES)
def test_an_event_without_a_valid_time_has_that_of_logging(name: str) -> None:
    event, _ = send({"timestamp": TIMES[name]}, clock_ms=lambda: 1_764_000_000_123)
    assert event["timestamp"] == "2025-11-24T16:00:00.123Z"
    assert list(event["metadata"]["fitted"]) == ["timestamp"]


def test_two_long_values_stay_two_and_equal_ones_equal() -> None:
    names = [send({"username": LONG + end})[0]["username"] for end in ("a", "b", "a")]
    assert names[0] != names[1]
    assert names[0] == names[2]
    assert {len(name) for name in names} == {256}


def test_the_applications_own_metadata_is_kept_beside_the_report() -> None:
    with audit_context(metadata={"service": "shop"}):
        event, _ = send({"metadata": {"fitted": {"a": 1}, "n": float("nan")}})
    assert event["metadata"] == {
        "service": "shop",
        "n": "NaN",
        "fitted_": {"a": 1},
        "fitted": {
            "metadata.n": "not a finite number: kept as text",
            "metadata.fitted": "reserved for this report: kept as `fitted_`",
        },
    }


def test_strict_never_writes_a_report_and_keeps_the_key() -> None:
    event, _ = send({"metadata": {"fitted": {"a": 1}}}, strict=True)
    assert event["metadata"] == {"fitted": {"a": 1}}


def test_the_report_is_bounded() -> None:
    details = {f"{'k' * 500}{number}": float("nan") for number in range(100)}
    event, _ = send({"details": details})
    told = event["metadata"]["fitted"]
    assert len(told) <= MAX_PATHS + 1
    assert told["…"] == f"and {100 - len(told) + 1} more"
    assert len(json.dumps(told)) < 10_000


def test_a_long_key_around_many_bad_leaves_costs_time_in_proportion_to_the_event() -> None:
    details = {"k" * 300_000: {str(number): float("nan") for number in range(20_000)}}
    start = time.thread_time()
    event, _ = send({"details": details})
    assert time.thread_time() - start < 5  # copies of the key alone would take longer
    assert event["metadata"]["fitted"]["…"] == "and 20000 more"  # with the values left out


@pytest.mark.parametrize("levels", [99, 100, 300, 5_000])
def test_a_branch_that_is_too_deep_is_cut(levels: int) -> None:
    event, _ = send({"details": {"deep": nest(levels), "ok": 1}})
    assert event["details"]["ok"] == 1
    [path] = event["metadata"]["fitted"]
    assert path.startswith("details.deep.d.d")


def call_near_the_end_of_the_stack(spare: int, function: Callable[[], Any]) -> Any:
    """Call a function with this many frames left."""
    depth = len(inspect.stack(0))

    def descend(left: int) -> Any:
        return function() if left == 0 else descend(left - 1)

    return descend(sys.getrecursionlimit() - depth - spare)


@pytest.mark.parametrize("spare", range(130, 700, 60))
def test_an_event_is_logged_near_the_end_of_the_stack(spare: int) -> None:
    queue = FlakyQueue()
    fields: dict[str, Any] = {**NAMES, "user_id": LONG, "details": {"d": nest(95), "s": "\ud800"}}
    with make_logger(queue) as logger:
        logger.log(**NAMES)  # imports and caches
        event_id = call_near_the_end_of_the_stack(spare, lambda: logger.log(**fields))
    assert event_id
    assert queue.events[-1]["metadata"]["fitted"]["userId"] == "longer than 256 characters: cut"


LARGE: dict[str, tuple[dict[str, Any], Callable[[dict[str, Any]], Any]]] = {
    "text": (
        {"details": {"x": "y" * 1_100_000, "ok": 1}},
        lambda event: event["details"]["x"],
    ),
    "text beyond ASCII": (
        {"details": {"x": "\U0001f600" * 300_000, "ok": 1}},
        lambda event: event["details"]["x"],
    ),
    "user agent": (
        {"user_agent": "y" * 2_000_000, "details": {"ok": 1}},
        lambda event: event["userAgent"],
    ),
    "list": (
        {"details": {"x": list(range(200_000)), "ok": 1}},
        lambda event: event["details"]["x"][:3] == [0, 1, 2],
    ),
    "floats": (
        {"details": {"x": [1e20] * 100_000, "ok": 1}},
        lambda event: event["details"]["x"][0] == 1e20,
    ),
    "key": (
        {"details": {"k" * 1_200_000: 1, "ok": 1}},
        lambda event: len(event["details"]) == 2,
    ),
    "both sides": (
        {
            "changes": {"before": {"t": "x" * 900_000}, "after": {"t": "x" * 900_000 + "y"}},
            "details": {"ok": 1},
        },
        lambda event: (
            event["changes"]["before"] != event["changes"]["after"]
            and event["changes"]["fields"] == ["t"]
        ),
    ),
    "many values": (
        {"details": {"x": [0] * 600_000, "ok": 1}},
        lambda event: event["details"]["x"][0] == 0,
    ),
}


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_branch_is_cut_and_not_the_event(name: str) -> None:
    fields, find = LARGE[name]
    event, _ = send(fields)
    assert find(event)
    assert event["details"]["ok"] == 1
    assert event["metadata"]["fitted"]
    size = len(json.dumps(event, separators=(",", ":")))
    assert size < MAX_MESSAGE_BYTES
    is_full = size > MAX_MESSAGE_BYTES * 0.8 or count_nodes(event) > MAX_EVENT_NODES - 100
    assert is_full or name == "key"


def test_masked_values_show_in_no_cut_description_or_digest() -> None:
    fields = {
        "details": {
            "password": "hunter2\ud800" + "x" * 1_100_000,
            "error": LookupError("postgres://app:hunter2@db refused"),
            "credentials": SecretStr("hunter2"),
            "holder": Secret("hunter2"),
            "n": float("nan"),
        },
        "error_message": "postgres://app:hunter2@db \ud800",
    }
    event, _ = send(fields)
    assert "hunter2" not in json.dumps(event)
    assert event["details"]["error"] == "LookupError: postgres://app:[masked]@db refused"
    assert event["details"]["holder"] == "[masked]"
    assert "details.password" not in event["metadata"]["fitted"]
    assert event["metadata"]["fitted"]["errorMessage"] == replaced(
        "postgres://app:[masked]@db \ud800"
    )


@pytest.mark.parametrize(
    ("addresses", "stored"), [("truncate", "203.0.113.0"), ("drop", None), ("keep", "203.0.113.9")]
)
def test_addresses_are_cut_after_they_are_fitted(addresses: Any, stored: str | None) -> None:
    for address in ("203.0.113.9:4711", " 203.0.113.9:4711 "):
        event, _ = send({"ip_address": address}, masking=Masking(addresses=addresses))
        assert event.get("ipAddress") == stored
        assert "203.0.113.9" not in json.dumps(event) or addresses == "keep"


class Query:
    """As a lazy query of an ORM: its `__repr__` runs it."""

    def __repr__(self) -> str:
        raise AssertionError("repr was called")


def test_the_representation_of_an_object_is_not_read() -> None:
    value = [Query(), {"a": Query()}, {Query(), 1}, (Query(), "x")]
    event, _ = send({"details": {"v": value}, "user_id": value})
    assert "(Query)" in json.dumps(event["details"])
    assert "(Query)" in event["userId"]


def test_the_id_of_an_audited_resource_is_fitted() -> None:
    queue = FlakyQueue()
    with make_logger(queue) as logger:

        @audited(action="user.invite", resource="user:{email}", logger=logger)
        def invite(email: str) -> None: ...

        invite("")
        invite(LONG)
        invite("a\ud800@example.com")
    assert [event["resourceType"] for event in queue.events] == ["user"] * 3
    assert [event["resourceId"] for event in queue.events] == [
        "unknown",
        f"{'x' * 216}…sha256:{X_DIGEST}",
        "a\ufffd@example.com",
    ]


def test_what_track_changes_returns_is_fitted() -> None:
    changes: Any = track_changes({"role": "user"}, {"role": "admin", "o": Hostile(), "n": 2**60})
    event, _ = send({"changes": changes})
    assert event["changes"] == {
        "before": {"role": "user"},
        "after": {"role": "admin", "o": "(Hostile)", "n": str(2**60)},
        "fields": ["n", "o", "role"],
    }


_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=300)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | _ANY_TEXT
    | st.binary(max_size=9)
    | st.sampled_from([object(), Hostile(), 1j, len, 2**60, Decimal("NaN"), NOT_UTF_8])
    | st.just(5_000).map(lambda digits: 10**digits)
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(_ANY_TEXT | st.integers() | st.none(), inner, max_size=3)
    ),
    max_leaves=8,
)
_ARGUMENTS = [
    *("user_id", "username", "resource_id", "session_id", "request_id", "event_id", "ip_address"),
    *("user_agent", "error_message", "details", "metadata", "changes", "success", "timestamp"),
]


@pytest.fixture(scope="module")
def _quiet() -> Iterator[None]:
    """No log: it would be most of the time."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("_quiet")
@given(st.dictionaries(st.sampled_from(_ARGUMENTS), _ANYTHING, max_size=4))
def test_an_attacker_leaves_a_trail_with_any_input(fields: dict[str, Any]) -> None:
    send(fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"details": {"a": list(range(20_000))}},
        {"details": {"a": [[]] * 20_000, "b": [{"c": number} for number in range(9_000)]}},
        {"metadata": {f"k{number}": {} for number in range(20_000)}},
        {"changes": {"before": dict.fromkeys(map(str, range(4_000)), 1), "after": {}}},
        {"changes": {"before": dict.fromkeys(map(str, range(9_999))), "after": {"a": [0] * 9_999}}},
    ],
)
def test_an_event_with_too_many_values_is_cut_and_says_so(fields: dict[str, Any]) -> None:
    small = {"requestId": "r-1", "tags": ["a", "b", {"c": None}]}
    queue = FlakyQueue()
    with make_logger(queue) as audit:
        details = {**fields.get("details", {}), "small": small}
        assert audit.log(**NAMES, **{**fields, "details": details})
        is_fitted = audit.fitted
    [event] = queue.events
    writer, box = MemoryEventWriter(), MemoryDeadLetterSender()
    ingest([message(queue.bodies[0])], writer, box, now_ms=now_ms(), retention_days=0)
    assert (len(writer.records), box.dead_letters) == (1, [])
    assert event["details"]["small"] == small
    nodes = count_nodes(event)
    told = event.get("metadata", {}).get("fitted", {})
    assert is_fitted == bool(told)
    if told:
        [field] = fields
        assert all(text.startswith(("too many values: ", "and ")) for text in told.values())
        assert any(path.startswith(field) for path in told)
        assert MAX_EVENT_NODES - 100 < nodes <= MAX_EVENT_NODES
    else:
        assert nodes > 8_000  # as it was
