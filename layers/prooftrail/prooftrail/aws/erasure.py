"""`PersonEvents` on DynamoDB and S3."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from prooftrail.aws.cleanup import DynamoRemovableEvents
from prooftrail.aws.dynamodb import MAX_READS, Item
from prooftrail.aws.event_reader import DynamoEventReader
from prooftrail.aws.item import decode_item, load_item
from prooftrail.errors import CorruptRecordError
from prooftrail.event import keys
from prooftrail.event.ids import is_id, pack_id
from prooftrail.event.person import Person
from prooftrail.event.removal import RemovalOrder, unpack_ids
from prooftrail.event.reserved import CLEANUP_ACTION, READ_ACTION
from prooftrail.event.stored import parse_stored_event
from prooftrail.intake.ports import PayloadStore
from prooftrail.operate.removal import RemovableEvent
from prooftrail.query.filters import Filters, plan_query
from prooftrail.query.ports import StoredEvent
from prooftrail.query.rows import read_all_rows

_ANOTHER: Final = "the event does not name the person"


@dataclass(frozen=True)
class DynamoPersonEvents:
    """`PersonEvents` on AuditEvents, its indexes and references, and the bucket of payloads."""

    events: DynamoRemovableEvents
    reader: DynamoEventReader
    payloads: PayloadStore
    shard_count: int

    def find(self, person: Person) -> Iterator[RemovableEvent]:
        """See `PersonEvents.find`."""
        seen: set[bytes] = set()
        for filters in _list_filters(person):
            for rows in read_all_rows(self.reader, plan_query(filters, self.shard_count)):
                ids = [row.id for row in rows if is_id(row.id) and pack_id(row.id) not in seen]
                seen.update(map(pack_id, ids))
                # A row by an index can be of a forged item or reference, or of another event.
                yield from (
                    event for event in self.get_many(person, ids) if event.problem != _ANOTHER
                )

    def find_ordered(self, tenant_id: str, reason: str, since_ms: int) -> Iterator[RemovableEvent]:
        """See `PersonEvents.find_ordered`."""
        filters = Filters(tenant_id, action=CLEANUP_ACTION, start_ms=since_ms)
        for rows in read_all_rows(self.reader, plan_query(filters, self.shard_count)):
            for order in self.reader.load(tenant_id, rows):
                if isinstance(order, StoredEvent):
                    ids = _list_ids(order, reason)
                    items = self._read_items(tenant_id, ids)
                    yield from (self.events.decode(item, with_content=True) for item in items)

    def get_many(self, person: Person, ids: Sequence[str]) -> Iterator[RemovableEvent]:
        """See `PersonEvents.get_many`."""
        for item in self._read_items(person.tenant_id, ids):
            yield self._decode(person, item)

    def _read_items(self, tenant_id: str, ids: Sequence[str]) -> Iterator[Item]:
        for start in range(0, len(ids), MAX_READS):
            addresses = [(tenant_id, event_id) for event_id in ids[start : start + MAX_READS]]
            yield from self.reader.read_items(addresses).values()

    def _decode(self, person: Person, item: Item) -> RemovableEvent:
        event_id = item[keys.ID]["S"]
        try:
            stored = decode_item(item, self.shard_count)
            if not person.is_in(stored.fields):  # without a payload in S3
                stored = load_item(item, self.shard_count, self.payloads)
        except CorruptRecordError as error:
            return RemovableEvent(event_id, "", problem=str(error))
        if not person.is_in(stored.fields):
            return RemovableEvent(event_id, "", problem=_ANOTHER)
        return self.events.decode(item, with_content=True)

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """See `EventRemover.remove`."""
        self.events.remove(tenant_id, events)


def _list_ids(order: StoredEvent, reason: str) -> Sequence[str]:
    """Return the ids in a removal order that has this reason; none for any other."""
    fields = parse_stored_event(order.canonical)
    if fields.get("details", {}).get("reason") != reason:
        return ()
    found = RemovalOrder.from_fields(order.id, fields)
    return unpack_ids(found.ids) if found else ()


def _list_filters(person: Person) -> Iterable[Filters]:
    """Return the filters that together find the person, and all recorded reads."""
    tenant_id = person.tenant_id
    return [
        *(Filters(tenant_id, user_id=user_id) for user_id in sorted(person.users)),
        *(
            Filters(tenant_id, resource_type=kind, resource_id=name)
            for kind, name in sorted(person.resources)
        ),
        Filters(tenant_id, action=READ_ACTION),
    ]
