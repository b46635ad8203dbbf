"""The deployed system in simulated time: functions that can die, queues, stream, schedules."""

import json
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session
from moto.dynamodb.models import dynamodb_backends

from local.patches import patch_moto
from local.runtime import ACCOUNT_ID, FunctionError, Runtime
from local.sqs_poller import SqsPoller
from local.stream_poller import StreamPoller
from local.template import REGION, Function, Stack
from soak.books import Books, note
from soak.clock import Clock, simulate_time
from soak.network import Crash, Network, run_network
from tests.support.api import Api
from tests.support.command_line import prooftrail
from tests.support.stack import cool_down, deployed
from tests.support.trail import read_signing_key

RETENTION_DAYS = 3
TIMER_SECONDS = 60.0  # between two runs of the schedules
MAX_SETTLING_ROUNDS = 2_000
MAX_ENTRIES = 5  # of 1 MiB at most: SQS's limit is that of the whole request
SEND_ATTEMPTS = 5
KEPT_RECORDS = 5_000  # of the stream; the poller reads ahead


class Functions(Runtime):
    """The functions, which die of `Crash` and of their timeout, as in Lambda.

    `begin` gets the function's name when an invocation begins, and returns by how many seconds its
    clock is wrong. `peaks` holds the most memory that a sampled invocation allocated, by function,
    in bytes, and `most_calls` the most requests to AWS that an invocation made.
    """

    def __init__(
        self,
        functions: Mapping[str, Function],
        on_line: Callable[[str, str], None],
        network: Network,
        clock: Clock,
    ) -> None:
        super().__init__(functions, on_line)
        self._timeouts = {name: each.timeout_seconds for name, each in functions.items()}
        self._network = network
        self._clock = clock
        self.begin: Callable[[str], float] = lambda _: 0.0
        self.is_sampled: Callable[[str, Mapping[str, Any]], bool] = lambda *_: False
        self.peaks: Counter[str] = Counter()
        self.most_calls: Counter[str] = Counter()
        self.invocations: Counter[str] = Counter()
        self.deaths: Counter[str] = Counter()

    def invoke(self, name: str, event: Mapping[str, Any]) -> Any:
        """Invoke a function. See `Runtime.invoke`.

        Raises:
            FunctionError: the handler raised an exception, or the function died.
        """
        self.invocations[name] += 1
        calls = self._network.calls
        with (
            self._network.acting_as(name, self._timeouts[name]),
            self._clock.skewed(self.begin(name)),
            self._measure(name, event),
        ):
            try:
                return super().invoke(name, event)
            except Crash as death:
                self.deaths[name] += 1
                cool_down()
                raise FunctionError(str(death)) from None
            finally:
                made = self._network.calls - calls
                self.most_calls[name] = max(self.most_calls[name], made)

    @contextmanager
    def _measure(self, name: str, event: Mapping[str, Any]) -> Iterator[None]:
        if tracemalloc.is_tracing() or not self.is_sampled(name, event):
            yield
            return
        tracemalloc.start()
        try:
            yield
        finally:
            self.peaks[name] = max(self.peaks[name], tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()


class World:
    """A deployed system that only moves when `tick` or `settle` is called, or somebody sleeps.

    `alarms` holds the functions' log records of tampering.
    """

    def __init__(self, stack: Stack, clock: Clock, network: Network) -> None:
        self.stack = stack
        self.clock = clock
        self.network = network
        self.books = Books()
        self.alarms: list[Mapping[str, Any]] = []
        self.errors: Counter[str] = Counter()
        self.functions = Functions(stack.functions, self._on_line, network, clock)
        self.api = Api(stack)
        self.api.runtime = self.functions
        self.commands: Counter[str] = Counter()
        self.sqs = self.make_client("sqs")
        streams = self.make_client("dynamodbstreams")
        self.queue_url = stack.resources["AuditQueue"]
        self.dead_letter_url = stack.resources["AuditDeadLetterQueue"]
        self._queue = [
            SqsPoller(replace(source, window_seconds=0), self.functions.invoke, self.sqs)
            for source in stack.queue_sources
        ]
        self._streams = [
            StreamPoller(
                replace(source, window_seconds=0), self.functions.invoke, streams, self.sqs
            )
            for source in stack.stream_sources
        ]
        self._next_timer = 0.0
        self._noted = 0
        self._read = 0
        self._forgotten = 0
        self._is_ticking = False
        self.queue_stalls_until = 0.0
        self.stream_stalls_until = 0.0
        urls = (self.queue_url, self.dead_letter_url)
        queue, dead_letters = (url.rpartition("/")[2] for url in urls)
        network.watch = lambda call, request, response: note(
            self.books, queue, dead_letters, call, request, response
        )
        clock.on_sleep = lambda _: self._on_sleep()

    def make_client(self, service: str) -> Any:
        """Return a client that nothing of the package has."""
        return Session().create_client(service)

    @property
    def table(self) -> Any:
        """The events' table, as moto keeps it."""
        backend: Any = dynamodb_backends[ACCOUNT_ID][REGION]
        return backend.tables[self.stack.resources["AuditEventsTable"]]

    @property
    def ledger(self) -> Any:
        """The ledger's table, as moto keeps it."""
        backend: Any = dynamodb_backends[ACCOUNT_ID][REGION]
        return backend.tables[self.stack.resources["AuditLedgerTable"]]

    # Sending

    def send(self, bodies: Sequence[str]) -> None:
        """Put messages on the queue. Try five times those that it does not confirm."""
        for start in range(0, len(bodies), MAX_ENTRIES):
            waiting = dict(enumerate(bodies[start : start + MAX_ENTRIES]))
            for _ in range(SEND_ATTEMPTS):
                waiting = self._send_batch(waiting)
                if not waiting:
                    break

    def _send_batch(self, bodies: Mapping[int, str]) -> dict[int, str]:
        """Send a batch once. Return the messages that were not confirmed."""
        entries = [{"Id": str(at), "MessageBody": body} for at, body in bodies.items()]
        try:
            with self.network.acting_as("producer"):
                response = self.sqs.send_message_batch(QueueUrl=self.queue_url, Entries=entries)
        except (BotoCoreError, ClientError):
            return dict(bodies)
        confirmed = {int(each["Id"]) for each in response.get("Successful", [])}
        return {at: body for at, body in bodies.items() if at not in confirmed}

    def submit(self, tenant_id: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Send events of a tenant through the HTTP API, as a caller with a token."""
        body = json.dumps({"events": events} if len(events) > 1 else events[0]).encode()
        claims = {"custom:tenantId": tenant_id, "sub": f"user of {tenant_id}"}
        try:
            self.api.post("/audit-logs", body, claims=claims)
        except FunctionError:
            self.errors["submit"] += 1

    # Time

    def tick(self, seconds: float = 1.0) -> None:
        """Let this time pass, and let every poller and schedule that is due work once."""
        self.clock.advance(seconds)
        self._is_ticking = True
        try:
            with self.network.acting_as("lambda"):
                if self.queue_stalls_until <= self.clock.monotonic():
                    self.poll_queue()
                if self.stream_stalls_until <= self.clock.monotonic():
                    self.poll_stream()
                if self.clock.monotonic() >= self._next_timer:
                    self._next_timer = self.clock.monotonic() + TIMER_SECONDS
                    self.publish()
        finally:
            self._is_ticking = False

    def _on_sleep(self) -> None:
        """Let the system go on while an operator's command sleeps."""
        if self.network.actor == "operator" and not self._is_ticking:
            self.tick(0)

    def poll_queue(self) -> int:
        """Let the processor handle one batch. Return the number of its messages."""
        try:
            return sum(poller.poll() for poller in self._queue)
        except (BotoCoreError, ClientError):
            return 1

    def poll_stream(self) -> int:
        """Let the ledger handle one batch of the stream. Return the number of its records."""
        self._note_changes()
        try:
            read = sum(poller.poll() for poller in self._streams)
        except (BotoCoreError, ClientError):
            return 1
        if not any(poller.is_waiting() for poller in self._streams):
            self._read += read
        return read

    def _note_changes(self) -> None:
        """Read the stream's new records, and forget those that the poller has read."""
        records = self.table.stream_shard.items
        for record in records[self._noted :]:
            self.books.note_change(record.record)
        self._noted = len(records)
        for position in range(self._forgotten, self._read - KEPT_RECORDS):
            records[position] = None  # moto would keep every image for ever
            self._forgotten = position + 1

    def publish(self) -> None:
        """Run the schedules."""
        for schedule in self.stack.schedules:
            try:
                self.functions.invoke(schedule.function, {})
            except FunctionError:
                self.errors[schedule.function] += 1

    def expire(self) -> int:
        """Remove what the retention has ended, as DynamoDB's time to live does. Return how many."""
        now = self.clock.now_ms() // 1000
        ended = [
            (hash_key, range_key)
            for hash_key, items in self.table.items.items()
            for range_key, item in items.items()
            if "expiresAt" in item.attrs and int(item.attrs["expiresAt"].value) < now
        ]
        for hash_key, range_key in ended:
            self.table.delete_item(hash_key, range_key)
            record = self.table.stream_shard.items[-1].record
            record["userIdentity"] = {
                "Type": "Service",
                "PrincipalId": "dynamodb.amazonaws.com",
            }
        return len(ended)

    def settle(self) -> bool:
        """Let everything that waits be done. Return whether it is."""
        quiet = 0
        for _ in range(MAX_SETTLING_ROUNDS):
            done = self.poll_queue() + self.poll_stream()
            waiting = any(poller.is_waiting() for poller in self._streams)
            empty = all(poller.is_empty() for poller in self._queue)
            quiet = 0 if done or waiting or not empty else quiet + 1
            if quiet == 2:
                self.publish()
                return True
            if not done:
                self.clock.advance(30)
        return False

    # Operating

    def command(self, *arguments: object) -> tuple[int, str]:
        """Run `prooftrail` as an operator does. Return its exit code and its output."""
        is_group = arguments[0] in {"verify", "dead-letters"}
        self.commands[" ".join(map(str, arguments[: 2 if is_group else 1]))] += 1
        with self.network.acting_as("operator"):
            result = prooftrail(*arguments)
        return result.exit_code, result.stdout

    def verify(self) -> tuple[int, dict[str, Any]]:
        """Verify the whole trail. Return the exit code and the JSON result."""
        code, output = self.command("verify", "trail", "--key", self.verifier_key, "--json")
        try:
            return code, json.loads(output)
        except ValueError:
            return code, {}

    @property
    def verifier_key(self) -> str:
        """The log's verifier key."""
        from tests.support.log_samples import make_verifier_key

        origin = self.stack.functions["CheckpointFunction"].environment["LOG_ORIGIN"]
        return str(make_verifier_key(origin, read_signing_key(self.stack)))

    @property
    def retries(self) -> int:
        """How often a message was delivered again."""
        return sum(poller.returned for poller in self._queue)

    def _on_line(self, function: str, line: str) -> None:
        try:
            record = json.loads(line)
        except ValueError:
            return
        if record.get("message") == "tampering":
            self.alarms.append(record)
        if "exception" in record:
            self.errors[f"{function}: {str(record['exception']).strip().splitlines()[-1]}"] += 1


@contextmanager
def run_world(parameters: Mapping[str, str] | None = None) -> Iterator[World]:
    """Deploy a fresh system in simulated time, and delete it after the block."""
    # The books hold what the scenario sent, and know no reads.
    chosen = {"RetentionDays": str(RETENTION_DAYS), "AuditReads": "false", **(parameters or {})}
    with (
        patch_moto(lambda seconds: time.sleep(seconds)),  # looked up each time: it is simulated
        simulate_time() as clock,
        deployed(chosen) as stack,
        run_network(clock) as network,
    ):
        world = World(stack, clock, network)
        yield world
        network.choose = lambda _: None
