"""Events in a file or on standard input, in every form that people have them in."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from prooftrail.cli.json_input import JsonValue, read_json_values
from prooftrail.errors import (
    AuditLogError,
    CanonicalizationError,
    InvalidEventError,
    InvalidTimestampError,
    LocalFileError,
    MalformedJobError,
    Problem,
)
from prooftrail.event.canonical import canonicalize, compute_digest
from prooftrail.event.model import is_absent
from prooftrail.event.times import MAX_TIMESTAMP_MS, format_timestamp, parse_timestamp
from prooftrail.intake.dead_letters import ReceivedDeadLetter
from prooftrail.intake.jobs import Job, parse_job, read_job

# What readers get besides an event's own fields, from `export`, `query` and the API.
_READERS_FIELDS: Final = frozenset({"id", "digest", "receivedAt"})
_ALL_READERS_FIELDS: Final = _READERS_FIELDS | {"masked", "position", "submittedBy"}
_NUMBER: Final = re.compile(r"\d+")
_MILLISECONDS: Final = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class InputEvent:
    """An event of the input, or the error in its place.

    `place` says where: `line 3`, `event 2 of line 3`, `message 1`. `is_masked`: its sender
    has masked its secrets, or it was stored in this form.
    """

    place: str
    event: object = None
    error: AuditLogError | None = None
    is_masked: bool = False

    @property
    def number(self) -> str:
        """The numbers in the place, the outermost first: `3:2` for `event 2 of line 3`."""
        return ":".join(reversed(_NUMBER.findall(self.place)))


def read_events(path: Path) -> Iterator[InputEvent]:
    """Yield the events of a file, or of standard input for `-`, while reading it.

    Raises:
        LocalFileError: the file cannot be read.
        MalformedJobError: see `read_json_values`.
    """
    try:
        if str(path) == "-":
            yield from _read_values(read_json_values(sys.stdin.buffer))
        else:
            with path.open("rb") as file:
                yield from _read_values(read_json_values(file))
    except OSError as error:
        raise LocalFileError.from_os_error(error, path) from error


def _read_values(values: Iterator[JsonValue]) -> Iterator[InputEvent]:
    for found in values:
        place = f"line {found.line}"
        if found.part:
            place = f"value {found.part} of {place}"
        if found.error is not None:
            yield InputEvent(place, error=found.error)
            continue
        outer = "" if found.is_only else f" of {place}"
        match found.value:
            case list() as items:
                yield from _read_items(items, outer)
            case {"events": list() as items, **rest} if not rest:
                yield from _read_items(items, outer)
            case {"items": list() as items, "nextCursor": _}:  # a page of the API
                yield from _read_items(items, outer)
            case {"Records": list() as items} | {"Messages": list() as items}:
                for number, item in enumerate(items, start=1):
                    yield from _read_message(item, f"message {number}{outer}")
            case item:
                yield from _read_item(item, place)


def _read_items(items: Sequence[object], outer: str) -> Iterator[InputEvent]:
    for number, item in enumerate(items, start=1):
        yield from _read_item(item, f"event {number}{outer}")


def _read_item(item: object, place: str) -> Iterator[InputEvent]:
    """Yield the event that the item is, or the events of the job or message that it is."""
    match item:
        case {"type": str(), "data": _} | {"type": "log_event" | "bulk_log_events"}:
            try:
                job = read_job(item)
            except AuditLogError as error:
                yield InputEvent(place, error=error)
            else:
                yield from _read_job(job, place)
        case {"messageId": _, "body": _} | {"MessageId": _, "Body": _}:
            yield from _read_message(item, place)
        case dict() if item.keys() >= _READERS_FIELDS and item.get("masked"):
            rule = "the API masked this event: read it from /audit-logs/unmasked"
            yield InputEvent(place, error=InvalidEventError([Problem("masked", rule)]))
        case dict() if item.keys() >= _READERS_FIELDS:
            event = {name: item[name] for name in item if name not in _ALL_READERS_FIELDS}
            yield InputEvent(place, event, is_masked=_has_digest(event, item["digest"]))
        case _:
            yield InputEvent(place, item)


def _read_message(item: object, place: str) -> Iterator[InputEvent]:
    """Yield the events of a message: of SQS, or of a file that `dead-letters discard` wrote.

    An event without eventId and timestamp gets those that the processor gives it.
    """
    fields = _lower_first_letters(item) if isinstance(item, dict) else {}
    body = fields.get("body")
    if not isinstance(body, str):
        yield InputEvent(place, error=MalformedJobError("must be a message of SQS, with a body"))
        return
    try:
        job = parse_job(body)
    except AuditLogError as error:
        yield InputEvent(place, error=MalformedJobError(f"body: {error}"))
        return
    message = _identify_message(fields, body)
    for position, event in enumerate(job.events):
        if message and isinstance(event, dict):
            _set_defaults(event, message, position if job.is_bulk else None)
    yield from _read_job(job, place)


def _read_job(job: Job, place: str) -> Iterator[InputEvent]:
    for number, event in enumerate(job.events, start=1):
        inner = f"event {number} of {place}" if job.is_bulk else place
        yield InputEvent(inner, event, is_masked=job.is_masked)


def _has_digest(event: object, digest: object) -> bool:
    """Return whether this is the digest of the event, which is then as it was stored."""
    try:
        return compute_digest(canonicalize(event)).hex() == digest
    except CanonicalizationError:
        return False


def _lower_first_letters(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as Lambda names them: `messageId` for the `MessageId` of the AWS CLI."""
    return {name[:1].lower() + name[1:]: value for name, value in item.items()}


def _identify_message(fields: Mapping[str, Any], body: str) -> ReceivedDeadLetter | None:
    """Return the message with its id and time, or None if the fields lack one of them."""
    match fields:
        case {"attributes": {"SentTimestamp": str() as text}} if _MILLISECONDS.fullmatch(text):
            sent_at = int(text)
        case {"sentAt": str() as text}:
            try:
                sent_at = parse_timestamp(text)
            except InvalidTimestampError:
                return None
        case _:
            return None
    message_id, source_id = fields.get("messageId"), fields.get("sourceMessageId")
    if not isinstance(message_id, str) or sent_at > MAX_TIMESTAMP_MS:
        return None
    is_quarantined = isinstance(source_id, str)
    return ReceivedDeadLetter(
        message_id, "", body, sent_at, source_message_id=source_id if is_quarantined else None
    )


def _set_defaults(event: dict[str, Any], message: ReceivedDeadLetter, position: int | None) -> None:
    if is_absent(event.get("eventId")):
        event["eventId"] = message.make_event_id(position)
    if is_absent(event.get("timestamp")):
        event["timestamp"] = format_timestamp(message.sent_at)
