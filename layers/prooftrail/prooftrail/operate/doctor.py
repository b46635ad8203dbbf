"""Check the parts of an installation, given what AWS says of them.

The functions take the responses of AWS as they are, and send no requests.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from prooftrail.event.times import describe_duration
from prooftrail.intake.retries import compute_patience
from prooftrail.operate.health import Check, CheckStatus, Problem, fail, warn
from prooftrail.operate.unapplied_holds import HoldSurvey
from prooftrail.verify.silence import MAX_SILENCE_MS

MAX_QUEUE_AGE_SECONDS: Final = 900  # as the alarm has it
MAX_LAG_MS: Final = 5 * 60_000  # a checkpoint is made every minute
MESSAGE_BYTES: Final = 1_048_576
MIN_PATIENCE_SECONDS: Final = 3_600  # an outage of an hour is nothing unusual
ACCESS_BLOCKS: Final = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
INDEXES: Final = ("byAction", "byFailure", "byResource", "byUser")


def check_stack(stack: Mapping[str, Any], outputs: Iterable[str]) -> Check:
    """Check the stack's state, and that it has the outputs that the commands need."""
    status = stack["StackStatus"]
    present = {output["OutputKey"] for output in stack.get("Outputs", [])}
    problems = [
        fail(f"the output {name} is missing", "this is not an audit log's stack, or an older one")
        for name in outputs
        if name not in present
    ]
    if not status.endswith("_COMPLETE"):
        problems.append(warn(f"it is {status}", "see the stack's events in CloudFormation"))
    elif "ROLLBACK" in status:
        problems.append(warn(f"its last change failed: {status}", "see the stack's events"))
    return Check.from_problems("stack", f"{stack['StackName']}, {status}", problems)


def check_queue(
    attributes: Mapping[str, str], oldest_seconds: float | None, dead_letter_arn: str | None
) -> Check:
    """Check the queue that applications send to."""
    waiting = int(attributes["ApproximateNumberOfMessages"])
    active = int(attributes["ApproximateNumberOfMessagesNotVisible"])
    age = "" if oldest_seconds is None else f", the oldest {int(oldest_seconds)} s old"
    problems: list[Problem] = []
    if oldest_seconds is not None and oldest_seconds > MAX_QUEUE_AGE_SECONDS:
        advice = "see the processor's errors and throttles, and the table's"
        problems.append(fail("messages wait too long", advice))
    policy = json.loads(attributes.get("RedrivePolicy") or "{}")
    if not policy:
        problems.append(fail("it has no redrive policy: failing messages are retried for ever"))
    else:
        if dead_letter_arn is not None and policy.get("deadLetterTargetArn") != dead_letter_arn:
            problems.append(fail("its dead letters go to another queue"))
        receives = int(policy.get("maxReceiveCount", 0))
        if (patience := compute_patience(receives)) < MIN_PATIENCE_SECONDS:
            finding = f"messages are tried {receives} times, {describe_duration(patience * 1000)}"
            problems.append(warn(f"{finding} long", "an outage may last longer: see MaxReceives"))
    if int(attributes.get("MaximumMessageSize", MESSAGE_BYTES)) < MESSAGE_BYTES:
        problems.append(
            warn(f"it only takes messages up to {attributes['MaximumMessageSize']} bytes")
        )
    problems += _check_encryption(attributes)
    return Check.from_problems("queue", f"{waiting} waiting, {active} in flight{age}", problems)


def _check_encryption(attributes: Mapping[str, str]) -> list[Problem]:
    is_encrypted = attributes.get("SqsManagedSseEnabled") == "true" or attributes.get(
        "KmsMasterKeyId"
    )
    return [] if is_encrypted else [warn("it is not encrypted at rest")]


def check_dead_letters(attributes: Mapping[str, str]) -> Check:
    """Check the dead-letter queue."""
    count = _count_messages(attributes)
    advice = "`prooftrail dead-letters list` shows the reasons; correct and redrive"
    problems = [warn("", advice)] if count else []
    summary = "1 message" if count == 1 else f"{count} messages"
    problems += _check_encryption(attributes)
    return Check.from_problems("dead letters", summary, problems)


