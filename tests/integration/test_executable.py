"""The installed command, in pipes, with a running system."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from local.system import System, run_system
from tests.support.samples import event_json, job
from tests.support.stack import cool_down

PROOFTRAIL = Path(sys.executable).with_name("prooftrail")
SEND = ("send", "--dry-run", "--action", "a.b", "--resource-type", "r", "--resource-id", "1")
TIMEOUT_SECONDS = 300  # a busy machine is slow; nothing here waits for a time to pass


@pytest.fixture(autouse=True)
def environment() -> None:
    """Keep the environment of the system, which the tests here share."""


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """Run a system with some events."""
    cool_down()  # what this process keeps of another module's system
    # The tests expect the events that they send, and no others.
    with run_system(parameters={"AuditReads": "false"}) as system:
        send(system, *(f"u-{n}" for n in range(30)))
        yield system


def send(system: System, *users: str) -> None:
    """Store an event for each of these users."""
    for user in users:
        body = job(event_json(userId=user, details={"pad": "x" * 9_000}))
        system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(TIMEOUT_SECONDS)


@pytest.fixture(autouse=True)
def _sigint_is_not_ignored() -> Iterator[None]:
    """Give the commands the default SIGINT.

    The background jobs of a shell (`&`, nohup) ignore SIGINT, and children inherit this: Ctrl-C
    could not end a command. A child has the default for a signal that this process handles.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def execute(
    system: System, *arguments: str, **environment: str
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the executable with pipes, in its own process group. Kill the group after the block."""
    process = subprocess.Popen(
        [PROOFTRAIL, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "AWS_ENDPOINT_URL": system.endpoint_url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PROOFTRAIL_STACK": "audit-log",
            "PYTHONUNBUFFERED": "1",
            **environment,
        },
        process_group=0,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def run(system: System, *arguments: str) -> tuple[int, bytes, bytes]:
    """Run the executable. Return its exit code, standard output and standard error."""
    with execute(system, *arguments) as process:
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        return process.returncode, out, err


def test_it_works_in_pipes(system: System) -> None:
    code, out, err = run(system, "query", "--limit", "3")
    assert (code, len(out.splitlines()), b"\x1b" in out + err) == (0, 3, False)

    code, out, err = run(system, "get", "nonsense")
    assert (code, out) == (1, b"")
    assert err.startswith(b"error: id: must be an event id")
    assert b"\x1b" not in err

    system.run_schedules()
    _, out, err = run(system, "doctor")
    assert (out.splitlines()[-1], err) == (b"12 ok, 0 warn, 0 fail, 3 skipped", b"")

    with execute(system, "query", "--all", "--json") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(TIMEOUT_SECONDS) == 141


def test_ctrl_c_ends_a_tail_without_a_trace(system: System) -> None:
    with execute(system, "tail", "-f", "-n", "1", "--interval", "0.1") as process:
        assert process.stdout is not None
        assert b"user.login" in process.stdout.readline()
        send(system, "a later user")
        assert b"a later user" in process.stdout.readline()
        os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        assert (process.returncode, out, err) == (130, b"", b"\n")


def test_a_tail_without_new_events_ends_when_its_reader_ends(system: System) -> None:
    with execute(system, "tail", "-f", "-n", "1", "--interval", "0.1") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert b"user.login" in process.stdout.readline()
        process.stdout.close()
        assert (process.wait(TIMEOUT_SECONDS), process.stderr.read()) == (141, b"")


@pytest.mark.parametrize(
    ("arguments", "is_rich_needed"),
    [
        (("--version",), False),
        (("--help",), False),
        (("query", "--json"), False),
        (("get", "0" * 26), False),
        (("stats", "--json"), False),
        (("dead-letters", "list", "--json"), False),
        (("stats",), True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_slow_libraries_are_imported_where_they_are_needed(
    system: System, arguments: tuple[str, ...], is_rich_needed: bool
) -> None:
    with execute(system, *arguments, PYTHONPROFILEIMPORTTIME="1") as process:
        _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert b"click" in err
    assert (b" rich.table" in err) == is_rich_needed
    assert (b" rich" in err) == is_rich_needed
    for slow in (b" boto3", b" s3transfer", b" botocore.docs.service", b" html.parser"):
        assert slow not in err
    assert arguments[0] != "query" or b" pydantic" not in err
    assert b" starlette" not in err  # `prooftrail console` alone needs a server
    assert b" uvicorn" not in err


def test_completion_offers_the_commands() -> None:
    out = subprocess.run(
        [PROOFTRAIL],
        env={
            "_PROOFTRAIL_COMPLETE": "bash_complete",
            "COMP_WORDS": "prooftrail de",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        check=True,
    )
    assert (out.stdout, out.stderr) == (b"plain,dead-letters\n", b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no such device")
@pytest.mark.parametrize(
    "arguments", [SEND, (*SEND, "--json"), ("--help",)], ids=["text", "JSON", "help"]
)
def test_an_output_on_a_full_disk_is_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROOFTRAIL, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    expected = b"error: standard output: No space left on device [local_file_failed]\n"
    assert (done.returncode, done.stderr) == (3, expected)


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        (">&-", (3, "", "error: standard output is closed\n")),
        ("2>&-", (1, "", "")),
        ("<&-", (0, "", "0 valid, 0 refused\n")),
    ],
)
def test_a_stream_that_is_closed_leaves_no_trace(
    closing: str, expected: tuple[int, str, str]
) -> None:
    stdin = "" if closing == "<&-" else "nonsense"
    done = subprocess.run(
        ["sh", "-c", f'exec "$0" send - --dry-run --stack none {closing}', PROOFTRAIL],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == expected
