"""A fault of the processor itself, at one event."""

from typing import Any

import pytest

from prooftrail.event.model import AuditEvent


def fail_at_poison(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the processor fail at events with the resourceId `poison`."""
    read = AuditEvent.from_json

    def fail(raw: Any, **defaults: Any) -> AuditEvent:
        if raw.get("resourceId") == "poison":
            raise OverflowError("of a value in the event")
        return read(raw, **defaults)

    monkeypatch.setattr(AuditEvent, "from_json", fail)
