"""Makes an event fit that the model refuses, so that nobody's input keeps it out of the trail.

Only action, resource type and tenant are left as they are: the programmer chooses them. The report
says what was lost; `tell_report` writes it into the event, as `metadata.fitted`.
"""

import json
import math
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from prooftrail.client.values.cutting import Cutter, NodeCutter, measure
from prooftrail.client.values.describing import make_describer
from prooftrail.client.values.exact import exact_text, format_integer, is_kind, is_text, name_type
from prooftrail.client.values.masking import Masking
from prooftrail.client.values.objects import has_fields, read_fields
from prooftrail.client.values.plain import MAX_VALUES, simplify
from prooftrail.client.values.references import (
    EMPTY,
    ON_BEHALF_OF,
    TARGETS,
    TRACE_ID,
    fit_targets,
    fit_trace_id,
    fit_user,
)
from prooftrail.client.values.report import MAX_PATHS, FittingReport, join_path, join_position
from prooftrail.client.values.salting import SALT
from prooftrail.client.values.texts import (
    compute_short_digest,
    convert_to_text,
    cut_text,
    has_surrogates,
    replace_surrogates,
)
from prooftrail.errors import InvalidAddressError, InvalidEventError
from prooftrail.event.addresses import normalize_address
from prooftrail.event.canonical import is_canonical_integer
from prooftrail.event.fields import MAX_EVENT_ID_LENGTH, MAX_IDENTIFIER_LENGTH
from prooftrail.event.masking import FITTED, find_fields
from prooftrail.event.model import FIELD_NAMES, AuditEvent
from prooftrail.event.nodes import MAX_EVENT_NODES, count_nodes

_PROGRAMMERS: Final = frozenset({"action", "resourceType", "tenantId"})
_OBJECTS: Final = ("details", "metadata")
_CHANGES: Final = "changes"
_ERROR: Final = "errorMessage"
_FREE_FIELDS: Final = (*_OBJECTS, _CHANGES, "userAgent", _ERROR)
_MAX_LENGTHS: Final = {
    "eventId": MAX_EVENT_ID_LENGTH,
    "userId": MAX_IDENTIFIER_LENGTH,
    "username": MAX_IDENTIFIER_LENGTH,
    "actorType": None,
    "resourceId": MAX_IDENTIFIER_LENGTH,
    "sessionId": MAX_IDENTIFIER_LENGTH,
    "requestId": MAX_IDENTIFIER_LENGTH,
    "ipAddress": None,
    "userAgent": None,
    _ERROR: None,
}
TEXT_FIELDS: Final = _PROGRAMMERS | _MAX_LENGTHS.keys()
_SIDES: Final = ("before", "after")
_CHANGES_KEYS: Final = frozenset({*_SIDES, "fields"})
_OUTCOMES: Final = {
    **dict.fromkeys(("1", "true", "t", "yes", "y", "on", "ok", "pass", "passed"), True),
    **dict.fromkeys(("success", "successful", "succeeded", "done", "completed"), True),
    **dict.fromkeys(("", "0", "false", "f", "no", "n", "off", "error", "denied"), False),
    **dict.fromkeys(("fail", "failed", "failure", "refused", "rejected", "aborted"), False),
}
_REPORT_BYTES: Final = 40 * 1024  # of `metadata.fitted` and the fields that the model fills in
_REPORT_NODES: Final = MAX_PATHS + 1 + len(("metadata", "fitted", SALT)) + len(FIELD_NAMES)

Validate = Callable[[Mapping[str, Any]], AuditEvent]


