"""The work of a sender, step by step. One thread at a time does it, see `Worker`."""

import logging
import math
import time
from collections.abc import Callable, Sized
from contextlib import suppress
from typing import Final

from prooftrail.client.sending.outbox import Outbox
from prooftrail.client.sending.shared import SharedState

FAULT_SECONDS: Final = 0.2

_log = logging.getLogger("prooftrail.client")


class Steps:
    """Does what an outbox has to do, and waits for more.

    `end_change` is called after each step, without the locks. It accepts the `deferred` events.
    """

    def __init__(
        self,
        shared: SharedState,
        outbox: Outbox,
        deferred: Sized,
        end_change: Callable[[], None],
        *,
        now: Callable[[], float],
    ) -> None:
        self._shared = shared
        self._outbox = outbox
        self._deferred = deferred
        self._end_change = end_change
        self._now = now

    def run(self) -> None:
        """Work until the sender is closed."""
        while self._do_next(math.inf):
            pass

    def run_until(self, is_reached: Callable[[], bool], end: float) -> None:
        """Work until the condition is reached, until `end` or until the sender is closed."""
        while True:
            with self._shared.lock:
                if is_reached() or self._now() >= end:
                    return
            if not self._do_next(end):
                return

    def has_paused(self) -> bool:
        """Return whether there is nothing to do before a time to come. Needs the lock."""
        now = self._now()
        return not self._shared.is_working and self._outbox.next_due(now, is_urgent=True) > now

    def _do_next(self, end: float) -> bool:
        """Do the next step, or wait for one until `end`. Return False if none will come."""
        shared = self._shared
        try:
            with shared.lock:
                now = self._now()
                if shared.is_closed and self._is_over(now):
                    return False
                with shared.changing:
                    step = self._outbox.next_step(now, is_urgent=shared.is_urgent)
                    shared.is_working = step is not None
                if step is None:
                    if not self._deferred:
                        self._sleep(now, end)
                    return True
            finish = step()
            with shared.lock, shared.changing:
                try:
                    has_sent = finish()
                    if has_sent and not (shared.is_closed and self._now() >= shared.close_by):
                        self._outbox.report_drops()
                finally:  # a fault must not leave `flush` waiting for what was delivered
                    shared.is_working = shared.is_stuck = False
                    shared.has_progress.notify_all()
        except Exception:  # noqa: BLE001  # a fault of ours must not end the thread
            with suppress(Exception):
                _log.exception("the sender failed, and continues")
            time.sleep(FAULT_SECONDS)
        finally:
            self._end_change()
        return True

    def _is_over(self, now: float) -> bool:
        return now >= self._shared.close_by or self._outbox.counts.is_all_delivered

    def _sleep(self, now: float, end: float) -> None:
        shared = self._shared
        until = min(end, self._outbox.next_due(now, is_urgent=shared.is_urgent))
        if shared.is_closed:
            until = min(until, shared.close_by)
        shared.has_work.wait(max(until - now, 0.001))
