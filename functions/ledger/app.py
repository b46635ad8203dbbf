"""The ledger: the stream of AuditEvents into log positions, counters and tamper alarms."""

import time
from functools import cache
from typing import Any

from auditlog.aws import client
from auditlog.config import settings
from auditlog.head import check_shard_count
from auditlog.head_dynamodb import read_shard_count
from auditlog.ledger import LedgerStore, commit_changes, find_tampering
from auditlog.ledger_dynamodb import DynamoLedger, changes_of
from auditlog.telemetry import emit_committed, emit_tampering, logger


@cache
def ledger() -> LedgerStore:
    """The ledger's table, on first use; refuses a trail that has another shard count."""
    conf = settings()
    check_shard_count(read_shard_count(client("dynamodb"), conf.ledger_table), conf.shard_count)
    return DynamoLedger(client("dynamodb"), conf.ledger_table)


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Commit a stream batch; raises where the same batch must be delivered again."""
    conf = settings()
    changes = changes_of(event, conf.shard_count)
    tampering = find_tampering(changes, retention_days=conf.retention_days)
    for found in tampering:
        logger().error(
            "tampering",
            extra={
                "reason": found.reason,
                "eventName": found.kind,
                "eventId": found.item_id,
                "oldDigest": found.old_digest,
                "newDigest": found.new_digest,
            },
        )
    emit_tampering(len(tampering))  # told even if the batch then fails for good
    committed = commit_changes(changes, ledger(), shard_count=conf.shard_count, sleep=time.sleep)
    emit_committed(committed.new)
