"""A recorder that keeps its events, as strict as the real one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

from pydantic.alias_generators import to_camel

from prooftrail.client import install
from prooftrail.client.context import add_context
from prooftrail.client.fields import EventFields
from prooftrail.client.masking import Masking
from tests.support.samples import make_audit_event


class Recording:
    """`Recorder` in memory: adds the context, masks, validates and keeps each event."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.events: list[dict[str, Any]] = []
        self._fault = fault

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """See `Recorder.log`."""
        if self._fault is not None:
            raise self._fault
        named = {"action": action, "resource_type": resource_type, "resource_id": resource_id}
        raw = {to_camel(name): value for name, value in add_context({**fields, **named}).items()}
        event = make_audit_event(Masking().mask_event(raw)).to_json()
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
