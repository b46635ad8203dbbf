"""The doctor's checks of what AWS says: what is right, and each thing that can be wrong."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from prooftrail.operate import doctor
from prooftrail.operate.health import Check, CheckStatus
from prooftrail.operate.unapplied_holds import HoldSurvey

OK, WARN, FAIL = CheckStatus.OK, CheckStatus.WARN, CheckStatus.FAIL
ARN = "arn:aws:sqs:us-east-1:1:dead"
QUEUE = {
    "ApproximateNumberOfMessages": "3",
    "ApproximateNumberOfMessagesNotVisible": "2",
    "RedrivePolicy": json.dumps({"deadLetterTargetArn": ARN, "maxReceiveCount": 200}),
    "MaximumMessageSize": "1048576",
    "SqsManagedSseEnabled": "true",
}


def without(source: Mapping[str, Any], *names: str, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in source.items() if name not in names} | changes


@pytest.mark.parametrize(
    ("attributes", "oldest", "status", "finding"),
    [
        (QUEUE, None, OK, "3 waiting, 2 in flight"),
        (QUEUE, 899.0, OK, "the oldest 899 s old"),
        (QUEUE, 901.0, FAIL, "wait too long"),
        (without(QUEUE, "RedrivePolicy"), None, FAIL, "no redrive policy"),
        (
            without(QUEUE, RedrivePolicy='{"deadLetterTargetArn": "x", "maxReceiveCount": 200}'),
            None,
            FAIL,
            "another queue",
        ),
        (
            without(
                QUEUE,
                RedrivePolicy=json.dumps({"deadLetterTargetArn": ARN, "maxReceiveCount": "9"}),
            ),
            None,
            WARN,
            "tried 9 times, 8m long",
        ),
        (without(QUEUE, MaximumMessageSize="262144"), None, WARN, "262144 bytes"),
        (without(QUEUE, "SqsManagedSseEnabled"), None, WARN, "not encrypted"),
        (without(QUEUE, "SqsManagedSseEnabled", KmsMasterKeyId="k"), None, OK, "3 waiting"),
    ],
)
def test_queues(
    attributes: Mapping[str, str], oldest: float | None, status: CheckStatus, finding: str
) -> None:
    check = doctor.check_queue(attributes, oldest, ARN)
    assert (check.status, finding in check.finding) == (status, True)
    assert bool(check.advice) == (status is not OK)


def test_dead_letters_and_failures() -> None:
    none = {"ApproximateNumberOfMessages": "0", "SqsManagedSseEnabled": "true"}
    some = {**none, "ApproximateNumberOfMessagesNotVisible": "4"}
    assert doctor.check_dead_letters(none) == Check("dead letters", OK, "0 messages")
    assert doctor.check_dead_letters(some).status is WARN
    assert doctor.check_dead_letters(some).finding == "4 messages"
    one = {**none, "ApproximateNumberOfMessages": "1"}
    assert doctor.check_dead_letters(one).finding == "1 message"
    assert doctor.check_ledger_failures(none).status is OK
    assert doctor.check_ledger_failures(some).status is FAIL


TABLE = {
    "TableName": "t",
    "TableStatus": "ACTIVE",
    "DeletionProtectionEnabled": True,
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    "GlobalSecondaryIndexes": [
        {"IndexName": name, "IndexStatus": "ACTIVE"} for name in doctor.INDEXES
    ],
}
BACKUPS = {"PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"}}
EXPIRY = {"TimeToLiveStatus": "ENABLED", "AttributeName": "expiresAt"}


@pytest.mark.parametrize(
    ("table", "backups", "expiry", "status", "finding"),
    [
        (TABLE, BACKUPS, EXPIRY, OK, "t, ACTIVE"),
        (TABLE, None, None, OK, "t, ACTIVE"),
        (without(TABLE, TableStatus="DELETING"), BACKUPS, EXPIRY, FAIL, "it is DELETING"),
        (without(TABLE, "DeletionProtectionEnabled"), BACKUPS, EXPIRY, WARN, "not protected"),
        (TABLE, {}, EXPIRY, WARN, "point-in-time recovery is off"),
        (
            TABLE,
            BACKUPS,
            {"TimeToLiveStatus": "DISABLED"},
            WARN,
            "time to live on expiresAt is off",
        ),
        (
            TABLE,
            BACKUPS,
            without(EXPIRY, AttributeName="x"),
            WARN,
            "time to live on expiresAt is off",
        ),
        (without(TABLE, "StreamSpecification"), BACKUPS, EXPIRY, FAIL, "it has no stream"),
        (
            without(
                TABLE, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
            ),
            BACKUPS,
            EXPIRY,
            FAIL,
            "does not show",
        ),
        (
            without(TABLE, "GlobalSecondaryIndexes"),
            BACKUPS,
            EXPIRY,
            FAIL,
            "the index byUser is missing",
        ),
    ],
)
def test_tables(table: Any, backups: Any, expiry: Any, status: CheckStatus, finding: str) -> None:
    check = doctor.check_table("events table", table, backups, expiry, has_stream=True)
    assert (check.status, finding in check.finding) == (status, True)


def test_a_ledgers_table_needs_neither_stream_nor_expiry() -> None:
    table = without(TABLE, "StreamSpecification", "GlobalSecondaryIndexes")
    assert doctor.check_table("x", table, BACKUPS, {}, has_stream=False).status is OK


BLOCKED = dict.fromkeys(doctor.ACCESS_BLOCKS, True)


@pytest.mark.parametrize(
    ("encryption", "access", "versioning", "status"),
    [
        ([{}], BLOCKED, "Enabled", OK),
        (None, None, None, OK),
        ([], BLOCKED, "Enabled", WARN),
        ([{}], {**BLOCKED, "BlockPublicPolicy": False}, "Enabled", FAIL),
        ([{}], {}, "Enabled", FAIL),
        ([{}], BLOCKED, "Suspended", WARN),
    ],
)
def test_buckets(encryption: Any, access: Any, versioning: Any, status: CheckStatus) -> None:
    check = doctor.check_bucket(
        "log bucket", "b", encryption=encryption, access=access, versioning=versioning
    )
    assert check.status is status


MINUTE = 60_000


@pytest.mark.parametrize(
    ("sizes", "age_ms", "status"),
    [
        ((None, None, None), None, OK),
        ((10, 10, 10), 55 * MINUTE, OK),  # nothing came since
        ((10, 10, 10), 90 * 24 * 60 * MINUTE, FAIL),  # the log did not even say that
        ((12, 10, 10), MINUTE, OK),
        ((12, 10, 10), 6 * MINUTE, FAIL),
        ((12, 10, 10), None, OK),
        ((12, None, None), None, WARN),
        ((9, 10, 10), MINUTE, FAIL),
        ((10, 10, 9), MINUTE, WARN),
    ],
)
def test_the_log_behind_the_ledger(
    sizes: tuple[int | None, int | None, int | None], age_ms: int | None, status: CheckStatus
) -> None:
    assert doctor.check_ledger(*sizes, age_ms).status is status


def test_holds() -> None:
    assert doctor.check_holds(HoldSurvey(0, ()), 9, is_cut=False).finding == "none"
    check = doctor.check_holds(HoldSurvey(1_200, ()), 1_000, is_cut=True)
    assert (check.status, check.finding) == (OK, "1,200 active, in the first 1,000 tenants")
    check = doctor.check_holds(HoldSurvey(2, ("a", "b")), 9, is_cut=False)
    assert check.status is WARN
    assert "tenant a under a hold will expire; events of tenant b" in check.finding
    assert check.advice.count("prooftrail hold apply") == 1


def test_shards() -> None:
    assert doctor.check_shard_count(4, 4).status is OK
    assert doctor.check_shard_count(4, None).status is OK
    assert doctor.check_shard_count(None, 8).status is OK
    check = doctor.check_shard_count(4, 8)
    assert (check.status, check.advice) == (FAIL, "deploy with ShardCount=4")


@pytest.mark.parametrize(
    ("configuration", "has_role", "status"),
    [
        ({"State": "Active", "LastUpdateStatus": "Successful"}, True, OK),
        ({"State": "Inactive"}, True, OK),
        ({"State": "Failed", "StateReason": "no layer"}, True, FAIL),
        ({"State": "Active", "LastUpdateStatus": "Failed"}, True, FAIL),
        ({"State": "Active"}, False, FAIL),
    ],
)
def test_functions(configuration: Any, has_role: bool, status: CheckStatus) -> None:
    assert doctor.check_function("x", configuration, has_role=has_role).status is status


SQS = {
    "State": "Enabled",
    "EventSourceArn": ARN,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}
STREAM = {"State": "Enabled", "EventSourceArn": "arn:aws:dynamodb:x", "ParallelizationFactor": 1}


@pytest.mark.parametrize(
    ("mapping", "status"),
    [
        (SQS, OK),
        (without(SQS, State="Disabled"), FAIL),
        (without(SQS, "FunctionResponseTypes"), FAIL),
        (without(STREAM, LastProcessingResult="OK"), OK),
        (without(STREAM, LastProcessingResult="PROBLEM: Function call failed"), WARN),
        (without(STREAM, ParallelizationFactor=2), FAIL),
        (without(STREAM, BisectBatchOnFunctionError=True), FAIL),
    ],
)
def test_sources(mapping: Any, status: CheckStatus) -> None:
    assert doctor.check_event_source("x", mapping).status is status


def test_keys_and_alarms() -> None:
    assert doctor.check_signing_key({"KeyId": "k", "KeyState": "Enabled"}).status is OK
    assert doctor.check_signing_key({"KeyId": "k", "KeyState": "PendingDeletion"}).status is FAIL
    quiet, loud = ({"AlarmName": name, "StateValue": name} for name in ("OK", "ALARM"))
    assert doctor.check_alarms(["OK"], [quiet]).status is OK
    check = doctor.check_alarms(["OK", "ALARM", "gone"], [quiet, loud])
    assert (check.status, "ALARM is in alarm; alarms missing: 1" in check.finding) == (WARN, True)


def test_a_stack() -> None:
    outputs = [{"OutputKey": "A"}]
    stack = {"StackName": "s", "StackStatus": "CREATE_COMPLETE", "Outputs": outputs}
    assert doctor.check_stack(stack, ["A"]).status is OK
    assert doctor.check_stack(stack, ["A", "B"]).status is FAIL
    for status in ("UPDATE_ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"):
        assert doctor.check_stack({**stack, "StackStatus": status}, ["A"]).status is WARN
