"""The fields of the objects that applications work with: models, rows, multi-dicts.

Frameworks are recognised by what their classes have, so none of them is imported. A class is asked,
not the object: reading an attribute of an object can run code, or a query.
"""

import dataclasses
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from http.cookies import Morsel
from itertools import islice
from numbers import Integral, Rational, Real
from typing import Any, Final, cast

from pydantic import BaseModel

Fields = dict[Any, Any]
MAX_PAIRS: Final = 500_001  # one more than values can be recorded: the rest is reported as left out
_ABSENT: Final = object()


def read_fields(value: Any) -> Fields | None:
    """Return the fields of an object by name, or None for a type whose fields are not known.

    - SQLAlchemy, Django, peewee, Tortoise: the columns that are loaded. The others stay unloaded:
      no query runs.
    - pydantic, dataclasses, attrs, msgspec, named tuples, rows of SQLAlchemy: their fields.
    - Lazy proxies: the fields of the object behind the proxy.
    - Multi-dicts, headers (Django, Starlette, Werkzeug, multidict, httpx, Bottle, Tornado, email):
      a list of all values under a key that is repeated, the value alone under any other.
    - A cookie of the standard library: its value and the attributes that are set.
    """
    read = find_reader(type(value))
    if read is not None:
        return read(value)
    proxied = resolve_proxy(value)
    return None if proxied is value else read_fields(proxied)


def has_fields(value: object) -> bool:
    """Return whether `read_fields` can read the fields of this object. It never raises."""
    if find_reader(type(value)) is not None:
        return True
    proxied = resolve_proxy(value)
    return proxied is not value and find_reader(type(proxied)) is not None


def resolve_proxy(value: Any) -> Any:
    """Return the object that a lazy proxy stands for, such as Django's `request.user`.

    It returns the value itself if that is not a proxy of Django, Werkzeug, Celery or wrapt, or if
    its object cannot be made now. It never raises.
    """
    try:
        kind = type(value)
        if value.__class__ is kind:  # of a proxy it is the class of its object
            return value
        if hasattr(kind, "_get_current_object"):  # Werkzeug, Celery
            return value._get_current_object()
        if hasattr(kind, "_wrapped"):  # Django
            return value._wrapped
        return value.__wrapped__ if hasattr(kind, "__wrapped__") else value
    except Exception:  # noqa: BLE001  # code of the application
        return value


def read_mapping(value: Mapping[Any, Any], limit: int) -> Fields:
    """Return at most this many items of a mapping: a list of values under a key that it repeats.

    A mapping can repeat a key, as a jar of cookies does, and can be longer than it says.
    """
    pairs = list(islice(value.items(), limit))
    fields = dict(pairs)
    return fields if len(fields) == len(pairs) else _group(pairs)


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
    return _find_model_reader(kind) or _find_class_reader(kind) or _find_multi_reader(kind)


def _find_model_reader(kind: type) -> Callable[[Any], Fields] | None:
    """Return the reader of a model of a database."""
    if hasattr(kind, "__mapper__"):  # before the others: SQLModel is pydantic too
        return _read_sqlalchemy
    meta = getattr(kind, "_meta", None)
    if hasattr(meta, "concrete_fields"):
        return _read_django
    if hasattr(meta, "sorted_field_names"):  # peewee
        return lambda value: dict(value.__data__)
    if hasattr(meta, "fields_db_projection"):
        return _read_tortoise
    return None


def _find_class_reader(kind: type) -> Callable[[Any], Fields] | None:
    """Return the reader of a class whose definition lists the fields."""
    if issubclass(kind, BaseModel):
        return _read_pydantic
    names: Iterable[str]
    if dataclasses.is_dataclass(kind):
        names = tuple(field.name for field in dataclasses.fields(kind))
    elif hasattr(kind, "__attrs_attrs__"):
        names = tuple(attribute.name for attribute in kind.__attrs_attrs__)
    elif hasattr(kind, "__struct_fields__"):  # msgspec
        names = kind.__struct_fields__
    elif hasattr(kind, "__fields__") and hasattr(kind, "__fields_set__"):  # pydantic 1
        names = tuple(kind.__fields__)
    elif hasattr(kind, "_asdict"):  # named tuples and rows: masking needs the names
        return lambda value: dict(value._asdict())
    else:
        return None
    return lambda value: _read_attributes(value, names)


def _find_multi_reader(kind: type) -> Callable[[Any], Fields] | None:
    if issubclass(kind, Morsel):
        return _read_cookie
    if hasattr(kind, "multi_items"):  # Starlette, httpx
        return lambda value: _group(value.multi_items())
    if hasattr(kind, "getlist") and hasattr(kind, "lists"):  # Django, Werkzeug
        return lambda value: {key: _unwrap(values) for key, values in value.lists()}
    if hasattr(kind, "iterallitems"):  # multipart; its `items` have the last values only
        return lambda value: _group(value.iterallitems())
    if hasattr(kind, "allitems"):  # Bottle, too
        return lambda value: _group(value.allitems())
    if hasattr(kind, "get_list") and hasattr(kind, "get_all"):  # Tornado; its `items` are joined
        return lambda value: _group(value.get_all())
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
    return {name: _read_column(loaded[name]) for name in names if name in loaded}


def _read_column(value: Any) -> Any:
    """Return what the column of a file has: its name, also after the application opened it."""
    return value.name if hasattr(type(value), "_require_file") else value


def _read_tortoise(value: Any) -> Fields:
    loaded = value.__dict__
    names = type(value)._meta.fields_db_projection
    return {name: loaded[name] for name in names if name in loaded}


def _read_pydantic(value: BaseModel) -> Fields:
    return value.model_dump(warnings=False)  # the text of a warning would have the value


def _read_cookie(value: Morsel[Any]) -> Fields:
    return {"value": value.value} | {name: part for name, part in value.items() if part}


def _read_attributes(value: object, names: Iterable[str]) -> Fields:
    found = ((name, getattr(value, name, _ABSENT)) for name in names)
    return {name: part for name, part in found if part is not _ABSENT}


def _group(pairs: Iterable[tuple[Any, Any]]) -> Fields:
    groups: dict[Any, list[Any]] = {}
    for key, value in islice(pairs, MAX_PAIRS):  # an application's class can repeat keys endlessly
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
