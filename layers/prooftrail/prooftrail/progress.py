"""The progress of a long run."""

from typing import Protocol


class Progress(Protocol):
    """Receives the progress of a run. A run has steps, one after the other."""

    def step(self, title: str, total: int | None) -> None:
        """Start a step of `total` entries or events, None if the number is not known."""

    def advance(self, count: int) -> None:
        """Add `count` to the entries or events of the step that are done."""


class NoProgress:
    """A `Progress` that shows nothing."""

    def step(self, title: str, total: int | None) -> None:
        """See `Progress.step`."""

    def advance(self, count: int) -> None:
        """See `Progress.advance`."""
