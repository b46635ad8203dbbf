"""The command line on a stack in moto, as an operator runs it."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from botocore.session import Session
from click.testing import CliRunner, Result

from local.runtime import Runtime
from local.sqs_poller import SqsPoller
from local.template import Stack
from prooftrail.aws.clients import client
from prooftrail.cli.main import main
from prooftrail.event import times
from prooftrail.intake.ingest import Message
from tests.support.samples import bulk_job, event_json, queue_event


def prooftrail(*arguments: object, given: str | None = None) -> Result:
    """The command's result, on the one stack there is; it ends with an exit code of its own."""
    name = stack_name()
    result = CliRunner(env={"PROOFTRAIL_STACK": name}).invoke(
        main, [str(one) for one in arguments], input=given
    )
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    assert "\x1b" not in result.output
    return result


def usage(*arguments: object) -> int:
    """The exit code of a command that is refused before it asks AWS anything."""
    options = ["--stack", "none"]
    result = CliRunner().invoke(main, [*map(str, arguments), *options], input="")
    assert "Traceback" not in result.output
    return result.exit_code


def stack_name() -> str:
    """The name of the one stack."""
    summaries = cloudformation().list_stacks()["StackSummaries"]
    return str(summaries[0]["StackName"]) if summaries else "none"


def cloudformation() -> Any:
    """A client that the code under test does not have."""
    return Session().create_client("cloudformation")


def answer(*arguments: object, given: str | None = None) -> tuple[int, Any]:
    """Exit code and JSON of the command."""
    result = prooftrail(*arguments, "--json", given=given)
    return result.exit_code, json.loads(result.stdout)


def answers(*arguments: object, given: str | None = None) -> tuple[int, list[Any]]:
    """Exit code and NDJSON of the command."""
    result = prooftrail(*arguments, "--json", given=given)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def silent(stack: Stack) -> Runtime:
    """The functions of the stack; what they log is nobody's."""
    return Runtime(stack.functions, lambda _name, _line: None)


def stored(stack: Stack, *events: Mapping[str, Any]) -> None:
    """Let the processor store events that have just been sent."""
    now_ms = times.now_ms()
    sent = Message(f"m-{time.time_ns()}", bulk_job(*(event_json(**one) for one in events)), now_ms)
    failures = silent(stack).invoke("ProcessorFunction", queue_event(sent))["batchItemFailures"]
    assert not failures


def processed(stack: Stack) -> None:
    """Let the processor have what is in the queue."""
    [source] = stack.queue_sources
    at_once = replace(source, window_seconds=0)
    poller = SqsPoller(at_once, silent(stack).invoke, client("sqs"))
    while poller.poll():
        pass


def column(lines: Sequence[Mapping[str, Any]], name: str) -> list[Any]:
    """One field of each."""
    return [line.get(name) for line in lines]
