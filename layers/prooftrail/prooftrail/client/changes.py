"""What an update changed, down to the parts that differ."""

import dataclasses
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final, Protocol, TypedDict

from pydantic import BaseModel

from prooftrail.client.plain import key_text, plain_json
from prooftrail.event.canonical import MAX_DEPTH


class Changes(TypedDict):
    """The event's `changes`."""

    before: dict[str, Any]
    after: dict[str, Any]
    fields: list[str]


_log = logging.getLogger("prooftrail.client")
_ABSENT: Final = object()
_Difference = tuple[tuple[str, ...], object, object]


class _Dataclass(Protocol):
    __dataclass_fields__: ClassVar[dict[str, Any]]


Trackable = Mapping[str, Any] | BaseModel | _Dataclass | None


def track_changes(before: Trackable, after: Trackable) -> Changes:
    """The parts added, changed and removed: nested in `before` and `after`, by path in `fields`.

    None stands for what is not there yet or no more. Objects are compared key by key, all else,
    lists too, as one value, by what it is in JSON: 1 is not true, but equals 1.0. A path joins its
    keys with dots; a dot or backslash within a key stands after a backslash.

    It does not raise: what cannot be compared is logged, and no change is told of it.

    >>> track_changes({"state": "open", "to": {"city": "Bonn", "zip": "1"}, "note": "x"},
    ...               {"state": "paid", "to": {"city": "Kiel", "zip": "1"}, "vat": 19})
    ... # doctest: +NORMALIZE_WHITESPACE
    {'before': {'note': 'x', 'state': 'open', 'to': {'city': 'Bonn'}},
     'after': {'state': 'paid', 'to': {'city': 'Kiel'}, 'vat': 19},
     'fields': ['note', 'state', 'to.city', 'vat']}
    """
    changes = Changes(before={}, after={}, fields=[])
    try:
        old, new = (_parts({} if side is None else side) for side in (before, after))
        differences = list(_differences(old, new, ()))
    except Exception as error:  # noqa: BLE001  # it must not hurt the application, whose objects these are
        _log.exception("changes cannot be told: %s", type(error).__name__)
        return changes
    for path, old_value, new_value in differences:
        changes["fields"].append(".".join(map(_escaped, path)))
        _put(changes["before"], path, old_value)
        _put(changes["after"], path, new_value)
    return changes


def _parts(value: object) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        value = value.model_dump()
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if not isinstance(value, Mapping):
        raise TypeError(f"a {type(value).__name__} has no keys")
    return {key if type(key) is str else key_text(key): part for key, part in value.items()}


def _has_parts(value: object) -> bool:
    is_dataclass = dataclasses.is_dataclass(value) and not isinstance(value, type)
    return is_dataclass or isinstance(value, Mapping | BaseModel)


def _differences(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[_Difference]:
    if len(path) > MAX_DEPTH:
        raise RecursionError(f"nests deeper than {MAX_DEPTH} levels")
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, _ABSENT), after.get(key, _ABSENT)
        if old is new:
            continue
        if _has_parts(old) and _has_parts(new):
            yield from _differences(_parts(old), _parts(new), (*path, key))
        elif (
            old is _ABSENT
            or new is _ABSENT
            or not _same(plain_json(old, key), plain_json(new, key))
        ):
            yield (*path, key), old, new


def _same(one: object, other: object) -> bool:
    match one, other:
        case (bool(), _) | (_, bool()):
            return one is other
        case (dict(), dict()):
            return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(_same, one, other))
        case _:
            return one == other


def _put(tree: dict[str, Any], path: Sequence[str], value: object) -> None:
    if value is _ABSENT:
        return
    *above, last = path
    for key in above:
        tree = tree.setdefault(key, {})
    tree[last] = value


def _escaped(key: str) -> str:
    return key.replace("\\", "\\\\").replace(".", "\\.")
