"""In-memory fakes of the read ports: they check each call and return only what they must."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prooftrail.errors import AuditLogError
from prooftrail.event import keys
from prooftrail.event.ids import find_shard_by_digest
from prooftrail.event.keys import CounterSpan, Index
from prooftrail.event.record import EventRecord
from prooftrail.event.references import list_reference_keys
from prooftrail.event.retention import compute_expiry
from prooftrail.query.ports import (
    EventTest,
    IdRange,
    Row,
    RowBatch,
    SkippedEvent,
    StoredEvent,
    UnreadableEvent,
    accept_event,
)
from tests.support.samples import NOW_MS


class FakeEvents:
    """`EventReader` and `EventLookup` over records; every call raises `fault` if it is set.

    A call returns at most `max_rows` rows. `rows_read`, `calls` and `loaded` count what a store
    would bill. `hidden` holds ids that the indexes contain but the table has lost, `damaged` those
    of events that cannot be read. `forged` has the rows of references that no event has, by their
    partition.
    """

    def __init__(
        self, records: Sequence[EventRecord] = (), shard_count: int = 4, max_rows: int = 1_000
    ) -> None:
        self.shard_count = shard_count
        self.max_rows = max_rows
        self.records: dict[tuple[str, str], EventRecord] = {}
        self.rows_read = self.calls = self.loaded = 0
        self.hidden: set[str] = set()
        self.damaged: set[str] = set()
        self.forged: dict[str, list[Row]] = {}
        self.fault: AuditLogError | None = None
        self.add(*records)

    def add(self, *records: EventRecord) -> None:
        """Store the records."""
        self.records |= {(record.tenant_id, record.id): record for record in records}

    def read_rows(
        self, index: Index, partition: str, id_range: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """See `RowReader.read_rows`."""
        assert limit >= 1
        assert not id_range.is_empty
        self._fail()
        found = (
            self._make_reference_rows(partition)
            if index is Index.REFERENCES
            else [
                _make_row(record, has_payload=index is Index.BASE)
                for record in self.records.values()
                if self._partition(record, index) == partition
            ]
        )
        rows = sorted(
            (row for row in found if id_range.lowest <= row.id <= id_range.highest),
            key=lambda row: row.id,
            reverse=descending,
        )
        batch = rows[: min(limit, self.max_rows)]
        self.calls += 1
        self.rows_read += len(batch)
        return RowBatch(batch, is_last=len(batch) == len(rows))

    def _make_reference_rows(self, partition: str) -> list[Row]:
        forged = self.forged.get(partition, [])
        forged_ids = {row.id for row in forged}
        return forged + [
            _make_reference_row(record, partition)
            for record in self.records.values()
            if partition in _list_reference_keys(record) and record.id not in forged_ids
        ]

    def load(
        self, tenant_id: str, rows: Sequence[Row], matches: EventTest = accept_event
    ) -> Iterator[StoredEvent | UnreadableEvent | SkippedEvent]:
        """See `EventReader.load`."""
        assert len({row.id for row in rows}) == len(rows), "two rows have one id"
        for row in rows:
            self._fail()
            record = self.records.get((tenant_id, row.id))
            if record is None or row.id in self.hidden:
                yield SkippedEvent()
                continue
            self.loaded += 1
            if _is_expired(record):
                yield SkippedEvent(len(record.canonical))
                continue
            if row.id in self.damaged:
                yield UnreadableEvent(row.id, "damaged")
                continue
            is_wanted = matches is accept_event or matches(json.loads(record.canonical))
            yield _make_stored_event(record) if is_wanted else SkippedEvent(len(record.canonical))

    def get(self, tenant_id: str, event_id: str) -> StoredEvent | None:
        """See `EventReader.get`."""
        self._fail()
        record = self.records.get((tenant_id, event_id))
        return _make_stored_event(record) if record and not _is_expired(record) else None

    def get_many(
        self, addresses: Sequence[tuple[str, str]]
    ) -> Sequence[StoredEvent | UnreadableEvent | None]:
        """See `EventLookup.get_many`."""
        self._fail()
        found = [self.records.get(address) for address in addresses]
        return [
            None if record is None or _is_expired(record) else _make_stored_event(record)
            for record in found
        ]

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _partition(self, record: EventRecord, index: Index) -> str | None:
        shard = find_shard_by_digest(record.digest, self.shard_count)
        match index:
            case Index.BASE:
                return keys.make_base_key(record.tenant_id, shard)
            case Index.RESOURCE:
                return keys.make_resource_key(
                    record.tenant_id, record.resource_type, record.resource_id
                )
            case Index.ACTION:
                return keys.make_action_key(record.tenant_id, record.action, shard)
            case Index.USER:
                return (
                    None
                    if record.user_id is None
                    else keys.make_user_key(record.tenant_id, record.user_id)
                )
            case Index.FAILURE:
                return None if record.success else keys.make_failure_key(record.tenant_id, shard)
            case Index.REFERENCES:
                raise AssertionError("an event is in any number of these partitions")


def _make_row(record: EventRecord, *, has_payload: bool) -> Row:
    row = Row(
        id=record.id,
        tenant_id=record.tenant_id,
        action=record.action,
        resource_type=record.resource_type,
        resource_id=record.resource_id,
        success=record.success,
        user_id=record.user_id,
        request_id=record.request_id,
        session_id=record.session_id,
        ip_address=record.ip_address,
    )
    return replace(row, size=len(record.canonical), source=record) if has_payload else row


def _list_reference_keys(record: EventRecord) -> tuple[str, ...]:
    resource = record.resource_type, record.resource_id
    return list_reference_keys(
        record.tenant_id, resource, record.user_id, record.targets, record.on_behalf_of
    )


def _make_reference_row(record: EventRecord, partition: str) -> Row:
    is_target = keys.is_target_key(partition)
    return replace(
        _make_row(record, has_payload=False),
        is_reference=True,
        on_behalf_of=record.on_behalf_of,
        target=keys.parse_target(partition) if is_target else None,
    )


def _is_expired(record: EventRecord) -> bool:
    expires_at = compute_expiry(record.received_at, record.retention_days)
    return expires_at is not None and expires_at * 1000 <= NOW_MS


def _make_stored_event(record: EventRecord) -> StoredEvent:
    return StoredEvent(
        record.id, record.digest, record.received_at, record.canonical, record.submitted_by
    )


class FakeCounters:
    """`CounterReader` in memory; `items` maps (tenant, span, sort key with page) to counters."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, CounterSpan, str], dict[str, int]] = {}
        self.read: list[tuple[CounterSpan, str]] = []

    def read_counters(
        self, tenant_id: str, span: CounterSpan, first: str, last: str
    ) -> Iterator[tuple[str, Mapping[str, int]]]:
        """See `CounterReader.read_counters`."""
        assert first <= last
        for (tenant, kind, sort), values in sorted(self.items.items()):
            if (tenant, kind) == (tenant_id, span) and first <= sort <= f"{last}~\uffff":
                self.read.append((span, sort))
                yield sort.partition("~")[0], values
