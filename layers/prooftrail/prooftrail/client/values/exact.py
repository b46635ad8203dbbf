"""Safe checks of the application's objects: they do not run the objects' code, or survive it.

`isinstance` reads `__class__`, for which a lazy proxy runs a query. The name of a class can come
from its metaclass, and a subclass of `str` can override every method.
"""

from types import UnionType
from typing import Any, Final

_read_name: Final = type.__dict__["__name__"].__get__
Kinds = type | UnionType | tuple[type, ...]


def name_type(value: object) -> str:
    """Return the name of an object's type, without code of its metaclass.

    >>> name_type(ValueError("order not found"))
    'ValueError'
    """
    return str.__str__(_read_name(type(value)))


def is_kind(value: object, kinds: Kinds) -> bool:
    """Return `isinstance`, or for an object that fails when it is asked whether its type is one."""
    try:
        return isinstance(value, kinds)
    except Exception:  # noqa: BLE001  # code of the application
        return _is_subclass(type(value), kinds)


def _is_subclass(kind: type, kinds: Kinds) -> bool:
    try:
        return issubclass(kind, kinds)
    except Exception:  # noqa: BLE001  # code of a metaclass
        return False


def is_text(value: object) -> bool:
    """Return whether the object is a text itself; a proxy of one is not.

    >>> is_text("a"), is_text(b"a")
    (True, False)
    """
    return issubclass(type(value), str)


def exact_text(value: Any) -> str:
    """Return the characters of a text of any subclass, without a call of its methods.

    Raises:
        TypeError: The object is not a text itself.
    """
    return str.__str__(value)


def format_integer(number: int) -> str:
    """Return an integer's digits; those of base 16, if Python refuses to write so many."""
    try:
        return str(number)
    except ValueError:
        return hex(number)
