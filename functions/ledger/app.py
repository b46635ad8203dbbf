"""The ledger: the stream of AuditEvents into log positions, counters and tamper alarms."""

import time
from collections.abc import Sequence
from functools import cache
from typing import Any

from prooftrail.aws.clients import client
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.stream import parse_stream_event
from prooftrail.ledger.commit import commit_changes
from prooftrail.ledger.tampering import Tampering, classify_removals, find_tampering
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.shard_count import require_same_shard_count
from prooftrail.runtime.telemetry import emit_committed, emit_removed, emit_tampering, get_logger


@cache
def make_ledger() -> DynamoLedger:
    """The ledger's table, on first use; refuses a trail that has another shard count."""
    conf = get_settings()
    require_same_shard_count()
    return DynamoLedger(client("dynamodb"), conf.ledger_table)


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Commit a stream batch; raises where the same batch must be delivered again."""
    conf = get_settings()
    changes = parse_stream_event(event, conf.shard_count)
    _tell(find_tampering(changes, retention_days=conf.retention_days))
    if removals := [change for change in changes if change.needs_order]:
        judged = classify_removals(removals, make_ledger())
        if judged.ordered:
            get_logger().info("removed by order", extra={"events": judged.ordered})
            emit_removed(sum(judged.ordered.values()))
        _tell(judged.tampering)
    committed = commit_changes(
        changes, make_ledger(), shard_count=conf.shard_count, sleep=time.sleep
    )
    emit_committed(committed.new)


def _tell(tampering: Sequence[Tampering]) -> None:
    """Log it and ring the alarm, at once: the batch may still fail for good."""
    for found in tampering:
        get_logger().error(
            "tampering",
            extra={
                "reason": found.reason,
                "eventName": found.kind,
                "eventId": found.item_id,
                "oldDigest": found.old_digest,
                "newDigest": found.new_digest,
            },
        )
    emit_tampering(len(tampering))
