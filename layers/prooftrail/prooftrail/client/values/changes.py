"""The difference between two versions of an object."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypedDict

from prooftrail.client.values.describing import name_key
from prooftrail.client.values.exact import is_kind, name_type
from prooftrail.client.values.objects import has_fields, read_fields, read_mapping
from prooftrail.client.values.plain import MAX_VALUES, to_plain_json
from prooftrail.client.values.texts import describe_origin
from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.event.changes import is_same


class Changes(TypedDict):
    """The `changes` of an event."""

    before: dict[str, Any]
    after: dict[str, Any]
    fields: list[str]


_log = logging.getLogger("prooftrail.client")
_ABSENT: Final = object()
_Difference = tuple[tuple[str, ...], object, object]


def track_changes(before: object, after: object) -> Changes:
    """Return what was added, changed and removed.

    `before` and `after` contain the parts that differ, nested as in the objects; `fields` contains
    their paths. Pass mappings or objects with fields: dataclasses, models of pydantic, attrs,
    Django and SQLAlchemy (the columns that are loaded, without a query). Pass None for an object
    that does not exist yet or no longer. Objects are compared key by key. Other values, lists too,
    are compared as a whole by their JSON form: 1 differs from true and equals 1.0, and a Decimal
    equals a number or text of its value. A path joins its keys with dots; a backslash precedes a
    dot or backslash in a key.

    It never raises an exception. Two values that cannot be compared have changed. If `before` or
    `after` has no fields, that is logged and the result is empty.

    >>> track_changes({"state": "open", "to": {"city": "Bonn", "zip": "1"}, "note": "x"},
    ...               {"state": "paid", "to": {"city": "Kiel", "zip": "1"}, "vat": 19})
    ... # doctest: +NORMALIZE_WHITESPACE
    {'before': {'note': 'x', 'state': 'open', 'to': {'city': 'Bonn'}},
     'after': {'state': 'paid', 'to': {'city': 'Kiel'}, 'vat': 19},
     'fields': ['note', 'state', 'to.city', 'vat']}
    """
    changes = Changes(before={}, after={}, fields=[])
    try:
        old, new = (_read_fields({} if side is None else side) for side in (before, after))
        around = frozenset({(id(before), id(after))})
        differences = list(_find_differences(old, new, (), around))
    except Exception as error:  # noqa: BLE001  # the application's objects must not stop it
        with suppress(Exception):  # a log handler of the application can fail
            _log.error(  # without the text of the exception, which can hold secrets
                "track_changes: the objects cannot be compared: %s\n%s",
                name_type(error),
                describe_origin(error),
            )
        return changes
    for path, old_value, new_value in differences:
        changes["fields"].append(".".join(map(_escape, path)))
        _set_value(changes["before"], path, old_value)
        _set_value(changes["after"], path, new_value)
    return changes


def _read_fields(value: object) -> dict[str, Any]:
    fields = read_fields(value)
    if fields is None:
        if not isinstance(value, Mapping):
            raise TypeError(f"{name_type(value)} is not an object with keys")
        fields = read_mapping(value, MAX_VALUES + 1)
    return {key if type(key) is str else name_key(key): part for key, part in fields.items()}


def _has_fields(*values: Any) -> bool:
    return all(is_kind(each, Mapping) or has_fields(each) for each in values)


def _find_differences(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    path: tuple[str, ...],
    around: frozenset[tuple[int, int]],
) -> Iterator[_Difference]:
    """Yield what differs. `around` has the ids of the pairs of objects that contain these two."""
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, _ABSENT), after.get(key, _ABSENT)
        if old is new:
            continue
        inner = (*path, key)
        pair = (id(old), id(new))
        if pair in around:  # a cycle: these two are being compared
            continue
        parts = _read_both(old, new) if len(inner) < MAX_DEPTH else None
        if parts is not None:
            yield from _find_differences(*parts, inner, around | {pair})
        elif old is _ABSENT or new is _ABSENT or not _is_unchanged(old, new, key):
            yield inner, old, new


def _read_both(old: object, new: object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the fields of two objects, or None if one has none or cannot be read."""
    try:
        return (_read_fields(old), _read_fields(new)) if _has_fields(old, new) else None
    except Exception:  # noqa: BLE001  # code of the application
        return None


def _is_unchanged(old: Any, new: Any, key: str) -> bool:
    """Return whether two values are one. Those that cannot be compared are not."""
    try:
        return is_same(
            to_plain_json(old, key, keeps_decimals=True),
            to_plain_json(new, key, keeps_decimals=True),
        )
    except Exception:  # noqa: BLE001  # code of the application, or no JSON
        return False


def _set_value(tree: dict[str, Any], path: Sequence[str], value: object) -> None:
    if value is _ABSENT:
        return
    *above, last = path
    for key in above:
        tree = tree.setdefault(key, {})
    tree[last] = value


def _escape(key: str) -> str:
    return key.replace("\\", "\\\\").replace(".", "\\.")
