"""The ledger function: commits the stream of AuditEvents, counts events, reports tampering."""

import time
from functools import cache
from typing import Any

from prooftrail.aws.clients import client
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.stream import read_changes
from prooftrail.ledger.commit import commit_changes
from prooftrail.ledger.tampering import (
    Tampering,
    classify_expiries,
    classify_removals,
    detect_tampering,
)
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
    """Commit a stream batch. Raise if Lambda must deliver the same batch again.

    Tampering is reported first, record by record. What fails for one tenant is raised last.
    """
    conf = get_settings()
    emit_tampering(0)
    changes = []
    for change in read_changes(event, conf.shard_count):
        if found := detect_tampering(change, conf.retention_days):
            _report(found)
        changes.append(change)
    classified = classify_removals(changes, make_ledger())
    expiries = classify_expiries(changes, make_ledger())
    for found in (*classified.tampering, *expiries.tampering):
        _report(found)
    committed = commit_changes(
        changes, make_ledger(), shard_count=conf.shard_count, sleep=time.sleep
    )
    emit_committed(committed.new)
    if failure := classified.failure or expiries.failure:
        raise failure
    if classified.ordered:
        get_logger().info("removed by order", extra={"events": classified.ordered})
        emit_removed(sum(classified.ordered.values()))


def _report(found: Tampering) -> None:
    """Log tampering and raise the alarm now, because the batch may still fail for good."""
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
    emit_tampering(1)
