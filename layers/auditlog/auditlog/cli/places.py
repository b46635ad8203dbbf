"""Where the commands read: a stack's tables and buckets, a copy of the published log."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from auditlog.aws import fault_of
from auditlog.board_s3 import S3Board
from auditlog.errors import ConfigurationError
from auditlog.verify.ports import Board
from auditlog.verify.sources import FolderBoard, HttpBoard

if TYPE_CHECKING:
    import boto3

_CONFIG: Final = Config(
    retries={"mode": "standard", "total_max_attempts": 8}, max_pool_connections=32
)


@dataclass(frozen=True, slots=True)
class Aws:
    """The account that the commands work on: `profile` and `region` as in AWS's own tools."""

    profile: str | None
    region: str | None

    def client(self, service: str) -> Any:
        """A client of the service.

        Raises:
            ConfigurationError: there is no such profile, or no region.
        """
        try:
            return self._session().client(service, config=_CONFIG)  # type: ignore[call-overload]
        except BotoCoreError as error:
            raise ConfigurationError(str(error)) from error

    def _session(self) -> "boto3.Session":
        import boto3  # takes a moment, and offline commands need none

        return boto3.Session(profile_name=self.profile, region_name=self.region)

    def outputs(self, stack: str) -> Mapping[str, str]:
        """The outputs of a stack.

        Raises:
            ConfigurationError: there is no such stack.
            StoreUnavailableError, StoreRejectedError: CloudFormation does not answer.
        """
        try:
            described = self.client("cloudformation").describe_stacks(StackName=stack)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ValidationError":
                raise ConfigurationError(f"there is no stack {stack}") from error
            raise fault_of(error) from error
        except BotoCoreError as error:
            raise fault_of(error) from error
        outputs = described["Stacks"][0].get("Outputs", [])
        return {one["OutputKey"]: one["OutputValue"] for one in outputs}


def aws_options(command: Any) -> Any:
    """The options that say which account."""
    command = click.option("--region", help="AWS region; default as in AWS's own tools.")(command)
    return click.option("--profile", help="AWS profile; default as in AWS's own tools.")(command)


def output_of(outputs: Mapping[str, str], name: str) -> str:
    """One of a stack's outputs.

    Raises:
        ConfigurationError: the stack has none of this name: it is no audit log, or an older one.
    """
    if name not in outputs:
        raise ConfigurationError(f"the stack has no output {name}: it is no audit log's")
    return outputs[name]


def board_at(place: str, aws: Aws) -> Board:
    """The published log at `s3://bucket`, at an address of http or https, or in a folder.

    Raises:
        ConfigurationError: it is none of these.
    """
    split = urlsplit(place)
    match split.scheme:
        case "s3" if split.netloc and split.path in {"", "/"}:
            return S3Board(aws.client("s3"), split.netloc)
        case "http" | "https":
            return HttpBoard(place.rstrip("/"))
    if Path(place).is_dir():
        return FolderBoard(Path(place))
    raise ConfigurationError(f"{place} is no s3://bucket, no address and no folder")
