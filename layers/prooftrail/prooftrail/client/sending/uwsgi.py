"""uWSGI, which runs threads and forks in ways of its own.

It forks its workers in C. Without `--py-call-uwsgi-fork-hooks` a thread that runs Python at that
moment keeps the interpreter's lock in the child for ever. So there is no thread before the fork.

Without `--enable-threads` the worker holds the interpreter's lock between requests, so no other
thread runs then. It does while `after_req_hook` waits, which uWSGI calls after a response.
"""

import sys
from collections.abc import Callable
from typing import Any, Final

_HOOK: Final = "after_req_hook"
_WITHOUT_THREADS: Final = (
    "uWSGI runs without threads: a worker sends events after its response to a request, and not "
    "between requests; set enable-threads"
)


def is_alone() -> bool:
    """Return whether this process of uWSGI has no thread beside the caller's.

    It loads the application and forks then, or it is a mule or a spooler without threads.
    """
    uwsgi = _find_uwsgi()
    if uwsgi is None or uwsgi.worker_id() > 0:
        return False
    is_helper = uwsgi.mule_id() > 0 or getattr(uwsgi, "i_am_the_spooler", bool)()
    return not (is_helper and uwsgi.has_threads)


def run_after_requests(work: Callable[[], None]) -> None:
    """Call `work` after each request, if this is a uWSGI without threads.

    uWSGI reads the hook when it has loaded the application. A hook that is there is called too.
    """
    uwsgi = _find_uwsgi()
    if uwsgi is None or uwsgi.has_threads:
        return
    first = getattr(uwsgi, _HOOK, None)

    def hook() -> None:
        try:
            if first is not None:
                first()
        finally:
            work()

    setattr(uwsgi, _HOOK, hook)


def find_warning() -> str | None:
    """Return what to tell the application's operator about this uWSGI, or None."""
    uwsgi = _find_uwsgi()
    return None if uwsgi is None or uwsgi.has_threads else _WITHOUT_THREADS


def _find_uwsgi() -> Any:
    """Return the module that uWSGI makes in its processes, or None."""
    return sys.modules.get("uwsgi")
