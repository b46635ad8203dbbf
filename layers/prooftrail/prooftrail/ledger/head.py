"""The ledger's head: where the log stands, and the shard count that the trail was begun with.

It stands apart from the ledger because every function reads the shard count when it begins.
"""

from dataclasses import dataclass

from prooftrail.errors import ShardCountMismatchError
from prooftrail.tlog.merkle import Edge


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: the right edge of the tree of all entries; and the shard count."""

    edge: Edge
    shard_count: int

    @property
    def size(self) -> int:
        """How many events are committed."""
        return self.edge.size


def check_shard_count(recorded: int | None, configured: int) -> None:
    """Refuse to work on a trail that was begun with another shard count; None is a new trail.

    Raises:
        ShardCountMismatchError: the head records another count.
    """
    if recorded is not None and recorded != configured:
        raise ShardCountMismatchError(configured, recorded)
