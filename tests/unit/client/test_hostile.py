"""No object of the application keeps an event out of the trail, or raises at the call of `log`."""

import json
import logging
import time
from collections.abc import Iterator, Mapping
from itertools import count, repeat
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from django.utils.functional import SimpleLazyObject
from pydantic import SecretStr

from prooftrail.client import (
    AuditLogger,
    audit_context,
    audited,
    current_context,
    track_changes,
)
from prooftrail.event.masking import MASK
from tests.support.queue_fakes import FlakyQueue, make_logger

PASSWORD: Final = "hunter2"  # noqa: S105  # no password of ours
URL: Final = f"postgres://u:{PASSWORD}@db/shop"
NAMES: dict[str, Any] = {"action": "a.b", "resource_type": "order", "resource_id": "1"}


class Classless:
    """An object that raises when it is asked for its class, as a lazy proxy does."""

    @property
    def __class__(self) -> Any:
        raise ConnectionError(PASSWORD)

    @__class__.setter
    def __class__(self, _: Any) -> None: ...


class Impostor:
    """An object that says that it is a text."""

    __class__ = str  # type: ignore[assignment]  # as proxies do


class Nameless(type):
    """The class of classes without a readable name."""

    def __getattribute__(cls, name: str) -> Any:
        if name in {"__name__", "__qualname__"}:
            raise LookupError(PASSWORD)
        return super().__getattribute__(name)


class Text(str):
    """A text whose every use fails."""

    __slots__ = ()

    def _fail(self, *_: object, **__: object) -> Any:
        raise ArithmeticError(PASSWORD)

    __format__ = __len__ = __eq__ = __getitem__ = strip = lower = encode = partition = _fail
    __bool__ = __contains__ = _fail
    __hash__ = str.__hash__


class TextMakerError(Exception):
    """An exception whose text is a hostile one."""

    def __str__(self) -> str:
        return Text("gone")


class Connection:
    """An object with a `__repr__` alone, which shows its fields."""

    def __repr__(self) -> str:
        return f"Connection(password={PASSWORD})"


class Indexed:
    """An old-fashioned sequence without an end."""

    def __getitem__(self, _: int) -> int:
        return 1


class NoTime:
    """An object with `astimezone`, but without a time zone."""

    def astimezone(self) -> "NoTime":
        return self


def _fail() -> Any:
    raise ConnectionError(PASSWORD)


def _nested() -> list[Any]:
    """Return a list whose text would have 2^60 parts."""
    nested: list[Any] = []
    for _ in range(60):
        nested = [nested, nested]
    return nested


def _containing_itself() -> Exception:
    error = ValueError()
    error.args = (error, error)
    return error


class _EndlessMapping(Mapping[str, Any]):
    """A mapping whose items never end."""

    def __getitem__(self, _: str) -> int:
        return 1

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[str]:
        return map(str, count())


HOSTILE: Final[dict[str, Any]] = {
    "lazy": SimpleLazyObject(_fail),
    "classless": Classless(),
    "impostor": Impostor(),
    "unnamed": Nameless("Unnamed", (), {})(),
    "text": Text("x"),
    "text maker": TextMakerError(),
    "connection": Connection(),
    "indexed": Indexed(),
    "no time": NoTime(),
    "NA": pd.NA,
    "NaT": pd.NaT,
    "frame": pd.DataFrame({"a": [1]}),
    "series": pd.Series([1, 2]),
    "array": np.array([1, 2]),
    "generator": repeat(1),
    "exception": KeyError(Connection()),
}
FIELDS: Final = (
    *("user_id", "username", "session_id", "request_id", "ip_address", "user_agent", "event_id"),
    *("error_message", "timestamp", "success", "details", "metadata", "changes"),
)


def send(fields: dict[str, Any], **options: Any) -> dict[str, Any]:
    queue = FlakyQueue()
    with make_logger(queue, **options) as logger:
        assert logger.log(**{**NAMES, **fields})
    event: dict[str, Any] = queue.events[0]
    assert PASSWORD not in json.dumps(event)
    return event


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_object_costs_more_than_its_own_field(
    caplog: pytest.LogCaptureFixture, name: str, field: str
) -> None:
    others = {"user_id": "u", "details": {"b": 2}, "metadata": {"m": 3}, "user_agent": "x"}
    others.pop(field, None)
    event = send({**others, field: HOSTILE[name]})
    kept = {"user_id": "userId", "user_agent": "userAgent"}
    for other, value in others.items():
        stored = event[kept.get(other, other)]
        if other == "metadata":
            stored = {key: part for key, part in stored.items() if key != "fitted"}
        assert stored == value
    assert PASSWORD not in caplog.text


