"""The command line on a stack in moto, as an operator runs it."""

import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from click.testing import CliRunner, Result

from local.runtime import Runtime
from local.sqs_poller import SqsPoller
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.installation import Installation
from prooftrail.cli.main import main
from prooftrail.event.times import now_ms
from prooftrail.intake.ingest import Message
from tests.support.samples import bulk_job, event_json, queue_event
from tests.support.stack import make_client


def prooftrail(*arguments: object, given: str | None = None, audits_reads: bool = False) -> Result:
    """Run the command on the one stack that exists. It ends with an exit code of its own.

    Its reads are not audited unless `audits_reads`: most tests count calls and messages.
    """
    with nullcontext() if audits_reads else patch.object(Installation, "audits_reads", False):
        result = CliRunner(env={"PROOFTRAIL_STACK": get_stack_name()}).invoke(
            main, [str(argument) for argument in arguments], input=given
        )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output, result.output
    assert "\x1b" not in result.output
    return result


def run_without_aws(*arguments: object) -> int:
    """Return the exit code of a command that ends before it calls AWS."""
    options = ["--stack", "none"]
    result = CliRunner().invoke(main, [*map(str, arguments), *options], input="")
    assert "Traceback" not in result.output, result.output
    return result.exit_code


def run_json(*arguments: object, given: str | None = None) -> tuple[int, Any]:
    """Run the command with `--json`. Return its exit code and its JSON."""
    result = prooftrail(*arguments, "--json", given=given)
    return result.exit_code, json.loads(result.stdout)


def run_ndjson(*arguments: object, given: str | None = None) -> tuple[int, list[Any]]:
    """Run the command with `--json`. Return its exit code and its JSON lines."""
    result = prooftrail(*arguments, "--json", given=given)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def get_stack_name() -> str:
    """Return the name of the one stack, or `none`."""
    summaries = make_client("cloudformation").list_stacks()["StackSummaries"]
    return str(summaries[0]["StackName"]) if summaries else "none"


def make_runtime(stack: Stack) -> Runtime:
    """Return the functions of the stack. Their log lines are dropped."""
    return Runtime(stack.functions, lambda _name, _line: None)


def store_events(stack: Stack, *events: Mapping[str, Any]) -> None:
    """Let the processor store events that have just been sent."""
    body = bulk_job(*(event_json(**event) for event in events))
    message = Message(f"m-{uuid4()}", body, now_ms())
    result = make_runtime(stack).invoke("ProcessorFunction", queue_event(message))
    assert not result["batchItemFailures"]


def process_queue(stack: Stack) -> None:
    """Let the processor handle every message of the queue."""
    [source] = stack.queue_sources
    at_once = replace(source, window_seconds=0)
    poller = SqsPoller(at_once, make_runtime(stack).invoke, client("sqs"))
    while poller.poll():
        pass


def get_column(lines: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """Return one field of each line."""
    return [line.get(name) for line in lines]
