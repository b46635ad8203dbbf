"""The shard count of the trail, which every function that uses the tables checks first."""

from prooftrail.aws.clients import client
from prooftrail.aws.shard_count import read_shard_count
from prooftrail.ledger.shard_count import check_shard_count
from prooftrail.runtime.config import get_settings


def require_same_shard_count() -> None:
    """Compare the configured shard count with that of the ledger's head. A new trail has none.

    Raises:
        ShardCountMismatchError: they differ; events would be looked for in other partitions.
        StoreUnavailableError: the ledger cannot be read now.
        StoreRejectedError: the ledger cannot be read: permissions, or a missing table.
    """
    conf = get_settings()
    recorded = read_shard_count(client("dynamodb"), conf.ledger_table)
    check_shard_count(recorded, conf.shard_count)
