"""Simulated time: it stands still until somebody sleeps or moves it."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from types import FunctionType
from typing import Any
from unittest.mock import patch

import time_machine

START = datetime(2026, 1, 5, tzinfo=UTC)  # a Monday


class Clock:
    """The time of a simulation. `on_sleep` gets the seconds of each sleep that it replaces."""

    def __init__(self, traveller: time_machine.Traveller) -> None:
        self._traveller = traveller
        self._elapsed = 0.0
        self._skew = 0.0
        self.on_sleep: Callable[[float], None] = lambda _: None

    def now_ms(self) -> int:
        """Return the true time, in milliseconds since 1970."""
        return int((time.time() - self._skew) * 1000)

    def monotonic(self) -> float:
        """Return the seconds since the simulation began."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Let this time pass. A thread beside the main one cannot: it runs in real time."""
        if not is_main():
            return
        self._traveller.shift(seconds)
        self._elapsed += seconds

    def sleep(self, seconds: float) -> None:
        """Do what `time.sleep` does, in simulated time."""
        self.advance(seconds)
        self.on_sleep(seconds)

    @contextmanager
    def skewed(self, seconds: float) -> Iterator[None]:
        """Make the clock wrong by this much inside the block; a second skew replaces the first."""
        if not is_main():
            yield
            return
        before = self._set_skew(seconds)
        try:
            yield
        finally:
            self._set_skew(before)

    def _set_skew(self, seconds: float) -> float:
        before, self._skew = self._skew, seconds
        self._traveller.shift(seconds - before)
        return before


# A module that is imported during a simulation may keep these functions for good: they are the
# real ones again after it.
_real_sleep, _real_monotonic = time.sleep, time.monotonic
_running: list[Clock] = []


def _sleep(seconds: float) -> None:
    if _running and is_main():
        _running[-1].sleep(seconds)
    else:
        _real_sleep(seconds)


def _monotonic() -> float:
    return _running[-1].monotonic() if _running and is_main() else _real_monotonic()


@contextmanager
def simulate_time(start: datetime = START) -> Iterator[Clock]:
    """Replace the clocks and the sleep of this process's main thread inside the block."""
    with (
        time_machine.travel(start, tick=False) as traveller,
        patch.object(time, "sleep", _sleep),
        patch.object(time, "monotonic", _monotonic),
        _replace_defaults(_real_sleep, _sleep),
    ):
        _running.append(Clock(traveller))
        try:
            yield _running[-1]
        finally:
            _running.pop()


def is_main() -> bool:
    """Return whether this is the thread that the simulation runs in, not that of a library."""
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _replace_defaults(old: object, new: object) -> Iterator[None]:
    """Replace a default value of the package's functions, which bound it when they were defined."""
    changed: list[tuple[FunctionType, tuple[Any, ...]]] = []
    for function in _find_functions():
        defaults = function.__defaults__ or ()
        if any(value is old for value in defaults):
            changed.append((function, defaults))
            function.__defaults__ = tuple(new if value is old else value for value in defaults)
    try:
        yield
    finally:
        for function, defaults in changed:
            function.__defaults__ = defaults


def _find_functions() -> Iterator[FunctionType]:
    modules = [module for name, module in sys.modules.items() if name.startswith("prooftrail.")]
    for module in modules:
        for value in list(vars(module).values()):
            owned = vars(value).values() if isinstance(value, type) else (value,)
            yield from (each for each in owned if isinstance(each, FunctionType))
