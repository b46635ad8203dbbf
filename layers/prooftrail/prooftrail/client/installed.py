"""The logger that decorators use when they are given none.

Decorators run at import, before an application has configured anything, so they ask for it at
each call.
"""

from inspect import iscoroutinefunction
from typing import Protocol, Unpack

from prooftrail.client.fields import EventFields
from prooftrail.errors import ConfigurationError


class Recorder(Protocol):
    """Where an audited operation is recorded; `AuditLogger` is one.

    It neither blocks nor raises, unless it was configured to.
    """

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """Record one operation; the answer is the event's id, empty when it was refused."""
        ...


_installed: Recorder | None = None


def install(logger: Recorder | None) -> None:
    """Make this the process's logger; None takes it away.

    Raises:
        ConfigurationError: its `log` is a coroutine function, which nobody would await.
    """
    global _installed
    if iscoroutinefunction(getattr(logger, "log", None)):
        raise ConfigurationError("install the AuditLogger that the AsyncAuditLogger wraps")
    _installed = logger


def installed() -> Recorder | None:
    """The process's logger, None before `install`."""
    return _installed
