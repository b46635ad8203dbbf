"""Whether an installation is sound: what AWS tells of its parts, judged.

What AWS answers comes in as it is; nothing here asks for anything.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from prooftrail.event.times import describe_duration

MAX_QUEUE_AGE_SECONDS: Final = 900  # as the alarm has it
MAX_LAG_MS: Final = 5 * 60_000  # a checkpoint is made every minute
MESSAGE_BYTES: Final = 1_048_576
RECEIVES: Final = 3
ACCESS_BLOCKS: Final = (
    "BlockPublicAcls",
    "BlockPublicPolicy",
    "IgnorePublicAcls",
    "RestrictPublicBuckets",
)
INDEXES: Final = ("byAction", "byFailure", "byResource", "byUser")


class CheckStatus(StrEnum):
    """How it is with a part."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: what was found, and what to do about it."""

    name: str
    status: CheckStatus
    finding: str
    advice: str = ""

    def to_json(self) -> dict[str, str]:
        """The JSON object."""
        return {
            "check": self.name,
            "verdict": self.status,
            "finding": self.finding,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be."""

    status: CheckStatus
    finding: str
    advice: str


def make_check(name: str, finding: str, flaws: Iterable[Problem]) -> Check:
    """The check of a part: as bad as the worst of its flaws, all of which it tells.

    >>> make_check("queue", "3 waiting", [Problem(CheckStatus.WARN, "is old", "look")]).finding
    '3 waiting; is old'
    """
    found = list(flaws)
    if not found:
        return Check(name, CheckStatus.OK, finding)
    worst = (
        CheckStatus.FAIL
        if any(one.status is CheckStatus.FAIL for one in found)
        else CheckStatus.WARN
    )
    findings = "; ".join([*filter(None, [finding]), *(one.finding for one in found)])
    return Check(name, worst, findings, "; ".join(dict.fromkeys(one.advice for one in found)))


DEPLOY: Final = "deploy the template again; something changed this by hand"


def warn(finding: str, advice: str = DEPLOY) -> Problem:
    """A flaw that endangers what is to come."""
    return Problem(CheckStatus.WARN, finding, advice)


def fail(finding: str, advice: str = DEPLOY) -> Problem:
    """A flaw that breaks something now."""
    return Problem(CheckStatus.FAIL, finding, advice)


def check_stack(stack: Mapping[str, Any], outputs: Iterable[str]) -> Check:
    """The stack's state, and whether it has what the commands need."""
    status = stack["StackStatus"]
    told = {one["OutputKey"] for one in stack.get("Outputs", [])}
    flaws = [
        fail(f"no output {name}", "it is no audit log's stack, or an older one")
        for name in outputs
        if name not in told
    ]
    if not status.endswith("_COMPLETE"):
        flaws.append(warn(f"it is {status}", "see the stack's events in CloudFormation"))
    elif "ROLLBACK" in status:
        flaws.append(warn(f"its last change failed: {status}", "see the stack's events"))
    return make_check("stack", f"{stack['StackName']}, {status}", flaws)


def check_queue(
    attributes: Mapping[str, str], oldest_seconds: float | None, dead_letter_arn: str | None
) -> Check:
    """The queue that applications send to."""
    waiting = int(attributes["ApproximateNumberOfMessages"])
    active = int(attributes["ApproximateNumberOfMessagesNotVisible"])
    age = "" if oldest_seconds is None else f", the oldest {int(oldest_seconds)} s old"
    flaws: list[Problem] = []
    if oldest_seconds is not None and oldest_seconds > MAX_QUEUE_AGE_SECONDS:
        advice = "see the processor's errors and throttles, and the table's"
        flaws.append(fail("messages wait too long", advice))
    policy = json.loads(attributes.get("RedrivePolicy") or "{}")
    if not policy:
        flaws.append(fail("no redrive policy: what fails is tried for ever"))
    else:
        if dead_letter_arn is not None and policy.get("deadLetterTargetArn") != dead_letter_arn:
            flaws.append(fail("its dead letters go to another queue"))
        if int(policy.get("maxReceiveCount", 0)) != RECEIVES:
            flaws.append(warn(f"messages are tried {policy.get('maxReceiveCount')} times, not 3"))
    if int(attributes.get("MaximumMessageSize", MESSAGE_BYTES)) < MESSAGE_BYTES:
        flaws.append(warn(f"it takes messages of {attributes['MaximumMessageSize']} bytes only"))
    flaws += _unencrypted(attributes)
    return make_check("queue", f"{waiting} waiting, {active} in flight{age}", flaws)


def _unencrypted(attributes: Mapping[str, str]) -> list[Problem]:
    is_encrypted = attributes.get("SqsManagedSseEnabled") == "true" or attributes.get(
        "KmsMasterKeyId"
    )
    return [] if is_encrypted else [warn("it is not encrypted at rest")]


def check_dead_letters(attributes: Mapping[str, str]) -> Check:
    """The dead-letter queue."""
    count = _messages_in(attributes)
    flaws = (
        [warn("", "`prooftrail dead-letters list` tells why; mend and redrive")] if count else []
    )
    letters = "1 letter" if count == 1 else f"{count} letters"
    check = make_check("dead letters", letters, [*flaws, *_unencrypted(attributes)])
    return Check(check.name, check.status, check.finding.removesuffix("; "), check.advice)


def check_ledger_failures(attributes: Mapping[str, str]) -> Check:
    """The queue of stream batches that the ledger gave up."""
    count = _messages_in(attributes)
    if not count:
        return Check("ledger failures", CheckStatus.OK, "none")
    return Check(
        "ledger failures",
        CheckStatus.FAIL,
        f"stream batches missing from the ledger: {count}",
        "`prooftrail reconcile --apply` commits them, a day after they came",
    )


def _messages_in(attributes: Mapping[str, str]) -> int:
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
    """A table; `backups` and `expiry` are None where they cannot be seen."""
    flaws: list[Problem] = []
    status = table["TableStatus"]
    if status not in {"ACTIVE", "UPDATING"}:
        flaws.append(fail(f"it is {status}", "see the table in DynamoDB"))
    if not table.get("DeletionProtectionEnabled"):
        flaws.append(warn("it is not protected from deletion"))
    if backups is not None:
        recovery = backups.get("PointInTimeRecoveryDescription", {})
        if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
            flaws.append(warn("no point-in-time recovery"))
    if has_stream:
        stream = table.get("StreamSpecification", {})
        if not stream.get("StreamEnabled"):
            flaws.append(fail("no stream: ledger, statistics and log stand still"))
        elif stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
            flaws.append(fail("its stream does not show what was changed"))
        active = {
            one["IndexName"]
            for one in table.get("GlobalSecondaryIndexes", [])
            if one.get("IndexStatus", "ACTIVE") in {"ACTIVE", "UPDATING"}
        }
        flaws += [fail(f"no index {one}: queries fail") for one in INDEXES if one not in active]
        if expiry is not None and (
            expiry.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}
            or expiry.get("AttributeName") != "expiresAt"
        ):
            flaws.append(warn("no time to live on expiresAt: no retention ends an event"))
    return make_check(name, f"{table['TableName']}, {status}", flaws)


