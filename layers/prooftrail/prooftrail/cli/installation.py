"""What the commands work on: a deployed audit log, or a copy of the published log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from prooftrail.errors import ConfigurationError, StackNotFoundError, UnconfiguredAwsError
from prooftrail.event.submitter import clean_submitter

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from botocore.session import Session

    from prooftrail.aws.cleanup import DynamoRemovableEvents
    from prooftrail.aws.counters import DynamoCounterReader
    from prooftrail.aws.dead_letters import SqsDeadLetterQueue
    from prooftrail.aws.erasure import DynamoPersonEvents
    from prooftrail.aws.event_reader import DynamoEventReader
    from prooftrail.aws.event_writer import DynamoEventWriter
    from prooftrail.aws.holds import DynamoHoldableEvents
    from prooftrail.aws.ledger import DynamoLedger
    from prooftrail.aws.log import DynamoLog
    from prooftrail.aws.payloads import S3PayloadStore
    from prooftrail.aws.published_log import S3PublishedLog
    from prooftrail.aws.queue import SqsDeadLetterSender, SqsJobQueue
    from prooftrail.aws.reference_store import DynamoReferenceStore
    from prooftrail.aws.signed_api import SignedApi
    from prooftrail.aws.trail import DynamoTrail
    from prooftrail.export.ports import ExportFolder
    from prooftrail.ledger.prove import Prover
    from prooftrail.verify.ports import PublishedLogReader

DEFAULT_SHARD_COUNT: Final = 4
STACK_VARIABLE: Final = "PROOFTRAIL_STACK"
# For the first call of most commands: a wrong endpoint or region is reported soon.
FEW_ATTEMPTS: Final = 3
MAX_IDENTIFIER_LENGTH: Final = 256


@dataclass(frozen=True, slots=True)
class Caller:
    """An identity of AWS, for the events that a command stores itself.

    `user_id` is the end of its ARN, `submitted_by` its id in the form of SQS's SenderId.
    """

    user_id: str
    submitted_by: str | None


@dataclass(frozen=True)
class Aws:
    """An AWS account, by profile and region. None means the default of AWS's own tools."""

    profile: str | None
    region: str | None

    def make_client(self, service: str, attempts: int = 8) -> Any:
        """Return a client of the service, which tries each call at most `attempts` times.

        Raises:
            UnconfiguredAwsError: the profile or the region is missing, or the endpoint is not
                valid.
        """
        session = self._session
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError

        config = Config(
            connect_timeout=5,
            retries={"mode": "standard", "total_max_attempts": attempts},
            max_pool_connections=32,
        )
        try:
            return session.create_client(service, config=config)
        except (BotoCoreError, ValueError) as error:  # an endpoint or a number is not valid
            raise UnconfiguredAwsError(f"check the AWS settings: {error}") from error

    @cached_property
    def _session(self) -> "Session":
        from prooftrail.aws.sessions import make_session  # slow, and not for offline commands

        return make_session(self.profile, self.region)

    def open_api(self, url: str) -> "SignedApi":
        """Return the API at this address. Its requests are signed with this account's credentials.

        Raises:
            ConfigurationError: the address is not valid.
            UnconfiguredAwsError: the profile or the region is missing.
        """
        from prooftrail.aws.signed_api import SignedApi

        region = self.make_client("cloudformation", FEW_ATTEMPTS).meta.region_name
        return SignedApi(url, region, self._load_credentials)

    def _load_credentials(self) -> "Credentials | None":
        from prooftrail.aws.sessions import make_session

        # Not the session above: it keeps credentials that have expired.
        return make_session(self.profile, self.region).get_credentials()

    def get_caller(self) -> Caller:
        """Return the identity that runs the command.

        Raises:
            InaccessibleError: STS cannot be reached or refuses.
        """
        from prooftrail.aws.errors import translate_aws_errors

        with translate_aws_errors():
            identity = self.make_client("sts", FEW_ATTEMPTS).get_caller_identity()
        user_id = str(identity["Arn"])[-MAX_IDENTIFIER_LENGTH:]  # an ARN ends with the name
        return Caller(user_id, clean_submitter(str(identity["UserId"])))

    def get_outputs(self, stack: str) -> Mapping[str, str]:
        """Return the outputs of a CloudFormation stack, by name.

        Raises:
            StackNotFoundError: the stack does not exist.
            InaccessibleError: CloudFormation cannot be reached or refuses.
        """
        from botocore.exceptions import ClientError

        from prooftrail.aws.errors import get_error_code, translate_aws_errors

        client = self.make_client("cloudformation", FEW_ATTEMPTS)
        with translate_aws_errors():
            try:
                described = client.describe_stacks(StackName=stack)
            except ClientError as error:
                if get_error_code(error) != "ValidationError":
                    raise
                raise StackNotFoundError(
                    "check --stack, --region and --profile: "
                    f"the stack {stack} does not exist in {client.meta.region_name}"
                ) from error
        outputs = described["Stacks"][0].get("Outputs", [])
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}


