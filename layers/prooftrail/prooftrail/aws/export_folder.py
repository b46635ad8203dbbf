"""`ExportFolder` below a prefix of an S3 bucket.

A part is written into temporary files, and becomes an object when it is complete: S3 stores an
object whole or not at all, and checks its SHA-256. Two runs do not write at the same time: the
object `.lock` names the run, which renews it. A run that lost its lock changes nothing that a
manifest names: no object replaces another, and a manifest only the one that the run has read.
"""

import shutil
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final
from uuid import uuid4

from botocore.exceptions import ClientError

from prooftrail.aws.errors import AWS_ERRORS, get_error_code, translate_aws_errors
from prooftrail.errors import (
    AuditLogError,
    ExportBusyError,
    LocalFileError,
    MalformedExportError,
    StoreUnavailableError,
)
from prooftrail.export.folder import LOCK, MANIFEST, PART_NAME, HashingFile
from prooftrail.export.manifest import LEAVES, MAX_LENGTH, make_part_name
from prooftrail.export.ports import PartFile

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

MAX_OBJECT_BYTES: Final = 5 * 1024**3  # of one PutObject
LOCK_SECONDS: Final = 900.0  # a lock that was not renewed for this long is that of a dead run
RENEW_SECONDS: Final = 60.0
_TEMPORARY: Final = "temporary file"
_FAILED_CONDITIONS: Final = frozenset({"PreconditionFailed", "NoSuchKey", "404", "412"})


@dataclass(frozen=True, slots=True)
class _Lock:
    """The run's lock object: its version, and when it has to be renewed, by `time.monotonic`."""

    version: str
    due: float


class _RenewingFile(HashingFile):
    """A file of a part that is being written. It renews the run's lock in time."""

    def __init__(self, file: BinaryIO, renew: Callable[[], None]) -> None:
        super().__init__(file)
        self._renew = renew

    def write(self, content: bytes) -> int:
        """Append."""
        self._renew()
        return super().write(content)


@dataclass(frozen=True, slots=True)
class _S3Part:
    """`UnfinishedPart` in temporary files."""

    folder: "S3Folder"
    events: Any
    leaves: Any
    files: tuple[BinaryIO, BinaryIO]

    def finish(self, start: int, end: int, extension: str) -> tuple[PartFile, PartFile]:
        """See `UnfinishedPart.finish`."""
        described = (
            self.events.describe(make_part_name(start, end, extension)),
            self.leaves.describe(make_part_name(start, end, LEAVES)),
        )
        for part_file, file in zip(described, self.files, strict=True):
            self.folder.put_file(part_file, file)
        return described


