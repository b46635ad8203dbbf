"""Paths to fields in the body of a message, and how to set a field.

A path begins at the event: `details.size`. In a job of several events it means each of them. One
that begins with `data` or `type`, which no event has, begins at the body: `data.events[0].userId`.
A key with a dot, a bracket, a quote or an equals sign is quoted as in JSON: `details."a.b"`.
"""

import json
import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from prooftrail.errors import InvalidDeadLetterError, MalformedJobError
from prooftrail.intake.jobs import decode_json


class Every(Enum):
    """A step to every element of a list: `[*]`."""

    ELEMENT = "[*]"


Step = str | int | Every  # a key, an index, or every element

_KEY: Final = r'[^.\[\]"=]+|"(?:[^"\\]|\\.)*"'
_INDEX: Final = r"\[(?:[0-9]{1,9}|\*)\]"
_STEP: Final = re.compile(rf"{_KEY}|{_INDEX}")
_PATH: Final = re.compile(rf"(?:{_KEY})(?:\.(?:{_KEY})|{_INDEX})*")
_FIELDS_OF_BODY: Final = ("type", "data")


def split_assignment(text: str) -> tuple[str, str] | None:
    """Return path and value of `PATH=VALUE`, or None if the text does not have this form.

    >>> split_assignment('details."a=b"=c=d'), split_assignment("a..b=c")
    (('details."a=b"', 'c=d'), None)
    """
    found = _PATH.match(text)
    if found is None or not text.startswith("=", found.end()) or not parse_path(found[0]):
        return None
    return found[0], text[found.end() + 1 :]


def parse_path(text: str) -> Sequence[Step]:
    """Return the steps of a path; an empty list if the text is not a path.

    >>> parse_path('data.events[0]."a.b"'), parse_path("data..x")
    (['data', 'events', 0, 'a.b'], [])
    """
    if not _PATH.fullmatch(text):
        return []
    try:
        return [_parse_step(step) for step in _STEP.findall(text)]
    except MalformedJobError:
        return []


def _parse_step(step: str) -> Step:
    if step.startswith('"'):
        return str(decode_json(step))
    if step.startswith("["):
        return Every.ELEMENT if step == Every.ELEMENT.value else int(step[1:-1])
    return step


def set_field(body: str, path: str, value: object) -> str:
    """Return the body with the value at the path. Create missing objects on the path.

    Raises:
        InvalidDeadLetterError: the body is not JSON, or does not contain the path.

    >>> set_field('{"type":"bulk_log_events","data":{"events":[{},{"a":1}]}}', "a", "x")
    '{"type":"bulk_log_events","data":{"events":[{"a":"x"},{"a":"x"}]}}'
    """
    steps = parse_path(path)
    try:
        decoded = decode_json(body)
    except MalformedJobError as error:
        raise InvalidDeadLetterError(str(error)) from error
    targets = _find_targets(decoded, steps[0]) if steps else []
    if not targets or not all(_set_value(target, steps, value) for target in targets):
        raise InvalidDeadLetterError(f"{path}: is not in the body")
    return json.dumps(decoded, separators=(",", ":"))


def _find_targets(body: object, first: Step) -> Sequence[object]:
    """Return the objects at which a path with this first step begins: the body, or each event."""
    match body:
        case _ if first in _FIELDS_OF_BODY:
            return [body]
        case {"data": {"events": list() as events}}:
            return events
        case {"data": dict() as event}:
            return [event]
        case _:
            return [body]


def _set_value(target: object, steps: Sequence[Step], value: object) -> bool:
    """Set the value within the target, in place. Return whether the path exists."""
    step, rest = steps[0], steps[1:]
    match target, step:
        case dict(), str():
            if not rest:
                target[step] = value
                return True
            if target.get(step) is None and isinstance(rest[0], str):
                target[step] = {}
            return step in target and _set_value(target[step], rest, value)
        case list(), Every.ELEMENT:
            indexes = range(len(target))
        case list(), int():
            indexes = range(step, min(step + 1, len(target)))
        case _:
            return False
    if not indexes:
        return False
    for index in indexes:
        if not rest:
            target[index] = value
        elif not _set_value(target[index], rest, value):
            return False
    return True