@dataclass(frozen=True)
class Installation:
    """A deployed audit log, by its CloudFormation stack. Its parts are made on first use.

    `named_stack` is None if the operator named none. Each part may raise ConfigurationError and
    InaccessibleError.
    """

    aws: Aws
    named_stack: str | None

    @property
    def stack(self) -> str:
        """The name of the stack.

        Raises:
            StackNotFoundError: the operator did not name one.
        """
        if not self.named_stack:
            raise StackNotFoundError(
                f"give --stack, or set {STACK_VARIABLE}: the audit log's stack is missing"
            )
        return self.named_stack

    def get_output(self, name: str) -> str:
        """Return one of the stack's outputs.

        Raises:
            ConfigurationError: the stack does not have it: it is not an audit log, or an older
                version.
        """
        if name not in self._outputs:
            raise ConfigurationError(
                f"check --stack: {self.stack} has no output {name}, so it is not an audit log, "
                "or an older version"
            )
        return self._outputs[name]

    @property
    def masks_secrets(self) -> bool:
        """Whether secrets in events are masked; true for an older stack without this output."""
        return self._outputs.get("MaskSecrets", "true") == "true"

    @property
    def audits_reads(self) -> bool:
        """Whether reads are recorded in the trail; false for an older stack without this output."""
        return self._outputs.get("AuditReads") == "true"

    @property
    def console_url(self) -> str | None:
        """The address of the stack's own console, for users of its user pool."""
        return self._outputs.get("ConsoleUrl")

    @cached_property
    def _outputs(self) -> Mapping[str, str]:
        return self.aws.get_outputs(self.stack)

    @cached_property
    def dynamodb(self) -> Any:
        """A client of DynamoDB."""
        return self.aws.make_client("dynamodb")

    @cached_property
    def s3(self) -> Any:
        """A client of S3."""
        return self.aws.make_client("s3")

    @cached_property
    def sqs(self) -> Any:
        """A client of SQS."""
        return self.aws.make_client("sqs")

    @cached_property
    def api(self) -> "SignedApi":
        """The HTTP API."""
        return self.aws.open_api(self.get_output("ApiUrl"))

    @property
    def events_table(self) -> str:
        """The name of AuditEvents."""
        return self.get_output("AuditEventsTableName")

    @property
    def ledger_table(self) -> str:
        """The name of AuditLedger."""
        return self.get_output("AuditLedgerTableName")

    @cached_property
    def recorded_shard_count(self) -> int | None:
        """The shard count that the ledger has recorded, or None if the ledger is empty."""
        from prooftrail.aws.shard_count import read_shard_count

        return read_shard_count(self.dynamodb, self.ledger_table)

    @property
    def shard_count(self) -> int:
        """The trail's shard count. An empty trail gets the default, which then does not matter."""
        return self.recorded_shard_count or DEFAULT_SHARD_COUNT

    @property
    def shard_count_to_write(self) -> int:
        """The trail's shard count; if the ledger is empty, that of the stack.

        Raises:
            ConfigurationError: the stack does not say it, because it is of an older version.
        """
        return self.recorded_shard_count or int(self.get_output("ShardCount"))

    @cached_property
    def payloads(self) -> "S3PayloadStore":
        """Event payloads that are too large for an item."""
        from prooftrail.aws.payloads import S3PayloadStore

        return S3PayloadStore(lambda: self.s3, self.get_output("OverflowBucketName"))

    @cached_property
    def dead_letter_payloads(self) -> "S3PayloadStore":
        """Bodies of dead letters that are too large for a message."""
        from prooftrail.aws.payloads import S3PayloadStore
        from prooftrail.event.retention import DEAD_LETTERS_PREFIX

        return S3PayloadStore(
            lambda: self.s3, self.get_output("OverflowBucketName"), DEAD_LETTERS_PREFIX
        )

    @cached_property
    def dead_letters(self) -> "SqsDeadLetterQueue":
        """The dead-letter queue."""
        from prooftrail.aws.dead_letters import SqsDeadLetterQueue

        return SqsDeadLetterQueue(self.sqs, self.get_output("AuditDeadLetterQueueUrl"))

    @cached_property
    def jobs(self) -> "SqsJobQueue":
        """The queue that the processor reads."""
        from prooftrail.aws.queue import SqsJobQueue

        return SqsJobQueue(lambda: self.sqs, self.get_output("AuditQueueUrl"))

    @cached_property
    def reader(self) -> "DynamoEventReader":
        """The stored events."""
        from prooftrail.aws.event_reader import DynamoEventReader

        return DynamoEventReader(self.dynamodb, self.events_table, self.shard_count, self.payloads)

    @cached_property
    def removable_events(self) -> "DynamoRemovableEvents":
        """The stored events, to remove them."""
        from prooftrail.aws.cleanup import DynamoRemovableEvents

        return DynamoRemovableEvents(
            self.dynamodb,
            self.events_table,
            self.shard_count,
            lambda: self.s3,
            self.get_output("OverflowBucketName"),
        )

    @cached_property
    def holdable_events(self) -> "DynamoHoldableEvents":
        """The stored events, to lift their expiries and give them back."""
        from prooftrail.aws.holds import DynamoHoldableEvents

        return DynamoHoldableEvents(
            self.dynamodb,
            self.events_table,
            self.shard_count,
            lambda: self.s3,
            self.get_output("OverflowBucketName"),
        )

    @cached_property
    def person_events(self) -> "DynamoPersonEvents":
        """The stored events of persons, to remove them."""
        from prooftrail.aws.erasure import DynamoPersonEvents

        return DynamoPersonEvents(
            self.removable_events, self.reader, self.payloads, self.shard_count
        )

    @cached_property
    def dead_letter_sender(self) -> "SqsDeadLetterSender":
        """What puts a dead letter into its queue."""
        from prooftrail.aws.queue import SqsDeadLetterSender

        return SqsDeadLetterSender(
            lambda: self.sqs,
            self.get_output("AuditDeadLetterQueueUrl"),
            self.dead_letter_payloads,
        )

    @cached_property
    def writer(self) -> "DynamoEventWriter":
        """What stores an event that this tool makes."""
        from prooftrail.aws.event_writer import DynamoEventWriter

        return DynamoEventWriter(
            self.dynamodb, self.events_table, self.shard_count_to_write, self.payloads
        )

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

        return S3PublishedLog(self.s3, self.get_output("LogBucketName"))

    @cached_property
    def prover(self) -> "Prover":
        """What makes proofs of events."""
        from prooftrail.ledger.prove import Prover

        return Prover(self.reader, self.log, self.published_log)

    @cached_property
    def references(self) -> "DynamoReferenceStore":
        """The references of stored events, to write them again."""
        from prooftrail.aws.reference_store import DynamoReferenceStore

        return DynamoReferenceStore(
            self.dynamodb, self.events_table, self.shard_count, self.payloads
        )

    @cached_property
    def trail(self) -> "DynamoTrail":
        """Both tables, to read them whole."""
        from prooftrail.aws.trail import DynamoTrail

        return DynamoTrail(
            self.dynamodb,
            self.ledger_table,
            self.events_table,
            lambda: self.shard_count,
            self.payloads,
        )


