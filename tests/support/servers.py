"""Starts the application servers of `.venv-servers` with an application that logs events."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.queue_server import QueueServer

ROOT = Path(__file__).parents[2]
PROGRAMS = ROOT / ".venv-servers" / "bin"
LIBRARIES = next((ROOT / ".venv-servers").glob("lib/*/site-packages"), ROOT)
PACKAGE = ROOT / "layers" / "prooftrail"

# `make_logger` and `log` of every application here. Each id that `log` returned is a line of the
# file IDS, so that a test knows them also if the process is gone.
APPLICATION = """
import os
from prooftrail.client import AuditLogger, Limits

audit = AuditLogger(
    on_outage=os.environ["ON_OUTAGE"],
    spool_folder=os.environ["SPOOL"],
    limits=Limits(flush_seconds=float(os.environ.get("FLUSH_SECONDS", "0.1")), exit_seconds=3),
)
ids = os.open(os.environ["IDS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def log(name):
    event_id = audit.log(action="test.run", resource_type="process", resource_id=name)
    os.write(ids, f"{event_id}\\n".encode())

for number in range(int(os.environ["EARLY"])):
    log("early")

def application(environ, start_response):
    log(environ["PATH_INFO"])
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getpid()).encode()]
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `folder` has its application, its ids, its log and its spool."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int

    def get(self, path: str, timeout: float = 5) -> str:
        """Request a path; return the body, which is the id of the process that responded."""
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=timeout) as response:
            return str(response.read().decode())

    def get_first(self, path: str, seconds: float = 20) -> str:
        """Request a path as soon as the server listens."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.get(path, seconds)
            except (URLError, ConnectionError):
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    @property
    def ids(self) -> list[str]:
        """The ids that `log` returned so far."""
        path = self.folder / "ids"
        return path.read_text().split() if path.exists() else []

    def check_delivery(self, queue: QueueServer, seconds: float = 10) -> None:
        """Assert that each logged event is delivered once within some seconds."""
        end = time.monotonic() + seconds
        while (ids := self.ids) and queue.count_ids() != dict.fromkeys(ids, 1):
            assert time.monotonic() < end, (queue.count_ids(), self.ids, self.log)
            time.sleep(0.05)
        assert ids, self.log

    @property
    def log(self) -> str:
        """What the server and the library logged so far."""
        return (self.folder / "log").read_text()


def find_free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def run_server(
    folder: Path,
    command: Sequence[str],
    queue_url: str,
    *,
    on_outage: str = "spool",
    early: int = 0,
    code: str = APPLICATION,
    stop_signal: int = signal.SIGTERM,
    **variables: str,
) -> Iterator[Server]:
    """Run a server inside the block. `{port}` in its command is a free port.

    The command is in `.venv-servers`, or is an absolute path.

    `early` is the number of events that the application logs while it is imported.
    """
    (folder / "application.py").write_text(code)
    port = find_free_port()
    program, *arguments = [part.format(port=port) for part in command]
    environment: Mapping[str, str] = {
        **os.environ,
        "PYTHONPATH": f"{folder}:{PACKAGE}",
        "PROOFTRAIL_QUEUE_URL": queue_url,
        "AWS_ENDPOINT_URL": queue_url.rpartition("/")[0].rpartition("/")[0],
        "ON_OUTAGE": on_outage,
        "SPOOL": str(folder / "spool"),
        "IDS": str(folder / "ids"),
        "EARLY": str(early),
        **variables,
    }
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(PROGRAMS / program), *arguments],
            stdout=log,
            stderr=log,
            cwd=folder,
            env=environment,
            start_new_session=True,
        )
    try:
        yield Server(process, folder, port)
    finally:
        end_server(process, stop_signal)


def end_server(process: "subprocess.Popen[bytes]", stop_signal: int, seconds: float = 15) -> None:
    """End a server and its workers; kill those that do not end in time."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait(seconds)