def check_ledger_failures(attributes: Mapping[str, str]) -> Check:
    """Check the queue of stream batches that the ledger could not commit."""
    count = _count_messages(attributes)
    if not count:
        return Check("ledger failures", CheckStatus.OK, "none")
    return Check(
        "ledger failures",
        CheckStatus.FAIL,
        f"stream batches missing from the ledger: {count}",
        "`prooftrail reconcile --apply` commits their events, a day after they were received",
    )


def _count_messages(attributes: Mapping[str, str]) -> int:
    return sum(
        int(value)
        for name, value in attributes.items()
        if name.startswith("ApproximateNumberOfMessages")
    )


def check_table(
    name: str,
    table: Mapping[str, Any],
    backups: Mapping[str, Any] | None,
    expiry: Mapping[str, Any] | None,
    *,
    has_stream: bool,
) -> Check:
    """Check a table; `backups` and `expiry` are None if they cannot be read."""
    problems: list[Problem] = []
    status = table["TableStatus"]
    if status not in {"ACTIVE", "UPDATING"}:
        problems.append(fail(f"it is {status}", "see the table in DynamoDB"))
    if not table.get("DeletionProtectionEnabled"):
        problems.append(warn("it is not protected from deletion"))
    if backups is not None:
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            problems.append(warn("point-in-time recovery is off"))
    if has_stream:
        problems += _check_stream(table)
        problems += _check_indexes(table)
        if expiry is not None and (
            expiry.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}
            or expiry.get("AttributeName") != "expiresAt"
        ):
            problems.append(warn("time to live on expiresAt is off: events never expire"))
    return Check.from_problems(name, f"{table['TableName']}, {status}", problems)


def _check_stream(table: Mapping[str, Any]) -> list[Problem]:
    stream = table.get("StreamSpecification", {})
    if not stream.get("StreamEnabled"):
        return [fail("it has no stream: ledger, statistics and log do not advance")]
    if stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        return [fail("its stream does not show what was changed")]
    return []


def _check_indexes(table: Mapping[str, Any]) -> list[Problem]:
    active = {
        index["IndexName"]
        for index in table.get("GlobalSecondaryIndexes", [])
        if index.get("IndexStatus", "ACTIVE") in {"ACTIVE", "UPDATING"}
    }
    return [
        fail(f"the index {name} is missing: queries fail") for name in INDEXES if name not in active
    ]


def check_bucket(
    name: str,
    bucket: str,
    *,
    encryption: Sequence[Mapping[str, Any]] | None,
    access: Mapping[str, bool] | None,
    versioning: str | None,
) -> Check:
    """Check a bucket; an argument that cannot be read is None."""
    problems: list[Problem] = []
    if encryption is not None and not encryption:
        problems.append(warn("it is not encrypted at rest"))
    if access is not None and not all(access.get(block) for block in ACCESS_BLOCKS):
        problems.append(fail("public access is not blocked"))
    if versioning is not None and versioning != "Enabled":
        problems.append(warn("it keeps no versions: an overwritten object is lost"))
    return Check.from_problems(name, bucket, problems)


def check_ledger(
    committed: int | None, signed: int | None, published: int | None, checkpoint_age_ms: int | None
) -> Check:
    """Check how far the ledger's checkpoint (`signed`) and the published one are behind it.

    The sizes are numbers of entries.
    """
    if committed is None:
        return Check("ledger", CheckStatus.OK, "empty")
    lag = committed - (signed or 0)
    age = "" if checkpoint_age_ms is None else f", {describe_duration(checkpoint_age_ms)} ago"
    finding = f"{committed:,} committed, {signed or 0:,} published{age}"
    advice = "see the checkpoint function's log and schedule, and the signing key"
    problems: list[Problem] = []
    if lag < 0:
        text = "the published log is longer than the ledger: an earlier ledger was restored"
        problems.append(fail(text, "run `prooftrail verify trail`; restore the ledger table"))
    if lag > 0 and checkpoint_age_ms is not None and checkpoint_age_ms > MAX_LAG_MS:
        problems.append(fail(f"entries without a checkpoint: {lag:,}", advice))
    elif lag > 0 and not signed:
        problems.append(warn("there is no checkpoint yet", advice))
    elif checkpoint_age_ms is not None and checkpoint_age_ms > MAX_SILENCE_MS:
        problems.append(fail("the log is silent: it should sign at least once an hour", advice))
    if signed and published is not None and published < signed:
        problems.append(warn(f"the published checkpoint covers only {published:,}", advice))
    return Check.from_problems("ledger", finding, problems)


