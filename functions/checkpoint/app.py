"""The checkpoint function: publishes what the ledger has committed, every minute."""

from functools import cache
from typing import Any

from prooftrail.aws.clients import client
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.published_log import S3PublishedLog
from prooftrail.aws.signers import open_signer
from prooftrail.errors import CheckpointMovedError, InconsistentLogError
from prooftrail.event.times import now_ms
from prooftrail.ledger.publish import Publisher, PublishResult
from prooftrail.runtime.config import get_settings
from prooftrail.runtime.telemetry import emit_published, emit_tampering, get_logger
from prooftrail.tlog.witness import HttpWitnesses
from prooftrail.tlog.witness_list import parse_witnesses

MIN_REMAINING_MS = 20_000


@cache
def make_publisher() -> Publisher:
    """Return the publisher of the log, made on first use."""
    conf = get_settings()
    return Publisher(
        DynamoLog(client("dynamodb"), conf.ledger_table),
        S3PublishedLog(client("s3"), conf.log_bucket),
        open_signer(conf.signing_key),
        HttpWitnesses(parse_witnesses(conf.witnesses), _note_failure),
        conf.log_origin,
        now_ms,
    )


def _note_failure(witness: str, reason: str) -> None:
    get_logger().warning("no cosignature", extra={"witness": witness, "reason": reason})


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Publish until nothing is left or little time remains. The next run continues."""
    while _run().is_behind and context.get_remaining_time_in_millis() > MIN_REMAINING_MS:
        pass


def _run() -> PublishResult:
    try:
        run = make_publisher().run()
    except CheckpointMovedError as error:
        get_logger().info("nothing to do", extra={"reason": str(error)})
        return PublishResult(0, 0, (), is_behind=False)
    except InconsistentLogError as error:
        get_logger().error("refused to publish", extra={"reason": str(error)})
        emit_tampering(1)
        raise
    if run.repaired:
        get_logger().error("repaired the checkpoint", extra={"reason": run.repaired})
        emit_tampering(1)
    if run.earlier is not None:
        get_logger().warning("replaced an earlier checkpoint", extra={"size": run.earlier})
    emit_published(run.new_entries)
    return run
