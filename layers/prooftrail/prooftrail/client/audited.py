"""A decorator that records a function's calls as audited operations."""

import inspect
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from string import Formatter
from types import TracebackType
from typing import Any, Final, ParamSpec, TypeVar, cast

from prooftrail.client.fields import EventFields, Targets
from prooftrail.client.installed import Recorder, get_installed
from prooftrail.client.values.describing import write_value
from prooftrail.client.values.exact import exact_text, is_text
from prooftrail.client.values.objects import resolve_proxy
from prooftrail.client.values.texts import cut_text, describe_exception, mask_exception
from prooftrail.client.wrapping import NO_RESULT, Block, wrap

P = ParamSpec("P")
R = TypeVar("R")

Arguments = Mapping[str, Any]
Resource = str | Callable[[Arguments], tuple[str, str]]
Details = Sequence[str] | Callable[[Arguments], Mapping[str, Any]]
TargetSource = Sequence[str] | Callable[[Arguments], Targets]

UNKNOWN: Final = "unknown"
MAX_ERROR_LENGTH: Final = 2_000
_RESULT: Final = "result"
_log = logging.getLogger("prooftrail.client")


def audited(
    *,
    action: str,
    resource: Resource | None = None,
    resource_type: str = UNKNOWN,
    resource_id: str = UNKNOWN,
    targets: TargetSource = (),
    details: Details = (),
    logger: Recorder | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Record each call of the function: a success, or a failure with the exception's type and text.

    `resource` is a format string that can use the call's arguments, such as `"order:{order.id}"`.
    The text before the first colon is the type, the rest is the id. `resource` can also be a
    callable that takes the arguments by name and returns type and id. `resource_type` and
    `resource_id` are the two format strings apart. All are filled in before the call, except those
    that use `{result.id}`, the value that the function returned. `targets` is a list of further
    resources, each a format string like `resource`, or a callable that takes the arguments and
    returns targets. `details` is a list of arguments to record, or a callable that takes the
    arguments and returns an object. `metadata.durationMs` is the duration of the call.

    The function can be a method, a coroutine function or a generator, which is recorded from its
    first step to its last. An exception is recorded and raised again, also one that cancels or
    ends the function. `sys.exit(0)` is a success, and so is a generator that its consumer closes
    before its end. An error in the recording itself is logged and never raised. A part of the
    resource that cannot be found, such as the result of a failed call, is `unknown`; a target that
    cannot be found is left out. Without `logger` it uses the logger of `install`, which it looks up
    in each call.

    >>> @audited(action="order.approve", resource="order:{order_id}", details=["amount"])
    ... def approve(order_id: str, amount: int) -> bool:
    ...     return amount < 1_000
    """
    resource_source: _ResourceSource
    if resource is None:
        resource_source = _Template(resource_type), _Template(resource_id)
    elif isinstance(resource, str):
        resource_source = _split_resource(resource)
    else:
        resource_source = resource
    target_source: _TargetSource
    if callable(targets):
        target_source = targets
    else:
        target_source = [_split_resource(target) for target in targets]

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        if isinstance(function, classmethod | staticmethod):
            return type(function)(decorate(function.__func__))
        recording = _Recording(
            _find_signature(function),
            action,
            resource_source,
            target_source,
            details,
            logger,
            monotonic,
        )
        return wrap(function, lambda args, kwargs: _Call(recording, args, kwargs))

    return decorate


class _Formatter(Formatter):
    """Formats a value without a format of its own as `write_value` does, never by `__repr__`."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        """See `Formatter`."""
        value = resolve_proxy(value)
        kind: Any = type(value)
        if kind.__format__ is not object.__format__ or format_spec or value is None:
            return format(value, format_spec)
        return write_value(value)


_FORMATTER: Final = _Formatter()


class _Template:
    """A format string for the arguments of a call, and for its result if `needs_result`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._constant: str | None = None
        self.needs_result = False
        try:
            names = list(map(_parse_name, _find_placeholders(text)))
            self.needs_result = _RESULT in names
            if not names:
                self._constant = _FORMATTER.format(text)
        except ValueError as error:
            _log.error("audited: the resource %r is not a format string: %s", text, error)

    def fill(self, values: Arguments) -> str:
        if self._constant is not None:
            return self._constant
        return exact_text(_FORMATTER.vformat(self._text, (), values))


_ResourceTemplate = tuple[_Template, _Template]
_ResourceSource = _ResourceTemplate | Callable[[Arguments], tuple[str, str]]
_TargetSource = Sequence[_ResourceTemplate] | Callable[[Arguments], Targets]


def _find_placeholders(text: str) -> Iterator[str]:
    for _, name, spec, _ in _FORMATTER.parse(text):
        if name is not None:
            yield name
            yield from _find_placeholders(spec or "")


def _parse_name(placeholder: str) -> str:
    return placeholder.partition(".")[0].partition("[")[0]


def _split_resource(text: str) -> tuple[_Template, _Template]:
    """Split at the first colon that is not in braces."""
    depth = 0
    for position, character in enumerate(text):
        if character == ":" and depth == 0:
            return _Template(text[:position]), _Template(text[position + 1 :])
        depth += (character == "{") - (character == "}")
    _log.error("audited: the resource %r has no colon between type and id", text)
    return _Template(text), _Template(UNKNOWN)


def _to_texts(resource: object) -> tuple[str, str]:
    """Return type and id as texts; what is absent is unknown.

    Raises:
        TypeError: the resource is a text.
    """
    if is_text(resource):
        raise TypeError("the resource is not a tuple of type and id")
    resource_type, resource_id = cast("tuple[object, object]", resource)
    return _to_text(resource_type), _to_text(resource_id)


def _to_text(part: object) -> str:
    return UNKNOWN if part is None else write_value(part) or UNKNOWN


def _find_signature(function: Callable[..., Any]) -> inspect.Signature | None:
    try:
        return inspect.signature(function)
    except (TypeError, ValueError):  # written in C
        return None


class _Recording:
    """What to record of each call of one function. No method raises an exception."""

    def __init__(
        self,
        signature: inspect.Signature | None,
        action: str,
        resource: _ResourceSource,
        targets: _TargetSource,
        details: Details,
        logger: Recorder | None,
        monotonic: Callable[[], float],
    ) -> None:
        self._signature = signature
        self._action = action
        self._resource = resource
        self._targets = targets
        self._details = details
        self._logger = logger
        self.monotonic = monotonic
        self._warned: set[str] = set()

    def bind_arguments(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Arguments | None:
        """Return the call's arguments by name, or None if the function does not take them."""
        if self._signature is None:
            return kwargs
        try:
            bound = self._signature.bind(*args, **kwargs)
        except TypeError:  # the call is going to raise it too
            return None
        bound.apply_defaults()
        arguments = bound.arguments
        for parameter in self._signature.parameters.values():
            if parameter.kind is parameter.VAR_KEYWORD:
                arguments = {**arguments[parameter.name], **arguments}
        return arguments

    def find_resource(self, arguments: Arguments) -> tuple[str | None, str | None]:
        """Return type and id; None for a part that needs the result, if that is not known yet."""
        resource = self._resource
        if not callable(resource):
            type_template, id_template = resource
            return self._fill(type_template, arguments), self._fill(id_template, arguments)
        found = self._attempt("resource", lambda: _to_texts(resource(arguments)))
        return found or (UNKNOWN, UNKNOWN)

    def _fill(self, template: _Template, arguments: Arguments) -> str | None:
        if template.needs_result and _RESULT not in arguments:
            return None
        return self._attempt("resource", lambda: template.fill(arguments)) or UNKNOWN

    def find_targets(self, arguments: Arguments) -> Sequence[Any] | None:
        """Return the targets; None for one that needs the result, or that cannot be found."""
        targets = self._targets
        if callable(targets):
            return self._attempt("targets", lambda: targets(arguments))
        return [self._find_target(template, arguments) for template in targets]

    def _find_target(
        self, template: _ResourceTemplate, arguments: Arguments
    ) -> tuple[str, str] | None:
        if _RESULT not in arguments and any(part.needs_result for part in template):
            return None
        type_template, id_template = template
        found = self._attempt(
            "targets", lambda: (type_template.fill(arguments), id_template.fill(arguments))
        )
        return found if found and all(found) else None

    def _complete_targets(self, call: "_Call") -> Sequence[Any] | None:
        """Return the targets of a call that has ended, or None if there are none."""
        if callable(self._targets) or not call.targets:
            return call.targets
        found = call.targets
        if call.result is not NO_RESULT and None in found:
            arguments = {**call.arguments, _RESULT: call.result}
            found = [
                target or self._find_target(template, arguments)
                for target, template in zip(found, self._targets, strict=True)
            ]
        return [target for target in found if target is not None] or None

    def select_details(self, arguments: Arguments) -> Mapping[str, Any] | None:
        """Return what to record of the arguments."""
        details = self._details
        if callable(details):
            return self._attempt("details", lambda: details(arguments))
        return self._attempt("details", lambda: {name: arguments[name] for name in details} or None)

    def record(self, call: "_Call", error: BaseException | None) -> None:
        """Pass the call to the logger."""
        self._attempt("event", lambda: self._record(call, error))

    def _record(self, call: "_Call", error: BaseException | None) -> None:
        logger = self._logger or get_installed()
        if logger is None:
            self._warn_once(
                "logger",
                "audited: %s is not recorded: call prooftrail.client.install(logger) first",
                self._action,
            )
            return
        resource_type, resource_id = call.resource
        if call.result is not NO_RESULT and None in call.resource:
            found_type, found_id = self.find_resource({**call.arguments, _RESULT: call.result})
            resource_type, resource_id = resource_type or found_type, resource_id or found_id
        duration_ms = round((self.monotonic() - call.started) * 1000)
        fields = EventFields(success=error is None, metadata={"durationMs": duration_ms})
        if error is not None:
            fields["error_message"] = cut_text(describe_exception(error), MAX_ERROR_LENGTH)
        if call.details is not None:
            fields["details"] = call.details
        if (targets := self._complete_targets(call)) is not None:
            fields["targets"] = targets
        logger.log(
            action=self._action,
            resource_type=resource_type or UNKNOWN,
            resource_id=resource_id or UNKNOWN,
            **fields,
        )

    def _attempt(self, part: str, compute: Callable[[], R]) -> R | None:
        try:
            return compute()
        except Exception as error:  # noqa: BLE001  # auditing never raises
            self._warn_once(
                part,
                f"audited: the {part} of %s could not be recorded: %s",
                self._action,
                mask_exception(error),
            )
            return None

    def _warn_once(self, part: str, text: str, *values: str) -> None:
        if part not in self._warned:  # once for each function
            self._warned.add(part)
            with suppress(Exception):  # a log handler of the application can fail
                _log.warning(text, *values)


class _Call(Block):
    """One call of a function: read at its start, recorded at its end."""

    def __init__(
        self, recording: _Recording, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> None:
        self._recording = recording
        self.arguments: Arguments = {}
        self.resource: tuple[str | None, str | None] = (UNKNOWN, UNKNOWN)
        self.targets: Sequence[Any] | None = None
        self.details: Mapping[str, Any] | None = None
        arguments = recording.bind_arguments(args, kwargs)
        if arguments is not None:
            self.arguments = arguments
            self.resource = recording.find_resource(arguments)
            self.targets = recording.find_targets(arguments)
            self.details = recording.select_details(arguments)
        self.started = recording.monotonic()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._recording.record(self, None if _is_success(error) else error)


def _is_success(error: BaseException | None) -> bool:
    """Return whether a call that ended with this exception succeeded, as `sys.exit(0)` means."""
    if error is None or not issubclass(type(error), SystemExit):
        return False
    code = vars(SystemExit)["code"].__get__(error)  # no property of a subclass
    return code is None or (issubclass(type(code), int) and not int.__bool__(code))
