"""A queue, a clock and faults of AWS, to run the real processor through hours of outage.

The clock moves only when a call takes time or when nothing is visible. The queue counts receives,
hides what was received, obeys the delays that the processor sets by ChangeMessageVisibilityBatch,
and moves what was received too often.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient
from botocore.exceptions import ClientError, ReadTimeoutError

from prooftrail.intake.budget import MAX_CALL_SECONDS
from prooftrail.intake.ingest import Message
from tests.support.faults import Crash
from tests.support.samples import NOW_MS, queue_event

BATCH_SIZE = 1_000
Handler = Callable[[dict[str, Any], object], Mapping[str, Any]]


@dataclass
class Clock:
    """The seconds since the test began."""

    seconds: float = 0.0

    @property
    def now_ms(self) -> int:
        """The time in milliseconds since 1970."""
        return NOW_MS + int(self.seconds * 1000)


@dataclass(frozen=True)
class Context:
    """The context of an invocation: its deadline on the clock."""

    clock: Clock
    deadline: float

    def get_remaining_time_in_millis(self) -> int:
        """Return the remaining milliseconds."""
        return int((self.deadline - self.clock.seconds) * 1000)


@dataclass
class SimulatedQueue:
    """The queue. `waiting` maps a message id to the message and the time when it is visible.

    `moved` are the messages that the redrive policy moved. `longest` is the longest invocation.
    """

    clock: Clock
    max_receives: int
    visibility_seconds: int
    timeout_seconds: int
    waiting: dict[str, tuple[Message, float]] = field(default_factory=dict)
    moved: list[Message] = field(default_factory=list)
    receives: dict[str, int] = field(default_factory=dict)
    longest: float = 0.0

    def send(self, message: Message, at: float = 0.0) -> None:
        """Put a message in the queue at this time."""
        sent = replace(message, sent_at=NOW_MS + int(at * 1000), receive_count=0)
        self.waiting[message.id] = (sent, at)

    def set_delays(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Do what ChangeMessageVisibilityBatch does."""
        for entry in entries:
            message_id = entry["ReceiptHandle"].removeprefix("receipt of ")
            message, _ = self.waiting[message_id]
            self.waiting[message_id] = (message, self.clock.seconds + entry["VisibilityTimeout"])

    def run(self, handler: Handler, until: float | None = None) -> None:
        """Deliver messages until none is left, or until this time."""
        while self.waiting:
            self.clock.seconds = max(
                self.clock.seconds, min(visible_at for _, visible_at in self.waiting.values())
            )
            if until is not None and self.clock.seconds > until:
                return
            if batch := self._receive():
                self._invoke(handler, batch)

    def _receive(self) -> list[Message]:
        batch: list[Message] = []
        for message, visible_at in list(self.waiting.values()):
            if visible_at > self.clock.seconds or len(batch) == BATCH_SIZE:
                continue
            if message.receive_count == self.max_receives:
                self.moved.append(message)
                del self.waiting[message.id]
                continue
            received = replace(message, receive_count=message.receive_count + 1)
            self.waiting[message.id] = (received, self.clock.seconds + self.visibility_seconds)
            self.receives[message.id] = received.receive_count
            batch.append(received)
        return batch

    def _invoke(self, handler: Handler, batch: Sequence[Message]) -> None:
        began = self.clock.seconds
        context = Context(self.clock, began + self.timeout_seconds)
        try:
            response = handler(queue_event(*batch), context)
        except (Crash, Exception):  # noqa: BLE001  # a function that fails acknowledges nothing
            return
        finally:
            self.longest = max(self.longest, self.clock.seconds - began)
        failed = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
        for message in batch:
            if message.id not in failed:
                del self.waiting[message.id]


def raise_client_error(code: str, status: int = 400) -> Callable[[str], None]:
    """Return a fault: AWS responds with this error."""

    def fail(operation: str) -> None:
        raise ClientError(
            {
                "Error": {"Code": code, "Message": "injected"},
                "ResponseMetadata": {"HTTPStatusCode": status},  # type: ignore[typeddict-item]  # part
            },
            operation,
        )

    return fail


def make_silence(clock: Clock) -> Callable[[str], None]:
    """Return a fault: AWS does not respond, and the client tries as long as it can."""

    def fail(_: str) -> None:
        clock.seconds += MAX_CALL_SECONDS
        raise ReadTimeoutError(endpoint_url="https://aws.example")

    return fail


@contextmanager
def simulate_aws(
    queue: SimulatedQueue, fault: Callable[[str, Mapping[str, Any]], None]
) -> Iterator[list[str]]:
    """Let the calls of this process set the queue's delays, and let `fault` raise for some calls.

    Yield the list of operations called so far.
    """
    calls: list[str] = []
    original = BaseClient._make_api_call  # type: ignore[attr-defined]  # botocore's types lack it

    def make_api_call(client: Any, operation: str, parameters: dict[str, Any]) -> object:
        calls.append(operation)
        fault(operation, parameters)
        if operation == "ChangeMessageVisibilityBatch":
            queue.set_delays(parameters["Entries"])
            return {}
        return original(client, operation, parameters)

    with patch.object(BaseClient, "_make_api_call", make_api_call):
        yield calls
