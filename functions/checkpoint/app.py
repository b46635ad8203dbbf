"""The checkpoint: publishes what the ledger has committed, every minute."""

from functools import cache
from typing import Any

from auditlog.aws import client
from auditlog.board_s3 import S3Board
from auditlog.config import settings
from auditlog.errors import CheckpointMovedError, InconsistentLogError
from auditlog.log_dynamodb import DynamoLog
from auditlog.publish import Publisher, Run
from auditlog.signers import signer_of
from auditlog.telemetry import emit_published, emit_tampering, logger
from auditlog.witness import HttpWitnesses, witnesses_of

MIN_REMAINING_MS = 20_000


@cache
def publisher() -> Publisher:
    """The publisher of this installation's log, composed on first use."""
    conf = settings()
    return Publisher(
        DynamoLog(client("dynamodb"), conf.ledger_table),
        S3Board(client("s3"), conf.log_bucket),
        signer_of(conf.signing_key),
        HttpWitnesses(witnesses_of(conf.witnesses), _note_failure),
        conf.log_origin,
    )


def _note_failure(witness: str, reason: str) -> None:
    logger().warning("no cosignature", extra={"witness": witness, "reason": reason})


def lambda_handler(event: dict[str, Any], context: Any) -> None:
    """Publish until nothing is left or the time is short; the next run goes on."""
    while _run().is_behind and context.get_remaining_time_in_millis() > MIN_REMAINING_MS:
        pass


def _run() -> Run:
    try:
        run = publisher().run()
    except CheckpointMovedError as error:
        logger().info("nothing to do", extra={"reason": str(error)})
        return Run(0, 0, (), is_behind=False)
    except InconsistentLogError as error:
        logger().error("refused to publish", extra={"reason": str(error)})
        emit_tampering(1)
        raise
    if run.repaired:
        logger().error("repaired the checkpoint", extra={"reason": run.repaired})
        emit_tampering(1)
    emit_published(run.new_entries)
    return run
