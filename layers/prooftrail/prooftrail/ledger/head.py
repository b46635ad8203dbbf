"""The ledger's head: the tree of all entries, and the shard count that the trail was begun with."""

from dataclasses import dataclass

from prooftrail.tlog.merkle import Edge


@dataclass(frozen=True, slots=True)
class Head:
    """The right edge of the tree of all committed entries, and the trail's shard count."""

    edge: Edge
    shard_count: int

    @property
    def size(self) -> int:
        """The number of committed events."""
        return self.edge.size