def aws_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name the AWS account. The command gets `aws`."""

    @wraps(command)
    def run(*, profile: str | None, region: str | None, **options: Any) -> None:
        command(aws=Aws(profile, region), **options)

    run = click.option("--region", help="AWS region. Default: as in the AWS CLI.")(run)
    return click.option("--profile", help="AWS profile. Default: as in the AWS CLI.")(run)


def installation_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that name the audit log. The command gets `installation`."""

    @wraps(command)
    def run(*, stack: str | None, aws: Aws, **options: Any) -> None:
        command(installation=Installation(aws, stack), **options)

    return click.option(  # a missing one ends with 3, as a missing region does: see `stack`
        "--stack",
        envvar=STACK_VARIABLE,
        show_envvar=True,
        help="The audit log's CloudFormation stack. Required.",
    )(aws_options(run))


def open_published_log(location: str, aws: Aws) -> "PublishedLogReader":
    """Return the published log at `s3://bucket`, at an http(s) URL, or in a folder.

    Raises:
        click.BadParameter: the location is none of these.
        UnconfiguredAwsError: the profile is missing, or the endpoint is not valid.
    """
    from prooftrail.verify.sources import FolderLog, HttpLog

    split = urlsplit(location)
    match split.scheme:
        case "s3" if split.netloc and split.path in {"", "/"}:
            from prooftrail.aws.published_log import S3PublishedLog

            return S3PublishedLog(aws.make_client("s3"), split.netloc)
        case "http" | "https":
            return HttpLog(location.rstrip("/"))
    if Path(location).is_dir():
        return FolderLog(Path(location))
    raise click.BadParameter(
        f"{location} is not s3://BUCKET, not an http(s) URL and not a folder", param_hint="--log"
    )


def open_export_folder(location: str, aws: Aws) -> "ExportFolder":
    """Return the folder of an export at `s3://bucket/prefix`, or on this machine.

    Raises:
        click.BadParameter: the address in S3 has no bucket, or the path is that of a file.
        UnconfiguredAwsError: the profile or the region is missing, or the endpoint is not valid.
    """
    if location.startswith("s3:"):
        from prooftrail.aws.export_folder import S3Folder

        split = urlsplit(location)
        if not split.netloc or split.query or split.fragment:
            raise click.BadParameter(f"{location} is not s3://BUCKET/PREFIX", param_hint="FOLDER")
        return S3Folder(aws.make_client("s3"), split.netloc, split.path.strip("/"))
    from prooftrail.export.folder import DiskFolder

    if Path(location).is_file():
        raise click.BadParameter(f"{location} is a file", param_hint="FOLDER")
    return DiskFolder(Path(location))
