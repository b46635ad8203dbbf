"""The decorator records calls and does not change the function."""

import asyncio
import contextlib
import functools
import gc
import inspect
import logging
import sys
import uuid
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import StatementError

from prooftrail.client import audit_context, audited
from prooftrail.client.audited import MAX_ERROR_LENGTH
from prooftrail.client.values.texts import cut_text
from tests.support.recorder import Recording, recording


@pytest.fixture
def recorder() -> Iterator[Recording]:
    with recording() as recorder:
        yield recorder


@dataclass
class Order:
    id: str
    state: str = "open"


class Ticking:
    """A clock that advances by this many seconds with each call."""

    def __init__(self, step: float) -> None:
        self._step = step
        self._now = 0.0

    def __call__(self) -> float:
        self._now += self._step
        return self._now


def run_coroutine(steps: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine that does not wait, and return its result."""
    with pytest.raises(StopIteration) as caught:
        steps.send(None)
    return caught.value.value


def summarize(recorder: Recording) -> list[tuple[str, str, bool]]:
    return [
        (event["resourceType"], event["resourceId"], event["success"]) for event in recorder.events
    ]


def test_a_call_is_recorded_with_resource_details_and_context(recorder: Recording) -> None:
    @audited(
        action="order.approve",
        resource="order:{order_id}",
        details=["amount", "note"],
        monotonic=Ticking(0.25),
    )
    def approve(order_id: str, amount: int, note: str = "none") -> str:
        """Approve it."""
        return f"{order_id} approved"

    with audit_context(user_id="u-1", metadata={"service": "shop"}):
        assert approve("4711", amount=12) == "4711 approved"
    assert recorder.events == [
        {
            "tenantId": "default",
            "userId": "u-1",
            "action": "order.approve",
            "resourceType": "order",
            "resourceId": "4711",
            "details": {"amount": 12, "note": "none"},
            "metadata": {"service": "shop", "durationMs": 250},
            "success": True,
        }
    ]
    assert (approve.__name__, approve.__doc__) == ("approve", "Approve it.")
    assert (
        str(inspect.signature(approve)) == "(order_id: str, amount: int, note: str = 'none') -> str"
    )


def test_a_failure_is_recorded_and_raised_unchanged(recorder: Recording) -> None:
    error = LookupError("order 4711 not found")

    @audited(action="order.approve", resource="order:{order_id}")
    def approve(order_id: str) -> None:
        raise error

    with pytest.raises(LookupError) as caught:
        approve("4711")
    assert caught.value is error
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
    [event] = recorder.events
    assert event["success"] is False
    assert event["errorMessage"] == "LookupError: order 4711 not found"
    assert "details" not in event


class Wordless(Exception):  # noqa: N818  # the test shows its name
    def __str__(self) -> str:
        raise ArithmeticError


class SignIn(BaseModel):
    user: str
    password: str = Field(min_length=20)


def make_validation_error() -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        SignIn.model_validate({"password": "hunter2"})
    return caught.value


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            make_validation_error(),
            "ValidationError: user: Field required; "
            "password: String should have at least 20 characters",
        ),
        (
            StatementError("no table", "INSERT INTO u VALUES (?)", ("hunter2",), None),
            "StatementError: no table\n[SQL: INSERT INTO u VALUES (?)]",
        ),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (asyncio.CancelledError("late"), "CancelledError: late"),
        (StopIteration(1), "StopIteration: 1"),
        (Wordless(), "Wordless: (its text raised ArithmeticError)"),
        (ValueError("x" * 10_000), cut_text("ValueError: " + "x" * 10_000, MAX_ERROR_LENGTH)),
    ],
)
def test_every_exception_is_recorded(recorder: Recording, error: BaseException, text: str) -> None:
    @audited(action="a.b", resource_type="job", resource_id="nightly")
    def fail() -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        fail()
    assert caught.value is error
    assert [event["errorMessage"] for event in recorder.events] == [text]


@pytest.mark.parametrize("code", [0, None, False])
def test_a_process_that_exits_without_an_error_has_not_failed(
    recorder: Recording, caplog: pytest.LogCaptureFixture, code: Any
) -> None:
    @audited(action="a.b", resource="job:{result.id}")
    def run() -> Order:
        sys.exit(code)

    with pytest.raises(SystemExit):
        run()
    assert summarize(recorder) == [("job", "unknown", True)]
    assert "errorMessage" not in recorder.events[0]
    assert caplog.records == []


@pytest.mark.parametrize("code", [1, "", "no configuration", True, 0.0])
def test_a_process_that_exits_with_an_error_has_failed(recorder: Recording, code: Any) -> None:
    @audited(action="a.b")
    def run() -> None:
        sys.exit(code)

    with pytest.raises(SystemExit):
        run()
    assert [event["success"] for event in recorder.events] == [False]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"resource": "order:{order.id}"}, ("order", "7")),
        ({"resource": "order:{order.id}:{part}"}, ("order", "7:1")),
        ({"resource": "order:{part:>03}"}, ("order", "001")),
        ({"resource": "{order.state}:{part}"}, ("open", "1")),
        ({"resource": "order:{rest[0]}"}, ("order", "x")),
        ({"resource": "order:{extra}"}, ("order", "y")),
        ({"resource": "order:{more[extra]!r}"}, ("order", "'y'")),
        ({"resource": "order:{{}}"}, ("order", "{}")),
        ({"resource_type": "order", "resource_id": "{order.id}"}, ("order", "7")),
        ({"resource_type": "order"}, ("order", "unknown")),
        ({}, ("unknown", "unknown")),
        ({"resource": lambda given: ("order", given["part"])}, ("order", "1")),
        ({"resource": "order:{result.id}"}, ("order", "8")),
        ({"resource": "{result.state}:{order.id}"}, ("new", "7")),
    ],
)
def test_resources(
    recorder: Recording, arguments: dict[str, Any], expected: tuple[str, str]
) -> None:
    @audited(action="a.b", **arguments)
    def work(order: Order, part: int = 1, *rest: str, **more: str) -> Order:
        order.id = "gone"
        return Order("8", "new")

    work(Order("7"), 1, "x", extra="y")
    assert summarize(recorder) == [(*expected, True)]


def test_the_result_of_a_failed_call_is_unknown(
    recorder: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    @audited(action="order.create", resource="order:{result.id}")
    def create() -> Order:
        raise LookupError

    with pytest.raises(LookupError):
        create()
    assert summarize(recorder) == [("order", "unknown", False)]
    assert caplog.records == []


def test_an_argument_can_be_named_result(recorder: Recording) -> None:
    @audited(action="exam.grade", resource="result:{result}")
    def grade(result: str) -> Order:
        return Order(result)

    grade("r-1")
    assert summarize(recorder) == [("result", "r-1", True)]


class Shape(Enum):
    ROUND = "round"


@dataclass
class Customer:
    id: int
    password: str


class Member(Customer):
    """A model with a text of its own."""

    def __str__(self) -> str:
        return f"member {self.id}"


class Query:
    """As a lazy query of an ORM: its `__repr__` runs it."""

    def __repr__(self) -> str:
        raise AssertionError("repr was called")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (0, "0"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (b"a-1", "a-1"),
        (Decimal("1.50"), "1.50"),
        (Shape.ROUND, "Shape.ROUND"),
        (Member(7, "hunter2"), "member 7"),
        (Customer(7, "hunter2"), '{"id": 7, "password": "[masked]"}'),
        ([Customer(7, "hunter2")], '[{"id": 7, "password": "[masked]"}]'),
        (Query(), "(Query)"),
        ([Query(), 1], '["(Query)", 1]'),
    ],
)
def test_an_object_as_resource_shows_no_secret_and_its_representation_is_not_read(
    recorder: Recording, value: object, text: str
) -> None:
    @audited(action="a.b", resource="thing:{given}", targets=["thing:{given}"])
    def by_template(given: object) -> None: ...

    @audited(action="a.b", resource=lambda arguments: ("thing", arguments["given"]))
    def by_callable(given: object) -> None: ...

    by_template(value)
    by_callable(value)
    assert [event["resourceId"] for event in recorder.events] == [text, text]
    assert recorder.events[0]["targets"] == [{"type": "thing", "id": text}]


@pytest.mark.parametrize("decorate", [audited(action="a.b"), audit_context(user_id="u-1")])
def test_a_coroutine_that_is_cancelled_before_its_first_step_warns_of_nothing(
    recorder: Recording, decorate: Any, recwarn: pytest.WarningsRecorder
) -> None:
    async def work() -> None: ...

    with pytest.raises(asyncio.CancelledError):  # as its task does
        decorate(lambda: work())().throw(asyncio.CancelledError())
    decorate(lambda: work())().close()
    gc.collect()
    assert not recwarn.list
    unused = decorate(lambda: work())()
    assert unused.__name__ == "work"
    del unused
    gc.collect()
    [warning] = recwarn.list
    assert "work' was never awaited" in str(warning.message)
    assert not recorder.events


@pytest.mark.usefixtures("socket_enabled")  # the event loop uses a socket pair
def test_a_coroutine_that_the_function_gave_to_a_task_runs_though_nobody_awaits_it(
    recorder: Recording,
) -> None:
    done: list[int] = []

    async def work() -> None:
        done.append(1)

    async def run() -> None:
        tasks = []

        def schedule() -> Coroutine[Any, Any, None]:
            coroutine = work()
            tasks.append(asyncio.create_task(coroutine))
            return coroutine

        audited(action="a.b")(schedule)().close()
        await tasks[0]

    asyncio.run(run())
    assert done == [1]


@pytest.mark.parametrize("found", [("thing", None), ("thing", ""), ("thing", b"")])
def test_an_absent_part_of_a_resource_is_unknown(recorder: Recording, found: Any) -> None:
    @audited(action="a.b", resource=lambda _: found)
    def work() -> None: ...

    work()
    assert summarize(recorder) == [("thing", "unknown", True)]


@pytest.mark.parametrize("text", ["", "é!", "order", "a:b"])
def test_a_text_is_not_taken_for_type_and_id(recorder: Recording, text: Any) -> None:
    @audited(action="a.b", resource=lambda _: text)
    def work() -> None: ...

    work()
    assert summarize(recorder) == [("unknown", "unknown", True)]


@pytest.mark.parametrize(
    ("arguments", "logged", "expected"),
    [
        ({"resource": "order:{missing}"}, "KeyError: 'missing'", ("order", "unknown")),
        ({"resource": "order:{order.missing}"}, "AttributeError", ("order", "unknown")),
        ({"resource": "order:{result.missing}"}, "AttributeError", ("order", "unknown")),
        ({"resource": "order:{order:%}"}, "TypeError", ("order", "unknown")),
        ({"resource": "order:{order"}, "is not a format string", ("order", "unknown")),
        ({"resource": "order"}, "has no colon", ("order", "unknown")),
        (
            {"resource": lambda given: (given["order"], 1 / 0)},
            "ZeroDivisionError",
            ("unknown", "unknown"),
        ),
        ({"resource": lambda given: str(given)}, "not a tuple", ("unknown", "unknown")),
    ],
)
def test_a_resource_that_cannot_be_found_is_logged(
    recorder: Recording,
    caplog: pytest.LogCaptureFixture,
    arguments: dict[str, Any],
    logged: str,
    expected: tuple[str, str],
) -> None:
    @audited(action="a.b", **arguments)
    def work(order: Order) -> Order:
        return order

    for _ in range(2):
        work(Order("7"))
    assert summarize(recorder) == [(*expected, True)] * 2
    assert logged in caplog.text
    texts = [record.getMessage() for record in caplog.records]
    assert len(texts) == len(set(texts)) <= 2
    assert {record.name for record in caplog.records} == {"prooftrail.client"}


class BrokenError(Exception):
    """An exception of the application that has a fault itself."""

    def __str__(self) -> str:
        raise ValueError


def _break(_: object) -> Any:
    raise BrokenError


TARGETS: list[tuple[Any, list[dict[str, str]]]] = [
    (
        ["user:{user}", "part:{part:02}"],
        [{"type": "user", "id": "u"}, {"type": "part", "id": "01"}],
    ),
    (["new:{result.id}", "user:{user}"], [{"type": "new", "id": "7"}, {"type": "user", "id": "u"}]),
    (["user:{missing}", "user:", "user:{user}"], [{"type": "user", "id": "u"}]),
    (lambda given: [("user", given["user"], "Ada")], [{"type": "user", "id": "u", "name": "Ada"}]),
]


@pytest.mark.parametrize(("targets", "recorded"), TARGETS)
def test_targets(recorder: Recording, targets: Any, recorded: object) -> None:
    @audited(action="a", resource="order:{part}", targets=targets)
    def work(user: str, part: int = 1) -> Order:
        return Order("7")

    work("u")
    assert recorder.events[0]["targets"] == recorded


@pytest.mark.parametrize("targets", [["new:{result.id}"], lambda _: None, lambda _: 1 / 0, []])
def test_an_operation_without_targets(recorder: Recording, targets: Any) -> None:
    @audited(action="a", resource="order:1", targets=targets)
    def fail() -> Order:
        raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert "targets" not in recorder.events[0]


@pytest.mark.parametrize("details", [["missing"], lambda given: given["order"] / 0, _break])
def test_details_that_cannot_be_found_are_logged(
    recorder: Recording, caplog: pytest.LogCaptureFixture, details: Any
) -> None:
    @audited(action="a.b", resource="order:{order}", details=details)
    def work(order: str) -> None: ...

    work("7")
    assert summarize(recorder) == [("order", "7", True)]
    assert "details" not in recorder.events[0]
    assert "audited: the details of a.b could not be recorded" in caplog.text


def test_details_can_be_computed_from_the_arguments(recorder: Recording) -> None:
    @audited(action="a.b", details=lambda given: {"size": len(given["items"])})
    def work(items: list[int]) -> None: ...

    work([1, 2, 3])
    assert recorder.events[0]["details"] == {"size": 3}


def test_a_call_with_wrong_arguments_fails_as_before(
    recorder: Recording, caplog: pytest.LogCaptureFixture
) -> None:
    @audited(action="a.b", resource="order:{order}")
    def work(order: str) -> None: ...

    call: Callable[..., None] = work
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'order'"):
        call()
    assert summarize(recorder) == [("unknown", "unknown", False)]
    assert caplog.records == []


def test_methods_of_all_kinds(recorder: Recording) -> None:
    class Orders:
        prefix = "o"

        @audited(action="a.b", resource="order:{self.prefix}-{number}")
        def of_instance(self, number: int) -> int:
            return number

        @classmethod
        @audited(action="a.b", resource="order:{cls.prefix}-{number}")
        def of_class(cls, number: int) -> int:
            return number

        @staticmethod
        @audited(action="a.b", resource="order:{number}")
        def of_none(number: int) -> int:
            return number

    assert (Orders().of_instance(1), Orders.of_class(2), Orders.of_none(3)) == (1, 2, 3)
    assert [name for _, name, _ in summarize(recorder)] == ["o-1", "o-2", "3"]


def test_class_and_static_methods_can_be_decorated(recorder: Recording) -> None:
    class Orders:
        @audited(action="a.b", resource="order:{number}")
        @classmethod
        def of_class(cls, number: int) -> int:
            return number

        @audited(action="a.b", resource="order:{number}")
        @staticmethod
        def of_none(number: int) -> int:
            return number

    assert (Orders().of_class(2), Orders.of_none(3)) == (2, 3)
    assert [name for _, name, _ in summarize(recorder)] == ["2", "3"]


def test_coroutine_functions(recorder: Recording) -> None:
    @audited(action="a.b", resource="order:{result.id}")
    async def create(fail: bool = False) -> Order:
        if fail:
            raise LookupError
        return Order("7")

    assert inspect.iscoroutinefunction(create)
    steps = create()
    assert recorder.events == []
    assert run_coroutine(steps) == Order("7")
    with pytest.raises(LookupError):
        run_coroutine(create(fail=True))
    assert summarize(recorder) == [("order", "7", True), ("order", "unknown", False)]


class Pending:
    """An awaitable that never ends."""

    def __await__(self) -> Generator[None, None, None]:
        yield


def test_a_cancelled_coroutine_is_a_failure(recorder: Recording) -> None:
    @audited(action="a.b", resource="order:{number}")
    async def wait(number: int) -> None:
        await Pending()

    steps = wait(1)
    steps.send(None)
    with pytest.raises(asyncio.CancelledError):
        steps.throw(asyncio.CancelledError())
    assert summarize(recorder) == [("order", "1", False)]
    assert recorder.events[0]["errorMessage"] == "CancelledError"


def test_generators_are_recorded_at_their_end(recorder: Recording) -> None:
    @audited(action="a.b", resource="order:{number}")
    def echo(number: int) -> Generator[Any, Any, str]:
        got: list[Any] = []
        while len(got) < 2:
            try:
                got.append((yield got[-1:]))
            except LookupError:
                got.append("thrown")
        return "done"

    assert inspect.isgeneratorfunction(echo)
    steps = echo(1)
    assert next(steps) == []
    assert steps.send("sent") == ["sent"]
    assert recorder.events == []
    with pytest.raises(StopIteration) as caught:
        steps.throw(LookupError())
    assert caught.value.value == "done"
    closed = echo(2)
    next(closed)
    closed.close()
    assert summarize(recorder) == [("order", "1", True), ("order", "2", True)]


def hand_on(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate as most decorators do: with a plain function."""

    @functools.wraps(function)
    def call(*args: Any) -> Any:
        return function(*args)

    return call


class Failing:
    """Functions of each kind whose bodies run after their call, and fail."""

    async def __call__(self) -> None:
        raise LookupError

    @staticmethod
    async def coroutine() -> None:
        raise LookupError

    @staticmethod
    def generator() -> Iterator[int]:
        yield 1
        raise LookupError

    @staticmethod
    async def async_generator() -> AsyncGenerator[int, None]:
        yield 1
        raise LookupError


async def _drain(steps: AsyncGenerator[int, None]) -> None:
    async for _ in steps:
        pass


@pytest.mark.parametrize(
    ("function", "run"),
    [
        (Failing(), run_coroutine),
        (functools.partial(Failing()), run_coroutine),
        (hand_on(Failing.coroutine), run_coroutine),
        (hand_on(hand_on(Failing.generator)), list),
        (hand_on(Failing.async_generator), lambda steps: run_coroutine(_drain(steps))),
    ],
)
def test_a_body_that_runs_after_the_call_is_recorded_at_its_end(
    recorder: Recording, function: Callable[..., Any], run: Callable[[Any], Any]
) -> None:
    call = audited(action="a.b", resource="order:{result.id}")(function)
    steps = call()
    assert recorder.events == []
    with pytest.raises(LookupError):
        run(steps)
    assert summarize(recorder) == [("order", "unknown", False)]


def test_a_result_that_is_no_part_of_the_call_is_left_alone(recorder: Recording) -> None:
    @audited(action="a.b", resource="order:1")
    def find() -> Iterator[int]:
        return (number for number in [1])

    @audited(action="a.b", resource="order:2")
    @contextlib.contextmanager
    def hold() -> Iterator[int]:
        yield 1

    assert inspect.isgenerator(find())
    with hold() as held:
        assert held == 1
    assert summarize(recorder) == [("order", "1", True), ("order", "2", True)]


def test_a_generator_that_fails_while_it_is_closed_has_failed(recorder: Recording) -> None:
    @audited(action="a.b")
    def read() -> Iterator[int]:
        try:
            yield 1
        finally:
            raise LookupError

    steps = read()
    next(steps)
    with pytest.raises(LookupError):
        steps.close()  # type: ignore[attr-defined]  # it is a generator
    assert [event["errorMessage"] for event in recorder.events] == ["LookupError"]


async def _take_two(steps: AsyncGenerator[int, None]) -> None:
    async for number in steps:
        if number == 1:
            return


async def _take_two_in_a_task(steps: AsyncGenerator[int, None]) -> None:
    await asyncio.create_task(_take_two(steps))


async def _take_two_and_go_on(steps: AsyncGenerator[int, None]) -> None:
    await _take_two(steps)
    await asyncio.sleep(0.05)


async def _cancel_the_consumer(steps: AsyncGenerator[int, None]) -> None:
    async def consume() -> None:
        async for _ in steps:
            await asyncio.sleep(60)

    task = asyncio.create_task(consume())
    await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.usefixtures("socket_enabled")  # the event loop uses a socket pair
@pytest.mark.parametrize("cleanup_seconds", [0, 0.01])
@pytest.mark.parametrize(
    "consume", [_take_two, _take_two_in_a_task, _take_two_and_go_on, _cancel_the_consumer]
)
def test_an_abandoned_async_generator_has_not_failed(
    recorder: Recording,
    caplog: pytest.LogCaptureFixture,
    consume: Callable[[AsyncGenerator[int, None]], Coroutine[Any, Any, None]],
    cleanup_seconds: float,
) -> None:
    @audited(action="a.b", resource="order:1")
    async def count() -> AsyncGenerator[int, None]:
        try:
            for number in range(5):
                await asyncio.sleep(0)
                yield number
        finally:
            await asyncio.sleep(cleanup_seconds)

    async def run() -> None:
        await consume(count())

    gc.disable()  # so that what is new stays in the youngest generation
    try:
        asyncio.run(run())
        gc.collect(0)
    finally:
        gc.enable()
    assert summarize(recorder) == [("order", "1", True)]
    assert caplog.records == []  # of the event loop, that a generator is running already


@pytest.mark.usefixtures("socket_enabled")
def test_a_cancelled_step_of_an_async_generator_is_a_failure(recorder: Recording) -> None:
    @audited(action="a.b", resource="order:1")
    async def wait() -> AsyncGenerator[int, None]:
        await asyncio.sleep(60)
        yield 1

    async def run() -> None:
        task = asyncio.ensure_future(anext(wait()))
        await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert [event["errorMessage"] for event in recorder.events] == ["CancelledError"]


def test_async_generators_are_recorded_at_their_end(recorder: Recording) -> None:
    log: list[str] = []

    @audited(action="a.b", resource="order:{number}")
    async def echo(number: int) -> AsyncGenerator[Any, Any]:
        got: list[Any] = []
        try:
            while len(got) < 2:
                try:
                    got.append((yield got[-1:]))
                except LookupError:
                    got.append("thrown")
        finally:
            log.append(f"closed {number}")

    async def use() -> None:
        steps = echo(1)
        assert await anext(steps) == []
        assert await steps.asend("sent") == ["sent"]
        assert recorder.events == []
        with pytest.raises(StopAsyncIteration):
            await steps.athrow(LookupError())
        closed = echo(2)
        await anext(closed)
        await closed.aclose()
        failing = echo(3)
        await anext(failing)
        with pytest.raises(ZeroDivisionError):
            await failing.athrow(ZeroDivisionError())
        cancelled = echo(5)
        await anext(cancelled)
        with pytest.raises(asyncio.CancelledError):
            await cancelled.athrow(asyncio.CancelledError())
        assert [number async for number in echo(4)] == [[], [None]]

    assert inspect.isasyncgenfunction(echo)
    run_coroutine(use())
    ends = [event.get("errorMessage") for event in recorder.events]
    assert ends == [None, None, "ZeroDivisionError", "CancelledError", None]
    assert log == ["closed 1", "closed 2", "closed 3", "closed 5", "closed 4"]


def test_a_fault_of_the_logger_does_not_reach_the_caller(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @audited(action="a.b")
    def work() -> int:
        return 7

    assert [work(), work()] == [7, 7]
    assert [record.getMessage() for record in caplog.records] == [
        "audited: a.b is not recorded: call prooftrail.client.install(logger) first"
    ]
    with recording(OSError("gone")):
        assert [work(), work()] == [7, 7]
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    text = "audited: the event of a.b could not be recorded: OSError: gone"
    assert caplog.records[1].getMessage() == text
    with recording() as recorder:
        assert work() == 7
    assert len(recorder.events) == 1


def test_its_own_logger_wins(recorder: Recording) -> None:
    own = Recording()

    @audited(action="a.b", logger=own)
    def work() -> None: ...

    work()
    assert (len(own.events), recorder.events) == (1, [])


def test_a_function_without_a_signature_is_recorded(recorder: Recording) -> None:
    largest = audited(action="a.b", resource="number:{default}")(max)
    assert largest([], default=7) == 7
    assert largest(1, 2) == 2
    assert summarize(recorder) == [("number", "7", True), ("number", "unknown", True)]
