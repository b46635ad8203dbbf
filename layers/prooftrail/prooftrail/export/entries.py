"""Read the log's entries in order, each with its event or the reason why it is absent."""

import json
from collections import deque
from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from prooftrail.errors import CanonicalizationError, CorruptRecordError
from prooftrail.event.canonical import canonicalize
from prooftrail.event.model import AuditEvent
from prooftrail.export.filters import ALL_EVENTS, EventFilters
from prooftrail.export.ports import ExportedEvent
from prooftrail.ledger.entry import LoggedEvent
from prooftrail.ledger.ports import LogReader
from prooftrail.query.ports import EventLookup, StoredEvent, UnreadableEvent

READERS: Final = 4
BATCH: Final = 100  # events of one look-up
MAX_CHUNK: Final = 5_000  # entries, if few of them are wanted

LookupResult = StoredEvent | UnreadableEvent | None


class AbsenceReason(StrEnum):
    """Why an entry has no event in an export."""

    OTHERS = "others"
    EXPIRED = "expired"
    GONE = "gone"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class AbsentEvent:
    """The absence of an entry's event. `problem` says what is wrong with an unreadable one."""

    reason: AbsenceReason
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """An entry of the log, with its event if that is exported.

    `tenant_id` is None if the ledger does not have it.
    """

    position: int
    logged: LoggedEvent
    event: ExportedEvent | AbsentEvent
    tenant_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Selection:
    """Which events are wanted."""

    tenants: Collection[str] | None
    filters: EventFilters

    def may_have(self, tenant: str, event_id: str) -> bool:
        """Return whether the event may be wanted, by what the ledger knows of it."""
        is_of_tenant = self.tenants is None or tenant in self.tenants
        return is_of_tenant and self.filters.includes_time(event_id)

    def has(self, event: ExportedEvent) -> bool:
        """Return whether the event is wanted, if it may be."""
        return self.filters.matches(event.event.id, event.fields)


@dataclass(slots=True)
class _Chunk:
    """Consecutive entries with their tenants, and the look-up of the wanted events.

    A tenant is None if the ledger does not have it.
    """

    start: int
    events: list[LoggedEvent] = field(default_factory=list)
    tenants: list[str | None] = field(default_factory=list)
    wanted: list[tuple[str, str]] = field(default_factory=list)
    found: "Future[Sequence[LookupResult]] | None" = None


def read_entries(
    log: LogReader,
    lookup: EventLookup,
    start: int,
    end: int,
    *,
    tenants: Collection[str] | None,
    now_ms: int,
    filters: EventFilters = ALL_EVENTS,
) -> Generator[ExportEntry]:
    """Yield the entries from `start` to before `end`, with the events of these tenants, or of all.

    What the filters leave out is treated as an event of another tenant. Some hundreds of events are
    in memory at a time. A missing event has expired if its entry says that it expires by `now_ms`;
    otherwise it is gone.

    Raises:
        InconsistentLogError, CorruptRecordError: the ledger's log is damaged.
        StoreUnavailableError, StoreRejectedError: the ledger or events cannot be read now.
    """
    with ThreadPoolExecutor(READERS) as pool:
        pending: deque[_Chunk] = deque()
        selection = _Selection(tenants, filters)
        for chunk in _read_chunks(log, start, end, selection):
            chunk.found = pool.submit(lookup.get_many, chunk.wanted) if chunk.wanted else None
            pending.append(chunk)
            if len(pending) > READERS:
                yield from _match_events(pending.popleft(), selection, now_ms)
        while pending:
            yield from _match_events(pending.popleft(), selection, now_ms)


def _read_chunks(log: LogReader, start: int, end: int, selection: _Selection) -> Iterator[_Chunk]:
    chunk = _Chunk(start)
    for segment in log.read_segments(start, end):
        first, last = max(start, segment.start), min(end, segment.end)
        for position in range(first, last):
            logged = segment.events[position - segment.start]
            tenant = segment.tenants[position - segment.start] if segment.tenants else None
            chunk.events.append(logged)
            chunk.tenants.append(tenant)
            if tenant is not None and selection.may_have(tenant, logged.id):
                chunk.wanted.append((tenant, logged.id))
            if len(chunk.wanted) == BATCH or len(chunk.events) == MAX_CHUNK:
                yield chunk
                chunk = _Chunk(position + 1)
    if chunk.events:
        yield chunk


def _match_events(chunk: _Chunk, selection: _Selection, now_ms: int) -> Iterator[ExportEntry]:
    found = iter(chunk.found.result() if chunk.found else ())
    for offset, (logged, tenant) in enumerate(zip(chunk.events, chunk.tenants, strict=True)):
        position = chunk.start + offset
        event: ExportedEvent | AbsentEvent
        if tenant is None:
            event = AbsentEvent(
                AbsenceReason.UNREADABLE, "the ledger does not have the event's tenant"
            )
        elif not selection.may_have(tenant, logged.id):
            event = AbsentEvent(AbsenceReason.OTHERS)
        else:
            event = _check_event(position, logged, tenant, next(found), now_ms)
            if isinstance(event, ExportedEvent) and not selection.has(event):
                event = AbsentEvent(AbsenceReason.OTHERS)
        yield ExportEntry(position, logged, event, tenant)


def _check_event(
    position: int, logged: LoggedEvent, tenant: str, found: LookupResult, now_ms: int
) -> ExportedEvent | AbsentEvent:
    if found is None:
        has_expired = logged.expires_at is not None and logged.expires_at * 1000 <= now_ms
        return AbsentEvent(AbsenceReason.EXPIRED if has_expired else AbsenceReason.GONE)
    if isinstance(found, UnreadableEvent):
        return AbsentEvent(AbsenceReason.UNREADABLE, found.problem)
    if found.digest != logged.digest:
        return AbsentEvent(
            AbsenceReason.UNREADABLE, "it was altered: its digest is not the logged one"
        )
    try:
        fields = decode_fields(found.canonical)
    except CorruptRecordError as error:
        return AbsentEvent(AbsenceReason.UNREADABLE, str(error))
    if fields["tenantId"] != tenant:
        return AbsentEvent(AbsenceReason.UNREADABLE, "it is stored under another tenant")
    receipt = logged.receipt  # a later delivery has changed that of the stored event
    event = replace(
        found,
        received_at=receipt.received_at if receipt else found.received_at,
        submitted_by=receipt.submitted_by if receipt else None,
    )
    return ExportedEvent(position, event, fields)


def decode_fields(canonical: bytes) -> Mapping[str, Any]:
    """Return the fields in an event's canonical bytes.

    Raises:
        CorruptRecordError: the processor did not store these bytes, or a later version did.
    """
    try:
        decoded = json.loads(canonical.decode())
        fields = AuditEvent.model_validate(decoded, by_alias=True, by_name=False).to_json()
        if "ipAddress" in fields:  # versions up to 0.2 kept IPv4 addresses mapped into IPv6
            fields["ipAddress"] = decoded["ipAddress"]
        is_canonical = canonicalize(fields) == canonical
    except (CanonicalizationError, RecursionError, ValueError) as error:
        raise CorruptRecordError("it is not an event that this version knows") from error
    if not is_canonical:
        raise CorruptRecordError("it is not in the form that the processor writes")
    return fields
