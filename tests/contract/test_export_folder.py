"""The promises of `ExportFolder`, tested on this machine's folders and on S3."""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from local.template import Stack
from prooftrail.aws import export_folder
from prooftrail.aws.clients import client
from prooftrail.aws.export_folder import S3Folder
from prooftrail.errors import (
    AuditLogError,
    ExportBusyError,
    InaccessibleError,
    MalformedExportError,
    StoreRejectedError,
)
from prooftrail.export.folder import LOCK, MANIFEST, DiskFolder
from prooftrail.export.ports import ExportFolder, PartFile
from prooftrail.verify.export import verify_export
from prooftrail.verify.result import Outcome
from tests.support.export_samples import make_records
from tests.support.exported_trail import POLICY, ExportedTrail
from tests.support.faults import Crash, Fault, inject_fault

BUCKET = "exports"
PARTS = [f"{0:020d}-{2:020d}.ndjson", f"{0:020d}-{2:020d}.leaves"]

MakeFolder = Callable[[], ExportFolder]


@pytest.fixture
def bucket(aws: Stack) -> str:  # S3 is moto's
    client("s3").create_bucket(Bucket=BUCKET)
    return BUCKET


@pytest.fixture(params=["disk", "s3"])
def make_folder(request: pytest.FixtureRequest, tmp_path: Path) -> MakeFolder:
    """Return a function that opens the same folder again."""
    if request.param == "disk":
        return lambda: DiskFolder(tmp_path / "folder")
    request.getfixturevalue("bucket")
    return open_in_s3


def open_in_s3(prefix: str = "a/b") -> S3Folder:
    return S3Folder(client("s3"), BUCKET, prefix)


def write_part(folder: ExportFolder) -> tuple[PartFile, PartFile]:
    with folder.begin_part() as part:
        part.events.write(b"one\n")
        part.events.write(b"two\n")
        part.leaves.write(bytes(64))
        return part.finish(0, 2, "ndjson")


def test_a_manifest_is_replaced_as_a_whole(make_folder: MakeFolder) -> None:
    folder = make_folder()
    with folder.lock():
        assert folder.read_manifest() is None
        for text in ("first", "second é"):
            folder.write_manifest(text)
            assert make_folder().read_manifest() == text
    with make_folder().lock():
        folder = make_folder()
        assert folder.read_manifest() == "second é"


def test_a_part_is_visible_when_it_is_finished(make_folder: MakeFolder) -> None:
    folder = make_folder()
    with folder.lock():
        with folder.begin_part() as part:
            part.events.write(b"lost")
            assert not [name for name in folder.list_part_files() if name in PARTS]
        files = write_part(folder)
    assert [file.name for file in files] == PARTS
    assert (files[0].size, files[0].sha256) == (8, sha256(b"one\ntwo\n").hexdigest())
    folder = make_folder()
    assert sorted(name for name in folder.list_part_files() if name[0] == "0") == sorted(PARTS)
    with folder.open_file(PARTS[0]) as file:
        assert file.read() == b"one\ntwo\n"
        file.seek(4)
        assert file.read() == b"two\n"


def test_a_file_is_removed_and_missing(make_folder: MakeFolder) -> None:
    folder = make_folder()
    with folder.lock():
        write_part(folder)
        folder.remove_file(PARTS[0])
        folder.remove_file(PARTS[0])
        assert PARTS[0] not in list(folder.list_part_files())
    with (
        pytest.raises(MalformedExportError, match=rf"{PARTS[0]} is missing"),
        folder.open_file(PARTS[0]),
    ):
        pass


def test_one_export_at_a_time_writes_to_a_folder(make_folder: MakeFolder) -> None:
    with make_folder().lock():
        with (
            pytest.raises(InaccessibleError, match="another export is being written there"),
            make_folder().lock(),
        ):
            pass
        with pytest.raises(InaccessibleError), make_folder().lock():  # it is still locked
            pass
    with make_folder().lock():
        pass


def test_a_manifest_that_is_not_one_is_refused(make_folder: MakeFolder, tmp_path: Path) -> None:
    folder = make_folder()
    content = b"\xff"
    if isinstance(folder, S3Folder):
        client("s3").put_object(Bucket=BUCKET, Key=f"a/b/{MANIFEST}", Body=content)
    else:
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / MANIFEST).write_bytes(content)
    with pytest.raises(MalformedExportError, match="not UTF-8"):
        folder.read_manifest()


# S3


