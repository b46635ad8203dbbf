"""Dropped events: their number, the reasons and the time."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from prooftrail.event.times import now_ms


@dataclass(frozen=True, slots=True)
class Dropped:
    """The events dropped in a period: numbers by reason, first and last time (ms since 1970)."""

    reasons: Mapping[str, int]
    first_ms: int
    last_ms: int

    @property
    def count(self) -> int:
        """The number of events."""
        return sum(self.reasons.values())


class DropCounter:
    """Counts dropped events until they are reported. Not thread-safe: the sender holds a lock."""

    def __init__(self) -> None:
        self.total = 0
        self._reasons: Counter[str] = Counter()  # not yet reported
        self._first_ms = 0
        self._last_ms = 0

    def add(self, reason: str, count: int = 1) -> None:
        """Count dropped events."""
        self._last_ms = now_ms()
        if not self._reasons:
            self._first_ms = self._last_ms
        self._reasons[reason] += count
        self.total += count

    def take(self) -> Dropped | None:
        """Return what is not yet reported, and count from zero; None if there is nothing."""
        if not self._reasons:
            return None
        dropped = Dropped(dict(self._reasons), self._first_ms, self._last_ms)
        self._reasons.clear()
        return dropped
