"""`make dev`: the samples of `events/` find events, and the printed commands work."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local import dev
from local.signing_key import create_key_file
from local.system import System, run_system
from local.template import REGION, ROOT
from prooftrail.tlog.checkpoint import Checkpoint
from prooftrail.tlog.note import Note, VerifierKey
from prooftrail.tlog.signatures import find_signers
from tests.support.api import load_sample

# As Lambda does in a container: import the handler's module and call it.
INVOKE = """
import sys
from checkpoint.app import lambda_handler
class Context:
    def get_remaining_time_in_millis(self): return 0
lambda_handler({}, Context())
"""


@pytest.fixture
def system() -> Iterator[System]:
    """Run a system as `make dev` does."""
    with run_system() as system:
        dev.store_sample(system)
        yield system


def invoke(system: System, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Invoke the function of the event's route."""
    [function] = [
        route.function
        for route in system.stack.routes
        if (route.method, route.path) == (event["httpMethod"], event["resource"])
    ]
    response: Mapping[str, Any] = system.runtime.invoke(function, event)
    return response


def test_every_sample_of_the_api_finds_an_event(system: System) -> None:
    found = {}
    for path in sorted((ROOT / "events").glob("api-*.json")):
        response = invoke(system, load_sample(path.name))
        found[path.name] = response["statusCode"]
        if path.name.startswith(("api-list", "api-stats")):
            body = json.loads(response["body"])
            assert body.get("items") or body.get("total"), path.name
    assert set(found.values()) == {200, 202}, found


def test_a_function_in_a_container_signs_with_the_key_of_the_log(system: System) -> None:
    event = load_sample("api-checkpoint.json")
    before = Note.from_text(invoke(system, event)["body"])
    system.sqs.send_message(
        QueueUrl=system.queue_url,
        MessageBody='{"type": "log_event", "data": '
        '{"action": "a", "resourceType": "b", "resourceId": "c"}}',
    )
    system.settle(60)
    environment = dev.make_container_environment(system)["CheckpointFunction"]
    assert str(create_key_file()) not in environment.values()
    outside = {
        name: value.replace(dev.CONTAINER_HOST, "127.0.0.1") for name, value in environment.items()
    }
    subprocess.run(
        [sys.executable, "-c", INVOKE],
        env={
            **outside,
            "PYTHONPATH": str(ROOT / "functions"),
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "POWERTOOLS_TRACE_DISABLED": "true",
        },
        check=True,
        capture_output=True,
    )
    after = Note.from_text(invoke(system, event)["body"])
    trusted = VerifierKey.from_text(system.verifier_key)
    assert find_signers(before, [trusted]) == find_signers(after, [trusted]) == [trusted]
    sizes = [Checkpoint.from_note(note).size for note in (before, after)]
    assert sizes == [3, 4]


def test_the_printed_commands_work(system: System, tmp_path: Path) -> None:
    guide = dev.make_guide(system)
    for line in guide.splitlines():
        assert len(line) <= 80 or any(name in line for name in ("QUEUE_URL=", "KEY=", "queue  ")), (
            line
        )
    exports = re.findall(r"^  export (.+)$", guide, flags=re.MULTILINE)
    variables = dict(pair.split("=", 1) for line in exports for pair in shlex.split(line))
    environment = {**os.environ, **variables, "HOME": str(tmp_path)}
    [body] = re.findall(r"--message-body '(.+?)'", guide, flags=re.DOTALL)
    system.sqs.send_message(QueueUrl=variables["PROOFTRAIL_QUEUE_URL"], MessageBody=body)
    commands = re.findall(r"^  \.venv/bin/(prooftrail (?:.+\\\n)*.+)$", guide, flags=re.MULTILINE)
    names = [command.split()[1] for command in commands]
    assert names == ["send", "query", "query", "verify"]
    printed = []
    for command in commands:
        words = shlex.split(command.replace("\\\n", ""))
        words[0] = str(Path(sys.executable).with_name("prooftrail"))
        done = subprocess.run(words, env=environment, capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        printed.append(done.stdout)
        system.settle(60)
    assert printed[1].count("user.login") == 2
    assert "system.maintenance" in printed[2]
    assert printed[3].startswith("verified: 3 published")
