"""The ledger's head: the tree of all entries, and the shard count that the trail was begun with.

It has a module of its own because every function reads the shard count when it starts.
"""

from dataclasses import dataclass

from prooftrail.errors import ShardCountMismatchError
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


def check_shard_count(recorded: int | None, configured: int) -> None:
    """Refuse to work on a trail that was begun with another shard count.

    `recorded` is None for a new trail.

    Raises:
        ShardCountMismatchError: the head records another count.
    """
    if recorded is not None and recorded != configured:
        raise ShardCountMismatchError(configured, recorded)
