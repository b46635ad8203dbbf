"""What the threads that use a sender share, and its locks."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, eq=False)
class SharedState:
    """A sender's locks, conditions and flags.

    There are two locks, taken in this order:

    - `lock` owns all that changes: these flags and the outbox. It is reentrant, because a signal
      handler or `__del__` that logs an event can interrupt its own thread at any line, also where
      that holds the lock.
    - `changing` is held while something changes. Code that has `lock` and finds `changing` locked
      has interrupted a change of its own thread, and must not touch what is half changed.

    Neither is held during a call to the queue, a read or fsync of the spool, a log call, or the
    start of a thread.
    """

    lock: Any = field(default_factory=threading.RLock)
    changing: threading.Lock = field(default_factory=threading.Lock)
    has_work: threading.Condition = field(init=False)  # the thread that works waits for it
    has_progress: threading.Condition = field(init=False)  # all others wait for it

    is_open: bool = False  # the spool is
    is_working: bool = False  # a step runs, without the locks
    is_stuck: bool = False  # that step took longer than `Sender.send_now` waits
    flush_calls: int = 0  # that wait now
    is_closed: bool = False
    is_finished: bool = False  # `close` has ended
    close_by: float = 0.0  # when `close` stops waiting
    left: int = 0  # events that were not in the queue then

    def __post_init__(self) -> None:
        self.has_work = threading.Condition(self.lock)
        self.has_progress = threading.Condition(self.lock)

    @property
    def is_urgent(self) -> bool:
        """Whether new events are sent at once."""
        return self.is_closed or self.flush_calls > 0
