"""Local files that cannot be read or written end a command with 3, and change nothing."""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from click.testing import CliRunner

from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import main
from tests.support.command_line import process_queue, prooftrail, run_json, store_events
from tests.support.log_samples import make_verifier_key
from tests.support.samples import event_json, job
from tests.support.trail import read_events

KEY = str(make_verifier_key())
FULL = "No space left on device"
NO_FOLDER = "temporary file: No usable temporary directory found"

pytestmark = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="the system has no such device"
)


def open_on_full_disk(*_: object, **__: object) -> Any:
    """Stand in for `tempfile.TemporaryFile`: writes fail as on a full disk."""
    return Path("/dev/full").open("w+")


@pytest.fixture
def no_temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Leave no folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", None)
    with patch("tempfile._candidate_tempdir_list", return_value=[str(tmp_path / "missing")]):
        yield


@pytest.fixture
def dead_letter(aws: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Return a stack with one dead letter."""
    monkeypatch.setattr("prooftrail.aws.dead_letters.WAIT_SECONDS", 0)
    body = job(event_json(resourceId=""))
    client("sqs").send_message(QueueUrl=aws.resources["AuditQueue"], MessageBody=body)
    process_queue(aws)
    assert count_dead_letters(aws) == 1
    return aws


def count_dead_letters(stack: Stack) -> int:
    """Return how many dead letters can be received now."""
    url = stack.resources["AuditDeadLetterQueue"]
    found = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def discard(file: object) -> str:
    """Run a discard that must end with 3. Return its standard error."""
    result = prooftrail("dead-letters", "discard", "--all", "--yes", "--to", file)
    assert (result.exit_code, result.stdout) == (3, "")
    return result.stderr


def test_a_discard_without_room_for_its_temporary_file(dead_letter: Stack, tmp_path: Path) -> None:
    with patch("tempfile.TemporaryFile", open_on_full_disk):
        assert discard(tmp_path / "f") == f"error: temporary file: {FULL} [local_file_failed]\n"
    assert not (tmp_path / "f").exists()
    assert (count_dead_letters(dead_letter), read_events(dead_letter)) == (1, {})


@pytest.mark.usefixtures("no_temporary_folder")
def test_a_discard_without_a_folder_for_temporary_files(dead_letter: Stack, tmp_path: Path) -> None:
    assert NO_FOLDER in discard(tmp_path / "f")
    assert count_dead_letters(dead_letter) == 1


@pytest.mark.parametrize("failing", ["os.fsync", "os.open"])
def test_a_discard_into_a_file_that_cannot_be_written(
    dead_letter: Stack, tmp_path: Path, failing: str
) -> None:
    original = getattr(os, failing.removeprefix("os."))

    def fail(file: Any, *arguments: Any, **options: Any) -> Any:
        if failing == "os.fsync" or file == tmp_path / "f":
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return original(file, *arguments, **options)

    with patch(failing, fail):
        text = discard(tmp_path / "f")
    assert text == f"error: {tmp_path / 'f'}: Read-only file system [local_file_failed]\n"
    assert (count_dead_letters(dead_letter), read_events(dead_letter)) == (1, {})


def test_a_cleanup_without_room_for_its_temporary_file(aws: Stack) -> None:
    store_events(aws, {"timestamp": "2025-11-24T10:00:00Z"})
    before = read_events(aws)
    with (
        patch("prooftrail.cli.installation.Installation.recorded_shard_count", 4),
        patch("tempfile.TemporaryFile", open_on_full_disk),
    ):
        result = prooftrail("cleanup", "--before", "1d", "--yes")
    # A file buffers: the write fails when it is flushed, at the latest before it is read.
    assert result.exit_code == 3
    assert result.stderr.endswith(f"error: temporary file: {FULL} [local_file_failed]\n")
    assert read_events(aws) == before


@pytest.mark.usefixtures("no_temporary_folder")
def test_commands_without_a_folder_for_temporary_files(aws: Stack) -> None:
    with patch("prooftrail.cli.installation.Installation.recorded_shard_count", 4):
        for command in (
            ("cleanup", "--before", "1d"),
            ("reconcile",),
            ("verify", "trail", "--key", KEY),
        ):
            result = prooftrail(*command)
            assert result.exit_code == 3
            assert NO_FOLDER in result.stderr


def test_a_database_on_a_full_disk_names_the_folder(
    aws: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(path: object) -> sqlite3.Connection:
        database = original(str(path))
        database.execute("PRAGMA max_page_count = 2")
        return database

    original = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", connect)
    code, found = run_json("verify", "trail", "--key", KEY)
    assert (code, found["verified"]) == (3, False)
    assert found["error"] == {
        "code": "local_file_failed",
        "message": f"{tempfile.gettempdir()}: database or disk is full; "
        "set TMPDIR to use another folder",
    }


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="the system has no such file")
@pytest.mark.parametrize(
    "command",
    [
        ("send", "/proc/self/mem"),
        ("verify", "bundle", "/proc/self/mem", "--key", KEY),
        ("verify", "consistency", "/proc/self/mem", "--key", KEY, "--log", "."),
    ],
    ids=lambda command: command[0],
)
def test_a_file_that_cannot_be_read(aws: Stack, command: tuple[str, ...]) -> None:
    result = prooftrail(*command)
    expected = "error: /proc/self/mem: Input/output error [local_file_failed]\n"
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", expected)


def test_a_copy_of_the_log_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").mkdir()
    arguments = ["verify", "log", "--log", str(tmp_path), "--key", KEY]
    result = CliRunner().invoke(main, arguments)
    expected = f"error: {tmp_path / 'checkpoint'}: Is a directory [local_file_failed]\n"
    assert (result.exit_code, result.stdout, result.stderr) == (3, "", expected)
