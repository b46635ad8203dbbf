"""Legal holds: which are active, and what they hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from prooftrail.event.hold import HoldKind, HoldOrder


class HoldReader(Protocol):
    """Reads the committed holds. May raise StoreUnavailableError and StoreRejectedError."""

    def read_holds(self, tenant_id: str) -> Sequence[HoldOrder]:
        """Return the tenant's holds and releases, strongly consistent, in the order of their ids.

        Raises:
            CorruptRecordError: one is damaged, so that nobody can say what is held.
        """


@dataclass(frozen=True, slots=True)
class ActiveHolds:
    """A tenant's holds that are not released, by hold id, the oldest first."""

    by_id: Mapping[str, HoldOrder]

    @classmethod
    def read(cls, reader: HoldReader, tenant_id: str) -> "ActiveHolds":
        """Return the active holds. Raises what `HoldReader` does."""
        orders = reader.read_holds(tenant_id)
        released = {order.hold_id for order in orders if order.kind is HoldKind.RELEASE}
        holds = {order.hold_id: order for order in orders if order.kind is HoldKind.SET}
        return cls({name: hold for name, hold in holds.items() if name not in released})

    @property
    def need_content(self) -> bool:
        """Whether an event's content decides if it is held: a hold is of a user or a resource."""
        return any(hold.scope and hold.scope.to_json() for hold in self.by_id.values())

    def find(self, fields: Mapping[str, Any]) -> HoldOrder | None:
        """Return the first hold of an event, given its fields by JSON name, or None."""
        covering = (
            hold for hold in self.by_id.values() if hold.scope and hold.scope.covers(fields)
        )
        return next(covering, None)

    def without(self, hold_ids: Iterable[str]) -> "ActiveHolds":
        """Return the other holds."""
        left_out = set(hold_ids)
        return ActiveHolds(
            {name: hold for name, hold in self.by_id.items() if name not in left_out}
        )