def check_bucket(
    name: str,
    bucket: str,
    *,
    encryption: Sequence[Mapping[str, Any]] | None,
    access: Mapping[str, bool] | None,
    versioning: str | None,
) -> Check:
    """A bucket; what cannot be seen is None."""
    flaws: list[Problem] = []
    if encryption is not None and not encryption:
        flaws.append(warn("it is not encrypted at rest"))
    if access is not None:
        needed = (
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        )
        if not all(access.get(one) for one in needed):
            flaws.append(fail("public access is not blocked"))
    if versioning is not None and versioning != "Enabled":
        flaws.append(warn("no versions: what is overwritten is gone"))
    return make_check(name, bucket, flaws)


def check_ledger(
    committed: int | None, published: int | None, posted: int | None, checkpoint_age_ms: int | None
) -> Check:
    """How far the log's checkpoint is behind the ledger; sizes are numbers of entries."""
    if committed is None:
        return Check("ledger", CheckStatus.OK, "empty")
    lag = committed - (published or 0)
    age = "" if checkpoint_age_ms is None else f", {describe_duration(checkpoint_age_ms)} ago"
    finding = f"{committed:,} committed, {published or 0:,} published{age}"
    advice = "see the checkpoint function's log: KMS, its schedule, what it refused"
    flaws: list[Problem] = []
    if lag < 0:
        text = "the published log is longer than the ledger: the ledger was put back"
        flaws.append(fail(text, "`prooftrail verify trail`; restore the ledger's table"))
    if lag > 0 and checkpoint_age_ms is not None and checkpoint_age_ms > MAX_LAG_MS:
        flaws.append(fail(f"entries that wait for a checkpoint: {lag:,}", advice))
    elif lag > 0 and not published:
        flaws.append(warn("no checkpoint yet", advice))
    if published and posted is not None and posted < published:
        flaws.append(warn(f"the posted checkpoint covers {posted:,} entries only", advice))
    return make_check("ledger", finding, flaws)


