"""The ledger: the stream of AuditEvents into log positions, counters and tamper alarms."""

import time
from functools import cache
from typing import Any

from auditlog.aws import client
from auditlog.config import settings
from auditlog.ledger import LedgerStore, commit_changes
from auditlog.ledger_dynamodb import DynamoLedger, changes_of
from auditlog.telemetry import emit_ledger, logger


@cache
def ledger() -> LedgerStore:
    """The ledger's table, on first use."""
    return DynamoLedger(client("dynamodb"), settings().ledger_table)


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Commit a stream batch; raises where the same batch must be delivered again."""
    report = commit_changes(
        changes_of(event), ledger(), shard_count=settings().shard_count, sleep=time.sleep
    )
    for found in report.tampering:
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
    emit_ledger(report)
