"""Deploy the template as it is onto an AWS emulator and follow events through it.

Run by `make e2e`: SAM CLI builds and deploys with its own commands, ministack plays SQS, Lambda,
DynamoDB streams, S3 and API Gateway on this machine, and what is sent to the queue must come out of
the API, the statistics and the dead-letter queue. Exit status 0 only if every check holds.
"""

import argparse
import base64
import json
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

ROOT = Path(__file__).resolve().parent.parent
STAGE = "e2e"
STACK = "audit-log-e2e"
REGION = "us-east-1"
BUDGET_SECONDS = 280
TENANT = {"tenantId": "e2e"}
LAYER_PACKAGES = ("prooftrail", "aws_lambda_powertools", "cryptography", "pydantic", "rfc8785")

UNCHECKED_HASH = b"\1\0\0\0"  # PEP 552

T = TypeVar("T")


class E2eError(Exception):
    """A step failed or a check does not hold."""


class Deadline:
    """The time that all steps share."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Seconds left.

        Raises:
            E2eError: none is.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise E2eError(f"not finished within {BUDGET_SECONDS} s")
        return left


class System:
    """The deployed stack, as its users see it."""

    def __init__(self, endpoint: str) -> None:
        session = boto3.Session(region_name=REGION)
        credentials = session.get_credentials()
        if credentials is None:
            raise E2eError("the environment holds no credentials")
        self._signer = SigV4Auth(credentials, "execute-api", REGION)
        self._sqs = session.client("sqs")
        cloudformation = session.client("cloudformation")
        stack = cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
        self.outputs = {out["OutputKey"]: out["OutputValue"] for out in stack["Outputs"]}
        api_id = cloudformation.describe_stack_resource(
            StackName=STACK, LogicalResourceId="AuditApi"
        )["StackResourceDetail"]["PhysicalResourceId"]
        self._api = f"{endpoint}/_aws/execute-api/{api_id}/{STAGE}"

    def send(self, job_type: str, data: Mapping[str, Any]) -> None:
        """Put a job on the queue as any producer does."""
        body = json.dumps({"type": job_type, "data": data})
        self._sqs.send_message(QueueUrl=self.outputs["AuditQueueUrl"], MessageBody=body)

    def get(
        self, path: str, query: Mapping[str, str] | None = None, *, is_signed: bool = True
    ) -> tuple[int, Any]:
        """Status and JSON body of a GET on the API."""
        url = f"{self._api}{path}" + (f"?{urlencode(query)}" if query else "")
        return self._asked(AWSRequest("GET", url), is_signed=is_signed)

    def post(self, path: str, body: object, *, is_signed: bool = True) -> tuple[int, Any]:
        """Status and JSON body of a POST on the API."""
        headers = {"Content-Type": "application/json"}
        request = AWSRequest("POST", f"{self._api}{path}", headers, json.dumps(body).encode())
        return self._asked(request, is_signed=is_signed)

    def _asked(self, request: AWSRequest, *, is_signed: bool) -> tuple[int, Any]:
        if is_signed:
            self._signer.add_auth(request)
        headers = dict(request.headers.items())
        sent = urllib.request.Request(
            request.url, request.data or None, headers, method=request.method
        )
        try:
            with urllib.request.urlopen(sent, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def raw(self, path: str) -> bytes:
        """The body of a signed GET on the API.

        Raises:
            E2eError: the answer is another than 200.
        """
        request = AWSRequest("GET", f"{self._api}{path}")
        self._signer.add_auth(request)
        headers = {**request.headers, "Accept": "*/*"}  # without it the gateway decodes no tile
        signed = urllib.request.Request(request.url, headers=headers)
        try:
            with urllib.request.urlopen(signed, timeout=30) as answer:
                body: bytes = answer.read()
                return body
        except urllib.error.HTTPError as error:
            raise E2eError(f"GET {path} answered {error.code}: {error.read()!r}") from error

    def waiting(self) -> int:
        """Messages on the queue, waiting or in flight."""
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=self.outputs["AuditQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return sum(map(int, attributes.values()))

    def dead_letters(self) -> list[Mapping[str, str]]:
        """The reasons on the messages of the dead-letter queue, the messages left there."""
        messages = self._sqs.receive_message(
            QueueUrl=self.outputs["AuditDeadLetterQueueUrl"],
            MaxNumberOfMessages=10,
            MessageAttributeNames=["All"],
            VisibilityTimeout=0,
        ).get("Messages", [])
        return [
            {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}
            for message in messages
        ]


# --------------------------------------------------------------------------------------------------
# The emulator, build and deployment
# --------------------------------------------------------------------------------------------------
def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment(endpoint: str) -> dict[str, str]:
    """This process's environment, without its AWS settings, pointed at the emulator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    machine = platform.machine()
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "e2e",
        "AWS_SECRET_ACCESS_KEY": "e2e",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "PROOFTRAIL_RUNTIME": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "PROOFTRAIL_ARCHITECTURE": {"aarch64": "arm64"}.get(machine, machine),
    }


