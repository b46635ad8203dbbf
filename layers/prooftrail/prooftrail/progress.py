"""How a long run tells how far it is."""

from typing import Protocol


class Progress(Protocol):
    """Told how far a verification is."""

    def step(self, title: str, total: int | None) -> None:
        """A part begins, of so many entries or events, None if that is not known."""

    def advance(self, count: int) -> None:
        """So many more are done."""


class NoProgress:
    """`Progress` of which nothing is shown."""

    def step(self, title: str, total: int | None) -> None:
        """See `Progress.step`."""

    def advance(self, count: int) -> None:
        """See `Progress.advance`."""
