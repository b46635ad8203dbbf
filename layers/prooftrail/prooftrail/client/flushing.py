"""Sends all events at the end of a block or of a decorated function of any kind."""

import asyncio
import logging
from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

from prooftrail.client.wrapping import Block, wrap

P = ParamSpec("P")
R = TypeVar("R")
L = TypeVar("L")

_log = logging.getLogger("prooftrail.client")


class Flushing(Generic[L]):
    """A context manager for `with` and `async with`, and a decorator, that flushes at its end.

    It decorates functions, coroutine functions and generators of both kinds: the events of the
    whole call are sent after it. In a coroutine another thread waits, not the event loop.
    """

    def __init__(
        self, logger: L, flush: Callable[[float | None], bool], timeout: float | None
    ) -> None:
        self._logger = logger
        self._flush = flush
        self._timeout = timeout

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return the function with a flush after each call."""
        return wrap(function, lambda _args, _kwargs: _FlushedCall(self.run))

    def run(self) -> None:
        """Send the events; log a warning if they are not in the queue in time."""
        if not self._flush(self._timeout):
            _log.warning("flush: not all events were in the queue after %s s", self._timeout)

    def __enter__(self) -> L:
        return self._logger

    def __exit__(self, *_: object) -> None:
        self.run()

    async def __aenter__(self) -> L:
        return self._logger

    async def __aexit__(self, *_: object) -> None:
        await run_in_thread(self.run)


class _FlushedCall(Block):
    """One call of a decorated function."""

    def __init__(self, flush: Callable[[], None]) -> None:
        self._flush = flush

    def __exit__(self, *_: object) -> None:
        self._flush()

    async def __aexit__(self, *_: object) -> None:
        await run_in_thread(self._flush)


async def run_in_thread(flush: Callable[[], None]) -> None:
    """Wait for `flush` without blocking asyncio's event loop."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:  # another event loop, such as Trio's, which has to wait
        flush()
    else:
        await asyncio.to_thread(flush)
