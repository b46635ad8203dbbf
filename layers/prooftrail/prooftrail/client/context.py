"""Fields that all events of a request or a job share, such as the user and the address.

They hold in the same thread, and in asyncio tasks that are started there. A new thread has none:
pass the context on with `executor.submit(contextvars.copy_context().run, work)`.
`asyncio.to_thread` and the thread pool of Starlette do that themselves, but what is bound in their
threads is not passed back.
"""

import inspect
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from contextvars import ContextVar, Token
from functools import wraps
from itertools import islice
from types import CodeType, CoroutineType, TracebackType
from typing import Any, Final, NamedTuple, ParamSpec, Self, TypeVar, Unpack, cast

from prooftrail.client.fields import ContextFields, EventFields
from prooftrail.client.values.exact import format_integer, is_kind, name_type
from prooftrail.client.values.plain import MAX_VALUES
from prooftrail.client.values.texts import convert_to_text, describe_origin
from prooftrail.client.wrapping import HandedOn

P = ParamSpec("P")
R = TypeVar("R")

FIELDS: Final = frozenset(ContextFields.__annotations__)
_METADATA: Final = "metadata"
_UNREADABLE: Final = "value"  # the key of metadata that cannot be merged
_ACTOR: Final = "actor"
_USER_ID: Final = "user_id"
_USERNAME: Final = "username"
_ON_BEHALF_OF: Final = "on_behalf_of"
_OF_USER: Final = (_USERNAME, "actor_type", _ON_BEHALF_OF)  # what is said of one user
_IDENTITY: Final = (_ACTOR, _USER_ID, *_OF_USER)
_EMPTIABLE: Final = frozenset((str, bool, float, list, tuple, dict, set, frozenset, bytes))
_log = logging.getLogger("prooftrail.client")


