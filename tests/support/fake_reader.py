"""The read side's ports in memory: strict about what they are asked, poor in what they answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from prooftrail.errors import AuditLogError
from prooftrail.event import keys
from prooftrail.event.ids import find_shard_by_digest
from prooftrail.event.keys import CounterSpan, Index
from prooftrail.event.record import EventRecord
from prooftrail.query.ports import IdRange, Row, RowBatch, StoredEvent, UnreadableEvent
from tests.support.samples import NOW_MS


class FakeEvents:
    """`EventReader` and `EventLookup` over records, which fail when told to.

    Answers at most `max_rows` a call. `rows_read`, `calls` and `loaded` count what a store would
    bill; `hidden` are ids that the indexes still show and the table has lost.
    """

    def __init__(
        self, records: Sequence[EventRecord] = (), shard_count: int = 4, max_rows: int = 1_000
    ) -> None:
        self.shard_count = shard_count
        self.max_rows = max_rows
        self.records: dict[tuple[str, str], EventRecord] = {}
        self.rows_read = self.calls = self.loaded = 0
        self.hidden: set[str] = set()
        self.fault: AuditLogError | None = None
        self.add(*records)

    def add(self, *records: EventRecord) -> None:
        """Store the records."""
        self.records |= {(one.tenant_id, one.id): one for one in records}

    def read_rows(
        self, index: Index, partition: str, id_range: IdRange, *, descending: bool, limit: int
    ) -> RowBatch:
        """See `RowReader.read_rows`."""
        assert limit >= 1
        assert not id_range.is_empty
        self._fail()
        found = sorted(
            (
                one
                for one in self.records.values()
                if self._partition(one, index) == partition
                and id_range.lowest <= one.id <= id_range.highest
            ),
            key=lambda one: one.id,
            reverse=descending,
        )
        rows = [_make_row(one, has_payload=index is Index.BASE) for one in found]
        batch = rows[: min(limit, self.max_rows)]
        self.calls += 1
        self.rows_read += len(batch)
        return RowBatch(batch, is_last=len(batch) == len(rows))

    def load(self, tenant_id: str, rows: Sequence[Row]) -> Iterator[StoredEvent]:
        """See `EventReader.load`."""
        for row in rows:
            self._fail()
            record = self.records.get((tenant_id, row.id))
            if record is not None and row.id not in self.hidden and not _is_expired(record):
                self.loaded += 1
                yield _make_stored_event(record)

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
            None if one is None or _is_expired(one) else _make_stored_event(one) for one in found
        ]

    def _fail(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _partition(self, one: EventRecord, index: Index) -> str | None:
        shard = find_shard_by_digest(one.digest, self.shard_count)
        match index:
            case Index.BASE:
                return keys.make_base_key(one.tenant_id, shard)
            case Index.RESOURCE:
                return keys.make_resource_key(one.tenant_id, one.resource_type, one.resource_id)
            case Index.ACTION:
                return keys.make_action_key(one.tenant_id, one.action, shard)
            case Index.USER:
                return (
                    None if one.user_id is None else keys.make_user_key(one.tenant_id, one.user_id)
                )
            case Index.FAILURE:
                return None if one.success else keys.make_failure_key(one.tenant_id, shard)


def _make_row(one: EventRecord, *, has_payload: bool) -> Row:
    row = Row(
        id=one.id,
        tenant_id=one.tenant_id,
        action=one.action,
        resource_type=one.resource_type,
        resource_id=one.resource_id,
        success=one.success,
        user_id=one.user_id,
        request_id=one.request_id,
        session_id=one.session_id,
        ip_address=one.ip_address,
    )
    return replace(row, size=len(one.canonical), source=one) if has_payload else row


def _is_expired(one: EventRecord) -> bool:
    return one.expires_at is not None and one.expires_at * 1000 <= NOW_MS


def _make_stored_event(one: EventRecord) -> StoredEvent:
    return StoredEvent(one.id, one.digest, one.received_at, one.canonical)


class FakeCounters:
    """`CounterReader` over buckets: (tenant, span, sort key with its page) → counters."""

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
