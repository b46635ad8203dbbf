"""Packing encoded events into as few messages of the queue as possible."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.errors import EventTooLargeError
from prooftrail.event.nodes import MAX_JOB_NODES, estimate_nodes
from prooftrail.intake.jobs import BULK_LOG_EVENTS, LOG_EVENT, MAX_BULK_EVENTS, SUBMITTED_BY
from prooftrail.intake.ports import JobMessage

MAX_MESSAGE_BYTES: Final = 1024 * 1024  # the limit of SQS for a message, and for a batch of them
# Of a bulk job: the job, its type, marks, data and list.
ENVELOPE_NODES: Final = len(("job", "type", "masked", "submittedBy", "data", "events"))
_MARK: Final = '"masked":true,'
_SINGLE: Final = (f'{{"type":"{LOG_EVENT}",', '"data":', "}")
_SINGLE_BYTES: Final = len("".join((_MARK, *_SINGLE)))
_BULK: Final = (f'{{"type":"{BULK_LOG_EVENTS}",', '"data":{"events":[', "]}}")


@dataclass(frozen=True, slots=True)
class PackedMessage:
    """The body of a message, and the positions of its events."""

    body: str
    positions: range


@dataclass(frozen=True, slots=True)
class PackedJob:
    """A message of one tenant, and the positions of its events."""

    message: JobMessage
    positions: Sequence[int]


def check_size(event: str, max_bytes: int = MAX_MESSAGE_BYTES) -> None:
    """Check that an event, as JSON text, fits in a message of its own.

    Raises:
        EventTooLargeError: it does not.
    """
    size = len(event if event.isascii() else event.encode()) + _SINGLE_BYTES
    if size > max_bytes:
        raise EventTooLargeError(size, max_bytes)


def count_submitter_bytes(submitted_by: str | None) -> int:
    """Return the bytes that a message needs to say who submitted its events."""
    return len(_make_submitter_mark(submitted_by))


def pack_messages(
    events: Sequence[str],
    max_bytes: int = MAX_MESSAGE_BYTES,
    *,
    is_masked: bool = False,
    submitted_by: str | None = None,
) -> list[PackedMessage]:
    """Return messages that contain each of these events once, in order. An event is JSON text.

    A body has at most `max_bytes` bytes, 5,000 events and, as `estimate_nodes` counts them,
    `MAX_JOB_NODES` values; an event that has more by this count is alone. It is a log_event job if
    it contains one event, otherwise a bulk_log_events job. No two neighbours would fit in one. With
    `is_masked`, each says that the secrets in its events are masked already; with `submitted_by`,
    who submitted them.

    Raises:
        EventTooLargeError: an event fits in no message, see `check_size`.

    >>> [message.body for message in pack_messages(['{"a":1}', '{"b":2}'])]
    ['{"type":"bulk_log_events","data":{"events":[{"a":1},{"b":2}]}}']
    >>> messages = pack_messages(['"first"', '"2nd"', '"3rd"'], max_bytes=73)
    >>> [list(message.positions) for message in messages]
    [[0], [1, 2]]
    """
    messages: list[PackedMessage] = []
    max_bytes -= count_submitter_bytes(submitted_by)
    marks = (_MARK if is_masked else "") + _make_submitter_mark(submitted_by)
    envelope = _count_bytes(_MARK, *_BULK)
    start, size, nodes = 0, envelope, ENVELOPE_NODES
    for position, event in enumerate(events):
        check_size(event, max_bytes)
        added = _count_bytes(event) + 1  # the comma; the first event has none
        added_nodes = estimate_nodes(event)
        if position > start and (
            size + added - 1 > max_bytes
            or position - start == MAX_BULK_EVENTS
            or nodes + added_nodes > MAX_JOB_NODES
        ):
            messages.append(_make_message(events, range(start, position), marks))
            start, size, nodes = position, envelope, ENVELOPE_NODES
        size += added
        nodes += added_nodes
    if events:
        messages.append(_make_message(events, range(start, len(events)), marks))
    return messages


def pack_jobs(
    events: Sequence[str],
    tenant_ids: Sequence[str],
    *,
    is_masked: bool = False,
    submitted_by: str | None = None,
) -> Iterator[PackedJob]:
    """Yield messages with the events of one tenant each, packed as by `pack_messages`.

    `tenant_ids` has the tenant of each event.

    Raises:
        EventTooLargeError: an event fits in no message, see `check_size`.

    >>> [list(job.positions) for job in pack_jobs(["1", "2", "3"], ["acme", "beta", "acme"])]
    [[0, 2], [1]]
    """
    by_tenant: dict[str, list[int]] = defaultdict(list)
    for position, tenant_id in enumerate(tenant_ids):
        by_tenant[tenant_id].append(position)
    for tenant_id, positions in by_tenant.items():
        texts = [events[position] for position in positions]
        for packed in pack_messages(texts, is_masked=is_masked, submitted_by=submitted_by):
            yield PackedJob(
                JobMessage(packed.body, tenant_id), [positions[at] for at in packed.positions]
            )


def _make_submitter_mark(submitted_by: str | None) -> str:
    return "" if submitted_by is None else f'"{SUBMITTED_BY}":{json.dumps(submitted_by)},'


def _make_message(events: Sequence[str], positions: range, marks: str) -> PackedMessage:
    kind, before, after = _SINGLE if len(positions) == 1 else _BULK
    joined = ",".join([events[position] for position in positions])
    return PackedMessage(f"{kind}{marks}{before}{joined}{after}", positions)


def _count_bytes(*texts: str) -> int:
    return sum(len(text) if text.isascii() else len(text.encode()) for text in texts)