def fit_fields(
    raw: Mapping[str, Any], masking: Masking, validate: Validate, report: FittingReport
) -> dict[str, Any]:
    """Return an event's fields as the model takes them, masked. `raw` has the JSON names.

    What loses something is added to `report`. `validate` returns the event of some fields.

    Raises:
        InvalidEventError: action, resource type or tenant break a rule.
    """
    fields = _cut_branches(_Fitting(masking, report).fit(raw), report)
    while True:
        try:
            validate(fields)
        except InvalidEventError as error:
            rules = {problem.path.partition(".")[0]: problem.rule for problem in error.problems}
            refused = rules.keys() & fields.keys()
            if not refused or rules.keys() & _PROGRAMMERS:
                raise
            for name in refused:
                report.add(name, f"left out: {rules[name]}")
                del fields[name]
        else:
            return fields


def cut_fields(fields: Mapping[str, Any], report: FittingReport, max_bytes: int) -> dict[str, Any]:
    """Return an event's fields, with as much of the free ones as a message has room for."""
    free = {name: fields[name] for name in _FREE_FIELDS if name in fields}
    rest = {name: value for name, value in fields.items() if name not in free}
    room = max_bytes - measure(rest) - _REPORT_BYTES
    return {**rest, **Cutter(report).cut(free, room, "")}


def _cut_branches(fields: dict[str, Any], report: FittingReport) -> dict[str, Any]:
    """Return an event's fields, with as many values of the free ones as an event can have."""
    if count_nodes(fields) <= MAX_EVENT_NODES - _REPORT_NODES:
        return fields
    free = {name: fields[name] for name in _FREE_FIELDS if name in fields}
    rest = {name: value for name, value in fields.items() if name not in free}
    room = MAX_EVENT_NODES - _REPORT_NODES - count_nodes(rest)
    cut = NodeCutter(report).cut(free, room, "")
    return {**rest, **cut}


def drop_free_fields(fields: Mapping[str, Any], report: FittingReport) -> dict[str, Any]:
    """Return an event's fields without those of any content."""
    for name in _FREE_FIELDS:
        if name in fields:
            report.add(name, "left out")
    return {name: value for name, value in fields.items() if name not in _FREE_FIELDS}


def tell_report(fields: Mapping[str, Any], report: FittingReport) -> dict[str, Any]:
    """Return an event's fields with the report in its metadata, unless the report is empty."""
    if not report:
        return dict(fields)
    metadata = fields.get("metadata") or {}
    return {**fields, "metadata": {**metadata, FITTED: report.to_json()}}


