"""The logger for asyncio, which does not block the event loop."""

import asyncio
from types import TracebackType
from typing import Any, Self, Unpack

from prooftrail.client.fields import EventFields, Identifier
from prooftrail.client.flushing import Flushing
from prooftrail.client.logger import AuditLogger, add_failure
from prooftrail.client.sending.delivery import Delivery
from prooftrail.errors import ConfigurationError
from prooftrail.intake.packing import MAX_MESSAGE_BYTES


class AsyncAuditLogger:
    """`AuditLogger` for coroutines. Takes the same arguments, or an `AuditLogger` to wrap.

    Only with `on_outage="block"` can `log` have to wait. It then waits in another thread.

    Raises:
        ConfigurationError: See `AuditLogger`, or there are options beside an `AuditLogger`.
    """

    def __init__(self, logger: AuditLogger | str | None = None, **options: Any) -> None:
        if isinstance(logger, AuditLogger):
            if options:
                raise ConfigurationError(
                    "AsyncAuditLogger takes a logger or options, not both: pass "
                    f"{', '.join(sorted(options))} to the AuditLogger"
                )
            self._logger = logger
        elif logger is None:
            self._logger = AuditLogger(**options)
        else:
            self._logger = AuditLogger(logger, **options)

    async def log(
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: Identifier,
        **fields: Unpack[EventFields],
    ) -> str:
        """See `AuditLogger.log`."""
        if self._logger.must_wait(MAX_MESSAGE_BYTES):
            return await asyncio.to_thread(
                self._logger.log,
                action=action,
                resource_type=resource_type,
                resource_id=resource_id,
                **fields,
            )
        return self._logger.log(
            action=action, resource_type=resource_type, resource_id=resource_id, **fields
        )

    async def log_success(
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: Identifier,
        **fields: Unpack[EventFields],
    ) -> str:
        """See `AuditLogger.log_success`."""
        fields["success"] = True
        return await self.log(
            action=action, resource_type=resource_type, resource_id=resource_id, **fields
        )

    async def log_failure(
        self,
        *,
        action: str,
        resource_type: str,
        resource_id: Identifier,
        error: BaseException | str | None = None,
        **fields: Unpack[EventFields],
    ) -> str:
        """See `AuditLogger.log_failure`."""
        return await self.log(
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            **add_failure(fields, error),
        )

    async def flush(self, timeout: float | None = None) -> bool:
        """See `AuditLogger.flush`."""
        return await asyncio.to_thread(self._logger.flush, timeout)

    async def close(self, timeout: float | None = None) -> bool:
        """See `AuditLogger.close`."""
        return await asyncio.to_thread(self._logger.close, timeout)

    def flushing(self, timeout: float | None = None) -> Flushing[Self]:
        """See `AuditLogger.flushing`; use it with `async with`, or as a decorator."""
        return Flushing(self, self._logger.flush, timeout)

    @property
    def invalid(self) -> int:
        """See `AuditLogger.invalid`."""
        return self._logger.invalid

    @property
    def fitted(self) -> int:
        """See `AuditLogger.fitted`."""
        return self._logger.fitted

    @property
    def delivery(self) -> Delivery:
        """See `AuditLogger.delivery`."""
        return self._logger.delivery

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
