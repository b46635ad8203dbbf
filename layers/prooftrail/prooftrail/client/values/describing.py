"""Reads any value as JSON: a part without a JSON form costs itself alone, and is described."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from itertools import islice
from typing import Any, Final

from prooftrail.client.values.exact import is_text, name_type
from prooftrail.client.values.masking import Convert
from prooftrail.client.values.objects import resolve_proxy
from prooftrail.client.values.plain import (
    COMPARED,
    CONVERSIONS,
    KEPT,
    TOO_DEEP,
    Conversions,
    NotJsonError,
    Walk,
    convert_key,
)
from prooftrail.client.values.report import FittingReport, join_path, join_position
from prooftrail.client.values.texts import (
    cut_text,
    describe_object,
    has_custom_text,
    has_text,
    read_text,
)
from prooftrail.event.canonical import MAX_DEPTH
from prooftrail.event.masking import MASK, MASKER, mask_text

MAX_DESCRIPTION_LENGTH: Final = 200
_TOO_MANY: Final = "too many values: only the first are kept"


def make_describer(report: FittingReport) -> Convert:
    """Return a function like `to_plain_json` that raises nothing, and adds losses to the report."""

    def describe(
        value: object,
        path: str,
        is_secret: Callable[[str], bool] = lambda _: False,
        replacement: str | None = None,
        *,
        keeps_decimals: bool = False,
    ) -> Any:
        conversions = COMPARED if keeps_decimals else CONVERSIONS
        walk = _TolerantWalk(is_secret, replacement, conversions, report, path)
        return walk.copy(value, MAX_DEPTH - 1)

    return describe


def name_key(key: object) -> str:
    """Return any key as text: that of `convert_key`, or a description.

    >>> name_key(1), name_key((1, "a")), name_key(len)
    ('1', '[1, "a"]', '(builtin_function_or_method)')
    """
    try:
        return convert_key(key)
    except Exception:  # noqa: BLE001  # a tuple, an object, or code of the application
        return _write_json(key)


def write_value(value: object) -> str:
    """Return any value as text: its own, or JSON with secrets masked. It calls no `__repr__`.

    >>> write_value("ada"), write_value({"id": 1, "pin": "0000"}), write_value(object())
    ('ada', '{"id": 1, "pin": "[masked]"}', '(object)')
    """
    value = resolve_proxy(value)
    try:
        is_shown = is_text(value) or has_text(value) or has_custom_text(value)
        return read_text(value) if is_shown else name_key(value)
    except Exception:  # noqa: BLE001  # code of the application
        return _write_json(value)


def _write_json(value: object) -> str:
    """Return a value as JSON with its secrets masked, or a description of it."""
    plain = MASKER.mask_json(make_describer(FittingReport())(value, "", MASKER.is_secret, MASK))
    try:
        return plain if isinstance(plain, str) else json.dumps(plain)
    except Exception:  # noqa: BLE001  # an integer with more digits than Python writes
        return describe_object(value)


class _TolerantWalk(Walk):
    """A walk that describes what has no JSON form, and reads a part of what is too large."""

    __slots__ = ("_open", "_path", "_report")

    def __init__(
        self,
        is_secret: Callable[[str], bool],
        replacement: str | None,
        conversions: Conversions,
        report: FittingReport,
        path: str,
    ) -> None:
        super().__init__(is_secret, replacement, conversions)
        self._report = report
        self._path = path
        self._open: set[int] = set()  # the ids of the objects around the current one

    def copy(self, value: Any, depth: int) -> Any:
        identity = id(value)
        if identity in self._open:
            return self._describe(value, "contains itself")
        self._open.add(identity)
        try:
            return super().copy(value, depth)
        except NotJsonError as error:
            return self._describe(value, error.rule)
        except Exception as error:  # noqa: BLE001  # reading objects runs the application's code
            return self._describe(value, f"could not be read ({name_type(error)})")
        finally:
            self._open.discard(identity)

    def _copy_object(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        if depth <= 0:
            raise NotJsonError(TOO_DEEP)
        copied: dict[str, Any] = {}
        used: Counter[str] = Counter()
        for key, item in islice(value.items(), max(self._left, 0)):
            self._left -= 1
            name = key if type(key) is str else name_key(key)
            if name in copied:
                name = self._make_unique(name, copied, used)
            copied[name] = (
                item
                if type(item) in KEPT
                else self._copy_at(join_path(self._path, name), item, depth)
            )
        self._note_rest(len(copied), len(value))
        return copied

    def _copy_list(self, values: Sequence[Any] | Set[Any], depth: int) -> list[Any]:
        if depth <= 0:
            raise NotJsonError(TOO_DEEP)
        copied: list[Any] = []
        for item in islice(values, max(self._left, 0)):
            self._left -= 1
            copied.append(
                item
                if type(item) in KEPT
                else self._copy_at(join_position(self._path, len(copied)), item, depth)
            )
        self._note_rest(len(copied), len(values))
        return copied

    def _copy_at(self, path: str, item: object, depth: int) -> Any:
        outer, self._path = self._path, path
        try:
            return self.copy(item, depth - 1)
        finally:
            self._path = outer

    def _note_rest(self, kept: int, size: int) -> None:
        if kept < size:
            self._report.add(self._path, _TOO_MANY, detail=f"{kept} of {size}")

    def _make_unique(self, name: str, copied: Mapping[str, Any], used: Counter[str]) -> str:
        self._report.add(self._path, "keys with the same text: numbered")
        unique = name
        while unique in copied:
            used[name] += 1
            unique = f"{name} ({used[name] + 1})"
        return unique

    def copy_unknown(self, value: object) -> Any:
        return self._describe(value, "has no JSON form: described")

    def _describe(self, value: object, reason: str) -> Any:
        self._report.add(self._path, reason)
        mask = self._replacement or MASK
        if self._is_secret(name_type(value)):
            return mask
        return cut_text(mask_text(describe_object(value), mask), MAX_DESCRIPTION_LENGTH)
