"""Where the commands work: an installation's tables, queues and buckets, a copy of the log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from prooftrail.errors import ConfigurationError, UnconfiguredAwsError

if TYPE_CHECKING:
    import boto3

    from prooftrail.aws.cleanup import DynamoRemovableEvents
    from prooftrail.aws.counters import DynamoCounterReader
    from prooftrail.aws.dead_letters import SqsDeadLetterQueue
    from prooftrail.aws.event_reader import DynamoEventReader
    from prooftrail.aws.event_writer import DynamoEventWriter
    from prooftrail.aws.ledger import DynamoLedger
    from prooftrail.aws.log import DynamoLog
    from prooftrail.aws.payloads import S3PayloadStore
    from prooftrail.aws.published_log import S3PublishedLog
    from prooftrail.aws.queue import SqsJobQueue
    from prooftrail.aws.trail import DynamoTrail
    from prooftrail.verify.ports import PublishedLogReader

DEFAULT_SHARD_COUNT: Final = 4
STACK_VARIABLE: Final = "PROOFTRAIL_STACK"
# Of the first call of most commands: whoever has the wrong endpoint or region hears it soon.
FEW_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Aws:
    """The account that the commands work on: `profile` and `region` as in AWS's own tools."""

    profile: str | None
    region: str | None

    def client(self, service: str, attempts: int = 8) -> Any:
        """A client of the service, that tries so many times.

        Raises:
            UnconfiguredAwsError: there is no such profile, no region, or the endpoint is none.
        """
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = Config(
            connect_timeout=5,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=32,
        )
        try:
            return self._session.client(service, config=config)  # type: ignore[call-overload]
        except (BotoCoreError, ValueError) as error:  # of an endpoint or a number that is none
            raise UnconfiguredAwsError(str(error)) from error

    @cached_property
    def _session(self) -> "boto3.Session":
        import boto3  # takes a moment, and offline commands need none

        from prooftrail.aws.clients import NotAwsResponses

        def answer_strictly(base_classes: list[type], **_: object) -> None:
            base_classes.insert(0, NotAwsResponses)

        session = boto3.Session(profile_name=self.profile, region_name=self.region)
        session.events.register("creating-client-class", answer_strictly)
        return session

    def caller(self) -> str:
        """The ARN of whoever runs the command.

        Raises:
            StoreUnavailableError, StoreRejectedError: STS does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        from prooftrail.aws.errors import to_store_error

        try:
            return str(self.client("sts", FEW_ATTEMPTS).get_caller_identity()["Arn"])
        except (ClientError, BotoCoreError) as error:
            raise to_store_error(error) from error

    def outputs(self, stack: str) -> Mapping[str, str]:
        """The outputs of a stack.

        Raises:
            ConfigurationError: there is no such stack.
            StoreUnavailableError, StoreRejectedError: CloudFormation does not answer.
        """
        from botocore.exceptions import BotoCoreError, ClientError

        from prooftrail.aws.errors import to_store_error

        client = self.client("cloudformation", FEW_ATTEMPTS)
        try:
            described = client.describe_stacks(StackName=stack)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ValidationError":
                raise ConfigurationError(
                    f"there is no stack {stack} in {client.meta.region_name}: "
                    "another --stack, --region or --profile?"
                ) from error
            raise to_store_error(error) from error
        except BotoCoreError as error:
            raise to_store_error(error) from error
        outputs = described["Stacks"][0].get("Outputs", [])
        return {one["OutputKey"]: one["OutputValue"] for one in outputs}


@dataclass(frozen=True)
class Installation:
    """A deployed audit log, by its CloudFormation stack; every part is made on first use.

    Each of them may raise ConfigurationError, StoreUnavailableError and StoreRejectedError.
    """

    aws: Aws
    stack: str

    def output(self, name: str) -> str:
        """One of the stack's outputs.

        Raises:
            ConfigurationError: the stack has none of this name: it is no audit log, or an older
                one.
        """
        if name not in self._outputs:
            raise ConfigurationError(
                f"the stack {self.stack} has no output {name}: it is no audit log's"
            )
        return self._outputs[name]

    @cached_property
    def _outputs(self) -> Mapping[str, str]:
        return self.aws.outputs(self.stack)

    @cached_property
    def dynamodb(self) -> Any:
        """The client of DynamoDB."""
        return self.aws.client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        """The client of S3."""
        return self.aws.client("s3")

    @cached_property
    def sqs(self) -> Any:
        """The client of SQS."""
        return self.aws.client("sqs")

    @property
    def events_table(self) -> str:
        """The name of AuditEvents."""
        return self.output("AuditEventsTableName")

    @property
    def ledger_table(self) -> str:
        """The name of AuditLedger."""
        return self.output("AuditLedgerTableName")

    @cached_property
    def recorded_shard_count(self) -> int | None:
        """The shard count that the ledger has recorded, or None where it is empty."""
        from prooftrail.aws.head import read_shard_count

        return read_shard_count(self.dynamodb, self.ledger_table)

    @property
    def shard_count(self) -> int:
        """The trail's shard count; of an empty one the default, which then does not matter."""
        return self.recorded_shard_count or DEFAULT_SHARD_COUNT

    @cached_property
    def payloads(self) -> "S3PayloadStore":
        """Where payloads are that do not fit their place."""
        from prooftrail.aws.payloads import S3PayloadStore

        return S3PayloadStore(lambda: self.s3, self.output("OverflowBucketName"))

    @cached_property
    def letter_payloads(self) -> "S3PayloadStore":
        """Where bodies of dead letters are that do not fit a message."""
        from prooftrail.aws.payloads import S3PayloadStore
        from prooftrail.event.retention import DEAD_LETTERS_PREFIX

        return S3PayloadStore(
            lambda: self.s3, self.output("OverflowBucketName"), DEAD_LETTERS_PREFIX
        )

    @cached_property
    def letters(self) -> "SqsDeadLetterQueue":
        """The dead-letter queue."""
        from prooftrail.aws.dead_letters import SqsDeadLetterQueue

        return SqsDeadLetterQueue(self.sqs, self.output("AuditDeadLetterQueueUrl"))

    @cached_property
    def jobs(self) -> "SqsJobQueue":
        """The queue that the processor takes its jobs from."""
        from prooftrail.aws.queue import SqsJobQueue

        return SqsJobQueue(lambda: self.sqs, self.output("AuditQueueUrl"))

    @cached_property
    def reader(self) -> "DynamoEventReader":
        """The stored events."""
        from prooftrail.aws.event_reader import DynamoEventReader

        return DynamoEventReader(self.dynamodb, self.events_table, self.shard_count, self.payloads)

    @cached_property
    def stored_events(self) -> "DynamoRemovableEvents":
        """The stored events, to be removed."""
        from prooftrail.aws.cleanup import DynamoRemovableEvents

        return DynamoRemovableEvents(
            self.dynamodb,
            self.events_table,
            self.shard_count,
            lambda: self.s3,
            self.output("OverflowBucketName"),
        )

    @cached_property
    def writer(self) -> "DynamoEventWriter":
        """What stores an event of this tool's own."""
        from prooftrail.aws.event_writer import DynamoEventWriter

        return DynamoEventWriter(self.dynamodb, self.events_table, self.shard_count, self.payloads)

    @cached_property
    def counters(self) -> "DynamoCounterReader":
        """The ledger's counters."""
        from prooftrail.aws.counters import DynamoCounterReader

        return DynamoCounterReader(self.dynamodb, self.ledger_table)

    @cached_property
    def ledger(self) -> "DynamoLedger":
        """The ledger's head, commits and counters."""
        from prooftrail.aws.ledger import DynamoLedger

        return DynamoLedger(self.dynamodb, self.ledger_table)

    @cached_property
    def log(self) -> "DynamoLog":
        """The ledger's log."""
        from prooftrail.aws.log import DynamoLog

        return DynamoLog(self.dynamodb, self.ledger_table)

    @cached_property
    def published_log(self) -> "S3PublishedLog":
        """The published log."""
        from prooftrail.aws.published_log import S3PublishedLog

        return S3PublishedLog(self.s3, self.output("LogBucketName"))

    @cached_property
    def trail(self) -> "DynamoTrail":
        """Both tables, to be read whole."""
        from prooftrail.aws.trail import DynamoTrail

        return DynamoTrail(
            self.dynamodb,
            self.ledger_table,
            self.events_table,
            lambda: self.shard_count,
            self.payloads,
        )