class _Fitting:
    """Fits the fields of one event."""

    def __init__(self, masking: Masking, report: FittingReport) -> None:
        self._masking = masking
        self._report = report
        self._describe = make_describer(report)

    def fit(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that can be fitted without the model, masked."""
        shaped: dict[str, Any] = {}
        for name, value in raw.items():
            fitted = None if value is None else self._shape_safely(name, value)
            if fitted is not None:
                shaped[name] = fitted
        if shaped.get("resourceId") is None:
            shaped["resourceId"] = EMPTY
            self._report.add("resourceId", "empty")
        fields = self._masking.mask_event(shaped, self._describe)
        if _ERROR in fields:
            fields[_ERROR] = self._fit_value(fields[_ERROR], _ERROR)
        for name in _OBJECTS:
            if name in fields:
                fields[name] = _as_object(self._fit_value(fields[name], name))
        if _CHANGES in fields:
            fields[_CHANGES] = self._fit_changes(fields[_CHANGES])
        self._free_reserved_key(fields)
        return fields

    def _shape_safely(self, name: str, value: Any) -> Any:
        try:
            return self._shape(name, value)
        except Exception as error:  # noqa: BLE001  # code of the application
            self._report.add(name, f"could not be read ({name_type(error)}): left out")
            return None

    def _shape(self, name: str, value: Any) -> Any:
        if name in _PROGRAMMERS:
            return convert_to_text(value)
        if name in _MAX_LENGTHS:
            text = self._fit_text(name, value, _MAX_LENGTHS[name])
            return self._fit_address(text) if name == "ipAddress" and text else text
        if name in _OBJECTS:
            return self._shape_object(value, name)
        if name == _CHANGES:
            return self._shape_changes(value)
        if name == "timestamp":
            return self._fit_time(value)
        if name == "success":
            return self._fit_success(value)
        if name == TARGETS:
            return fit_targets(value, self._fit_text, self._report)
        if name == ON_BEHALF_OF:
            return fit_user(value, self._fit_text, self._report)
        if name == TRACE_ID:
            return fit_trace_id(value, self._report)
        self._report.add(name, "not a field of an event: left out")
        return None

    def _fit_text(self, name: str, value: Any, max_length: int | None) -> str | None:
        """Return the field at a path as text that is not empty, or None."""
        text = "" if value is None else self._read_text(name, value)
        if text == "":
            return None
        if name == _ERROR:  # its secrets are masked before a digest of it is told
            return text
        fitted = text
        if has_surrogates(text):
            fitted = self._replace_surrogates(name, text)
        if max_length is not None and len(fitted) > max_length:
            self._report.add(name, f"longer than {max_length} characters: cut")
            return cut_text(fitted, max_length, original=text)
        return fitted

    def _read_text(self, name: str, value: Any) -> str:
        try:
            simple = convert_to_text(value)
        except Exception:  # noqa: BLE001  # code of the application
            simple = value
        if simple is None:  # behind a proxy, or an enumeration's value
            return ""
        if is_text(simple):
            return exact_text(simple)
        if type(simple) is int:
            return format_integer(simple)
        self._report.add(name, "not text: converted")
        plain = self._fit_value(self._masking.mask_value(value, name, self._describe), name)
        return plain if isinstance(plain, str) else _dump_json(plain)

    def _replace_surrogates(self, path: str, text: str) -> str:
        digest = compute_short_digest(text)
        self._report.add(path, "surrogates replaced", detail=f"sha256 of the whole {digest}")
        return replace_surrogates(text)

    def _fit_address(self, text: str) -> str | None:
        try:
            return normalize_address(text)
        except InvalidAddressError:
            self._report.add("ipAddress", "not an address: left out")
            return None

    def _fit_time(self, value: Any) -> str | int | None:
        try:
            simple = value if issubclass(type(value), datetime) else simplify(value)
            if type(simple) is str or type(simple) is int:
                return simple
            moment = value.astimezone()  # reads a datetime without a time zone as local time
            is_naive = value.tzinfo is None
            text = exact_text(moment.isoformat())
        except Exception:  # noqa: BLE001  # not a datetime, or the first or last day of the calendar
            self._report.add("timestamp", "not a time: left out")
            return None
        if is_naive:
            self._report.add("timestamp", "without a time zone: read as local time")
        return text

    def _fit_success(self, value: Any) -> bool | None:
        outcome = read_outcome(value)
        if outcome is None:
            self._report.add("success", "says neither true nor false: kept as false")
            return False
        if type(value) is not bool:
            self._report.add("success", "not true or false: converted")
        return outcome

    def _shape_object(self, value: Any, path: str) -> Any:
        if _has_fields(value):
            return value
        self._report.add(path, "not an object: kept under `value`")
        return {"value": value}

    def _shape_changes(self, value: Any) -> dict[str, Any]:
        try:
            fields = read_fields(value)
            changes = _read_mapping(value) if fields is None else fields
        except Exception:  # noqa: BLE001  # not an object, or code of the application
            changes = {"value": value}
        if not all(type(name) is str and name in _CHANGES_KEYS for name in changes):
            self._report.add(_CHANGES, "not `before` and `after`: kept under `after`")
            changes = {"after": changes}
        for side in _SIDES:
            if changes.get(side) is not None:
                changes[side] = self._shape_object(changes[side], f"{_CHANGES}.{side}")
        if changes.get("fields") is None:  # before two values are masked or cut to the same
            unmasked = make_describer(FittingReport())(changes, _CHANGES, keeps_decimals=True)
            sides = {side: _as_object(unmasked.get(side) or {}) for side in _SIDES}
            names = find_fields(sides)
            if names is None:
                self._report.add(f"{_CHANGES}.fields", "not comparable: all keys are kept")
                names = sorted(sides["before"].keys() | sides["after"].keys())
            changes["fields"] = names
        return changes

    def _fit_changes(self, changes: Mapping[str, Any]) -> dict[str, Any]:
        """Return changes in the form of the model; `fields` are there since they were masked."""
        fitted: dict[str, Any] = {}
        for name, value in changes.items():
            path = f"{_CHANGES}.{name}"
            part = self._fit_value(value, path)
            if part is None:
                continue
            if name in _SIDES:
                fitted[name] = _as_object(part)
            else:
                names = part if isinstance(part, list) else [part]
                fitted[name] = [each if type(each) is str else _dump_json(each) for each in names]
                if fitted[name] != part:
                    self._report.add(path, "not a list of texts: converted")
        return fitted

    def _free_reserved_key(self, fields: dict[str, Any]) -> None:
        """Rename the application's own `metadata.fitted`: under that name stands the report."""
        metadata = fields.get("metadata")
        if metadata is None or FITTED not in metadata:
            return
        name = FITTED
        while name in metadata:
            name += "_"
        fields["metadata"] = {(name if key == FITTED else key): metadata[key] for key in metadata}
        self._report.add(f"metadata.{FITTED}", f"reserved for this report: kept as `{name}`")

    def _fit_value(self, value: Any, path: str) -> Any:
        """Return a value that has a canonical form, in place of any JSON value."""
        match value:
            case str():
                return self._replace_surrogates(path, value) if has_surrogates(value) else value
            case int() if not isinstance(value, bool) and not is_canonical_integer(value):
                self._report.add(path, "integer beyond 2^53: kept as text")
                return format_integer(value)
            case float() if not math.isfinite(value):
                self._report.add(path, "not a finite number: kept as text")
                return _dump_json(value)
            case dict():
                return self._fit_object(value, path)
            case list():
                return [
                    self._fit_value(part, join_position(path, position))
                    for position, part in enumerate(value)
                ]
        return value

    def _fit_object(self, value: Mapping[str, Any], path: str) -> dict[str, Any]:
        fitted: dict[str, Any] = {}
        for key, part in value.items():
            name = key
            if has_surrogates(key):
                name = self._replace_surrogates(join_path(path, key), key)
                if name in value or name in fitted:
                    name = f"{name} {compute_short_digest(key)}"
            fitted[name] = self._fit_value(part, join_path(path, name))
        return fitted


def _as_object(value: Any) -> dict[str, Any]:
    """Return a value as an object: it can be the description of one that could not be read."""
    return value if isinstance(value, dict) else {"value": value}


def _has_fields(value: object) -> bool:
    return is_kind(value, Mapping) or has_fields(value)


def _read_mapping(value: Any) -> dict[Any, Any]:
    """Return the items of a mapping, which can be endless.

    Raises:
        TypeError: The value is not a mapping; reading a generator could last for ever.
    """
    if not isinstance(value, Mapping):
        raise TypeError(f"{name_type(value)} is not a mapping")
    return dict(islice(value.items(), MAX_VALUES + 1))


def read_outcome(value: Any) -> bool | None:
    """Return whether the value of `success` means success, or None if it says neither.

    >>> read_outcome("OK"), read_outcome("failed"), read_outcome("perhaps")
    (True, False, None)
    """
    if type(value) is bool:
        return value
    try:
        if is_text(value):
            return _OUTCOMES.get(exact_text(value).strip().lower())
        simple = simplify(value)
        if type(simple) is float and math.isnan(simple):
            return None
        if type(simple) is str:
            return read_outcome(simple)
        kind = type(value)
        has_truth = hasattr(kind, "__bool__") or hasattr(kind, "__len__")
        return bool(simple) if has_truth or simple is not value else None
    except Exception:  # noqa: BLE001  # code of the application
        return None


_dump_json = json.JSONEncoder(
    separators=(",", ":"), ensure_ascii=False, check_circular=False
).encode
