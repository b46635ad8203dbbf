"""Deploy the template to an AWS emulator and follow events through it.

`make e2e` runs this. SAM CLI builds and deploys with its own commands. ministack emulates SQS,
Lambda, DynamoDB streams, S3 and API Gateway on this machine. Events that are sent to the queue must
appear in the API, the statistics and the dead-letter queue. Then the stack gets a user pool, and
serves the console. The exit status is 0 only if every check holds. Two things of the template are
changed, because ministack does not know them: alarms on metric math are left out, and the
concurrency of the queue's trigger is written as a number.
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
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parent.parent
STAGE = "e2e"
STACK = "audit-log-e2e"
REGION = "us-east-1"
BUDGET_SECONDS = 280
TENANT = {"tenantId": "e2e"}
CONSOLE = {
    "UserPoolArn": f"arn:aws:cognito-idp:{REGION}:000000000000:userpool/{REGION}_e2e",
    "ConsoleClientId": "e2e",
    "ConsoleSignInDomain": "e2e.auth.example.com",
}
ASSETS = ROOT / "layers" / "prooftrail" / "prooftrail" / "console" / "assets"
LAYER_PACKAGES = ("prooftrail", "aws_lambda_powertools", "cryptography", "pydantic", "rfc8785")

UNCHECKED_HASH = b"\1\0\0\0"  # PEP 552

T = TypeVar("T")


class E2eError(Exception):
    """A step failed or a check does not hold."""


class Deadline:
    """The time limit that all steps share."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left.

        Raises:
            E2eError: no time is left.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise E2eError(f"not finished within {BUDGET_SECONDS} s")
        return left


