"""Functions of every kind, with a block around each of their calls."""

import asyncio
import inspect
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from contextlib import ExitStack, suppress
from functools import wraps
from types import AsyncGeneratorType, CoroutineType, GeneratorType, TracebackType
from typing import Any, Final, ParamSpec, Self, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
_OWN_REFERENCES: Final = 2  # the attribute and the argument of the function that counts
_CLOSING_TYPE: Final = "async_generator_athrow"  # of what `aclose` returns


NO_RESULT: Final = object()


class Block:
    """What surrounds one call of a function. `result` is what the call returned, if it did.

    A generator that its consumer closes has ended, without an exception.
    """

    result: Any = NO_RESULT

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.__exit__(kind, error, trace)


MakeBlock = Callable[[tuple[Any, ...], Mapping[str, Any]], Block]


def wrap(function: Callable[P, R], make_block: MakeBlock) -> Callable[P, R]:
    """Return the function with a block around the whole run of each call.

    `make_block` gets the arguments. A coroutine runs from its first step to its last in the block,
    and a generator too: also if another decorator, or an object with `async def __call__`, returns
    it.
    """
    if inspect.iscoroutinefunction(function):
        wrapped = _wrap_coroutine(function, make_block)
    elif inspect.isgeneratorfunction(function):
        wrapped = _wrap_generator(function, make_block)
    elif inspect.isasyncgenfunction(function):
        wrapped = _wrap_async_generator(function, make_block)
    else:
        wrapped = _wrap_function(function, make_block)
    return cast("Callable[P, R]", wrapped)


def _wrap_function(function: Callable[..., Any], make_block: MakeBlock) -> Callable[..., Any]:
    makes_generators = _makes_generators(function)

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with ExitStack() as stack:
            block = stack.enter_context(make_block(args, kwargs))
            result = function(*args, **kwargs)
            wrap_steps = _find_step_wrapper(result, makes_generators)
            if wrap_steps is not None:  # its body has not run yet
                stack.pop_all()
                steps = wrap_steps(HandedOn(result), lambda _args, _kwargs: block)()
                steps.__name__, steps.__qualname__ = result.__name__, result.__qualname__
                return steps
            block.result = result
        return result

    return run


class HandedOn:
    """Return a coroutine or generator that a function made, when the one around it starts.

    If that never happens, as in a task that is cancelled before its first step, the inner one is
    closed: Python would warn that it was never awaited, though the one around it was closed. That
    of others, such as a task, stays as it is.
    """

    def __init__(self, steps: Any) -> None:
        self._steps = steps

    def __call__(self) -> Any:
        return self._steps

    def __del__(self) -> None:
        is_coroutine = type(self._steps) is CoroutineType
        if is_coroutine and sys.getrefcount(self._steps) <= _OWN_REFERENCES:
            self._steps.close()


def _makes_generators(function: Callable[..., Any]) -> bool:
    """Return whether a generator function is under the decorators of this function."""
    with suppress(ValueError):  # a cycle
        function = inspect.unwrap(function)
    makers = (inspect.isgeneratorfunction, inspect.isasyncgenfunction)
    return any(makes(call) for makes in makers for call in (function, type(function).__call__))


def _find_step_wrapper(
    result: object, makes_generators: bool
) -> Callable[[Callable[..., Any], MakeBlock], Callable[..., Any]] | None:
    """Return what wraps a result whose steps are the call, or None for any other result.

    A generator that an ordinary function returns is a result like any other.
    """
    kind = type(result)  # a proxy that is asked for its class runs code
    if issubclass(kind, CoroutineType):
        return _wrap_coroutine
    if makes_generators and issubclass(kind, GeneratorType):
        return _wrap_generator
    if makes_generators and issubclass(kind, AsyncGeneratorType):
        return _wrap_async_generator
    return None


def _wrap_coroutine(function: Callable[..., Any], make_block: MakeBlock) -> Callable[..., Any]:
    @wraps(function)
    async def run(*args: Any, **kwargs: Any) -> Any:
        async with make_block(args, kwargs) as block:
            block.result = await function(*args, **kwargs)
        return block.result

    return run


def _wrap_generator(function: Callable[..., Any], make_block: MakeBlock) -> Callable[..., Any]:
    @wraps(function)
    def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
        closed: GeneratorExit | None = None
        with make_block(args, kwargs) as block:
            try:
                block.result = yield from function(*args, **kwargs)
            except GeneratorExit as error:
                closed = error
        if closed is not None:
            raise closed
        return block.result

    return generate


def _wrap_async_generator(
    function: Callable[..., Any], make_block: MakeBlock
) -> Callable[..., Any]:
    @wraps(function)
    async def generate(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
        closed: BaseException | None = None
        async with make_block(args, kwargs):
            steps = function(*args, **kwargs)
            step = _start(steps)
            while closed is None:
                try:
                    item = await step
                except StopAsyncIteration:
                    break
                try:
                    step = steps.asend((yield item))
                except BaseException as error:  # noqa: BLE001  # the generator handles or raises it
                    if _is_closing(error):
                        closed = await _close(steps, error)
                    else:
                        step = steps.athrow(error)
        if closed is not None:
            raise closed

    return generate


def _start(steps: AsyncGenerator[Any, Any]) -> Awaitable[Any]:
    """Return the first step of a generator that no event loop gets to know.

    The loop closes the generators that it knows at its end, in any order. This one is closed by the
    one around it, which fails if the loop is doing the same.
    """
    hooks = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(None, None)
    try:
        return steps.__anext__()
    finally:
        sys.set_asyncgen_hooks(*hooks)


def _is_closing(error: BaseException) -> bool:
    """Return whether this exception, raised at a `yield`, only closes the generator.

    The event loop closes an abandoned generator in a task of its own. If the loop ends before that
    task has begun, the generator gets its cancellation.
    """
    kind = type(error)
    if not issubclass(kind, asyncio.CancelledError):
        return issubclass(kind, GeneratorExit)
    try:
        task = asyncio.current_task()
    except RuntimeError:  # another event loop than asyncio's
        return False
    return task is not None and type(task.get_coro()).__name__ == _CLOSING_TYPE


async def _close(steps: AsyncGenerator[Any, Any], error: BaseException) -> BaseException:
    """Close a generator, and return the exception with which the one around it ends."""
    try:
        await steps.aclose()
    except asyncio.CancelledError as cancelled:  # of the task that closes, not of the operation
        return cancelled
    return error
