"""The fields that name other resources, users and traces, in the forms that applications write.

A target is an object with `type`, `id` and perhaps `name`, or a tuple of them. A user is an id, a
tuple of id and name, or an object with `userId` (or `user_id`) and perhaps `username`. A trace id
is a text, or an integer as in OpenTelemetry. The `read_` functions return JSON values and lose
nothing: what has another form stays as it is, and the model refuses it. The `fit_` functions make
any value fit.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from prooftrail.client.tracing import format_trace_id
from prooftrail.client.values.exact import exact_text, is_kind, is_text, name_type
from prooftrail.client.values.objects import read_fields
from prooftrail.client.values.plain import MAX_VALUES
from prooftrail.client.values.report import FittingReport, join_position
from prooftrail.client.values.texts import convert_to_text
from prooftrail.errors import InvalidTraceIdError
from prooftrail.event.fields import MAX_IDENTIFIER_LENGTH
from prooftrail.event.keys import NAME_PATTERN
from prooftrail.event.model import MAX_TARGETS
from prooftrail.event.traces import normalize_trace_id

EMPTY: Final = "(empty)"
TARGETS: Final = "targets"
ON_BEHALF_OF: Final = "onBehalfOf"
TRACE_ID: Final = "traceId"
_TARGET_NAMES: Final = ("type", "id", "name")
_USER_NAMES: Final = ("userId", "username")
_ARGUMENT: Final = "user_id"  # the name of the argument of `log`
_TEXTS: Final = (str, bytes, bytearray)
_NAME: Final = re.compile(NAME_PATTERN.removesuffix("$"))

FitText = Callable[[str, Any, int], str | None]  # path, value, characters


def read_targets(value: Any) -> Any:
    """Return the targets as a list of objects, of at most one more than an event can have."""
    items = _list_items(value)
    return value if items is None else [read_target(item) for item in items]


def read_target(value: Any) -> Any:
    """Return a target as an object."""
    target = _read_object(value, _TARGET_NAMES, 2)
    return _convert_ids(target) if is_kind(target, Mapping) else target


def read_user(value: Any) -> Any:
    """Return the user in `onBehalfOf` as an object, or None if it says nothing."""
    user = _read_object(value, _USER_NAMES, 1)
    if not is_kind(user, Mapping):
        user = {_USER_NAMES[0]: user}
    converted = _convert_ids(user)
    if _ARGUMENT in converted and _USER_NAMES[0] not in converted:
        converted[_USER_NAMES[0]] = converted.pop(_ARGUMENT)
    is_known = any(part is not None and not _is_empty(part) for part in converted.values())
    return converted if is_known else None


def read_trace_id(value: Any) -> Any:
    """Return a trace id as text. 0, which OpenTelemetry has without a span, is no trace id."""
    text = convert_to_text(value)
    return (format_trace_id(text) or text or None) if type(text) is int else text


READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    TARGETS: read_targets,
    ON_BEHALF_OF: read_user,
    TRACE_ID: read_trace_id,
}


def fit_targets(value: Any, fit_text: FitText, report: FittingReport) -> list[dict[str, str]]:
    """Return the first targets, without those that name no resource; add the rest to the report.

    `fit_text` makes any value a text of limited length, None if it is empty.
    """
    items = _list_items(value)
    if items is None:
        report.add(TARGETS, "not a list: read as one target")
        items = [value]
    if len(items) > MAX_TARGETS:
        report.add(TARGETS, f"more than {MAX_TARGETS}: the others are left out")
    fitted = [
        _fit_target_safely(item, join_position(TARGETS, position), fit_text, report)
        for position, item in enumerate(items[:MAX_TARGETS])
    ]
    return [target for target in fitted if target is not None]


def _fit_target_safely(
    value: Any, path: str, fit_text: FitText, report: FittingReport
) -> dict[str, str] | None:
    try:
        return _fit_target(value, path, fit_text, report)
    except Exception as error:  # noqa: BLE001  # code of the application
        report.add(path, f"could not be read ({name_type(error)}): left out")
        return None


def _fit_target(
    value: Any, path: str, fit_text: FitText, report: FittingReport
) -> dict[str, str] | None:
    target = read_target(value)
    if type(target) is not dict:
        report.add(path, "not a target: left out")
        return None
    kind = target.get("type")
    if not is_text(kind) or _NAME.fullmatch(exact_text(kind)) is None:
        report.add(path, "its type is not valid: left out")
        return None
    if not target.keys() <= frozenset(_TARGET_NAMES):
        report.add(path, "other fields than type, id and name are left out")
    target_id = fit_text(f"{path}.id", target.get("id"), MAX_IDENTIFIER_LENGTH)
    if target_id is None:
        report.add(f"{path}.id", "empty")
    fitted = {"type": exact_text(kind), "id": target_id or EMPTY}
    name = fit_text(f"{path}.name", target.get("name"), MAX_IDENTIFIER_LENGTH)
    return fitted if name is None else {**fitted, "name": name}


def fit_user(value: Any, fit_text: FitText, report: FittingReport) -> dict[str, str] | None:
    """Return the user in `onBehalfOf`, or None without an id; `fit_text` as in `fit_targets`."""
    user = read_user(value)
    if user is None:
        return None
    if not user.keys() <= frozenset(_USER_NAMES):
        report.add(ON_BEHALF_OF, "other fields than userId and username are left out")
    user_id, username = (
        fit_text(f"{ON_BEHALF_OF}.{name}", user.get(name), MAX_IDENTIFIER_LENGTH)
        for name in _USER_NAMES
    )
    if user_id is None:
        report.add(f"{ON_BEHALF_OF}.{_USER_NAMES[0]}", "missing: the user is left out")
        return None
    return {"userId": user_id} if username is None else {"userId": user_id, "username": username}


def fit_trace_id(value: Any, report: FittingReport) -> str | None:
    """Return the trace id, or None if it is not one."""
    text = read_trace_id(value)
    if text is None or _is_empty(text):
        return None
    try:
        return normalize_trace_id(exact_text(text))
    except (InvalidTraceIdError, TypeError):
        report.add(TRACE_ID, "not a trace id: left out")
        return None


def _list_items(value: Any) -> list[Any] | None:
    """Return the items of a list, of at most one more than an event can have; None without one."""
    if not is_kind(value, Sequence) or is_kind(value, _TEXTS) or read_fields(value) is not None:
        return None
    return list(islice(value, MAX_TARGETS + 1))


def _read_object(value: Any, names: tuple[str, ...], least: int) -> Any:
    """Return the fields of an object, those of a tuple under these names, or the value itself."""
    fields = read_fields(value)
    if fields is not None:
        return fields
    if is_kind(value, tuple) and least <= tuple.__len__(value) <= len(names):
        return dict(zip(names, tuple.__iter__(value), strict=False))
    if is_kind(value, Mapping):
        return dict(islice(value.items(), MAX_VALUES + 1))
    return value


def _convert_ids(fields: Mapping[Any, Any]) -> dict[Any, Any]:
    return {name: convert_to_text(part) for name, part in fields.items()}


def _is_empty(value: object) -> bool:
    return type(value) is str and not value
