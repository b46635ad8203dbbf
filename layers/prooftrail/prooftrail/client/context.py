"""Who and where, known for as long as a request or a job runs.

What is bound here holds for the events logged inside, in the same thread and in the asyncio tasks
begun there. A thread begins with nothing bound: hand it the context with
`executor.submit(contextvars.copy_context().run, work)`. (`asyncio.to_thread` and Starlette's
thread pool do so themselves; what is bound within them does not come back.)
"""

import inspect
import logging
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar, Token
from functools import wraps
from types import CodeType, TracebackType
from typing import Any, Final, NamedTuple, ParamSpec, Self, TypeVar, Unpack, cast

from prooftrail.client.fields import ContextFields, EventFields

P = ParamSpec("P")
R = TypeVar("R")

FIELDS: Final = frozenset(ContextFields.__annotations__)
MAX_USERNAME_LENGTH: Final = 256  # of an event
_METADATA: Final = "metadata"
_ACTOR: Final = "actor"
_USER_ID: Final = "user_id"
_USERNAME: Final = "username"
_IDENTITY: Final = (_ACTOR, _USER_ID, _USERNAME)
_log = logging.getLogger("prooftrail.client")


class _Frame(NamedTuple):
    """What is bound at one moment: all of it, whose binding was the last, what was there before."""

    values: Mapping[str, Any]
    owner: object = None
    outer: "_Frame | None" = None

    def with_fields(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values and these over them; metadata in layers, for a layer may be a callable."""
        values = {name: value for name, value in self.values.items() if name not in fields}
        if _ACTOR in fields or fields.get(_USER_ID) is not None:
            for name in _IDENTITY:  # of another, perhaps: a name must not stand by a foreign id
                values.pop(name, None)
        values |= fields
        if fields.get(_METADATA) is not None:
            values[_METADATA] = (*self.values.get(_METADATA, ()), fields[_METADATA])
        return {name: value for name, value in values.items() if value is not None}


_EMPTY: Final = _Frame({})
_frame: ContextVar[_Frame] = ContextVar("prooftrail_context", default=_EMPTY)
_is_resolving: ContextVar[bool] = ContextVar("prooftrail_context_is_resolving", default=False)
_failed_places: set[tuple[str, object]] = set()


class audit_context:  # noqa: N801  # used like a function, as contextlib's classes are
    """Bind fields for what is inside: a `with` block or a decorated function, also an async one.

    Contexts nest and the inner value wins; None takes the outer value away; a new user takes the
    outer one's name away; the keys of `metadata` are merged. A callable is asked each time an event
    is logged inside, so that a middleware which runs before the authentication still finds the
    user. One that raises is logged once, and its field is left out.

    >>> with audit_context(user_id="u-1", metadata={"job": "import"}):
    ...     with audit_context(request_id="r-1", metadata={"step": 2}):
    ...         current_context()
    {'user_id': 'u-1', 'request_id': 'r-1', 'metadata': {'job': 'import', 'step': 2}}
    """

    def __init__(self, **fields: Unpack[ContextFields]) -> None:
        self._fields = _known(fields)

    def __enter__(self) -> Self:
        outer = _frame.get()
        _frame.set(_Frame(outer.with_fields(self._fields), self, outer))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        frame: _Frame | None = _frame.get()
        while frame is not None and frame.owner is not self:
            frame = frame.outer
        # None: left in another context than it was entered in, which has nothing to give back.
        if frame is not None:
            _frame.set(frame.outer or _EMPTY)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """The function, within this context each time it runs.

        Raises:
            TypeError: a generator function: its body runs in its consumer's context.
        """
        return cast("Callable[P, R]", _within(self, function))


def bind_context(**fields: Unpack[ContextFields]) -> None:
    """Bind fields for the rest of the surrounding `audit_context`, as after a login.

    Outside of one they hold for the rest of the thread or task: in a pool's thread, for the next
    request too. A middleware or a `with audit_context():` round each piece of work keeps them in.
    """
    frame = _frame.get()
    _frame.set(frame._replace(values=frame.with_fields(_known(fields))))


def current_context() -> EventFields:
    """What is bound here and now, callables asked, without what is absent or empty.

    A value that is no text becomes one: a user's primary key needs no `str()`. A username is cut
    to 256 characters: whoever chooses a longer one must not be left out of the trail.
    """
    found: dict[str, Any] = {}
    for name, value in _frame.get().values.items():
        if name == _METADATA:
            found[_METADATA] = _merged(value)
            continue
        answer = _answer(name, value) if callable(value) else value
        if name == _ACTOR:
            user_id, username = answer if isinstance(answer, tuple) else (answer, None)
            found |= {_USER_ID: _text(user_id), _USERNAME: _text(username)}
        else:
            found[name] = _text(answer)
    if found.get(_USERNAME):
        found[_USERNAME] = found[_USERNAME][:MAX_USERNAME_LENGTH]
    return cast("EventFields", {name: value for name, value in found.items() if value is not None})


def in_context(fields: Mapping[str, Any]) -> dict[str, Any]:
    """An event's fields over what is bound; None leaves a field open.

    The keys of `metadata` are merged, and a bound username goes when another user is named.
    """
    bound: dict[str, Any] = {**current_context()}
    given = {name: value for name, value in fields.items() if value is not None}
    if given.get(_USER_ID, bound.get(_USER_ID)) != bound.get(_USER_ID):
        bound.pop(_USERNAME, None)
    metadata = given.get(_METADATA)
    if isinstance(metadata, Mapping) and _METADATA in bound:
        given[_METADATA] = {**bound[_METADATA], **metadata}
    return {**bound, **given}


class HeldContext:
    """What is bound when this is made, held again within each of its `with` blocks.

    For work that goes on after the call that it belongs to, such as a streamed response. What one
    block binds, the next finds. One block at a time.
    """

    def __init__(self) -> None:
        self._current = _frame.get()
        self._token: Token[_Frame] | None = None

    def __enter__(self) -> None:
        self._token = _frame.set(self._current)

    def __exit__(self, *_: object) -> None:
        self._current = _frame.get()
        if self._token is not None:
            _frame.reset(self._token)


def _text(value: object) -> str | None:
    text = value if type(value) is str or value is None else str(value)
    return text or None


def _known(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = fields.keys() - FIELDS
    if unknown:
        _log.error("no fields of a context, left out: %s", ", ".join(sorted(unknown)))
        return {name: value for name, value in fields.items() if name in FIELDS}
    return fields


def _merged(layers: Iterable[Any]) -> Mapping[str, Any] | None:
    merged: dict[str, Any] = {}
    for layer in layers:
        answer = _answer(_METADATA, layer) if callable(layer) else layer
        if isinstance(answer, Mapping):
            merged.update(answer)
    return merged or None


def _answer(name: str, ask: Callable[[], object]) -> object:
    if _is_resolving.get():  # the callable itself logs an event
        return None
    token = _is_resolving.set(True)
    try:
        return ask()
    except Exception as error:  # noqa: BLE001  # the application's code, which must not stop the event
        place = (name, _place_of(ask))
        if place not in _failed_places:
            _failed_places.add(place)
            _log.warning(
                "the context's %s is left out: %s raised %s (said once)",
                name,
                getattr(ask, "__qualname__", type(ask).__qualname__),
                type(error).__name__,
                exc_info=error,
            )
        return None
    finally:
        _is_resolving.reset(token)


def _place_of(ask: Callable[[], object]) -> CodeType | type:
    code = getattr(ask, "__code__", None)
    return code if isinstance(code, CodeType) else type(ask)


def _within(context: audit_context, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError("audit_context cannot decorate a generator function")
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with context:
                return await function(*args, **kwargs)

        return run_async

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with context:
            return function(*args, **kwargs)

    return run
