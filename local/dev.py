"""`python -m local dev`: keep the system up for any AWS client, until Ctrl-C."""

import argparse
import errno
import json
import re
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from local import kms
from local.sample_month import encode_batches, make_sample_month
from local.signing_key import create_key_file
from local.system import STACK_NAME, System, run_system
from local.template import REGION, ROOT, add_output
from local.traffic import read_sample_bodies

AWS_PORT = 5000
API_PORT = 3000
PORTS_TRIED = 20
SETTLE_SECONDS = 60
SAMPLE = "sqs-good.json"
ENV_FILE = ROOT / "local" / "env.json"
CONTAINER_HOST = "host.docker.internal"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `dev`."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 also accepts containers and other machines",
    )
    parser.add_argument("--empty", action="store_true", help="begin without a month of events")
    parser.add_argument("--aws-port", type=int, help=f"default {AWS_PORT} or the next free port")
    parser.add_argument("--api-port", type=int, help=f"default {API_PORT} or the next free port")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM. Return the exit status."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print("starting …", flush=True)
    owns_env_file = not _is_other_running()
    try:
        aws_port = _choose_port(arguments.host, arguments.aws_port, AWS_PORT)
        api_port = _choose_port(arguments.host, arguments.api_port, API_PORT, taken=aws_port)
        with run_system(
            host=arguments.host, aws_port=aws_port, api_port=api_port, on_log=_print_warning
        ) as system:
            add_output(STACK_NAME, "ApiUrl", system.api_url)  # `prooftrail console` reads it
            store_sample(system)
            if not arguments.empty:
                store_sample_month(system)
            if owns_env_file:
                environment = make_container_environment(system)
                ENV_FILE.write_text(json.dumps(environment, indent=2) + "\n")
            else:
                print(
                    f"Another `make dev` is running: `sam local` uses that one ({ENV_FILE.name})."
                )
            print(make_guide(system), flush=True)
            with system.run_pollers():
                stopped.wait()
                print("\nstopping …", flush=True)
    except _CannotListenError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"port is in use by another program: {error}", file=sys.stderr)
        return 1
    finally:
        if owns_env_file:
            ENV_FILE.unlink(missing_ok=True)
    return 0


def _is_other_running() -> bool:
    """Return whether a program listens at an address in the env file of an earlier `make dev`."""
    if not ENV_FILE.exists():
        return False
    urls = re.findall(r'"(http://[^"]+)"', ENV_FILE.read_text(encoding="utf-8"))
    for port in {urlsplit(url).port for url in urls} - {None}:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
    return False


def store_sample(system: System) -> None:
    """Store and publish the events of `SAMPLE`, so that each `events/api-*.json` finds an event.

    A partial tile exists only if a checkpoint has its size. So the sample is published alone,
    before other events arrive.

    Raises:
        NotSettledError: it took longer than `SETTLE_SECONDS`.
        FunctionError: a function failed.
    """
    for body in read_sample_bodies()[SAMPLE]:
        system.sqs.send_message(QueueUrl=system.queue_url, MessageBody=body)
    system.settle(SETTLE_SECONDS)
    system.run_schedules()


def store_sample_month(system: System) -> None:
    """Store and publish a month of events, so that there is something to look at.

    Raises:
        NotSettledError: it took longer than ten times `SETTLE_SECONDS`.
        FunctionError: a function failed.
    """
    [source] = system.stack.queue_sources
    now = datetime.now(UTC)
    for batch in encode_batches(make_sample_month(now), now, source.batch_size):
        system.runtime.invoke(source.function, batch)
    system.settle(10 * SETTLE_SECONDS)  # on a busy machine
    system.run_schedules()


def make_container_environment(system: System) -> Mapping[str, Mapping[str, str]]:
    """Return the variables of the functions for `sam local --env-vars`.

    A container reaches this machine by another host name, and cannot read the key file.
    """
    port = urlsplit(system.endpoint_url).port
    replaced = {str(create_key_file()): kms.KEY_ARN}
    return {
        name: {key: replaced.get(value, value) for key, value in function.environment.items()}
        | {"AWS_ENDPOINT_URL": f"http://{CONTAINER_HOST}:{port}"}
        for name, function in system.stack.functions.items()
    }


class _CannotListenError(Exception):
    """The server cannot listen on an address. The message has the address and the reason."""


def _choose_port(host: str, chosen: int | None, preferred: int, taken: int | None = None) -> int:
    """Return the chosen port, or the first free port at or after the preferred one.

    Raises:
        _CannotListenError: the port is in use, or the host is not an address of this machine.
    """
    ports = [chosen] if chosen else range(preferred, preferred + PORTS_TRIED)
    reason: Exception = ValueError("the AWS endpoint uses this port")
    for port in ports:
        if port == taken:
            continue
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (OSError, OverflowError) as error:
                reason = error
                continue
            return port
    tried = chosen or f"{preferred} to {preferred + PORTS_TRIED - 1}"
    raise _CannotListenError(f"cannot listen on {host}, port {tried}: {reason}")


def make_guide(system: System) -> str:
    """Return the text that `make dev` prints when the system is ready."""
    return f"""
The audit log is up. It lives in memory: Ctrl-C ends it and deletes everything.

  console        {system.api_url}/console
  AWS endpoint   {system.endpoint_url}
  queue          {system.queue_url}
  API            {system.api_url}/audit-logs

It begins with a month of sample events of the tenants default and acme, and
with those of events/{SAMPLE} (`make dev EMPTY=1`: with these alone).

Copy these lines into another terminal:

  export AWS_ENDPOINT_URL={system.endpoint_url} AWS_DEFAULT_REGION={REGION}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  export PROOFTRAIL_STACK={STACK_NAME} API_URL={system.api_url}
  export PROOFTRAIL_QUEUE_URL={system.queue_url}
  export PROOFTRAIL_KEY='{system.verifier_key}'

Send an event, with the command line or with the AWS CLI:

  .venv/bin/prooftrail send --action user.login --user u-1 \\
    --resource-type user --resource-id u-1
  aws sqs send-message --endpoint-url "$AWS_ENDPOINT_URL" \\
    --queue-url "$PROOFTRAIL_QUEUE_URL" --message-body '{{"type": "log_event",
    "data": {{"action": "user.login", "userId": "u-1", "resourceType": "user",
    "resourceId": "u-1", "ipAddress": "203.0.113.7"}}}}'

Read it a second or two later. The API masks personal data, unless the route is
an unmasked one:

  .venv/bin/prooftrail query --user u-1
  .venv/bin/prooftrail query --tenant acme
  curl "$API_URL/audit-logs?userId=u-1"
  curl "$API_URL/audit-logs/unmasked?userId=u-1"
  curl "$API_URL/audit-logs/stats"
  curl "$API_URL/audit-logs/metrics"

Verify the whole trail. Each minute a checkpoint covers the new events:

  .venv/bin/prooftrail verify trail

To call a function in the container of Lambda, see docs/sam-local.md.

Warnings and errors of the functions appear below.
"""


def _print_warning(function: str, record: Mapping[str, Any]) -> None:
    level = str(record.get("level", "INFO"))
    if level in {"WARNING", "ERROR", "CRITICAL"}:
        hidden = {"level", "location", "timestamp", "service", "message", "xray_trace_id"}
        facts = {key: value for key, value in record.items() if key not in hidden}
        message = f"{level.lower():7} {function}: {record.get('message')} {_format_facts(facts)}"
        print(message, flush=True)


def _format_facts(facts: Mapping[str, Any]) -> str:
    return " ".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()
    )