@pytest.mark.parametrize("name", HOSTILE)
def test_no_object_costs_more_than_itself_inside_an_object(name: str) -> None:
    value = HOSTILE[name]
    event = send({"details": {"bad": [value], "b": 2}})
    assert event["details"]["b"] == 2
    event = send({"resource_id": value, "details": {"b": 2}})
    assert event["details"] == {"b": 2}
    event = send({"changes": {"before": value, "after": {"c": value, "d": 4}}, "details": {"b": 2}})
    assert event["details"] == {"b": 2}
    assert event["changes"]["after"]["d"] == 4
    track_changes({"a": value}, {"a": 1})


@pytest.mark.parametrize("field", ["user_id", "username", "session_id", "metadata"])
@pytest.mark.parametrize("name", HOSTILE)
def test_no_object_in_a_context_costs_the_event(name: str, field: str) -> None:
    fields: dict[str, Any] = {field: HOSTILE[name]}
    with audit_context(**fields), audit_context(request_id="r"):
        event = send({"details": {"b": 2}, "metadata": {"m": 3}, "user_id": "u"})
    assert (event["requestId"], event["details"], event["metadata"]["m"]) == ("r", {"b": 2}, 3)
    with audit_context(actor=lambda: (HOSTILE[name], HOSTILE[name])):
        assert send({"details": {"b": 2}})["details"] == {"b": 2}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_failure_with_any_error_is_logged(name: str) -> None:
    queue = FlakyQueue()
    with make_logger(queue) as logger:
        assert logger.log_failure(**NAMES, error=HOSTILE[name])
    [event] = queue.events
    assert event["success"] is False
    assert event["errorMessage"]
    assert PASSWORD not in json.dumps(event)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_decorated_function_with_any_argument_is_recorded(name: str) -> None:
    queue = FlakyQueue()
    with make_logger(queue) as logger:

        @audited(action="a.b", resource="order:{order}", details=["order"], logger=logger)
        def approve(order: object) -> object:
            return order

        @audited(action="a.b", resource=lambda found: (found["order"],) * 2, logger=logger)
        def leave(order: Any) -> None:
            raise SystemExit(order)

        assert approve(HOSTILE[name]) is HOSTILE[name]
        with pytest.raises(SystemExit):
            leave(HOSTILE[name])
    assert queue.events
    assert PASSWORD not in json.dumps(
        [event["details"] for event in queue.events if "details" in event]
    )


def test_a_mapping_without_an_end_is_read_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("context", "values.plain", "values.fitting"):  # the limit takes seconds
        monkeypatch.setattr(f"prooftrail.client.{module}.MAX_VALUES", 1_000)
    with audit_context(metadata=_EndlessMapping()):
        event = send({"details": {"b": 2}, "changes": {"before": {}, "after": {"c": 1}}})
    assert event["details"] == {"b": 2}
    assert event["metadata"]["0"] == 1
    endless: Any = _EndlessMapping()
    assert send({"details": {"b": 2}, "changes": endless})["details"] == {"b": 2}


class _FailingHandler(logging.Handler):
    def handle(self, _: logging.LogRecord) -> bool:
        raise OSError(PASSWORD)


def test_a_log_handler_that_raises_concerns_nobody() -> None:
    log, handler = logging.getLogger("prooftrail.client"), _FailingHandler()
    log.addHandler(handler)
    try:
        unknown: dict[str, Any] = {"colour": "red", "user_id": _fail, "request_id": "r"}
        with audit_context(**unknown):
            assert current_context() == {"request_id": "r"}
            assert send({"details": {"b": object()}})
        assert track_changes(1, 2)["fields"] == []
        with make_logger(FlakyQueue()) as logger:
            assert logger.log(**{**NAMES, "action": "A B"}) == ""
            audited(action="a.b", resource="{nothing}:1", logger=logger)(lambda: None)()
    finally:
        log.removeHandler(handler)


