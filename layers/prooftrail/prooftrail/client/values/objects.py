"""The fields of the objects that applications work with: models, rows, multi-dicts.

Frameworks are recognised by what their classes have, so none of them is imported. A class is asked,
not the object: reading an attribute of an object can run code, or a query.
"""

import dataclasses
import operator
from collections.abc import Callable, Iterable
from functools import lru_cache
from numbers import Integral, Rational, Real
from typing import Any, Final, cast

from pydantic import BaseModel

Fields = dict[Any, Any]
_ABSENT: Final = object()


def read_fields(value: Any) -> Fields | None:
    """Return the fields of an object by name, or None for a type whose fields are not known.

    - SQLAlchemy, Django: the columns that are loaded. The others stay unloaded: no query runs.
    - pydantic, dataclasses, attrs, named tuples, rows of SQLAlchemy: their fields.
    - Multi-dicts, headers (Django, Starlette, Werkzeug, multidict, httpx, email): a list of all
      values under a key that is repeated, the value alone under any other.
    """
    read = find_reader(type(value))
    return None if read is None else read(value)


def find_reader(kind: type) -> Callable[[Any], Fields] | None:
    """Return the function that reads the fields of this type's objects, or None."""
    try:
        return _find_cached(kind)
    except Exception:  # noqa: BLE001  # code of a metaclass
        return None


def find_number(kind: type) -> Callable[[Any], int | float | bool] | None:
    """Return the function that makes a number of Python from one of this type, or None.

    It is for the scalars of numpy and similar. A fraction has no such number of its value.
    """
    try:
        return _find_number_cached(kind)
    except Exception:  # noqa: BLE001  # code of a metaclass
        return None


def _find_number(kind: type) -> Callable[[Any], int | float | bool] | None:
    if issubclass(kind, Integral):
        return operator.index
    if issubclass(kind, Real) and not issubclass(kind, Rational):
        return float
    is_numpy = kind.__module__ == "numpy"
    return bool if is_numpy and kind.__name__ in {"bool", "bool_"} else None


def _find_reader(kind: type) -> Callable[[Any], Fields] | None:
    if hasattr(kind, "__mapper__"):  # before the others: SQLModel is pydantic too
        return _read_sqlalchemy
    if hasattr(getattr(kind, "_meta", None), "concrete_fields"):
        return _read_django
    if issubclass(kind, BaseModel):
        return _read_pydantic
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
        return lambda value: _read_attributes(value, names)
    if hasattr(kind, "__attrs_attrs__"):
        attributes = tuple(attribute.name for attribute in kind.__attrs_attrs__)
        return lambda value: _read_attributes(value, attributes)
    if hasattr(kind, "_asdict"):  # named tuples and rows: masking needs the names
        return lambda value: dict(value._asdict())
    return _find_multi_reader(kind)


def _find_multi_reader(kind: type) -> Callable[[Any], Fields] | None:
    if hasattr(kind, "multi_items"):  # Starlette, httpx
        return lambda value: _group(value.multi_items())
    if hasattr(kind, "getlist") and hasattr(kind, "lists"):  # Django, Werkzeug
        return lambda value: {key: _unwrap(values) for key, values in value.lists()}
    is_repeating = any(hasattr(kind, name) for name in ("getlist", "getall", "get_all"))
    if is_repeating and hasattr(kind, "items"):  # headers, multidict: each pair is an item
        return lambda value: _group(value.items())
    return None


def _read_sqlalchemy(value: Any) -> Fields:
    """Return the loaded columns, and the primary key also if all the rest has expired."""
    mapper, loaded = type(value).__mapper__, value.__dict__
    names = (attribute.key for attribute in mapper.column_attrs)
    fields = {name: loaded[name] for name in names if name in loaded}
    identity = loaded["_sa_instance_state"].identity or ()
    for column, part in zip(mapper.primary_key, identity, strict=False):
        fields.setdefault(mapper.get_property_by_column(column).key, part)
    return fields


def _read_django(value: Any) -> Fields:
    names = (field.attname for field in type(value)._meta.concrete_fields)
    loaded = value.__dict__
    return {name: loaded[name] for name in names if name in loaded}


def _read_pydantic(value: BaseModel) -> Fields:
    return value.model_dump()


def _read_attributes(value: object, names: Iterable[str]) -> Fields:
    found = ((name, getattr(value, name, _ABSENT)) for name in names)
    return {name: part for name, part in found if part is not _ABSENT}


def _group(pairs: Iterable[tuple[Any, Any]]) -> Fields:
    groups: dict[Any, list[Any]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: _unwrap(values) for key, values in groups.items()}


def _unwrap(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else list(values)


_find_cached = cast(
    "Callable[[type], Callable[[Any], Fields] | None]", lru_cache(1_024)(_find_reader)
)
_find_number_cached = cast(
    "Callable[[type], Callable[[Any], int | float | bool] | None]", lru_cache(1_024)(_find_number)
)
