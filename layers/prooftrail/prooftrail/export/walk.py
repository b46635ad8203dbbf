"""The log's entries in their order, each with its event or why there is none."""

import json
from collections import deque
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from prooftrail.errors import CanonicalizationError, CorruptRecordError
from prooftrail.event.canonical import MAX_SAFE_INTEGER, canonicalize
from prooftrail.event.model import AuditEvent
from prooftrail.export.ports import Exported
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import LogReader
from prooftrail.query.ports import EventLookup, StoredEvent, UnreadableEvent

READERS: Final = 4
BATCH: Final = 100  # events of one look-up
MAX_CHUNK: Final = 5_000  # entries, of which few are wanted

Found = StoredEvent | UnreadableEvent | None


class Why(StrEnum):
    """Why an entry has no event in an export."""

    OTHERS = "others"
    EXPIRED = "expired"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Absent:
    """An entry without an event; `problem` says what is wrong with an unreadable one."""

    why: Why
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Walked:
    """An entry of the log, and what there is of its event."""

    position: int
    logged: LoggedEvent
    outcome: Exported | Absent


@dataclass(slots=True)
class _Chunk:
    """Consecutive entries; `tenants` says whose they are, None where the ledger does not."""

    start: int
    events: list[LoggedEvent] = field(default_factory=list)
    tenants: list[str | None] = field(default_factory=list)
    wanted: list[tuple[str, str]] = field(default_factory=list)
    found: "Future[Sequence[Found]] | None" = None


def walk(
    log: LogReader,
    lookup: EventLookup,
    start: int,
    end: int,
    *,
    tenants: Collection[str] | None,
    now_ms: int,
) -> Generator[Walked]:
    """The entries from `start` to `end`, with the events of these tenants, or of all.

    Some hundreds of events are held at a time. An event that is not there had expired by
    `now_ms`, as its entry tells, or is gone before its time.

    Raises:
        InconsistentLogError, CorruptRecordError: the ledger's log is damaged.
        StoreUnavailableError, StoreRejectedError: ledger or events cannot be read now.
    """
    with ThreadPoolExecutor(READERS) as pool:
        ahead: deque[_Chunk] = deque()
        for chunk in _chunks(log, start, end, tenants):
            chunk.found = pool.submit(lookup.get_many, chunk.wanted) if chunk.wanted else None
            ahead.append(chunk)
            if len(ahead) > READERS:
                yield from _outcomes(ahead.popleft(), tenants, now_ms)
        while ahead:
            yield from _outcomes(ahead.popleft(), tenants, now_ms)


def _chunks(
    log: LogReader, start: int, end: int, tenants: Collection[str] | None
) -> Iterator[_Chunk]:
    chunk = _Chunk(start)
    for segment in log.read_segments(start, end):
        first, last = max(start, segment.start), min(end, segment.end)
        for position in range(first, last):
            logged = segment.events[position - segment.start]
            tenant = segment.tenants[position - segment.start] if segment.tenants else None
            chunk.events.append(logged)
            chunk.tenants.append(tenant)
            if tenant is not None and (tenants is None or tenant in tenants):
                chunk.wanted.append((tenant, logged.id))
            if len(chunk.wanted) == BATCH or len(chunk.events) == MAX_CHUNK:
                yield chunk
                chunk = _Chunk(position + 1)
    if chunk.events:
        yield chunk


def _outcomes(chunk: _Chunk, tenants: Collection[str] | None, now_ms: int) -> Iterator[Walked]:
    found = iter(chunk.found.result() if chunk.found else ())
    for offset, (logged, tenant) in enumerate(zip(chunk.events, chunk.tenants, strict=True)):
        position = chunk.start + offset
        outcome: Exported | Absent
        if tenant is None:
            outcome = Absent(Why.UNREADABLE, "the ledger does not say whose event it is")
        elif tenants is not None and tenant not in tenants:
            outcome = Absent(Why.OTHERS)
        else:
            outcome = _outcome(position, logged, tenant, next(found), now_ms)
        yield Walked(position, logged, outcome)


def _outcome(
    position: int, logged: LoggedEvent, tenant: str, found: Found, now_ms: int
) -> Exported | Absent:
    if found is None:
        has_expired = logged.expires_at is not None and logged.expires_at * 1000 <= now_ms
        return Absent(Why.EXPIRED if has_expired else Why.GONE)
    if isinstance(found, UnreadableEvent):
        return Absent(Why.UNREADABLE, found.problem)
    if found.digest != logged.digest:
        return Absent(Why.UNREADABLE, "it was altered: its digest is not the logged one")
    try:
        event = fields_of(found.canonical)
    except CorruptRecordError as error:
        return Absent(Why.UNREADABLE, str(error))
    if event["tenantId"] != tenant:
        return Absent(Why.UNREADABLE, "it stands among another tenant's events")
    return Exported(position, found, event)


def fields_of(canonical: bytes) -> Mapping[str, Any]:
    """The fields in an event's canonical bytes.

    Raises:
        CorruptRecordError: somebody else than the processor stored it, or a later version.
    """
    try:
        decoded = _decode(canonical.decode())
        fields = AuditEvent.model_validate(decoded, by_alias=True, by_name=False).to_json()
        is_canonical = canonicalize(fields) == canonical
    except (CanonicalizationError, RecursionError, ValueError) as error:
        raise CorruptRecordError("it is no event that this version knows") from error
    if not is_canonical:
        raise CorruptRecordError("it is not written as the processor writes events")
    return fields


def _number(text: str) -> int | float:
    """A whole number; RFC 8785 writes floats below 10^21 without a point."""
    number = int(text)
    return number if abs(number) <= MAX_SAFE_INTEGER else float(text)


_decode: Final = json.JSONDecoder(parse_int=_number).decode
