"""`python -m local dev`: the system stays up, open to any AWS client, until Ctrl-C."""

import argparse
import errno
import json
import re
import signal
import socket
import sys
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from local.system import STACK_NAME, System, run_system
from local.template import REGION, ROOT

AWS_PORT = 5000
API_PORT = 3000
PORTS_TRIED = 20
ENV_FILE = ROOT / "local" / "env.json"
FROM_A_CONTAINER = "host.docker.internal"

_EVENT = {"type": "log_event", "data": {"action": "user.login", "resourceType": "user"}}
_EVENT["data"] |= {"resourceId": "u-1", "userId": "u-1", "ipAddress": "203.0.113.7"}  # type: ignore[operator]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `dev`."""
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; 0.0.0.0 also lets containers and other machines in",
    )
    parser.add_argument("--aws-port", type=int, help=f"default {AWS_PORT} or the next free one")
    parser.add_argument("--api-port", type=int, help=f"default {API_PORT} or the next free one")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; answers the exit status."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    print("starting …", flush=True)
    is_env_file_ours = not _is_other_up()
    try:
        aws_port = _choose_port(arguments.host, arguments.aws_port, AWS_PORT)
        api_port = _choose_port(arguments.host, arguments.api_port, API_PORT, taken=aws_port)
        with run_system(
            host=arguments.host, aws_port=aws_port, api_port=api_port, on_log=_show
        ) as system:
            if is_env_file_ours:
                ENV_FILE.write_text(json.dumps(make_container_environment(system), indent=2) + "\n")
            else:
                print(f"another `make dev` is up: `sam local` goes on using it ({ENV_FILE.name})")
            print(_make_guide(system), flush=True)
            with system.polling():
                stopped.wait()
                print("\nstopping …", flush=True)
    except _CannotListenError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        print(f"a port was taken in the meantime: {error}", file=sys.stderr)
        return 1
    finally:
        if is_env_file_ours:
            ENV_FILE.unlink(missing_ok=True)
    return 0


def _is_other_up() -> bool:
    """Whether something listens where the env file of an earlier `make dev` says."""
    if not ENV_FILE.exists():
        return False
    urls = re.findall(r'"(http://[^"]+)"', ENV_FILE.read_text(encoding="utf-8"))
    for port in {urlsplit(url).port for url in urls} - {None}:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
    return False


def make_container_environment(system: System) -> Mapping[str, Mapping[str, str]]:
    """The functions' variables for `sam local --env-vars`, this machine seen from a container."""
    port = urlsplit(system.endpoint_url).port
    return {
        name: {
            **function.environment,
            "AWS_ENDPOINT_URL": f"http://{FROM_A_CONTAINER}:{port}",
        }
        for name, function in system.stack.functions.items()
    }


class _CannotListenError(Exception):
    """An address cannot be listened on; says which and why."""


def _choose_port(host: str, chosen: int | None, preferred: int, taken: int | None = None) -> int:
    """The chosen port, or the preferred one or a free one shortly after it.

    Raises:
        _CannotListenError: it is taken, or the host is none of this machine.
    """
    ports = [chosen] if chosen else range(preferred, preferred + PORTS_TRIED)
    reason: Exception = ValueError("the other server is to have it")
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


def _make_guide(system: System) -> str:
    queue_url = system.queue_url
    event = json.dumps(_EVENT, separators=(",", ":"))
    return f"""
The audit log is up. It lives in memory: Ctrl-C ends it and forgets everything.

  AWS endpoint   {system.endpoint_url}
  queue          {queue_url}
  API            {system.api_url}/audit-logs

Tell an AWS client where it is:

  export AWS_ENDPOINT_URL={system.endpoint_url} AWS_DEFAULT_REGION={REGION}
  export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
  export PROOFTRAIL_QUEUE_URL={queue_url}

Send an event, with the AWS CLI or with Python:

  aws sqs send-message --endpoint-url "$AWS_ENDPOINT_URL" --queue-url "$PROOFTRAIL_QUEUE_URL" \\
    --message-body '{event}'
  .venv/bin/python -c 'import boto3,os,sys; boto3.client("sqs").send_message(
    QueueUrl=os.environ["PROOFTRAIL_QUEUE_URL"], MessageBody=sys.argv[1])' '{event}'

Or with the command line, which shows it too:

  export PROOFTRAIL_STACK={STACK_NAME} PROOFTRAIL_KEY='{system.verifier_key}'
  .venv/bin/prooftrail send --action user.login --resource-type user --resource-id u-2
  .venv/bin/prooftrail query
  .venv/bin/prooftrail verify trail      # once a checkpoint is published, every minute

Read it a second or two later:

  curl '{system.api_url}/audit-logs?userId=u-1'
  curl '{system.api_url}/audit-logs/stats'
  curl '{system.api_url}/audit-logs/metrics'

Or call a function in Lambda's own container; the README's `sam local` says how.

What the functions warn of appears below.
"""


def _show(function: str, record: Mapping[str, Any]) -> None:
    level = str(record.get("level", "INFO"))
    if level in {"WARNING", "ERROR", "CRITICAL"}:
        hidden = {"level", "location", "timestamp", "service", "message", "xray_trace_id"}
        facts = {key: value for key, value in record.items() if key not in hidden}
        print(
            f"{level.lower():7} {function}: {record.get('message')} {_format_facts(facts)}",
            flush=True,
        )


def _format_facts(facts: Mapping[str, Any]) -> str:
    return " ".join(
        f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()
    )
