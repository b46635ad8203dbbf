"""The ledger's head: where the log stands, and the shard count that the trail was begun with.

It stands apart from the ledger because every function reads it when it begins.
"""

from dataclasses import dataclass

from auditlog.errors import ShardCountMismatchError


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: how many events are committed, and the trail's shard count."""

    size: int
    shard_count: int


def check_shard_count(head: Head | None, configured: int) -> None:
    """Refuse to work on a trail that was begun with another shard count.

    Raises:
        ShardCountMismatchError: the head records another count.
    """
    if head is not None and head.shard_count != configured:
        raise ShardCountMismatchError(configured, head.shard_count)