def check_holds(survey: HoldSurvey, max_tenants: int, *, is_cut: bool) -> Check:
    """Check that legal holds are applied; `is_cut` if not all tenants were looked at."""
    problems = [
        warn(
            f"events of tenant {tenant_id} under a hold will expire",
            "run `prooftrail hold apply` for the tenant, at least once a week",
        )
        for tenant_id in survey.unapplied
    ]
    count = "none" if not survey.hold_count else f"{survey.hold_count:,} active"
    summary = f"{count}, in the first {max_tenants:,} tenants" if is_cut else count
    return Check.from_problems("legal holds", summary, problems)


def check_shard_count(recorded: int | None, configured: int | None) -> Check:
    """Check that the stack has the shard count that the trail was begun with."""
    if recorded is None:
        return Check("shard count", CheckStatus.OK, f"{configured or 'unknown'}, no event yet")
    if configured not in (None, recorded):
        return Check(
            "shard count",
            CheckStatus.FAIL,
            f"the trail has {recorded} shards, the stack {configured}: functions refuse to work",
            f"deploy with ShardCount={recorded}",
        )
    return Check("shard count", CheckStatus.OK, str(recorded))


def check_function(name: str, configuration: Mapping[str, Any], *, has_role: bool) -> Check:
    """Check a Lambda function and the role it runs as."""
    state = configuration.get("State", "Active")
    update = configuration.get("LastUpdateStatus", "Successful")
    problems: list[Problem] = []
    if state not in {"Active", "Inactive"}:  # inactive: not called for weeks; a call activates it
        reason = configuration.get("StateReason", "")
        problems.append(fail(f"it is {state} {reason}".strip(), "see the function in Lambda"))
    if update == "Failed":
        reason = configuration.get("LastUpdateStatusReason", "")
        problems.append(fail(f"its last update failed {reason}".strip(), "deploy again"))
    if not has_role:
        problems.append(fail("its role does not exist"))
    return Check.from_problems(
        f"function {name}", f"{state}, {configuration.get('Runtime', 'image')}", problems
    )


def check_event_source(name: str, mapping: Mapping[str, Any]) -> Check:
    """Check the event source of a function."""
    state = mapping.get("State", "")
    result = mapping.get("LastProcessingResult", "")
    problems: list[Problem] = []
    if state not in {"Enabled", "Enabling", "Creating", "Updating"}:
        problems.append(fail(f"it is {state}: nothing is read from it", "enable it in Lambda"))
    if result.startswith("PROBLEM"):
        problems.append(warn(result, "see the function's log"))
    if ":sqs:" in mapping.get("EventSourceArn", ""):
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            problems.append(
                fail("it does not report failures of single messages: a fault loses events")
            )
    elif mapping.get("ParallelizationFactor", 1) != 1 or mapping.get("BisectBatchOnFunctionError"):
        problems.append(fail("it splits batches: events may be counted twice"))
    return Check.from_problems(f"source {name}", ", ".join(filter(None, [state, result])), problems)


def check_signing_key(key: Mapping[str, Any]) -> Check:
    """Check the key that signs checkpoints."""
    state = key["KeyState"]
    problems = []
    if state != "Enabled":
        advice = "enable it, or cancel its deletion, in KMS: without it nothing more is published"
        problems.append(fail(f"it is {state}", advice))
    return Check.from_problems("signing key", key["KeyId"], problems)


def check_alarms(names: Sequence[str], alarms: Sequence[Mapping[str, Any]]) -> Check:
    """Check the stack's alarms."""
    active = sorted(alarm["AlarmName"] for alarm in alarms if alarm["StateValue"] == "ALARM")
    missing = len(names) - len(alarms)
    problems = [
        warn(f"{name} is in alarm", "docs/architecture.md says what to do") for name in active
    ]
    if missing:
        problems.append(warn(f"alarms missing: {missing}"))
    return Check.from_problems("alarms", f"{len(alarms)} alarms", problems)
