"""Check the shard count that a trail was begun with; most functions need nothing else of a head."""

from prooftrail.errors import ShardCountMismatchError


def check_shard_count(recorded: int | None, configured: int) -> None:
    """Refuse to work on a trail that was begun with another shard count.

    `recorded` is None for a new trail.

    Raises:
        ShardCountMismatchError: the head records another count.
    """
    if recorded is not None and recorded != configured:
        raise ShardCountMismatchError(configured, recorded)