@contextmanager
def emulator(command: Path, port: int, folder: Path, deadline: Deadline) -> Iterator[Path]:
    """ministack on this port until the block ends, however it ends; yields its log."""
    log = folder / "emulator.log"
    settings = {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))
    } | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "TMPDIR": str(folder),
        "STATE_DIR": str(folder / "state"),
        "S3_DATA_DIR": str(folder / "s3"),
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [command], env=settings, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            eventually("the emulator answers", lambda: is_open(process, port), deadline)
            yield log
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def is_open(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Whether the emulator takes connections.

    Raises:
        E2eError: it has ended instead.
    """
    if process.poll() is not None:
        raise E2eError(f"the emulator ended with status {process.returncode}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def sam(arguments: list[str], deadline: Deadline) -> None:
    """Run SAM CLI in the project's root; its output is shown when it fails.

    Raises:
        E2eError: it failed or did not end in time.
    """
    command = [str(Path(sys.executable).with_name("sam")), *arguments]
    try:
        subprocess.run(
            command,
            cwd=ROOT,
            check=True,
            timeout=deadline.remaining(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except subprocess.TimeoutExpired as error:
        raise E2eError(f"sam {arguments[0]} did not end in time:\n{error.output}") from error
    except subprocess.CalledProcessError as error:
        raise E2eError(f"sam {arguments[0]} failed:\n{error.output}") from error


def build(folder: Path, deadline: Deadline) -> Path:
    """Build for this machine's own Python; answers the built template."""
    sam(["build", "--build-dir", str(folder), *parameter_overrides()], deadline)
    site = folder / "AuditLogLayer" / "python"
    missing = [name for name in LAYER_PACKAGES if not (site / name / "__init__.py").exists()]
    check("the layer holds the package and its dependencies", missing, [])
    check("boto3 is left to the runtime", (site / "boto3").exists(), False)
    compiled = (site / "prooftrail" / "__pycache__").glob("*.pyc")
    kinds = {path.read_bytes()[4:8] for path in compiled}
    check("the layer holds byte code that no time stamp outdates", kinds, {UNCHECKED_HASH})
    return folder / "template.yaml"


def deploy(template: Path, deadline: Deadline) -> None:
    """Deploy what was built, by SAM CLI's own command."""
    target = ["--stack-name", STACK, "--region", REGION, "--resolve-s3"]
    consent = ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    sam(
        ["deploy", "--template-file", str(template), *target, *consent, *parameter_overrides()],
        deadline,
    )


def parameter_overrides() -> list[str]:
    """The template's parameters for this machine."""
    return [
        "--parameter-overrides",
        f"Stage={STAGE}",
        f"Runtime={os.environ['PROOFTRAIL_RUNTIME']}",
        f"Architecture={os.environ['PROOFTRAIL_ARCHITECTURE']}",
    ]


# --------------------------------------------------------------------------------------------------
# Checks
# --------------------------------------------------------------------------------------------------
def say(text: str) -> None:
    """One line of progress, at once."""
    print(text, flush=True)


def check(claim: str, found: object, expected: object) -> None:
    """Print the claim if it holds.

    Raises:
        E2eError: it does not.
    """
    if found != expected:
        raise E2eError(f"{claim}: expected {expected!r}, found {found!r}")
    say(f"  ok  {claim}")


def eventually(claim: str, probe: Callable[[], T], deadline: Deadline, seconds: float = 60) -> T:
    """The probe's answer once it is true.

    Raises:
        E2eError: it did not become true in time.
    """
    end = time.monotonic() + min(seconds, deadline.remaining())
    while not (found := probe()):
        if time.monotonic() > end:
            raise E2eError(f"{claim}: not after {seconds:.0f} s")
        time.sleep(0.25)
    return found


def events() -> dict[str, dict[str, Any]]:
    """Events that are to be stored, by their eventId; `large` compresses to no less than 500 KB."""
    common: dict[str, Any] = {
        **TENANT,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "resourceType": "user",
        "resourceId": "u-1",
    }
    login = common | {"action": "user.login"}
    noise = base64.b64encode(os.urandom(500_000)).decode()
    different = {
        "login": login | {"userId": "u-1"},
        "refused": login | {"success": False, "errorMessage": "bad password"},
        "large": common | {"action": "code.report", "details": {"noise": noise}},
        "joined-1": common | {"action": "member.add", "resourceType": "guild"},
        "joined-2": common | {"action": "member.add", "resourceType": "guild"},
    }
    return {name: event | {"eventId": name} for name, event in different.items()}


def follow_events(system: System, deadline: Deadline) -> None:
    """Send events of every kind and check what becomes of each."""
    sent = events()
    for name in ("login", "refused", "large"):
        system.send("log_event", sent[name])
    system.send("bulk_log_events", {"events": [sent["joined-1"], TENANT, sent["joined-2"]]})
    system.send("log_event", TENANT | {"resourceType": "user"})
    check_submission(system, sent, deadline)

    eventually("the API lists the events", lambda: listed(system) >= set(sent), deadline)
    check_queries(system, sent)
    numbers = {"total": 6, "successful": 5, "failed": 1, "successRate": 83.33}
    eventually("the ledger counts them", lambda: counted(system)["total"] == 6, deadline)
    check("the statistics are exact", counted(system), numbers)
    check("so are a user's", counted(system, userId="u-1")["total"], 1)

    system.send("log_event", sent["login"])
    eventually("the queue is empty", lambda: system.waiting() == 0, deadline)
    check("a repeated event is stored once", listed(system), set(sent))
    time.sleep(2)  # time for a stream batch that must not come
    check("and counted once", counted(system), numbers)

    eventually("the bad events are quarantined", lambda: len(system.dead_letters()) == 2, deadline)
    reasons = [(each["errorType"], each["errorMessage"]) for each in system.dead_letters()]
    missing = "Missing required audit fields: action, "
    expected = {
        ("InvalidEventError", f"{missing}resourceId"),
        ("InvalidEventError", f"{missing}resourceType, resourceId"),
    }
    check("each with its reason", set(reasons), expected)
    status, snapshot = system.get("/audit-logs/metrics")
    dead_lettered = snapshot["jobs"]["audit"]["deadLettered"]
    check("the snapshot shows the quarantine", (status, dead_lettered), (200, 2))
    check_proofs(system, deadline)
    check_operations(system, deadline)


def check_submission(system: System, sent: dict[str, dict[str, Any]], deadline: Deadline) -> None:
    """Send an event over HTTP and read it by the id in the answer; it counts as sent."""
    posted = sent["login"] | {"eventId": "posted", "action": "admin.access", "userId": "u-2"}
    status, answer = system.post("/audit-logs", {"events": [posted, TENANT]})
    found = [one["status"] for one in answer["results"]]
    check("an event is accepted over HTTP, a bad one refused", (status, found), (207, [202, 400]))
    path = f"/audit-logs/{answer['results'][0]['id']}"
    eventually("it is stored under its id", lambda: system.get(path, TENANT)[0] == 200, deadline)
    check("it is the event", system.get(path, TENANT)[1]["eventId"], "posted")
    refused, _ = system.post("/audit-logs", posted, is_signed=False)
    check("an unsigned one is refused", refused, 403)
    sent["posted"] = posted


def check_proofs(system: System, deadline: Deadline) -> None:
    """Check that the schedule publishes the log, that KMS signs it, and that proofs hold."""
    eventually(
        "the log is published",
        lambda: system.get("/audit-logs/log")[1].get("size") == 6,
        deadline,
        seconds=150,
    )
    key = system.get("/audit-logs/log")[1]["verifierKey"]
    check("the stack's output is the log's verifier key", key, system.outputs["VerifierKey"])
    item = answered(system, "/audit-logs", {"userId": "u-1"})["items"][0]
    bundle = system.raw(f"/audit-logs/{item['id']}/proof?tenantId=e2e&format=json")
    check(
        "its bundle is verified offline",
        prooftrail("verify", "bundle", "-", "--key", key, given=bundle),
        0,
    )
    forged = bundle.replace(b"u-1", b"u-2")
    check("a forged one is not", prooftrail("verify", "bundle", "-", "--key", key, given=forged), 1)
    tile = system.raw("/audit-logs/tile/0/000.p/6")
    check("a tile comes as its bytes", len(tile), 6 * 32)
    check(
        "the whole trail is verified",
        prooftrail("verify", "trail", "--stack", STACK, "--key", key),
        0,
    )


def check_operations(system: System, deadline: Deadline) -> None:
    """Check what an operator does: export, mend dead letters, clean up, ask the doctor."""
    key, here = system.outputs["VerifierKey"], ("--stack", STACK)
    with tempfile.TemporaryDirectory(prefix="audit-log-e2e-") as folder:
        check("the trail is exported", prooftrail("export", folder, *here), 0)
        check("and the export verified", prooftrail("verify", "export", folder, "--key", key), 0)
    mended = [
        f'--set=data.{name}="{value}"'
        for name, value in (("action", "team.join"), ("resourceType", "team"), ("resourceId", "t"))
    ]
    check("letters are mended", prooftrail("dead-letters", "redrive", "--all", *mended, *here), 0)
    eventually("they are stored", lambda: len(listed(system, action="team.join")) == 2, deadline)
    check("the quarantine is empty", system.dead_letters(), [])
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    scope = ("--tenant", "e2e", "--before", now, "--exclude-action", "team.*", "--yes")
    check("old events are cleaned up", prooftrail("cleanup", *scope, *here), 0)
    ordered = {"audit.cleanup", "team.join"}
    items = answered(system, "/audit-logs", {})["items"]
    check("the order and what was excluded are left", {one["action"] for one in items}, ordered)
    check("the trail is verified still", prooftrail("verify", "trail", *here, "--key", key), 0)
    check("the doctor finds nothing wrong", prooftrail("doctor", *here), 0)


def prooftrail(*arguments: str, given: bytes = b"") -> int:
    """The exit status of `prooftrail`, as an operator or an auditor runs it; what it says is shown.

    Raises:
        E2eError: wrong usage, or AWS could not be reached or refused.
    """
    run = subprocess.run(
        [ROOT / ".venv" / "bin" / "prooftrail", *arguments], input=given, capture_output=True
    )
    for line in [*run.stdout.decode().splitlines()[:30], *run.stderr.decode().splitlines()[-5:]]:
        say(f"    {line}")
    if run.returncode > 1:
        raise E2eError(f"prooftrail {' '.join(arguments[:2])} ended with {run.returncode}")
    return run.returncode


def check_queries(system: System, sent: Mapping[str, Mapping[str, Any]]) -> None:
    """Check what the API lists, reads and refuses."""
    check("the API lists exactly the events that were sent", listed(system), set(sent))
    check("it finds them by action", listed(system, action="user.*"), {"login", "refused"})
    check("it finds them by user", listed(system, userId="u-1"), {"login"})
    check("it finds them by outcome", listed(system, success="false"), {"refused"})
    check("another tenant sees nothing", listed(system, tenantId="e2"), set())

    _, page = system.get("/audit-logs", TENANT | {"action": "code.report"})
    status, found = system.get(f"/audit-logs/{page['items'][0]['id']}", TENANT)
    check("an event is read by its id", (status, found["eventId"]), (200, "large"))
    check("a large payload comes back whole", found["details"] == sent["large"]["details"], True)
    check("an unknown id is not found", system.get(f"/audit-logs/{'0' * 26}", TENANT)[0], 404)
    check("an unsigned request is refused", system.get("/audit-logs", is_signed=False)[0], 403)


def listed(system: System, **query: str) -> set[str]:
    """The eventIds that the API lists.

    Raises:
        E2eError: it answers another status than 200.
    """
    return {item["eventId"] for item in answered(system, "/audit-logs", query)["items"]}


def counted(system: System, **query: str) -> dict[str, Any]:
    """The totals that the API answers.

    Raises:
        E2eError: it answers another status than 200.
    """
    found = answered(system, "/audit-logs/stats", query)
    return {name: found[name] for name in ("total", "successful", "failed", "successRate")}


def answered(system: System, path: str, query: Mapping[str, str]) -> Any:
    """The body of a successful answer.

    Raises:
        E2eError: the status is not 200.
    """
    status, body = system.get(path, {**TENANT, **query})
    if status != 200:
        raise E2eError(f"GET {path} answered {status}: {body}")
    return body


def main() -> int:
    """Run all steps; answers the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", type=Path, required=True, help="path of ministack's command")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the emulator is stopped too
    deadline = Deadline(BUDGET_SECONDS)
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    values = environment(endpoint)
    os.environ.clear()
    os.environ.update(values)
    with tempfile.TemporaryDirectory(prefix="audit-log-e2e-") as name:
        folder = Path(name)
        try:
            say("build")
            template = build(folder / "build", deadline)
            say("deploy")
            with emulator(arguments.emulator.absolute(), port, folder, deadline) as log:
                try:
                    deploy(template, deadline)
                    say("follow the events")
                    follow_events(System(endpoint), deadline)
                except E2eError:
                    say(log.read_text(errors="replace")[-8000:])
                    raise
        except E2eError as error:
            say(f"FAILED: {error}")
            return 1
    say(f"passed in {BUDGET_SECONDS - deadline.remaining():.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
