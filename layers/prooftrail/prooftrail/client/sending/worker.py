"""The thread that does a sender's work, or the caller that does it instead."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

START_SECONDS: Final = 1.0


class Worker:
    """Lets one thread at a time run `work`, which returns when there is nothing left to do.

    No method waits for a lock, so a signal handler can call all of them. `start` is called without
    the locks that `work` takes: under gevent the thread is a greenlet, which can run, and wait for
    these locks, before `start` returns.
    """

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._working = threading.Lock()  # held by the thread that works
        self._starting = threading.Lock()  # held by the thread that starts another

    @property
    def is_running(self) -> bool:
        """Whether a thread works."""
        return self._working.locked()

    def start(self) -> None:
        """Start a thread, unless one works. If that is not possible any more, do nothing."""
        if self.is_running or not self._starting.acquire(blocking=False):
            return
        try:
            is_working = threading.Event()
            thread = threading.Thread(
                target=self._run, args=(is_working,), name="prooftrail-sender", daemon=True
            )
            with suppress(RuntimeError):  # the interpreter is shutting down
                thread.start()
                is_working.wait(START_SECONDS)
        finally:
            self._starting.release()

    def _run(self, is_working: threading.Event) -> None:
        with self.claim() as is_claimed:
            is_working.set()
            if is_claimed:
                self._work()

    @contextmanager
    def claim(self) -> Iterator[bool]:
        """Return a context manager that is True if the caller is the one that works inside it."""
        is_claimed = self._working.acquire(blocking=False)
        try:
            yield is_claimed
        finally:
            if is_claimed:
                self._working.release()
