"""Reads the state of an installation from AWS, each part independently of the others."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from itertools import islice
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.errors import (
    AWS_ERRORS,
    describe_aws_error,
    get_error_code,
    translate_aws_errors,
)
from prooftrail.aws.holds import DynamoHoldableEvents
from prooftrail.aws.ledger import DynamoLedger
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.published_log import CHECKPOINT
from prooftrail.aws.shard_count import read_shard_count
from prooftrail.errors import AuditLogError, StoreRejectedError
from prooftrail.operate import doctor
from prooftrail.operate.health import Check, CheckStatus
from prooftrail.operate.unapplied_holds import survey_holds
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note

OUTPUTS: Final = (
    "AuditQueueUrl",
    "AuditDeadLetterQueueUrl",
    "AuditEventsTableName",
    "AuditLedgerTableName",
    "OverflowBucketName",
    "LogBucketName",
)
MAX_TENANTS: Final = 1_000  # each costs a query of its holds
_NOT_CONFIGURED: Final = frozenset(
    {
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


class Doctor:
    """Examines the installation of a stack. `client` makes the client of a service."""

    def __init__(
        self, client: Callable[[str], Any], stack: str, now: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._stack_name = stack
        self._now = now
        self._stack: Mapping[str, Any] = {}

    def run_checks(self) -> Iterator[Check]:
        """Yield the check of each part. A part that the caller may not read is skipped.

        Raises:
            StoreUnavailableError, StoreRejectedError: AWS cannot be reached, or does not accept
                the caller's credentials.
        """
        yield self._check_caller()
        yield self._run_check("stack", self._check_stack)
        if not self._stack:
            return
        for name, check in (
            ("queue", self._check_queue),
            ("dead letters", self._check_dead_letters),
            ("ledger failures", self._check_ledger_failures),
            ("events table", partial(self._check_table, "events table", "AuditEventsTableName")),
            ("ledger table", partial(self._check_table, "ledger table", "AuditLedgerTableName")),
            (
                "overflow bucket",
                partial(self._check_bucket, "overflow bucket", "OverflowBucketName"),
            ),
            ("log bucket", partial(self._check_bucket, "log bucket", "LogBucketName")),
            ("ledger", self._check_ledger),
            ("shard count", self._check_shard_count),
            ("legal holds", self._check_holds),
            ("signing key", self._check_signing_key),
            ("alarms", self._check_alarms),
        ):
            yield self._run_check(name, check)
        yield from self._check_functions()

    def _run_check(self, name: str, check: Callable[[], Check]) -> Check:
        """Return the check, or a check that says why it could not be made."""
        try:
            with translate_aws_errors():
                return check()
        except AuditLogError as error:
            if isinstance(error.__cause__, AWS_ERRORS):
                return _explain_unreadable(name, error)
            return Check(name, CheckStatus.FAIL, str(error), "see docs/architecture.md")
        except KeyError as error:
            return Check(name, CheckStatus.SKIPPED, f"the response of AWS has no {error}")

    def _check_caller(self) -> Check:
        with translate_aws_errors():
            identity = self._client("sts").get_caller_identity()
        return Check("caller", CheckStatus.OK, identity["Arn"])

    def _check_stack(self) -> Check:
        client = self._client("cloudformation")
        try:
            described = client.describe_stacks(StackName=self._stack_name)
        except ClientError as error:
            if get_error_code(error) != "ValidationError":
                raise
            finding = f"there is no stack {self._stack_name} in {client.meta.region_name}"
            return Check(
                "stack", CheckStatus.FAIL, finding, "another --stack, --region or --profile?"
            )
        self._stack = described["Stacks"][0]
        return doctor.check_stack(self._stack, OUTPUTS)

    @cached_property
    def _resources(self) -> Sequence[Mapping[str, Any]]:
        pages = self._client("cloudformation").get_paginator("list_stack_resources")
        return [
            resource
            for page in pages.paginate(StackName=self._stack_name)
            for resource in page["StackResourceSummaries"]
        ]

    def _find_resources(self, resource_type: str) -> Mapping[str, str]:
        """Return the physical ids of the stack's resources of a type, by logical id."""
        return {
            resource["LogicalResourceId"]: resource["PhysicalResourceId"]
            for resource in self._resources
            if resource["ResourceType"] == resource_type and resource.get("PhysicalResourceId")
        }

    def _get_output(self, name: str) -> str:
        outputs = {
            output["OutputKey"]: output["OutputValue"] for output in self._stack.get("Outputs", [])
        }
        return str(outputs[name])

    @staticmethod
    def _read_if_possible(read: Callable[[], Any], not_configured: Any = None) -> Any:
        """Return what `read` returns, or None if it cannot be read.

        `not_configured` is returned if AWS says that there is no such configuration.
        """
        try:
            return read()
        except ClientError as error:
            return not_configured if get_error_code(error) in _NOT_CONFIGURED else None
        except BotoCoreError:
            return None

    def _read_queue(self, url: str) -> Mapping[str, str]:
        response = self._client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return dict(response["Attributes"])

    def _check_queue(self) -> Check:
        url, dead_letter_url = (
            self._get_output(name) for name in ("AuditQueueUrl", "AuditDeadLetterQueueUrl")
        )
        dead_letter_arn = self._read_if_possible(
            lambda: self._read_queue(dead_letter_url).get("QueueArn")
        )
        oldest_seconds = self._read_if_possible(lambda: self._read_oldest_seconds(url))
        return doctor.check_queue(self._read_queue(url), oldest_seconds, dead_letter_arn)

    def _read_oldest_seconds(self, url: str) -> float | None:
        """Return the age of the queue's oldest message, or None if CloudWatch has none."""
        end = datetime.fromtimestamp(self._now(), UTC)
        points = self._client("cloudwatch").get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
            StartTime=end - timedelta(minutes=15),
            EndTime=end,
            Period=60,
            Statistics=["Maximum"],
        )["Datapoints"]
        latest = max(points, key=lambda point: point["Timestamp"], default=None)
        return float(latest["Maximum"]) if latest else None

    def _check_dead_letters(self) -> Check:
        return doctor.check_dead_letters(
            self._read_queue(self._get_output("AuditDeadLetterQueueUrl"))
        )

    def _check_ledger_failures(self) -> Check:
        url = self._find_resources("AWS::SQS::Queue").get("LedgerFailureQueue")
        if url is None:
            return Check(
                "ledger failures", CheckStatus.SKIPPED, "the stack has no LedgerFailureQueue"
            )
        return doctor.check_ledger_failures(self._read_queue(url))

    def _check_table(self, name: str, output: str) -> Check:
        dynamodb, table = self._client("dynamodb"), self._get_output(output)
        described = dynamodb.describe_table(TableName=table)["Table"]
        is_events = output == "AuditEventsTableName"
        backups = self._read_if_possible(
            lambda: dynamodb.describe_continuous_backups(TableName=table)[
                "ContinuousBackupsDescription"
            ]
        )
        expiry = self._read_if_possible(
            lambda: dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        )
        return doctor.check_table(name, described, backups, expiry, has_stream=is_events)

    def _check_bucket(self, name: str, output: str) -> Check:
        s3, bucket = self._client("s3"), self._get_output(output)
        s3.head_bucket(Bucket=bucket)
        encryption = self._read_if_possible(
            lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"][
                "Rules"
            ],
            not_configured=[],
        )
        access = self._read_if_possible(
            lambda: s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
            not_configured={},
        )
        versioning = self._read_if_possible(
            lambda: s3.get_bucket_versioning(Bucket=bucket).get("Status", "Suspended")
        )
        return doctor.check_bucket(
            name, bucket, encryption=encryption, access=access, versioning=versioning
        )

    def _check_ledger(self) -> Check:
        log = DynamoLog(self._client("dynamodb"), self._get_output("AuditLedgerTableName"))
        head, publication = log.read_head(), log.read_publication()
        size = age_ms = None
        if publication is not None:
            checkpoint = self._read_if_possible(self._read_published_checkpoint)
            if checkpoint is not None:
                size, age_ms = checkpoint
        return doctor.check_ledger(
            head.size if head else None,
            publication.size if publication else None,
            size,
            age_ms,
        )

    def _read_published_checkpoint(self) -> tuple[int, int]:
        """Return the size and age (ms) of the published log's checkpoint."""
        response = self._client("s3").get_object(
            Bucket=self._get_output("LogBucketName"), Key=CHECKPOINT
        )
        text = response["Body"].read().decode(errors="replace")
        age = self._now() - response["LastModified"].timestamp()
        return Checkpoint.from_note(Note.from_text(text)).size, int(age * 1000)

    def _check_shard_count(self) -> Check:
        recorded = read_shard_count(
            self._client("dynamodb"), self._get_output("AuditLedgerTableName")
        )
        parameters = {
            parameter["ParameterKey"]: parameter.get("ParameterValue")
            for parameter in self._stack.get("Parameters", [])
        }
        configured = parameters.get("ShardCount")
        return doctor.check_shard_count(recorded, int(configured) if configured else None)

    def _check_holds(self) -> Check:
        client, table = self._client("dynamodb"), self._get_output("AuditLedgerTableName")
        shard_count = read_shard_count(client, table)
        if shard_count is None:
            return Check("legal holds", CheckStatus.OK, "none, no event yet")
        events = DynamoHoldableEvents(
            client,
            self._get_output("AuditEventsTableName"),
            shard_count,
            lambda: self._client("s3"),
            self._get_output("OverflowBucketName"),
            now=self._now,
        )
        tenants = DynamoLog(client, table).list_tenants()
        survey = survey_holds(
            DynamoLedger(client, table),
            events,
            islice(tenants, MAX_TENANTS),
            int(self._now() * 1000),
        )
        return doctor.check_holds(survey, MAX_TENANTS, is_cut=next(tenants, None) is not None)

    def _check_signing_key(self) -> Check:
        key_ids = list(self._find_resources("AWS::KMS::Key").values())
        if not key_ids:
            return Check("signing key", CheckStatus.SKIPPED, "the stack has no key")
        return doctor.check_signing_key(
            self._client("kms").describe_key(KeyId=key_ids[0])["KeyMetadata"]
        )

    def _check_alarms(self) -> Check:
        names = sorted(self._find_resources("AWS::CloudWatch::Alarm").values())
        if not names:
            return Check("alarms", CheckStatus.SKIPPED, "the stack has no alarms")
        response = self._client("cloudwatch").describe_alarms(AlarmNames=names, MaxRecords=100)
        return doctor.check_alarms(names, response["MetricAlarms"])

    def _check_functions(self) -> Iterator[Check]:
        try:
            with translate_aws_errors():
                functions = self._find_resources("AWS::Lambda::Function")
                sources = self._find_resources("AWS::Lambda::EventSourceMapping")
        except AuditLogError as error:
            yield _explain_unreadable("functions", error)
            return
        if not functions:
            yield Check("functions", CheckStatus.SKIPPED, "the stack has no Lambda functions")
        for name, function in functions.items():
            yield self._run_check(f"function {name}", partial(self._check_function, name, function))
        for name, source in sources.items():
            yield self._run_check(f"source {name}", partial(self._check_source, name, source))

    def _check_function(self, name: str, function: str) -> Check:
        response = self._client("lambda").get_function(FunctionName=function)["Configuration"]
        role = response["Role"].rpartition("/")[2]
        return doctor.check_function(name, response, has_role=self._has_role(role))

    def _has_role(self, role: str) -> bool:
        """Return whether the role exists. A role that cannot be read is taken to exist."""
        try:
            self._client("iam").get_role(RoleName=role)
        except ClientError as error:
            return get_error_code(error) != "NoSuchEntity"
        except BotoCoreError:
            return True
        return True

    def _check_source(self, name: str, source: str) -> Check:
        return doctor.check_event_source(
            name, self._client("lambda").get_event_source_mapping(UUID=source)
        )


def _explain_unreadable(name: str, error: AuditLogError) -> Check:
    """Return the check of a part that cannot be read: forbidden, missing or without a response."""
    cause = error.__cause__
    if isinstance(cause, ClientError) and _is_denied(get_error_code(cause)):
        finding = f"{get_error_code(cause)} at {cause.operation_name}"
        return Check(name, CheckStatus.SKIPPED, finding)
    finding = describe_aws_error(error)
    if isinstance(error, StoreRejectedError):
        return Check(name, CheckStatus.FAIL, finding, "it is gone, or belongs to another account")
    return Check(name, CheckStatus.WARN, f"no response: {finding}", "try again")


def _is_denied(code: str) -> bool:
    return (
        "AccessDenied" in code
        or "Unauthorized" in code
        or code in {"403", "Forbidden", "AuthorizationError"}
    )
