"""A decorator that records a function's calls as audited operations."""

import inspect
import logging
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator, Mapping, Sequence
from functools import wraps
from string import Formatter
from typing import Any, Final, ParamSpec, TypeVar, cast

from prooftrail.client.fields import EventFields
from prooftrail.client.installed import Recorder, installed
from prooftrail.client.logger import describe_exception

P = ParamSpec("P")
R = TypeVar("R")

Arguments = Mapping[str, Any]
Resource = str | Callable[[Arguments], tuple[str, str]]
Details = Sequence[str] | Callable[[Arguments], Mapping[str, Any]]

UNKNOWN: Final = "unknown"
MAX_ERROR_LENGTH: Final = 2_000
_RESULT: Final = "result"
_FORMATTER: Final = Formatter()
_log = logging.getLogger("prooftrail.client")


def audited(
    *,
    action: str,
    resource: Resource | None = None,
    resource_type: str = UNKNOWN,
    resource_id: str = UNKNOWN,
    details: Details = (),
    logger: Recorder | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Record each call of the function: success, or failure with the exception's type and text.

    `resource` is a format string over the call's arguments, `"order:{order.id}"`: up to the first
    colon the type, from there on the id; or a callable that is given the arguments by name and
    answers both. `resource_type` and `resource_id` are the two format strings apart. They are
    read before the call, but for those that name `{result.id}`: what the function returned, for
    what it creates. `details` are names of arguments to record, or a callable that is given the
    arguments and answers the object. `metadata.durationMs` is the call's time.

    Functions, methods, coroutine functions and generators (from first step to last) will do. An
    exception, also one that cancels or ends the function, is recorded and goes on its way. What
    goes wrong with auditing is logged, never raised; a part of the resource that cannot be told,
    as the result of a call that failed, is `unknown`. Without `logger` the one of `install` is
    used, looked up at each call.

    >>> @audited(action="order.approve", resource="order:{order_id}", details=["amount"])
    ... def approve(order_id: str, amount: int) -> bool:
    ...     return amount < 1_000
    """
    name: _Name
    if resource is None:
        name = _Template(resource_type), _Template(resource_id)
    elif isinstance(resource, str):
        name = _halves(resource)
    else:
        name = resource

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if isinstance(function, classmethod | staticmethod):
            return type(function)(decorate(function.__func__))
        plan = _Plan(_signature_of(function), action, name, details, logger, monotonic)
        return cast("Callable[P, R]", _around(function, plan))

    return decorate


class _Template:
    """A format string over the arguments, and the result when `needs_result`."""

    def __init__(self, text: str) -> None:
        self._text = text
        try:
            self.needs_result = _RESULT in map(_first_name, _placeholders(text))
        except ValueError as error:
            self.needs_result = False
            _log.error("the resource %r is no format string: %s", text, error)

    def fill(self, values: Arguments) -> str:
        return self._text.format_map(values)


_Name = tuple[_Template, _Template] | Callable[[Arguments], tuple[str, str]]


def _placeholders(text: str) -> Iterator[str]:
    for _, name, spec, _ in _FORMATTER.parse(text):
        if name is not None:
            yield name
            yield from _placeholders(spec or "")


def _first_name(placeholder: str) -> str:
    return placeholder.partition(".")[0].partition("[")[0]


def _halves(text: str) -> tuple[_Template, _Template]:
    """What stands before and after the first colon that is not within braces."""
    depth = 0
    for position, character in enumerate(text):
        if character == ":" and depth == 0:
            return _Template(text[:position]), _Template(text[position + 1 :])
        depth += (character == "{") - (character == "}")
    _log.error("the resource %r has no colon between type and id", text)
    return _Template(text), _Template(UNKNOWN)


def _pair(resource: tuple[object, object]) -> tuple[str, str]:
    of_type, of_id = resource
    return str(of_type), str(of_id)


def _signature_of(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return None


class _Plan:
    """What to record of each call of one function; nothing in here raises."""

    def __init__(
        self,
        signature: inspect.Signature | None,
        action: str,
        name: _Name,
        details: Details,
        logger: Recorder | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._signature = signature
        self._action = action
        self._name = name
        self._details = details
        self._logger = logger
        self.monotonic = monotonic
        self._said: set[str] = set()

    def arguments_of(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Arguments | None:
        """The call's arguments by name; None when the function cannot be called so."""
        if self._signature is None:
            return kwargs
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError:  # the function is going to say so itself
            return None
        bound.apply_defaults()
        arguments = bound.arguments
        for parameter in self._signature.parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                arguments = {**arguments[parameter.name], **arguments}
        return arguments

    def resource_of(self, arguments: Arguments) -> tuple[str | None, str | None]:
        """Type and id as far as the arguments tell; None for what waits for the result."""
        name = self._name
        if isinstance(name, tuple):
            return self._filled(name[0], arguments), self._filled(name[1], arguments)
        return self._tried("the resource", lambda: _pair(name(arguments))) or (UNKNOWN, UNKNOWN)

    def _filled(self, template: _Template, arguments: Arguments) -> str | None:
        if template.needs_result and _RESULT not in arguments:
            return None
        return self._tried("the resource", lambda: template.fill(arguments)) or UNKNOWN

    def details_of(self, arguments: Arguments) -> Mapping[str, Any] | None:
        """What to record of the arguments."""
        details = self._details
        if callable(details):
            return self._tried("the details", lambda: details(arguments))
        return self._tried("the details", lambda: {name: arguments[name] for name in details})

    def record(self, call: "_Call", error: BaseException | None) -> None:
        """Hand the call to the logger."""
        self._tried("the event", lambda: self._record(call, error))

    def _record(self, call: "_Call", error: BaseException | None) -> None:
        logger = self._logger or installed()
        if logger is None:
            self._say("the logger", "no logger is installed: %s is not recorded", self._action)
            return
        of_type, of_id = call.resource
        if error is None and None in call.resource:
            late_type, late_id = self.resource_of({**call.arguments, _RESULT: call.result})
            of_type, of_id = of_type or late_type, of_id or late_id
        milliseconds = round((self.monotonic() - call.began) * 1000)
        fields = EventFields(success=error is None, metadata={"durationMs": milliseconds})
        if error is not None:
            fields["error_message"] = describe_exception(error)[:MAX_ERROR_LENGTH]
        if call.details:
            fields["details"] = call.details
        logger.log(
            action=self._action,
            resource_type=of_type or UNKNOWN,
            resource_id=of_id or UNKNOWN,
            **fields,
        )

    def _tried(self, what: str, compute: Callable[[], R]) -> R | None:
        try:
            return compute()
        except Exception as error:  # noqa: BLE001  # auditing never raises
            self._say(
                what, f"{what} of %s could not be told: %s", self._action, describe_exception(error)
            )
            return None

    def _say(self, what: str, text: str, *values: str) -> None:
        if what not in self._said:  # once for each function
            self._said.add(what)
            _log.warning(text, *values)


class _Call:
    """One call of the function, recorded when it ends; what it is about is read as it begins."""

    def __init__(self, plan: _Plan, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        self._plan = plan
        self.result: Any = None
        self.arguments: Arguments = {}
        self.resource: tuple[str | None, str | None] = (UNKNOWN, UNKNOWN)
        self.details: Mapping[str, Any] | None = None
        arguments = plan.arguments_of(args, kwargs)
        if arguments is not None:
            self.arguments = arguments
            self.resource = plan.resource_of(arguments)
            self.details = plan.details_of(arguments)
        self.began = plan.monotonic()

    def __enter__(self) -> "_Call":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        self._plan.record(self, error)


def _around(function: Callable[..., Any], plan: _Plan) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with _Call(plan, args, kwargs) as call:
                call.result = await function(*args, **kwargs)
            return call.result

        return run_async

    if inspect.isgeneratorfunction(function):

        @wraps(function)
        def generate(*args: Any, **kwargs: Any) -> Generator[Any, Any, Any]:
            with _Call(plan, args, kwargs) as call:
                call.result = yield from function(*args, **kwargs)
            return call.result

        return generate

    if inspect.isasyncgenfunction(function):

        @wraps(function)
        async def generate_async(*args: Any, **kwargs: Any) -> AsyncGenerator[Any, Any]:
            with _Call(plan, args, kwargs):
                steps = function(*args, **kwargs)
                step = steps.__anext__()
                while True:
                    try:
                        item = await step
                    except StopAsyncIteration:
                        return
                    try:
                        step = steps.asend((yield item))
                    except GeneratorExit:
                        await steps.aclose()
                        raise
                    except BaseException as error:  # noqa: BLE001  # it is the function's
                        step = steps.athrow(error)

        return generate_async

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with _Call(plan, args, kwargs) as call:
            call.result = function(*args, **kwargs)
        return call.result

    return run
