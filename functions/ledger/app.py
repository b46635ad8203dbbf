"""The ledger function: commits the stream of AuditEvents, counts events, reports tampering."""

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
    """Return the ledger, made on first use. Refuse a trail with another shard count."""
    conf = get_settings()
    require_same_shard_count()
    return DynamoLedger(client("dynamodb"), conf.ledger_table)


def lambda_handler(event: dict[str, Any], context: object) -> None:
    """Commit a stream batch. Raise if Lambda must deliver the same batch again."""
    conf = get_settings()
    changes = parse_stream_event(event, conf.shard_count)
    _report(find_tampering(changes, retention_days=conf.retention_days))
    if removals := [change for change in changes if change.needs_order]:
        classified = classify_removals(removals, make_ledger())
        if classified.ordered:
            get_logger().info("removed by order", extra={"events": classified.ordered})
            emit_removed(sum(classified.ordered.values()))
        _report(classified.tampering)
    committed = commit_changes(
        changes, make_ledger(), shard_count=conf.shard_count, sleep=time.sleep
    )
    emit_committed(committed.new)


def _report(tampering: Sequence[Tampering]) -> None:
    """Log tampering and raise the alarm now, because the batch may still fail for good."""
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
