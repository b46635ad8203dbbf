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
from prooftrail.event.reserved import READ_ACTION
from prooftrail.intake.ports import PayloadStore
from prooftrail.operate.removal import RemovableEvent
from prooftrail.query.filters import Filters, plan_query
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

    def get_many(self, person: Person, ids: Sequence[str]) -> Iterator[RemovableEvent]:
        """See `PersonEvents.get_many`."""
        for start in range(0, len(ids), MAX_READS):
            some = ids[start : start + MAX_READS]
            addresses = [(person.tenant_id, event_id) for event_id in some]
            for item in self.reader.read_items(addresses).values():
                yield self._decode(person, item)

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
        return self.events.decode(item)

    def remove(self, tenant_id: str, events: Sequence[RemovableEvent]) -> None:
        """See `EventRemover.remove`."""
        self.events.remove(tenant_id, events)


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