@dataclass(slots=True)
class S3Folder:
    """`ExportFolder` on the objects of `bucket` whose keys begin with `prefix` and a slash."""

    client: "S3Client"
    bucket: str
    prefix: str
    clock: Callable[[], float] = time.monotonic
    _lock: _Lock | None = None
    _manifest_version: str | None = None
    _name: str = field(default_factory=lambda: str(uuid4()))

    def __str__(self) -> str:
        """Return the folder's address."""
        return f"s3://{self.bucket}/{self.prefix}"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """See `ExportFolder.lock`.

        Raises:
            ExportBusyError: another export is being written there.
            StoreUnavailableError, StoreRejectedError: S3 cannot be reached or refuses.
        """
        try:
            self._take_lock()
            yield
        finally:
            with suppress(AuditLogError):  # another run takes it over in time
                self._release_lock()

    def _take_lock(self) -> None:
        for condition in (None, self._find_dead_lock):
            match = condition() if condition else {"IfNoneMatch": "*"}
            version = self._put_if(LOCK, self._name.encode(), match)
            if version is not None:
                self._lock = _Lock(version, self.clock() + RENEW_SECONDS)
                return
        raise ExportBusyError(str(self))

    def _find_dead_lock(self) -> dict[str, str]:
        """Return the condition that replaces the lock of a run that died, by the clock of S3.

        Raises:
            ExportBusyError: the run still renews its lock.
        """
        with translate_aws_errors():
            try:
                found = self.client.head_object(Bucket=self.bucket, Key=self._key(LOCK))
            except ClientError as error:
                if get_error_code(error) in _FAILED_CONDITIONS:
                    return {"IfNoneMatch": "*"}
                raise
        date = found["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        age = (_parse_date(date, found["LastModified"]) - found["LastModified"]).total_seconds()
        if age < LOCK_SECONDS:
            raise ExportBusyError(str(self))
        return {"IfMatch": found["ETag"]}

    def renew_lock_in_time(self) -> None:
        """Renew the lock if it is due; see `_renew_lock`."""
        if self._lock is not None and self.clock() >= self._lock.due:
            self._renew_lock()

    def _renew_lock(self) -> None:
        """Renew the lock.

        Raises:
            ExportBusyError: another run has taken it over.
        """
        if self._lock is None:
            raise ExportBusyError(str(self))
        version = self._put_if(LOCK, self._name.encode(), {"IfMatch": self._lock.version})
        if version is None:
            self._lock = None
            raise ExportBusyError(str(self))
        self._lock = _Lock(version, self.clock() + RENEW_SECONDS)

    def _release_lock(self) -> None:
        """Remove the lock, if it is still that of this run."""
        self._lock = None
        content, _ = self._read(LOCK)
        if content == self._name.encode():
            self.remove_file(LOCK)

    def read_manifest(self) -> str | None:
        """See `ExportFolder.read_manifest`."""
        content, self._manifest_version = self._read(MANIFEST, MAX_LENGTH)
        try:
            return None if content is None else content.decode()
        except UnicodeDecodeError as error:
            raise MalformedExportError(f"{MANIFEST} is damaged: it is not UTF-8") from error

    def write_manifest(self, text: str) -> None:
        """See `ExportFolder.write_manifest`. It replaces only the one that was read or written.

        Raises:
            ExportBusyError: another run has written it meanwhile.
        """
        self._renew_lock()
        version = self._manifest_version
        condition = {"IfNoneMatch": "*"} if version is None else {"IfMatch": version}
        written = self._put_if(MANIFEST, text.encode(), condition)
        if written is None:
            raise ExportBusyError(str(self))
        self._manifest_version = written

    def list_part_files(self) -> Iterator[str]:
        """See `ExportFolder.list_part_files`."""
        start = self._key("")
        request: dict[str, Any] = {"Bucket": self.bucket, "Prefix": start, "Delimiter": "/"}
        while True:
            with translate_aws_errors():
                page = self.client.list_objects_v2(**request)
            for stored in page.get("Contents", []):
                name = stored["Key"].removeprefix(start)
                if PART_NAME.fullmatch(name):
                    yield name
            if not page.get("IsTruncated"):
                return
            request["ContinuationToken"] = page["NextContinuationToken"]

    def remove_file(self, name: str) -> None:
        """See `ExportFolder.remove_file`."""
        with translate_aws_errors():
            self.client.delete_object(Bucket=self.bucket, Key=self._key(name))

    @contextmanager
    def begin_part(self) -> Iterator[_S3Part]:
        """See `ExportFolder.begin_part`."""
        with _open_temporary() as events, _open_temporary() as leaves:
            yield _S3Part(
                self,
                _RenewingFile(events, self.renew_lock_in_time),
                _RenewingFile(leaves, self.renew_lock_in_time),
                (events, leaves),
            )

    def put_file(self, part_file: PartFile, file: BinaryIO) -> None:
        """Write the file as an object. S3 compares the SHA-256 before it stores it.

        Raises:
            MalformedExportError: it is larger than an object may be.
            ExportBusyError: another run has written this object.
        """
        if part_file.size > MAX_OBJECT_BYTES:
            raise MalformedExportError(
                f"{part_file.name} has more than 5 GiB: export with fewer --part-entries"
            )
        with _translate_file_errors():
            file.flush()
            file.seek(0)
        checksum = b64encode(bytes.fromhex(part_file.sha256)).decode()
        condition = {"IfNoneMatch": "*", "ChecksumSHA256": checksum}
        if self._put_if(part_file.name, file, condition) is None:
            raise ExportBusyError(str(self))

    @contextmanager
    def open_file(self, name: str) -> Iterator[BinaryIO]:
        """See `ExportFolder.open_file`. The object is copied into a temporary file."""
        with _open_temporary() as file:
            with translate_aws_errors():
                try:
                    found = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
                except ClientError as error:
                    if get_error_code(error) != "NoSuchKey":
                        raise
                    raise MalformedExportError(f"{name} is missing") from error
                with _translate_file_errors():
                    shutil.copyfileobj(found["Body"], file)
                    file.seek(0)
            yield file

    def _read(self, name: str, limit: int = 1_000) -> tuple[bytes | None, str | None]:
        """Return an object's content and version; None and None if there is no such object.

        Raises:
            MalformedExportError: it has more than `limit` bytes.
        """
        with translate_aws_errors():
            try:
                found = self.client.get_object(Bucket=self.bucket, Key=self._key(name))
            except ClientError as error:
                if get_error_code(error) != "NoSuchKey":
                    raise
                return None, None
            content = found["Body"].read(limit + 1)
        if len(content) > limit:
            raise MalformedExportError(f"{name} has more than {limit:,} bytes")
        return content, found["ETag"]

    def _put_if(
        self, name: str, content: bytes | BinaryIO, condition: dict[str, str]
    ) -> str | None:
        """Write an object under a condition. Return its version; None if the condition fails.

        A condition also fails if the first attempt wrote the object and its response was lost.
        """
        with translate_aws_errors():
            try:
                response = self.client.put_object(
                    Bucket=self.bucket,
                    Key=self._key(name),
                    Body=content,
                    **condition,  # type: ignore[arg-type]  # IfMatch or IfNoneMatch
                )
            except ClientError as error:
                if get_error_code(error) == "ConditionalRequestConflict":
                    raise StoreUnavailableError("ConditionalRequestConflict") from error
                if get_error_code(error) not in _FAILED_CONDITIONS:
                    raise
                return self._find_version(name, content) if isinstance(content, bytes) else None
        return response["ETag"]

    def _find_version(self, name: str, content: bytes) -> str | None:
        """Return the version of the object if it has this content, else None."""
        found, version = self._read(name, MAX_LENGTH)
        return version if found == content else None

    def _key(self, name: str) -> str:
        return f"{self.prefix}/{name}" if self.prefix else name


@contextmanager
def _open_temporary() -> Iterator[BinaryIO]:
    with _translate_file_errors():
        file: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed below
    try:
        with _translate_file_errors():
            yield file  # type: ignore[misc]  # it is a BinaryIO
    finally:
        with suppress(OSError):  # closing writes again what a full disk did not take
            file.close()


@contextmanager
def _translate_file_errors() -> Iterator[None]:
    try:
        yield
    except AWS_ERRORS:  # some of them are OSErrors
        raise
    except OSError as error:
        raise LocalFileError.from_os_error(error, _TEMPORARY) from error


def _parse_date(date: str, otherwise: datetime) -> datetime:
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return otherwise