def test_nothing_is_raised_by_a_fault_of_ours(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with make_logger(FlakyQueue()) as logger:
        monkeypatch.setattr(AuditLogger, "_encode", lambda *_: _fail())
        assert logger.log(**NAMES) == ""
        assert logger.invalid == 1
    assert PASSWORD not in caplog.text


def test_the_cost_of_a_long_key_does_not_grow_with_the_number_of_its_values() -> None:
    def measure(key: str) -> float:
        started = time.process_time()
        send({"details": {key: [object()] * 32_768}})
        return time.process_time() - started

    assert measure("k" * 128 * 1024) < 3 * measure("k") + 0.5  # seconds


def test_a_key_with_more_digits_than_python_writes_costs_itself_alone() -> None:
    details = send({"details": {10**5000: 1, (10**5000,): 3, "b": 2}})["details"]
    assert details["b"] == 2
    assert sorted(details.values()) == [1, 2, 3]


def test_secrets_in_keys_and_headers_are_masked() -> None:
    event = send({"details": {SecretStr(PASSWORD): 1, "b": 2, (SecretStr(PASSWORD), "x"): 3}})
    assert sorted(event["details"].values()) == [1, 2, 3]
    event = send({"details": {"h": [[b"cookie", b"hunter2!"], (b"accept", b"*/*")]}})
    assert event["details"]["h"] == [["Y29va2ll", MASK], ["YWNjZXB0", "Ki8q"]]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (KeyError(Connection()), "KeyError: (Connection)"),
        (ValueError("bad", Connection(), 3), "ValueError: bad, (Connection), 3"),
        (ValueError([Connection()]), "ValueError: (list)"),
        (OSError(2, Connection()), "FileNotFoundError: 2, (Connection)"),
        (TimeoutError(ValueError("bad")), "TimeoutError: ValueError: bad"),
        (TimeoutError(ValueError(Connection())), "TimeoutError: (ValueError)"),
        (ExceptionGroup("two", [KeyError(Connection())]), "ExceptionGroup: two (1 sub-exception)"),
        (ValueError(_nested()), "ValueError: (list)"),
        (_containing_itself(), "ValueError: (ValueError), (ValueError)"),
        (KeyError("name"), "KeyError: 'name'"),
        (ValueError(["a", {"b": 1}]), "ValueError: ['a', {'b': 1}]"),
        (OSError(2, "no file", "x.txt"), "FileNotFoundError: [Errno 2] no file: 'x.txt'"),
    ],
)
def test_the_text_of_an_exception_runs_no_repr(error: Exception, text: str) -> None:
    queue = FlakyQueue()
    with make_logger(queue) as logger:
        user: Any = error
        logger.log_failure(**NAMES, error=error, details={"error": error}, user_id=user)
    [event] = queue.events
    assert event["errorMessage"] == text
    assert event["details"]["error"] == text
    assert event["userId"] == text.partition(": ")[2]


def test_log_lines_hold_no_secret_of_an_exception(caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> Any:
        raise ValueError(URL)

    caplog.set_level(logging.DEBUG)
    with make_logger(FlakyQueue()) as logger:
        audited(action="a.b", resource=fail, details=fail, logger=logger)(lambda: None)()
    with audit_context(user_id=fail):
        assert current_context() == {}
    track_changes(_FailingMapping(), {})
    assert "ValueError" in caplog.text
    assert PASSWORD not in caplog.text


class _FailingMapping(dict[str, Any]):
    def items(self) -> Any:
        raise ValueError(URL)

    def __iter__(self) -> Iterator[str]:
        raise ValueError(URL)


def test_numbers_of_numpy_are_numbers() -> None:
    numbers = {"i": np.int64(5), "f": np.float32(0.5), "b": np.bool_(True), np.int64(7): 1}
    event = send({"details": numbers, "success": np.bool_(False)}, strict=True)
    assert event["details"] == {"i": 5, "f": 0.5, "b": True, "7": 1}
    assert event["success"] is False
    milliseconds: Any = np.int64(1_764_000_000_123)
    event = send({"timestamp": milliseconds, "user_id": np.int64(7)}, strict=True)
    assert event["timestamp"] == "2025-11-24T16:00:00.123Z"
    assert event["userId"] == "7"


def test_spaces_around_an_address_are_left_out_everywhere() -> None:
    assert send({"ip_address": " 203.0.113.9 "}, strict=True)["ipAddress"] == "203.0.113.9"