class System:
    """The deployed stack, used through its queue and its API."""

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
        """Send a job to the queue, as a producer does."""
        body = json.dumps({"type": job_type, "data": data})
        self._sqs.send_message(QueueUrl=self.outputs["AuditQueueUrl"], MessageBody=body)

    def get(
        self, path: str, query: Mapping[str, str] | None = None, *, is_signed: bool = True
    ) -> tuple[int, Any]:
        """Return the status and the JSON body of a GET request to the API."""
        url = f"{self._api}{path}" + (f"?{urlencode(query)}" if query else "")
        return self._send_request(AWSRequest("GET", url), is_signed=is_signed)

    def post(self, path: str, body: object, *, is_signed: bool = True) -> tuple[int, Any]:
        """Return the status and the JSON body of a POST request to the API."""
        headers = {"Content-Type": "application/json"}
        request = AWSRequest("POST", f"{self._api}{path}", headers, json.dumps(body).encode())
        return self._send_request(request, is_signed=is_signed)

    def _send_request(self, request: AWSRequest, *, is_signed: bool) -> tuple[int, Any]:
        if is_signed:
            self._signer.add_auth(request)
        headers = dict(request.headers.items())
        signed = urllib.request.Request(
            request.url, request.data or None, headers, method=request.method
        )
        try:
            with urllib.request.urlopen(signed, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")

    def get_bytes(self, path: str) -> bytes:
        """Return the body of a signed GET request to the API.

        Raises:
            E2eError: the status is not 200.
        """
        request = AWSRequest("GET", f"{self._api}{path}")
        self._signer.add_auth(request)
        headers = {**request.headers, "Accept": "*/*"}  # else tiles stay base64
        signed = urllib.request.Request(request.url, headers=headers)
        try:
            with urllib.request.urlopen(signed, timeout=30) as response:
                body: bytes = response.read()
                return body
        except urllib.error.HTTPError as error:
            raise E2eError(f"GET {path} returned {error.code}: {error.read()!r}") from error

    def get_file(self, path: str) -> tuple[int, bytes]:
        """Return the status and the body, as it was sent, of an unsigned GET request."""
        headers = {"Accept": "*/*", "Accept-Encoding": "gzip"}
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"{self._api}{path}", headers=headers), timeout=30
            ) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def count_messages(self) -> int:
        """Count the messages of the queue, waiting or in flight."""
        attributes = self._sqs.get_queue_attributes(
            QueueUrl=self.outputs["AuditQueueUrl"],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return sum(map(int, attributes.values()))

    def read_dead_letters(self) -> list[Mapping[str, str]]:
        """Return the attributes of the dead letters. The messages stay in the queue."""
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
def find_free_port() -> int:
    """Return a free port of the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_environment(endpoint: str) -> dict[str, str]:
    """Return the environment of this process with the AWS settings of the emulator."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    machine = platform.machine()
    return kept | {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",  # that of the emulator's root, whom the API knows
        "AWS_SECRET_ACCESS_KEY": "e2e",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "PROOFTRAIL_RUNTIME": f"python{sys.version_info.major}.{sys.version_info.minor}",
        "PROOFTRAIL_ARCHITECTURE": {"aarch64": "arm64"}.get(machine, machine),
    }


@contextmanager
def run_emulator(command: Path, port: int, folder: Path, deadline: Deadline) -> Iterator[Path]:
    """Run ministack on this port and stop it after the block. Yield its log file."""
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
            wait_for("the emulator accepts connections", lambda: is_open(process, port), deadline)
            yield log
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def is_open(process: "subprocess.Popen[bytes]", port: int) -> bool:
    """Return whether the emulator accepts connections.

    Raises:
        E2eError: the emulator has ended.
    """
    if process.poll() is not None:
        raise E2eError(f"the emulator ended with status {process.returncode}")
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run_sam(arguments: list[str], deadline: Deadline) -> None:
    """Run SAM CLI in the project's root.

    Raises:
        E2eError: it failed or did not end in time. The message has its output.
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
    """Build for the Python of this machine. Return the path of the built template."""
    run_sam(["build", "--build-dir", str(folder), *make_parameter_overrides()], deadline)
    site = folder / "AuditLogLayer" / "python"
    missing = [name for name in LAYER_PACKAGES if not (site / name / "__init__.py").exists()]
    check("the layer contains the package and its dependencies", missing, [])
    check("boto3 comes from the runtime, not the layer", (site / "boto3").exists(), False)
    compiled = (site / "prooftrail" / "__pycache__").glob("*.pyc")
    kinds = {path.read_bytes()[4:8] for path in compiled}
    check("the layer's byte code does not depend on time stamps", kinds, {UNCHECKED_HASH})
    template = folder / "template.yaml"
    adapt_to_emulator(template)
    return template


def adapt_to_emulator(template: Path) -> None:
    """Change what the emulator does not know in the built template.

    It refuses alarms on expressions. It takes the value of every parameter for a text, and compares
    the trigger's concurrency with a number.
    """
    content = yaml_parse(template.read_text("utf-8"))
    concurrency = content["Parameters"]["ProcessorConcurrency"]["Default"]
    trigger = content["Resources"]["ProcessorFunction"]["Properties"]["Events"]["Queue"]
    trigger["Properties"]["ScalingConfig"]["MaximumConcurrency"] = concurrency
    content["Resources"] = {
        name: resource
        for name, resource in content["Resources"].items()
        if "Metrics" not in resource.get("Properties", {})
        or resource["Type"] != "AWS::CloudWatch::Alarm"
    }
    template.write_text(json.dumps(content), "utf-8")  # which is YAML too


def deploy(template: Path, deadline: Deadline, parameters: Mapping[str, str] | None = None) -> None:
    """Deploy the built template with SAM CLI and these parameters, besides those of the machine."""
    target = ["--stack-name", STACK, "--region", REGION, "--resolve-s3"]
    consent = ["--capabilities", "CAPABILITY_IAM", "--no-confirm-changeset"]
    run_sam(
        [
            "deploy",
            "--template-file",
            str(template),
            *target,
            *consent,
            *make_parameter_overrides(),
            *(f"{name}={value}" for name, value in (parameters or {}).items()),
        ],
        deadline,
    )


def make_parameter_overrides() -> list[str]:
    """Return the options that set the template's parameters for this machine.

    Reads are not recorded: the emulator does not name the role of a message's sender, so the
    processor would refuse their events.
    """
    return [
        "--parameter-overrides",
        f"Stage={STAGE}",
        f"Runtime={os.environ['PROOFTRAIL_RUNTIME']}",
        f"Architecture={os.environ['PROOFTRAIL_ARCHITECTURE']}",
        "AuditReads=false",
    ]


# --------------------------------------------------------------------------------------------------
# Checks
# --------------------------------------------------------------------------------------------------
def print_line(text: str) -> None:
    """Print a line of progress at once."""
    print(text, flush=True)


def check(claim: str, found: object, expected: object) -> None:
    """Print the claim if `found` equals `expected`.

    Raises:
        E2eError: the values differ.
    """
    if found != expected:
        raise E2eError(f"{claim}: expected {expected!r}, found {found!r}")
    print_line(f"  ok  {claim}")


def wait_for(claim: str, probe: Callable[[], T], deadline: Deadline, seconds: float = 60) -> T:
    """Call the probe until it returns a true value. Return this value.

    Raises:
        E2eError: no value was true in time.
    """
    end = time.monotonic() + min(seconds, deadline.remaining())
    while not (found := probe()):
        if time.monotonic() > end:
            raise E2eError(f"{claim}: not after {seconds:.0f} s")
        time.sleep(0.25)
    return found


def make_events() -> dict[str, dict[str, Any]]:
    """Make valid events, by their eventId. `large` compresses to no less than 500 KB."""
    common: dict[str, Any] = {
        **TENANT,
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "resourceType": "user",
        "resourceId": "u-1",
    }
    login = common | {"action": "user.login"}
    noise = base64.b64encode(os.urandom(500_000)).decode()
    events = {
        "login": login | {"userId": "u-1"},
        "refused": login | {"success": False, "errorMessage": "bad password"},
        "large": common | {"action": "code.report", "details": {"noise": noise}},
        "joined-1": common | {"action": "member.add", "resourceType": "guild"},
        "joined-2": common | {"action": "member.add", "resourceType": "guild"},
    }
    return {name: event | {"eventId": name} for name, event in events.items()}


def follow_events(system: System, deadline: Deadline) -> None:
    """Send valid, invalid and repeated events, and check every result."""
    sent = make_events()
    for name in ("login", "refused", "large"):
        system.send("log_event", sent[name])
    system.send("bulk_log_events", {"events": [sent["joined-1"], TENANT, sent["joined-2"]]})
    system.send("log_event", TENANT | {"resourceType": "user"})
    check_submission(system, sent, deadline)

    wait_for("the API lists the events", lambda: list_event_ids(system) >= set(sent), deadline)
    check_queries(system, sent)
    numbers = {"total": 6, "successful": 5, "failed": 1, "successRate": 83.33}
    wait_for("the ledger counts them", lambda: count_events(system)["total"] == 6, deadline)
    check("the statistics are exact", count_events(system), numbers)
    check("the statistics of a user are exact", count_events(system, userId="u-1")["total"], 1)

    system.send("log_event", sent["login"])
    wait_for("the queue is empty", lambda: system.count_messages() == 0, deadline)
    check("a repeated event is stored once", list_event_ids(system), set(sent))
    time.sleep(2)  # time for a second stream record, which must not come
    check("a repeated event is counted once", count_events(system), numbers)

    wait_for(
        "the bad events are quarantined", lambda: len(system.read_dead_letters()) == 2, deadline
    )
    reasons = [
        (attributes["errorType"], attributes["errorMessage"])
        for attributes in system.read_dead_letters()
    ]
    missing = "Missing required audit fields: action, "
    expected = {
        ("InvalidEventError", f"{missing}resourceId"),
        ("InvalidEventError", f"{missing}resourceType, resourceId"),
    }
    check("each dead letter has its reason", set(reasons), expected)
    status, snapshot = system.get("/audit-logs/metrics")
    dead_lettered = snapshot["jobs"]["audit"]["deadLettered"]
    check("the snapshot shows the quarantine", (status, dead_lettered), (200, 2))
    check_proofs(system, deadline)
    check_operations(system, deadline)


def check_submission(system: System, sent: dict[str, dict[str, Any]], deadline: Deadline) -> None:
    """Send an event over HTTP, read it by the id in the response, and add it to `sent`."""
    posted = sent["login"] | {"eventId": "posted", "action": "admin.access", "userId": "u-2"}
    status, body = system.post("/audit-logs", {"events": [posted, TENANT]})
    found = [result["status"] for result in body["results"]]
    check(
        "an event is accepted over HTTP, a bad event is refused", (status, found), (207, [202, 400])
    )
    path = f"/audit-logs/{body['results'][0]['id']}"
    wait_for(
        "the event is stored under its id", lambda: system.get(path, TENANT)[0] == 200, deadline
    )
    check("the stored event is the sent event", system.get(path, TENANT)[1]["eventId"], "posted")
    refused, _ = system.post("/audit-logs", posted, is_signed=False)
    check("an unsigned event is refused", refused, 403)
    sent["posted"] = posted


def check_proofs(system: System, deadline: Deadline) -> None:
    """Check that the schedule publishes the log, that KMS signs it, and that proofs are valid."""
    wait_for(
        "the log is published",
        lambda: system.get("/audit-logs/log")[1].get("size") == 6,
        deadline,
        seconds=150,
    )
    key = system.get("/audit-logs/log")[1]["verifierKey"]
    check("the stack's output is the log's verifier key", key, system.outputs["VerifierKey"])
    item = fetch(system, "/audit-logs", {"userId": "u-1"})["items"][0]
    bundle = system.get_bytes(f"/audit-logs/{item['id']}/proof/unmasked?tenantId=e2e")
    check(
        "the bundle of an event is verified offline",
        prooftrail("verify", "bundle", "-", "--key", key, stdin=bundle),
        0,
    )
    forged = bundle.replace(b"u-1", b"u-2")
    check(
        "a forged bundle is not", prooftrail("verify", "bundle", "-", "--key", key, stdin=forged), 1
    )
    tile = system.get_bytes("/audit-logs/tile/0/000.p/6")
    check("a tile is returned as bytes", len(tile), 6 * 32)
    check(
        "the whole trail is verified",
        prooftrail("verify", "trail", "--stack", STACK, "--key", key),
        0,
    )


def check_operations(system: System, deadline: Deadline) -> None:
    """Check what an operator does: export, repair dead letters, clean up, run the doctor."""
    key, stack = system.outputs["VerifierKey"], ("--stack", STACK)
    with tempfile.TemporaryDirectory(prefix="audit-log-e2e-") as folder:
        check("the trail is exported", prooftrail("export", folder, *stack), 0)
        check("the export is verified", prooftrail("verify", "export", folder, "--key", key), 0)
    repairs = [
        f'--set=data.{name}="{value}"'
        for name, value in (("action", "team.join"), ("resourceType", "team"), ("resourceId", "t"))
    ]
    check(
        "dead letters are repaired",
        prooftrail("dead-letters", "redrive", "--all", *repairs, *stack),
        0,
    )
    wait_for(
        "the repaired events are stored",
        lambda: len(list_event_ids(system, action="team.join")) == 2,
        deadline,
    )
    check("the quarantine is empty", system.read_dead_letters(), [])
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    scope = ("--tenant", "e2e", "--before", now, "--exclude-action", "team.*", "--yes")
    check("old events are cleaned up", prooftrail("cleanup", *scope, *stack), 0)
    expected = {"audit.cleanup", "team.join"}
    actions = {item["action"] for item in fetch(system, "/audit-logs", {})["items"]}
    check("the removal order and the excluded events are left", actions, expected)
    check("the trail is still verified", prooftrail("verify", "trail", *stack, "--key", key), 0)
    check("the doctor finds nothing wrong", prooftrail("doctor", *stack), 0)


def check_console(endpoint: str, template: Path, deadline: Deadline) -> None:
    """Check that the console is served, to anyone, once there is a user pool and its parameters."""
    status, _ = System(endpoint).get_file("/console")
    check("without a user pool there is no console", status in {403, 404}, True)
    deploy(template, deadline, CONSOLE)
    system = System(endpoint)  # the emulator gives a changed API another id
    status, page = system.get_file("/console")
    settings = page.partition(b'name="prooftrail-settings" content="')[2].partition(b'"')[0]
    check(
        "the console's page is served", (status, b"e2e.auth.example.com" in settings), (200, True)
    )
    check("it knows where the API is", b"&quot;api&quot;" in settings, True)
    name = page.partition(b"/console/hashed/")[2].partition(b'"')[0].decode()
    expected = (200, (ASSETS / "hashed" / f"{name}.gz").read_bytes())
    check("its files come compressed", system.get_file(f"/console/hashed/{name}") == expected, True)
    check("the API refuses who has no token", system.get_file("/audit-logs")[0], 401)


def prooftrail(*arguments: str, stdin: bytes = b"") -> int:
    """Run `prooftrail` as a user does, and print its output. Return its exit status.

    Raises:
        E2eError: the usage was wrong, or AWS could not be reached or refused the call.
    """
    done = subprocess.run(
        [ROOT / ".venv" / "bin" / "prooftrail", *arguments], input=stdin, capture_output=True
    )
    for line in [*done.stdout.decode().splitlines()[:30], *done.stderr.decode().splitlines()[-5:]]:
        print_line(f"    {line}")
    if done.returncode > 1:
        raise E2eError(f"prooftrail {' '.join(arguments[:2])} ended with {done.returncode}")
    return done.returncode


def check_queries(system: System, sent: Mapping[str, Mapping[str, Any]]) -> None:
    """Check the events that the API lists and reads, and the requests that it refuses."""
    check("the API lists exactly the events that were sent", list_event_ids(system), set(sent))
    check(
        "events are found by action", list_event_ids(system, action="user.*"), {"login", "refused"}
    )
    check("events are found by user", list_event_ids(system, userId="u-1"), {"login"})
    check("events are found by outcome", list_event_ids(system, success="false"), {"refused"})
    check("another tenant sees nothing", list_event_ids(system, tenantId="e2"), set())

    _, page = system.get("/audit-logs", TENANT | {"action": "code.report"})
    status, found = system.get(f"/audit-logs/{page['items'][0]['id']}", TENANT)
    check("an event is read by its id", (status, found["eventId"]), (200, "large"))
    check(
        "a large payload is returned complete", found["details"] == sent["large"]["details"], True
    )
    check("an unknown id is not found", system.get(f"/audit-logs/{'0' * 26}", TENANT)[0], 404)
    check("an unsigned request is refused", system.get("/audit-logs", is_signed=False)[0], 403)


def list_event_ids(system: System, **query: str) -> set[str]:
    """Return the eventIds that the API lists.

    Raises:
        E2eError: the status is not 200.
    """
    return {item["eventId"] for item in fetch(system, "/audit-logs", query)["items"]}


def count_events(system: System, **query: str) -> dict[str, Any]:
    """Return the totals of the API's statistics.

    Raises:
        E2eError: the status is not 200.
    """
    found = fetch(system, "/audit-logs/stats", query)
    return {name: found[name] for name in ("total", "successful", "failed", "successRate")}


def fetch(system: System, path: str, query: Mapping[str, str]) -> Any:
    """Return the JSON body of a GET request that must succeed.

    Raises:
        E2eError: the status is not 200.
    """
    status, body = system.get(path, {**TENANT, **query})
    if status != 200:
        raise E2eError(f"GET {path} returned {status}: {body}")
    return body


def main() -> int:
    """Run all steps. Return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--emulator", type=Path, required=True, help="path of ministack's command")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the emulator stops too
    deadline = Deadline(BUDGET_SECONDS)
    port = find_free_port()
    endpoint = f"http://127.0.0.1:{port}"
    values = make_environment(endpoint)
    os.environ.clear()
    os.environ.update(values)
    with tempfile.TemporaryDirectory(prefix="audit-log-e2e-") as name:
        folder = Path(name)
        try:
            print_line("build")
            template = build(folder / "build", deadline)
            print_line("deploy")
            with run_emulator(arguments.emulator.absolute(), port, folder, deadline) as log:
                try:
                    deploy(template, deadline)
                    print_line("follow the events")
                    follow_events(System(endpoint), deadline)
                    print_line("add the console")
                    check_console(endpoint, template, deadline)
                except E2eError:
                    print_line(log.read_text(errors="replace")[-8000:])
                    raise
        except E2eError as error:
            print_line(f"FAILED: {error}")
            return 1
    print_line(f"passed in {BUDGET_SECONDS - deadline.remaining():.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
