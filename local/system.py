"""The running system: endpoint, stack, functions, pollers, API."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from local import api, endpoint
from local.metrics import MetricSink, decode_line
from local.runtime import ACCOUNT_ID, Runtime, set_aws_environment, set_function_environment
from local.scheduler import Scheduler
from local.sqs_poller import SqsPoller
from local.stream_poller import StreamPoller
from local.template import Stack, complete_stack, create_stack
from prooftrail.aws.signers import open_signer

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

IDLE_SECONDS = 0.2
STACK_NAME = "audit-log"

LogSink = Callable[[str, Mapping[str, Any]], None]


class NotSettledError(Exception):
    """A queue or a stream is not empty after the timeout."""


@dataclass(frozen=True, slots=True)
class System:
    """A running system. `endpoint_url` serves AWS, `api_url` the REST API."""

    stack: Stack
    runtime: Runtime
    endpoint_url: str
    api_url: str
    faults: endpoint.Faults
    sqs: "SQSClient"
    queue_pollers: tuple[SqsPoller, ...]
    stream_pollers: tuple[StreamPoller, ...]
    schedulers: tuple[Scheduler, ...]
    on_log: LogSink

    @property
    def queue_url(self) -> str:
        """The URL of the audit queue at this endpoint."""
        name = self.stack.resources["AuditQueue"].rpartition("/")[2]
        return f"{self.endpoint_url}/{ACCOUNT_ID}/{name}"

    @property
    def verifier_key(self) -> str:
        """The key that verifies the checkpoints of the log."""
        variables = self.stack.functions["CheckpointFunction"].environment
        signer = open_signer(variables["SIGNING_KEY"])
        return str(signer.read_verifier_key(variables["LOG_ORIGIN"]))

    def settle(self, timeout_seconds: float) -> None:
        """Poll until every message and every stream record is processed.

        Raises:
            NotSettledError: it took longer than `timeout_seconds`.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._run_pollers(self.queue_pollers):
            while not self._is_settled():
                if time.monotonic() > deadline:
                    raise NotSettledError(
                        f"a queue or a stream is not empty after {timeout_seconds} s"
                    )
                time.sleep(IDLE_SECONDS)

    def _is_settled(self) -> bool:
        # The queue first: a message that has left the queue has its record in the stream by then.
        is_queue_empty = all(poller.is_empty() for poller in self.queue_pollers)
        records = sum(poller.poll() for poller in self.stream_pollers)
        is_waiting = any(poller.is_waiting() for poller in self.stream_pollers)
        return is_queue_empty and not records and not is_waiting

    @contextmanager
    def auditing_reads(self) -> Iterator[None]:
        """Audit the reads of the block, as in a stack with AuditReads=true."""
        before = os.environ["AUDIT_READS"]
        try:
            os.environ["AUDIT_READS"] = "true"
            self.runtime.restart()
            yield
        finally:
            os.environ["AUDIT_READS"] = before
            self.runtime.restart()

    def run_schedules(self) -> None:
        """Invoke the scheduled functions now.

        Raises:
            FunctionError: a function failed.
        """
        for scheduler in self.schedulers:
            scheduler.run()

    def run_pollers(self) -> AbstractContextManager[None]:
        """Poll each source and schedule in its own thread inside the block."""
        return self._run_pollers([*self.queue_pollers, *self.stream_pollers, *self.schedulers])

    @contextmanager
    def _run_pollers(
        self, pollers: Sequence[SqsPoller | StreamPoller | Scheduler]
    ) -> Iterator[None]:
        stopped = threading.Event()

        def run(poller: SqsPoller | StreamPoller | Scheduler) -> None:
            while not stopped.is_set():
                try:
                    count = poller.poll()
                except (BotoCoreError, ClientError) as error:
                    warning = {
                        "level": "WARNING",
                        "message": f"polling failed and will be retried: {error}",
                    }
                    self.on_log(type(poller).__name__, warning)
                    count = 0
                if not count:
                    stopped.wait(IDLE_SECONDS)

        threads = [threading.Thread(target=run, args=(poller,)) for poller in pollers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stopped.set()
            for thread in threads:
                thread.join()


@contextmanager
def run_system(
    *,
    host: str = "127.0.0.1",
    aws_port: int = 0,
    api_port: int = 0,
    parameters: Mapping[str, str] | None = None,
    on_log: LogSink = lambda _name, _record: None,
) -> Iterator[System]:
    """Start an empty system, and stop and delete it after the block.

    Port 0 selects a free port. `on_log` gets the log records of the functions. Inside the block,
    the process has the environment of the functions.

    Raises:
        OSError: a port is in use.
    """
    faults = endpoint.Faults()
    with ExitStack() as stack:
        aws_port = stack.enter_context(endpoint.serve_aws(host, aws_port, faults))
        endpoint_url = f"http://127.0.0.1:{aws_port}"
        stack.enter_context(set_aws_environment(endpoint_url))
        with endpoint.repeat_names():
            created = create_stack(parameters, name=STACK_NAME)
            complete_stack(created.resources)
        stack.enter_context(set_function_environment(created.functions))
        session = Session()
        sink = MetricSink(_make_client(session, "cloudwatch"))

        def on_line(name: str, line: str) -> None:
            record = decode_line(line)
            sink.put(record) if "_aws" in record else on_log(name, record)

        runtime = Runtime(created.functions, on_line)
        sqs: SQSClient = _make_client(session, "sqs")
        api_port = stack.enter_context(
            api.serve_api(host, api_port, created.routes, created.stage, runtime.invoke, STACK_NAME)
        )
        yield System(
            stack=created,
            runtime=runtime,
            endpoint_url=endpoint_url,
            api_url=f"http://127.0.0.1:{api_port}",
            faults=faults,
            sqs=sqs,
            queue_pollers=tuple(
                SqsPoller(source, runtime.invoke, sqs) for source in created.queue_sources
            ),
            stream_pollers=tuple(
                StreamPoller(source, runtime.invoke, _make_client(session, "dynamodbstreams"), sqs)
                for source in created.stream_sources
            ),
            schedulers=tuple(Scheduler(schedule, runtime.invoke) for schedule in created.schedules),
            on_log=on_log,
        )


def _make_client(session: Session, service: str) -> Any:
    return session.create_client(service, config=Config(retries={"total_max_attempts": 3}))