class _Frame(NamedTuple):
    """The fields bound at one moment, who bound the last ones, and the frame before."""

    values: Mapping[str, Any]
    owner: object = None
    outer: "_Frame | None" = None

    def with_fields(self, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the values, overridden by these fields.

        Metadata is a tuple of layers, because a layer can be a callable. None removes a field.
        """
        values = {name: value for name, value in self.values.items() if name not in fields}
        if _ACTOR in fields or fields.get(_USER_ID) is not None:
            for name in _IDENTITY:  # perhaps another user's: do not combine an id with a wrong name
                values.pop(name, None)
        values |= fields
        if fields.get(_METADATA) is not None:
            values[_METADATA] = (*self.values.get(_METADATA, ()), fields[_METADATA])
        return {name: value for name, value in values.items() if value is not None}


_EMPTY: Final = _Frame({})
_frame: ContextVar[_Frame] = ContextVar("prooftrail_context", default=_EMPTY)
_is_resolving: ContextVar[bool] = ContextVar("prooftrail_context_is_resolving", default=False)
_failed: set[tuple[str, object]] = set()  # callables whose failure was logged


class audit_context:  # noqa: N801  # used like a function, as contextlib's classes are
    """Bind fields for a `with` block or a decorated function, which can be async.

    Contexts nest, and the inner value wins. None removes the outer value. A new user removes the
    outer user's name and type, and for whom that user acted. The keys of `metadata` are merged. A
    callable is called each time an event is logged, so that a middleware that runs before the
    authentication still finds the user. If the callable raises, that is logged once and the field
    is left out.

    >>> with audit_context(user_id="u-1", metadata={"job": "import"}):
    ...     with audit_context(request_id="r-1", metadata={"step": 2}):
    ...         current_context()
    {'user_id': 'u-1', 'request_id': 'r-1', 'metadata': {'job': 'import', 'step': 2}}
    """

    def __init__(self, **fields: Unpack[ContextFields]) -> None:
        self._fields = _drop_unknown(fields)

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
        # None: left in another context than it was entered in, where there is nothing to restore.
        if frame is not None:
            _frame.set(frame.outer or _EMPTY)

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function with this context around each call.

        Raises:
            TypeError: It is a generator function, which runs in the context of its consumer.
        """
        return cast("Callable[P, R]", _wrap(self, function))


def bind_context(**fields: Unpack[ContextFields]) -> None:
    """Bind fields for the rest of the surrounding `audit_context`, for example after a login.

    Without one they hold for the rest of the thread or task; in a thread of a pool that includes
    the next request. A middleware, or `with audit_context():` around each job, prevents that.
    """
    frame = _frame.get()
    _frame.set(frame._replace(values=frame.with_fields(_drop_unknown(fields))))


def current_context() -> EventFields:
    """Return the fields bound now, with callables called and empty fields left out.

    Other types become text if they have one: a user's primary key needs no `str()`.
    """
    found: dict[str, Any] = {}
    for name, value in _frame.get().values.items():
        if name == _METADATA:
            found[_METADATA] = _merge_metadata(value)
            continue
        resolved = _resolve(name, value) if callable(value) else value
        if name == _ACTOR:
            user_id, username = _split_actor(resolved)
            found |= {_USER_ID: _to_text(user_id), _USERNAME: _to_text(username)}
        elif name == _ON_BEHALF_OF:
            found[name] = resolved or None if type(resolved) in _EMPTIABLE else resolved
        else:
            found[name] = _to_text(resolved)
    return cast("EventFields", {name: value for name, value in found.items() if value is not None})


def add_context(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event's fields and those bound now; the event's own fields win, unless None.

    The keys of `metadata` are merged. If the event names another user, what is bound about the user
    is left out. `fields` are returned as they are if nothing is bound.
    """
    if not _frame.get().values:
        return fields
    given = {name: value for name, value in fields.items() if value is not None}
    bound: dict[str, Any] = {**current_context()}
    if _USER_ID in given and not _is_same_user(given[_USER_ID], bound.get(_USER_ID)):
        for name in _OF_USER:
            bound.pop(name, None)
    metadata = given.get(_METADATA)
    if is_kind(metadata, Mapping) and _METADATA in bound:
        given[_METADATA] = _merge(bound[_METADATA], metadata)
    return {**bound, **given}


class CapturedContext:
    """The context in which this object is made, for `with` blocks that run later.

    It is for work that continues after its call has returned, such as a streamed response. What a
    block binds is bound in the next block too. The blocks cannot overlap.
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


def _to_text(value: object) -> object:
    """Return a field as text, None for an empty one, or what `log` has to fit."""
    if type(value) is str or value is None:
        return value or None
    try:
        text = convert_to_text(value)
    except Exception:  # noqa: BLE001  # code of the application
        return value
    if type(text) is int:
        return format_integer(text)
    return text or None if type(text) in _EMPTIABLE else text


def _split_actor(actor: Any) -> tuple[object, object]:
    """Return the id and the name that the callable of `actor` returned."""
    if issubclass(type(actor), tuple) and tuple.__len__(actor) == 2:
        return tuple.__getitem__(actor, 0), tuple.__getitem__(actor, 1)
    return actor, None


def _is_same_user(given: object, bound: object) -> bool:
    text = _to_text(given)
    return given is bound or (type(text) is type(bound) is str and text == bound)


def _merge(outer: Mapping[str, Any], inner: Any) -> dict[str, Any]:
    try:
        is_dict = issubclass(type(inner), dict)  # another mapping can be longer than it says
        return {**outer, **(inner if is_dict else dict(islice(inner.items(), MAX_VALUES + 1)))}
    except Exception:  # noqa: BLE001  # code of the application; `log` describes it
        return {**outer, _UNREADABLE: inner}


def _drop_unknown(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = fields.keys() - FIELDS
    if unknown:
        names = ", ".join(sorted(unknown))
        with suppress(Exception):  # a log handler of the application can fail
            _log.error("audit_context: fields that are not known are left out: %s", names)
        return {name: value for name, value in fields.items() if name in FIELDS}
    return fields


def _merge_metadata(layers: Iterable[Any]) -> Mapping[str, Any] | None:
    merged: dict[str, Any] = {}
    for layer in layers:
        resolved = _resolve(_METADATA, layer) if callable(layer) else layer
        if is_kind(resolved, Mapping):
            merged = _merge(merged, resolved)
        elif resolved is not None:
            merged[_UNREADABLE] = resolved  # `log` describes it
    return merged or None


def _resolve(name: str, find: Callable[[], object]) -> object:
    """Return what the callable of a field returns, or None if it raises."""
    if _is_resolving.get():  # the callable logs an event itself
        return None
    token = _is_resolving.set(True)
    try:
        return find()
    except Exception as error:  # noqa: BLE001  # a fault of the application must not stop the event
        with suppress(Exception):  # code of the application: a metaclass, a log handler
            _warn_once(name, find, error)
        return None
    finally:
        _is_resolving.reset(token)


def _warn_once(name: str, find: Callable[[], object], error: Exception) -> None:
    """Log which callable raised, where and what, without its text, which can hold secrets."""
    failed = (name, _identify(find))
    if failed in _failed:
        return
    _failed.add(failed)
    _log.warning(
        "audit_context: %s is left out: %s raised %s (logged once)\n%s",
        name,
        getattr(find, "__qualname__", None) or name_type(find),
        name_type(error),
        describe_origin(error),
    )


def _identify(function: Callable[[], object]) -> CodeType | type:
    """Return what is the same for each closure that the same line makes."""
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else type(function)


def _wrap(context: audit_context, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError(
            f"audit_context cannot decorate the generator function {function.__qualname__}: "
            "use `with audit_context(...):` inside it"
        )
    if inspect.iscoroutinefunction(function):

        @wraps(function)
        async def run_async(*args: Any, **kwargs: Any) -> Any:
            with context:
                return await function(*args, **kwargs)

        return run_async

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with context:
            result = function(*args, **kwargs)
        is_coroutine = issubclass(type(result), CoroutineType)  # of a function under a decorator
        if not is_coroutine:
            return result
        steps: Any = _run_within(context, HandedOn(result))
        steps.__name__, steps.__qualname__ = result.__name__, result.__qualname__
        return steps

    return run


async def _run_within(context: audit_context, get_steps: Callable[[], Awaitable[Any]]) -> Any:
    with context:
        return await get_steps()
