"""An installation examined through AWS's own answers, each part apart from the others."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from prooftrail.aws.clients import describe_aws_error, to_store_error
from prooftrail.aws.head import read_shard_count
from prooftrail.aws.log import DynamoLog
from prooftrail.aws.published_log import CHECKPOINT
from prooftrail.errors import AuditLogError, StoreRejectedError
from prooftrail.operate import doctor
from prooftrail.operate.doctor import Check, CheckStatus
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
_ABSENT: Final = frozenset(
    {
        "NoSuchPublicAccessBlockConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)


class Doctor:
    """Examines the installation of a stack; `client` makes the client of a service."""

    def __init__(
        self, client: Callable[[str], Any], stack: str, now: Callable[[], float] = time.time
    ) -> None:
        self._client = client
        self._name = stack
        self._now = now
        self._stack: Mapping[str, Any] = {}

    def checks(self) -> Iterator[Check]:
        """Every part's check, one after the other.

        A part that the caller may not look at is skipped.

        Raises:
            StoreUnavailableError, StoreRejectedError: AWS cannot be reached, or knows no such
                caller.
        """
        yield self._caller()
        yield self._guarded("stack", self._describe)
        if not self._stack:
            return
        for name, check in (
            ("queue", self._queue),
            ("dead letters", self._dead_letters),
            ("ledger failures", self._ledger_failures),
            ("events table", partial(self._table, "events table", "AuditEventsTableName")),
            ("ledger table", partial(self._table, "ledger table", "AuditLedgerTableName")),
            ("overflow bucket", partial(self._bucket, "overflow bucket", "OverflowBucketName")),
            ("log bucket", partial(self._bucket, "log bucket", "LogBucketName")),
            ("ledger", self._ledger),
            ("shard count", self._shards),
            ("signing key", self._key),
            ("alarms", self._alarms),
        ):
            yield self._guarded(name, check)
        yield from self._functions()

    def _guarded(self, name: str, check: Callable[[], Check]) -> Check:
        """The check, or what kept it from being made: it says nothing about the others."""
        try:
            return check()
        except (ClientError, BotoCoreError) as error:
            return _unseen(name, error)
        except AuditLogError as error:
            match error.__cause__:
                case ClientError() | BotoCoreError() as cause:
                    return _unseen(name, cause)
            return Check(name, CheckStatus.FAIL, str(error), "see docs/architecture.md")
        except KeyError as error:
            return Check(name, CheckStatus.SKIPPED, f"AWS does not tell {error}")

    def _caller(self) -> Check:
        try:
            identity = self._client("sts").get_caller_identity()
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error
        return Check("caller", CheckStatus.OK, identity["Arn"])

    def _describe(self) -> Check:
        client = self._client("cloudformation")
        try:
            described = client.describe_stacks(StackName=self._name)
        except ClientError as error:
            if _code_of(error) != "ValidationError":
                raise
            finding = f"there is no stack {self._name} in {client.meta.region_name}"
            return Check(
                "stack", CheckStatus.FAIL, finding, "another --stack, --region or --profile?"
            )
        self._stack = described["Stacks"][0]
        return doctor.stack_check(self._stack, OUTPUTS)

    @cached_property
    def _resources(self) -> Sequence[Mapping[str, Any]]:
        pages = self._client("cloudformation").get_paginator("list_stack_resources")
        return [
            one
            for page in pages.paginate(StackName=self._name)
            for one in page["StackResourceSummaries"]
        ]

    def _output(self, name: str) -> str:
        outputs = {one["OutputKey"]: one["OutputValue"] for one in self._stack.get("Outputs", [])}
        return str(outputs[name])

    def _of_type(self, kind: str) -> Mapping[str, str]:
        """Physical ids by logical ones."""
        return {
            one["LogicalResourceId"]: one["PhysicalResourceId"]
            for one in self._resources
            if one["ResourceType"] == kind and one.get("PhysicalResourceId")
        }

    def _attributes(self, url: str) -> Mapping[str, str]:
        answer = self._client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
        return dict(answer["Attributes"])

    def _queue(self) -> Check:
        url = self._output("AuditQueueUrl")
        try:
            dead = self._attributes(self._output("AuditDeadLetterQueueUrl")).get("QueueArn")
        except (ClientError, BotoCoreError):
            dead = None
        return doctor.queue_check(self._attributes(url), self._oldest_seconds(url), dead)

    def _oldest_seconds(self, url: str) -> float | None:
        """The age of the oldest message, where CloudWatch has it and one may see it."""
        end = datetime.fromtimestamp(self._now(), UTC)
        try:
            points = self._client("cloudwatch").get_metric_statistics(
                Namespace="AWS/SQS",
                MetricName="ApproximateAgeOfOldestMessage",
                Dimensions=[{"Name": "QueueName", "Value": url.rpartition("/")[2]}],
                StartTime=end - timedelta(minutes=15),
                EndTime=end,
                Period=60,
                Statistics=["Maximum"],
            )["Datapoints"]
        except (ClientError, BotoCoreError):
            return None
        latest = max(points, key=lambda one: one["Timestamp"], default=None)
        return float(latest["Maximum"]) if latest else None

    def _dead_letters(self) -> Check:
        return doctor.dead_letters_check(self._attributes(self._output("AuditDeadLetterQueueUrl")))

    def _ledger_failures(self) -> Check:
        url = self._of_type("AWS::SQS::Queue").get("LedgerFailureQueue")
        if url is None:
            return Check(
                "ledger failures", CheckStatus.SKIPPED, "the stack has no LedgerFailureQueue"
            )
        return doctor.ledger_failures_check(self._attributes(url))

    def _table(self, name: str, output: str) -> Check:
        dynamodb, table = self._client("dynamodb"), self._output(output)
        described = dynamodb.describe_table(TableName=table)["Table"]
        is_events = output == "AuditEventsTableName"
        backups = self._seen(
            lambda: dynamodb.describe_continuous_backups(TableName=table)[
                "ContinuousBackupsDescription"
            ]
        )
        expiry = self._seen(
            lambda: dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        )
        return doctor.table_check(name, described, backups, expiry, has_stream=is_events)

    def _bucket(self, name: str, output: str) -> Check:
        s3, bucket = self._client("s3"), self._output(output)
        s3.head_bucket(Bucket=bucket)
        encryption = self._seen(
            lambda: s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"][
                "Rules"
            ],
            absent=[],
        )
        access = self._seen(
            lambda: s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"],
            absent={},
        )
        versioning = self._seen(
            lambda: s3.get_bucket_versioning(Bucket=bucket).get("Status", "Suspended")
        )
        return doctor.bucket_check(
            name, bucket, encryption=encryption, access=access, versioning=versioning
        )

    @staticmethod
    def _seen(ask: Callable[[], Any], absent: Any = None) -> Any:
        """What is asked, `absent` where there is none, None where it may not be seen."""
        try:
            return ask()
        except ClientError as error:
            return absent if _code_of(error) in _ABSENT else None
        except BotoCoreError:
            return None

    def _ledger(self) -> Check:
        log = DynamoLog(self._client("dynamodb"), self._output("AuditLedgerTableName"))
        head, publication = log.head(), log.publication()
        posted = age_ms = None
        if publication is not None:
            seen = self._seen(self._posted)
            if seen is not None:
                posted, age_ms = seen
        return doctor.ledger_check(
            head.size if head else None,
            publication.size if publication else None,
            posted,
            age_ms,
        )

    def _posted(self) -> tuple[int, int]:
        """Size and age (ms) of the checkpoint that the public sees."""
        answer = self._client("s3").get_object(Bucket=self._output("LogBucketName"), Key=CHECKPOINT)
        text = answer["Body"].read().decode(errors="replace")
        age = self._now() - answer["LastModified"].timestamp()
        return Checkpoint.from_note(Note.from_text(text)).size, int(age * 1000)

    def _shards(self) -> Check:
        recorded = read_shard_count(self._client("dynamodb"), self._output("AuditLedgerTableName"))
        parameters = {
            one["ParameterKey"]: one.get("ParameterValue")
            for one in self._stack.get("Parameters", [])
        }
        configured = parameters.get("ShardCount")
        return doctor.shards_check(recorded, int(configured) if configured else None)

    def _key(self) -> Check:
        keys = list(self._of_type("AWS::KMS::Key").values())
        if not keys:
            return Check("signing key", CheckStatus.SKIPPED, "the stack has no key")
        return doctor.key_check(self._client("kms").describe_key(KeyId=keys[0])["KeyMetadata"])

    def _alarms(self) -> Check:
        names = sorted(self._of_type("AWS::CloudWatch::Alarm").values())
        if not names:
            return Check("alarms", CheckStatus.SKIPPED, "the stack has no alarms")
        answer = self._client("cloudwatch").describe_alarms(AlarmNames=names, MaxRecords=100)
        return doctor.alarms_check(names, answer["MetricAlarms"])

    def _functions(self) -> Iterator[Check]:
        try:
            functions = self._of_type("AWS::Lambda::Function")
            sources = self._of_type("AWS::Lambda::EventSourceMapping")
        except (ClientError, BotoCoreError) as error:
            yield _unseen("functions", error)
            return
        if not functions:
            yield Check("functions", CheckStatus.SKIPPED, "the stack has no Lambda functions")
        for name, function in functions.items():
            yield self._guarded(f"function {name}", partial(self._function, name, function))
        for name, source in sources.items():
            yield self._guarded(f"source {name}", partial(self._source, name, source))

    def _function(self, name: str, function: str) -> Check:
        answer = self._client("lambda").get_function(FunctionName=function)["Configuration"]
        role = answer["Role"].rpartition("/")[2]
        return doctor.function_check(name, answer, has_role=self._has_role(role))

    def _has_role(self, role: str) -> bool:
        try:
            self._client("iam").get_role(RoleName=role)
        except ClientError as error:
            return _code_of(error) != "NoSuchEntity"
        except BotoCoreError:
            return True
        return True

    def _source(self, name: str, source: str) -> Check:
        return doctor.source_check(
            name, self._client("lambda").get_event_source_mapping(UUID=source)
        )


def _code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _is_denied(code: str) -> bool:
    return (
        "AccessDenied" in code
        or "Unauthorized" in code
        or code in {"403", "Forbidden", "AuthorizationError"}
    )


def _unseen(name: str, error: ClientError | BotoCoreError) -> Check:
    """A part that could not be looked at: forbidden, not answered, or not there."""
    fault = to_store_error(error)
    fault.__cause__ = error
    if isinstance(error, ClientError) and _is_denied(_code_of(error)):
        return Check(name, CheckStatus.SKIPPED, f"{_code_of(error)} at {error.operation_name}")
    if isinstance(fault, StoreRejectedError):
        return Check(
            name, CheckStatus.FAIL, describe_aws_error(fault), "it is gone, or another account's"
        )
    return Check(name, CheckStatus.WARN, f"no answer: {describe_aws_error(fault)}", "try again")
