"""A recorder that keeps its events, in the form in which the real one sends them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

from prooftrail.client import install
from prooftrail.client.context import add_context
from prooftrail.client.fields import EventFields
from prooftrail.client.values.encoding import EventEncoder
from prooftrail.client.values.masking import Masking
from prooftrail.client.values.report import FittingReport
from prooftrail.event.keys import DEFAULT_TENANT
from tests.support.samples import NOW_MS


class Recording:
    """`Recorder` in memory: adds the context, masks, fits and keeps each event."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self._fault = fault
        self._encoder = EventEncoder(DEFAULT_TENANT, Masking(), lambda: NOW_MS, lambda: "e-1")

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """See `Recorder.log`."""
        if self._fault is not None:
            raise self._fault
        named = {"action": action, "resource_type": resource_type, "resource_id": resource_id}
        encoded = self._encoder.encode_fitted(add_context({**fields, **named}), FittingReport())
        event = json.loads(encoded.text)
        self.events.append({k: v for k, v in event.items() if k not in _FILLED_IN})
        return f"id-{len(self.events)}"


_FILLED_IN = ("eventId", "timestamp", "v")


@contextmanager
def recording(fault: Exception | None = None) -> Iterator[Recording]:
    """Install a recorder for the duration of the block."""
    recorder = Recording(fault)
    install(recorder)
    try:
        yield recorder
    finally:
        install(None)
