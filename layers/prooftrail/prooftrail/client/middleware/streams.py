"""Streamed bodies, produced within the context of their request."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from typing import Generic, TypeVar

from prooftrail.client.context import HeldContext

T = TypeVar("T")


class HeldStream(Generic[T]):
    """An iterator whose steps, and its `close`, run in the context that it was made in."""

    def __init__(self, parts: Iterable[T]) -> None:
        self._context = HeldContext()
        self._parts = parts
        self._iterator: Iterator[T] | None = None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._context:
            if self._iterator is None:
                self._iterator = iter(self._parts)
            return next(self._iterator)

    def close(self) -> None:
        """Close the parts, when they can be closed (WSGI asks for it)."""
        close = getattr(self._parts, "close", None)
        if close is not None:
            with self._context:
                close()


def held_stream(parts: AsyncIterable[T]) -> AsyncGenerator[T]:
    """An async iterator whose steps run in the context that it was made in."""
    return _steps(parts, HeldContext())


async def _steps(parts: AsyncIterable[T], context: HeldContext) -> AsyncGenerator[T]:
    iterator = aiter(parts)
    try:
        while True:
            with context:
                try:
                    part = await anext(iterator)
                except StopAsyncIteration:
                    return
            yield part
    finally:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            with context:
                await close()
