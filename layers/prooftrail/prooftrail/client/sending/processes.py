"""Forks, and the end of a process."""

import atexit
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Protocol, TypeVar

from prooftrail.client.sending import uwsgi


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

    def before_fork(self) -> None:
        """Take the lock, so that no other thread is in the middle of a change."""
        ...

    def after_fork(self) -> None:
        """Release the lock, in the parent."""
        ...

    def abandon(self) -> None:
        """Close the parent's files in the child, and leave their content to the parent.

        Take no lock: its owner may not exist in this process.
        """
        ...

    def send_now(self, seconds: float) -> None:
        """Do what can be done now, for at most `seconds`."""
        ...

    def close(self, timeout: float | None = None) -> bool:
        """Finish the work and stop; return whether all was done in time."""
        ...


BETWEEN_REQUESTS_SECONDS: Final = 1.0
SHUTDOWN_SECONDS: Final = 5.0
LEAST_SECONDS: Final = 0.1  # for each queue, also after one that took all the time

T = TypeVar("T", bound=ProcessResource)


class ProcessLocal(Generic[T]):
    """One object for each process, as `threading.local` has one for each thread.

    `make` is called at the first use in a process. Each use compares process ids, because Python
    does not see every fork: uWSGI and other programs in C fork on their own. No lock guards this,
    because its owner may not exist in a forked child. An object is closed when its process ends.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._objects: dict[int, T] = {}  # by process; each operation is atomic
        self._is_closed = False  # in a process before this one
        _open.add(self)

    def get(self) -> T:
        """Return the object of this process. Every use of it starts here."""
        found = self._objects.get(os.getpid())
        return self._add() if found is None else found

    def find(self) -> T | None:
        """Return the object of this process, or None before its first use."""
        return self._objects.get(os.getpid())

    def close(self, timeout: float | None = None) -> bool:
        """Close the object of this process; return what its `close` returns."""
        resource = self.get()
        is_done = resource.close(timeout)
        if resource.is_finished:  # not yet, if another thread still closes it
            _open.discard(self)
        return is_done

    def _add(self) -> T:
        made = self._make()
        found = self._objects.setdefault(os.getpid(), made)  # another thread can be faster
        if found is made:
            self.leave_parent()
            if self._is_closed:  # the parent forked after `close`, or while a thread closed it
                made.close(0)
        return found

    def leave_parent(self) -> None:
        """Forget the objects of other processes, whose child this one is."""
        for process in self._objects.keys() - {os.getpid()}:
            parents = self._objects.pop(process, None)
            if parents is not None:
                parents.abandon()
                self._is_closed |= parents.is_closed


@dataclass(slots=True)
class _Fork:
    """What a process holds while it forks. Two threads can fork at the same time."""

    lock: Any = field(default_factory=threading.Lock)
    resources: list[ProcessResource] = field(default_factory=list)  # `lock` owns it


_open: Final[set[ProcessLocal[Any]]] = set()
_forks: Final[dict[int, _Fork]] = {}  # by process: the lock's owner may not exist in a child


def iterate_used() -> Iterator[ProcessResource]:
    """Yield the objects that this process has used and not closed."""
    for local in list(_open):
        resource = local.find()
        if resource is not None:
            yield resource


def _before_fork() -> None:
    fork = _forks.setdefault(os.getpid(), _Fork())
    fork.lock.acquire()
    fork.resources.extend(iterate_used())
    for resource in fork.resources:
        resource.before_fork()


def _after_fork_in_parent() -> None:
    fork = _forks[os.getpid()]
    while fork.resources:
        fork.resources.pop().after_fork()
    fork.lock.release()


def _after_fork_in_child() -> None:
    for process in _forks.keys() - {os.getpid()}:
        _forks.pop(process)
    for local in list(_open):
        local.leave_parent()
    if _open:
        _close_at_celery_end()  # before the signal, in which the child can log its first event


def _close_all(**_: object) -> None:
    for local in list(_open):
        if local.find() is not None:
            local.close()


def close_at_worker_end() -> None:
    """Close everything at the end of a process that does not run atexit.

    These are the workers of multiprocessing, of billiard, which is Celery's, and of Celery's pool.
    """
    process, util = _find("multiprocessing.process"), _find("multiprocessing.util")
    if process and util and process.parent_process() is not None:
        util.Finalize(None, _close_all, exitpriority=0)
    process, util = _find("billiard.process"), _find("billiard.util")
    if process and util and process.current_process()._parent_pid is not None:
        util.Finalize(None, _close_all, exitpriority=0)
    _close_at_celery_end()


def _close_at_celery_end() -> None:
    """Make `_close_all` the last receiver of Celery's signal: others can log before it."""
    # A module without it is the application's own, or another thread is importing Celery's now.
    signal = getattr(_find("celery.signals"), "worker_process_shutdown", None)
    if signal is not None:
        signal.disconnect(dispatch_uid=__name__)
        signal.connect(_close_all, weak=False, dispatch_uid=__name__)


def _find(module: str) -> Any:
    """Return a module if something has imported it, else None."""
    return sys.modules.get(module)


def _send_between_requests() -> None:
    _send_now(BETWEEN_REQUESTS_SECONDS)


def send_at_shutdown() -> None:
    """Send what this process has accepted, in case a signal ends it before `_close_all`."""
    _send_now(SHUTDOWN_SECONDS)


def _send_now(seconds: float) -> None:
    end = time.monotonic() + seconds
    for resource in iterate_used():
        resource.send_now(max(end - time.monotonic(), LEAST_SECONDS))


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=_after_fork_in_parent,
        after_in_child=_after_fork_in_child,
    )
atexit.register(_close_all)
uwsgi.run_after_requests(_send_between_requests)
