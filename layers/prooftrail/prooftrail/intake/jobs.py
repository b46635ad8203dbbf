"""Jobs: the format of the messages in the queue.

A job is `{"type": "log_event", "data": {event}}` or
`{"type": "bulk_log_events", "data": {"events": [event, …]}}`. With `"masked": true` beside `type`,
the sender has masked the secrets in its events, and they are not masked again. `submittedBy` beside
`type` says who called the API: the function submit sets it.
"""

import gc
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from prooftrail.errors import MalformedJobError, UnknownJobTypeError, describe_type
from prooftrail.event.nodes import MAX_JOB_NODES, count_nodes, estimate_nodes

LOG_EVENT: Final = "log_event"
BULK_LOG_EVENTS: Final = "bulk_log_events"
OVERFLOW: Final = "overflow"
SUBMITTED_BY: Final = "submittedBy"
# With more, one message could use up the time limit of a function, for its whole batch.
MAX_BULK_EVENTS: Final = 5_000
_LONG_BODY: Final = 10_000  # characters; in a shorter one the collector of cycles has little to do


class Job(NamedTuple):
    """The events of one message, decoded, not validated. `is_masked`: their sender masked them.

    `submitted_by` is who submitted them as the sender claims. Any sender can claim it.
    """

    events: tuple[object, ...]
    is_bulk: bool
    is_masked: bool = False
    submitted_by: str | None = None


def parse_job(body: str) -> Job:
    """Return the job in the body of a message.

    Raises:
        MalformedJobError: the body is not JSON, has a repeated key, has more than `MAX_JOB_NODES`
            values, or is not a job; says where.
        UnknownJobTypeError: the job's type is not `log_event` or `bulk_log_events`.
    """
    decoded = decode_json(body)
    if has_too_many_nodes(body, decoded):
        raise MalformedJobError(f"a job must have at most {MAX_JOB_NODES} values")
    return read_job(decoded)


def has_too_many_nodes(body: str, decoded: object) -> bool:
    """Return whether a body, decoded, has more values than a job may have."""
    if len(body) <= MAX_JOB_NODES or estimate_nodes(body) <= MAX_JOB_NODES:
        return False
    return count_nodes(decoded, MAX_JOB_NODES) > MAX_JOB_NODES


def read_job(decoded: object) -> Job:
    """Return the job in the decoded body of a message.

    Raises:
        MalformedJobError: it is not a job; says where.
        UnknownJobTypeError: the job's type is not `log_event` or `bulk_log_events`.
    """
    match decoded:
        case {"type": "log_event", "data": dict() as event, **rest}:
            return _make_job((event,), rest, is_bulk=False)
        case {"type": "bulk_log_events", "data": {"events": list() as events}, **rest} if events:
            if len(events) > MAX_BULK_EVENTS:
                raise MalformedJobError(
                    f"data.events: must have at most {MAX_BULK_EVENTS} events (got {len(events)})"
                )
            return _make_job(tuple(events), rest, is_bulk=True)
        case {"type": "log_event"}:
            raise MalformedJobError("data: a log_event job needs an event, a JSON object")
        case {"type": "bulk_log_events"}:
            raise MalformedJobError(
                "data.events: a bulk_log_events job needs a list of at least one event"
            )
        case {"type": str() as name}:
            raise UnknownJobTypeError(
                f"type: must be {LOG_EVENT} or {BULK_LOG_EVENTS} (got {name[:40]!r})"
            )
        case dict():
            raise MalformedJobError(f"type: required, {LOG_EVENT} or {BULK_LOG_EVENTS}")
        case other:
            raise MalformedJobError(f"a job must be a JSON object (got {describe_type(other)})")


def _make_job(events: tuple[object, ...], rest: Mapping[Any, object], *, is_bulk: bool) -> Job:
    is_masked, submitted_by = rest.get("masked", False), rest.get(SUBMITTED_BY)
    if not isinstance(is_masked, bool):
        raise MalformedJobError(f"masked: must be true or false (got {describe_type(is_masked)})")
    return Job(events, is_bulk, is_masked, submitted_by if isinstance(submitted_by, str) else None)


def encode_single_job(event: object, *, is_masked: bool = False) -> str:
    """Return the body of a log_event job with this event, in ASCII."""
    return _encode_job(LOG_EVENT, event, is_masked=is_masked)


def encode_bulk_job(events: Sequence[object], *, is_masked: bool = False) -> str:
    """Return the body of a bulk_log_events job with these events, in ASCII."""
    return _encode_job(BULK_LOG_EVENTS, {"events": events}, is_masked=is_masked)


def _encode_job(job_type: str, data: object, *, is_masked: bool) -> str:
    mark = {"masked": True} if is_masked else {}
    return json.dumps({"type": job_type, **mark, "data": data}, separators=(",", ":"))


def encode_overflow_job(key: str) -> str:
    """Return a body that refers to another body, which is in the payload store under this key."""
    return json.dumps({"type": OVERFLOW, "data": {"key": key}})


def decode_json(body: str) -> object:
    """Decode a JSON text in which no object repeats a key.

    Raises:
        MalformedJobError: the text is not JSON or repeats a key; says where.
    """
    try:
        if len(body) < _LONG_BODY:
            return _decode(body)
        with _pause_collector():
            return _decode(body)
    except (ValueError, RecursionError) as error:
        raise _make_json_error(error) from error


def decode_json_at(text: str, start: int) -> tuple[object, int]:
    """Decode the JSON value that begins at this position. Return it, and the position of its end.

    Raises:
        MalformedJobError: see `decode_json`.
    """
    try:
        return _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError) as error:
        raise _make_json_error(error) from error


def _make_json_error(error: ValueError | RecursionError) -> MalformedJobError:
    if isinstance(error, json.JSONDecodeError):
        where = f"line {error.lineno} column {error.colno}"
        reason = error.msg.removesuffix(" at")  # of "Unterminated string starting at"
        return MalformedJobError(f"not JSON: {reason} at {where}")
    if isinstance(error, RecursionError):
        return MalformedJobError("not JSON: nests too deeply")
    return MalformedJobError("not JSON: a number has too many digits")  # Python limits them


@contextmanager
def _pause_collector() -> Iterator[None]:
    """Pause garbage collection: with many small lists it would search all of them repeatedly.

    Decoded JSON has no cycles.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _make_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        [(repeated, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise MalformedJobError(f"not JSON: the key {repeated[:40]!r} occurs twice in one object")
    return made


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_make_object)
_decode = _DECODER.decode
