"""Forks, and the end of a process."""

import atexit
import os
import sys
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar


class ProcessResource(Protocol):
    """An object with threads, locks and files, which a forked child cannot use."""

    @property
    def is_closed(self) -> bool:
        """Whether `close` was called."""
        ...

    @property
    def is_finished(self) -> bool:
        """Whether a call of `close` has ended: a fork no longer concerns the object."""
        ...

    def start(self) -> None:
        """Start the threads, if they do not run."""
        ...

    def before_fork(self) -> None:
        """Take the lock, so that no other thread is in the middle of a change."""
        ...

    def after_fork(self) -> None:
        """Release the lock, in the parent."""
        ...

    def abandon(self) -> None:
        """Close the parent's files in the child, and leave their content to the parent."""
        ...

    def close(self, timeout: float | None = None) -> bool:
        """Finish the work and stop; return whether all was done in time."""
        ...


T = TypeVar("T", bound=ProcessResource)


class ProcessLocal(Generic[T]):
    """One object for each process, as `threading.local` has one for each thread.

    `make` returns an object that has not started. A forked child gets a new one, which starts
    itself with its first use. An object is closed when its process ends.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._object = make()
        self._object.start()
        _open.add(self)

    def get(self) -> T:
        """Return the object of this process. Every use of it starts here."""
        return self._object

    def close(self, timeout: float | None = None) -> bool:
        """Close the object of this process; return what its `close` returns."""
        is_done = self._object.close(timeout)
        if self._object.is_finished:  # not yet, if another thread still closes it
            _open.discard(self)
        return is_done

    def _replace(self) -> None:
        """Give a forked child an object of its own."""
        old = self._object
        old.abandon()
        self._object = self._make()
        if old.is_closed:  # the parent forked while one of its threads closed it
            self._object.close(0)


_open: set[ProcessLocal[Any]] = set()
_forking: list[ProcessResource] = []  # `_fork_lock` owns it
_fork_lock = threading.Lock()  # two threads can fork at the same time


def _before_fork() -> None:
    _fork_lock.acquire()
    _forking.extend(local.get() for local in list(_open))
    for resource in _forking:
        resource.before_fork()


def _after_fork_in_parent() -> None:
    while _forking:
        _forking.pop().after_fork()
    _fork_lock.release()


def _after_fork_in_child() -> None:
    global _fork_lock  # its owner may not exist here; a fork in C has not taken it
    _forking.clear()
    _fork_lock = threading.Lock()
    for local in list(_open):
        local._replace()


def _close_all() -> None:
    for local in list(_open):
        local.close()


def close_at_worker_end() -> None:
    """Close everything at the end of a worker of multiprocessing, which does not run atexit."""
    process = sys.modules.get("multiprocessing.process")
    util = sys.modules.get("multiprocessing.util")
    if process is not None and util is not None and process.parent_process() is not None:
        util.Finalize(None, _close_all, exitpriority=0)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
atexit.register(_close_all)
