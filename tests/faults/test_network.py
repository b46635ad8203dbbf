"""The faults of the simulation: what a client of AWS sees, and what AWS has done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.session import Session

from local.runtime import FunctionError
from local.template import Stack
from soak.clock import simulate_time
from soak.network import READ_TIMEOUT_SECONDS, Crash, Fault, Network, run_network
from soak.world import World, run_world
from tests.support.samples import event_json, job


@contextmanager
def _fail_once(stack: Stack, fault: Fault) -> Iterator[tuple[Network, Any]]:
    with simulate_time() as clock, run_network(clock) as network:
        faults = [fault]
        network.choose = lambda call: (
            faults.pop() if faults and call.operation == "SendMessageBatch" else None
        )
        once = Config(retries={"total_max_attempts": 1})
        yield network, Session().create_client("sqs", config=once)


def _send(stack: Stack, client: Any) -> dict[str, Any]:
    entries = [{"Id": str(at), "MessageBody": f"m-{at}"} for at in range(4)]
    response: dict[str, Any] = client.send_message_batch(
        QueueUrl=stack.resources["AuditQueue"], Entries=entries
    )
    return response


def _count_messages(stack: Stack, client: Any) -> int:
    attributes = client.get_queue_attributes(
        QueueUrl=stack.resources["AuditQueue"], AttributeNames=["All"]
    )["Attributes"]
    return int(attributes["ApproximateNumberOfMessages"])


@pytest.mark.parametrize(
    ("fault", "error", "done"),
    [
        (Fault.THROTTLED, ClientError, 0),
        (Fault.FAILED, ClientError, 0),
        (Fault.SILENT, ReadTimeoutError, 0),
        (Fault.LOST, ReadTimeoutError, 4),
        (Fault.CRASH_BEFORE, Crash, 0),
        (Fault.CRASH_AFTER, Crash, 4),
    ],
)
def test_a_fault_is_what_the_caller_sees_and_what_was_done(
    aws: Stack, fault: Fault, error: type[BaseException], done: int
) -> None:
    with _fail_once(aws, fault) as (network, client):
        with pytest.raises(error):
            _send(aws, client)
        assert _count_messages(aws, client) == done
        assert network.faults == {fault: 1}


def test_half_of_a_batch_is_done_and_the_rest_reported(aws: Stack) -> None:
    with _fail_once(aws, Fault.PARTIAL) as (_, client):
        response = _send(aws, client)
        assert [each["Id"] for each in response["Successful"]] == ["0", "1"]
        assert [each["Id"] for each in response["Failed"]] == ["2", "3"]
        assert _count_messages(aws, client) == 2


def test_silence_takes_the_time_of_the_clients_timeout(aws: Stack) -> None:
    with simulate_time() as clock, run_network(clock) as network:
        network.choose = lambda _: Fault.SILENT
        client: Any = Session().create_client(
            "sqs", config=Config(retries={"total_max_attempts": 1})
        )
        with pytest.raises(ReadTimeoutError):
            _send(aws, client)
        assert READ_TIMEOUT_SECONDS <= clock.monotonic() < READ_TIMEOUT_SECONDS + 1


@pytest.fixture
def world() -> Iterator[World]:
    """An empty system in simulated time."""
    with run_world() as world:
        yield world


def test_a_function_dies_at_its_timeout_and_its_messages_come_again(world: World) -> None:
    world.send([job(event_json())])
    seconds = world.stack.functions["ProcessorFunction"].timeout_seconds
    world.network.before = lambda _: world.clock.advance(seconds)
    with pytest.raises(FunctionError, match="timed out"):
        world.functions.invoke("ProcessorFunction", {"Records": []})
    world.network.before = lambda _: None
    assert world.settle()
    assert sum(world.books.inserts.values()) == 1