def check_shard_count(recorded: int | None, configured: int | None) -> Check:
    """The shard count that the trail was begun with, against the stack's."""
    if recorded is None:
        return Check("shard count", CheckStatus.OK, f"{configured or 'unknown'}, no event yet")
    if configured not in (None, recorded):
        return Check(
            "shard count",
            CheckStatus.FAIL,
            f"the trail has {recorded} shards, the stack {configured}: its functions refuse",
            f"deploy with ShardCount={recorded}",
        )
    return Check("shard count", CheckStatus.OK, str(recorded))


def check_function(name: str, configuration: Mapping[str, Any], *, has_role: bool) -> Check:
    """A Lambda function and the role it runs as."""
    state = configuration.get("State", "Active")
    update = configuration.get("LastUpdateStatus", "Successful")
    flaws: list[Problem] = []
    if state not in {"Active", "Inactive"}:  # inactive: not called for weeks; a call wakes it
        reason = configuration.get("StateReason", "")
        flaws.append(fail(f"it is {state} {reason}".strip(), "see the function in Lambda"))
    if update == "Failed":
        reason = configuration.get("LastUpdateStatusReason", "")
        flaws.append(fail(f"its last update failed {reason}".strip(), "deploy again"))
    if not has_role:
        flaws.append(fail("its role is gone"))
    return make_check(
        f"function {name}", f"{state}, {configuration.get('Runtime', 'image')}", flaws
    )


def check_event_source(name: str, mapping: Mapping[str, Any]) -> Check:
    """What feeds a function."""
    state = mapping.get("State", "")
    result = mapping.get("LastProcessingResult", "")
    flaws: list[Problem] = []
    if state not in {"Enabled", "Enabling", "Creating", "Updating"}:
        flaws.append(fail(f"it is {state}: nothing is read", "enable it in Lambda"))
    if result.startswith("PROBLEM"):
        flaws.append(warn(result, "see the function's log"))
    if ":sqs:" in mapping.get("EventSourceArn", ""):
        if "ReportBatchItemFailures" not in mapping.get("FunctionResponseTypes", []):
            flaws.append(fail("it does not report failures by message: a fault loses events"))
    elif mapping.get("ParallelizationFactor", 1) != 1 or mapping.get("BisectBatchOnFunctionError"):
        flaws.append(fail("it splits batches: events may be counted twice"))
    return make_check(f"source {name}", ", ".join(filter(None, [state, result])), flaws)


def check_signing_key(key: Mapping[str, Any]) -> Check:
    """The key that signs checkpoints."""
    state = key["KeyState"]
    flaws = []
    if state != "Enabled":
        advice = "enable it, or cancel its deletion, in KMS: without it the log ends"
        flaws.append(fail(f"it is {state}", advice))
    return make_check("signing key", key["KeyId"], flaws)


def check_alarms(names: Sequence[str], alarms: Sequence[Mapping[str, Any]]) -> Check:
    """The stack's alarms."""
    ringing = sorted(one["AlarmName"] for one in alarms if one["StateValue"] == "ALARM")
    missing = len(names) - len(alarms)
    flaws = [warn(f"{one} rings", "docs/architecture.md says what to do") for one in ringing]
    if missing:
        flaws.append(warn(f"{missing} are gone"))
    return make_check("alarms", f"{len(alarms)} alarms", flaws)
