"""Streamed bodies that are made in the context of their request."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterable, Iterator
from typing import Generic, TypeVar

from prooftrail.client.context import CapturedContext

T = TypeVar("T")


class ContextStream(Generic[T]):
    """An iterator that runs its steps and its `close` in the context in which it was made."""

    def __init__(self, parts: Iterable[T]) -> None:
        self._context = CapturedContext()
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
        """Close the parts if they have `close`, as WSGI requires."""
        close = getattr(self._parts, "close", None)
        if close is not None:
            with self._context:
                close()


def stream_in_context(parts: AsyncIterable[T]) -> AsyncGenerator[T]:
    """Return an async iterator that runs its steps in the context of this call."""
    return _iterate(parts, CapturedContext())


async def _iterate(parts: AsyncIterable[T], context: CapturedContext) -> AsyncGenerator[T]:
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