def aws_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which account; the command gets `aws`."""

    @wraps(command)
    def run(*, profile: str | None, region: str | None, **options: Any) -> None:
        command(aws=Aws(profile, region), **options)

    run = click.option("--region", help="AWS region; default as in AWS's own tools.")(run)
    return click.option("--profile", help="AWS profile; default as in AWS's own tools.")(run)


def on_installation(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say which audit log; the command gets `installation`."""

    @wraps(command)
    def run(*, stack: str, aws: Aws, **options: Any) -> None:
        command(installation=Installation(aws, stack), **options)

    return click.option(
        "--stack",
        required=True,
        envvar=STACK_VARIABLE,
        show_envvar=True,
        help="The audit log's CloudFormation stack.",
    )(aws_options(run))


def open_published_log(place: str, aws: Aws) -> "PublishedLogReader":
    """The published log at `s3://bucket`, at an address of http or https, or in a folder.

    Raises:
        click.BadParameter: it is none of these.
        UnconfiguredAwsError: there is no such profile, or the endpoint is none.
    """
    from prooftrail.verify.sources import FolderLog, HttpLog

    split = urlsplit(place)
    match split.scheme:
        case "s3" if split.netloc and split.path in {"", "/"}:
            from prooftrail.aws.published_log import S3PublishedLog

            return S3PublishedLog(aws.client("s3"), split.netloc)
        case "http" | "https":
            return HttpLog(place.rstrip("/"))
    if Path(place).is_dir():
        return FolderLog(Path(place))
    raise click.BadParameter(
        f"{place} is no s3://bucket, no address and no folder", param_hint="--log"
    )
