"""Find what an update changed: the comparison of values that server and library share."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from prooftrail.event.canonical import is_canonical_integer

_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,200}(\.[0-9]{1,200})?([Ee][+-]?[0-9]{1,4})?", re.ASCII)


def find_changed_fields(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Return the keys that were added, changed or removed, sorted.

    >>> find_changed_fields({"a": 1, "b": 2, "c": 3}, {"a": True, "b": 2.0, "d": 4})
    ['a', 'c', 'd']
    """
    added_or_removed = before.keys() ^ after.keys()
    changed = {key for key in before.keys() & after.keys() if not is_same(before[key], after[key])}
    return sorted(added_or_removed | changed)


def is_same(old: object, new: object) -> bool:
    """Return whether two values are equal in an audit event: JSON values, or Decimals in them.

    Values with the same canonical bytes are equal: 1 and 1.0, 0 and -0.0, objects with their keys
    in another order; but not 1 and true, nor 1 and "1". A Decimal becomes a text in an event, and
    its trailing zeros depend on its source. It therefore equals every number of its value, and
    every text that writes its value. NaN equals NaN.

    >>> is_same(Decimal("10.5"), "10.50"), is_same("10.5", "10.50")
    (True, False)
    """
    if type(old) is type(new) is str:
        return old == new
    match old, new:
        case (bool(), _) | (_, bool()):
            return old is new
        case (Decimal(), _) | (_, Decimal()):
            return _is_same_decimal(_read_decimal(old), _read_decimal(new))
        case (int() | float(), int() | float()):
            return _is_same_number(old, new)
        case dict(), dict():
            return old.keys() == new.keys() and all(is_same(old[key], new[key]) for key in old)
        case list(), list():
            return len(old) == len(new) and all(map(is_same, old, new))
    return old == new


def _is_same_number(old: float, new: float) -> bool:
    """Compare two numbers by the digits that RFC 8785 writes for them."""
    if old == new:
        return True
    match old, new:
        case int(number), float(other) if is_canonical_integer(number):
            return float(number) == other
        case float(other), int(number) if is_canonical_integer(number):
            return float(number) == other
    return old != old and new != new  # NaN; isnan raises for a large integer


def _read_decimal(value: object) -> Decimal | None:
    """Return the number in a Decimal, a number or the text of one; None for anything else."""
    match value:
        case Decimal() | int():
            return Decimal(value)
        case float():
            return Decimal(repr(value))
        case str() if _DECIMAL.fullmatch(value):
            return Decimal(value)
    return None


def _is_same_decimal(old: Decimal | None, new: Decimal | None) -> bool:
    if old is None or new is None:
        return False
    if old.is_nan() or new.is_nan():
        return old.is_nan() and new.is_nan()
    return old == new