@pytest.mark.usefixtures("bucket")
def test_an_export_to_s3_continues_and_is_verified(tmp_path: Path) -> None:
    trail = ExportedTrail(tmp_path / "export")
    records = make_records(35)
    trail.grow(records[:25])
    trail.export(folder=open_in_s3(), part_entries=10)
    trail.grow(records[25:])
    summary = trail.export(folder=open_in_s3(), part_entries=10)
    assert (summary.start, summary.manifest.end) == (25, 35)
    result = verify_export(open_in_s3(), POLICY)
    assert (result.outcome, result.events) == (Outcome.VERIFIED, 35)
    listed = client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    keys = {stored["Key"] for stored in listed}
    assert len(keys) == 1 + 2 * 5  # the manifest and five parts: no lock, nothing unfinished
    assert all(key.startswith("a/b/") for key in keys)


@pytest.mark.usefixtures("bucket")
@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.CRASH_AFTER])
def test_a_run_continues_after_a_fault_at_any_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    monkeypatch.setattr(export_folder, "LOCK_SECONDS", -1)  # a dead run's lock is taken over
    trail = ExportedTrail(tmp_path / "export")
    trail.grow(make_records(2))
    with inject_fault() as calls:
        trail.export(folder=open_in_s3("whole"), part_entries=2)
    for nth in range(len(calls)):
        prefix = f"{fault.name}/{nth}"
        with inject_fault(nth, fault), suppress(AuditLogError, Crash):
            trail.export(folder=open_in_s3(prefix), part_entries=2)
        trail.export(folder=open_in_s3(prefix), part_entries=2)
        result = verify_export(open_in_s3(prefix), POLICY)
        assert (result.outcome, result.events) == (Outcome.VERIFIED, 2), calls[nth]


@pytest.mark.usefixtures("bucket")
def test_a_run_that_lost_its_lock_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    slow, other = open_in_s3(), open_in_s3()
    with slow.lock():
        slow.read_manifest()
        slow.write_manifest("of the slow run")
        with pytest.raises(ExportBusyError), other.lock():
            pass
        monkeypatch.setattr(export_folder, "LOCK_SECONDS", -1)
        with other.lock():
            other.read_manifest()
            write_part(other)
            with pytest.raises(ExportBusyError):  # no object replaces another
                write_part(slow)
            with pytest.raises(ExportBusyError):
                slow.write_manifest("of the slow run again")
            other.write_manifest("of the other run")
        with pytest.raises(ExportBusyError):
            slow.write_manifest("of the slow run again")
    assert open_in_s3().read_manifest() == "of the other run"
    assert list_objects(LOCK) == []


def list_objects(name: str) -> list[str]:
    """Return the keys of the folder's objects whose name begins with this one."""
    found = client("s3").list_objects_v2(Bucket=BUCKET, Prefix=f"a/b/{name}")
    return [stored["Key"] for stored in found.get("Contents", [])]


@pytest.mark.usefixtures("bucket")
def test_a_write_whose_response_was_lost_is_not_taken_for_another_run_s() -> None:
    folder = open_in_s3()
    with folder.lock():
        assert folder.read_manifest() is None
        for key, content in ((MANIFEST, "text"), (LOCK, folder._name)):  # the first attempts
            client("s3").put_object(Bucket=BUCKET, Key=f"a/b/{key}", Body=content.encode())
        folder.write_manifest("text")
        folder.write_manifest("the next one")
    assert open_in_s3().read_manifest() == "the next one"


@pytest.mark.usefixtures("bucket")
def test_a_lock_is_renewed_while_a_part_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    folder = S3Folder(client("s3"), BUCKET, "a/b", clock=lambda: now)
    with folder.lock(), folder.begin_part() as part, inject_fault() as calls:
        part.events.write(b"x")
        assert calls == []
        now = export_folder.RENEW_SECONDS
        part.leaves.write(bytes(32))
        part.leaves.write(bytes(32))
        assert calls == ["PutObject"]
        monkeypatch.setattr(export_folder, "LOCK_SECONDS", -1)
        with open_in_s3().lock():
            now *= 2
            with pytest.raises(ExportBusyError):
                part.events.write(b"x")


@pytest.mark.usefixtures("bucket")
def test_s3_checks_what_it_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    folder = open_in_s3()
    put = folder.client.put_object

    def put_and_keep(**request: Any) -> Any:
        sent.append(request)
        return put(**request)

    monkeypatch.setattr(folder.client, "put_object", put_and_keep)
    with folder.lock():
        write_part(folder)
    checked = [request.get("ChecksumSHA256") for request in sent if "ChecksumSHA256" in request]
    assert len(checked) == 2
    monkeypatch.setattr(export_folder, "MAX_OBJECT_BYTES", 7)
    with pytest.raises(MalformedExportError, match="fewer --part-entries"):
        write_part(open_in_s3("large"))


def test_a_bucket_that_does_not_exist_is_an_error(aws: Stack) -> None:
    folder = S3Folder(client("s3"), "no-such-bucket", "a")
    with pytest.raises(StoreRejectedError, match="NoSuchBucket"), folder.lock():
        pass
