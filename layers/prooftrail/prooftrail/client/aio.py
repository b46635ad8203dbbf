"""The logger for asyncio: the same core, and nothing that holds up the event loop."""

import asyncio
from types import TracebackType
from typing import Any, Self, Unpack

from prooftrail.client.delivery import Delivery
from prooftrail.client.fields import EventFields
from prooftrail.client.logger import AuditLogger, failed
from prooftrail.intake.packing import MAX_MESSAGE_BYTES


class AsyncAuditLogger:
    """`AuditLogger` for coroutines; takes the same arguments, or wraps one that is there.

    Only `on_outage="block"` can have to wait; a thread does that then.
    """

    def __init__(self, logger: AuditLogger | str | None = None, **options: Any) -> None:
        if isinstance(logger, AuditLogger):
            self._logger = logger
        elif logger is None:
            self._logger = AuditLogger(**options)
        else:
            self._logger = AuditLogger(logger, **options)

    async def log(
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
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
        self, *, action: str, resource_type: str, resource_id: str, **fields: Unpack[EventFields]
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
        resource_id: str,
        error: BaseException | str | None = None,
        **fields: Unpack[EventFields],
    ) -> str:
        """See `AuditLogger.log_failure`."""
        return await self.log(
            action=action,
            resource_type=resource_type,
            resource_id=resource_id,
            **failed(fields, error),
        )

    async def flush(self, timeout: float | None = None) -> bool:
        """See `AuditLogger.flush`."""
        return await asyncio.to_thread(self._logger.flush, timeout)

    async def close(self, timeout: float | None = None) -> bool:
        """See `AuditLogger.close`."""
        return await asyncio.to_thread(self._logger.close, timeout)

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
