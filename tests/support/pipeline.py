"""Store, commit and publish events with the real handlers."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from local.runtime import Runtime
from local.template import Stack
from tests.support.samples import bulk_job, event_json, message, queue_event
from tests.support.trail import read_ledger, stream_records


class Pipeline:
    """The deployed functions from the queue to the checkpoint, invoked step by step."""

    def __init__(self, stack: Stack, runtime: Runtime) -> None:
        self._stack = stack
        self._runtime = runtime
        self._committed = 0
        self._numbers = count()

    def store(self, event: Mapping[str, Any]) -> None:
        """Invoke the processor with this Lambda event of the queue."""
        self._runtime.invoke("ProcessorFunction", event)

    def commit(self) -> None:
        """Invoke the ledger with the stream records since the last call."""
        records = stream_records(self._stack)[self._committed :]
        self._committed += len(records)
        if records:
            self._runtime.invoke("LedgerFunction", {"Records": records})

    def publish(self) -> None:
        """Publish a checkpoint."""
        self._runtime.invoke("CheckpointFunction", {})

    def grow(self, number: int, **fields: Any) -> None:
        """Store, commit and publish `number` more events."""
        events = [event_json(eventId=f"n-{self.next_number()}", **fields) for _ in range(number)]
        self.store(queue_event(message(bulk_job(*events))))
        self.commit()
        self.publish()

    def next_number(self) -> int:
        """Return a number that no event has yet."""
        return next(self._numbers)

    @property
    def entries(self) -> Sequence[bytes]:
        """The log's entries, read from the ledger's table."""
        return read_ledger(self._stack).logged
