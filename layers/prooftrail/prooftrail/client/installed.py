"""The logger that decorators use unless they are given one.

Decorators run at import, before an application is configured. So they look the logger up in each
call.
"""

from inspect import iscoroutinefunction
from typing import Protocol, Unpack

from prooftrail.client.fields import EventFields
from prooftrail.errors import ConfigurationError


class Recorder(Protocol):
    """Records audited operations, as `AuditLogger` does.

    It does not block or raise, unless it is configured to.
    """

    def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
    ) -> str:
        """Record one operation; return the event's id, or an empty text if it is refused."""
        ...


_installed: Recorder | None = None


def install(logger: Recorder | None) -> None:
    """Set the logger of this process; None removes it.

    Raises:
        ConfigurationError: `log` is a coroutine function, which `audited` does not await.
    """
    global _installed
    if iscoroutinefunction(getattr(logger, "log", None)):
        raise ConfigurationError(
            "install does not take an AsyncAuditLogger: pass the AuditLogger that it wraps"
        )
    _installed = logger


def get_installed() -> Recorder | None:
    """Return the logger of this process, or None before `install`."""
    return _installed
